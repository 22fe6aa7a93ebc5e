"""Figures that give a small count away without any subtraction: in count tables, and in any table that stands beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from rcs_core.audit.columns import ANSWERS
from rcs_core.audit.comparators import comparator_leaks
from rcs_core.audit.derived import derived_leaks
from rcs_core.audit.joined import Place
from rcs_core.audit.money import merged_members, money_leaks
from rcs_core.audit.movements import movement_leaks
from rcs_core.audit.plain import plain_leaks
from rcs_core.audit.reading import NO_COUNT
from rcs_core.audit.report import Leak
from rcs_core.audit.seen import Seen, decimals, figure, seen, text
from rcs_core.audit.shapes import shape_leaks
from rcs_core.audit.shares import from_share, is_share
from rcs_core.audit.sources import Source, merged
from rcs_core.release import ALL, Table
from rcs_core.vocab import CellState

_ABOUT = ("areas", "indicators")
"""Tables by which comparisons are read; a folder without them is read by another's."""


def figure_leaks(sources: Sequence[Source], min_cell: int) -> list[Leak]:
    """Every figure of every source that shows a count under `min_cell` or gives a hidden one back.

    A source is held against its own counts, and against those of the others for questions that it does not list itself.
    """
    found: list[Leak] = []
    for source in sources:
        beside = _beside(source, sources)
        hierarchies = merged([source.hierarchies, *(s.hierarchies for s in sources)])
        known = seen([*source.tables, *beside], hierarchies)
        mine = [*_count_leaks(source.tables, known, min_cell), *plain_leaks(source.tables, known, min_cell)]
        mine += [*derived_leaks([*source.tables, *beside]), *money_leaks(source.tables, min_cell)]
        mine += movement_leaks(source.tables, min_cell)
        mine += comparator_leaks([*source.tables, *(t for t in beside if t.name in _ABOUT)], min_cell)
        mine += shape_leaks([*source.tables, *(t for t in beside if t.name in _ABOUT)])
        found += [replace(leak, table=source.called(leak.table)) for leak in mine]
    return [*found, *merged_members(sources, min_cell)]


def _beside(source: Source, sources: Sequence[Source]) -> list[Table]:
    """What other sources show of questions that this one does not list, and what they say of areas and indicators."""
    own = {question for table in source.tables if table.is_count for question in _questions(table)}
    names = {t.name for t in source.tables}
    found = []
    for table in (t for s in sources if s is not source for t in s.tables):
        if table.is_count:
            keep = [question not in own for question in _questions(table)]
            found += [replace(table, frame=table.frame[keep])] if any(keep) else []
        elif table.name in _ABOUT and table.name not in names:
            found.append(table)
            names.add(table.name)
    return found


def _questions(table: Table) -> list[Place]:
    if not table.labels:
        return [frozenset()] * len(table.frame)
    lines = table.frame[list(table.labels)].astype(str).itertuples(index=False, name=None)
    return [frozenset(zip(table.labels, line, strict=True)) for line in lines]


def _count_leaks(tables: Sequence[Table], known: Seen, min_cell: int) -> Iterator[Leak]:
    for table in sorted((t for t in tables if t.is_count), key=lambda t: t.name):
        groups = list(_groups(table, known))
        yield from _small_counts(table, min_cell)
        yield from _figures(table, groups, known, min_cell)
        yield from _one_answer(table, groups, known)


def _where(table: Table, row: int) -> dict[str, str]:
    return {c: str(table.frame[c].iloc[row]) for c in (*table.labels, *table.dims)}


def _rows(mask: pd.Series) -> list[int]:
    return [int(k) for k in mask.fillna(False).to_numpy(dtype=bool).nonzero()[0]]


def _small_counts(table: Table, min_cell: int) -> Iterator[Leak]:
    """Counts under the threshold; 0 in a row that cannot occur is none, but more than 0 in such a row is."""
    counts = table.frame["n"]
    state = table.frame["state"].astype(str) if "state" in table.frame.columns else pd.Series("", index=counts.index)
    nobody = state.isin(NO_COUNT)
    small = (counts < min_cell) & ~(nobody & (counts == 0))
    for row in _rows(small):
        yield Leak(table.name, _where(table, row), "small count", f"n is shown as {counts.iloc[row]}, under {min_cell}")
    marked = ((state == CellState.SUPPRESSED.value) | (state == CellState.SUPPRESSED.mark)) & counts.notna()
    for row in _rows((marked | (nobody & (counts > 0))) & ~small.fillna(False)):
        yield Leak(table.name, _where(table, row), "hidden in name only", f"state is {state.iloc[row]}, and n is there")


Groups = list[tuple[tuple[Place, Place], str]]
"""Of each row: its group, and which answer it counts."""


def _figures(table: Table, groups: Groups, known: Seen, min_cell: int) -> Iterator[Leak]:
    """An estimate of a group of which a count is hidden, or a share that gives a count back with its base."""
    fixed = {*table.labels, *table.dims, "n", "state"}
    columns = [c for c in table.frame.columns if c not in fixed and not str(c).endswith("_state")]
    told = [(c, [text(v) for v in table.frame[c]]) for c in columns]
    told = [(c, values) for c, values in told if any(values)]
    if not told:
        return
    finest = {c: max(map(decimals, values)) for c, values in told if is_share(str(c))}
    for row, (group, band) in enumerate(groups):
        if group in known.veiled:
            for column, values in told:
                if values[row]:
                    why = f"{column} is shown, and a count it rests on is hidden"
                    yield Leak(table.name, _where(table, row), "figure of a hidden count", why)
            continue
        for column, values in told:
            if column in finest and (share := figure(values[row])) is not None:
                n = table.frame["n"].iloc[row]
                own = None if pd.isna(n) else int(n)
                leak = from_share(share, finest[column], known.groups[group], band, own, min_cell)
                if leak:
                    yield Leak(table.name, _where(table, row), "count from a share", f"{column} is {values[row]}: {leak}")


def _groups(table: Table, known: Seen) -> Iterator[tuple[tuple[Place, Place], str]]:
    """The group and the answer of each row."""
    columns = [*table.labels, *table.dims]
    for codes in table.frame[columns].astype(str).itertuples(index=False, name=None):
        where = dict(zip(columns, codes, strict=True))
        labels = frozenset((c, where[c]) for c in table.labels)
        place = known.place({c: where[c] for c in table.dims if c not in ANSWERS})
        yield (labels, place), next((where[c] for c in table.dims if c in ANSWERS), ALL)


def _one_answer(table: Table, groups: Groups, known: Seen) -> Iterator[Leak]:
    """A shown answer that everybody in its group gave: it is known of each of them, whether or not the others are listed."""
    if not set(table.dims) & ANSWERS:
        return
    for row, (group, band) in enumerate(groups):
        base, n = known.groups[group].get(ALL), known.groups[group].get(band)
        if band != ALL and n is not None and n == base:
            yield Leak(table.name, _where(table, row), "group disclosure", f"all {n} children of the group gave one answer")
