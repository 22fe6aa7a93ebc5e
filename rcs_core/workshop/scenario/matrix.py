"""The programme of a scenario as arrays, in the unit of the file, with the unit in which the solver takes each part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rcs_core.workshop.scenario.magnitude import Vector, shared_unit, shared_units, units
from rcs_core.workshop.scenario.model import Model, Terms


@dataclass(frozen=True)
class Entries:
    """The entries of a matrix as every check asks for them: without sign, and by column. Each is worked out once."""

    a: sparse.csr_matrix

    @cached_property
    def sized(self) -> sparse.csr_matrix:
        """Every entry without its sign."""
        return abs(self.a)

    @cached_property
    def by_column(self) -> sparse.csc_matrix:
        """The matrix turned: a row for each column."""
        return self.a.T

    @cached_property
    def sized_by_column(self) -> sparse.csc_matrix:
        """The matrix turned, every entry without its sign."""
        return self.sized.T


@dataclass(slots=True)
class Matrix:
    """The programme as arrays: minimise cost x, row_low <= A x <= row_high, low <= x <= high.

    unit: the unit in which the solver takes each column. known: what is worked out once for matrices of the same entries.
    """

    a: sparse.csr_matrix
    row_low: Vector
    row_high: Vector
    low: Vector
    high: Vector
    whole: npt.NDArray[np.bool_]
    unit: Vector
    known: Entries | None = None

    @property
    def entries(self) -> Entries:
        """The entries, for checks; matrices that differ by their bounds only share them."""
        if self.known is None or self.known.a is not self.a:
            self.known = Entries(self.a)
        return self.known

    @classmethod
    def of(cls, model: Model) -> "Matrix":
        """The arrays of a model, as its rows were written."""
        n = model.numbers
        parts = np.array(n.weights, dtype=float), np.array(n.columns, dtype=np.int32), np.array(n.starts, dtype=np.int32)
        a = sparse.csr_matrix(parts, shape=(len(n.row_low), len(n.low)))
        a.sum_duplicates()
        row_low, row_high, low, high = (np.array(part, dtype=float) for part in (n.row_low, n.row_high, n.low, n.high))
        return cls(a, row_low, row_high, low, high, np.array(n.whole, dtype=bool), units(model))

    def copy(self) -> "Matrix":
        """The same arrays, to be kept while bounds change."""
        rows = self.row_low.copy(), self.row_high.copy()
        return replace(self, row_low=rows[0], row_high=rows[1], low=self.low.copy(), high=self.high.copy())

    def differs(self, other: "Matrix") -> int:
        """How many numbers differ from those of a matrix of the same rows and columns."""
        pairs = (self.row_low, other.row_low), (self.row_high, other.row_high), (self.low, other.low), (self.high, other.high)
        return int(abs(self.a - other.a).count_nonzero()) + sum(int(np.count_nonzero(a != b)) for a, b in pairs)

    def row_units(self) -> Vector:
        """The unit in which the solver takes each row: that of its money."""
        return shared_units(self.a, self.unit)

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

    def with_cap(self, cost: Vector, most: float) -> tuple["Matrix", float]:
        """The same programme with the row `cost x <= most`, scaled so that its largest weight is one; and the row's unit."""
        columns, scale = np.flatnonzero(cost), float(np.abs(cost).max())
        ends = np.append(self.a.indptr, self.a.nnz + len(columns))
        weights: Vector = np.append(self.a.data, cost[columns] / scale)
        indices: npt.NDArray[np.int32] = np.append(self.a.indices, columns.astype(np.int32))
        a = sparse.csr_matrix((weights, indices, ends.astype(np.int32)), shape=(self.a.shape[0] + 1, self.a.shape[1]))
        capped = replace(self, a=a, row_low=np.append(self.row_low, -inf), row_high=np.append(self.row_high, most / scale))
        return capped, shared_unit(cost / scale, self.unit)

    def held_to(self, cost: Vector, best: "Optimum") -> "Matrix":
        """The same programme with only those plans that are as good by this cost.

        What has a price at an optimum stays where it is in every plan that is as good, and a plan in which it does is as
        good (complementary slackness). A price counts when it is more than rounding of the terms that it is the sum of.
        """
        weights, (values, prices, reduced) = self.entries.sized, best
        largest = max(np.abs(cost * self.unit).max(initial=0.0), np.abs(prices * self.row_units()).max(initial=0.0))
        size = np.abs(cost) + self.entries.sized_by_column @ np.abs(prices) + _LEAST * largest / self.unit
        low, high = _at_its_end(self.low, self.high, np.where(np.abs(reduced) > _ROUNDING * size, reduced, 0.0), values)
        share = np.divide(weights.data, size[weights.indices], out=np.zeros(weights.nnz), where=size[weights.indices] > 0)
        matters = np.abs(prices) * largest_of_rows(share, weights.indptr) > _ROUNDING
        row_low, row_high = _at_its_end(self.row_low, self.row_high, np.where(matters, prices, 0.0), self.a @ values)
        return replace(self, low=low, high=high, row_low=row_low, row_high=row_high)


class Optimum(NamedTuple):
    """An optimum: values by column, prices by row, and what a unit more of each column would cost (nothing inside its bounds)."""

    values: Vector
    prices: Vector
    reduced: Vector


_ROUNDING = 1e-9
"""A price is rounding when it is no more than this share of the terms that it is the sum of."""
_LEAST = 1e-2
"""Terms are taken to be no smaller than this share of the largest cost or price: among next to nothing all is rounding."""
_NEAR = 1e-7
"""How near its end a value must be, by its size, to be held there."""


def _at_its_end(low: Vector, high: Vector, price: Vector, values: Vector) -> tuple[Vector, Vector]:
    """Bounds that hold at its end whatever has a price: the low end for a positive one, the high end for a negative one."""
    end = np.where(price > 0, low, high)
    held = (price != 0) & np.isfinite(end)
    held[held] = np.abs(values[held] - end[held]) <= _NEAR * (1 + np.abs(end[held]))
    return np.where(held, end, low), np.where(held, end, high)


def largest_of_rows(data: Vector, starts: npt.NDArray[np.int32]) -> Vector:
    """The largest of some values (none negative) in each row of a matrix; nothing for an empty row."""
    found = np.zeros(len(starts) - 1)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        found[filled] = np.maximum.reduceat(data, starts[filled])
    return found


def cost_of(model: Model, terms: Terms) -> Vector:
    """An expression as a cost by column."""
    columns, weights = np.array([c for c, _ in terms], dtype=np.intp), np.array([w for _, w in terms], dtype=float)
    cost: Vector = np.bincount(columns, weights, minlength=len(model.column))
    return cost
