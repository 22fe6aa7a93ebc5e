"""The groups that a pupil survey's tables show, as sets of atoms of the cube.

Every group of a table's grid is a row, the empty ones too: an absent row would itself say that nobody is there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import product

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
_VIEWS = {
    "any_contact": (Contact.ALL, Contact.NONE, Contact.EITHER),
    "care": (
        Contact.ALL,
        Contact.LOOKED_AFTER,
        Contact.NOT_LOOKED_AFTER,
        Contact.ADDITIONAL_SUPPORT,
        Contact.NO_ADDITIONAL_SUPPORT,
    ),
}
"""The contact codes of a table that shows some of them only."""
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


def grid(cube: Cube, areas: Mapping[str, Ints], groups: Mapping[str, Mapping[str, Flags]]) -> Grid:
    """Every area by every group of each dimension, and their margins (the code ALL).

    areas: the atoms of each area. groups: by dimension, each code's atoms; without a dimension the groups are the areas.
    """
    rows, columns = [], []
    crossed = list(product(*(found.items() for found in groups.values())))
    flags = [np.logical_and.reduce([np.ones(len(cube.atoms), dtype=bool), *(f for _, f in kinds)]) for kinds in crossed]
    for area, here in areas.items():
        for kinds, inside in zip(crossed, flags, strict=True):
            rows.append({"area": area, **{dim: str(code) for dim, (code, _) in zip(groups, kinds, strict=True)}})
            columns.append(here[inside[here]])
    place = np.concatenate(columns) if columns else np.array([], dtype=np.int64)
    pointers = np.concatenate([[0], np.cumsum([len(c) for c in columns])]).astype(np.int64)
    members = sparse.csc_array((np.ones(len(place)), place, pointers), shape=(len(cube.atoms), len(rows)))
    return Grid(pd.DataFrame(rows), sparse.csr_array(members))


def by_area(cube: Cube, roll: pd.DataFrame, council: str, levels: Collection[str], told: Mapping[str, str]) -> dict[str, Ints]:
    """The atoms of every area of the levels (council, cluster, school) with pupils on the roll; none where nobody answered.

    Areas come from the roll and not from the answers: a school that is listed only when it answered would say that
    nobody did where it is not. told: the area that a school is told under where that is not itself, blank for none.
    """
    found: dict[str, Ints] = {}
    if "council" in levels:
        found[council] = np.arange(len(cube.atoms))
    for level, column in (("cluster", "cluster_code"), ("school", "school_code")):
        if level in levels:
            own = {} if level == "cluster" else told
            listed, here = (_told_as(frame[column], own) for frame in (roll, cube.cells))
            kinds = sorted({kind for kind in listed if kind})
            codes = pd.Index(kinds, dtype=object).get_indexer(pd.Index(here))[cube.cell_of]
            order = np.argsort(codes, kind="stable")
            ends = np.cumsum(np.bincount(codes + 1, minlength=len(kinds) + 1))
            found |= dict(zip(kinds, np.split(order, ends[:-1])[1:], strict=True))
    return found


def _told_as(codes: pd.Series, own: Mapping[str, str]) -> list[str]:
    return [own.get(code, code) for code in codes.astype(str)]


def by_cell(cube: Cube, roll: pd.DataFrame, column: str) -> dict[str, Flags]:
    """The groups of a column of the cells (sex, stage, simd_quintile) that the roll holds, and their sum ALL."""
    values = cube.cells[column].astype(str).to_numpy(dtype=object)[cube.cell_of]
    codes = sorted(set(roll[column].astype(str)), key=lambda code: (code == "not_known", code))
    return {ALL: np.ones(len(values), dtype=bool), **{code: np.asarray(values == code) for code in codes}}


def collapsed(groups: Mapping[str, Flags], wider: Mapping[str, list[str]], coarse: bool) -> dict[str, Flags]:
    """The groups with each wider one beside the codes that it gathers; instead of them where the table is coarse."""
    found = dict(groups)
    for name, codes in wider.items():
        if here := [groups[code] for code in codes if code in groups]:
            found[name] = np.logical_or.reduce(here)
            found = {code: flags for code, flags in found.items() if not coarse or code not in codes}
    return found


def by_contact(cube: Cube, groups: dict[Contact, tuple[Contact, ...]]) -> dict[str, Flags]:
    """The atoms of each contact code."""
    values = cube.atoms["contact"].astype(str)
    return {code.value: values.isin([part.value for part in parts]).to_numpy() for code, parts in groups.items()}


def by_named_contact(cube: Cube, extracts: tuple[str, ...], view: str) -> dict[str, Flags]:
    """The atoms of the contact codes of one view (contact, any_contact, care) that the extracts allow.

    Without the codes that make a view more than its margin there is nothing in it.
    """
    groups = contact_groups(extracts)
    found = by_contact(cube, groups) | _by_care(cube)
    wanted = _VIEWS.get(view, tuple(Contact))
    codes = [code.value for code in wanted if code.value in found]
    return {code: found[code] for code in codes} if len(codes) > 1 else {}


def _by_care(cube: Cube) -> dict[str, Flags]:
    """Who is looked after, who has social work without it, and everybody else; nothing where care status did not come."""
    if "care" not in cube.atoms:
        return {}
    care, work = cube.atoms["care"].astype(str), cube.atoms["contact"].isin([p.value for p in _WORK[Contact.SOCIAL_WORK]])
    without = care.eq(Contact.NOT_LOOKED_AFTER.value)
    return {
        Contact.LOOKED_AFTER.value: care.eq(Contact.LOOKED_AFTER.value).to_numpy(),
        Contact.SOCIAL_WORK_NOT_LOOKED_AFTER.value: (without & work).to_numpy(),
        Contact.NOT_LOOKED_AFTER.value: without.to_numpy(),
    }
