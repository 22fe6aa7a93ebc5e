"""The page that derives the formulation names every row, and its worked plan is the plan that is solved and carried out."""

import re

import pytest

from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.fixed_plan import plan_of
from rcs_core.workshop.scenario.model import build
from rcs_core.workshop.scenario.prices import prices
from rcs_core.workshop.scenario.simulate import simulate
from tests.conftest import ROOT
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_by_hand import LATER, RUNNING, case, costs, solved, spent
from tests.workshop.test_scenario_format import SMALL

PAGE = (ROOT / "docs" / "methods" / "formulation.md").read_text(encoding="utf-8")


def test_every_row_that_the_programme_makes_is_derived_on_its_page() -> None:
    families: set[str] = set()
    promised: set[str] = set()
    for seed in range(60):
        content = random_scenario(seed)
        content["equity"] = [*content["equity"], {"id": "more", "kind": "gap", "per_child": {"G0": 0.1}, "max": 1e6}]
        content["prevention"][0]["min_scale"] = 1.0
        for about in build(parse_scenario(content)).rows:
            (families if about.promise is None else promised).add(about.family)
    assert len(families | promised) > 20
    assert [f for f in families | promised if f"`{f}[" not in PAGE and f != "outcome_target"] == []
    assert [f for f in promised if not re.search(rf"`{f}(\[[a-z,]+,year\]|\[year\])?`", PAGE)] == []


def test_the_plan_worked_on_the_page_is_the_plan_that_is_solved_and_carried_out() -> None:
    scenario = parse_scenario(SMALL)
    result = solve(scenario)
    ran, lines = simulate(scenario, plan_of(scenario, result)), result.responsive
    reach = spent(result)
    price = prices(scenario)
    computed = {
        "x": reach, "z, first": [min(v, 10) for v in reach], "z, second": [max(v - 10, 0) for v in reach],
        "Q": ran.stock["support", "G1", "L1"][0].tolist(), "r": [r.reduction for r in lines], "m": [r.met for r in lines],
        "u,": [r.unmet for r in lines], "cap": [r.capacity for r in lines], "F": costs(result),
        "under": [p.underspend for p in result.purses], "effect": [2 * min(v, 10) + 0.5 * max(v - 10, 0) for v in reach],
        "discount": [1.0, LATER], "price": [price["budget[council,1]"], price["budget[council,2]"]],
    }  # fmt: skip
    rows = re.findall(r"^\| (.+?) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == len(computed)
    for (label, first, second), (name, values) in zip(rows, computed.items(), strict=True):
        assert label.startswith(name)
        assert [float(first), float(second)] == pytest.approx(values, abs=1e-6), label
    assert f"= {result.objective:.6f}" in PAGE
    cut = solved(case(RUNNING, agencies=[{"id": "council", "budget": 115.0}]))
    assert f"= {cut.objective:.6f}" in PAGE
