"""A plan of one's own, from what a room types: spend by service and year made into a whole plan that can be carried out.

Who pays for a service, and where, stays in proportion: as in the plan that it starts from, else as today. Money that a
purse lacks comes from its own reserves, then from pools, as far as the scenario lets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.draws import Array
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, Lines
from rcs_core.workshop.scenario.format import Prevention, Scenario, at
from rcs_core.workshop.scenario.simulate import Simulated, simulate

type Table = Mapping[str, Sequence[float]]
"""Spend by service: one amount a year, all payers and localities together."""

_SAME = 1e-9
_LITTLE = 0.01
"""A change by less than this share of today's spend has no steps to keep."""
_PLENTY = 2.0
"""How many times today's spend a control goes up to where nothing says how much a service can use (it may be typed higher)."""


def today(scenario: Scenario) -> dict[str, tuple[float, ...]]:
    """Spend as it is, in every year."""
    return {s.id: (start(s),) * scenario.horizon for s in scenario.prevention}


def start(service: Prevention) -> float:
    """What a service costs before the plan."""
    return sum(sum(by.values()) for by in service.agencies.values())


def table_of(scenario: Scenario, plan: FixedPlan) -> dict[str, tuple[float, ...]]:
    """A plan as spend by service and year."""
    found = {s.id: np.zeros(scenario.horizon) for s in scenario.prevention}
    for (service, _, _), line in plan.spend.items():
        found[service] = found[service] + line
    return {service: tuple(line.tolist()) for service, line in found.items()}


def ramped(scenario: Scenario, service: str, last: float) -> tuple[float, ...]:
    """Spend that goes in equal steps from today's to an amount in the last year."""
    now = start(next(s for s in scenario.prevention if s.id == service))
    return tuple(now + (last - now) * year / scenario.horizon for year in scenario.years)


def towards(scenario: Scenario, service: str, line: Sequence[float], last: float) -> tuple[float, ...]:
    """A line of spend brought to another amount in the last year, its steps kept in proportion: a small change stays small.

    Where it does not change today's spend by the last year, it goes in equal steps.
    """
    now = start(next(s for s in scenario.prevention if s.id == service))
    change = line[-1] - now
    if abs(change) <= _LITTLE * now:
        return ramped(scenario, service, last)
    return tuple(max(0.0, now + (amount - now) * (last - now) / change) for amount in line)


def most(service: Prevention, planned: float = 0.0) -> float:
    """The end of a control: what a service can use, or twice today's spend where nothing says; never less than is planned."""
    widths = [width for by in service.segments.values() for segments in by.values() for width, _ in segments]
    ends = sum(w for w in widths if w is not None) if all(w is not None for w in widths) else _PLENTY * start(service)
    return max(ends, planned, start(service))


def plan_from(scenario: Scenario, table: Table, like: FixedPlan | None = None) -> FixedPlan:
    """The whole plan of spend by service and year; a service that is not named stays as today.

    like: the plan that it started from. Where every service has that plan's spend it is that plan.
    Raises ScenarioError for an unknown service, a wrong number of years or spend below nothing.
    """
    asked = {**today(scenario), **table}
    _check(scenario, asked)
    before = table_of(scenario, like) if like else {}
    same = {s for s, line in asked.items() if s in before and np.allclose(line, before[s], rtol=_SAME, atol=_SAME)}
    if like and same == set(asked):
        return like
    spend: dict[tuple[str, ...], Array] = {}
    reach: dict[tuple[str, ...], Array] = {}
    for service in scenario.prevention:
        if like and service.id in same:
            spend |= {key: line for key, line in like.spend.items() if key[0] == service.id}
            reach |= {key: line for key, line in like.reach.items() if key[0] == service.id}
        else:
            spend |= _shared_out(scenario, service, np.array(asked[service.id], dtype=float), like)
    return with_money(scenario, FixedPlan(spend, reach))


def _check(scenario: Scenario, table: Table) -> None:
    known = {s.id for s in scenario.prevention}
    if unknown := sorted(set(table) - known):
        raise ScenarioError(
            "a plan for what is no preventative service", "the plan", ", ".join(unknown), ", ".join(sorted(known))
        )
    for service, line in table.items():
        if len(line) != scenario.horizon:
            raise ScenarioError("a plan with other years", f"the plan, {service}", str(len(line)), f"{scenario.horizon} amounts")
        if not all(np.isfinite(v) and v >= 0 for v in line):
            raise ScenarioError("spend that cannot be", f"the plan, {service}", str(list(line)), "amounts of nothing or more")


def _shared_out(scenario: Scenario, service: Prevention, line: Array, like: FixedPlan | None) -> Lines:
    """Spend shared out over payers and places as in the plan it started from; where that spends nothing, as today's is."""
    now, places = start(service), service.places()
    none = np.zeros(scenario.horizon)
    then = {place: like.spend.get((service.id, *place), none) if like else none for place in places}
    whole = sum(then.values(), none)
    found: dict[tuple[str, ...], Array] = {}
    for agency, locality in places:
        share = service.agencies[agency][locality] / now if now > 0 else 1 / len(places)
        shares = np.divide(then[agency, locality], whole, out=np.full(scenario.horizon, share), where=whole > _SAME)
        found[service.id, agency, locality] = line * shares
    return found


def with_money(scenario: Scenario, plan: FixedPlan) -> FixedPlan:
    """The plan with what its purses lack taken from their own reserves, and then from pools."""
    bare = replace(plan, contributed={}, drawn={}, carried={})
    carried = _reserves(scenario, simulate(scenario, bare))
    kept = replace(bare, carried=carried)
    return _from_pools(scenario, kept, simulate(scenario, kept)) if scenario.pools else kept


def _reserves(scenario: Scenario, found: Simulated) -> dict[tuple[str, ...], Array]:
    """What each agency carries forward: what a later year of its own lacks, as far as it may."""
    carried: dict[tuple[str, ...], Array] = {}
    for agency in scenario.agencies:
        if agency.id not in found.purses or not any(at(agency.reserve_max, t) for t in scenario.years):
            continue
        purse, line, lacking = found.purses[agency.id], np.zeros(scenario.horizon), 0.0
        left = purse.underspend[0] - purse.shortfall[0]
        for year in reversed(scenario.years):
            line[year - 1] = min(lacking, at(agency.reserve_max, year)) if year < scenario.horizon else 0.0
            lacking = max(0.0, line[year - 1] - float(left[year - 1]))
        carried[(agency.id,)] = line
    return carried


def _from_pools(scenario: Scenario, plan: FixedPlan, found: Simulated) -> FixedPlan:
    """What purses lack drawn from the pools that may pay for it: partners' own money first, then money from elsewhere."""
    years = scenario.horizon
    lacking = {a: p.shortfall[0].copy() for a, p in found.purses.items()}
    spare = {a: p.underspend[0].copy() for a, p in found.purses.items()}
    contributed: dict[tuple[str, ...], Array] = {}
    drawn: dict[tuple[str, ...], Array] = {}
    for pool in scenario.pools:
        for agency in pool.contrib_max:
            contributed[pool.id, agency] = np.zeros(years)
        seed = np.array([at(pool.seed, t) for t in scenario.years])
        for agency, services in pool.draw.items():
            short = lacking.get(agency, np.zeros(years))
            wanted = np.minimum(short, _funded(scenario, plan, found, agency, services))
            given = np.zeros(years)
            for payer, limit in pool.contrib_max.items():
                room = np.array([at(limit, t) for t in scenario.years]) - contributed[pool.id, payer]
                gift = np.minimum(wanted - given, np.minimum(room, spare.get(payer, np.zeros(years))))
                contributed[pool.id, payer] += gift
                spare[payer] = spare.get(payer, np.zeros(years)) - gift
                given = given + gift
            outside = np.minimum(wanted - given, seed)
            seed = seed - outside
            drawn[pool.id, agency] = given + outside
            lacking[agency] = short - drawn[pool.id, agency]
    return replace(plan, contributed=contributed, drawn=drawn)


def _funded(scenario: Scenario, plan: FixedPlan, found: Simulated, agency: str, services: Sequence[str]) -> Array:
    """What an agency spends on the services that a pool may pay for."""
    total, payers = np.zeros(scenario.horizon), {d.id: d.payer for d in scenario.acute}
    for service in dict.fromkeys(services):
        for key, line in plan.spend.items():
            if key[:2] == (service, agency):
                total = total + line
        for key, cost in found.cost.items():
            if key[0] == service:
                total = total + payers[service].get(agency, 0.0) * cost[0]
    return total
