"""The stages of a plan, each fixed before the next: safety first, the objective, least spend, a readable plan, one plan.

A stage is fixed by its prices: whatever has a price at the optimum stays where it is, so that later stages choose among
the plans that are as good and there is little left for them to do. Yes-or-no choices have no prices; with them, and
where rounding spoils the prices, a stage is fixed by a row that its objective may not pass.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from rcs_core.workshop.scenario import objective
from rcs_core.workshop.scenario.accuracy import Accuracy
from rcs_core.workshop.scenario.certificate import Certificate
from rcs_core.workshop.scenario.magnitude import Vector, shared_unit
from rcs_core.workshop.scenario.matrix import Matrix, cost_of
from rcs_core.workshop.scenario.model import Model
from rcs_core.workshop.scenario.session import Session, Solved, SolverError, Status

_WIDER = 10.0


@dataclass(slots=True)
class Run:
    """One scenario on its way through the stages: the worst certificate so far, each stage's figure, and the last plan.

    capped: whether stages are fixed by rows instead of by prices.
    """

    model: Model
    session: Session
    exact: Accuracy
    capped: bool = False
    proof: Certificate = field(default_factory=lambda: Certificate(0.0, 0.0, 0.0))
    stages: dict[str, float] = field(default_factory=dict)
    held: list[tuple[Vector, float]] = field(default_factory=list)
    last: Solved | None = None

    @property
    def status(self) -> Status:
        """What became of the last stage."""
        return Status.OPTIMAL if self.last is None else self.last.status

    def minimise(self, stage: str, cost: Vector) -> bool:
        """One stage, which counts when there is an optimum; the worst certificate is kept."""
        solved = self.last = self._eased(cost) if self.capped else self.session.solve(cost)
        if solved.status is Status.INFEASIBLE and self.held:
            raise SolverError("a stage lost the plan of the stage before", stage, "", "a plan", "report this scenario")
        if solved.certificate is None:
            return False
        self._kept(stage, solved.values)
        self.proof = self.proof.worst(solved.certificate)
        self.stages[stage] = solved.objective
        return True

    def _eased(self, cost: Vector) -> Solved:
        """A stage that rounding has shut out gets a little more leeway, up to what the contract allows."""
        leeway, solved = self.exact.stage, self.session.solve(cost)
        while solved.status is Status.INFEASIBLE and self.held and leeway < self.exact.stage_most:
            leeway *= _WIDER
            self.session.recap([(c, best + leeway * (1 + abs(best))) for c, best in self.held])
            solved = self.session.solve(cost)
        return solved

    def _kept(self, stage: str, values: Vector) -> None:
        """Every stage before still has its optimum."""
        unit = self.session.matrix.unit
        for cost, best in self.held:
            allowed = self.exact.stage_most * (shared_unit(cost, unit) + abs(best))
            if not self.capped and abs(float(cost @ values) - best) > allowed:
                raise SolverError("a stage moved the optimum of the stage before", stage, f"{cost @ values!r}", f"{best!r}")

    def hold(self, cost: Vector) -> None:
        """Fix the stage that was just solved at its optimum (by a row: within a leeway too small to be seen)."""
        if self.last is None or not cost.any():
            return
        best = self.last.objective
        self.held.append((cost, best))
        if self.capped:
            self.session.cap(cost, best + self.exact.stage * (1 + abs(best)))
        else:
            self.session.hold(cost, self.last)


def through(model: Model, session: Session, exact: Accuracy, take: Callable[[Run], Run] | None = None) -> Run:
    """A model taken through all its stages (or through those of `take`); the session must hold its matrix as it stands.

    That nothing limits a stage, where stages before it are held, is believed only when rows that hold them say so too.
    """
    stages = take or in_stages
    if session.matrix.whole.any():
        return stages(Run(model, session, exact, capped=True))
    with suppress(SolverError):
        run = stages(Run(model, session, exact))
        if run.status is not Status.UNBOUNDED or not run.held:
            return run
    return stages(Run(model, Session(Matrix.of(model), exact.certificate, exact.solver), exact, capped=True))


def to_the_best(run: Run) -> Run:
    """Safety first and the objective, and nothing after: for who asks what else is as good, or nearly."""
    _best(run, cost_of(run.model, objective.goal(run.model)))
    return run


def in_stages(run: Run) -> Run:
    """Safety first, then the objective, and then least spend and the most readable of the plans that cost the same.

    One of these is settled on where stages are fixed by prices; where they are fixed by rows every solve starts from
    nothing, so that the same scenario has the same plan anyway.
    """
    goal, spend = cost_of(run.model, objective.goal(run.model)), cost_of(run.model, objective.spend(run.model))
    if _best(run, goal):
        run.hold(goal)
        if run.minimise("least spend", spend):
            run.hold(spend)
            readable = cost_of(run.model, objective.book_keeping(run.model))
            if run.minimise("readable", readable) and not run.capped:
                run.hold(readable)
                run.minimise("one plan", objective.one_plan(run.model))
    return run


def _best(run: Run, goal: Vector) -> bool:
    """The objective at the least unmet need, year by year: a child now is never traded for a child later.

    Where all need can be met there is nothing to trade, and the objective is solved with no need unmet.
    """
    allowed = _may_be_unmet(run.model)
    if run.model.scenario.objective.priced or not allowed:
        return run.minimise("objective", goal)
    run.session.close(allowed)
    run.stages["unmet need"] = 0.0
    if run.minimise("objective", goal) or run.status is Status.UNBOUNDED:
        return run.status is Status.OPTIMAL
    del run.stages["unmet need"]
    run.session.open(allowed, float("inf"))
    for year in run.model.scenario.years:
        cost = cost_of(run.model, objective.unmet(run.model, year))
        if not run.minimise(f"unmet need, year {year}", cost):
            return _least_of_nothing(run, year)
        run.hold(cost)
    return run.minimise("objective", goal)


def _least_of_nothing(run: Run, year: int) -> bool:
    """No plan at all is an answer; unmet need below nothing is a solver that lost its way."""
    if run.status is Status.UNBOUNDED:
        where, remedy = f"unmet need, year {year}", "state money in a smaller unit, or need in a larger one"
        raise SolverError("the solver found no end to what is never less than nothing", where, "", "a least", remedy)
    return False


def _may_be_unmet(model: Model) -> list[int]:
    """The columns of need that may go unmet."""
    return [v for key, v in model.vars.get("u", {}).items() if model.responsive[str(key[0])].penalty is not None]
