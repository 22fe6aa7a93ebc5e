"""Conditions for going ahead, offered from the stress tests: how far each may go before a purse is short."""

from dataclasses import dataclass

from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.explore.strains import SINGLE, Strain, size
from rcs_core.workshop.explore.stress import Tested, stress
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Figure, Sentence, say, years
from rcs_core.workshop.versus import Side
from rcs_core.workshop.why.strained import exactly

STATED = (Strain.MORE_NEED, Strain.FALLING_BUDGET)
"""What can be tried where a shift is only stated."""
_HOLDS = {
    Strain.HALF_EFFECTS: "effects are less than {limit} smaller than taken",
    Strain.NOTHING_CASHES: "less than {limit} of what should cash fails to",
    Strain.MORE_NEED: "need is less than {limit} higher than taken",
    Strain.LATER_EFFECTS: "effects come less than {limit} later than taken",
    Strain.FALLING_BUDGET: "budgets fall by less than {limit} a year",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A condition in words. own: the plan runs shorter under the test than if nothing moved at all."""

    sentence: Sentence
    own: bool

    @property
    def text(self) -> str:
        """The condition as it is recorded."""
        return self.sentence.text


def offered(side: Side) -> list[Offered]:
    """A condition for each test that leaves a purse short: what must not happen for the plan as it is to be paid.

    Those that are the plan's own doing come first. Nothing where the scenario has no plan.
    """
    if not side.possible:
        return []
    strains = STATED if side.scenario.depth == Depth.DISCUSS else SINGLE
    tested = stress(side.scenario, side.result, strains, anew=False).tests
    found = [_condition(side, tested[strain]) for strain in strains if tested[strain].breaks is not None]
    return sorted(found, key=lambda one: not one.own)


def _condition(side: Side, test: Tested) -> Offered:
    short = year_label(side.scenario, test.carried.first_short or 1)
    limit = _limit(test.strain, test.breaks or 0.0)
    also = "" if test.own else ", as it would be with nothing moved"
    text = f"Goes ahead only if {_HOLDS[test.strain]}; else a purse is short from {{short}}{also}."
    return Offered(say(text, limit=limit, short=short), test.own)


def _limit(strain: Strain, level: float) -> Figure:
    """How far a test may go, in its own unit."""
    amount = size(strain)
    match strain:
        case Strain.HALF_EFFECTS:
            return exactly(level * (1 - amount))
        case Strain.NOTHING_CASHES:
            return exactly(level)
        case Strain.LATER_EFFECTS:
            return years(round(level * amount))
    return exactly(abs(level * amount))
