"""What a plan brings at more and at less of something: of the shift, of every purse; hot from one answer to the next.

What comes in is a way to make the scenario at a value, and the values from the easiest to keep to the hardest. What goes
out is the plan at each, and where the promises stop holding, with what clashes there. Where only right-hand sides move in
step (the pace of a shift, the purses), what a linear plan brings is concave: each step more brings no more than the last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.format import Agency, Scenario, Workforce, at
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.magnitude import Vector
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Model, RowAbout, write
from rcs_core.workshop.scenario.reading import Yearly
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.session import Session, Status
from rcs_core.workshop.scenario.stages import through, to_the_best
from rcs_core.workshop.scenario.unchanged import spend_today

type Make = Callable[[float], Scenario]
PACE = "pace_of_shift"
"""The limit under which prevention may rise in equal steps."""
_HALVINGS = 6
_POLICY = {"workforce", "rampup", "rampdn", "floor", "capacity", "ring", "share", "equity", "pool", "budget", "outcome_target"}
_FREE = 1e-7
"""What a promise would bring, against the objective, is nothing below this."""


@dataclass(frozen=True, slots=True)
class Point:
    """The plan at one value."""

    at: float
    result: Result

    @property
    def objective(self) -> float:
        """What the plan brings, as the scenario counts it."""
        return float(self.result.objective or 0.0)


@dataclass(frozen=True, slots=True)
class End:
    """Where the promises stop holding. last: the furthest value at which they can all hold (to within a small part of a
    step). beyond: the first value tried at which they cannot, and `result` what clashes there.
    """

    last: float
    beyond: float
    result: Result


@dataclass(frozen=True, slots=True)
class Frontier:
    """The plan at each value that is possible, in order of the values, and where it ends (None: nowhere in what was tried)."""

    points: tuple[Point, ...]
    end: End | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A promise or limit that holds a plan back. worth: what one hundredth more room would bring the objective, at its price."""

    about: RowAbout
    worth: float


def frontier(
    make: Make, values: Sequence[float], told: Callable[[float], object] | None = None, names: Mapping[str, str] | None = None
) -> Frontier:
    """The plan at each value, from the easiest to keep to the hardest, up to the first that cannot be kept.

    Where it ends between two values, the plan at the very end is there too. names: what ids are called in messages.
    Raises ScenarioError when even the easiest cannot be, or a value makes no scenario.
    """
    session, points, end = HotSession(make(values[0]), names), list[Point](), None
    for k, value in enumerate(values):
        result = session.edit(make(value))
        if result.status is not Status.OPTIMAL:
            if not points:
                raise ScenarioError("there is no plan even where most is allowed", f"{value:g}", result.status.value, "a plan")
            end = End(_edge(make, points[-1].at, value), value, result)
            if end.last != points[-1].at:
                points.append(Point(end.last, session.edit(make(end.last))))
            break
        points.append(Point(value, result))
        if told:
            told((k + 1) / len(values))
    return Frontier(tuple(sorted(points, key=lambda point: point.at)), end)


def possible(scenario: Scenario) -> bool:
    """Whether all promises can hold."""
    exact = accuracy()
    return Session(Matrix.of(write(asked(scenario)[0])), exact.certificate, exact.solver).possible()


def _edge(make: Make, holds: float, fails: float) -> float:
    """The furthest value at which every promise can hold, by halving."""
    for _ in range(_HALVINGS):
        middle = (holds + fails) / 2
        holds, fails = (middle, fails) if possible(make(middle)) else (holds, middle)
    return holds


def by_budget(scenario: Scenario) -> Make:
    """Every purse, and what is held in it, by some per cent more or less in every year."""

    def make(per_cent: float) -> Scenario:
        scale = 1 + per_cent / 100
        agencies = tuple(_scaled_purse(agency, scale) for agency in scenario.agencies)
        held = tuple(replace(one, amount=_scaled(one.amount, scale)) for one in scenario.held)
        return replace(scenario, agencies=agencies, held=held)

    return make


def _scaled_purse(agency: Agency, scale: float) -> Agency:
    return agency if agency.budget is None else replace(agency, budget=_scaled(agency.budget, scale))


def _scaled(value: Yearly, scale: float) -> Yearly:
    return tuple(one * scale for one in value) if isinstance(value, tuple) else value * scale


def by_pace(scenario: Scenario) -> Make:
    """All preventative spend may rise, in equal steps, by some points of the modelled spend by the last year.

    Where the scenario has such a pace already, it is put in its place.
    """
    start, whole = sum(spend_today(s) for s in scenario.prevention), modelled(scenario)

    def make(points: float) -> Scenario:
        steps = tuple(start + points / 100 * whole * t / scenario.horizon for t in scenario.years)
        pace = Workforce(PACE, {s.id: 1.0 for s in scenario.prevention}, steps)
        others = [limit for limit in scenario.workforce if limit.id != PACE]
        return replace(scenario, workforce=(*others, pace))

    return make


def by_share(scenario: Scenario) -> Make:
    """The preventative share asked of the last year, as a share from 0 to 1."""

    def make(share: float) -> Scenario:
        return replace(scenario, share_target=(*([None] * (scenario.horizon - 1)), share))

    return make


def modelled(scenario: Scenario) -> float:
    """Spend a year that can move or that responds, before the plan: what points of a shift are points of."""
    responsive = sum(at(d.unit_cost, 1) * sum(d.capacity_before(loc) for loc in d.demand) for d in scenario.acute)
    return sum(spend_today(s) for s in scenario.prevention) + responsive


def binding(scenario: Scenario) -> list[Binding]:
    """The promises and limits that hold the best plan back, those that would bring most for a little more room first.

    Blank where nothing but the ends of the responses does. Prices are those of one optimum.
    """
    read, exact = asked(scenario)[0], accuracy()
    model = write(read)
    run = through(model, Session(Matrix.of(model), exact.certificate, exact.solver), exact, to_the_best)
    if run.last is None or run.status is not Status.OPTIMAL:
        raise ScenarioError("there is no plan whose limits could be named", "", run.status.value, "a plan")
    found = _worth(model, run.last.prices, run.session.matrix)
    least = _FREE * (1 + abs(run.last.objective))
    return sorted((b for b in found if b.worth > least), key=lambda b: -b.worth)


def _worth(model: Model, prices: Vector, matrix: Matrix) -> list[Binding]:
    ends = np.where(prices > 0, matrix.row_low[: len(prices)], matrix.row_high[: len(prices)])
    worth = np.abs(np.where(np.isfinite(ends), ends, 0.0) * prices) / 100
    rows = enumerate(model.rows)
    return [Binding(about, float(worth[row])) for row, about in rows if about.family in _POLICY and prices[row]]
