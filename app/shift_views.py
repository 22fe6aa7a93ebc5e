"""The views of *Try a shift*: the plan, why it is so, how sure it is, what else there is, and others beside it.

Only the view that is looked at is worked out. Of promises that cannot all hold there is no plan to look at: then the clash
stands in the place of the plan, and other scenarios may be set beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app import (
    controls,
    demand,
    elicit,
    shift_clash,
    shift_compare,
    shift_draws,
    shift_else,
    shift_money_moves,
    shift_own,
    shift_parts,
    shift_plan,
    shift_stress,
    shift_why,
)
from rcs_core.release import Release
from rcs_core.workshop.shift import Shift

type Section = Callable[[Release, Shift, bool], None]


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name in the control, and what it draws, in order. answers: whether the five answers stand above it in room
    mode too; elsewhere they always do."""

    name: str
    sections: tuple[Section, ...]
    answers: bool = False


def _asked(release: Release, shift: Shift, _: bool) -> None:
    elicit.section(release, shift.levers)


def _rests_on(release: Release, shift: Shift, _: bool) -> None:
    shift_parts.missing(release, shift)
    demand.expander(release)


PLAN = View("The plan", (shift_plan.section, _rests_on), answers=True)
CLASH = View("What clashes", (shift_clash.section,), answers=True)
WHY = View("Why", (shift_why.section, shift_money_moves.section))
SURE = View("How sure", (shift_stress.section, shift_parts.other_need, shift_draws.section, _asked))
ELSE = View("What else", (shift_else.section, shift_own.section))
BESIDE = View("Beside others", (shift_compare.section,))


def choose(shift: Shift) -> View:
    """The control; a view that this shift does not have is the first."""
    offered = [PLAN, WHY, SURE, ELSE, BESIDE] if shift.possible else [CLASH, BESIDE]
    return controls.view(offered, "shift_view", lambda v: v.name)


def draw(view: View, release: Release, shift: Shift, on_screen: bool) -> None:
    """What a view shows, in order."""
    for section in view.sections:
        section(release, shift, on_screen)
