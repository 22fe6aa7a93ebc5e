"""Figures that give a small count away without any subtraction: shown small counts, percentages, caseloads, money."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rcs_core.audit.report import Leak
from rcs_core.release import Table
from rcs_core.vocab import CellState

BAND = "band"


def leaks(tables: Sequence[Table], min_cell: int) -> list[Leak]:
    """Every figure, in any table, that shows a count under `min_cell` or gives a hidden one back."""
    found: list[Leak] = []
    for table in sorted(tables, key=lambda t: t.name):
        if table.is_count:
            found += _small_counts(table, min_cell)
            found += _figures_of_hidden(table)
    plain = {t.name: t for t in tables if not t.is_count}
    found += _small_caseloads(plain, "services", "children_served", min_cell)
    found += _small_caseloads(plain, "demand", "children", min_cell)
    found += _money(plain, min_cell)
    return found


def _where(table: Table, row: int) -> dict[str, str]:
    return {c: str(table.frame[c].iloc[row]) for c in (*table.labels, *table.dims)}


def _rows(mask: pd.Series) -> list[int]:
    return [int(k) for k in mask.fillna(False).to_numpy(dtype=bool).nonzero()[0]]


def _small_counts(table: Table, min_cell: int) -> Iterator[Leak]:
    small = table.frame["n"] < min_cell
    for row in _rows(small):
        yield Leak(table.name, _where(table, row), "small count", f"n is shown as {table.frame['n'].iloc[row]}, under {min_cell}")
    if "state" in table.frame.columns:
        marked = (table.frame["state"] == CellState.SUPPRESSED.value) & table.frame["n"].notna()
        for row in _rows(marked & ~small.fillna(False)):
            yield Leak(table.name, _where(table, row), "hidden in name only", "state is suppressed, and n is there")


def _figures_of_hidden(table: Table) -> Iterator[Leak]:
    """An estimate beside a hidden count, or in a group of bands of which one is hidden."""
    hidden = table.frame["n"].isna()
    group = [*table.labels, *(d for d in table.dims if d != BAND)]
    if BAND in table.dims and group:
        hidden = hidden.groupby([table.frame[c].astype(str) for c in group]).transform("any")
    elif BAND in table.dims:
        hidden = hidden | bool(hidden.any())
    fixed = {*table.labels, *table.dims, "n", "state"}
    for column in (c for c in table.frame.columns if c not in fixed and not str(c).endswith("_state")):
        shown = table.frame[column].notna() & (table.frame[column].astype(str) != "")
        for row in _rows(hidden & shown):
            yield Leak(
                table.name,
                _where(table, row),
                "figure of a hidden count",
                f"{column} is shown, and a count it rests on is hidden",
            )


def _small_caseloads(tables: Mapping[str, Table], name: str, column: str, min_cell: int) -> Iterator[Leak]:
    if name not in tables or column not in tables[name].frame.columns:
        return
    frame = tables[name].frame
    number = pd.to_numeric(frame[column], errors="coerce")
    for row in _rows(number < min_cell):
        where = {c: str(frame[c].iloc[row]) for c in ("service_id", "year") if c in frame.columns}
        yield Leak(name, where, "small caseload", f"{column} is {number.iloc[row]:g}, under {min_cell}")


def _money(tables: Mapping[str, Table], min_cell: int) -> Iterator[Leak]:
    """What is spent on a service in a year, divided by its published unit cost, is a number of children."""
    if "spend" not in tables or "unit_costs" not in tables:
        return
    spend, costs = tables["spend"].frame, tables["unit_costs"].frame
    if not {"service_id", "amount_gbp"} <= set(spend.columns) or not {"service_id", "unit_cost_gbp"} <= set(costs.columns):
        return
    amount = pd.to_numeric(spend["amount_gbp"], errors="coerce")
    keys = [
        spend["service_id"].astype(str),
        *([spend["financial_year"].astype(str)] if "financial_year" in spend.columns else []),
    ]
    unit = dict(zip(costs["service_id"].astype(str), pd.to_numeric(costs["unit_cost_gbp"], errors="coerce"), strict=True))
    for key, total in amount.groupby(keys).sum().items():
        names = key if isinstance(key, tuple) else (key,)
        price = unit.get(str(names[0]), float("nan"))
        if price > 0 and 0 < total / price < min_cell:
            where = dict(zip(("service_id", "financial_year"), map(str, names), strict=False))
            yield Leak(
                "spend", where, "spend over unit cost", f"spend / unit cost = {total / price:.1f} children, under {min_cell}"
            )
