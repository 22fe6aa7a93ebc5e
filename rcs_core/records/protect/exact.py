"""The cheapest pattern of a small part, exactly: choose cells, find a count that is still open, learn why, choose again.

Each failure is turned into a cut by linear programming duality: for multipliers v of the sums and r = e_p - M'v, every
pattern x that protects p has  sum_i min(d_p, [r_i]+ u_i + [-r_i]+ a_i) x_i >= d_p, where u_i (how far a count may rise) has
no limit. Cuts of the relaxed choice come first, since they are cheap; then whole choices, within a limit of rounds and nodes.
Reference: Fischetti and Salazar, Management Science 47 (2001) 1008-1027, in the form used here.
"""

from collections.abc import Iterator

import highspy
import numpy as np

from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.flow import Bools, new_solver, sums_matrix
from rcs_core.records.protect.part import Floats, Ints, Part

MARGIN = 1e-6
CHEAPER = 1e-4
"""A pattern must be this much cheaper to be worth having (costs are in thousandths)."""
LEAK = 1e-3
"""A closed cell lets this share of a need through while a cut is sought, so that the cut rests on few closed cells."""


def exact_hidden(part: Part, effort: Effort, best: float) -> Bools | None:
    """The hidden cells of a pattern cheaper than `best`; None when there is none, or none was found within the limits."""
    choice, doubt = _Choice(part, best, effort.exact_nodes), _Doubt(part)
    _learn(choice, doubt, effort.exact_rounds, relaxed=True)
    picked = _learn(choice, doubt, effort.exact_rounds, relaxed=False)
    return None if picked is None else picked > 0.5


def _learn(choice: "_Choice", doubt: "_Doubt", rounds: int, *, relaxed: bool) -> Floats | None:
    """Choose and cut until no count is open; None when nothing cheap enough is left, or the rounds are used up."""
    for _ in range(rounds):
        picked = choice.solve(relaxed=relaxed)
        if picked is None:
            return None
        cuts = list(doubt.cuts(picked))
        if not cuts:
            return picked
        for columns, weights, need in cuts:
            choice.learn(columns, weights, need)
    return None


class _Choice:
    """Which cells to hide: as cheap as the cuts allow, and cheaper than the best pattern known."""

    def __init__(self, part: Part, best: float, nodes: int) -> None:
        self._fixed = (part.need > 0) | part.free
        self._highs = new_solver(mip_max_nodes=nodes, mip_rel_gap=0.0, mip_abs_gap=1e-6, presolve="on", solver="choose")
        lp = highspy.HighsLp()
        lp.num_col_ = part.size
        lp.col_cost_ = np.where(self._fixed, 0.0, part.guide)
        lp.col_lower_ = self._fixed.astype(float)
        lp.col_upper_ = np.ones(part.size)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        self._highs.passModel(lp)
        paid = np.flatnonzero(~self._fixed)
        self._highs.addRow(-highspy.kHighsInf, best - CHEAPER, len(paid), paid.astype(np.int32), part.guide[paid])

    def solve(self, *, relaxed: bool) -> Floats | None:
        """The cheapest choice, or None when none is cheaper than the best (or the limit of nodes was met)."""
        kind = highspy.HighsVarType.kContinuous if relaxed else highspy.HighsVarType.kInteger
        columns = np.arange(len(self._fixed), dtype=np.int32)
        self._highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), kind))
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values: Floats = np.clip(np.array(self._highs.getSolution().col_value), 0.0, 1.0)
        return values if relaxed else np.round(values)

    def learn(self, columns: Ints, weights: Floats, need: float) -> None:
        """Add one cut."""
        self._highs.addRow(need, highspy.kHighsInf, len(columns), columns.astype(np.int32), weights)


class _Doubt:
    """Finds the counts that a choice leaves open, and why."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._needs = np.flatnonzero(part.need > 0).astype(np.int64)
        self._cells = np.arange(part.size, dtype=np.int32)
        self._highs = new_solver()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = part.size, part.sums
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = lp.col_lower_ = lp.col_upper_ = np.zeros(part.size)
        lp.row_lower_ = lp.row_upper_ = np.zeros(part.sums)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = sums_matrix(part)
        self._highs.passModel(lp)

    def cuts(self, picked: Floats) -> Iterator[tuple[Ints, Floats, float]]:
        """One cut for each count that the choice leaves open."""
        for p in self._needs.tolist():
            need = float(self._part.need[p])
            for leak in (LEAK, 0.0):
                columns, weights = self._cut(p, need, np.maximum(picked, leak))
                if float(weights @ picked[columns]) < need - MARGIN:
                    yield columns, weights, need
                    break

    def _cut(self, p: int, need: float, picked: Floats) -> tuple[Ints, Floats]:
        counts = self._part.counts.astype(float)
        upper = np.where(picked >= 1 - MARGIN, highspy.kHighsInf, need * picked)
        upper[p] = need
        self._highs.changeColsBounds(len(counts), self._cells, -counts * picked, upper)
        self._highs.changeColCost(p, 1.0)
        self._highs.run()
        duals = np.array(self._highs.getSolution().row_dual)
        self._highs.changeColCost(p, 0.0)
        slope = -np.bincount(self._part.columns, self._part.signs * duals[self._part.rows], minlength=len(counts))
        slope[p] += 1.0
        weights = np.where(slope > MARGIN, need, np.minimum(need, np.maximum(-slope, 0.0) * counts))
        weights[p] = 0.0 if abs(slope[p]) <= MARGIN else weights[p]
        columns = np.flatnonzero(weights > MARGIN).astype(np.int64)
        return columns, weights[columns]
