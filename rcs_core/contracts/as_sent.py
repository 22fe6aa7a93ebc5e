"""Reads an input file once more as it was sent: every row and cell in its place, nothing renamed, mended or left out.

In: a file of the input folder. Out: its rows from row 1, text as text and a workbook's numbers and dates as they are; the
lines of a YAML file are rows of one cell. What cannot be read has no rows.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from rcs_core.contracts.files import separator_cells, separator_of, text_of
from rcs_core.errors import UnreadableError
from rcs_core.sheets.marked import sheet_name
from rcs_core.sheets.read import limits, read_cells


@dataclass(frozen=True, slots=True)
class AsSent:
    """One table as it was sent: its sheet's name (for a text file its own), its rows, and the row of its headers."""

    sheet: str
    rows: list[list[object]]
    header_row: int

    @property
    def header(self) -> list[str]:
        """The headers as written."""
        row = self.rows[self.header_row - 1] if len(self.rows) >= self.header_row else []
        return [str(cell) for cell in row]


SHEET_ROWS, SHEET_COLUMNS = 2**20, 2**14
"""What one sheet of a workbook holds."""


def as_sent(path: Path, sheet: str = "", header_row: int = 1) -> AsSent | None:
    """The file's rows as sent, or None when it cannot be read or no sheet can hold it."""
    kind = path.suffix.casefold()
    try:
        if kind == ".xlsx":
            found = read_cells(path, sheet)
            return AsSent(found.name, found.rows, header_row)
        text = text_of(path) if kind in (".csv", ".yaml", ".yml") else None
    except (UnreadableError, OSError):
        return None
    if text is None:
        return None
    name = sheet_name(path.stem)
    if kind != ".csv":
        return AsSent(name, [[line] for line in text.splitlines()], 0)
    if text.count("\n") * separator_cells(text, header_row) > limits().cells:
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text, header_row)))
    except csv.Error:
        return None
    if len(rows) > SHEET_ROWS or max(map(len, rows), default=0) > SHEET_COLUMNS:
        return None
    return AsSent(name, [list[object](row) for row in rows], header_row)
