"""A survey made ready for any question: its cube, its weights, and both variances prepared once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rcs_core.records.estimate.calibrate import Projection
from rcs_core.records.estimate.cube import Cube, places
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import OtherSchools, TheseChildren
from rcs_core.records.estimate.weights import SCHOOL, Weights, counted, margins_of, weigh


@dataclass(frozen=True, slots=True)
class Ready:
    """Cube and weights of one survey with (a) `these`, these pupils this year, and (b) `recur`, would it recur."""

    cube: Cube
    weights: Weights
    these: TheseChildren
    recur: OtherSchools

    @classmethod
    def of(cls, cube: Cube, roll: pd.DataFrame, schools: pd.DataFrame, rules: Rules) -> "Ready":
        """Weight a cube to its roll (pupils, or counts N of them); schools: school_code and sector."""
        weights, both = weigh(cube.cells, roll, rules), counted(cube.cells, roll)
        return cls(cube, weights, _these(cube, weights, both), _recur(cube, weights, both, schools, rules))


def _these(cube: Cube, weights: Weights, both: pd.DataFrame) -> TheseChildren:
    """(a) these pupils, this year: strata school x stage, each sampled from its roll."""
    _, stratum = np.unique(places(both, ["school_code", "stage"]), return_inverse=True)
    kinds, stratum_of = np.unique(stratum[(both["n"] > 0).to_numpy()], return_inverse=True)
    population = np.bincount(stratum, weights=both["N"])[kinds]
    return TheseChildren.of(cube, weights.final, weights.projection, stratum_of.astype(np.int64), population)


def _recur(cube: Cube, weights: Weights, both: pd.DataFrame, schools: pd.DataFrame, rules: Rules) -> OtherSchools:
    """(b) would it recur: schools drawn from their sector without end.

    Schools are no margin of its residuals: as unit and margin at once they would make the error collapse to nothing.
    """
    margins = margins_of(both, rules, tuple(name for name in weights.margins if name != SCHOOL))
    projection = Projection.of(margins, weights.base * cube.cells["n"].to_numpy(dtype=float))
    _, first, unit_of = np.unique(places(cube.cells, ["school_code"]), return_index=True, return_inverse=True)
    sector = schools.drop_duplicates("school_code").set_index("school_code")["sector"].astype(str)
    sectors = sector.reindex(cube.cells["school_code"].iloc[first].astype(str)).fillna("").to_numpy(dtype=str)
    stratum_of_unit = np.unique(sectors, return_inverse=True)[1].astype(np.int64)
    return OtherSchools.of(cube, weights.final, projection, unit_of.astype(np.int64), stratum_of_unit)
