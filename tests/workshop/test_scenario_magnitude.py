"""Pounds solve like thousands of pounds, and a scenario of ordinary size is solved as it stands."""

import copy
import json
from typing import Any

import numpy as np
import pytest

from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.engine import accuracy
from rcs_core.workshop.scenario.magnitude import largest_money, units
from rcs_core.workshop.scenario.model import build
from rcs_core.workshop.scenario.session import Matrix, Session, Solved, SolverError, Status
from rcs_core.workshop.scenario.stages import through
from tests.shared import shared_file
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_format import SMALL
from tests.workshop.test_scenario_properties import scaled

POUNDS = 1e6


def example(name: str) -> dict[str, Any] | None:
    path = shared_file(f"methods/examples/scenario/{name}.json")
    return None if path is None else json.loads(path.read_text())


@pytest.mark.parametrize("k", [1e3, 1e5, POUNDS, 1e7])
@pytest.mark.parametrize("name", ["tiny_by_hand", "pooled_budget", "cut_rebound", "two_floors"])
def test_a_published_example_has_the_same_answer_in_pounds(name: str, k: float) -> None:
    content = example(name)
    if content is None:
        return
    first, second = solve(parse_scenario(content)), solve(parse_scenario(scaled(content, k)))
    assert second.status == first.status
    assert second.conflict == first.conflict
    if first.status == "optimal":
        factor = 1.0 if content["objective"]["kind"] == "outcome" else k
        assert second.objective == pytest.approx(factor * (first.objective or 0.0), rel=1e-6)
        assert [line.amount for line in second.spend] == pytest.approx([k * line.amount for line in first.spend], abs=1e-5 * k)
        assert [r.unmet for r in second.responsive] == pytest.approx([r.unmet for r in first.responsive], abs=1e-5)


def test_two_floors_in_pounds_clash_and_are_repaired_in_pounds() -> None:
    content = example("two_floors")
    if content is None:
        return
    result = solve(parse_scenario(scaled(content, POUNDS)))
    assert [(r.promise, round(r.change / POUNDS, 6)) for r in result.repairs] == [
        ("floor[health_visiting,1]", -25.0),
        ("floor[asl,1]", -25.0),
        ("budget[council,1]", 25.0),
    ]
    assert "80,000,000 + 60,000,000 = 140,000,000; its budget is 120,000,000" in result.messages[1]


@pytest.mark.parametrize("goal", ["outcome", "cost", "prevention_spend"])
def test_a_workable_scale_and_a_fairness_rule_hold_in_pounds(goal: str) -> None:
    content = {**copy.deepcopy(SMALL), "objective": {"kind": goal}}
    content["prevention"][0] |= {"min_scale": 12.0, "capacity": 40.0}
    content["equity"] = [{"id": "gap", "kind": "gap", "per_child": {"G1": 0.1}, "max": 1.5}]
    first, second = solve(parse_scenario(content)), solve(parse_scenario(scaled(content, POUNDS)))
    assert second.status == first.status == "optimal"
    factor = 1.0 if goal == "outcome" else POUNDS
    assert second.objective == pytest.approx(factor * (first.objective or 0.0), rel=1e-6, abs=1e-6 * factor)


@pytest.mark.parametrize("k", [1.0, 1e3])
def test_a_scenario_of_ordinary_size_is_given_to_the_solver_as_it_stands(k: float) -> None:
    model = build(parse_scenario(scaled(SMALL, k)))
    matrix, exact = Matrix.of(model), accuracy()
    session = Session(matrix, exact.certificate, exact.solver)
    assert set(matrix.unit) == set(session.row_unit) == {1.0}


def test_units_of_large_money_are_one_power_of_two_and_need_is_left_alone() -> None:
    model = build(parse_scenario(scaled(SMALL, POUNDS)))
    unit = units(model)
    spend = {float(unit[model.column[v.id]]) for family in ("x", "z", "F", "under") for v in model.vars[family].values()}
    need = {float(unit[model.column[v.id]]) for family in ("m", "u", "r", "Q", "cap") for v in model.vars[family].values()}
    # a budget of 120 million, brought under a hundred thousand
    assert spend == {2048.0}
    assert need == {1.0}


def test_a_limit_that_limits_nothing_does_not_make_money_large() -> None:
    content = copy.deepcopy(SMALL)
    content["prevention"][0]["capacity"] = 1e12
    assert largest_money(parse_scenario(content)) == largest_money(parse_scenario(SMALL))
    assert solve(parse_scenario(content)).objective == solve(parse_scenario(SMALL)).objective


@pytest.mark.parametrize("seed", [84, 184])
def test_money_in_a_very_large_unit_has_the_same_answer_at_every_stage(seed: int) -> None:
    # a small sum is worth much need then: the rounding of such prices is not to be taken for prices
    content, k = random_scenario(seed), 1e-6
    first, second = solve(parse_scenario(content)), solve(parse_scenario(scaled(content, k)))
    assert [r.unmet for r in second.responsive] == pytest.approx([r.unmet for r in first.responsive], abs=1e-5)
    assert second.stages["least spend"] == pytest.approx(k * first.stages["least spend"], rel=1e-6)


class _Lost(Session):
    """A solver that finds no end to a cost once something is held: always, or only where that is held by its prices."""

    always = False

    def hold(self, cost: Any, solved: Solved) -> None:
        super().hold(cost, solved)
        self.lost = True

    def cap(self, cost: Any, most: float) -> None:
        super().cap(cost, most)
        self.lost = self.always

    def solve(self, cost: Any) -> Solved:
        none = np.zeros(0)
        return Solved(Status.UNBOUNDED, none, none, np.nan) if getattr(self, "lost", False) else super().solve(cost)


def test_that_a_held_stage_has_no_limit_is_believed_only_when_rows_say_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    content, exact = random_scenario(84), accuracy()
    model = build(parse_scenario(content))
    expected = solve(parse_scenario(content)).stages
    run = through(model, _Lost(Matrix.of(model), exact.certificate, exact.solver), exact)
    assert run.status is Status.OPTIMAL
    assert run.stages["unmet need, year 3"] == pytest.approx(expected["unmet need, year 3"], abs=1e-6)
    monkeypatch.setattr("rcs_core.workshop.scenario.stages.Session", _Lost)
    monkeypatch.setattr(_Lost, "always", True)
    with pytest.raises(SolverError, match="never less than nothing"):
        through(model, _Lost(Matrix.of(model), exact.certificate, exact.solver), exact)
