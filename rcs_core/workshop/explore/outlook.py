"""What more, or less, would bring: the plan over the points of the shift, and over the size of every purse.

In: a release and a solved shift. Out: two frontiers, what holds the plan at the most that was tried, and for each step
whether the larger plan contains the smaller one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from rcs_core.release import Release
from rcs_core.workshop.couple.build import scenario_of
from rcs_core.workshop.explore.choices import refuse_discussion
from rcs_core.workshop.explore.else_rules import numbers
from rcs_core.workshop.scenario import Scenario
from rcs_core.workshop.scenario.contained import Contained, contains, paths, widened
from rcs_core.workshop.scenario.frontier import Binding, Frontier, Make, Point, binding, by_budget, frontier
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.unchanged import objective_of_nothing
from rcs_core.workshop.shift import Shift


@dataclass(frozen=True, slots=True)
class Side:
    """A frontier, what holds the plan at its far end, and each step with whether the larger plan holds the smaller one."""

    found: Frontier
    held: tuple[Binding, ...]
    steps: tuple[tuple[Point, Point, Contained], ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Both sides. nothing: what doing nothing brings. asked: the points of the present plan."""

    shift: Side
    budget: Side
    nothing: float
    asked: float


def outlook(release: Release, shift: Shift, told: Callable[[float], object] | None = None) -> Outlook:
    """The plan at more and less of the shift, with its bridging money, and of every purse; `told` hears how far it is.

    Raises ScenarioError where nothing is optimised or no plan is possible.
    """
    refuse_discussion(shift.scenario)
    asked = shift.levers.shift_pct

    def moved(points: float) -> Scenario:
        return scenario_of(shift.inputs, replace(shift.levers, shift_pct=points), release)

    def half(first: float) -> Callable[[float], object] | None:
        return None if told is None else lambda share: told(first + share / 2)

    by_points = _side(moved, {*numbers("shift_points"), asked}, shift, half(0.0))
    by_purse = _side(by_budget(shift.scenario), {*numbers("budget_per_cent"), 0.0}, shift, half(0.5))
    return Outlook(by_points, by_purse, objective_of_nothing(shift.scenario), asked)


def _side(make: Make, values: Iterable[float], shift: Shift, told: Callable[[float], object] | None) -> Side:
    """One frontier, from the most to the least, with what holds its far end and each step of it."""
    found = frontier(make, sorted(values, reverse=True), told, shift.names)
    session: HotSession | None = None
    steps = []
    for small, large in pairwise(found.points):
        scenario = make(large.at)
        session = session or HotSession(widened(scenario))
        steps.append((small, large, contains(paths(scenario, small.result), scenario, large.result, session)))
    return Side(found, tuple(binding(make(found.points[-1].at))), tuple(steps))
