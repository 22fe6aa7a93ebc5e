"""Read published tables as an attacker would: what is known, what is blank, and which numbers must add up.

Written apart from the protection and sharing nothing with it but the form of a table. A row's margins (`ALL`, and
the sole top of a hierarchy, such as the council) do not count towards which cell it is, so one cell may stand in several tables.
A child that no table lists counts as a group that cannot occur, unless the published numbers themselves show that
something is left: then the sum is read as "at most", and what is left is a group like any other.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from rcs_core.errors import ContractError, UnreadableError
from rcs_core.release import ALL, Table

Place = frozenset[tuple[str, str]]
"""The codes of a cell that are not margins."""
Cell = tuple[Place, Place]
"""Labels (survey, wave, indicator) and place."""


@dataclass(frozen=True, slots=True)
class Addition:
    """`whole` = the parts added up; `whole` >= the parts when `at_most`."""

    whole: Cell
    parts: tuple[Cell, ...]
    column: str
    at_most: bool = False
    doubtful: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The whole, then its parts."""
        return (self.whole, *self.parts)


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is published: the number of each cell (None where hidden), where it stands, and the additions."""

    numbers: dict[Cell, int | None]
    stands_in: dict[Cell, tuple[str, dict[str, str]]]
    additions: list[Addition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Tree:
    """One column's ways of adding up: (partition, parent) -> children."""

    ways: dict[tuple[str, str], set[str]]
    top: str

    @property
    def codes(self) -> set[str]:
        return {c for group in self.ways.values() for c in group} | {parent for _, parent in self.ways}


def read_picture(tables: Sequence[Table], hierarchies: pd.DataFrame) -> Picture:
    """Read the count tables among `tables`; raises UnreadableError when published numbers contradict each other."""
    counted = sorted((t for t in tables if t.is_count), key=lambda t: t.name)
    trees = _trees(hierarchies, counted)
    picture = Picture({}, {})
    for table in counted:
        for cell, where, number in _cells(table, trees):
            known = picture.numbers.get(cell)
            if known is not None and number is not None and known != number:
                other = picture.stands_in[cell][0]
                raise _contradiction(f"{other} and {table.name}", f"{known} and {number} for {in_words(where)}")
            picture.numbers[cell] = number if known is None else known
            picture.stands_in.setdefault(cell, (table.name, where))
    picture.additions.extend(_settle(list(_additions(picture, trees)), picture))
    return picture


def in_words(where: dict[str, str]) -> str:
    """A cell's columns and codes in one line."""
    return ", ".join(f"{column} {code}" for column, code in where.items())


def _contradiction(where: str, got: str) -> UnreadableError:
    return UnreadableError(
        "the published tables contradict each other", where, got, "one number for one group", "write all tables from one release"
    )


def _cells(table: Table, trees: dict[str, _Tree]) -> Iterator[tuple[Cell, dict[str, str], int | None]]:
    columns = [*table.labels, *table.dims]
    text = table.frame[columns].astype(str)
    for codes, number in zip(text.itertuples(index=False, name=None), table.frame["n"], strict=True):
        where = dict(zip(columns, codes, strict=True))
        labels = frozenset((c, where[c]) for c in table.labels)
        place = frozenset((c, where[c]) for c in table.dims if where[c] not in (ALL, trees[c].top if c in trees else ALL))
        yield (labels, place), where, None if pd.isna(number) else int(number)


def _trees(frame: pd.DataFrame, tables: Sequence[Table]) -> dict[str, _Tree]:
    if not len(frame):
        return {}
    if absent := sorted({"dimension", "child", "parent"} - set(frame.columns)):
        raise ContractError("a column is missing", "hierarchies", ", ".join(absent), "dimension, child, parent, partition")
    found: dict[str, _Tree] = {}
    ways = frame if "partition" in frame.columns else frame.assign(partition="")
    for column, lines in ways.astype(str).groupby("dimension"):
        groups = {(str(part), str(up)): set(g["child"]) for (part, up), g in lines.groupby(["partition", "parent"])}
        used = {str(code) for t in tables if column in t.dims for code in t.frame[column]}
        parents, children = set(lines["parent"]), set(lines["child"])
        tops = (parents | used) - children - {ALL}
        sole = ALL not in parents and len(tops) == 1
        found[str(column)] = _Tree(groups, tops.pop() if sole else ALL)
    return found


def _additions(picture: Picture, trees: dict[str, _Tree]) -> Iterator[Addition]:
    """Every addition between cells that differ in one column only."""
    lines: dict[tuple[Place, Place, str], dict[str, Cell]] = defaultdict(dict)
    for labels, place in picture.numbers:
        for column, code in place:
            lines[labels, place - {(column, code)}, column][code] = (labels, place)
    for (labels, others, column), found in lines.items():
        whole = (labels, others)
        here = found | ({ALL: whole} if whole in picture.numbers else {})
        for up, down, listed in _ways(trees.get(column), set(here)):
            yield Addition(here[up], tuple(here[c] for c in sorted(down)), column, doubtful=not listed)


def _ways(tree: _Tree | None, here: set[str]) -> Iterator[tuple[str, set[str], bool]]:
    """Which code is which others added up, and whether every part of it is listed."""
    codes = here - {ALL}
    if tree is None or not codes & tree.codes:
        if ALL in here and codes:
            yield ALL, codes, False
        return
    for (_, parent), children in sorted(tree.ways.items()):
        up = ALL if parent == tree.top else parent
        if up in here and children & here:
            yield up, children & here, children <= here
    if ALL in here and tree.top == ALL and not any(parent == ALL for _, parent in tree.ways):
        loose = codes - {c for children in tree.ways.values() for c in children}
        if loose:
            yield ALL, loose, False


def _settle(additions: list[Addition], picture: Picture) -> Iterator[Addition]:
    """Decide which doubtful additions leave something over: where one published instance does, its like may too."""
    left_over = {_like(a) for a in additions if a.doubtful and (left(a, picture) or 0) > 0}
    for addition in additions:
        over = left(addition, picture)
        if over is not None and (over < 0 or (over > 0 and not addition.doubtful)):
            where = picture.stands_in[addition.whole]
            total = picture.numbers[addition.whole]
            parts = "it" if over < 0 else "all of it"
            raise _contradiction(
                where[0],
                f"{in_words(where[1])} is {total}, but the parts of {parts} by {addition.column} are {(total or 0) - over}",
            )
        if addition.doubtful and _like(addition) in left_over:
            yield Addition(addition.whole, addition.parts, addition.column, at_most=True, doubtful=True)
        else:
            yield addition


def _like(addition: Addition) -> tuple[str, str | None, frozenset[str | None]]:
    column = addition.column
    return column, _code(addition.whole, column), frozenset(_code(part, column) for part in addition.parts)


def _code(cell: Cell, column: str) -> str | None:
    return next((code for name, code in cell[1] if name == column), None)


def left(addition: Addition, picture: Picture) -> int | None:
    """What is left of the whole when every number is published; None when one is hidden."""
    whole = picture.numbers[addition.whole]
    parts = [picture.numbers[part] for part in addition.parts]
    known = [n for n in parts if n is not None]
    return None if whole is None or len(known) < len(parts) else whole - sum(known)
