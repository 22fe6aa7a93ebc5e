"""How old each working file is, and until when it may be kept by the partnership's own retention."""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rcs_core.controller.policy import flow
from rcs_core.controller.statement import NOT_FILLED

OVER, NEAR, WITHIN = (
    "past its retention: delete it, or write down why not",
    "near the end of its retention",
    "within its retention",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One working file: the day it was last changed, its age in whole months, the last day it may be kept, and the verdict."""

    file: str
    file_date: str
    age_months: int
    until: str
    verdict: str

    @property
    def over(self) -> bool:
        """Whether it should have gone."""
        return self.verdict == OVER


def retention(tables: Sequence[Mapping[str, Any]], months: int | None, today: dt.date) -> list[Kept]:
    """The age of every working file of a check's `tables`; months: how long they may be kept, None where nobody said."""
    found = []
    for table in tables:
        day = dt.date.fromisoformat(str(table["file_date"]))
        age = max(0, (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day))
        until = _months_on(day, months) if months is not None else None
        told = (until.isoformat(), _verdict(until, today)) if until else (NOT_FILLED, f"retention {NOT_FILLED}")
        found.append(Kept(str(table["file"]), day.isoformat(), age, *told))
    return found


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _verdict(until: dt.date, today: dt.date) -> str:
    if today > until:
        return OVER
    return NEAR if (until - today).days <= flow().warn_days else WITHIN
