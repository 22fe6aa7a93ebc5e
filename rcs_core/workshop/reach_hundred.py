"""Of every hundred pupils who answered: need and contact as a hundred icons, with the exact numbers beside.

Each part of the hundred is a count of the release over all who answered. Where a part is hidden, the two parts of its row
stand as one, from the row's own margin if that is shown; nothing is worked out.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Cell
from rcs_core.vocab import CellState, Contact
from rcs_core.workshop.reach_counts import TwoByTwo, share_interval

HUNDRED, ACROSS = 100, 10
WHO = {
    Contact.SOCIAL_WORK: "social work contact",
    Contact.ADDITIONAL_SUPPORT: "additional support",
    Contact.EITHER: "either service",
}
UNSAID = "contact hidden [c]"
KINDS = ("need_without", "need_with", "need_hidden", "other_with", "other_without", "other_hidden")
"""The parts in the order of the icons: those with need first, and those in contact next to one another."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the hundred: its kind, its name, its children of all who answered, and how many icons it gets."""

    kind: str
    name: str
    children: int
    of: int
    icons: int
    interval: tuple[float, float] | None

    @property
    def pct(self) -> float:
        """Its children in per cent of all who answered."""
        return 100 * self.children / self.of

    def said(self) -> str:
        """The part in words with its exact numbers."""
        ends = f"; 95% interval {self.interval[0]:.1f} to {self.interval[1]:.1f}%" if self.interval else ""
        return f"**{self.name}**: {self.children:,} of {self.of:,} ({self.pct:.1f}%{ends})"


@dataclass(frozen=True, slots=True)
class Hundred:
    """The hundred, in parts that are not empty."""

    parts: tuple[Part, ...]

    def points(self) -> pd.DataFrame:
        """A row for each icon: its place in ten rows of ten, its part, and what pops up on it."""
        filled = [part for part in self.parts for _ in range(part.icons)]
        rows = [
            (k % ACROSS, k // ACROSS, part.name, _plain(part.said()))
            for k, part in enumerate(filled)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["across", "down", "part", "says"])

    def frame(self) -> pd.DataFrame:
        """The parts as a reader sees them."""
        ends = [f"{p.interval[0]:.1f} to {p.interval[1]:.1f}" if p.interval else "" for p in self.parts]
        columns = {
            "Of every hundred who answered": [p.name for p in self.parts],
            "Icons": [p.icons for p in self.parts],
            "Pupils": [p.children for p in self.parts],
            "%": [f"{p.pct:.1f}" for p in self.parts],
            "95% interval": ends,
        }
        return pd.DataFrame(columns if any(ends) else {k: v for k, v in columns.items() if k != "95% interval"})

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        said = "; ".join(f"{p.icons or 'fewer than one'} {p.name[:1].lower()}{p.name[1:]}" for p in self.parts)
        return f"Of every hundred pupils who answered: {said}."

    def lines(self) -> list[str]:
        """Each part with its exact numbers, and a word on what is too small for an icon."""
        lines = [p.said() for p in self.parts]
        if any(not p.icons for p in self.parts):
            lines.append("A part of less than half a pupil in a hundred has no icon.")
        return lines


def hundred(table: TwoByTwo | None, contact: Contact, sampled: float, counted: bool) -> Hundred | None:
    """The hundred icons of a linked table; None where nothing is linked or too much is hidden to draw a whole.

    sampled: the share of the roll that answered (for the intervals); counted: the children are no sample.
    """
    if table is None or not table.total.value:
        return None
    cells = [
        *_side("need", "With need", (table.need_without, table.need_with), table.need, contact),
        *_side("other", "Without need", (table.other_without, table.other_with), table.other, contact),
    ]
    if any(cell.value is None for _, _, cell in cells):
        return None
    whole = round(table.total.value)
    cells = sorted(((k, n, c) for k, n, c in cells if c.value), key=lambda one: KINDS.index(one[0]))
    icons = shared_out([c.value or 0.0 for _, _, c in cells])
    ends = [None if counted else share_interval(round(c.value or 0), whole, sampled) for _, _, c in cells]
    parts = [
        Part(kind, name, round(cell.value or 0), whole, many, end)
        for (kind, name, cell), many, end in zip(cells, icons, ends, strict=True)
    ]
    return Hundred(tuple(parts))


def _side(kind: str, name: str, cells: tuple[Cell, Cell], margin: Cell, contact: Contact) -> list[tuple[str, str, Cell]]:
    """One row of the table: its two parts, or the row as a whole where either is hidden."""
    if any(c.state is not CellState.SHOWN for c in cells):
        return [(f"{kind}_hidden", f"{name}, {UNSAID}", margin)]
    without, with_ = cells
    lack = "neither service" if contact is Contact.EITHER else f"no {WHO[contact]}"
    return [(f"{kind}_without", f"{name}, {lack}", without), (f"{kind}_with", f"{name}, {WHO[contact]}", with_)]


def shared_out(counts: list[float]) -> list[int]:
    """A hundred icons by counts: rounded down, and what is left over to the largest remainders."""
    total = sum(counts)
    exact = [HUNDRED * c / total for c in counts]
    icons = [int(e) for e in exact]
    rest = sorted(range(len(counts)), key=lambda k: (icons[k] - exact[k], k))
    for k in rest[: HUNDRED - sum(icons)]:
        icons[k] += 1
    return icons


def _plain(text: str) -> str:
    return text.replace("**", "")
