"""A table on paper: its header is repeated on every page, no row breaks over two, figures stand to the right."""

from collections.abc import Sequence

from docx.document import Document as Paper
from docx.oxml.parser import OxmlElement
from docx.shared import Cm
from docx.table import Table, _Row

from rcs_core.documents import plain, styles
from rcs_core.documents.parts import Grid

_TOGETHER = 12
"""Rows of a table that is kept on one page."""
_LONG = 60
"""Letters of a cell beyond which a column asks for no more room."""
_LETTER = 0.175
"""Centimetres of one letter of a cell, with which the least width of a column is reckoned."""
_LONGEST_WORD = 30
_EDGES = 0.3


def put(paper: Paper, block: Grid) -> None:
    """Put a table on paper, as wide as the line."""
    table = paper.add_table(rows=0, cols=len(block.header), style=styles.TABLE)
    table.autofit = False
    _look(table, block)
    wide = [Cm(part) for part in widths(block)]
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    rows = [block.header, *block.rows]
    for number, texts in enumerate(rows):
        row = table.add_row()
        _flags(row, header=number == 0)
        last = number == len(rows) - 1
        keep = number == 0 or (bool(block.notes) if last else len(rows) <= _TOGETHER or number == len(rows) - 2)
        strong = number == 0 or (block.total and last)
        for place, (cell, width) in enumerate(zip(row.cells, wide, strict=True)):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.style = styles.FIGURE if place in block.figures else styles.CELL
            text = texts[place]
            plain.put(paragraph, "" if strong else text, text if strong else "")
            paragraph.paragraph_format.keep_with_next = True if keep else None


def _look(table: Table, block: Grid) -> None:
    """Which parts of the table's style apply: its first row is a header; its last a total where it is one."""
    look = table._tbl.tblPr.find(plain.say("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        table._tbl.tblPr.append(look)
    flags = {
        "firstRow": "1",
        "lastRow": str(int(block.total)),
        "firstColumn": "0",
        "lastColumn": "0",
        "noHBand": "1",
        "noVBand": "1",
    }
    look.set(plain.say("w:val"), f"{0x0020 | (0x0040 if block.total else 0) | 0x0600:04X}")
    for name, value in flags.items():
        look.set(plain.say(f"w:{name}"), value)
    for tag, text in (("w:tblCaption", block.caption), ("w:tblDescription", f"Columns: {', '.join(block.header)}")):
        told = OxmlElement(tag)
        told.set(plain.say("w:val"), plain.clean(text))
        table._tbl.tblPr.append(told)


def _flags(row: _Row, header: bool) -> None:
    about = row._tr.get_or_add_trPr()
    about.append(OxmlElement("w:cantSplit"))
    if header:
        about.append(OxmlElement("w:tblHeader"))


def widths(block: Grid) -> list[float]:
    """Centimetres of each column: the longest word fits where it can, the rest by how much the column says."""
    if block.widths:
        whole = sum(block.widths)
        return [styles.LINE * part / whole for part in block.widths]
    columns = [[block.header[i], *(row[i] for row in block.rows)] for i in range(len(block.header))]
    least = [_EDGES + _LETTER * max(_longest_word(column), 3) for column in columns]
    asked = [_EDGES + _LETTER * max(min(len(text), _LONG) for text in column) for column in columns]
    if sum(asked) > styles.LINE:
        asked = [_EDGES + _LETTER * _letters(column, i in block.figures) for i, column in enumerate(columns)]
    return _shared(least, asked)


def _letters(column: Sequence[str], figures: bool) -> int:
    """Letters of a line that a column asks for; the head of figures may stand in two."""
    if figures:
        return max((len(column[0]) + 1) // 2, *(len(text) for text in column[1:]), 0)
    return max(min(len(text), _LONG) for text in column)


def _longest_word(texts: Sequence[str]) -> int:
    return min(max((len(word) for text in texts for word in text.split()), default=0), _LONGEST_WORD)


def _shared(least: Sequence[float], asked: Sequence[float]) -> list[float]:
    """The line shared out: what is least needed first, what is left by what is asked beyond it."""
    if sum(least) >= styles.LINE:
        return [styles.LINE * part / sum(least) for part in least]
    beyond = [max(wanted - need, 0.0) for wanted, need in zip(asked, least, strict=True)]
    left = styles.LINE - sum(least)
    if sum(beyond) <= left:
        spare = (left - sum(beyond)) / len(least)
        return [need + more + spare for need, more in zip(least, beyond, strict=True)]
    return [need + left * more / sum(beyond) for need, more in zip(least, beyond, strict=True)]
