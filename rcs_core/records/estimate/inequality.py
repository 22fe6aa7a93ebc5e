"""How unequal is need? Gap, ratio, slope and relative index over the deprivation fifths, with intervals.

Each measure is a function of the five shares with need, whose covariance under variance (b) is known, so its variance
follows from its slopes (delta method). Pupils of no known fifth are left out. The relative index is the slope index
divided by the mean, the form of Scotland's *Long-term Monitoring of Health Inequalities* (technical notes).
"""

import numpy as np

from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.by_school import Reading
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import Floats

MEASURES = ("gap", "ratio", "slope_index", "relative_index")
Row = tuple[str, float, float, float]
_LEAST_SHARE = 1e-9


def slope_weights(base: Floats) -> Floats:
    """What the slope index multiplies each fifth's share by: a weighted regression on ridit ranks.

    base: the children of each fifth, most deprived first. The rank runs from 0 (least deprived) to 1 (most), each fifth
    at the middle of its children, so the slope is the modelled difference between the two ends, in shares.
    """
    part = base / base.sum()
    rank = 1 - (np.cumsum(part) - part / 2)
    apart = rank - part @ rank
    return np.asarray(part * apart / (part @ apart**2))


def inequality(reading: Reading, rules: Rules) -> list[Row]:
    """One row a measure: its name, value, low, high. gap and slope_index in shares; ratio and relative_index are plain numbers.

    NaN where a fifth has no answers, a ratio's share is 0, or there are no degrees of freedom.
    """
    share, base = reading.fifth, reading.fifth_base
    if not np.all(base > 0):
        return [(name, np.nan, np.nan, np.nan) for name in MEASURES]
    covariance = reading.fifth_spread.T @ reading.fifth_spread
    t = float(intervals.t_value(np.array(reading.df), rules.confidence))
    part, line = base / base.sum(), slope_weights(base)
    ends, mean, slope = np.array([1.0, 0, 0, 0, -1.0]), float(part @ share), float(line @ share)
    rows = [_plain("gap", float(ends @ share), ends, covariance, t, 1.0), _ratio(share, covariance, t)]
    rows.append(_plain("slope_index", slope, line, covariance, t, np.inf))
    if mean > _LEAST_SHARE:
        relative = line / mean - slope / mean**2 * part
        rows.append(_plain("relative_index", slope / mean, relative, covariance, t, np.inf))
    else:
        rows.append(("relative_index", np.nan, np.nan, np.nan))
    return rows


def _plain(name: str, value: float, slopes: Floats, covariance: Floats, t: float, most: float) -> Row:
    reach = t * float(np.sqrt(slopes @ covariance @ slopes))
    known = value if np.isfinite(reach) else np.nan
    return name, known, max(known - reach, -most), min(known + reach, most)


def _ratio(share: Floats, covariance: Floats, t: float) -> Row:
    """Share of the most deprived fifth over that of the least, its interval on the log scale."""
    first, last = share[0], share[-1]
    if min(first, last) <= _LEAST_SHARE:
        return "ratio", np.nan, np.nan, np.nan
    slopes = np.array([1 / first, 0, 0, 0, -1 / last])
    reach = t * float(np.sqrt(slopes @ covariance @ slopes))
    value = first / last if np.isfinite(reach) else np.nan
    return "ratio", value, value * np.exp(-reach), value * np.exp(reach)
