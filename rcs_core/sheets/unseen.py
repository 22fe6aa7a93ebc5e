"""Looks for what a person does not see in a sheet, or sees otherwise than a program: hidden rows, columns, sheets; merged cells.

In: a workbook that `read_cells` has read already, so that it is known to be of bearable size. Out: plain row and column numbers.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rcs_core.sheets.read import LONGEST, _column_number, _tags, limits

PIECE = 1 << 20
_TAG = re.compile(rb"<(?:\w+:)?(row|col|mergeCell|autoFilter)\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""\b(\w+)=["']([^"']*)["']""")
_CELL = re.compile(rb"^([A-Za-z]{1,3})(\d{1,7})$")
type Range = tuple[int, int, int, int]
"""First row, first column, last row, last column; 1 the first."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Hidden rows and columns of one sheet (1 the first), its merged ranges, whether it is filtered, and how many sheets hide."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    merged: tuple[Range, ...] = ()
    filtered: bool = False
    sheets: int = 0


def look(path: Path, sheet: str = "") -> Unseen:
    """What is hidden or merged in one sheet (the first that shows where none is named); nothing in a file of another form."""
    if not zipfile.is_zipfile(path):
        return Unseen()
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return Unseen()
        book = _tags(packed.read("xl/workbook.xml").decode("utf-8", "replace"), "sheet")
        links = _tags(packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"), "Relationship")
        hidden = sum(tag.get("state", "visible") != "visible" for tag in book)
        targets = {tag.get("Id", ""): tag.get("Target", "") for tag in links}
        part = _part(book, targets, sheet)
        found = list(_read(packed, part)) if part in names else []
    return _told(found, hidden)


def _part(book: list[dict[str, str]], targets: dict[str, str], sheet: str) -> str:
    """Which part of the workbook the sheet is."""
    for tag in book:
        target = targets.get(tag.get("r:id", ""), "")
        shows = tag.get("state", "visible") == "visible" and "worksheets/" in target
        if tag.get("name") == sheet if sheet else shows:
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _read(packed: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The few tags that matter, read in pieces; a tag that a piece cuts off is read with the next."""
    rest = b""
    with packed.open(part) as stream:
        while piece := stream.read(PIECE):
            text = rest + piece
            cut = text.rfind(b"<")
            rest = text[cut:] if cut >= 0 else b""
            yield from _of(text[:cut] if cut >= 0 else text)
    yield from _of(rest)


def _of(text: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(text):
        if tag[1] not in (b"row", b"col") or b"hidden" in tag[2]:
            yield tag[1].decode(), {k.decode(): v.decode("utf-8", "replace") for k, v in _ATTRIBUTE.findall(tag[2])}


def _told(found: list[tuple[str, dict[str, str]]], sheets: int) -> Unseen:
    hidden = [(kind, about) for kind, about in found if about.get("hidden", "0").lower() in ("1", "true")]
    rows = {_number(about.get("r", "")) for kind, about in hidden if kind == "row"} - {0}
    spans = [(_number(about.get("min", "")), _number(about.get("max", ""))) for kind, about in hidden if kind == "col"]
    columns = {n for low, high in spans if low for n in range(low, min(high, limits().columns) + 1)}
    merged = [_range(about.get("ref", "")) for kind, about in found if kind == "mergeCell"]
    filtered = any(kind == "autoFilter" for kind, _ in found)
    return Unseen(tuple(sorted(rows)), tuple(sorted(columns)), tuple(m for m in merged if m), filtered and bool(rows), sheets)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= LONGEST else 0


def _range(ref: str) -> Range | None:
    ends = [_CELL.match(end.encode()) for end in ref.split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    (first, last) = ((int(end[2]), _column_number(end[1])) for end in ends if end is not None)
    return (*first, *last)


def visible_sheets(path: Path) -> list[str]:
    """The sheets of a workbook that show and hold cells, in its order."""
    with zipfile.ZipFile(path) as packed:
        book = _tags(packed.read("xl/workbook.xml").decode("utf-8", "replace"), "sheet")
        links = _tags(packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"), "Relationship")
    sheets = {tag.get("Id") for tag in links if "worksheets/" in tag.get("Target", "")}
    return [tag.get("name", "") for tag in book if tag.get("state", "visible") == "visible" and tag.get("r:id") in sheets]
