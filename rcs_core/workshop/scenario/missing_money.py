"""The least money that is missing: what purses would have to hold beyond their budgets for every other promise to hold.

What comes in is a scenario; what goes out is an amount for each purse and year, and the scenario with it. The total is the
least that there is. Where several purses or years could hold it, one reading is settled on, the same every time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.format import Agency, Scenario, at
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Model, write
from rcs_core.workshop.scenario.session import Session, Status

_ROUNDING = 1e-8
"""Relative to what a purse holds: what lacks less is rounding, and what a purse gets on top so that none is left short again."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Money that has to be found, by agency and year; nothing where every promise holds as it is."""

    by_purse: Mapping[tuple[str, int], float]

    @property
    def total(self) -> float:
        """All of it, over the years of the plan."""
        return sum(self.by_purse.values())


def missing_money(scenario: Scenario) -> Missing | None:
    """The least money that has to be found for every promise to hold; None where no money is enough.

    A promise on need whose penalty says that it may go unmet does not ask for money.
    """
    read, _ = asked(scenario)
    exact, model = accuracy(), write(read)
    purses = [(row, about) for row, about in enumerate(model.rows) if about.family == "budget"]
    matrix = Matrix.of(model)
    first = matrix.a.shape[1]
    session = Session(matrix.with_leeway([(r, float(about.ease)) for r, about in purses]), exact.certificate, exact.solver)
    columns = list(range(first, first + len(purses)))
    session.open(columns, np.inf)
    cost = np.zeros(first + len(purses))
    cost[columns] = 1.0
    solved = session.solve(cost)
    if solved.status is not Status.OPTIMAL:
        return None
    if not matrix.whole.any():
        session.hold(cost, solved)
        # as late as can be, and then by the order of purses: any fixed order would do, so that one answer is told
        cost[columns] = [_order(model, about.parts, k) for k, (_, about) in enumerate(purses)]
        solved = session.solve(cost)
    found = {
        (about.parts[0], int(about.parts[1])): float(solved.values[c]) for c, (_, about) in zip(columns, purses, strict=True)
    }
    return Missing({key: amount for key, amount in found.items() if amount > _ROUNDING * (1 + _budget(scenario, *key))})


def _order(model: Model, parts: tuple[str, ...], place: int) -> float:
    return model.scenario.horizon - int(parts[1]) + place / 1e3


def _budget(scenario: Scenario, agency: str, year: int) -> float:
    budget = next(a.budget for a in scenario.agencies if a.id == agency)
    return abs(at(budget or 0.0, year))


def topped_up(scenario: Scenario, missing: Missing) -> Scenario:
    """The scenario with what was missing in its purses, and a hair more for rounding."""
    return replace(scenario, agencies=tuple(_topped_up(a, scenario, missing) for a in scenario.agencies))


def _topped_up(agency: Agency, scenario: Scenario, missing: Missing) -> Agency:
    more = [missing.by_purse.get((agency.id, year), 0.0) for year in scenario.years]
    if agency.budget is None or not any(more):
        return agency
    now = [at(agency.budget, year) for year in scenario.years]
    return replace(agency, budget=tuple(b + m + (_ROUNDING * (1 + b + m) if m else 0.0) for b, m in zip(now, more, strict=True)))
