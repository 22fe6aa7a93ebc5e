"""What a release hides, asked of every figure about children that would leave.

In: figures with their cells, and the release. Out: those that are of a hidden cell, of a group one of whose counts is hidden, of
fewer children than the rule allows, or of a sensitive topic below the council area.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import pandas as pd

from rcs_core.audit.seen import Seen, seen, split_band
from rcs_core.gate.counted import CHANGE, COUNT, DIFFERENCE, Fact
from rcs_core.gate.refusal import Refusal
from rcs_core.gate.words import Words
from rcs_core.release import Release, Table

_TOLD = {CHANGE: ("changes", "change"), DIFFERENCE: ("comparisons", "difference")}
_MOST_RELEASES = 8
_EXPECTED = "only what the release shows"


class _Known:
    """What one release shows and hides, and its words; read once."""

    def __init__(self, release: Release) -> None:
        empty = pd.DataFrame(columns=["dimension", "child", "parent", "partition"])
        tables = list(release.tables.values())
        self.seen: Seen = seen(tables, release.frame("hierarchies") if "hierarchies" in release else empty)
        self.words = Words.of(release)
        self.told = {what: _numbers(release.tables[name], column) for what, (name, column) in _TOLD.items() if name in release}


class _Held:
    """A release as a key: two openings of one release are the same."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.key = release.manifest.content_hash or str(id(release))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.key == other.key


@lru_cache(maxsize=_MOST_RELEASES)
def _known(held: _Held) -> _Known:
    return _Known(held.release)


def words(release: Release) -> Words:
    """What the names of a release mean, read once a release."""
    return _known(_Held(release)).words


def published(release: Release) -> Seen:
    """What a release shows and hides, read once a release."""
    return _known(_Held(release)).seen


def _numbers(table: Table, column: str) -> set[tuple[str, str, str]]:
    """Of which survey, question and area a comparison is told as a number."""
    frame = table.frame[table.frame[column].notna()]
    return set(zip(frame["survey"].astype(str), frame["indicator"].astype(str), frame["area"].astype(str), strict=True))


def hidden(found: Iterable[Fact], release: Release) -> Iterator[Refusal]:
    """Every figure that the release does not show."""
    known = _known(_Held(release))
    for fact in found:
        if why := _why(fact, known, release.manifest.min_cell):
            yield Refusal(why, fact.where, _EXPECTED)


def _why(fact: Fact, known: _Known, min_cell: int) -> str:
    """Why a figure may not leave, or nothing."""
    at, words_ = fact.at, known.words
    if (at.survey, at.indicator) in words_.sensitive and at.area not in ("", words_.top):
        return "a sensitive topic of an area below the council"
    if fact.what in (CHANGE, DIFFERENCE):
        told = known.told.get(fact.what)
        silent = told is not None and (at.survey, at.indicator, at.area) not in told
        return "a comparison that the release does not tell" if silent else ""
    labels, place = frozenset(fact.labels.items()), known.seen.place(fact.dims)
    if fact.what == COUNT:
        if fact.value < min_cell:
            return f"a number of fewer than {min_cell} children"
        return "a number that the release hides" if known.seen.numbers.get((labels, place), 0) is None else ""
    group, _ = split_band(place)
    return "a share of a group that the release hides" if (labels, group) in known.seen.veiled else ""
