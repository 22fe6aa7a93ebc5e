"""The one place that writes xlsx: a book is a list of sheets, a sheet is one table, and a formula is never an accident.

Text stays text whatever it starts with; only a `Formula` is live. What a sheet may hold is in `table.py`, how it is drawn in
`draw.py`, charts in `charts.py`, what may be changed in `protect.py`; rows go straight into the file (`stream.py`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets import draw
from rcs_core.sheets.charts import described
from rcs_core.sheets.protect import lock, validate
from rcs_core.sheets.save import LONGEST_TEXT, SheetError, empty_book, in_one_step, save
from rcs_core.sheets.stream import Rows, save_with_rows
from rcs_core.sheets.styles import Styles
from rcs_core.sheets.table import (
    BACK_ROW,
    COUNT,
    FACTOR,
    FIRST_ROW,
    HEAD_ROW,
    MONEY,
    SHARE,
    Chart,
    Column,
    Entry,
    Formula,
    Kind,
    Row,
    Series,
    Sheet,
    Value,
    cell,
    here,
    quoted,
    span,
)

__all__ = [
    "COUNT", "FACTOR", "FIRST_ROW", "HEAD_ROW", "LONGEST_TEXT", "MONEY", "SHARE", "Chart", "Column", "Entry", "Formula", "Kind",
    "Row", "Series", "Sheet", "SheetError", "Value", "cell", "draw_sheet", "empty_book", "here", "in_one_step", "quoted", "save",
    "span", "write_book",
]  # fmt: skip

_SHEET_NAME = re.compile(r"[^\[\]:*?/\\]{1,31}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{2,254}")
_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


def write_book(
    path: Path, sheets: Sequence[Sheet], names: Mapping[str, str], title: str, footer: str = "", home: str = "",
    locked: bool = False,
) -> None:  # fmt: skip
    """Write a workbook in one step (a half-written file never takes the place of a good one).

    names: defined names by name, each an address made by `cell` or `span`. footer: what stands at the foot of every page.
    home: the sheet that every other one leads back to. locked: whether cells that are not entries are protected (no password).
    Raises SheetError when a value cannot be held, a row is too long or short, a name cannot be one, or the place cannot be
    written.
    """
    _check_names(sheets, names)
    book = empty_book()
    styles, pages = Styles(book), dict[str, Rows]()
    for spec in sheets:
        spec = replace(spec, columns=draw.roomy(spec))
        back = bool(home) and spec.name != home
        pages[spec.name] = Rows(list(draw.rows_of(spec, styles, back)), _links(spec, home if back else ""), draw.heights(spec))
        sheet = book.create_sheet(spec.name)
        draw.frame(sheet, spec, footer)
        validate(sheet, spec.entries)
        if locked:
            lock(sheet)
    for name, address in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=address)
    _properties(book, title)
    drawn = [spec.chart for spec in sheets if spec.chart]
    save_with_rows(book, path, pages, [partial(described, chart=chart) for chart in drawn])


def _properties(book: Workbook, title: str) -> None:
    said = draw.text_of(title, "the title of the workbook")
    book.properties.title, book.properties.creator, book.properties.language = said, "RCS workbench", "en-GB"
    calculation: Any = book.calculation
    calculation.fullCalcOnLoad = True


def _links(spec: Sheet, home: str) -> list[tuple[str, str]]:
    found = [(f"A{BACK_ROW}", f"{quoted(home)}!A1")] if home else []
    return found + [
        (f"{get_column_letter(column + 1)}{FIRST_ROW + row}", f"{quoted(to)}!A1") for (row, column), to in spec.links.items()
    ]


def _check_names(sheets: Sequence[Sheet], names: Mapping[str, str]) -> None:
    """Refuse names that a spreadsheet program would, all at once."""
    titles = [s.name.casefold() for s in sheets]
    wrong = [s.name for s in sheets if not _SHEET_NAME.fullmatch(s.name) or titles.count(s.name.casefold()) > 1]
    wrong += [n for n in names if not _NAME.fullmatch(n) or _ADDRESS.fullmatch(n)]
    if wrong:
        expected = (
            "sheets of up to 31 letters without []:*?/\\, each once; defined names of letters, digits and _ that are no address"
        )
        raise SheetError("a name cannot stand in a workbook", "sheets and defined names", "; ".join(wrong), expected)


def draw_sheet(sheet: Worksheet, spec: Sheet) -> None:
    """Draw one table with its title, note, headings and totals on an empty sheet of a book that is made cell by cell."""
    parent: Any = sheet.parent
    styles = Styles(parent)
    spec = replace(spec, columns=draw.roomy(spec))
    for number, row in enumerate(draw.rows_of(spec, styles), start=1):
        for position, (value, style) in enumerate(row, start=1):
            target: Any = sheet.cell(number, position)
            target.value = f"={value.text}" if isinstance(value, Formula) else value
            if isinstance(value, str):
                target.data_type = "s"
            target._style = parent._cell_styles[style]
    for number, height in draw.heights(spec).items():
        sheet.row_dimensions[number].height = height
    draw.frame(sheet, spec)
