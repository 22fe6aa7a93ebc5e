"""What stands on paper only: a table in sight as plain rows, as the screen's own is a canvas that paper cuts off."""

from html import escape

import pandas as pd
import streamlit as st

MOST = 25
"""Rows of a table that go onto paper; a longer one says how many more its csv holds."""


def table(frame: pd.DataFrame) -> None:
    """The rows of a table, hidden on the screen and in the table's place when the page is printed."""
    head = "".join(f"<th>{escape(str(c))}</th>" for c in frame.columns)
    numbers = [pd.api.types.is_numeric_dtype(frame[c]) for c in frame.columns]
    rows = [_row(values, numbers) for values in frame.head(MOST).itertuples(index=False, name=None)]
    rest = len(frame) - MOST
    more = f"<p>{rest:,} more rows: see the csv of this table.</p>" if rest > 0 else ""
    st.html(f'<div class="on-paper"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>{more}</div>')


def _row(values: tuple[object, ...], numbers: list[bool]) -> str:
    cells = [
        f'<td class="number">{_number(v)}</td>' if n else f"<td>{_text(v)}</td>" for v, n in zip(values, numbers, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _text(value: object) -> str:
    return "–" if value is None or value is pd.NA or value != value else escape(str(value))


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value) if not hasattr(value, "item") else _number(value.item())
    return "–" if value != value else f"{round(value, 2):,}"
