"""Changes cells of a file that somebody keeps: only what was changed is written, everything else stays as it stands.

In: a workbook or csv and the edits, by row as the file counts and by column from 0. Out: a draft elsewhere; the file itself
is not touched. Other sheets, columns and formats stay; a formula of the table becomes the value that it shows.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.read import cell_text
from rcs_core.sheets.write import SheetError, save

if TYPE_CHECKING:
    from openpyxl.cell import _CellSetValue

type Typed = str | int | float | dt.date | None
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Edits:
    """What is to change: cells by row and column, headers to add by column, rows to add at the end, rows to take out."""

    cells: Mapping[tuple[int, int], Typed] = field(default_factory=dict)
    headers: Mapping[int, str] = field(default_factory=dict)
    added: Sequence[Mapping[int, Typed]] = ()
    removed: frozenset[int] = frozenset()


def typed(text: str, kind: str) -> Typed:
    """A text as a workbook holds it: a number or a date where that reads back as the very same text, else text."""
    if not text:
        return None
    if kind in ("number", "integer"):
        try:
            found = float(text)
        except ValueError:
            return text
        if cell_text(found) == text:
            return int(found) if found.is_integer() else found
    if kind == "date":
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            return text
        return day if day.isoformat() == text else text
    return text


def amend_workbook(source: Path, target: Path, edits: Edits, header_row: int, last_row: int) -> None:
    """Write the workbook with its edits to another place; raises SheetError where a cell is one of several that are merged.

    last_row: the last row of the table; rows are added below it.
    """
    book = load_workbook(source)
    name = next((s.title for s in book.worksheets if s.sheet_state == "visible"), book.worksheets[0].title)
    sheet = book[name]
    live = [(r, c) for r, line in enumerate(sheet.iter_rows(), 1) for c, cell in enumerate(line, 1) if cell.data_type == "f"]
    if live:
        shown = load_workbook(source, data_only=True)[name]
        for row, column in live:
            _put(sheet, row, column, shown.cell(row, column).value)
    for place, header in edits.headers.items():
        _put(sheet, header_row, place + 1, header)
    for (row, place), value in edits.cells.items():
        _put(sheet, row, place + 1, value)
    for offset, new in enumerate(edits.added, start=1):
        for place, value in new.items():
            _put(sheet, last_row + offset, place + 1, value)
    for row in sorted(edits.removed, reverse=True):
        sheet.delete_rows(row)
    save(book, target)


def _put(sheet: Worksheet, row: int, column: int, value: "_CellSetValue") -> None:
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        where = f"{sheet.title}, row {row}"
        raise SheetError("a cell is one of several that are merged", where, remedy="unmerge the cells and save the workbook")
    if isinstance(value, str):
        cell.value, cell.data_type = value, "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    else:
        cell.value = value
        if isinstance(value, dt.date) and cell.number_format in ("General", "@"):
            cell.number_format = "yyyy-mm-dd"
        elif isinstance(value, int | float) and cell.number_format == "@":
            cell.number_format = "General"


def amend_csv(source: Path, target: Path, edits: Edits, header_row: int, separator: str) -> None:
    """Write the csv with its edits to another place, its separator and ends of line as they are."""
    data = source.read_bytes()
    text = data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    width = max(len(rows[header_row - 1]) if len(rows) >= header_row else 0, *(p + 1 for p in edits.headers), 0)
    for place, header in edits.headers.items():
        _set(rows[header_row - 1], place, header)
    for (row, place), value in edits.cells.items():
        _set(rows[row - 1], place, as_text(value))
    kept = [row for number, row in enumerate(rows, start=1) if number not in edits.removed]
    for line in edits.added:
        kept.append([as_text(line.get(place)) for place in range(width)])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n" if b"\r\n" in data else "\n").writerows(kept)
    target.write_bytes((BOM if data.startswith(BOM) else b"") + out.getvalue().encode("utf-8"))


def _set(row: list[str], place: int, value: str) -> None:
    row.extend([""] * (place + 1 - len(row)))
    row[place] = value


def as_text(value: Typed) -> str:
    """A cell as a csv holds it."""
    return cell_text(float(value) if isinstance(value, int) else value)
