"""Random small systems of tables, every whole-number table that fits them by trying all, and their bounds by another solver."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from rcs_core.release import ALL, Table
from tests.count_tables import table, tree

Codes = tuple[str, ...]
Axis = dict[str, tuple[str, ...]]
"""One dimension: every code (margins too) -> the finest codes that it counts."""


@dataclass(frozen=True)
class System:
    """axes: the dimensions; counts: every cell's true count; hidden: cells that are blank; geography: of the first axis."""

    axes: dict[str, Axis]
    counts: dict[Codes, int]
    hidden: set[Codes]
    geography: pd.DataFrame

    @property
    def inner(self) -> list[Codes]:
        """The finest cells, of which all others are sums."""
        return list(itertools.product(*({leaf for leaves in axis.values() for leaf in leaves} for axis in self.axes.values())))

    def parts(self, cell: Codes) -> set[Codes]:
        """The finest cells that a cell counts."""
        return set(itertools.product(*(axis[code] for axis, code in zip(self.axes.values(), cell, strict=True))))

    def published(self, name: str = "t") -> Table:
        """As one table, blank where hidden."""
        rows = [(*cell, pd.NA if cell in self.hidden else n) for cell, n in self.counts.items()]
        return table(name, tuple(self.axes), rows)


FLAT: Axis = {"a": ("a",), "b": ("b",), ALL: ("a", "b")}
THREE: Axis = {"f": ("f",), "m": ("m",), "x": ("x",), ALL: ("f", "m", "x")}
TREE: Axis = {"s1": ("s1",), "s2": ("s2",), "s3": ("s3",), "C1": ("s1", "s2"), "C2": ("s3",), "999": ("s1", "s2", "s3")}
GEOGRAPHY = tree(
    *(("area", child, up, "g") for child, up in (("C1", "999"), ("C2", "999"), ("s1", "C1"), ("s2", "C1"), ("s3", "C2")))
)
SHAPES: dict[str, dict[str, Axis]] = {
    "two ways": {"row": FLAT, "column": THREE},
    "three ways": {"row": FLAT, "column": FLAT, "band": FLAT},
    "hierarchy": {"area": TREE, "band": FLAT},
    "two hierarchies": {"area": TREE | {"L1": ("s1",), "L2": ("s2", "s3")}},
}
LOCALITIES = tree(
    *(("area", child, up, "l") for child, up in (("L1", "999"), ("L2", "999"), ("s1", "L1"), ("s2", "L2"), ("s3", "L2")))
)


def random_system(shape: str, seed: int, most: int = 4, share: float = 0.6) -> System:
    """A system of one shape: counts of 0 to `most`, about this share of the cells hidden, the total shown."""
    rng = np.random.default_rng(seed)
    blank = System(SHAPES[shape], {}, set(), GEOGRAPHY)
    counts = {cell: int(rng.integers(0, most + 1)) for cell in sorted(blank.inner)}
    codes = list(itertools.product(*(axis for axis in blank.axes.values())))
    full = {cell: sum(counts[p] for p in blank.parts(cell)) for cell in codes}
    tops = {tuple("999" if name == "area" else ALL for name in blank.axes)}
    hidden = {cell for cell in codes if cell not in tops and rng.random() < share}
    trees = pd.concat([GEOGRAPHY, LOCALITIES]) if shape == "two hierarchies" else GEOGRAPHY
    return System(blank.axes, full, hidden, trees)


def possible(system: System) -> dict[Codes, set[int]]:
    """Every value of each hidden cell over all whole-number tables that fit what is shown."""
    inner = sorted(system.inner)
    total = max(system.counts.values())
    sums = [({inner.index(p) for p in system.parts(cell)}, n) for cell, n in system.counts.items() if cell not in system.hidden]
    seen: dict[Codes, set[int]] = {cell: set() for cell in system.hidden}
    places = {cell: [inner.index(p) for p in system.parts(cell)] for cell in system.hidden}
    for values in _fitting(len(inner), total, sums):
        for cell, where in places.items():
            seen[cell].add(sum(values[k] for k in where))
    return seen


def _fitting(many: int, total: int, sums: list[tuple[set[int], int]]) -> Iterator[list[int]]:
    """Whole numbers that fit every sum, number by number; a sum that is overdrawn or cannot be met ends a branch."""
    values = [0] * many
    ends = [(part, n, max(part)) for part, n in sums]

    def grow(k: int) -> Iterator[list[int]]:
        if k == many:
            yield values
            return
        room = min((n - sum(values[i] for i in part if i < k) for part, n, _ in ends if k in part), default=total)
        for value in range(room + 1):
            values[k] = value
            if all(sum(values[i] for i in part) == n for part, n, last in ends if last == k):
                yield from grow(k + 1)
        values[k] = 0

    yield from grow(0)


def by_scipy(system: System, cell: Codes, sign: float) -> float:
    """The least (1) or the greatest (-1) of a cell by another solver, over the finest cells rather than the hidden ones."""
    inner = sorted(system.inner)
    shown = [(system.parts(c), n) for c, n in system.counts.items() if c not in system.hidden]
    matrix = np.array([[float(p in part) for p in inner] for part, _ in shown])
    cost = np.array([sign * float(p in system.parts(cell)) for p in inner])
    answer = linprog(cost, A_eq=matrix, b_eq=[n for _, n in shown], bounds=(0, None), method="highs")
    return float(sign * answer.fun)
