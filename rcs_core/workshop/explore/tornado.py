"""Which input matters most: each set to its low and its high end with the plan as it is, the others likely.

One run of the simulator carries the plan out twice for every input; where it is asked, the plan is worked out anew at each
end too, to see whether it turns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rcs_core.vocab import Label
from rcs_core.workshop.explore.carried import Carried, carry_out
from rcs_core.workshop.explore.changes import changed, grounded
from rcs_core.workshop.explore.knobs import Knob, knobs
from rcs_core.workshop.explore.moves import moves as moved_in
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.fixed_plan import needed_places
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.simulate import inputs_of

ENDS: Mapping[str, float] = {"low": -1.0, "high": 1.0}


class Measure(Label):
    """What of a plan is compared."""

    RELEASED = "released", "Released capacity"
    AVOIDED = "avoided", "Worth of care no longer needed"
    SHORT = "short", "Largest shortfall of a purse in a year"
    OUTCOME = "outcome", "Outcome as the scenario counts it"

    def of(self, carried: Carried) -> float:
        """The figure of a plan that was carried out, over all its years."""
        match self:
            case Measure.RELEASED:
                return sum(carried.released)
            case Measure.AVOIDED:
                return sum(carried.avoided)
            case Measure.SHORT:
                return carried.worst[2] if carried.worst else 0.0
        return carried.outcome


class Turn(Label):
    """What the plan worked out anew does at an end."""

    SAME = "same", "The same services gain and lose"
    OTHER = "other", "Other services gain or lose"
    NO_PLAN = "no_plan", "No plan keeps every promise"


@dataclass(frozen=True, slots=True)
class Bar:
    """One input at its low and its high end. turns: what the plan worked out anew does there (empty where not tried)."""

    knob: Knob
    low: Carried
    high: Carried
    turns: Mapping[str, Turn]

    def swing(self, measure: Measure) -> float:
        """How far apart the two ends are."""
        return abs(measure.of(self.high) - measure.of(self.low))

    @property
    def flips(self) -> bool:
        """Whether the plan worked out anew is another at either end."""
        return any(turn is not Turn.SAME for turn in self.turns.values())


@dataclass(frozen=True, slots=True)
class Tornado:
    """A plan and its inputs, each tried at both ends. base: the plan with every input likely."""

    base: Carried
    bars: tuple[Bar, ...]

    def sorted(self, measure: Measure) -> list[Bar]:
        """The inputs by how far apart their ends are, furthest first; those that change nothing last, by name."""
        return sorted(self.bars, key=lambda bar: (-bar.swing(measure), bar.knob.kind, bar.knob.of))


def tornado(scenario: Scenario, result: Result, anew: bool = True, told: Callable[[float], object] | None = None) -> Tornado:
    """Try every input of a plan at both ends. anew: see too whether the plan worked out anew turns there."""
    base = grounded(scenario)
    plan = needed_places(base, result)
    found = knobs(base, inputs_of(base))
    ran = carry_out(base, plan, [{}, *(knob.change(end) for knob in found for end in ENDS.values())])
    turned = turns(base, found, moved_in(base, result), told) if anew else [{} for _ in found]
    bars = [Bar(knob, ran[1 + 2 * k], ran[2 + 2 * k], turned[k]) for k, knob in enumerate(found)]
    return Tornado(ran[0], tuple(bars))


def turns(
    scenario: Scenario, found: Sequence[Knob], likely: Mapping[str, int], told: Callable[[float], object] | None = None
) -> list[dict[str, Turn]]:
    """What the plan worked out anew does at each end of each input; likely: what gains and loses in the plan."""
    session, made = HotSession(scenario), []
    for k, knob in enumerate(found):
        made.append({end: _turn(session, scenario, knob, position, likely) for end, position in ENDS.items()})
        if told:
            told((k + 1) / len(found))
    return made


def _turn(session: HotSession, scenario: Scenario, knob: Knob, position: float, likely: Mapping[str, int]) -> Turn:
    if not knob.room[0 if position < 0 else 1]:
        return Turn.SAME
    other = changed(scenario, knob.change(position))
    result = session.edit(other, explained=False)
    if result.status is not Status.OPTIMAL:
        return Turn.NO_PLAN
    return Turn.SAME if moved_in(other, result) == likely else Turn.OTHER
