"""Weights that make respondents stand for the roll: N/n within school and stage, raked to the roll, trimmed.

Margins: stage x sex, deprivation fifth, school. A thin cell is joined to its neighbour first, so that no pupil is asked
to stand for strangers. Every pupil of a cell (school x stage x sex x deprivation) carries the same weight.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.cube import KEYS
from rcs_core.records.estimate.rules import Rules

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.str_]
_NEAR = 1e-4


STAGE_AND_SEX, DEPRIVATION, SCHOOL = "stage and sex", "deprivation", "school"
_TRIED = ((STAGE_AND_SEX, DEPRIVATION, SCHOOL), (STAGE_AND_SEX, DEPRIVATION), (STAGE_AND_SEX,))
"""The margins of the roll that weights are raked to; where no weights meet them all, the next fewer."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight a cell, and what standard errors need of how it came about.

    base: N/n; final: raked and trimmed; projection: what the margins explain under the base; margins: those met; kish:
    the design effect of unequal weights; largest: the largest weight divided by the mean; trimmed: whether any was cut.
    """

    base: Floats
    final: Floats
    projection: cal.Projection
    margins: tuple[str, ...]
    kish: float
    largest: float
    trimmed: bool


def weigh(cells: pd.DataFrame, roll: pd.DataFrame, rules: Rules) -> Weights:
    """Weight the respondents of `cells` (KEYS, cluster_code, n) to the pupils of `roll` (KEYS, cluster_code).

    Where respondents are missing so unevenly that no weights meet every margin, schools give way first, then
    deprivation. Raises ContractError when even stage and sex cannot be met.
    """
    both = counted(cells, roll)
    cell = _joined(both, ["cluster_code", "school_code", "stage"], 2, rules)
    sums = both.groupby(cell)[["N", "n"]].transform("sum")
    answered = (both["n"] > 0).to_numpy()
    base, n = (sums["N"] / sums["n"]).to_numpy()[answered], both["n"].to_numpy()[answered]
    for names in _TRIED[:-1]:
        try:
            return _raked(base, n, margins_of(both, rules, names), names, rules)
        except ContractError:
            continue
    return _raked(base, n, margins_of(both, rules, _TRIED[-1]), _TRIED[-1], rules)


def counted(cells: pd.DataFrame, roll: pd.DataFrame) -> pd.DataFrame:
    """Pupils (N) and respondents (n) of every cell of the roll, in the order of the cells."""
    keys = [*KEYS, "cluster_code"]
    known = roll.groupby(keys).size().rename("N").reset_index()
    both = known.merge(cells, on=keys, how="outer").fillna({"N": 0, "n": 0})
    return both.astype({"N": float, "n": float}).sort_values(list(KEYS), ignore_index=True)


def margins_of(both: pd.DataFrame, rules: Rules, names: tuple[str, ...]) -> cal.Margins:
    """What the roll knows of the named margins, a row a cell with respondents."""
    columns = {
        STAGE_AND_SEX: (["stage", "sex"], 1),
        DEPRIVATION: (["simd_quintile"], 0),
        SCHOOL: (["cluster_code", "school_code"], 1),
    }
    found = {name: _joined(both, *columns[name], rules) for name in names}
    totals = {name: {str(k): float(v) for k, v in both.groupby(words)["N"].sum().items()} for name, words in found.items()}
    answered = (both["n"] > 0).to_numpy()
    return cal.indicators({name: words[answered] for name, words in found.items()}, totals)


def _raked(base: Floats, n: Floats, margins: cal.Margins, names: tuple[str, ...], rules: Rules) -> Weights:
    """Rake; while a weight is over the bound, cut it and rake again, so that the margins hold at the end."""
    first = cal.calibrate(base * n, margins, cal.raking())
    final, cut = base * first.factor, False
    for _ in range(rules.trim_rounds):
        bound = rules.max_weight_ratio * float(final @ n) / float(n.sum())
        if final.max() <= bound * (1 + _NEAR):
            break
        cut, capped = True, np.minimum(final, bound)
        final = capped * cal.calibrate(capped * n, margins, cal.raking()).factor
    mean = float(final @ n) / float(n.sum())
    return Weights(base, final, first.projection, names, kish(final, n), float(final.max()) / mean, cut)


def kish(weights: Floats, n: Floats) -> float:
    """Kish's design effect of unequal weights: n times the sum of squares over the square of the sum."""
    return float(n.sum() * (weights**2 @ n) / (weights @ n) ** 2)


def _joined(both: pd.DataFrame, columns: list[str], within: int, rules: Rules) -> Words:
    """Each row's group after thin groups have been joined to a neighbour that shares the first `within` columns.

    A group with nobody to join inside its parent joins inside the next parent up, to the council as a whole.
    """
    groups = both.groupby(columns)[["N", "n"]].sum().reset_index().sort_values(columns, ignore_index=True)
    codes = [tuple(map(str, code)) for code in groups[columns].to_numpy(dtype=object)]
    names = np.array([" ".join(code) for code in codes], dtype=object)
    size, n = groups["N"].to_numpy(float), groups["n"].to_numpy(float)
    for level in range(within, -1, -1):
        families: dict[tuple[str, ...], list[int]] = {}
        for place, code in enumerate(codes):
            families.setdefault(code[:level], []).append(place)
        for places in families.values():
            _join_neighbours(names, size, n, places, rules)
    place_of = {code: place for place, code in enumerate(codes)}
    rows = [place_of[tuple(map(str, code))] for code in both[columns].to_numpy(dtype=object)]
    return names[rows].astype(str)


def _join_neighbours(names: npt.NDArray[np.object_], size: Floats, n: Floats, places: list[int], rules: Rules) -> None:
    """Join runs of neighbouring places, in order, until none is thin or only one is left (changes `names`)."""
    runs: list[list[int]] = []
    for place in places:
        if runs and names[runs[-1][0]] == names[place]:
            runs[-1].append(place)
        else:
            runs.append([place])
    while len(runs) > 1:
        thin = [i for i, run in enumerate(runs) if _thin(n[run].sum(), size[run].sum(), rules)]
        if not thin:
            break
        at = thin[0]
        other = at - 1 if at else 1
        low, high = min(at, other), max(at, other)
        runs[low] += runs.pop(high)
        for place in runs[low]:
            names[place] = names[runs[low][0]]


def _thin(n: float, size: float, rules: Rules) -> bool:
    return n < rules.min_cell_respondents or n < rules.min_cell_response * size
