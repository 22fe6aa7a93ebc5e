"""What releases already given out told of each cell, so that a new one neither shows what they kept nor hides what they told.

The pattern of a release is kept in the release itself. Where the counts of a population (a survey's wave and indicator) are
still those that were published, its cells keep their state; where any differs, those children are others, and nothing holds.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rcs_core.records.protect.bases import Codes, Key
from rcs_core.records.protect.hierarchy import read_hierarchies
from rcs_core.records.protect.part import KEPT, NEW, TOLD, Ints
from rcs_core.records.protect.system import System, table_keys
from rcs_core.release import Table

Given = dict[Key, int | None]
"""The published count of a cell, None where it was hidden."""


def earlier_states(earlier: Sequence[Sequence[Table]], hierarchies: pd.DataFrame, system: System) -> Ints:
    """For each cell of a system `NEW`, `TOLD` (shown by some earlier release) or `KEPT` (hidden by all that had it)."""
    states = np.full(len(system.counts), NEW, dtype=np.int64)
    index = {key: cell for cell, key in enumerate(system.keys[: system.published])}
    for tables in earlier:
        given = _given([table for table in tables if table.is_count], hierarchies)
        changed = {key[0] for key, n in given.items() if key in index and n is not None and n != system.counts[index[key]]}
        for key, n in given.items():
            if key in index and key[0] not in changed:
                told = n is not None or states[index[key]] == TOLD
                states[index[key]] = TOLD if told else KEPT
    return states


def _given(tables: Sequence[Table], hierarchies: pd.DataFrame) -> Given:
    trees = read_hierarchies(hierarchies, tables)
    found: Given = {}
    for table in tables:
        for key, n in zip(table_keys(table, trees), table.frame["n"], strict=True):
            found[key] = None if pd.isna(n) and found.get(key) is None else int(n if pd.notna(n) else found[key] or 0)
    return found


def changed_populations(earlier: Sequence[Table], hierarchies: pd.DataFrame, now: Sequence[Table]) -> set[Codes]:
    """The labels of the populations of which an earlier release shows another count than the tables of today."""
    before = _given([table for table in earlier if table.is_count], hierarchies)
    today = _given([table for table in now if table.is_count], hierarchies)
    return {key[0] for key, n in before.items() if n is not None and today.get(key) not in (None, n)}
