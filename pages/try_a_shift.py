"""What would happen if we moved money upstream?"""

import streamlit as st

from app import charts_shift, demand, elicit, room, session, shift_parts, shifting, show
from rcs_core.workshop import big_screen, clash
from rcs_core.workshop import shift as view
from rcs_core.workshop.inputs import told
from rcs_core.workshop.shift import Shift

OFF_SCREEN = "On the big screen no bought service is drawn, and a dash stands for its amounts. The files below hold them all."


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


def plan(shift: Shift) -> None:
    """The plan as a board asks: what moves, whom it reaches, who pays and gains, when it comes back, where it breaks even."""
    st.header("What moves?", anchor=False)
    moves, changes = view.what_moves(shift), told.shown(view.service_changes(shift), shift)
    show.headline(moves.sentence, moves.basis)
    if not changes.empty:
        drawn = view.foremost(changes[~big_screen.named(changes, release)] if on_screen else changes)
        points, changes = charts_shift.service_points(drawn), big_screen.without_prices(changes, release, on_screen)
        if on_screen:
            show.note(OFF_SCREEN)
        elif len(changes) > len(points):
            show.note(f"The {len(points)} of {len(changes)} services that change most; the table has them all.")
        if points.empty:
            show.table(changes, f"Change by service in {shift.last}")
        else:
            show.chart(charts_shift.services(points), points, moves.sentence, changes, f"Change by service in {shift.last}")
    levels = told.shown(view.level_changes(shift), shift)
    points = charts_shift.year_points(levels)
    show.chart(charts_shift.years(), points, view.year_words(shift), levels, "Prevention and response by year")
    reached = told.whom(shift)
    show.line(f"**{reached.sentence}** {reached.basis}")

    st.header("Who pays, and who gains?", anchor=False)
    gains = view.who_gains(shift)
    show.headline(gains.sentence, gains.basis)
    show.table(told.shown(view.agency_changes(shift), shift), f"Spend by agency in {shift.last}")

    st.header("When does it come back?", anchor=False)
    back = view.when_back(shift)
    show.headline(back.sentence, back.basis)
    if not view.discussed(shift):
        show.table(view.demand_changes(shift), f"Need for responsive services in {shift.last}")
    shift_parts.free(release)
    shift_parts.even(release, shift, on_screen)


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
    plan(shift)
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
