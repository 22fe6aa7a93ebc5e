"""One sheet drawn: the rows of its table with their looks, and round them what a reader and a printer need."""

import math
import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets import charts
from rcs_core.sheets.save import LONGEST_TEXT, SheetError
from rcs_core.sheets.styles import FAULT, TABS, Look, Styles
from rcs_core.sheets.table import (
    FIRST_ROW,
    HEAD_ROW,
    NOTE_ROW,
    Column,
    Formula,
    Row,
    Sheet,
    Value,
)

type Styled = tuple[Value, int]
LINE_HEIGHT, HEAD_HEIGHT = 15.0, 16.0
LONGEST_FORMULA = 8_192
"""The most characters that a formula may have in the spreadsheet programs that people use."""
_LIVE = ("=", "+", "-", "@", "\t", "\r")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_WIDEST, _NOTE_WIDTH, _TALLEST = 60, 150, 400.0
_WRONG = PatternFill("solid", bgColor=FAULT)
_FOOTER, _USUAL_WIDTH, _ON_A_PAGE = 255, 8, 30
_NARROW = 1.12
"""Letters of running text that fit where one digit would."""
_NUMBER, _STRETCH = 24, 1.4
"""How wide a column of numbers may grow, and by how much one of text that would wrap, for one line to be enough."""
_FILE = 2_000
"""A text of so many letters is a file in a cell: nobody reads it there, and its row stays as it is."""
BACK = "Back to the contents"


def roomy(spec: Sheet) -> list[Column]:
    """The columns, wide enough for what stands in them: a text that does not fit makes its column wider, or wraps."""
    found = []
    for position, column in enumerate(spec.columns):
        texts = [row[position] for row in spec.rows if position < len(row)]
        longest = max((len(_shown(value, column)) for value in texts), default=0)
        longest = max(longest, *(len(word) + 1 for word in column.title.split() or [""]))
        width = max(column.width, _width(column, longest + 2))
        wrap = column.wrap or width < longest + 1 < _FILE
        found.append(Column(column.title, width, column.format, wrap, column.flag, column.align))
    return found


def _width(column: Column, longest: int) -> int:
    """The width that the longest text asks for: all of it, a little more than was meant where it would wrap, or neither."""
    if column.format not in ("General", "@"):
        return longest if longest <= _NUMBER else column.width
    if column.wrap:
        return longest if longest <= column.width * _STRETCH else column.width
    return min(_WIDEST, longest)


def _shown(value: Value, column: Column) -> str:
    """About what a program shows of a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.2f}" if "," in column.format else ""
    return ""


def rows_of(spec: Sheet, styles: Styles, back: bool = False) -> Iterator[list[Styled]]:
    """Every row of a sheet from the first, each value with the number of its style."""
    yield [(text_of(spec.title, spec.name), styles.number("title", "@", quote=spec.title.startswith(_LIVE)))]
    wrap = note_lines(spec) > 1
    yield [(text_of(spec.note, spec.name), styles.number("note", "@", wrap, quote=spec.note.startswith(_LIVE)))]
    yield [(BACK, styles.number("link"))] if back else []
    yield [(text_of(c.title, spec.name), _head(c, styles)) for c in spec.columns]
    overrides = {(row, column): form for row, column, form in spec.formats}
    special = overrides.keys() | spec.entries.keys() | spec.links.keys()
    marked = {row for row, _ in special}
    looks = [_Looks(column, styles) for column in spec.columns]
    for index, row in enumerate(spec.rows):
        if len(row) != len(spec.columns):
            raise SheetError(
                "a row does not fit its table", f"{spec.name}, row {index + 1}", str(len(row)), f"{len(spec.columns)} values"
            )
        look: Look = "total" if index >= len(spec.rows) - spec.totals else "plain"
        cells = [(value, known.of(value, look)) for value, known in zip(row, looks, strict=True)]
        if index in marked:
            for place in range(len(row)):
                if (index, place) in special:
                    cells[place] = (cells[place][0], _special(spec, styles, (index, place), overrides, look))
        yield [(_checked(value, spec.name), style) for value, style in cells]


class _Looks:
    """The styles of one column, each asked for once."""

    def __init__(self, column: Column, styles: Styles) -> None:
        self._column, self._styles, self._known = column, styles, dict[tuple[Look, str, bool], int]()

    def of(self, value: Value, look: Look) -> int:
        text = isinstance(value, str)
        form = "@" if text else _form(value, self._column.format)
        key = (look, form, text and value[:1] in _LIVE) if isinstance(value, str) and value else (look, form, False)
        if key not in self._known:
            self._known[key] = self._styles.number(look, form, self._column.wrap, _side(self._column), key[2])
        return self._known[key]


def _form(value: Value, form: str) -> str:
    return "yyyy-mm-dd" if form == "General" and hasattr(value, "isoformat") else form


def _special(
    spec: Sheet, styles: Styles, at: tuple[int, int], overrides: dict[tuple[int, int], str], look: Look
) -> int:  # fmt: skip
    """The style of a cell that is there to be changed, that leads elsewhere, or that has a number format of its own."""
    value, column = spec.rows[at[0]][at[1]], spec.columns[at[1]]
    form = overrides.get(at, column.format)
    quote = isinstance(value, str) and value[:1] in _LIVE and bool(value)
    if (entry := spec.entries.get(at)) is not None:
        form = {"date": "yyyy-mm-dd", "text": "@", "list": "General"}.get(entry.kind, form)
        return styles.number("entry", form, column.wrap, _side(column), quote)
    form = "@" if isinstance(value, str) else _form(value, form)
    return styles.number("link" if at in spec.links else look, form, column.wrap, _side(column), quote)


def _side(column: Column) -> str | None:
    """Where the cells of a column stand: numbers, and marks among them, to the right."""
    return column.align or (None if column.format in ("General", "@") else "right")


def _head(column: Column, styles: Styles) -> int:
    side = _side(column) or "left"
    return styles.number("head", "@", True, side, column.title.startswith(_LIVE), middle=True)


def _checked(value: Value, where: str) -> Value:
    if isinstance(value, str):
        return text_of(value, where)
    if isinstance(value, float) and not math.isfinite(value):
        raise SheetError("a number is not finite", where, str(value), "a finite number, or a blank")
    if isinstance(value, Formula):
        if len(value.text) > LONGEST_FORMULA:
            raise SheetError("a formula is too long for a cell", where, f"{len(value.text)}", f"at most {LONGEST_FORMULA}")
        return Formula(_UNPRINTABLE.sub("", value.text))
    return value


def printable(text: str) -> str:
    """A text without signs that a cell cannot hold, and without those that turn the direction of what follows."""
    return _UNPRINTABLE.sub("", text)


def text_of(value: str, where: str) -> str:
    """A text as a cell can hold it; raises SheetError where it is too long."""
    clean = printable(value)
    if len(clean) > LONGEST_TEXT:
        raise SheetError("a text is too long for a cell", where, f"{len(clean)} characters", f"at most {LONGEST_TEXT}")
    return clean


def heights(spec: Sheet) -> dict[int, float]:
    """The heights of the rows whose text takes more than one line, by row number."""
    found = {HEAD_ROW: HEAD_HEIGHT * max((lines(c.title, c.width - 1) for c in spec.columns), default=1)}
    if (count := note_lines(spec)) > 1:
        found[NOTE_ROW] = LINE_HEIGHT * count
    for number, row in enumerate(spec.rows, start=FIRST_ROW):
        if (tall := _lines_of(row, spec)) > 1:
            found[number] = min(_TALLEST, LINE_HEIGHT * tall)
    return found


def _lines_of(row: Row, spec: Sheet) -> int:
    most = 1
    for value, column in zip(row, spec.columns, strict=False):
        if column.wrap and isinstance(value, str) and (len(value) >= column.width - 1 or "\n" in value):
            most = max(most, lines(value, column.width - 1))
    return most


@lru_cache(maxsize=4096)
def lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width."""
    return sum(max(1, len(textwrap.wrap(part, max(6, int(width * _NARROW))))) for part in text.splitlines()) or 1


def note_lines(spec: Sheet) -> int:
    """How many lines the note takes over the width of the table; one where it may run on."""
    return lines(spec.note, int(_across(spec)[1] * 0.95))


def _across(spec: Sheet) -> tuple[int, int]:
    """The columns that a long note runs over, and their width together."""
    total = 0
    for position, column in enumerate(spec.columns, start=1):
        total += column.width
        if total >= _NOTE_WIDTH:
            return position, total
    return len(spec.columns), max(20, total)


def frame(sheet: Worksheet, spec: Sheet, footer: str = "") -> None:
    """All of a sheet but its rows: widths, frozen headings, what is printed and how, its filter, tab, marks and chart."""
    last = get_column_letter(len(spec.columns))
    for position, column in enumerate(spec.columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    if note_lines(spec) > 1 and _across(spec)[0] > 1:
        sheet.merge_cells(start_row=NOTE_ROW, start_column=1, end_row=NOTE_ROW, end_column=_across(spec)[0])
    sheet.freeze_panes = f"A{FIRST_ROW}"
    sheet.print_area = f"A1:{_print_end(spec)}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.sheet_properties.tabColor = TABS[spec.kind]
    _paper(sheet, footer, one_page=spec.chart is not None and len(spec.rows) <= _ON_A_PAGE)
    _flags(sheet, spec)
    if len(spec.rows) > spec.totals and spec.kind != "front":
        sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{spec.last_row}"
    if spec.chart:
        charts.add_chart(sheet, spec, spec.chart)


def _print_end(spec: Sheet) -> str:
    """The last cell that is printed: of the table, or of the chart below it."""
    if not spec.chart:
        return f"{get_column_letter(len(spec.columns))}{spec.end}"
    missing = charts.ACROSS - sum(column.width for column in spec.columns)
    more = max(0, -(-missing // _USUAL_WIDTH))
    return f"{get_column_letter(len(spec.columns) + more)}{spec.end + charts.ROWS + 2}"


def _paper(sheet: Worksheet, footer: str, one_page: bool) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(one_page)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    foot: Any = sheet.oddFooter
    foot.left.text = shown_in_footer(footer)
    foot.right.text = "&A, page &P of &N"


def shown_in_footer(text: str) -> str:
    """A text for a footer, where & begins a code; cut to what a footer holds."""
    clean = " ".join(_UNPRINTABLE.sub("", text).split())
    while len(clean.replace("&", "&&")) > _FOOTER - 40:
        clean = clean[:-1]
    return clean.replace("&", "&&")


def _flags(sheet: Worksheet, spec: Sheet) -> None:
    for position, column in enumerate(spec.columns, start=1):
        if column.flag and spec.rows:
            letter = get_column_letter(position)
            rule = Rule("expression", dxf=DifferentialStyle(fill=_WRONG), formula=[f"NOT({letter}{FIRST_ROW})"])
            sheet.conditional_formatting.add(f"{letter}{FIRST_ROW}:{letter}{spec.end}", rule)
