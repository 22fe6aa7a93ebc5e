"""Count tables as anyone may have them, in csv files: read for `rcs protect`, and written back with the counts hidden.

A column with a margin `ALL` in any of the files is a dimension, one without is a label; `band` is a dimension too where
another file holds the base that its bands add up to. Nested columns (`cluster>school`) become one dimension: a row whose
school is `ALL` is its cluster's. A row marked `[z]`, or stated to be not applicable, is no cell: it goes back as it came.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rcs_core.audit.columns import refuse_other_totals
from rcs_core.audit.folder import read_csv, whole_numbers
from rcs_core.errors import UnreadableError
from rcs_core.records.protect.bases import BAND
from rcs_core.release import ALL, Table
from rcs_core.vocab import CellState

COUNT_NAMES = ("value", "n")
STEP = ">"
NOT_APPLICABLE = frozenset({"not_applicable", CellState.CANNOT_OCCUR.value, CellState.NOT_ASKED.value})
"""The states of a row that holds no cell."""


@dataclass(frozen=True, slots=True)
class CountFile:
    """One file as it came: its path, the text of its cells, which column holds the counts, and the whole text.

    The index of a row of `text` is that of the same row in `whole`, which has the rows that cannot occur besides.
    """

    path: Path
    text: pd.DataFrame
    count: str
    whole: pd.DataFrame

    @property
    def codes(self) -> list[str]:
        """The columns before the counts: labels and dimensions."""
        return [str(c) for c in self.text.columns[: list(self.text.columns).index(self.count)]]

    @property
    def estimates(self) -> list[str]:
        """The columns after the counts: figures that must go where their count goes."""
        return [str(c) for c in self.text.columns if c not in (*self.codes, self.count, "state")]


def read_files(paths: Sequence[Path]) -> list[CountFile]:
    """Read the files; raises UnreadableError when one is no count table, or two have one name."""
    files = [_read(path) for path in paths]
    names = [file.path.name for file in files]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UnreadableError("two files have one name", twice[0], "", "names that differ, since the output keeps them")
    return files


def _read(path: Path) -> CountFile:
    text = read_csv(path)
    count = next((name for name in COUNT_NAMES if name in text.columns), None)
    if count is None:
        raise UnreadableError(
            "there is no column of counts", str(path), ", ".join(map(str, text.columns)), "a column `value` or `n`"
        )
    if list(text.columns).index(count) == 0:
        raise UnreadableError("there is no column of codes", str(path), count, "dimension columns before the counts")
    cells = text[~_cannot_occur(text, count)]
    if (blank := cells[count].str.strip() == "").any():
        where = f"{path}, row {_first(blank) + 2}"
        raise UnreadableError("a count is blank", where, "nothing", "the true count, before anything is hidden")
    return CountFile(path, cells, count, text)


def _first(mask: pd.Series) -> int:
    """The row number of the first that is marked."""
    return int(mask.index.to_numpy()[mask.to_numpy(dtype=bool)][0])


def _cannot_occur(text: pd.DataFrame, count: str) -> pd.Series:
    """The rows of a group that cannot be (P5 in a secondary school) or was not asked: a known nothing, not a small count."""
    state = text["state"].str.strip() if "state" in text.columns else pd.Series("", index=text.index)
    known = text[count].str.strip()
    return (known == CellState.CANNOT_OCCUR.mark) | (state.isin(NOT_APPLICABLE) & known.isin(["", "0"]))


def as_tables(files: Sequence[CountFile], nests: Sequence[str], trees: Mapping[str, Path]) -> tuple[list[Table], pd.DataFrame]:
    """The files as one system of tables with its hierarchies."""
    steps = [_steps(nest, files) for nest in nests]
    nested = {column for columns in steps for column in columns}
    dims = {c for f in files for c in f.codes if (f.text[c] == ALL).any()} | set(trees)
    dims |= {BAND} if any(_adds_up(file, base) for file in files for base in files) else set()
    if unknown := sorted(set(trees) - {c for f in files for c in f.codes}):
        raise UnreadableError("a hierarchy is for a column that no table has", "--hier", unknown[0], "a dimension column")
    for file in files:
        refuse_other_totals(file.text[file.codes], dims | nested, str(file.path))
    homes = [_homes(columns, files) for columns in steps]
    tables = [_table(file, steps, homes, dims - nested) for file in files]
    rows = [row for columns, home in zip(steps, homes, strict=True) for row in _nest_rows(STEP.join(columns), home)]
    rows += [row for dim, path in sorted(trees.items()) for row in _tree_rows(dim, path)]
    return tables, pd.DataFrame(rows, columns=["dimension", "child", "parent", "partition"])


def _adds_up(file: CountFile, base: CountFile) -> bool:
    """Whether the bands of one file, added up, are the counts of another."""
    group = [c for c in file.codes if c != BAND]
    if BAND not in file.codes or BAND in base.codes or not set(base.codes) <= set(group) or not base.codes:
        return False
    counts = [whole_numbers(f.text[f.count], str(f.path), f.count) for f in (file, base)]
    added = file.text[group].assign(_n=counts[0]).groupby(group, as_index=False)["_n"].sum()
    both = added.merge(base.text[base.codes].assign(_base=counts[1]), on=base.codes)
    return len(both) > 0 and bool((both["_n"] == both["_base"]).all())


def _steps(nest: str, files: Sequence[CountFile]) -> list[str]:
    columns = [part.strip() for part in nest.split(STEP)]
    known = {c for f in files for c in f.codes}
    if len(columns) < 2 or set(columns) - known:
        wanted, remedy = 'two or more columns, such as "cluster>school"', "name columns as the tables' headers have them"
        raise UnreadableError("a nest names no columns of the tables", "--nest", nest, wanted, remedy)
    return columns


Line = tuple[str, ...]
Homes = dict[tuple[str, str], set[Line]]
"""Column and code of a nest -> the whole paths from the top that end there."""


def _homes(columns: list[str], files: Sequence[CountFile]) -> Homes:
    """Where each code of a nest belongs, from the files that hold every column above it."""
    found: Homes = defaultdict(set)
    for file in files:
        for row, path in zip(file.text.index, _paths(columns, file), strict=False):
            line = path[: _depth(path)]
            if ALL in line:
                where = f"{file.path}, row {row + 2}"
                raise UnreadableError(
                    "a nested code stands without its parent", where, STEP.join(path), f"{ALL} only on the right"
                )
            if line and all(line):
                found[columns[len(line) - 1], line[-1]].add(line)
    return found


def _paths(columns: list[str], file: CountFile) -> Iterator[Line]:
    """The codes of a nest in each row; a column that the file lacks is `ALL` below the others, and blank above them."""
    here = [c for c in columns if c in file.text.columns]
    last = max((columns.index(c) for c in here), default=-1)
    for values in file.text[here].itertuples(index=False, name=None) if here else []:
        given = dict(zip(here, values, strict=True))
        yield tuple(given.get(c, "" if k < last else ALL) for k, c in enumerate(columns))


def _depth(path: Line) -> int:
    """How many steps down a row stands: the codes before the trailing margins."""
    return next((k + 1 for k in range(len(path) - 1, -1, -1) if path[k] not in (ALL, "")), 0)


def _place(columns: list[str], path: Line, homes: Homes, file: CountFile) -> str:
    """The one code of a nest that stands for a row."""
    line = path[: _depth(path)]
    if not all(line):
        known = sorted(homes.get((columns[len(line) - 1], line[-1]), set()))
        if len(known) != 1:
            got = f"{columns[len(line) - 1]} {line[-1]}, in {len(known)} places of the other tables"
            raise UnreadableError("a nested code does not say where it belongs", str(file.path), got, f"the column {columns[0]}")
        line = known[0]
    return STEP.join(line) or ALL


def _table(file: CountFile, steps: list[list[str]], homes: list[Homes], dims: set[str]) -> Table:
    """One file as a table: its nests joined into one dimension each, its other columns as they are."""
    codes = file.text[file.codes].copy()
    nested: list[str] = []
    for columns, known in zip(steps, homes, strict=True):
        if here := [c for c in columns if c in codes.columns]:
            name = STEP.join(columns)
            codes = codes.drop(columns=here).assign(
                **{name: [_place(columns, path, known, file) for path in _paths(columns, file)]}
            )
            nested.append(name)
    table_dims = tuple(c for c in codes.columns if c in dims or c in nested)
    labels = tuple(c for c in codes.columns if c not in table_dims)
    _check_once(codes, file)
    counts = whole_numbers(file.text[file.count], str(file.path), file.count)
    frame = codes.assign(n=counts, state="").join(file.text[file.estimates])
    return Table(file.path.name, file.path.name, frame, table_dims or labels[-1:], labels if table_dims else labels[:-1])


def _check_once(codes: pd.DataFrame, file: CountFile) -> None:
    if (twice := codes.duplicated()).any():
        got = ", ".join(codes[twice].iloc[0])
        raise UnreadableError("a cell stands twice", f"{file.path}, row {_first(twice) + 2}", got, "one row a cell")


def _nest_rows(dim: str, homes: Homes) -> Iterator[tuple[str, str, str, str]]:
    """A nest as a hierarchy: each path is a child of the path one step shorter."""
    lines = {line[:k] for found in homes.values() for line in found for k in range(1, len(line) + 1)}
    for path in sorted(lines):
        yield dim, STEP.join(path), STEP.join(path[:-1]) or ALL, "nest"


def _tree_rows(dim: str, path: Path) -> Iterator[tuple[str, str, str, str]]:
    frame = read_csv(path)
    if missing := [c for c in ("child", "parent") if c not in frame.columns]:
        raise UnreadableError("a column is missing", str(path), ", ".join(missing), "child, parent[, partition]")
    parts = frame["partition"] if "partition" in frame.columns else [""] * len(frame)
    yield from ((dim, child, parent, part) for child, parent, part in zip(frame["child"], frame["parent"], parts, strict=True))


def write_file(file: CountFile, table: Table, out: Path) -> Path:
    """Write one file back: same name, columns, rows and order; hidden counts blank; a column `state` at the end."""
    text = file.whole.copy()
    hidden = table.frame["n"].isna()
    text.loc[file.text.index, file.count] = file.text[file.count].mask(hidden, "")
    text.loc[file.text.index, file.estimates] = file.text[file.estimates].mask(table.frame[file.estimates].isna(), "")
    state = table.frame["state"].reindex(text.index, fill_value=CellState.CANNOT_OCCUR.value)
    text["state"] = state
    target = out / file.path.name
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(text.columns)
        writer.writerows(text.itertuples(index=False, name=None))
    return target
