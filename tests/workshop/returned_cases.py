"""Workbooks that come back: one of a small scenario, written once, and what people do to it in a spreadsheet program."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.write import Column, Entry, Sheet, write_book
from rcs_core.workshop.bring_back import Came
from rcs_core.workshop.export.scenario_facts import facts_of, spend_sheet
from rcs_core.workshop.export.scenario_whole import Origin, whole_sheet
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from tests.workshop.book_cases import pools

BOOKS = Path(__file__).with_name("books")
NAMES = {"family": "Family support", "homes": "Children's homes", "g1": "Young", "g2": "Older"}
DAY = dt.date(2026, 11, 22)
BUDGET, RATE, EXIT = "/agencies/0/budget/1", "/discount_rate", "/prevention/0/exit_cost"

type Book = openpyxl.Workbook


@cache
def scenario() -> Scenario:
    return parse_scenario(pools() | {"provenance": [{"path": "/acute/0/unit_cost", "state": "measured", "low": 20, "high": 40}]})


@cache
def written() -> Path:
    """The workbook of the small scenario."""
    return a_book(scenario(), Path(mkdtemp()) / "book.xlsx")


def a_book(asked: Scenario, path: Path) -> Path:
    """A workbook with what the way back needs: the inputs, one sheet of figures, notes with a place to sign, the file."""
    content = asked.to_dict()
    facts = facts_of(content, solve(asked).to_dict(), NAMES, "children a year")
    notes = Sheet("Notes", "Notes", (Column("From"), Column("Note")), [("Scenario", "Said by Ada"), ("Signed off by", None)],
                  entries={(1, 1): Entry("text", "Who signs it off")})  # fmt: skip
    sheets = [facts.inputs.sheet(), spend_sheet(facts), notes]
    origin = Origin("Strathmere", "0123456789ab", "children a year", names=NAMES)
    write_book(path, [*sheets, whole_sheet(content, origin=origin, sheets=sheets)], {}, "A small scenario")
    return path


def came() -> Came:
    """The scenario that books of layout 1 belong to."""
    return Came(parse_scenario(pools()).to_dict(), names=NAMES)


def edited(folder: Path, change: Callable[[Book], object], source: Path | None = None) -> Path:
    """A copy of a workbook after somebody changed it."""
    book = openpyxl.load_workbook(source or written())
    change(book)
    path = folder / "edited.xlsx"
    book.save(path)
    return path


def inputs(book: Book) -> Worksheet:
    sheet = book["Inputs"]
    assert isinstance(sheet, Worksheet)
    return sheet


def column(sheet: Worksheet, title: str) -> int:
    """The column with a heading, from 1."""
    return next(cell.column for cell in sheet[4] if cell.value == title)


def row_of(sheet: Worksheet, pointer: str) -> int:
    """The row of a place in the scenario file."""
    place = column(sheet, "Place in the scenario file")
    return next(row[0].row for row in sheet.iter_rows(min_row=5) if row[place - 1].value == pointer)


def typing(values: Mapping[str, Any], title: str = "Value") -> Callable[[Book], None]:
    """Type values on the sheet Inputs, by place."""

    def change(book: Book) -> None:
        sheet = inputs(book)
        for pointer, value in values.items():
            sheet.cell(row_of(sheet, pointer), column(sheet, title)).value = value

    return change
