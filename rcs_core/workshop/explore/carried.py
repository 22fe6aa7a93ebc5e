"""What becomes of a fixed plan when inputs are other than planned: need unmet, purses short, outcome, what is released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.explore.changes import Change, draws_of, trial
from rcs_core.workshop.scenario.draws import Array, Draws, Inputs
from rcs_core.workshop.scenario.fixed_plan import FixedPlan
from rcs_core.workshop.scenario.format import Prevention, Scenario
from rcs_core.workshop.scenario.simulate import Simulated, inputs_of, simulate

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Carried:
    """A plan carried out once. unmet: need that goes unmet, by year. short: by agency and year, where a purse lacks money.

    released: what care costs less than it would if nothing moved, by year. prevented: need that goes away against nothing
    moving, by year (below nought where it rises). avoided: what that need costs at its unit cost, by year; part of it is
    released. outcome: as the scenario counts it.
    """

    unmet: tuple[float, ...]
    short: Mapping[tuple[str, int], float]
    released: tuple[float, ...]
    prevented: tuple[float, ...]
    avoided: tuple[float, ...]
    outcome: float

    @property
    def lacking(self) -> float:
        """What purses lack over all years."""
        return sum(self.short.values())

    @property
    def first_short(self) -> int | None:
        """The first year in which a purse lacks money."""
        return min((year for _, year in self.short), default=None)

    @property
    def worst(self) -> tuple[str, int, float] | None:
        """The purse and year that lack most."""
        if not self.short:
            return None
        (agency, year), amount = max(self.short.items(), key=lambda item: (item[1], item[0]))
        return agency, year, amount


def as_is(scenario: Scenario) -> FixedPlan:
    """The plan in which nothing moves: each preventative service is paid for as before the plan, in every year.

    Places follow need, as far as they may close.
    """
    same = np.ones(scenario.horizon)
    spend: dict[tuple[str, ...], Array] = {
        (s.id, a, loc): s.agencies[a][loc] * same for s in scenario.prevention for a, loc in s.places()
    }
    reach: dict[tuple[str, ...], Array] = {}
    for service in scenario.prevention:
        reach |= {key: amount * same for key, amount in _reached(service).items()}
    return FixedPlan(spend, reach)


def _reached(service: Prevention) -> dict[tuple[str, str, str], float]:
    """Whom a service reaches today, where that is what is spent on it."""
    reach = {(service.id, g, loc): service.base(g, loc) for g, loc in service.reach()}
    for locality in {loc for _, loc in service.reach()}:
        spent = sum(service.agencies[a][loc] for a, loc in service.places() if loc == locality)
        if abs(spent - sum(v for (_, _, loc), v in reach.items() if loc == locality)) > _SAME * (1 + spent):
            return {}
    return reach


def carry_out(scenario: Scenario, plan: FixedPlan, changes: Sequence[Change]) -> list[Carried]:
    """A fixed plan carried out under each change, in one run of the simulator, and beside it nothing moving.

    Raises ScenarioError when a change puts something on a plan's way that is no number of it.
    """
    draws = draws_of(scenario, changes, inputs_of(scenario))
    found, still = simulate(scenario, plan, draws), simulate(scenario, as_is(scenario), draws)
    unmet = _yearly(found, found.unmet)
    released = _yearly(still, still.cost) - _yearly(found, found.cost)
    fewer = {key: reduction - still.reduction[key] for key, reduction in found.reduction.items()}
    prevented, avoided = _yearly(found, fewer), _yearly(found, _worth(scenario, draws, fewer))
    return [
        Carried(
            _row(unmet, k), _short(found, k), _row(released, k), _row(prevented, k), _row(avoided, k), float(found.outcome[k])
        )
        for k in range(len(changes))
    ]


def _row(array: Array, draw: int) -> tuple[float, ...]:
    return tuple(array[draw].tolist())


def _worth(scenario: Scenario, draws: Draws, fewer: Mapping[tuple[str, str, str], Array]) -> dict[tuple[str, str, str], Array]:
    """What need that goes away costs at its unit cost, by (service, group, locality)."""
    inputs = Inputs(scenario, draws)
    unit = {d.id: inputs.yearly(d.unit_cost, "acute", index, "unit_cost") for index, d in enumerate(scenario.acute)}
    return {key: unit[key[0]] * reduction for key, reduction in fewer.items()}


def _yearly[K](found: Simulated, parts: Mapping[K, Array]) -> Array:
    return sum(parts.values(), np.zeros((found.n, found.share.shape[1])))


def _short(found: Simulated, draw: int) -> dict[tuple[str, int], float]:
    """What each purse lacks in each year, in one draw; what is under the share that counts is none."""
    least = trial("short")
    return {
        (agency, year): float(amount)
        for agency, purse in found.purses.items()
        for year, (amount, budget) in enumerate(zip(purse.shortfall[draw], purse.budget[draw], strict=True), 1)
        if amount > least * (1 + abs(budget))
    }
