"""Priorities from a dot vote: at most five, a tie at the last place left to the room, one more only with a reason."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rcs_core.workshop.meeting import Meeting, MeetingError, ballots, paper_votes, priorities
from rcs_core.workshop.meeting.ballot_results import results
from rcs_core.workshop.meeting.ballots import Draft, Kind, options
from rcs_core.workshop.plan import book
from rcs_core.workshop.plan.book import PlanBook
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.vote_cases import LEAD

NEED = ("need", "pupil_s1_s4", "trusted_adult")


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    with Store.open(tmp_path / "store.sqlite") as store:
        yield Meeting.of(store, "s")


def voted(meeting: Meeting, dots: Sequence[int]) -> str:
    """A closed vote in which the options got so many dots."""
    offered = options([f"Aim {k}" for k in range(len(dots))], [NEED])
    id = ballots.open_ballot(meeting, Draft(Kind.DOTS, "Which?", offered, True, dots=1), LEAD).id
    lines = [f"ED {option.key}" for option, many in zip(offered, dots, strict=True) for _ in range(many)]
    paper_votes.keep(meeting, id, "\n".join(lines), LEAD, id)
    ballots.close(meeting, id, LEAD)
    return id


def test_the_first_five_are_put_forward_and_stand_in_the_plan_with_the_vote_they_come_from(meeting: Meeting) -> None:
    id = voted(meeting, [1, 6, 5, 4, 3, 2, 0])
    first = priorities.proposed(results(meeting, id))
    assert [o.text for o in first.sure] == ["Aim 1", "Aim 2", "Aim 3", "Aim 4", "Aim 5"]
    assert (first.tied, first.places) == ((), 0), "what has fewer dots than the fifth ties with nothing"
    kept = priorities.take(meeting, id, [o.key for o in first.sure], LEAD)
    assert [name for *_, name in kept.priorities] == [p.name for p in PlanBook(meeting.store).read().priorities]
    (event,) = meeting.events(EventKind.PRIORITIES_TAKEN)
    assert (event.body["ballot"], event.body["dots"]["b"]) == (id, 6)
    assert priorities.take(meeting, id, ["b"], LEAD).priorities == kept.priorities[:1], "what stands is not set twice"
    assert len(meeting.store.events(EventKind.PRIORITY_SET)) == 5
    with pytest.raises(MeetingError, match=r"more priorities than are advised: got 6"):
        priorities.take(meeting, id, ["a"], LEAD)
    assert priorities.take(meeting, id, ["a"], LEAD, "It is a duty").why == "It is a duty"
    found = PlanBook(meeting.store).read().priorities[-1]
    assert (found.name, found.why, found.needs) == ("Aim 0", "It is a duty", (NEED[1:],))
    assert isinstance(found, book.Priority)


def test_a_tie_at_the_last_place_is_named_and_left_to_the_room(meeting: Meeting) -> None:
    first = priorities.proposed(results(meeting, voted(meeting, [5, 4, 3, 2, 1, 1, 1])))
    assert [o.text for o in first.sure] == ["Aim 0", "Aim 1", "Aim 2", "Aim 3"]
    assert [o.text for o in first.tied] == ["Aim 4", "Aim 5", "Aim 6"]
    assert (first.places, first.room) == (1, 5)


def test_priorities_come_only_from_a_closed_vote_with_dots(meeting: Meeting) -> None:
    voted(meeting, [2, 1])
    with pytest.raises(MeetingError, match="no options of the vote: got z"):
        priorities.take(meeting, "b1", ["z"], LEAD)
    ballots.open_ballot(meeting, Draft(Kind.GRADIENT, "How far?", options(["P"]), True), LEAD)
    with pytest.raises(MeetingError, match="nothing is told of this vote"):
        priorities.take(meeting, "b2", ["a"], LEAD)
    ballots.close(meeting, "b2", LEAD)
    with pytest.raises(MeetingError, match="priorities are taken from a dot vote"):
        priorities.take(meeting, "b2", ["a"], LEAD)
