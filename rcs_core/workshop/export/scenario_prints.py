"""What every sheet of a book held when it was written, in few letters: so that what was typed over can be told.

For each row of a table: what kind each cell is, and a short hash of its texts and figures. Cells that are there to be filled
are left out of the hash. Formulas are known by their place alone, since every spreadsheet program writes them in its own way.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rcs_core.sheets.draw import printable
from rcs_core.sheets.write import Formula, Sheet, Value

BLANK, CONSTANT, FORMULA, ENTRY = "b", "c", "f", "e"
LENGTH = 6
"""Letters of a row's hash."""
_FIGURES, _EXACT = 9, 12
"""Figures of a number that count, and those that every spreadsheet program keeps as they are (most keep fifteen)."""


def prints_of(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """By sheet: runs of rows with the same kinds of cells, and the hashes of all rows one after the other."""
    return {sheet.name: _sheet(sheet) for sheet in sheets}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    kinds = [
        "".join(ENTRY if (k, c) in sheet.entries else _kind(value) for c, value in enumerate(row))
        for k, row in enumerate(sheet.rows)
    ]
    hashes = [
        row_hash([v for v, kind in zip(row, told, strict=True) if kind == CONSTANT])
        for row, told in zip(sheet.rows, kinds, strict=True)
    ]
    return {"kinds": [[len(list(run)), told] for told, run in groupby(kinds)], "rows": "".join(hashes)}


def _kind(value: Value) -> str:
    if isinstance(value, Formula):
        return FORMULA
    return BLANK if plain(value) == "" else CONSTANT


def row_hash(values: Sequence[object]) -> str:
    """A short hash of the texts and figures of a row, the same before and after a spreadsheet program has saved them."""
    return hashlib.sha256("\x1f".join(map(plain, values)).encode("utf-8", "replace")).hexdigest()[:LENGTH]


def plain(value: object) -> str:
    """A text or figure as it counts: blanks and line ends in one way, numbers to nine figures, true as 1, days as yyyy-mm-dd."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        # Rounded twice: a sum that ends in a half may come back a hair under it, and must not be another figure for that.
        return f"{float(f'{float(value) + 0.0:.{_EXACT}g}'):.{_FIGURES}g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return " ".join(printable(str(value)).split())
