"""Write a pattern into the tables: hidden counts blank, and every figure that would give one back blank too."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rcs_core.records.protect.system import System, describe
from rcs_core.release import Table
from rcs_core.vocab import CellState

BAND = "band"
ESTIMATE_STATE = "pct_state"


def mask_tables(tables: Sequence[Table], system: System, hidden: NDArray[np.bool_]) -> list[Table]:
    """The same tables, rows and columns; `n` blank and `state` suppressed where the cell is hidden."""
    return [_mask(table, hidden[system.rows[table.name]]) if table.is_count else table for table in tables]


def _mask(table: Table, hidden: NDArray[np.bool_]) -> Table:
    frame = table.frame.copy()
    frame["n"] = frame["n"].astype("Int64").mask(hidden)
    frame["state"] = np.where(hidden, CellState.SUPPRESSED.value, CellState.SHOWN.value)
    silent = _silent_rows(table, hidden)
    for column in _estimate_columns(table):
        if column == ESTIMATE_STATE:
            stated = frame[column].notna() & (frame[column].astype(str) != "")
            frame[column] = frame[column].mask(stated & silent, CellState.SUPPRESSED.value)
        else:
            frame[column] = frame[column].mask(silent)
    return Table(table.name, table.title, frame, table.dims, table.labels)


def _silent_rows(table: Table, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose estimates must go: a percentage with one count gives the other, so one hidden band silences its group."""
    if BAND not in table.dims:
        return hidden
    group = [*table.labels, *(d for d in table.dims if d != BAND)]
    marked = pd.Series(hidden, index=table.frame.index)
    if not group:
        return np.full(len(hidden), bool(hidden.any()))
    return marked.groupby([table.frame[c] for c in group], sort=False).transform("any").to_numpy(dtype=bool)


def _estimate_columns(table: Table) -> list[str]:
    fixed = {*table.labels, *table.dims, "n", "state"}
    return [str(c) for c in table.frame.columns if c not in fixed]


def private_log(tables: Sequence[Table], system: System, hidden: NDArray[np.bool_], min_cell: int) -> pd.DataFrame:
    """Which cells are hidden and why (`primary`: the count itself; `secondary`: it would give one away). Never released."""
    lines = [
        (table.name, describe(system.keys[cell]), "primary" if system.counts[cell] < min_cell else "secondary")
        for table in tables
        if table.is_count
        for cell in system.rows[table.name].tolist()
        if hidden[cell]
    ]
    return pd.DataFrame(lines, columns=["table", "cell", "reason"])
