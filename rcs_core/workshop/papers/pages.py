"""Sections that have to fit on so many pages: how tall each is, and which items are left to another place, in words.

Heights are reckoned from letters and a little on the safe side. What is left out is counted and said, never dropped silently.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rcs_core.documents.parts import Block, Grid, Heading, Picture, Points, Text

PAGE = 728.0
"""Points from the head to the foot of a page."""
LINE = 17.4
"""Centimetres from margin to margin."""
_CM = 28.35
_BODY, _SMALL, _LEAD, _CELL = 9.5, 8.0, 11.5, 8.25
"""Points of the letters of running text, small print, the headline, a cell."""
_LEADING, _HEADING, _CAPTION, _CELL_ROOM = 1.2, 26.0, 18.0, 0.25
_SPARE = 1.02
"""Lines end at words, so they hold a little less than their length."""
_SIZE = slice(16, 24)
"""Where a png says how wide and high it is."""
_SHORTEST = 90
_MARK = " … [shortened here]"
_WIDTHS = {
    0.25: "ijl'|", 0.30: " !,./:;I[]()ft-r·", 0.36: "*\"", 0.50: "cksvxyzJ", 0.68: "ABCDEHKNPRSTUVXYFL", 0.76: "GOQw",
    0.84: "mM@%–…", 0.95: "W—",
}  # fmt: skip
_LETTER = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 0.556
"""Widths of letters as parts of their size; of those not named, a figure's."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with items, each with words in bold before it; of a table, its rows.

    least: how many stand whatever the room; most: how many at most (0: all); weight: what it is worth beside the others.
    rest: what is said of those left out, with `{n}` for how many. before: a sentence first. note: small print after. table:
    how the items stand as a table, one a row.
    """

    heading: str
    items: Sequence[tuple[str, str]] = ()
    least: int = 0
    most: int = 0
    weight: float = 1.0
    rest: str = ""
    before: str = ""
    note: str = ""
    table: Grid | None = None

    @property
    def many(self) -> int:
        """How many items there are to choose from."""
        return len(self.table.rows) if self.table else len(self.items)

    def first(self, many: int) -> "Section":
        """The same with so many items, and what is left out said."""
        left = self.many - many
        if left <= 0:
            return self
        said = self.rest.format(n=f"{left:,}")
        if self.table:
            return replace(self, table=replace(self.table, rows=self.table.rows[:many], notes=(*self.table.notes, said)))
        return replace(self, items=self.items[:many], note=" ".join(filter(None, (said, self.note))))

    def blocks(self) -> list[Block]:
        """The parts of the document."""
        found: list[Block] = [Heading(self.heading)]
        found += [Text(self.before)] if self.before else []
        found += [self.table] if self.table and self.table.rows else []
        found += [Points([text for _, text in self.items], [strong for strong, _ in self.items])] if self.items else []
        return [*found, *([Text(self.note, "note")] if self.note else [])]


def fitted(fixed: Sequence[Block], sections: Sequence[Section], pages: int, longest: int = 420) -> list[Section]:
    """The sections with as many items as fit beside the fixed blocks on so many pages.

    The section with most items over its least, by weight, gives way first; where all stand at their least, long texts are
    shortened, and say so.
    """
    room = pages * PAGE - sum(height(block) for block in fixed) - (pages - 1) * _BREAK
    cut, chosen = list(sections), [one.many for one in sections]
    while longest > _SHORTEST:
        cut = [_shortened(one, longest) for one in sections]
        chosen = [min(one.many, one.most or one.many) for one in cut]
        while _tall(now := [one.first(many) for one, many in zip(cut, chosen, strict=True)]) > room:
            over = [(many - min(one.least, one.many)) / one.weight for one, many in zip(cut, chosen, strict=True)]
            if max(over, default=0) <= 0:
                break
            chosen[over.index(max(over))] -= 1
        else:
            return now
        longest = longest * 2 // 3
    return [one.first(many) for one, many in zip(cut, chosen, strict=True)]


_SHORTEST = 90
_BREAK = 30.0
"""Points that a page may leave unused at its foot."""


def _tall(sections: Sequence[Section]) -> float:
    return sum(height(block) for one in sections for block in one.blocks())


def _shortened(section: Section, longest: int) -> Section:
    return replace(section, items=[(strong, shortened(text, longest)) for strong, text in section.items])


def shortened(text: str, longest: int) -> str:
    """A text that is too long, cut at a word, and marked as cut."""
    if len(text) <= longest:
        return text
    head = text[: longest - len(_MARK)]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head[longest // 2 :] else head}{_MARK}"


def height(block: Block) -> float:
    """Points that a part takes on a compact page, reckoned from its letters."""
    match block:
        case Heading():
            return _HEADING
        case Text(style="note"):
            return _lines(block.text, _SMALL) * _SMALL * _LEADING + 5
        case Text(style="lead"):
            return _lines(block.text, _LEAD, strong=True) * _LEAD * _LEADING + 7
        case Text(style="warning"):
            return _lines(block.text, _BODY, LINE - 0.5, strong=True) * _BODY * _LEADING + 26
        case Text():
            return _lines(f"{block.strong} {block.text}", _BODY) * _BODY * _LEADING + 4
        case Points():
            strong = block.strong or [""] * len(block.items)
            said = (f"{a} {b}" for a, b in zip(strong, block.items, strict=True))
            return sum(_lines(text, _BODY, LINE - 0.6) * _BODY * _LEADING + 2 for text in said)
        case Grid():
            notes = sum(height(Text(note, "note")) for note in block.notes)
            return _CAPTION + sum(_row(block, row) for row in (block.header, *block.rows)) + notes + 5
        case Picture():
            across, down = (float(side) for side in struct.unpack(">II", block.png[_SIZE]))
            return _CAPTION + (block.width or LINE) * _CM * down / across + 6
        case _:
            return 0.0


def _row(grid: Grid, cells: Sequence[str]) -> float:
    widths = grid.widths or [1.0] * len(cells)
    wide = [LINE * width / sum(widths) - _CELL_ROOM for width in widths]
    return max(_lines(cell, _CELL, room) for cell, room in zip(cells, wide, strict=True)) * _CELL * _LEADING + 2.4


def _lines(text: str, size: float, room: float = LINE, strong: bool = False) -> int:
    """Lines of a text in letters of a size, on so many centimetres."""
    long = sum(_LETTER.get(letter, _OTHER) for letter in text) * size * (1.06 if strong else 1.0)
    return max(1, math.ceil(_SPARE * long / (room * _CM)))
