"""Plans that are nearly as good: how little and how much each preventative service may be given among them.

A plan counts when it keeps every promise, leaves no more need unmet in any year than the best plan (safety first is held
as it was), and its objective is within a slack of the best. The slack is a share of what the best plan gains over doing
nothing, not of the objective: most of an objective is what today's services do already, and a hundredth of that can be
more than the whole plan brings. Spend is free: the stages after the objective, which settle on one plan, do not hold here.

Every end of a range is the optimum of a linear programme (or, with yes-or-no choices, of a mixed one), certified like a plan.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import objective, plan
from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.magnitude import Vector
from rcs_core.workshop.scenario.matrix import Matrix, cost_of
from rcs_core.workshop.scenario.model import Model, Terms, write
from rcs_core.workshop.scenario.session import Session, SolverError, Status
from rcs_core.workshop.scenario.stages import Run, through, to_the_best
from rcs_core.workshop.scenario.unchanged import Gain, objective_of_nothing, spend_today

type Ends = Mapping[str, "Span"]
type End = tuple[int, str, int]
"""A measure, a service, and whether it is the least (1) or the most (-1)."""


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most that some spend can be; `most` is infinite where nothing limits it."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Near:
    """The plans within one slack: by service, spend in the last year and summed over all years.

    slack: as a share of the gain. bound: the objective that these plans at least reach (at most, for a cost).
    """

    slack: float
    bound: float
    last: Ends
    total: Ends


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The best plan's figures and, from the narrowest slack to the widest, what is nearly as good.

    today: spend before the plan, a year. best_last, best_total: spend in one best plan. solves: how many programmes were
    solved; the rest was known from these.
    """

    gain: Gain
    today: Mapping[str, float]
    best_last: Mapping[str, float]
    best_total: Mapping[str, float]
    near: tuple[Near, ...]
    solves: int

    def within(self, slack: float) -> Near:
        """The plans within a slack. Raises KeyError where it was not asked for."""
        return {near.slack: near for near in self.near}[slack]


def alternatives(scenario: Scenario, slacks: Sequence[float], told: Callable[[float], object] | None = None) -> Alternatives:
    """The range of every preventative service among the plans within each slack; `told` hears how far the work is.

    Raises ScenarioError when the scenario has no plan, SolverError when an answer does not check out.
    """
    read, _ = asked(scenario)
    exact, model = accuracy(), write(read)
    run = through(model, Session(Matrix.of(model), exact.certificate, exact.solver), exact, to_the_best)
    if run.status is not Status.OPTIMAL or run.last is None:
        raise ScenarioError("there is no plan to set others beside", "", run.status.value, "promises that can all hold")
    found = plan.read(model, run.last.values)
    gain = Gain(plan.objective(found, plan.outcome(found)), objective_of_nothing(scenario))
    search = _Search(run, run.last.values, gain, told, len(slacks))
    near = {slack: search.within(slack) for slack in sorted(slacks, reverse=True)}
    last, total = ({s: float(cost @ search.best) for s, cost in costs.items()} for costs in search.measures)
    today = {s.id: spend_today(s) for s in read.prevention}
    return Alternatives(gain, today, last, total, tuple(near[slack] for slack in sorted(slacks)), search.solves)


@dataclass(slots=True)
class _Search:
    """The session in which every end is looked for: what is held stays held, one row holds the objective.

    measures: by service, spend in the last year and over all years, as costs. ends: the plan at each end that was found
    within the last (wider) slack: where it is within a narrower one too, it is the end there. start: where the solver
    stood at the best plan, which is within every slack; from there few steps lead to an end.
    """

    run: Run
    best: Vector
    gain: Gain
    told: Callable[[float], object] | None
    rounds: int
    goal: Vector = field(init=False)
    measures: tuple[dict[str, Vector], dict[str, Vector]] = field(init=False)
    ends: dict[End, Vector | None] = field(default_factory=dict)
    start: Any = None
    solves: int = 0
    done: int = 0

    def __post_init__(self) -> None:
        model = self.run.model
        years = model.scenario.years
        self.goal = cost_of(model, objective.goal(model))
        self.measures = (
            {s: cost_of(model, model.spend(s, years[-1])) for s in model.preventative},
            {s: cost_of(model, _all_years(model, s)) for s in model.preventative},
        )

    def within(self, slack: float) -> Near:
        """Every service's ends within one slack, which must not be wider than the one before."""
        most = float(self.goal @ self.best) + slack * self.gain.size
        self._allow(most + self.run.exact.stage * (1 + abs(most)))
        last, total = ({s: self._span(k, s, most) for s in costs} for k, costs in enumerate(self.measures))
        sign = 1.0 if self.run.model.scenario.objective.kind == "cost" else -1.0
        return Near(slack, self.gain.plan + sign * slack * self.gain.size, last, total)

    def _allow(self, most: float) -> None:
        """Hold the objective to a figure."""
        session = self.run.session
        if self.start is None:
            if self.goal.any():
                session.cap(self.goal, most)
            self.start = session.mark()
        elif self.goal.any():
            session.recap([(self.goal, most)])

    def _span(self, measure: int, service: str, most: float) -> Span:
        low, high = self._end(measure, service, 1, most), self._end(measure, service, -1, most)
        self.done += 1
        if self.told:
            self.told(self.done / (self.rounds * len(self.measures) * len(self.measures[measure])))
        return Span(max(0.0, low), high)

    def _end(self, measure: int, service: str, sign: int, most: float) -> float:
        cost, key = self.measures[measure][service], (measure, service, sign)
        if key not in self.ends or not self._allowed(self.ends[key], most):
            self.run.session.back_to(self.start)
            self.ends[key] = self._found(sign * cost)
        values = self.ends[key]
        if values is None:
            return inf
        # the best plan is within every slack, whatever rounding says
        return sign * min(float(sign * (cost @ values)), float(sign * (cost @ self.best)))

    def _allowed(self, values: Vector | None, most: float) -> bool:
        """Whether the end that a wider slack has is within this one; that nothing limits a service is asked anew."""
        return values is not None and float(self.goal @ values) <= most + self.run.exact.stage * (1 + abs(most))

    def _found(self, cost: Vector) -> Vector | None:
        """The plan that makes a cost least; None where nothing ends it."""
        self.solves += 1
        solved = self.run.session.solve(cost)
        if solved.status is Status.UNBOUNDED:
            return None
        if solved.status is not Status.OPTIMAL:
            raise SolverError("a plan was lost among those that are nearly as good", "", solved.status.value, "a plan")
        for held, least in self.run.held:
            if abs(float(held @ solved.values) - least) > self.run.exact.certificate * (1 + abs(least)):
                raise SolverError("more need is unmet than must be", "", f"{held @ solved.values!r}", f"{least!r}")
        return solved.values


def _all_years(model: Model, service: str) -> Terms:
    return [term for year in model.scenario.years for term in model.spend(service, year)]
