"""The outlines of clusters in a release, and squares that can stand in their place: one a cluster, near where it lies.

In: the plain table `shapes`. Out: `Outline`s on a plane of whole steps, y upwards. Land is no measure of children, so the
squares are all alike.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, read_yaml

TABLE = "shapes"
SIDE, GAP = 200, 10
"""Steps of a square and between two of them."""
SPARE = 1.35
"""Places for squares to each square, so that an indented area keeps some of its form."""

type Ring = NDArray[np.float64]
type Polygon = tuple[Ring, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Where one cluster is drawn: its code and its polygons, each an outer ring and its holes; rings are closed."""

    code: str
    polygons: tuple[Polygon, ...]

    @property
    def land(self) -> float:
        """The area inside, in steps squared, holes left out."""
        return sum(abs(area(p[0])) - sum(abs(area(hole)) for hole in p[1:]) for p in self.polygons)

    @property
    def middle(self) -> NDArray[np.float64]:
        """The middle of its land."""
        parts = [(abs(area(p[0])), _middle(p[0])) for p in self.polygons]
        whole = sum(size for size, _ in parts)
        return np.sum([size * place for size, place in parts], axis=0) / whole

    def geometry(self) -> dict[str, object]:
        """As GeoJSON."""
        return {"type": "MultiPolygon", "coordinates": [[ring.tolist() for ring in polygon] for polygon in self.polygons]}


def area(ring: Ring) -> float:
    """The area of a closed ring, more than 0 where it runs against the clock."""
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


def _middle(ring: Ring) -> NDArray[np.float64]:
    cross = ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]
    found: NDArray[np.float64] = ((ring[:-1] + ring[1:]) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return found


def outlines(release: Release) -> dict[str, Outline]:
    """The outline of every cluster by code; none where the release holds no geometry."""
    if TABLE not in release:
        return {}
    frame = release.tables[TABLE].frame
    return {str(code): _read(str(code), str(text)) for code, text in zip(frame["area"], frame["geometry"], strict=True)}


def _read(code: str, text: str) -> Outline:
    coordinates = json.loads(text)["coordinates"]
    return Outline(code, tuple(tuple(np.array(ring, dtype=float) for ring in polygon) for polygon in coordinates))


def squares(release: Release) -> dict[str, Outline]:
    """A square of one size for every cluster, each as near to its place as the others let it."""
    return squared(outlines(release))


def squared(found: Mapping[str, Outline]) -> dict[str, Outline]:
    """A square for each outline: the places are a grid as wide and high as the outlines, taken so that all lie near."""
    if not found:
        return {}
    codes = sorted(found)
    middles = np.array([found[code].middle for code in codes])
    corners = np.concatenate([ring for o in found.values() for polygon in o.polygons for ring in polygon])
    low, high = corners.min(axis=0), corners.max(axis=0)
    width, height = np.maximum(high - low, 1)
    across = max(1, min(len(codes), ceil(sqrt(len(codes) * SPARE * width / height))))
    up = max(1, ceil(len(codes) * (SPARE if across > 1 else 1) / across))
    places = np.array([(column, row) for row in range(up) for column in range(across)])
    at = low + (places + 0.5) * np.array([width / across, height / up])
    far = ((middles[:, None, :] - at[None, :, :]) ** 2).sum(axis=2)
    rows, chosen = linear_sum_assignment(far)
    taken = places[chosen] - places[chosen].min(axis=0)
    return {codes[k]: _square(codes[k], *taken[n]) for n, k in enumerate(rows)}


def _square(code: str, column: int, row: int) -> Outline:
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    ring = np.array([(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE), (x, y)], dtype=float)
    return Outline(code, ((ring,),))


@cache
def _squares_from() -> float:
    return float(read_yaml(CONTRACTS / "shapes.yaml")["squares_first"]["value"])


def times(release: Release) -> float:
    """How many times the land of the smallest cluster the largest one covers."""
    lands = [o.land for o in outlines(release).values()]
    return max(lands) / min(lands) if lands else 1.0


def squares_first(release: Release) -> bool:
    """Whether land differs so much between clusters that equal squares are the better first look."""
    return times(release) > _squares_from()


def inside(points: NDArray[np.float64], outline: Outline) -> NDArray[np.bool_]:
    """Which points lie inside an outline: those from which a line to the side crosses its borders an odd number of times."""
    (ax, ay), (bx, by) = (ends.T for ends in edges(outline))
    x, y = points[:, :1], points[:, 1:]
    crosses = (ay > y) != (by > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = x < ax + (y - ay) * (bx - ax) / (by - ay)
    found: NDArray[np.bool_] = (crosses & beyond).sum(axis=1) % 2 == 1
    return found


def edges(outline: Outline) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where every straight piece of its borders begins, and where it ends."""
    rings = [ring for polygon in outline.polygons for ring in polygon]
    return np.concatenate([ring[:-1] for ring in rings]), np.concatenate([ring[1:] for ring in rings])


def hatched(outline: Outline, apart: float) -> dict[str, object]:
    """Slanting lines across an outline, as GeoJSON: the pattern of what is not shown."""
    turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    pieces = [(turn @ a, turn @ b) for a, b in zip(*edges(outline), strict=True)]
    low, high = min(min(a[1], b[1]) for a, b in pieces), max(max(a[1], b[1]) for a, b in pieces)
    lines = []
    for level in np.arange(low + apart / 2, high, apart):
        at = sorted(a[0] + (level - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in pieces if (a[1] > level) != (b[1] > level))
        for start, end in zip(at[::2], at[1::2], strict=True):
            lines.append([(turn.T @ (x, level)).round(1).tolist() for x in (start, end)])
    return {"type": "MultiLineString", "coordinates": lines}
