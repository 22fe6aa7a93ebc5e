"""A release as a folder of csv files, out and in: what an outside attacker gets, and must be all that can be got.

One file a table: label columns, dimension columns with margins `ALL`, `n` (blank where hidden), `state`, then estimates;
and `hierarchies.csv`. Text that a spreadsheet would run as a formula is written with an apostrophe before it.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from rcs_core.audit.columns import before, dimensions, refuse_other_totals
from rcs_core.audit.derived import is_derived
from rcs_core.audit.options import join_nest, named_hierarchy
from rcs_core.errors import UnreadableError
from rcs_core.release import ALL, Release, Table
from rcs_core.vocab import CellState

HIERARCHIES = "hierarchies"
COUNT_NAMES = ("n", "value")
_PUBLISHED = ("topic", "indicator", "group", "value", "unit", "ci_low", "ci_high", "year", "geography", "source")
PLAIN = {
    "assumptions": frozenset({"id", "text", "value", "unit", "state", "source"}),
    "comparators": frozenset(_PUBLISHED),
    "published_effects": frozenset(
        (*_PUBLISHED, "service_id", "acts_on", "better_when", "baseline_pct", "lag_years", "retention")
    ),
}
"""Tables whose `value` is a figure in the unit of its row, not a count of children."""
_COUNT_WORDS = frozenset({"n", "value", "count", "counts", "number", "freq", "frequency", "children", "pupils", "total"})
_STATES = {
    state.mark: state.value
    for state in (CellState.SUPPRESSED, CellState.UNRELIABLE, CellState.CANNOT_OCCUR, CellState.NOT_COLLECTED)
}
_MARKS = tuple(_STATES)
RISKY = ("=", "+", "-", "@", "\t")


def write_tables(release: Release, folder: Path) -> list[Path]:
    """Write one csv a table; returns the files. Refuses a folder that holds csv files of something else."""
    wanted = {f"{name}.csv" for name in release.tables} | {f"{HIERARCHIES}.csv"}
    if folder.exists() and not folder.is_dir():
        raise UnreadableError("the output is a file", str(folder), "a file", "a folder, new or empty")
    if strangers := sorted(p.name for p in folder.glob("*.csv") if p.name not in wanted):
        raise UnreadableError(
            "the folder holds other tables", str(folder), ", ".join(strangers[:5]), "an empty folder", "choose or empty a folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    frames = {name: table.frame for name, table in sorted(release.tables.items())}
    frames.setdefault(HIERARCHIES, pd.DataFrame(columns=["dimension", "child", "parent", "partition"]))
    return [_write(frame, folder / f"{name}.csv") for name, frame in frames.items()]


def _write(frame: pd.DataFrame, path: Path) -> Path:
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(safe[column]):
            safe[column] = safe[column].map(_defuse)
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return path


def _defuse(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def read_folder(path: Path, nest: Sequence[str] = (), hier: Mapping[str, Path] | None = None) -> tuple[list[Table], pd.DataFrame]:
    """Read a folder of csv files as tables and hierarchies.

    A file with a column `n` (or `value`) is a count table; columns before it are labels (survey, wave, indicator, and
    any column that has no `ALL` in any file and no hierarchy) or dimensions; what follows it are estimates.
    nest: columns inside one another, such as "cluster>school"; hier: dimension -> file of child, parent[, partition].
    """
    if not path.is_dir():
        raise UnreadableError("there is no such folder", str(path), "nothing", "a folder of csv files")
    given = {file.resolve() for file in (hier or {}).values()}
    files = [file for file in sorted(path.glob("*.csv")) if file.resolve() not in given]
    if not [f for f in files if f.stem != HIERARCHIES]:
        raise UnreadableError(
            "the folder holds no tables", str(path), "no csv files", "one csv file a table", "run `rcs tables` first"
        )
    frames = {file.stem: read_csv(file) for file in files}
    found = [frames.pop(HIERARCHIES, pd.DataFrame(columns=["dimension", "child", "parent", "partition"]))]
    _check_hierarchies(found[0], path)
    found += [named_hierarchy(dim, read_csv(file), str(file)) for dim, file in sorted((hier or {}).items())]
    for option in nest:
        frames, rows = join_nest(option, frames)
        found.append(rows)
    hierarchies = pd.concat(found, ignore_index=True).fillna("")
    counts = {name: column for name, frame in frames.items() if (column := _count_column(name, frame))}
    dims = dimensions(frames, counts, hierarchies)
    return [_table(name, frame, counts.get(name), dims, path) for name, frame in frames.items()], hierarchies


def read_csv(file: Path) -> pd.DataFrame:
    """One csv file, every value as text; raises UnreadableError with the row when it is not a plain table."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = [(reader.line_num, line) for reader in [csv.reader(text, strict=True)] for line in reader if line]
    except UnicodeDecodeError as error:
        raise UnreadableError("the file is not UTF-8", str(file), str(error), "UTF-8 text", "save it as csv UTF-8") from error
    except FileNotFoundError as error:
        raise UnreadableError("there is no such file", str(file), "nothing", "a csv table", "look at the path") from error
    except (csv.Error, OSError) as error:
        remedy = "save it as csv UTF-8"
        raise UnreadableError(
            "the file is not a csv table", str(file), str(error), "one header line, then rows", remedy
        ) from error
    if not lines:
        raise UnreadableError("the file is empty", str(file), "nothing", "one header line, then rows", "save the table again")
    header = lines[0][1]
    _check_shape(header, lines, str(file))
    return pd.DataFrame([[_fuse(v) for v in line] for _, line in lines[1:]], columns=header, dtype=object)


def _check_shape(header: list[str], lines: list[tuple[int, list[str]]], file: str) -> None:
    if len(header) == 1 and ";" in header[0]:
        raise UnreadableError(
            "the columns are not parted by commas", file, header[0], "a comma between columns", "save it as csv UTF-8"
        )
    if twice := sorted({c for c in header if header.count(c) > 1}):
        raise UnreadableError("a column stands twice", file, twice[0], "each column once", "rename or remove one")
    for number, line in lines:
        if len(line) != len(header):
            raise UnreadableError(
                "a row is too short or too long",
                f"{file}, row {number}",
                f"{len(line)} column{'s' if len(line) > 1 else ''}",
                f"{len(header)}, as in the header",
                "give the row a value, or nothing, for every column",
            )


def _fuse(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:].startswith(RISKY) else value


def _check_hierarchies(frame: pd.DataFrame, path: Path) -> None:
    if missing := [c for c in ("dimension", "child", "parent") if c not in frame.columns]:
        raise UnreadableError(
            "a column is missing", str(path / f"{HIERARCHIES}.csv"), ", ".join(missing), "dimension, child, parent, partition"
        )


def _count_column(name: str, frame: pd.DataFrame) -> str | None:
    """The column of counts; the `value` of a comparison or of an assumption is none."""
    columns = list(map(str, frame.columns))
    if is_derived(name, columns) or frozenset(columns) == PLAIN.get(name, frozenset()):
        return None
    return next((c for c in COUNT_NAMES if c in frame.columns), None)


def _refuse_unread_counts(name: str, frame: pd.DataFrame, path: Path) -> None:
    """A table with margins whose counts stand under another word would be looked at by nobody, and pass."""
    found = [str(c) for c in frame.columns if str(c).strip().casefold() in _COUNT_WORDS]
    if found and not is_derived(name, list(map(str, frame.columns))) and bool((frame == ALL).any(axis=None)):
        where = str(path / f"{name}.csv")
        wanted = "the counts in a column `n` or `value`"
        raise UnreadableError("a table has totals and no column of counts", where, found[0], wanted, "rename the column")


def _table(name: str, frame: pd.DataFrame, count: str | None, dims: set[str], path: Path) -> Table:
    if count is None:
        _refuse_unread_counts(name, frame, path)
        return Table(name, name, frame.replace("", None))
    codes = before(frame, count)
    labels = tuple(c for c in codes if c not in dims)
    own = tuple(c for c in codes if c in dims)
    where = str(path / f"{name}.csv")
    _check_codes(frame, codes, where)
    refuse_other_totals(frame[codes], dims, where)
    read = frame.rename(columns={count: "n"}).assign(n=whole_numbers(frame[count], where, count))
    if (marked := frame[count].str.strip().map(_STATES)).notna().any():
        read["state"] = marked.fillna(read["state"] if "state" in read.columns else CellState.SHOWN.value)
    after = [c for c in read.columns if c not in (*codes, "n", "state")]
    read[after] = read[after].replace(["", *_MARKS], None)
    return Table(name, name, read, own or labels[-1:], labels if own else labels[:-1])


def _check_codes(frame: pd.DataFrame, columns: list[str], where: str) -> None:
    for column in columns:
        if blank := [k + 2 for k in (frame[column] == "").to_numpy().nonzero()[0]]:
            raise UnreadableError("a code is blank", f"{where}, row {blank[0]}, column {column}", "nothing", f"a code, or {ALL}")
    twice = frame.duplicated(columns)
    if twice.any():
        row = int(twice.to_numpy().nonzero()[0][0])
        codes = ", ".join(frame[columns].iloc[row])
        raise UnreadableError("a cell stands twice", f"{where}, row {row + 2}", codes, "one row a cell", "remove one of the rows")


def whole_numbers(column: pd.Series, where: str, name: str) -> pd.Series:
    """A text column of counts as numbers, blank where hidden; raises UnreadableError with the first wrong row."""
    text = column.str.strip()
    text = text.mask(text.isin(["", *_MARKS]))
    number = pd.to_numeric(text, errors="coerce")
    wrong = text.notna() & (number.isna() | (number % 1 != 0) | (number < 0))
    if wrong.any():
        row = int(wrong.to_numpy().nonzero()[0][0])
        raise UnreadableError(
            "a count is not a whole number",
            f"{where}, row {row + 2}, column {name}",
            str(column.iloc[row]),
            "0, 1, 2 ... or a blank",
            "correct the count",
        )
    return number.astype("Float64").astype("Int64")
