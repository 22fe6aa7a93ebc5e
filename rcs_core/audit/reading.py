"""Read published tables as an attacker would: what is known, what is blank, and which numbers must add up.

Written apart from the protection and sharing nothing with it but the form of a table. A row's margins (`ALL`, and
the sole top of a hierarchy, such as the council) do not count towards which cell it is, so one cell may stand in several tables.
A child that no table lists counts as a group that cannot occur, unless the published numbers themselves show that
something is left: then the sum is read as "at most", and what is left is a group like any other. A row marked as one that
cannot occur, was not asked or was not collected is no count. A base that questions share is one cell (see `joined`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from rcs_core.audit.columns import ANSWERS
from rcs_core.audit.joined import Cell, Place, bases
from rcs_core.errors import ContractError, UnreadableError
from rcs_core.release import ALL, Table
from rcs_core.vocab import CellState

NO_COUNT = frozenset(
    {CellState.CANNOT_OCCUR.value, CellState.NOT_ASKED.value, CellState.NOT_COLLECTED.value, "not_applicable", "not_available"}
    | {CellState.CANNOT_OCCUR.mark, CellState.NOT_COLLECTED.mark}
)
"""States of rows that count nobody."""


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


Split = tuple[str, str | None, frozenset[str | None]]
"""A column, the code that is split by it, and the codes that it is split into."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is published: the number of each cell (None where hidden), where it stands, and the additions.

    bases: labels of a question -> labels under which its base stands; loose: the splits that leave something over somewhere.
    """

    numbers: dict[Cell, int | None]
    stands_in: dict[Cell, tuple[str, dict[str, str]]]
    additions: list[Addition] = field(default_factory=list)
    bases: dict[Place, Place] = field(default_factory=dict)
    loose: set["Split"] = field(default_factory=set)

    def loosened(self, additions: Sequence[Addition]) -> list[Addition]:
        """The additions read as "at most" wherever some other question leaves something over of the same split."""
        return [replace(a, at_most=True) if a.doubtful and _split(a) in self.loose else a for a in additions]


@dataclass(frozen=True, slots=True)
class _Tree:
    """One column's ways of adding up: (partition, parent) -> children."""

    ways: dict[tuple[str, str], set[str]]
    top: str

    @property
    def codes(self) -> set[str]:
        return {c for group in self.ways.values() for c in group} | {parent for _, parent in self.ways}


def read_picture(tables: Sequence[Table], hierarchies: pd.DataFrame | Sequence[pd.DataFrame], *, join: bool = True) -> Picture:
    """Read the count tables among `tables`; raises UnreadableError when published numbers contradict each other.

    hierarchies: of one release, or of several that tell of the same children, each with its own way of adding up;
    join: whether a base that questions share is taken as one cell; where that makes a contradiction, it is not.
    """
    counted = sorted((t for t in tables if t.is_count), key=lambda t: t.name)
    frames = [hierarchies] if isinstance(hierarchies, pd.DataFrame) else list(hierarchies)
    trees = read_trees(pd.concat(frames, ignore_index=True).drop_duplicates(), counted)
    ways = [_own(frame, counted, trees) for frame in frames] if len(frames) > 1 else [trees]
    picture, columns = Picture({}, {}), defaultdict[Place, set[str]](set)
    for table in counted:
        for cell, where, number in read_cells(table, trees):
            _take(picture, cell, (table.name, where), number)
            columns[cell[0]].update(table.dims)
    found = bases(picture.numbers, columns, ANSWERS) if join else {}
    if found:
        try:
            return _settled(_joined(picture, found, columns), ways)
        except UnreadableError:
            return _settled(picture, ways)
    return _settled(picture, ways)


def _own(frame: pd.DataFrame, counted: Sequence[Table], trees: dict[str, _Tree]) -> dict[str, _Tree]:
    """The hierarchies of one release, with the tops that all of them together have."""
    return {column: replace(tree, top=trees[column].top) for column, tree in read_trees(frame, counted).items()}


def _take(picture: Picture, cell: Cell, stands_in: tuple[str, dict[str, str]], number: int | None) -> None:
    known = picture.numbers.get(cell)
    if known is not None and number is not None and known != number:
        other = picture.stands_in[cell][0]
        raise _contradiction(f"{other} and {stands_in[0]}", f"{known} and {number} for {in_words(stands_in[1])}")
    picture.numbers[cell] = number if known is None else known
    picture.stands_in.setdefault(cell, stands_in)


def _joined(picture: Picture, found: dict[Place, Place], columns: dict[Place, set[str]]) -> Picture:
    """The same with each shared base as one cell."""
    made = Picture({}, {}, bases=found)
    for (labels, place), number in picture.numbers.items():
        base = found.get(labels)
        own = base is None or not {column for column, _ in place} <= columns[base]
        _take(made, (labels if own or base is None else base, place), picture.stands_in[labels, place], number)
    return made


def _settled(picture: Picture, ways: Sequence[dict[str, _Tree]]) -> Picture:
    additions = dict.fromkeys(addition for trees in ways for addition in _additions(picture, trees))
    picture.additions.extend(_settle(list(additions), picture))
    return picture


def in_words(where: dict[str, str]) -> str:
    """A cell's columns and codes in one line."""
    return ", ".join(f"{column} {code}" for column, code in where.items())


def _contradiction(where: str, got: str) -> UnreadableError:
    return UnreadableError(
        "the published tables contradict each other", where, got, "one number for one group", "write all tables from one release"
    )


def read_cells(table: Table, trees: dict[str, _Tree]) -> Iterator[tuple[Cell, dict[str, str], int | None]]:
    """Each row that counts children: its cell, its columns and codes, its number (None where hidden)."""
    columns = [*table.labels, *table.dims]
    frame = table.frame
    if "state" in frame.columns:
        frame = frame[~(frame["state"].astype(str).isin(NO_COUNT) & (frame["n"].isna() | (frame["n"] == 0)))]
    text = frame[columns].astype(str).to_numpy(dtype=object).tolist()
    hidden, numbers = frame["n"].isna().tolist(), frame["n"].fillna(0).astype("int64").tolist()
    for codes, unknown, number in zip(text, hidden, numbers, strict=True):
        where = dict(zip(columns, codes, strict=True))
        labels = frozenset((c, where[c]) for c in table.labels)
        place = frozenset((c, where[c]) for c in table.dims if where[c] not in (ALL, trees[c].top if c in trees else ALL))
        yield (labels, place), where, None if unknown else number


def read_trees(frame: pd.DataFrame, tables: Sequence[Table]) -> dict[str, _Tree]:
    """The hierarchies of a frame `dimension, child, parent[, partition]`; a sole top code is read as ALL."""
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
        if whole not in picture.numbers and labels in picture.bases:
            whole = (picture.bases[labels], others)
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
    over_somewhere = [a for a in additions if a.doubtful and (left(a, picture) or 0) > 0]
    left_over = {_like(a) for a in over_somewhere}
    picture.loose.update(map(_split, over_somewhere))
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


def _like(addition: Addition) -> tuple[Place, Split]:
    """Additions are alike that split the same code alike, of the same question."""
    return addition.parts[0][0], _split(addition)


def _split(addition: Addition) -> Split:
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
