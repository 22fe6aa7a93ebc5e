"""What an attacker with a solver can say of each hidden count: the least and the most it can be.

Only hidden counts are unknowns. Counts that no addition joins are asked about apart; each group of joined ones is a
linear programme with one unknown a count, at least 0, and one row an addition.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from rcs_core.audit.joined import Cell
from rcs_core.audit.reading import Addition, Picture
from rcs_core.audit.report import UNKNOWN
from rcs_core.errors import UnreadableError

NEAR = 1e-6
"""Two bounds closer than this, in children, are the same."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of one hidden count, and the additions that say so."""

    low: float
    high: float
    why: tuple[Addition, ...] = ()


Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


def _solver(lp: highspy.HighsLp) -> highspy.Highs:
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]  # its own stub leaves __init__ untyped
    for name, setting in (("output_flag", False), ("presolve", "off"), ("threads", 1), ("simplex_strategy", 4)):
        highs.setOptionValue(name, setting)
    highs.setOptionValue("solver", "simplex")
    highs.passModel(lp)
    return highs


class _Attack:
    """The unknowns that additions join, with every number published put in."""

    def __init__(self, unknown: Sequence[Cell], additions: Sequence[Addition], picture: Picture) -> None:
        self.unknown, self.additions = list(unknown), list(additions)
        self._column = {cell: k for k, cell in enumerate(unknown)}
        self._picture = picture
        self._highs = self._build()
        self._some = self._run(f"{len(unknown)} hidden counts")

    def _build(self) -> highspy.Highs:
        lp = highspy.HighsLp()
        many, rows = len(self.unknown), len(self.additions)
        start, index, value, low, high = [0], [], [], [], []
        for addition in self.additions:
            known = 0.0
            for cell in addition.cells:
                sign = 1.0 if cell is addition.whole else -1.0
                number = self._picture.numbers[cell]
                if number is None:
                    index.append(self._column[cell])
                    value.append(sign)
                else:
                    known += sign * number
            start.append(len(index))
            low.append(-known)
            high.append(highspy.kHighsInf if addition.at_most else -known)
        lp.num_col_, lp.num_row_ = many, rows
        lp.col_cost_ = lp.col_lower_ = np.zeros(many)
        lp.col_upper_ = np.full(many, highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = np.array(low), np.array(high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(start), np.array(index), np.array(value)
        return _solver(lp)

    def _run(self, where: str) -> Numbers | None:
        """Solve; the unknowns at the best point, or None when there is no bound."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise UnreadableError(
                "the published tables contradict each other",
                where,
                "no counts fit what is published",
                "sums that can hold",
                "write all tables from one release",
            )
        return np.array(self._highs.getSolution().col_value)

    def below(self, limit: int) -> list[int]:
        """The unknowns that can be shown to be under `limit`: no table that fits what is published has them larger."""
        sure = np.zeros(len(self.unknown), dtype=bool) if self._some is None else self._some >= limit - NEAR
        found = []
        for k in range(len(self.unknown)):
            if sure[k]:
                continue
            point = self._most(k, float(limit))
            if point is None or point[k] < limit - NEAR:
                found.append(k)
            else:
                sure |= point >= limit - NEAR
        return found

    def _most(self, k: int, cap: float) -> Numbers | None:
        self._highs.changeColCost(k, -1.0)
        self._highs.changeColBounds(k, 0.0, cap)
        point = self._run(str(self._picture.stands_in[self.unknown[k]][1]))
        self._highs.changeColCost(k, 0.0)
        self._highs.changeColBounds(k, 0.0, highspy.kHighsInf)
        return point

    def interval(self, k: int) -> Reach:
        """The least and the most that one unknown can be, and the additions that hold it down."""
        where = str(self._picture.stands_in[self.unknown[k]][1])
        self._highs.changeColCost(k, 1.0)
        least = self._run(where)
        self._highs.changeColCost(k, -1.0)
        most = self._run(where)
        duals = np.array(self._highs.getSolution().row_dual) if most is not None else np.zeros(0)
        self._highs.changeColCost(k, 0.0)
        why = tuple(a for a, dual in zip(self.additions, duals, strict=False) if abs(dual) > NEAR)
        low = 0.0 if least is None else _neat(least[k])
        return Reach(low, UNKNOWN if most is None else _neat(most[k]), why)


def _neat(value: float) -> float:
    return abs(float(round(value))) if abs(value - round(value)) < NEAR else float(round(value, 6))


def attacks(picture: Picture, *, strict: bool = False) -> Iterator[_Attack]:
    """The hidden counts, in groups that additions join; strict: see `_attack`."""
    hidden = [cell for cell, number in picture.numbers.items() if number is None]
    leader = {cell: cell for cell in hidden}

    def find(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    useful = []
    for addition in picture.additions:
        unknown = [cell for cell in addition.cells if cell in leader]
        for cell in unknown[1:]:
            leader[find(cell)] = find(unknown[0])
        if unknown:
            useful.append((addition, unknown[0]))
    groups: dict[Cell, list[Cell]] = defaultdict(list)
    rows: dict[Cell, list[Addition]] = defaultdict(list)
    for cell in hidden:
        groups[find(cell)].append(cell)
    for addition, cell in useful:
        rows[find(cell)].append(addition)
    for first, cells in groups.items():
        yield _attack(cells, rows[first], picture, strict)


def _attack(cells: list[Cell], additions: list[Addition], picture: Picture, strict: bool) -> _Attack:
    """The attack with every sum exact; where nothing fits that, with as little as can be left over of sums that may.

    strict: only sums whose like leaves something over elsewhere may.
    """
    try:
        return _Attack(cells, additions, picture)
    except UnreadableError:
        looser = picture.loosened(additions) if strict else _least_over(cells, additions, picture)
        if looser == additions:
            raise
        return _Attack(cells, looser, picture)


def _least(cost: Numbers, rows: list[dict[int, float]], low: list[float], high: list[float]) -> Numbers | None:
    """The point of least cost over numbers of at least 0, or None when nothing fits."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows)
    lp.col_cost_, lp.col_lower_ = cost, np.zeros(len(cost))
    lp.col_upper_ = np.full(len(cost), highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = np.array(low), np.array(high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
    lp.a_matrix_.index_ = np.array([column for row in rows for column in row])
    lp.a_matrix_.value_ = np.array([value for row in rows for value in row.values()])
    highs = _solver(lp)
    highs.run()
    return np.array(highs.getSolution().col_value) if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None


def _least_over(cells: list[Cell], additions: list[Addition], picture: Picture) -> list[Addition]:
    """The additions, with those read as "at most" that must be when the children left over in all are as few as can be."""
    doubtful = [k for k, a in enumerate(additions) if a.doubtful and not a.at_most]
    places = {cell: k for k, cell in enumerate(cells)}
    rests = {row: len(cells) + k for k, row in enumerate(doubtful)}
    rows: list[dict[int, float]] = [{rests[k]: -1.0} if k in rests else {} for k in range(len(additions))]
    low = [0.0] * len(additions)
    for k, addition in enumerate(additions):
        for cell in addition.cells:
            sign, number = (1.0 if cell is addition.whole else -1.0), picture.numbers[cell]
            if number is None:
                rows[k][places[cell]] = sign
            else:
                low[k] -= sign * number
    high = [highspy.kHighsInf if a.at_most else least for a, least in zip(additions, low, strict=True)]
    cost = np.array([0.0] * len(cells) + [1.0] * len(doubtful))
    over = _least(cost, rows, low, high)
    if over is None:
        return additions
    loose = {row for row, column in rests.items() if over[column] > NEAR}
    return [replace(a, at_most=True) if k in loose else a for k, a in enumerate(additions)]


def small_cells(picture: Picture, limit: int, *, strict: bool = False) -> Iterator[tuple[Cell, Reach]]:
    """The hidden counts that can be shown to be under `limit`, with what is known of each."""
    for attack in attacks(picture, strict=strict):
        for k in attack.below(limit):
            reach = attack.interval(k)
            if reach.high < limit - NEAR:
                yield attack.unknown[k], reach


def all_intervals(picture: Picture, *, strict: bool = False) -> Iterator[tuple[Cell, Reach]]:
    """What is known of every hidden count."""
    for attack in attacks(picture, strict=strict):
        for k, cell in enumerate(attack.unknown):
            yield cell, attack.interval(k)
