"""Which gap to close first: of the guesses that turn the plan, where, how likely that is, and how many pounds then move.

It goes on from `inputs.elicit.ranked`, which tries every guess at its ends: for those that turn the plan the value at
which it turns is found, and the share of the range beyond it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from rcs_core.release import Release
from rcs_core.workshop.couple.build import scenario_of
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Answered, Depth, Levers
from rcs_core.workshop.explore.changes import trial
from rcs_core.workshop.explore.moves import moves as moved_in
from rcs_core.workshop.explore.switching import Edge, edge, under_triangle
from rcs_core.workshop.inputs.elicit import Question, ranked
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.session import Status

HARDLY = 1e-6
"""An effect of nothing is tried as hardly any, so that the service stays among those that can be moved."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A guess and where it turns the plan. below, above: the values at which it does, in the guess's own unit.

    chance: the share of its range (a triangle of low, likely, high) in which the plan is another.
    """

    question: Question
    below: float | None
    above: float | None
    chance: float

    @property
    def expected(self) -> float:
        """Pounds that stand elsewhere if the plan turns, times the chance that it does."""
        return self.chance * self.question.apart

    @property
    def turns(self) -> bool:
        """Whether the plan turns anywhere in its range."""
        return self.below is not None or self.above is not None


def gaps(
    release: Release,
    levers: Levers,
    questions: list[Question] | None = None,
    told: Callable[[float], object] | None = None,
) -> list[Gap]:
    """Every guess, the one to close first at the head: by the pounds it moves times how likely it is to move them.

    questions: what `inputs.elicit.ranked` found for these levers, where it is there already.
    """
    base = replace(levers, depth=Depth.ESTIMATE)
    found = ranked(release, base, _part(told, 0.0, 0.5)) if questions is None else questions
    turning, plans = [q for q in found if q.turns], _Plans(release, base)
    made = {}
    for k, question in enumerate(turning):
        made[question.number.key] = _gap(plans, question)
        if told:
            told(0.5 + 0.5 * (k + 1) / len(turning))
    every = [made.get(q.number.key) or Gap(q, None, None, 0.0) for q in found]
    return sorted(every, key=lambda gap: (not gap.turns, -gap.expected, -gap.chance, gap.question.text))


def _part(told: Callable[[float], object] | None, start: float, share: float) -> Callable[[float], object] | None:
    return (lambda done: told(start + share * done)) if told else None


class _Plans:
    """What gains and loses with one number of the release at another value, in one session of the solver."""

    def __init__(self, release: Release, levers: Levers) -> None:
        self.release, self.levers = release, levers
        scenario = scenario_of(read(release, levers), levers, release)
        self.session = HotSession(scenario)
        self.now = self._answer(levers)

    def at(self, number: Answered, value: float) -> Hashable:
        """Which services gain and lose with the number at a value; None where no plan keeps every promise."""
        others = tuple(a for a in self.levers.answers if a.key != number.key)
        asked = max(value, HARDLY) if number.kind == "effect" else value
        one = replace(number, likely=asked, low=min(number.low, asked), high=max(number.high, asked))
        return self._answer(replace(self.levers, answers=(*others, one)))

    def _answer(self, levers: Levers) -> Hashable:
        scenario = scenario_of(read(self.release, levers), levers, self.release)
        result = self.session.edit(scenario, explained=False)
        return frozenset(moved_in(scenario, result).items()) if result.status is Status.OPTIMAL else None


def _gap(plans: _Plans, question: Question) -> Gap:
    number = question.number
    below, above = (_value(plans, number, end) if end in question.turns else None for end in ("low", "high"))
    under = under_triangle(below, number.low, number.likely, number.high) if below is not None else 0.0
    over = 1 - under_triangle(above, number.low, number.likely, number.high) if above is not None else 0.0
    return Gap(question, below, above, under + over)


def _value(plans: _Plans, number: Answered, end: str) -> float | None:
    """The value between the likely one and an end at which the plan turns (a lag: the first whole year)."""
    far = float(getattr(number, end))

    def at(position: float) -> float:
        return number.likely + position * (far - number.likely)

    if number.kind == "lag":
        step = 1.0 if far > number.likely else -1.0
        years = [number.likely + step * (k + 1) for k in range(round(abs(far - number.likely)))]
        return next((year for year in years if plans.at(number, year) != plans.now), None)
    found: Edge | None = edge(lambda p: plans.at(number, at(p)), plans.now, 1.0, 0, int(trial("halvings")))
    return at(found.at) if found else None
