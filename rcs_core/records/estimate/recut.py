"""Any crossing of area, stage, sex, deprivation and contact as domains, from the cube alone.

In: a survey made ready. Out: a row for each domain and indicator with counts, share, the standard errors of both
variances, degrees of freedom and what may be said of it. True counts: for the records room, not for a release.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.records.estimate.cube import Cube, places
from rcs_core.records.estimate.members import Members
from rcs_core.records.estimate.publish import published
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import OtherSchools, Scores, TheseChildren
from rcs_core.records.estimate.weights import Weights
from rcs_core.release import ALL

Ints = npt.NDArray[np.int64]
DIMENSIONS = ("cluster_code", "school_code", "stage", "sex", "simd_quintile", "contact")
"""What a domain may be made of."""
BLOCK = 50_000
"""How many domains are worked on at once: what keeps memory small."""


class Prepared(Protocol):
    """A survey made ready: `Ready`, or the survey of a build."""

    @property
    def cube(self) -> Cube:
        """Its answers, counted."""

    @property
    def weights(self) -> Weights:
        """Its weights."""

    @property
    def these(self) -> TheseChildren:
        """Variance (a)."""

    @property
    def recur(self) -> OtherSchools:
        """Variance (b)."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Domains that share no atom: their labels, and the domain of each atom."""

    labels: pd.DataFrame
    domain_of: Ints


def recut(survey: Prepared, by: Sequence[str], rules: Rules, margins: bool = False, intervals: bool = True) -> pd.DataFrame:
    """Every domain that the crossing of some dimensions makes of the atoms there are, for every indicator.

    Columns: the dimensions, indicator, yes, no, base (weighted), share, se and df under (a), se_recur and df_recur under
    (b); with intervals also those of `published`. margins: each dimension's total (`ALL`) as well, crossed with the others.
    Raises SettingsError for a dimension that there is not.
    """
    rows = pd.concat(list(recuts(survey, by, rules, margins, intervals)), ignore_index=True)
    order = np.argsort(rows["indicator"].cat.codes.to_numpy(), kind="stable")
    return rows.iloc[order].reset_index(drop=True)


def recuts(
    survey: Prepared, by: Sequence[str], rules: Rules, margins: bool = False, intervals: bool = True
) -> Iterator[pd.DataFrame]:
    """The rows of `recut` piece by piece, for more domains than fit into memory at once."""
    unknown = [dimension for dimension in by if dimension not in DIMENSIONS]
    if unknown or len(set(by)) < len(by):
        raise SettingsError("a domain cannot be made so", "by", ", ".join(by), f"some of {', '.join(DIMENSIONS)}, each once")
    sizes = range(0 if margins else len(by), len(by) + 1)
    for kept in (names for size in sizes for names in combinations(by, size)):
        crossing = _crossing(survey.cube, by, kept)
        for first in range(0, len(crossing.labels), BLOCK):
            labels = crossing.labels.iloc[first : first + BLOCK].reset_index(drop=True)
            inside = (crossing.domain_of >= first) & (crossing.domain_of < first + BLOCK)
            members = Members.parts(np.where(inside, crossing.domain_of - first, -1), len(labels))
            for indicator in survey.cube.indicators:
                yield pd.concat([labels, _rows(survey, members, indicator, rules, intervals)], axis=1)


def _crossing(cube: Cube, by: Sequence[str], kept: Sequence[str]) -> Crossing:
    """The domains of the dimensions that are kept; the others are `ALL`."""
    coded = {d: _by_atom(cube, d) for d in by}
    atoms = pd.DataFrame({d: coded[d] for d in kept}, index=range(len(cube.cell_of)))
    _, first, domain_of = np.unique(places(atoms, kept), return_index=True, return_inverse=True)
    labels = {d: _labels(coded[d], first if d in kept else None, len(first)) for d in by}
    return Crossing(pd.DataFrame(labels, index=range(len(first))), domain_of.astype(np.int64))


def _by_atom(cube: Cube, dimension: str) -> pd.Categorical:
    if dimension == "contact":
        return pd.Categorical(cube.atoms["contact"])
    return pd.Categorical(cube.cells[dimension]).take(cube.cell_of)


def _labels(kinds: pd.Categorical, atoms: Ints | None, size: int) -> "pd.Categorical[str]":
    """The codes of some atoms; without atoms `ALL`, which is a category of every dimension."""
    codes = np.zeros(size, dtype=np.int64) if atoms is None else kinds.codes[atoms].astype(np.int64) + 1
    return pd.Categorical.from_codes(codes, pd.Index([ALL, *map(str, kinds.categories)]))


def _rows(survey: Prepared, members: Members, indicator: str, rules: Rules, intervals: bool) -> pd.DataFrame:
    """One indicator's numbers, a row a domain."""
    scores = Scores.of(survey.cube, survey.weights.final, members, indicator)
    found = scores.with_variance(survey.these.variance(scores), survey.these.df(scores))
    again = scores.with_variance(survey.recur.variance(scores), survey.recur.df(scores))
    names = pd.Index(survey.cube.indicators)
    here = np.full(members.size, names.get_loc(indicator), dtype=np.int64)
    rows = pd.DataFrame(
        {
            "indicator": pd.Categorical.from_codes(here, names),
            "yes": found.yes, "no": found.no, "base": found.base, "share": found.share,
            "se": np.sqrt(found.variance), "df": found.df,
            "se_recur": np.sqrt(again.variance), "df_recur": again.df,
        }
    )  # fmt: skip
    return pd.concat([rows, published(found, rules)], axis=1) if intervals else rows
