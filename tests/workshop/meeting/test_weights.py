"""Weights from a 100-point vote: how they are made of what people gave, and the plan under them, by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.meeting import By, Meeting, MeetingError, ballots, weights
from rcs_core.workshop.meeting.ballot_results import results
from rcs_core.workshop.meeting.ballots import Draft, Kind, options
from rcs_core.workshop.meeting.weights import How
from rcs_core.workshop.scenario import solve
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.small_release import a_release

ADA = By("Ada")
SHIFT = try_shift(a_release(), Levers.of("shift_5", depth=Depth.ESTIMATE))
IDS = [d.id for d in SHIFT.scenario.acute]
GIVEN = {"nhs_board": [(90, 10, 0), (70, 20, 10)], "council_social_work": [(0, 100, 0), (10, 90, 0), (20, 70, 10)]}


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    """A session with a 100-point vote over two responsive services and a thing that was typed, closed."""
    meeting = Meeting.of(Store.open(tmp_path / "store.sqlite"), "s1")
    offered = options(["Children's houses", "Foster care", "Joy"], [("service", IDS[0]), ("service", IDS[1]), ()])
    vote = ballots.open_ballot(meeting, Draft(Kind.POINTS, "What counts?", offered, True), ADA)
    for k, (agency, points) in enumerate((agency, one) for agency, every in GIVEN.items() for one in every):
        body = {"ballot": vote.id, "given": dict(zip("abc", points, strict=True)), "words": {}}
        meeting.add(EventKind.VOTE_CAST, body, By(f"P{k}", agency, f"p{k}"))
    ballots.close(meeting, vote.id, ADA)
    return meeting


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=9))
def test_each_weight_is_what_the_one_in_the_middle_gave_and_they_add_up_to_100(votes: list[list[int]]) -> None:
    values = {f"s{k}": [vote[k] for vote in votes] for k in range(3)}
    if not any(map(any, votes)):
        return
    found, how = weights.of_points(values)
    middle = {}
    for service, every in values.items():
        order = sorted(every)
        middle[service] = (order[(len(order) - 1) // 2] + order[len(order) // 2]) / 2
    if how is How.MEAN:
        assert not any(middle.values())
        middle = {service: sum(every) / len(every) for service, every in values.items()}
    assert found == pytest.approx({s: 100 * value / sum(middle.values()) for s, value in middle.items()})
    assert sum(found.values()) == pytest.approx(100)


def test_the_weights_of_the_room_and_of_each_agency_come_from_the_vote_that_they_cite(meeting: Meeting) -> None:
    weights.take(meeting, "b1", IDS, ADA)
    found = meeting.made(weights.taken)
    assert found is not None
    assert (found.ballot, found.votes, found.how, found.left_out) == ("b1", 5, How.MEDIAN, ("Joy",))
    assert found.worth == pytest.approx({IDS[0]: 100 * 20 / 90, IDS[1]: 100 * 70 / 90})
    assert found.mean == pytest.approx({IDS[0]: 100 * 38 / 96, IDS[1]: 100 * 58 / 96})
    assert found.groups["nhs_board"] == pytest.approx({IDS[0]: 100 * 80 / 95, IDS[1]: 100 * 15 / 95})
    assert found.voters == {"council_social_work": 3, "nhs_board": 2}
    with pytest.raises(MeetingError, match="taken already"):
        weights.take(meeting, "b1", IDS, By("Ben"))
    meeting.take_back(found.event, ADA)
    assert meeting.made(weights.taken) is None
    weights.take(meeting, "b1", IDS, By("Ben"))


def test_a_vote_without_responsive_services_or_that_is_open_gives_no_weights(meeting: Meeting) -> None:
    with pytest.raises(MeetingError, match="no option is a responsive service"):
        weights.take(meeting, "b1", ["S999"], ADA)
    vote = ballots.open_ballot(meeting, Draft(Kind.POINTS, "Again?", results(meeting, "b1").ballot.options, True), ADA)
    with pytest.raises(MeetingError, match="nothing is told"):
        weights.take(meeting, vote.id, IDS, ADA)


def test_the_plan_under_the_rooms_weights_is_that_of_a_cold_solve_with_outcomes_counted_by_hand(meeting: Meeting) -> None:
    found = weights.made(results(meeting, "b1"), IDS)
    tried = weights.tried(SHIFT.scenario, found)
    asked = {w.name: w for w in weights.sets(found)}
    assert {p.weights.name for p in tried.plans} == set(asked)
    for plan in tried.plans[1:]:
        worth = asked[plan.weights.name].worth
        counted = [
            replace(s, outcome=sum(effect * worth.get(need, 0.0) for need, effect in s.acts_on.items()))
            for s in SHIFT.scenario.prevention
        ]
        cold = solve(replace(SHIFT.scenario, prevention=tuple(counted)))
        assert cold.outcome is not None
        assert plan.value == pytest.approx(cold.outcome, rel=1e-3)
    assert weights.beside(SHIFT, tried).text.startswith("Under the room's weights")
    assert weights.turned(SHIFT, tried)
    assert "Of a hundred points" in weights.how_made(found, SHIFT.names).text
