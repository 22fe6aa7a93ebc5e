"""What cannot hold together: a minimal set of promises, and the smallest repair of each one alone.

Promises are let go in blocks (a year, a purse, a service, a family in a year), then one by one; what cannot be let go
is the conflict. Book-keeping rows always hold and are never named.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rcs_core.workshop.scenario import wording
from rcs_core.workshop.scenario.format import LocalityBand
from rcs_core.workshop.scenario.model import Model, RowAbout
from rcs_core.workshop.scenario.result import Repair, Result
from rcs_core.workshop.scenario.session import Matrix, Session, SolverError, Status

_LET_GO_FIRST = (
    "equity", "share", "outcome_target", "ring", "pool", "capacity", "rampup", "rampdn", "need", "floor", "budget",
)  # fmt: skip
_SAID = ("share", "equity", "ring", "outcome_target", "floor", "need", "rampdn", "rampup", "capacity", "pool", "budget")
_LIMITS = ("workforce", "scale")
_HALVINGS = 50


@dataclass(slots=True)
class Promises:
    """A programme whose promises can be let go, taken up again and eased, in one session.

    rows: the rows of each promise; leeway: the columns that ease them, held at zero until a promise is eased.
    """

    model: Model
    session: Session
    rows: Mapping[str, list[int]]
    leeway: Mapping[str, list[int]]
    bounds: Mapping[int, tuple[float, float]]
    gone: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, model: Model, tolerance: float, accuracy: float) -> "Promises":
        """Load a model with a column of leeway for each row of a promise."""
        matrix = Matrix.of(model)
        rows: dict[str, list[int]] = {}
        leeway: dict[str, list[int]] = {}
        held = [(r, about) for r, about in enumerate(model.rows) if about.promise is not None]
        for k, (row, about) in enumerate(held):
            rows.setdefault(str(about.promise), []).append(row)
            leeway.setdefault(str(about.promise), []).append(matrix.a.shape[1] + k)
        bounds = {r: (float(matrix.row_low[r]), float(matrix.row_high[r])) for r, _ in held}
        eased = matrix.with_leeway([(r, float(about.ease)) for r, about in held])
        return cls(model, Session(eased, tolerance, accuracy), rows, leeway, bounds)

    def keep(self, promises: Iterable[str]) -> bool:
        """Hold only these promises; says whether any plan is possible."""
        wanted = set(self.rows) - set(promises)
        for promise in wanted ^ self.gone:
            for row in self.rows[promise]:
                low, high = (-np.inf, np.inf) if promise in wanted else self.bounds[row]
                self.session.set_row(row, low, high)
        self.gone = wanted
        return self.session.possible()

    def family(self, promise: str) -> str:
        """The family of a promise."""
        return self.model.promises[promise].family

    def year(self, promise: str) -> int:
        """The year of a promise, which its id names last; 0 for one that holds for the whole plan."""
        parts = self.model.promises[promise].parts
        return int(parts[-1]) if parts else 0

    def ease_amount(self, promise: str) -> float | None:
        """The least leeway on the rows of a promise, in their own unit; None when no leeway is enough."""
        columns = self.leeway[promise]
        cost = np.zeros(self.session.matrix.a.shape[1])
        cost[columns] = 1.0
        self.session.open(columns, np.inf)
        solved = self.session.solve(cost)
        self.session.open(columns, 0.0)
        return solved.objective if solved.status is Status.OPTIMAL else None

    def ease_share(self, promise: str) -> float | None:
        """The least fall of a promised share, by halving; None when even no share at all is not enough."""
        rows = [(r, self.model.rows[r].tilt) for r in self.rows[promise]]
        matrix = self.session.matrix

        def tilt_by(fall: float) -> None:
            for row, tilt in rows:
                for column, weight in tilt.terms if tilt else ():
                    self.session.set_weight(row, column, float(matrix.a[row, column]) + fall * weight)

        def possible(fall: float) -> bool:
            tilt_by(fall)
            return self.session.possible()

        low, high = 0.0, 1.0
        enough = possible(high)
        for _ in range(_HALVINGS if enough else 0):
            middle = (low + high) / 2
            low, high = (low, middle) if possible(middle) else (middle, high)
        tilt_by(0.0)
        return high if enough else None


def explain(model: Model, tolerance: float, accuracy: float, names: Mapping[str, str] | None = None) -> Result:
    """Say of an impossible scenario which promises clash and what repairs it."""
    test = Promises.of(model, tolerance, accuracy)
    clash = minimal(test)
    limits = behind(test, clash)
    if not clash:
        return _never_possible(model, limits, names or {})
    test.keep(test.rows)
    whole = {promise: _ease(test, promise) for promise in clash}
    repairs = [_repair(test, promise, amount) for promise, amount in whole.items() if amount is not None]
    if not repairs:
        test.keep(clash)
        repairs = [_repair(test, promise, _ease(test, promise)) for promise in clash]
    settled = any(amount is not None for amount in whole.values())
    messages = wording.of_conflict(model, clash, repairs, settled, names or {})
    if limits:
        messages.insert(1, wording.of_limits(model, limits, names or {}))
    told = tuple(clash), tuple(repairs), tuple(messages)
    return Result(Status.INFEASIBLE, conflict=told[0], repairs=told[1], messages=told[2], settled=settled)


def _never_possible(model: Model, limits: Sequence[RowAbout], names: Mapping[str, str]) -> Result:
    """No promise is to blame: a limit that is no promise cannot hold even when every promise is let go."""
    if not limits:
        raise SolverError(
            "the book-keeping of the scenario has no plan", "", "", "a plan without promises", "report this scenario"
        )
    return Result(Status.INFEASIBLE, conflict=(), messages=tuple(wording.of_limits_alone(model, limits, names)))


def behind(test: Promises, clash: Sequence[str]) -> list[RowAbout]:
    """The fewest limits that no promise states (staff, a workable scale) without which the clash could hold.

    Empty when the promises of the clash cannot hold even without them.
    """
    limits: dict[str, list[int]] = {}
    for row, about in enumerate(test.model.rows):
        if about.family in _LIMITS:
            limits.setdefault(about.name, []).append(row)

    matrix = test.session.matrix
    bounds = {row: (float(matrix.row_low[row]), float(matrix.row_high[row])) for rows in limits.values() for row in rows}

    def hold(name: str, there: bool) -> None:
        for row in limits[name]:
            test.session.set_row(row, *(bounds[row] if there else (-np.inf, np.inf)))

    def possible_without(names: Iterable[str]) -> bool:
        gone = list(names)
        for name in gone:
            hold(name, False)
        if found := test.session.possible():
            for name in gone:
                hold(name, True)
        return found

    test.keep(clash)
    if not limits or not possible_without(limits):
        needed: list[str] = []
    else:
        needed = [name for name in limits if possible_without([name])]
    for name in limits:
        hold(name, True)
    return [test.model.rows[limits[name][0]] for name in needed]


def minimal(test: Promises) -> list[str]:
    """A set of promises that cannot all hold, of which every smaller set can; empty when there is none."""
    kept = list(test.rows)
    if test.keep(kept):
        return []
    for block in [*_blocks(test), *({p} for p in sorted(kept, key=lambda p: _order(test, p)))]:
        without = [p for p in kept if p not in block]
        if len(without) < len(kept) and not test.keep(without):
            kept = without
    return sorted(kept, key=lambda p: (_SAID.index(test.family(p)), test.rows[p][0]))


def _order(test: Promises, promise: str) -> tuple[int, int]:
    return _LET_GO_FIRST.index(test.family(promise)), -test.year(promise)


def _blocks(test: Promises) -> list[set[str]]:
    """Promises to let go together: late years, then whole purses, then whole services, then a family in a year."""

    def grouped(key: Callable[[str], tuple[object, ...] | None]) -> list[set[str]]:
        found: dict[tuple[object, ...], set[str]] = {}
        for promise in test.rows:
            if (of := key(promise)) is not None:
                found.setdefault(of, set()).add(promise)
        return [found[k] for k in sorted(found, key=str)]

    years = sorted({test.year(p) for p in test.rows} - {0}, reverse=True)
    late = [{p for p in test.rows if test.year(p) >= year} for year in years]
    purses = grouped(lambda p: (test.model.promises[p].parts[0],) if test.family(p) == "budget" else None)
    subjects = grouped(
        lambda p: (test.model.promises[p].parts[0],) if test.family(p) not in ("budget", "share", "outcome_target") else None
    )
    families = grouped(lambda p: (test.family(p),) if test.family(p) != "budget" else None)
    by_year: dict[tuple[int, int], set[str]] = {}
    for promise in test.rows:
        by_year.setdefault(_order(test, promise), set()).add(promise)
    families.sort(key=lambda block: _LET_GO_FIRST.index(test.family(min(block))))
    return [*late, *families, *purses, *subjects, *(by_year[key] for key in sorted(by_year))]


def _ease(test: Promises, promise: str) -> float | None:
    shared = test.model.promises[promise].tilt is not None
    return test.ease_share(promise) if shared else test.ease_amount(promise)


def _repair(test: Promises, promise: str, amount: float | None) -> Repair:
    """The change to the number in the file: up for a limit, a purse or a pool, down for what is at least owed."""
    if amount is None:
        raise SolverError("a promise of the conflict cannot be eased", promise, "", "a repair", "report this scenario")
    about = test.model.promises[promise]
    bands = {e.id for e in test.model.scenario.equity if isinstance(e, LocalityBand)}
    band = about.family == "equity" and about.parts[0] in bands
    grows = about.ease < 0 or about.family == "pool" or band
    return Repair(promise, amount if grows else -amount, wording.unit_of(test.model, promise, about.family))
