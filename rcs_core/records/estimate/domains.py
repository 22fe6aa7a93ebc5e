"""The groups that a pupil survey's tables show, as sets of atoms of the cube.

Every group of a table's grid is a row, the empty ones too: an absent row would itself say that nobody is there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from rcs_core.records.estimate.cube import Cube, Ints
from rcs_core.release import ALL
from rcs_core.vocab import Contact

Flags = npt.NDArray[np.bool_]
DETAIL = {
    Contact.NONE: (Contact.NONE,),
    Contact.SOCIAL_WORK_ONLY: (Contact.SOCIAL_WORK_ONLY,),
    Contact.ADDITIONAL_SUPPORT_ONLY: (Contact.ADDITIONAL_SUPPORT_ONLY,),
    Contact.BOTH: (Contact.BOTH,),
}
_WORK = {
    Contact.SOCIAL_WORK: (Contact.SOCIAL_WORK_ONLY, Contact.BOTH),
    Contact.NO_SOCIAL_WORK: (Contact.NONE, Contact.ADDITIONAL_SUPPORT_ONLY),
}
_SUPPORT = {
    Contact.ADDITIONAL_SUPPORT: (Contact.ADDITIONAL_SUPPORT_ONLY, Contact.BOTH),
    Contact.NO_ADDITIONAL_SUPPORT: (Contact.NONE, Contact.SOCIAL_WORK_ONLY),
}
_EVERYBODY = {Contact.ALL: tuple(DETAIL)}
_EITHER = {Contact.EITHER: (Contact.SOCIAL_WORK_ONLY, Contact.ADDITIONAL_SUPPORT_ONLY, Contact.BOTH)}


def contact_groups(extracts: tuple[str, ...], detail: bool = True) -> dict[Contact, tuple[Contact, ...]]:
    """The contact codes that can be told from the extracts that came, each with the pupils' codes it gathers.

    With one extract a pupil outside it may still be in the other, so only that service and its complement are told.
    """
    work, support = "social_work" in extracts, "additional_support" in extracts
    named = {**(_WORK if work else {}), **(_SUPPORT if support else {})}
    if work and support and detail:
        return {**_EVERYBODY, **_EITHER, **named, **DETAIL}
    return {**_EVERYBODY, **named}


@dataclass(frozen=True, slots=True)
class Grid:
    """The groups of one table: frame with the table's dimensions, and the atoms of each (atoms by groups, 0/1)."""

    frame: pd.DataFrame
    members: sparse.csr_array


def grid(
    cube: Cube,
    roll: pd.DataFrame,
    council: str,
    levels: tuple[str, ...],
    dimension: str = "",
    groups: dict[str, Flags] | None = None,
) -> Grid:
    """Every area of the levels (council, cluster, school) with pupils on the roll, by every group of the dimension.

    Areas come from the roll and not from the answers: a school that is listed only when it answered would say that
    nobody did where it is not. groups: each code's atoms; the margin is the code ALL. Without a dimension the groups
    are the areas.
    """
    rows, columns = [], []
    for area, here in _areas(cube, roll, council, levels).items():
        for code, inside in (groups or {"": np.ones(len(cube.atoms), dtype=bool)}).items():
            rows.append({"area": area, **({dimension: str(code)} if dimension else {})})
            columns.append(here[inside[here]])
    place = np.concatenate(columns) if columns else np.array([], dtype=np.int64)
    pointers = np.concatenate([[0], np.cumsum([len(c) for c in columns])]).astype(np.int64)
    members = sparse.csc_array((np.ones(len(place)), place, pointers), shape=(len(cube.atoms), len(rows)))
    return Grid(pd.DataFrame(rows), sparse.csr_array(members))


def _areas(cube: Cube, roll: pd.DataFrame, council: str, levels: tuple[str, ...]) -> dict[str, Ints]:
    """The places of each area's atoms, from the council down; none for an area where nobody answered."""
    found: dict[str, Ints] = {}
    if "council" in levels:
        found[council] = np.arange(len(cube.atoms))
    for level, column in (("cluster", "cluster_code"), ("school", "school_code")):
        if level in levels:
            kinds = np.array(sorted(roll[column].astype(str).unique()), dtype=object)
            codes = pd.Index(kinds).get_indexer(pd.Index(cube.cells[column].astype(str)))[cube.cell_of]
            order = np.argsort(codes, kind="stable")
            ends = np.cumsum(np.bincount(codes, minlength=len(kinds)))
            found |= {str(kind): part for kind, part in zip(kinds, np.split(order, ends[:-1]), strict=True)}
    return found


def by_cell(cube: Cube, roll: pd.DataFrame, column: str) -> dict[str, Flags]:
    """The groups of a column of the cells (sex, stage, simd_quintile) that the roll holds, and their sum ALL."""
    values = cube.cells[column].astype(str).to_numpy(dtype=object)[cube.cell_of]
    codes = sorted(set(roll[column].astype(str)), key=lambda code: (code == "not_known", code))
    return {ALL: np.ones(len(values), dtype=bool), **{code: np.asarray(values == code) for code in codes}}


def by_contact(cube: Cube, groups: dict[Contact, tuple[Contact, ...]]) -> dict[str, Flags]:
    """The atoms of each contact code."""
    values = cube.atoms["contact"].astype(str)
    return {code.value: values.isin([part.value for part in parts]).to_numpy() for code, parts in groups.items()}
