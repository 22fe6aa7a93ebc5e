"""Documents to test with: one with everything awkward in it, and what is read back of a written one."""

import datetime as dt
import io
import re
import struct
import zlib

import docx
from docx.document import Document as Paper
from docx.oxml.ns import qn

from rcs_core.documents.parts import Document, Grid, Heading, PageBreak, Picture, Points, Text
from rcs_core.documents.write import docx_bytes
from rcs_core.stamp import Stamp

AWKWARD = (
    "=1+1", "+cmd|' /C calc'!A0", "<b>bold</b> & co", "]]>", "{ PAGE }", "emoji 😀👩‍👧", "nought\x00bell\x07half\ud800",
    "turned \u202eback", "two\nlines\tand a tab", "W" * 300, "שלום לכולם 12", "مرحبا",
)  # fmt: skip
STAMP = Stamp("Strathmere", "2025-26", "abc123", "2026-05-01", dt.date(2026, 5, 4), True, "A. Officer", discussion=True)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def png(wide: int = 40, high: int = 20) -> bytes:
    """A grey picture."""
    raw = b"".join(b"\x00" + b"\x80" * wide for _ in range(high))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + body


def awkward(compact: bool = False) -> Document:
    """Every kind of part with every awkward text, a table over several pages, a picture higher than a page."""
    rows = [(text, text, "1,234") for text in AWKWARD] + [(f"row {k}", "words " * 20, "5") for k in range(50)]
    return Document(
        "=A title <b>", STAMP,
        [
            Text("The headline", "lead"), Text("Only to discuss", "warning"), Heading("First"), Points(AWKWARD),
            Text("Small", "note"), Points(("yes", "no"), ("Met?", "Moves?")), Heading("Below it", 2),
            Heading("And below that", 3),
            Grid("A long table", ("Name", "What", "How many"), rows, frozenset({2}), ("A note under it",)),
            Grid("With a sum", ("Name", "£"), [("a", "1"), ("All", "1")], frozenset({1}), total=True), Text("After the table"),
            Picture(png(), "A picture", "What <it> shows & says"), PageBreak(), Heading("Second"),
            Picture(png(20, 90), "A tall one", "Tall"), Text("The end"),
        ],
        "Below the title", compact=compact,
    )  # fmt: skip


def read(document: Document) -> Paper:
    """A document as it is read back from its file."""
    return docx.Document(io.BytesIO(docx_bytes(document)))


def texts(paper: Paper) -> list[str]:
    """All that stands in the body, in order: paragraphs, and tables cell by cell."""
    found = []
    for part in paper.iter_inner_content():
        rows = [[part.text]] if hasattr(part, "text") else [[cell.text for cell in row.cells] for row in part.rows]
        found += [cell for row in rows for cell in row]
    return found


def levels(paper: Paper) -> list[int]:
    """The levels of the headings in their order."""
    styles = [p.style.name for p in paper.paragraphs if p.style is not None]
    return [int(name.removeprefix("Heading ")) for name in styles if name.startswith("Heading ")]


def in_order(found: list[int]) -> bool:
    """Whether no heading is more than one level below the one before it."""
    return all(now <= before + 1 for before, now in zip([0, *found], found, strict=False))


def alts(paper: Paper) -> list[str]:
    """The alternative text of every picture."""
    return [shape._inline.docPr.get("descr", "") for shape in paper.inline_shapes]


def header_rows(paper: Paper) -> list[bool]:
    """Of every table, whether its first row, and no other, is repeated as a header and no row breaks over pages."""
    found = []
    for table in paper.tables:
        heads = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        whole = all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        found.append(heads == [True] + [False] * (len(heads) - 1) and whole)
    return found


def numbers(text: str) -> set[str]:
    """The figures of a text as they are written, without the point that ends a sentence."""
    return {found.rstrip(",.") for found in NUMBER.findall(text)}


def pages(pdf: bytes) -> int:
    """How many pages a pdf has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
