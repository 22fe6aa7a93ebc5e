"""What demand would be if nothing changes: a history carried on, with its range, its back-test and what it rests on.

`forecast` carries one history on by one method; `best` chooses the method by back-test and says in words why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rcs_core.vocab import InputState
from rcs_core.workshop.demand.history import History, later
from rcs_core.workshop.demand.lines import Line, Method, Numbers, flat, trend
from rcs_core.workshop.demand.units import Demand, DemandError, DemandUnit, assumed

LINES: dict[Method, Callable[[Sequence[float], int], Line]] = {Method.FLAT: flat, Method.TREND: trend}
INNER, OUTER = 0.8, 0.95
_INNER_OF_OUTER = 1.2816 / 1.9600
"""How wide an 80% range is beside a 95% range where only the latter is assumed (the normal curve)."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """How far a method would have missed: carried on from each earlier year, beside flat, in per cent of what came.

    by_lead: years ahead, tests, mean error and that of flat. within_80, within_95: of how many tests the range held what came.
    """

    method: Method
    origins: int
    tests: int
    error: float
    flat_error: float
    by_lead: tuple[tuple[int, int, float, float], ...]
    within_80: int
    within_95: int

    @property
    def enough(self) -> bool:
        """Whether there were starting points enough to choose by."""
        return self.origins >= assumed("fewest_origins")

    @property
    def text(self) -> str:
        """The back-test in one sentence."""
        if not self.tests:
            return "No back-test: the history is too short to hold a year back."
        said = f"Carried on from each of {self.origins} earlier years, {self.method.label} missed by {self.error:.1f}% on average"
        beside = "" if self.method is Method.FLAT else f" and flat by {self.flat_error:.1f}%"
        short = "" if self.enough else "; that is too few to choose by"
        return f"{said}{beside} ({self.tests} comparisons){short}."


@dataclass(frozen=True, slots=True)
class Forecast:
    """Demand if nothing changes, for the years after the history.

    low and high: the 95% range; low_80 and high_80: the 80% range. state: whether the range was worked out here or is an
    assumption. why: the reason for the method, where it was chosen.
    """

    service: str
    years: tuple[str, ...]
    likely: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    low_80: tuple[float, ...]
    high_80: tuple[float, ...]
    unit: DemandUnit
    method: Method
    backtest: Backtest
    state: InputState
    source: str
    notes: tuple[str, ...] = ()
    why: str = ""

    def at(self, ahead: int) -> Demand:
        """The likely demand so many years ahead."""
        return Demand(self.likely[ahead - 1], self.unit)

    def to(self, unit: DemandUnit) -> "Forecast":
        """The same outlook in another unit of its kind."""
        factor = self.unit.factor(unit)

        def said(values: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(v * factor for v in values)

        return replace(
            self, unit=unit, likely=said(self.likely), low=said(self.low), high=said(self.high), low_80=said(self.low_80),
            high_80=said(self.high_80),
        )  # fmt: skip


def forecast(history: History, horizon: int | None = None, method: Method = Method.FLAT) -> Forecast:
    """Carry a history on by one method; raises DemandError where the method or the horizon does not fit it."""
    ahead = int(assumed("horizon")) if horizon is None else horizon
    _check(history, ahead, method)
    tested = backtest(history, ahead, method)
    line, notes = _line(history, ahead, method), list(history.notes)
    known = len(history) >= assumed("fewest_for_range") and line.freedom > 0
    most = assumed("flat_range")
    if known:
        inner, outer = line.range(INNER), line.range(OUTER)
        if len(history) < assumed("few"):
            inner, outer = _at_least(line, inner, most * _INNER_OF_OUTER), _at_least(line, outer, most)
            notes.append(
                f"{len(history)} years are few: the 95% range is worked out from {line.freedom + (method is Method.TREND)} "
                f"yearly changes and is never taken as narrower than {most:.0%} either way (assumption of this tool)."
            )
    else:
        inner, outer = _around(line, most * _INNER_OF_OUTER), _around(line, most)
        years = f"{len(history)} year{'s' if len(history) > 1 else ''}"
        notes.append(f"{years} of history cannot tell a range: {most:.0%} either way is an assumption of this tool.")
    return Forecast(
        history.service, tuple(later(history.years[-1], k) for k in range(1, ahead + 1)), _plain(line.likely),
        _plain(outer[0]), _plain(outer[1]), _plain(inner[0]), _plain(inner[1]), history.unit, method, tested,
        InputState.MEASURED if known else InputState.PRODUCT_DEFAULT, f"{history.source}, {_span(history)}", tuple(notes),
    )  # fmt: skip


def best(history: History, horizon: int | None = None) -> Forecast:
    """Flat, unless a back-test with starting points enough shows that a trend misses by clearly less; `why` says which."""
    steady = forecast(history, horizon, Method.FLAT)
    if len(history) < assumed("fewest_for_trend") or min(history.values) <= 0:
        lacks = "a year without any" if min(history.values) <= 0 else f"only {len(history)} year{'s'[: len(history) > 1]}"
        return replace(steady, why=f"Flat, because the history has {lacks}: a trend cannot be read from it.")
    moving = forecast(history, horizon, Method.TREND)
    error, beside = moving.backtest.error, moving.backtest.flat_error
    if not moving.backtest.enough:
        return replace(steady, why=(
            f"Flat, because {len(history)} years leave {moving.backtest.origins} starting points to test a method on, and "
            f"{assumed('fewest_origins'):.0f} are asked for. A trend would give {moving.likely[-1]:,.0f} in {moving.years[-1]}."
        ))  # fmt: skip
    if error <= assumed("worth") * beside:
        return replace(moving, why=f"A trend, because in the back-test it missed by {error:.1f}% and flat by {beside:.1f}%.")
    return replace(steady, why=(
        f"Flat, because in the back-test a trend missed by {error:.1f}% and flat by {beside:.1f}%: a trend is used only where "
        f"its error is at most {assumed('worth'):.0%} of that of flat."
    ))  # fmt: skip


def other(history: History, chosen: Forecast) -> Forecast | None:
    """The method that was not chosen, where the history is long enough for both: the two are shown together."""
    wanted = Method.FLAT if chosen.method is Method.TREND else Method.TREND
    if len(history) < assumed("fewest_for_trend") or min(history.values) <= 0:
        return None
    return forecast(history, len(chosen.years), wanted)


def backtest(history: History, horizon: int, method: Method) -> Backtest:
    """Carry the history on from every year that has enough behind it, and set what came beside it.

    A per cent is of what came. Only what was known at each starting point is used.
    """
    first = int(assumed("training"))
    rows: list[tuple[int, float, float, bool, bool]] = []
    origins = range(first, len(history)) if min(history.values) > 0 else range(0)
    for known in origins:
        ahead = min(horizon, len(history) - known)
        line, plain = LINES[method](history.values[:known], ahead), LINES[Method.FLAT](history.values[:known], ahead)
        inner, outer = line.range(INNER), line.range(OUTER)
        for k, came in enumerate(history.values[known : known + ahead]):
            missed, beside = (abs(float(one.likely[k]) - came) / came * 100 for one in (line, plain))
            rows.append((k + 1, missed, beside, inner[0][k] <= came <= inner[1][k], outer[0][k] <= came <= outer[1][k]))
    if not rows:
        return Backtest(method, 0, 0, 0.0, 0.0, (), 0, 0)
    leads = sorted({row[0] for row in rows})
    by_lead = tuple((k, len(of), _mean(of, 1), _mean(of, 2)) for k in leads for of in [[r for r in rows if r[0] == k]])
    within = [sum(bool(row[k]) for row in rows) for k in (3, 4)]
    return Backtest(method, len(origins), len(rows), _mean(rows, 1), _mean(rows, 2), by_lead, *within)


def _mean(rows: Sequence[tuple[int, float, float, bool, bool]], column: int) -> float:
    return sum(row[column] for row in rows) / len(rows)


def _check(history: History, horizon: int, method: Method) -> None:
    where = f"demand of {history.service}"
    if method not in LINES:
        raise DemandError("this method needs movements", where, method.label, "flat or a trend", "use stock_and_flow")
    if not 1 <= horizon <= 20:
        raise DemandError("so many years ahead are not told", where, str(horizon), "from 1 to 20 years")
    if method is Method.TREND and (len(history) < assumed("fewest_for_trend") or min(history.values) <= 0):
        need = f"{assumed('fewest_for_trend'):.0f} years or more, none of them nought"
        raise DemandError("a trend cannot be read from this history", where, f"{len(history)} years", need, "carry it on flat")


def _line(history: History, horizon: int, method: Method) -> Line:
    if min(history.values) <= 0:
        return Line(np.full(horizon, float(history.values[-1])), np.zeros(horizon), 0)
    return LINES[method](history.values, horizon)


def _around(line: Line, share: float) -> tuple[Numbers, Numbers]:
    return line.likely * (1 - share), line.likely * (1 + share)


def _at_least(line: Line, found: tuple[Numbers, Numbers], share: float) -> tuple[Numbers, Numbers]:
    low, high = _around(line, share)
    return np.minimum(found[0], low), np.maximum(found[1], high)


def _plain(values: Numbers) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _span(history: History) -> str:
    return history.years[0] if len(history) == 1 else f"{history.years[0]} to {history.years[-1]}"
