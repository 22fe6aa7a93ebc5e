"""One session as its facilitator sees it: which it is, how far it is, and the four parts of its life."""

from collections.abc import Callable

import streamlit as st

from app import meeting, meeting_close, meeting_prepare, meeting_review, meeting_run, show
from app.meeting import Here, Seat
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.meeting.agenda import About, Running, State, about, running
from rcs_core.workshop.meeting.record_words import day_of

VIEWS: dict[str, Callable[[Here, Release], None]] = {
    "Prepare": meeting_prepare.draw, "Run": meeting_run.draw, "Close": meeting_close.draw, "Review": meeting_review.draw,
}  # fmt: skip
"""The parts of a session's life."""
FIRST = {State.PREPARED: "Prepare", State.RUNNING: "Run", State.CLOSED: "Close", State.REVIEWED: "Review"}
"""Which of them is open first."""


def draw(here: Here, release: Release) -> None:
    """The session of this browser."""
    found, now = here.meeting.made(about), here.meeting.made(running)
    _head(found, now)
    if here.seat is not Seat.FACILITATOR:
        _not_yours(here)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names, key = list(VIEWS), f"session_view_{here.meeting.id}_{now.state}"
        chosen = st.segmented_control(
            "Part of the session", names, default=FIRST[now.state], required=True, key=key,
            label_visibility="collapsed",
        )  # fmt: skip
        st.button("Leave this session", icon=":material/logout:", type="tertiary", key="session_leave", on_click=meeting.leave)
    VIEWS[chosen if chosen in VIEWS else FIRST[now.state]](here, release)


def _head(found: About, now: Running) -> None:
    """Which session it is, in one line."""
    where = f", {typed(found.place)}" if found.place else ""
    st.header(f"{typed(found.title)} ({now.state.label.lower()})", anchor=False)
    code = "" if now.state.over else f" Code to join: **{found.code}**."
    show.line(f"{day_of(found.day)}{where}, with {typed(found.facilitator)}. Release {found.release_id}.{code}")


def _not_yours(here: Here) -> None:
    """What a browser sees that sits elsewhere in the session."""
    show.line(f"This browser sits in the session as: {here.seat.label.lower()}. The facilitator's page needs another seat.")
    st.button("Leave this session", icon=":material/logout:", key="session_leave", on_click=meeting.leave)
