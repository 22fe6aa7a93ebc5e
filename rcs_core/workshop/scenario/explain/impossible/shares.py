"""Shares, fairness and the outcome asked for, against the most that money, ramps and responses can give.

What comes in are the ends of a scenario and its purses; what goes out are targets out of reach. Each most is worked out
with every pound where it counts most, so that no plan can have more.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from math import inf
from typing import NamedTuple

from rcs_core.workshop.scenario.explain.impossible.ends import NOTHING, End, Ends, highest, less, lowest, of, total, width_in
from rcs_core.workshop.scenario.explain.impossible.purse_sums import Purses
from rcs_core.workshop.scenario.explain.impossible.shortfall import Kind, Line, Shortfall, missing
from rcs_core.workshop.scenario.format import Equity, Gap, GroupShare, LocalityBand, Scenario, at
from rcs_core.workshop.scenario.objective import worth
from rcs_core.workshop.scenario.result import Repair
from rcs_core.workshop.scenario.wording import SHARE

_HALVINGS = 60


def shortfalls(ends: Ends, purses: Purses) -> Iterator[Shortfall]:
    """Every share, fairness rule and outcome that is out of reach."""
    scenario = ends.scenario
    for year in scenario.years:
        if scenario.share_penalty is None and (share := scenario.share_of(year)):
            yield from _share(ends, purses, year, share)
        for rule in scenario.equity:
            yield from _fair(ends, rule, year)
        yield from _sums(ends, year)
    target = scenario.objective.outcome_target
    if target is not None:
        yield from _outcome(ends, purses, target)


class _Room(NamedTuple):
    """What an agency can spend on a service beyond its least, and what a pound of it counts in full."""

    agency: str
    counts: float
    least: End
    most: End


def _share(ends: Ends, purses: Purses, year: int, share: float) -> Iterator[Shortfall]:
    """The preventative share asked for, against the most that purses leave beside the least that care costs."""
    scenario = ends.scenario
    care = total(ends.cost[a.id, year] for a in scenario.acute)
    rooms = [_Room(a, s.q, ends.least_of(s, year, a), ends.most_of(s, year, a)) for s in scenario.prevention for a in s.agencies]
    free = {a.id: purses.free(a, year) for a in scenario.agencies if any(r.agency == a.id for r in rooms)}

    def over(asked: float) -> float:
        return _over(asked, rooms, free) - asked * care.value

    if missing(over(share) + care.value, care.value):
        most = _turns(over, share)
        used = [care, *free.values(), *(r.least for r in rooms), *(r.most for r in rooms)]
        promises = total(e for e in used if e.value < inf).because | of("share", year)
        repair = Repair(f"share[{year}]", most - share, SHARE)
        has = (Line("most", "", most), Line("care", "", care.value))
        yield Shortfall(Kind.SHARE, (), year, most, share, repair, tuple(sorted(promises)), has)


def _over(asked: float, rooms: list[_Room], free: dict[str, End]) -> float:
    """The most by which what counts of prevention can pass a share of it: the best pounds first, as far as each purse goes."""
    surplus = sum((r.counts - asked) * r.least.value for r in rooms)
    left = {a: max(0.0, end.value - sum(r.least.value for r in rooms if r.agency == a)) for a, end in free.items()}
    for room in sorted((r for r in rooms if r.counts > asked), key=lambda r: -r.counts):
        used = min(max(0.0, room.most.value - room.least.value), left[room.agency])
        if used == inf:
            return inf
        surplus, left[room.agency] = surplus + used * (room.counts - asked), left[room.agency] - used
    return surplus


def _turns(over: Callable[[float], float], high: float) -> float:
    """The largest share that is not passed over: `over` falls as the share rises."""
    low = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if over(middle) >= 0 else (low, middle)
    return high


def _fair(ends: Ends, rule: Equity, year: int) -> Iterator[Shortfall]:
    if isinstance(rule, GroupShare):
        found = _group(ends, rule, year)
    elif isinstance(rule, LocalityBand):
        found = _band(ends, rule, year)
    else:
        found = _gap(ends, rule, year)
    if found is not None:
        yield found


def _group(ends: Ends, rule: GroupShare, year: int) -> Shortfall | None:
    """The share of reach asked for some groups, against what their responses take beside what must go elsewhere."""
    inside, outside = [], []
    for service in ends.scenario.prevention:
        for locality in {loc for _, loc in service.places()}:
            keys = [k for k in ends.keys(service, year) if k[2] == locality]
            width = End(width_in(service, locality, rule.groups))
            inside.append(lowest(width, total(ends.most[k] for k in keys)))
            outside.append(highest(NOTHING, less(total(ends.least[k] for k in keys), width)))
    asked, most = at(rule.min, year), _part(at(rule.min, year), total(inside), total(outside))
    if most is None:
        return None
    return _unfair(rule.id, year, most, asked, most.value - asked, SHARE)


def _band(ends: Ends, rule: LocalityBand, year: int) -> Shortfall | None:
    """A locality's share of spend, against the most that can be spent there beside the least that is spent elsewhere."""
    keys, worst = [k for s in ends.scenario.prevention for k in ends.keys(s, year)], None
    for locality, need in rule.need_share.items():
        inside, outside = total(ends.most[k] for k in keys if k[2] == locality), [k for k in keys if k[2] != locality]
        asked = (1 - at(rule.eps, year)) * need
        most = _part(asked, inside, total(ends.least[k] for k in outside))
        if most is not None and (worst is None or asked - most.value > worst.short):
            worst = _unfair(rule.id, year, most, asked, 1 - most.value / need - at(rule.eps, year), SHARE)
    return worst


def _part(asked: float, inside: End, outside: End) -> End | None:
    """The most that one part can be of the whole, where that is less than is asked for."""
    if outside.value <= 0 or inside.value == inf or not missing((1 - asked) * inside.value, asked * outside.value):
        return None
    return End(max(0.0, inside.value) / (max(0.0, inside.value) + outside.value), inside.because | outside.because)


def _gap(ends: Ends, rule: Gap, year: int) -> Shortfall | None:
    """The least that a gap can be, against the most that it may be."""
    low, because = 0.0, frozenset[str]()
    for service in ends.scenario.prevention:
        for group, locality in service.reach():
            if weight := rule.per_child.get(group, 0.0):
                side = ends.stock_least if weight > 0 else ends.stock_most
                end = side[service.id, group, locality, year]
                low, because = low + weight * end.value, because | end.because
    most = at(rule.max, year)
    return _unfair(rule.id, year, End(most, because), low, low - most, "units of effect") if missing(most, low) else None


def _sums(ends: Ends, year: int) -> Iterator[Shortfall]:
    """Shares of reach asked for groups apart that come to more than all of it."""
    rules = [r for r in ends.scenario.equity if isinstance(r, GroupShare)]
    spent = total(ends.least_of(s, year) for s in ends.scenario.prevention)
    for some in (found for size in range(2, len(rules) + 1) for found in combinations(rules, size)):
        apart = sum(len(set(r.groups)) for r in some) == len({g for r in some for g in r.groups})
        asked = sum(at(r.min, year) for r in some)
        if apart and missing(1.0, asked) and missing(0.0, spent.value * (asked - 1)):
            names = tuple(r.id for r in some)
            promises = spent.because.union(*(of("equity", one, year) for one in names))
            repair = Repair(f"equity[{names[0]},{year}]", 1.0 - asked, SHARE)
            asks = tuple(Line("equity", r.id, at(r.min, year)) for r in some)
            yield Shortfall(Kind.EQUITY, names, year, 1.0, asked, repair, tuple(sorted(promises)), (), asks)
            return


def _unfair(rule: str, year: int, most: End, asked: float, change: float, unit: str) -> Shortfall:
    promises = tuple(sorted(most.because | of("equity", rule, year)))
    repair = Repair(f"equity[{rule},{year}]", change, unit)
    return Shortfall(Kind.EQUITY, (rule,), year, most.value, asked, repair, promises)


def _outcome(ends: Ends, purses: Purses, target: float) -> Iterator[Shortfall]:
    """The outcome asked for, against the most of every year: the best response first, as far as money and limits go."""
    each = [_outcome_in(ends, purses, year) for year in ends.scenario.years]
    most = total(each)
    if missing(most.value, target):
        repair = Repair("outcome_target", most.value - target, "units of outcome")
        promises = tuple(sorted(most.because | {"outcome_target"}))
        has = tuple(Line("year", str(year), end.value) for year, end in zip(ends.scenario.years, each, strict=True))
        yield Shortfall(Kind.OUTCOME, (), 0, most.value, target, repair, promises, has)


def _outcome_in(ends: Ends, purses: Purses, year: int) -> End:
    scenario = ends.scenario
    payers = [a for a in scenario.agencies if any(a.id in s.agencies for s in scenario.prevention)]
    tops = {s.id: ends.most_of(s, year) for s in scenario.prevention}
    free = total(purses.free(a, year) for a in payers)
    money, room, gained = free.value, {sid: end.value for sid, end in tops.items()}, 0.0
    for each, width, service in sorted(_stretches(scenario, year), reverse=True):
        used = max(0.0, min(width, room[service], money))
        if each <= 0:
            break
        if used == inf:
            return End(inf)
        gained, room[service], money = gained + each * used, room[service] - used, money - used
    used_up = [end for end in (free, *tops.values()) if end.value < inf]
    return End(gained, total(used_up).because)


def _stretches(scenario: Scenario, year: int) -> Iterator[tuple[float, float, str]]:
    """What a pound is worth in each stretch of each response, and how many pounds it takes."""
    weight = {g.id: g.weight for g in scenario.groups}
    for service in scenario.prevention:
        for group, locality in service.reach():
            for width, slope in service.segments[group][locality]:
                value = service.outcome * worth(scenario, service, year) * weight[group] * slope
                yield value, inf if width is None else width, service.id
