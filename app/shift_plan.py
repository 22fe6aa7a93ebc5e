"""The plan of *Try a shift* as a board asks: what moves, whom it reaches, who pays and gains, when it comes back."""

import streamlit as st

from app import charts_shift, shift_parts, show
from rcs_core.release import Release
from rcs_core.workshop import behind, big_screen
from rcs_core.workshop import shift as view
from rcs_core.workshop.inputs import told
from rcs_core.workshop.shift import Shift

OFF_SCREEN = "On the big screen no bought service is drawn, and a dash stands for its amounts. The files below hold them all."


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """The plan in the order of a board's questions; what is held to be true of it stands in the other views."""
    _moves(release, shift, on_screen)
    _by_year(release, shift, on_screen)
    st.header("Who pays, and who gains?", anchor=False)
    gains = view.who_gains(shift)
    show.headline(gains.sentence, gains.basis, behind.shift("shift_payers", shift))
    show.table(told.shown(view.agency_changes(shift), shift), f"Spend by agency in {shift.last}")

    st.header("When does it come back?", anchor=False)
    back = view.when_back(shift)
    show.headline(back.sentence, back.basis, behind.shift("shift_back", shift))
    if not view.discussed(shift):
        show.table(view.demand_changes(shift), f"Need for responsive services in {shift.last}")
    shift_parts.free(release)
    shift_parts.even(release, shift, on_screen)


def _moves(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("What moves?", anchor=False)
    moves, changes = view.what_moves(shift), told.shown(view.service_changes(shift), shift)
    show.headline(moves.sentence, moves.basis, behind.shift("shift_moves", shift))
    if changes.empty:
        return
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


def _by_year(release: Release, shift: Shift, on_screen: bool) -> None:
    levels = told.shown(view.level_changes(shift), shift)
    points = charts_shift.year_points(levels)
    show.chart(charts_shift.years(), points, view.year_words(shift), levels, "Prevention and response by year")
    changes = view.service_changes(shift)
    if on_screen and len(changes) == 1 and big_screen.named(changes, release).all():
        show.note("Only one service moves, and it is bought: how many children more is not on the big screen.")
        return
    reached = told.whom(shift)
    show.line(f"**{reached.sentence}** {reached.basis}")
