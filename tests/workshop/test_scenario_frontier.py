"""The frontier: concave, exact where it ends, and whether a larger purse's plan holds all of a smaller one's."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.contained import contains, paths
from rcs_core.workshop.scenario.frontier import binding, by_budget, by_pace, by_share, frontier, modelled, possible
from rcs_core.workshop.scenario.unchanged import objective_of_nothing
from tests.workshop.else_cases import tiny, two_purses
from tests.workshop.scenario_cases import random_scenario


def test_a_frontier_over_purses_is_as_by_hand_and_ends_where_care_can_no_longer_be_paid() -> None:
    """Care takes 100 in year 1: below 100 of 120 nothing is possible; with 126 six more pounds of 0.5 are bought in year 1."""
    found = frontier(by_budget(parse_scenario(tiny())), (5, 0, -5, -10, -15, -20))
    figures = {round(p.at, 6): p.objective for p in found.points}
    assert figures[5] == pytest.approx(53.985507 + 6 * 0.5)
    assert figures[0] == pytest.approx(53.985507)
    assert found.end is not None
    assert found.end.last == pytest.approx(-100 / 6, abs=5 / 2**6)
    assert "budget[A,1]" in (found.end.result.conflict or ())
    assert [p.at for p in found.points] == sorted(p.at for p in found.points)


@settings(max_examples=6)
@given(st.integers(1, 4000), st.booleans())
def test_each_step_more_brings_no_more_than_the_last(seed: int, pace: bool) -> None:
    scenario = parse_scenario(random_scenario(seed))
    if scenario.objective.kind == "cost" or scenario.objective.priced or any(d.penalty is not None for d in scenario.acute):
        return
    make, values = (by_pace(scenario), (12.0, 8.0, 4.0, 0.0)) if pace else (by_budget(scenario), (6.0, 3.0, 0.0, -3.0))
    if not possible(make(values[0])):
        return
    points = frontier(make, values).points
    steps = [(b.objective - a.objective) / (b.at - a.at) for a, b in pairwise(points)]
    for before, after in pairwise(steps):
        assert after <= before + 1e-6 * (1 + abs(before))


def test_the_pace_of_a_shift_is_in_points_of_what_can_move_or_respond() -> None:
    scenario = parse_scenario(two_purses())
    assert modelled(scenario) == 1000.0
    found = frontier(by_pace(scenario), (6, 3, 1, 0))
    assert [round(p.objective, 6) for p in found.points] == [0.0, 16.0, 42.0, 72.0]


def test_a_share_that_is_asked_for_costs_outcome_and_ends() -> None:
    scenario = parse_scenario(tiny())
    found = frontier(by_share(scenario), (0.0, 0.2, 0.3, 0.6))
    assert found.points[0].objective == pytest.approx(53.985507)
    assert found.end is not None
    assert found.end.last == pytest.approx(30 / 105, abs=0.1 / 2**6)


def test_what_holds_a_plan_back_is_named_by_its_price() -> None:
    assert [b.about.name for b in binding(parse_scenario(two_purses()))] == ["workforce[pace_of_shift,1]"]


def test_even_the_easiest_value_may_have_no_plan() -> None:
    with pytest.raises(ScenarioError, match="there is no plan even where most is allowed"):
        frontier(by_budget(parse_scenario(tiny())), (-50.0,))


def test_a_larger_purse_drops_what_is_overtaken_by_a_service_that_cannot_be_had_by_halves() -> None:
    """At 115 the 15 go to support (22.5); at 130 a team that starts at 30 does 60 and leaves nothing for support."""
    content = tiny() | {"horizon": 1}
    content["prevention"].append(
        tiny()["prevention"][0] | {"id": "team", "segments": {"G": {"L": [[30.0, 2.0]]}}, "min_scale": 30.0}
    )
    small, large = ({**content, "agencies": [{"id": "A", "budget": budget}]} for budget in (115.0, 130.0))
    first, second = parse_scenario(small), parse_scenario(large)
    plan, result = paths(first, solve(first)), solve(second)
    assert plan == {"support": [pytest.approx(15.0)], "team": [pytest.approx(0.0)]}
    found = contains(plan, second, result)
    assert not found.can
    assert (found.falls, found.rises) == ({"support": pytest.approx(15.0)}, {"team": pytest.approx(30.0)})
    assert found.lost == pytest.approx(60 - 30)


def test_a_plan_among_equals_counts_as_contained() -> None:
    """Two services alike: whichever the larger plan took, one as good holds the smaller plan."""
    content = tiny() | {"horizon": 1}
    content["prevention"].append({**tiny()["prevention"][0], "id": "twin"})
    scenario = parse_scenario(content)
    result = solve(scenario)
    other = {"support": [0.0], "twin": [0.0]} | {"support": [10.0]}
    assert contains(other, scenario, result).can
    assert contains(paths(scenario, result), scenario, result).shown


def test_doing_nothing_is_today_s_spend_in_every_year() -> None:
    content = tiny()
    content["prevention"][0] |= {"agencies": {"A": {"L": 30.0}}, "base_reach": {"G": {"L": 30.0}}}
    assert objective_of_nothing(parse_scenario(content)) == pytest.approx(30 + 30 / 1.035)
