"""One part of a system that no sum joins to the rest, as plain arrays that can travel to another process."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.system import System

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SHARED = -1
"""The population of a base that several populations of labels share."""
NEW, TOLD, KEPT = 0, 1, 2
"""What an earlier release told of a cell: nothing (it is new, or its count changed), its count, or that it is hidden."""
NOTHING = 1e-6
"""What hiding costs where there is nothing to hide: a cell that no table lists, or that was hidden in an earlier release."""


@dataclass(frozen=True, slots=True)
class Part:
    """Cells joined by sums: their counts, what hiding each costs, and which must be protected.

    cells: their places in the system; weights: what hiding a cell costs; guide: the same with margins dearer, which is
    what the search goes by; need: for a sensitive cell, how far an attacker's upper bound must lie above the count (0
    for the others); free: cells that stand in no table, and so are hidden whatever is decided; rows, columns and
    signs: the sums (each adds to 0 over its row); population: for each cell the number of its population of labels, or
    SHARED for a base that several have in common; carried: movements of cells outside this part that come with one of its
    columns (that column, those cells, how far each moves).
    """

    cells: Ints
    counts: Ints
    weights: Floats
    guide: Floats
    need: Ints
    free: NDArray[np.bool_]
    rows: Ints
    columns: Ints
    signs: Floats
    population: Ints
    carried: tuple[tuple[int, Ints, Floats], ...] = ()

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.cells)

    @property
    def sums(self) -> int:
        """The number of sums."""
        return int(self.rows.max()) + 1 if len(self.rows) else 0


def split(system: System, min_cell: int, effort: Effort, before: Ints | None = None) -> list[Part]:
    """The parts of a system that hold a sensitive cell, in the order of their first cell.

    A count from 0 to `min_cell` - 1 is sensitive, a sampling zero too. before: what an earlier release told of each cell
    (`NEW`, `TOLD`, `KEPT`): what it told moves no more, and what it kept stays hidden.
    """
    counts = system.counts
    known = np.full(len(counts), NEW) if before is None else before
    free = (np.arange(len(counts)) >= system.published) | (known == KEPT)
    weights = np.where(free, NOTHING, effort.weight_cell + effort.weight_child * counts)
    margins = np.bincount([s.parent for s in system.sums], minlength=len(counts))
    guide = weights + effort.weight_margin * margins
    need = np.where(counts < min_cell, min_cell - counts, 0)
    rows, columns, signs = _matrix(system, known == TOLD)
    population = _populations(system)
    joins = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(system.sums), len(counts))).tocsr()
    _, part_of = connected_components(joins.T @ joins, directed=False)
    sensitive = set(part_of[need > 0].tolist())
    order = np.argsort(part_of, kind="stable")
    starts = np.searchsorted(part_of[order], np.arange(part_of.max() + 2)) if len(order) else np.zeros(1, dtype=np.int64)
    entry_part = part_of[columns]
    entry_order = np.argsort(entry_part, kind="stable")
    entry_starts = np.searchsorted(entry_part[entry_order], np.arange(len(starts)))
    parts = []
    for number in sorted(sensitive, key=lambda k: int(order[starts[k]])):
        cells = order[starts[number] : starts[number + 1]].astype(np.int64)
        entries = entry_order[entry_starts[number] : entry_starts[number + 1]]
        parts.append(
            Part(
                cells=cells,
                counts=counts[cells],
                weights=weights[cells],
                guide=guide[cells],
                need=need[cells],
                free=free[cells],
                rows=np.unique(rows[entries], return_inverse=True)[1].astype(np.int64),
                columns=np.searchsorted(cells, columns[entries]).astype(np.int64),
                signs=signs[entries],
                population=population[cells],
            )
        )
    return parts


def _matrix(system: System, still: NDArray[np.bool_]) -> tuple[Ints, Ints, Floats]:
    """The sums as entries; cells that cannot move (`still`) have none."""
    entries = [
        (k, cell, sign)
        for k, s in enumerate(system.sums)
        for cell, sign in ((s.parent, 1.0), *((child, -1.0) for child in s.children))
        if not still[cell]
    ]
    rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
    return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(signs, dtype=float)


def _populations(system: System) -> Ints:
    """A number for each cell's labels; SHARED where they are those of a shared base."""
    number = {labels: k for k, labels in enumerate(dict.fromkeys(key[0] for key in system.keys))}
    own = np.array([number[key[0]] for key in system.keys], dtype=np.int64)
    bases = {number[system.keys[cell][0]] for cell in np.flatnonzero(system.shared).tolist()}
    return np.where(np.isin(own, sorted(bases)), SHARED, own)
