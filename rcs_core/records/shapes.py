"""The outlines of clusters as they pass into a release: on a plane of whole steps, off their place on earth, and few.

In: the outlines as sent. Out: the plain table `shapes` (area, geometry as GeoJSON text, y upwards). Borders stay shared: a
border between two clusters is thinned once for both. The order of features, and where a ring begins, change nothing.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from rcs_core.contracts.shapes import Plane, Shape, ShapeRules, Shapes, shape_rules
from rcs_core.errors import ContractError
from rcs_core.records.ingest import Records
from rcs_core.release import Table

NAME = "shapes"
TOLERANCES = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Steps by which a thinned border may leave the one that was sent, tried in this order until all outlines fit."""

type Point = tuple[int, int]
type Path = tuple[Point, ...]
type Rings = list[list[Path]]
"""The polygons of a cluster, each its outer ring and its holes; no ring repeats its first point."""


def shapes(records: Records) -> list[Table]:
    """The plain table of outlines; nothing where none were sent."""
    if records.shapes is None:
        return []
    return [Table(NAME, "Outlines of school clusters, for a map", shapes_frame(records.shapes, shape_rules()))]


def shapes_frame(found: Shapes, rules: ShapeRules) -> pd.DataFrame:
    """One row a cluster, by code: as fine as all of them together fit into the bytes that a release has for them.

    Raises ContractError where a cluster is nothing on the grid, or nothing fits.
    """
    placed = _placed(found, rules.grid)
    for tolerance in TOLERANCES:
        thinned = _thinned(placed, tolerance) if tolerance else placed
        texts = {code: _geojson(polygons) for code, polygons in thinned.items()}
        if gone := sorted(code for code, polygons in thinned.items() if not polygons):
            raise ContractError(
                "a cluster is too small to be seen beside the others", "clusters.geojson", ", ".join(gone),
                f"more than one step of {rules.grid:,} across", "draw its outline larger, or send none and go without the map",
            )  # fmt: skip
        if sum(map(len, texts.values())) <= rules.release_bytes:
            return pd.DataFrame({"area": list(texts), "geometry": list(texts.values())}).astype(str)
    raise ContractError(
        "the outlines are too fine for a release", "clusters.geojson", f"{sum(map(len, texts.values())):,} bytes when thinned",
        f"{rules.release_bytes:,} bytes or fewer", "generalise the borders for a small map before exporting them",
    )  # fmt: skip


def _placed(found: Shapes, grid: int) -> dict[str, Rings]:
    """Every outline in whole steps of a grid whose longer side is that of all outlines together."""
    points = np.array([p for shape in found.shapes for polygon in shape.polygons for ring in polygon for p in ring])
    low, high = points.min(axis=0), points.max(axis=0)
    # Degrees become a plane about their middle latitude; over one council area that is true to a step.
    narrow = math.cos(math.radians((low[1] + high[1]) / 2)) if found.plane is Plane.DEGREES else 1.0
    step = max((high[0] - low[0]) * narrow, high[1] - low[1]) / grid
    scale = np.array([narrow / step, 1 / step])
    return {shape.code: _clean(_snapped(shape, low, scale)) for shape in sorted(found.shapes, key=lambda s: s.code)}


def _snapped(shape: Shape, low: np.ndarray, scale: np.ndarray) -> Iterable[list[Path]]:
    for polygon in shape.polygons:
        yield [tuple((int(x), int(y)) for x, y in np.rint((np.array(ring[:-1]) - low) * scale)) for ring in polygon]


def _clean(polygons: Iterable[Sequence[Path]]) -> Rings:
    """Rings without repeated points, each begun at its least point; outer rings against the clock, holes with it."""
    kept = []
    for outer, *holes in polygons:
        if ring := _tidy(outer, 1):
            kept.append([ring, *sorted(h for hole in holes if (h := _tidy(hole, -1)))])
    return sorted(kept)


def _tidy(ring: Sequence[Point], way: int) -> Path:
    """One ring tidied; empty where nothing is left inside it."""
    points = [p for k, p in enumerate(ring) if p != ring[k - 1]]
    area = twice_area(points)
    if not area:
        return ()
    points = points if (area > 0) == (way > 0) else points[::-1]
    first = min(range(len(points)), key=lambda k: (points[k], points[k - 1]))
    return tuple(points[first:] + points[:first])


def twice_area(points: Sequence[Point]) -> int:
    """Twice the area inside an open ring of whole steps, more than 0 where it runs against the clock."""
    return sum(xa * yb - xb * ya for (xa, ya), (xb, yb) in pairwise([*points, *points[:1]]))


def _thinned(placed: Mapping[str, Rings], tolerance: float) -> dict[str, Rings]:
    """The outlines with fewer points; one that would vanish keeps all of its own."""
    rings = [ring for polygons in placed.values() for polygon in polygons for ring in polygon]
    corners, done = _corners(rings), dict[Path, Path]()
    found = {}
    for code, polygons in placed.items():
        thin = _clean([tuple(_thin(ring, corners, tolerance, done)) for ring in polygon] for polygon in polygons)
        found[code] = thin or polygons
    return found


def _corners(rings: Iterable[Path]) -> set[Point]:
    """The points at which borders meet: those with other than two neighbours in all outlines together."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for a, b in pairwise([*ring, ring[0]]):
            beside[a].add(b)
            beside[b].add(a)
    return {point for point, others in beside.items() if len(others) != 2}


def _thin(ring: Path, corners: set[Point], tolerance: float, done: dict[Path, Path]) -> list[Point]:
    """A ring made of its borders from corner to corner, each thinned the same way from whichever side it is seen."""
    at = [k for k, p in enumerate(ring) if p in corners]
    if len(at) < 2:
        # An island, or a ring that meets others in one point: parted at its first point and the one farthest from it.
        start = at[0] if at else min(range(len(ring)), key=lambda k: ring[k])
        far = max(range(len(ring)), key=lambda k: (math.dist(ring[start], ring[k]), ring[k]))
        at = sorted({start, far})
    found: list[Point] = []
    for a, b in pairwise([*at, at[0] + len(ring)]):
        path = tuple(ring[k % len(ring)] for k in range(a, b + 1))
        found += _border(path, tolerance, done)[:-1]
    return found


def _border(path: Path, tolerance: float, done: dict[Path, Path]) -> Path:
    turned = path[::-1] < path
    known = path[::-1] if turned else path
    if known not in done:
        done[known] = _fewer(known, tolerance)
    return done[known][::-1] if turned else done[known]


def _fewer(path: Path, tolerance: float) -> Path:
    """The points that a line must pass so that it leaves none of the others farther aside than the tolerance."""
    points, keep, parts = np.array(path, dtype=float), {0, len(path) - 1}, [(0, len(path) - 1)]
    while parts:
        a, b = parts.pop()
        if b - a < 2:
            continue
        along, off = points[b] - points[a], points[a + 1 : b] - points[a]
        length = float(np.hypot(*along))
        aside = np.abs(along[0] * off[:, 1] - along[1] * off[:, 0]) / length if length else np.hypot(off[:, 0], off[:, 1])
        k = int(aside.argmax())
        if aside[k] > tolerance:
            keep.add(a + 1 + k)
            parts += [(a, a + 1 + k), (a + 1 + k, b)]
    return tuple(path[k] for k in sorted(keep))


def _geojson(polygons: Rings) -> str:
    """The outline as GeoJSON text, always a MultiPolygon, rings closed."""
    coordinates = [[[list(p) for p in (*ring, ring[0])] for ring in polygon] for polygon in polygons]
    return json.dumps({"type": "MultiPolygon", "coordinates": coordinates}, separators=(",", ":"))
