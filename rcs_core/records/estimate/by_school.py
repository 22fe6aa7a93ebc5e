"""What one indicator of one survey says of each school, cluster and fifth: the raw material of every comparison.

In: a prepared survey. Out: shares **of the answer that means need**, weighted bases, and the school scores of variance
(b), so that a difference or a change is a difference of scores and keeps its covariance.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from rcs_core.records.estimate.pupils import PupilSurvey
from rcs_core.records.estimate.shares import Floats, Ints, Scores
from rcs_core.records.estimate.strata import Flags
from rcs_core.vocab import SimdQuintile

FIFTHS = tuple(q.value for q in SimdQuintile if q is not SimdQuintile.NOT_KNOWN)
"""Deprivation fifths from the most deprived (1) to the least (5); pupils of no known fifth are in none."""


@dataclass(frozen=True, slots=True)
class Places:
    """The areas of a survey: schools with an answer to it, every cluster that was asked, and where each belongs.

    members: atoms by (clusters, the rest of the area for each cluster, council, fifths), 0/1.
    """

    survey: PupilSurvey
    schools: tuple[str, ...]
    clusters: tuple[str, ...]
    cluster_of: Ints
    members: sparse.csr_array

    @classmethod
    def of(cls, survey: PupilSurvey) -> "Places":
        """Where the schools of a survey are."""
        cells = survey.cube.cells
        clusters = tuple(sorted(survey.asked["cluster_code"].astype(str).unique()))
        homes = cells.drop_duplicates("school_code").set_index("school_code")["cluster_code"].astype(str)
        of_school = pd.Index(clusters).get_indexer(pd.Index(homes.loc[list(survey.recur.schools)]))
        here = cells["cluster_code"].astype(str).to_numpy(dtype=object)[survey.cube.cell_of]
        inside = (here[:, None] == np.array(clusters, dtype=object)).astype(float)
        fifth = cells["simd_quintile"].astype(str).to_numpy(dtype=object)[survey.cube.cell_of]
        known = (fifth[:, None] == np.array(FIFTHS, dtype=object)).astype(float)
        members = sparse.csr_array(np.hstack([inside, 1 - inside, np.ones((len(here), 1)), known]))
        return cls(survey, survey.recur.schools, clusters, of_school.astype(np.int64), members)


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator of one wave. Shares and scores are of the answer that means need; scores have a row a school.

    base, steady, share: by school, its weighted answers, how many equally weighted answers they are worth, its share.
    cluster, rest, council, fifth: shares and scores of the domains; fifth_spread: spread' spread is their covariance.
    df: schools less sectors.
    """

    places: Places
    indicator: str
    base: Floats
    steady: Floats
    share: Floats
    cluster: Floats
    cluster_scores: Floats
    rest: Floats
    rest_scores: Floats
    council: float
    council_scores: Floats
    fifth: Floats
    fifth_base: Floats
    fifth_spread: Floats
    df: float

    @classmethod
    def of(cls, places: Places, indicator: str, need_band: str) -> "Reading":
        """Read one indicator of a survey, by school and domain."""
        survey, many = places.survey, len(places.clusters)
        scores = Scores.of(survey.cube, survey.weights.final, places.members, indicator)
        shares, sign = (scores.share, 1.0) if need_band == "yes" else (1 - scores.share, -1.0)
        totals, spread = sign * survey.recur.school_scores(scores), sign * survey.recur.spread(scores)
        base, steady, yes = _by_school(survey, scores)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = yes / base if need_band == "yes" else 1 - yes / base
        whole, rests = 2 * many, slice(many, 2 * many)
        return cls(
            places, indicator, base, steady, share,
            shares[:many], totals[:, :many], shares[rests], totals[:, rests],
            float(shares[whole]), totals[:, whole], shares[whole + 1 :], scores.base[whole + 1 :], spread[:, whole + 1 :],
            float(survey.recur.df(scores)[whole]),
        )  # fmt: skip

    @property
    def answered(self) -> Flags:
        """The schools with a valid answer."""
        return np.asarray(self.base > 0)


def _by_school(survey: PupilSurvey, scores: Scores) -> tuple[Floats, Floats, Floats]:
    """By school: weighted answers, (sum of weights)² / sum of squares, and weighted yes."""
    weight, units = survey.weights.final[survey.cube.cell_of], survey.recur.units
    valid = scores.yes + scores.no
    base, squares = np.asarray(units.T @ (weight * valid)), np.asarray(units.T @ (weight**2 * valid))
    steady = np.divide(base**2, squares, out=np.zeros_like(base), where=squares > 0)
    return base, steady, np.asarray(units.T @ (weight * scores.yes))
