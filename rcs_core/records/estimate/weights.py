"""Weights that make respondents stand for the roll: N/n within school and stage, raked to the roll, trimmed.

Margins: stage x sex, deprivation fifth, school. A thin cell is joined to its neighbour first, so that no pupil is asked
to stand for strangers. Every pupil of a cell (school x stage x sex x deprivation) carries the same weight.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.cube import KEYS
from rcs_core.records.estimate.rules import Rules

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight a cell, and what standard errors need of how it came about.

    base: N/n; final: raked and trimmed; margins: with which totals; kish: the design effect of unequal weights;
    largest: the largest weight divided by the mean; trimmed: whether any weight was cut.
    """

    base: Floats
    final: Floats
    margins: cal.Margins
    kish: float
    largest: float
    trimmed: bool


def weigh(cells: pd.DataFrame, roll: pd.DataFrame, rules: Rules, with_school: bool = True) -> Weights:
    """Weight the respondents of `cells` (KEYS, cluster_code, n) to the pupils of `roll` (KEYS, cluster_code).

    with_school: whether schools are a margin (never where school is the sampling unit of the variance).
    """
    known = roll.groupby([*KEYS, "cluster_code"], as_index=False).size().rename(columns={"size": "N"})
    both = known.merge(cells, on=[*KEYS, "cluster_code"], how="outer").fillna({"N": 0, "n": 0})
    both = both.sort_values(list(KEYS), ignore_index=True)
    both["weighting_cell"] = _joined(both, ["cluster_code", "school_code", "stage"], 2, rules)
    margins = {
        "sex and stage": _joined(both, ["stage", "sex"], 1, rules),
        "deprivation": _joined(both, ["simd_quintile"], 0, rules),
    }
    if with_school:
        margins["school"] = _joined(both, ["cluster_code", "school_code"], 1, rules)
    answered = (both["n"] > 0).to_numpy()
    totals = {name: {str(k): float(v) for k, v in both.groupby(words)["N"].sum().items()} for name, words in margins.items()}
    known_totals = cal.indicators({name: words[answered] for name, words in margins.items()}, totals)
    sums = both.groupby("weighting_cell")[["N", "n"]].transform("sum")
    base = (sums["N"] / sums["n"]).to_numpy()[answered]
    return _raked(base, both["n"].to_numpy()[answered], known_totals, rules)


def _raked(base: Floats, n: Floats, margins: cal.Margins, rules: Rules) -> Weights:
    """Rake; while a weight is over the bound, cut it and rake again, so that the margins hold at the end."""
    final = base * cal.calibrate(base * n, margins, cal.raking())
    cut = False
    for _ in range(rules.trim_rounds):
        bound = rules.max_weight_ratio * float(final @ n) / float(n.sum())
        if final.max() <= bound * 1.0001:
            break
        cut, capped = True, np.minimum(final, bound)
        final = capped * cal.calibrate(capped * n, margins, cal.raking())
    mean = float(final @ n) / float(n.sum())
    return Weights(base, final, margins, kish(final, n), float(final.max()) / mean, cut)


def kish(weights: Floats, n: Floats) -> float:
    """Kish's design effect of unequal weights: n times the sum of squares over the square of the sum."""
    return float(n.sum() * (weights**2 @ n) / (weights @ n) ** 2)


def _joined(both: pd.DataFrame, columns: list[str], within: int, rules: Rules) -> Words:
    """Each row's group after thin groups have been joined to a neighbour that shares the first `within` columns.

    A group with nobody to join inside its parent joins inside the next parent up, to the council as a whole.
    """
    groups = both.groupby(columns, as_index=False)[["N", "n"]].sum().sort_values(columns, ignore_index=True)
    names = groups[columns].astype(str).agg(" ".join, axis=1).to_numpy(dtype=object)
    for level in range(within, -1, -1):
        parents = groups[columns[:level]].astype(str).agg(" ".join, axis=1) if level else pd.Series("", index=groups.index)
        for places in groups.groupby(parents).indices.values():
            _join_neighbours(names, groups["N"].to_numpy(float), groups["n"].to_numpy(float), np.sort(places), rules)
    known = pd.MultiIndex.from_frame(groups[columns].astype(str))
    return names[known.get_indexer(pd.MultiIndex.from_frame(both[columns].astype(str)))].astype(str)


def _join_neighbours(names: npt.NDArray[np.object_], size: Floats, n: Floats, places: npt.NDArray[np.intp], rules: Rules) -> None:
    """Join runs of neighbouring places, in order, until none is thin or only one is left (changes `names`)."""
    runs: list[list[int]] = []
    for place in places:
        if runs and names[runs[-1][0]] == names[place]:
            runs[-1].append(int(place))
        else:
            runs.append([int(place)])
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
