"""Scores the Strengths and Difficulties self-report from item codes, by the rules of `data_contracts/scoring.yaml`.

In: 25 item columns coded 0, 1, 2 or blank. Out: a score for each scale, the total of difficulties and whether it is raised.
No item wording is known here: the instrument is copyrighted.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

TOP_CODE = 2


class MissingRule(StrEnum):
    """What a blank item does: the form has no total, or its scale is prorated from the items that are there."""

    COMPLETE_CASES = "complete_cases"
    PRORATE = "prorate"


@dataclass(frozen=True, slots=True)
class SdqRules:
    """Items (count), reversed items and scales (item numbers), the cut (points) and the rule for missing items."""

    items: int
    reversed: list[int]
    scales: dict[str, list[int]]
    total_of: list[str]
    raised_from: int
    missing_rule: str
    prorate_least: int
    source: str
    date: str

    def __post_init__(self) -> None:
        if self.missing_rule not in list(MissingRule):
            raise SettingsError("unknown rule for missing items", "missing_rule", self.missing_rule, ", ".join(MissingRule))

    @property
    def columns(self) -> list[str]:
        """The item columns, sdq_01 and on."""
        return [f"sdq_{item:02d}" for item in range(1, self.items + 1)]


def sdq_rules() -> SdqRules:
    """The scoring rules of the self-report, from `data_contracts/scoring.yaml`."""
    path = CONTRACTS / "scoring.yaml"
    content = read_yaml(path)
    if unknown := sorted(set(content) - {"sdq_self_report"}):
        raise SettingsError("unknown setting", path.name, ", ".join(unknown), "sdq_self_report")
    return fill(SdqRules, content.get("sdq_self_report") or {}, path.name)


def score_sdq(answers: pd.DataFrame, rules: SdqRules) -> pd.DataFrame:
    """Scores of each form: a column for each scale (Int64, 0 to 10), `sdq_total` (Int64, 0 to 40), `sdq_raised` (yes, no, blank).

    A score that cannot be made is missing. Complete cases: every item of the scale is needed. Prorate: at least
    `prorate_least` of them, and the score is their mean times the scale's items, a half rounded up.
    """
    points = _points(answers, rules)
    scales = {name: _scale(points[:, np.array(items) - 1], rules) for name, items in rules.scales.items()}
    total = np.sum([scales[name] for name in rules.total_of], axis=0)
    raised = np.where(np.isnan(total), "", np.where(total >= rules.raised_from, "yes", "no"))
    scored = {f"sdq_{name}": _whole(score, answers.index) for name, score in scales.items()}
    scored["sdq_total"] = _whole(total, answers.index)
    return pd.DataFrame(scored | {"sdq_raised": pd.Series(raised, index=answers.index, dtype="str")})


def _points(answers: pd.DataFrame, rules: SdqRules) -> npt.NDArray[np.float64]:
    points = np.column_stack([pd.to_numeric(answers[c], errors="coerce").to_numpy(dtype=np.float64) for c in rules.columns])
    turned = np.array(rules.reversed) - 1
    points[:, turned] = TOP_CODE - points[:, turned]
    return points


def _scale(points: npt.NDArray[np.float64], rules: SdqRules) -> npt.NDArray[np.float64]:
    size = points.shape[1]
    answered = (~np.isnan(points)).sum(axis=1)
    least = size if rules.missing_rule == MissingRule.COMPLETE_CASES else rules.prorate_least
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.floor(np.nansum(points, axis=1) * size / answered + 0.5)
    return np.where(answered >= least, score, np.nan)


def _whole(score: npt.NDArray[np.float64], index: pd.Index) -> pd.Series:
    return pd.Series(score, index=index).astype("Int64")
