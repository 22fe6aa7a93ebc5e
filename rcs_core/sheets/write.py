"""The one place that writes xlsx: a book is a list of sheets, a sheet is one table, and a formula is never an accident.

Text stays text whatever it starts with; only a `Formula` is live. Every sheet has a title in row 1, a note in row 2, its
headings in row 4 (frozen, repeated in print) and its rows from row 5, so that formulas can be written before the file is.
"""

import datetime as dt
import math
import os
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.errors import RcsError

HEAD_ROW = 4
FIRST_ROW = 5
"""The first row of every table: what a formula that is written in advance counts from."""
LONGEST_TEXT = 32_767
"""The most characters that a spreadsheet cell can hold."""
MONEY, COUNT, SHARE, FACTOR = "#,##0.00", "#,##0.0", "0.0%", "0.000000"

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FACE = "Calibri"
_HEAD = PatternFill("solid", fgColor="1F3A5F")
_TOTAL = PatternFill("solid", fgColor="E8EDF3")
_WRONG = PatternFill("solid", bgColor="F4B6B0")
_LINE_HEIGHT = 16.0
_LINE = Border(top=Side(style="thin", color="1F3A5F"))


class SheetError(RcsError):
    """A workbook cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, without its equals sign."""

    text: str


type Value = str | int | float | bool | dt.date | Formula | None
type Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, width in characters, number format, whether text wraps, whether FALSE is coloured, alignment."""

    title: str
    width: int = 14
    format: str = "General"
    wrap: bool = False
    flag: bool = False
    align: Literal["left", "center", "right"] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title; the last `totals` rows are drawn as totals. `formats` overrides a cell's number format."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    totals: int = 0
    formats: Sequence[tuple[int, int, str]] = ()

    @property
    def last_row(self) -> int:
        """The row number of the last row before the totals."""
        return FIRST_ROW + len(self.rows) - self.totals - 1


def cell(sheet: str, column: int, row: int) -> str:
    """The absolute address of one cell, columns from 1, for a formula on any sheet."""
    return f"{_quoted(sheet)}!${get_column_letter(column)}${row}"


def span(sheet: str, column: int, first: int, last: int) -> str:
    """The absolute address of a run of cells in one column."""
    letter = get_column_letter(column)
    return f"{_quoted(sheet)}!${letter}${first}:${letter}${last}"


def here(column: int, row: int) -> str:
    """The address of a cell on the formula's own sheet."""
    return f"{get_column_letter(column)}{row}"


def empty_book() -> Workbook:
    """A workbook without the sheet that the library puts in every new one."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    return book


def write_book(path: Path, sheets: Sequence[Sheet], names: dict[str, str], title: str) -> None:
    """Write a workbook in one step (a half-written file never takes the place of a good one).

    names: defined names by name, each an address made by `cell` or `span`.
    Raises SheetError when a value cannot be held, a row is too long or short, or the place cannot be written.
    """
    book = empty_book()
    for sheet in sheets:
        draw_sheet(book.create_sheet(sheet.name), sheet)
    for name, address in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=address)
    book.properties.title, book.properties.creator = title, "RCS workbench"
    book.calculation.fullCalcOnLoad = True
    save(book, path)


def save(book: Workbook, path: Path) -> None:
    """Save a workbook in one step; raises SheetError, and the old file stays."""
    in_one_step(path, book.save)


def in_one_step(path: Path, write: Callable[[Path], object]) -> None:
    """Write a draft beside the place and then move it there; raises SheetError, and the old file stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(draft)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SheetError(
            "the workbook cannot be written",
            str(path),
            error.strerror or str(error),
            "a file that can be written, in a folder that can",
            "close the file if it is open in a spreadsheet program, or choose another place",
        ) from error


def draw_sheet(sheet: Worksheet, spec: Sheet) -> None:
    """Draw one table with its title, note, headings and totals on an empty sheet."""
    _put(sheet.cell(1, 1), spec.title, "General", spec.name).font = Font(name=_FACE, bold=True, size=14)
    _put(sheet.cell(2, 1), spec.note, "General", spec.name).font = Font(name=_FACE, italic=True, color="444444")
    for position, column in enumerate(spec.columns, start=1):
        _head(sheet, position, column)
    lines = max((-(-len(c.title) // max(1, c.width - 2)) for c in spec.columns), default=1)
    sheet.row_dimensions[HEAD_ROW].height = _LINE_HEIGHT * max(1, lines)
    sides = [Alignment(vertical="top", wrap_text=c.wrap, horizontal=c.align) for c in spec.columns]
    overrides = {(row, column): form for row, column, form in spec.formats}
    for index, row in enumerate(spec.rows):
        if len(row) != len(spec.columns):
            raise SheetError(
                "a row does not fit its table", f"{spec.name}, row {index + 1}", str(len(row)), f"{len(spec.columns)} values"
            )
        number = FIRST_ROW + index
        for position, (value, column) in enumerate(zip(row, spec.columns, strict=True), start=1):
            target = _put(sheet.cell(number, position), value, overrides.get((index, position - 1), column.format), spec.name)
            target.alignment = sides[position - 1]
            if index >= len(spec.rows) - spec.totals:
                target.font, target.fill, target.border = Font(name=_FACE, bold=True), _TOTAL, _LINE
        if (tall := _lines(row, spec.columns)) > 1:
            sheet.row_dimensions[number].height = _LINE_HEIGHT * tall
    _lay_out(sheet, spec)


def _lines(row: Row, columns: Sequence[Column]) -> int:
    """How many lines the longest text of a row takes in the width of its column."""
    texts = [(v, c) for v, c in zip(row, columns, strict=True) if c.wrap and isinstance(v, str)]
    return max((len(textwrap.wrap(v, max(8, c.width - 1))) for v, c in texts), default=1)


def _head(sheet: Worksheet, position: int, column: Column) -> None:
    target = _put(sheet.cell(HEAD_ROW, position), column.title, "General", column.title)
    target.font, target.fill = Font(name=_FACE, bold=True, color="FFFFFF"), _HEAD
    side = column.align or ("left" if column.format == "General" else "right")
    target.alignment = Alignment(wrap_text=True, vertical="center", horizontal=side)
    sheet.column_dimensions[get_column_letter(position)].width = column.width


def _lay_out(sheet: Worksheet, spec: Sheet) -> None:
    last = f"{get_column_letter(len(spec.columns))}{max(FIRST_ROW, FIRST_ROW + len(spec.rows) - 1)}"
    sheet.freeze_panes = f"A{FIRST_ROW}"
    sheet.print_area = f"A1:{last}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None and sheet.oddFooter.center is not None:
        sheet.oddFooter.center.text = "&A, page &P of &N"
    for position, column in enumerate(spec.columns, start=1):
        if column.flag and spec.rows:
            letter = get_column_letter(position)
            rule = Rule("expression", dxf=DifferentialStyle(fill=_WRONG), formula=[f"NOT({letter}{FIRST_ROW})"])
            sheet.conditional_formatting.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + len(spec.rows) - 1}", rule)
    if len(spec.rows) > spec.totals:
        sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(spec.columns))}{spec.last_row}"


def _put(target: Any, value: Value, form: str, where: str) -> Cell:
    """Set one cell; text keeps its kind even when it looks like a formula."""
    assert isinstance(target, Cell)
    if isinstance(value, Formula):
        target.value, target.data_type, target.number_format = f"={value.text}", "f", form
    elif isinstance(value, str):
        target.value = _text(value, where)
        target.data_type, target.number_format = "s", "@"
        target.quotePrefix = value[:1] in ("=", "+", "-", "@")
    else:
        if isinstance(value, float) and not math.isfinite(value):
            raise SheetError("a number is not finite", where, str(value), "a finite number, or a blank")
        target.value, target.number_format = value, form
    return target


def _text(value: str, where: str) -> str:
    clean = _UNPRINTABLE.sub("", value)
    if len(clean) > LONGEST_TEXT:
        raise SheetError("a text is too long for a cell", where, f"{len(clean)} characters", f"at most {LONGEST_TEXT}")
    return clean


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
