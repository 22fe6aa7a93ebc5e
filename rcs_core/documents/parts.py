"""What a document is made of, in the order it is read: headings, sentences, lists, tables, pictures; nothing of a program."""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 to 3 below the document's title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph. style: lead (the headline), note (small print), warning (in a frame). strong: words in bold before it."""

    text: str
    style: str = ""
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences as a list. strong: words in bold before each, one an item."""

    items: Sequence[str]
    strong: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts under a header, with its caption; figures: columns that stand to the right.

    widths: how wide the columns are against each other (else by what they say). total: whether the last row is a sum.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int] = frozenset()
    notes: Sequence[str] = ()
    widths: Sequence[float] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as png, its caption, and in words what it shows (alternative text); width in centimetres, 0 the whole line."""

    png: bytes
    caption: str
    alt: str
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


type Block = Heading | Text | Points | Grid | Picture | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document: title, whose it is (its foot says so on every page), and its parts in order. compact: more on a page."""

    title: str
    stamp: Stamp
    blocks: Sequence[Block]
    subtitle: str = ""
    compact: bool = False
