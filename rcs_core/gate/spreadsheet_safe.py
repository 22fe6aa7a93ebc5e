"""Text that no spreadsheet takes for a formula, whatever separates its columns: what every csv that leaves is written with.

In: one cell. Out: the same, with an apostrophe before what a program would run. A plain number stays a number, below nought too.
"""

import csv
import io
import re
from collections.abc import Iterable

import pandas as pd

from rcs_core.gate.contents import Contents
from rcs_core.gate.refusal import Refusal

_SPACE = r"[\s\u00a0\u200b-\u200f\u2060\ufeff]*"
_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula: the four signs and their wide forms."""
_RUNS = re.compile(rf"{_SPACE}[{_STARTS}]|[\t\r\n]")
_PARTED = re.compile(rf"([;|\t\r\n]{_SPACE}\"?{_SPACE})(?=[{_STARTS}])")
"""Where a program that parts columns by something else than a comma would begin a new cell."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


def harmless(value: object) -> object:
    """A text as a csv may hold it, and a figure without its thousands separators; what is no text as it is."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    if _THOUSANDS.fullmatch(value):
        return value.replace(",", "")
    guarded = _PARTED.sub(r"\1'", value)
    return f"'{guarded}" if _RUNS.match(guarded) else guarded


def runs(cell: str) -> bool:
    """Whether a spreadsheet would run a cell, or a part of it that it takes for a cell."""
    return not _NUMBER.fullmatch(cell) and bool(_RUNS.match(cell) or _PARTED.search(cell))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as csv, UTF-8 with a mark so that every Excel reads it, its headings and its text harmless."""
    safe = frame.rename(columns=harmless)
    texts = [k for k in range(safe.shape[1]) if not pd.api.types.is_numeric_dtype(safe.iloc[:, k])]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(safe.columns)
    columns = [_written(safe.iloc[:, k], k in texts) for k in range(safe.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig")


def _written(column: pd.Series, of_text: bool) -> Iterable[object]:
    """The cells of a column as they are written: blank where there is nothing."""
    return ["" if _blank(v) else harmless(v) if of_text else v for v in column.astype(object)]


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def formulas(found: Contents) -> list[Refusal]:
    """Cells of csv files that a spreadsheet would run."""
    return [
        Refusal("a cell that a spreadsheet would run as a formula", f"{grid.name}, row {k + 1}", "a text behind an apostrophe")
        for grid in found.grids
        if grid.plain
        for k, row in enumerate(grid.rows)
        if any(runs(cell) for cell in row)
    ]
