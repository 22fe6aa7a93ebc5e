"""Made-up scenarios of a stated size for the solve benchmark: services x agencies x years x groups, one locality.

One service in four is responsive. Every preventative service may be paid for by two agencies (a fifth of them by all),
reaches every group over two response segments, and acts on two responsive services; every responsive service has need in
every group. Budgets fall a little, prevention may grow by a tenth a year, a joint pool carries money across, and half of
the need may go unmet at a price, so that no stage is empty work.
"""

import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Size:
    """services (preventative and responsive together) x agencies x years x groups."""

    services: int
    agencies: int
    years: int
    groups: int

    def __str__(self) -> str:
        return f"{self.services}x{self.agencies}x{self.years}x{self.groups}"


ISSUE = (Size(40, 5, 5, 6), Size(60, 5, 10, 12))
"""The two sizes that the engine is held to."""


def made_up(size: Size, seed: int = 1) -> dict[str, Any]:
    """One scenario of that size in the interchange form; the same seed makes the same scenario."""
    rnd = random.Random(seed)
    agencies, groups = [f"A{i}" for i in range(size.agencies)], [f"G{i}" for i in range(size.groups)]
    acute = [_responsive(rnd, f"R{i:02}", agencies, groups, size.years) for i in range(size.services // 4)]
    count = size.services - len(acute)
    prevention = [_preventative(rnd, f"P{i:02}", agencies, groups, acute, everyone=i % 5 == 0) for i in range(count)]
    drawn = {a: [p["id"] for p in prevention if a in p["agencies"]] for a in agencies}
    return {
        "horizon": size.years,
        "discount_rate": 0.035,
        "localities": ["L"],
        "groups": [{"id": g, "weight": 1.0 + i % 3} for i, g in enumerate(groups)],
        "agencies": [_agency(rnd, a, prevention, acute, size.years) for a in agencies],
        "prevention": prevention,
        "acute": acute,
        "pools": [{"id": "joint", "contrib_max": dict.fromkeys(agencies, 500.0), "draw": drawn, "seed": 50.0}],
        "equity": [{"id": "deprived", "kind": "group_share", "groups": groups[: size.groups // 3 or 1], "min": 0.3}],
        "held": [{"id": "H", "agency": agencies[0], "amount": 1000.0}],
        "objective": {"kind": "outcome", "terminal_credit_years": 2},
    }


def _responsive(rnd: random.Random, name: str, agencies: list[str], groups: list[str], years: int) -> dict[str, Any]:
    payers = rnd.sample(agencies, min(2, len(agencies)))
    need = {g: [round(rnd.uniform(8, 40) * 1.01**t, 3) for t in range(years)] for g in groups}
    return {
        "id": name,
        "unit_cost": round(rnd.uniform(5, 60), 3),
        "payer": {a: 1 / len(payers) for a in payers},
        "demand": {"L": need},
        "cashable": rnd.choice([0.3, 0.5, 0.8]),
        "decommission_max": 0.2,
        "preventable": 0.4,
        "penalty": rnd.choice([None, 500.0]),
        "new_cost": 2.0,
        "decommission_cost": 1.0,
    }


def _preventative(
    rnd: random.Random, name: str, agencies: list[str], groups: list[str], acute: list[dict[str, Any]], everyone: bool
) -> dict[str, Any]:
    payers = agencies if everyone else rnd.sample(agencies, min(2, len(agencies)))
    base = {a: {"L": round(rnd.uniform(20, 200), 3)} for a in payers}
    spent = sum(by["L"] for by in base.values()) / len(groups)
    slopes = sorted((rnd.uniform(0.002, 0.05) for _ in range(2)), reverse=True)
    widths = round(spent * rnd.uniform(0.9, 1.3), 3), round(spent * rnd.uniform(0.4, 0.9), 3)
    lean = {g: rnd.uniform(0.7, 1.3) for g in groups}
    return {
        "id": name,
        "agencies": base,
        "segments": {g: {"L": [[w, s * lean[g]] for w, s in zip(widths, slopes, strict=True)]} for g in groups},
        "base_reach": {g: {"L": spent} for g in groups},
        "lag": rnd.randint(1, 3),
        "retention": rnd.choice([0.0, 0.4, 0.7]),
        "acts_on": {c["id"]: round(rnd.uniform(0.3, 1.0), 3) for c in rnd.sample(acute, min(2, len(acute)))},
        "ramp_up": 0.1,
        "ramp_down": 0.15,
        "setup_cost": 0.05,
        "exit_cost": 0.1,
    }


def _agency(
    rnd: random.Random, name: str, prevention: list[dict[str, Any]], acute: list[dict[str, Any]], years: int
) -> dict[str, Any]:
    spent = sum(p["agencies"][name]["L"] for p in prevention if name in p["agencies"]) + (1000.0 if name == "A0" else 0.0)
    needed = [
        sum(c["unit_cost"] * c["payer"].get(name, 0.0) * sum(n[t] for n in c["demand"]["L"].values()) for c in acute)
        for t in range(years)
    ]
    ease = rnd.uniform(1.0, 1.02)
    return {
        "id": name,
        "budget": [round((spent + needed[t]) * ease * 0.998**t, 3) for t in range(years)],
        "reserve_max": 200.0,
        "leak": 0.1 if name == "A1" else 0.0,
    }
