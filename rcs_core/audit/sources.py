"""Several releases or folders together: which of their counts are of the same children, and what tells them apart.

Counts of one survey, wave and indicator are taken to be of the same children in two sources when they agree wherever both
are shown: then the sources are attacked as one. Where they differ the children differ, so each is attacked apart; and a
group that is told twice, with numbers that are less than the threshold apart, tells of fewer children than may be told.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rcs_core.audit.joined import Cell, Place
from rcs_core.audit.reading import read_cells, read_trees
from rcs_core.audit.report import Leak
from rcs_core.audit.seen import figure, rows
from rcs_core.release import ALL, Table

RE_RELEASE = "re-release"
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Source:
    """One release or folder: its name (blank when it is alone), its tables, and what adds up in it."""

    name: str
    tables: tuple[Table, ...]
    hierarchies: pd.DataFrame

    def called(self, table: str) -> str:
        """A table's name, with the source's before it when there are several."""
        return f"{self.name}/{table}" if self.name else table


@dataclass(frozen=True, slots=True)
class View:
    """What is attacked as one: tables and hierarchies of the sources `of`, and the questions (none named: all)."""

    tables: list[Table]
    hierarchies: list[pd.DataFrame]
    of: tuple[int, ...]
    questions: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What each source shows: labels -> cell -> number, and where each cell stands; which labels each row of a table has."""

    numbers: dict[Place, dict[Cell, int | None]] = field(default_factory=lambda: defaultdict(dict))
    stands_in: dict[Cell, tuple[str, dict[str, str]]] = field(default_factory=dict)
    rows: dict[str, tuple[Codes, list[Place]]] = field(default_factory=dict)


def told(sources: Sequence[Source]) -> list[Told]:
    """The numbers of each source, by cells that mean the same in all of them; nothing when there is one alone."""
    if len(sources) == 1:
        return [Told()]
    counted = [t for s in sources for t in s.tables if t.is_count]
    trees = read_trees(merged([s.hierarchies for s in sources]), counted)
    found = []
    for source in sources:
        mine = Told()
        for table in (t for t in source.tables if t.is_count):
            mine.rows[table.name] = _labelled(table)
            for cell, where, number in read_cells(table, trees):
                numbers = mine.numbers[cell[0]]
                numbers[cell] = number if number is not None else numbers.get(cell)
                mine.stands_in.setdefault(cell, (source.called(table.name), where))
        found.append(mine)
    return found


def with_rolls(source: Source) -> Source:
    """The source with the rolls that its table of surveys tells, as counts of the pupils on them.

    A roll is taken for the total of the tables of the same survey and wave, unless these show another total.
    """
    shown: dict[tuple[str, str], int | None] = {}
    for table in (t for t in source.tables if set(t.labels) == {"survey", "wave"} and "area" in t.dims):
        top = read_trees(source.hierarchies, [table])
        for (labels, place), _, number in read_cells(table, top):
            if not place:
                shown[dict(labels)["survey"], dict(labels)["wave"]] = number
    told = [r for t in source.tables if t.name == "surveys" and not t.is_count for r in rows(t.frame)]
    lines = []
    for row in told:
        key, roll = (row.get("survey", ""), row.get("wave", "")), figure(row.get("roll", ""))
        if key in shown and roll is not None and shown[key] in (None, int(roll)):
            lines.append((*key, ALL, int(roll)))
    if not lines:
        return source
    frame = pd.DataFrame(lines, columns=["survey", "wave", "area", "n"]).astype({"n": "Int64"})
    return replace(source, tables=(*source.tables, Table("surveys", "", frame, ("area",), ("survey", "wave"))))


def merged(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several hierarchies as one, each line once."""
    return pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)


def agree(one: Told, other: Told, question: Place) -> bool:
    """Whether two sources show the same numbers for a question wherever both show one."""
    return not any(True for _ in _differences(one, other, question))


def _differences(one: Told, other: Told, question: Place) -> Iterator[tuple[Cell, int, int]]:
    mine, theirs = one.numbers.get(question, {}), other.numbers.get(question, {})
    for cell, number in mine.items():
        second = theirs.get(cell)
        if number is not None and second is not None and number != second:
            yield cell, number, second


def re_released(sources: Sequence[Source], numbers: Sequence[Told], min_cell: int) -> Iterator[Leak]:
    """Groups that two sources tell with numbers less than the threshold apart."""
    for (i, one), (j, other) in combinations(enumerate(numbers), 2):
        for question in sorted(one.numbers.keys() & other.numbers.keys(), key=sorted):
            for cell, first, second in _differences(one, other, question):
                if abs(first - second) < min_cell:
                    table, where = other.stands_in[cell]
                    gap = abs(first - second)
                    text = (
                        f"{first} in {sources[i].name} and {second} in {sources[j].name}: "
                        f"{gap} {'child is' if gap == 1 else 'children are'} told apart, under {min_cell}"
                    )
                    yield Leak(table, where, RE_RELEASE, text)


def views(sources: Sequence[Source], numbers: Sequence[Told]) -> list[View]:
    """What is attacked as one: for each question the sources that agree on it."""
    if len(sources) == 1:
        return [View(list(sources[0].tables), [sources[0].hierarchies], (0,), frozenset())]
    questions: dict[tuple[int, ...], set[Place]] = defaultdict(set)
    for question in {q for t in numbers for q in t.numbers}:
        for group in _groups(question, numbers):
            questions[group].add(question)
    return [view_of(sources, numbers, of, frozenset(asked)) for of, asked in sorted(questions.items(), key=lambda p: p[0])]


def _groups(question: Place, numbers: Sequence[Told]) -> set[tuple[int, ...]]:
    """The largest groups of sources, each grown from one of them, that agree on a question."""
    holders = [i for i, t in enumerate(numbers) if question in t.numbers]
    found = set()
    for first in holders:
        group = [first]
        for i in holders:
            if i != first and all(agree(numbers[i], numbers[k], question) for k in group):
                group.append(i)
        found.add(tuple(sorted(group)))
    return found


def view_of(sources: Sequence[Source], numbers: Sequence[Told], of: tuple[int, ...], questions: frozenset[Place]) -> View:
    """The rows of some questions in some sources, with the bases (fewer labels) on which those sources agree."""
    bases = {b for t in numbers for b in t.numbers if b not in questions and any(b < q for q in questions)}
    bases = {b for b in bases if all(agree(numbers[i], numbers[k], b) for i, k in combinations(of, 2))}
    tables = []
    for i in of:
        for table in (t for t in sources[i].tables if t.is_count):
            codes, labels = numbers[i].rows[table.name]
            part = table.frame[np.isin(codes, [k for k, one in enumerate(labels) if one in questions or one in bases])]
            if len(part):
                tables.append(replace(table, name=sources[i].called(table.name), frame=part))
    return View(tables, [sources[i].hierarchies for i in of], of, questions)


def _labelled(table: Table) -> tuple[Codes, list[Place]]:
    """The labels of each row, as numbers, and the labels that each number stands for."""
    if not table.labels:
        return np.zeros(len(table.frame), dtype=np.int64), [frozenset()]
    lines = pd.MultiIndex.from_frame(table.frame[list(table.labels)].astype(str))
    codes, kinds = lines.factorize()
    return codes.astype(np.int64), [frozenset(zip(table.labels, line, strict=True)) for line in kinds]
