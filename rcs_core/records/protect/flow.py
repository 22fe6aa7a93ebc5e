"""The linear programme behind every pattern: the cheapest way to move counts so that one cell may be larger.

A flow y changes counts so that every sum still holds and no count falls below 0. If it moves hidden cells only, an
attacker cannot tell the true table from the moved one; so cell p may be as large as its count + y_p.
"""

from collections.abc import Iterable

import highspy
import numpy as np
from numpy.typing import NDArray

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.part import Floats, Ints, Part

Bools = NDArray[np.bool_]
TINY = 1e-7
"""Movements smaller than this are the solver's noise, not children."""


class FlowModel:
    """One HiGHS object for one part, kept warm from need to need (dual simplex, no presolve, one thread)."""

    def __init__(self, part: Part, costs: Floats) -> None:
        self._counts = part.counts.astype(float)
        self._size = part.size
        self._open = np.ones(part.size, dtype=bool)
        self._highs = new_solver()
        self._highs.passModel(_program(part, costs))

    def price(self, cells: Ints, costs: Floats) -> None:
        """Set what moving these cells costs."""
        if len(cells):
            both = _both(cells, self._size)
            self._highs.changeColsCost(len(both), both, np.concatenate([costs, costs]))

    def freeze(self, cells: Ints) -> None:
        """Let these cells move no more."""
        self._bound(cells, opened=False)

    def release(self, cells: Ints) -> None:
        """Let these cells move again."""
        self._bound(cells, opened=True)

    def _bound(self, cells: Ints, *, opened: bool) -> None:
        if not len(cells):
            return
        self._open[cells] = opened
        both = _both(cells, self._size)
        upper = np.concatenate([np.full(len(cells), highspy.kHighsInf), self._counts[cells]]) if opened else np.zeros(len(both))
        self._highs.changeColsBounds(len(both), both, np.zeros(len(both)), upper)

    def push(self, cell: int, need: float) -> Floats | None:
        """The cheapest flow that lifts `cell` by at least `need`; None when no flow can."""
        down = self._size + cell
        self._highs.changeColBounds(cell, need, highspy.kHighsInf)
        self._highs.changeColBounds(down, 0.0, 0.0)
        flow = self._solve()
        self._bound(np.array([cell], dtype=np.int64), opened=bool(self._open[cell]))
        return flow

    def _solve(self) -> Floats | None:
        for attempt in range(2):
            self._highs.run()
            status = self._highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                values = np.array(self._highs.getSolution().col_value)
                flow: Floats = values[: self._size] - values[self._size :]
                flow[np.abs(flow) < TINY] = 0.0
                return flow
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            if attempt == 0:
                self._highs.clearSolver()
        raise DisclosureError("the solver gave no answer", "protect", str(status), "optimal or infeasible", "report this table")


def new_solver(**options: bool | int | float | str) -> highspy.Highs:
    """A HiGHS object: dual simplex, no presolve, one thread, silent, always the same; `options` go on top."""
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]  # its own stub leaves __init__ untyped
    base: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "solver": "simplex",
        "presolve": "off",
        "threads": 1,
        "simplex_strategy": 1,
        "random_seed": 0,
    }
    for name, value in (base | options).items():
        highs.setOptionValue(name, value)
    return highs


def sums_matrix(part: Part) -> tuple[Ints, Ints, Floats]:
    """The sums row by row: where each row starts, its cells, their signs."""
    order = np.lexsort((part.columns, part.rows))
    start = np.concatenate([[0], np.cumsum(np.bincount(part.rows, minlength=part.sums))])
    return start.astype(np.int64), part.columns[order], part.signs[order]


def _both(cells: Ints, size: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.concatenate([cells, cells + size]).astype(np.int32)


def _program(part: Part, costs: Floats) -> highspy.HighsLp:
    """Up and down movements of every cell as columns, every sum as a row."""
    start, columns, signs = sums_matrix(part)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * part.size, part.sums
    lp.col_cost_ = np.concatenate([costs, costs])
    lp.col_lower_ = np.zeros(2 * part.size)
    lp.col_upper_ = np.concatenate([np.full(part.size, highspy.kHighsInf), part.counts.astype(float)])
    lp.row_lower_ = lp.row_upper_ = np.zeros(part.sums)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = 2 * start
    lp.a_matrix_.index_ = np.column_stack([columns, columns + part.size]).ravel()
    lp.a_matrix_.value_ = np.column_stack([signs, -signs]).ravel()
    return lp


def support(flow: Floats) -> Ints:
    """The cells that a flow moves."""
    return np.flatnonzero(flow).astype(np.int64)


def lifted(flow: Floats, cells: Iterable[int], need: Ints) -> list[int]:
    """Those of `cells` that the same flow lifts as far as they need."""
    return [c for c in cells if flow[c] >= need[c] - TINY]
