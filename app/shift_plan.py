"""The plan of *Try a shift* behind its five answers: by service, by year and child, by agency, and when money is free."""

import streamlit as st

from app import charts_shift, shift_parts, show
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop import shift as view
from rcs_core.workshop.inputs import told
from rcs_core.workshop.shift import Shift

OFF_SCREEN = "On the big screen no bought service is drawn, and a dash stands for its amounts. The files below hold them all."


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """The pictures and tables of the plan; what they come to is said above, and held to be true of it in the other views."""
    _services(release, shift, on_screen)
    _by_year(release, shift, on_screen)
    st.header("What does each agency pay?", anchor=False)
    show.table(told.in_pounds(view.agency_changes(shift), shift), f"Spend by agency in {shift.last}")
    if not view.discussed(shift):
        show.table(view.demand_changes(shift), f"Need for responsive services in {shift.last}")
    shift_parts.free(release)
    shift_parts.even(release, shift, on_screen)


def _services(release: Release, shift: Shift, on_screen: bool) -> None:
    changes = told.in_pounds(view.service_changes(shift), shift)
    if changes.empty:
        return
    st.header("Which services change?", anchor=False)
    drawn = view.foremost(changes[~big_screen.named(changes, release)] if on_screen else changes)
    points, changes = charts_shift.service_points(drawn), big_screen.without_prices(changes, release, on_screen)
    if on_screen:
        show.note(OFF_SCREEN)
    elif len(changes) > len(points):
        show.note(f"The {len(points)} of {len(changes)} services that change most; the table has them all.")
    if points.empty:
        show.table(changes, f"Change by service in {shift.last}")
    else:
        words = view.what_moves(shift).sentence
        show.chart(charts_shift.services(points), points, words, changes, f"Change by service in {shift.last}")


def _by_year(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("How does it grow by year, and whom does it reach?", anchor=False)
    changes = view.service_changes(shift)
    if on_screen and len(changes) == 1 and big_screen.named(changes, release).all():
        show.note("Only one service moves, and it is bought: how many children more is not on the big screen.")
    else:
        reached = told.whom(shift)
        show.headline(reached.sentence, reached.basis)
    levels = told.in_pounds(view.level_changes(shift), shift)
    points = charts_shift.year_points(levels)
    show.chart(charts_shift.years(), points, view.year_words(shift), levels, "Prevention and response by year")
