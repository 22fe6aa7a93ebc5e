"""What a workbook is made of: sheets of one table each, its columns, cells to fill, links, a chart; and addresses in it.

Every sheet has a title in row 1, a note in row 2, a way back in row 3, its headings in row 4 and its rows from row 5, so
that formulas can be written before the file is.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from openpyxl.utils import get_column_letter

NOTE_ROW, BACK_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4, 5
"""FIRST_ROW, the first row of every table, is what a formula that is written in advance counts from."""
MONEY, COUNT, SHARE, FACTOR = "#,##0.00", "#,##0.0", "0.0%", "0.000000"


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, without its equals sign."""

    text: str


type Value = str | int | float | bool | dt.date | Formula | None
type Row = Sequence[Value]
type Kind = Literal["front", "input", "result", "chart", "proof", "source"]
"""What a sheet is for; its tab has the colour of its kind."""


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
class Entry:
    """A cell that is there to be changed: its kind, its range or list, and what it says when it is entered.

    words: what may stand in the place of a number.
    """

    kind: Literal["number", "whole", "list", "date", "text"]
    said: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars: the column of the table that it draws (from 1) and its colour; its name is the heading."""

    column: int
    colour: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart under its table, drawn from the cells of its rows; `about` says in words what it shows.

    labels: the column with what stands along the axis. rows: how many of the table's rows it draws, from the first.
    """

    kind: Literal["bars", "across", "lines", "stacked"]
    title: str
    about: str
    across: str
    up: str
    labels: int
    series: tuple[Series, ...]
    rows: int
    format: str = "#,##0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title; the last `totals` rows are drawn as totals. `formats` overrides a cell's number format.

    entries and links: by row and column of the table, both from 0; a link leads to the sheet that it names.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    totals: int = 0
    formats: Sequence[tuple[int, int, str]] = ()
    kind: Kind = "result"
    entries: Mapping[tuple[int, int], Entry] = field(default_factory=dict)
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    chart: Chart | None = None

    @property
    def last_row(self) -> int:
        """The row number of the last row before the totals."""
        return FIRST_ROW + len(self.rows) - self.totals - 1

    @property
    def end(self) -> int:
        """The row number of the last row of all; that of the headings' neighbour where the table is empty."""
        return max(FIRST_ROW, FIRST_ROW + len(self.rows) - 1)

    @property
    def whole(self) -> str:
        """The address of the table with its headings."""
        return f"{quoted(self.name)}!$A${HEAD_ROW}:${get_column_letter(len(self.columns))}${self.end}"

    def column(self, title: str) -> int:
        """The position of the column with this heading, from 1; raises KeyError where there is none."""
        for position, column in enumerate(self.columns, start=1):
            if column.title == title:
                return position
        raise KeyError(title)


def cell(sheet: str, column: int, row: int) -> str:
    """The absolute address of one cell, columns from 1, for a formula on any sheet."""
    return f"{quoted(sheet)}!${get_column_letter(column)}${row}"


def span(sheet: str, column: int, first: int, last: int) -> str:
    """The absolute address of a run of cells in one column."""
    letter = get_column_letter(column)
    return f"{quoted(sheet)}!${letter}${first}:${letter}${last}"


def here(column: int, row: int) -> str:
    """The address of a cell on the formula's own sheet."""
    return f"{get_column_letter(column)}{row}"


def quoted(sheet: str) -> str:
    """A sheet's name as an address begins with it."""
    return "'" + sheet.replace("'", "''") + "'"
