"""Doing nothing: every preventative service at today's spend in every year, and what the scenario's objective is then.

It is worked out without a solver, so that it can be told even where the promises would not allow it. It is the base
from which a plan's gain is counted: most of an outcome is what today's services do already.
"""

from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.scenario.draws import Array
from rcs_core.workshop.scenario.fixed_plan import FixedPlan
from rcs_core.workshop.scenario.format import Prevention, Scenario
from rcs_core.workshop.scenario.simulate import simulate

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Gain:
    """What a plan is for, beside doing nothing: both figures as the scenario reports them, less being better for a cost."""

    plan: float
    nothing: float

    @property
    def size(self) -> float:
        """How far the plan is from doing nothing, either way; nothing where they are the same but for rounding."""
        apart = abs(self.plan - self.nothing)
        return apart if apart > _SAME * (1 + abs(self.nothing)) else 0.0


def spend_today(service: Prevention) -> float:
    """What is spent on a service before the plan, by all who pay and everywhere."""
    return sum(sum(where.values()) for where in service.agencies.values())


def as_today(scenario: Scenario) -> FixedPlan:
    """Today's spend in every year, reaching whom it reaches today; where the file does not say whom, where it does most."""
    spend: dict[tuple[str, ...], Array] = {}
    reach: dict[tuple[str, ...], Array] = {}
    for service in scenario.prevention:
        for agency, locality in service.places():
            spend[service.id, agency, locality] = np.full(scenario.horizon, service.agencies[agency][locality])
        if _known(service):
            reach |= {(service.id, g, loc): np.full(scenario.horizon, service.base(g, loc)) for g, loc in service.reach()}
    return FixedPlan(spend, reach)


def _known(service: Prevention) -> bool:
    """Whether the file says of all that is spent before the plan whom it reaches."""
    for locality in {loc for _, loc in service.reach()}:
        spent = sum(where.get(locality, 0.0) for where in service.agencies.values())
        reached = sum(service.base(g, loc) for g, loc in service.reach() if loc == locality)
        if abs(spent - reached) > _SAME * (1 + spent):
            return False
    return True


def objective_of_nothing(scenario: Scenario) -> float:
    """The scenario's own figure (outcome, cost or preventative spend) when nothing is changed."""
    return float(simulate(scenario, as_today(scenario)).objective[0])
