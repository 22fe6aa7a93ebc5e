"""When a score may be told as the mean of a group, and to how many decimals."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class MeanRules:
    """One score that is told as a mean: its title and unit, the decimals, and the scored forms that a mean needs."""

    title: str
    unit: str
    decimals: int
    least_forms: int
    source: str
    date: str


def group_mean(scores: pd.Series, rules: MeanRules, weights: pd.Series | None = None) -> float | None:
    """The mean of a group to the contract's decimals; None when fewer forms are scored than a mean needs."""
    scored = scores.notna()
    if int(scored.sum()) < rules.least_forms:
        return None
    values = scores[scored].to_numpy(dtype=np.float64)
    shares = np.ones(len(values)) if weights is None else weights[scored].to_numpy(dtype=np.float64)
    return rounded(float(values @ shares / shares.sum()), rules.decimals)


def rounded(value: float, decimals: int) -> float:
    """A figure to so many decimals, a half away from nought, as a reader rounds."""
    return _to(value, decimals, ROUND_HALF_UP)


def outwards(low: float, high: float, decimals: int) -> tuple[float, float]:
    """An interval to so many decimals, its lower end down and its upper end up."""
    return _to(low, decimals, ROUND_FLOOR), _to(high, decimals, ROUND_CEILING)


def _to(value: float, decimals: int, how: str) -> float:
    return float(Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), how))
