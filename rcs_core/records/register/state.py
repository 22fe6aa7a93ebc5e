"""The register as the desk shows it: its files with their rows, breaches, likely pairs, decisions, and what can be undone."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rcs_core.contracts.findings import Finding
from rcs_core.contracts.same_services import DIFFERENT, SAME, Decided, decided
from rcs_core.contracts.same_services import STEM as DECISIONS
from rcs_core.contracts.submissions import WHOSE
from rcs_core.errors import UnreadableError
from rcs_core.records.register.check import files_with, look
from rcs_core.records.register.files import ROW, Kept, RegisterError, register_files, the_file
from rcs_core.records.register.history import DECISION, Entry, read_history, to_undo, write
from rcs_core.records.register.likely import Likely, likely
from rcs_core.records.register.propose import propose

FILE = f"{DECISIONS}.csv"


@dataclass(frozen=True, slots=True)
class State:
    """The register of a folder at one moment."""

    files: tuple[Kept, ...]
    findings: tuple[Finding, ...]
    likely: tuple[Likely, ...]
    decisions: tuple[Decided, ...]
    history: tuple[Entry, ...]
    services: int

    def to_dict(self) -> dict[str, Any]:
        """The state as plain values."""
        files = [
            {"file": f.name, "agency": f.agency, "sha256": f.sha256, "rows": list(f.rows), "problem": f.problem}
            for f in self.files
        ]
        undo = {name: entry.number for name in {e.file for e in self.history} if (entry := to_undo(list(self.history), name))}
        return {
            "files": files,
            "findings": [asdict(f) | {"severity": f.severity.value} for f in self.findings],
            "likely": [pair.to_dict() for pair in self.likely],
            "decisions": [asdict(one) for one in self.decisions],
            "history": [entry.to_dict() for entry in self.history],
            "undo": undo,
            "services": self.services,
            "whose": WHOSE,
        }


def state(folder: Path) -> State:
    """Read the register of an input folder; raises UnreadableError when there is no such folder."""
    if not folder.is_dir():
        raise UnreadableError("there is no such folder", str(folder), "", "a partnership's input folder", "look at the path")
    files = register_files(folder)
    looked = look(files_with(folder))
    made = decided(looked.reading.tables.get(DECISIONS))
    rows = [dict(row) for held in files for row in held.rows]
    pairs = likely([row for row in rows if row.get("service_id")], made)
    return State(tuple(files), looked.findings, tuple(pairs), tuple(made), tuple(read_history(folder)), len(looked.ids))


def decide(folder: Path, service_id: str, other: str, decision: str, by: str, why: str, today: str) -> Entry:
    """Remember what was decided of two ids; where they are the same, `service_id` is read as `other` from now on.

    A pair that was decided before is decided anew. Raises RegisterError for an id that no file of the register holds, and what
    `write` raises.
    """
    if decision not in (SAME, DIFFERENT):
        raise RegisterError("that is no decision", FILE, decision, f"{SAME} or {DIFFERENT}")
    known = {row.get("service_id", "") for held in register_files(folder) for row in held.rows}
    if lost := sorted({service_id, other} - known):
        raise RegisterError("no file of the register has that service", FILE, ", ".join(lost), "two ids of the register")
    if service_id == other:
        raise RegisterError("a service is always itself", FILE, service_id, "two ids")
    row = {
        "service_id": service_id, "same_as": other, "decision": decision, "decided_by": by, "decided_on": today, "why": why,
    }  # fmt: skip
    name = next((p.name for p in files_with(folder) if p.stem.casefold() == DECISIONS), FILE)
    held = the_file(folder, name)
    before = [dict(r) for r in held.rows if {r["service_id"], r["same_as"]} != {service_id, other}]
    mine = next((r[ROW] for r in held.rows if {r["service_id"], r["same_as"]} == {service_id, other}), "")
    return write(folder, propose(folder, name, [*before, row | {ROW: mine}]), by, why, DECISION)
