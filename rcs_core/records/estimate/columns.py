"""The columns of a csv as text: codes, numbers and domains, each asked for by name."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import ContractError, SettingsError, UnreadableError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table of text; an empty cell is missing."""

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def text(self, name: str) -> Words:
        """A column as it stands in the file."""
        if name not in self.frame:
            raise SettingsError("there is no such column", "the data", repr(name), ", ".join(map(str, self.frame.columns)))
        return self.frame[name].to_numpy(dtype=str)

    def present(self, name: str) -> Flags:
        """The rows that are not empty in a column."""
        return np.asarray(self.text(name) != "")

    def codes(self, name: str) -> Words:
        """A column without an empty cell, as designs and margins need."""
        values = self.text(name)
        if (values == "").any():
            row = int(np.flatnonzero(values == "")[0]) + 2
            raise ContractError("a code is missing", f"row {row}, column {name}", "an empty cell", "a code in every row")
        return values

    def numbers(self, name: str) -> Floats:
        """A column of numbers without an empty cell."""
        self.codes(name)
        return self.values(name)

    def values(self, name: str) -> Floats:
        """A column of numbers, NaN where empty."""
        text = self.text(name)
        found = pd.to_numeric(pd.Series(text).where(text != ""), errors="coerce").to_numpy(dtype=float)
        wrong = ~np.isfinite(found) & (text != "")
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise ContractError("a number is wanted", f"row {row + 2}, column {name}", repr(str(text[row])), "a number")
        return found

    def inside(self, domain: dict[str, str] | None) -> Flags:
        """The rows of a domain: every named column holds its value (an empty cell holds none)."""
        rows = np.ones(len(self), dtype=bool)
        for column, value in (domain or {}).items():
            text = self.text(column)
            rows &= (text == value) & (text != "")
        return rows

    def outside(self, domain: dict[str, str] | None) -> Flags:
        """The rows known not to be in a domain: some named column holds another value (an empty cell says nothing)."""
        rows = np.zeros(len(self), dtype=bool)
        for column, value in (domain or {}).items():
            text = self.text(column)
            rows |= (text != value) & (text != "")
        return rows


def read_columns(path: Path) -> Columns:
    """A csv as text: cells as they stand, spaces included; blank lines are passed over.

    Raises UnreadableError for a file that is not a utf-8 csv with one name a column and as many cells in every row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_cells(csv.reader(file, strict=True), path))
    except (OSError, ValueError, csv.Error) as error:
        first = str(error).splitlines()[0]
        raise UnreadableError("the data cannot be read", str(path), first, "a utf-8 csv with a header row") from error
    if len(rows) < 2:
        raise UnreadableError("the data hold no row", str(path), f"{len(rows)} lines", "a header row and a row for each answer")
    header = rows.pop(0)
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise UnreadableError("a column stands twice", str(path), ", ".join(twice), "one name a column", "rename one of them")
    places = {name: i for i, name in enumerate(header) if name}
    return Columns(pd.DataFrame({name: [row[i] for row in rows] for name, i in places.items()}, dtype=object))


def _cells(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    width = 0
    for line, row in enumerate(rows, start=1):
        width = width or len(row)
        if row and len(row) != width:
            got, expected = f"{len(row)} cells", f"{width} cells, as in the header"
            raise UnreadableError("a row has cells too many or too few", f"{path}, row {line}", got, expected)
        if row:
            yield row
