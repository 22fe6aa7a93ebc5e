"""Decides which cells a marked copy must not repeat: those that hold a direct identifier, or stand where one was found.

In: the breaches of a file and its rows as sent. Out: whole columns and single cells to mask, and a sentence for each. In a
column of codes every cell that keeps to its rule is a code, so only the cells that break one are masked; elsewhere the column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rcs_core.contracts.as_sent import AsSent
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import value_finder
from rcs_core.contracts.places import Places
from rcs_core.sheets.read import cell_text


@dataclass(frozen=True, slots=True)
class Hidden:
    """Columns (0 the first) masked below the headers, single cells (row, place), headers, and what is said of it."""

    header_row: int = 1
    columns: set[int] = field(default_factory=set)
    cells: set[tuple[int, int]] = field(default_factory=set)
    headers: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def mask(self, rows: list[list[object]]) -> None:
        """Put the mask in the place of every hidden cell that is not blank."""
        for row in rows[self.header_row :] if self.columns else []:
            for place in self.columns:
                if place < len(row) and row[place] not in ("", None):
                    row[place] = MASK
        for number, place in self.cells:
            if number <= len(rows) and place < len(rows[number - 1]):
                rows[number - 1][place] = MASK

    def header(self, text: str) -> str:
        """A header as it may be repeated."""
        return MASK if text in self.headers else text


def hidden_cells(groups: Sequence[Breaches], sent: AsSent | None, where: Places, about: Mapping[str, Any]) -> Hidden:
    """What to mask in the copy of one file; about: partnership.yaml, for the year that a birth is reckoned from."""
    hidden = Hidden(sent.header_row if sent else 1)
    if sent is None:
        return hidden
    find = _finder(where, about)
    _hide_headers(hidden, sent, where, find)
    for group in groups:
        if group.code == "identifier":
            _hide(hidden, group, groups, where)
    for group in groups:
        for row, value in zip(group.rows, group.values, strict=False):
            if str(value).startswith(MASK) and not where.restricted(group):
                hidden.cells.update((int(row), place) for place in where.columns(group))
    _hide_unread(hidden, sent, where, find)
    return hidden


def _finder(where: Places, about: Mapping[str, Any]) -> Callable[[str], str]:
    """What looks for identifiers where no rule has looked; each different text is looked at once."""
    year = str(about.get("year", ""))[:4]
    children = where.contract is None or where.contract.about_children
    find = cache(value_finder(None, children, int(year) if year.isdigit() else 0))
    return lambda text: find(" ".join(text.split()))


def _hide_headers(hidden: Hidden, sent: AsSent, where: Places, find: Callable[[str], str]) -> None:
    """Mask headers that are not the contract's and look like an identifier: a file without headers begins with a child."""
    read = set(where.known.values())
    for place, header in enumerate(sent.header if sent.header_row else []):
        if place not in read and find(header):
            hidden.cells.add((sent.header_row, place))
            hidden.headers.add(header)


def _hide(hidden: Hidden, group: Breaches, groups: Sequence[Breaches], where: Places) -> None:
    """Mask where one identifier was found: the cells that break a rule in a column of codes, else the whole column."""
    column = where.column(group)
    label = group.rule.partition("looks like ")[2] or "a direct identifier"
    for place in where.columns(group):
        if where.lines:
            hidden.cells.add((place + 1, 0))
            said = f"Line {place + 1} is masked in this copy: it looks like {label}."
        elif column is not None and column.rules:
            wrong = {int(row) for other in groups if other.column == group.column for row in other.rows}
            hidden.cells.update((row, place) for row in wrong)
            said = f"Cells of the column {group.column} that break its rules are masked in this copy: among them is {label}."
        else:
            hidden.columns.add(place)
            said = f"The column {hidden.header(where.headers[place])} is masked in this copy: it holds what looks like {label}."
        if said not in hidden.told:
            hidden.told.append(said)


def _hide_unread(hidden: Hidden, sent: AsSent, where: Places, find: Callable[[str], str]) -> None:
    """Look at what no rule has looked at: rows above the headers, and columns that are not the contract's."""
    if where.lines:
        return
    read = set(where.known.values()) | hidden.columns
    outside: set[tuple[int, int]] = set()
    for number, row in enumerate(sent.rows, start=1):
        if number == hidden.header_row:
            continue
        for place in range(len(row)):
            if (number < hidden.header_row or place not in read) and find(cell_text(row[place])):
                outside.add((number, place))
    hidden.cells.update(outside)
    if outside or hidden.headers:
        hidden.told.append("Cells outside the columns that were read are masked in this copy where they look like an identifier.")
