"""The plan of *Try a shift* behind its five answers: by service, by year and child, by agency, and when money is free."""

import pandas as pd
import streamlit as st

from app import charts_shift, shift_parts, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple.veil import Veil, veil
from rcs_core.workshop.inputs import told
from rcs_core.workshop.shift import Shift

OFF_PAYERS = "On the big screen a dash stands for what would tell the price of a single bought service."
OFF_SCREEN = "On the big screen no bought service is drawn, and a dash stands for its amounts. The files below hold them all."


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """The pictures and tables of the plan; what they come to is said above, and held to be true of it in the other views."""
    _services(release, shift, on_screen)
    _by_year(release, shift, on_screen)
    st.header("What does each agency pay?", anchor=False)
    off = veil_of(release, shift, on_screen)
    notes = [OFF_PAYERS] if off.spend or off.change or off.alone else []
    agencies = kept(told.in_pounds, kept(view.agency_changes, shift), shift)
    show.table(kept(view.kept_off, agencies, shift, off) if notes else agencies, f"Spend by agency in {shift.last}", notes)
    if not view.discussed(shift):
        show.table(kept(view.demand_changes, shift), f"Need for responsive services in {shift.last}")
    shift_parts.free(release)
    shift_parts.even(release, shift, on_screen)


def _services(release: Release, shift: Shift, on_screen: bool) -> None:
    changes = kept(told.in_pounds, kept(view.service_changes, shift), shift)
    if changes.empty:
        return
    st.header("Which services change?", anchor=False)
    points = kept(_points, release, changes, on_screen)
    changes = kept(_told_services, release, changes, on_screen)
    if on_screen:
        show.note(OFF_SCREEN)
    elif len(changes) > len(points):
        show.note(f"The {len(points)} of {len(changes)} services that change most; the table has them all.")
    if points.empty:
        show.table(changes, f"Change by service in {shift.last}")
    else:
        words = kept(view.what_moves, shift).sentence
        show.chart(charts_shift.services(points), points, words, changes, f"Change by service in {shift.last}")


def _told_services(release: Release, changes: pd.DataFrame, on_screen: bool) -> pd.DataFrame:
    return big_screen.hidden_last(big_screen.without_prices(changes, release, on_screen, beside=True))


def veil_of(release: Release, shift: Shift, on_screen: bool) -> Veil:
    """What of the plan by payer is kept off the big screen."""
    return kept(_veil, release, shift) if on_screen and shift.possible else view.NOT_VEILED


def _veil(release: Release, shift: Shift) -> Veil:
    return veil(shift.scenario, shift.found, big_screen.withheld(release, True))


def _points(release: Release, changes: pd.DataFrame, on_screen: bool) -> pd.DataFrame:
    """The services that are drawn: those that change most, without bought ones on the big screen."""
    drawn = changes[~big_screen.named(changes, release, beside=True)] if on_screen else changes
    return charts_shift.service_points(view.foremost(drawn))


def _by_year(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("How does it grow by year, and whom does it reach?", anchor=False)
    changes = kept(view.service_changes, shift)
    if veil_of(release, shift, on_screen).alone:
        show.note("One bought service moves by itself: by how much, and how many children more, is not on the big screen.")
        return
    if on_screen and len(changes) == 1 and big_screen.named(changes, release).all():
        show.note("Only one service moves, and it is bought: how many children more is not on the big screen.")
    else:
        reached = kept(told.whom, shift)
        show.headline(reached.sentence, reached.basis)
    levels = kept(told.in_pounds, kept(view.level_changes, shift), shift)
    points = kept(charts_shift.year_points, levels)
    show.chart(charts_shift.years(), points, kept(view.year_words, shift), levels, "Prevention and response by year")
