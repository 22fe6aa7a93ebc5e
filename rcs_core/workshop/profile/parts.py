"""What a profile is made of: sections with a question as heading, sentences, tables and pictures, with nothing of a screen.

Whoever draws it, a screen or a document, draws all of it and adds nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from rcs_core.vocab import AreaLevel
from rcs_core.workshop.spine import HEADING

FIGURES = ("Section", "Of", "Row", "What", "Figure")
"""The columns of the csv: one row a figure, in the words of the page."""


class Look(StrEnum):
    """How a picture is drawn."""

    SPINE = "spine"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in rows under a header, as a reader sees them; keys: how many columns at the left name the row."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: int = 1

    def frame(self) -> pd.DataFrame:
        """The table for a screen."""
        return pd.DataFrame(list(self.rows), columns=list(self.header))

    def figures(self, section: str) -> Iterator[tuple[str, ...]]:
        """Each cell as a row of the csv."""
        for row in self.rows:
            label = ", ".join(row[: self.keys])
            for column, value in zip(self.header[self.keys :], row[self.keys :], strict=True):
                yield (section, self.name, label, column, value)


def table_of(name: str, frame: pd.DataFrame, keys: int = 1) -> Table:
    """A table of texts from a frame."""
    plain = frame.astype(object).where(frame.notna(), "")
    rows = tuple(tuple(str(v) for v in row) for row in plain.itertuples(index=False))
    return Table(name, tuple(str(c) for c in frame.columns), rows, keys)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its points as its kind of drawing wants them, the finding in words, and its numbers as a table.

    names: what more, less and neither are called; centred: drawn around the place it is set beside; top: where a shared scale
    ends (per cent); key: what its marks are.
    """

    look: Look
    title: str
    words: str
    numbers: Table
    points: pd.DataFrame = field(compare=False)
    names: tuple[str, ...] = ()
    centred: bool = True
    top: int = 100
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer. points: sentences of a list; numbers: a table that is taken away, not printed."""

    heading: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()
    table: Table | None = None
    pictures: tuple[Picture, ...] = ()
    numbers: Table | None = None
    notes: tuple[str, ...] = ()
    page: int = 1

    def tables(self) -> list[Table]:
        """Every table of the section, printed or not."""
        found = [self.table, *(p.numbers for p in self.pictures), self.numbers]
        return [table for table in found if table is not None]

    def texts(self) -> Iterator[str]:
        """What is read on paper."""
        yield from (self.heading, *self.sentences, *self.points, *self.notes)
        for picture in self.pictures:
            labels = (f"{label} {said}" for label, said in zip(picture.points["label"], picture.points["said"], strict=True))
            yield from (picture.title, picture.key, *(label.removeprefix(HEADING) for label in labels))
        if self.table is not None:
            yield from (*self.table.header, *(cell for row in self.table.rows for cell in row))


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of a place.

    asked: the place that was asked for; place: the one whose figures these are, which differs where a small school is told by
    its cluster, and `instead` then says why; beside: what it is compared with; whom: whose answers, of which wave.
    """

    title: str
    asked: str
    place: str
    level: AreaLevel
    whom: str
    wave: str
    beside: str
    instead: str
    sections: tuple[Section, ...]
    source: str

    def page(self, number: int) -> list[Section]:
        """The sections of page one or two."""
        return [section for section in self.sections if section.page == number]

    def words(self) -> int:
        """How many words there are to read on the two pages, in sentences, tables and pictures; a figure is no word."""
        return sum(any(c.isalpha() for c in word) for text in self._texts() for word in text.split())

    def _texts(self) -> Iterable[str]:
        yield from (self.title, self.instead, self.source)
        for section in self.sections:
            yield from section.texts()

    def frame(self) -> pd.DataFrame:
        """Every figure of the profile, one a row, for a spreadsheet."""
        rows = [row for section in self.sections for table in section.tables() for row in table.figures(section.heading)]
        return pd.DataFrame(rows, columns=list(FIGURES))
