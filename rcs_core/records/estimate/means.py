"""Weighted means of scores (wellbeing, hours of sleep) for the council and its clusters, and what may be told of them.

In: a prepared survey and its answers. Out: exact means with the error of variance (a), *these pupils, this year*: every
child a unit, strata school x stage sampled from their roll, residuals of the raking margins. Then, beside the protected
tables, the plain table `scores`: no base is published, and clusters are told all or none, so that no mean of a small or
hidden group can be had from the others.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.calibrate import Projection
from rcs_core.records.estimate.cube import PLACED, places
from rcs_core.records.estimate.design import Design, Flags, Ints, ratio, stage_of
from rcs_core.records.estimate.pupils import PupilSurvey
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.scoring import MeanRules
from rcs_core.records.scoring.means import outwards, rounded
from rcs_core.release import ALL, Table
from rcs_core.vocab import AreaLevel, CellState

SCORES = "scores"
_EXACT = ["survey", "wave", "indicator", "area", "level", "n", "mean", "low", "high"]
_TOLD = ["survey", "wave", "indicator", "title", "unit", "area", "mean", "low", "high", "state"]


def means(survey: PupilSurvey, answers: pd.DataFrame, scores: Iterable[str], rules: Rules) -> pd.DataFrame:
    """Exact means by area: survey, wave, indicator, area, level, n (scored forms), mean, low, high.

    answers: the survey's linked forms with the scores as numbers; a score without a column was not collected. An area
    without a scored form has no mean.
    """
    here = answers[answers["stage"].isin(survey.roll["stage"].unique())].reset_index(drop=True)
    collected = [score for score in scores if score in here.columns]
    if not collected or here.empty:
        return pd.DataFrame(columns=_EXACT)
    design, rows = _design(survey, here), []
    for score in collected:
        values = pd.to_numeric(here[score], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        for area, level, inside in _areas(survey, here):
            told = _mean(design, values, inside & ~np.isnan(values), rules)
            rows.append((survey.code, survey.wave, score, area, level, *told))
    return pd.DataFrame(rows, columns=_EXACT)


def _areas(survey: PupilSurvey, here: pd.DataFrame) -> list[tuple[str, str, Flags]]:
    """The council and every cluster that was asked, with the forms of each."""
    clusters = sorted(survey.asked["cluster_code"].astype(str).unique())
    of = here["cluster_code"].astype(str)
    whole = (survey.council, AreaLevel.COUNCIL.value, np.ones(len(here), dtype=bool))
    return [whole, *((c, AreaLevel.CLUSTER.value, np.asarray(of.eq(c), dtype=bool)) for c in clusters)]


def _mean(design: Design, values: np.ndarray, inside: Flags, rules: Rules) -> tuple[int, float, float, float]:
    found = ratio(design, np.nan_to_num(values), np.ones(len(values)), inside)
    centre, error, df = (np.array([x]) for x in (found.estimate, np.sqrt(max(found.variance, 0.0)), float(found.df)))
    ends = intervals.wald(centre, error, df, rules.confidence)
    return int(inside.sum()), found.estimate, float(ends.low[0]), float(ends.high[0])


def _design(survey: PupilSurvey, here: pd.DataFrame) -> Design:
    """Variance (a), a row a child: what the cube's is, child by child."""
    cell = _cells(survey, here)
    around = survey.weights.projection
    projection = Projection(around.x[cell], survey.weights.base[cell], around.inverse)
    stratum = (here["school_code"].astype(str) + " " + here["stage"].astype(str)).to_numpy(dtype=str)
    roll = survey.roll["school_code"].astype(str) + " " + survey.roll["stage"].astype(str)
    sizes = roll.value_counts().to_dict()
    population = np.array([sizes[code] for code in stratum], dtype=np.float64)
    children = np.arange(len(here)).astype(str)
    return Design(survey.weights.final[cell], (stage_of(children, stratum, population),), projection=projection)


def _cells(survey: PupilSurvey, here: pd.DataFrame) -> Ints:
    """Each form's place among the cells of the cube."""
    keys = pd.concat([survey.cube.cells[list(PLACED)].astype(str), here[list(PLACED)].astype(str)], ignore_index=True)
    rank, size = places(keys, PLACED), len(survey.cube.cells)
    found = pd.Series(np.arange(size), index=rank[:size]).reindex(rank[size:])
    return found.to_numpy(dtype=np.int64)


def tell_means(exact: pd.DataFrame, tables: Sequence[Table], known: dict[str, MeanRules]) -> list[Table]:
    """The table `scores` of what may be told; none where no score was collected.

    A mean needs the contract's number of scored forms, and the answers of its area must be shown. Clusters are told only
    where every cluster of the survey may be told.
    """
    if exact.empty:
        return []
    hidden = _hidden(tables)
    rows = []
    for (survey, wave, score), part in exact.groupby(["survey", "wave", "indicator"], sort=False):
        rule = known[str(score)]
        few = part["n"].lt(rule.least_forms).to_numpy()
        secret = np.array([(survey, wave, area) in hidden for area in part["area"]])
        cluster = part["level"].eq(AreaLevel.CLUSTER.value).to_numpy()
        secret |= cluster & bool((cluster & (few | secret)).any()) & ~few
        for row, is_few, is_secret in zip(part.itertuples(index=False), few, secret, strict=True):
            state = CellState.UNRELIABLE if is_few else CellState.SUPPRESSED if is_secret else CellState.SHOWN
            rows.append((survey, wave, score, rule.title, rule.unit, row.area, *_figures(row, rule, state), state.value))
    return [Table(SCORES, "Mean scores, where enough forms are scored", pd.DataFrame(rows, columns=_TOLD))]


def _figures(row: object, rule: MeanRules, state: CellState) -> tuple[float | None, float | None, float | None]:
    """Mean and interval as told, blank unless shown."""
    if state is not CellState.SHOWN:
        return None, None, None
    mean, low, high = (float(getattr(row, name)) for name in ("mean", "low", "high"))
    return (rounded(mean, rule.decimals), *outwards(low, high, rule.decimals))


def _hidden(tables: Sequence[Table]) -> set[tuple[str, str, str]]:
    """The areas of each survey and wave of which the number of answers to some question is hidden."""
    found: set[tuple[str, str, str]] = set()
    for table in tables:
        if table.is_count and set(table.dims) == {"area", "band"}:
            rows = table.frame[table.frame["band"].eq(ALL) & table.frame["state"].ne(CellState.SHOWN.value)]
            found |= set(rows[["survey", "wave", "area"]].astype(str).itertuples(index=False, name=None))
    return found
