"""What count tables show and hide, ready to be asked about a group that some other figure speaks of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from rcs_core.audit.columns import ANSWERS
from rcs_core.audit.joined import Cell, Place
from rcs_core.audit.reading import read_cells, read_trees
from rcs_core.release import ALL, Table
from rcs_core.vocab import CellState

MARKS = frozenset({state.mark for state in CellState})
"""What stands in a table for a number that is not there; a blank among them."""
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """Count tables as one reader has them: the number of each cell (None where hidden), and which groups hide a band.

    columns: label columns, dimension columns; tops: the code of a dimension that means `ALL`.
    """

    numbers: dict[Cell, int | None] = field(default_factory=dict)
    veiled: set[Cell] = field(default_factory=set)
    groups: dict[Cell, dict[str, int | None]] = field(default_factory=lambda: defaultdict(dict))
    labels: set[str] = field(default_factory=set)
    dims: set[str] = field(default_factory=set)
    tops: dict[str, str] = field(default_factory=dict)
    questions: set[Place] = field(default_factory=set)

    def place(self, codes: Mapping[str, str]) -> Place:
        """The codes of dimensions that are no margins."""
        return frozenset((c, v) for c, v in codes.items() if v not in ("", ALL, self.tops.get(c, ALL)))


def seen(tables: Sequence[Table], hierarchies: pd.DataFrame) -> Seen:
    """Read count tables; a cell that one table hides and another shows is shown."""
    counted = [t for t in tables if t.is_count]
    trees = read_trees(hierarchies, counted)
    found = Seen(tops={column: tree.top for column, tree in trees.items()})
    for table in counted:
        found.labels.update(table.labels)
        found.dims.update(table.dims)
        for cell, _, number in read_cells(table, trees):
            found.numbers[cell] = number if number is not None else found.numbers.get(cell)
    for (labels, place), number in found.numbers.items():
        group, band = split_band(place)
        found.groups[labels, group][band] = number
        found.questions.add(labels)
        if number is None:
            found.veiled.add((labels, group))
    return found


def split_band(place: Place) -> tuple[Place, str]:
    """The group that a cell belongs to, and its answer (`ALL` for the base)."""
    band = next((code for column, code in place if column in ANSWERS), ALL)
    return frozenset(pair for pair in place if pair[0] not in ANSWERS), band


def rows(frame: pd.DataFrame) -> Iterator[Row]:
    """Each row as text: blanks and marks are blank, whole numbers have no decimals."""
    columns = [str(c) for c in frame.columns]
    for values in frame.astype(object).itertuples(index=False, name=None):
        yield {c: text(v) for c, v in zip(columns, values, strict=True)}


def text(value: Any) -> str:
    """One value as text: a blank or a mark is blank."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    written = str(value).strip()
    return "" if written in MARKS else written


def figure(written: str) -> float | None:
    """A written figure as a number: `12.5%` is 12.5, `1,200` is 1200; None when it is none."""
    bare = written.removesuffix("%").replace(",", "").strip()
    try:
        return float(bare) if bare and bare[0] in "0123456789.-+" else None
    except ValueError:
        return None


def decimals(written: str) -> int:
    """How many decimals a figure is told to; noughts at the end are a way of writing, and tell nothing."""
    bare = written.removesuffix("%").strip()
    return len(bare.partition(".")[2].rstrip("0")) if "e" not in bare.lower() else 9
