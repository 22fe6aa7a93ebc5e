"""The parent survey's weights, raked to the children under nine of the area where their number is known.

In: interviews with the fieldwork's design weights, and children by age band, sex and deprivation fifth. Out: a design whose
weights meet age band x sex and deprivation, with the projection that standard errors take their residuals from. A respondent
whose sex or fifth is not known stands for the same share of the population as of the sample's weight.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.design import Design, stage_of

AGE_AND_SEX, DEPRIVATION = "age band and sex", "deprivation"
_TRIED = ((AGE_AND_SEX, DEPRIVATION), (AGE_AND_SEX,), (DEPRIVATION,))
"""The margins that weights are raked to; where no weights meet them all, the next fewer."""
_EDGES = (0, 3, 6, 9)
BANDS = tuple(f"{low}-{high - 1}" for low, high in pairwise(_EDGES))
NOT_KNOWN = "not_known"
type Words = npt.NDArray[np.str_]


def parent_design(answers: pd.DataFrame, population: pd.DataFrame | None) -> tuple[Design, tuple[str, ...]]:
    """The survey's design and the margins that its weights meet; none where the population is not known or cannot be met."""
    weights = answers["weight"].to_numpy(dtype=float)
    design = Design(weights, (stage_of(answers["psu"].to_numpy(dtype=str), answers["stratum"].to_numpy(dtype=str)),))
    if population is None or population.empty:
        return design, ()
    for names in _TRIED:
        try:
            margins = _margins(answers, weights, population, names)
            found = cal.calibrate(weights, margins, cal.raking())
        except ContractError:
            continue
        return Design(weights * found.factor, design.stages, projection=found.projection), names
    return design, ()


def _margins(answers: pd.DataFrame, weights: npt.NDArray[np.float64], known: pd.DataFrame, names: tuple[str, ...]) -> cal.Margins:
    """Columns and totals of the named margins; raises ContractError where a group has children and no interview."""
    band = np.array(BANDS)[np.digitize(answers["child_age"].to_numpy(dtype=int), _EDGES[1:-1])]
    sex, simd = (answers[c].fillna("").replace("", NOT_KNOWN).to_numpy(dtype=str) for c in ("child_sex", "simd_quintile"))
    columns: dict[str, Words] = {AGE_AND_SEX: _pair(band, sex), DEPRIVATION: simd}
    children = known["children"].to_numpy(dtype=float)
    ages = known["age_band"].to_numpy(dtype=str)
    of = {
        AGE_AND_SEX: (band, ages, _pair(ages, known["sex"].to_numpy(dtype=str))),
        DEPRIVATION: (np.full(len(band), ""), np.full(len(ages), ""), known["simd_quintile"].to_numpy(dtype=str)),
    }
    totals = {name: _totals(columns[name], of[name][0], weights, *of[name][1:], children) for name in names}
    return cal.indicators({name: columns[name] for name in names}, totals)


def _pair(one: Words, other: Words) -> Words:
    return np.char.add(np.char.add(one, " "), other)


def _totals(
    column: Words,
    within: Words,
    weights: npt.NDArray[np.float64],
    parents: Words,
    levels: Words,
    children: npt.NDArray[np.float64],
) -> dict[str, float]:
    """Children by level, less the part of each parent group (an age band, or all) that the not known stand for."""
    totals: dict[str, float] = {}
    for parent in np.unique(parents):
        here, there = within == parent, parents == parent
        unknown = here & np.char.endswith(column, NOT_KNOWN)
        share = float(weights[unknown].sum() / weights[here].sum()) if here.any() else 0.0
        for level in np.unique(levels[there]):
            totals[str(level)] = float(children[there & (levels == level)].sum()) * (1 - share)
        if unknown.any():
            totals[str(column[unknown][0])] = float(children[there].sum()) * share
    return {level: total for level, total in totals.items() if total > 0}
