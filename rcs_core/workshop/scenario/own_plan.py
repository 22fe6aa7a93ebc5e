"""A plan of one's own scored without a solver: what it does, how far it is from the best plan, and which promises it breaks.

Nothing is optimised here. The plan is carried out as it is, with the scenario's own numbers, and set between doing nothing
(today's spend in every year) and the solved plan. A plan that breaks promises may well score more than the best that keeps
them: the score never stands without them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of, whom
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.model import write
from rcs_core.workshop.scenario.own_spend import plan_from, today
from rcs_core.workshop.scenario.promises_kept import Broken, beyond, broken
from rcs_core.workshop.scenario.result import GroupNeed, PoolLine, PurseLine, ReachLine, ResponsiveLine, Result, SpendLine
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.simulate import Simulated, simulate

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Scored:
    """What becomes of a plan, and how far it is from the best.

    objective, nothing, best: the scenario's figure for the plan, for doing nothing, and for the solved plan. share: of the
    best plan's gain over doing nothing, what this plan gains (None where the best gains nothing). distance: how much worse
    it is than the best, in the unit of the objective (below nought: better, which takes a broken promise). children: by how
    many fewer children or cases need falls than under the best plan, all years together. broken: every promise that it
    breaks. beyond: spend beyond a service's response, by service and year. result: its lines, as a solve would give them;
    what a purse is short of is an underspend below nought.
    """

    plan: FixedPlan
    simulated: Simulated
    result: Result
    objective: float
    nothing: float
    best: float
    share: float | None
    distance: float
    children: float
    broken: tuple[Broken, ...]
    beyond: Mapping[tuple[str, int], float]

    @property
    def keeps_all(self) -> bool:
        """Whether every promise and limit holds."""
        return not self.broken


class Scorer:
    """Scores plans of one scenario against its solved plan; what they all share is worked out once."""

    def __init__(self, scenario: Scenario, best: Result) -> None:
        self.scenario, self.best = scenario, plan_of(scenario, best)
        self.model = write(asked(scenario)[0])
        self.matrix = Matrix.of(self.model)
        self.at_best = simulate(scenario, self.best)
        self.at_nothing = simulate(scenario, plan_from(scenario, today(scenario)))

    def score(self, plan: FixedPlan) -> Scored:
        """Carry out a plan and set it beside the best one. Raises ScenarioError when its reach is not its spend."""
        found = simulate(self.scenario, plan)
        figure, nothing, best = (float(one.objective[0]) for one in (found, self.at_nothing, self.at_best))
        way = -1.0 if self.scenario.objective.kind == "cost" else 1.0
        gain, most = way * (figure - nothing), way * (best - nothing)
        return Scored(
            plan=plan,
            simulated=found,
            result=lines(self.scenario, plan, found),
            objective=figure,
            nothing=nothing,
            best=best,
            share=gain / most if most > _ROUNDING * (1 + abs(best)) else None,
            distance=most - gain,
            children=_reduced(self.at_best) - _reduced(found),
            broken=broken(self.model, self.matrix, plan, found),
            beyond=beyond(self.scenario, plan),
        )


def score(scenario: Scenario, best: Result, plan: FixedPlan) -> Scored:
    """Score one plan. Raises ScenarioError where the best result has no plan."""
    return Scorer(scenario, best).score(plan)


def _reduced(found: Simulated) -> float:
    return float(sum(line[0].sum() for line in found.reduction.values()))


def lines(scenario: Scenario, plan: FixedPlan, found: Simulated) -> Result:
    """A plan that was carried out as the lines of a result."""
    years = [(year, year - 1) for year in scenario.years]
    spend = tuple(
        SpendLine(s.id, a, loc, year, float(plan.spend.get((s.id, a, loc), np.zeros(scenario.horizon))[k]))
        for s in scenario.prevention
        for year, k in years
        for a, loc in s.places()
    )
    reach = tuple(
        ReachLine(s.id, group, locality, year, float(line[k]))
        for s in scenario.prevention
        for (group, locality), line in whom(scenario, s, plan).items()
        for year, k in years
    )
    return Result(
        Status.OPTIMAL,
        float(found.objective[0]),
        spend,
        _care(scenario, found),
        _purses(scenario, found),
        _pools(scenario, plan, found),
        outcome=float(found.outcome[0]),
        reach=reach,
    )


def _care(scenario: Scenario, found: Simulated) -> tuple[ResponsiveLine, ...]:
    care = []
    for service in scenario.acute:
        for locality, groups in service.demand.items():
            for year in scenario.years:
                k, place = year - 1, (service.id, locality)
                by = {}
                for group in groups:
                    key = (service.id, group, locality)
                    by[group] = GroupNeed(*(float(of[key][0, k]) for of in (found.met, found.unmet, found.reduction)))
                met, unmet, less = (sum(getattr(n, part) for n in by.values()) for part in ("met", "unmet", "reduction"))
                kept, cost = float(found.capacity[place][0, k]), float(found.cost[place][0, k])
                care.append(ResponsiveLine(service.id, locality, year, met, unmet, less, kept, cost, by))
    return tuple(care)


def _purses(scenario: Scenario, found: Simulated) -> tuple[PurseLine, ...]:
    parts = [name for name in PurseLine.__dataclass_fields__ if name not in ("agency", "year", "underspend")]
    purses = []
    for agency, purse in found.purses.items():
        for year in scenario.years:
            amounts = {name: float(getattr(purse, name)[0, year - 1]) for name in parts}
            left = float(purse.underspend[0, year - 1] - purse.shortfall[0, year - 1])
            purses.append(PurseLine(agency, year, **amounts, underspend=left))
    return tuple(purses)


def _pools(scenario: Scenario, plan: FixedPlan, found: Simulated) -> tuple[PoolLine, ...]:
    """What was paid in and drawn; of several pools, as was planned."""
    none, pools = np.zeros(scenario.horizon), []
    for pool in scenario.pools:
        for agency in dict.fromkeys([*pool.contrib_max, *pool.draw]):
            paid, drawn = (of.get((pool.id, agency), none) for of in (plan.contributed, plan.drawn))
            if len(scenario.pools) == 1 and agency in found.purses:
                drawn = found.purses[agency].drawn[0]
            pools += [PoolLine(pool.id, agency, year, float(paid[year - 1]), float(drawn[year - 1])) for year in scenario.years]
    return tuple(pools)
