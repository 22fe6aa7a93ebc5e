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
from tests.workshop.test_scenario_format import SMALL

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


def small(service: dict[str, Any] | None = None, acute: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The small scenario with some promises too many."""
    content = {**copy.deepcopy(SMALL), "first_year": "2026-27", **changes}
    content["prevention"][0] |= service or {}
    content["acute"][0] |= acute or {}
    return content


CLASHES = {
    "a share that care leaves no room for": (
        small(acute={"penalty": None}, share_target=[0.3, None]),
        "at least 30% of preventative and responsive spend is preventative; and all the need for homes is met.",
        "lower the preventative share asked for by 13.33 percentage points in 2026-27",
    ),
    "a floor that a ramp cannot reach": (
        small(service={"floor": [10.0, 0.0], "ramp_up": 0.1}),
        "at least 10 is spent on support; and council raises its spend on support by at most 10%.",
        "let council raise its spend on support by 10 (GBP thousand) more in 2026-27",
    ),
    "a cut that is too fast": (
        small(service={"agencies": {"council": {"L1": 20.0}}, "capacity": 5.0, "ramp_down": 0.1}),
        "council cuts its spend on support by at most 10%; and at most 5 is spent on support.",
        "let council cut its spend on support by 13 (GBP thousand) more in 2026-27",
    ),
    "too few places": (
        small(acute={"penalty": None, "cap_max": {"L1": 80.0}}),
        "all the need for homes is met; and homes has at most 80 places.",
        "raise the limit of homes by 20 (units of need) in 2026-27",
    ),
    "a pool that is too small": (
        small(
            acute={"penalty": None},
            agencies=[{"id": "council", "budget": 95.0}],
            pools=[{"id": "joint", "contrib_max": {}, "draw": {"council": ["homes"]}, "seed": 2.0}],
        ),
        "all the need for homes is met; the pool joint pays out no more than it holds; and council has a budget of 95.",
        # 3 are missing in year 1; 1.5 more buys the support without which year 2 would miss 3 as well
        "put 4.5 (GBP thousand) more into the pool joint in 2026-27",
    ),
    "an outcome out of reach": (
        small(objective={"kind": "cost", "outcome_target": 1000.0}),
        "This promise cannot hold: the outcome is at least 1,000.",
        "ask for 941.01 (units of outcome) less",
    ),
    "a gap that a floor widens a year later": (
        small(service={"floor": [10.0, 0.0]}, equity=[{"id": "gap", "kind": "gap", "per_child": {"G1": 1.0}, "max": 0.0}]),
        "the fairness rule gap holds in 2027-28; and at least 10 is spent on support in 2026-27.",
        "ease the fairness rule gap by 20 (units of effect) in 2027-28",
    ),
    "a floor beyond the response": (
        small(service={"floor": [50.0, 0.0]}),
        "This promise cannot hold in 2026-27: at least 50 is spent on support. The response of support ends at 30.",
        "lower the floor of support by 20 (GBP thousand) in 2026-27",
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_a_clash_and_its_repair_are_said_in_plain_words(name: str) -> None:
    content, clash, repair = CLASHES[name]
    said = " ".join(solve(parse_scenario(content)).messages)
    assert clash in said
    assert repair in said
    for word in ("infeasible", "IIS", "constraint", "row"):
        assert word not in said.replace("grow", "")


NURSES = [{"id": "nurses", "per_pound": {"homes": 1.0}, "available": [50.0, 200.0]}]
BEHIND = {
    "staff": (
        small(acute={"penalty": None}, workforce=NURSES),
        ["need[homes,G1,L1,1]"],
        "What stands behind this is no promise: the limit on nurses is 50 in 2026-27.",
    ),
    "a workable scale": (
        small(service={"min_scale": [10.0, 0.0], "floor": [5.0, 0.0], "capacity": [8.0, 30.0]}),
        ["floor[support,1]", "capacity[support,1]"],
        "What stands behind this is no promise: support runs at 10 or more, or not at all, in 2026-27.",
    ),
}


@pytest.mark.parametrize("name", BEHIND)
def test_a_limit_that_is_no_promise_is_named_where_it_stands_behind_a_clash(name: str) -> None:
    content, clash, said = BEHIND[name]
    result = solve(parse_scenario(content))
    assert list(result.conflict or ()) == clash
    assert said in result.messages
    # asking what stands behind a clash leaves the limits as they were
    assert all(abs(repair.change) > 1 for repair in result.repairs)


def test_a_clash_of_promises_alone_names_no_limit() -> None:
    content = small(service={"floor": [5.0, 0.0], "capacity": [3.0, 30.0]}, workforce=NURSES)
    assert not any("no promise" in said for said in solve(parse_scenario(content)).messages)


def test_staff_too_few_whatever_is_promised_is_an_answer_and_not_a_breakdown() -> None:
    content = small(acute={"cashable": 0.0, "decommission_max": 0.0}, workforce=NURSES)
    result = solve(parse_scenario(content)).to_dict()
    assert (result["status"], result["conflict"], result["repairs"]) == ("infeasible", [], [])
    assert result["messages"] == [
        "No plan is possible whatever promise is let go: the limit on nurses is 50 in 2026-27.",
        "To fix: raise the limit on nurses, or let the services that need it close faster.",
    ]
