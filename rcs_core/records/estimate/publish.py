"""What is said of a share: whole per cent, an interval rounded outwards, and whether it is steady enough to show."""

import numpy as np
import pandas as pd

from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import Shares

LABELS = ("survey", "wave", "indicator")
BANDS = ("ALL", "yes", "no")
SAID = ["pct", "pct_low", "pct_high", "pct_state"]


def published(found: Shares, rules: Rules, nchs: bool = False) -> pd.DataFrame:
    """One row a share: pct, pct_low, pct_high (blank when unreliable), pct_state, n_eff, complement, review.

    For shares of 0 and 1 the effective n is (n - 1)/(1 - f), with f the answers' part of those they stand for; where
    everybody answered, one child stays unknown, so that no interval has width zero. nchs: for random samples; the
    effective n of shares of 0 and 1 is n, and no effective n is more than n once adjusted for its degrees of freedom.
    """
    n = found.yes + found.no
    with np.errstate(divide="ignore", invalid="ignore"):
        at_edge = n if nchs else (n - 1) / np.maximum(1 - n / found.base, 1 / found.base)
    n_eff = np.where(intervals.is_edge(found.share), at_edge, intervals.effective_n(found.share, found.variance))
    adjusted = intervals.t_adjusted(n_eff, n, found.df, rules.confidence)
    edges = intervals.korn_graubard(found.share, np.minimum(adjusted, n) if nchs else adjusted, rules.confidence)
    low, high = intervals.display(found.share, found.variance, n_eff, found.df, edges, rules)
    flags = intervals.flag(found.share, n_eff, edges.high - edges.low, found.df, rules)
    known = np.isfinite(low) & np.isfinite(high) & ~flags.suppress
    return pd.DataFrame(
        {
            "pct": np.where(known, np.round(100 * found.share), np.nan),
            "pct_low": np.where(known, np.floor(100 * low + 1e-9), np.nan),
            "pct_high": np.where(known, np.ceil(100 * high - 1e-9), np.nan),
            "pct_state": np.where(known, "shown", "unreliable"),
            "n_eff": n_eff,
            "complement": flags.complement,
            "review": flags.review,
        }
    )


def band_rows(groups: pd.DataFrame, dims: list[str]) -> pd.DataFrame:
    """Three rows (ALL, yes, no) for each group of a table; the share stands on the yes row.

    groups: the labels, the dimensions but `band`, yes, no and the columns of `published`, a row a group.
    """
    counts = groups[["yes", "no"]].to_numpy(dtype=float)
    frame = groups.loc[groups.index.repeat(len(BANDS)), [*LABELS, *dims]].reset_index(drop=True)
    frame["band"] = np.tile(BANDS, len(groups))
    frame["n"] = pd.array(np.column_stack([counts.sum(axis=1), counts]).ravel().astype(int), dtype="Int64")
    frame["state"] = "shown"
    on_yes = np.tile([band == "yes" for band in BANDS], len(groups))
    for column in SAID:
        values = groups[column].repeat(len(BANDS)).to_numpy()
        frame[column] = np.where(on_yes, values, "" if column == "pct_state" else np.nan)
    return frame
