"""Two ways to carry a history on: flat, and a trend that fades. Each with how far it may miss, year by year ahead.

Both work on the logarithm, so that a change is a share of what there is and no range falls under nought. Both start from the
latest count, since a plan starts from what is there. What they take demand to be is a level that wanders: each year's
change is chance around none (flat) or around a steady drift (trend), so the range widens with the years ahead.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy import special

from rcs_core.vocab import Label
from rcs_core.workshop.demand.units import assumed

Numbers = NDArray[np.float64]


class Method(Label):
    """How demand is carried on."""

    FLAT = "flat", "flat at its latest year"
    TREND = "trend", "a trend that fades"
    STOCK_AND_FLOW = "stock_and_flow", "stock and flow"


@dataclass(frozen=True, slots=True)
class Line:
    """A history carried on: the likely figures, the spread of what each may miss by (on the logarithm), and its freedom.

    freedom: how many changes the spread was worked out from, less what was fitted; none where it cannot be.
    """

    likely: Numbers
    spread: Numbers
    freedom: int

    def range(self, share: float) -> tuple[Numbers, Numbers]:
        """The range that holds the demand to come in this share of cases (Student's t, since few changes were seen)."""
        factor = np.exp(float(special.stdtrit(self.freedom, 0.5 + share / 2)) * self.spread)
        return self.likely / factor, self.likely * factor


def flat(values: Sequence[float], horizon: int) -> Line:
    """The latest figure, year after year. The spread of a year's change is that of all changes seen, around none."""
    ahead = np.arange(1, horizon + 1, dtype=float)
    likely = np.full(horizon, float(values[-1]))
    changes = _changes(values)
    if not len(changes):
        return Line(likely, np.zeros(horizon), 0)
    return Line(likely, np.sqrt(np.mean(changes**2) * ahead), len(changes))


def trend(values: Sequence[float], horizon: int) -> Line:
    """The latest figure moved by the usual yearly change, which fades.

    The change is the median of the changes a year between all pairs of years (Theil 1950, Sen 1968): one odd year of five does
    not move it. It fades by `damping` a year (Gardner and McKenzie 1985), as few trends go on for ever.
    """
    ahead = np.arange(1, horizon + 1, dtype=float)
    changes = _changes(values)
    slope, steps = slope_of(values), worth(horizon)
    freedom = len(changes) - 1
    if freedom < 1:
        return Line(values[-1] * np.exp(slope * steps), np.zeros(horizon), 0)
    variance = float(np.sum((changes - slope) ** 2)) / freedom
    of_slope = assumed("slope_spread") / len(changes)
    return Line(values[-1] * np.exp(slope * steps), np.sqrt(variance * (ahead + of_slope * steps**2)), freedom)


def slope_of(values: Sequence[float]) -> float:
    """The median yearly change of the logarithm over all pairs of years; nought of one year."""
    logs = [math.log(v) for v in values]
    slopes = [(logs[j] - logs[i]) / (j - i) for i, j in combinations(range(len(logs)), 2)]
    return median(slopes) if slopes else 0.0


def worth(horizon: int) -> Numbers:
    """How many full years of change a fading trend has made, by year ahead: damping + damping^2 + ..."""
    return np.cumsum(assumed("damping") ** np.arange(1, horizon + 1, dtype=float))


def _changes(values: Sequence[float]) -> Numbers:
    """The changes from year to year, on the logarithm."""
    return np.diff(np.log(np.asarray(values, dtype=float)))
