"""The columns of a csv as text: codes, numbers and domains, each asked for by name."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import ContractError, SettingsError

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
            raise ContractError("a number is wanted", f"row {row + 2}, column {name}", repr(text[row]), "a number")
        return found

    def inside(self, domain: dict[str, object] | None) -> Flags:
        """The rows of a domain: every named column holds its value."""
        rows = np.ones(len(self), dtype=bool)
        for column, value in (domain or {}).items():
            rows &= self.text(column) == str(value)
        return rows

    def outside(self, domain: dict[str, object] | None) -> Flags:
        """The rows known not to be in a domain: some named column holds another value (an empty cell says nothing)."""
        rows = np.zeros(len(self), dtype=bool)
        for column, value in (domain or {}).items():
            text = self.text(column)
            rows |= (text != str(value)) & (text != "")
        return rows
