"""One count under several names: a base that a table gives without the labels of the questions that it belongs to.

An outsider who sees the numbers of such a table stand again as the `ALL` band of a question, wherever both are shown,
takes the two for the same children. So its sums hold for every such question at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

Place = frozenset[tuple[str, str]]
"""The codes of a cell that are not margins."""
Cell = tuple[Place, Place]
"""Labels (survey, wave, indicator) and place."""
Numbers = Mapping[Cell, int | None]


def bases(numbers: Numbers, columns: Mapping[Place, set[str]], summed: Iterable[str]) -> dict[Place, Place]:
    """Labels of a question -> the fewer labels under which its base stands; columns: the dimensions seen under each labels.

    summed: the columns of answers, over which a base without an `ALL` row is compared.
    """
    places: dict[Place, dict[Place, int | None]] = defaultdict(dict)
    for (labels, place), number in numbers.items():
        places[labels][place] = number
    known = {labels: {p: n for p, n in found.items() if n is not None} for labels, found in places.items()}
    found: dict[Place, Place] = {}
    answers = set(summed)
    for labels in sorted(places, key=lambda one: (len(one), sorted(one))):
        for base in _fewer(labels, places):
            home = found.get(base, base)
            mine = _bases_of(places[labels], columns[home], answers)
            if _agree(known[home], mine):
                found[labels] = home
                known[home] |= {p: n for p, n in mine.items() if n is not None}
                break
    return found


def _fewer(labels: Place, places: Mapping[Place, object]) -> Iterator[Place]:
    """The labels that are fewer but the same, the most of them first."""
    yield from sorted((other for other in places if other < labels), key=lambda other: (-len(other), sorted(other)))


def _bases_of(cells: Mapping[Place, int | None], columns: set[str], answers: set[str]) -> dict[Place, int]:
    """The shown counts of a question at the places that its base may have; without an `ALL` row, its answers added up."""
    whole = {p: n for p, n in cells.items() if n is not None and {c for c, _ in p} <= columns}
    if whole or any({c for c, _ in p} <= columns for p in cells):
        return whole
    groups: dict[Place, list[int | None]] = defaultdict(list)
    for place, number in cells.items():
        rest = frozenset(pair for pair in place if pair[0] not in answers)
        if {c for c, _ in rest} <= columns and len(place) == len(rest) + 1:
            groups[rest].append(number)
    return {p: sum(n for n in parts if n is not None) for p, parts in groups.items() if None not in parts}


def _agree(base: Mapping[Place, int], mine: Mapping[Place, int]) -> bool:
    common = base.keys() & mine.keys()
    return bool(common) and all(base[place] == mine[place] for place in common)
