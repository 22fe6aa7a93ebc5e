"""What must be true of every scenario, whatever its numbers."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.workshop.scenario import Result, parse_scenario, solve
from tests.workshop.scenario_cases import random_scenario

SEEDS = st.integers(0, 100_000)
few = settings(max_examples=15, deadline=None, derandomize=True)


def answer(content: dict[str, Any]) -> Result:
    return solve(parse_scenario(content))


def worth(result: Result, horizon: int) -> list[float]:
    """Unmet need year by year and then what the plan minimises: the order in which plans are better."""
    if any(k.startswith("unmet need") for k in result.stages):
        unmet = [sum(r.unmet for r in result.responsive if r.year == t) for t in range(1, horizon + 1)]
    else:
        unmet = [0.0] * horizon
    return [*unmet, result.stages["objective"]]


def no_worse(better: Result, worse: Result, horizon: int) -> None:
    """A plan that had more to choose from is no worse; if the poorer one was possible so is this."""
    if worse.status != "optimal":
        return
    assert better.status == "optimal"
    for a, b in zip(worth(better, horizon), worth(worse, horizon), strict=True):
        close = 1e-5 * (1 + abs(b))
        assert a <= b + close
        if a < b - close:
            return


def times(value: Any, k: float) -> Any:
    return [times(v, k) for v in value] if isinstance(value, list) else None if value is None else value * k


@few
@given(SEEDS, st.floats(1.0, 2.0))
def test_more_budget_is_never_worse(seed: int, more: float) -> None:
    content = random_scenario(seed)
    richer = copy.deepcopy(content)
    for agency in richer["agencies"]:
        agency["budget"] = times(agency["budget"], more)
    no_worse(answer(richer), answer(content), content["horizon"])


@few
@given(SEEDS, st.sampled_from(["floor", "capacity", "ramp_up", "ramp_down", "pools", "equity", "share_target", "cap_max"]))
def test_a_promise_less_is_never_worse(seed: int, key: str) -> None:
    content = random_scenario(seed)
    freer = copy.deepcopy(content)
    if key == "pools":
        for pool in freer.get("pools", []):
            pool["contrib_max"] = {a: times(v, 3.0) for a, v in pool["contrib_max"].items()}
    elif key in ("equity", "share_target"):
        gone = (key, "share_penalty") if key == "share_target" else (key,)
        freer = {k: v for k, v in freer.items() if k not in gone}
    else:
        for service in [*freer["prevention"], *freer["acute"]]:
            service.pop(key, None)
            if key == "ramp_up":
                service.pop("ramp_abs", None)
    no_worse(answer(freer), answer(content), content["horizon"])


@few
@given(SEEDS)
def test_a_pool_is_never_worse_than_none(seed: int) -> None:
    content = random_scenario(seed)
    without = {k: v for k, v in content.items() if k != "pools"}
    agencies = [a["id"] for a in content["agencies"]]
    services = [p["id"] for p in content["prevention"]]
    pool = {"id": "all", "contrib_max": dict.fromkeys(agencies, 20.0), "draw": dict.fromkeys(agencies, services), "seed": 0.0}
    no_worse(answer({**without, "pools": [pool]}), answer(without), content["horizon"])


@few
@given(SEEDS)
def test_more_cashability_is_never_worse(seed: int) -> None:
    content = random_scenario(seed)
    content = {k: v for k, v in content.items() if k not in ("pools", "ringfences", "workforce")}
    for service in content["acute"]:
        service.pop("floor", None)
        service["cashable"] = 0.4
    more = copy.deepcopy(content)
    for service in more["acute"]:
        service["cashable"] = 0.9
    no_worse(answer(more), answer(content), content["horizon"])


@few
@given(SEEDS)
def test_names_and_order_mean_nothing(seed: int) -> None:
    content = random_scenario(seed)
    first = answer(content)
    text = json.dumps(content)
    for old, new in (("P0", "zebra"), ("P1", "Ä b,c"), ("C0", "P0"), ("A0", "x"), ("A1", "A0"), ("G0", "g"), ("L0", "loc")):
        text = text.replace(f'"{old}"', f'"{new}"')
    renamed = json.loads(text)
    shuffle = random.Random(seed)
    for key in ("agencies", "prevention", "acute", "groups", "localities", "equity"):
        shuffle.shuffle(renamed[key])
    second = answer(renamed)
    assert second.status == first.status
    if first.status == "optimal":
        assert second.objective == pytest.approx(first.objective, rel=1e-6, abs=1e-6)
    else:
        assert first.conflict
        assert second.conflict


def scaled(content: dict[str, Any], k: float) -> dict[str, Any]:
    """The same scenario in another unit of money."""
    s = copy.deepcopy(content)
    priced = s["objective"]["kind"] != "outcome"
    for p in s["prevention"]:
        p["agencies"] = {a: {loc: v * k for loc, v in by.items()} for a, by in p["agencies"].items()}
        p["base_reach"] = {g: {loc: v * k for loc, v in by.items()} for g, by in p.get("base_reach", {}).items()}
        p["segments"] = {
            g: {loc: [[times(w, k), b / k] for w, b in v] for loc, v in by.items()} for g, by in p["segments"].items()
        }
        p |= {key: times(p[key], k) for key in ("ramp_abs", "capacity", "floor", "min_scale") if key in p}
    for d in s["acute"]:
        d |= {key: times(d[key], k) for key in ("unit_cost", "new_cost", "decommission_cost", "floor") if key in d}
        d["penalty"] = times(d["penalty"], k) if priced else d["penalty"]
    for a in s["agencies"]:
        a |= {key: times(a[key], k) for key in ("budget", "reserve_max") if key in a}
    for pool in s.get("pools", []):
        pool |= {"seed": times(pool.get("seed", 0.0), k), "contrib_max": {a: times(v, k) for a, v in pool["contrib_max"].items()}}
    for part in ("ringfences", "held"):
        for row in s.get(part, []):
            row["amount"] = times(row["amount"], k)
    for staff in s.get("workforce", []):
        staff["per_pound"] = {i: v / k for i, v in staff["per_pound"].items()}
    if s.get("share_penalty") is not None and not priced:
        s["share_penalty"] = times(s["share_penalty"], 1 / k)
    return s


@few
@given(SEEDS, st.sampled_from([0.001, 0.1, 1000.0, 1e6]))
def test_another_unit_of_money_is_the_same_plan(seed: int, k: float) -> None:
    content = random_scenario(seed)
    first, second = answer(content), answer(scaled(content, k))
    assert second.status == first.status
    if first.status == "optimal":
        factor = 1.0 if content["objective"]["kind"] == "outcome" else k
        assert second.objective == pytest.approx(factor * (first.objective or 0.0), rel=1e-5, abs=1e-5 * factor)
    else:
        assert second.conflict == first.conflict
        money = parse_scenario(content).money
        for then, now in zip(first.repairs, second.repairs, strict=True):
            size = k if then.unit == money else 1.0
            assert now.change == pytest.approx(size * then.change, rel=1e-5, abs=1e-5 * size)


def halved(content: dict[str, Any]) -> dict[str, Any]:
    """The first preventative service as two identical halves."""
    s = copy.deepcopy(content)
    whole = s["prevention"].pop(0)
    half = copy.deepcopy(whole)
    half["agencies"] = {a: {loc: v / 2 for loc, v in by.items()} for a, by in whole["agencies"].items()}
    half["base_reach"] = {g: {loc: v / 2 for loc, v in by.items()} for g, by in whole["base_reach"].items()}
    half["segments"] = {g: {loc: [[w / 2, b] for w, b in v] for loc, v in by.items()} for g, by in whole["segments"].items()}
    half |= {key: times(half[key], 0.5) for key in ("ramp_abs", "capacity", "floor") if key in half}
    s["prevention"] += [half, {**copy.deepcopy(half), "id": "twin"}]
    for pool in s.get("pools", []):
        pool["draw"] = {a: [*v, "twin"] if whole["id"] in v else v for a, v in pool["draw"].items()}
    for ring in s.get("ringfences", []):
        ring["services"] += ["twin"] if whole["id"] in ring["services"] else []
    for staff in s.get("workforce", []):
        if whole["id"] in staff["per_pound"]:
            staff["per_pound"]["twin"] = staff["per_pound"][whole["id"]]
    return s


@few
@given(SEEDS)
def test_a_service_split_in_two_identical_halves_changes_nothing(seed: int) -> None:
    content = random_scenario(seed)
    first, second = answer(content), answer(halved(content))
    assert second.status == first.status
    if first.status == "optimal":
        assert second.objective == pytest.approx(first.objective, rel=1e-6, abs=1e-6)


@few
@given(SEEDS)
def test_without_effect_nothing_grows_unless_a_promise_asks(seed: int) -> None:
    content = {**random_scenario(seed), "objective": {"kind": "outcome"}, "equity": []}
    content = {k: v for k, v in content.items() if k not in ("share_target", "share_penalty", "ringfences")}
    for service in content["prevention"]:
        service["segments"] = {g: {p: [[w, 0.0] for w, _ in v] for p, v in by.items()} for g, by in service["segments"].items()}
    result = answer(content)
    before = {p["id"]: sum(v for by in p["agencies"].values() for v in by.values()) for p in content["prevention"]}
    for service, start in before.items():
        for t in range(1, content["horizon"] + 1):
            spent = sum(line.amount for line in result.spend if line.service == service and line.year == t)
            assert spent <= start + 1e-6


@few
@given(SEEDS)
def test_every_purse_accounts_for_every_pound(seed: int) -> None:
    content = random_scenario(seed)
    result = answer(content)
    assume(result.status == "optimal")
    acute = {c["id"]: c for c in content["acute"]}
    for p in result.purses:
        goes = p.prevention + p.responsive + p.held + p.change_costs + p.contributed + p.leaked + p.carried + p.underspend
        assert goes == pytest.approx(p.budget + p.brought + p.drawn, abs=1e-6)
        assert p.underspend >= 0
        assert p.prevention == pytest.approx(
            sum(line.amount for line in result.spend if (line.agency, line.year) == (p.agency, p.year)), abs=1e-9
        )
        paid = sum(acute[r.service]["payer"].get(p.agency, 0.0) * r.cost for r in result.responsive if r.year == p.year)
        assert p.responsive == pytest.approx(paid, abs=1e-9)
    for pool in content.get("pools", []):
        for t in range(1, content["horizon"] + 1):
            lines = [line for line in result.pools if (line.pool, line.year) == (pool["id"], t)]
            assert sum(x.draw for x in lines) <= sum(x.contribution for x in lines) + pool["seed"] + 1e-6


@few
@given(SEEDS)
def test_need_is_accounted_for_and_the_first_year_is_untouched_by_a_later_effect(seed: int) -> None:
    content = random_scenario(seed)
    for service in content["prevention"]:
        service["lag"] = max(1, service["lag"])
    result = answer(content)
    for line in result.responsive:
        need = next(c for c in content["acute"] if c["id"] == line.service)["demand"][line.locality]
        before = sum(n[line.year - 1] if isinstance(n, list) else n for n in need.values())
        assert line.met + line.unmet + line.reduction >= before - 1e-6
        if line.year == 1:
            assert line.reduction == pytest.approx(0.0, abs=1e-6)


@few
@given(SEEDS)
def test_the_best_response_of_a_group_is_used_first_and_the_figure_is_the_plans(seed: int) -> None:
    """The outcome worked out from the reported spend, for services that reach one group in one place."""
    content = {**random_scenario(seed), "objective": {"kind": "outcome"}, "equity": []}
    assume(len(content["groups"]) == len(content["localities"]) == 1)
    result = answer(content)
    assume(result.status == "optimal")
    total = 0.0
    for service in content["prevention"]:
        ((segments,),) = [list(by.values()) for by in service["segments"].values()]
        for t in range(1, content["horizon"] + 1):
            left = sum(line.amount for line in result.spend if (line.service, line.year) == (service["id"], t))
            for width, slope in segments:
                used = min(left, width)
                each = service["outcome"] * content["groups"][0]["weight"] * (1 + content["discount_rate"]) ** -(t - 1)
                total, left = total + each * slope * used, left - used
            assert left <= 1e-6
    assert result.objective == pytest.approx(total, rel=1e-6, abs=1e-6)
