"""The layouts of scenario workbooks that this program reads, and how the scenario that one was made of is found in it.

A new layout is one more entry of `LAYOUTS`, with the function that finds its origin; nothing else asks for a number.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rcs_core.sheets.read import cell_text
from rcs_core.sheets.returned import Book, Returned, address
from rcs_core.workshop.bring_back.errors import AGAIN, BookError
from rcs_core.workshop.export import scenario_whole as whole

VALUE, PLACE = "Value", "Place in the scenario file"
COVER = "Cover"
COVER_AREA, COVER_RELEASE, COVER_NAME, COVER_PROGRAM = "Area", "Release", "Scenario", "Code version"
_SEARCHED = 30
"""Rows in which the headings of a sheet are looked for."""
_PART = re.compile(r"(.+), part (\d+) of (\d+)")


@dataclass(frozen=True, slots=True)
class Came:
    """The scenario that a workbook was made of, as plain content, and whose it is. code: the program that wrote it."""

    content: Mapping[str, Any]
    area: str = ""
    release_id: str = ""
    code: str = ""
    units: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    prints: Mapping[str, Any] = field(default_factory=dict)


class Head(NamedTuple):
    """Where a table begins: its sheet, the row of its headings, and the column of each."""

    sheet: Returned
    row: int
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout. onto: whether it needs a scenario to be loaded onto. came: finds the scenario that it was made of."""

    version: int
    told: str
    onto: bool
    came: Callable[[Book, Came | None], Came]


def heads(book: Book, *titles: str) -> Iterator[Head]:
    """The sheets on which all these headings stand in one row, wherever they are and whatever they are called."""
    for sheet in book.sheets.values():
        for number, row in enumerate(sheet.rows[:_SEARCHED], start=1):
            texts = [cell_text(cell).strip() for cell in row]
            if all(title in texts for title in titles):
                yield Head(sheet, number, {text: k for k, text in reversed(list(enumerate(texts, start=1))) if text})
                break


def head(book: Book, *titles: str) -> Head | None:
    """The first such sheet."""
    return next(heads(book, *titles), None)


def file_head(book: Book) -> Head | None:
    """The sheet *Scenario file*: several sheets may have its headings, one has its hash or its parts."""
    for top in heads(book, whole.ITEM, whole.TEXT):
        items = {
            cell_text(row[top.columns[whole.ITEM] - 1]).strip() for row in top.sheet.rows if len(row) >= max(top.columns.values())
        }
        if whole.HASH in items or any((part := _PART.fullmatch(item)) and part[1] == whole.PART for item in items):
            return top
    return None


def layout_of(book: Book) -> Layout:
    """The layout of a workbook. Raises BookError where it is no scenario workbook, or of a later program."""
    found = _items(book)
    if found is None:
        if head(book, PLACE) or head(book, "Part", "Of what", "Input", VALUE):
            return LAYOUTS[1]
        raise _foreign(book)
    said = found.get(whole.LAYOUT_ROW, "")
    if said.isdecimal() and int(said) in LAYOUTS:
        return LAYOUTS[int(said)]
    raise BookError(
        "the workbook is of a layout that this program does not read", book.path.name, said or "none", _known(),
        "load it with the program that wrote it, or a later one",
    )  # fmt: skip


def _known() -> str:
    return "layout " + " or ".join(str(version) for version in LAYOUTS)


def _foreign(book: Book) -> BookError:
    names = ", ".join(list(book.sheets)[:6]) or "none"
    return BookError(
        "this is not a scenario workbook of the workbench", book.path.name, f"the sheets {names}",
        f"a workbook of one scenario, with its sheet Inputs (the column '{PLACE}') and its sheet {whole.SHEET}",
        "load a workbook that was taken away from Try a shift; a comparison, tables or a workbook of your own cannot come back",
    )  # fmt: skip


def _items(book: Book) -> dict[str, str] | None:
    """The sheet *Scenario file*: its texts by item, those in parts put together; None where there is no such sheet."""
    top = file_head(book)
    if top is None:
        return None
    sheet, found, parts = top.sheet, dict[str, str](), dict[str, dict[int, str]]()
    for number in range(top.row + 1, len(sheet.rows) + 1):
        item, text = (cell_text(sheet.value(number, top.columns[title])) for title in (whole.ITEM, whole.TEXT))
        if split := _PART.fullmatch(item.strip()):
            parts.setdefault(f"{split[1]}/{split[3]}", {})[int(split[2])] = text
        elif item.strip():
            found[item.strip()] = text
    for label, texts in parts.items():
        name, _, count = label.rpartition("/")
        if sorted(texts) == list(range(1, int(count) + 1)):
            found[name] = "".join(texts[k] for k in sorted(texts))
    return found


def _from_whole(book: Book, _: Came | None) -> Came:
    """Layout 2: the whole scenario stands on its own sheet, with the hash that says that nobody touched it."""
    found = _items(book) or {}
    content = _json(found.get(whole.PART, ""))
    if not isinstance(content, dict) or whole.content_hash(content) != found.get(whole.HASH, "").strip():
        top = file_head(book)
        where = address(top.sheet.name, top.row + 1, top.columns[whole.TEXT]) if top else whole.SHEET
        raise BookError(
            f"the sheet {whole.SHEET} is not as it was written", f"{book.path.name}, {where}", "another text than its hash says",
            "the sheet as it was taken away", AGAIN,
        )  # fmt: skip
    names, prints = _json(found.get(whole.NAMES, "{}")), _json(found.get(whole.PRINTS, "{}"))
    area, release_id, code, units = (found.get(i, "").strip() for i in (whole.AREA, whole.RELEASE, whole.PROGRAM, whole.NEED))
    named = {key: text for key, text in names.items() if isinstance(text, str)} if isinstance(names, dict) else {}
    return Came(content, area, release_id, code, units, named, prints if isinstance(prints, dict) else {})


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _from_inputs(book: Book, onto: Came | None) -> Came:
    """Layout 1: only the numbers came along, so they are put onto a scenario that is at hand."""
    lines = next((sheet.rows for name, sheet in book.sheets.items() if name == COVER), [])
    cover = {cell_text(row[0]).strip(): cell_text(row[1]).strip() for row in lines if len(row) > 1}
    if onto is None:
        raise BookError(
            f"the workbook has no sheet {whole.SHEET}", book.path.name,
            "a workbook of an earlier program, or one without that sheet", "the scenario that its numbers belong to",
            f"open the scenario that it was made of ({cover.get(COVER_NAME) or 'not named'}) and load the workbook onto it",
        )  # fmt: skip
    area, release_id, code = (cover.get(item, "") for item in (COVER_AREA, COVER_RELEASE, COVER_PROGRAM))
    return Came(onto.content, area, release_id, code, onto.units, onto.names)


LAYOUTS: dict[int, Layout] = {
    1: Layout(1, "without the scenario itself: its numbers are put onto a scenario at hand", True, _from_inputs),
    2: Layout(2, "with the whole scenario on a sheet of its own", False, _from_whole),
}
