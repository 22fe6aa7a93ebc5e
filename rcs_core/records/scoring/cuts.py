"""Cuts of a score, each with who answered and how many bands its table has: series that differ in these are no one series.

A cut that was not checked against the source it names may be scored for those who ask, and never leads a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.settings import fill


class Rater(StrEnum):
    """Who answered an instrument: the pupil about themselves, or a parent about the child."""

    SELF = "self"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a score begins to mean need, by scale: from so many points on (at_least), or down to so many (at_most)."""

    name: str
    rater: str
    bands: int
    verified: bool
    at_least: dict[str, int]
    at_most: dict[str, int]
    source: str
    date: str

    def __post_init__(self) -> None:
        if self.rater not in list(Rater):
            raise SettingsError("unknown rater", f"cut {self.name}", self.rater, ", ".join(Rater))
        if both := sorted(set(self.at_least) & set(self.at_most)):
            raise SettingsError("a scale is cut twice", f"cut {self.name}", ", ".join(both), "at_least or at_most, not both")

    @property
    def series(self) -> str:
        """Who answered, how many bands, and the cut: what must be the same for two figures to be compared."""
        return f"{self.rater}, {self.bands} bands, {self.name}"

    def raised(self, scale: str, score: pd.Series) -> pd.Series:
        """yes where the score is beyond the cut, no where it is not, blank where there is no score."""
        if scale not in self.at_least and scale not in self.at_most:
            known = ", ".join([*self.at_least, *self.at_most])
            raise SettingsError("the cut is not made for this scale", f"cut {self.name}", scale, known)
        points = score.to_numpy(dtype=np.float64, na_value=np.nan)
        beyond = points >= self.at_least[scale] if scale in self.at_least else points <= self.at_most[scale]
        said = np.where(np.isnan(points), "", np.where(beyond, "yes", "no"))
        return pd.Series(said, index=score.index, dtype="str")


def read_cuts(content: Mapping[str, dict[str, object]], where: str) -> dict[str, Cut]:
    """The cuts of one instrument by name."""
    return {name: fill(Cut, {"name": name, **about}, f"{where}, {name}") for name, about in content.items()}


def headline_cut(cuts: Mapping[str, Cut], name: str) -> Cut:
    """The cut that a headline may rest on; raises SettingsError for one that is unknown or was not verified."""
    allowed = ", ".join(cut.name for cut in cuts.values() if cut.verified)
    if name not in cuts or not cuts[name].verified:
        what = "this cut was not verified, so it may not lead" if name in cuts else "unknown cut"
        raise SettingsError(what, "scoring.yaml", name, allowed, "choose a verified cut, or check it against its source")
    return cuts[name]


def same_series(one: Cut, other: Cut) -> None:
    """Raises SettingsError when two cuts differ in rater, bands or name: their figures are not interchangeable."""
    if one.series != other.series:
        raise SettingsError(
            "these are different series, which cannot be set against each other",
            "SDQ",
            f"{one.series}; and {other.series}",
            "the same rater, bands and cut",
            "show each by itself",
        )
