"""Financial years as ledgers write them: 2025/26, 2025-26, FY26, 25/26, April 2025 - March 2026.

In: a header, a title or a cell. Out: the years that it names, as 2025-26, each with whether the text could mean another year.
"""

import re
from dataclasses import dataclass

_CENTURY = 2000
_LAST = 60
"""Two digits up to this one are of this century."""
_MONTHS = r"(?:\d{1,2}(?:st)?\s+)?(?:\d{1,2}[./])?(?:apr(?:il)?|0?4)[\s./,-]*"
_ENDS = r"(?:\d{1,2}(?:st)?\s+)?(?:\d{1,2}[./])?(?:mar(?:ch)?|0?3)[\s./,-]*"
_SPELT = re.compile(rf"(?<!\w){_MONTHS}(20\d\d|\d\d)\s*(?:-|–|to|until)\s*{_ENDS}(20\d\d|\d\d)(?!\d)", re.IGNORECASE)
_PAIR = re.compile(r"(?<![\d.,])(?:FY\s*)?(20\d\d|\d\d)\s*[/\-–_]\s*(20\d\d|\d\d)(?![\d.,/\-–])", re.IGNORECASE)
_ENDING = re.compile(r"(?:year|period)\s+(?:ended|ending|to)\s+31(?:st)?\s+mar(?:ch)?\s+(20\d\d)", re.IGNORECASE)
_SHORT = re.compile(r"\bFY\s*'?(20\d\d|\d\d)\b(?!\s*[/\-–_]\s*\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year (2025-26) as a text names it; sure is False where the text could mean the year before or after."""

    year: str
    said: str
    sure: bool = True


def years_in(text: str) -> list[Year]:
    """The financial years that a text names, each once, in the order of the text.

    FY26 is read as the year that ends in 2026, as most finance systems mean it, and is not sure: some mean the year's start.
    """
    found: list[tuple[int, Year]] = []
    for form in (_SPELT, _PAIR):
        for hit in form.finditer(text):
            if year := _pair(hit[1], hit[2]):
                found.append((hit.start(), Year(year, hit[0].strip())))
    found += [(hit.start(), Year(_of(int(hit[1]) - 1), hit[0])) for hit in _ENDING.finditer(text)]
    found += [(hit.start(), Year(_of(_whole(hit[1]) - 1), hit[0], False)) for hit in _SHORT.finditer(text)]
    return list({year.year: year for _, year in sorted(found, key=lambda one: (one[0], one[1].sure))}.values())


def financial_year(text: str) -> str:
    """The one financial year that a text names, as 2025-26; nothing where it names none or several."""
    found = years_in(text)
    return found[0].year if len(found) == 1 else ""


def _pair(first: str, second: str) -> str:
    start, end = _whole(first), _whole(second)
    return _of(start) if end == start + 1 else ""


def _whole(digits: str) -> int:
    number = int(digits)
    return number if len(digits) == 4 else number + (_CENTURY if number <= _LAST else _CENTURY - 100)


def _of(start: int) -> str:
    return f"{start}-{(start + 1) % 100:02d}"
