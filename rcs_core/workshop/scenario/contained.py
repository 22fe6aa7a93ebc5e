"""Whether the plan of a larger purse holds all that the plan of a smaller one does, and what keeping it would cost.

A larger plan contains a smaller one when every service is given at least as much in every year. Several plans may be as
good, so where the one that is shown gives some service less, the larger scenario is solved again with the smaller plan
as a floor: if nothing is lost by it, the larger plan can contain the smaller one, and does not happen to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rcs_core.workshop.scenario.format import Prevention, Scenario, at
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.session import Status

type Paths = dict[str, list[float]]
_UNLIMITED = 1e9
"""A capacity that limits nothing: it only makes a row, so that a limit is a change of numbers."""
_ROUNDING = 1e-6
_LEEWAY = 1e-9


@dataclass(frozen=True, slots=True)
class Contained:
    """A smaller plan against a larger one.

    shown: whether the larger plan as it stands gives every service as much. can: whether a plan as good as it does.
    lost: what the objective loses by keeping all of the smaller plan (None: it cannot be kept). falls, rises: by service,
    spend in the last year, and where that is the same over all years, that the larger plan gives less and more.
    """

    shown: bool
    can: bool
    lost: float | None = 0.0
    falls: Mapping[str, float] = field(default_factory=dict)
    rises: Mapping[str, float] = field(default_factory=dict)


def paths(scenario: Scenario, result: Result) -> Paths:
    """Spend on each preventative service by year, over all who pay and everywhere."""
    found: Paths = {s.id: [0.0] * scenario.horizon for s in scenario.prevention}
    for line in result.spend:
        found[line.service][line.year - 1] += line.amount
    return found


def widened(scenario: Scenario) -> Scenario:
    """The same scenario with a floor and a capacity for every preventative service, so that either can be edited hot."""
    return replace(scenario, prevention=tuple(_limited(service) for service in scenario.prevention))


def _limited(service: Prevention) -> Prevention:
    floor, capacity = service.floor or 0.0, _UNLIMITED if service.capacity is None else service.capacity
    return replace(service, floor=floor, capacity=capacity)


def with_floors(scenario: Scenario, least: Mapping[str, list[float]]) -> Scenario:
    """The scenario with spend by service and year as a floor, where that is more than its own."""
    return replace(scenario, prevention=tuple(_raised(s, least[s.id]) if s.id in least else s for s in scenario.prevention))


def _raised(service: Prevention, least: list[float]) -> Prevention:
    own = service.floor or 0.0
    return replace(service, floor=tuple(max(at(own, t), v * (1 - _LEEWAY)) for t, v in enumerate(least, start=1)))


def contains(smaller: Paths, larger: Scenario, result: Result, session: HotSession | None = None) -> Contained:
    """Whether the plan of `larger` contains a smaller one; `session`, where given, is hot on widened scenarios."""
    now = paths(larger, result)
    less = {s: smaller[s][-1] - now[s][-1] or 0.0 for s in smaller}
    over = {s: sum(smaller[s]) - sum(now[s]) for s in smaller}
    moved = {s: v if abs(v) > _small(smaller[s]) else over[s] for s, v in less.items()}
    falls = {s: v for s, v in moved.items() if v > _small(smaller[s])}
    rises = {s: -v for s, v in moved.items() if -v > _small(smaller[s])}
    if all(was - is_ <= _small(smaller[s]) for s in smaller for was, is_ in zip(smaller[s], now[s], strict=True)):
        return Contained(True, True, 0.0, falls, rises)
    wide = widened(larger)
    kept = (session or HotSession(wide)).edit(with_floors(wide, smaller))
    if kept.status is not Status.OPTIMAL:
        return Contained(False, False, None, falls, rises)
    lost = abs(float(result.objective or 0.0) - float(kept.objective or 0.0))
    can = lost <= _ROUNDING * (1 + abs(float(result.objective or 0.0)))
    return Contained(False, can, 0.0 if can else lost, falls, rises)


def _small(path: list[float]) -> float:
    return _ROUNDING * (1 + max(path, default=0.0))
