"""Weighted shares of every domain of a survey and their standard errors, from the cube alone.

A domain is a set of atoms (say, girls of one cluster). Its share is p = A/B; a child's score is (y - p)/B inside the
domain and 0 outside, less what the raking margins explain; the variance is that of the weighted scores' sum.
(a) *these pupils, this year* (`TheseChildren`): strata school x stage, each a sample from its roll. (b) *would it recur*
(`OtherSchools`): schools are drawn from their sector, so what a school shares counts as chance; schools are no margin.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rcs_core.records.estimate.calibrate import Projection, gram
from rcs_core.records.estimate.cube import Cube
from rcs_core.records.estimate.intervals import clamp
from rcs_core.records.estimate.strata import Lonely, Scale, scale

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shares:
    """One number a domain: counts of yes and no, weighted base, share, variance, degrees of freedom (all float)."""

    yes: Floats
    no: Floats
    base: Floats
    share: Floats
    variance: Floats
    df: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of all domains for one indicator: `gain` for a child who said yes, `loss` for one who said no."""

    domains: sparse.csr_array
    yes: Floats
    no: Floats
    base: Floats
    share: Floats

    @classmethod
    def of(cls, cube: Cube, weights: Floats, domains: sparse.csr_array, indicator: str) -> "Scores":
        """Shares and scores of each domain (atoms by domains, 0/1) under one weight a cell."""
        column, weight = cube.indicators.index(indicator), weights[cube.cell_of]
        yes, no = cube.yes[:, column], cube.no[:, column]
        base = np.asarray(domains.T @ (weight * (yes + no)))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = clamp(np.asarray(domains.T @ (weight * yes)) / base)
        return cls(domains, yes, no, base, share)

    @property
    def gain(self) -> Floats:
        """The score of a child who said yes, by domain."""
        return np.divide(1 - self.share, self.base, out=np.zeros_like(self.base), where=self.base > 0)

    @property
    def loss(self) -> Floats:
        """The score of a child who said no, by domain."""
        return np.divide(-self.share, self.base, out=np.zeros_like(self.base), where=self.base > 0)

    def summed(self, left: sparse.csr_array, by_atom: Floats) -> Floats:
        """left' (by_atom * scores): a column a domain."""
        turned = left.T.tocsr()
        yes = (turned @ sparse.diags_array(by_atom * self.yes) @ self.domains).toarray()
        no = (turned @ sparse.diags_array(by_atom * self.no) @ self.domains).toarray()
        return np.asarray(yes * self.gain + no * self.loss)

    def squared(self, by_atom: Floats) -> Floats:
        """The sum of by_atom times the squared scores, by domain."""
        yes, no = self.domains.T @ (by_atom * self.yes), self.domains.T @ (by_atom * self.no)
        return np.asarray(yes * self.gain**2 + no * self.loss**2)

    def with_variance(self, variance: Floats, df: Floats) -> Shares:
        """The finished shares; a domain without an answer has no variance."""
        yes, no = np.asarray(self.domains.T @ self.yes), np.asarray(self.domains.T @ self.no)
        known = np.where(self.base > 0, np.maximum(variance, 0), np.nan)
        return Shares(yes, no, self.base, self.share, known, df)


def one_hot(codes: Ints, size: int) -> sparse.csr_array:
    """Rows by codes, 1 where a row has the code."""
    return sparse.csr_array((np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), size))


@dataclass(frozen=True, slots=True)
class Explained:
    """What the margins explain of scores, prepared once: their columns by atom, starting weights, inverse of X'DX."""

    x: sparse.csr_array
    start: Floats
    inverse: Floats

    @classmethod
    def of(cls, cube: Cube, projection: Projection) -> "Explained":
        """projection: of the margins, a row a cell; its weights are those of the whole cell before raking."""
        one_child = projection.weights / cube.cells["n"].to_numpy(dtype=float)
        return cls(projection.x[cube.cell_of], one_child[cube.cell_of], projection.inverse)

    def beta(self, scores: Scores) -> Floats:
        """The coefficients of each domain's scores on the margins: a column a domain."""
        return np.asarray(self.inverse @ scores.summed(self.x, self.start))


@dataclass(frozen=True, slots=True)
class TheseChildren:
    """Variance (a): every child is a unit; sums of squares come from counts, so no child is needed again."""

    explained: Explained
    strata: sparse.csr_array
    weight: Floats
    k: Floats
    x_totals: sparse.csr_array
    x_squares: Floats
    rule: Scale
    sampled: Floats

    @classmethod
    def of(cls, cube: Cube, weights: Floats, projection: Projection, stratum_of: Ints, roll: Floats) -> "TheseChildren":
        """stratum_of: each cell's stratum; roll: pupils on the roll of each stratum."""
        n = cube.cells["n"].to_numpy(dtype=float)
        strata = one_hot(stratum_of, len(roll))
        sampled = np.asarray(strata.T @ n)
        rule = scale(sampled, roll, sampled, Lonely.ADJUST)
        k = rule.factor[stratum_of]
        x_totals = sparse.csr_array(strata.T.tocsr() @ sparse.diags_array(weights * n) @ projection.x)
        x_squares = gram(projection.x, k * n * weights**2)
        at = cube.cell_of
        return cls(Explained.of(cube, projection), strata[at], weights[at], k[at], x_totals, x_squares, rule, sampled)

    def variance(self, scores: Scores) -> Floats:
        """The variance of each domain's share: squares of (scores - X beta) less those of the stratum means.

        Squares are multiplied out, so that they need sums over atoms only.
        """
        beta = self.explained.beta(scores)
        cross = scores.summed(self.explained.x, self.k * self.weight**2)
        squares = scores.squared(self.k * self.weight**2) + np.sum(beta * (self.x_squares @ beta - 2 * cross), axis=0)
        totals = scores.summed(self.strata, self.weight) - self.x_totals @ beta
        return np.asarray(squares - np.where(self.rule.own_mean, self.rule.factor / self.sampled, 0.0) @ totals**2)

    def df(self, scores: Scores) -> Floats:
        """Children with a valid answer less the strata they are in."""
        valid = scores.yes + scores.no
        return np.asarray(scores.domains.T @ valid) - occupied(self.strata, scores)


@dataclass(frozen=True, slots=True)
class OtherSchools:
    """Variance (b): scores are summed by school, then compared within sectors, without a finite population.

    schools: the code of each sampling unit, in order; sector_of: the place of each unit's sector.
    """

    explained: Explained
    units: sparse.csr_array
    strata: sparse.csr_array
    weight: Floats
    x_totals: Floats
    rule: Scale
    sampled: Floats
    schools: tuple[str, ...]
    sector_of: Ints

    @classmethod
    def of(cls, cube: Cube, weights: Floats, projection: Projection, unit_of: Ints, stratum_of_unit: Ints) -> "OtherSchools":
        """unit_of: each cell's school; stratum_of_unit: each school's sector."""
        units, strata = one_hot(unit_of, len(stratum_of_unit)), one_hot(stratum_of_unit, int(stratum_of_unit.max()) + 1)
        sampled = np.asarray(strata.sum(axis=0), dtype=float).ravel()
        rule = scale(sampled, np.full(len(sampled), np.inf), sampled, Lonely.ADJUST)
        weighted = sparse.diags_array(weights * cube.cells["n"].to_numpy(dtype=float))
        x_totals = np.asarray((units.T.tocsr() @ weighted @ projection.x).toarray())
        codes = np.empty(len(stratum_of_unit), dtype=object)
        codes[unit_of] = cube.cells["school_code"].astype(str).to_numpy(dtype=object)
        made = Explained.of(cube, projection), units[cube.cell_of], strata, weights[cube.cell_of], x_totals, rule, sampled
        return cls(*made, tuple(codes), stratum_of_unit)

    def school_scores(self, scores: Scores) -> Floats:
        """Each school's weighted sum of scores less what the margins explain, before centring: schools by domains."""
        return np.asarray(scores.summed(self.units, self.weight) - self.x_totals @ self.explained.beta(scores))

    def spread(self, scores: Scores) -> Floats:
        """How far each school stands from its sector, scaled: schools by domains.

        spread.T @ spread is the covariance matrix of the domains' shares, its diagonal the variances.
        """
        totals = self.school_scores(scores)
        means = (self.strata.T @ totals) / self.sampled[:, None]
        apart = totals - self.strata @ np.where(self.rule.own_mean[:, None], means, 0.0)
        return np.asarray(np.sqrt(self.strata @ self.rule.factor)[:, None] * apart)

    def variance(self, scores: Scores) -> Floats:
        """The variance of each domain's share between schools."""
        return np.asarray(np.sum(self.spread(scores) ** 2, axis=0))

    def df(self, scores: Scores) -> Floats:
        """Schools with a valid answer of the domain less their sectors."""
        sectors = sparse.csr_array(self.units @ self.strata)
        return occupied(self.units, scores) - occupied(sectors, scores)


def occupied(groups: sparse.csr_array, scores: Scores) -> Floats:
    """How many groups (columns; rows are atoms) hold a valid answer of each domain."""
    valid = sparse.diags_array((scores.yes + scores.no > 0).astype(float))
    held = sparse.csc_array(groups.T.tocsr() @ valid @ scores.domains)
    held.eliminate_zeros()
    return np.asarray(np.diff(held.indptr), dtype=float)
