"""A change to one file of the register before it is made: what would change, what the contract says of it, and the draft.

In: an input folder, a file of the register, and its rows as they are wanted. Out: a `Proposal`; nothing is written. The draft
is checked with everything that rests on it, and read back, so that what is kept is what was asked for.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rcs_core.contracts.clean import menders
from rcs_core.contracts.findings import Finding
from rcs_core.contracts.template import table_form
from rcs_core.records.register.check import files_with, look
from rcs_core.records.register.files import ROW, Kept, RegisterError, kept, the_file
from rcs_core.sheets.amend import Edits, Typed, amend_csv, amend_workbook, typed
from rcs_core.sheets.form import write_form
from rcs_core.vocab import Severity

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that would change, or a row that would come or go: before and after as text, blank where there is none."""

    row: str
    column: str
    before: str
    after: str
    kind: str = CHANGED

    def turned(self) -> "Change":
        """The change that undoes it."""
        kind = {ADDED: REMOVED, REMOVED: ADDED}.get(self.kind, self.kind)
        return Change(self.row, self.column, self.after, self.before, kind)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be written: the file, its hash as it was read, the changes, the breaches, and the bytes of the draft."""

    file: str
    before: str
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    draft: bytes

    @property
    def stops(self) -> list[Finding]:
        """The breaches for which nothing is written: those of the file itself, and those that the change makes elsewhere."""
        return [f for f in self.findings if f.severity is Severity.ERROR]

    def to_dict(self) -> dict[str, Any]:
        """The proposal as plain values, without the draft."""
        told = [asdict(f) | {"severity": f.severity.value} for f in self.findings]
        return {"file": self.file, "before": self.before, "changes": [asdict(c) for c in self.changes], "findings": told}


def propose(folder: Path, name: str, wanted: Sequence[Mapping[str, str]], keep_others: bool = False) -> Proposal:
    """Say what a file would become, and what the contract says of it.

    wanted: its rows as text by column; a row with `_row` is the row of the file that it changes, one without is found by its
    key, or new. keep_others: rows of the file that are not among the wanted stay; else they are taken out.
    Raises RegisterError when the file cannot be edited at all.
    """
    drafted = draft(the_file(folder, name), wanted, keep_others)
    if not drafted.changes:
        return drafted
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        path.write_bytes(drafted.draft)
        return replace(drafted, findings=_findings(folder, path))


def draft(held: Kept, wanted: Sequence[Mapping[str, str]], keep_others: bool = False) -> Proposal:
    """The file as it would be, read back so that it holds what was asked for; not checked yet."""
    if held.problem:
        remedy = "mend the file itself"
        raise RegisterError("the file cannot be edited here", held.name, held.problem, "a file that can be read", remedy)
    rows = [_mended(row, held) for row in wanted if any(v for k, v in row.items() if k != ROW)]
    changes, edits = _difference(held, rows, keep_others)
    if not changes:
        return Proposal(held.name, held.sha256, (), (), held.path.read_bytes() if held.sha256 else b"")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / held.name
        _write(held, path, edits)
        _read_back(held, path, rows, keep_others)
        return Proposal(held.name, held.sha256, tuple(changes), (), path.read_bytes())


def _mended(row: Mapping[str, str], held: Kept) -> dict[str, str]:
    """A row as the check would read it; columns that the contract has not are refused."""
    if strange := sorted(set(row) - {*held.contract.names, ROW}):
        raise RegisterError("a row has a column that the contract has not", held.name, ", ".join(strange))
    found = {ROW: str(row.get(ROW, "") or "")}
    for column in held.contract.columns:
        cell = " ".join(str(row.get(column.name, "") or "").split())
        found[column.name] = menders(column)(cell) if cell else ""
    return found


def key_of(row: Mapping[str, str], key: Sequence[str]) -> str:
    """A row's key in words."""
    return " and ".join(row.get(column, "") for column in key)


def _difference(held: Kept, wanted: Sequence[Mapping[str, str]], keep_others: bool) -> tuple[list[Change], Edits]:
    """The changes from the file to the wanted rows, in words and as edits of its cells."""
    by_row = {row[ROW]: row for row in held.rows}
    by_key = {key_of(row, held.key): row for row in reversed(held.rows)}
    new_columns = _new_columns(held, wanted)
    places = {**held.places, **new_columns}
    kinds = {c.name: c.kind for c in held.contract.columns}
    cells: dict[tuple[int, int], Typed] = {}
    changes: list[Change] = []
    fresh: list[Mapping[str, str]] = []
    met: set[str] = set()
    for row in wanted:
        before = by_row.get(row[ROW]) or (by_key.get(key_of(row, held.key)) if not row[ROW] else None)
        if before is None or before[ROW] in met:
            fresh.append(row)
            continue
        met.add(before[ROW])
        for column in held.contract.names:
            old, new = before.get(column, ""), row[column]
            if old != new:
                changes.append(Change(key_of(before, held.key), column, old, new))
                cells[int(before[ROW]), places[column]] = typed(new, kinds[column])
    gone = [] if keep_others else [row for row in held.rows if row[ROW] not in met]
    changes += [Change(key_of(row, held.key), c, "", row[c], ADDED) for row in fresh for c in held.contract.names if row[c]]
    changes += [Change(key_of(r, held.key), c, r[c], "", REMOVED) for r in gone for c in held.contract.names if r.get(c)]
    added = [{places[c]: typed(row[c], kinds[c]) for c in held.contract.names if row[c]} for row in fresh]
    headers = {place: column for column, place in new_columns.items()}
    return changes, Edits(cells, headers, added, frozenset(int(row[ROW]) for row in gone))


def _new_columns(held: Kept, wanted: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Columns of the contract that the file has not and a wanted row fills, each with the place where it is put."""
    if not held.sha256:
        return {column: place for place, column in enumerate(held.contract.names)}
    lost = [c for c in held.contract.names if c not in held.places and any(row[c] for row in wanted)]
    return {column: held.width + k for k, column in enumerate(lost)}


def _write(held: Kept, path: Path, edits: Edits) -> None:
    """Write the draft: the file with its edits, or a new one on the empty template."""
    source = held.path
    if not held.sha256:
        source = path.with_name(f"empty{path.suffix}")
        if path.suffix.casefold() == ".xlsx":
            write_form(source, table_form(held.contract))
        else:
            source.write_text(",".join(held.contract.names) + "\n", encoding="utf-8")
        edits = Edits(added=edits.added)
    if path.suffix.casefold() == ".xlsx":
        amend_workbook(source, path, edits, held.header_row, held.last_row)
    else:
        amend_csv(source, path, edits, held.header_row, held.separator)


def _read_back(held: Kept, path: Path, wanted: Sequence[Mapping[str, str]], keep_others: bool) -> None:
    """Refuse a draft that does not say what was asked for: a formula without its value, a form that changes a cell."""
    names = held.contract.names
    found = sorted(tuple(row.get(c, "") for c in names) for row in kept(path, held.agency).rows)
    asked = [tuple(row[c] for c in names) for row in wanted]
    if keep_others:
        met = {row[ROW] for row in wanted if row[ROW]} | {key_of(row, held.key) for row in wanted}
        asked += [tuple(r.get(c, "") for c in names) for r in held.rows if not {r[ROW], key_of(r, held.key)} & met]
    if found != sorted(asked):
        lost = next((a for a in sorted(asked) if a not in found), ())
        remedy = "save the sheet with values in the place of formulas, or as csv, and try again"
        raise RegisterError(
            "the file would not hold what was asked for", held.name, lost[0] if lost else "", "every cell", remedy
        )


def _findings(folder: Path, path: Path) -> tuple[Finding, ...]:
    """What the check says of the draft's own file, and what it says of other files that it does not say as they are."""
    after = look(files_with(folder, path)).findings
    if all(f.file == path.name for f in after):
        return after
    before = {_told(f) for f in look(files_with(folder)).findings}
    return tuple(f for f in after if f.file == path.name or _told(f) not in before)


def _told(finding: Finding) -> tuple[object, ...]:
    return finding.file, finding.row, finding.column, finding.value, finding.severity
