"""The session bar: one thin line above every page of the workbench in a browser that has a seat in a session.

It tells the step, the time that is left, what comes next and how many votes are in; a facilitator goes on or back, and puts the
page on the big screen. On the big screen's browser it follows what is shown.
"""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from app import chosen, meeting, meeting_screen, meeting_timer, navigation, store_away, typed_words
from app.meeting import Here, Seat
from app.navigation import Screen
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.workshop.meeting import ballots, life
from rcs_core.workshop.meeting.agenda import Running, State, running
from rcs_core.workshop.meeting.ballots import State as Box
from rcs_core.workshop.meeting.steps import SCREENS

EVERY = 2
"""Seconds between two looks at where the room is."""
_PROBLEM = "meeting_bar_problem"


def draw(screen: Screen | None) -> None:
    """The bar above a page; nothing for a browser without a seat. screen: the page of the workbench, if it is one of those."""
    here = meeting.here()
    if here is None or screen is None or screen.address == meeting.SESSION:
        return
    meeting_timer.style()
    with st.container(key="session-bar"):
        _bar(here, screen)


@st.fragment(run_every=EVERY)
@store_away.told
def _bar(here: Here, screen: Screen) -> None:
    if here.seat is Seat.SCREEN:
        meeting_screen.follow(here)
    now = here.meeting.made(running)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_said(here, now), width="content")
        if now.step:
            st.html(meeting_timer.clock(now, "bar"), width="content")
        if here.seat is Seat.FACILITATOR:
            _lead(here, now, screen)
        elif here.seat is Seat.PARTICIPANT:
            st.page_link(
                navigation.phone(), label="My screen", icon=":material/smartphone:", query_params=dict(meeting.carried()),
                width="content",
            )  # fmt: skip
    if problem := st.session_state.pop(_PROBLEM, None):
        typed_words.error(problem)


def _said(here: Here, now: Running) -> str:
    """The step in a line: its number and title, what comes next, the votes that are in."""
    if now.step is None:
        return "**Session not started**" if now.state is State.PREPARED else "**Session closed**"
    after = f" · next: {typed(now.next.title)}" if now.next else " · the last step"
    return f"**Step {now.number + 1} of {len(now.steps)}: {typed(now.step.title)}**{after}{_votes(here)}"


def _votes(here: Here) -> str:
    """How many votes of the open ballot are in; a count and no more."""
    found = [box for box in here.meeting.made(ballots.boxes).values() if box.ballot.state is Box.OPEN]
    return f" · votes in: {len(found[-1].cast)}" if found else ""


def _lead(here: Here, now: Running, screen: Screen) -> None:
    """What a facilitator does from any page."""
    if now.step and now.on:
        step = now.step
        st.button(
            "Back", key="bar_back", icon=":material/skip_previous:", type="tertiary", disabled=now.before is None,
            on_click=_do, args=(lambda: life.back(here.meeting, here.by, step),),
        )  # fmt: skip
        st.button(
            "Next", key="bar_next", icon=":material/skip_next:", type="tertiary", disabled=now.next is None,
            on_click=_do, args=(lambda: life.onward(here.meeting, here.by, step),),
        )  # fmt: skip
        st.button(
            "Show this on the big screen", key="bar_show", icon=":material/present_to_all:", type="tertiary",
            disabled=screen.address not in SCREENS, on_click=_do, args=(lambda: _show(here, screen),),
        )  # fmt: skip
    if page := navigation.session_page():
        st.page_link(page, label="Session", icon=":material/groups:", query_params=dict(meeting.carried()), width="content")


def _show(here: Here, screen: Screen) -> None:
    """Put this page as it stands on the big screen."""
    choices = {key: values[-1] for key, values in chosen.choices().items()}
    life.show(here.meeting, here.by, screen.address, meeting_screen.allowed(choices))


def _do(act: Callable[[], object]) -> None:
    """Do it; where the room has moved on meanwhile, say so."""
    try:
        with suppress(life.AlreadyOnError):
            act()
    except RcsError as error:
        st.session_state[_PROBLEM] = error
