"""Scores the Strengths and Difficulties self-report from item codes: five scales, the total of difficulties, and the cuts.

In: 25 item columns coded 0, 1, 2 or blank. Out: a score for each scale, the total, and whether each is raised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.records.scoring.cells import numbers
from rcs_core.records.scoring.cuts import Cut, headline_cut

TOP_CODE = 2
BANDS = ("close_to_average", "borderline", "abnormal")
"""The three bands of a parent's total, from the bottom."""


class MissingRule(StrEnum):
    """What a blank item does: the form has no total, or its scale is prorated from the items that are there."""

    COMPLETE_CASES = "complete_cases"
    PRORATE = "prorate"


@dataclass(frozen=True, slots=True)
class SdqRules:
    """Items (count), reversed items and scales (item numbers), the cuts (points) and the rule for missing items."""

    rater: str
    items: int
    reversed: list[int]
    scales: dict[str, list[int]]
    total_of: list[str]
    missing_rule: str
    prorate_least: int
    headline: str
    cuts: dict[str, Cut]
    source: str
    date: str

    def __post_init__(self) -> None:
        if self.missing_rule not in list(MissingRule):
            raise SettingsError("unknown rule for missing items", "missing_rule", self.missing_rule, ", ".join(MissingRule))
        headline_cut(self.cuts, self.headline)

    @property
    def columns(self) -> list[str]:
        """The item columns, sdq_01 and on."""
        return [f"sdq_{item:02d}" for item in range(1, self.items + 1)]

    @property
    def raised(self) -> Cut:
        """The cut that `sdq_raised` rests on."""
        return headline_cut(self.cuts, self.headline)


def score_sdq(answers: pd.DataFrame, rules: SdqRules) -> pd.DataFrame:
    """Scores of each form: a column for each scale (Int64, 0 to 10), `sdq_total` (Int64, 0 to 40), and whether it is raised.

    `sdq_raised` is of the total, `sdq_<scale>_raised` of a scale (yes, no, blank). A score that cannot be made is missing.
    Complete cases: every item of the scale is needed. Prorate: at least `prorate_least` of them, and the score is their
    mean times the scale's items, a half rounded up.
    """
    points = _points(answers, rules)
    scales = {name: _scale(points[:, np.array(items) - 1], rules) for name, items in rules.scales.items()}
    total = np.sum([scales[name] for name in rules.total_of], axis=0)
    scored = {f"sdq_{name}": _whole(score, answers.index) for name, score in scales.items()}
    scored["sdq_total"] = _whole(total, answers.index)
    raised = {"sdq_raised": rules.raised.raised("total", scored["sdq_total"])}
    raised |= {f"sdq_{name}_raised": rules.raised.raised(name, scored[f"sdq_{name}"]) for name in rules.scales}
    return pd.DataFrame(scored | raised)


def sdq_band(total: pd.Series, cuts: Mapping[str, Cut]) -> pd.Series:
    """The band of a parent's total: close_to_average, borderline or abnormal; blank where there is no total."""
    borderline, abnormal = (cuts[name].raised("total", total) for name in BANDS[1:])
    said = np.select([borderline.eq(""), abnormal.eq("yes"), borderline.eq("yes")], ["", BANDS[2], BANDS[1]], BANDS[0])
    return pd.Series(said, index=total.index, dtype="str")


def _points(answers: pd.DataFrame, rules: SdqRules) -> npt.NDArray[np.float64]:
    codes = np.column_stack([numbers(answers[column]) for column in rules.columns])
    points = np.where(np.isin(codes, np.arange(TOP_CODE + 1)), codes, np.nan)
    turned = np.array(rules.reversed) - 1
    points[:, turned] = reverse(points[:, turned])
    return points


def reverse(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Codes turned round: 0 becomes 2 and 2 becomes 0."""
    return TOP_CODE - points


def _scale(points: npt.NDArray[np.float64], rules: SdqRules) -> npt.NDArray[np.float64]:
    size = points.shape[1]
    answered = (~np.isnan(points)).sum(axis=1)
    least = size if rules.missing_rule == MissingRule.COMPLETE_CASES else rules.prorate_least
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.floor(np.nansum(points, axis=1) * size / answered + 0.5)
    return np.where(answered >= least, score, np.nan)


def _whole(score: npt.NDArray[np.float64], index: pd.Index) -> pd.Series:
    return pd.Series(score, index=index).astype("Int64")
