"""Reads one sheet of a workbook as text, after looking at what it would unpack to.

In: an .xlsx file that anyone may have sent. Out: its cells as text, row by row, as a person sees them. A workbook that
would exhaust the machine (a zip bomb, a cell in the last row and column) is refused before it is parsed.
"""

import datetime as dt
import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rcs_core.errors import UnreadableError
from rcs_core.settings import CONTRACTS, fill, read_yaml

CHUNK = 1 << 20
TAIL = 256
LONGEST = 12
ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt=["']e["'][^>]*>""")
REFERENCE = re.compile(rb"""\br=["']([A-Za-z]+)(\d+)["']""")
NO_VALUE = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt=["']str["'])[^>]*><(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?"""
    rb"""(?:<(?:\w+:)?v ?/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"""
)
"""A formula that no program has worked out: the cell holds no value. Of type str it may be worked out and blank."""
FORMULA_ERROR = "#ERROR!"
COUNT = re.compile(rb"""ount\s*=\s*["']([0-9]{1,40})""")
ATTRIBUTE = re.compile(r"""([\w:]+)=(["'])(.*?)\2""")
type Places = dict[str, set[tuple[int, int]]]
OLD_FORM = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an input file may be at most (bytes, rows, columns, cells), and how much a text report spells out."""

    file_bytes: int
    unpacked_bytes: int
    unpacked_ratio: int
    ratio_floor_bytes: int
    workbook_parts: int
    sheets: int
    rows: int
    columns: int
    cells: int
    csv_cells: int
    cell_signs: int
    shown_alike: int
    suggestions: int
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class SheetText:
    """One sheet: its name and its cells as text; row 1 of the sheet is rows[0]; a formula's error is "#ERROR!".

    names: of all the workbook's sheets.
    """

    name: str
    rows: list[list[str]]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet: its name and its cells as a person sees them: text, numbers, dates; row 1 of the sheet is rows[0]."""

    name: str
    rows: list[list[object]]
    names: tuple[str, ...] = ()


@cache
def limits() -> Limits:
    """The limits of `data_contracts/limits.yaml`."""
    path = CONTRACTS / "limits.yaml"
    return fill(Limits, read_yaml(path), path.name)


def read_sheet(path: Path, sheet: str = "", most: Limits | None = None) -> SheetText:
    """The cells of one sheet (the first when no name is given) as text; raises what `read_cells` raises."""
    found = read_cells(path, sheet, most)
    return SheetText(found.name, [[cell_text(cell) for cell in row] for row in found.rows], found.names)


def read_cells(path: Path, sheet: str = "", most: Limits | None = None) -> SheetCells:
    """The cells of one sheet (the first when no name is given): text, numbers, dates; a formula's error is "#ERROR!".

    Raises UnreadableError when the file is no workbook, is damaged, locked or too large, or lacks the sheet.
    """
    most = most or limits()
    errors = _look_inside(path, most)
    try:
        with CalamineWorkbook.from_path(path) as book:
            if len(book.sheet_names) > most.sheets:
                raise _too_large(path, f"{len(book.sheet_names):,} sheets", f"{most.sheets:,} or fewer")
            name = sheet or _first(book)
            if name not in book.sheet_names:
                raise UnreadableError(
                    "the workbook has no such sheet", path.name, name, ", ".join(book.sheet_names), "rename the sheet"
                )
            names = tuple(book.sheet_names)
            rows: list[Any] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise _damaged(path, str(error)) from error
    except BaseException as error:
        # The parser's own panics are not Exceptions; only they are turned into a message.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, "the parser gave up") from error
    for row, column in _errors_of(path, name, errors):
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = FORMULA_ERROR
    return SheetCells(name, rows, names)


def _first(book: CalamineWorkbook) -> str:
    """The first sheet that a person sees; a hidden one may stand before it."""
    seen = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible and s.typ == SheetTypeEnum.WorkSheet]
    return next(iter(seen), book.sheet_names[0])


def sheet_count(path: Path) -> int:
    """How many sheets a workbook has that `read_sheet` has read already."""
    with CalamineWorkbook.from_path(path) as book:
        return len(book.sheet_names)


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates as yyyy-mm-dd, true and false in lower case."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell)


def _damaged(path: Path, why: str) -> UnreadableError:
    return UnreadableError(
        "the workbook is damaged",
        path.name,
        why.splitlines()[0][:120] if why else "",
        "a workbook that opens",
        "save it again as .xlsx",
    )


def _too_large(path: Path, got: str, expected: str) -> UnreadableError:
    return UnreadableError(
        "the workbook is too large to be opened safely",
        path.name,
        got,
        expected,
        "send only the sheet that is asked for, with unused rows and columns deleted, or a csv file",
    )


def _look_inside(path: Path, most: Limits) -> Places:
    """Refuse a file that is no workbook, or that would unpack to more than the limits, before it is parsed.

    Returns the cells that hold a formula's error, by part, since the parser reads those as blank.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_FORM:
        raise UnreadableError(
            "the workbook has a password or is in the old .xls form", path.name, "", "an .xlsx workbook without a password",
            "save it again as .xlsx without a password",
        )  # fmt: skip
    if path.stat().st_size > most.file_bytes:
        raise _too_large(path, f"{path.stat().st_size:,} bytes", f"{most.file_bytes:,} or fewer")
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > most.workbook_parts:
                raise _too_large(path, f"{len(parts):,} parts", f"{most.workbook_parts:,} or fewer")
            _refuse_bomb(path, sum(p.file_size for p in parts), most)
            return _unpack(path, packed, parts, most)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def _refuse_bomb(path: Path, unpacked: int, most: Limits) -> None:
    packed = max(path.stat().st_size, 1)
    if unpacked > most.unpacked_bytes:
        raise _too_large(path, f"over {most.unpacked_bytes:,} bytes when unpacked", f"{most.unpacked_bytes:,} or fewer")
    if unpacked > most.ratio_floor_bytes and unpacked > most.unpacked_ratio * packed:
        raise _too_large(path, f"{unpacked // packed:,} times its size when unpacked", f"{most.unpacked_ratio} times or less")


def _unpack(path: Path, packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo], most: Limits) -> Places:
    """Unpack every part in pieces, without keeping it: count its true bytes and see how far its cells reach."""
    total = 0
    errors: Places = {}
    for part in parts:
        rows, columns, cells, tail, sheet = 0, 0, 0, b"", False
        with packed.open(part) as stream:
            while piece := stream.read(CHUNK):
                total += len(piece)
                _refuse_bomb(path, total, most)
                text = tail + piece
                # Only a part with sheetData is parsed as a sheet, and that stands before its first cell.
                sheet = sheet or b"sheetData" in text
                if sheet:
                    if _hides_references(text):
                        raise _damaged(path, f"{part.filename} is not written as spreadsheets are")
                    rows, columns = _reach(text, rows, columns)
                    # Cells may also come without a reference, one after the other.
                    cells += piece.count(b"<c") + piece.count(b":c ") + piece.count(b":c>")
                    if found := _error_cells(text):
                        errors.setdefault(part.filename, set()).update(found)
                elif (told := _told(text)) > most.cells:
                    # The parser reserves memory for what is told here, and ends the whole program when there is not so much.
                    raise _too_large(path, f"{told:,} entries told in {part.filename}", f"{most.cells:,} at most")
                tail = piece[-TAIL:]
        if rows > most.rows or columns > most.columns or max(cells, rows * columns) > most.cells:
            expected = f"{most.rows:,} rows, {most.columns:,} columns and {most.cells:,} cells at most"
            raise _too_large(path, f"{cells:,} cells as far as row {rows:,}, column {columns:,}", expected)
    return errors


def _told(text: bytes) -> int:
    """The largest number of entries that a list of texts or styles says it has."""
    return max((int(number) for number in COUNT.findall(text)), default=0) if b"ount" in text else 0


def _error_cells(text: bytes) -> set[tuple[int, int]]:
    """Row and column of the cells that hold a formula's error, or a formula without a value."""
    cells = [*ERROR_CELL.finditer(text)] if b't="e"' in text or b"t='e'" in text else []
    cells += NO_VALUE.finditer(text) if b"<f" in text or b":f" in text else []
    found = [REFERENCE.search(cell[0]) for cell in cells]
    return {(int(ref[2]), _column_number(ref[1])) for ref in found if ref}


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _errors_of(path: Path, sheet: str, errors: Places) -> set[tuple[int, int]]:
    """The cells of one sheet that hold a formula's error; the workbook tells which part the sheet is."""
    if not errors:
        return set()
    with zipfile.ZipFile(path) as packed:
        book = packed.read("xl/workbook.xml").decode("utf-8", "replace")
        links = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    wanted = {tag.get("r:id") for tag in _tags(book, "sheet") if tag.get("name") == sheet}
    targets = [tag.get("Target", "") for tag in _tags(links, "Relationship") if tag.get("Id") in wanted]
    return {cell for t in targets for cell in errors.get(t.lstrip("/") if t.startswith("/") else f"xl/{t}", set())}


def _tags(text: str, name: str) -> list[dict[str, str]]:
    """The attributes of each tag of that name; enough XML for the two small parts that list a workbook's sheets."""
    tags = re.findall(rf"<(?:\w+:)?{name}\b([^>]*)>", text)
    return [{key: html.unescape(value) for key, _, value in ATTRIBUTE.findall(tag)} for tag in tags]


def _reach(text: bytes, rows: int, columns: int) -> tuple[int, int]:
    """The last row and column that any cell reference (r="AB12") in the text names, or those already known.

    Read with numpy: a million references in a tenth of a second, where a regular expression takes seconds.
    """
    signs = np.frombuffer(text + bytes(TAIL), dtype=np.uint8)
    quote = (signs[3:] == ord('"')) | (signs[3:] == ord("'"))
    at = np.flatnonzero((signs[:-3] <= ord(" ")) & (signs[1:-2] == ord("r")) & (signs[2:-1] == ord("=")) & quote) + 4
    column, row = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    letters, digits = np.ones(len(at), dtype=bool), np.ones(len(at), dtype=bool)
    for step in range(LONGEST):
        sign = signs[at + step].astype(np.int64)
        letter = (sign & ~32) - 64
        letters &= (letter >= 1) & (letter <= 26)
        column = np.where(letters, column * 26 + letter, column)
        digits &= letters | ((sign >= ord("0")) & (sign <= ord("9")))
        row = np.where(digits & ~letters, row * 10 + sign - ord("0"), row)
    return max(rows, int(row.max(initial=0))), max(columns, int(np.where(row > 0, column, 0).max(initial=0)))


def _hides_references(text: bytes) -> bool:
    """Whether a cell reference is written in a form that no spreadsheet program writes (r = "A1")."""
    return any(b" r" + gap + b"=" in text or b" r=" + gap in text for gap in (b" ", b"\t", b"\n", b"\r"))
