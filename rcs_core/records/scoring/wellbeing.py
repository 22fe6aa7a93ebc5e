"""Scores the Warwick-Edinburgh scale, fourteen items or seven, from item codes; complete forms only.

The fourteen-item score is a plain sum. The seven-item sum is turned into an interval scale by a conversion table that
belongs to the contract: without it the form is refused, because a raw sum would look like a score.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.records.scoring.cells import numbers

LONG, SHORT = "wemwbs", "swemwbs"


@dataclass(frozen=True, slots=True)
class WellbeingRules:
    """Items and their codes, and the table from their sum to the score (empty: the sum is the score)."""

    prefix: str
    items: int
    lowest: int
    highest: int
    conversion: dict[int, float]
    source: str
    date: str

    def __post_init__(self) -> None:
        sums = list(range(self.items * self.lowest, self.items * self.highest + 1))
        scores = [self.conversion[s] for s in sums if s in self.conversion]
        if self.conversion and (sorted(self.conversion) != sums or not all(np.diff(scores) > 0)):
            expected = f"one score for each sum from {sums[0]} to {sums[-1]}, rising"
            raise SettingsError("the conversion table is not whole", f"scoring.yaml, {self.prefix}", str(len(scores)), expected)

    @property
    def columns(self) -> list[str]:
        """The item columns, wemwbs_01 and on."""
        return [f"{self.prefix}_{item:02d}" for item in range(1, self.items + 1)]


def score_wellbeing(answers: pd.DataFrame, rules: WellbeingRules) -> pd.Series:
    """The score of each form (float64), missing where any item is blank or no code of the scale.

    Raises SettingsError for the seven-item form when the contract holds no conversion table.
    """
    if rules.prefix == SHORT and not rules.conversion:
        raise SettingsError(
            "the seven-item form cannot be scored without its conversion table",
            f"scoring.yaml, {SHORT}, conversion",
            "no table",
            "the score for each sum from 7 to 35",
            "copy the owner's table into the contract with its source, or use the fourteen-item form",
        )
    points = np.column_stack([_codes(answers[column], rules) for column in rules.columns])
    total = points.sum(axis=1)
    if rules.conversion:
        table = np.array([rules.conversion[s] for s in sorted(rules.conversion)])
        place = np.nan_to_num(total - min(rules.conversion)).astype(np.int64)
        total = np.where(np.isnan(total), np.nan, table[place])
    return pd.Series(total, index=answers.index, name=f"{rules.prefix}_score")


def _codes(cells: pd.Series, rules: WellbeingRules) -> npt.NDArray[np.float64]:
    codes = numbers(cells)
    with np.errstate(invalid="ignore"):
        known = (codes >= rules.lowest) & (codes <= rules.highest) & (codes == np.round(codes))
    return np.where(known, codes, np.nan)
