"""The rings of one outline, read from GeoJSON: positions are numbers, rings are closed and go around something.

In: the `geometry` of a feature. Out: its polygons as plain tuples, or `Bad` with what was met and what to do.
"""

import math
from itertools import pairwise
from typing import Any

AREAS = {"Polygon": 1, "MultiPolygon": 2}
"""The geometries that are an area, and how deep their rings lie."""
LEAST = 4
"""Positions of a closed ring around anything."""
BEYOND = 1e9
"""No coordinate of any map is as large."""

type Ring = tuple[tuple[float, float], ...]
type Polygon = tuple[Ring, ...]
"""The outer ring, then its holes."""


class Bad(ValueError):
    """What is wrong with one feature: a code, what was met, what was expected and the remedy."""

    def __init__(self, code: str, got: str, rule: str, remedy: str) -> None:
        super().__init__(code)
        self.code, self.got, self.rule, self.remedy = code, got, rule, remedy


def polygons(geometry: Any) -> tuple[Polygon, ...]:
    """The polygons of a geometry; raises Bad for anything else than an area."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in AREAS:
        remedy = "send the area of the cluster, never the place of a school"
        got = kind if isinstance(kind, str) else kind_of(kind)
        raise Bad("geometry", got if kind else "no geometry", "a Polygon or a MultiPolygon", remedy)
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if AREAS[kind] == 1 else coordinates
    if not isinstance(parts, list) or not parts or not all(isinstance(p, list) and p for p in parts):
        raise Bad("geometry", "no rings", f"the rings of a {kind}", "export it again as GeoJSON")
    return tuple(tuple(_ring(ring) for ring in polygon) for polygon in parts)


def _ring(ring: Any) -> Ring:
    if not isinstance(ring, list):
        raise Bad("geometry", kind_of(ring), "a list of positions", "export it again as GeoJSON")
    found = tuple(_position(position) for position in ring)
    remedy = "close each ring: its last position is its first one again"
    if len(found) < LEAST:
        raise Bad("ring", f"a ring of {len(found)} positions", f"{LEAST} positions or more in a ring", remedy)
    if found[0] != found[-1]:
        raise Bad("ring", "a ring that is open", "rings that end where they begin", remedy)
    if signed_area(found) == 0:
        raise Bad("ring", "a ring around nothing", "rings around an area", "take the ring out, or draw it anew")
    return found


def _position(position: Any) -> tuple[float, float]:
    whole = isinstance(position, list) and 2 <= len(position) <= 4
    numbers = position[:2] if whole else []
    if not whole or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in numbers):
        raise Bad("position", kind_of(position), "positions of two numbers", "export it again as GeoJSON")
    if not all(abs(v) < BEYOND and math.isfinite(v) for v in numbers):
        raise Bad("position", "a number beyond any map", "positions of two numbers", "export it again as GeoJSON")
    return float(numbers[0]), float(numbers[1])


def kind_of(value: Any) -> str:
    """What was met, in a word that a person knows."""
    return {dict: "an object", list: "a list", str: "text", type(None): "nothing"}.get(type(value), type(value).__name__)


def signed_area(ring: Ring) -> float:
    """The area inside a closed ring, more than 0 where it runs against the clock."""
    x0, y0 = ring[0]
    pairs = pairwise(ring)
    return sum((xa - x0) * (yb - y0) - (xb - x0) * (ya - y0) for (xa, ya), (xb, yb) in pairs) / 2
