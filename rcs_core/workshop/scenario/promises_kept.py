"""Which promises a plan breaks, and by how much: every promise of the programme evaluated on the plan, without a solver.

What comes in is the programme of a scenario and a plan as it was carried out; what goes out is every promise (and every
limit that is no promise) that does not hold, with the amount by which it is missed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rcs_core.workshop.scenario.fixed_plan import FixedPlan, whom
from rcs_core.workshop.scenario.format import Pool, Prevention, Scenario, at
from rcs_core.workshop.scenario.magnitude import Vector
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import Key, Model, RowAbout
from rcs_core.workshop.scenario.simulate import Simulated

_LIMITS = ("workforce", "scale")
_ROUNDING = 1e-6
"""A promise missed by less than this, against the terms that it is the sum of, is kept."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One promise that a plan breaks.

    promise: its id, or the name of a limit that is no promise (`promised` is False). about: the parts of its name, the
    year last. by: how much is missing or too much, in the unit of the promise; of a share, the share that is missing.
    """

    promise: str
    family: str
    about: tuple[str, ...]
    by: float
    promised: bool = True

    @property
    def year(self) -> int:
        """The year that it is about; 0 for the whole plan."""
        return int(self.about[-1]) if self.about else 0


def broken(model: Model, matrix: Matrix, plan: FixedPlan, found: Simulated) -> tuple[Broken, ...]:
    """Every promise and limit of a programme that a plan breaks, in the order of the programme."""
    values = values_of(model, plan, found)
    sums, size = matrix.a @ values, abs(matrix.a) @ np.abs(values)
    over = np.maximum(matrix.row_low - sums, sums - matrix.row_high)
    bound = np.maximum(_finite(matrix.row_low), _finite(matrix.row_high))
    missed: dict[str, tuple[RowAbout, float]] = {}
    for row in np.flatnonzero(over > _ROUNDING * (1 + bound + size)):
        about = model.rows[row]
        if about.promised or about.family in _LIMITS:
            before = missed.get(about.name, (about, 0.0))[1]
            by = _by(about, float(over[row]), values)
            missed[about.name] = about, before + by if about.family == "capacity" else max(before, by)
    return tuple(Broken(name, about.family, about.parts, by, about.promised) for name, (about, by) in missed.items())


def _finite(bound: Vector) -> Vector:
    return np.where(np.isfinite(bound), np.abs(bound), 0.0)


def _by(about: RowAbout, over: float, values: Vector) -> float:
    """How much a row is missed by; of a promised share, the fall of the share that the plan would keep."""
    if about.tilt is None:
        return over
    whole = sum(weight * float(values[column]) for column, weight in about.tilt.terms)
    return over / whole if whole > 0 else over


def values_of(model: Model, plan: FixedPlan, found: Simulated) -> Vector:
    """The columns of the programme as a plan has them; what a purse is short of is nobody's column, so its row shows it."""
    values, read = np.zeros(len(model.column)), _Reader(model, plan, found)
    for family, columns in model.vars.items():
        value = read.families[family]
        for key, column in columns.items():
            values[column] = value(key)
    return values


class _Reader:
    """What each column of a programme is in a plan; a key names the year last."""

    def __init__(self, model: Model, plan: FixedPlan, found: Simulated) -> None:
        self.scenario, self.plan, self.found = model.scenario, plan, found
        self.services, self.acute = model.preventative, model.responsive
        self.reach = {s.id: whom(model.scenario, s, plan) for s in model.scenario.prevention}
        self.families: Mapping[str, Callable[[Key], float]] = {
            "x": self._spend, "z": self._segment,
            "Q": lambda k: self._of(found.stock, k), "r": lambda k: self._of(found.reduction, k),
            "m": lambda k: self._of(found.met, k), "u": lambda k: self._of(found.unmet, k),
            "cap": lambda k: self._of(found.capacity, k), "F": lambda k: self._of(found.cost, k),
            "opened": lambda k: max(0.0, self._opened(k)), "closed": lambda k: max(0.0, -self._opened(k)),
            "up": lambda k: max(0.0, self._step(k)), "down": lambda k: max(0.0, -self._step(k)),
            "under": lambda k: self._purse(k, "underspend"), "leak": lambda k: self._purse(k, "leaked"),
            "carry": lambda k: self._purse(k, "carried"), "contrib": self._contributed, "draw": self._drawn,
            "seeded": self._seeded, "short": self._short, "runs": self._runs, "full": self._full,
        }  # fmt: skip

    @staticmethod
    def _of(arrays: Mapping[Any, Vector], key: Key) -> float:
        line = arrays[key[:-1]]
        return float(line[0, int(key[-1]) - 1])

    def _spend(self, key: Key) -> float:
        service, agency, locality, year = key
        line = self.plan.spend.get((str(service), str(agency), str(locality)))
        return 0.0 if line is None else float(line[int(year) - 1])

    def _step(self, key: Key) -> float:
        service, agency, locality, year = key
        if int(year) > 1:
            return self._spend(key) - self._spend((service, agency, locality, int(year) - 1))
        return self._spend(key) - self.services[str(service)].agencies[str(agency)][str(locality)]

    def _segment(self, key: Key) -> float:
        service, group, locality, k, year = key
        left = float(self.reach[str(service)][str(group), str(locality)][int(year) - 1])
        for index, (width, _) in enumerate(self.services[str(service)].segments[str(group)][str(locality)]):
            used = left if width is None else min(left, width)
            if index == k:
                return used
            left -= used
        return 0.0

    def _full(self, key: Key) -> float:
        service, group, locality, k, _ = key
        width = self.services[str(service)].segments[str(group)][str(locality)][int(k)].width
        return float(width is None or self._segment(key) >= width * (1 - _ROUNDING))

    def _runs(self, key: Key) -> float:
        service: Prevention = self.services[str(key[0])]
        return float(any(self._spend((service.id, a, loc, key[-1])) > _ROUNDING for a, loc in service.places()))

    def _opened(self, key: Key) -> float:
        service, locality, year = key
        before = self.acute[str(service)].capacity_before(str(locality))
        if int(year) > 1:
            before = self._of(self.found.capacity, (service, locality, int(year) - 1))
        return self._of(self.found.capacity, key) - before

    def _purse(self, key: Key, part: str) -> float:
        line: Vector = getattr(self.found.purses[str(key[0])], part)
        return float(line[0, int(key[-1]) - 1])

    def _contributed(self, key: Key) -> float:
        line = self.plan.contributed.get((str(key[0]), str(key[1])))
        return 0.0 if line is None else float(line[int(key[-1]) - 1])

    def _drawn(self, key: Key) -> float:
        """What is drawn of what was planned: no more than is spent on what the pool funds."""
        planned = self.plan.drawn.get((str(key[0]), str(key[1])))
        pool = next(p for p in self.scenario.pools if p.id == key[0])
        funded = sum(self._paid(service, str(key[1]), int(key[-1])) for service in dict.fromkeys(pool.draw[str(key[1])]))
        return 0.0 if planned is None else min(float(planned[int(key[-1]) - 1]), funded)

    def _paid(self, service: str, agency: str, year: int) -> float:
        if service in self.services:
            places = [loc for a, loc in self.services[service].places() if a == agency]
            return sum(self._spend((service, agency, loc, year)) for loc in places)
        acute = self.acute[service]
        return acute.payer.get(agency, 0.0) * sum(self._of(self.found.cost, (service, loc, year)) for loc in acute.demand)

    def _seeded(self, key: Key) -> float:
        pool: Pool = next(p for p in self.scenario.pools if p.id == key[0])
        year = int(key[-1])
        asked = sum(self._drawn((pool.id, a, year)) for a in pool.draw) - sum(
            self._contributed((pool.id, a, year)) for a in pool.contrib_max
        )
        return min(max(0.0, asked), at(pool.seed, year))

    def _short(self, key: Key) -> float:
        """What is missing of a share target that is priced, in the money of its row."""
        year = int(key[-1])
        share, scenario = self.scenario.share_of(year) or 0.0, self.scenario
        lines = [(s.q - share, self._spend((s.id, a, loc, year))) for s in scenario.prevention for a, loc in s.places()]
        lines += [(-share, self._of(self.found.cost, (d.id, loc, year))) for d in scenario.acute for loc in d.demand]
        return max(0.0, -sum(weight * amount for weight, amount in lines))


def counted(scenario: Scenario, missed: Iterable[Broken]) -> tuple[Broken, ...]:
    """The promises that a plan breaks, as they count at the depth of a scenario.

    Where a shift is only discussed, the path that was stated is no promise: a service may have less than it, but not less
    than today where it must keep that, and it may grow as fast as it likes.
    """
    if scenario.depth != "discuss":
        return tuple(missed)
    services = {s.id: s for s in scenario.prevention}
    found = []
    for one in missed:
        if one.family == "floor" and one.about[0] in services:
            service = services[one.about[0]]
            now = sum(sum(by.values()) for by in service.agencies.values())
            short = now - (at(service.floor or 0.0, one.year) - one.by)
            found += [replace(one, by=short)] if short > _ROUNDING * (1 + now) else []
        elif one.family != "rampup":
            found.append(one)
    return tuple(found)


def how_many(missed: Iterable[Broken]) -> int:
    """How many promises, each counted once whatever the years in which it is broken."""
    return len({(one.family, one.about[:-1]) for one in missed})


def beyond(scenario: Scenario, plan: FixedPlan) -> dict[tuple[str, int], float]:
    """Spend that lies beyond a service's response, by service and year: it buys nothing here."""
    left: dict[tuple[str, int], float] = {}
    for service in scenario.prevention:
        for (group, locality), line in whom(scenario, service, plan).items():
            widths = [width for width, _ in service.segments[group][locality]]
            if any(width is None for width in widths):
                continue
            over = line - sum(width for width in widths if width is not None)
            for year in np.flatnonzero(over > _ROUNDING * (1 + line)):
                key = service.id, int(year) + 1
                left[key] = left.get(key, 0.0) + float(over[year])
    return left
