"""The data-flow sheet for an impact assessment: which input, whose, what in it is personal, where it is kept, what leaves.

In: the report of a check as `rcs check --json` prints it, and a release's manifest and tables where there is one. Out:
sections of plain text. What is said of a field or a table comes from its contract, what is said of a file from the folder.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from rcs_core.contracts import Column, Contract, contracts
from rcs_core.controller.policy import flow
from rcs_core.controller.retention import retention
from rcs_core.controller.sheet import Section
from rcs_core.controller.statement import FILE, NOT_FILLED, holder, months, statement
from rcs_core.release import Release
from rcs_core.vocab import CellState

MANY = 12
"""Fields that are named one by one in the table of inputs; more are in a table of their own."""
NO_RELEASE = "There is no release yet: nothing has left."


def data_flow(report: Mapping[str, Any], folder: str, found: Release | None, today: dt.date) -> tuple[Section, ...]:
    """The whole sheet; folder: where the working files are kept, as the officer should read it."""
    told: Mapping[str, Any] = report.get("data_protection") or {}
    return (
        _statement(told),
        _inputs(report, folder),
        _fields(report),
        _steps(),
        *release_sections(found),
        roles(told),
        ages(report, told, today),
    )


def _statement(told: Mapping[str, Any]) -> Section:
    note = f"From {FILE} in the input folder. This software does not judge whether it is lawful."
    blank = sum(answer == NOT_FILLED for _, answer in statement(told))
    note += f" Answers that are {NOT_FILLED}: {blank}." if blank else ""
    return Section(
        "Lawful basis", "Who controls the data, why and on what basis", ("Question", "Answer"), tuple(statement(told)), note
    )


def _inputs(report: Mapping[str, Any], folder: str) -> Section:
    rows: list[tuple[str | int, ...]] = []
    for table in report.get("tables") or []:
        contract = contracts()[str(table["contract"])]
        rows.append(
            (
                str(table["title"]),
                str(table["sender"]),
                str(table["file"]),
                str(table["file_date"]),
                _about(contract),
                _listed([c.name for c in personal(contract, table.get("columns"))]),
                contract.purpose,
                contract.leaves,
            )
        )
    missing = ", ".join(str(m["title"]) for m in report.get("missing") or []) or "none"
    columns = ("Input", "From", "File", "File date", "About", "Personal fields", "What it is for", "What of it may leave")
    note = f"Kept in {folder}, on the desk's machine. Only the data officer sees it. Not there: {missing}."
    return Section("Inputs", "Which inputs there are", columns, tuple(rows), note)


def _listed(names: list[str]) -> str:
    """The fields by name, or how many where they are many."""
    return ", ".join(names) or "none" if len(names) <= MANY else f"{len(names)} fields: see the next table"


def _about(contract: Contract) -> str:
    if contract.about_children:
        return "children, under pseudonyms or interview numbers: each row is personal data as a whole"
    return "money; a line may single out a child" if personal(contract) else "services, money or places; no child"


def personal(contract: Contract, there: Sequence[str] | None = None) -> list[Column]:
    """The fields of a table that tell something of a person: restricted by its contract, and, when told, in the file."""
    return [c for c in contract.columns if c.restricted and (there is None or c.name in there)]


def _fields(report: Mapping[str, Any]) -> Section:
    there: dict[str, set[str]] = {}
    for table in report.get("tables") or []:
        there.setdefault(str(table["contract"]), set()).update(table.get("columns") or [])
    rows = [(contracts()[s].title, c.name, c.about) for s, names in there.items() for c in personal(contracts()[s], list(names))]
    note = "As the contracts mark them (restricted). Their values are masked in every message and on every screen."
    return Section("Personal fields", "Each personal field", ("Input", "Field", "What it is"), tuple(rows), note)


def _steps() -> Section:
    rows = tuple((n, s.step, s.where, s.gate, s.kept) for n, s in enumerate(flow().steps, start=1))
    return Section("Steps", "The way of the data, step by step", ("No", "Step", "Where", "Gate", "What is kept of it"), rows)


def release_sections(found: Release | None) -> tuple[Section, ...]:
    """What has left: each table of the release with its cells and how many are hidden."""
    columns = ("Table", "What it is", "Rows", "Counts of children", "Hidden")
    if found is None:
        return (Section("What leaves", "What leaves, table by table", columns, (), NO_RELEASE),)
    rows = tuple(
        (t.name, t.title, len(t.frame), "yes" if t.is_count else "no", _hidden(t.frame) if t.is_count else 0)
        for _, t in sorted(found.tables.items())
    )
    about = found.manifest
    note = (
        f"Release {found.id} of {about.partnership}, {about.year}: no count under {about.min_cell}; hidden cells that could be "
    )
    note += f"worked out: {about.audit.get('open', 'not recorded')}. These tables and nothing else are in the release."
    return (Section("What leaves", "What leaves, table by table", columns, rows, note),)


def _hidden(frame: Any) -> int:
    return int((frame["state"] == CellState.SUPPRESSED.value).sum())


def roles(told: Mapping[str, Any]) -> Section:
    """Who may do what, and which post of the partnership holds each role."""
    rows = tuple((verb, r.who, holder(told, verb), r.does, r.by, r.sees, r.never) for verb, r in flow().roles.items())
    columns = ("To", "Role", "Held by", "Does", "With", "May see", "Never has")
    note = "The desk has no accounts of its own: who may log in to its machine and read its folders can do what the desk can. "
    note += "Keep the roles apart by accounts of the machine."
    return Section("Roles", "Who may do what", columns, rows, note)


def ages(report: Mapping[str, Any], told: Mapping[str, Any], today: dt.date) -> Section:
    """The age of each working file beside the stated retention."""
    found = retention(report.get("tables") or [], months(told), today)
    rows = tuple((k.file, k.file_date, k.age_months, k.until, k.verdict) for k in found)
    note = f"On {today.isoformat()}. Age counts from the day the file was last changed, which may be later than the day it came."
    return Section(
        "Retention", "How old the working files are", ("File", "File date", "Months old", "Keep until", "Verdict"), rows, note
    )
