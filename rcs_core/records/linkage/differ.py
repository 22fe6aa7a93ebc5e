"""Who did not link, and how they differ: what unlinked forms answer, set against linked ones.

The difference of two shares has Newcombe's interval from two Wilson intervals (Statistics in Medicine 17, 1998, method 10),
which holds for small groups and shares near 0 and 1. Forms are counted as they came, unweighted.
"""

from dataclasses import replace
from math import hypot, sqrt

import pandas as pd

from rcs_core.contracts import CheckReport
from rcs_core.records.ingest import ingest
from rcs_core.records.link import NOT_IN_CENSUS, Linked, asked_by
from rcs_core.records.linkage.rates import Section, pupil_surveys, said
from rcs_core.vocab import Survey

_Z = 1.959964
_COLUMNS = [
    "survey",
    "indicator",
    "answers linked",
    "yes linked",
    "answers unlinked",
    "yes unlinked",
    "difference",
    "95% interval",
]
_NOTE = "Difference in points: unlinked less linked. Blank where a count is small. Many lines: one in twenty differs by chance."


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share."""
    p, extra = part / whole, _Z * _Z / whole
    middle, half = (p + extra / 2) / (1 + extra), _Z * sqrt(p * (1 - p) / whole + extra / (4 * whole)) / (1 + extra)
    return middle - half, middle + half


def difference(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float, float]:
    """The difference of two shares (part, whole), first less second, with its 95% interval by Newcombe's method 10."""
    p, q = one[0] / one[1], other[0] / other[1]
    (low_p, high_p), (low_q, high_q) = wilson(*one), wilson(*other)
    gap = p - q
    return gap, gap - hypot(p - low_p, high_q - q), gap + hypot(high_p - p, q - low_q)


def differences(report: CheckReport, linked: Linked, least: int) -> Section:
    """Each indicator's answers of unlinked forms against linked ones."""
    lost, known, rows = _unlinked(report), asked_by(linked), []
    for code in pupil_surveys(linked):
        here, there = linked.surveys[code], lost.get(code)
        for indicator in known.asked(code) if there is not None else ():
            if indicator in here.columns and there is not None and indicator in there.columns:
                rows.append([code, indicator, *_line(_counts(here[indicator]), _counts(there[indicator]), least)])
    title = "How the forms that did not link differ"
    return Section("differences", title, _NOTE, pd.DataFrame(rows, columns=_COLUMNS))


def _counts(answers: pd.Series) -> tuple[int, int]:
    yes, no = int(answers.eq("yes").sum()), int(answers.eq("no").sum())
    return yes, yes + no


def _line(linked: tuple[int, int], unlinked: tuple[int, int], least: int) -> list[str]:
    """A row of the table: nothing is worked out from a count that is not written out."""
    counts = [_told(linked[1], least), _told(linked[0], least), _told(unlinked[1], least), _told(unlinked[0], least)]
    small = any(n < least for yes, all_ in (linked, unlinked) for n in (yes, all_ - yes))
    if small:
        return [*counts, "", ""]
    gap, low, high = difference(unlinked, linked)
    return [*counts, f"{100 * gap:+.1f}", f"{100 * low:.1f} to {100 * high:.1f}"]


def _told(count: int, least: int) -> str:
    return said(count, least) if count else f"fewer than {least}"


def _unlinked(report: CheckReport) -> dict[str, pd.DataFrame]:
    """The forms of pupils who are not in the census, scored as the others are; each pupil once."""
    tables = dict(report.tables)
    for stem in {s.file for s in Survey if s.of_pupils} & set(tables):
        frame = tables[stem]
        lost = frame[frame["_why"].eq(NOT_IN_CENSUS)].drop_duplicates("pupil_id")
        tables[stem] = lost.assign(_mark="", _why="")
    return ingest(replace(report, tables=tables, earlier=())).surveys
