"""Scenarios and answers for the workbook's tests: by hand, consistent by construction, impossible, and for the solver."""

import datetime as dt
from typing import Any

from rcs_core.workshop.export.scenario_book import About

PENNY = 1e-5
"""One penny in GBP thousand."""


class Given:
    """A scenario or a result that is already in its interchange form."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def to_dict(self) -> dict[str, Any]:
        return self.content


def about(**changes: Any) -> About:
    known: dict[str, Any] = {
        "partnership": "Strathmere",
        "release_id": "0123456789ab",
        "date": dt.date(2026, 11, 21),
        "author": "Ada",
        "fictional": True,
        "depth": "evidence",
        "notes": ("=not a formula",),
    }
    return About(**{**known, **changes})


def tiny() -> tuple[dict[str, Any], dict[str, Any]]:
    """One agency, one preventative and one responsive service, two years: worked out by hand (objective 25 + 30 / 1.035)."""
    scenario: dict[str, Any] = {
        "name": "tiny_by_hand",
        "horizon": 2,
        "discount_rate": 0.035,
        "localities": ["L1"],
        "groups": [{"id": "G1", "weight": 1.0}],
        "agencies": [{"id": "council", "budget": [120.0, 120.0]}],
        "prevention": [
            {
                "id": "family_support",
                "agencies": {"council": {"L1": 0.0}},
                "segments": {"G1": {"L1": [[10, 2.0], [20, 0.5]]}},
                "lag": 1,
                "retention": 0.0,
                "acts_on": {"residential": 1.0},
            }
        ],
        "acute": [
            {
                "id": "residential",
                "unit_cost": 1.0,
                "payer": {"council": 1.0},
                "demand": {"L1": {"G1": [100.0, 100.0]}},
                "cashable": 1.0,
                "decommission_max": 1.0,
                "preventable": 1.0,
                "penalty": 1000.0,
            }
        ],
        "objective": {"kind": "outcome", "unmet": "priced"},
    }
    met = {1: 100.0, 2: 75.0}
    result = {
        "status": "optimal",
        "objective": 25 + 30 / 1.035,
        "spend": [
            {"service": "family_support", "agency": "council", "locality": "L1", "year": y, "amount": a}
            for y, a in ((1, 20.0), (2, 30.0))
        ],
        "responsive": [
            {
                "service": "residential", "locality": "L1", "year": y, "met": m, "unmet": 0.0, "reduction": 100.0 - m,
                "capacity": m, "cost": m,
            }
            for y, m in met.items()
        ],
        "underspend": [{"agency": "council", "year": 1, "amount": 0.0}, {"agency": "council", "year": 2, "amount": 15.0}],
        "pools": [],
        "certificate": {"primal_residual": 0.0, "dual_residual": 0.0, "gap": 0.0},
        "conflict": None,
        "repairs": [],
        "messages": ["Solved."],
    }  # fmt: skip
    return scenario, result


AWKWARD = {"service": "=cmd|*", "other": "c*", "agency": "nhs>5"}


def rich() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two agencies, two places, awkward names, a held service, set-up cost, leakage, places that close, and odd pennies.

    The plan is not optimal, only consistent: its costs and underspend are worked out here, apart from the workbook.
    """
    years, places = range(1, 4), ("North", "South")
    base = {"council": {"North": 100.37, "South": 50.11}, AWKWARD["agency"]: {"North": 20.0, "South": 0.0}}
    scenario, result = tiny()
    scenario |= {
        "name": "rich", "horizon": 3, "localities": list(places), "first_year": "2026-27", "price_year": "2025-26",
        "share_target": [None, None, 0.05], "money_unit": "GBP thousand", "depth": "evidence",
        "agencies": [
            {"id": "council", "budget": [4000.0, 3990.0, 3980.05], "leak": 0.1},
            {"id": AWKWARD["agency"], "budget": 1000.0},
            {"id": "police_scotland", "budget": None},
        ],
        "held": [{"id": AWKWARD["other"], "agency": "council", "amount": [10.01, 10.02, 10.03]},
                 {"id": "wardens", "agency": "police_scotland", "amount": 7.77}],
        "ringfences": [{"id": "grant", "agency": "council", "services": [AWKWARD["service"]], "amount": 10.0}],
        "provenance": [
            {"path": "/acute/0/unit_cost", "state": "measured", "low": 20.0, "high": 40.0, "source": "ledger", "owner": "Ben",
             "date": "2026-01-01"},
            {"path": "/acute/0/demand", "state": "group_estimate", "source": "workshop"},
        ],
    }  # fmt: skip
    service = scenario["prevention"][0]
    service |= {"id": AWKWARD["service"], "agencies": base, "q": 0.8, "setup_cost": 0.05, "exit_cost": 0.02, "floor": 100.0}
    service["segments"] = {"G1": {place: [[None, 0.01]] for place in places}}
    acute = scenario["acute"][0]
    acute |= {"unit_cost": 31.337, "payer": {"council": 0.7, AWKWARD["agency"]: 0.3}, "cashable": 0.4, "new_cost": 2.0,
              "decommission_cost": 1.5, "cap0": {"North": 60.0, "South": 42.0},
              "demand": {"North": {"G1": [60.0, 61.0, 62.0]}, "South": {"G1": 40.0}}}  # fmt: skip
    return scenario, result | _rich_answer(scenario, years)


def _rich_answer(scenario: dict[str, Any], years: range) -> dict[str, Any]:
    service, acute = scenario["prevention"][0], scenario["acute"][0]
    need = {("North", y): acute["demand"]["North"]["G1"][y - 1] for y in years} | {("South", y): 40.0 for y in years}
    spend = [
        {
            "service": service["id"],
            "agency": a,
            "locality": p,
            "year": y,
            "amount": was + (7.123456789 * y if p == "North" else -0.011 * y),
        }
        for a, where in service["agencies"].items()
        for p, was in where.items()
        for y in years
        if not (a != "council" and p == "South")
    ]
    responsive = []
    for place in ("North", "South"):
        capacity = acute["cap0"][place]
        for year in years:
            met = need[place, year] - 1.5 * year
            now = max(met, capacity - 1.0)
            moving = 1.5 * (capacity - now) if now < capacity else 2.0 * (now - capacity)
            cost = 31.337 * (0.4 * met + 0.6 * now) + moving
            responsive.append({"service": acute["id"], "locality": place, "year": year, "met": met, "unmet": 0.5,
                               "reduction": 1.5 * year - 0.5, "capacity": now, "cost": cost})  # fmt: skip
            capacity = now
    return {
        "objective": 1.0,
        "spend": spend,
        "responsive": responsive,
        "underspend": _rich_rest(scenario, spend, responsive, years),
    }


def _rich_rest(scenario: dict[str, Any], spend: list[Any], responsive: list[Any], years: range) -> list[dict[str, Any]]:
    rest = []
    for agency, share, budgets in (("council", 0.7, [4000.0, 3990.0, 3980.05]), (AWKWARD["agency"], 0.3, [1000.0] * 3)):
        before = {
            (r["locality"]): scenario["prevention"][0]["agencies"][agency][r["locality"]] for r in spend if r["agency"] == agency
        }
        for year in years:
            now = {r["locality"]: r["amount"] for r in spend if r["agency"] == agency and r["year"] == year}
            moving = sum(0.05 * max(0, now[p] - before[p]) + 0.02 * max(0, before[p] - now[p]) for p in now)
            cost = share * sum(r["cost"] for r in responsive if r["year"] == year)
            do_nothing = share * 31.337 * (scenario["acute"][0]["demand"]["North"]["G1"][year - 1] + 40.0)
            leak = 0.1 * max(0.0, do_nothing - cost) if agency == "council" else 0.0
            held = 10.0 + year / 100 if agency == "council" else 0.0
            left = budgets[year - 1] - sum(now.values()) - moving - cost - leak - held
            rest.append({"agency": agency, "year": year, "amount": left})
            before = now
    return rest


def pools() -> dict[str, Any]:
    """A scenario for the solver with everything that moves money: a pool, the centre, reserves, set-up and exit."""
    response = {"N": [[80, 0.2], [None, 0.01]], "S": [[80, 0.2], [None, 0.01]]}
    return {
        "name": "pools", "horizon": 3, "discount_rate": 0.035, "localities": ["N", "S"], "first_year": "2026-27",
        "groups": [{"id": "g1"}, {"id": "g2", "weight": 0.5}],
        "agencies": [{"id": "council", "budget": [2699.11, 2704.22, 2719.33], "leak": 0.1, "reserve_max": 50.0},
                     {"id": "nhs_board", "budget": 1150.07}, {"id": "police_scotland", "budget": None}],
        "prevention": [
            {"id": "family", "agencies": {"council": {"N": 100.37, "S": 50.11}, "nhs_board": {"N": 20.0}},
             "segments": {"g1": response, "g2": {"N": [[None, 0.05]], "S": [[None, 0.04]]}},
             "base_reach": {"g1": {"N": 80.0, "S": 50.11}}, "lag": 1, "retention": 0.3, "acts_on": {"homes": 1.0}, "q": 0.8,
             "ramp_up": 0.5, "ramp_down": 0.3, "setup_cost": 0.05, "exit_cost": 0.02, "floor": 100.0},
            {"id": "parenting", "agencies": {"council": {"N": 30.0, "S": 30.0}}, "segments": {"g1": {"N": [[None, 0.002]],
             "S": [[None, 0.002]]}}, "lag": 1, "retention": 0.0, "acts_on": {"homes": 1.0}, "ramp_down": 0.1, "exit_cost": 0.1},
        ],
        "acute": [{"id": "homes", "unit_cost": 31.337, "payer": {"council": 0.7, "nhs_board": 0.3}, "cashable": 0.4,
                   "demand": {"N": {"g1": [60.0, 61.0, 62.0], "g2": 10.0}, "S": {"g1": 40.0, "g2": 5.0}},
                   "decommission_max": 0.1, "preventable": 0.5, "penalty": 1000.0, "new_cost": 2.0, "decommission_cost": 1.5}],
        "pools": [{"id": "joint", "contrib_max": {"nhs_board": 40.0}, "draw": {"council": ["family"]}, "seed": 5.0}],
        "held": [{"id": "other", "agency": "council", "amount": [10.01, 10.02, 10.03]}],
        "objective": {"kind": "outcome", "unmet": "priced"},
    }  # fmt: skip


SOLVED = {"solved_tiny": lambda: tiny()[0], "solved_pools": pools}


def impossible() -> tuple[dict[str, Any], dict[str, Any]]:
    scenario, result = tiny()
    scenario |= {"horizon": 1, "agencies": [{"id": "council", "budget": [120.0]}]}
    scenario["acute"][0]["demand"] = {"L1": {"G1": [0.0]}}
    one = scenario["prevention"][0]
    scenario["prevention"] = [one | {"id": "health_visiting", "floor": 80.0}, one | {"id": "asl", "floor": 60.0}]
    for service in scenario["prevention"]:
        service["acts_on"] = {}
    result = {
        "status": "infeasible", "objective": None, "spend": [], "responsive": [], "underspend": [], "pools": [],
        "certificate": None, "conflict": ["floor[health_visiting,1]", "floor[asl,1]", "budget[council,1]"],
        "repairs": [{"promise": "budget[council,1]", "change": 20.0, "unit": "GBP thousand"}],
        "messages": ["These promises cannot all hold."],
    }  # fmt: skip
    return scenario, result


def a_penny_out(part: str, field: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rich plan with one figure of its answer wrong by a penny and a half."""
    scenario, result = rich()
    result[part][2][field] += 1.5 * PENNY
    return scenario, result


WRONG = {"underspend": "amount", "responsive": "cost", "spend": "amount"}
