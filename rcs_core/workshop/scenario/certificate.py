"""Whether an optimum is one, worked out again from the matrix: residuals of plan and prices, and the gap between them."""

from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.scenario.magnitude import Vector, shared_unit
from rcs_core.workshop.scenario.matrix import Matrix


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


def certify(m: Matrix, cost: Vector, values: Vector, prices: Vector, low: Vector, high: Vector, row_unit: Vector) -> Certificate:
    """Recompute primal and dual residuals and the gap from the matrix, each relative to what it is compared with.

    What is compared with next to nothing is compared with one unit of the solver: a pound says little of a very large sum.
    """
    rows = m.a @ values
    size = row_unit + np.asarray(m.entries.sized @ np.abs(values))
    broken = [_over(rows, m.row_low, m.row_high) / size, _over(values, low, high) / (m.unit + np.abs(values))]
    reduced = cost - m.entries.by_column @ prices
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
    leans = np.isfinite(at)
    loose = np.abs(prices * unit)[~leans].max(initial=0.0)
    return float(prices[leans] @ at[leans]), float(loose)
