"""The attack on what is taken to be one system: with each way in which its codes may hang together.

A code that stands under two parents of one partition (a school that moved between waves) belongs to one of them for each
question. An outsider knows to which; so every way that fits the published numbers is tried, and the tightest bounds count.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

import pandas as pd

from rcs_core.audit.bounds import Reach, all_intervals, small_cells
from rcs_core.audit.joined import Cell
from rcs_core.audit.reading import Picture, read_picture
from rcs_core.audit.sources import Source, Told, View, view_of
from rcs_core.errors import UnreadableError
from rcs_core.release import Table

MOST_WAYS = 64
Hierarchies = tuple[pd.DataFrame, ...]


@dataclass(slots=True)
class Attacked:
    """One view, and what is known of its hidden counts; picture: as it was read last."""

    of: tuple[int, ...]
    picture: Picture
    reached: dict[Cell, Reach] = field(default_factory=dict)

    def take(self, reached: Iterator[tuple[Cell, Reach]] | Sequence[tuple[Cell, Reach]]) -> None:
        """Keep the tightest bounds of each hidden count."""
        for cell, reach in reached:
            known = self.reached.get(cell)
            if known is None or reach.high < known.high:
                self.reached[cell] = Reach(max(reach.low, known.low if known else 0.0), reach.high, reach.why)


def attacked(view: View, sources: Sequence[Source], numbers: Sequence[Told], limit: int | None) -> list[Attacked]:
    """Attack a view; what turns out to contradict itself although its shown numbers agree is taken apart and attacked again.

    limit: only counts that can be shown to be under it are asked about; None asks about every hidden count.
    """
    try:
        return [_attack(view, limit)]
    except UnreadableError:
        if len(view.of) == 1:
            raise
    found = []
    for question in sorted(view.questions, key=sorted):
        part = view_of(sources, numbers, view.of, frozenset({question}))
        try:
            found.append(_attack(part, limit))
        except UnreadableError:
            found += [_attack(view_of(sources, numbers, (i,), part.questions), limit) for i in view.of]
    return found


def _attack(view: View, limit: int | None) -> Attacked:
    ways = _ways(view.hierarchies)
    if len(ways) == 1:
        return _one_way(view.of, view.tables, ways[0], limit)
    whole: Attacked | None = None
    for tables in _apart(view.tables):
        part = _any_way(view.of, tables, ways, limit)
        if whole is None:
            whole = part
        else:
            whole.picture.numbers.update(part.picture.numbers)
            whole.picture.stands_in.update(part.picture.stands_in)
            whole.picture.additions.extend(part.picture.additions)
            whole.take(list(part.reached.items()))
    return whole if whole is not None else _one_way(view.of, view.tables, ways[0], limit)


def _any_way(of: tuple[int, ...], tables: list[Table], ways: Sequence[Hierarchies], limit: int | None) -> Attacked:
    """Every way that fits the numbers; raises UnreadableError when none does."""
    found: Attacked | None = None
    refused: UnreadableError | None = None
    for hierarchies in ways:
        try:
            one = _one_way(of, tables, hierarchies, limit)
        except UnreadableError as error:
            refused = error
            continue
        if found is not None:
            one.take(list(found.reached.items()))
        found = one
    if found is None and refused is not None:
        raise refused
    return found if found is not None else Attacked(of, Picture({}, {}))


def _one_way(of: tuple[int, ...], tables: Sequence[Table], hierarchies: Hierarchies, limit: int | None) -> Attacked:
    def narrow(picture: Picture) -> list[tuple[Cell, Reach]]:
        strict = len(of) > 1
        return list(all_intervals(picture, strict=strict) if limit is None else small_cells(picture, limit, strict=strict))

    picture = read_picture(tables, hierarchies)
    try:
        reached = narrow(picture)
    except UnreadableError:
        if not picture.bases:
            raise
        picture = read_picture(tables, hierarchies, join=False)
        reached = narrow(picture)
    return Attacked(of, picture, dict(reached))


def _ways(hierarchies: Sequence[pd.DataFrame]) -> list[Hierarchies]:
    """The hierarchies of several sources, in every way in which each may be."""
    found: list[pd.DataFrame] = []
    for frame in hierarchies:
        if not any(frame.equals(other) for other in found):
            found.append(frame)
    ways = list(islice(product(*map(_ways_of, found)), MOST_WAYS + 1))
    if len(ways) > MOST_WAYS:
        raise _too_many("in several of the releases")
    return ways


def _too_many(codes: str) -> UnreadableError:
    return UnreadableError(
        "too many codes stand under two parents",
        "hierarchies",
        codes,
        "one parent a code in each partition",
        "give the releases of different geographies in folders of their own, or name the partitions apart",
    )


def _ways_of(hierarchies: pd.DataFrame) -> list[pd.DataFrame]:
    """The hierarchies with every code under one parent a partition, in every way that this can be."""
    if not len(hierarchies) or not {"dimension", "child", "parent"} <= set(hierarchies.columns):
        return [hierarchies]
    lines = hierarchies if "partition" in hierarchies.columns else hierarchies.assign(partition="")
    keys = ["dimension", "partition", "child"]
    moved = lines[lines.groupby(keys)["parent"].transform("nunique") > 1]
    homes = {key: sorted(set(part["parent"].astype(str))) for key, part in moved.groupby(keys)}
    many = 1
    for parents in homes.values():
        many *= len(parents)
    if many > MOST_WAYS:
        raise _too_many(", ".join(str(key[-1]) for key in list(homes)[:5]))
    rest = lines.drop(index=moved.index)
    return [
        pd.concat([rest, pd.DataFrame([(*key, up) for key, up in zip(homes, chosen, strict=True)], columns=[*keys, "parent"])])
        for chosen in product(*homes.values())
    ]


def _apart(tables: Sequence[Table]) -> Iterator[list[Table]]:
    """Tables by the populations that they speak of: rows whose labels are the same, with the bases of fewer labels."""
    rows: dict[frozenset[tuple[str, str]], list[Table]] = defaultdict(list)
    for table in (t for t in tables if t.is_count):
        if not table.labels:
            rows[frozenset()].append(table)
            continue
        text = [table.frame[c].astype(str) for c in table.labels]
        for codes, part in table.frame.groupby(text, sort=False):
            names = codes if isinstance(codes, tuple) else (codes,)
            key = frozenset(zip(table.labels, map(str, names), strict=True))
            rows[key].append(Table(table.name, table.title, part, table.dims, table.labels))
    for labels, mine in sorted(rows.items(), key=lambda pair: sorted(pair[0])):
        yield [*mine, *(t for other, theirs in rows.items() if other < labels for t in theirs)]
