"""Solving a scenario and checking the answer: a plan with its certificate, or what clashes and what repairs it."""

from collections.abc import Mapping, Sequence

from rcs_core.workshop.scenario import conflict, plan, wording
from rcs_core.workshop.scenario.accuracy import Accuracy, accuracy
from rcs_core.workshop.scenario.cautious import cautious
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Model, build
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.session import Session, SolverError, Status
from rcs_core.workshop.scenario.stages import Run, through

__all__ = ["Accuracy", "accuracy", "answer", "asked", "solve"]


def solve(scenario: Scenario, names: Mapping[str, str] | None = None) -> Result:
    """Solve a scenario and check the answer; an impossible one says which promises clash and what repairs it.

    names: what ids are called in messages.
    Raises ScenarioError when the scenario asks for what cannot be built, SolverError when an answer does not check out.
    """
    read, notes = asked(scenario)
    exact, model = accuracy(), build(read)
    return answer(model, Session(Matrix.of(model), exact.certificate, exact.solver), notes, names or {})


def asked(scenario: Scenario) -> tuple[Scenario, Sequence[str]]:
    """The scenario that is solved, with notes on how it was read: a cautious one is at the low end of its effects."""
    return cautious(scenario) if scenario.cautious else (scenario, ())


def answer(model: Model, session: Session, notes: Sequence[str], names: Mapping[str, str], explained: bool = True) -> Result:
    """The whole answer to a model whose matrix a session holds; explained: what clashes too, where there is no plan."""
    exact = accuracy()
    run = through(model, session, exact)
    if run.status is Status.INFEASIBLE and not explained:
        return Result(Status.INFEASIBLE)
    if run.status is Status.INFEASIBLE:
        return conflict.explain(model, exact.certificate, exact.solver, names)
    if run.status is Status.UNBOUNDED or run.last is None:
        return Result(Status.UNBOUNDED, messages=(*notes, *wording.without_limit(model.scenario)))
    found = plan.read(model, run.last.values)
    outcome = plan.outcome(found)
    figure = plan.objective(found, outcome)
    _agree(run, figure, found)
    return Result(
        Status.OPTIMAL,
        figure,
        plan.spend_lines(found),
        plan.responsive_lines(found),
        plan.purse_lines(found),
        plan.pool_lines(found),
        run.proof,
        messages=(*notes, *wording.of_plan(model.scenario, found, names)),
        outcome=outcome,
        stages=run.stages,
        reach=plan.reach_lines(found),
    )


def _agree(run: Run, figure: float, found: plan.Plan) -> None:
    """The figure computed from the plan is the one the solver reached (less the price of a missed share target)."""
    sign = 1.0 if run.model.scenario.objective.kind == "cost" else -1.0
    missed = plan.share_price(found)
    reached = sign * (run.stages["objective"] - missed)
    if abs(reached - figure) > run.exact.certificate * (1 + abs(figure) + abs(missed)):
        raise SolverError(
            "the objective of the plan is not the solver's", "", f"{figure!r} against {reached!r}", "the same figure"
        )
