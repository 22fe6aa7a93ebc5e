"""A scenario worked out anew in draw after draw of its inputs: the plan that a cold solve gives, in a part of its time.

Every draw starts from where the plan of the scenario itself ended, never from the draw before. So an answer does not hang on
which draws came first, nor on who else works on them: the same draw is the same answer, to the last bit.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

import highspy
import numpy as np

from rcs_core.workshop.scenario import plan
from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.certificate import Certificate
from rcs_core.workshop.scenario.draws import Array
from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.hot import another_programme
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Model, write
from rcs_core.workshop.scenario.session import Session, SolverError, Status
from rcs_core.workshop.scenario.stages import Run, through


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a plan ended in the solver, by column and by row: what another process starts from."""

    columns: bytes
    rows: bytes


@dataclass(frozen=True, slots=True)
class Anew:
    """What became of one draw; without a plan nothing is a number. spend: by preventative service and year, in their order.

    status: None where the solver gave no answer that checks out, from where the plan ended nor from nothing.
    """

    status: Status | None
    objective: float
    outcome: float
    spend: Array
    certificate: Certificate | None = None


class Redrawing:
    """A scenario ready to be worked out anew. mark: where its own plan ended, if that is known; else it is solved first.

    base: its own plan (None where a mark was given). One solver: it must not be used by two threads at once.
    """

    def __init__(self, scenario: Scenario, mark: Mark | None = None) -> None:
        self.model, self.exact, self.base = write(asked(scenario)[0]), accuracy(), None
        matrix = Matrix.of(self.model)
        self._session, self.mark = self._fresh(matrix), mark
        if mark is None:
            run = through(self.model, self._session, self.exact)
            self.base = _read(run)
            self.mark = _marked(self._session) if run.status is Status.OPTIMAL and not matrix.whole.any() else None
        self._basis = None if self.mark is None else _basis(self.mark)

    def _fresh(self, matrix: Matrix) -> Session:
        return Session(matrix, self.exact.certificate, self.exact.solver)

    def solve(self, scenario: Scenario) -> Anew:
        """The answer to another scenario; one of other rows or columns is solved from nothing."""
        model = write(scenario, self.model)
        matrix = Matrix.of(model)
        if self._basis is not None and not matrix.whole.any() and not another_programme(self.model, model):
            with suppress(SolverError):
                self._session.start(matrix, self._basis)
                return _read(through(model, self._session, self.exact))
        with suppress(SolverError):
            return _read(through(model, self._fresh(Matrix.of(model)), self.exact))
        return _without(scenario, None)


def free_to_draw(scenario: Scenario) -> Scenario:
    """The scenario whose inputs are drawn: where each effect is drawn, none is taken at its low end."""
    return replace(scenario, cautious=False) if scenario.cautious else scenario


def _read(run: Run) -> Anew:
    scenario = run.model.scenario
    if run.status is not Status.OPTIMAL or run.last is None:
        return _without(scenario, run.status)
    found = plan.read(run.model, run.last.values, run.session.matrix.unit, plan.FIGURES)
    outcome = plan.outcome(found)
    return Anew(Status.OPTIMAL, plan.objective(found, outcome), outcome, _spent(run.model, found), run.proof)


def _without(scenario: Scenario, status: Status | None) -> Anew:
    return Anew(status, np.nan, np.nan, np.full((len(scenario.prevention), scenario.horizon), np.nan))


def _spent(model: Model, found: plan.Plan) -> Array:
    place = {service.id: k for k, service in enumerate(model.scenario.prevention)}
    spent = np.zeros((len(place), model.scenario.horizon))
    for (service, _, _, year), amount in found.values.get("x", {}).items():
        spent[place[str(service)], int(year) - 1] += amount
    return spent


def _marked(session: Session) -> Mark:
    basis = session.highs.getBasis()
    return Mark(_bytes(basis.col_status), _bytes(basis.row_status))


def _bytes(statuses: Iterable[highspy.HighsBasisStatus]) -> bytes:
    return bytes(int(status) for status in statuses)


def _basis(mark: Mark) -> highspy.HighsBasis:
    basis = highspy.HighsBasis()
    kinds = {int(kind): kind for kind in highspy.HighsBasisStatus.__members__.values()}
    basis.col_status, basis.row_status = ([kinds[k] for k in part] for part in (mark.columns, mark.rows))
    basis.valid, basis.alien = True, False
    return basis
