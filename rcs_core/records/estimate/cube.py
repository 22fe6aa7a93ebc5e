"""One pass over a pupil survey to the cube that every published share is made from; no pupil is touched again.

A **cell** is school x stage x sex x deprivation: all its pupils carry one weight. An **atom** is a cell split by named
contact (and by care status, where it is known), with the counts of yes and no for each indicator. All sums, margins and
standard errors follow from these.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import ContractError

Counts = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
KEYS = ("school_code", "stage", "sex", "simd_quintile")
"""What a cell is made of, in order."""
PLACED = (*KEYS, "cluster_code")
SPLIT = ("contact", "care")
"""What splits a cell into atoms, where records are linked."""
MEMORY_MB = 400
"""What DuckDB may hold while it counts a file; beyond it DuckDB uses a scratch folder, which is removed."""


@dataclass(frozen=True, slots=True)
class Cube:
    """The sufficient statistics of one survey.

    cells: school_code, cluster_code, stage, sex, simd_quintile, n (respondents). atoms: contact, care where known, n.
    cell_of: each atom's cell. yes, no: children by atom (rows) and indicator (columns, named by `indicators`).
    """

    cells: pd.DataFrame
    atoms: pd.DataFrame
    cell_of: Ints
    yes: Counts
    no: Counts
    indicators: tuple[str, ...]

    @property
    def respondents(self) -> int:
        """Pupils on the roll who returned the survey, whatever they answered."""
        return int(self.cells["n"].sum())


def make_cube(answers: pd.DataFrame, indicators: Sequence[str]) -> Cube:
    """Count the answers of one linked survey into its cube, in one DuckDB pass.

    answers: one row a respondent with the columns of `KEYS`, cluster_code, the indicators (yes, no or anything else for
    missing) and, when linked, contact and care.
    """
    split = [column for column in SPLIT if column in answers]
    with duckdb.connect() as con:
        con.register("answers", answers[[*PLACED, *split, *indicators]].astype(object))
        con.execute(_counting("answers", [*PLACED, *split], _bands(indicators)))
        keys = con.sql(f"SELECT {', '.join(PLACED)}, {_contact(split)}, n FROM counted").df()
        return _cube(con, keys, indicators)


def read_cube(path: Path, indicators: Sequence[str], memory_mb: int = MEMORY_MB) -> Cube:
    """Count the answers of a linked survey's csv into its cube without ever holding its pupils.

    The file has the columns of `make_cube`. Its codes become categories, so that millions of pupils stay small. Raises
    ContractError when a pupil lacks a code.
    """
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as con:
        con.execute(f"SET memory_limit = '{memory_mb}MB'; SET temp_directory = '{scratch}'")
        source = _csv(con, path)
        contact = ["contact"] if "contact" in source.columns else []
        con.execute(_counting("source", [*PLACED, *contact], _bands(indicators)))
        return _cube(con, _categories(con, [*PLACED, *contact], path), indicators)


def read_roll(path: Path) -> pd.DataFrame:
    """The pupils of a pupil census's csv, counted: the columns of `KEYS`, cluster_code, and N."""
    with duckdb.connect() as con:
        _csv(con, path)
        con.execute(_counting("source", PLACED, []))
        return _categories(con, PLACED, path).rename(columns={"n": "N"}).drop(columns="contact")


def _csv(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    found = con.read_csv(str(path), all_varchar=True, header=True)
    found.create_view("source")
    return found


def _contact(split: Sequence[str]) -> str:
    return ", ".join(split) if "contact" in split else "'none' AS contact"


def _bands(indicators: Sequence[str]) -> list[str]:
    """Counts of yes and no: count(CASE) keeps eight bytes a cell where a sum would keep twenty-four."""
    return [
        f"""count(CASE WHEN "{code}" = '{band}' THEN 1 END)::INTEGER AS "{band} {code}\""""
        for code in indicators
        for band in ("yes", "no")
    ]


def _counting(source: str, keys: Sequence[str], counts: Sequence[str]) -> str:
    columns = ", ".join([*keys, "count(*)::INTEGER AS n", *counts])
    return f"CREATE TEMP TABLE counted AS SELECT {columns} FROM {source} GROUP BY {', '.join(keys)}"


def _categories(con: duckdb.DuckDBPyConnection, keys: Sequence[str], path: Path) -> pd.DataFrame:
    """The codes of what was counted as categories, in the order of the codes, and n."""
    for key in keys:
        if con.execute(f"SELECT count(*) FROM counted WHERE {key} IS NULL").fetchall()[0][0]:
            raise ContractError("a code is missing", f"{path.name}, column {key}", "an empty cell", "a code in every row")
        con.execute(f"CREATE TYPE kind_of_{key} AS ENUM (SELECT DISTINCT {key} FROM counted ORDER BY 1)")
    coded = [f"{key}::kind_of_{key} AS {key}" for key in keys]
    frame: pd.DataFrame = con.sql(f"SELECT {', '.join([*coded, 'n'])} FROM counted").df()
    frame = frame.assign(**{key: frame[key].cat.as_unordered() for key in keys})
    return frame if "contact" in keys else frame.assign(contact=pd.Categorical(["none"]).repeat(len(frame)))


def _cube(con: duckdb.DuckDBPyConnection, keys: pd.DataFrame, indicators: Sequence[str]) -> Cube:
    """Atoms in the order of their codes, those of one cell together."""
    split = [column for column in SPLIT if column in keys]
    rank = places(keys, [*PLACED, *split])
    order = np.argsort(rank, kind="stable")
    keys = keys.iloc[order].reset_index(drop=True)
    cell = places(keys, PLACED)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    n = np.add.reduceat(keys["n"].to_numpy(dtype=np.int64), starts) if len(keys) else np.array([], dtype=np.int64)
    cells = keys.loc[starts, list(PLACED)].reset_index(drop=True).assign(n=n)
    cell_of = np.cumsum(np.diff(cell, prepend=-1) != 0) - 1
    atoms = keys[[*split, "n"]].astype({"n": np.int64})
    yes, no = (_columns(con, band, indicators, order) for band in ("yes", "no"))
    return Cube(cells, atoms, cell_of.astype(np.int64), yes, no, tuple(indicators))


def _columns(con: duckdb.DuckDBPyConnection, band: str, indicators: Sequence[str], order: Ints) -> Counts:
    """One band's counts, atoms by indicators, an indicator's column in one piece; fetched one by one to stay small."""
    found = np.empty((len(order), len(indicators)), dtype=np.int32, order="F")
    for place, code in enumerate(indicators):
        found[:, place] = con.sql(f'SELECT "{band} {code}" AS n FROM counted').fetchnumpy()["n"][order]
    return found


def places(frame: pd.DataFrame, columns: Sequence[str]) -> Ints:
    """One number a row that orders rows by the columns' codes and is equal only for equal rows."""
    found = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        kinds = pd.Categorical(frame[column])
        found = found * (len(kinds.categories) + 1) + kinds.codes.astype(np.int64)
    return found
