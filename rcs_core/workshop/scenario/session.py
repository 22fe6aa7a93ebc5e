"""One HiGHS session for all stages of a plan: the rows of the PuLP model go in once, stages change costs and bounds.

Every optimum is certified in numpy from the matrix itself: how far the plan breaks a row or bound, how far the prices
break dual feasibility, and the gap between them. Over the tolerance of the contract, the solve is refused.

Everything that comes in and goes out is in the unit of the file; the solver is given large money in a larger unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from rcs_core.errors import RcsError
from rcs_core.workshop.scenario.magnitude import Vector, shared_unit, units
from rcs_core.workshop.scenario.model import Model, Terms

_INF = highspy.kHighsInf


class SolverError(RcsError):
    """The solver gave an answer that does not check out; nothing is reported from it."""


class Status(StrEnum):
    """What became of a solve."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True)
class Certificate:
    """How well a solution checks out, each figure relative to the size of the numbers it compares."""

    primal_residual: float
    dual_residual: float
    gap: float

    def worst(self, other: "Certificate") -> "Certificate":
        """The worse of two, figure by figure."""
        return Certificate(
            max(self.primal_residual, other.primal_residual),
            max(self.dual_residual, other.dual_residual),
            max(self.gap, other.gap),
        )

    @property
    def worst_figure(self) -> float:
        """The largest of the three."""
        return max(self.primal_residual, self.dual_residual, self.gap)


@dataclass(frozen=True, slots=True)
class Solved:
    """One solve: status, values by column, prices by row, objective, and its certificate when optimal."""

    status: Status
    values: Vector
    prices: Vector
    objective: float
    certificate: Certificate | None = None


@dataclass(slots=True)
class Matrix:
    """The programme as arrays: minimise cost x, row_low <= A x <= row_high, low <= x <= high.

    unit: the unit in which the solver takes each column.
    """

    a: sparse.csr_matrix
    row_low: Vector
    row_high: Vector
    low: Vector
    high: Vector
    whole: npt.NDArray[np.bool_]
    unit: Vector

    @classmethod
    def of(cls, model: Model) -> "Matrix":
        """Read the arrays out of a PuLP model."""
        variables, rows = model.problem.variables(), model.problem.constraints()
        starts, columns, values = [0], [], []
        for row in rows:
            for v, weight in row.items():
                columns.append(model.column[v.id])
                values.append(float(weight))
            starts.append(len(columns))
        a = sparse.csr_matrix((values, columns, starts), shape=(len(rows), len(variables)), dtype=float)
        bounds = [(-_INF if r.getLb() is None else r.getLb(), _INF if r.getUb() is None else r.getUb()) for r in rows]
        return cls(
            a,
            np.array([b[0] for b in bounds], dtype=float),
            np.array([b[1] for b in bounds], dtype=float),
            np.array([-_INF if v.lowBound is None else v.lowBound for v in variables], dtype=float),
            np.array([_INF if v.upBound is None else v.upBound for v in variables], dtype=float),
            np.array([v.isInteger() for v in variables], dtype=bool),
            units(model),
        )

    def row_units(self) -> Vector:
        """The unit in which the solver takes each row: that of its money."""
        ends = zip(self.a.indptr[:-1], self.a.indptr[1:], strict=True)
        return np.array([shared_unit(self.a.data[i:j], self.unit[self.a.indices[i:j]]) for i, j in ends], dtype=float)

    def with_leeway(self, eased: Sequence[tuple[int, float]]) -> "Matrix":
        """The same programme with a column held at zero for each (row, sign): what is in it eases the row."""
        rows = [r for r, _ in eased]
        extra = sparse.csr_matrix(([s for _, s in eased], (rows, range(len(rows)))), shape=(self.a.shape[0], len(rows)))
        none = np.zeros(len(rows))
        return Matrix(
            sparse.hstack([self.a, extra], format="csr"),
            self.row_low,
            self.row_high,
            np.append(self.low, none),
            np.append(self.high, none),
            np.append(self.whole, none.astype(bool)),
            np.append(self.unit, self.row_units()[rows]),
        )


class Session:
    """A HiGHS session on one matrix; hot-started from solve to solve, it certifies each optimum."""

    def __init__(self, matrix: Matrix, tolerance: float, accuracy: float = 1e-9) -> None:
        self.matrix, self.tolerance, self.row_unit = matrix, tolerance, matrix.row_units()
        make: Any = highspy.Highs
        self.highs = make()
        options = {"output_flag": False, "threads": 1, "random_seed": 1, "mip_rel_gap": 0.0, "mip_abs_gap": accuracy}
        options |= {"primal_feasibility_tolerance": accuracy, "dual_feasibility_tolerance": accuracy}
        # a choice that is nearly made would gain what a price magnifies
        options |= {"mip_feasibility_tolerance": max(accuracy, _WHOLE)}
        for option, value in options.items():
            self.highs.setOptionValue(option, value)
        self._load()

    def _load(self) -> None:
        m, none = self.matrix, np.zeros(0, dtype=np.int32)
        n = m.a.shape[1]
        self.highs.addCols(n, np.zeros(n), m.low / m.unit, m.high / m.unit, 0, none, none, np.zeros(0))
        if m.whole.any():
            which = np.flatnonzero(m.whole).astype(np.int32)
            self.highs.changeColsIntegrality(len(which), which, np.full(len(which), highspy.HighsVarType.kInteger))
        starts, columns = m.a.indptr[:-1].astype(np.int32), m.a.indices.astype(np.int32)
        unit = self.row_unit
        weights = m.a.data * m.unit[columns] / np.repeat(unit, np.diff(m.a.indptr))
        self.highs.addRows(m.a.shape[0], m.row_low / unit, m.row_high / unit, m.a.nnz, starts, columns, weights)

    def solve(self, cost: Vector) -> Solved:
        """Minimise one cost; certified when optimal. Raises SolverError when the solver fails or does not check out.

        An answer that does not check out is solved once more from nothing: a hot start can carry rounding with it.
        """
        try:
            return self._solve(cost)
        except SolverError:
            self.highs.clearSolver()
            return self._solve(cost)

    def _solve(self, cost: Vector) -> Solved:
        n, unit = self.matrix.a.shape[1], self.matrix.unit
        self.highs.changeColsCost(n, np.arange(n, dtype=np.int32), cost * unit / shared_unit(cost, unit))
        status = self._run()
        if status is not Status.OPTIMAL:
            return Solved(status, np.zeros(n), np.zeros(self.matrix.a.shape[0]), np.nan)
        values, prices = self._found(cost)
        if self.matrix.whole.any():
            return self._polish(cost, values)
        return self._checked(cost, values, prices)

    def _found(self, cost: Vector) -> tuple[Vector, Vector]:
        """The values and prices that the solver holds, in the unit of the file."""
        solution, unit = self.highs.getSolution(), self.matrix.unit
        values = np.array(solution.col_value) * unit
        return values, np.array(solution.row_dual) * shared_unit(cost, unit) / self.row_unit

    def possible(self) -> bool:
        """Whether any plan keeps every row and bound in force."""
        n = self.matrix.a.shape[1]
        self.highs.changeColsCost(n, np.arange(n, dtype=np.int32), np.zeros(n))
        return self._run() is Status.OPTIMAL

    def _run(self) -> Status:
        self.highs.run()
        found = self.highs.getModelStatus()
        if found == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.highs.setOptionValue("presolve", "off")
            self.highs.run()
            self.highs.setOptionValue("presolve", "choose")
            found = self.highs.getModelStatus()
        if found not in _STATUS and found != highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.highs.clearSolver()  # what it kept from the solve before can leave it undecided
            self.highs.run()
            found = self.highs.getModelStatus()
        if found == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            return Status.UNBOUNDED if self.possible() else Status.INFEASIBLE
        if found not in _STATUS:
            raise SolverError("the solver stopped without an answer", "", str(found), "an optimum", "simplify the scenario")
        return _STATUS[found]

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
            solved = self._checked(cost, *self._found(cost), low, high)
        finally:
            self.highs.changeColsBounds(len(which), which, m.low[which], m.high[which])
            self.highs.changeColsIntegrality(len(which), which, np.full(len(which), highspy.HighsVarType.kInteger))
        drift = abs(solved.objective - best) / (shared_unit(cost, m.unit) + abs(best))
        if drift > self.tolerance:
            raise SolverError("the polished plan is not the plan that was found", "", f"{drift:.2e} apart", f"{self.tolerance:g}")
        return solved

    def _checked(
        self, cost: Vector, values: Vector, prices: Vector, low: Vector | None = None, high: Vector | None = None
    ) -> Solved:
        m = self.matrix
        bounds = m.low if low is None else low, m.high if high is None else high
        proof = certify(m, cost, values, prices, *bounds, self.row_unit)
        if not proof.worst_figure <= self.tolerance:
            raise SolverError("the plan does not check out", "", repr(proof), f"each figure at most {self.tolerance:g}")
        return Solved(Status.OPTIMAL, values, prices, float(cost @ values), proof)

    def set_row(self, row: int, low: float, high: float) -> None:
        """Give a row other bounds."""
        self.matrix.row_low[row], self.matrix.row_high[row] = low, high
        self.highs.changeRowBounds(row, low / self.row_unit[row], high / self.row_unit[row])

    def set_weight(self, row: int, column: int, weight: float) -> None:
        """Give a row another weight on a column for a while: the matrix, which certifies, keeps its own."""
        self.highs.changeCoeff(row, column, weight * self.matrix.unit[column] / self.row_unit[row])

    def cap(self, cost: Vector, most: float) -> None:
        """Add the row `cost x <= most`, scaled so that its largest coefficient is one."""
        m, scale = self.matrix, float(np.abs(cost).max())
        columns = np.flatnonzero(cost).astype(np.int32)
        unit = shared_unit(cost / scale, m.unit)
        self.highs.addRow(-_INF, most / scale / unit, len(columns), columns, cost[columns] / scale * m.unit[columns] / unit)
        self.row_unit = np.append(self.row_unit, unit)
        m.a = sparse.vstack([m.a, sparse.csr_matrix(cost / scale)], format="csr")
        m.row_low, m.row_high = np.append(m.row_low, -_INF), np.append(m.row_high, most / scale)

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
        for column in columns:
            self.matrix.low[column] = self.matrix.high[column] = 0.0
            self.highs.changeColBounds(column, 0.0, 0.0)


_WHOLE = 1e-10
"""The closest to a whole number that the solver can be asked to keep a yes-or-no choice."""
_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
}


def cost_of(model: Model, terms: Terms) -> Vector:
    """An expression as a cost by column."""
    cost = np.zeros(len(model.column))
    for v, weight in terms:
        cost[model.column[v.id]] += weight
    return cost


def certify(m: Matrix, cost: Vector, values: Vector, prices: Vector, low: Vector, high: Vector, row_unit: Vector) -> Certificate:
    """Recompute primal and dual residuals and the gap from the matrix, each relative to what it is compared with.

    What is compared with next to nothing is compared with one unit of the solver: a pound says little of a very large sum.
    """
    rows = m.a @ values
    size = row_unit + np.asarray(abs(m.a) @ np.abs(values))
    broken = [_over(rows, m.row_low, m.row_high) / size, _over(values, low, high) / (m.unit + np.abs(values))]
    reduced = cost - m.a.T @ prices
    unit = shared_unit(cost, m.unit)
    weight = 1 + np.abs(cost * m.unit / unit).max(initial=0.0)
    bound_r, loose_r = _dual_value(prices, m.row_low, m.row_high, row_unit / unit)
    bound_c, loose_c = _dual_value(reduced, low, high, m.unit / unit)
    primal, dual = float(cost @ values), bound_r + bound_c
    return Certificate(
        float(max(b.max(initial=0.0) for b in broken)),
        float(max(loose_r, loose_c) / weight),
        abs(primal - dual) / (unit + abs(primal)),
    )


def _over(values: Vector, low: Vector, high: Vector) -> Vector:
    over: Vector = np.maximum(0.0, np.maximum(low - values, values - high))
    return over


def _dual_value(prices: Vector, low: Vector, high: Vector, unit: Vector) -> tuple[float, float]:
    """What prices are worth at the bounds they lean on, and the largest price (by its unit) that leans on nothing."""
    at = np.where(prices > 0, low, high)
    leans = np.isfinite(at) & (np.abs(at) < _INF)
    loose = np.abs(prices * unit)[~leans].max(initial=0.0)
    return float(prices[leans] @ at[leans]), float(loose)
