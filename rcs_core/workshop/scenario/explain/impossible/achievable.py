"""The best that can be had where promises clash: the least extra money that makes all hold, and the most of each target.

What comes in is an impossible scenario; what goes out are amounts with the edits that put them in, each rounded so that
the scenario with these edits is possible, and tried by solving it: what does not prove so is not told.
"""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.scenario import objective
from rcs_core.workshop.scenario.conflict import Promises
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.explain.impossible.holding import holds, promises_of
from rcs_core.workshop.scenario.explain.impossible.repairs import step, up
from rcs_core.workshop.scenario.format import Scenario, at
from rcs_core.workshop.scenario.magnitude import Vector
from rcs_core.workshop.scenario.matrix import cost_of
from rcs_core.workshop.scenario.session import SolverError, Status

_HALVINGS = 20
_MARGIN = 1e-6
_NOISE = 1e-9
"""Money this small, as a share of the purse, is the solver's rounding."""


@dataclass(frozen=True, slots=True)
class ExtraMoney:
    """The least money, over all purses and years, that makes every promise hold. by: (agency, year, amount)."""

    total: float
    by: tuple[tuple[str, int, float], ...]
    edits: tuple[Edit, ...]

    def of_year(self, year: int) -> float:
        """What is missing in one year."""
        return sum(amount for _, t, amount in self.by if t == year)


@dataclass(frozen=True, slots=True)
class MostOfTarget:
    """The most of a target that can be had with every other promise kept. kind: share or outcome_target.

    by: (year, asked, most) of shares, which all fall in one proportion; year 0 for the outcome of the whole plan.
    """

    kind: str
    by: tuple[tuple[int, float, float], ...]
    edits: tuple[Edit, ...]


def extra_money(scenario: Scenario, rough: bool = False) -> ExtraMoney | None:
    """The least extra money by purse and year; None where no money is enough. Of ways that cost the same, late money first."""
    test = promises_of(scenario)
    columns = {test.leeway[p][0]: test.model.promises[p].parts for p in test.rows if test.family(p) == "budget"}
    if not columns:
        return None
    found = _least(test, columns)
    if found is None:
        return None
    for noise in (_NOISE, 0.0):
        told = _as_told(scenario, {columns[c]: v for c, v in found.items()}, noise, rough)
        if holds(edited(scenario, told.edits)):
            return told
    return None


def _least(test: Promises, columns: dict[int, tuple[str, ...]]) -> dict[int, float] | None:
    """The least of all leeways on purses together; then as late as it can be."""
    size = test.session.matrix.a.shape[1]
    plain, early = np.zeros(size), np.zeros(size)
    last = test.model.scenario.horizon
    for column, (_, year) in columns.items():
        plain[column], early[column] = 1.0, 1.0 + last - int(year)
    test.session.open(list(columns), np.inf)
    solved = test.session.solve(plain)
    if solved.status is Status.OPTIMAL and not test.session.matrix.whole.any():
        test.session.hold(plain, solved)
        later = test.session.solve(early)
        solved = later if later.status is Status.OPTIMAL else solved
    if solved.status is not Status.OPTIMAL:
        return None
    return {column: float(solved.values[column]) for column in columns}


def _as_told(scenario: Scenario, found: dict[tuple[str, ...], float], noise: float, rough: bool) -> ExtraMoney:
    budgets = {a.id: a.budget for a in scenario.agencies if a.budget is not None}
    by = []
    for (agency, year), amount in found.items():
        now = at(budgets[agency], int(year))
        if amount > noise * (1 + now):
            by.append((agency, int(year), up(amount * (1 + _MARGIN) + _NOISE * now, scenario.money, rough)))
    by.sort(key=lambda line: (line[1], line[0]))
    edits = tuple(
        Edit(f"/agencies/{step(scenario.agencies, agency)}/budget/{year - 1}", round(at(budgets[agency], year) + amount, 9))
        for agency, year, amount in by
    )
    return ExtraMoney(round(sum(amount for *_, amount in by), 9), tuple(by), edits)


def most_of_targets(scenario: Scenario) -> tuple[MostOfTarget, ...]:
    """The most of the preventative share and of the outcome asked for; none where other promises clash without them."""
    found = []
    if scenario.share_penalty is None and any(scenario.share_of(t) for t in scenario.years):
        found.append(_most_share(scenario))
    if scenario.objective.outcome_target is not None:
        found.append(_most_outcome(scenario))
    return tuple(f for f in found if f is not None and holds(edited(scenario, f.edits)))


def _most_outcome(scenario: Scenario) -> MostOfTarget | None:
    test, asked = promises_of(scenario), scenario.objective.outcome_target or 0.0
    if not test.keep(p for p in test.rows if p != "outcome_target"):
        return None
    width = test.session.matrix.a.shape[1]
    gain = _wider(cost_of(test.model, objective.outcome(test.model)), width)
    solved = test.session.solve(-gain)
    if solved.status is not Status.OPTIMAL:
        return None
    most = float(gain @ solved.values)
    told = max(0.0, round(_down(most - _MARGIN * (1 + abs(most)), 0.01), 9))
    return MostOfTarget("outcome_target", ((0, asked, told),), (Edit("/objective/outcome_target", told),))


def _wider(cost: Vector, width: int) -> Vector:
    found = np.zeros(width)
    found[: len(cost)] = cost
    return found


def _most_share(scenario: Scenario) -> MostOfTarget | None:
    """The largest part of every year's share that can be had together."""
    test = promises_of(scenario)
    shares = {p: scenario.share_of(test.year(p)) or 0.0 for p in test.rows if test.family(p) == "share"}

    def possible(part: float) -> bool:
        for promise, share in shares.items():
            for row in test.rows[promise]:
                tilt = test.model.rows[row].tilt
                for column, weight in tilt.terms if tilt else ():
                    now = float(test.session.matrix.a[row, column])
                    test.session.set_weight(row, column, now + (1 - part) * share * weight)
        with suppress(SolverError):  # at the very edge the solver may not decide: what is told is tried once more
            return test.session.possible()
        return False

    if not possible(0.0):
        return None
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if possible(middle) else (low, middle)
    by = tuple(
        (test.year(p), share, max(0.0, round(_down(low * share - _MARGIN, 0.001), 9))) for p, share in shares.items() if share
    )
    edits = tuple(Edit(f"/share_target/{year - 1}", most) for year, _, most in by)
    return MostOfTarget("share", by, edits)


def _down(value: float, size: float) -> float:
    """A target rounded down, so that what is said can be had."""
    return float(np.floor(round(value / size, 6)) * size)
