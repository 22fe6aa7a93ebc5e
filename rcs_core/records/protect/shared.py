"""A part whose populations share a base: the base is protected first, then each population on its own.

The base is searched once, each of its cells weighing as much as the bands that it drags along. The flows that prove it safe
are kept. In every population the base may then move by a mixture of those flows only (shares of at least 0, together
at most 1), and each flow alone must be possible there. So a proof found in one population can be carried through all
others: what moves the base by a mixture is met in each of them by the same mixture of movements.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.flow import Bools
from rcs_core.records.protect.part import NOTHING, SHARED, Floats, Ints, Part
from rcs_core.records.protect.pattern import Pattern

Solved = tuple[Part, Pattern]


def shares_a_base(part: Part, effort: Effort) -> bool:
    """Whether a part is several populations on one base, and too large to be searched as a whole."""
    populations = set(part.population.tolist())
    return SHARED in populations and len(populations) > 2 and part.size > effort.whole_cells


def solve_shared(part: Part, solve: Callable[[list[Part]], list[Pattern]]) -> list[Solved]:
    """Patterns of the base and of every population, each with its own part; `solve` finds patterns for parts.

    Raises DisclosureError when a population cannot be protected on the base as it was found.
    """
    base = base_of(part)
    found = solve([base]) if (base.need > 0).any() else [Pattern(base.free.copy())]
    flows = distinct(found[0])
    numbers = sorted(set(part.population.tolist()) - {SHARED})
    parts = [population_of(part, base, number, flows) for number in numbers]
    parts = [one for one in parts if (one.need > 0).any()]
    return [(base, found[0]), *zip(parts, solve(parts), strict=True)]


def distinct(pattern: Pattern) -> list[Floats]:
    """The flows of a pattern, each once, in the order of the cells that they prove safe."""
    kept: dict[bytes, Floats] = {}
    for _, flow in sorted(pattern.witnesses.items()):
        kept.setdefault(flow.tobytes(), flow)
    return list(kept.values())


def _entries(part: Part) -> csr_array:
    """The sums of a part: one row a sum, one column a cell."""
    return csr_array((part.signs, (part.rows, part.columns)), shape=(part.sums, part.size))


def _chosen(matrix: csr_array) -> tuple[Ints, Ints, Floats]:
    """A matrix as entries, rows without any left out."""
    entries = matrix.tocoo()
    entries.sum_duplicates()
    keep = np.abs(entries.data) > 1e-9
    rows = np.unique(entries.row[keep], return_inverse=True)[1]
    return rows.astype(np.int64), entries.col[keep].astype(np.int64), entries.data[keep].astype(float)


def base_of(part: Part) -> Part:
    """The base alone: its cells, its own sums, and on each cell the weight of the bands that it would drag along.

    In each sum of bands that is the cheapest band, and nothing where a band is hidden anyway.
    """
    matrix = _entries(part)
    shared = part.population == SHARED
    touched = np.asarray(abs(matrix) @ (~shared).astype(float)).ravel() > 0
    drag = np.zeros(part.size)
    for row in np.flatnonzero(touched):
        cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        bands = cells[~shared[cells]]
        if not ((part.need[bands] > 0) | part.free[bands]).any():
            drag[cells[shared[cells]]] += part.guide[bands].min()
    rows, columns, signs = _chosen(matrix[~touched][:, shared])
    small = _some(part, shared)
    return replace(small, guide=(part.guide + drag)[shared], rows=rows, columns=columns, signs=signs)


def _some(part: Part, cells: Bools) -> Part:
    return replace(
        part,
        cells=part.cells[cells],
        counts=part.counts[cells],
        weights=part.weights[cells],
        guide=part.guide[cells],
        need=part.need[cells],
        free=part.free[cells],
        population=part.population[cells],
    )


def population_of(part: Part, base: Part, number: int, flows: list[Floats]) -> Part:
    """One population with a column for each flow of the base that it feels, and one for the room that they share.

    A flow's column counts 0 and must be able to rise to 1; the room counts 1 and falls by what the flows take.
    """
    matrix, own = _entries(part), part.population == number
    touched = np.asarray(abs(matrix) @ own.astype(float)).ravel() > 0
    mine, pushed = matrix[touched][:, own], matrix[touched][:, part.population == SHARED]
    felt = [(flow, np.asarray(pushed @ flow).ravel()) for flow in flows]
    felt = [(flow, felt_by) for flow, felt_by in felt if np.abs(felt_by).max(initial=0.0) > 1e-9]
    rows, columns, signs = _chosen(mine)
    small = replace(_some(part, own), rows=rows, columns=columns, signs=signs)
    return small if not felt else _with_flows(small, base, mine, felt)


def _with_flows(small: Part, base: Part, mine: csr_array, felt: list[tuple[Floats, Floats]]) -> Part:
    size, many = small.size, len(felt)
    sums, extra = mine.shape[0], np.arange(many + 1)
    entries, pushed = mine.tocoo(), np.column_stack([by for _, by in felt])
    which, flow = np.nonzero(pushed)
    rows = np.concatenate([entries.row, which, np.full(many + 1, sums)])
    columns = np.concatenate([entries.col, size + flow, size + extra])
    signs = np.concatenate([entries.data, pushed[which, flow], np.ones(many + 1)])
    whole = csr_array((signs, (rows, columns)), shape=(sums + 1, size + many + 1))
    one = np.concatenate([np.zeros(many, dtype=np.int64), [1]])
    nothing = np.full(many + 1, NOTHING)
    chosen_rows, chosen_columns, chosen_signs = _chosen(whole)
    return replace(
        small,
        cells=np.concatenate([small.cells, np.full(many + 1, -1)]),
        counts=np.concatenate([small.counts, one]),
        weights=np.concatenate([small.weights, nothing]),
        guide=np.concatenate([small.guide, nothing]),
        need=np.concatenate([small.need, 1 - one]),
        free=np.concatenate([small.free, np.ones(many + 1, dtype=bool)]),
        rows=chosen_rows,
        columns=chosen_columns,
        signs=chosen_signs,
        population=np.concatenate([small.population, np.full(many + 1, SHARED)]),
        carried=tuple((size + k, base.cells[flow != 0], flow[flow != 0]) for k, (flow, _) in enumerate(felt)),
    )
