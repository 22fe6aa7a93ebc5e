"""The sheet *Inputs* of a workbook that came back, its rows found by their place in the scenario file wherever they stand.

Rows may be sorted, filtered and moved, columns too, and the sheet renamed: headings and places say what is what. A row that
is gone, stands twice with two values, or points at what the scenario does not have is laid down as a breach.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rcs_core.sheets.read import cell_text
from rcs_core.sheets.returned import Book, address
from rcs_core.workshop.bring_back.errors import AGAIN, BookError, Breach
from rcs_core.workshop.bring_back.layouts import PLACE, VALUE, Came, Head, head
from rcs_core.workshop.bring_back.values import NotTakenError, Plain, read_value, same
from rcs_core.workshop.export.scenario_facts import facts_of
from rcs_core.workshop.export.scenario_inputs import SHEET
from rcs_core.workshop.scenario import parse_scenario
from rcs_core.workshop.scenario.checks import points, resolve
from rcs_core.workshop.scenario.reading import plain

OF_WHAT = "Of what"
LABELS = ("Part", OF_WHAT, "Input", "Where and when", "Unit")
OWNER, REASONS = "Owner", ("Reason", "Source")
_UNIT = 4


@dataclass(frozen=True, slots=True)
class Place:
    """One input: its cell, what it is in words, its unit, and how its value was written in the cell."""

    sheet: str
    row: int
    column: int
    pointer: str
    labels: tuple[str, ...]
    shown: object
    was: Plain

    @property
    def cell(self) -> str:
        """Its address as people name it."""
        return address(self.sheet, self.row, self.column)

    @property
    def unit(self) -> str:
        """What its number is counted in."""
        return self.labels[_UNIT]

    @property
    def words(self) -> str:
        """What it is: part, of what, input, where and when."""
        return ", ".join(part for part in self.labels[:_UNIT] if part)


@dataclass(frozen=True, slots=True)
class Given:
    """A place with the value that its cell asks for; live: whether a formula stands there. texts: the row by its headings."""

    place: Place
    value: Plain
    live: bool
    texts: Mapping[str, str]

    @property
    def changed(self) -> bool:
        """Whether it is another value than the one that was written."""
        return not same(self.value, self.place.was)


@dataclass(frozen=True, slots=True)
class Table:
    """The sheet as it was read: what each place asks for, the breaches, and the names that ids have in the book."""

    top: Head
    given: list[Given]
    breaches: list[Breach]
    names: Mapping[str, str]
    written: Mapping[str, Mapping[str, object]]


def read_table(book: Book, came: Came) -> Table:
    """Read every row of *Inputs*. Raises BookError where the sheet, or a column that is needed, is not there."""
    top = _top(book)
    full: Mapping[str, Any] = plain(parse_scenario(came.content, book.path.name), whole=True)
    facts = facts_of(came.content, {}, came.names, came.units or "units")
    sheet = facts.inputs.sheet()
    titles = [column.title for column in sheet.columns]
    written = {str(row[titles.index(PLACE)]): dict(zip(titles, row, strict=True)) for row in sheet.rows}
    rows: dict[str, list[int]] = {}
    for number, pointer in _pointers(top):
        rows.setdefault(pointer, []).append(number)
    table = Table(top, [], [], {**facts.words.names, **came.names, **_called(top, rows, full)}, written)
    for pointer, numbers in rows.items():
        _read_place(table, full, pointer, numbers)
    table.breaches.extend(_gone(table, came, rows))
    return table


def _top(book: Book) -> Head:
    top = head(book, PLACE, VALUE)
    if top is None:
        sheet = book.sheets.get(SHEET)
        lacks = [title for title in (PLACE, VALUE) if sheet is None or not head(book, title)]
        got = f"no column {' and no column '.join(lacks)}" if sheet else f"the sheets {', '.join(book.sheets)}"
        raise BookError(
            f"the sheet {SHEET} cannot be read", book.path.name, got, f"the sheet with the columns {VALUE} and {PLACE}", AGAIN
        )
    cells = [cell_text(cell).strip() for cell in top.sheet.rows[top.row - 1]]
    if twice := [title for title in (PLACE, VALUE) if cells.count(title) > 1]:
        raise BookError(
            "a heading stands twice", f"{book.path.name}, {address(top.sheet.name, top.row, top.columns[twice[0]])}",
            ", ".join(twice), "each heading once", "give the column that you added another heading",
        )  # fmt: skip
    return top


def _pointers(top: Head) -> Iterator[tuple[int, str]]:
    column = top.columns[PLACE]
    for number in range(top.row + 1, len(top.sheet.rows) + 1):
        pointer = cell_text(top.sheet.value(number, column)).strip()
        if pointer:
            yield number, pointer


def _called(top: Head, rows: Mapping[str, list[int]], full: Mapping[str, Any]) -> dict[str, str]:
    """What ids are called in the book, by the column that says of what each input is."""
    found: dict[str, str] = {}
    for pointer, numbers in rows.items() if OF_WHAT in top.columns else ():
        section, _, rest = pointer.removeprefix("/").partition("/")
        index, things = rest.partition("/")[0], full.get(section)
        if isinstance(things, list) and index.isdecimal() and int(index) < len(things) and isinstance(things[int(index)], dict):
            found.setdefault(str(things[int(index)].get("id")), _texts(top, numbers[0])[OF_WHAT])
    return found


def _read_place(table: Table, full: Mapping[str, Any], pointer: str, numbers: list[int]) -> None:
    """One place of the scenario, in the row or rows that name it."""
    top, column = table.top, table.top.columns[VALUE]
    texts = _texts(top, numbers[0])
    written = table.written.get(pointer, texts)
    try:
        was = _leaf(full, pointer)
    except LookupError:
        where = address(top.sheet.name, numbers[0], top.columns[PLACE])
        remedy = "delete the row, or put its place back as it was; things are added to a scenario in the workbench"
        table.breaches.append(Breach("no such place in the scenario", where, pointer, "a place that the scenario has", remedy))
        return
    labels = tuple(str(written.get(title) or "") for title in LABELS)
    shown = table.written.get(pointer, {}).get(VALUE)
    found: list[Given] = []
    for number in numbers:
        place = Place(top.sheet.name, number, column, pointer, labels, shown, was)
        try:
            value = read_value(top.sheet.value(number, column), was, place.unit, table.names, shown)
        except NotTakenError as error:
            where = f"{place.cell} ({place.words})"
            table.breaches.append(Breach("this cannot be taken", where, error.got, error.expected, error.remedy))
            return
        found.append(Given(place, value, (number, column) in top.sheet.formulas, _texts(top, number)))
    if any(not same(found[0].value, other.value) for other in found[1:]):
        where = ", ".join(one.place.cell for one in found)
        what = "one input stands in several rows with several values"
        table.breaches.append(Breach(what, where, pointer, "one row", "delete the others"))
        return
    table.given.append(found[0])


def _leaf(full: Mapping[str, Any], pointer: str) -> Plain:
    """What the whole scenario has at a place; raises LookupError where there is no such place, or more than one value."""
    found = resolve(full, pointer)
    if isinstance(found, int | float | str) or found is None:
        return found
    raise LookupError(pointer)


def _texts(top: Head, number: int) -> dict[str, str]:
    return {title: cell_text(top.sheet.value(number, column)).strip() for title, column in top.columns.items()}


def _gone(table: Table, came: Came, rows: Mapping[str, list[int]]) -> list[Breach]:
    """Inputs that the scenario gives and whose row is not there any more."""
    gone = [written for pointer, written in table.written.items() if pointer not in rows and points(came.content, pointer)]
    return [
        Breach(
            "the row of this input is gone", f"{table.top.sheet.name} ({_said(written)})", "no row", str(written[PLACE]),
            "put the row back as it was; to have none of it, type the word none as its value",
        )
        for written in gone
    ]  # fmt: skip


def _said(written: Mapping[str, object]) -> str:
    return ", ".join(str(written[title]) for title in LABELS[:_UNIT] if written.get(title))
