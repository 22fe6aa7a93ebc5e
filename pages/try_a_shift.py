"""What would happen if we moved money upstream?"""

import streamlit as st

from app import charts_shift, session, shifting, show
from rcs_core.workshop import clash
from rcs_core.workshop import shift as view
from rcs_core.workshop.shift import Shift


def no_plan(shift: Shift) -> None:
    """Which promises clash, in one sentence; the smallest changes that settle it; the whole list behind a door."""
    st.header("What clashes, and what would settle it?", anchor=False)
    found, ways = clash.clash(shift), clash.ways_out(shift)
    show.headline(found.sentence, found.basis)
    if not ways.empty:
        st.markdown("The smallest changes, each of which settles it alone:")
        show.points(clash.in_words(ways))
    promises = clash.promises(shift)
    if promises.empty:
        return
    with st.expander("Every promise of the clash, and every change that would settle it"):
        show.table(promises, "Promises that clash")
        show.table(ways, "Changes that would settle the clash", ["Leaving need unmet is not offered as a way out."])


def plan(shift: Shift) -> None:
    """The plan as a board asks: how sure, what moves, who pays and gains, when it comes back."""
    sure = view.how_sure(shift)
    show.headline(sure.sentence, sure.basis)

    st.header("What moves?", anchor=False)
    moves, changes = view.what_moves(shift), view.service_changes(shift)
    show.headline(moves.sentence, moves.basis)
    if not changes.empty:
        points = charts_shift.service_points(changes)
        show.chart(charts_shift.services(points), points, moves.sentence, changes, f"Change by service in {shift.last}")
    levels = view.level_changes(shift)
    points = charts_shift.year_points(levels)
    show.chart(charts_shift.years(), points, view.year_words(shift), levels, "Prevention and response by year")

    st.header("Who pays, and who gains?", anchor=False)
    gains = view.who_gains(shift)
    show.headline(gains.sentence, gains.basis)
    show.table(view.agency_changes(shift), f"Spend by agency in {shift.last}")

    st.header("When does it come back?", anchor=False)
    back = view.when_back(shift)
    show.headline(back.sentence, back.basis)
    show.table(view.demand_changes(shift), f"Need for responsive services in {shift.last}")


release = session.release()
show.question(
    "What would happen if we moved money upstream?",
    "From responsive (acute) services to prevention, year by year, under the promises you set. Nothing is decided here.",
)
if missing := view.lacking(release):
    show.nothing("This release cannot be tested for a shift", missing)

levers = shifting.levers(release)
shift = shifting.solved(release, levers)

st.header("Is every child's need met?", anchor=False)
met = view.need_met(shift)
show.headline(met.sentence, met.basis)
if shift.possible:
    plan(shift)
else:
    no_plan(shift)

st.header("Take it away", anchor=False)
shifting.take_away(release, levers, shift)
if shift.possible:
    show.caveats(view.caveats(release, shift))
