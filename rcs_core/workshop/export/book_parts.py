"""What every workbook of tables has: a cover, contents, how to read it, and tables made of frames with their marks explained.

In: a stamp, frames and sheets. Out: sheets in the order of a book, and the book. One table stands on a sheet, a hidden cell is
text, and what its mark means is said on that sheet.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from rcs_core.sheets.write import Column, Row, Sheet, Value, write_book
from rcs_core.stamp import DISCUSSION_ONLY, FICTIONAL, Stamp
from rcs_core.vocab import CellState
from rcs_core.workshop import definitions

COVER, CONTENTS, READING, WORDS = "Cover", "Contents", "How to read this", "What the headings mean"
WHOLE, POUNDS, ONE_PLACE = "#,##0", "#,##0.00", "#,##0.0"
LONGEST_NAME = 31
"""Letters of a sheet's name that a spreadsheet allows."""
_NARROWEST, _WIDEST = 9, 46
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_EMPHASIS = re.compile(r"(\*{1,2})([^*]+)\1")
_NUMBER = re.compile(r"^[−+-]?[\d,]+(\.\d+)?$")
_COUNTED = re.compile(r"%$|% with need|\((points|times|%|£)\)|^Answered$|^Mean$|^95% interval, ")
_MARK = re.compile(r"^\[[cuzx]\]$")
_TEXT = (Column("Item", 30), Column("What it is", 100, wrap=True, align="left"))

type Line = tuple[str, Value]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a book is about: its title, a line on what it is for, and what its cover says beside the stamp.

    first: what must be read before anything else. reading: lines of *How to read this*.
    """

    title: str
    purpose: str
    stamp: Stamp
    first: Sequence[str] = ()
    about: Sequence[Line] = ()
    reading: Sequence[Line] = ()


def write_tables(path: Path, subject: Subject, tables: Sequence[Sheet], names: Mapping[str, str] | None = None) -> None:
    """Write a book: cover, contents, how to read it, the tables, and what their headings mean.

    Raises SheetError when the place cannot be written.
    """
    reading = Sheet(
        READING,
        READING,
        _TEXT,
        [(name, unmarked(str(said))) for name, said in subject.reading],
        "What to know before any figure is used.",
        kind="front",
    )
    inner = [*([reading] if subject.reading else []), *tables, *_words(tables)]
    title = f"{subject.stamp.area}: {subject.title}"
    write_book(
        path, [cover(subject), contents(inner), *inner], dict(names or {}), title, foot(subject.stamp, subject.title), CONTENTS
    )


def foot(stamp: Stamp, title: str) -> str:
    """What stands at the foot of every printed page."""
    parts = (stamp.area, title, f"release {stamp.release_id}", DISCUSSION_ONLY if stamp.discussion else "",
             FICTIONAL if stamp.fictional else "")  # fmt: skip
    return ", ".join(part for part in parts if part)


def cover(subject: Subject) -> Sheet:
    """What the book is, whose, of when and from what, and how to cite it."""
    stamp = subject.stamp
    lines = [
        *(("Read this first", text) for text in subject.first),
        ("What it is", subject.purpose),
        *subject.about,
        *stamp.lines(),
        ("To cite it", stamp.citation(subject.title)),
    ]
    note = "What this workbook is, and where its figures come from."
    return Sheet(COVER, f"{stamp.area}: {subject.title}", _TEXT, lines, note, kind="front")


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """Every sheet that follows with a link to it, what it holds and how many rows it has."""
    columns = (Column("Sheet", 32), Column("What it holds", 90, wrap=True), Column("Rows", 10, WHOLE))
    rows: list[Row] = [(sheet.name, sheet.title, len(sheet.rows) - sheet.totals) for sheet in sheets]
    links = {(k, 0): sheet.name for k, sheet in enumerate(sheets)}
    return Sheet(CONTENTS, CONTENTS, columns, rows, "One table a sheet, in this order.", kind="front", links=links)


def table(
    name: str, title: str, frame: pd.DataFrame, note: str = "", formats: Mapping[str, str] | None = None,
    widths: Mapping[str, int] | None = None,
) -> Sheet:  # fmt: skip
    """A frame as a sheet: whole numbers, pounds and per cents by their headings; marks are text, and are explained."""
    given, wide = formats or {}, widths or {}
    columns = [_column(str(c), list(frame[c]), given.get(str(c)), wide.get(str(c))) for c in frame.columns]
    rows = [[plain(v) for v in row] for row in frame.itertuples(index=False, name=None)]
    return Sheet(sheet_name(name), title, columns, rows, " ".join(part for part in (unmarked(note), marks_in(rows)) if part))


def figures(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of a page whose figures are texts, with numbers in their place; marks and intervals stay texts."""
    columns = [c for c in frame.columns if _COUNTED.search(str(c))]
    return frame.assign(**{str(c): pd.Series([_number(v) for v in frame[c]], dtype=object, index=frame.index) for c in columns})


def _number(value: object) -> object:
    if not isinstance(value, str) or not _NUMBER.match(value):
        return value
    found = float(value.replace(",", "").replace("−", "-").replace("+", ""))
    return int(found) if found.is_integer() else found


def unmarked(text: str) -> str:
    """A sentence of a page without the signs that make its words bold or slanted there."""
    return _EMPHASIS.sub(r"\2", text)


def plain(value: object) -> Value:
    """A value of a frame as a cell holds it; nothing for a blank."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    number = getattr(value, "item", None)
    found = number() if callable(number) else str(value)
    return found if isinstance(found, str | bool | int | float) else str(found)


def marks_in(rows: Iterable[Sequence[Value]]) -> str:
    """What the marks among these cells mean; blank where there is none."""
    found = {value for row in rows for value in row if isinstance(value, str) and _MARK.match(value)}
    return " ".join(f"{mark} {means}." for mark, means in marks().items() if mark in found)


def marks() -> dict[str, str]:
    """Every mark with what it means, two meanings of one mark together."""
    found: dict[str, list[str]] = {}
    for state in CellState:
        if state.mark:
            found.setdefault(state.mark, []).append(state.label)
    return {mark: " or ".join([said[0], *(s[:1].lower() + s[1:] for s in said[1:])]) for mark, said in found.items()}


def sheet_name(text: str) -> str:
    """A text as the name of a sheet."""
    return _NOT_IN_A_NAME.sub(" ", text)[:LONGEST_NAME].strip().strip("'")


def named_apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The same sheets under names of which no two are the same to a spreadsheet."""
    taken: set[str] = set()
    found = []
    for sheet in sheets:
        name, k = sheet.name, 2
        while name.casefold() in taken:
            name, k = f"{sheet.name[: LONGEST_NAME - 4]} ({k})", k + 1
        taken.add(name.casefold())
        found.append(replace(sheet, name=name))
    return found


def _column(heading: str, values: Sequence[object], form: str | None, width: int | None) -> Column:
    figures = _figures(values)
    form = form or (_format(heading, values) if figures else "General")
    longest = max((len(str(v)) for v in values if isinstance(v, str)), default=0)
    words = max((len(word) for word in heading.split()), default=0) + 3
    # A heading may take three lines; amounts need room for their separators.
    least = max(_NARROWEST, words, -(-len(heading) // 3), 15 if figures and form == POUNDS else 0)
    wide = width or min(_WIDEST, max(least, longest + 2))
    return Column(heading, wide, form, wrap=longest + 2 > wide, align="right" if figures else None)


def _figures(values: Sequence[object]) -> bool:
    """Whether a column is of numbers, and of marks where there is none."""
    known = [v for v in values if plain(v) is not None]
    return bool(known) and all(
        _MARK.match(v) if isinstance(v, str) else not isinstance(plain(v), str | bool) for v in known
    )  # fmt: skip


def _format(heading: str, values: Sequence[object]) -> str:
    if "£" in heading:
        return POUNDS
    numbers = [float(str(v)) for v in values if not isinstance(v, str) and plain(v) is not None]
    return WHOLE if all(n == int(n) for n in numbers) else ONE_PLACE


def _words(tables: Sequence[Sheet]) -> list[Sheet]:
    """What the headings of all tables mean, as far as they do not say all there is to say."""
    known = definitions.columns(column.title for sheet in tables for column in sheet.columns)
    if not known:
        return []
    rows = [(one.heading, one.means, one.unit) for one in known]
    columns = (Column("Heading", 32, wrap=True), Column("What it means", 90, wrap=True), Column("Unit", 24, wrap=True))
    return [Sheet(WORDS, WORDS, columns, rows, "A heading that is not here says all there is to say.", kind="source")]
