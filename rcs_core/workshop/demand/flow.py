"""Children who come, stay, move and leave: a stock and its flows by cell (a placement, an age band, or both).

Nothing is lost: children at the end of a year = children at its start + starts - ends + moves in - moves out, cell by cell.
Within a year children start evenly, and each child in a cell is as likely as the next to leave it (a constant rate), so a year
ahead follows exactly from the matrix exponential, and steady flows lead to a steady stock: starts times mean stay.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from rcs_core.workshop.demand.units import DemandError

Numbers = NDArray[np.float64]
_HALF = 0.5
"""Added to every count before it becomes a rate in a draw, so that what was never seen is rare and not impossible."""

_TERMS = 16
"""Terms of the series: of a matrix of norm a half the sixteenth is under 1e-17."""


@dataclass(frozen=True)
class Movements:
    """What was counted: children on the first day (cells), and starts, ends and moves of each year.

    first: by cell. starts, ends: years x cells. moves: years x from x to. years are consecutive.
    """

    years: tuple[str, ...]
    cells: tuple[str, ...]
    first: Numbers
    starts: Numbers
    ends: Numbers
    moves: Numbers

    def __post_init__(self) -> None:
        n, k = len(self.years), len(self.cells)
        shapes = (self.first.shape, self.starts.shape, self.ends.shape, self.moves.shape)
        if shapes != ((k,), (n, k), (n, k), (n, k, k)) or not n or not k:
            raise DemandError("the movements are not of one shape", "movements", str(shapes), f"{n} years of {k} cells")
        if min(float(np.min(self.starts)), float(np.min(self.ends)), float(np.min(self.moves)), float(np.min(self.stock))) < 0:
            raise DemandError("more children leave than are there", "movements", "", "counts from 0 up, and no stock under 0")

    @cached_property
    def net(self) -> Numbers:
        """What each cell gains in each year."""
        return self.starts - self.ends + self.moves.sum(axis=1) - self.moves.sum(axis=2)

    @cached_property
    def stock(self) -> Numbers:
        """Children on the first day of each year and on the last day of the last one: years + 1 x cells."""
        return np.vstack([self.first, self.first + np.cumsum(self.net, axis=0)])

    def first_years(self, years: int) -> "Movements":
        """What was known when only so many years were over."""
        return Movements(self.years[:years], self.cells, self.first, self.starts[:years], self.ends[:years], self.moves[:years])


@dataclass(frozen=True)
class Rates:
    """Starts a year by cell, and the rates a year at which a child of a cell leaves care or moves on to another cell."""

    starts: Numbers
    leave: Numbers
    move: Numbers

    @cached_property
    def generator(self) -> Numbers:
        """The matrix M of dN/dt = starts + M N."""
        return np.asarray(self.move.T - np.diag(self.leave + self.move.sum(axis=1)))

    @cached_property
    def steady(self) -> Numbers:
        """The stock that these flows lead to in the end; raises DemandError where some cell is never left."""
        try:
            return np.asarray(np.linalg.solve(-self.generator, self.starts))
        except np.linalg.LinAlgError as error:
            raise DemandError("no steady stock exists", "movements", "a cell that is never left", "ends in it") from error


@dataclass(frozen=True)
class Step:
    """One year: what stays of a stock, what a year's starts add to it, and the children-years that both make."""

    stays: Numbers
    adds: Numbers
    adds_years: Numbers

    def stock(self, now: Numbers, starts: Numbers) -> Numbers:
        """The stock a year later."""
        return self.stays @ now + self.adds @ starts

    def child_years(self, now: Numbers, starts: Numbers) -> Numbers:
        """The children-years of the year, by cell."""
        return self.adds @ now + self.adds_years @ starts


def rates(counted: Movements) -> Rates:
    """Rates from what was counted: events over the children-years in which they could happen.

    Children-years are taken as the mean of a year's first and last day, since that is all that is known of it.
    """
    years = (counted.stock[:-1] + counted.stock[1:]).sum(axis=0) / 2
    there = np.where(years > 0, years, 1.0)
    return Rates(counted.starts.mean(axis=0), counted.ends.sum(axis=0) / there, counted.moves.sum(axis=0) / there[:, None])


def step(of: Rates) -> Step:
    """The exact step of a year: exponential of the generator, with its first and second integral."""
    k = len(of.starts)
    one, none = np.eye(k), np.zeros((k, k))
    whole = linalg.expm(np.block([[of.generator, one, none], [none, none, one], [none, none, none]]))
    return Step(whole[:k, :k], whole[:k, k : 2 * k], whole[:k, 2 * k :])


def carried_on(now: Numbers, of: Rates, horizon: int) -> tuple[Numbers, Numbers]:
    """Stocks on the last day of each year ahead, and children-years in each: both horizon x cells."""
    one, stocks, years = step(of), [], []
    for _ in range(horizon):
        years.append(one.child_years(now, of.starts))
        now = one.stock(now, of.starts)
        stocks.append(now)
    return np.array(stocks), np.array(years)


def overdispersion(counted: Movements) -> float:
    """How much more a year's starts vary than chance alone would have them: 1 for chance (Pearson's statistic)."""
    mean = counted.starts.mean(axis=0)
    seen = mean > 0
    freedom = (len(counted.years) - 1) * int(seen.sum())
    if not freedom:
        return 1.0
    return max(1.0, float((((counted.starts - mean) ** 2)[:, seen] / mean[seen]).sum()) / freedom)


def draws(counted: Movements, horizon: int, many: int, seed: int = 1) -> tuple[Numbers, Numbers]:
    """Many ways that it could go: stocks and children-years, draws x horizon x cells.

    Rates are as unsure as the counts behind them (gamma); starts vary from year to year as much as they did; who stays is
    chance (multinomial). Children-years of a draw are the mean of its first and last day.
    """
    rng = np.random.default_rng(seed)
    spread, k = overdispersion(counted), len(counted.cells)
    stays, adds, starts = _drawn_steps(counted, many, rng, spread)
    now = np.tile(np.rint(counted.stock[-1]), (many, 1)).astype(np.int64)
    stocks, years = np.empty((many, horizon, k)), np.empty((many, horizon, k))
    for t in range(horizon):
        begun = _varied(starts, spread, rng)
        then = rng.poisson(np.einsum("ncd,nd->nc", adds, begun))
        for d in range(k):
            then += rng.multinomial(now[:, d], stays[:, :, d])[:, :k]
        stocks[:, t], years[:, t], now = then, (now + then) / 2, then
    return stocks, years


def _drawn_steps(counted: Movements, many: int, rng: np.random.Generator, spread: float) -> tuple[Numbers, Numbers, Numbers]:
    """Drawn steps: what stays (with the share that leaves as a last row), what starts add, and starts a year."""
    k, n = len(counted.cells), len(counted.years)
    there = np.maximum((counted.stock[:-1] + counted.stock[1:]).sum(axis=0) / 2, 1.0)
    starts = rng.gamma((counted.starts.sum(axis=0) + _HALF) / spread, spread / n, (many, k))
    leave = rng.gamma(counted.ends.sum(axis=0) + _HALF, 1 / there, (many, k))
    moved = counted.moves.sum(axis=0)
    move = rng.gamma(np.where(moved > 0, moved + _HALF, 1.0), 1 / there[:, None], (many, k, k)) * (moved > 0)
    generator = np.swapaxes(move, 1, 2) - np.eye(k) * (leave + move.sum(axis=2))[:, None, :]
    whole = np.zeros((many, 2 * k, 2 * k))
    whole[:, :k, :k], whole[:, :k, k:] = generator, np.eye(k)
    stepped = exponentials(whole)
    stays = np.clip(stepped[:, :k, :k], 0, 1)
    gone = np.clip(1 - stays.sum(axis=1, keepdims=True), 0, 1)
    shares = np.concatenate([stays, gone], axis=1)
    return shares / shares.sum(axis=1, keepdims=True), stepped[:, :k, k:], starts


def exponentials(matrices: Numbers) -> Numbers:
    """The exponential of each of many small matrices at once: halved until small, Taylor's series, squared back."""
    norm = float(np.abs(matrices).sum(axis=-1).max())
    halvings = max(0, int(np.ceil(np.log2(max(norm, 1e-300)))) + 1)
    small = matrices / 2.0**halvings
    found = term = np.broadcast_to(np.eye(matrices.shape[-1]), matrices.shape)
    for k in range(1, _TERMS):
        term = term @ small / k
        found = found + term
    for _ in range(halvings):
        found = found @ found
    return np.asarray(found)


def _varied(starts: Numbers, spread: float, rng: np.random.Generator) -> Numbers:
    """A year's rate of starts: varied beyond chance as it was in the years counted."""
    if spread <= 1.0 + 1e-9:
        return starts
    return np.asarray(rng.gamma(starts / (spread - 1), spread - 1))
