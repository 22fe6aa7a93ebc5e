"""A plan beside the same plan with some or all of its prevention as today: what responsive care costs in each, by draw.

Both are carried out by the simulator with the same draws, over the plan's years and some years after it in which
prevention is as before the plan, so that what was bought in the plan still does its work there and costs nothing more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from rcs_core.workshop.scenario.draws import Array, Draws, Inputs
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of, whom
from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, at
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.simulate import Simulated, simulate
from rcs_core.workshop.scenario.simulate_purse import changes

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Care:
    """What responsive care comes to, by service, in arrays of draws by years.

    met: children or cases. cost: what is paid. value: what is met at its unit cost, whether or not that cashes.
    """

    met: Mapping[str, Array]
    cost: Mapping[str, Array]
    value: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Lasting:
    """A plan and the years after it: the scenario with those years, and the plan in it.

    years: of the plan. after: years after it that count.
    """

    scenario: Scenario
    plan: FixedPlan
    years: int
    after: int

    @classmethod
    def of(cls, scenario: Scenario, result: Result, after: int | None = None) -> "Lasting":
        """The plan of a result with the years after it; the scenario's terminal credit unless another number is given."""
        more = scenario.objective.terminal_credit_years if after is None else after
        unpaid = tuple(replace(a, budget=None) for a in scenario.agencies)  # what care costs hangs on no purse
        longer = replace(_longer(scenario, more), horizon=scenario.horizon + more, agencies=unpaid, pools=(), held=())
        return cls(longer, _lasting(scenario, plan_of(scenario, result), more), scenario.horizon, more)

    @property
    def services(self) -> tuple[str, ...]:
        """The services whose spend differs from today's in some year of the plan."""
        return tuple(s.id for s in self.scenario.prevention if self._moves(s))

    def _moves(self, service: Prevention) -> bool:
        return any(
            (np.abs(self.plan.spend[service.id, a, loc] - was) > _SAME * (1 + was)).any()
            for a, by in service.agencies.items()
            for loc, was in by.items()
        )

    def without(self, services: Collection[str]) -> FixedPlan:
        """The plan with some services as they are today, in every year; everything else as planned."""
        spend, reach = dict(self.plan.spend), dict(self.plan.reach)
        for service in self.scenario.prevention:
            if service.id in services:
                for agency, by in service.agencies.items():
                    spend |= {(service.id, agency, loc): np.full(self.scenario.horizon, was) for loc, was in by.items()}
                reach = {key: line for key, line in reach.items() if key[0] != service.id}
                reach |= _today(self.scenario, service, self.scenario.horizon)
        return replace(self.plan, spend=spend, reach=reach)

    def care(self, plan: FixedPlan, draws: Draws | None = None) -> Care:
        """What responsive care comes to under a plan, in every draw."""
        given = draws or Draws()
        found = simulate(self.scenario, plan, given)
        met, cost, value = {}, {}, {}
        for index, acute in enumerate(self.scenario.acute):
            unit = Inputs(self.scenario, given).yearly(acute.unit_cost, "acute", index, "unit_cost")
            met[acute.id] = sum((line for key, line in found.met.items() if key[0] == acute.id), np.zeros((1, 1)))
            value[acute.id] = unit * met[acute.id]
            cost[acute.id] = _cost(self.scenario, acute, found)
        return Care(met, cost, value)

    def extra(self, services: Collection[str], draws: Draws | None = None) -> dict[str, Array]:
        """What some services cost more than today in the plan's years, with set-up and exit cost, by agency and draw."""
        inputs, years = Inputs(self.scenario, draws or Draws()), self.years
        found: dict[str, Array] = {}
        chosen = [s for s in self.scenario.prevention if s.id in services]
        for service in chosen:
            for agency, by in service.agencies.items():
                for loc, was in by.items():
                    more = self.plan.spend[service.id, agency, loc][None, :years] - was
                    found[agency] = found.get(agency, np.zeros((1, years))) + more
        only = FixedPlan({key: line for key, line in self.plan.spend.items() if key[0] in services})
        for agency, line in changes(inputs, _filled(only, self.scenario)).by_agency.items():
            if agency in found:
                found[agency] = found[agency] + line[:, :years]
        return found


def _filled(plan: FixedPlan, scenario: Scenario) -> FixedPlan:
    """A plan in which what it does not name is spent as today, so that it has no change to pay for."""
    spend: dict[tuple[str, ...], Array] = {
        (s.id, a, loc): np.full(scenario.horizon, s.agencies[a][loc]) for s in scenario.prevention for a, loc in s.places()
    }
    return FixedPlan({**spend, **plan.spend})


def _cost(scenario: Scenario, acute: Responsive, found: Simulated) -> Array:
    """The cost of one service: that of its care and places, and never less than its floor."""
    total: Array = sum((line for key, line in found.cost.items() if key[0] == acute.id), np.zeros((1, 1)))
    if acute.floor is None:
        return total
    least: Array = np.array([[at(acute.floor, year) for year in scenario.years]])
    return np.maximum(total, least)


def _today(scenario: Scenario, service: Prevention, years: int) -> dict[tuple[str, ...], Array]:
    """Today's reach in so many years: the base reach, or where that is not all of today's spend, where it does most."""
    base: dict[tuple[str, ...], Array] = {
        (service.id, g, loc): np.full(years, service.base(g, loc)) for g, loc in service.reach()
    }
    for loc in {loc for _, loc in service.reach()}:
        spent = sum(by.get(loc, 0.0) for by in service.agencies.values())
        reached = sum(service.base(g, place) for g, place in service.reach() if place == loc)
        if abs(reached - spent) > _SAME * (1 + spent):
            still = FixedPlan(
                {(service.id, a, at_): np.full(scenario.horizon, service.agencies[a][at_]) for a, at_ in service.places()}
            )
            return {(service.id, *key): line[:1].repeat(years) for key, line in whom(scenario, service, still).items()}
    return base


def _lasting(scenario: Scenario, plan: FixedPlan, after: int) -> FixedPlan:
    """A plan with prevention as today in the years after it.

    Places follow need, unless opening or closing costs something: then the plan's own are kept. A floor on the cost of
    care is applied to the cost, so the plan's extra cost to reach it is not carried.
    """
    spend: dict[tuple[str, ...], Array] = {}
    reach: dict[tuple[str, ...], Array] = {}
    costly = {d.id for d in scenario.acute if any(at(d.new_cost, t) or at(d.decommission_cost, t) for t in scenario.years)}
    nothing = np.zeros(scenario.horizon)
    for service in scenario.prevention:
        for agency, loc in service.places():
            was = service.agencies[agency][loc]
            now = plan.spend.get((service.id, agency, loc), np.full(scenario.horizon, was))
            spend[service.id, agency, loc] = np.concatenate([now, np.full(after, was)])
        for key, line in _today(scenario, service, after).items():
            reach[key] = np.concatenate([plan.reach.get(key, nothing), line])
    return FixedPlan(
        spend,
        reach,
        places={key: np.concatenate([line, np.zeros(after)]) for key, line in plan.places.items() if key[0] in costly},
        ration={key: np.concatenate([line, np.full(after, np.inf)]) for key, line in plan.ration.items()},
        beyond={key: np.concatenate([line, np.zeros(after)]) for key, line in plan.beyond.items()},
    )


def _longer(value: Any, after: int) -> Any:
    """A scenario, or a part of it, with years after the last in which every number is as in the last year."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: _longer(getattr(value, f.name), after) for f in fields(value) if f.name not in _NOT_BY_YEAR}
        return replace(value, **parts)
    if isinstance(value, Mapping):
        return {key: _longer(one, after) for key, one in value.items()}
    if isinstance(value, tuple):
        by_year = bool(value) and all(one is None or isinstance(one, int | float) for one in value)
        return (*value, *[value[-1]] * after) if by_year else tuple(_longer(one, after) for one in value)
    return value


_NOT_BY_YEAR = {"segments", "provenance"}
"""Parts of a scenario in which no number varies by year; a response segment would look as if it did."""
