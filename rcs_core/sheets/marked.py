"""Writes a copy of a table that shows what to mend: first a list of every breach with a link, then the table, its cells coloured.

In: the rows as they were sent, what is wrong in which cell, and the list. Out: an .xlsx whose second sheet has the sender's
own rows and columns; what came in as text stays text, whatever it begins with.
"""

import datetime as dt
import re
import textwrap
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.save import SheetError, empty_book
from rcs_core.sheets.stream import LINE_HEIGHT, Rows, Styled, fitting, save_with_rows

LIST = "What to mend"
AUTHOR = "RCS workbench"
HEADINGS = ("What it does", "File", "Sheet", "Row", "Column", "Cell", "Found", "Expected", "To fix")
WIDTHS = (24, 26, 18, 9, 24, 9, 26, 48, 60)
SHADES = ("F4B6B0", "FCE4B0", "DDEBF7")
"""Fills from the gravest down: stops a build, row left out, for information; the list says each in words as well."""
SAMPLED, LONGEST_LINES = 200, 600
_FILLS = tuple(PatternFill("solid", fgColor=shade) for shade in SHADES)
_HEAD, _WRAP = PatternFill("solid", fgColor="1F3A5F"), Alignment(wrap_text=True, vertical="top")
FORMS: tuple[tuple[type, str], ...] = (
    (dt.datetime, "yyyy-mm-dd hh:mm:ss"), (dt.date, "yyyy-mm-dd"), (dt.time, "hh:mm:ss"), (dt.timedelta, "[h]:mm:ss"),
)  # fmt: skip
_EXAMPLES = ("", "=", dt.datetime(2000, 1, 1, 1), dt.date(2000, 1, 1), dt.time(1), dt.timedelta(1))
_LIVE = ("=", "+", "-", "@", "#", "\t", "\r")
_CREATOR = re.compile(rb"<dc:creator[^>]*>RCS workbench</dc:creator>")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wrong in one cell: how grave (0 the gravest) and the comment; without a comment the cell is only coloured."""

    grave: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One breach in the list; place: row and column of its cell, or None for the whole file."""

    grave: int
    does: str
    file: str
    column: str
    found: str
    expected: str
    remedy: str
    row: int | None = None
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """The table as it was sent: its sheet's name, its rows from row 1, where its headers are, and marks by row and column."""

    sheet: str
    rows: Sequence[Sequence[object]]
    header_row: int = 1
    marks: Mapping[int, Mapping[int, Mark]] = field(default_factory=dict)


def write_marked(path: Path, title: str, said: Sequence[str], lines: Sequence[Line], copy: Copy | None) -> None:
    """Write the workbook in one step, in the place of an earlier one of ours.

    Raises SheetError when the place is taken by something else or cannot be written; what is there stays.
    """
    if path.exists() and not is_ours(path):
        what, remedy = "a file that was not written here has the name of a marked copy", "move it away or rename it"
        raise SheetError(what, path.name, "a file of another's", "no such file", remedy)
    book = empty_book()
    book.properties.title, book.properties.creator = title, AUTHOR
    clash = copy is not None and copy.sheet.casefold() == LIST.casefold()
    sheet = book.create_sheet(f"{LIST} (list)" if clash else LIST)
    styles = Styles(book.create_sheet("Styles"))
    rows = {sheet.title: _list_rows(sheet, styles, title, said, lines, copy.sheet if copy else "")}
    if copy is not None:
        rows |= {copy.sheet: _copy_rows(book.create_sheet(copy.sheet), styles, copy)}
    book.remove(book["Styles"])
    save_with_rows(book, path, rows)


def is_ours(path: Path) -> bool:
    """Whether a workbook was written here; anything else is somebody's own."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _CREATOR.search(packed.read("docProps/core.xml")) is not None
    except (zipfile.BadZipFile, KeyError, OSError):
        return False


def sheet_name(text: str) -> str:
    """A name that a sheet may have: no more than 31 signs and none of those that a formula uses."""
    return re.sub(r"[\[\]:*?/\\']", "_", text)[:31] or "Table"


class Styles:
    """The workbook's styles by what they are for; each is made once, on a sheet that is not kept."""

    def __init__(self, scratch: Worksheet) -> None:
        self._scratch, self._known = scratch, dict[tuple[object, ...], int]()

    def number(self, key: tuple[object, ...], **style: Any) -> int:
        """The number of a style, which is made where it is not known yet."""
        if key not in self._known:
            cell: Any = self._scratch.cell(1, len(self._known) + 1)
            for name, form in style.items():
                setattr(cell, name, form)
            self._known[key] = cell.style_id
        return self._known[key]

    def of(self, value: object, grave: int | None = None) -> int:
        """The style of a value of the copy: its colour, the form of a date, and whether it is kept from being a formula."""
        if grave is None and type(value) in (int, float, bool):
            return 0
        live = isinstance(value, str) and value.startswith(_LIVE)
        form = next((form for kind, form in FORMS if isinstance(value, kind)), "General")
        if grave is None and not live and form == "General":
            return 0
        style: dict[str, Any] = {"number_format": form, "quotePrefix": live}
        return self.number((grave, form, live), **style | ({"fill": _FILLS[grave]} if grave is not None else {}))


def _list_rows(sheet: Worksheet, styles: Styles, title: str, said: Sequence[str], lines: Sequence[Line], copied: str) -> Rows:
    """The list: a title, what to know, headings, and a row a breach with a link to its cell."""
    for position, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    top = len(said) + 3
    sheet.freeze_panes = f"A{top + 1}"
    _for_paper(sheet)
    if lines:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(HEADINGS))}{top + len(lines)}"
    big = styles.number(("title",), font=Font(bold=True, size=14))
    head = styles.number(("head",), font=Font(bold=True, color="FFFFFF"), fill=_HEAD)
    wrap = styles.number(("wrap",), alignment=_WRAP)
    link = styles.number(("link",), alignment=_WRAP, font=Font(underline="single", color="0563C1"))
    shades = [styles.number(("shade", shade), alignment=_WRAP, fill=_FILLS[shade]) for shade in range(len(_FILLS))]
    rows: list[list[Styled]] = [[(title, big)]]
    rows += [[(text, 0)] for text in said]
    rows += [[], [(text, head) for text in HEADINGS]]
    links, tall = [], {}
    for number, line in enumerate(lines, start=top + 1):
        at = f"{get_column_letter(line.place[1])}{line.place[0]}" if line.place and copied else ""
        if at:
            links.append((f"F{number}", f"{_quoted(copied)}!{at}"))
        texts = (line.file, copied if at else "", line.row, line.column)
        ends = (line.found, *(text.replace("`", "") for text in (line.expected, line.remedy)))
        rows.append([(line.does, shades[line.grave]), *((t, wrap) for t in texts), (at, link), *((t, wrap) for t in ends)])
        if (most := _lines_of(rows[-1])) > 1:
            tall[number] = LINE_HEIGHT * most
    return Rows(rows, links, tall)


def _lines_of(row: Sequence[Styled]) -> int:
    """How many lines the longest text of a row takes; a spreadsheet program does not always make room by itself."""
    texts = [(value, width) for (value, _), width in zip(row, WIDTHS, strict=True) if isinstance(value, str)]
    return max((len(textwrap.wrap(text[:LONGEST_LINES], max(6, width - 2))) for text, width in texts), default=1)


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _copy_rows(sheet: Worksheet, styles: Styles, copy: Copy) -> Rows:
    for position, width in enumerate(_widths(copy), start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.freeze_panes = f"A{copy.header_row + 1}"
    for number, marks in copy.marks.items():
        for column, mark in marks.items():
            if mark.note:
                tall = 40 + 18 * (len(mark.note) // 45 + mark.note.count("\n") + 1)
                sheet.cell(number, column).comment = Comment(fitting(mark.note), AUTHOR, height=tall, width=360)
    for example in _EXAMPLES:
        # Styles are saved before the rows are written, so every one that a row may ask for is made here.
        for grave in (None, *range(len(_FILLS))):
            styles.of(example, grave)
    return Rows(_styled(copy, styles))


def _styled(copy: Copy, styles: Styles) -> Iterator[list[Styled]]:
    none: Mapping[int, Mark] = {}
    for number in range(1, max(len(copy.rows), max(copy.marks, default=0)) + 1):
        row = [_day(value) for value in copy.rows[number - 1]] if number <= len(copy.rows) else []
        if marks := copy.marks.get(number, none):
            row += [None] * (max(marks) - len(row))
            yield [(v, styles.of(v, marks[k].grave if k in marks else None)) for k, v in enumerate(row, start=1)]
        else:
            yield [(v, styles.of(v)) for v in row]


def _day(value: object) -> object:
    """A moment at midnight as the day that it is."""
    return value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() else value


def _for_paper(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _widths(copy: Copy) -> list[int]:
    some = copy.rows[max(0, copy.header_row - 1) : copy.header_row + SAMPLED]
    columns = max((len(row) for row in some), default=0)
    longest = [max((len(str(row[k])) for row in some if k < len(row)), default=0) for k in range(columns)]
    return [min(44, max(9, length + 2)) for length in longest]
