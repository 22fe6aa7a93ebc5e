"""The views of *Try a shift*: the plan, why it is so, how sure it is, what else there is, and others beside it.

Only the view that is looked at is worked out. Of promises that cannot all hold there is no plan to look at: then the clash
stands in the place of the plan, and other scenarios may be set beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app import (
    controls,
    demand,
    elicit,
    shift_draws,
    shift_money_moves,
    shift_parts,
    shift_plan,
    shift_why,
    show,
)
from rcs_core.release import Release
from rcs_core.workshop import big_screen, clash
from rcs_core.workshop.shift import Shift

type Section = Callable[[Release, Shift, bool], None]


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name in the control, and what it draws, in order."""

    name: str
    sections: tuple[Section, ...]


def _asked(release: Release, shift: Shift, _: bool) -> None:
    elicit.section(release, shift.levers)


def _rests_on(release: Release, shift: Shift, _: bool) -> None:
    shift_parts.missing(release, shift)
    demand.expander(release)


def _holds(release: Release, shift: Shift, _: bool) -> None:
    shift_parts.holds(release, shift.levers, shift)


def _clash(release: Release, shift: Shift, on_screen: bool) -> None:
    """Which promises clash, in one sentence; the smallest changes that settle it; the whole list behind a door."""
    st.header("What clashes, and what would settle it?", anchor=False)
    found, ways = clash.clash(shift), clash.ways_out(shift)
    show.headline(found.sentence, found.basis)
    if not ways.empty:
        st.markdown("The smallest changes, each of which settles it alone:")
        show.points(clash.in_words(ways))
    promises = big_screen.without_sums(clash.promises(shift), release, on_screen)
    if promises.empty:
        return
    with st.expander("Every promise of the clash, and every change that would settle it"):
        show.table(promises, "Promises that clash")
        show.table(ways, "Changes that would settle the clash", ["Leaving need unmet is not offered as a way out."])


PLAN = View("The plan", (shift_plan.section, _rests_on))
CLASH = View("What clashes", (_clash,))
WHY = View("Why", (shift_why.section, shift_money_moves.section))
SURE = View("How sure", (shift_draws.section, _holds, _asked))


def chosen(release: Release, shift: Shift, on_screen: bool) -> None:
    """The control and the view that it asks for; a view that this shift does not have is the first."""
    offered = [PLAN, WHY, SURE] if shift.possible else [CLASH]
    view = controls.view(offered, "shift_view", lambda v: v.name)
    for section in view.sections:
        section(release, shift, on_screen)
