"""What would happen if we moved money upstream?"""

import streamlit as st

from app import demand, elicit, room, session, shift_parts, shift_plan, shifting, show
from rcs_core.workshop import big_screen, clash
from rcs_core.workshop import shift as view
from rcs_core.workshop.inputs import told
from rcs_core.workshop.shift import Shift


def no_plan(shift: Shift) -> None:
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


release = session.release()
show.question(
    "What would happen if we moved money upstream?",
    "From responsive (acute) services to prevention, year by year, under the promises you set. Nothing is decided here.",
)
on_screen = room.toggle()
depth = shifting.depth()
if missing := view.lacking(release, depth):
    show.nothing("This release cannot be tested for a shift", missing)

levers = shifting.levers(release, depth)
shift = shifting.solved(release, levers)
standing = told.standing(shift)

st.header("Is every child's need met?", anchor=False)
met = view.need_met(shift)
show.headline(met.sentence, met.basis)
if shift.possible:
    standing = shift_parts.bar(levers, shift)
    shift_plan.section(release, shift, on_screen)
    shift_parts.holds(release, levers, shift)
else:
    no_plan(shift)
elicit.section(release, levers)
shift_parts.missing(release, shift)
demand.expander(release)

st.header("Take it away", anchor=False)
shifting.take_away(release, levers, shift, standing)
if shift.possible:
    show.caveats(view.caveats(release, shift))
