"""What a room decides is only ever added to; a reduction is agreed only with a whole safety sheet."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.workshop.decide import Assessment, AssessmentKind, Decisions, Dissent, Draft, Money, SafetySheet, Verdict
from rcs_core.workshop.decide.decision import DecisionError
from rcs_core.workshop.store import Event, EventKind, Store
from tests.workshop.decision_cases import CUT, GROWTH, SHEET


@pytest.fixture
def kept(tmp_path: Path) -> Decisions:
    return Decisions(Store.open(tmp_path / "store.sqlite"))


def test_a_decision_comes_back_as_it_was_recorded_with_who_and_when(kept: Decisions) -> None:
    found = kept.record(replace(CUT, safety=SHEET), " Ada  Lund ", "nhs_board")
    assert {name: getattr(found, name) for name in Draft.__dataclass_fields__} == {
        name: getattr(replace(CUT, safety=SHEET, id="D1"), name) for name in Draft.__dataclass_fields__
    }
    assert (found.version, found.author, found.agency, found.standing) == (1, "Ada Lund", "nhs_board", "agreed")
    assert found.at.endswith("+00:00")
    assert kept.current() == kept.history("D1") == [found]


def test_a_further_version_stands_and_what_was_said_against_it_is_never_written_over(kept: Decisions) -> None:
    first = kept.record(GROWTH, "Ada")
    later = replace(GROWTH, id=first.id, title="Family support grows slowly", dissent=(Dissent("fire", "Bo", "No."),))
    second = kept.record(later, "Ben")
    assert [d.title for d in kept.current()] == ["Family support grows slowly"]
    assert second.dissent == (*GROWTH.dissent, Dissent("fire", "Bo", "No."))
    assert [(d.version, d.author) for d in kept.history(first.id)] == [(1, "Ada"), (2, "Ben")]


def test_undo_is_a_new_event_after_which_the_version_before_stands_again(kept: Decisions) -> None:
    first = kept.record(GROWTH, "Ada")
    kept.record(replace(GROWTH, id=first.id, title="Changed"), "Ben")
    assert kept.undo(first.id, "Cy", 2, "Typed wrongly") == first
    assert kept.undo(first.id, "Cy") is None
    assert kept.current() == []
    assert [d.undone.partition(",")[0] for d in kept.history(first.id)] == ["Cy", "Cy"]
    assert [(h.author, h.version, h.undone, h.why) for h in kept.happened(first.id)] == [
        ("Ada", 1, False, ""), ("Ben", 2, False, ""), ("Cy", 2, True, "Typed wrongly"), ("Cy", 1, True, ""),
    ]  # fmt: skip
    again = kept.record(replace(GROWTH, id=first.id), "Ada")
    assert (again.version, kept.record(GROWTH, "Ada").id) == (3, "D2")


def test_nobody_takes_back_a_version_that_was_not_on_his_screen(kept: Decisions) -> None:
    first = kept.record(GROWTH, "Ada")
    kept.record(replace(GROWTH, id=first.id, based_on=1), "Ben")
    with pytest.raises(DecisionError, match="another version stands by now"):
        kept.undo(first.id, "Ada", 1)
    third = kept.record(replace(GROWTH, id=first.id, based_on=1), "Cy")
    assert third.beside
    assert not kept.history(first.id)[1].beside


def test_a_reduction_without_a_whole_safety_sheet_stays_a_proposal_and_says_all_that_is_missing(kept: Decisions) -> None:
    found = kept.record(CUT, "Ada")
    assert (found.standing, found.reduced) == ("proposal", ("S001",))
    assert len(found.gaps) == 9
    assert "caseload now of Residential care" in found.gaps
    almost = replace(SHEET, monitored=" ", assessments=SHEET.assessments[:2])
    assert replace(CUT, safety=almost).gaps == ["what is monitored", "Equality impact assessment: done or due, with its date"]
    other = replace(SHEET, services=(replace(SHEET.services[0], service_id="S002"),))
    assert replace(CUT, safety=other).standing == "proposal"


def test_what_is_not_done_takes_nothing_and_figures_for_discussion_need_a_condition(kept: Decisions) -> None:
    assert kept.record(replace(CUT, verdict=Verdict.STOP), "Ada").standing == "agreed"
    assert kept.record(replace(CUT, verdict=Verdict.EXPLORE), "Ada").standing == "proposal"
    bare = replace(GROWTH, rough=True, conditions=())
    assert kept.record(bare, "Ada").gaps == ["a condition for going ahead, as its figures are for discussion only"]
    assert kept.record(replace(bare, verdict=Verdict.EXPLORE), "Ada").standing == "agreed"
    # Without figures, the room says by starting a sheet that something is taken away.
    assert kept.record(replace(GROWTH, money=(), safety=SafetySheet()), "Ada").standing == "proposal"


DAYS = st.sampled_from([None, date(2027, 1, 1)])
SHEETS = st.one_of(
    st.none(),
    st.builds(
        SafetySheet,
        services=st.sampled_from([(), SHEET.services]),
        who_loses=st.sampled_from(["", " ", "Some"]),
        conditions=st.sampled_from(["", "If"]),
        assessments=st.lists(st.builds(Assessment, st.sampled_from(AssessmentKind), due=DAYS)).map(tuple),
        monitored=st.sampled_from(["", "A count"]),
    ),
)  # fmt: skip
LINES = st.lists(
    st.builds(Money, st.sampled_from(["S001", "S002"]), st.sampled_from(["a", "b"]), st.sampled_from(["fire", "hscp"]),
              st.integers(-300, 300).map(float)), max_size=6,
).map(tuple)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(LINES, SHEETS, st.sampled_from(Verdict))
def test_nothing_is_ever_taken_away_by_agreement_without_a_whole_sheet(
    lines: tuple[Money, ...], sheet: SafetySheet | None, verdict: Verdict
) -> None:
    found = replace(CUT, money=lines, safety=sheet, verdict=verdict)
    loses = {m.service_id for m in lines for year in "ab" if found.change(year, m.service_id) < 0}
    if verdict is Verdict.STOP or found.standing == "proposal" or not loses:
        return
    assert sheet is not None
    assert loses <= {one.service_id for one in sheet.services}
    assert all(text.strip() for text in (sheet.who_loses, sheet.conditions, sheet.monitored))
    assert {one.kind for one in sheet.assessments if one.due} == set(AssessmentKind)


def test_all_that_is_missing_or_too_long_is_said_at_once(kept: Decisions) -> None:
    bare = Draft(title=" ", verdict=Verdict.GO, outcome="happy", dissent=(Dissent("", "Bo", "No"),), indicator_words="x" * 2001)
    with pytest.raises(DecisionError) as caught:
        kept.record(bare, "", "a committee")
    for words in (
        "a title", "your name", "the owner", "the owner's agency", "the day by which", "the body that decides",
        "agency of the dissent",
        "happy is no wellbeing outcome", "a committee is no agency", "2,001 letters where 2,000 are the most",
    ):  # fmt: skip
        assert words in caught.value.got
    assert kept.store.events() == []


def test_signs_that_nobody_sees_are_not_kept(kept: Decisions) -> None:
    found = kept.record(
        replace(GROWTH, title="Safe\u202e\x00 and\nsound\ud800", conditions=("One \r\n\r\n\r\n\r\n two", " ")), "A\tB"
    )
    assert (found.title, found.conditions, found.author) == ("Safe and sound", ("One\n\n two".replace(" two", "two"),), "A B")


DEEDS = st.lists(st.tuples(st.sampled_from(["new", "again", "undo"]), st.integers(0, 3)), max_size=12)


@settings(max_examples=6, deadline=None)
@given(DEEDS)
def test_any_sequence_of_recording_and_undoing_replays_to_the_same_list(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("s") / "store.sqlite"
    stacks: dict[str, list[str]] = {}
    with Store.open(path) as store:
        kept = Decisions(store)
        for k, (deed, which) in enumerate(deeds):
            id = f"D{which + 1}"
            if deed == "new" or (deed == "again" and id not in stacks):
                stacks[kept.record(replace(GROWTH, title=f"T{k}"), "Ada").id] = [f"T{k}"]
            elif deed == "again":
                kept.record(replace(GROWTH, title=f"T{k}", id=id), "Ada")
                stacks[id].append(f"T{k}")
            elif stacks.get(id):
                kept.undo(id, "Ada")
                stacks[id].pop()
            else:
                with pytest.raises(DecisionError, match="no such decision"):
                    kept.undo(id, "Ada")
        now = kept.current()
    assert [(d.id, d.title) for d in now] == [(id, stack[-1]) for id, stack in stacks.items() if stack]
    with Store.open(path) as again:
        assert Decisions(again).current() == now


WRITER = """
import sys
from dataclasses import replace
from rcs_core.workshop.decide import Decisions
from rcs_core.workshop.store import Store
from tests.workshop.decision_cases import GROWTH
with Store.open(sys.argv[1]) as store:
    for k in range(4):
        Decisions(store).record(replace(GROWTH, title=f"theirs {k}", id="D1" if k % 2 else ""), "Them")
"""


def test_two_processes_that_record_at_the_same_time_lose_nothing_and_share_no_number(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        kept = Decisions(store)
        kept.record(GROWTH, "Us")
        other = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
        for k in range(4):
            kept.record(replace(GROWTH, title=f"ours {k}", id="D1" if k % 2 else ""), "Us")
        assert other.wait(60) == 0
        assert sorted(int(d.id[1:]) for d in kept.current()) == list(range(1, 6))
        versions = kept.history("D1")
        assert [d.version for d in versions] == list(range(1, 6))
        titles = [d.title for d in [*versions, *(d for d in kept.current() if d.id != "D1")]]
        assert sorted(titles) == sorted(["Family support grows", *(f"{who} {k}" for who in ("ours", "theirs") for k in range(4))])


def test_a_store_of_before_there_were_decisions_reads_as_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.sqlite")
    store.append(Event(EventKind.SCENARIO_RETIRED, "Ada", {"why": "x"}, scenario_id="s"))
    assert Decisions(store).current() == []
