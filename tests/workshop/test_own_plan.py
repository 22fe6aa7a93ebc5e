"""A plan of one's own: carried out as it is, set between doing nothing and the best plan, with every promise it breaks."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of
from rcs_core.workshop.scenario.format import GroupShare, LocalityBand, Scenario, at
from rcs_core.workshop.scenario.own_plan import Scored, Scorer, score
from rcs_core.workshop.scenario.own_spend import most, plan_from, ramped, table_of, today, towards
from rcs_core.workshop.scenario.result import Result
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=8, deadline=None, derandomize=True)
DIRECT = ("floor", "capacity", "rampup", "rampdn", "ring", "budget")
"""Promises that are worked out a second time below, from the file and the money alone."""


@cache
def solved(seed: int) -> tuple[Scenario, Result, Scorer | None]:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    return scenario, result, Scorer(scenario, result) if result.status == "optimal" else None


@few
@given(st.integers(0, 9))
def test_the_solved_plan_is_at_no_distance_from_itself_and_breaks_no_promise(seed: int) -> None:
    scenario, result, scorer = solved(seed)
    assume(scorer is not None)
    found = scorer.score(plan_of(scenario, result))
    assert found.broken == ()
    assert found.distance == pytest.approx(0, abs=1e-6 * (1 + abs(found.best)))
    assert found.children == 0
    assert found.objective == pytest.approx(result.objective, rel=1e-6, abs=1e-6)
    assert plan_from(scenario, table_of(scenario, scorer.best), scorer.best) is scorer.best


@few
@given(st.integers(0, 9), st.integers(0, 1000))
def test_every_promise_that_another_plan_breaks_is_named_with_the_amount_that_is_missing(seed: int, rank: int) -> None:
    scenario, _, scorer = solved(seed)
    assume(scorer is not None)
    random = np.random.default_rng(rank)
    table = {
        s: tuple(v * float(random.choice([0.0, 0.5, 1.0, 1.6])) + float(random.choice([0.0, 9.0])) for v in line)
        for s, line in table_of(scenario, scorer.best).items()
    }
    found = scorer.score(plan_from(scenario, table, scorer.best))
    said = {b.promise: b.by for b in found.broken if b.family in DIRECT and b.about[0] not in {d.id for d in scenario.acute}}
    assert said == pytest.approx(missed(scenario, found), rel=1e-6, abs=1e-5)


def missed(scenario: Scenario, found: Scored) -> dict[str, float]:
    """The promises about money that a plan breaks, from the file and the lines of the plan, each by its own arithmetic."""
    spent = {(x.service, x.agency, x.locality, x.year): x.amount for x in found.result.spend}
    broken: dict[str, float] = {}
    for s in scenario.prevention:
        for t in scenario.years:
            total = sum(spent[s.id, a, loc, t] for a, loc in s.places())
            broken[f"floor[{s.id},{t}]"] = at(s.floor or 0.0, t) - total
            broken[f"capacity[{s.id},{t}]"] = total - at(1e9 if s.capacity is None else s.capacity, t)
            for a, loc in s.places():
                now, before = spent[s.id, a, loc, t], spent.get((s.id, a, loc, t - 1), s.agencies[a][loc])
                if s.ramp_up is not None or s.ramp_abs is not None:
                    most_now = (1 + at(s.ramp_up or 0.0, t)) * before + at(s.ramp_abs or 0.0, t)
                    broken[f"rampup[{s.id},{a},{loc},{t}]"] = now - most_now
                if s.ramp_down is not None:
                    broken[f"rampdn[{s.id},{a},{loc},{t}]"] = (1 - at(s.ramp_down, t)) * before - now
    cost = {(r.service, r.year): 0.0 for r in found.result.responsive}
    for r in found.result.responsive:
        cost[r.service, r.year] += r.cost
    for ring in scenario.ringfences:
        for t in scenario.years:
            paid = sum(v for (s, a, _, y), v in spent.items() if s in ring.services and a == ring.agency and y == t)
            paid += sum(d.payer.get(ring.agency, 0.0) * cost[d.id, t] for d in scenario.acute if d.id in ring.services)
            broken[f"ring[{ring.id},{t}]"] = at(ring.amount, t) - paid
    for purse in found.result.purses:
        out = (
            purse.prevention + purse.responsive + purse.held + purse.change_costs + purse.contributed + purse.leaked
            + purse.carried
        )  # fmt: skip
        broken[f"budget[{purse.agency},{purse.year}]"] = out - purse.budget - purse.brought - purse.drawn
    return {promise: by for promise, by in broken.items() if by > 1e-3}


@few
@given(st.integers(0, 9))
def test_a_share_or_fairness_rule_that_a_plan_breaks_is_named_with_the_share_that_is_missing(seed: int) -> None:
    scenario, _, scorer = solved(seed)
    assume(scorer is not None)
    found = scorer.score(plan_from(scenario, dict.fromkeys(today(scenario), (0.1,) * scenario.horizon)))
    said = {b.promise: b.by for b in found.broken if b.family == "share"}
    for t in scenario.years:
        asked, is_now = scenario.share_of(t), float(found.simulated.share[0, t - 1])
        if asked is not None and scenario.share_penalty is None and asked - is_now > 1e-3:
            assert said[f"share[{t}]"] == pytest.approx(asked - is_now, rel=1e-6)
    for rule in scenario.equity:
        if isinstance(rule, GroupShare | LocalityBand):
            for b in found.broken:
                assert b.about[0] != rule.id or 0 < b.by <= 1


def test_by_hand_half_of_the_best_plan_s_growth_gains_what_its_response_says() -> None:
    """Support at 10 and 10 gains 20 + 20/1.035 where the best plan (20, then 30) gains 25 + 30/1.035 and doing nothing none."""
    scenario = parse_scenario(SMALL)
    best = solve(scenario)
    found = score(scenario, best, plan_from(scenario, {"support": (10.0, 10.0)}))
    assert (found.nothing, found.best) == pytest.approx((0.0, 53.985507), abs=1e-6)
    assert found.objective == pytest.approx(20 + 20 / 1.035)
    assert found.share == pytest.approx((20 + 20 / 1.035) / 53.985507, abs=1e-6)
    assert found.distance == pytest.approx(53.985507 - found.objective, abs=1e-6)
    # need falls by 20 in year 2, under the best plan by 25
    assert found.children == pytest.approx(5)
    assert found.keeps_all


def test_a_plan_that_gains_more_than_the_best_is_one_that_breaks_a_promise_and_says_which() -> None:
    scenario = parse_scenario(SMALL)
    found = score(scenario, solve(scenario), plan_from(scenario, {"support": (30.0, 30.0)}))
    assert found.distance < 0
    assert found.share is not None
    assert found.share > 1
    assert [(b.promise, b.by, b.year) for b in found.broken] == [("budget[council,1]", pytest.approx(10.0), 1)]
    assert found.result.purses[0].underspend == pytest.approx(-10.0)
    assert not found.keeps_all


def test_money_beyond_what_a_service_can_use_is_told_and_does_nothing() -> None:
    scenario = parse_scenario(SMALL)
    best = solve(scenario)
    found = score(scenario, best, plan_from(scenario, {"support": (20.0, 45.0)}))
    assert found.beyond == {("support", 2): pytest.approx(15.0)}
    assert found.objective == pytest.approx(found.best)


def test_where_the_best_plan_gains_nothing_there_is_no_share_of_it() -> None:
    content = copy.deepcopy(SMALL)
    content["agencies"][0]["budget"] = 100.0
    scenario = parse_scenario(content)
    found = score(scenario, solve(scenario), plan_from(scenario, {}))
    assert found.share is None
    assert found.distance == pytest.approx(0, abs=1e-9)


def test_what_a_purse_lacks_comes_from_its_reserve_and_then_from_the_pool_as_far_as_they_go() -> None:
    content: dict[str, Any] = copy.deepcopy(SMALL)
    content["agencies"][0] |= {"budget": [110.0, 100.0], "reserve_max": 4.0}
    content["pools"] = [{"id": "p", "contrib_max": {}, "draw": {"council": ["support"]}, "seed": [5.0, 3.0]}]
    content["acute"][0]["preventable"] = 0.0
    scenario = parse_scenario(content)
    plan = plan_from(scenario, {"support": (6.0, 9.0)})
    assert plan.carried[("council",)].tolist() == [4.0, 0.0]
    assert plan.drawn["p", "council"].tolist() == pytest.approx([0.0, 3.0])
    found = score(scenario, solve(scenario), plan)
    assert [(b.promise, b.by) for b in found.broken] == [("budget[council,2]", pytest.approx(2.0))]
    assert found.result.pools[1].draw == pytest.approx(3.0)


def test_controls_end_where_a_service_can_use_no_more_and_ramps_go_in_equal_steps() -> None:
    scenario = parse_scenario(SMALL)
    assert most(scenario.prevention[0]) == 30.0
    assert ramped(scenario, "support", 20.0) == (10.0, 20.0)
    assert towards(scenario, "support", (6.0, 10.0), 20.0) == pytest.approx((12.0, 20.0))
    assert towards(scenario, "support", (6.0, 0.0), 20.0) == (10.0, 20.0)
    assert towards(scenario, "support", (6.0, 10.0), 10.0) == pytest.approx((6.0, 10.0))


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"nobody": (1.0, 1.0)}, "no preventative service"),
        ({"support": (1.0,)}, "other years"),
        ({"support": (1.0, -1.0)}, "cannot be"),
        ({"support": (1.0, float("nan"))}, "cannot be"),
    ],
)
def test_a_table_that_is_no_plan_is_refused(table: dict[str, tuple[float, ...]], what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        plan_from(parse_scenario(SMALL), table, FixedPlan({}))
