"""Switching values: how small an effect may be before its service leaves the plan, and what else turns it within its range.

The plan is worked out anew at a few values between the likely one and each end; between the last value at which the
answer is the same and the first at which it is another, the stretch is halved. Both sides of what is told were solved.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from rcs_core.workshop.explore.changes import changed, grounded, trial
from rcs_core.workshop.explore.knobs import Kind, Knob, effect_knobs, knobs
from rcs_core.workshop.explore.moves import moves as moved_in
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.simulate import inputs_of

type Answer = Callable[[float], Hashable]


@dataclass(frozen=True, slots=True)
class Edge:
    """Where an answer turns on one side of the likely value, as positions in the range (-1 low, 0 likely, 1 high).

    same: the last position tried at which the answer is the likely one's. other: the first at which it is not, and answer
    is what it is there. back: whether further out it is the likely one's again, so that there is not one value only.
    """

    same: float
    other: float
    answer: Hashable
    back: bool = False

    @property
    def at(self) -> float:
        """The position at which it turns."""
        return (self.same + self.other) / 2


@dataclass(frozen=True, slots=True)
class Switch:
    """An input and where the plan turns as it goes down or up. now: the answer at the likely value.

    For an effect the answer is whether its own service gains (1), loses (-1) or stays (0); for all else it is which
    services gain and lose. An answer of None: no plan keeps every promise.
    """

    knob: Knob
    now: Hashable
    below: Edge | None
    above: Edge | None

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Where it turns, below and above."""
        return tuple(edge for edge in (self.below, self.above) if edge)

    @property
    def chance(self) -> float:
        """The share of the range (a triangle of low, likely, high) in which the answer is another than the likely one's."""
        ends = self.knob.value(-1.0), self.knob.value(0.0), self.knob.value(1.0)
        under = under_triangle(self.knob.value(self.below.at), *ends) if self.below else 0.0
        over = 1 - under_triangle(self.knob.value(self.above.at), *ends) if self.above else 0.0
        return under + over


def under_triangle(value: float, low: float, likely: float, high: float) -> float:
    """The share of a triangular distribution that lies under a value."""
    low, high = min(low, likely), max(high, likely)
    if high <= low:
        return 0.0 if value <= low else 1.0
    if value <= low or value >= high:
        return float(value >= high)
    if value < likely:
        return (value - low) ** 2 / ((high - low) * (likely - low))
    return 1 - (high - value) ** 2 / ((high - low) * (high - likely))


def edge(answer: Answer, now: Hashable, end: float, between: int, halvings: int) -> Edge | None:
    """Where the answer turns between the likely value (position 0) and one end of the range; None where it never does."""
    tried = [end * (k + 1) / (between + 1) for k in range(between + 1)]
    answers = [answer(position) for position in tried]
    first = next((k for k, found in enumerate(answers) if found != now), None)
    if first is None:
        return None
    same, other, there = (tried[first - 1] if first else 0.0), tried[first], answers[first]
    for _ in range(halvings):
        middle = (same + other) / 2
        found = answer(middle)
        if found == now:
            same = middle
        else:
            other, there = middle, found
    return Edge(same, other, there, back=now in answers[first + 1 :])


def switching(scenario: Scenario, result: Result, told: Callable[[float], object] | None = None) -> list[Switch]:
    """Where each service enters or leaves the plan as its effect goes down or up, in the order of the scenario."""
    base = grounded(scenario)
    return _switches(base, result, effect_knobs(base), told)


def other_switches(scenario: Scenario, result: Result, told: Callable[[float], object] | None = None) -> list[Switch]:
    """Where the plan turns as one unit cost, or what of one service cashes, goes down or up."""
    base = grounded(scenario)
    # only where an end turns the plan is there something to halve, so nothing is tried in between
    asked = [k for k in knobs(base, inputs_of(base), apart=True) if k.kind in (Kind.UNIT_COST, Kind.CASHABLE)]
    return _switches(base, result, asked, told)


def _switches(scenario: Scenario, result: Result, found: list[Knob], told: Callable[[float], object] | None) -> list[Switch]:
    session, moves = HotSession(scenario), moved_in(scenario, result)
    made = []
    for k, knob in enumerate(found):
        made.append(switch(session, scenario, knob, moves))
        if told:
            told((k + 1) / len(found))
    return made


def switch(session: HotSession, scenario: Scenario, knob: Knob, moves: dict[str, int]) -> Switch:
    """Where one input turns the plan. moves: what gains and loses in the plan with the likely value."""
    own = knob.of if knob.kind is Kind.EFFECT else ""
    now: Hashable = moves.get(own, 0) if own else frozenset(moves.items())

    def answer(position: float) -> Hashable:
        other = changed(scenario, knob.change(position))
        found = session.edit(other, explained=False)
        if found.status is not Status.OPTIMAL:
            return None
        moved = moved_in(other, found)
        return moved.get(own, 0) if own else frozenset(moved.items())

    between, halvings = int(trial("between")), int(trial("halvings"))
    below, above = (
        edge(answer, now, end, between, halvings) if room else None for end, room in zip((-1.0, 1.0), knob.room, strict=True)
    )
    return Switch(knob, now, below, above)
