"""The editor of one file of the register: its rows in a grid, its codes from their lists, and the file as it should be."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from rcs_core.contracts import contracts
from rcs_core.contracts.model import Column
from rcs_core.sheets.read import cell_text
from rcs_core.vocab import Agency

ROW, KEY, TABLE = "_row", "service_id", "services"
OWN = "The partnership's own register"
ALL = "All services"
VIEWS = {
    "What and who": (
        "service_name", "parent_group", "provider", "provider_agency", "funder_agency", "commissioner_agency",
        "childrens_or_related",
    ),
    "For whom": (
        "service_name", "reach", "intensity", "areas", "ages", "children_served", "capacity", "take_up", "unit_of_activity",
    ),
    "Prevention": (
        "service_name", "pct_primary", "pct_secondary", "pct_tertiary", "pct_responsive", "pct_other", "tag_confidence",
        "tagged_by", "tagged_on",
    ),
    "Contract": (
        "service_name", "statutory_basis", "act_and_section", "contract_type", "contract_end", "notice_months",
        "staff_share_pct", "price_confidential",
    ),
    "Outcomes": ("service_name", "shanarri", "domain", "outcomes", "evidence_rating", "evidence_source"),
}  # fmt: skip
"""Columns that are edited together; the id always stands before them, and what is not shown stays as it is."""


def agency_name(code: str) -> str:
    """An agency as people say it; the partnership's own register for none."""
    column = contracts()[TABLE].column("provider_agency")
    return column.labels.get(code, code) if code and column is not None else OWN


def frame(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Rows as the editor holds them: numbers and days where every cell of a column is one, else text; lists as lists."""
    made: dict[str, Any] = {}
    for column in contracts()[TABLE].columns:
        made[column.name] = _cells(column, [row.get(column.name, "") for row in rows])
    return pd.DataFrame({**made, ROW: pd.Series([row.get(ROW, "") for row in rows], dtype="object")})


def _cells(column: Column, cells: list[str]) -> pd.Series:
    if column.kind in ("integer", "number"):
        numbers = pd.to_numeric(pd.Series(cells, dtype="object").replace("", None), errors="coerce")
        if numbers.notna().sum() == sum(map(bool, cells)):
            return numbers.astype("float64")
    if column.kind == "date" and all(not c or _day(c) for c in cells):
        return pd.Series([_day(c) for c in cells], dtype="object")
    if column.codes and column.separator:
        return pd.Series([_parts(c, column.separator) for c in cells], dtype="object")
    return pd.Series([c or None for c in cells], dtype="object")


def _day(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None


def _parts(cell: str, separator: str) -> list[str]:
    return [part.strip() for part in cell.split(separator) if part.strip()]


def as_text(value: object) -> str:
    """A cell of the editor as text."""
    if isinstance(value, list | tuple | np.ndarray):
        return "; ".join(map(str, value))
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return cell_text(float(value) if isinstance(value, int) else value).strip()


def wanted(rows: Sequence[Mapping[str, str]], shown: pd.DataFrame, edited: pd.DataFrame) -> list[dict[str, str]]:
    """The whole file as it should be: rows that were not shown stay, those shown are as edited or gone, new ones come last.

    A cell that was not touched keeps its text to the letter.
    """
    now = [dict(zip(edited.columns, cells, strict=True)) for cells in edited.itertuples(index=False, name=None)]
    before = {
        str(r[ROW]): r for r in (dict(zip(shown.columns, c, strict=True)) for c in shown.itertuples(index=False, name=None))
    }
    after = {as_text(r[ROW]): r for r in now if as_text(r[ROW])}
    found: list[dict[str, str]] = []
    for row in rows:
        at = row[ROW]
        if at not in before:
            found.append(dict(row))
        elif at in after:
            touched = {c: as_text(v) for c, v in after[at].items() if c != ROW and as_text(v) != as_text(before[at][c])}
            found.append({**row, **touched})
    return [*found, *({c: as_text(v) for c, v in r.items() if c != ROW} for r in now if not as_text(r[ROW]))]


def config() -> dict[str, Any]:
    """How each column is edited, with what it means; codes are chosen from their list."""
    return {c.name: _config(c) for c in contracts()[TABLE].columns} | {ROW: None}


def _config(column: Column) -> Any:
    label, told = called(column.name), _help(column)
    if column.codes and column.separator:
        return st.column_config.MultiselectColumn(label, help=told, options=list(column.codes), format_func=column_label(column))
    if column.codes:
        return st.column_config.SelectboxColumn(label, help=told, options=list(column.codes), format_func=column_label(column))
    if column.kind in ("integer", "number"):
        return st.column_config.NumberColumn(label, help=told, format="localized")
    if column.kind == "date":
        return st.column_config.DateColumn(label, help=told, format="YYYY-MM-DD")
    return st.column_config.TextColumn(label, help=told, pinned=column.name == KEY)


def column_label(column: Column) -> Callable[[Any], str]:
    """How a code of a column reads: an agency by its name, the field's own words as they are."""
    names = column.labels if column.name.endswith("_agency") else {}
    return lambda code: names.get(str(code)) or str(code).replace("_", " ").capitalize()


def said(column: str, cell: str) -> str:
    """A cell as people read it: codes by their labels."""
    about = contracts()[TABLE].column(column)
    if about is None or not about.codes:
        return cell
    parts = _parts(cell, about.separator) if about.separator else [cell]
    return "; ".join(column_label(about)(part) for part in parts)


def _help(column: Column) -> str:
    unit = f" Unit: {column.unit}." if column.unit else ""
    return f"{column.about}{unit}{' Must be filled.' if column.filled else ''}"


def called(column: str) -> str:
    """A column as people say it: *Service id*, *Primary (%)*."""
    if column.startswith("pct_"):
        return f"{column.removeprefix('pct_').capitalize()} (%)"
    return column.replace("_pct", " (%)").replace("_", " ").capitalize()


def editor(held: Mapping[str, Any]) -> list[dict[str, str]]:
    """One file of the register to edit; returns it as it should be."""
    left, right = st.columns([1, 2])
    agencies = [a.value for a in Agency if any(a.value in _who(row) for row in held["rows"])]
    whose = left.selectbox("Whose services", [ALL, *agencies], format_func=lambda c: c if c == ALL else agency_name(c))
    view = right.segmented_control("Columns", list(VIEWS), default=next(iter(VIEWS)), required=True, wrap=True)
    shown = frame([row for row in held["rows"] if whose == ALL or whose in _who(row)])
    edited = st.data_editor(
        shown, key=f"register-{held['file']}-{held['sha256'][:12]}-{whose}", num_rows="dynamic", hide_index=True,
        column_config=config(), column_order=[KEY, *VIEWS[str(view)]], width="stretch", height=420, placeholder="",
    )  # fmt: skip
    return wanted(held["rows"], shown, edited)


def _who(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(f"{part}_agency", "") for part in ("provider", "funder", "commissioner"))
