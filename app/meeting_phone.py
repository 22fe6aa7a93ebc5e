"""A participant's screen: the facilitator's step and what there is to do in it; nothing is pulled away from who types."""

import streamlit as st

from app import meeting, meeting_parts, meeting_people, meeting_timer, meeting_typed, navigation, show, store_away
from app.meeting import Here
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.meeting.agenda import Running, State, about, running

EVERY = 2
"""Seconds between two looks at where the room is."""
_AT = "meeting_phone_at"
WAITING = "The session has not started yet. This page goes on by itself."
NOTHING = "Nothing to do on your phone in this step: look at the big screen."


def draw(here: Here, release: Release) -> None:
    """The whole screen of somebody who has joined."""
    one = meeting_people.still_here(here)
    now = here.meeting.made(running)
    st.title(typed(here.meeting.made(about).title), anchor=False)
    meeting_timer.style()
    at = _where(now)
    st.session_state[_AT] = at
    follow(here, at)
    meeting_people.number()
    meeting_typed.keep(now.step.id if now.step else "")  # before the fields, so that it knows their step when they appear
    _step(here, release, now)
    meeting_people.me(here, one)


def _where(now: Running) -> str:
    """What a phone's screen depends on: the state of the session and the step that is on."""
    return f"{now.state}:{now.step.id if now.step else ''}:{len(now.been)}"


def _step(here: Here, release: Release, now: Running) -> None:
    """What there is to do in the step, and the page of the workbench that the room looks at."""
    if now.state is State.PREPARED:
        show.line(WAITING)
    elif now.step is None:
        show.line("The session is closed. Thank you.")
    elif not meeting_parts.draw(here, release):
        show.line(NOTHING)
    wanted = now.shown.address if now.on else meeting.SESSION
    screen = next((s for s in navigation.present() if s.address == wanted != meeting.SESSION), None)
    if screen:
        navigation.link(screen, **now.shown.choices)


@st.fragment(run_every=EVERY)
@store_away.told
def follow(here: Here, at: str) -> None:
    """The step in one line. Where the room has moved on the page goes along, unless somebody is in the middle of something."""
    now, one = here.meeting.made(running), meeting.person(here)
    if one is None or not one.here:
        st.rerun()
    meeting.presence().seen(here.meeting.id, one.key)
    if _where(now) != at and not meeting_typed.under_way():
        st.rerun()
    if _where(now) != at:
        _moved_on(now)
    elif now.step:
        line(now, "phone")


def line(now: Running, name: str) -> None:
    """The step that is on, with the time that is left of it."""
    if now.step is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"step-line-{name}"):
        st.markdown(f"Step {now.number + 1} of {len(now.steps)}: **{typed(now.step.title)}**", width="content")
        st.html(meeting_timer.clock(now, name), width="content")


def _moved_on(now: Running) -> None:
    """Say that the room has moved on, and leave it to who types when to go along."""
    where = f" to **{typed(now.step.title)}**" if now.step else ": the session is closed"
    st.info(
        f"The room has moved on{where}. Send what you have typed, or go along: it is kept on this phone.",
        icon=":material/forward:",
    )
    if st.button("Go along", key="phone_go", type="secondary", width="stretch"):
        st.rerun()
