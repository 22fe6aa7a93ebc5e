"""Votes: one a person, silent until closed, whoever casts how often and in whatever order; unnamed ones lead to nobody."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.workshop.meeting import Meeting, MeetingError, ballots
from rcs_core.workshop.meeting.ballot_contract import OTHERS, letters, letters_of, rule, steps, told_apart
from rcs_core.workshop.meeting.ballot_results import results
from rcs_core.workshop.meeting.ballots import Draft, Kind, options
from rcs_core.workshop.meeting.known_by import hashed
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.vote_cases import EDUCATION, LEAD, NHS, POLICE, arrive

DOTS = Draft(Kind.DOTS, "Which?", options(["A", "B", "C"]), named=True, dots=3)
QUIET = Draft(Kind.POINTS, "How much?", options(["A", "B"]), named=False)


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    with Store.open(tmp_path / "store.sqlite") as store:
        yield Meeting.of(store, "s")


def test_the_contract_has_eight_steps_and_letters_for_every_agency_and_for_any_other() -> None:
    assert [step.step for step in steps()] == list(range(1, 9))
    assert letters()[EDUCATION] == "ED"
    beyond = letters_of([*letters(), "Elected members", "Edinburgh", "教育"])
    assert len(set(beyond.values())) == len(beyond)
    assert all(len(pair) == 2 for pair in beyond.values())


def test_nothing_is_told_of_an_open_vote_but_how_many_voted(meeting: Meeting) -> None:
    one, two = arrive(meeting, [EDUCATION, POLICE])
    found = ballots.open_ballot(meeting, DOTS, LEAD)
    ballots.cast(meeting, found.id, {"a": 2}, one.by)
    ballots.cast(meeting, found.id, {"b": 3}, two.by)
    with pytest.raises(MeetingError, match="nothing is told of this vote but how many voted"):
        results(meeting, found.id)
    with pytest.raises(MeetingError, match="the vote is open"):
        ballots.show(meeting, found.id, True, LEAD)
    assert ballots.ballot(meeting, found.id).votes == 2
    ballots.close(meeting, found.id, LEAD)
    assert [results(meeting, found.id).of(o).total for o in found.options] == [2, 3, 0]


def test_the_last_vote_of_a_person_counts_and_a_closed_vote_takes_none(meeting: Meeting) -> None:
    one, two = arrive(meeting, [EDUCATION, POLICE])
    ballots.open_ballot(meeting, DOTS, LEAD)
    for given_now in ({"a": 3}, {"a": 1, "b": 2}, {"c": 1}):
        ballots.cast(meeting, "b1", given_now, one.by)
    ballots.cast(meeting, "b1", {"b": 1}, two.by)
    ballots.cast(meeting, "b1", {}, two.by)
    assert ballots.own(meeting, "b1", two.by) is None
    ballots.close(meeting, "b1", LEAD)
    with pytest.raises(MeetingError, match="the vote is closed"):
        ballots.cast(meeting, "b1", {"a": 1}, two.by)
    with pytest.raises(MeetingError, match="the vote is closed"):
        ballots.close(meeting, "b1", LEAD)
    found = results(meeting, "b1")
    assert (found.votes, [t.total for t in map(found.of, DOTS.options)]) == (1, [0, 0, 1])
    assert len(meeting.events(EventKind.VOTE_CAST)) == 5


@pytest.mark.parametrize(
    ("draft", "cast", "said"),
    [
        (DOTS, {"a": 4}, "4 dots"),
        (DOTS, {"z": 1}, "z is no option"),
        (DOTS, {"a": -1, "b": 1}, "-1 for a"),
        (Draft(Kind.DOTS, "?", DOTS.options, True, 3, several=False), {"a": 2}, "several dots on one option"),
        (QUIET, {"a": 60, "b": 30}, "90 points"),
        (Draft(Kind.GRADIENT, "?", options(["A"]), True), {"a": 9}, "step 9"),
    ],
)
def test_a_vote_that_does_not_fit_its_form_is_refused_with_what_was_got(draft: Draft, cast: dict[str, int], said: str) -> None:
    with pytest.raises(MeetingError, match=said):
        ballots.fitting(draft, cast)


def test_a_draft_is_refused_with_all_that_is_wrong_and_one_vote_is_open_at_a_time(meeting: Meeting) -> None:
    with pytest.raises(MeetingError, match=r"no question; 1 options where 2 to 20.*; 99 dots where 1 to 10"):
        ballots.checked(Draft(Kind.DOTS, " ", options(["A", " "]), True, dots=99))
    with pytest.raises(MeetingError, match="an option stands twice"):
        ballots.checked(Draft(Kind.GRADIENT, "?", options(["a", "A "]), True))
    ballots.open_ballot(meeting, DOTS, LEAD)
    with pytest.raises(MeetingError, match="another vote is open"):
        ballots.open_ballot(meeting, QUIET, LEAD)
    ballots.drop(meeting, "b1", LEAD, "by mistake")
    assert ballots.open_ballot(meeting, QUIET, LEAD).id == "b2"


def test_a_vote_is_opened_again_until_the_room_has_seen_it(meeting: Meeting) -> None:
    one, *_ = arrive(meeting, [EDUCATION])
    ballots.open_ballot(meeting, DOTS, LEAD)
    ballots.close(meeting, "b1", LEAD)
    assert ballots.reopen(meeting, "b1", LEAD, "a paper was found").open
    ballots.cast(meeting, "b1", {"a": 1}, one.by)
    ballots.close(meeting, "b1", LEAD)
    assert results(meeting, "b1").votes == 1
    assert ballots.show(meeting, "b1", True, LEAD).shown
    assert not ballots.show(meeting, "b1", False, LEAD).shown
    with pytest.raises(MeetingError, match="the room has seen this result"):
        ballots.reopen(meeting, "b1", LEAD, "again")


def test_only_people_of_the_session_vote_and_without_names_only_with_their_own_word(meeting: Meeting) -> None:
    one, two = arrive(meeting, [EDUCATION, POLICE])
    ballots.open_ballot(meeting, QUIET, LEAD)
    whole = {"a": 100}
    with pytest.raises(MeetingError, match="somebody's who is here"):
        ballots.cast(meeting, "b1", whole, LEAD, one.word)
    for wrong in ("", two.word, hashed(one.word)):
        with pytest.raises(MeetingError, match="needs the private word of the phone"):
            ballots.cast(meeting, "b1", whole, one.by, wrong)
    ballots.cast(meeting, "b1", whole, one.by, one.word)
    body = {"person": "p1", "how": "number", "word": hashed("a new word"), "number": [], "subject": ""}
    meeting.add(EventKind.PERSON_JOINED, body, one.by)
    with pytest.raises(MeetingError, match="may have voted before"):
        ballots.cast(meeting, "b1", whole, one.by, "a new word")
    assert ballots.ballot(meeting, "b1").votes == 1


def test_what_the_store_holds_of_a_vote_without_names_leads_to_nobody(meeting: Meeting) -> None:
    """No name, key or private word; and no token is made of anything that the store holds of a person."""
    people = arrive(meeting, [EDUCATION] * 3 + [POLICE])
    for _ in range(2):
        found = ballots.open_ballot(meeting, QUIET, LEAD)
        for one in people:
            ballots.cast(meeting, found.id, {"a": 100}, one.by, one.word)
        ballots.close(meeting, found.id, LEAD)
    cast = meeting.events(EventKind.VOTE_CAST)
    held = json.dumps([(e.author, e.agency, e.body) for e in cast])
    assert not [word for one in people for word in (one.by.name, one.word, hashed(one.word)) if word in held]
    assert {(e.author, e.agency, e.body.get("by")) for e in cast} == {("", OTHERS, None)}
    tokens = [e.body["token"] for e in cast]
    assert len(set(tokens)) == 8, "one of each person in each vote, and none is that of another vote"
    known = {str(value) for e in meeting.events(EventKind.PERSON_JOINED) for value in (e.author, e.id, e.at, *e.body.values())}
    made = {ballots.token(value, "s", id) for value in known for id in ("b1", "b2")} | {hashed(v)[:32] for v in known}
    assert made.isdisjoint(tokens)


def test_an_unnamed_vote_keeps_its_agency_only_where_enough_of_it_were_here_when_it_was_opened(meeting: Meeting) -> None:
    people = arrive(meeting, [EDUCATION] * 3 + [POLICE] * 4 + [NHS] * 3)
    found = ballots.open_ballot(meeting, QUIET, LEAD)
    assert found.agencies == (EDUCATION, NHS, POLICE)
    for one in people:
        ballots.cast(meeting, "b1", {"a": 100}, one.by, one.word)
    assert {e.agency for e in meeting.events(EventKind.VOTE_CAST)} == {EDUCATION, NHS, POLICE}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 7)))
def test_neither_an_agency_nor_the_others_are_ever_fewer_than_the_rule(here: dict[str, int]) -> None:
    apart, least = told_apart(here), rule("least_together")
    others = sum(count for agency, count in here.items() if agency not in apart)
    assert all(here[agency] >= least for agency in apart)
    assert not apart or others == 0 or others >= least
    if sum(0 < count < least for count in here.values()) == 0:
        assert set(apart) == {agency for agency, count in here.items() if count}


def test_two_browsers_of_every_person_at_once_count_once_each(meeting: Meeting) -> None:
    people = arrive(meeting, [EDUCATION] * 3 + [POLICE] * 3)
    ballots.open_ballot(meeting, QUIET, LEAD)

    def browser(k: int) -> None:
        mine = Meeting.of(meeting.store, "s")
        for points in (40, 50 + k % 2):
            one = people[k // 2]
            ballots.cast(mine, "b1", {"a": points, "b": 100 - points}, one.by, one.word)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(browser, range(2 * len(people))))
    ballots.close(meeting, "b1", LEAD)
    found = results(meeting, "b1")
    assert (found.votes, len(meeting.events(EventKind.VOTE_CAST))) == (6, 24)
    assert set(found.of(QUIET.options[0]).values) <= {40, 50, 51}
    assert sum(found.of(o).total for o in QUIET.options) == 600
