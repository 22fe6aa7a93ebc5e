"""Random small scenarios that between them use every key of the interchange format."""

import random
from typing import Any


def random_scenario(seed: int) -> dict[str, Any]:
    """One scenario, feasible or not; about half of the optional keys are there in any one."""
    rnd = random.Random(seed)
    horizon = rnd.randint(1, 4)
    places = [f"L{i}" for i in range(rnd.randint(1, 2))]
    groups = [f"G{i}" for i in range(rnd.randint(1, 2))]
    agencies = [f"A{i}" for i in range(rnd.randint(1, 3))]

    def some() -> bool:
        return rnd.random() < 0.35

    def per_year(value: float) -> float | list[float]:
        return [round(value * rnd.uniform(0.9, 1.1), 3) for _ in range(horizon)] if some() else round(value, 3)

    acute = [_acute(rnd, f"C{i}", places, groups, agencies, per_year) for i in range(rnd.randint(1, 2))]
    prevention = [_prevention(rnd, f"P{i}", places, groups, agencies, acute, per_year) for i in range(rnd.randint(1, 3))]
    scenario: dict[str, Any] = {
        "horizon": horizon,
        "discount_rate": rnd.choice([0.0, 0.035]),
        "localities": places,
        "groups": [{"id": g, "weight": rnd.choice([1.0, 2.0])} for g in groups],
        "agencies": [],
        "prevention": prevention,
        "acute": acute,
        "objective": {"kind": rnd.choice(["outcome", "outcome", "cost", "prevention_spend"])},
    }
    for a in agencies:
        spent = sum(sum(p["agencies"].get(a, {}).values()) for p in prevention)
        spent += sum(c["payer"].get(a, 0) * c["unit_cost"] * _need(c) for c in acute)
        agency: dict[str, Any] = {"id": a, "budget": per_year(spent * rnd.uniform(0.85, 1.5) + 5)}
        agency |= {"leak": rnd.choice([0.2, 1.0])} if some() else {}
        agency |= {"reserve_max": 10.0} if some() else {}
        scenario["agencies"].append(agency)
    _goal(rnd, scenario, some)
    _extras(rnd, scenario, some, per_year)
    return scenario


def _need(acute: dict[str, Any]) -> float:
    needs = [n for by in acute["demand"].values() for n in by.values()]
    return sum(n[0] if isinstance(n, list) else n for n in needs)


def _acute(rnd: random.Random, name: str, places: list[str], groups: list[str], agencies: list[str], per_year: Any) -> dict:
    payers = rnd.sample(agencies, rnd.randint(1, min(2, len(agencies))))
    found: dict[str, Any] = {
        "id": name,
        "unit_cost": rnd.choice([1.0, 3.5]),
        "payer": {a: 1 / len(payers) for a in payers},
        "demand": {p: {g: per_year(rnd.uniform(10, 40)) for g in groups} for p in places},
        "cashable": rnd.choice([0.0, 0.4, 1.0]),
        "decommission_max": rnd.choice([0.0, 0.2, 1.0]),
        "preventable": rnd.choice([0.3, 1.0]),
        "penalty": rnd.choice([None, 50.0, 1000.0]),
    }
    for key, value in (("new_cost", 0.5), ("decommission_cost", 0.2), ("floor", 5.0)):
        if rnd.random() < 0.3:
            found[key] = value
    if rnd.random() < 0.3:
        found["cap0"] = {places[0]: 80.0}
    if rnd.random() < 0.25:
        found["cap_max"] = {places[0]: per_year(60.0)}
    return found


def _prevention(
    rnd: random.Random, name: str, places: list[str], groups: list[str], agencies: list[str], acute: list[dict], per_year: Any
) -> dict[str, Any]:
    payers = rnd.sample(agencies, rnd.randint(1, min(2, len(agencies))))
    slopes = sorted((rnd.uniform(0.05, 1.5) for _ in range(2)), reverse=True)
    base = {a: {p: round(rnd.uniform(0, 15), 3) for p in places} for a in payers}
    spent = sum(v for by in base.values() for v in by.values())
    found: dict[str, Any] = {
        "id": name,
        "agencies": base,
        "segments": {g: {p: [[rnd.choice([8.0, 15.0]), slopes[0]], [20.0, slopes[1]]] for p in places} for g in groups},
        "base_reach": {g: {p: sum(b[p] for b in base.values()) / len(groups) for p in places} for g in groups},
        "lag": rnd.randint(0, 2),
        "retention": rnd.choice([0.0, 0.5]),
        "acts_on": {c["id"]: rnd.choice([0.5, 1.0]) for c in rnd.sample(acute, rnd.randint(0, len(acute)))},
        "outcome": rnd.choice([0.0, 1.0, 2.0]),
    }
    options = [
        ("q", 0.7), ("ramp_up", per_year(0.3)), ("ramp_abs", 6.0), ("ramp_down", 0.2), ("capacity", per_year(spent + 12)),
        ("floor", per_year(spent * 0.8)), ("setup_cost", 0.1), ("exit_cost", 0.15),
    ]  # fmt: skip
    return found | {key: value for key, value in options if rnd.random() < 0.3}


def _goal(rnd: random.Random, scenario: dict[str, Any], some: Any) -> None:
    goal = scenario["objective"]
    if some():
        goal["unmet"] = "priced"
    if some():
        goal["terminal_credit_years"] = 2
    if goal["kind"] == "cost" and some():
        goal["outcome_target"] = rnd.choice([1.0, 20.0])


def _extras(rnd: random.Random, scenario: dict[str, Any], some: Any, per_year: Any) -> None:
    agencies = [a["id"] for a in scenario["agencies"]]
    services = [p["id"] for p in scenario["prevention"]] + [c["id"] for c in scenario["acute"]]
    if some():
        draw = {a: rnd.sample(services, 2) for a in agencies[-1:]}
        scenario["pools"] = [{"id": "joint", "contrib_max": {agencies[0]: per_year(10.0)}, "draw": draw, "seed": 1.0}]
    if some():
        ring = {"id": "fund", "agency": agencies[0], "services": rnd.sample(services, 2), "amount": per_year(3.0)}
        scenario["ringfences"] = [ring]
    if some():
        scenario["share_target"] = [rnd.choice([None, 0.1, 0.35]) for _ in range(scenario["horizon"])]
        if some():
            scenario["share_penalty"] = 0.5
    if some():
        scenario["held"] = [{"id": "H1", "agency": agencies[0], "amount": per_year(2.0)}]
    if some():
        scenario["workforce"] = [{"id": "nurses", "per_pound": {services[0]: 0.5}, "available": per_year(12.0)}]
    scenario["equity"] = []
    if some():
        rule = {"id": "deprived", "kind": "group_share", "groups": [scenario["groups"][0]["id"]], "min": 0.4}
        scenario["equity"].append(rule)
    if some():
        share = {p: 1 / len(scenario["localities"]) for p in scenario["localities"]}
        scenario["equity"].append({"id": "places", "kind": "locality_band", "eps": 0.3, "need_share": share})
    if some():
        signed = {g["id"]: (-0.1 if i else 0.0) for i, g in enumerate(scenario["groups"])}
        scenario["equity"].append({"id": "gap", "kind": "gap", "per_child": signed, "max": 1.0})
