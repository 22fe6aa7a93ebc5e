"""Which codes add up to which: schools to clusters to the council, the named contacts, and groups of codes."""

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from rcs_core.contact import CONTACT_SUMS
from rcs_core.records.estimate.small_schools import Together, listed
from rcs_core.records.ingest import Records
from rcs_core.records.specification import CODES
from rcs_core.release import ALL
from rcs_core.vocab import AreaLevel


def areas(records: Records, small: Collection[Together] = ()) -> pd.DataFrame:
    """Every area of the partnership in any wave: area (code), name, level, parent (code, blank for the council), members.

    A school that closed between two waves is in it; one that is in both stands where today's list has it. small: the schools
    that are told together in a survey and wave, as one area whose `members` names them.
    """
    council = str(records.partnership["area_code"])
    top = pd.DataFrame([(council, records.partnership["name"], AreaLevel.COUNCIL.value, "")], columns=_AREA)
    places = pd.concat([records.schools, *(wave.schools for wave in records.earlier)]).drop_duplicates("school_code")
    clusters = places[["cluster_code", "cluster_name"]].drop_duplicates("cluster_code").set_axis(["area", "name"], axis=1)
    clusters = clusters.assign(level=AreaLevel.CLUSTER.value, parent=council)
    schools = places[["school_code", "school_name", "cluster_code"]].set_axis(["area", "name", "parent"], axis=1)
    schools = schools.assign(level=AreaLevel.SCHOOL.value)[_AREA]
    every = pd.concat([top, clusters.sort_values("area")[_AREA], schools.sort_values("area")], ignore_index=True)
    return listed(every.astype(str), small)


_AREA = ["area", "name", "level", "parent"]


def hierarchies(
    records: Records, small: Collection[Together] = (), collapsed: Mapping[str, Mapping[str, list[str]]] | None = None
) -> pd.DataFrame:
    """The sums of a release: dimension, child, parent, partition (a parent may be split in several ways).

    collapsed: by dimension, the codes that each group of codes gathers.
    """
    places = areas(records, small).query("parent != ''")
    rows = [("area", child, parent, "geography") for child, parent in zip(places["area"], places["parent"], strict=True)]
    rows += [("contact", c.value, parent.value, name) for name, (parent, parts) in CONTACT_SUMS.items() for c in parts]
    rows += [row for dim, groups in (collapsed or {}).items() for row in _groups(dim, groups)]
    return pd.DataFrame(rows, columns=["dimension", "child", "parent", "partition"])


def _groups(dim: str, groups: Mapping[str, list[str]]) -> Iterator[tuple[str, str, str, str]]:
    """A dimension with groups of codes: the whole is the groups and the codes in none; each group is its codes."""
    inside = {code for codes in groups.values() for code in codes}
    for code in (*groups, *(c for c in CODES[dim] if c not in inside)):
        yield dim, code, ALL, "groups"
    for group, codes in groups.items():
        for code in codes:
            yield dim, code, group, "groups"
