"""Outlines on a map, looked at as a stranger would: of clusters alone, areas and no points, too coarse to find a house by."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rcs_core.audit.report import Leak
from rcs_core.audit.seen import rows
from rcs_core.release import Table

NAME = "shapes"
COLUMNS = {"area", "geometry"}
STEPS = 1000
"""Whole steps of the longer side; more would tell where in a street a border runs."""
AREAS = ("Polygon", "MultiPolygon")
OF_PLACE = "place on a map"


def shape_leaks(tables: Sequence[Table]) -> Iterator[Leak]:
    """Every outline that tells more than the shape of a cluster: a school's, a point, or one that is too fine."""
    clusters = {
        row["area"]
        for t in tables
        if t.name.rpartition("/")[2] == "areas"
        for row in rows(t.frame)
        if row.get("level") == "cluster"
    }
    for table in (t for t in tables if not t.is_count and t.name.rpartition("/")[2] == NAME):
        if more := sorted({str(c) for c in table.frame.columns} - COLUMNS):
            yield Leak(table.name, {}, OF_PLACE, f"{', '.join(more)}: outlines have an area and a geometry alone")
        for row in rows(table.frame):
            area, where = row.get("area", ""), {"area": row.get("area", "")}
            if clusters and area not in clusters:
                yield Leak(table.name, where, OF_PLACE, f"{area} is no cluster")
            elif why := _fault(row.get("geometry", "")):
                yield Leak(table.name, where, OF_PLACE, why)


def _fault(text: str) -> str:
    """What is wrong with an outline, or nothing."""
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or set(found) != {"type", "coordinates"} or found["type"] not in AREAS:
            return "it is no area"
        numbers = list(_numbers(found["coordinates"]))
    except (ValueError, RecursionError):
        return "it is no GeoJSON"
    coarse = all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= STEPS for n in numbers)
    return "" if numbers and coarse else f"its coordinates are not whole steps from 0 to {STEPS:,}"


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for part in value:
            yield from _numbers(part)
    else:
        yield value
