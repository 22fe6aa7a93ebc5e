"""What the desk remembers of how each agency's ledger is laid out, so that next year's is offered with the same columns.

Events are only ever added, in the desk's memory beside the mappings. They hold headers, a sheet's name and a unit: no line, no
amount, no description. What is remembered is offered, and accepted by a person each year.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from rcs_core.errors import ContractError
from rcs_core.records.mappings import open_memory

YEARLY = ("financial_year", "control_total_gbp", "control_total_source")
"""What is of one year alone, and asked for again in the next."""
TEXTS = ("at", "who", "reason", "ledger", "agency_system", "financial_year", "layout")
_EVENT = sa.table("layout_event", sa.column("id", sa.Integer), *(sa.column(name, sa.Text) for name in TEXTS))


@dataclass(frozen=True, slots=True)
class Layout:
    """An entry of `ledger_columns.yaml` without what is of one year alone; who accepted it, when, for which year."""

    entry: dict[str, Any]
    who: str
    at: str
    reason: str
    financial_year: str


def remember_layout(path: Path, ledger: str, entry: dict[str, Any], who: str, reason: str) -> None:
    """Remember an accepted entry at `path`; raises ContractError without who and why, DeskMemoryError when it cannot be kept."""
    for what, value in (("who accepts it", who), ("a reason", reason)):
        if not value.strip():
            raise ContractError(f"the columns of a ledger are not accepted without {what}", ledger, "a blank", what)
    kept = {k: v for k, v in entry.items() if k not in YEARLY}
    told = (str(entry.get("agency_system", "")), str(entry.get("financial_year", "")), json.dumps(kept, sort_keys=True))
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    row = dict(zip(TEXTS, (at, who.strip(), reason.strip(), ledger, *told), strict=True))
    engine = open_memory(path)
    try:
        with engine.execution_options(rcs_write=True).begin() as connection:
            connection.execute(sa.insert(_EVENT).values(row))
    finally:
        engine.dispose()


def remembered_layout(path: Path, ledger: str) -> Layout | None:
    """The last entry that was accepted for a ledger of that name; None where none was, or nothing is remembered yet."""
    if not path.is_file():
        return None
    engine = open_memory(path)
    try:
        with engine.connect() as connection:
            query = sa.select(_EVENT).where(_EVENT.c.ledger == ledger).order_by(_EVENT.c.id.desc()).limit(1)
            row = connection.execute(query).mappings().first()
    finally:
        engine.dispose()
    if row is None:
        return None
    return Layout(json.loads(row["layout"]), row["who"], row["at"], row["reason"], row["financial_year"])
