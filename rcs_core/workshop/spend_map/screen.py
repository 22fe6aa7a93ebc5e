"""Which sums of money may stand on the big screen, so that no bought service's price can be worked out from those that do.

What a service that is not bought costs stands on the page by name, so of a sum only its bought part is unknown to a reader
(and the part of the services kept back beside them). Sums are let in one after another, the most asked for first, as long as
no adding and subtracting of them leaves the money of one bought service. Which they are depends on who pays for what, never on
amounts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.of_release import of_release
from rcs_core.workshop.spend_map import asked
from rcs_core.workshop.spend_map.money import agency_label, percent, short, spend

APART = "Not shown apart on the big screen"
"""What stands together, as each by itself would tell the price of a bought service."""
OFF = "On the big screen some sums stand together or as a dash: by themselves they would give away what one bought service costs."
_PRIME = 33_554_393
"""Below 2^25, so that sums of thousands of products stay whole numbers of 64 bits."""
_ATOM = (
    "service_id", "agency", "level", "fund", "money_kind", "recurring", "revenue_or_capital", "confidence", "financial_year",
    "year", "state",
)  # fmt: skip
"""What tells one amount from another, of spend and of budgets."""


@dataclass(slots=True)
class _Span:
    """Sums that were let in: their equations over some of the unknowns, reduced, in whole numbers of a prime field."""

    columns: np.ndarray
    rows: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    pivots: list[int] = field(default_factory=list)

    def left(self, vector: np.ndarray) -> np.ndarray:
        """What is left of a sum once everything that was let in is taken off: nothing where it can be worked out from it."""
        found: np.ndarray = vector[self.columns]
        return (found - found[self.pivots] @ self.rows) % _PRIME if self.pivots else found

    def add(self, left: np.ndarray) -> None:
        """Let in what is left of a sum."""
        pivot = int(np.flatnonzero(left)[0])
        row = left * pow(int(left[pivot]), -1, _PRIME) % _PRIME
        rest = (
            (self.rows - np.outer(self.rows[:, pivot], row)) % _PRIME if self.pivots else np.zeros((0, len(row)), dtype=np.int64)
        )
        self.rows = np.vstack([rest, row])
        self.pivots.append(pivot)


@dataclass(frozen=True, slots=True)
class Screen:
    """What may be shown: everything, or with the big screen on the sums that were let in and what can be added up from them."""

    veil: frozenset[str] = frozenset()
    at: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    whole: _Span | None = None

    def may(self, rows: pd.DataFrame) -> bool:
        """Whether the sum of these rows of spend may be shown."""
        if self.whole is None:
            return True
        vector = self._vector(rows)
        return vector is not None and not self.whole.left(vector).any()

    def _vector(self, rows: pd.DataFrame) -> np.ndarray | None:
        """Which unknowns a sum of rows holds; None where one of them was not there when it was seen what may be shown."""
        found = np.zeros(len(self.at), dtype=np.int64)
        kept = rows[rows["service_id"].isin(self.veil)]
        for key in _keys(kept, self.columns):
            if key not in self.at:
                return None
            found[self.at[key]] = 1
        return found

    def pounds(self, rows: pd.DataFrame) -> float | None:
        """The sum of rows of spend in pounds; None where it may not be shown."""
        return int(rows["pence"].sum()) / 100 if self.may(rows) else None

    def percent_of(self, rows: pd.DataFrame, whole: int) -> float | None:
        """What per cent of a whole the sum of rows of spend is; None where it may not be shown."""
        return percent(int(rows["pence"].sum()), whole) if self.may(rows) else None

    def parts(self, rows: pd.DataFrame, column: str) -> "list[tuple[str, pd.DataFrame]]":
        """The rows by what a column holds, the most money first; what may not be shown by itself stands together, last."""
        sums = rows.groupby(column)["pence"].sum().sort_values(ascending=False, kind="stable")
        own = {str(code): rows[rows[column] == code] for code in sums.index}
        seen = [code for code, part in own.items() if self.may(part)]
        rest = rows[~rows[column].astype(str).isin(seen)]
        together = [(APART, rest)] if len(rest) and self.may(rest) else []
        return [*((code, own[code]) for code in seen), *together]

    def agencies(self, rows: pd.DataFrame, column: str = "agency") -> list[tuple[str, pd.DataFrame]]:
        """The rows by agency, with its label; those that stand together are named."""
        found = self.parts(rows, column)
        return [(agency_label(code) if code != APART else _together(part[column]), part) for code, part in found]

    def levels(self, rows: pd.DataFrame) -> list[tuple[str, int]]:
        """Each level's label and pence in the order of prevention, without those of no money; what stands together last."""
        found = {code: int(part["pence"].sum()) for code, part in self.parts(rows, "level")}
        named = [(short(level), found[level.value]) for level in PreventionLevel if found.get(level.value)]
        return [*named, *([(APART, found[APART])] if found.get(APART) else [])]


def _keys(rows: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*([text(value) for value in rows[c]] for c in columns), strict=True))


def _together(codes: "pd.Series[str]") -> str:
    return f"{listed(sorted({agency_label(str(code)) for code in codes}))}, together"


def screen(release: Release, on: bool) -> Screen:
    """What may be shown of the money of a release now."""
    return _screen(release) if on else Screen()


@of_release
def _screen(release: Release) -> Screen:
    frame = spend(release)
    veil = big_screen.withheld(release, True)
    told = asked.told(release, frame[frame["service_id"].isin(veil)].reset_index(drop=True))
    return of(told, asked.sums(release, told), veil, big_screen.bought(release))


def of(kept: pd.DataFrame, sums: Iterable[np.ndarray], veil: frozenset[str], bought: frozenset[str]) -> Screen:
    """What may be shown of rows of money (a row of `kept` an unknown) when these sums are asked for, places of rows, in order."""
    columns = tuple(c for c in _ATOM if c in kept.columns)
    rows = _keys(kept, columns)
    at = {key: k for k, key in enumerate(sorted(set(rows)))}
    place = np.array([at[key] for key in rows], dtype=np.int64)
    owner, every = np.array([key[0] for key in at], dtype=object), np.arange(len(at))
    whole, others = _Span(every), [_Span(every[owner != sid]) for sid in sorted(bought & {key[0] for key in at})]
    seen: set[bytes] = set()
    for found in sums:
        vector = np.zeros(len(at), dtype=np.int64)
        vector[place[found]] = 1
        if vector.tobytes() not in seen:
            seen.add(vector.tobytes())
            _let_in(vector, whole, others)
    return Screen(veil, at, columns, whole)


def _let_in(vector: np.ndarray, whole: _Span, others: list[_Span]) -> None:
    """Let a sum in, unless with those before it it would leave the money of one bought service by itself."""
    left = whole.left(vector)
    if not left.any():
        return
    beside: list[np.ndarray] = []
    for span in others:
        beside.append(span.left(vector))
        if not beside[-1].any():
            return
    whole.add(left)
    for span, found in zip(others, beside, strict=True):
        span.add(found)
