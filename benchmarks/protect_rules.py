"""Ways of hiding that others use, written apart from ours, so that a pattern's cost stands beside something.

Primary hiding only; the folk rule (at least two hidden in each sum that has a hidden one, the cheapest first); the folk rule
repaired until nothing is open; and a plain linear programming heuristic with a clean-up. All take a part of a system
(`rcs_core.records.protect.part`) and give which of its cells are hidden.
"""

import highspy
import numpy as np
from numpy.typing import NDArray

from rcs_core.records.protect.part import Part

Mask = NDArray[np.bool_]
EPS = 1e-6
KEPT = 0.01
"""Share of its cost that a hidden cell keeps in the plain heuristic: not 0, so that flows stay short."""


def primary(part: Part) -> Mask:
    """Hide what is under the threshold, and nothing else."""
    return (part.need > 0) | part.free


def folk(part: Part) -> Mask:
    """At least two hidden in each sum that has a hidden one, the cheapest first, until no sum has one alone."""
    hidden = primary(part)
    order = np.argsort(part.rows, kind="stable")
    sums = np.split(part.columns[order], np.flatnonzero(np.diff(part.rows[order])) + 1)
    changed = True
    while changed:
        changed = False
        for cells in sums:
            shown = cells[~hidden[cells]]
            if len(cells) - len(shown) == 1 and len(shown):
                hidden[shown[np.argmin(part.weights[shown])]] = True
                changed = True
    return hidden


class Attacker:
    """How far one count of a part can be lifted when only hidden cells may move."""

    def __init__(self, part: Part, hidden: Mask) -> None:
        self.part, self.hidden = part, hidden.copy()
        self._solver = _solver(part, np.zeros(part.size), -part.counts.astype(float) * hidden, np.where(hidden, np.inf, 0.0))
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def hide(self, cell: int) -> None:
        """Let one more cell move."""
        self.hidden[cell] = True
        self._solver.changeColBounds(cell, -float(self.part.counts[cell]), highspy.kHighsInf)

    def movement(self, cell: int) -> NDArray[np.float64]:
        """The movement that lifts `cell` furthest, its need at most."""
        low, need = -float(self.part.counts[cell]), float(self.part.need[cell])
        self._solver.changeColBounds(cell, low, need)
        self._solver.changeColCost(cell, 1.0)
        self._solver.run()
        assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        self._solver.changeColCost(cell, 0.0)
        self._solver.changeColBounds(cell, low, highspy.kHighsInf)
        return np.array(self._solver.getSolution().col_value)

    def blame(self) -> Mask:
        """The shown cells of the sums that held the last movement down."""
        duals = np.array(self._solver.getSolution().row_dual)
        slope = np.bincount(self.part.columns, self.part.signs * duals[self.part.rows], minlength=self.part.size)
        return (np.abs(slope) > EPS) & ~self.hidden


def open_cells(part: Part, hidden: Mask) -> list[int]:
    """The sensitive cells that a pattern leaves open."""
    attacker, sure, found = Attacker(part, hidden), np.zeros(part.size, dtype=bool), []
    for cell in np.flatnonzero(part.need > 0).tolist():
        if sure[cell]:
            continue
        moved = attacker.movement(cell)
        if moved[cell] < part.need[cell] - EPS:
            found.append(cell)
        sure |= moved >= part.need - EPS
    return found


def repaired(part: Part, hidden: Mask) -> Mask:
    """For each open cell hide the cheapest further cell of a sum that gives it away, until it is open no more."""
    attacker, sure = Attacker(part, hidden), np.zeros(part.size, dtype=bool)
    for cell in np.flatnonzero(part.need > 0).tolist():
        while not sure[cell]:
            moved = attacker.movement(cell)
            sure |= moved >= part.need - EPS
            if not sure[cell]:
                choices = np.flatnonzero(attacker.blame())
                assert len(choices), "nothing protects this cell"
                attacker.hide(int(choices[np.argmin(part.weights[choices])]))
    return attacker.hidden


def heuristic(part: Part, *, clean: bool = True) -> Mask:
    """Needs ascending, each by the movement of least cost, whose cells are hidden; then the dearest are dropped first."""
    hidden, flows, needs = primary(part), {}, np.flatnonzero(part.need > 0)
    solver = _split_solver(part, np.where(hidden, KEPT, 1.0) * part.weights, np.ones(part.size, dtype=bool))
    for cell in needs[np.argsort(part.need[needs], kind="stable")].tolist():
        if cell in flows:
            continue
        flow = _cheapest(solver, part, cell, np.ones(part.size, dtype=bool))
        assert flow is not None, "nothing protects this cell"
        fresh = np.flatnonzero((flow != 0) & ~hidden).tolist()
        for other in fresh:
            for column in (other, other + part.size):
                solver.changeColCost(column, KEPT * float(part.weights[other]))
        hidden[fresh] = True
        flows |= {int(c): flow for c in needs if int(c) not in flows and flow[c] >= part.need[c] - EPS}
    return _dropped(part, hidden, flows) if clean else hidden


def _dropped(part: Part, hidden: Mask, flows: dict[int, NDArray[np.float64]]) -> Mask:
    extra = np.flatnonzero(hidden & ~primary(part))
    solver = _split_solver(part, part.weights, hidden)
    for cell in extra[np.argsort(-part.weights[extra], kind="stable")].tolist():
        hidden[cell] = False
        _close(solver, part, cell)
        fresh: dict[int, NDArray[np.float64]] = {}
        for user in [c for c, flow in flows.items() if flow[cell] != 0]:
            if user in fresh:
                continue
            flow = _cheapest(solver, part, user, hidden)
            if flow is None:
                hidden[cell] = True
                _reopen(solver, part, cell)
                break
            fresh |= {c: flow for c in flows if c not in fresh and flows[c][cell] != 0 and flow[c] >= part.need[c] - EPS}
        else:
            flows |= fresh
    return hidden


def _cheapest(solver: highspy.Highs, part: Part, cell: int, movable: Mask) -> NDArray[np.float64] | None:
    solver.changeColBounds(cell, float(part.need[cell]), highspy.kHighsInf)
    solver.changeColBounds(cell + part.size, 0.0, 0.0)
    solver.run()
    good = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = np.array(solver.getSolution().col_value) if good else None
    (_reopen if movable[cell] else _close)(solver, part, cell)
    if values is None:
        return None
    flow = values[: part.size] - values[part.size :]
    flow[np.abs(flow) < EPS] = 0.0
    return flow


def _close(solver: highspy.Highs, part: Part, cell: int) -> None:
    solver.changeColBounds(cell, 0.0, 0.0)
    solver.changeColBounds(cell + part.size, 0.0, 0.0)


def _reopen(solver: highspy.Highs, part: Part, cell: int) -> None:
    solver.changeColBounds(cell, 0.0, highspy.kHighsInf)
    solver.changeColBounds(cell + part.size, 0.0, float(part.counts[cell]))


def _split_solver(part: Part, costs: NDArray[np.float64], movable: Mask) -> highspy.Highs:
    """Up and down movements as columns of their own."""
    up, down = np.where(movable, highspy.kHighsInf, 0.0), np.where(movable, part.counts, 0.0)
    columns = np.concatenate([part.columns, part.columns + part.size])
    rows, signs = np.concatenate([part.rows, part.rows]), np.concatenate([part.signs, -part.signs])
    return _model(np.concatenate([costs, costs]), np.zeros(2 * part.size), np.concatenate([up, down]), rows, columns, signs)


def _solver(part: Part, costs: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> highspy.Highs:
    return _model(costs, low, high, part.rows, part.columns, part.signs)


def _model(
    costs: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    signs: NDArray[np.float64],
) -> highspy.Highs:
    many, order = int(rows.max(initial=-1)) + 1, np.lexsort((columns, rows))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(costs), many
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, low, high
    lp.row_lower_ = lp.row_upper_ = np.zeros(many)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=many))])
    lp.a_matrix_.index_, lp.a_matrix_.value_ = columns[order], signs[order]
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    return solver
