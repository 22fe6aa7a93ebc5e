"""What an increase of a service buys a year, in places avoided, beside what it would have to avoid to pay for itself.

In: a scenario and its result. Out: for each service that grows, what more it costs in the plan's last year, and what that
spend avoids a year once it acts: low, likely and high, as the ranges of its effect say. It needs no discounting: a year's
money against a year's places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from rcs_core.vocab import InputState
from rcs_core.workshop.scenario.draws import Array, pointer
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of, whom
from rcs_core.workshop.scenario.format import Prevention, Provenance, Responsive, Scenario, at
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.simulate_care import filled

_ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Avoided:
    """What a year's spend avoids of one responsive service, in the unit of its need, of `need` in the last year.

    low, high: None where no range is known. unit_cost: in the scenario's money.
    """

    service: str
    unit_cost: float
    need: float
    likely: float
    low: float | None
    high: float | None

    def units(self, amount: float) -> int:
        """Whole places that would pay for an amount, were all that they cost released."""
        return ceil(amount / self.unit_cost - 1e-9) if self.unit_cost > 0 else 0


@dataclass(frozen=True, slots=True)
class Bought:
    """An increase of one service in the plan's last year, and what it avoids a year once it acts.

    state: how well the effect is known; the weakest where it has several responses. acts: years until it acts.
    """

    service: str
    amount: float
    avoided: tuple[Avoided, ...]
    state: InputState
    acts: int

    @property
    def ranged(self) -> bool:
        """Whether a range of the effect is known."""
        return all(a.low is not None for a in self.avoided)

    def value(self, end: str = "likely") -> float:
        """What is avoided, at unit cost: at the likely effect, or at its low or high end (the likely one where none is known)."""
        ends = [(a, getattr(a, end)) for a in self.avoided]
        return sum((a.likely if units is None else units) * a.unit_cost for a, units in ends)

    @property
    def short(self) -> float:
        """How much less than its cost the likely effect is worth a year; below nought: more."""
        return self.amount - self.value()


def bought(scenario: Scenario, result: Result) -> tuple[Bought, ...]:
    """Every service that has more in the plan's last year than before the plan, the largest increase first."""
    plan = plan_of(scenario, result)
    known = {p.path: p for p in scenario.provenance}
    found = [_bought(scenario, plan, index, known) for index in range(len(scenario.prevention))]
    return tuple(sorted((b for b in found if b.amount > _ROUNDING), key=lambda b: (-b.amount, b.service)))


def _bought(scenario: Scenario, plan: FixedPlan, index: int, known: Mapping[str, Provenance]) -> Bought:
    service, year = scenario.prevention[index], scenario.horizon
    before = sum(sum(by.values()) for by in service.agencies.values())
    spent = sum(float(plan.spend[service.id, a, loc][-1]) for a, loc in service.places() if (service.id, a, loc) in plan.spend)
    stock, ranged = _stock(scenario, service, index, plan, known)
    avoided = tuple(
        _avoided(scenario, acute, service.acts_on[acute.id], stock, ranged, year)
        for acute in scenario.acute
        if service.acts_on.get(acute.id)
    )
    return Bought(service.id, spent - before, avoided, _state(service, index, known), service.lag)


def _avoided(scenario: Scenario, acute: Responsive, size: float, stock: Mapping[str, Array], ranged: bool, year: int) -> Avoided:
    """What the stock takes off one need, never more than is preventable in any locality."""
    most = {loc: at(acute.preventable, year) * acute.need_in(loc, year) for loc in acute.demand}
    less = [np.minimum(size * line, most[loc]) for loc, line in stock.items() if loc in most]
    low, likely, high = (float(v) for v in sum(less, np.zeros(3)))
    need = sum(acute.need_in(loc, scenario.horizon) for loc in acute.demand)
    return Avoided(acute.id, at(acute.unit_cost, year), need, likely, low if ranged else None, high if ranged else None)


def _stock(
    scenario: Scenario, service: Prevention, index: int, plan: FixedPlan, known: Mapping[str, Provenance]
) -> tuple[dict[str, Array], bool]:
    """The effect against today's by locality once the last year's spend acts: low, likely and high; whether ranges say so."""
    found: dict[str, Array] = {}
    ranged = False
    kept = service.retention ** np.arange(scenario.horizon - 1, -1, -1, dtype=float)
    for (group, loc), line in whom(scenario, service, plan).items():
        widths: list[Array | None] = []
        slopes: list[Array] = []
        for k, (width, slope) in enumerate(service.segments[group][loc]):
            told = known.get(pointer("prevention", index, "segments", group, loc, k, 1))
            low, high = (slope if end is None else end for end in ((told.low, told.high) if told else (None, None)))
            ranged |= high > low
            widths.append(None if width is None else np.array([[width]]))
            slopes.append(np.array([[low], [slope], [high]]))
        base = np.array([[service.base(group, loc)]])
        gain = filled(line[None, :], widths, slopes) - filled(base, widths, slopes)
        total = (gain * kept[None, :]).sum(axis=1)
        found[loc] = found.get(loc, np.zeros(3)) + total
    return found, ranged


def _state(service: Prevention, index: int, known: Mapping[str, Provenance]) -> InputState:
    """How well the first response of each reach is known; nobody knows what the file says nothing of."""
    order = list(InputState)
    paths = [pointer("prevention", index, "segments", g, loc, 0, 1) for g, loc in service.reach()]
    states = [InputState(known[path].state) if path in known else InputState.MISSING for path in paths]
    return max(states, key=order.index, default=InputState.MISSING)
