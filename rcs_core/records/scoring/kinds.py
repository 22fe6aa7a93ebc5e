"""The kinds of rule that make one answer out of others: each a small frozen setting that can be applied to a survey.

Answers are text: yes, no, prefer_not_to_say, or blank for missing. A rule over several answers speaks only where all of
them were given: were one answer allowed to decide alone, forms with gaps would count on one side only. A form that
preferred not to say any of them prefers not to say what is made of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.records.scoring.cells import numbers
from rcs_core.records.scoring.cuts import Cut
from rcs_core.records.scoring.states import as_text
from rcs_core.settings import fill
from rcs_core.vocab import AnswerState

DECLINED = AnswerState.PREFER_NOT_TO_SAY.value
DAY = 24 * 60
TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::00)?$")


@dataclass(frozen=True, slots=True)
class Made:
    """What a rule made of each form, and how many forms it had to leave blank although they held something."""

    values: pd.Series
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class AllYes:
    """Yes where every one of the answers is yes, no where at least one is no."""

    columns: list[str]

    def apply(self, frame: pd.DataFrame) -> Made:
        """Make the answer of each form."""
        return _over(frame, self.columns, lambda yes: yes.all(axis=1))


@dataclass(frozen=True, slots=True)
class AnyYes:
    """Yes where at least one of the answers is yes, no where every one is no."""

    columns: list[str]

    def apply(self, frame: pd.DataFrame) -> Made:
        """Make the answer of each form."""
        return _over(frame, self.columns, lambda yes: yes.any(axis=1))


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Yes where a number reaches `least` (in `unit`), no where it does not."""

    column: str
    least: float
    unit: str

    @property
    def columns(self) -> list[str]:
        """The column that the rule reads."""
        return [self.column]

    def apply(self, frame: pd.DataFrame) -> Made:
        """Make the answer of each form."""
        found, unusable = _numbers(frame[self.column])
        said = np.where(np.isnan(found), "", np.where(found >= self.least, "yes", "no"))
        return Made(_text(said, frame[self.column]), unusable)


@dataclass(frozen=True, slots=True)
class Recode:
    """Yes for some codes of a column and no for others; any other code is left blank and counted."""

    column: str
    yes: list[str]
    no: list[str]

    def __post_init__(self) -> None:
        if both := sorted(set(self.yes) & set(self.no)):
            raise SettingsError("a code means yes and no", f"scoring.yaml, {self.column}", ", ".join(both), "each code once")

    @property
    def columns(self) -> list[str]:
        """The column that the rule reads."""
        return [self.column]

    def apply(self, frame: pd.DataFrame) -> Made:
        """Make the answer of each form."""
        cells = as_text(frame[self.column])
        means = dict.fromkeys(self.yes, "yes") | dict.fromkeys(self.no, "no") | {DECLINED: DECLINED, "": ""}
        said = cells.map(means)
        return Made(_text(said.fillna("").to_numpy(), cells), int(said.isna().sum()))


@dataclass(frozen=True, slots=True)
class HoursBetween:
    """The mean hours from one time of day to the next, over the nights given; past midnight is the next day.

    nights: pairs of columns (bed, wake) with times as hh:mm. A night under `least` or over `most` hours is implausible:
    the form is left blank and counted.
    """

    nights: list[list[str]]
    least: float
    most: float

    def __post_init__(self) -> None:
        if not self.nights or any(len(night) != 2 for night in self.nights):
            raise SettingsError("a night is two columns", "scoring.yaml, hours_between", str(self.nights), "[[bed, wake]]")

    @property
    def columns(self) -> list[str]:
        """The columns that the rule reads."""
        return [column for night in self.nights for column in night]

    def apply(self, frame: pd.DataFrame) -> Made:
        """Make the hours of each form (float64)."""
        hours = np.column_stack([(minutes(frame[wake]) - minutes(frame[bed])) % DAY / 60 for bed, wake in self.nights])
        with np.errstate(invalid="ignore"):
            sane = ((hours >= self.least) & (hours <= self.most)).all(axis=1)
        given = np.column_stack([_given(frame[c]) for c in self.columns]).all(axis=1)
        mean = np.where(sane, hours.mean(axis=1), np.nan)
        return Made(pd.Series(mean, index=frame.index, dtype="float64"), int((given & ~sane).sum()))


@dataclass(frozen=True, slots=True)
class AboveCut:
    """Yes where a total is beyond a cut of its instrument, no where it is not."""

    column: str
    cut: Cut

    @property
    def columns(self) -> list[str]:
        """The column that the rule reads."""
        return [self.column]

    def apply(self, frame: pd.DataFrame) -> Made:
        """Make the answer of each form."""
        found, unusable = _numbers(frame[self.column])
        raised = self.cut.raised("total", pd.Series(found, index=frame.index))
        return Made(_text(raised.to_numpy(), frame[self.column]), unusable)


type Kind = AllYes | AnyYes | AtLeast | Recode | HoursBetween | AboveCut

_KINDS: dict[str, type[Kind]] = {
    "all_yes": AllYes,
    "any_yes": AnyYes,
    "at_least": AtLeast,
    "recode": Recode,
    "hours_between": HoursBetween,
    "above_cut": AboveCut,
}


def read_kind(content: Mapping[str, object], cuts: Mapping[str, Cut], where: str) -> Kind:
    """One rule from its lines in the contract; raises SettingsError for an unknown kind or key."""
    settings = dict(content)
    kind = str(settings.pop("kind", ""))
    if kind not in _KINDS:
        raise SettingsError("unknown kind of rule", where, kind, ", ".join(_KINDS))
    if kind == "above_cut":
        name = str(settings.get("cut", ""))
        if name not in cuts:
            raise SettingsError("unknown cut", where, name, ", ".join(cuts))
        settings["cut"] = cuts[name]
    return fill(_KINDS[kind], settings, where)


def minutes(times: pd.Series) -> npt.NDArray[np.float64]:
    """Minutes after midnight of times as hh:mm (24 hours); not a number where there is no such time."""
    codes, values = pd.factorize(as_text(times))
    return np.array([_minutes(str(v)) for v in values], dtype=np.float64)[codes] if len(times) else np.empty(0)


def _minutes(time: str) -> float:
    found = TIME.match(time.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return float("nan")
    return 60 * int(found[1]) + int(found[2])


type Deciding = Callable[[npt.NDArray[np.bool_]], npt.NDArray[np.bool_]]


def _over(frame: pd.DataFrame, columns: list[str], decide: Deciding) -> Made:
    cells = [as_text(frame[column]) for column in columns]
    yes, no, declined = (np.column_stack([c.eq(said).to_numpy() for c in cells]) for said in ("yes", "no", DECLINED))
    said = np.where((yes | no).all(axis=1), np.where(decide(yes), "yes", "no"), np.where(declined.any(axis=1), DECLINED, ""))
    return Made(pd.Series(said, index=frame.index, dtype="str"))


def _numbers(cells: pd.Series) -> tuple[npt.NDArray[np.float64], int]:
    """The cells as numbers, and how many hold something that is none."""
    found = numbers(cells)
    return found, int((np.isnan(found) & _given(cells)).sum())


def _given(cells: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether a cell holds an answer: neither blank nor declined."""
    said = as_text(cells)
    return (said.ne("") & said.ne(DECLINED)).to_numpy(dtype=bool)


def _text(said: npt.NDArray[np.generic], cells: pd.Series) -> pd.Series:
    """The answers as text, declined where the cell is."""
    declined = as_text(cells).eq(DECLINED).to_numpy()
    return pd.Series(np.where(declined, DECLINED, said.astype(str)), index=cells.index, dtype="str")
