"""A scenario solved again and again while somebody edits it: from where the last plan ended, when only numbers changed.

What comes in is a scenario, and then changed ones; what goes out is the answer that a cold solve gives, with a note on
how it was reached. Threads may share a session: they take turns, and each gets the answer to the scenario that it sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.engine import answer, asked
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Model, build, write
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.session import Session


@dataclass(frozen=True, slots=True)
class Turn:
    """How an answer was reached.

    hot: from the last plan, its rows and columns being the same. why: the reason where it was not. changed: numbers of
    the programme that differ from the last scenario's. iterations: simplex steps.
    """

    hot: bool
    why: str = ""
    changed: int = 0
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is left of an answer for the next: the programme, its arrays as they were before any stage, and the solver."""

    model: Model
    matrix: Matrix
    session: Session


class HotSession:
    """A scenario under edit: `solve()` answers it, `edit(changed)` answers a changed one, from the last plan where it can.

    names: what ids are called in messages. turn: how the last answer was reached.
    """

    def __init__(self, scenario: Scenario, names: Mapping[str, str] | None = None) -> None:
        self.scenario, self.names, self.turn = scenario, dict(names or {}), Turn(hot=False, why="nothing is solved yet")
        self._kept: _Kept | None = None
        self._lock = Lock()

    def solve(self) -> Result:
        """The answer to the scenario as it stands."""
        return self.edit(self.scenario)

    def edit(self, changed: Scenario, explained: bool = True) -> Result:
        """The answer to a changed scenario: new numbers go on from the last plan, other rows or columns start anew.

        explained: what clashes and what repairs it, where there is no plan; many trials need only to know that there is none.
        Raises what a cold solve raises; the session then stays as it was before, and starts anew.
        """
        with self._lock:
            read, notes = asked(changed)
            # whatever goes wrong on the way leaves nothing behind that the next answer would be built on
            before, self._kept = self._kept, None
            kept, turn = _hot(before, read)
            steps = kept.session.iterations
            result = answer(kept.model, kept.session, notes, self.names, explained)
            self._kept, self.scenario = kept, changed
            self.turn = Turn(turn.hot, turn.why, turn.changed, kept.session.iterations - steps)
            return result


def _hot(before: _Kept | None, scenario: Scenario) -> tuple[_Kept, Turn]:
    """A scenario ready to be solved: from the last plan when only its numbers are other, else from nothing."""
    if before is None:
        return _cold(build(scenario), "first solve")
    model = write(scenario, before.model)
    if why := another_programme(before.model, model):
        return _cold(model, why)
    matrix = Matrix.of(model)
    if matrix.whole.any():
        return _cold(model, "it has yes-or-no choices")
    before.session.take(matrix)
    return _Kept(model, matrix.copy(), before.session), Turn(True, changed=before.matrix.differs(matrix))


def _cold(model: Model, why: str) -> tuple[_Kept, Turn]:
    exact, matrix = accuracy(), Matrix.of(model)
    return _Kept(model, matrix.copy(), Session(matrix, exact.certificate, exact.solver)), Turn(hot=False, why=why)


def another_programme(before: Model, after: Model) -> str:
    """Why a programme has not the rows and columns of another; blank when it has."""
    if before.keys != after.keys:
        return "other columns: a service, place, group, year or response segment came or went"
    if len(before.rows) != len(after.rows) or any(
        was is not is_ and (was.about != is_.about or was.family != is_.family)
        for was, is_ in zip(before.rows, after.rows, strict=True)
    ):
        return "other rows: a promise or a limit came or went"
    return ""
