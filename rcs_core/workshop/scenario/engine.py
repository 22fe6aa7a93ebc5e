"""Solving a scenario in stages, each fixed before the next: safety first, the objective, least spend, a readable plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.scenario import conflict, objective, plan, wording
from rcs_core.workshop.scenario.cautious import cautious
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.magnitude import Vector
from rcs_core.workshop.scenario.model import Model, Terms, build
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.session import Certificate, Matrix, Session, Solved, SolverError, Status, cost_of


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How exactly a plan is solved and checked (data_contracts/scenario.yaml)."""

    certificate: float
    solver: float
    stage: float
    stage_most: float


def accuracy(path: Path = CONTRACTS / "scenario.yaml") -> Accuracy:
    """The accuracy of the contract."""
    content = {key: entry["value"] for key, entry in read_yaml(path)["accuracy"].items()}
    return fill(Accuracy, content, path.name)


_WIDER = 10.0


@dataclass(slots=True)
class _Run:
    """One scenario on its way through the stages."""

    model: Model
    session: Session
    exact: Accuracy
    proof: Certificate = field(default_factory=lambda: Certificate(0.0, 0.0, 0.0))
    stages: dict[str, float] = field(default_factory=dict)
    held: list[tuple[Vector, float]] = field(default_factory=list)

    def minimise(self, stage: str, terms: Terms) -> Solved:
        """One stage; the worst certificate is kept.

        A stage that rounding has shut out gets a little more leeway, up to what the contract allows.
        """
        cost, leeway = cost_of(self.model, terms), self.exact.stage
        solved = self.session.solve(cost)
        while solved.status is Status.INFEASIBLE and self.held and leeway < self.exact.stage_most:
            leeway *= _WIDER
            self.session.recap([(c, best + leeway * (1 + abs(best))) for c, best in self.held])
            solved = self.session.solve(cost)
        if solved.status is Status.INFEASIBLE and self.stages:
            raise SolverError("a stage lost the plan of the stage before", stage, "", "a plan", "report this scenario")
        if solved.certificate is not None:
            self.proof = self.proof.worst(solved.certificate)
            self.stages[stage] = solved.objective
        return solved

    def hold(self, terms: Terms, best: float) -> None:
        """Fix a stage at its optimum, within a leeway too small to be seen in the figure reported."""
        cost = cost_of(self.model, terms)
        if cost.any():
            self.held.append((cost, best))
            self.session.cap(cost, best + self.exact.stage * (1 + abs(best)))


def solve(scenario: Scenario, names: Mapping[str, str] | None = None) -> Result:
    """Solve a scenario and check the answer; an impossible one says which promises clash and what repairs it.

    names: what ids are called in messages.
    Raises ScenarioError when the scenario asks for what cannot be built, SolverError when an answer does not check out.
    """
    asked, notes = cautious(scenario) if scenario.cautious else (scenario, [])
    exact = accuracy()
    model = build(asked)
    run = _Run(model, Session(Matrix.of(model), exact.certificate, exact.solver), exact)
    status = _safety_first(run) if not asked.objective.priced else Status.OPTIMAL
    best = run.minimise("objective", objective.goal(model)) if status is Status.OPTIMAL else None
    if best is None or best.status is Status.INFEASIBLE:
        return conflict.explain(model, exact.certificate, exact.solver, names)
    if best.status is Status.UNBOUNDED:
        return Result(Status.UNBOUNDED, messages=(*notes, *wording.without_limit(asked)))
    run.hold(objective.goal(model), best.objective)
    return _tidy(run, notes, names or {})


def _safety_first(run: _Run) -> Status:
    """Least unmet need, year by year: a child now is never traded for a child later."""
    years = list(run.model.scenario.years)
    allowed = [v for (d, *_), v in run.model.vars["u"].items() if run.model.responsive[str(d)].penalty is not None]
    if not allowed:
        return Status.OPTIMAL
    first = run.minimise("unmet need", [(v, 1.0) for v in allowed])
    if first.status is not Status.OPTIMAL:
        return first.status
    size = 1 + float(np.abs(first.values / run.session.matrix.unit).max(initial=0.0))
    if first.objective <= run.exact.solver * size:
        run.session.close([run.model.column[v.id] for v in allowed])
        return Status.OPTIMAL
    for year in years:
        terms = objective.unmet(run.model, year)
        found = run.minimise(f"unmet need, year {year}", terms)
        run.hold(terms, found.objective)
    return Status.OPTIMAL


def _tidy(run: _Run, notes: list[str], names: Mapping[str, str]) -> Result:
    """Least spend at the optimum, then the most readable of the plans that cost the same; the objective stays."""
    spend = objective.spend(run.model)
    least = run.minimise("least spend", spend)
    run.hold(spend, least.objective)
    last = run.minimise("readable", objective.book_keeping(run.model))
    found = plan.read(run.model, last.values)
    figure = plan.objective(found)
    _agree(run, figure, found)
    lines = plan.responsive_lines(found)
    return Result(
        Status.OPTIMAL,
        figure,
        plan.spend_lines(found),
        lines,
        plan.purse_lines(found),
        plan.pool_lines(found),
        run.proof,
        messages=(*notes, *wording.of_plan(run.model.scenario, found, names)),
        outcome=plan.outcome(found),
        stages=run.stages,
        reach=plan.reach_lines(found),
    )


def _agree(run: _Run, figure: float, found: plan.Plan) -> None:
    """The figure computed from the plan is the one the solver reached (less the price of a missed share target)."""
    scenario = run.model.scenario
    sign = 1.0 if scenario.objective.kind == "cost" else -1.0
    missed = plan.share_price(found)
    reached = sign * (run.stages["objective"] - missed)
    if abs(reached - figure) > run.exact.certificate * (1 + abs(figure) + abs(missed)):
        raise SolverError(
            "the objective of the plan is not the solver's", "", f"{figure!r} against {reached!r}", "the same figure"
        )
