"""The check of the register alone: its files, the decisions, and the tables that name a service; no child's record is read.

In: the files of an input folder, one of them perhaps a draft. Out: what was read, and every breach, in the contract's words.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rcs_core.contracts import described
from rcs_core.contracts.files import listing
from rcs_core.contracts.findings import Breaches, Finding, spelt_out
from rcs_core.contracts.model import Column, contracts
from rcs_core.contracts.reading import Reading, check_across, read_tables
from rcs_core.contracts.register import check_register
from rcs_core.contracts.report import ordered
from rcs_core.contracts.same_services import STEM as DECISIONS
from rcs_core.contracts.same_services import join_same
from rcs_core.contracts.submissions import STEM as REGISTER
from rcs_core.contracts.submissions import with_submissions

BROKEN = frozenset({"not_in_services", "duplicate"})
"""Rules of the tables that name services which a change of the register can break."""
QUIET = frozenset({"mended", "header", "not_collected"})
"""Remarks that say nothing of what somebody has just written."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read of the register, and every breach of the files that hold it or name a service of it."""

    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def ids(self) -> list[str]:
        """The ids of the register once it is one."""
        table = self.reading.tables.get(REGISTER)
        return [] if table is None or "service_id" not in table.frame else [str(i) for i in table.frame["service_id"]]


def files_with(folder: Path, draft: Path | None = None) -> list[Path]:
    """The input files, a draft in the place of the file of its name."""
    files = [p for p in listing(folder) if draft is None or p.name != draft.name]
    return sorted([*files, draft] if draft is not None and draft.is_file() else files, key=lambda p: p.name)


def look(files: Sequence[Path]) -> Looked:
    """Check the register among these files, and the tables that name its services."""
    known = {s: c for s, c in contracts().items() if s in (REGISTER, DECISIONS, "schools") or _links(s)}
    about = _about(files)
    start = str(about.get("year", ""))[:4]
    year = int(start) if start.isdigit() else dt.date.today().year
    reading = with_submissions(read_tables(list(files), known, year), files, known[REGISTER], year)
    reading, same = join_same(reading, known)
    breaches: list[Breaches] = [*same, *check_register(reading.tables, reading.sent, about)]
    for stem, table in reading.tables.items():
        mine = reading.breaches.get(stem, [])
        if not (stem == REGISTER and reading.sent):
            # Only what rests on the register is looked at here: a ledger's own checks want the ledgers.
            only = known[stem] if stem in (REGISTER, DECISIONS) else replace(known[stem], row_rules=(), columns=_links(stem))
            mine = [*mine, *check_across(only, table, reading.tables, False, mine)]
        breaches += [b for b in mine if stem in (REGISTER, DECISIONS) or b.code in BROKEN]
    breaches += [b for stem in reading.unreadable & {REGISTER, DECISIONS} for b in reading.breaches.get(stem, [])]
    told = [b for b in ordered(dict.fromkeys(map(_same, breaches)).keys()) if b.code not in QUIET]
    return Looked(reading, tuple(spelt_out(told)))


def _same(breach: Breaches) -> Breaches:
    """The breach in a form that can be told from another."""
    return replace(breach, rows=tuple(breach.rows), values=tuple(breach.values))


def _links(stem: str) -> tuple[Column, ...]:
    """The columns of a table that name a service of the register."""
    return tuple(c for c in contracts()[stem].columns if c.reference is not None and c.reference.table == REGISTER)


def _about(files: Sequence[Path]) -> dict[str, Any]:
    path = next((p for p in files if p.name.casefold() in ("partnership.yaml", "partnership.yml")), None)
    return described.partnership(path, contracts()["partnership"]).content if path is not None else {}
