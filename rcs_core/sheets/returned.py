"""Reads a whole workbook that somebody sends back: the values of every sheet, and in which cells a formula stands.

In: an .xlsx file that anyone may have sent, looked at first as every input file is. Out: plain rows, and plain row and
column numbers. One that carries macros or points at other files is refused, since what it shows may not be its own.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rcs_core.errors import UnreadableError
from rcs_core.sheets.read import (
    FORMULA_ERROR,
    REFERENCE,
    Limits,
    Places,
    _column_number,
    _damaged,
    _errors_of,
    _look_inside,
    _tags,
    _too_large,
    limits,
)
from rcs_core.sheets.unseen import look

_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b")
_FOREIGN = (
    ("vbaproject", "the workbook carries macros", "save it as .xlsx (a workbook without macros) and load that"),
    ("macrosheets/", "the workbook carries macros", "save it as .xlsx (a workbook without macros) and load that"),
    ("externallinks/", "the workbook points at other files", "break the links to other files, save it and load it again"),
)
type Place = tuple[int, int]
"""Row and column, 1 the first."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One sheet that came back; row 1 is rows[0]. formulas: where one stands. hidden: rows that do not show."""

    name: str
    rows: list[list[object]]
    formulas: frozenset[Place] = frozenset()
    hidden: frozenset[int] = frozenset()

    def value(self, row: int, column: int) -> object:
        """What stands in a cell; "" where nothing does."""
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else ""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that came back: its sheets in their order, by name. unseen: sheets that are hidden."""

    path: Path
    sheets: Mapping[str, Returned] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()


def address(sheet: str, row: int, column: int) -> str:
    """A cell as people name it."""
    return f"{sheet}!{get_column_letter(column)}{row}"


def read_returned(path: Path, most: Limits | None = None) -> Book:
    """Every sheet of a workbook. Raises UnreadableError when it is none, damaged, locked, too large, or not its own."""
    most = most or limits()
    errors = _look_inside(path, most)
    try:
        _refuse_foreign(path)
        with CalamineWorkbook.from_path(path) as book:
            if len(book.sheet_names) > most.sheets:
                raise _too_large(path, f"{len(book.sheet_names):,} sheets", f"{most.sheets:,} or fewer")
            about = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
            rows = {s.name: book.get_sheet_by_name(s.name).to_python(skip_empty_area=False) for s in about}
        formulas = _formulas(path)
        sheets = {name: _sheet(path, name, found, errors, formulas) for name, found in rows.items()}
    except (CalamineError, zipfile.BadZipFile, KeyError, OSError, ValueError, IndexError, RuntimeError) as error:
        raise _damaged(path, str(error)) from error
    except BaseException as error:
        # The parser's own panics are not Exceptions; only they are turned into a message.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, "the parser gave up") from error
    return Book(path, sheets, tuple(s.name for s in about if s.visible != SheetVisibleEnum.Visible))


def _refuse_foreign(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        names = [name.lower() for name in packed.namelist()]
    for part, what, remedy in _FOREIGN:
        if any(part in name for name in names):
            raise UnreadableError(what, path.name, part.strip("/"), "a workbook that holds all that it shows", remedy)


def _sheet(path: Path, name: str, rows: list[list[Any]], errors: Places, formulas: Mapping[str, frozenset[Place]]) -> Returned:
    for row, column in _errors_of(path, name, errors):
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = FORMULA_ERROR
    return Returned(name, rows, formulas.get(name, frozenset()), frozenset(look(path, name).rows))


def _formulas(path: Path) -> dict[str, frozenset[Place]]:
    """Where formulas stand, by sheet; the workbook tells which part a sheet is."""
    found: dict[str, frozenset[Place]] = {}
    with zipfile.ZipFile(path) as packed:
        book = _tags(packed.read("xl/workbook.xml").decode("utf-8", "replace"), "sheet")
        links = _tags(packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"), "Relationship")
        targets = {tag.get("Id", ""): tag.get("Target", "") for tag in links}
        parts = set(packed.namelist())
        for tag in book:
            target = targets.get(tag.get("r:id", ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in parts and "worksheets/" in part:
                found[tag.get("name", "")] = _places(packed.read(part))
    return found


def _places(text: bytes) -> frozenset[Place]:
    refs = [REFERENCE.search(cell[1]) for cell in _FORMULA.finditer(text)]
    return frozenset((int(ref[2]), _column_number(ref[1])) for ref in refs if ref)
