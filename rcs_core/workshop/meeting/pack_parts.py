"""The parts of a session's pack, each made by itself: record, tables, note and workbook of each scenario, statement, events."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rcs_core.documents.write import docx_bytes
from rcs_core.gate import csv_bytes
from rcs_core.release import Release
from rcs_core.sheets.plain import without_clocks
from rcs_core.workshop import big_screen
from rcs_core.workshop.export import notes
from rcs_core.workshop.export.scenario_book import write_scenario_book
from rcs_core.workshop.export.scenario_kept import book_of_kept
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.meeting import pack_events
from rcs_core.workshop.meeting.record import SUBJECT, Record, Sheet, Sitting
from rcs_core.workshop.papers import note_case
from rcs_core.workshop.papers.note import note
from rcs_core.workshop.papers.plan_case import of_store
from rcs_core.workshop.papers.resources import SUBJECT as RESOURCES
from rcs_core.workshop.papers.resources import resources_paper, stamped
from rcs_core.workshop.papers.session_record import session_record

PARTNERS = "partners_only/"
"""The folder of what holds prices of bought services."""
TABLES = "tables/"

type Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it is called where it is missing, and how its files are made."""

    what: str
    make: Callable[[], Files]


def parts(found: Sitting, told: Record) -> Iterator[Part]:
    """Every part of the pack, in its order."""
    yield Part("the session record", partial(_record, told))
    for sheet in told.sheets:
        yield Part(f"the table of {sheet.caption}", partial(_table, told, sheet, found.release))
    shelf = Shelf(found.meeting.store)
    for link in dict.fromkeys(d.scenario for d in told.decisions if d.scenario):
        yield Part(f"the note of scenario {link}", partial(_note, found, told, shelf, link))
        yield Part(f"the workbook of scenario {link}", partial(_workbook, found, shelf, link))
    if "spend" in found.release:
        yield Part("the statement of resources", partial(_resources, found, told))
    yield Part("the events of the session", partial(_events, found))


def _record(told: Record) -> Files:
    return {told.stamp.file_name(SUBJECT, "docx"): docx_bytes(session_record(told))}


def _table(told: Record, sheet: Sheet, release: Release) -> Files:
    """One table as csv, its notes beside it."""
    name = f"{TABLES}{sheet.file}.csv"
    said = notes.notes(sheet.rows, f"{told.title}: {sheet.caption}", told.stamp, release, notes.Beside({}, sheet.notes))
    return {name: csv_bytes(sheet.rows), f"{TABLES}{sheet.file}_notes.txt": said}


def _kept(found: Sitting, shelf: Shelf, link: str) -> Kept:
    """A kept scenario, its typed words fit to leave."""
    kept = shelf.of_link(link)
    draft = replace(kept.draft, note=found.fit.text(kept.draft.note))
    return replace(kept, name=found.fit.text(kept.name), author=found.fit.text(kept.author), draft=draft)


def _note(found: Sitting, told: Record, shelf: Shelf, link: str) -> Files:
    """The two-page note, with what the session decided."""
    kept = _kept(found, shelf, link)
    off = big_screen.withheld(found.release, True) if "services" in found.release else frozenset[str]()
    case = note_case.of_version(kept, found.release, told.stamp, told.decisions, off)
    return {case.stamp.file_name(f"workshop note {kept.title}", "docx"): docx_bytes(note(case))}


def _workbook(found: Sitting, shelf: Shelf, link: str) -> Files:
    """The workbook, with prices: without them nobody could solve it again."""
    kept = _kept(found, shelf, link)
    book = book_of_kept(found.release, kept, found.day)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "scenario.xlsx"
        write_scenario_book(book.scenario, book.result, book.about, path)
        return {f"{PARTNERS}{book.about.file_name(kept.title)}": without_clocks(path.read_bytes(), found.day.isoformat())}


def _resources(found: Sitting, told: Record) -> Files:
    """The statement of resources of the plan as all decisions of the partnership make it."""
    case = of_store(found.release, found.meeting.store, found.veil)
    if case.statement is None:
        return {}
    plan = found.fit.every(case.plan)
    stamp = stamped(told.stamp, plan)
    paper = resources_paper(case.statement, plan, case.checked, stamp, found.veil)
    return {stamp.file_name(RESOURCES, "docx"): docx_bytes(paper)}


def _events(found: Sitting) -> Files:
    return {"events.jsonl": pack_events.lines(found.meeting, found.fit)}
