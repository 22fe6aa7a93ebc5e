"""What the outside reader found: counts that can be worked out, and figures that give a count away."""

from dataclasses import asdict, dataclass, field
from typing import Any

UNKNOWN = float("inf")
"""No upper bound at all."""
NEAR_MISS = 5
"""Children: a hidden count whose greatest possible value is less than this above the threshold is nearly open."""


def _codes(where: dict[str, str]) -> str:
    return ", ".join(f"{column} {code}" for column, code in where.items())


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A hidden count that can be shown to be small: it lies between `low` and `high`, and `sums` say why."""

    table: str
    where: dict[str, str]
    low: float
    high: float
    sums: list[str]

    def lines(self) -> list[str]:
        """What is known of the count, then the sums that say so."""
        bounds = f"{self.low:g}" if self.low == self.high else f"between {self.low:g} and {self.high:g}"
        return [f"{self.table}: {_codes(self.where)}: it is {bounds}, because", *(f"    {line}" for line in self.sums)]


@dataclass(frozen=True, slots=True)
class Leak:
    """A published figure that shows a small count, or gives a hidden one back, without any subtraction."""

    table: str
    where: dict[str, str]
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """What an attacker can say about one hidden count."""

    table: str
    where: dict[str, str]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The verdict: distinct cells, how many are hidden, which are open, which figures leak.

    intervals: what an attacker can say of each hidden cell when that was asked for; else of those open or nearly open.
    """

    cells: int
    hidden: int
    open: list[OpenCell]
    seconds: float
    leaks: list[Leak] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)

    @property
    def safe(self) -> bool:
        """Whether nothing can be worked out."""
        return not self.open and not self.leaks

    def near(self, min_cell: int, within: int = NEAR_MISS) -> list[Interval]:
        """The near misses: hidden cells, not open, whose greatest possible value lies under `min_cell + within`; nearest first.

        More than `NEAR_MISS` children within needs a report with all intervals.
        """
        found = [i for i in self.intervals if min_cell <= i.high < min_cell + within]
        return sorted(found, key=lambda i: (i.high, -i.low, i.table, sorted(i.where.items())))

    def text(self, most: int = 20, min_cell: int | None = None) -> str:
        """The verdict in words, with at most `most` of the open cells and leaks, and of the near misses of `min_cell`."""
        lines = [f"{self.cells:,} cells, {self.hidden:,} hidden: {len(self.open):,} can be worked out ({self.seconds:.1f} s)."]
        lines += [line for cell in self.open[:most] for line in cell.lines()]
        lines += [f"{leak.table}: {_codes(leak.where)}: {leak.rule}: {leak.text}." for leak in self.leaks[:most]]
        lines += self._near_lines(min_cell, most) if min_cell is not None else []
        more = max(len(self.open) - most, 0) + max(len(self.leaks) - most, 0)
        return "\n".join([*lines, *([f"and {more:,} more (--json lists all)."] if more else [])])

    def _near_lines(self, min_cell: int, most: int) -> list[str]:
        near = self.near(min_cell)
        if not near:
            return []
        head = f"Near misses: {len(near):,} hidden cells cannot be {min_cell + NEAR_MISS} or more; the nearest:"
        return [head, *(f"    {i.table}: {_codes(i.where)}: between {i.low:g} and {i.high:g}" for i in near[: most // 2])]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values; an absent upper bound is None."""
        content = asdict(self) | {"safe": self.safe}
        for entry in [*content["open"], *content["intervals"]]:
            entry["high"] = None if entry["high"] == UNKNOWN else entry["high"]
        return content
