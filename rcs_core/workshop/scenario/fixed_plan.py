"""A plan as it would be carried out whatever happens: spend, whom it reaches, places kept, pool money and reserves.

It comes from the result of a solve, or from spend alone with the rules that stand below for the rest.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.draws import Array
from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, at
from rcs_core.workshop.scenario.result import ResponsiveLine, Result

type Lines = Mapping[tuple[str, ...], Array]

_NOTHING = 1e-7
"""What is less than this, against the number it is compared with, is rounding."""


@dataclass(frozen=True, slots=True)
class FixedPlan:
    """What a plan decides; every array has one number a year.

    spend: by (service, agency, locality). reach: by (service, group, locality); where a service is left out, its money
    goes where it does most (slope times group weight), best first. places: kept by (responsive service, locality); left
    out: closed as fast as is allowed and needed, or today's where places are fixed. ration: the most
    care that the plan pays for, by (service, group, locality), where it leaves need unmet; beyond: care beyond need, and
    extra: cost beyond care and places, where a least cost asks for them. contributed, drawn: by (pool, agency). carried:
    by (agency,).
    """

    spend: Lines
    reach: Lines = field(default_factory=dict)
    places: Lines = field(default_factory=dict)
    ration: Lines = field(default_factory=dict)
    beyond: Lines = field(default_factory=dict)
    extra: Lines = field(default_factory=dict)
    contributed: Lines = field(default_factory=dict)
    drawn: Lines = field(default_factory=dict)
    carried: Lines = field(default_factory=dict)


def plan_of(scenario: Scenario, result: Result) -> FixedPlan:
    """The plan of a result, with every choice that the result shows. Raises ScenarioError when there is no plan."""
    if result.objective is None:
        raise ScenarioError("there is no plan to carry out", "", result.status.value, "a scenario that has a plan")
    spend, reach, places, extra, contributed, drawn, carried = (_Years(scenario.horizon) for _ in range(7))
    for line in result.spend:
        spend[line.service, line.agency, line.locality][line.year - 1] = line.amount
    for to in result.reach:
        reach[to.service, to.group, to.locality][to.year - 1] = to.amount
    for pool in result.pools:
        contributed[pool.pool, pool.agency][pool.year - 1] = pool.contribution
        drawn[pool.pool, pool.agency][pool.year - 1] = pool.draw
    for purse in result.purses:
        carried[(purse.agency,)][purse.year - 1] = purse.carried
    ration, beyond = _Years(scenario.horizon, np.inf), _Years(scenario.horizon)
    acute = {d.id: d for d in scenario.acute}
    for care in result.responsive:
        service, key = acute[care.service], (care.service, care.locality)
        places[key][care.year - 1] = care.capacity
        _care(service, care, ration, beyond)
        before = places[key][care.year - 2] if care.year > 1 else service.capacity_before(care.locality)
        extra[key][care.year - 1] = _extra(service, care, before)
    return FixedPlan(spend, reach, places, ration, beyond, extra, contributed, drawn, carried)


class _Years(defaultdict[tuple[str, ...], Array]):
    """Lines of a plan, one number a year, each starting from the same number."""

    def __init__(self, years: int, start: float = 0.0) -> None:
        super().__init__(lambda: np.full(years, start))


def _care(service: Responsive, care: ResponsiveLine, ration: _Years, beyond: _Years) -> None:
    for group, line in care.by_group.items():
        key, need = (care.service, group, care.locality), service.need(group, care.locality, care.year)
        if line.unmet > _NOTHING * (1 + need):
            ration[key][care.year - 1] = line.met
        over = line.met + line.unmet + line.reduction - need
        if over > _NOTHING * (1 + need):
            beyond[key][care.year - 1] = over


def _extra(service: Responsive, care: ResponsiveLine, before: float) -> float:
    """What a service costs beyond care and places: the plan opens and closes places to reach a least cost."""
    unit, cashable = at(service.unit_cost, care.year), at(service.cashable, care.year)
    change = care.capacity - before
    rate = at(service.new_cost, care.year) if change > 0 else -at(service.decommission_cost, care.year)
    over = care.cost - unit * (cashable * care.met + (1 - cashable) * care.capacity) - rate * change
    return over if over > _NOTHING * (1 + care.cost) else 0.0


def needed_places(scenario: Scenario, result: Result) -> FixedPlan:
    """The plan of a result with its places left to follow need, where they are no more than its need asks for.

    In a draw with less need nobody keeps a place because of a plan that was drawn up for more. A plan that keeps more
    than need asks for, at its own numbers, keeps its places.
    """
    plan, acute = plan_of(scenario, result), {d.id: d for d in scenario.acute}
    before: dict[tuple[str, str], float] = {}
    for care in sorted(result.responsive, key=lambda line: line.year):
        key, service = (care.service, care.locality), acute[care.service]
        last = before.get(key, service.capacity_before(care.locality))
        least = max(care.met, (1 - at(service.decommission_max, care.year)) * last)
        if abs(care.capacity - least) > _NOTHING * (1 + least):
            return plan
        before[key] = care.capacity
    return replace(plan, places={})


def whom(scenario: Scenario, service: Prevention, plan: FixedPlan) -> Lines:
    """What of the spend on a service reaches each (group, locality): as the plan says, or where it does most.

    Raises ScenarioError when the plan's reach is not its spend.
    """
    spent: dict[str, Array] = {loc: np.zeros(scenario.horizon) for _, loc in service.reach()}
    for agency, locality in service.places():
        spent[locality] = spent[locality] + plan.spend.get((service.id, agency, locality), 0.0)
    given = {(g, loc): plan.reach[service.id, g, loc] for g, loc in service.reach() if (service.id, g, loc) in plan.reach}
    if not given:
        return {key: line for loc in spent for key, line in _best_first(scenario, service, loc, spent[loc]).items()}
    for locality, amount in spent.items():
        reached = sum((line for (_, loc), line in given.items() if loc == locality), np.zeros(scenario.horizon))
        if (np.abs(reached - amount) > 1e-5 * (1 + np.abs(amount))).any():
            where = f"prevention {service.id}, {locality}"
            raise ScenarioError("reach is not what is spent", where, str(reached.tolist()), str(amount.tolist()))
    return {key: given.get(key, np.zeros(scenario.horizon)) for key in service.reach()}


def _best_first(scenario: Scenario, service: Prevention, locality: str, spent: Array) -> dict[tuple[str, ...], Array]:
    weight = {g.id: g.weight for g in scenario.groups}
    groups = [g for g, loc in service.reach() if loc == locality]
    offers = [(-weight[g] * slope, i, g, width) for g in groups for i, (width, slope) in enumerate(service.segments[g][locality])]
    reached: dict[tuple[str, ...], Array] = {(g, locality): np.zeros(scenario.horizon) for g in groups}
    left = spent
    for _, _, group, width in sorted(offers, key=lambda offer: offer[:2]):
        used = left if width is None else np.minimum(left, width)
        reached[group, locality], left = reached[group, locality] + used, left - used
    reached[groups[-1], locality] = reached[groups[-1], locality] + left
    return reached
