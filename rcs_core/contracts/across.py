"""Checks that look further than one cell: keys, sums and order within a table, and references to another table.

In: mended tables. Out: breaches. The rules themselves stand in the contracts; nothing about a particular table is known here.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.contracts.cells import distinct
from rcs_core.contracts.clean import Mended, nearest, standing_in
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.model import Column, Contract, Reference, RowRule, Rule
from rcs_core.sheets.read import limits
from rcs_core.vocab import Severity

Mask = npt.NDArray[np.bool_]
CENT = 1e-6


def group(table: Mended, hit: Mask, rule: Rule, column: str, values: list[str]) -> list[Breaches]:
    """The breaches of one rule in the rows that are hit; `values` are those of the hit rows."""
    if not hit.any():
        return []
    rows = table.frame["_row"].to_numpy()[hit].tolist()
    return [Breaches(rule.severity, table.file, rule.code, rule.text, rule.remedy, table.sheet, column, rows, values)]


def shown(column: Column | None, cells: pd.Series) -> list[str]:
    """Cells as a finding shows them: masked where the contract restricts the column."""
    return [MASK] * len(cells) if column is not None and column.restricted else [str(c) for c in cells]


def check_references(contract: Contract, table: Mended, tables: Mapping[str, Mended], linked: bool) -> list[Breaches]:
    """Values that ought to stand in another table of the folder and do not."""
    breaches: list[Breaches] = []
    for column in contract.columns:
        link = column.reference
        if link is None or column.name not in table.frame.columns or (link.linked_only and not linked):
            continue
        other = tables.get(link.table)
        if other is not None and link.column in other.frame.columns and len(other.frame):
            breaches += _check_reference(column, link, table, other)
    return breaches


def _check_reference(column: Column, link: Reference, table: Mended, other: Mended) -> list[Breaches]:
    cells = table.frame[column.name]
    known = set(distinct(other.frame[link.column])[1])
    lost = ~standing_in(cells, known | {""})
    if link.severity is Severity.DROP and lost.any() and lost.sum() == (cells != "").sum():
        text = f"at least one {column.name} that stands in {other.file}"
        remedy = "make the pseudonyms of all files with the same key"
        value = f"none of {int(lost.sum()):,}"
        return [Breaches(Severity.ERROR, table.file, "other_pseudonyms", text, remedy, table.sheet, column.name, (), (value,))]
    text = f"a value that stands in {other.file}, column `{link.column}`"
    if not lost.any():
        return []
    likes = _nearest_known(column, cells[lost], known)
    breaches: list[Breaches] = []
    for like in dict.fromkeys(likes.values()):
        same = lost & standing_in(cells, {value for value, near in likes.items() if near == like})
        remedy = f"did you mean `{like}`? Otherwise {link.remedy}" if like else link.remedy
        breaches += group(table, same, Rule(link.code, text, link.severity, remedy), column.name, shown(column, cells[same]))
    return breaches


def _nearest_known(column: Column, lost: pd.Series, known: Collection[str]) -> dict[str, str]:
    """For each lost value the known one most like it, where showing it gives nothing away and the search is short."""
    search = not column.restricted and len(known) <= 5000
    choices = sorted(known) if search else []
    most = limits().suggestions
    return {v: nearest(v, choices) if search and place < most else "" for place, v in enumerate(distinct(lost)[1])}


def check_keys(contract: Contract, table: Mended, dropped: Collection[int]) -> list[Breaches]:
    """Rows that repeat a key; of rows dropped already neither counts as the first nor as a repeat."""
    left = ~table.frame["_row"].isin(list(dropped)).to_numpy()
    breaches: list[Breaches] = []
    for column in contract.columns:
        if column.unique is not None and column.name in table.frame.columns:
            filled = left & (table.frame[column.name] != "").to_numpy()
            breaches += _check_key(table, [column.name], column.unique, column, filled)
    for names, rule in contract.keys:
        if set(names) <= set(table.frame.columns):
            breaches += _check_key(table, list(names), rule, contract.column(names[0]), left)
    return breaches


def _check_key(table: Mended, names: list[str], rule: Rule, column: Column | None, counted: Mask) -> list[Breaches]:
    some = table.frame.loc[counted, [*names, "_row"]]
    repeats = some.duplicated(names)
    if not repeats.any():
        return []
    hit = np.zeros(len(table.frame), dtype=bool)
    hit[np.flatnonzero(counted)[repeats.to_numpy()]] = True
    firsts = some.groupby(names, sort=False)["_row"].transform("first")[repeats]
    cells = shown(column, table.frame.loc[hit, names[0]])
    values = [f"{cell} (also in row {first})" for cell, first in zip(cells, firsts, strict=True)]
    return group(table, hit, rule, names[0], values)


def check_row_rules(contract: Contract, table: Mended) -> list[Breaches]:
    """Sums, order and one-of-two rules over the columns of a row or the rows of a key."""
    breaches: list[Breaches] = []
    for rule in contract.row_rules:
        when = {rule.when_filled} if rule.when_filled else set()
        if {*rule.columns, *rule.by, *rule.not_both, *when, *rule.filled, *rule.ascending} <= set(table.frame.columns):
            breaches += _row_check(rule)(table, rule)
    return breaches


def _row_check(rule: RowRule) -> Callable[[Mended, RowRule], list[Breaches]]:
    if rule.sums_to is not None:
        return _check_sum
    if rule.not_both:
        return _check_not_both
    return _check_filled if rule.when_filled else _check_order


def _numbers(table: Mended, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.to_numeric(table.frame[name], errors="coerce") for name in columns})


def _check_sum(table: Mended, rule: RowRule) -> list[Breaches]:
    wanted = float(rule.sums_to or 0)
    numbers = _numbers(table, rule.columns)
    total = numbers.sum(axis=1, skipna=False)
    first = np.ones(len(total), dtype=bool)
    if rule.by:
        keys = [table.frame[name] for name in rule.by]
        total = total.groupby(keys, sort=False).transform("sum", min_count=1).where(numbers.notna().all(axis=1))
        first = ~table.frame.duplicated(list(rule.by)).to_numpy()
    off = first & (total.notna() & ((total - wanted).abs() > CENT)).to_numpy()
    over = f" over all rows of the same {' and '.join(rule.by)}" if rule.by else ""
    text = f"{', '.join(f'`{c}`' for c in rule.columns)} to add up to {wanted:g}{over}"
    fractions = off & (total.round(9) == wanted / 100).fillna(False).to_numpy(dtype=bool)
    percent = f"write 40 for 40 per cent, not 0.4; then {rule.remedy}"
    column = rule.columns[0] if len(rule.columns) == 1 else ""
    breaches: list[Breaches] = []
    for hit, remedy in ((off & ~fractions, rule.remedy), (fractions, percent)):
        values = [f"a sum of {value:g}" for value in total[hit]]
        breaches += group(table, hit, Rule(rule.code, text, rule.severity, remedy), column, values)
    return breaches


def _check_not_both(table: Mended, rule: RowRule) -> list[Breaches]:
    hit = ((table.frame[list(rule.not_both)] != "").sum(axis=1) > 1).to_numpy()
    text = f"only one of {' and '.join(f'`{c}`' for c in rule.not_both)} filled"
    values = [", ".join(cells) for cells in table.frame.loc[hit, list(rule.not_both)].to_numpy().tolist()]
    return group(table, hit, Rule(rule.code, text, rule.severity, rule.remedy), rule.not_both[0], values)


def _check_filled(table: Mended, rule: RowRule) -> list[Breaches]:
    hit = ((table.frame[rule.when_filled] != "") & (table.frame[list(rule.filled)] == "").any(axis=1)).to_numpy()
    text = f"a filled cell where `{rule.when_filled}` is filled"
    return group(table, hit, Rule(rule.code, text, rule.severity, rule.remedy), rule.filled[0], ["(blank)"] * int(hit.sum()))


def _check_order(table: Mended, rule: RowRule) -> list[Breaches]:
    numbers = _numbers(table, rule.ascending)
    pairs = zip(rule.ascending, rule.ascending[1:], strict=False)
    off = np.zeros(len(numbers), dtype=bool)
    for lower, upper in pairs:
        off |= (numbers[lower] > numbers[upper]).to_numpy()
    text = " <= ".join(f"`{c}`" for c in rule.ascending)
    values = [", ".join(cells) for cells in table.frame.loc[off, list(rule.ascending)].to_numpy().tolist()]
    return group(table, off, Rule(rule.code, text, rule.severity, rule.remedy), rule.ascending[0], values)
