"""Bases that indicators share: one count of children under many questions, in a table of its own without their labels.

Where a table says no indicator, and its counts are those of the `ALL` band (or of the bands added up) of an indicator
wherever both are given, an outsider takes them for one number. So they are one cell here too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

Codes = tuple[tuple[str, str], ...]
"""Column and code, sorted by column; margins are left out."""
Key = tuple[Codes, Codes]
"""Labels, then dimension codes: what makes a cell itself."""
BAND = "band"
"""The dimension of answers: a base is the sum of its bands."""

Population = dict[Codes, int]
"""The counts of one population of labels, by codes."""


def shared_bases(counts: Mapping[Key, int]) -> dict[Key, Key]:
    """For each cell that is a shared base under another name: that name -> the key of the base.

    The base is the population whose label columns are the most of those that are fewer than the other's.
    """
    populations: dict[Codes, Population] = defaultdict(dict)
    for (labels, codes), count in counts.items():
        populations[labels][codes] = count
    found: dict[Key, Key] = {}
    for labels, own in populations.items():
        for base in _candidates(labels, populations):
            if _is_base(populations[base], own):
                found |= {(labels, codes): (base, codes) for codes in populations[base]}
                break
    return {alias: _last(base, found) for alias, base in found.items()}


def _candidates(labels: Codes, populations: Mapping[Codes, Population]) -> Iterator[Codes]:
    """Populations with fewer labels and the same codes in them, those with the most labels first."""
    fewer = [other for other in populations if len(other) < len(labels) and set(other) <= set(labels)]
    yield from sorted(fewer, key=lambda other: (-len(other), other))


def _is_base(base: Population, own: Population) -> bool:
    """Whether the counts are the other's wherever both are given, or its bands added up where it has no `ALL` band."""
    common = base.keys() & own.keys()
    if common:
        return all(base[codes] == own[codes] for codes in common)
    added: Population = defaultdict(int)
    for codes, count in own.items():
        added[tuple(pair for pair in codes if pair[0] != BAND)] += count if BAND in dict(codes) else 0
    common = base.keys() & added.keys()
    return bool(common) and all(base[codes] == added[codes] for codes in common)


def _last(key: Key, found: Mapping[Key, Key]) -> Key:
    """The base of a base of a base."""
    while key in found:
        key = found[key]
    return key
