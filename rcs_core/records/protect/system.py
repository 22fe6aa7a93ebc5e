"""Read count tables as one system: every distinct cell once, and every sum that must hold between cells.

In: tables with their true counts, and the hierarchies of their dimensions. Out: a `System`, whose cells are sorted
so that the order of tables, rows and columns makes no difference. Two rows are the same cell when their labels and
their codes other than `ALL` are the same, whichever tables they stand in; a base that indicators share is one cell too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.bases import BAND, Codes, Key, shared_bases
from rcs_core.records.protect.hierarchy import Hierarchy, read_hierarchies
from rcs_core.release import ALL, Table


class ContradictionError(DisclosureError):
    """Tables that contradict each other or themselves (exit code 2: they cannot be read as one system)."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum: the parent cell is the children added up."""

    parent: int
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class System:
    """Cells, their true counts, the sums between them, and for each table the cell of each row.

    Cells from `published` on stand in no table: they are what is left of a parent when not all of its children are listed.
    shared: which of the published cells are a base that several populations of labels (indicators, say) have in common.
    """

    keys: tuple[Key, ...]
    counts: NDArray[np.int64]
    sums: tuple[Sum, ...]
    rows: dict[str, NDArray[np.int64]]
    published: int
    shared: NDArray[np.bool_]


def describe(key: Key) -> str:
    """A cell in words: `indicator bullied: area C01, band yes`."""
    labels = ", ".join(f"{column} {code}" for column, code in key[0])
    codes = ", ".join(f"{column} {code}" for column, code in key[1]) or "the grand total"
    return f"{labels}: {codes}" if labels else codes


def read_system(tables: Sequence[Table], hierarchies: pd.DataFrame) -> System:
    """Read count tables as one system; raises ContradictionError when counts disagree or a sum does not hold."""
    trees = read_hierarchies(hierarchies, tables)
    row_keys = {table.name: table_keys(table, trees) for table in tables}
    counts = _distinct_counts(tables, row_keys)
    same = shared_bases(counts)
    keys = sorted(key for key in counts if key not in same)
    published = len(keys)
    own = {key: i for i, key in enumerate(keys)}
    index = own | {alias: own[base] for alias, base in same.items()}
    values = [counts[key] for key in keys]
    sums = _read_sums(index, values, keys, trees, set(same))
    rows = {name: np.array([index[key] for key in found], dtype=np.int64) for name, found in row_keys.items()}
    shared = np.zeros(len(keys), dtype=bool)
    shared[[own[base] for base in same.values()]] = True
    return System(tuple(keys), np.array(values, dtype=np.int64), tuple(sums), rows, published, shared)


def table_keys(table: Table, trees: dict[str, Hierarchy]) -> list[Key]:
    """The key of each row of a table."""
    labels, dims = sorted(table.labels), sorted(table.dims)
    tops = {dim: {ALL, trees[dim].top} if dim in trees else {ALL} for dim in dims}
    text = table.frame[[*labels, *dims]].astype(str).to_numpy()
    found = []
    for line in text:
        head = tuple(zip(labels, line[: len(labels)], strict=True))
        tail = tuple((d, c) for d, c in zip(dims, line[len(labels) :], strict=True) if c not in tops[d])
        found.append((head, tail))
    return found


def _distinct_counts(tables: Sequence[Table], row_keys: dict[str, list[Key]]) -> dict[Key, int]:
    counts: dict[Key, int] = {}
    origin: dict[Key, str] = {}
    for table in tables:
        column = table.frame["n"]
        if column.isna().any() or bool((column < 0).any()):
            raise ContradictionError("a count is missing or below 0", table.name, "", "a whole number in every row before hiding")
        for key, value in zip(row_keys[table.name], column.astype("int64").tolist(), strict=True):
            if counts.setdefault(key, value) != value:
                raise ContradictionError(
                    "one cell has two counts",
                    f"{origin[key]} and {table.name}",
                    f"{counts[key]} and {value} for {describe(key)}",
                    "the same count wherever a cell stands",
                    "make both tables from the same records",
                )
            origin.setdefault(key, table.name)
    return counts


def _read_sums(
    index: dict[Key, int], values: list[int], keys: list[Key], trees: dict[str, Hierarchy], aliases: set[Key]
) -> list[Sum]:
    published = len(keys)
    _add_rests(index, values, keys, trees, aliases)
    broken: list[str] = []
    sums: dict[Sum, None] = {}
    for family in _families(index, trees, aliases):
        total = sum(values[child] for child in family.children)
        unlisted = max(family.parent, *family.children) >= published
        if values[family.parent] == total:
            sums[Sum(family.parent, family.children)] = None
        elif not unlisted:
            broken.append(f"{describe(keys[family.parent])} is {values[family.parent]}, its parts by {family.dim} are {total}")
    if broken:
        shown = "; ".join(broken[:10]) + (f"; and {len(broken) - 10} more" if len(broken) > 10 else "")
        raise ContradictionError("sums do not hold", "the tables", shown, "every total equal to its parts", "correct the tables")
    return list(sums)


def _add_rests(index: dict[Key, int], values: list[int], keys: list[Key], trees: dict[str, Hierarchy], aliases: set[Key]) -> None:
    """Add a cell for what is left of each parent whose listed children do not make it up: nobody reads it, many can infer it."""
    for key in _silent_bands(index, values):
        _add(index, values, keys, key, 0)
    for family in list(_families(index, trees, aliases)):
        left = values[family.parent] - sum(values[child] for child in family.children)
        if not family.complete and left > 0:
            key = (family.labels, tuple(sorted([*family.others, (family.dim, family.rest)])))
            _add(index, values, keys, key, left)


def _add(index: dict[Key, int], values: list[int], keys: list[Key], key: Key, count: int) -> None:
    index[key] = len(keys)
    keys.append(key)
    values.append(count)


def _columns(labels: Codes) -> tuple[str, ...]:
    return tuple(column for column, _ in labels)


def _silent_bands(index: dict[Key, int], values: list[int]) -> list[Key]:
    """The bands left out where another holds all of its base: that nobody answered so is a small count like any other."""
    bands: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for labels, codes in index:
        bands[_columns(labels)].update(code for dim, code in codes if dim == BAND)
    found = []
    for (labels, dim, others), cells in sorted(_by_dimension(index).items()):
        top = index.get((labels, others))
        if dim == BAND and top is not None and values[top] > 0 and values[top] in [values[cell] for cell in cells.values()]:
            left_out = sorted(bands[_columns(labels)] - set(cells))
            found += [(labels, tuple(sorted([*others, (BAND, band)]))) for band in left_out]
    return found


@dataclass(frozen=True, slots=True)
class _Family:
    """A parent and its children by one dimension; complete: whether those are all; rest: the code of what is left."""

    labels: Codes
    dim: str
    others: Codes
    parent: int
    children: tuple[int, ...]
    complete: bool
    rest: str


def _families(index: dict[Key, int], trees: dict[str, Hierarchy], aliases: set[Key]) -> Iterable[_Family]:
    """Every parent with its children, in sorted order; what a population has only from its base belongs to the base."""
    for (labels, dim, others), found in sorted(_by_dimension(index).items()):
        if aliases and all((labels, tuple(sorted([*others, (dim, code)]))) in aliases for code in found):
            continue
        top = index.get((labels, others))
        codes = found | ({ALL: top} if top is not None else {})
        for parent, children, complete, rest in trees.get(dim, Hierarchy(dim)).families(set(codes)):
            yield _Family(labels, dim, others, codes[parent], tuple(codes[c] for c in children), complete, rest)


def _by_dimension(index: dict[Key, int]) -> dict[tuple[Codes, str, Codes], dict[str, int]]:
    """Cells that differ in one dimension only: (labels, that dimension, the other codes) -> code -> cell."""
    found: dict[tuple[Codes, str, Codes], dict[str, int]] = defaultdict(dict)
    for (labels, codes), i in index.items():
        for place, (dim, code) in enumerate(codes):
            found[labels, dim, codes[:place] + codes[place + 1 :]][code] = i
    return found
