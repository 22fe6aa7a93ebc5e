"""What a promise costs: by hand, and against the file solved from nothing without it, with one unit more and one less of it."""

import copy
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.explain.anew import Anew
from rcs_core.workshop.scenario.explain.promise_price import Bundle, Price, Together, eased, priced, promise_prices, together
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_by_hand import LATER, case, one_year

few = settings(max_examples=3)


def of(content: dict[str, Any], kind: str, subject: str = "") -> Price:
    """The price of one promise."""
    return next(p for p in promise_prices(parse_scenario(content)) if (p.bundle.kind, p.bundle.subject) == (kind, subject))


def test_without_its_purse_the_small_plan_reaches_the_end_of_the_response_in_both_years() -> None:
    found = of(case(), "budget", "council")
    # year 1 has 20 for support, and without the purse the 30 that its response takes: ten more at 0.5
    assert found.gain == pytest.approx(5.0)
    assert (found.eased, found.tightened) == pytest.approx((0.5, 0.5))
    assert found.spare == pytest.approx({1: 0, 2: 15})
    assert found.years == (1,)
    # five of need fewer in year 2, when year 1's effect acts
    assert found.kept["homes"] == pytest.approx((0, 5))
    assert found.spend["support"] == pytest.approx((10, 0))


def test_a_floor_on_care_costs_what_support_would_have_done_with_the_money() -> None:
    found = of(case(homes={"floor": [0.0, 95.0]}), "floor", "homes")
    # support has 25 in year 2 instead of 30
    assert found.gain == pytest.approx(2.5 * LATER)
    assert (found.eased, found.tightened) == pytest.approx((0.5 * LATER, 0.5 * LATER))


def test_a_corner_shows_both_of_its_sides() -> None:
    found = of(one_year(agencies=[{"id": "council", "budget": 110.0}]), "budget", "council")
    assert (found.eased, found.tightened) == pytest.approx((0.5, 2.0))


def test_where_nothing_less_is_possible_the_tighter_side_says_so() -> None:
    found = of(one_year(homes={"penalty": None}, agencies=[{"id": "council", "budget": 100.0}]), "budget", "council")
    assert found.tightened is None


def test_a_promise_that_the_plan_stays_clear_of_costs_nothing_and_is_not_solved_for() -> None:
    anew = Anew(parse_scenario(case({"capacity": 500.0})))
    found = next(p for p in priced(anew) if p.bundle.kind == "capacity")
    assert (found.costs, found.years, found.spare[1]) == (False, (), pytest.approx(480.0))
    assert anew.solves == 4  # the plan; the purse let go, eased and tightened


def test_where_safety_comes_first_a_promise_costs_children_whose_need_goes_unmet() -> None:
    found = of(one_year(agencies=[{"id": "council", "budget": 90.0}]), "budget", "council")
    assert found.met == pytest.approx(10.0)


def test_what_nothing_else_limits_has_no_end() -> None:
    support = {"segments": {"G1": {"L1": [[None, 1.0]]}}}
    assert of(one_year(support), "budget", "council").gain == float("inf")


def test_one_rate_for_all_is_one_promise_and_two_rates_are_two() -> None:
    second = {**copy.deepcopy(case()["prevention"][0]), "id": "second", "ramp_up": 0.2}
    content = case({"ramp_up": 0.2, "ramp_abs": 3.0})
    content["prevention"].append(second)
    ramps = [p.bundle for p in promise_prices(parse_scenario(content)) if p.bundle.kind == "rampup"]
    assert {b.services: b.rate for b in ramps} == {("support",): None, ("second",): 0.2}
    second["ramp_abs"] = 3.0
    ramps = [p.bundle for p in promise_prices(parse_scenario(content)) if p.bundle.kind == "rampup"]
    assert [b.services for b in ramps] == [("support", "second")]


def test_promises_that_cost_nothing_alone_may_cost_something_together() -> None:
    content = one_year({"capacity": 10.0, "ramp_abs": 10.0, "ramp_up": 0.0})
    anew = Anew(parse_scenario(content))
    found = priced(anew)
    assert not any(p.costs for p in found)
    # ten more at 0.5
    assert together(anew, found) == Together(pytest.approx(5.0), purses=False)


def test_all_or_nothing_costs_what_a_part_would_do() -> None:
    found = of(one_year({"min_scale": 15.0}, agencies=[{"id": "council", "budget": 114.0}]), "scale", "support")
    # fourteen pounds: ten at 2.0, four at 0.5; a scale of fourteen lets them be spent, and one of sixteen changes nothing
    assert (found.gain, found.eased, found.tightened) == pytest.approx((22.0, 22.0, 0.0))


def test_what_has_no_plan_has_no_prices() -> None:
    with pytest.raises(ScenarioError, match="no plan to be explained"):
        promise_prices(parse_scenario(case({"floor": 50.0}, {"penalty": None})))


_KEYS = {"floor": "floor", "capacity": "capacity", "rampup": "ramp_up", "rampdn": "ramp_down"}


def without(content: dict[str, Any], bundle: Bundle) -> dict[str, Any] | None:
    """The file without a promise; None where leaving a key out does not say that."""
    found, kind = copy.deepcopy(content), bundle.kind
    if kind in _KEYS:
        for one in (*found["prevention"], *found["acute"]):
            if one["id"] in (bundle.subject, *bundle.services):
                one.pop("cap_max" if kind == "capacity" and one in found["acute"] else _KEYS[kind], None)
                one.pop("ramp_abs" if kind == "rampup" else "", None)
    elif kind in ("ring", "equity", "workforce"):
        key = {"ring": "ringfences"}.get(kind, kind)
        found[key] = [one for one in found[key] if one["id"] != bundle.subject]
    elif kind == "share":
        del found["share_target"]
    elif kind == "outcome_target":
        del found["objective"]["outcome_target"]
    else:
        return None
    return found


def gained(scenario: Scenario, base: Result, other: Scenario) -> float:
    """What another file, solved from nothing, gains against the plan."""
    now = solve(other)
    if now.status == "unbounded":
        return float("inf")
    sign = -1 if scenario.objective.kind == "cost" else 1
    return sign * ((now.objective or 0.0) - (base.objective or 0.0))


@few
@given(st.integers(0, 100_000))
def test_a_price_is_what_the_file_without_the_promise_gains_and_a_step_what_the_file_with_a_step_more_does(seed: int) -> None:
    content = random_scenario(seed)
    scenario = parse_scenario(content)
    base = solve(scenario)
    assume(base.status == "optimal" and "share_penalty" not in content)
    close = 2e-6 * (1 + abs(base.objective or 0.0))
    for price in promise_prices(scenario)[:4]:
        if (other := without(content, price.bundle)) is not None:
            assert price.gain == pytest.approx(gained(scenario, base, parse_scenario(other)), abs=close)
        if price.costs and price.gain != float("inf") and price.bundle.promises:
            more = eased(scenario, price.bundle, price.bundle.step)
            assert price.eased == pytest.approx(gained(scenario, base, more), abs=close)
