"""What would happen if we moved money upstream?"""

import streamlit as st

from app import (
    meeting_promises,
    meeting_table,
    room,
    session,
    shift_board,
    shift_edits,
    shift_file,
    shift_keep,
    shift_levers,
    shift_load,
    shift_views,
    shifting,
    show,
)
from app.drawn import kept
from rcs_core.workshop import shift as view

release = session.release()
show.question(
    "What would happen if we moved money upstream?",
    "From crisis to prevention, year by year, under the promises you set. Nothing is decided here.",
)
on_screen = room.on()
meeting_table.follow(release)


def with_levers() -> None:
    """The plan of the levers that the room chose."""
    depth, place = shifting.depth()
    if missing := session.once(release, view.lacking, depth):
        show.nothing("This release cannot be tested for a shift", missing)

    levers, door = shifting.with_door(release, depth, place)
    shift = shifting.solved(release, levers)
    shift_levers.fill(release, shift, door, on_screen)
    meeting_promises.on_shift(release, levers)
    shift_edits.bar(release, shift, on_screen, open_form=False)
    shift_keep.banner(release, levers, shift)

    standing, board = shift_board.standing(release, levers, shift), st.container()
    chosen = shift_views.choose(shift)
    with board:
        shift_board.draw(release, shift, standing, not room.large() or chosen.answers)
    shift_views.draw(chosen, release, shift, on_screen)

    st.header("Take it away", anchor=False)
    shift_keep.take_away(release, levers, shift, standing)
    shift_load.offer(release, shift.scenario, shift.names)
    if shift.possible:
        show.caveats(kept(view.caveats, release, shift))


file = shift_file.opened(release)
if file is None:
    with_levers()
else:
    shift_file.draw(release, file, on_screen)
    shift_load.offer(release, file.scenario, file.names)
