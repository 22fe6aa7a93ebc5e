"""A fixed plan carried out: the solved plan's own figures, sums worked by hand, and draws that are each a scenario."""

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.checks import resolve
from rcs_core.workshop.scenario.draws import Draws, from_ranges, triangular
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of
from rcs_core.workshop.scenario.simulate import Simulated, disagreement, inputs_of, simulate
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=10, deadline=None, derandomize=True)


def carried_out(values: dict[str, list[float]], places: Any = "follow", **acute: Any) -> Simulated:
    """The small scenario's plan (20, then 30 on support) in some draws."""
    content = copy.deepcopy(SMALL)
    content["acute"][0] |= acute
    scenario = parse_scenario(content)
    plan = FixedPlan({("support", "council", "L1"): np.array([20.0, 30.0])})
    n = len(next(iter(values.values())))
    return simulate(scenario, plan, Draws(n, {path: np.array(v) for path, v in values.items()}), places)


@few
@given(st.integers(0, 100_000))
def test_the_plan_carried_out_gives_the_figures_of_the_solved_plan(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    assume(result.status == "optimal")
    assert disagreement(scenario, result) <= 1e-6


@few
@given(st.integers(0, 100_000), st.integers(0, 100))
def test_each_draw_is_the_scenario_with_the_numbers_of_that_draw(seed: int, rank: int) -> None:
    content = {**random_scenario(seed), "cautious": False}
    scenario, random = parse_scenario(content), np.random.default_rng(rank)
    result = solve(scenario)
    assume(result.status == "optimal")
    inputs = sorted(p for p in inputs_of(scenario) if is_number(content, p) and "share" not in p and not p.endswith("/1/0"))
    chosen = [inputs[i] for i in random.choice(len(inputs), 6, replace=False)]
    values = {p: drawn(content, p, random) for p in chosen}
    many = simulate(scenario, plan_of(scenario, result), Draws(3, values))
    for draw in range(3):
        edited = copy.deepcopy(content)
        for path, numbers in values.items():
            put(edited, path, float(numbers[draw]))
        try:
            alone = parse_scenario(edited)
        except ScenarioError:
            continue  # a later slope over an earlier one is a draw, but not a scenario
        one = simulate(alone, plan_of(scenario, result))
        assert many.objective[draw] == pytest.approx(one.objective[0], rel=1e-9, abs=1e-9)
        for key, line in one.cost.items():
            assert many.cost[key][draw] == pytest.approx(line[0], rel=1e-9, abs=1e-9)
        for agency, purse in one.purses.items():
            assert many.purses[agency].shortfall[draw] == pytest.approx(purse.shortfall[0], rel=1e-9, abs=1e-9)


def is_number(content: dict[str, Any], path: str) -> bool:
    try:
        return isinstance(resolve(content, path), int | float)
    except LookupError:
        return False


def drawn(content: dict[str, Any], path: str, random: np.random.Generator) -> np.ndarray:
    if path.endswith("/lag"):
        return random.integers(0, 4, 3).astype(float)
    return resolve(content, path) * random.uniform(0.5, 1.0, 3)


def put(content: Any, path: str, value: float) -> None:
    *steps, last = path.split("/")[1:]
    for step in steps:
        content = content[int(step)] if isinstance(content, list) else content[step]
    content[int(last) if isinstance(content, list) else last] = value


def test_more_need_than_planned_leaves_the_purse_short_and_says_so() -> None:
    found = carried_out({"/acute/0/demand/L1/G1": [100.0, 110.0, 90.0]})
    purse = found.purses["council"]
    # 120 a year, 20 and then 30 on support; its effect of 25 comes in year 2
    assert purse.shortfall.tolist() == [[0.0, 0.0], [10.0, 0.0], [0.0, 0.0]]
    assert purse.underspend.tolist() == [[0.0, 15.0], [0.0, 5.0], [10.0, 25.0]]
    assert found.short.tolist() == [False, True, False]
    assert found.met["homes", "G1", "L1"].tolist() == [[100.0, 75.0], [110.0, 85.0], [90.0, 65.0]]
    assert found.released["homes", "L1"].tolist() == [[0.0, 25.0]] * 3


def test_half_the_effect_a_later_effect_and_dearer_care() -> None:
    slopes = {"/prevention/0/segments/G1/L1/0/1": [2.0, 1.0], "/prevention/0/segments/G1/L1/1/1": [0.5, 0.25]}
    half = carried_out(slopes)
    assert half.reduction["homes", "G1", "L1"].tolist() == [[0.0, 25.0], [0.0, 12.5]]
    assert half.objective.tolist() == pytest.approx([25 + 30 / 1.035, 12.5 + 15 / 1.035])
    late = carried_out({"/prevention/0/lag": [1.0, 2.0, 0.0]})
    assert late.stock["support", "G1", "L1"].tolist() == [[0.0, 25.0], [0.0, 0.0], [25.0, 30.0]]
    worse = carried_out({"/prevention/0/segments/G1/L1/0/1": [-1.0], "/prevention/0/segments/G1/L1/1/1": [-2.0]})
    # a service that does harm: 10 at -1 and 10 at -2, so 130 are in need in year 2
    assert worse.met["homes", "G1", "L1"].tolist() == [[100.0, 130.0]]
    dear = carried_out({"/acute/0/unit_cost": [1.2]})
    assert dear.purses["council"].shortfall.tolist() == [[20.0, 0.0]]
    assert dear.purses["council"].underspend.tolist() == [[0.0, 0.0]]


def test_what_does_not_cash_stays_with_the_places_that_may_not_close() -> None:
    found = carried_out({"/acute/0/cashable": [1.0, 0.0]}, decommission_max=0.1)
    assert found.capacity["homes", "L1"].tolist() == [[100.0, 90.0], [100.0, 90.0]]
    assert found.cost["homes", "L1"].tolist() == [[100.0, 75.0], [100.0, 90.0]]
    assert found.purses["council"].shortfall.tolist() == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize(("places", "met", "unmet"), [("follow", 104.0, 6.0), ("fixed", 100.0, 10.0)])
def test_need_beyond_the_places_opens_them_as_far_as_they_go_or_goes_unmet(places: str, met: float, unmet: float) -> None:
    found = carried_out({"/acute/0/demand/L1/G1": [110.0]}, places, cap0={"L1": 100.0}, cap_max={"L1": 104.0}, new_cost=0.5)
    assert (found.met["homes", "G1", "L1"][0, 0], found.unmet["homes", "G1", "L1"][0, 0]) == (met, unmet)
    assert found.cost["homes", "L1"][0, 0] == met + 0.5 * (met - 100)


def test_a_plan_of_spend_alone_reaches_the_groups_where_it_does_most() -> None:
    content = copy.deepcopy(SMALL)
    content["groups"] = [{"id": "G1"}, {"id": "G2", "weight": 3.0}]
    content["prevention"][0]["segments"]["G2"] = {"L1": [[5.0, 1.0]]}
    scenario = parse_scenario(content)
    found = simulate(scenario, FixedPlan({("support", "council", "L1"): np.array([12.0, 0.0])}))
    # 5 to G2 (3 for each pound), then 7 to G1 at 2
    assert found.objective[0] == pytest.approx(15 + 14)
    same = FixedPlan({("support", "council", "L1"): np.array([12.0, 0.0])}, {("support", "G2", "L1"): np.array([11.0, 0.0])})
    with pytest.raises(ScenarioError, match="reach is not what is spent"):
        simulate(scenario, same)


def test_draws_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ScenarioError, match="/acute/0/colour: draws of what cannot be drawn"):
        carried_out({"/acute/0/colour": [1.0]})
    with pytest.raises(ScenarioError, match="draws of an unfit shape"):
        simulate(parse_scenario(SMALL), FixedPlan({}), Draws(2, {"/acute/0/unit_cost": np.array([1.0])}))
    with pytest.raises(ScenarioError, match="a lag that is no number of years"):
        carried_out({"/prevention/0/lag": [1.5]})
    with pytest.raises(ScenarioError, match="no years"):
        simulate(parse_scenario(SMALL), FixedPlan({}), Draws(2, {"/prevention/0/lag": np.ones((2, 2))}))


def test_ranges_are_drawn_within_their_ends_together_for_one_service_and_lags_are_whole() -> None:
    content = copy.deepcopy(SMALL)
    content["prevention"][0] |= {"ramp_up": 0.5}
    content["provenance"] = [
        {"path": "/prevention/0/segments/G1/L1/0/1", "state": "group_estimate", "low": 1.0, "high": 3.0},
        {"path": "/prevention/0/segments/G1/L1/1/1", "state": "group_estimate", "low": 0.0, "high": 1.0},
        {"path": "/prevention/0/lag", "state": "group_estimate", "low": 1, "high": 3},
        {"path": "/prevention/0/ramp_up", "state": "group_estimate", "low": 0.1, "high": 0.6},
        {"path": "/acute/0/unit_cost", "state": "measured", "low": None, "high": 1.5},
        {"path": "/acute/0/cashable", "state": "measured"},
    ]
    scenario = parse_scenario(content)
    draws = from_ranges(scenario, 2000, 7, inputs_of(scenario))
    assert draws.left_out == ("/prevention/0/ramp_up",)
    first, second = (draws.values[f"/prevention/0/segments/G1/L1/{k}/1"] for k in (0, 1))
    assert np.array_equal(np.argsort(first), np.argsort(second))
    assert (first.min(), first.max()) >= (1.0, 1.0)
    assert first.max() <= 3.0
    assert first.mean() == pytest.approx(2.0, abs=0.03)
    assert set(draws.values["/prevention/0/lag"]) == {1.0, 2.0, 3.0}
    cost = draws.values["/acute/0/unit_cost"]
    assert (cost >= 1.0).all()
    assert cost.mean() == pytest.approx((1 + 1 + 1.5) / 3, abs=0.02)
    assert "/acute/0/cashable" not in draws.values
    simulate(scenario, FixedPlan({("support", "council", "L1"): np.array([20.0, 30.0])}), draws)


def test_the_triangle_has_its_ends_and_its_turn_where_they_are_stated() -> None:
    ranks = np.array([0.0, 0.25, 1.0])
    assert triangular(ranks, 2.0, 3.0, 6.0) == pytest.approx([2.0, 3.0, 6.0])
    assert triangular(ranks, 4.0, 4.0, 4.0) == pytest.approx([4.0, 4.0, 4.0])
    # the middle of a triangle on its left corner: half of its area is left of 1 - 1/sqrt(2)
    assert triangular(np.array([0.5]), 0.0, 0.0, 1.0) == pytest.approx([1 - 0.5**0.5])
