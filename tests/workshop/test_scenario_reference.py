"""The engine agrees with a second formulation, with PuLP's own solve, and with brute force."""

import itertools
from typing import Any

import pulp
import pytest

from rcs_core.workshop.scenario import objective, parse_scenario, solve
from rcs_core.workshop.scenario.model import build
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.scenario_reference import reference


@pytest.mark.parametrize("seed", range(60))
def test_a_second_formulation_solved_by_another_route_agrees(seed: int) -> None:
    content = random_scenario(seed)
    status, best = reference(content)
    result = solve(parse_scenario(content))
    assert result.status == status
    if status == "optimal":
        sign = 1 if content["objective"]["kind"] == "cost" else -1
        assert sign * result.stages["objective"] == pytest.approx(best, rel=1e-6, abs=1e-6)
        if "share_penalty" not in content:
            assert result.objective == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", [s for s in range(40) if random_scenario(s)["objective"].get("unmet") == "priced"])
def test_a_cold_solve_by_pulp_reaches_the_same_optimum_as_the_hot_session(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result, model = solve(scenario), build(scenario)
    model.problem.setObjective(model.expression(objective.goal(model)))
    model.problem.solve(pulp.HiGHS(msg=False))
    if result.status == "optimal":
        assert pulp.value(model.problem.objective) == pytest.approx(result.stages["objective"], rel=1e-7, abs=1e-7)


def lumpy(least: float, budget: float) -> dict[str, Any]:
    """Three services, each of which runs at a least scale or not at all."""
    slopes = [1.0, 0.9, 0.7]
    prevention = [
        {
            "id": f"P{i}",
            "agencies": {"A": {"L": 0.0}},
            "segments": {"G": {"L": [[10.0, slope], [6.0, slope / 3]]}},
            "lag": 1,
            "retention": 0.0,
            "acts_on": {},
            "min_scale": least + i,
        }
        for i, slope in enumerate(slopes)
    ]
    return {
        "horizon": 1, "discount_rate": 0.0, "localities": ["L"], "groups": [{"id": "G"}],
        "agencies": [{"id": "A", "budget": budget}], "prevention": prevention, "acute": [],
        "objective": {"kind": "outcome"},
    }  # fmt: skip


@pytest.mark.parametrize(("least", "budget"), [(5.0, 12.0), (7.0, 13.0), (9.0, 21.0), (11.0, 16.0), (20.0, 15.0)])
def test_all_or_nothing_services_match_brute_force(least: float, budget: float) -> None:
    content = lumpy(least, budget)
    best = 0.0
    for running in itertools.product([False, True], repeat=3):
        trial = {**content, "prevention": [dict(p) for p in content["prevention"]]}
        for on, service in zip(running, trial["prevention"], strict=True):
            scale = service.pop("min_scale")
            service |= {"floor": scale} if on else {"capacity": 0.0}
        status, found = reference(trial)
        best = max(best, found) if status == "optimal" else best
    result = solve(parse_scenario(content))
    assert result.objective == pytest.approx(best, abs=1e-6)
    for line in result.spend:
        scale = next(p["min_scale"] for p in content["prevention"] if p["id"] == line.service)
        assert line.amount < 1e-6 or line.amount >= scale - 1e-6


def test_a_gap_rule_cannot_be_met_by_using_the_worse_response_first() -> None:
    content = lumpy(0.0, 20.0)
    content |= {"horizon": 2, "groups": [{"id": "G"}], "objective": {"kind": "prevention_spend"}}
    content["equity"] = [{"id": "gap", "kind": "gap", "per_child": {"G": 1.0}, "max": 9.5}]
    result = solve(parse_scenario(content))
    assert result.status == "optimal"
    for service, slope in (("P0", 1.0), ("P1", 0.9), ("P2", 0.7)):
        assert any(line.service == service for line in result.spend), slope
    effect = 0.0
    for line in result.spend:
        if line.year == 1:
            slope = {"P0": 1.0, "P1": 0.9, "P2": 0.7}[line.service]
            effect += slope * min(line.amount, 10.0) + slope / 3 * max(line.amount - 10.0, 0.0)
    assert effect <= 9.5 + 1e-6
