"""Whether a text is a date on which a pupil can have been born, in the many ways in which dates are written.

In: a cell as text. Out: the year of the date it is, or nothing. A spreadsheet's serial number (41762 is 3 May 2014) looks
like any other number, so it counts only where a whole column of them would be dates of birth.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

MONTHS = {
    name: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DAY, YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4}|['’]?\d{2})"
TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| ?[ap]m)?)?"
FORMS = [
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){TIME}",
    rf"(?P<day>\d{{1,2}}) ?[-/. ] ?(?P<month>\d{{1,2}}) ?[-/. ] ?{YEAR}{TIME}",
    rf"{DAY}[ \-/.]*(?:of )?{MONTH}[ \-/.,]*{YEAR}{TIME}",
    rf"{MONTH}[ \-/.]*{DAY}[ \-/.,]*{YEAR}{TIME}",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})",
]
WHOLE = [re.compile(form, re.IGNORECASE) for form in FORMS]
BORN = re.compile(
    r"\b(?:born|d\.?o\.?b|date of birth|birth ?date|birthday)\b\.?\W{0,3}(?:(?:is|was|on)\b\W{0,2})?(.{6,24})", re.IGNORECASE
)
SERIAL_ZERO = dt.date(1899, 12, 30)
MANY = 10
"""Distinct serial numbers from which on a column with no word of dates in its header is taken for one of dates."""
DATE_WORDS = frozenset({"date", "day", "birth", "born", "dt", "d"})


def birth_year(text: str) -> int | None:
    """The year of the date that the whole text is, or nothing."""
    for form in WHOLE:
        if (parts := form.fullmatch(text)) and (year := _year(parts)) is not None:
            return year
    return None


def birth_years_within(text: str) -> Iterator[int]:
    """The years of dates that follow a word of birth in a longer text."""
    for hit in BORN.finditer(text):
        words = hit[1]
        ends = [len(words), *(place for place in range(len(words) - 1, 5, -1) if not words[place].isalnum())]
        found = (birth_year(words[:end].rstrip(" .,;)")) for end in ends)
        yield from [year for year in found if year is not None][:1]


def _year(parts: re.Match[str]) -> int | None:
    told = parts.groupdict()
    year = int(told["year"].strip("'’"))
    year += 2000 if len(told["year"].strip("'’")) == 2 else 0
    month = MONTHS[told["name"][:3].casefold()] if told.get("name") else int(told["month"])
    try:
        return dt.date(year, month, int(told["day"])).year
    except ValueError:
        return None


def are_serials(values: Sequence[str], header: str, years: range) -> bool:
    """Whether all filled values of a column are serial numbers of days in those years."""
    filled = {value for value in values if value}
    if not filled or not all(value.isascii() and value.isdigit() and len(value) == 5 for value in filled):
        return False
    first, last = (dt.date(year, 1, 1) - SERIAL_ZERO for year in (years.start, years.stop))
    told = not DATE_WORDS.isdisjoint(header.split("_")) or len(filled) >= MANY
    return told and all(first.days <= int(value) < last.days for value in filled)
