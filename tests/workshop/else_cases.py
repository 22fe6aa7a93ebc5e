"""Scenarios worked out by hand for what else there is, and an independent answer: the same model solved by scipy."""

import math
from typing import Any

from tests.workshop.scenario_reference import Reference, add, at


def tiny() -> dict[str, Any]:
    """One agency with 120 a year, two years; need of 100 at a cost of 1; support with 10 at 2.0 and 20 at 0.5, a year later."""
    return {
        "horizon": 2, "discount_rate": 0.035, "localities": ["L"], "groups": [{"id": "G"}],
        "agencies": [{"id": "A", "budget": 120.0}],
        "prevention": [
            {"id": "support", "agencies": {"A": {"L": 0.0}}, "segments": {"G": {"L": [[10.0, 2.0], [20.0, 0.5]]}}, "lag": 1,
             "retention": 0.0, "acts_on": {"homes": 1.0}},
        ],
        "acute": [
            {"id": "homes", "unit_cost": 1.0, "payer": {"A": 1.0}, "demand": {"L": {"G": 100.0}}, "cashable": 1.0,
             "decommission_max": 1.0, "preventable": 1.0, "penalty": None},
        ],
        "objective": {"kind": "outcome"},
    }  # fmt: skip


def two_purses() -> dict[str, Any]:
    """One year, a pace of 30; three services of up to 20 each: north acts on a need that A pays for, south on B's, both on both.

    A unit of either need costs 10. A pound on north or south does 0.1 units, one on both does 0.08 on each.
    """

    def service(name: str, slope: float, acts_on: dict[str, float]) -> dict[str, Any]:
        return {
            "id": name, "agencies": {"P": {"L": 0.0}}, "segments": {"G": {"L": [[20.0, slope]]}}, "lag": 1, "retention": 0.0,
            "acts_on": acts_on, "outcome": 10.0 * sum(acts_on.values()),
        }  # fmt: skip

    def need(name: str, payer: str) -> dict[str, Any]:
        return {
            "id": name, "unit_cost": 10.0, "payer": {payer: 1.0}, "demand": {"L": {"G": 50.0}}, "cashable": 1.0,
            "decommission_max": 1.0, "preventable": 1.0, "penalty": None,
        }  # fmt: skip

    north, south = service("north", 0.1, {"of_a": 1.0}), service("south", 0.1, {"of_b": 1.0})
    both = service("both", 0.08, {"of_a": 1.0, "of_b": 1.0})
    return {
        "horizon": 1, "discount_rate": 0.0, "localities": ["L"], "groups": [{"id": "G"}],
        "agencies": [{"id": name, "budget": 1000.0} for name in "ABP"],
        "prevention": [north, south, both], "acute": [need("of_a", "A"), need("of_b", "B")],
        "workforce": [{"id": "pace_of_shift", "per_pound": {"north": 1.0, "south": 1.0, "both": 1.0}, "available": 30.0}],
        "objective": {"kind": "outcome"},
    }  # fmt: skip


class Nearly(Reference):
    """The independent formulation, held to its least unmet need, with an objective that may give up a little."""

    def __init__(self, content: dict[str, Any], lost: float) -> None:
        super().__init__(content, (), {})
        for part in (self.prevention, self.responsive, self.money, self.limits, self.fairness):
            part()
        goal = content["objective"]
        if goal.get("outcome_target") is not None:
            self.promise("outcome_target", add((self.outcome(), -1)), -goal["outcome_target"])
        self.status = "optimal"
        for t in self.years if goal.get("unmet") != "priced" else ():
            self._hold(add(*[(u, 1) for (*_, y), u in self.unmet.items() if y == t]), 0.0)
        missed = [
            ({j: 1.0}, self.disc(k[1]) * at(content["share_penalty"], k[1])) for k, j in self.columns.items() if k[0] == "short"
        ]
        self._hold(add((self._aim(goal["kind"]), 1), *self._priced(goal), *missed), lost)

    def _hold(self, terms: dict[int, float], lost: float) -> None:
        if self.status == "optimal":
            self.status, best = self.minimise(terms)
            self.le.append((terms, best + lost + 1e-9 * (1 + abs(best))))

    def span(self, service: str, years: list[int]) -> tuple[float, float]:
        """The least and the most that a service may be given in some years."""
        terms = add(*[(x, 1) for (i, _, _, t), x in self.spend.items() if i == service and t in years])
        ends = [(sign, *self.minimise({j: sign * w for j, w in terms.items()})) for sign in (1, -1)]
        least, most = (math.inf if status == "unbounded" else sign * value for sign, status, value in ends)
        return least, most
