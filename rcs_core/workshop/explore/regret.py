"""Regret: what each of a few plans loses at worst, over other states of the world, against the best plan of each state.

Two losses are told, never added up: outcome that the best plan of a state would have had, and money that a plan lacks
beyond what has to be found in that state whatever is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rcs_core.vocab import Label
from rcs_core.workshop.explore.carried import Carried, as_is, carry_out
from rcs_core.workshop.explore.changes import Change, grounded
from rcs_core.workshop.explore.ranges import to_work_out
from rcs_core.workshop.explore.redrawn import Redrawn
from rcs_core.workshop.explore.strains import SINGLE, Strain, change_of
from rcs_core.workshop.explore.stress import Stressed
from rcs_core.workshop.scenario import Scenario
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, needed_places
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.redraw import free_to_draw
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.simulate import simulate

DRAWS = "draws"
"""The state that stands for the worst of some draws."""


class Candidate(Label):
    """A plan that could be chosen before it is known which state comes."""

    AS_IS = "as_is", "As it is"
    PLAN = "plan", "The plan"
    HALF = "half", "The plan for half the effects"
    CAUTIOUS = "cautious", "The plan for effects at their low end"


@dataclass(frozen=True, slots=True)
class State:
    """One state of the world: a scenario with a change of it. best: the most outcome that a plan has in it, with no more
    money than has to be found. missing: that money, over all purses and years.
    """

    name: str
    scenario: Scenario
    best: float
    missing: float = 0.0
    change: Change = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loss:
    """What one plan loses in one state. outcome: as a share of the best. money: what it lacks beyond what must be found."""

    outcome: float
    money: float


@dataclass(frozen=True, slots=True)
class Regret:
    """The losses of every candidate in every state."""

    states: tuple[State, ...]
    losses: Mapping[tuple[str, str], Loss]

    @property
    def candidates(self) -> list[str]:
        """The plans, in their order."""
        return list(dict.fromkeys(plan for plan, _ in self.losses))

    def worst(self, plan: str) -> Loss:
        """The most that a plan loses of the outcome, and of money: each in the state in which that is most."""
        rows = [loss for (name, _), loss in self.losses.items() if name == plan]
        return Loss(max(r.outcome for r in rows), max(r.money for r in rows))

    def least(self, money: bool = False) -> str:
        """The plan whose worst loss of outcome (or of money) is least; of equals the one that loses less of the other."""

        def rank(plan: str) -> tuple[float, float]:
            worst = self.worst(plan)
            one, other = (worst.money, worst.outcome) if money else (worst.outcome, worst.money)
            return round(one, 6), round(other, 6)

        return min(self.candidates, key=rank)


def states_of(stressed: Stressed) -> list[State]:
    """The states of the stress tests, each by itself, and the state in which all is as planned."""
    plan = stressed.result.outcome or 0.0
    found = [State("As planned", stressed.scenario, plan)]
    for strain in SINGLE:
        test = stressed.tests.get(strain)
        if test and test.anew and test.anew.outcome is not None and test.anew.missing is not None:
            change = change_of(stressed.scenario, strain)
            found.append(State(strain.value, stressed.scenario, test.anew.outcome, test.anew.missing.total, change))
    return found


def candidates(stressed: Stressed) -> dict[str, FixedPlan]:
    """Plans that could be chosen; one that keeps no promise where it was worked out is left out."""
    base = stressed.scenario
    found = {Candidate.AS_IS.value: as_is(base), Candidate.PLAN.value: needed_places(base, stressed.result)}
    half = stressed.tests.get(Strain.HALF_EFFECTS)
    if half and half.anew and half.anew.holds:
        found[Candidate.HALF.value] = needed_places(half.anew.scenario, half.anew.result)
    cautious = replace(base, cautious=True)
    result = HotSession(cautious).solve()
    if result.status is Status.OPTIMAL:
        found[Candidate.CAUTIOUS.value] = needed_places(base, result)
    return found


def regret(plans: Mapping[str, FixedPlan], states: Sequence[State], drawn: tuple[Scenario, Redrawn] | None = None) -> Regret:
    """Carry every plan out in every state, and set it against the best plan of that state.

    drawn: a scenario and its plans worked out anew in draws (`explore.redrawn`): one more state, the worst of the draws.
    """
    losses: dict[tuple[str, str], Loss] = {}
    alike = [[s for s in states if s.scenario is one] for one in {id(s.scenario): s.scenario for s in states}.values()]
    for group in alike:
        for name, plan in plans.items():
            ran = carry_out(grounded(group[0].scenario), plan, [state.change for state in group])
            losses |= {(name, state.name): _loss(state, one) for state, one in zip(group, ran, strict=True)}
    if drawn is None:
        return Regret(tuple(states), losses)
    scenario, found = drawn
    for name, plan in plans.items():
        losses[name, DRAWS] = _worst_of(scenario, found, plan)
    return Regret((*states, State(DRAWS, scenario, float("nan"))), losses)


def _worst_of(scenario: Scenario, found: Redrawn, plan: FixedPlan) -> Loss:
    """The most that a plan loses in any draw in which the promises can hold."""
    ran = simulate(free_to_draw(scenario), plan, to_work_out(scenario, found.n, found.seed))
    short = sum((purse.shortfall.sum(axis=1) for purse in ran.purses.values()), np.zeros(found.n))
    best = found.outcome[found.possible]
    lost = np.maximum(0.0, best - ran.outcome[found.possible])
    share = np.divide(lost, best, out=np.zeros_like(lost), where=best > 0)
    return Loss(float(share.max(initial=0.0)), float(short[found.possible].max(initial=0.0)))


def _loss(state: State, ran: Carried) -> Loss:
    short = max(0.0, ran.lacking - state.missing)
    return Loss(max(0.0, state.best - ran.outcome) / state.best if state.best > 0 else 0.0, short)
