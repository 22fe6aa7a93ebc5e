"""What one unit of each promise is worth to the plan: its price, and what easing and tightening it a little really does.

Sign: a price is what the plan gains for one unit by which a promise is eased (a pound more budget, a pound less floor, one
place more, a share less by one). A gain is more outcome, more preventative spend, or less cost, as the scenario's objective
says. So a price is never negative where unmet need has a price or none arises; where safety comes first, a pound may meet
need instead, and the objective lose by it: what it does to unmet need stands beside it.

Where a plan stands on a corner, easing gains less than tightening loses: a price is then any number between the two, and
`Bracket` says both. Yes-or-no choices are held as the plan made them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import objective, wording
from rcs_core.workshop.scenario.accuracy import Accuracy, accuracy
from rcs_core.workshop.scenario.cautious import cautious
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.magnitude import Vector
from rcs_core.workshop.scenario.matrix import Matrix, cost_of
from rcs_core.workshop.scenario.model import Model, Terms, build
from rcs_core.workshop.scenario.session import Session, Solved, SolverError, Status

_STEP = 1e-5
"""How far a promise is moved to see what it does, against its own size."""
_WIDER = 10.0
_FLAT = 1e-4
"""Gains and losses closer than this are the same."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """One promise: its price, what a small step of easing gains and of tightening loses, each for one unit.

    tightened is None where no tightening is possible. unmet_*: how much less need goes unmet for a unit eased, and how
    much more for a unit tightened, over all years.
    """

    promise: str
    unit: str
    price: float
    eased: float
    tightened: float | None
    unmet_eased: float
    unmet_tightened: float | None

    @property
    def corner(self) -> bool:
        """Whether easing and tightening do not weigh the same, so that one price does not tell both."""
        if self.tightened is None:
            return True
        return abs(self.tightened - self.eased) > _FLAT * (1 + abs(self.eased))


def prices(scenario: Scenario) -> dict[str, float]:
    """The price of every promise, from one run of the stages; see the module for its sign.

    Raises ScenarioError when the scenario has no plan.
    """
    run = _Run.of(scenario)
    found = run.stages()
    return {promise: run.price(promise, found) for promise in run.rows}


def brackets(scenario: Scenario, promises: Iterable[str] | None = None) -> dict[str, Bracket]:
    """The price of some promises (all, by default) with what a small step either way does: two more runs for each.

    Raises ScenarioError when the scenario has no plan or a promise is none of its own.
    """
    run = _Run.of(scenario)
    found = run.stages()
    chosen = list(run.rows) if promises is None else list(promises)
    for promise in chosen:
        if promise not in run.rows:
            raise ScenarioError("no such promise", promise, "", "a promise of the scenario", "see the promises of its conflicts")
    return {promise: run.bracket(promise, found) for promise in chosen}


@dataclass(slots=True)
class _Run:
    """The stages of one scenario in one session, whose promises can be moved a little and moved back.

    costs: what each stage minimises, unmet need by year and then the objective; all but the last are held once solved.
    """

    model: Model
    session: Session
    exact: Accuracy
    costs: list[Vector]
    rows: dict[str, list[int]] = field(default_factory=dict)
    holds: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, scenario: Scenario) -> "_Run":
        """Build the stages; yes-or-no choices are made first and then held."""
        model, exact = build(cautious(scenario)[0] if scenario.cautious else scenario), accuracy()
        costs = [cost_of(model, terms) for terms in _aims(model)]
        matrix = Matrix.of(model)
        if matrix.whole.any():
            chosen = cls._built(model, matrix, exact, costs).stages()[-1].values
            matrix = Matrix.of(model)
            matrix.low[matrix.whole] = matrix.high[matrix.whole] = np.round(chosen[matrix.whole])
            matrix.whole[:] = False
        return cls._built(model, matrix, exact, costs)

    @classmethod
    def _built(cls, model: Model, matrix: Matrix, exact: Accuracy, costs: list[Vector]) -> "_Run":
        run = cls(model, Session(matrix, exact.certificate, exact.solver), exact, costs)
        for row, about in enumerate(model.rows):
            if about.promise is not None:
                run.rows.setdefault(about.promise, []).append(row)
        for cost in costs[:-1]:
            run.holds.append(run.session.matrix.a.shape[0])
            run.session.cap(cost, np.inf)
        return run

    def stages(self) -> list[Solved]:
        """Solve every stage with the promises as they now stand; raises ScenarioError when there is no plan."""
        found: list[Solved] = []
        for hold in self.holds:
            self.session.set_row(hold, -np.inf, np.inf)
        for cost in self.costs:
            found.append(self._solve(cost, found))
            if len(found) < len(self.costs):
                self._hold(found, self.exact.stage)
        return found

    def _solve(self, cost: Vector, before: list[Solved]) -> Solved:
        """One stage; where rounding has shut it out, the stages before get a little more leeway."""
        solved, leeway = self.session.solve(cost), self.exact.stage
        while solved.status is Status.INFEASIBLE and before and leeway < self.exact.stage_most:
            leeway *= _WIDER
            self._hold(before, leeway)
            solved = self.session.solve(cost)
        if solved.status is not Status.OPTIMAL:
            raise ScenarioError("there is no plan whose promises could be priced", "", solved.status.value, "a plan")
        for held, kept in zip(before, self.costs, strict=False):
            if float(kept @ solved.values) - held.objective > self.exact.certificate * (1 + abs(held.objective)):
                got = f"{kept @ solved.values!r}"
                raise SolverError("a price was sought where unmet need is not at its least", "", got, f"{held.objective!r}")
        return solved

    def _hold(self, found: list[Solved], leeway: float) -> None:
        for solved, cost, row in zip(found, self.costs, self.holds, strict=False):
            most = solved.objective + leeway * (1 + abs(solved.objective))
            self.session.set_row(row, -np.inf, most / float(np.abs(cost).max()))

    def price(self, promise: str, found: list[Solved]) -> float:
        """What the last stage gains for one unit: by its own row prices, and by what the unit does to the stages held."""
        moved: list[float] = []
        for stage, solved in enumerate(found):
            gain = sum(-float(solved.prices[row]) * self._ease(row, found[-1].values) for row in self.rows[promise])
            for hold, cost, before in zip(self.holds[:stage], self.costs, moved, strict=False):
                gain += float(solved.prices[hold]) / float(np.abs(cost).max()) * before
            # least unmet need of nothing stays nothing when a promise is eased
            safe = stage < len(found) - 1 and solved.objective <= self.exact.solver * (1 + float(np.abs(solved.values).max()))
            moved.append(0.0 if safe else gain)
        return 0.0 - moved[-1]

    def _ease(self, row: int, values: Vector) -> float:
        """How one unit of easing enters a row: by its sign, or for a share by what it is a share of."""
        about = self.model.rows[row]
        return float(about.ease) if about.tilt is None else sum(weight * float(values[j]) for j, weight in about.tilt.terms)

    def bracket(self, promise: str, found: list[Solved]) -> Bracket:
        """A promise's price, and what small steps of easing and tightening it do."""
        step = _STEP * (1 + max(self._size(row) for row in self.rows[promise]))
        about = self.model.promises[promise]
        if about.tilt is not None:
            step = _STEP
        eased = self._moved(promise, step, found)
        tight = self._moved(promise, -step, found)
        if eased is None:
            raise ScenarioError("a promise that is eased leaves no plan", promise, "", "a plan", "report this scenario")
        return Bracket(
            promise,
            wording.unit_of(self.model, promise, about.family),
            self.price(promise, found),
            eased[0] / step,
            None if tight is None else -tight[0] / step,
            eased[1] / step,
            None if tight is None else -tight[1] / step,
        )

    def _size(self, row: int) -> float:
        ends = [self.session.matrix.row_low[row], self.session.matrix.row_high[row]]
        return max((abs(float(end)) for end in ends if np.isfinite(end)), default=0.0)

    def _moved(self, promise: str, step: float, found: list[Solved]) -> tuple[float, float] | None:
        """What the objective gains, and by how much unmet need falls, when a promise is moved; None: no plan is left."""
        matrix = self.session.matrix
        kept = {row: (float(matrix.row_low[row]), float(matrix.row_high[row])) for row in self.rows[promise]}
        for row, (low, high) in kept.items():
            by = step * self._ease(row, found[-1].values)
            self.session.set_row(row, low - by, high - by)
        try:
            now = self.stages()
        except ScenarioError:
            return None
        finally:
            for row, (low, high) in kept.items():
                self.session.set_row(row, low, high)
        safer = sum(a.objective - b.objective for a, b in zip(found[:-1], now[:-1], strict=True))
        return found[-1].objective - now[-1].objective, safer


def _aims(model: Model) -> list[Terms]:
    """What the stages minimise: unmet need year by year where safety comes first, and the objective."""
    goal = objective.goal(model)
    if model.scenario.objective.priced or all(d.penalty is None for d in model.scenario.acute):
        return [goal]
    unmet = [objective.unmet(model, year) for year in model.scenario.years]
    return [*(terms for terms in unmet if terms), goal]
