"""Which codes add up to which: schools to clusters to the council, and the named contacts."""

import pandas as pd

from rcs_core.contact import CONTACT_SUMS
from rcs_core.records.ingest import Records
from rcs_core.vocab import AreaLevel


def areas(records: Records) -> pd.DataFrame:
    """Every area of the partnership in any wave: area (code), name, level, parent (code, blank for the council).

    A school that closed between two waves is in it; one that is in both stands where today's list has it.
    """
    council = str(records.partnership["area_code"])
    top = pd.DataFrame([(council, records.partnership["name"], AreaLevel.COUNCIL.value, "")], columns=_AREA)
    places = pd.concat([records.schools, *(wave.schools for wave in records.earlier)]).drop_duplicates("school_code")
    clusters = places[["cluster_code", "cluster_name"]].drop_duplicates("cluster_code").set_axis(["area", "name"], axis=1)
    clusters = clusters.assign(level=AreaLevel.CLUSTER.value, parent=council)
    schools = places[["school_code", "school_name", "cluster_code"]].set_axis(["area", "name", "parent"], axis=1)
    schools = schools.assign(level=AreaLevel.SCHOOL.value)[_AREA]
    return pd.concat([top, clusters.sort_values("area")[_AREA], schools.sort_values("area")], ignore_index=True).astype(str)


_AREA = ["area", "name", "level", "parent"]


def hierarchies(records: Records) -> pd.DataFrame:
    """The sums of a release: dimension, child, parent, partition (a parent may be split in several ways)."""
    places = areas(records).query("parent != ''")
    rows = [("area", child, parent, "geography") for child, parent in zip(places["area"], places["parent"], strict=True)]
    rows += [("contact", c.value, parent.value, name) for name, (parent, parts) in CONTACT_SUMS.items() for c in parts]
    return pd.DataFrame(rows, columns=["dimension", "child", "parent", "partition"])
