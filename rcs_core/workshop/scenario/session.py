"""One HiGHS session for all stages of a plan: the rows of the model go in once, stages change costs and bounds.

Every optimum is certified in numpy from the matrix itself: how far the plan breaks a row or bound, how far the prices
break dual feasibility, and the gap between them. Over the tolerance of the contract, the solve is refused.

Everything that comes in and goes out is in the unit of the file; the solver is given large money in a larger unit. A
session is one solver: it must not be used by two threads at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from rcs_core.errors import RcsError
from rcs_core.workshop.scenario.certificate import Certificate, certify
from rcs_core.workshop.scenario.magnitude import Vector, shared_unit
from rcs_core.workshop.scenario.matrix import Matrix, Optimum, cost_of

__all__ = ["Certificate", "Matrix", "Session", "Solved", "SolverError", "Status", "certify", "cost_of"]

_INF = highspy.kHighsInf


class SolverError(RcsError):
    """The solver gave an answer that does not check out; nothing is reported from it."""


class Status(StrEnum):
    """What became of a solve."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True)
class Solved:
    """One solve: status, values by column, prices by row, objective, and when optimal its certificate and reduced costs."""

    status: Status
    values: Vector
    prices: Vector
    objective: float
    certificate: Certificate | None = None
    reduced: Vector | None = None


class Session:
    """A HiGHS session on one matrix; hot-started from solve to solve, it certifies each optimum.

    iterations: simplex iterations so far.
    """

    def __init__(self, matrix: Matrix, tolerance: float, accuracy: float = 1e-9) -> None:
        self.tolerance, self.iterations = tolerance, 0
        make: Any = highspy.Highs
        self.highs = make()
        options = {"output_flag": False, "threads": 1, "random_seed": 1, "mip_rel_gap": 0.0, "mip_abs_gap": accuracy}
        options |= {"primal_feasibility_tolerance": accuracy, "dual_feasibility_tolerance": accuracy}
        # a choice that is nearly made would gain what a price magnifies
        options |= {"mip_feasibility_tolerance": max(accuracy, _WHOLE), "simplex_strategy": _AS_IT_COMES}
        for option, value in options.items():
            self.highs.setOptionValue(option, value)
        self._load(matrix)

    def _load(self, matrix: Matrix) -> None:
        self.matrix, self.row_unit = matrix, matrix.row_units()
        m, lp = matrix, highspy.HighsLp()
        lp.num_row_, lp.num_col_ = m.a.shape
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(m.a.shape[1]), m.low / m.unit, m.high / m.unit
        lp.row_lower_, lp.row_upper_ = m.row_low / self.row_unit, m.row_high / self.row_unit
        lp.a_matrix_.format_, lp.a_matrix_.start_, lp.a_matrix_.index_ = highspy.MatrixFormat.kRowwise, m.a.indptr, m.a.indices
        lp.a_matrix_.value_ = m.a.data * m.unit[m.a.indices] / np.repeat(self.row_unit, np.diff(m.a.indptr))
        if m.whole.any():
            lp.integrality_ = [_KINDS[whole] for whole in m.whole.tolist()]
        self.highs.passModel(lp)

    def take(self, matrix: Matrix) -> None:
        """Go on with other numbers in the same rows and columns, from where the last solve ended.

        From there few steps are left, and they are more and smaller ones if costs are perturbed or rows scaled first.
        """
        self.start(matrix, self.highs.getBasis())

    def start(self, matrix: Matrix, basis: Any) -> None:
        """Take other numbers in the same rows and columns, to be solved from a basis (one that `highs.getBasis` gave)."""
        self._load(matrix)
        self.highs.setBasis(basis)
        for option, value in _NEAR_THE_END.items():
            self.highs.setOptionValue(option, value)

    def mark(self) -> Any:
        """Where the last solve ended, to go `back_to` later while the rows are the same."""
        return self.highs.getBasis()

    def back_to(self, mark: Any) -> None:
        """Start the next solve from where an earlier one ended; yes-or-no choices start from nothing anyway."""
        if not self.matrix.whole.any():
            self.highs.setBasis(mark)

    def solve(self, cost: Vector) -> Solved:
        """Minimise one cost; certified when optimal. Raises SolverError when the solver fails or does not check out.

        An answer that does not check out is solved once more from nothing: a hot start can carry rounding with it.
        """
        try:
            return self._solve(cost)
        except SolverError:
            self.forget()
            return self._solve(cost)

    def forget(self) -> None:
        """Start the next solve from nothing."""
        self.highs.clearSolver()
        for option, value in _FROM_NOTHING.items():
            self.highs.setOptionValue(option, value)

    def _solve(self, cost: Vector) -> Solved:
        n, unit = self.matrix.a.shape[1], self.matrix.unit
        self.highs.changeColsCost(n, np.arange(n, dtype=np.int32), cost * unit / shared_unit(cost, unit))
        status = self._run()
        if status is not Status.OPTIMAL:
            return Solved(status, np.zeros(n), np.zeros(self.matrix.a.shape[0]), np.nan)
        found = self._found(cost)
        if self.matrix.whole.any():
            return self._polish(cost, found.values)
        return self._checked(cost, found)

    def _found(self, cost: Vector) -> Optimum:
        """The values, prices and reduced costs that the solver holds, in the unit of the file."""
        solution, unit = self.highs.getSolution(), self.matrix.unit
        shared = shared_unit(cost, unit)
        prices, reduced = np.array(solution.row_dual) * shared / self.row_unit, np.array(solution.col_dual) * shared / unit
        return Optimum(np.array(solution.col_value) * unit, prices, reduced)

    def possible(self) -> bool:
        """Whether any plan keeps every row and bound in force."""
        n = self.matrix.a.shape[1]
        self.highs.changeColsCost(n, np.arange(n, dtype=np.int32), np.zeros(n))
        return self._run() is Status.OPTIMAL

    def _run(self) -> Status:
        found = self._ran()
        # with yes-or-no choices, shrinking the programme first can lose every plan that there is
        lost = found == highspy.HighsModelStatus.kInfeasible and self.matrix.whole.any()
        if lost or found == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.highs.setOptionValue("presolve", "off")
            found = self._ran()
            self.highs.setOptionValue("presolve", "choose")
        if found not in _STATUS and found != highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.forget()  # what it kept from the solve before can leave it undecided
            found = self._ran()
        if found not in _STATUS and found != highspy.HighsModelStatus.kUnboundedOrInfeasible:
            found = self._from_the_other_side()
        if found == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            return Status.UNBOUNDED if self.possible() else Status.INFEASIBLE
        if found not in _STATUS:
            raise SolverError("the solver stopped without an answer", "", str(found), "an optimum", "simplify the scenario")
        return _STATUS[found]

    def _from_the_other_side(self) -> Any:
        """The same solve by the primal simplex: what has hardly any plan, or hardly none, can leave the dual undecided."""
        self.forget()
        self.highs.setOptionValue("simplex_strategy", _PRIMAL)
        found = self._ran()
        self.highs.setOptionValue("simplex_strategy", _AS_IT_COMES)
        return found

    def _ran(self) -> Any:
        self.highs.run()
        self.iterations += max(0, self.highs.getInfo().simplex_iteration_count)
        return self.highs.getModelStatus()

    def _polish(self, cost: Vector, values: Vector) -> Solved:
        """Hold the yes-or-no choices at their best and solve the rest as a linear programme, to have prices."""
        m = self.matrix
        which = np.flatnonzero(m.whole).astype(np.int32)
        fixed = np.round(values[which])
        best = float(cost @ values)
        self.highs.changeColsIntegrality(len(which), which, np.full(len(which), highspy.HighsVarType.kContinuous))
        self.highs.changeColsBounds(len(which), which, fixed, fixed)
        low, high = m.low.copy(), m.high.copy()
        low[which], high[which] = fixed, fixed
        try:
            if self._run() is not Status.OPTIMAL:
                raise SolverError("the yes-or-no choices do not hold when the rest is solved again", "", "", "an optimum")
            solved = self._checked(cost, self._found(cost), low, high)
        finally:
            self.highs.changeColsBounds(len(which), which, m.low[which], m.high[which])
            self.highs.changeColsIntegrality(len(which), which, np.full(len(which), highspy.HighsVarType.kInteger))
        drift = abs(solved.objective - best) / (shared_unit(cost, m.unit) + abs(best))
        if drift > self.tolerance:
            raise SolverError("the polished plan is not the plan that was found", "", f"{drift:.2e} apart", f"{self.tolerance:g}")
        return solved

    def _checked(self, cost: Vector, found: Optimum, low: Vector | None = None, high: Vector | None = None) -> Solved:
        m = self.matrix
        bounds = m.low if low is None else low, m.high if high is None else high
        proof = certify(m, cost, found.values, found.prices, *bounds, self.row_unit)
        if not proof.worst_figure <= self.tolerance:
            raise SolverError("the plan does not check out", "", repr(proof), f"each figure at most {self.tolerance:g}")
        return Solved(Status.OPTIMAL, found.values, found.prices, float(cost @ found.values), proof, found.reduced)

    def hold(self, cost: Vector, solved: Solved) -> None:
        """Keep only those plans that are as good by this cost as the optimum that was found."""
        if solved.reduced is None:
            raise SolverError("there is no optimum to hold on to", "", solved.status.value, "an optimum")
        old, new = self.matrix, self.matrix.held_to(cost, Optimum(solved.values, solved.prices, solved.reduced))
        columns, rows = _moved(old.low, new.low, old.high, new.high), _moved(old.row_low, new.row_low, old.row_high, new.row_high)
        unit, row_unit = new.unit[columns], self.row_unit[rows]
        self.highs.changeColsBounds(len(columns), columns, new.low[columns] / unit, new.high[columns] / unit)
        self.highs.changeRowsBounds(len(rows), rows, new.row_low[rows] / row_unit, new.row_high[rows] / row_unit)
        self.matrix = new

    def set_row(self, row: int, low: float, high: float) -> None:
        """Give a row other bounds."""
        self.matrix.row_low[row], self.matrix.row_high[row] = low, high
        self.highs.changeRowBounds(row, low / self.row_unit[row], high / self.row_unit[row])

    def set_weight(self, row: int, column: int, weight: float) -> None:
        """Give a row another weight on a column for a while: the matrix, which certifies, keeps its own."""
        self.highs.changeCoeff(row, column, weight * self.matrix.unit[column] / self.row_unit[row])

    def cap(self, cost: Vector, most: float) -> None:
        """Add the row `cost x <= most`, scaled so that its largest coefficient is one."""
        self.matrix, unit = self.matrix.with_cap(cost, most)
        m, start = self.matrix, self.matrix.a.indptr[-2]
        columns, weights = m.a.indices[start:], m.a.data[start:]
        self.highs.addRow(-_INF, m.row_high[-1] / unit, len(columns), columns, weights * m.unit[columns] / unit)
        self.row_unit = np.append(self.row_unit, unit)

    def recap(self, caps: Sequence[tuple[Vector, float]]) -> None:
        """Move the bounds of the rows that were added last, one for each of `caps`."""
        first = self.matrix.a.shape[0] - len(caps)
        for index, (cost, most) in enumerate(caps):
            self.set_row(first + index, -_INF, most / float(np.abs(cost).max()))

    def open(self, columns: Sequence[int], most: float) -> None:
        """Let some columns that are held at zero rise to `most`."""
        for column in columns:
            self.matrix.high[column] = most
            self.highs.changeColBounds(column, 0.0, most / self.matrix.unit[column])

    def close(self, columns: Sequence[int]) -> None:
        """Hold some columns at zero."""
        which = np.array(columns, dtype=np.int32)
        self.matrix.low[which] = self.matrix.high[which] = 0.0
        self.highs.changeColsBounds(len(which), which, np.zeros(len(which)), np.zeros(len(which)))


_WHOLE = 1e-10
"""The closest to a whole number that the solver can be asked to keep a yes-or-no choice."""
_AS_IT_COMES, _PRIMAL = 0, 4
"""Simplex: primal where the last plan still holds, dual otherwise; and primal whatever it starts from."""
_DEVEX, _CHOOSE = 1, -1
_AS_IT_STANDS, _SCALED = 0, 2
_NEAR_THE_END = {
    "dual_simplex_cost_perturbation_multiplier": 0.0,
    "simplex_dual_edge_weight_strategy": _DEVEX,
    "simplex_scale_strategy": _AS_IT_STANDS,
}
_FROM_NOTHING = {
    "dual_simplex_cost_perturbation_multiplier": 1.0,
    "simplex_dual_edge_weight_strategy": _CHOOSE,
    "simplex_scale_strategy": _SCALED,
}
_KINDS = {False: highspy.HighsVarType.kContinuous, True: highspy.HighsVarType.kInteger}
_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
}


def _moved(low: Vector, new_low: Vector, high: Vector, new_high: Vector) -> npt.NDArray[np.int32]:
    """The places whose bounds are not what they were."""
    return np.flatnonzero((low != new_low) | (high != new_high)).astype(np.int32)
