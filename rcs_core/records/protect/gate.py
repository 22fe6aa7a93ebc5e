"""The last gate before tables leave: what was written is read back and every sensitive count's flow is checked, without a solver.

A flow that moves only cells which the written tables hide, keeps every sum, takes no count below 0 and lifts the
sensitive count to the threshold is a proof that no attacker can show the count to be small.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.part import Part
from rcs_core.records.protect.pattern import Pattern
from rcs_core.records.protect.system import System, describe
from rcs_core.release import Table
from rcs_core.vocab import CellState

SLACK = 1e-6
"""How far, in children, a flow may miss by rounding."""


def check_written(written: Sequence[Table], system: System, parts: Sequence[tuple[Part, Pattern]], min_cell: int) -> None:
    """Raise DisclosureError unless the written tables hide what the flows need and every sensitive count has a valid flow."""
    hidden = _read_back(written, system)
    proved: set[int] = set()
    for part, pattern in parts:
        blocked = ~hidden[part.cells]
        for cell, flow in pattern.witnesses.items():
            if why := _fault(part, cell, flow, blocked):
                raise _refused(system, int(part.cells[cell]), why)
            proved.add(int(part.cells[cell]))
    for cell in np.flatnonzero(system.counts < min_cell).tolist():
        if cell not in proved or not hidden[cell]:
            raise _refused(system, cell, "it is shown" if not hidden[cell] else "no flow proves it safe")


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


def _fault(part: Part, cell: int, flow: NDArray[np.float64], blocked: NDArray[np.bool_]) -> str:
    """What is wrong with a proof; one in whole children is checked without any slack."""
    slack = 0.0 if whole(flow) else SLACK
    flow = np.round(flow) if whole(flow) else flow
    if np.abs(flow[blocked]).max(initial=0.0) > 0:
        return "its flow moves a count that is shown"
    if float((part.counts + flow).min()) < -slack:
        return "its flow takes a count below 0"
    balance = np.bincount(part.rows, weights=part.signs * flow[part.columns], minlength=part.sums)
    if np.abs(balance).max(initial=0.0) > slack:
        return "its flow breaks a sum"
    return "" if flow[cell] >= part.need[cell] - slack else "its flow does not lift it to the threshold"


def whole(flow: NDArray[np.float64]) -> bool:
    """Whether a flow moves whole children, and so holds against an attacker who knows that counts are whole."""
    return bool(np.abs(flow - np.round(flow)).max(initial=0.0) < SLACK)


def _refused(system: System, cell: int, why: str) -> DisclosureError:
    return DisclosureError(
        "the gate refuses the tables",
        describe(system.keys[cell]) if cell < system.published else "a group that no table lists",
        why,
        "a proof for every count under the threshold",
        "nothing was written; report this as a defect",
    )
