"""Made-up tables that no search was tuned on: two and three ways with margins, nested areas, linked tables, 48 to 2,070 cells.

Counts are of made-up people drawn from skewed shares, so small groups are many in one table and few in the next.
"""

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rcs_core.release import ALL, Table

NO_TREES = pd.DataFrame(columns=["dimension", "child", "parent", "partition"])
KINDS = ("two ways", "three ways", "nested areas", "linked")
People = tuple[list[str], NDArray[np.int64]]
"""The names of the axes, and people by all of them."""
TRIES = 8
PARTNERSHIP, PUPILS = (8, 48), 2_600
"""Clusters and schools of the made-up partnership, and its pupils."""
STANDARD = {
    ("area", "band"): 3,
    ("area", "sex", "band"): 2,
    ("area", "stage", "band"): 2,
    ("area", "fifth", "band"): 1,
    ("area", "care", "band"): 1,
    ("area", "sex", "stage", "band"): 1,
}
"""The tables of the standard specification, and how many levels of areas each has."""
SENSITIVE = (0.1, 0.6)
"""Shares of cells under the threshold between which a case counts."""


@dataclass(frozen=True)
class Case:
    """Tables with their true counts, and how their codes nest."""

    name: str
    tables: list[Table]
    trees: pd.DataFrame


def cases(many: int, seed: int, least: int = 48, most: int = 2070, min_cell: int = 10) -> Iterator[Case]:
    """`many` cases of between `least` and `most` cells (small ones more often), the kinds in turn."""
    rng = np.random.default_rng(seed)
    kinds = itertools.cycle(KINDS)
    for number in range(many):
        kind, made = next(kinds), None
        while made is None:
            wanted, people = np.exp(rng.uniform(np.log([least, 6]), np.log([most + 1, 60])))
            made = _drawn(rng, f"{number:03d} {kind}", kind, int(wanted), people, (least, most, min_cell))
        yield made


def _drawn(
    rng: np.random.Generator, name: str, kind: str, wanted: int, people: float, bounds: tuple[int, int, int]
) -> Case | None:
    """A case of a size within bounds, with more or fewer people until a fair share of cells is sensitive; or None."""
    least, most, min_cell = bounds
    for _ in range(TRIES):
        made = _MAKERS[kind](rng, wanted, people, name)
        counts = pd.concat([t.frame["n"] for t in made.tables]).astype(float)
        share = (counts < min_cell).mean()
        if not least <= len(counts) <= most:
            return None
        if SENSITIVE[0] <= share <= SENSITIVE[1]:
            return made
        people *= 2 if share > SENSITIVE[1] else 0.6
    return None


def two_ways(rng: np.random.Generator, wanted: int, many: float, name: str) -> Case:
    """Rows by columns, both with totals."""
    rows = int(np.clip(round(np.sqrt(wanted) * rng.uniform(0.8, 3.0)), 3, wanted // 3))
    dims = {"row": rows, "column": max(round(wanted / (rows + 1)) - 1, 2)}
    return Case(name, [_table("t", _people(rng, dims, many * wanted), tuple(dims))], NO_TREES)


def three_ways(rng: np.random.Generator, wanted: int, many: float, name: str) -> Case:
    """A cube with all its totals, answers being its third side."""
    bands = int(rng.integers(2, 5))
    plane = wanted / (bands + 1)
    rows = max(round(np.sqrt(plane) * rng.uniform(0.8, 2.0)) - 1, 2)
    dims = {"row": rows, "column": max(round(plane / (rows + 1)) - 1, 2), "band": bands}
    return Case(name, [_table("t", _people(rng, dims, many * wanted), tuple(dims))], NO_TREES)


def nested_areas(rng: np.random.Generator, wanted: int, many: float, name: str) -> Case:
    """Council, clusters and schools, by sex or stage, by answer."""
    groups = int(rng.integers(2, 6))
    clusters, schools = _places(round(wanted / (3 * (groups + 1))))
    people = _people(rng, {"area": schools, "group": groups, "band": 2}, many * wanted)
    return Case(name, [_table("t", people, ("area", "group", "band"), clusters, 3)], _trees(clusters, schools))


def linked(rng: np.random.Generator, wanted: int, many: float, name: str) -> Case:
    """One question by area, and by three dimensions alone and two and two, each in a table of its own, at differing levels."""
    clusters, schools = _places((wanted - 150) // 17)
    people = _people(rng, {"area": schools, "sex": 2, "stage": 4, "fifth": 5, "band": 2}, many * wanted)
    levels = {
        ("area", "band"): 3,
        ("area", "sex", "band"): 3,
        ("area", "stage", "band"): 2,
        ("area", "fifth", "band"): 2,
        ("area", "sex", "stage", "band"): 1,
        ("area", "sex", "fifth", "band"): 1,
    }
    return Case(
        name, [_table("_".join(dims), people, dims, clusters, many) for dims, many in levels.items()], _trees(clusters, schools)
    )


_MAKERS = {"two ways": two_ways, "three ways": three_ways, "nested areas": nested_areas, "linked": linked}


def _people(rng: np.random.Generator, dims: Mapping[str, int], many: float) -> People:
    """People by all dimensions at once: the shares of each dimension skewed, and those of combinations uneven."""
    shares = [rng.dirichlet(np.full(size, rng.uniform(0.8, 4.0))) for size in dims.values()]
    uneven = functools.reduce(np.multiply.outer, shares)
    uneven *= rng.lognormal(0, 0.3, uneven.shape)
    counts = rng.multinomial(int(many), (uneven / uneven.sum()).ravel())
    return list(dims), counts.reshape(uneven.shape)


def _places(areas: int) -> tuple[int, int]:
    """How many clusters and schools make up about so many areas."""
    clusters = max(round(areas / 6), 2)
    return clusters, max(areas - clusters - 1, 2 * clusters)


def _names(clusters: int, schools: int) -> tuple[list[str], list[str]]:
    return [f"K{k:02d}" for k in range(clusters)], [f"K{k % clusters:02d}S{k:03d}" for k in range(schools)]


def _trees(clusters: int, schools: int) -> pd.DataFrame:
    upper, lower = _names(clusters, schools)
    rows = [("area", school, school[:3], "places") for school in lower] + [("area", name, "Z", "places") for name in upper]
    return pd.DataFrame(rows, columns=NO_TREES.columns)


def _table(name: str, people: People, dims: tuple[str, ...], clusters: int = 0, levels: int = 0) -> Table:
    """People by these dimensions with every total; `area` at so many levels (council, clusters, schools)."""
    axes, counts = people
    lost = tuple(k for k, d in enumerate(axes) if d not in dims)
    counts, kept, codes = counts.sum(axis=lost), [d for d in axes if d in dims], []
    for k, dim in enumerate(kept):
        size = counts.shape[k]
        if dim == "area":
            upper, lower = _names(clusters, size)
            codes.append(["Z", *upper, *lower][: (1, 1 + clusters, 1 + clusters + size)[levels - 1]])
            sums = np.array([[code in ("Z", school, school[:3]) for school in lower] for code in codes[-1]], dtype=np.int64)
        else:
            codes.append([ALL, *(f"{dim[0]}{i:02d}" for i in range(size))])
            sums = np.vstack([np.ones((1, size), dtype=np.int64), np.eye(size, dtype=np.int64)])
        counts = np.moveaxis(np.tensordot(sums, counts, (1, k)), 0, k)
    index = pd.MultiIndex.from_product(codes, names=kept)
    frame = pd.DataFrame({"n": counts.ravel()}, index=index).reset_index()
    return Table(name, name, frame.astype({"n": "Int64"}).assign(state="shown"), dims)


def partnership(questions: int, seed: int) -> Case:
    """A survey of a made-up partnership, standard tables: about 520 cells a question, each a system of its own."""
    rng = np.random.default_rng(seed)
    clusters, schools = PARTNERSHIP
    sizes = {"area": schools, "sex": 3, "stage": 7, "fifth": 5, "care": 2, "band": 2}
    pupils = _people(rng, {d: size for d, size in sizes.items() if d != "band"}, PUPILS)
    found: dict[tuple[str, ...], list[pd.DataFrame]] = {}
    for k in range(questions):
        answered = rng.binomial(pupils[1], 0.78)
        yes = rng.binomial(answered, rng.uniform(0.04, 0.9))
        people = [*pupils[0], "band"], np.stack([answered - yes, yes], axis=-1)
        for dims, levels in STANDARD.items():
            frame = _table("t", people, dims, clusters, levels).frame
            found.setdefault(dims, []).append(frame.assign(indicator=f"i{k:02d}"))
    tables = [
        Table("_".join(dims), "", pd.concat(frames, ignore_index=True), dims, ("indicator",)) for dims, frames in found.items()
    ]
    return Case(f"made-up partnership, {questions} questions", tables, _trees(clusters, schools))
