"""A sample design on rows: weights, strata, sampling units of one or two stages, and what calibration explains.

The variance of a sum of scores follows stage by stage: between the units of each stratum, then, with finite populations
known, within each unit times the share of units taken. Conventions are those of R's `survey` package.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rcs_core.records.estimate.calibrate import Projection
from rcs_core.records.estimate.strata import Lonely, scale

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of sampling, a value a row: the unit, the stratum it was drawn in, and both counts of that stratum.

    unit and stratum are codes 0, 1, ...; a unit lies in one stratum. sampled: units of the whole design in the stratum;
    population: units there are (inf without a finite population correction). names: of the strata, for messages.
    """

    unit: Ints
    stratum: Ints
    sampled: Floats
    population: Floats
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Design:
    """Rows with final weights and how they were drawn; projection: present when the weights were calibrated."""

    weights: Floats
    stages: tuple[Stage, ...]
    lonely: Lonely = Lonely.ADJUST
    adjust_domain_lonely: bool = False
    projection: Projection | None = None

    def active(self, inside: Flags) -> Flags:
        """The rows of a domain that count: those with a weight."""
        return np.asarray(inside & (self.weights != 0))

    def df(self, inside: Flags) -> int:
        """First-stage units less strata among the rows of a domain."""
        rows, first = self.active(inside), self.stages[0]
        return len(np.unique(first.unit[rows])) - len(np.unique(first.stratum[rows]))

    def variance(self, scores: Floats, inside: Flags) -> float:
        """The variance of the weighted sum of the scores (a value a row, 0 outside the domain).

        A calibrated design keeps every row, since margins reach across domains; any other is cut to the domain, whose
        strata keep their sizes. Raises ContractError for a lonely unit under the rule `fail`.
        """
        if self.projection is not None:
            inside = np.ones(len(scores), dtype=bool)
            scores = self.projection.residuals(scores)
        rows = np.flatnonzero(inside)
        return self._summed((self.weights * scores)[rows], rows)

    def _summed(self, scores: Floats, rows: Ints) -> float:
        first = self.stages[0]
        total = float(self._between(_units(first, scores, rows), first).sum())
        if len(self.stages) == 1 or np.isinf(first.population[rows]).all():
            return total
        second = self.stages[1]
        inside = _units(second, scores, rows)
        taken = first.sampled[inside.row] / first.population[inside.row]
        return total + float(self._between(inside, second) @ taken)

    def _between(self, units: "_Units", stage: Stage) -> Floats:
        """Each stratum's variance between its units; units of the design that the rows lack count as 0."""
        sampled, at = stage.sampled[units.row], units.row
        names = tuple(stage.names[s] for s in stage.stratum[at]) if stage.names else ()
        rule = scale(sampled, stage.population[at], units.present, self.lonely, self.adjust_domain_lonely, names)
        mean = np.where(rule.own_mean, units.sums / sampled, 0.0)
        squares = np.bincount(units.stratum_of, weights=(units.totals - mean[units.stratum_of]) ** 2, minlength=len(mean))
        return np.asarray(rule.factor * (squares + (sampled - units.present) * mean**2))


@dataclass(frozen=True, slots=True)
class _Units:
    """The units among some rows: their totals and strata; and by stratum: one of its rows, units present, sum."""

    totals: Floats
    stratum_of: Ints
    row: Ints
    present: Floats
    sums: Floats


def _units(stage: Stage, scores: Floats, rows: Ints) -> _Units:
    kinds, unit_of_row = np.unique(stage.unit[rows], return_inverse=True)
    totals = np.bincount(unit_of_row, weights=scores, minlength=len(kinds))
    row_of_unit = np.zeros(len(kinds), dtype=np.int64)
    row_of_unit[unit_of_row] = rows
    strata, stratum_of = np.unique(stage.stratum[row_of_unit], return_inverse=True)
    row = np.zeros(len(strata), dtype=np.int64)
    row[stratum_of] = row_of_unit
    present = np.bincount(stratum_of, minlength=len(strata)).astype(float)
    return _Units(totals, stratum_of, row, present, np.bincount(stratum_of, weights=totals, minlength=len(strata)))


def stage_of(unit: npt.NDArray[np.str_], stratum: npt.NDArray[np.str_], population: Floats | None = None) -> Stage:
    """A stage from labels: units are told apart within their stratum, and counted over all rows."""
    names, strata = np.unique(stratum, return_inverse=True)
    labels, within = np.unique(unit, return_inverse=True)
    pair = strata.astype(np.int64) * len(labels) + within
    kinds, units = np.unique(pair, return_inverse=True)
    sizes = np.bincount(kinds // len(labels), minlength=len(names)).astype(float)
    whole = np.full(len(unit), np.inf) if population is None else population
    return Stage(units.astype(np.int64), strata.astype(np.int64), sizes[strata], whole, tuple(map(str, names)))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two weighted sums over a domain with its variance; a mean has the denominator 1."""

    estimate: float
    variance: float
    df: int
    scores: Floats


def ratio(design: Design, top: Floats, bottom: Floats, inside: Flags, clamped: bool = False) -> Ratio:
    """A/B over the rows inside, by linearisation: each row's score is (top - estimate * bottom) / B.

    clamped: the estimate is a share, so within 1e-12 of 0 or 1 it is 0 or 1.
    """
    weights = np.where(inside, design.weights, 0.0)
    whole = float(weights @ np.where(inside, bottom, 0.0))
    if not design.active(inside).any() or whole == 0:
        return Ratio(np.nan, np.nan, 0, np.zeros(len(weights)))
    estimate = float(weights @ np.where(inside, top, 0.0)) / whole
    if clamped and min(estimate, 1 - estimate) < 1e-12:
        estimate = float(round(estimate))
    scores = np.where(inside, top - estimate * bottom, 0.0) / whole
    return Ratio(estimate, design.variance(scores, inside), design.df(inside), scores)
