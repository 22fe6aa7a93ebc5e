"""What would happen if we moved money upstream?"""

import streamlit as st

from app import charts_shift, session, shifting, show
from rcs_core.workshop import shift as view

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
if not shift.possible:
    st.header("What clashes, and what would mend it?", anchor=False)
    show.points(shift.result.messages)
    shifting.take_away(release, levers, shift)
    st.stop()

sure = view.how_sure(shift)
show.headline(sure.sentence, sure.basis)

st.header("What moves?", anchor=False)
moves, changes = view.what_moves(shift), view.service_changes(shift)
show.headline(moves.sentence, moves.basis)
if not changes.empty:
    points = charts_shift.service_points(changes)
    show.chart(charts_shift.services(), points, moves.sentence, changes, f"Change by service in {shift.last}")
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

st.header("Take it away", anchor=False)
shifting.take_away(release, levers, shift)

show.caveats(view.caveats(release, shift))
