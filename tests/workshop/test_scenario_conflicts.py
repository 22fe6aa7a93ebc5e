"""What cannot hold is said as the fewest promises, and each repair is the smallest that repairs."""

import copy
import json
import math
from typing import Any

import pytest

from rcs_core.workshop.scenario import parse_scenario, solve
from tests.shared import shared_file
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.scenario_reference import reference

SEEDS = range(60)


class AllBut:
    """Every promise id but a few: what a reference run leaves out."""

    def __init__(self, kept: list[str]) -> None:
        self.kept = kept

    def __contains__(self, promise: object) -> bool:
        return promise not in self.kept


def impossible(seeds: range = SEEDS) -> list[int]:
    return [seed for seed in seeds if reference(random_scenario(seed))[0] == "infeasible"]


def test_two_floors_and_a_budget_clash_and_nothing_else() -> None:
    path = shared_file("methods/examples/scenario/two_floors.json")
    if path is None:
        return
    expected = json.loads(path.with_suffix("").with_suffix(".expected.json").read_text())
    result = solve(parse_scenario(json.loads(path.read_text()))).to_dict()
    assert result["status"] == expected["status"]
    assert result["objective"] is None
    assert result["conflict"] == expected["conflict"]
    assert result["messages"][0].startswith("These three promises cannot all hold in year 1: ")
    assert "80 + 60 = 140; its budget is 120" in result["messages"][1]
    # 85 is needed elsewhere in the budget of 120: 80 + 60 + 5 - 120
    assert [(r["promise"], round(r["change"], 6)) for r in result["repairs"]] == [
        ("floor[health_visiting,1]", -25.0),
        ("floor[asl,1]", -25.0),
        ("budget[council,1]", 25.0),
    ]
    assert "infeasible" not in " ".join(result["messages"]).lower()


@pytest.mark.parametrize("seed", impossible())
def test_a_conflict_cannot_hold_and_without_any_one_of_it_can(seed: int) -> None:
    content = random_scenario(seed)
    conflict = solve(parse_scenario(content)).conflict
    assert conflict
    assert reference(content, AllBut(list(conflict)))[0] == "infeasible"
    for promise in conflict:
        rest = AllBut([p for p in conflict if p != promise])
        assert reference(content, rest)[0] != "infeasible", promise


@pytest.mark.parametrize("seed", impossible())
def test_a_repair_repairs_and_nine_tenths_of_it_does_not(seed: int) -> None:
    content = random_scenario(seed)
    result = solve(parse_scenario(content))
    if "though others remain" in result.messages[-1]:
        return
    for repair in result.repairs:
        enough = repair.change + math.copysign(1e-6 * (1 + abs(repair.change)), repair.change)
        assert status_after(content, repair.promise, enough) == "optimal", repair
        if abs(repair.change) > 1e-3:
            assert status_after(content, repair.promise, 0.9 * repair.change) == "infeasible", repair


def parts_of(promise: str) -> tuple[str, list[str]]:
    """The family of a promise id and what stands in its brackets."""
    family, _, inner = promise.partition("[")
    return family, inner.removesuffix("]").split(",") if inner else []


def status_after(content: dict[str, Any], promise: str, change: float) -> str:
    """What becomes of the scenario when one promise is eased by a change."""
    if parts_of(promise)[0] in ("need", "rampup", "rampdn"):
        return reference(content, ease={promise: abs(change)})[0]
    return reference(applied(content, promise, change))[0]


def applied(content: dict[str, Any], promise: str, change: float) -> dict[str, Any]:
    """The scenario with a change added to the number that a promise is made of."""
    made = copy.deepcopy(content)
    family, inner = parts_of(promise)
    if family == "outcome_target":
        made["objective"]["outcome_target"] += change
        return made
    t, horizon = int(inner[-1]), made["horizon"]

    def move(holder: dict[str, Any], key: str, by: float = change) -> None:
        now = holder.get(key)
        values = list(now) if isinstance(now, list) else [now or 0.0] * horizon
        values[t - 1] = (values[t - 1] or 0.0) + by
        holder[key] = values

    def by_id(part: str) -> dict[str, Any]:
        return next(x for x in made[part] if x["id"] == inner[0])

    if family == "share":
        move(made, "share_target")
    elif family in ("floor", "capacity") and any(c["id"] == inner[0] for c in made["acute"]):
        acute = by_id("acute")
        if family == "floor":
            move(acute, "floor")
        else:
            move(acute["cap_max"], next(iter(acute["cap_max"])))
    elif family in ("floor", "capacity"):
        move(by_id("prevention"), family)
    elif family == "equity":
        rule = by_id("equity")
        move(rule, {"group_share": "min", "locality_band": "eps", "gap": "max"}[rule["kind"]])
    else:
        part, key = {"budget": ("agencies", "budget"), "ring": ("ringfences", "amount"), "pool": ("pools", "seed")}[family]
        move(by_id(part), key)
    return made
