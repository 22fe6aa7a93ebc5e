"""The least and the most that spend, effect, care and its cost can be whatever is decided, by arithmetic alone.

What comes in is a scenario; what goes out are ends: a number, with the promises that it rests on. Every end holds for
every plan that keeps these promises, so what is short by such ends is impossible without asking a solver. An end is
not sharp: services that share one limit are each given all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, Segment, at
from rcs_core.workshop.scenario.rows_service import base_effect

type Place = tuple[str, str, str, int]
"""A preventative service, who pays, where, and the year."""


class End(NamedTuple):
    """The least (or most) that something can be, and the promises without which it could be less (or more)."""

    value: float
    because: frozenset[str] = frozenset()


NOTHING, NO_END = End(0.0), End(inf)


def highest(*ends: End) -> End:
    """The end that says most of a least; of equals the one that rests on fewer promises."""
    return max(ends, key=lambda e: (e.value, -len(e.because)))


def lowest(*ends: End) -> End:
    """The end that says most of a most."""
    return min(ends, key=lambda e: (e.value, len(e.because)))


def total(ends: Iterable[End]) -> End:
    """Ends added up: they rest on all that each rests on."""
    found = list(ends)
    return End(sum(e.value for e in found), frozenset().union(*(e.because for e in found)))


def times(factor: float, end: End) -> End:
    """An end times a number that is not negative; nothing of no end is nothing."""
    return End(factor * end.value, end.because) if factor else NOTHING


def less(end: End, taken: End, promise: str | None = None) -> End:
    """One end less another of the other side, with a promise that this rests on."""
    extra = frozenset((promise,)) if promise else frozenset()
    return End(end.value - taken.value, end.because | taken.because | extra) if taken.value < inf else End(-inf)


def of(family: str, *parts: object) -> frozenset[str]:
    """One promise by its id."""
    return frozenset((f"{family}[{','.join(map(str, parts))}]",))


@dataclass(slots=True)
class Ends:
    """Every end of a scenario. least, most: spend by place; reach_*: effect of reach; stock_*: effect stock by group.

    met: care that is owed by (service, locality, year); places: what it needs; cost: what a responsive service costs by year.
    """

    scenario: Scenario
    least: dict[Place, End] = field(default_factory=dict)
    most: dict[Place, End] = field(default_factory=dict)
    stock_least: dict[Place, End] = field(default_factory=dict)
    stock_most: dict[Place, End] = field(default_factory=dict)
    met: dict[tuple[str, str, int], End] = field(default_factory=dict)
    places: dict[tuple[str, str, int], End] = field(default_factory=dict)
    cost: dict[tuple[str, int], End] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario) -> "Ends":
        """Work out the ends of a scenario: spend first, then effects, need, places and cost."""
        found = cls(scenario)
        for service in scenario.prevention:
            for year in scenario.years:
                _ramps(found, service, year)
                _limits(found, service, year)
        _staff(found)
        for service in scenario.prevention:
            for year in reversed(scenario.years[:-1]):
                _looking_back(found, service, year)
            _effects(found, service)
        for acute in scenario.acute:
            for year in scenario.years:
                _care(found, acute, year)
        return found

    def keys(self, service: Prevention, year: int, agency: str | None = None) -> list[Place]:
        """The places of a service in a year, of one payer or of all."""
        return [(service.id, a, loc, year) for a, loc in service.places() if agency in (None, a)]

    def least_of(self, service: Prevention, year: int, agency: str | None = None) -> End:
        """The least that is spent on a service in a year, by one payer or by all, with what of a floor others cannot fill."""
        mine = self.keys(service, year, agency)
        spent = total(self.least[k] for k in mine)
        if service.floor is None or not mine:
            return spent
        floor = End(at(service.floor, year), of("floor", service.id, year))
        others = [self.most[k] for k in self.keys(service, year) if k not in mine]
        return highest(spent, less(floor, total(others)), NOTHING)

    def most_of(self, service: Prevention, year: int, agency: str | None = None) -> End:
        """The most that can be spent on a service in a year, by one payer or by all."""
        mine = self.keys(service, year, agency)
        return lowest(total(self.most[k] for k in mine), *_tops(self.scenario, service, year)) if mine else NOTHING


def _tops(scenario: Scenario, service: Prevention, year: int) -> list[End]:
    """What limits a service as a whole: a promised limit, where its response ends, and staff."""
    tops = [End(sum(width_in(service, loc) for loc in {loc for _, loc in service.places()}))]
    if service.capacity is not None:
        tops.append(End(at(service.capacity, year), of("capacity", service.id, year)))
    each = [(s.per_pound.get(service.id, 0.0), at(s.available, year)) for s in scenario.workforce]
    return tops + [End(there / per_pound) for per_pound, there in each if per_pound > 0]


def width_in(service: Prevention, locality: str, groups: Iterable[str] | None = None) -> float:
    """How much reach a service's response takes in a locality, of some groups or of all."""
    asked = service.segments if groups is None else [g for g in groups if g in service.segments]
    found = [seg.width for g in asked for seg in service.segments[g].get(locality, ())]
    return inf if any(w is None for w in found) else sum(w for w in found if w is not None)


def _ramps(ends: Ends, service: Prevention, year: int) -> None:
    """How far spend can be from the year before."""
    for key in ends.keys(service, year):
        _, agency, locality, _ = key
        start = End(service.agencies[agency][locality])
        low, high = (ends.least[(*key[:3], year - 1)], ends.most[(*key[:3], year - 1)]) if year > 1 else (start, start)
        ends.least[key], ends.most[key] = NOTHING, NO_END
        if service.ramp_down is not None:
            kept = (1 - at(service.ramp_down, year)) * low.value
            ends.least[key] = highest(NOTHING, End(kept, low.because | of("rampdn", *key)))
        if (service.ramp_up is not None or service.ramp_abs is not None) and high.value < inf:
            grown = (1 + at(service.ramp_up or 0.0, year)) * high.value + at(service.ramp_abs or 0.0, year)
            ends.most[key] = End(grown, high.because | of("rampup", *key))


def _limits(ends: Ends, service: Prevention, year: int) -> None:
    """What a floor or a limit of the whole service leaves to one place, given what the other places can or must spend."""
    keys = ends.keys(service, year)
    for key in keys:
        others = total(ends.least[k] for k in keys if k != key)
        ends.most[key] = lowest(ends.most[key], *(less(top, others) for top in _tops(ends.scenario, service, year)))
        near = total(ends.least[k] for k in keys if k != key and k[2] == key[2])
        ends.most[key] = lowest(ends.most[key], less(End(width_in(service, key[2])), near))
    if service.floor is not None:
        floor = End(at(service.floor, year), of("floor", service.id, year))
        for key in keys:
            rest = total(ends.most[k] for k in keys if k != key)
            ends.least[key] = highest(ends.least[key], less(floor, rest))


def _staff(ends: Ends) -> None:
    """What staff leave to one service when every other has the least that it must have."""
    for staff in ends.scenario.workforce:
        taken = [(s, w) for s in ends.scenario.prevention if (w := staff.per_pound.get(s.id, 0.0)) > 0]
        for year in ends.scenario.years:
            used = total(times(w, ends.least_of(s, year)) for s, w in taken)
            free = less(End(at(staff.available, year)), used)
            for service, weight in taken:
                for key in ends.keys(service, year):
                    own = ends.least_of(service, year)
                    ends.most[key] = lowest(ends.most[key], End(own.value + free.value / weight, free.because | own.because))


def _looking_back(ends: Ends, service: Prevention, year: int) -> None:
    """What next year's least and most ask of this year, since ramps join them."""
    up, extra = at(service.ramp_up or 0.0, year + 1), at(service.ramp_abs or 0.0, year + 1)
    for key in ends.keys(service, year):
        after = (*key[:3], year + 1)
        if service.ramp_up is not None or service.ramp_abs is not None:
            needed = (ends.least[after].value - extra) / (1 + up)
            ends.least[key] = highest(ends.least[key], End(needed, ends.least[after].because | of("rampup", *after)))
        if service.ramp_down is not None and (kept := 1 - at(service.ramp_down, year + 1)) > 0:
            ends.most[key] = lowest(
                ends.most[key], End(ends.most[after].value / kept, ends.most[after].because | of("rampdn", *after))
            )


def _effects(ends: Ends, service: Prevention) -> None:
    """The least and the most effect stock of each group, from the least and the most that reaches it."""
    for group, locality in service.reach():
        segments, base = service.segments[group][locality], base_effect(service, group, locality)
        others = width_in(service, locality, [g for g in service.segments if g != group])
        low = high = NOTHING
        for year in ends.scenario.years:
            low, high = times(service.retention, low), times(service.retention, high)
            if (bought := year - service.lag) >= 1:
                here = [k for k in ends.keys(service, bought) if k[2] == locality]
                reach = less(total(ends.least[k] for k in here), End(others)) if others < inf else NOTHING
                low = _plus(low, _effect(segments[::-1], highest(reach, NOTHING))[0], base)
                effect, room = _effect(segments, total(ends.most[k] for k in here))
                high = _plus(high, effect if room else End(effect.value), base)
            ends.stock_least[service.id, group, locality, year] = low
            ends.stock_most[service.id, group, locality, year] = high


def _plus(stock: End, effect: End, base: float) -> End:
    return End(stock.value + effect.value - base, stock.because | effect.because)


def _effect(segments: Iterable[Segment], reach: End) -> tuple[End, bool]:
    """The effect of reach that fills segments in the order given, and whether more reach would do more."""
    left, effect, room = reach.value, 0.0, False
    for width, slope in segments:
        used = left if width is None else min(left, width)
        effect += slope * used if slope else 0.0
        room = room or (slope > 0 and (width is None or used < width))
        left = left - used if used < inf else 0.0
    return End(effect, reach.because), room


def _care(ends: Ends, service: Responsive, year: int) -> None:
    """The least care that is owed in a year, the places that it needs, and what they cost."""
    costs = []
    for locality in service.demand:
        key = (service.id, locality, year)
        ends.met[key] = total(_owed(ends, service, group, locality, year) for group in service.demand[locality])
        start = service.capacity_before(locality)
        before = ends.places[service.id, locality, year - 1] if year > 1 else End(start)
        ends.places[key] = highest(times(1 - at(service.decommission_max, year), before), ends.met[key])
        opened = times(at(service.new_cost, year), highest(NOTHING, less(ends.places[key], End(start)))) if year == 1 else NOTHING
        unit, cashable = at(service.unit_cost, year), at(service.cashable, year)
        costs += [times(unit * cashable, ends.met[key]), times(unit * (1 - cashable), ends.places[key]), opened]
    floor = [] if service.floor is None else [End(at(service.floor, year), of("floor", service.id, year))]
    ends.cost[service.id, year] = highest(total(costs), *floor)


def _owed(ends: Ends, service: Responsive, group: str, locality: str, year: int) -> End:
    """The least care that a group is owed: its need less the most that can be prevented; nothing where need may go unmet."""
    if service.penalty is not None:
        return NOTHING
    need = service.need(group, locality, year)
    acting = [s for s in ends.scenario.prevention if service.id in s.acts_on]
    effects = [(s.acts_on[service.id], ends.stock_most.get((s.id, group, locality, year), NOTHING)) for s in acting]
    most = lowest(End(at(service.preventable, year) * need), total(times(w, e) for w, e in effects))
    return highest(NOTHING, End(need - most.value, most.because | of("need", service.id, group, locality, year)))
