"""What a file says, whatever its kind: its tables cell by cell, and every text in it.

In: the bytes of a csv, zip, workbook, document, json, picture. Out: tables and texts. A picture of dots (png) and a pdf say
nothing that a program can read, so their makers hand over what they were drawn or printed from.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from rcs_core.errors import UnreadableError

TEXTS = frozenset({"txt", "md"})
LOOKED_INTO = frozenset({"csv", "zip", "xlsx", "docx", "json", "jsonl", "svg", *TEXTS})
"""Kinds that can be read as they are."""
BLIND = frozenset({"png", "pdf"})
"""Kinds that cannot: what they were made of is read in their place."""
_DEEPEST = 3
_TEXT = re.compile(r"<(?:\w+:)?t(?: [^>]*)?>([^<]*)</(?:\w+:)?t>")
_BETWEEN = re.compile(r">([^<>]+)<")
_COLUMN = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: its name and its rows, blanks filled, the header wherever it stands. plain: it is of a csv."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    plain: bool = False


@dataclass(slots=True)
class Contents:
    """All that a file says."""

    grids: list[Grid] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def said(self) -> Iterator[str]:
        """Every text, those of cells among them."""
        yield from self.texts
        for grid in self.grids:
            for row in grid.rows:
                yield from row

    def add(self, other: "Contents") -> None:
        """Take in what another file says."""
        self.grids += other.grids
        self.texts += other.texts


@dataclass(frozen=True, slots=True)
class Made:
    """A file together with what it was made of, where the file itself cannot be read: of rows (a picture), of a document (a
    pdf: its kind and bytes)."""

    content: bytes
    rows: pd.DataFrame | None = None
    documents: Sequence[tuple[str, bytes]] = ()


def contents(kind: str, content: bytes | str | Made, name: str = "", depth: int = 0) -> Contents:
    """All that a file of a kind says. Raises UnreadableError where nobody can tell."""
    made = content if isinstance(content, Made) else None
    raw = content.content if isinstance(content, Made) else content
    data = raw.encode("utf-8") if isinstance(raw, str) else raw
    found = Contents()
    if kind in BLIND:
        if made is None or (made.rows is None and not made.documents):
            raise _untold(kind, name)
    else:
        found.add(_read(kind, data, name, depth))
    if made is not None:
        if made.rows is not None:
            found.grids.append(of_frame(made.rows, name))
        for inner, part in made.documents:
            found.add(contents(inner, part, name, depth + 1))
    return found


def _untold(kind: str, name: str) -> UnreadableError:
    remedy = "give it together with the rows it was drawn from, or the document it was printed from"
    return UnreadableError("nobody can tell what the file says", name, f"a {kind}", "a kind that can be read", remedy)


def _read(kind: str, data: bytes, name: str, depth: int) -> Contents:
    if kind == "csv":
        return Contents([Grid(name, _filled(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))), plain=True)])
    if kind in TEXTS:
        return Contents(texts=data.decode("utf-8-sig").splitlines())
    if kind == "svg":
        return Contents(texts=[unescape(text) for text in _BETWEEN.findall(data.decode("utf-8"))])
    if kind in ("json", "jsonl"):
        found = Contents()
        for part in data.splitlines() if kind == "jsonl" else (data,):
            _walk(json.loads(part), found.texts)
        return found
    if kind == "xlsx":
        return _workbook(data, name)
    if kind == "docx":
        return _document(data, name)
    if kind == "zip" and depth < _DEEPEST:
        return _packed(data, depth)
    raise _untold(kind, name)


def of_frame(frame: pd.DataFrame, name: str) -> Grid:
    """A table in memory as a table of texts."""
    texts = frame.astype(object).where(frame.notna(), "")
    return Grid(name, (tuple(map(str, frame.columns)), *(tuple(map(_text, row)) for row in texts.itertuples(index=False))))


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _filled(rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _walk(value: Any, texts: list[str]) -> None:
    """Every key and every value of a json file, figures as they are written."""
    if isinstance(value, dict):
        texts += map(str, value)
        for one in value.values():
            _walk(one, texts)
    elif isinstance(value, list):
        for one in value:
            _walk(one, texts)
    elif value is not None:
        texts.append(str(value))


def _packed(data: bytes, depth: int) -> Contents:
    """The files of a zip, each by its own kind."""
    found = Contents()
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        for entry in pack.namelist():
            found.add(contents(entry.rpartition(".")[2].lower(), pack.read(entry), entry, depth + 1))
    return found


def _workbook(data: bytes, name: str) -> Contents:
    """Every sheet of a workbook as a table, hidden ones too, and what stands elsewhere in it (titles, comments, names)."""
    found = Contents()
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        shared = _shared(pack)
        for entry in pack.namelist():
            if not entry.endswith(".xml") or entry == "xl/sharedStrings.xml":
                continue
            if entry.startswith("xl/worksheets/sheet"):
                found.grids.append(Grid(f"{name}, {entry.rpartition('/')[2][:-4]}", tuple(_rows(pack.read(entry), shared))))
            elif entry.startswith(("xl/comments", "xl/charts", "xl/drawings", "docProps", "xl/workbook")):
                found.texts += [unescape(text) for text in _BETWEEN.findall(pack.read(entry).decode("utf-8"))]
    return found


def _shared(pack: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in pack.namelist():
        return []
    root = ElementTree.fromstring(pack.read("xl/sharedStrings.xml"))
    return ["".join(part.text or "" for part in item.iter() if part.tag.endswith("}t")) for item in root]


def _rows(sheet: bytes, shared: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for _, row in ElementTree.iterparse(io.BytesIO(sheet)):
        if not row.tag.endswith("}row"):
            continue
        cells: list[str] = []
        for cell in row:
            place = _place(cell.get("r", ""), len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_cell(cell, shared))
        yield tuple(cells)
        row.clear()


def _place(reference: str, after: int) -> int:
    """The column of a cell, from nought."""
    letters = _COLUMN.match(reference)
    place = 0
    for letter in letters[0] if letters else "":
        place = 26 * place + ord(letter) - 64
    return place - 1 if letters else after


def _cell(cell: ElementTree.Element, shared: Sequence[str]) -> str:
    """What a cell holds: its text, its number, or the answer of its formula where one was worked out."""
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    if cell.get("t") == "inlineStr" and "is" in parts:
        return "".join(part.text or "" for part in parts["is"].iter() if part.tag.endswith("}t"))
    value = (parts["v"].text or "") if "v" in parts else ""
    return shared[int(value)] if cell.get("t") == "s" and value else value


def _document(data: bytes, name: str) -> Contents:
    """Every table of a document under its caption, every paragraph, head, foot and note, and what pictures say in words."""
    found = Contents()
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        for entry in pack.namelist():
            if entry.startswith("docProps") and entry.endswith(".xml"):
                found.texts += [unescape(text) for text in _BETWEEN.findall(pack.read(entry).decode("utf-8"))]
            elif entry.startswith("word/") and entry.endswith(".xml"):
                _paragraphs(ElementTree.fromstring(pack.read(entry)), name, found)
    return found


def _paragraphs(root: ElementTree.Element, name: str, found: Contents) -> None:
    for part in root.iter():
        tag = part.tag.rpartition("}")[2]
        if tag == "p":
            found.texts.append(_plain(part))
        elif tag == "tbl":
            rows = [row for row in part if row.tag.endswith("}tr")]
            cells = [tuple(_plain(cell).strip() for cell in row if cell.tag.endswith("}tc")) for row in rows]
            caption = next((text for text in reversed(found.texts) if text.strip()), "")
            found.grids.append(Grid(f"{name}, {caption}", tuple(cells)))
        elif tag == "docPr":
            found.texts.append(part.get("descr", ""))


def _plain(part: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in part.iter() if one.tag.endswith("}t"))
