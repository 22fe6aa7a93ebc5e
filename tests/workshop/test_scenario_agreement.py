"""Five routes to one answer: the hot session, PuLP with HiGHS, simplex, interior point, the plan carried out; and brute force.

`routes` solves every stage afresh by each route. The tests here run a few random scenarios; hundreds agree the same way.
"""

import itertools
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import highspy
import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from rcs_core.workshop.scenario import Scenario, objective, parse_scenario, solve
from rcs_core.workshop.scenario.engine import accuracy
from rcs_core.workshop.scenario.model import Terms, build
from rcs_core.workshop.scenario.session import Matrix, Session, SolverError, Status, cost_of
from rcs_core.workshop.scenario.simulate import disagreement
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=10, deadline=None, derandomize=True)
EXACT: dict[str, Any] = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
LEEWAYS = (1e-9, 1e-8, 1e-7)
"""How far a later stage may move an earlier one's optimum: more where rounding shuts it out."""


def drawn(seed: int) -> dict[str, Any]:
    """A random scenario; one in four with an all-or-nothing service."""
    content = random_scenario(seed)
    if seed % 4 == 0:
        content["prevention"][0]["min_scale"] = 4.0
    return content


def aims(scenario: Scenario, model: Any) -> list[Terms]:
    """What the stages minimise, in their order, straight from the method: unmet need by year, then the objective."""
    if scenario.objective.priced:
        return [objective.goal(model)]
    years = [[(v, 1.0) for (*_, t), v in model.vars["u"].items() if t == year] for year in scenario.years]
    return [*years, objective.goal(model)]


def by_pulp(scenario: Scenario, leeway: float) -> float | None:
    """The last stage's optimum by PuLP's own interface to HiGHS, which builds anew for every stage."""
    model = build(scenario)
    for terms in aims(scenario, model):
        aim = model.expression(terms)
        model.problem.setObjective(aim)
        found = model.problem.solve(pulp.HiGHS(msg=False, gapRel=0.0, gapAbs=1e-9, **EXACT))
        if found.status is not pulp.LpSolveStatus.Optimal:
            return None
        best = pulp.value(aim) or 0.0
        if terms:
            model.problem.addConstraint(aim <= best + leeway * (1 + abs(best)), f"held {len(model.problem.constraints())}")
    return float(best)


def by_arrays(scenario: Scenario, leeway: float, method: str) -> float | None:
    """The last stage's optimum by scipy on the arrays of the programme, from nothing for every stage."""
    model = build(scenario)
    m, best = Matrix.of(model), 0.0
    rows, low, high = m.a, m.row_low, m.row_high
    for terms in aims(scenario, model):
        cost = cost_of(model, terms)
        found = one_stage(cost, (rows, low, high), m, method)
        if found is None:
            return None
        best = found
        rows = sparse.vstack([rows, sparse.csr_matrix(cost)], format="csr")
        low, high = np.append(low, -np.inf), np.append(high, best + leeway * (1 + abs(best)))
    return best


def one_stage(cost: np.ndarray, rows: tuple[Any, np.ndarray, np.ndarray], m: Matrix, method: str) -> float | None:
    a, low, high = rows
    if m.whole.any():
        limits = LinearConstraint(a, low, high), Bounds(m.low, m.high)
        found = milp(cost, integrality=m.whole.astype(int), constraints=limits[0], bounds=limits[1], options={"mip_rel_gap": 0})
    else:
        same = low == high
        up, down = ~same & np.isfinite(high), ~same & np.isfinite(low)
        less, most = sparse.vstack([a[up], -a[down]]), np.concatenate([high[up], -low[down]])
        bounds = np.column_stack([m.low, m.high])
        found = linprog(cost, less, most, a[same], low[same], bounds, method=method, options=EXACT)
    return float(found.fun) if found.status == 0 else None


def widened(scenario: Scenario, solve_by: Callable[[Scenario, float], float | None]) -> float | None:
    """The optimum by one route, with the least leeway that leaves a plan."""
    return next((best for leeway in LEEWAYS if (best := solve_by(scenario, leeway)) is not None), None)


def routes(content: dict[str, Any]) -> tuple[float | None, dict[str, float | None]]:
    """What the plan minimises, by the engine's hot session and by every other route; None where there is no plan."""
    scenario = parse_scenario({**content, "cautious": False})
    result = solve(scenario)
    arrays = {method: partial(by_arrays, method=method) for method in ("highs-ds", "highs-ipm")}
    found = {route: widened(scenario, solve_by) for route, solve_by in {"pulp": by_pulp, **arrays}.items()}
    if result.status is not Status.OPTIMAL:
        return None, found
    assert disagreement(scenario, result) <= 1e-6
    return result.stages["objective"], found


@few
@given(st.integers(0, 100_000))
def test_every_route_reaches_the_same_optimum(seed: int) -> None:
    best, found = routes(drawn(seed))
    for route, value in found.items():
        assert (value is None) == (best is None), route
        if best is not None:
            assert value == pytest.approx(best, rel=1e-6, abs=1e-6), route


def test_a_solve_that_stops_undecided_is_made_once_more_from_nothing() -> None:
    exact = accuracy()
    session = Session(Matrix.of(build(parse_scenario(SMALL))), exact.certificate, exact.solver)
    answers, known = [highspy.HighsModelStatus.kUnknown], session.highs.getModelStatus
    session.highs.getModelStatus = lambda: answers.pop() if answers else known()
    assert session.possible()
    session.highs.getModelStatus = lambda: highspy.HighsModelStatus.kUnknown
    with pytest.raises(SolverError, match="the solver stopped without an answer"):
        session.possible()


GRID = 0.5


def tiny(seed: int) -> dict[str, Any]:
    """Two services, two years, one purse, in whole pounds: an optimum stands on a grid of half pounds."""
    rnd = random.Random(seed)
    need = [2.0 * rnd.randint(4, 7) for _ in range(2)]
    prevention = [_tiny_service(rnd, f"P{i}") for i in range(2)]
    return {
        "horizon": 2, "discount_rate": rnd.choice([0.0, 0.035]), "localities": ["L"], "groups": [{"id": "G"}],
        "agencies": [{"id": "A", "budget": [n + rnd.randint(-2, 7) for n in need]}], "prevention": prevention,
        "acute": [
            {"id": "C", "unit_cost": 1.0, "payer": {"A": 1.0}, "demand": {"L": {"G": need}}, "cashable": 1.0,
             "decommission_max": 1.0, "preventable": rnd.choice([0.5, 1.0]), "penalty": None}
        ],
        "objective": {"kind": rnd.choice(["outcome", "cost", "prevention_spend"])},
    }  # fmt: skip


def _tiny_service(rnd: random.Random, name: str) -> dict[str, Any]:
    slopes = sorted(rnd.choices([2.0, 1.0, 0.0], k=2), reverse=True)
    base = float(rnd.randint(0, 2))
    found: dict[str, Any] = {
        "id": name, "agencies": {"A": {"L": base}}, "base_reach": {"G": {"L": base}},
        "segments": {"G": {"L": [[float(rnd.randint(1, 3)), slope] for slope in slopes]}},
        "lag": rnd.randint(0, 1), "retention": 0.0, "acts_on": {"C": 1.0}, "outcome": float(rnd.randint(0, 2)),
    }  # fmt: skip
    options = [("min_scale", 2.0), ("floor", 1.0), ("capacity", 4.0), ("ramp_abs", 2.0), ("ramp_down", 0.0), ("q", 0.5)]
    return found | {key: value for key, value in options if rnd.random() < 0.35}


def brute(content: dict[str, Any]) -> float | None:
    """The best of all plans on the grid, by the words of the format alone; None when no plan on it is possible."""
    services, care, money = content["prevention"], content["acute"][0], content["agencies"][0]["budget"]
    most = [int(sum(w for w, _ in s["segments"]["G"]["L"]) / GRID) for s in services]
    axes = [GRID * np.arange(m + 1) for m in most for _ in range(2)]
    x = np.meshgrid(*axes, indexing="ij", sparse=True)
    spend = [[x[2 * i + t] for t in range(2)] for i in range(2)]
    effect = [[_effect(s, spend[i][t]) for t in range(2)] for i, s in enumerate(services)]
    fits = np.ones([len(axis) for axis in axes], dtype=bool)
    total = np.zeros_like(fits, dtype=float)
    for t, (need, factor) in enumerate(zip(care["demand"]["L"]["G"], (1.0, 1 / (1 + content["discount_rate"])), strict=True)):
        stock = sum(_acting(s, effect[i], t) for i, s in enumerate(services))
        cost = need - np.minimum(stock, care["preventable"] * need)
        fits = fits & (spend[0][t] + spend[1][t] + cost <= money[t] + 1e-9)
        kind = content["objective"]["kind"]
        if kind == "outcome":
            total = total + factor * sum(s.get("outcome", 1.0) * effect[i][t] for i, s in enumerate(services))
        elif kind == "cost":
            total = total - factor * (spend[0][t] + spend[1][t] + cost)
        else:
            total = total + sum(s.get("q", 1.0) * spend[i][t] for i, s in enumerate(services))
    for service, years in zip(services, spend, strict=True):
        fits = fits & _kept(service, years)
    best = float(np.where(fits, total, -np.inf).max())
    return None if best == -np.inf else -best if content["objective"]["kind"] == "cost" else best


def _effect(service: dict[str, Any], spend: Any) -> Any:
    (width, first), (_, second) = service["segments"]["G"]["L"]
    return first * np.minimum(spend, width) + second * np.maximum(spend - width, 0.0)


def _acting(service: dict[str, Any], effect: list[Any], t: int) -> Any:
    bought = t - service["lag"]
    return 0.0 if bought < 0 else effect[bought] - _effect(service, service["base_reach"]["G"]["L"])


def _kept(service: dict[str, Any], years: list[Any]) -> Any:
    """Whether the promises and the scale of a service hold."""
    fits: Any = True
    for before, now in itertools.pairwise([service["agencies"]["A"]["L"], *years]):
        if "min_scale" in service:
            fits = fits & ((now == 0) | (now >= service["min_scale"]))
        fits = fits & (now >= service.get("floor", 0.0)) & (now <= service.get("capacity", np.inf))
        if "ramp_abs" in service:
            fits = fits & (now <= before + service["ramp_abs"])
        if "ramp_down" in service:
            fits = fits & (now >= before)
    return fits


@settings(few, max_examples=25)
@given(st.integers(0, 100_000))
def test_brute_force_over_every_plan_of_a_tiny_scenario_finds_no_better(seed: int) -> None:
    content = tiny(seed)
    result = solve(parse_scenario(content))
    best = brute(content)
    assert (result.objective is None) == (best is None)
    if best is not None:
        assert result.objective == pytest.approx(best, abs=1e-6)
