"""Intervals for a weighted share and the rules that say whether it may be shown.

Everything works on arrays of shares at once; an interval that cannot be had is NaN, never of width zero.
References: Korn and Graubard (1998), *Survey Methodology* 24; NCHS Series 2 no. 175 (2017).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from rcs_core.records.estimate.rules import Rules

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
EDGE = 1e-12
"""A share this near to 0 or 1 is 0 or 1: what is left is rounding of sums."""


class Interval(NamedTuple):
    """The two ends of an interval, one pair a share."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Flagged:
    """What the NCHS rules say of each share: hide it, footnote its complement, let a statistician look."""

    suppress: Flags
    complement: Flags
    review: Flags


def clamp(share: Floats) -> Floats:
    """Shares within 1e-12 of 0 or 1 set to 0 or 1."""
    return np.where(share < EDGE, 0.0, np.where(share > 1 - EDGE, 1.0, share))


def is_edge(share: Floats) -> Flags:
    """Whether nobody, or everybody, gave the answer."""
    return np.asarray((share <= 0) | (share >= 1))


def t_value(df: Floats, confidence: float) -> Floats:
    """The two-sided t quantile; NaN where there are no degrees of freedom."""
    kinds, of_each = np.unique(np.where(df > 0, df, np.nan), return_inverse=True)
    return np.asarray(special.stdtrit(kinds, (1 + confidence) / 2), dtype=float)[of_each].reshape(np.shape(df))


def effective_n(share: Floats, variance: Floats) -> Floats:
    """How many simple random answers would be as steady: p(1-p)/V (NaN for shares of 0 and 1)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(is_edge(share), np.nan, share * (1 - share) / variance)


def t_adjusted(n_eff: Floats, n: Floats, df: Floats, confidence: float) -> Floats:
    """The effective n less what is lost to few degrees of freedom: times (t_{n-1} / t_df)^2; NaN without any."""
    return np.asarray(n_eff * (t_value(n - 1, confidence) / t_value(df, confidence)) ** 2)


def wald(estimate: Floats, se: Floats, df: Floats, confidence: float) -> Interval:
    """Estimate plus and minus t standard errors."""
    reach = t_value(df, confidence) * se
    return Interval(estimate - reach, estimate + reach)


def logit(share: Floats, variance: Floats, df: Floats, confidence: float) -> Interval:
    """A t interval on the logit scale; NaN for shares of 0 and 1."""
    inside = np.where(is_edge(share), np.nan, share)
    middle = np.log(inside / (1 - inside))
    reach = t_value(df, confidence) * np.sqrt(variance) / (inside * (1 - inside))
    return Interval(special.expit(middle - reach), special.expit(middle + reach))


def korn_graubard(share: Floats, n_eff: Floats, confidence: float) -> Interval:
    """The Clopper-Pearson interval with `n_eff` answers instead of n; one-sided beta limits at 0 and 1."""
    tail = (1 - confidence) / 2
    yes, no = n_eff * share, n_eff * (1 - share)
    known = np.isfinite(n_eff) & (n_eff > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(share <= 0, 0.0, special.betaincinv(yes, no + 1, tail))
        high = np.where(share >= 1, 1.0, special.betaincinv(yes + 1, no, 1 - tail))
    exact = np.isposinf(n_eff)
    low, high = np.where(exact, share, low), np.where(exact, share, high)
    return Interval(np.where(known | exact, low, np.nan), np.where(known | exact, high, np.nan))


def wilson(share: Floats, n_eff: Floats, df: Floats, confidence: float) -> Interval:
    """The Wilson score interval on the effective n, with the t quantile."""
    square = t_value(df, confidence) ** 2
    middle = (share + square / (2 * n_eff)) / (1 + square / n_eff)
    reach = np.sqrt(square * (share * (1 - share) / n_eff + square / (4 * n_eff**2))) / (1 + square / n_eff)
    return Interval(middle - reach, middle + reach)


def flag(share: Floats, n_eff: Floats, width: Floats, df: Floats, rules: Rules) -> Flagged:
    """Whether each share may be shown: effective n, then the width of its Korn-Graubard interval, then its relative width.

    width is taken as 0 for shares of 0 and 1, which are shown and marked for review.
    """
    edge = is_edge(share)
    width = np.where(edge, 0.0, width)
    few = ~(n_eff >= rules.min_effective_n)
    between = ~few & (width > rules.narrow_width) & (width < rules.wide_width)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative, other = width / share, width / (1 - share)
    suppress = few | (width >= rules.wide_width) | (between & (relative > rules.max_relative_width))
    complement = between & ~suppress & (other > rules.max_relative_width)
    return Flagged(suppress, complement, ~suppress & (edge | (df < rules.min_df)))


def display(share: Floats, variance: Floats, n_eff: Floats, df: Floats, edges: Interval, rules: Rules) -> Interval:
    """The interval that is published: logit in the middle, `edges` (Korn-Graubard) near 0 and 1 and for small effective n."""
    steady = n_eff * np.minimum(share, 1 - share) >= rules.min_effective_events
    middle = logit(share, variance, df, rules.confidence)
    return Interval(np.where(steady, middle.low, edges.low), np.where(steady, middle.high, edges.high))
