"""Strathmere's clusters on an invented map: towns that are small and glens that are wide, and an indented shore.

Nothing is copied from any place. Many small cells are grown together around one seed a cluster, so that borders are shared
and winding; the plane is Strathmere's own, in metres.
"""

import heapq
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi

CELLS = 70
"""Small cells to a cluster."""
WIDE, HIGH = 46_000, 36_000
"""Metres across and up for eight clusters."""
TOWN, GLEN = 0.62, 1.25
"""How fast a cluster of a town grows, and one of the country."""
TOWNS = 3
"""One cluster in so many is of the country."""

type Points = NDArray[np.float64]
type Corner = int


def shapes_text(codes: Sequence[str], rng: np.random.Generator) -> str:
    """The outlines of the clusters as GeoJSON text: shared borders, whole metres, the same for the same stream."""
    cells, corners, beside, whole = _cells(len(codes), rng)
    land = _land(cells, rng) & whole
    owner = _grown(cells, beside, land, _seeds(cells, land, len(codes), rng), rng)
    scale = np.sqrt(len(codes) / 8)
    metres = np.rint(corners * scale).astype(int)
    rings = _rings(owner, beside, metres)
    features = [_feature(code, rings[k]) for k, code in enumerate(codes)]
    note = "Invented: Strathmere lies nowhere. Metres on a plane of its own."
    lines = ",\n".join(json.dumps(f, separators=(",", ":")) for f in features)
    return f'{{"type":"FeatureCollection","note":{json.dumps(note)},"features":[\n{lines}\n]}}\n'


type Beside = dict[tuple[int, int], tuple[Corner, Corner]]
"""Two cells side by side -> the ends of the border between them."""


def _cells(clusters: int, rng: np.random.Generator) -> tuple[Points, Points, Beside, NDArray[np.bool_]]:
    """Cells around points of a shaken grid, and which of them are whole: those of the rim run out of the picture."""
    across = int(np.ceil(np.sqrt(CELLS * clusters * WIDE / HIGH))) + 4
    up = int(np.ceil(across * HIGH / WIDE))
    x, y = np.meshgrid(np.arange(across), np.arange(up))
    points = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.38, 0.38, (across * up, 2))
    points *= np.array([WIDE / across, HIGH / up])
    found = Voronoi(points)
    beside = {
        (int(a), int(b)): (int(ends[0]), int(ends[1]))
        for (a, b), ends in zip(found.ridge_points, found.ridge_vertices, strict=True)
        if min(ends) >= 0
    }
    outside = ((found.vertices < 0) | (found.vertices > np.array([WIDE, HIGH]))).any(axis=1)
    whole = np.ones(len(points), dtype=bool)
    for pair, ends in zip(found.ridge_points, found.ridge_vertices, strict=True):
        if min(ends) < 0 or outside[ends].any():
            whole[pair] = False
    return points, found.vertices, beside, whole


def _land(cells: Points, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which cells are land: within a wavering round, less a firth that comes in from the east."""
    u = cells / np.array([WIDE, HIGH]) * 2 - 1
    angle = np.arctan2(u[:, 1], u[:, 0])
    shore = 0.86 + sum(
        0.07 / k * np.cos(k * angle + turn) for k, turn in zip((2, 3, 5), rng.uniform(0, 2 * np.pi, 3), strict=True)
    )
    firth = (u[:, 0] > 0.25) & (np.abs(u[:, 1] - 0.22 - 0.12 * np.sin(4 * u[:, 0])) < 0.16 * (u[:, 0] - 0.25))
    land: NDArray[np.bool_] = (np.hypot(u[:, 0], u[:, 1]) < shore) & ~firth
    return land


def _seeds(cells: Points, land: NDArray[np.bool_], clusters: int, rng: np.random.Generator) -> list[int]:
    """One cell a cluster, each far from those before it, with some chance in it."""
    there = np.flatnonzero(land)
    found = [int(rng.choice(there))]
    while len(found) < clusters:
        far = np.min([np.hypot(*(cells[there] - cells[s]).T) for s in found], axis=0)
        found.append(int(there[int(np.argmax(far * rng.uniform(0.75, 1.0, len(there))))]))
    return found


def _grown(
    cells: Points, beside: Beside, land: NDArray[np.bool_], seeds: Sequence[int], rng: np.random.Generator
) -> dict[int, int]:
    """The cluster of every cell of land that can be reached: grown cell by cell, so that each cluster hangs together."""
    next_to: dict[int, list[int]] = defaultdict(list)
    for a, b in beside:
        if land[a] and land[b]:
            next_to[a].append(b)
            next_to[b].append(a)
    speed = [GLEN if k % TOWNS == 0 else TOWN for k in range(len(seeds))]
    rough = rng.uniform(0.8, 1.25, len(cells))
    queue = [(0.0, k, seed) for k, seed in enumerate(seeds)]
    owner: dict[int, int] = {}
    while queue:
        cost, cluster, cell = heapq.heappop(queue)
        if cell in owner:
            continue
        owner[cell] = cluster
        for other in next_to[cell]:
            far = float(np.hypot(*(cells[cell] - cells[other]))) * float(rough[other]) / speed[cluster]
            heapq.heappush(queue, (cost + far, cluster, other))
    return owner


def _rings(owner: dict[int, int], beside: Beside, corners: NDArray[np.int_]) -> dict[int, list[list[tuple[int, int]]]]:
    """The closed rings around every cluster, each traced along the borders to cells of others."""
    edges: dict[int, dict[Corner, list[Corner]]] = defaultdict(lambda: defaultdict(list))
    for (a, b), (start, end) in beside.items():
        for mine, other in ((owner.get(a), owner.get(b)), (owner.get(b), owner.get(a))):
            if mine is not None and mine != other:
                edges[mine][start].append(end)
                edges[mine][end].append(start)
    return {cluster: _traced(found, corners) for cluster, found in edges.items()}


def _traced(edges: dict[Corner, list[Corner]], corners: NDArray[np.int_]) -> list[list[tuple[int, int]]]:
    rings, left = [], {point: sorted(ends) for point, ends in edges.items()}
    while any(left.values()):
        start = min(point for point, ends in left.items() if ends)
        path = [start]
        while len(path) == 1 or path[-1] != start:
            here = path[-1]
            there = left[here].pop(0)
            left[there].remove(here)
            path.append(there)
        rings.append([(int(x), int(y)) for x, y in corners[path]])
    return rings


def _feature(code: str, rings: list[list[tuple[int, int]]]) -> dict[str, object]:
    """One cluster: the largest ring is its outline, the others are holes in it."""
    outer, *holes = sorted(rings, key=lambda ring: -abs(_twice_area(ring)))
    ordered = [outer if _twice_area(outer) > 0 else outer[::-1], *(h if _twice_area(h) < 0 else h[::-1] for h in holes)]
    geometry = {"type": "Polygon", "coordinates": [[list(p) for p in ring] for ring in ordered]}
    return {"type": "Feature", "properties": {"cluster_code": code}, "geometry": geometry}


def _twice_area(ring: list[tuple[int, int]]) -> int:
    return sum(xa * yb - xb * ya for (xa, ya), (xb, yb) in pairwise(ring))
