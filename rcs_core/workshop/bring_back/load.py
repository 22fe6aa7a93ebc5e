"""Loads a scenario workbook, and accepts its changes: nothing of it counts before somebody has said whose they are, and why."""

import datetime as dt
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rcs_core.errors import UnreadableError
from rcs_core.sheets.returned import Book, read_returned
from rcs_core.vocab import InputState
from rcs_core.workshop.bring_back.changes import Change, beside_inputs, changes_in, texts_not_taken
from rcs_core.workshop.bring_back.edited_file import put_in, read_again
from rcs_core.workshop.bring_back.errors import BookError, Breach, refuse
from rcs_core.workshop.bring_back.inputs_table import Table, read_table
from rcs_core.workshop.bring_back.layouts import Came, file_head, layout_of
from rcs_core.workshop.bring_back.other_sheets import told_of
from rcs_core.workshop.scenario import Scenario, parse_scenario

NOT_STATED = "Not stated in the file"
_LENGTHS = "a list by year of the wrong length"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A workbook that was read. base: the scenario that it was made of; scenario: with its changes, which nobody accepted yet.

    warnings: what to know before accepting. told: what was changed elsewhere in the book and is not taken. filled: what people
    wrote where the book asks for it, such as a sign-off.
    """

    base: Scenario
    scenario: Scenario
    content: Mapping[str, Any]
    changes: tuple[Change, ...]
    came: Came
    layout: int
    warnings: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the workbook asks for the very scenario that it was made of."""
        return not self.changes


def load_workbook(path: Path, onto: Came | None = None, area: str = "", release_id: str = "", any_area: bool = False) -> Loaded:
    """Read a workbook that came back; as `load_book`."""
    return load_book(open_book(path), onto, area, release_id, any_area)


def needs_scenario(book: Book) -> bool:
    """Whether a workbook is of a layout that is put onto a scenario at hand. Raises BookError where it is none of ours."""
    return layout_of(book).onto


def load_book(book: Book, onto: Came | None = None, area: str = "", release_id: str = "", any_area: bool = False) -> Loaded:
    """Read a workbook that is open. onto: the scenario that a book of layout 1 is put onto. area, release_id: those at hand.

    Raises UnreadableError where the file is no workbook that can be read, BookError with everything for which it is refused,
    and ScenarioError where the scenario in it is none to this program.
    """
    layout = layout_of(book)
    came = layout.came(book, onto)
    _refuse_area(book, came, area, any_area)
    table = read_table(book, came)
    content = put_in(came.content, table.given)
    scenario, breaches = read_again(content, table.given)
    breaches = [*table.breaches, *_once(breaches, table)]
    refuse(book.path.name, breaches)
    base = parse_scenario(came.content, book.path.name)
    changes = tuple(changes_in(table, came.content))
    found = scenario if scenario is not None and changes else base
    told, filled = told_of(book, came.prints, table.top.sheet.name, _own(book, table))
    told += [f"{table.top.sheet.name}, {text}: not taken, as the value beside it is unchanged." for text in
             texts_not_taken(table, changes)]  # fmt: skip
    told += [f"{table.top.sheet.name}: {text}: not read." for text in beside_inputs(table)]
    warnings = _warnings(book, came, table, layout.version, release_id, area)
    return Loaded(base, found, content, changes, came, layout.version, warnings, tuple(told), tuple(filled))


def open_book(path: Path, name: str = "") -> Book:
    """A workbook under the name that it was sent with. Raises UnreadableError where it cannot be read, or safely opened."""
    try:
        book = read_returned(path)
    except UnreadableError as error:
        where = error.where.replace(path.name, name or path.name)
        raise UnreadableError(error.what, where, error.got, error.expected, error.remedy) from error
    return Book(Path(name or path.name), book.sheets, book.unseen)


def _own(book: Book, table: Table) -> frozenset[str]:
    """The sheets that are read as such: the inputs, and the scenario file."""
    top = file_head(book)
    return frozenset({table.top.sheet.name, *((top.sheet.name,) if top else ())})


def _refuse_area(book: Book, came: Came, area: str, any_area: bool) -> None:
    if area and came.area not in ("", NOT_STATED, area) and not any_area:
        raise BookError(
            "the workbook is of another area", book.path.name, came.area, area,
            "load a workbook of this area, or say that you mean to load one of another",
        )  # fmt: skip


def _once(breaches: list[Breach], table: Table) -> list[Breach]:
    """A changed number of years breaks every input by year: that is one breach, of the cell that was changed."""
    years = [one for one in table.given if one.place.pointer == "/horizon" and one.changed]
    if not years or not any(b.what == _LENGTHS for b in breaches):
        return breaches
    place = years[0].place
    what, remedy = (
        "the years of a plan cannot be changed in a workbook",
        f"type {place.was} again; choose the years in the workbench",
    )
    one = Breach(what, f"{place.cell} ({place.words})", str(years[0].value), str(place.was), remedy)
    return [one, *(b for b in breaches if b.what != _LENGTHS)]


def _warnings(book: Book, came: Came, table: Table, layout: int, release_id: str, area: str) -> tuple[str, ...]:
    found = []
    if release_id and came.release_id != release_id:
        found.append(
            f"It was made on release {came.release_id or 'not named'}, and this is release {release_id}. It is solved again as "
            "the scenario of its own file; its numbers are not those of this release."
        )
    if area and came.area != area:
        found.append(f"It is of {came.area or 'an area that is not named'}, and this is {area}.")
    if layout == 1:
        found.append("It has no sheet with the scenario itself, so its numbers were put onto the scenario at hand.")
    if hidden := [one for one in table.given if one.place.row in table.top.sheet.hidden]:
        found.append(f"{len(hidden)} rows of {table.top.sheet.name} are hidden or filtered out; they were read too.")
    if table.top.sheet.name in book.unseen:
        found.append(f"The sheet {table.top.sheet.name} is hidden; it was read all the same.")
    if live := [one.place.cell for one in table.given if one.live]:
        found.append(f"Formulas stand in {', '.join(live[:5])}{' and more' if len(live) > 5 else ''}: their values were taken.")
    return tuple(found)


def accept(loaded: Loaded, owner: str, reason: str, day: dt.date) -> Scenario:
    """The scenario with its changes, each a stated assumption of the person who brings it, or of whom the book names.

    Raises BookError where nobody says whose the changes are, or why.
    """
    if loaded.unchanged:
        return loaded.base
    _said(loaded.changes, owner, reason)
    content: dict[str, Any] = deepcopy(dict(loaded.content))
    known = {str(p["path"]): dict(p) for p in content.get("provenance") or []}
    for change in loaded.changes:
        known[change.pointer] = _known(change, known.get(change.pointer, {}), owner, reason, day)
    content["provenance"] = list(known.values())
    return parse_scenario(content, "the workbook that came back")


def _said(changes: tuple[Change, ...], owner: str, reason: str) -> None:
    lacks = [
        what
        for what, given, own in (
            ("whose changes they are", owner, [c.owner for c in changes]),
            ("why they were made", reason, [c.reason for c in changes]),
        )
        if not given.strip() and not all(own)
    ]
    if lacks:
        raise BookError("changes need an owner and a reason", "acceptance", "nothing", " and ".join(lacks), "fill it in")


def _known(change: Change, before: Mapping[str, Any], owner: str, reason: str, day: dt.date) -> dict[str, Any]:
    """How a changed input is known: the estimate of whoever changed it; its range stays where the new value lies in it."""
    ends = {} if change.note and "outside" in change.note else {k: before[k] for k in ("low", "high") if k in before}
    return {
        "path": change.pointer, "state": str(InputState.GROUP_ESTIMATE), **ends, "owner": (change.owner or owner).strip(),
        "date": day.isoformat(), "source": f"Changed in a workbook: {(change.reason or reason).strip()}",
    }  # fmt: skip
