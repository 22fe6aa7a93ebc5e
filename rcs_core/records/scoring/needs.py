"""How many needs a pupil has, of those that their survey asks: in all, by domain, and whether they are many.

A need is the answer that the catalogue says means need. The number from which they are many, and how many questions a
form must have answered, are an assumption of this workbench and stand in the contract.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.records.scoring.cells import among

MULTIPLE = "multiple_risks"
TOTAL = "needs_total"


@dataclass(frozen=True, slots=True)
class NeedsRules:
    """From how many needs on they are many, how many questions a form must have answered, and which do not count."""

    sensitive: bool
    left_out: list[str]
    multiple_from: int
    least_answered: dict[str, int]
    verified: bool
    source: str
    date: str

    def __post_init__(self) -> None:
        few = {survey: n for survey, n in self.least_answered.items() if n < self.multiple_from}
        if self.multiple_from < 1 or few:
            got = ", ".join(f"{survey} {n}" for survey, n in few.items()) or str(self.multiple_from)
            raise SettingsError("too few answers could ever be many needs", "scoring.yaml, needs", got, "multiple_from or more")

    def counted(self, needs: Iterable["Need"]) -> list["Need"]:
        """Those of the questions that count: never the count itself."""
        return [n for n in needs if n.indicator not in (MULTIPLE, *self.left_out) and (self.sensitive or not n.sensitive)]


@dataclass(frozen=True, slots=True)
class Need:
    """One question: its indicator, the answer that means need, its domain, and whether it is a sensitive topic."""

    indicator: str
    need_band: str
    domain: str
    sensitive: bool = False


def count_needs(frame: pd.DataFrame, survey: str, needs: list[Need], rules: NeedsRules) -> pd.DataFrame:
    """Needs of each form: `needs_total` and `needs_<domain>` (Int64), and `multiple_risks` (yes, no, blank).

    needs: the questions that the survey asks; those without a column were not collected and do not count. The total is
    missing where a form answered fewer than the contract's number of them; a question left out within that counts as no
    need. A domain's count is missing unless all its questions were answered. No columns at all where the survey has no
    number in the contract, or fewer questions were collected than it asks for.
    """
    here = [need for need in needs if need.indicator in frame.columns]
    least = rules.least_answered.get(survey)
    if least is None or len(here) < least:
        return pd.DataFrame(index=frame.index)
    need, answered = _needs(frame, here)
    total = np.where(answered.sum(axis=1) >= least, need.sum(axis=1), np.nan)
    made = {TOTAL: _whole(total, frame.index)}
    for domain in dict.fromkeys(n.domain for n in here):
        mine = np.array([n.domain == domain for n in here])
        count = np.where(answered[:, mine].all(axis=1), need[:, mine].sum(axis=1), np.nan)
        made[f"needs_{domain}"] = _whole(count, frame.index)
    many = np.where(np.isnan(total), "", np.where(total >= rules.multiple_from, "yes", "no"))
    return pd.DataFrame(made | {MULTIPLE: pd.Series(many, index=frame.index, dtype="str")})


def not_collected(frame: pd.DataFrame, needs: list[Need]) -> list[str]:
    """The questions of the survey that it did not bring."""
    return [need.indicator for need in needs if need.indicator not in frame.columns]


def _needs(frame: pd.DataFrame, needs: list[Need]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each form and question whether it is a need, and whether it was answered."""
    need = np.column_stack([among(frame[n.indicator], {n.need_band}) for n in needs])
    answered = np.column_stack([among(frame[n.indicator], {"yes", "no"}) for n in needs])
    return need, answered


def _whole(count: npt.NDArray[np.float64], index: pd.Index) -> pd.Series:
    return pd.Series(count, index=index).astype("Int64")
