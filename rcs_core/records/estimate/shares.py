"""Weighted shares of every domain of a survey and their standard errors, from the cube alone.

A domain is a set of atoms (say, girls of one cluster). Its share is p = A/B; a child's score is (y - p)/B inside the
domain and 0 outside, less what the raking margins explain; the variance is that of the weighted scores' sum. Squares are
multiplied out, so that a domain needs sums over its own atoms only.
(a) *these pupils, this year* (`TheseChildren`): strata school x stage, each a sample from its roll. (b) *would it recur*
(`OtherSchools`): schools are drawn from their sector, so what a school shares counts as chance; schools are no margin.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rcs_core.errors import ContractError
from rcs_core.records.estimate.calibrate import Inverse, Projection, gram, split
from rcs_core.records.estimate.cube import Cube
from rcs_core.records.estimate.intervals import clamp
from rcs_core.records.estimate.members import Members, Pairs, narrow
from rcs_core.records.estimate.strata import Lonely, scale

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_ROUNDING = 1e-14


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
    """The scores of all domains for one indicator. yes, no: children by atom; each: the scores' sum by entry."""

    members: Members
    yes: Floats
    no: Floats
    base: Floats
    share: Floats
    each: Floats

    @classmethod
    def of(cls, cube: Cube, weights: Floats, domains: sparse.csr_array | Members, indicator: str) -> "Scores":
        """Shares and scores of each domain (atoms by domains, 0/1, or laid out already) under one weight a cell."""
        members = domains if isinstance(domains, Members) else Members.of(domains)
        column, weight = cube.indicators.index(indicator), weights[cube.cell_of]
        yes, no = cube.yes[:, column].astype(float), cube.no[:, column].astype(float)
        base, top = (members.total((weight * count)[members.atom]) for count in (yes + no, yes))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = clamp(top / base)
        gain, loss = (_over(part, base)[members.domain] for part in (1 - share, -share))
        return cls(members, yes, no, base, share, yes[members.atom] * gain + no[members.atom] * loss)

    @property
    def valid(self) -> Floats:
        """Children with a valid answer, by entry."""
        return np.asarray((self.yes + self.no)[self.members.atom])

    def squared(self, by_atom: Floats) -> Floats:
        """The sum of by_atom times the squared scores of single children, by domain."""
        at = self.members.atom
        yes, no = (self.members.total((by_atom * count)[at]) for count in (self.yes, self.no))
        return np.asarray(yes * _over(1 - self.share, self.base) ** 2 + no * _over(self.share, self.base) ** 2)

    def with_variance(self, variance: Floats, df: Floats) -> Shares:
        """The finished shares; a domain without an answer has no variance."""
        yes, no = (self.members.total(count[self.members.atom]) for count in (self.yes, self.no))
        known = np.where(self.base > 0, np.maximum(variance, 0), np.nan)
        return Shares(yes, no, self.base, self.share, known, df)


def _over(top: Floats, base: Floats) -> Floats:
    """top / base, 0 where the base is."""
    return np.divide(top, base, out=np.zeros_like(base), where=base > 0)


def _rounded(variance: Floats, whole: Floats) -> Floats:
    """The variance; 0 where it is what rounding leaves of the sum of squares it was taken from."""
    return np.where(variance < _ROUNDING * whole, 0.0, variance)


def one_hot(codes: Ints, size: int) -> sparse.csr_array:
    """Rows by codes, 1 where a row has the code."""
    return sparse.csr_array((np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), size))


def occupied(groups: Pairs, scores: Scores) -> Floats:
    """How many groups hold a valid answer of each domain."""
    return groups.by_domain((groups.total(scores.valid) > 0).astype(float))


@dataclass(frozen=True, slots=True)
class Explained:
    """What the margins explain of scores: their mean in a part of the margins (a school), and a slope on other columns.

    part: each atom's part; start: its pupils' weight before raking; x: the other columns, by atom. share, mean: by part,
    1 over its weight and the mean of x; rest: the inverse for x less its means. Without parts every share is 0.
    """

    part: Ints
    start: Floats
    x: sparse.csr_array
    share: Floats
    mean: Floats
    rest: Floats

    @classmethod
    def of(cls, cube: Cube, projection: Projection, stratum_of: Ints | None = None) -> "Explained":
        """projection: of the margins, a row a cell; its weights are those of the whole cell before raking.

        The margins' parts are used where every stratum (one a cell) lies in one of them; without strata they are not.
        """
        start = (projection.weights / cube.cells["n"].to_numpy(dtype=float))[cube.cell_of]
        own, others = split(projection.x, projection.parts)
        inverse, part = projection.inverse, np.asarray(own.indices, dtype=np.int64)
        if own.shape[1] == 0 or stratum_of is None or not _nested(stratum_of, part):
            x, none = projection.x, np.zeros(len(cube.cell_of), dtype=np.int64)
            rest = Inverse.of(x, (0, 0), projection.weights).rest
            return cls(none, start, x[cube.cell_of], np.zeros(1), np.zeros((1, x.shape[1])), rest)
        return cls(part[cube.cell_of], start, others[cube.cell_of], inverse.part, inverse.cross, inverse.rest)

    def fit(self, scores: Scores) -> tuple[Floats, Floats]:
        """Mean score by domain and part (one a pair), and the slopes: domains by columns."""
        pairs, values = scores.members.pairs(self.part), scores.each * self.start[scores.members.atom]
        sums = pairs.total(values)
        slopes = narrow(scores.members.times(values, self.x) - pairs.times(sums, self.mean), self.rest)
        return sums * self.share[pairs.group], slopes


def _nested(inner: Ints, outer: Ints) -> bool:
    """Whether every inner group lies in one outer group."""
    first = np.zeros(int(inner.max(initial=0)) + 1, dtype=np.int64)
    first[inner] = outer
    return bool((first[inner] == outer).all())


@dataclass(frozen=True, slots=True)
class TheseChildren:
    """Variance (a): every child is a unit; sums of squares come from counts, so no child is needed again.

    By atom: stratum; weight; square, what a squared score counts for; apart, the same less what its stratum's mean
    takes. By stratum: scale of the squared sum, x_totals. Over everybody: squares of the parts and columns of the margins.
    """

    explained: Explained
    stratum: Ints
    weight: Floats
    square: Floats
    apart: Floats
    scale: Floats
    x_totals: Floats
    part_squares: Floats
    part_x: Floats
    x_squares: Floats

    @classmethod
    def of(cls, cube: Cube, weights: Floats, projection: Projection, stratum_of: Ints, roll: Floats) -> "TheseChildren":
        """stratum_of: each cell's stratum; roll: pupils on the roll of each stratum."""
        n = cube.cells["n"].to_numpy(dtype=float)
        explained = Explained.of(cube, projection, stratum_of)
        sampled = np.bincount(stratum_of, weights=n, minlength=len(roll))
        rule = scale(sampled, roll, sampled, Lonely.ADJUST)
        scaled = np.where(rule.own_mean, rule.factor / np.maximum(sampled, 1), 0.0)
        at = cube.cell_of
        stratum, weight = stratum_of[at], weights[at]
        square = rule.factor[stratum] * weight**2
        size = np.bincount(stratum_of, weights=weights * n, minlength=len(roll))
        apart = square - (scaled * size)[stratum] * weight
        children = cube.atoms["n"].to_numpy(dtype=float)
        sums = _margin_sums(explained, stratum, weight * children, square * children, scaled, size)
        return cls(explained, stratum, weight, square, apart, scaled, *sums)

    def variance(self, scores: Scores) -> Floats:
        """The variance of each domain's share: squares of the residuals less those of the stratum means."""
        members, about = scores.members, self.explained
        means, slopes = about.fit(scores)
        parts, strata, at = members.pairs(about.part), members.pairs(self.stratum), members.atom
        totals = strata.total(self.weight[at] * scores.each)
        scaled, squares = self.scale[strata.group] * totals, self.square[at] * scores.each
        whole = scores.squared(self.square)
        own = whole - strata.by_domain(scaled * totals)
        own += parts.by_domain(means * (means * self.part_squares[parts.group] - 2 * parts.total(self.apart[at] * scores.each)))
        cross = members.times(squares, about.x) - parts.times(parts.total(squares), about.mean)
        cross -= strata.times(scaled, self.x_totals) + parts.times(means, self.part_x)
        return _rounded(own + np.sum(slopes * (narrow(slopes, self.x_squares) - 2 * cross), axis=1), whole)

    def df(self, scores: Scores) -> Floats:
        """Children with a valid answer less the strata they are in."""
        return scores.members.total(scores.valid) - occupied(scores.members.pairs(self.stratum), scores)


def _margin_sums(
    about: Explained, stratum: Ints, weight: Floats, square: Floats, scaled: Floats, size: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """What the margins' columns come to, whatever is asked: totals by stratum; squares by part, part and column, column.

    weight, square: of all children of an atom. scaled, size: by stratum, the scale of squared sums and the sum of weights.
    """
    parts, part_of = len(about.share), np.zeros(len(size), dtype=np.int64)
    part_of[stratum] = about.part
    by_stratum, by_part = one_hot(stratum, len(size)).T.tocsr(), one_hot(about.part, parts).T.tocsr()
    totals = np.asarray((by_stratum @ sparse.diags_array(weight) @ about.x).toarray()) - size[:, None] * about.mean[part_of]
    in_part = np.asarray((by_part @ sparse.diags_array(square) @ about.x).toarray())
    whole = np.asarray(by_part @ square)
    part_squares = whole - np.bincount(part_of, weights=scaled * size**2, minlength=parts)
    part_x = in_part - whole[:, None] * about.mean - one_hot(part_of, parts).T @ ((scaled * size)[:, None] * totals)
    crossed = in_part.T @ about.mean
    x_squares = gram(about.x, square) - crossed - crossed.T + about.mean.T @ (whole[:, None] * about.mean)
    return totals, part_squares, np.asarray(part_x), np.asarray(x_squares - totals.T @ (scaled[:, None] * totals))


@dataclass(frozen=True, slots=True)
class OtherSchools:
    """Variance (b): scores are summed by school, then compared within sectors, without a finite population.

    schools: the code of each sampling unit, in order; sector_of: the place of each unit's sector. By atom: unit, sector,
    units (0/1), weight. By unit: factor of its sector, x_totals and these less their sector's mean. shrink: by sector, what
    its squared sum counts for.
    """

    explained: Explained
    unit: Ints
    sector: Ints
    units: sparse.csr_array
    weight: Floats
    factor: Floats
    shrink: Floats
    x_totals: Floats
    x_apart: Floats
    x_squares: Floats
    schools: tuple[str, ...]
    sector_of: Ints

    @classmethod
    def of(cls, cube: Cube, weights: Floats, projection: Projection, unit_of: Ints, stratum_of_unit: Ints) -> "OtherSchools":
        """unit_of: each cell's school; stratum_of_unit: each school's sector.

        Raises ContractError when schools are among the margins.
        """
        n, sectors = cube.cells["n"].to_numpy(dtype=float), int(stratum_of_unit.max(initial=0)) + 1
        units, strata = one_hot(unit_of, len(stratum_of_unit)), one_hot(stratum_of_unit, sectors)
        _no_unit_is_a_margin(projection.x, units, n)
        sampled = np.asarray(strata.sum(axis=0), dtype=float).ravel()
        rule = scale(sampled, np.full(sectors, np.inf), sampled, Lonely.ADJUST)
        shrink = np.where(rule.own_mean, rule.factor / sampled, 0.0)
        x_totals = np.asarray((units.T.tocsr() @ sparse.diags_array(weights * n) @ projection.x).toarray())
        means = np.where(rule.own_mean[:, None], (strata.T @ x_totals) / sampled[:, None], 0.0)
        factor, x_apart = rule.factor[stratum_of_unit], x_totals - strata @ means
        codes = np.empty(len(stratum_of_unit), dtype=object)
        codes[unit_of] = cube.cells["school_code"].astype(str).to_numpy(dtype=object)
        unit = unit_of[cube.cell_of]
        return cls(
            Explained.of(cube, projection), unit, stratum_of_unit[unit],
            units[cube.cell_of], weights[cube.cell_of], factor, shrink, x_totals, x_apart,
            x_apart.T @ (factor[:, None] * x_apart), tuple(map(str, codes)), stratum_of_unit,
        )  # fmt: skip

    def school_scores(self, scores: Scores) -> Floats:
        """Each school's weighted sum of scores less what the margins explain, before centring: schools by domains."""
        pairs, slopes = scores.members.pairs(self.unit), self.explained.fit(scores)[1]
        totals = np.zeros((len(self.schools), scores.members.size))
        totals[pairs.group, pairs.domain] = pairs.total(self.weight[scores.members.atom] * scores.each)
        return np.asarray(totals - self.x_totals @ slopes.T)

    def spread(self, scores: Scores) -> Floats:
        """How far each school stands from its sector, scaled: schools by domains.

        spread.T @ spread is the covariance matrix of the domains' shares, its diagonal the variances.
        """
        totals, strata = self.school_scores(scores), one_hot(self.sector_of, len(self.shrink))
        own = (self.shrink > 0)[:, None]
        means = np.where(own, (strata.T @ totals) / np.maximum(strata.sum(axis=0), 1)[:, None], 0.0)
        return np.asarray(np.sqrt(self.factor)[:, None] * (totals - strata @ means))

    def variance(self, scores: Scores) -> Floats:
        """The variance of each domain's share between schools: the sums of squares of `spread`, school by school."""
        schools, sectors = scores.members.pairs(self.unit), scores.members.pairs(self.sector)
        values, slopes = self.weight[scores.members.atom] * scores.each, self.explained.fit(scores)[1]
        totals, by_sector = schools.total(values), sectors.total(values)
        scaled = self.factor[schools.group] * totals
        whole = schools.by_domain(scaled * totals)
        own = whole - sectors.by_domain(self.shrink[sectors.group] * by_sector**2)
        cross = schools.times(scaled, self.x_apart)
        return _rounded(own + np.sum(slopes * (narrow(slopes, self.x_squares) - 2 * cross), axis=1), whole)

    def df(self, scores: Scores) -> Floats:
        """Schools with a valid answer of the domain less their sectors."""
        schools, sectors = (scores.members.pairs(groups) for groups in (self.unit, self.sector))
        return occupied(schools, scores) - occupied(sectors, scores)


def _no_unit_is_a_margin(x: sparse.csr_array, units: sparse.csr_array, n: Floats) -> None:
    """Refuse margins of which a column is a whole unit and nothing else, for most units: its residuals would sum to 0."""
    held = sparse.csc_array(units.T.tocsr() @ sparse.diags_array(n) @ x)
    alone = np.flatnonzero(np.diff(held.indptr) == 1)
    unit, inside = held.indices[held.indptr[alone]], held.data[held.indptr[alone]]
    whole = len(set(unit[inside == np.asarray(units.T @ n)[unit]]))
    if whole > 1 and 2 * whole > units.shape[1]:
        raise ContractError(
            "school as sampling unit and as margin: the error would collapse to nothing",
            "the variance between schools",
            f"{whole} of {units.shape[1]} schools are margins of their own",
            "margins that cut across schools, such as stage, sex and deprivation",
            "leave schools out of the margins of this variance",
        )
