"""One pass over a pupil survey to the cube that every published share is made from; no pupil is touched again.

A **cell** is school x stage x sex x deprivation: all its pupils carry one weight. An **atom** is a cell split by named
contact, with the counts of yes and no for each indicator. All sums, margins and standard errors follow from these.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
KEYS = ("school_code", "stage", "sex", "simd_quintile")
"""What a cell is made of, in order."""


@dataclass(frozen=True, slots=True)
class Cube:
    """The sufficient statistics of one survey.

    cells: school_code, cluster_code, stage, sex, simd_quintile, n (respondents). atoms: contact, n.
    cell_of: each atom's cell. yes, no: children by atom (rows) and indicator (columns, named by `indicators`).
    """

    cells: pd.DataFrame
    atoms: pd.DataFrame
    cell_of: Ints
    yes: Floats
    no: Floats
    indicators: tuple[str, ...]

    @property
    def respondents(self) -> int:
        """Pupils on the roll who returned the survey, whatever they answered."""
        return int(self.cells["n"].sum())


def make_cube(answers: pd.DataFrame, indicators: list[str]) -> Cube:
    """Count the answers of one linked survey into its cube, in one DuckDB pass.

    answers: one row a respondent with the columns of `KEYS`, cluster_code, the indicators (yes, no or anything else for
    missing) and, when linked, contact.
    """
    counted = _count(answers, indicators)
    keys = list(KEYS)
    cells = counted.groupby([*keys, "cluster_code"], sort=True)["n"].sum().reset_index()
    places = pd.MultiIndex.from_frame(cells[keys])
    cell_of = places.get_indexer(pd.MultiIndex.from_frame(counted[keys])).astype(np.int64)
    yes = counted[[f"yes {code}" for code in indicators]].to_numpy(dtype=float)
    no = counted[[f"no {code}" for code in indicators]].to_numpy(dtype=float)
    return Cube(cells, counted[["contact", "n"]].reset_index(drop=True), cell_of, yes, no, tuple(indicators))


def _count(answers: pd.DataFrame, indicators: list[str]) -> pd.DataFrame:
    contact = "contact" if "contact" in answers else "'none'"
    sums = [
        f"""sum(CASE WHEN "{code}" = '{band}' THEN 1 ELSE 0 END)::BIGINT AS "{band} {code}\""""
        for code in indicators
        for band in ("yes", "no")
    ]
    query = f"""
        SELECT {", ".join(KEYS)}, cluster_code, {contact} AS contact, count(*)::BIGINT AS n, {", ".join(sums)}
        FROM answers GROUP BY ALL ORDER BY {", ".join(KEYS)}, contact"""
    wanted = [*KEYS, "cluster_code", *(["contact"] if "contact" in answers else []), *indicators]
    with duckdb.connect() as con:
        con.register("answers", answers[wanted].astype(object))
        counted: pd.DataFrame = con.sql(query).df()
    return counted
