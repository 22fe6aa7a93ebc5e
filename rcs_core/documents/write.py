"""A document written as docx: real headings, lists, tables and captions; the same document gives the same bytes.

What comes in is a `Document`; what goes out is a file for Word or LibreOffice. Text is text: nothing in it is read as
a command, a field or mark-up.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document as Paper
from docx.shared import Cm, Emu, Pt
from docx.text.paragraph import Paragraph

from rcs_core.documents import edges, grid, plain, styles
from rcs_core.documents.parts import Block, Document, Grid, Heading, PageBreak, Picture, Points, Text

_STYLES = {"": "Normal", "lead": styles.LEAD, "note": styles.NOTE, "warning": styles.WARNING}
_TALLEST = 19.0
"""Centimetres of a picture's height, so that its caption stays on its page."""
_BREATH = 8
"""Points between a table and what follows it."""


def write_docx(document: Document, path: Path) -> None:
    """Write a document; its day is the stamp's, so that the same document is the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(docx_bytes(document))


def docx_bytes(document: Document) -> bytes:
    """A document as the bytes of its file."""
    paper = docx.Document()
    styles.dress(paper, document.compact)
    edges.properties(paper, document)
    edges.header_and_footer(paper, document)
    _add(paper, "Title", document.title)
    if document.subtitle:
        _add(paper, "Subtitle", document.subtitle)
    body = _Body(paper)
    for block in document.blocks:
        body.put(block)
    raw = io.BytesIO()
    paper.save(raw)
    return edges.dated(raw.getvalue(), document.stamp.taken)


def _add(paper: Paper, style: str, text: str, strong: str = "") -> Paragraph:
    paragraph = paper.add_paragraph(style=style)
    plain.put(paragraph, text, strong)
    return paragraph


@dataclass(slots=True)
class _Body:
    """The parts of a document as they are put on paper, and what was counted and is owed so far."""

    paper: Paper
    tables: int = 0
    pictures: int = 0
    break_owed: bool = False
    space_owed: bool = False

    def put(self, block: Block) -> None:
        """Put one part on paper."""
        match block:
            case PageBreak():
                self.break_owed = True
            case Heading():
                self._begin(_add(self.paper, f"Heading {block.level}", block.text))
            case Text():
                self._begin(_add(self.paper, _STYLES[block.style], block.text, block.strong))
            case Points():
                self._points(block)
            case Grid():
                self._grid(block)
            case Picture():
                self._picture(block)

    def _begin(self, paragraph: Paragraph) -> Paragraph:
        """What a paragraph owes to the part before it, a new page or space below a table: no empty one stands for either."""
        form = paragraph.paragraph_format
        if self.break_owed:
            form.page_break_before = True
        elif self.space_owed and paragraph.style is not None and not paragraph.style.name.startswith("Heading"):
            form.space_before = Pt(_BREATH)
        self.break_owed = self.space_owed = False
        return paragraph

    def _points(self, block: Points) -> None:
        for number, item in enumerate(block.items):
            self._begin(_add(self.paper, "List Bullet", item, block.strong[number] if block.strong else ""))

    def _grid(self, block: Grid) -> None:
        self.tables += 1
        caption = self._begin(_add(self.paper, "Caption", block.caption, f"Table {self.tables}."))
        caption.paragraph_format.keep_with_next = True
        grid.put(self.paper, block)
        for number, note in enumerate(block.notes):
            paragraph = _add(self.paper, styles.NOTE, note)
            if number < len(block.notes) - 1:
                paragraph.paragraph_format.space_after = Pt(0)
        self.space_owed = not block.notes

    def _picture(self, block: Picture) -> None:
        self.pictures += 1
        paragraph = self._begin(self.paper.add_paragraph(style=styles.PICTURE))
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png), width=Cm(min(block.width or styles.LINE, styles.LINE)))
        if shape.height > Cm(_TALLEST):
            shape.width, shape.height = Emu(round(shape.width * Cm(_TALLEST) / shape.height)), Cm(_TALLEST)
        for side in ("distT", "distB", "distL", "distR"):  # where nothing is said, programs leave room of their own
            shape._inline.set(side, "0")
        about = shape._inline.docPr
        about.set("name", f"Picture {self.pictures}")
        about.set("descr", plain.clean(block.alt))
        caption = _add(self.paper, "Caption", block.caption, f"Figure {self.pictures}.")
        caption.paragraph_format.space_after = Pt(_BREATH)
