"""Closing a session: what is still open first, then the closing, then what it leaves: its pack, and the way back in."""

from functools import partial

import streamlit as st

from app import meeting_deed, meeting_parts, show
from app.meeting import Here
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import life, life_open
from rcs_core.workshop.meeting.agenda import Running, State, running
from rcs_core.workshop.meeting.life_open import Left
from rcs_core.workshop.meeting.life_rules import limit


def draw(here: Here, release: Release) -> None:
    """What is open, and the closing."""
    now, found = here.meeting.made(running), life_open.left_open(here.meeting)
    if now.state is State.PREPARED:
        show.line("The session has not started, so there is nothing to close.")
        return
    _open(found, now)
    if now.on:
        _close(here, found, release)
    else:
        _closed(here, now)
        if pack := meeting_parts.module("pack"):
            pack.facilitator(here, release)


def _open(found: list[Left], now: Running) -> None:
    """What nobody has settled yet."""
    many = len(found)
    still = "is still open" if now.on else "was left open"
    st.subheader(f"{many} thing{'' if many == 1 else 's'} {still}" if many else f"Nothing {still}", anchor=False)
    show.points(f"{one.what}: {typed(one.named)}" for one in found)


def _close(here: Here, found: list[Left], release: Release) -> None:
    """The button. A closed session takes no more; its pack is made there and then."""
    show.line("A closed session takes no more votes or remarks, and its pack is made. It can be opened again, with a reason.")
    label = f"Close the session with {len(found)} open" if found else "Close the session"
    args = (partial(close, here, found, release), "The session is closed.")
    st.button(label, type="primary", key="close_it", icon=":material/lock:", on_click=meeting_deed.run, args=args)


def close(here: Here, found: list[Left], release: Release) -> None:
    """Close it, and let the pack be made: a pack that cannot be made is said, and the session is closed all the same."""
    life.close(here.meeting, here.by, [one.line for one in found])
    if pack := meeting_parts.module("pack"):
        pack.at_close(here.meeting, release, here.by)


def _closed(here: Here, now: Running) -> None:
    """When it was closed, when it is looked at again, and the way to open it once more."""
    day = life.review_day(now)
    show.line(
        f"Closed on {now.closed_at[:10]}. It is looked at again from {day}, on the same version of the data, under *Review*."
    )
    if now.state is State.REVIEWED:
        return
    with st.popover("Open it again", type="tertiary"):
        why = st.text_input("Why", max_chars=limit("words"), key="close_why")
        if st.button("Open it again", key="close_reopen"):
            meeting_deed.run(partial(life.reopen, here.meeting, here.by, why), "The session is open again.")
            st.rerun()
