"""The last gate before tables leave: what was written is read back and every sensitive count's flow is checked, without a solver.

A flow that moves only cells which the written tables hide, keeps every sum, takes no count below 0 and lifts the
sensitive count to the threshold is a proof that no attacker can show the count to be small.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.part import SHARED, Part
from rcs_core.records.protect.pattern import Pattern
from rcs_core.records.protect.system import System, describe
from rcs_core.release import Table
from rcs_core.vocab import CellState

SLACK = 1e-6
"""How far, in children, a flow may miss by rounding."""


def check_written(written: Sequence[Table], system: System, parts: Sequence[tuple[Part, Pattern]], min_cell: int) -> None:
    """Raise DisclosureError unless the written tables hide what the flows need and every sensitive count has a valid flow.

    A flow that carries movements of a shared base is set out over the cells of the whole system, and checked against its sums.
    """
    hidden = _read_back(written, system)
    sums = _Sums(system)
    proved: set[int] = set()
    for part, pattern in parts:
        for cell, flow in pattern.witnesses.items():
            if why := sums.fault(part, cell, flow, hidden):
                raise _refused(system, int(part.cells[cell]), why)
            proved.add(int(part.cells[cell]))
        for cell in np.flatnonzero(part.need > 0).tolist():
            if cell not in pattern.witnesses:
                raise _refused(system, int(part.cells[cell]), "no flow proves it safe")
    for cell in np.flatnonzero(system.counts < min_cell).tolist():
        if cell not in proved or not hidden[cell]:
            raise _refused(system, cell, "it is shown" if not hidden[cell] else "no flow proves it safe")


class _Sums:
    """The sums of the system, against which proofs are checked."""

    def __init__(self, system: System) -> None:
        entries = [(k, c, v) for k, s in enumerate(system.sums) for c, v in ((s.parent, 1.0), *((c, -1.0) for c in s.children))]
        rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
        self._matrix = csr_array((signs, (rows, columns)), shape=(len(system.sums), len(system.counts)))
        self._counts = system.counts
        self._of: dict[int, tuple[Part, csr_array]] = {}

    def _own(self, part: Part) -> csr_array:
        """The sums that a part answers for: those with a cell of its own, and of a base alone those with no other cell."""
        if id(part) not in self._of:
            mine = np.zeros(len(self._counts))
            mine[part.cells[part.cells >= 0]] = 1.0
            touched = np.asarray(abs(self._matrix) @ mine).ravel() > 0
            if bool((part.population == SHARED).all()):
                touched &= np.asarray(abs(self._matrix) @ (1.0 - mine)).ravel() == 0
            self._of[id(part)] = (part, self._matrix[touched])
        return self._of[id(part)][1]

    def fault(self, part: Part, cell: int, flow: NDArray[np.float64], hidden: NDArray[np.bool_]) -> str:
        """What is wrong with a proof; one in whole children is checked without any slack."""
        slack = 0.0 if whole(flow) else SLACK
        flow = np.round(flow) if whole(flow) else flow
        if why := _bad_mixture(part, flow, slack):
            return why
        moved = np.zeros(len(self._counts))
        moved[part.cells[part.cells >= 0]] = flow[part.cells >= 0]
        for column, cells, by in part.carried:
            moved[cells] += flow[column] * by
        slack = slack if not part.carried else SLACK
        if np.abs(moved[~hidden]).max(initial=0.0) > slack:
            return "its flow moves a count that is shown"
        if float((self._counts + moved).min(initial=0.0)) < -slack:
            return "its flow takes a count below 0"
        if np.abs(np.asarray(self._own(part) @ moved)).max(initial=0.0) > slack:
            return "its flow breaks a sum"
        return "" if flow[cell] >= part.need[cell] - slack else "its flow does not lift it to the threshold"


def _bad_mixture(part: Part, flow: NDArray[np.float64], slack: float) -> str:
    """The shares of the base's flows must be at least 0 and together at most 1."""
    shares = np.array([flow[column] for column, _, _ in part.carried])
    bad = bool(len(shares)) and (float(shares.min()) < -slack or float(shares.sum()) > 1 + SLACK)
    return "it moves a shared base by more than its proofs allow" if bad else ""


def _read_back(written: Sequence[Table], system: System) -> NDArray[np.bool_]:
    """Which cells the written tables hide; a cell shown anywhere, or shown with another count, is not hidden."""
    hidden = np.ones(len(system.counts), dtype=bool)
    for table in written:
        if not table.is_count:
            continue
        cells = system.rows[table.name]
        shown = table.frame["n"].notna().to_numpy(dtype=bool)
        marked = (table.frame["state"] == CellState.SUPPRESSED.value).to_numpy(dtype=bool)
        wrong = shown & (table.frame["n"].fillna(-1).astype("int64").to_numpy() != system.counts[cells])
        if bool((shown == marked).any() | wrong.any()):
            raise DisclosureError(
                "a written table does not hold what was decided", table.name, "", "shown counts as they were read"
            )
        hidden[cells[shown]] = False
    return hidden


def whole(flow: NDArray[np.float64]) -> bool:
    """Whether a flow moves whole children, and so holds against an attacker who knows that counts are whole."""
    return bool(np.abs(flow - np.round(flow)).max(initial=0.0) < SLACK)


def _refused(system: System, cell: int, why: str) -> DisclosureError:
    return DisclosureError(
        "the gate refuses the tables",
        describe(system.keys[cell]) if 0 <= cell < system.published else "a group that no table lists",
        why,
        "a proof for every count under the threshold",
        "nothing was written; report this as a defect",
    )
