"""What a session decides carries its session, its figures and every dissent; a reduction lacks its sheet until it is whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from rcs_core.workshop.decide import Decisions
from rcs_core.workshop.decide.lists import said_against
from rcs_core.workshop.decide.parts import UNNAMED
from rcs_core.workshop.meeting import By, Meeting, ballots, decided
from rcs_core.workshop.meeting.ballot_contract import OTHERS, rule
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.decision_cases import CUT, GROWTH, SHEET

ADA = By("Ada")


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting.of(Store.open(tmp_path / "store.sqlite"), "s1")


def test_a_decision_of_a_session_cites_it_with_release_and_version_and_others_are_not_listed(meeting: Meeting) -> None:
    Decisions(meeting.store).record(GROWTH, "Before")
    Decisions(meeting.store, "s2").record(GROWTH, "Elsewhere")
    mine = Decisions(meeting.store, "s1").record(replace(CUT, safety=SHEET), "Ada")
    (found,) = decided.here(meeting)
    assert (found.id, found.session_id) == (mine.id, "s1")
    (event,) = meeting.events(EventKind.DECISION_RECORDED)
    assert (event.release_id, event.scenario_id, event.body["release_hash"]) == (
        "608f4ae021f4",
        "our-plan-1a2b3c",
        CUT.release_hash,
    )
    assert (found.scenario, found.version) == ("our-plan-1a2b3c.2", 1)
    Decisions(meeting.store, "s1").undo(mine.id, "Ada")
    assert decided.here(meeting) == []


def test_the_list_says_whether_the_sheet_is_whole_and_what_is_lacking(meeting: Meeting) -> None:
    kept = Decisions(meeting.store, "s1")
    for draft in (GROWTH, CUT, replace(CUT, safety=SHEET)):
        kept.record(draft, "Ada")
    rows = decided.table(decided.here(meeting))
    assert rows["Safety sheet"].map(lambda said: said.split()[0]).tolist() == ["None", "Lacks", "Whole"]
    assert rows["Standing"].tolist() == ["Agreed", "Proposal", "Agreed"]
    assert set(rows["Figures of release"]) == {"608f4ae021f4, version 1"}
    lead, words = decided.spoken(decided.here(meeting)[1], frozenset())
    assert (lead, "who loses" in words) == ("D2. A proposal", True)


def test_on_the_big_screen_no_sum_of_a_bought_service_is_told(meeting: Meeting) -> None:
    Decisions(meeting.store, "s1").record(replace(CUT, title="Close it, £1,234.50 a year"), "Ada")
    (found,) = decided.here(meeting)
    assert "£1,234.50" in decided.spoken(found, frozenset())[1]
    for veil in (frozenset({"S001"}), frozenset({"S002"})):
        assert "1,234" not in " ".join(decided.spoken(found, veil))
        assert "1,234" not in decided.proposal(found, True, veil).options[0].text


@pytest.mark.parametrize("named", [True, False])
def test_every_vote_against_is_offered_as_dissent_with_its_words_and_none_is_lost(meeting: Meeting, named: bool) -> None:
    found = Decisions(meeting.store, "s1").record(GROWTH, "Ada")
    steps, words = [8, 7, 6, 5, 1], {0: "Not like this.", 3: "I stand aside."}
    vote = ballots.open_ballot(meeting, decided.proposal(found, named), ADA)
    for k, step in enumerate(steps):
        body = {"ballot": vote.id, "given": {"a": step}, "words": {"a": words[k]} if k in words else {}}
        who = By(f"P{k}", "nhs_board", f"p{k}") if named else By("", OTHERS)
        meeting.add(EventKind.VOTE_CAST, body if named else body | {"token": f"t{k}"}, who)
    assert decided.voices(meeting, found) == ()
    ballots.close(meeting, vote.id, ADA)
    against = sum(step >= rule("dissent_from") for step in steps)
    new = decided.voices(meeting, found)
    assert [text for text in words.values() if text in {one.words for one in new}] == ["Not like this."]
    if named:
        assert [one.who for one in new] == ["P0", "P1", "P2"]
        assert len(new) == against
    else:
        assert {one.who for one in new} == {UNNAMED}
        assert any(f"{against - 1} votes against it" in one.words for one in new)
    kept = decided.keep_voices(meeting, found, "Ada")
    assert kept.dissent == (*GROWTH.dissent, *new)
    assert decided.voices(meeting, kept) == ()
    assert any("Not like this." in line for line in said_against(kept))
    later = Decisions(meeting.store).record(replace(GROWTH, id=found.id, dissent=()), "Ben")
    assert set(new) <= set(later.dissent)


def test_the_body_of_the_session_comes_first_and_an_interest_stands_beside_what_it_touches(meeting: Meeting) -> None:
    bodies = {"nhs_board": "The board", "council_education": "Education committee", "fire": ""}
    assert decided.bodies_for(bodies, ["council_education", "fire"]) == ["Education committee", "The board"]
    body = {"name": "Bo", "agency": "third_sector", "what": "Runs it", "services": ["S003"], "purses": []}
    meeting.add(EventKind.INTEREST_DECLARED, body, ADA)
    meeting.add(EventKind.INTEREST_DECLARED, {**body, "name": "Cy", "what": "Sits on the board", "services": []}, ADA)
    assert [one.name for one in decided.touched(meeting.events(), GROWTH.service_ids, [])] == ["Bo", "Cy"]
    assert [one.name for one in decided.touched(meeting.events(), CUT.service_ids, [])] == ["Cy"]
