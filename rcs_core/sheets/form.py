"""Writes an empty workbook to be filled in: one sheet of headers with drop-down lists, a page to read, a hidden page of lists.

In: the columns, what each may hold and what is said when its cell is entered. Out: an .xlsx whose first sheet is the table,
so that it can be read back as it is. Lists stand on a sheet of their own: written into the rule itself they could not be
longer than 255 characters. Columns of text are formatted as text, so that a code keeps the noughts it begins with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.write import Sheet, draw_sheet, empty_book, save

type Kind = Literal["text", "whole", "number", "date"]
LISTS = "Lists"
FORMATS: dict[Kind, str] = {"text": "@", "whole": "0", "number": "General", "date": "yyyy-mm-dd"}
RULES: dict[Kind, Literal["whole", "decimal", "date"]] = {"whole": "whole", "number": "decimal", "date": "date"}
FIRST_DAY, LAST_DAY = 32874, 73415
"""1990-01-01 and 2100-12-31 as a spreadsheet counts days; a year typed with two digits falls outside."""
LINE_HEIGHT = 16.0
LARGEST = 1_000_000_000_000
TITLE_LENGTH, SAID_LENGTH = 32, 255
_MUST = PatternFill("solid", fgColor="1F3A5F")
_MAY = PatternFill("solid", fgColor="DDE5EE")
_LINE = Border(bottom=Side(style="thin", color="1F3A5F"))


@dataclass(frozen=True, slots=True)
class Field:
    """One column to fill: its header, the kind of cell, its list or range, and what the cell says when it is entered."""

    header: str
    kind: Kind
    must: bool
    said: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    above_low: bool = False
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A workbook to fill: its sheet's name, its columns, how many rows have lists and messages, and what to read first."""

    name: str
    title: str
    fields: Sequence[Field]
    rows: int
    read_me: Sheet


def write_form(path: Path, form: Form) -> None:
    """Write the workbook in one step; raises SheetError when the place cannot be written."""
    book = empty_book()
    table = book.create_sheet(form.name[:31])
    _draw_read_me(book.create_sheet(form.read_me.name), form.read_me)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    places = _write_lists(lists, form.fields)
    for position, field in enumerate(form.fields, start=1):
        _write_field(table, position, field, form.rows, places.get(field.choices, ""))
    table.freeze_panes = "A2"
    table.row_dimensions[1].height = 30
    book.properties.title, book.properties.creator = form.title, "RCS workbench"
    save(book, path)


def _draw_read_me(sheet: Worksheet, spec: Sheet) -> None:
    """The page to read, its note running over the table's whole width."""
    draw_sheet(sheet, spec)
    last = get_column_letter(len(spec.columns))
    sheet.merge_cells(f"A2:{last}2")
    sheet["A2"].alignment = Alignment(wrap_text=True, vertical="top")
    width = sum(column.width for column in spec.columns)
    sheet.row_dimensions[2].height = LINE_HEIGHT * (len(spec.note) // width + 1)


def _write_lists(lists: Worksheet, fields: Sequence[Field]) -> dict[tuple[str, ...], str]:
    """Write each different list once, under the first column that uses it; returns where each stands."""
    places: dict[tuple[str, ...], str] = {}
    for field in fields:
        if field.choices and field.choices not in places:
            position = len(places) + 1
            letter = get_column_letter(position)
            lists.cell(1, position, field.header).font = Font(bold=True)
            for row, code in enumerate(field.choices, start=2):
                cell = lists.cell(row, position, code)
                cell.data_type, cell.number_format = "s", "@"
            places[field.choices] = f"{LISTS}!${letter}$2:${letter}${len(field.choices) + 1}"
    return places


def _write_field(table: Worksheet, position: int, field: Field, rows: int, list_place: str) -> None:
    head = table.cell(1, position, field.header)
    head.fill, head.border = (_MUST if field.must else _MAY), _LINE
    head.font = Font(bold=True, color="FFFFFF" if field.must else "1F3A5F")
    head.alignment = Alignment(vertical="center", wrap_text=True)
    letter = get_column_letter(position)
    column = table.column_dimensions[letter]
    column.width = min(32, max(12, len(field.header) + 3, *(len(c) + 5 for c in field.choices or ("",))))
    column.number_format = FORMATS[field.kind]
    rule = _validation(field, list_place)
    rule.add(f"{letter}2:{letter}{rows + 1}")
    table.add_data_validation(rule)


def _validation(field: Field, list_place: str) -> DataValidation:
    """The rule of a column's cells; a column without one still says what belongs in it."""
    rule = DataValidation(allow_blank=True, showInputMessage=True, showErrorMessage=True, errorStyle="stop")
    rule.promptTitle, rule.prompt = shortened(field.header, TITLE_LENGTH), shortened(field.said, SAID_LENGTH)
    rule.errorTitle = shortened(f"Not a {field.header}", TITLE_LENGTH)
    rule.error = shortened(f"Expected: {field.expected}. Leave the cell blank if it is not known.", SAID_LENGTH)
    if list_place:
        rule.type, rule.formula1 = "list", list_place
    elif field.kind in RULES:
        rule.type = RULES[field.kind]
        _limit(rule, field)
    return rule


def _limit(rule: DataValidation, field: Field) -> None:
    """The range of a number or date; a number without one is only kept from being text."""
    if field.kind == "date":
        rule.operator, rule.formula1, rule.formula2 = "between", str(FIRST_DAY), str(LAST_DAY)
    elif field.low is not None and field.above_low and field.high is None:
        rule.operator, rule.formula1 = "greaterThan", f"{field.low:g}"
    elif field.low is not None and field.high is None:
        rule.operator, rule.formula1 = "greaterThanOrEqual", f"{field.low:g}"
    else:
        low = -LARGEST if field.low is None else field.low
        high = LARGEST if field.high is None else field.high
        rule.operator, rule.formula1, rule.formula2 = "between", f"{low:.15g}", f"{high:.15g}"


def shortened(text: str, most: int) -> str:
    """A text that fits, cut after a word."""
    return text if len(text) <= most else text[: most - 3].rsplit(" ", 1)[0].rstrip(" ,;") + "..."
