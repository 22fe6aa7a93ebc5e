"""What must be true of every scenario, whatever its numbers."""

import copy
import importlib
import json
import random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.workshop.scenario import Result, objective, parse_scenario, solve
from rcs_core.workshop.scenario.engine import accuracy
from rcs_core.workshop.scenario.model import build
from rcs_core.workshop.scenario.session import Matrix, Session, Status, cost_of
from tests.workshop.scenario_cases import random_scenario

SEEDS = st.integers(0, 100_000)
few = settings(max_examples=15, deadline=None, derandomize=True)

LAWS = {
    "more budget is never worse": "properties.test_more_budget_is_never_worse",
    "relaxing a row is never worse": "properties.test_a_promise_less_is_never_worse",
    "scaling money scales money": "properties.test_another_unit_of_money_is_the_same_plan",
    "relabelling and permuting change nothing": "properties.test_names_and_order_mean_nothing",
    "two identical halves change nothing": "properties.test_a_service_split_in_two_identical_halves_changes_nothing",
    "no effect, no shift": "properties.test_without_effect_nothing_grows_unless_a_promise_asks",
    "unless a share target asks": "properties.test_without_effect_a_share_target_alone_makes_spend_grow",
    "more cashability is never worse": "properties.test_more_cashability_is_never_worse",
    "allowing a pool is never worse": "properties.test_a_pool_is_never_worse_than_none",
    "a later effect leaves year 1 untouched": (
        "properties.test_need_is_accounted_for_and_the_first_year_is_untouched_by_a_later_effect"
    ),
    "the simulator is the programme": "simulate.test_the_plan_carried_out_gives_the_figures_of_the_solved_plan",
    "duals are finite differences": "prices.test_a_price_is_what_a_second_formulation_gains_by_a_small_step",
    "duals lie between both sides of a corner": "prices.test_a_price_lies_between_what_easing_gains_and_tightening_loses",
    "simplex is interior point": "agreement.test_every_route_reaches_the_same_optimum",
    "hot is cold": "properties.test_a_session_that_has_solved_before_finds_what_a_fresh_one_finds",
    "purses conserve money": "properties.test_every_purse_accounts_for_every_pound",
    "a conflict is minimal": "conflicts.test_a_conflict_cannot_hold_and_without_any_one_of_it_can",
}
"""Every law that the method lists, and the test that holds the engine to it."""


@pytest.mark.parametrize("law", LAWS)
def test_every_law_of_the_method_has_its_test(law: str) -> None:
    module, _, name = LAWS[law].partition(".")
    assert callable(getattr(importlib.import_module(f"tests.workshop.test_scenario_{module}"), name))


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


LET_GO = {
    "of a service": ("floor", "capacity", "ramp_up", "ramp_down", "cap_max", "setup_cost", "exit_cost", "new_cost"),
    "of all": ("equity", "share_target", "ringfences", "workforce", "held"),
    "of an agency": ("leak", "reserve_max"),
    "of a pool": ("contrib_max", "seed"),
    "of closing": ("decommission_max", "decommission_cost"),
}


@settings(few, max_examples=20)
@given(SEEDS, st.sampled_from([(of, key) for of, keys in LET_GO.items() for key in keys]))
def test_a_promise_less_is_never_worse(seed: int, what: tuple[str, str]) -> None:
    content, (of, key) = random_scenario(seed), what
    assume(f'"{key}"' in json.dumps(content))
    no_worse(answer(freer(content, of, key)), answer(content), content["horizon"])


def freer(content: dict[str, Any], of: str, key: str) -> dict[str, Any]:
    """The scenario with one limit let go or widened."""
    made = copy.deepcopy(content)
    if of == "of all":
        gone = (key, "share_penalty") if key == "share_target" else (key,)
        return {k: v for k, v in made.items() if k not in gone}
    for agency in made["agencies"] if of == "of an agency" else []:
        agency[key] = 0.0 if key == "leak" else 40.0
    for pool in made.get("pools", []) if of == "of a pool" else []:
        pool[key] = {a: times(v, 3.0) for a, v in pool[key].items()} if key == "contrib_max" else pool[key] + 5.0
    for service in made["acute"] if of == "of closing" else []:
        service[key] = 1.0 if key == "decommission_max" else 0.0
    for service in [*made["prevention"], *made["acute"]] if of == "of a service" else []:
        service.pop(key, None)
        if key == "ramp_up":
            service.pop("ramp_abs", None)
    return made


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
@given(SEEDS, st.floats(0.1, 0.6))
def test_without_effect_a_share_target_alone_makes_spend_grow(seed: int, share: float) -> None:
    content = {**random_scenario(seed), "objective": {"kind": "cost"}, "equity": []}
    content = {k: v for k, v in content.items() if k not in ("share_penalty", "ringfences", "workforce", "pools")}
    content |= {"horizon": 1, "share_target": None}
    content = json.loads(json.dumps(content), object_hook=first_year)
    for service in content["prevention"]:
        service["segments"] = {g: {p: [[None, 0.0]] for p in by} for g, by in service["segments"].items()}
        for key in ("ramp_up", "ramp_abs", "ramp_down", "capacity", "floor", "q", "setup_cost", "exit_cost"):
            service.pop(key, None)
    for agency in content["agencies"]:
        agency["budget"] = None
    asked = answer({**content, "share_target": [share]})
    spent, care = sum(line.amount for line in asked.spend), sum(line.cost for line in asked.responsive)
    assert sum(line.amount for line in answer(content).spend) == pytest.approx(0.0, abs=1e-6)
    assert spent == pytest.approx(share * (spent + care), rel=1e-6)


def first_year(made: dict[str, Any]) -> dict[str, Any]:
    """Numbers by year as those of the first."""
    plain = {"segments", "agencies"}
    numbers = {k: v[0] for k, v in made.items() if k not in plain and isinstance(v, list) and v and isinstance(v[0], float)}
    return {**made, **numbers}


@few
@given(SEEDS)
def test_a_session_that_has_solved_before_finds_what_a_fresh_one_finds(seed: int) -> None:
    model, exact = build(parse_scenario(random_scenario(seed))), accuracy()
    hot = Session(Matrix.of(model), exact.certificate, exact.solver)
    aims = [objective.goal(model), objective.spend(model), objective.unmet(model, 1), objective.goal(model)]
    for terms in aims:
        cost = cost_of(model, terms)
        again, fresh = hot.solve(cost), Session(Matrix.of(model), exact.certificate, exact.solver).solve(cost)
        assert again.status is fresh.status
        if again.status is Status.OPTIMAL:
            assert again.objective == pytest.approx(fresh.objective, rel=1e-7, abs=1e-7)


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
