"""Weights that make respondents stand for the roll: N/n within school and stage, raked to the roll, trimmed.

Margins: stage x sex, deprivation fifth, school. A thin cell is joined to its neighbour first, so that no pupil is asked
to stand for strangers. Every pupil of a cell (school x stage x sex x deprivation) carries the same weight.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from rcs_core.errors import ContractError
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.cube import PLACED, places
from rcs_core.records.estimate.rules import Rules

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
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
    """Weight the respondents of `cells` (KEYS, cluster_code, n) to the pupils of `roll` (KEYS, cluster_code; N if counted).

    Where respondents are missing so unevenly that no weights meet every margin, schools give way first, then
    deprivation. Raises ContractError when even stage and sex cannot be met.
    """
    both = counted(cells, roll)
    cell, _ = _joined(both, ["cluster_code", "school_code", "stage"], 2, rules)
    pupils, respondents = (np.bincount(cell, weights=both[column]) for column in ("N", "n"))
    answered = (both["n"] > 0).to_numpy()
    base, n = (pupils / np.maximum(respondents, 1))[cell][answered], both["n"].to_numpy()[answered]
    for names in _TRIED[:-1]:
        try:
            return _raked(base, n, margins_of(both, rules, names), names, rules)
        except ContractError:
            continue
    return _raked(base, n, margins_of(both, rules, _TRIED[-1]), _TRIED[-1], rules)


def counted(cells: pd.DataFrame, roll: pd.DataFrame) -> pd.DataFrame:
    """Pupils (N) and respondents (n) of every cell of the roll, in the order of the cells; codes as categories."""
    sizes = roll["N"].to_numpy(dtype=float) if "N" in roll else np.ones(len(roll))
    keys = {key: union_categoricals([_coded(roll[key]), _coded(cells[key])], sort_categories=True) for key in PLACED}
    both = pd.DataFrame(keys)
    rank = places(both, PLACED)
    kinds, first, cell = np.unique(rank, return_index=True, return_inverse=True)
    pupils = np.bincount(cell[: len(roll)], weights=sizes, minlength=len(kinds))
    respondents = np.bincount(cell[len(roll) :], weights=cells["n"], minlength=len(kinds))
    return both.iloc[first].reset_index(drop=True).assign(N=pupils, n=respondents)


def _coded(values: pd.Series) -> pd.Categorical:
    return pd.Categorical(values if isinstance(values.dtype, pd.CategoricalDtype) else values.astype(str))


def margins_of(both: pd.DataFrame, rules: Rules, names: tuple[str, ...]) -> cal.Margins:
    """What the roll knows of the named margins, a row a cell with respondents."""
    columns = {
        STAGE_AND_SEX: (["stage", "sex"], 1),
        DEPRIVATION: (["simd_quintile"], 0),
        SCHOOL: (["cluster_code", "school_code"], 1),
    }
    answered, margins = (both["n"] > 0).to_numpy(), []
    for name in names:
        group, labels = _joined(both, *columns[name], rules)
        totals = np.bincount(group, weights=both["N"], minlength=len(labels))
        known = np.bincount(group[answered], minlength=len(labels)) > 0
        if not known.all():
            raise ContractError("a margin has pupils and no answer", f"margin {name}", labels[int(np.argmin(known))], "an answer")
        margins.append(cal.Levels(group[answered], tuple(f"{name} {label}" for label in labels), totals))
    return cal.joined(margins)


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


def _joined(both: pd.DataFrame, columns: list[str], within: int, rules: Rules) -> tuple[Ints, list[str]]:
    """Each row's group after thin groups have been joined to a neighbour that shares the first `within` columns; names.

    A group with nobody to join inside its parent joins inside the next parent up, to the council as a whole.
    """
    _, first, place_of = np.unique(places(both, columns), return_index=True, return_inverse=True)
    codes = [tuple(map(str, code)) for code in zip(*(both[column].iloc[first] for column in columns), strict=True)]
    size, n = (np.bincount(place_of, weights=both[column]) for column in ("N", "n"))
    run_of = np.arange(len(codes))
    for level in range(within, -1, -1):
        thin = _thin(np.bincount(run_of, weights=n), np.bincount(run_of, weights=size), rules)[run_of]
        families: dict[tuple[str, ...], list[int]] = {}
        for place, code in enumerate(codes):
            families.setdefault(code[:level], []).append(place)
        for family in families.values():
            if thin[family].any():
                _join_neighbours(run_of, size, n, family, rules)
    leaders, group = np.unique(run_of, return_inverse=True)
    return group[place_of].astype(np.int64), [" ".join(codes[leader]) for leader in leaders]


def _join_neighbours(run_of: Ints, size: Floats, n: Floats, family: list[int], rules: Rules) -> None:
    """Join runs of neighbouring places, in order, until none is thin or only one is left (changes `run_of`).

    A run is known by its first place.
    """

    def thin_run(run: list[int]) -> bool:
        return bool(_thin(n[run].sum(keepdims=True), size[run].sum(keepdims=True), rules)[0])

    runs: list[list[int]] = []
    for place in family:
        if runs and run_of[runs[-1][0]] == run_of[place]:
            runs[-1].append(place)
        else:
            runs.append([place])
    thin = [thin_run(run) for run in runs]
    while len(runs) > 1 and any(thin):
        at = thin.index(True)
        low = max(at - 1, 0)
        runs[low] += runs.pop(low + 1)
        thin[low : low + 2] = [thin_run(runs[low])]
    for run in runs:
        run_of[run] = run[0]


def _thin(n: Floats, size: Floats, rules: Rules) -> Flags:
    return np.asarray((n < rules.min_cell_respondents) | (n < rules.min_cell_response * size))
