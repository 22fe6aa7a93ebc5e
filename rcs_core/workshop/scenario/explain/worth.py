"""Cost and benefit of each preventative service that moves, and of the plan as a whole, at present value.

In: a scenario and its result. Out: for each what it costs beyond today's spend, and what responsive care comes to less for it:
the plan set beside the plan with that service as today, carried out by the simulator with the same draws. Years after the
plan count as far as the scenario gives them credit; prevention is as today in them. Effects overlap and are capped, so the
benefits of services do not add up to that of the plan.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rcs_core.vocab import InputState, Label
from rcs_core.workshop.scenario.draws import Array, Draws, from_ranges, pointer
from rcs_core.workshop.scenario.explain.beside import Lasting
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.simulate import inputs_of

MOST = 4.0
"""Break-even is looked for up to so many times the likely effect."""
_POINTS = 33
_NOTHING = 1e-9


class View(Label):
    """Whose benefit is set against the cost: never left unsaid."""

    CAPACITY = "capacity", "All partners, released capacity at unit cost"
    CASH = "cash", "All partners, cashable only"
    PAYERS = "payers", "Those who pay for it alone, cashable only"


@dataclass(frozen=True, slots=True)
class Worth:
    """Cost and benefit of one service (service blank: of the plan as a whole), at present value.

    payers: the agencies that pay more for it. needed: the share of the likely effect at which benefit is cost (None: not
    even at `MOST` times, or it costs nothing). chance: that benefit exceeds cost, from the ranges given (None: no range).
    """

    service: str
    payers: tuple[str, ...]
    cost: float
    benefit: Mapping[View, float]
    needed: Mapping[View, float | None]
    chance: Mapping[View, float | None]

    def net(self, view: View) -> float:
        """Net present value."""
        return self.benefit[view] - self.cost

    def ratio(self, view: View) -> float | None:
        """Benefit for each pound of cost; None where it costs nothing."""
        return self.benefit[view] / self.cost if self.cost > _NOTHING else None


@dataclass(frozen=True, slots=True)
class Worths:
    """Every service that moves, and the whole. draws: how many, from which seed (0 where no range is known).

    years: of the plan. after: years after it that count. rate: of discount.
    """

    services: tuple[Worth, ...]
    whole: Worth
    draws: int
    seed: int
    years: int
    after: int
    rate: float


def worths(scenario: Scenario, result: Result, draws: int, seed: int, fixed: Collection[str] = ()) -> Worths:
    """Cost and benefit of a solved plan, service by service.

    fixed: JSON pointers of numbers that are not drawn whatever their range, such as those that a lever sets. What of the cost of
    a service cashes is not drawn where it is not known at all, and then no chance is given of what is cashable.
    """
    desk = _Desk(Lasting.of(scenario, result), draws, seed, fixed)
    moved = desk.lasting.services
    each = tuple(desk.worth(service, (service,)) for service in moved)
    whole = desk.worth("", moved)
    used = desk.drawn.n if desk.ranged(moved) else 0
    return Worths(each, whole, used, seed, scenario.horizon, desk.lasting.after, scenario.discount_rate)


class _Desk:
    """A plan with its years after it and its draws; the plan itself is carried out once."""

    def __init__(self, lasting: Lasting, draws: int, seed: int, fixed: Collection[str]) -> None:
        self.lasting = lasting
        scenario = lasting.scenario
        unknown = {p.path for p in scenario.provenance if p.state == InputState.MISSING and p.path.endswith("/cashable")}
        self.dark = {d.id for i, d in enumerate(scenario.acute) if f"/acute/{i}/cashable" in unknown}
        drawn = from_ranges(scenario, draws, seed, inputs_of(scenario) - unknown - set(fixed))
        self.drawn = _held_on(lasting, drawn)
        self.likely, self.plan = lasting.care(lasting.plan), lasting.care(lasting.plan, self.drawn)
        self.places = {s.id: i for i, s in enumerate(scenario.prevention)}

    def ranged(self, services: Collection[str]) -> bool:
        """Whether a range is known of the effect of any of some services."""
        starts = tuple(f"/prevention/{self.places[s]}/segments/" for s in services)
        return (
            any(path.startswith(starts) and np.ptp(values) > 0 for path, values in self.drawn.values.items()) if starts else False
        )

    def _acted_on(self, services: Collection[str]) -> set[str]:
        return {d for s in self.lasting.scenario.prevention if s.id in services for d in s.acts_on}

    def worth(self, name: str, services: tuple[str, ...]) -> Worth:
        """Cost and benefit of some services together."""
        extra = self.lasting.extra(services)
        payers = tuple(a for a, line in extra.items() if self._present(line)[0] > _NOTHING)
        cost = self._present(sum(extra.values(), np.zeros((1, self.lasting.years))))[0]
        views = [v for v in View if name or v is not View.PAYERS]
        benefit = self._benefit(services, payers, None)
        chance: dict[View, float | None] = dict.fromkeys(views)
        if self.ranged(services):
            paid = self._present(sum(self.lasting.extra(services, self.drawn).values(), np.zeros((1, self.lasting.years))))
            chance |= {v: float(np.mean(gain > paid)) for v, gain in self._benefit(services, payers, self.drawn).items()}
            chance |= {v: None for v in (View.CASH, View.PAYERS) if self._acted_on(services) & self.dark}
        found = self._needed(services, payers, float(cost))
        return Worth(
            name,
            payers,
            float(cost),
            {v: float(benefit[v][0]) for v in views},
            {v: found[v] for v in views},
            {v: chance[v] for v in views},
        )

    def _benefit(
        self, services: tuple[str, ...], payers: tuple[str, ...], draws: Draws | None, plan: bool = True
    ) -> dict[View, Array]:
        """What responsive care comes to less for some services, by view and draw."""
        there = (self.likely if draws is None else self.plan) if plan else self.lasting.care(self.lasting.plan, draws)
        gone = self.lasting.care(self.lasting.without(services), draws)
        nothing = np.zeros((1, 1))
        less = {d: gone.cost[d] - there.cost[d] for d in gone.cost}
        paid = {d.id: sum(d.payer.get(a, 0.0) for a in payers) for d in self.lasting.scenario.acute}
        found = {
            View.CAPACITY: sum((gone.value[d] - there.value[d] for d in less), nothing),
            View.CASH: sum(less.values(), nothing),
            View.PAYERS: sum((paid[d] * line for d, line in less.items()), nothing),
        }
        return {view: self._present(line) for view, line in found.items()}

    def _present(self, line: Array) -> Array:
        """Present value by draw."""
        years = line.shape[1]
        factors = (1 + self.lasting.scenario.discount_rate) ** -np.arange(years, dtype=float)
        total: Array = (line * factors[None, :]).sum(axis=1)
        return total

    def _needed(self, services: tuple[str, ...], payers: tuple[str, ...], cost: float) -> dict[View, float | None]:
        """The share of the likely effect at which benefit is cost: looked for twice, the second time between two points."""
        found: dict[View, float | None] = dict.fromkeys(View)
        tried: dict[tuple[float, float], dict[View, Array]] = {}
        for view in View if cost > _NOTHING else ():
            ends: tuple[float, float] = (0.0, MOST)
            for _ in range(2):
                scales = np.linspace(*ends, _POINTS)
                if ends not in tried:
                    tried[ends] = self._benefit(services, payers, self._scaled(services, scales), plan=False)
                over = np.broadcast_to(tried[ends][view] - cost, scales.shape)
                first = int(np.argmax(over >= 0))
                if not first:  # never, or from nothing on
                    found[view] = ends[0] if over[0] >= 0 else None
                    break
                ends = (float(scales[first - 1]), float(scales[first]))
                found[view] = ends[0] + (ends[1] - ends[0]) * float(over[first - 1] / (over[first - 1] - over[first]))
        return found

    def _scaled(self, services: tuple[str, ...], scales: Array) -> Draws:
        """Draws in which the effects of some services are so many times what is likely."""
        values: dict[str, Array] = {}
        for service in self.lasting.scenario.prevention:
            if service.id in services:
                for group, where in service.segments.items():
                    for loc, segments in where.items():
                        for k, segment in enumerate(segments):
                            path = pointer("prevention", self.places[service.id], "segments", group, loc, k, 1)
                            values[path] = segment.slope * scales
        return Draws(len(scales), values)


def _held_on(lasting: Lasting, drawn: Draws) -> Draws:
    """Draws in which what is drawn of the plan's last year holds in the years after it."""
    last, values = f"/{lasting.years - 1}", dict(drawn.values)
    asked = inputs_of(lasting.scenario) if lasting.after else set()
    for path, line in drawn.values.items():
        if path.endswith(last):
            for year in range(lasting.years, lasting.years + lasting.after):
                if (later := f"{path.removesuffix(last)}/{year}") in asked:
                    values[later] = line
    return replace(drawn, values=values)
