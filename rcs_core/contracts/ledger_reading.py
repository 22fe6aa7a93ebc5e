"""Reads one agency's ledger file as its description lays it out, and tells every breach in it.

In: a ledger file, its entry of `ledger_columns.yaml`, and the cost centres that the map names. Out: its rows, mended, with
amounts in pence, and the breaches: of the file, of each row, of the sum; what is hidden or merged in the sheet among them.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts.clean import Mended, mend, mended_notes
from rcs_core.contracts.files import note, read_raw
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.ledgers import check_ledger, pounds
from rcs_core.contracts.model import Contract
from rcs_core.contracts.reading import left_out
from rcs_core.contracts.rows import blanked, check_rows
from rcs_core.sheets.unseen import Unseen, look
from rcs_core.vocab import Severity

COLUMNS = ("cost_centre", "description", "amount")


def told_columns(told: Mapping[str, Any]) -> dict[str, str] | None:
    """The headers over cost centre, description and amount; None where one is not told."""
    columns = told.get("columns")
    if not isinstance(columns, dict) or not all(columns.get(name) for name in COLUMNS):
        return None
    return {name: str(columns[name]) for name in COLUMNS}


def read_ledger(
    contract: Contract, path: Path, told: Mapping[str, Any], columns: Mapping[str, str], mapped: set[str], year: int
) -> tuple[Mended | None, list[Breaches]]:
    """Read a ledger as it is described; no table where the file or a column cannot be read, and the reason is told."""
    header_row, sheet = str(told.get("header_row", 1)), str(told.get("sheet") or "")
    raw, breaches = read_raw(path, sheet, max(1, int(header_row)) if header_row.isdecimal() else 1)
    if raw is None:
        return None, breaches
    table = mend(contract, raw, columns)
    # Finance systems send more columns than are asked for; only those that name a person matter.
    if not set(columns) <= set(table.frame.columns):
        wrong = check_rows(contract, table, year)
        return None, [*breaches, *table.breaches, *(b for b in wrong if b.code == "identifier")]
    unseen = look(path, sheet) if path.suffix.casefold() == ".xlsx" else Unseen()
    table, filled = fill_merged(table, unseen)
    wrong = [b for b in check_rows(contract, table, year) if b.code != "extra_column"]
    table, more = check_ledger(table, told, mapped)
    gone = left_out(more)
    breaches += [*table.breaches, *filled, *more, *_hidden(table, unseen, gone), *mended_notes(table)]
    breaches += [_without(b, gone) for b in wrong if not _only(b, gone)]
    return blanked(table, [*wrong, *more]), [replace(b, column=columns.get(b.column, b.column)) for b in breaches]


def fill_merged(table: Mended, unseen: Unseen) -> tuple[Mended, list[Breaches]]:
    """Cost centre and description of cells that are merged downwards hold for each of their rows; an amount never does."""
    frame, rows = table.frame, {int(row): place for place, row in enumerate(table.frame["_row"])}
    filled: list[int] = []
    for name in ("cost_centre", "description"):
        cells = frame[name].tolist()
        column = table.places.get(name, -1) + 1
        for first, left, last, right in unseen.merged:
            if left <= column <= right and first in rows and left == column:
                below = [row for row in range(first + 1, last + 1) if row in rows and not cells[rows[row]]]
                for row in below:
                    cells[rows[row]] = cells[rows[first]]
                filled += below
        frame = frame.assign(**{name: pd.Series(cells, index=frame.index, dtype="str")})
    if not filled:
        return table, []
    rule = "one cell a row; cells merged downwards were read as if each row said what the first one says"
    where = sorted(set(filled))
    merged = Breaches(Severity.NOTE, table.file, "merged", rule, "", table.sheet, "", where, [""] * len(where))
    return replace(table, frame=frame), [merged]


def _hidden(table: Mended, unseen: Unseen, gone: set[int]) -> list[Breaches]:
    """What does not show on the screen of who opens the workbook, and is read all the same."""
    found: list[Breaches] = []
    rows = table.frame["_row"]
    hit = rows.isin(list(set(unseen.rows) - gone))
    if hit.any():
        money = pounds(int(table.frame.loc[hit, "amount_pence"].sum()))
        how = "filtered out" if unseen.filtered else "hidden"
        rule, remedy = (
            f"rows that show; these are {how} in the sheet, and counted: {money} in all",
            "look whether they belong in it",
        )
        where = rows[hit].tolist()
        found.append(Breaches(Severity.NOTE, table.file, "hidden_rows", rule, remedy, table.sheet, "", where, [""] * len(where)))
    hidden = set(unseen.columns)
    for name, place in table.places.items():
        if place + 1 in hidden:
            rule = "a column that shows; this one is hidden in the sheet, and was read"
            found.append(note(table.file, "hidden_column", rule, "look whether it is the right one", column=name))
    if others := len(hidden - {place + 1 for place in table.places.values()}):
        found.append(note(table.file, "hidden_columns", f"columns that show; {others} hidden one(s) were not read"))
    if unseen.sheets:
        rule = f"sheets that show; {unseen.sheets} hidden one(s) were not read"
        found.append(note(table.file, "hidden_sheets", rule, "look whether a part of the ledger stands there"))
    return found


def _only(breach: Breaches, rows: set[int]) -> bool:
    return bool(len(breach.rows)) and set(breach.rows) <= rows


def _without(breach: Breaches, rows: set[int]) -> Breaches:
    """The breach without rows that are left out anyway (a sub-total has no cost centre)."""
    pairs = [(row, value) for row, value in zip(breach.rows, breach.values, strict=False) if row not in rows]
    if not len(breach.rows) or len(pairs) == len(breach.rows):
        return breach
    return breach.keeping([row for row, _ in pairs], [value for _, value in pairs])
