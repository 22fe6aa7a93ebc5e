"""A solved scenario solved again with a few of its limits moved: each time all stages, from the last plan, in one session.

What is let go, eased or asked for stands in a `Push` by the places of rows and columns, so that any limit of the programme
can be tried, whether it is a promise or not. Nothing is kept from one question to the next but the solver's warm start.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf, isinf

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.magnitude import Vector, largest_money
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Model, write
from rcs_core.workshop.scenario.plan import Plan, read
from rcs_core.workshop.scenario.session import Session, SolverError, Status
from rcs_core.workshop.scenario.stages import through

LET_GO = inf
_ORDINARY, _THOUSAND = 1e6, 1000.0
_NOTHING = 1e-7
"""A movement smaller than this, by the size of what moves, is the solver's rounding."""
_NO_GAIN = 1e-8
"""A gain smaller than this, by the size of what the plan is for, is the solver's rounding."""


@dataclass(frozen=True, slots=True)
class Push:
    """What is moved: rows eased by an amount (or let go), columns whose most is raised, columns asked for at least.

    rows: by place, how much is eased in the row's own unit (`LET_GO`: altogether; below nought: tightened).
    """

    rows: Mapping[int, float] = field(default_factory=dict)
    raised: Mapping[int, float] = field(default_factory=dict)
    least: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Again:
    """One answer: the figure that is minimised, need unmet over all years, and the plan (None: there is none).

    endless: nothing limits what could be gained.
    """

    figure: float
    unmet: float
    plan: Plan | None
    values: Vector | None = None
    endless: bool = False

    def spend(self, service: str) -> list[float]:
        """Spend on a preventative service by year."""
        return self._by_year("x", service)

    def kept(self, service: str) -> list[float]:
        """Need for a responsive service that prevention takes away, by year."""
        return self._by_year("r", service)

    def cost(self, service: str) -> list[float]:
        """What a responsive service costs, by year."""
        return self._by_year("F", service)

    def _by_year(self, family: str, service: str) -> list[float]:
        if self.plan is None:
            raise ScenarioError("there is no plan to read", "", "", "a plan", "look at its status first")
        found = dict.fromkeys(self.plan.scenario.years, 0.0)
        for key, value in self.plan.values.get(family, {}).items():
            if key[0] == service:
                found[int(key[-1])] += value
        return list(found.values())


class Anew:
    """A scenario with its plan, and every question asked of it again. Raises ScenarioError when it has no plan."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, _ = asked(scenario)
        self.model = write(self.scenario)
        self._session: Session | None = None
        self.solves = 0
        self.base = self.solve()
        if self.base.plan is None:
            raise ScenarioError("there is no plan to be explained", "", "", "a scenario that has a plan")

    @property
    def money_step(self) -> float:
        """What an amount is moved by to see what it does: a thousand pounds, in the unit of the file."""
        return _THOUSAND if largest_money(self.scenario) > _ORDINARY else 1.0

    def solve(self, push: Push | None = None) -> Again:
        """The answer with something moved, or as it stands."""
        return self._solved(self.model if push is None else _pushed(self.model, push, self.values))

    def edited(self, scenario: Scenario) -> Again:
        """The answer to the scenario with other numbers."""
        model = write(scenario, self.model)
        if len(model.rows) != len(self.model.rows) or model.keys != self.model.keys:
            raise ScenarioError("other rows, not other numbers", "", "", "the rows of the scenario", "solve it by itself")
        return self._solved(model)

    def gain(self, now: Again) -> float:
        """What an answer gains against the plan, in the unit of what the plan is for; endless where nothing limits it."""
        if now.endless:
            return inf
        gained = self.base.figure - now.figure
        return gained if abs(gained) > _NO_GAIN * (1 + abs(self.base.figure)) else 0.0

    def moved(self, service: str, now: Again) -> list[float]:
        """By how much spend on a preventative service differs from the plan's, by year; rounding is nothing."""
        pairs = zip(now.spend(service), self.base.spend(service), strict=True)
        return [a - b if abs(a - b) > _NOTHING * (1 + abs(b)) else 0.0 for a, b in pairs]

    @cached_property
    def activity(self) -> Vector:
        """What each row comes to in the plan."""
        found: Vector = Matrix.of(self.model).a @ self.values
        return found

    def spare(self, row: int) -> float:
        """How far the plan is from the end of a row."""
        low, high = self.model.numbers.row_low[row], self.model.numbers.row_high[row]
        return max(0.0, min(float(self.activity[row]) - low, high - float(self.activity[row])))

    def tight(self, row: int) -> bool:
        """Whether the plan stands at the end of a row."""
        ends = (self.model.numbers.row_low[row], self.model.numbers.row_high[row])
        size = max((abs(end) for end in ends if not isinf(end)), default=0.0)
        return self.spare(row) <= _NOTHING * (1 + size)

    @property
    def values(self) -> Vector:
        """The plan, by column."""
        if self.base.values is None:
            raise ScenarioError("there is no plan to be explained", "", "", "a scenario that has a plan")
        return self.base.values

    def _solved(self, model: Model) -> Again:
        exact, matrix = accuracy(), Matrix.of(model)
        self.solves += 1
        if self._session is None or matrix.whole.any():
            self._session = Session(matrix, exact.certificate, exact.solver)
        else:
            self._session.take(matrix)
        try:
            run = through(model, self._session, exact)
        except SolverError:
            self._session = None
            raise
        if run.status is not Status.OPTIMAL or run.last is None:
            return Again(inf, inf, None, endless=run.status is Status.UNBOUNDED)
        found = read(model, run.last.values)
        return Again(run.stages["objective"], sum(found.values.get("u", {}).values()), found, run.last.values)


def _pushed(model: Model, push: Push, values: Vector) -> Model:
    """The same programme with its limits moved; its rows and columns are shared, its numbers are its own."""
    old = model.numbers
    numbers = replace(old, low=list(old.low), high=list(old.high), row_low=list(old.row_low), row_high=list(old.row_high))
    for row, by in push.rows.items():
        if isinf(by):
            numbers.row_low[row], numbers.row_high[row] = -inf, inf
            continue
        step = by * _ease(model, row, values)
        numbers.row_low[row] -= step
        numbers.row_high[row] -= step
    for column, by in push.raised.items():
        numbers.high[column] += by
    for column, least in push.least.items():
        numbers.low[column] = least
        numbers.high[column] = max(numbers.high[column], least)
    return replace(model, numbers=numbers)


def _ease(model: Model, row: int, values: Vector) -> float:
    """How one unit of easing enters a row: by its sign, for a share by what it is a share of, else by its only end."""
    about = model.rows[row]
    if about.tilt is not None:
        return sum(weight * float(values[j]) for j, weight in about.tilt.terms)
    return float(about.ease) if about.ease else (-1.0 if isinf(model.numbers.row_low[row]) else 1.0)


def rows_of(model: Model, family: str, *about: object) -> list[int]:
    """The rows of a family whose first parts are these."""
    return [k for k, row in enumerate(model.rows) if row.family == family and row.about[: len(about)] == about]


def years_of(model: Model, rows: Iterable[int]) -> tuple[int, ...]:
    """The years that rows are about, in order."""
    return tuple(sorted({int(str(model.rows[row].about[-1])) for row in rows if model.rows[row].about}))
