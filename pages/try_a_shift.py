"""What would happen if we moved money upstream?"""

import streamlit as st

from app import room, session, shift_edits, shift_keep, shift_parts, shift_views, shifting, show
from rcs_core.workshop import behind
from rcs_core.workshop import shift as view
from rcs_core.workshop.inputs import told

release = session.release()
show.question(
    "What would happen if we moved money upstream?",
    "From responsive (acute) services to prevention, year by year, under the promises you set. Nothing is decided here.",
)
on_screen = room.on()
depth, beside = shifting.depth()
if missing := view.lacking(release, depth):
    show.nothing("This release cannot be tested for a shift", missing)

levers = shifting.levers(release, depth, beside)
shift = shifting.solved(release, levers)
shift_edits.bar(release, shift, on_screen)
shift_keep.banner(release, levers, shift)
standing = told.standing(shift)

left, right = st.columns(2) if shift.possible and not room.large() else (st.container(), st.container())
with left:
    st.header("Is every child's need met?", anchor=False)
    met = view.need_met(shift)
    show.headline(met.sentence, met.basis, behind.shift("shift_met", shift))
if shift.possible:
    with right:
        st.header("How much of it is known?", anchor=False)
        standing = shift_parts.bar(levers, shift)
shift_views.chosen(release, shift, on_screen)

st.header("Take it away", anchor=False)
shift_keep.take_away(release, levers, shift, standing)
if shift.possible:
    show.caveats(view.caveats(release, shift))
