"""Weights moved as little as possible so that known totals of the roll are met, and the residuals that follow.

A row may be one answer or a cell of many alike: `weights` is the row's whole starting weight. Margins are
collinear (every child is in one school and in one fifth), so equations are solved with a pseudo-inverse, after the
longest margin (schools, by the thousand) has been eliminated exactly: its own block is diagonal.
References: Deville and Sarndal (1992), *Journal of the American Statistical Association* 87; Lovell (1963), same journal 58.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rcs_core.errors import ContractError

Floats = npt.NDArray[np.float64]
CLOSE = 1e-10
"""A margin counts as met when it misses by less than this share of its total."""
ROUNDS = 200
_RANK = 1e-11
_ROUNDING = 1e-13
_SLOW = 0.3


@dataclass(frozen=True, slots=True)
class Margins:
    """Known totals: one column of `x` (rows by columns, sparse) for each entry of `totals`, named by `names`.

    parts: the first and last (not included) of columns of which each row has exactly one, and that 1; the same where none.
    """

    x: sparse.csr_array
    totals: Floats
    names: tuple[str, ...]
    parts: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a weight may move: the factor for a linear predictor, and the factor's slope."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def linear(low: float = -np.inf, high: float = np.inf) -> Distance:
    """The linear (GREG) distance, cut at the bounds where there are any."""
    return Distance(
        lambda eta: np.clip(1 + eta, low, high),
        lambda eta: ((1 + eta > low) & (1 + eta < high)).astype(float),
    )


def raking(low: float = 0.0, high: float = np.inf) -> Distance:
    """Raking: factors are products, never negative, cut at the bounds where there are any."""
    return Distance(
        lambda eta: np.clip(np.exp(eta), low, high),
        lambda eta: np.where((np.exp(eta) > low) & (np.exp(eta) < high), np.exp(eta), 0.0),
    )


def logit(low: float, high: float) -> Distance:
    """The bounded logit distance: every factor stays between `low` and `high`."""
    scale = (high - low) / ((1 - low) * (high - 1))

    def factor(eta: Floats) -> Floats:
        grown = np.exp(np.clip(scale * eta, -500, 500))
        return np.asarray((low * (high - 1) + high * (1 - low) * grown) / ((high - 1) + (1 - low) * grown))

    def slope(eta: Floats) -> Floats:
        grown = np.exp(np.clip(scale * eta, -300, 300))
        bottom = (high - 1) + (1 - low) * grown
        return np.asarray(scale * (high - low) * (1 - low) * (high - 1) * grown / bottom**2)

    return Distance(factor, slope)


def gram(x: sparse.csr_array, weights: Floats) -> Floats:
    """X'WX as a dense matrix."""
    return np.asarray((x.T @ sparse.diags_array(weights) @ x).toarray())


def pseudo_inverse(matrix: Floats, diagonal: Floats | None = None) -> Floats:
    """The pseudo-inverse of a symmetric matrix, columns brought to one scale first so that rank is judged fairly.

    diagonal: the scale, where it is not that of the matrix itself (a difference, whose rounding is that of its terms).
    """
    size = np.sqrt(np.abs(np.diag(matrix) if diagonal is None else diagonal))
    size[size == 0] = 1.0
    values, vectors = np.linalg.eigh(matrix / np.outer(size, size))
    kept = np.abs(values) > _RANK * np.max(np.abs(values), initial=1.0)
    turned = vectors[:, kept] / size[:, None]
    return np.asarray((turned / values[kept]) @ turned.T)


@dataclass(frozen=True, slots=True)
class Inverse:
    """A generalised inverse of X'WX: `parts` eliminated, the rest by pseudo-inverse of what they leave.

    part: 1 over each part's weight (0 for a part without). cross: mean of the other columns in each part. rest: the
    pseudo-inverse of X'WX of the other columns once their means by part are taken off.
    """

    parts: tuple[int, int]
    part: Floats
    cross: Floats
    rest: Floats

    @classmethod
    def of(cls, x: sparse.csr_array, parts: tuple[int, int], weights: Floats) -> "Inverse":
        """The inverse for rows of these weights."""
        own, others = split(x, parts)
        size = np.asarray(own.T @ weights)
        part = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
        sums = np.asarray((own.T.tocsr() @ sparse.diags_array(weights) @ others).toarray())
        whole = gram(others, weights)
        left = whole - sums.T @ (part[:, None] * sums)
        return cls(parts, part, part[:, None] * sums, pseudo_inverse((left + left.T) / 2, np.diag(whole)))

    def solve(self, totals: Floats) -> Floats:
        """The coefficients whose X'WX gives these totals (one a column of X; more columns side by side)."""
        first, last = self.parts
        own = totals[first:last]
        rest = self.rest @ (np.delete(totals, np.s_[first:last], axis=0) - self.cross.T @ own)
        part = (own.T * self.part).T - self.cross @ rest
        return np.concatenate([rest[:first], part, rest[first:]])


def split(x: sparse.csr_array, parts: tuple[int, int]) -> tuple[sparse.csr_array, sparse.csr_array]:
    """The columns of the parts, and the others."""
    first, last = parts
    columns = sparse.csc_array(x)
    others = sparse.hstack([columns[:, :first], columns[:, last:]], format="csr")
    return sparse.csr_array(columns[:, first:last]), sparse.csr_array(others)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The factor for each row's weight, and what the margins explain under the starting weights."""

    factor: Floats
    projection: "Projection"


def calibrate(weights: Floats, margins: Margins, distance: Distance) -> Calibrated:
    """Factors for the weights so that every margin is met.

    Newton steps, halved while they overshoot; the inverse is made anew only where progress slows. Raises ContractError
    naming the worst margin when no weights of this kind meet them all.
    """
    projection = Projection.of(margins, weights)
    inverse, eta = projection.inverse, np.zeros(len(weights))
    miss = _miss(weights, eta, margins, distance)
    for _ in range(ROUNDS):
        before = _worst(miss, margins)
        if before <= CLOSE:
            return Calibrated(distance.factor(eta), projection)
        step = np.asarray(margins.x @ inverse.solve(miss))
        eta, miss = _halved(weights, eta, step, miss, margins, distance)
        if _worst(miss, margins) > before * _SLOW:
            inverse = Inverse.of(margins.x, margins.parts, weights * distance.slope(eta))
    worst = int(np.argmax(np.abs(miss) / (1 + np.abs(margins.totals))))
    raise ContractError(
        "no weights meet every margin",
        margins.names[worst],
        f"{margins.totals[worst] - miss[worst]:,.6g}",
        f"{margins.totals[worst]:,.6g}",
        "check that the totals agree with one another, or widen the bounds",
    )


def _miss(weights: Floats, eta: Floats, margins: Margins, distance: Distance) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(margins.totals - margins.x.T @ (weights * distance.factor(eta)))


def _worst(miss: Floats, margins: Margins) -> float:
    return float(np.max(np.abs(miss) / (1 + np.abs(margins.totals)), initial=0.0))


def _halved(
    weights: Floats, eta: Floats, step: Floats, miss: Floats, margins: Margins, distance: Distance
) -> tuple[Floats, Floats]:
    """The step, halved until the margins are nearer than before (or it has become too small to matter)."""
    before = _worst(miss, margins)
    for power in range(20):
        trial = eta + step / 2**power
        after = _miss(weights, trial, margins, distance)
        if np.all(np.isfinite(after)) and _worst(after, margins) < before:
            break
    return trial, after


@dataclass(frozen=True, slots=True)
class Projection:
    """What the margins explain: residuals are taken with the starting weights, as standard errors need them."""

    x: sparse.csr_array
    weights: Floats
    inverse: Inverse

    @classmethod
    def of(cls, margins: Margins, weights: Floats) -> "Projection":
        """The projection on the margins' columns under the starting weights."""
        return cls(margins.x, weights, Inverse.of(margins.x, margins.parts, weights))

    @property
    def parts(self) -> tuple[int, int]:
        """The columns of which each row has exactly one."""
        return self.inverse.parts

    def residuals(self, scores: Floats) -> Floats:
        """Scores (one a row) less what the margins explain of them; twice, so that rounding is explained away too."""
        left = scores
        for _ in range(2):
            left = left - self.x @ self.inverse.solve(self.x.T @ (left * self.weights))
        return np.where(np.abs(left) < _ROUNDING * np.max(np.abs(scores), initial=0.0), 0.0, left)


@dataclass(frozen=True, slots=True)
class Levels:
    """One margin of known totals: each row's place among the levels, the levels' names and totals."""

    of_row: npt.NDArray[np.int64]
    names: tuple[str, ...]
    totals: Floats


def joined(margins: Sequence[Levels]) -> Margins:
    """Margins side by side, a 0/1 column a level; the longest is the one to be eliminated."""
    rows = np.arange(len(margins[0].of_row))
    blocks = [sparse.csr_array((np.ones(len(rows)), (rows, m.of_row)), shape=(len(rows), len(m.names))) for m in margins]
    sizes = [len(m.names) for m in margins]
    at = int(np.argmax(sizes))
    first = sum(sizes[:at])
    names, totals = [name for m in margins for name in m.names], np.concatenate([m.totals for m in margins])
    x = sparse.csr_array(sparse.hstack(blocks, format="csr"))
    return Margins(x, totals.astype(float), tuple(names), (first, first + sizes[at]))


def indicators(columns: dict[str, npt.NDArray[np.str_]], totals: dict[str, dict[str, float]]) -> Margins:
    """One 0/1 column for each level of each named column, with the level's known total.

    Raises ContractError when a row's level has no total or a total's level has no row.
    """
    margins = []
    for column, levels in totals.items():
        codes, missing = _codes(columns[column], list(levels))
        if missing:
            raise ContractError("levels and totals differ", f"margin {column}", ", ".join(missing), ", ".join(levels))
        goals = np.array([float(total) for total in levels.values()])
        margins.append(Levels(codes, tuple(f"{column} {level}" for level in levels), goals))
    return joined(margins)


def _codes(values: npt.NDArray[np.str_], levels: list[str]) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Each value's place among the levels, and the levels that one side lacks."""
    place = {level: i for i, level in enumerate(levels)}
    found, kind_of = np.unique(np.asarray(values, dtype=str), return_inverse=True)
    kinds = [str(kind) for kind in found]
    odd = [f"{v!r} without a total" for v in kinds if v not in place]
    seen = set(kinds)
    odd += [f"{v!r} without a row" for v in levels if v not in seen]
    codes = np.array([place.get(kind, 0) for kind in kinds], dtype=np.int64)
    return codes[kind_of], odd
