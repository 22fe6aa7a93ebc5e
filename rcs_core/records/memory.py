"""What the desk learns from a build, and reminds of at the next: which service a cost centre went to.

Nothing is applied by itself: a cost centre that this folder leaves unmapped and an earlier one mapped becomes a note.
"""

from contextlib import closing
from pathlib import Path

import pandas as pd

from rcs_core.errors import RcsError
from rcs_core.records.ingest import Records
from rcs_core.records.mappings import Mappings

_LINE = ["ledger", "cost_centre"]


def remind_and_remember(records: Records, path: Path) -> tuple[str, ...]:
    """Notes on unmapped cost centres that were mapped before; then what this folder maps is remembered at `path`.

    The notes name cost centres, so they are for the desk alone. A memory that cannot be opened is a note, never a
    failed build: the release does not rest on it.
    """
    if records.ledger_map.empty:
        return ()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(Mappings.open(path)) as memory:
            told = reminders(records, memory.current())
            mapped = records.ledger_map[_is_mapped(records.ledger_map)]
            memory.keep_up(mapped, "rcs build", "from ledger_map.csv of the folder that was built")
        return told
    except (RcsError, OSError) as error:
        return (f"what the desk remembers of mappings was not brought up to date: {error}",)


def reminders(records: Records, known: pd.DataFrame) -> tuple[str, ...]:
    """One note for each cost centre with money in this folder that it leaves unmapped and that was mapped before."""
    if known.empty:
        return ()
    mapped = set(records.ledger_map.loc[_is_mapped(records.ledger_map), _LINE].itertuples(index=False, name=None))
    held = {(stem, str(code)) for stem, lines in records.ledgers.items() for code in lines["cost_centre"]}
    notes = []
    for line, rows in known.groupby(_LINE, sort=True):
        if line in held - mapped:
            went = "; ".join(
                f"{service or why} {float(pct):g}%"
                for service, why, pct in zip(rows["service_id"], rows["excluded_because"], rows["pct"], strict=True)
            )
            notes.append(f"{line[0]}, cost centre {line[1]} is not mapped; before it went to {went}: add it to ledger_map.csv")
    return tuple(notes)


def _is_mapped(ledger_map: pd.DataFrame) -> pd.Series:
    return (ledger_map["service_id"].astype(str) != "") | (ledger_map["excluded_because"].astype(str) != "")
