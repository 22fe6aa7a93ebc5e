"""A kept scenario opened on the screen: from its link or its button, its levers go back to the controls they came from.

The link names a version (`?kept=our-plan-1a2b3c.2`). It is followed once; from then on the controls are the room's.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import session, shift_edits, typed_words
from app.shift_controls import controls_of
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers, levers_kept
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.shift import movable

LINK = "kept"
FILE = "shift_file"
"""Where a scenario of which only the file is known is kept for the session: it is shown in the place of the levers."""
OPENED, FOLLOWED, OWN = "shift_opened", "shift_link_followed", "shift_own"


def follow(release: Release) -> None:
    """Open the version that the page's link names, once; to be called before any control is drawn."""
    link = st.query_params.get(LINK, "")
    if not link or st.session_state.get(FOLLOWED) == link:
        return
    st.session_state[FOLLOWED] = link
    try:
        put_back(release, Shelf(session.store()).of_link(link))
    except RcsError as error:
        st.query_params.pop(LINK, None)
        typed_words.error(error)


def open_it(release: Release, link: str) -> None:
    """Open a version from a button's callback, with its link in the address; an error is shown where the page goes on."""
    st.session_state[FOLLOWED] = link
    st.query_params[LINK] = link
    try:
        put_back(release, Shelf(session.store()).of_link(link))
    except RcsError as error:
        st.session_state.pop(OPENED, None)
        typed_words.error(error)


def opened() -> Kept | None:
    """The version that was opened last in this session."""
    found: Kept | None = st.session_state.get(OPENED)
    return found


def put_back(release: Release, kept: Kept) -> None:
    """Set every control as it was when a version was kept; one without levers is shown from its file.

    Raises ScenarioError for levers that this program cannot read.
    """
    if kept.draft.levers is None:
        st.session_state[FILE] = kept
    else:
        st.session_state.pop(FILE, None)
        levers = levers_kept.read(kept.draft.levers)
        for key, value in controls_of(levers, movable(release, levers.depth)).items():
            st.session_state[key] = value
        shift_edits.clear(release)
        shift_edits.add(release, levers.edits)
        shift_edits.because(levers.because)
    st.session_state[OPENED] = kept
    if kept.draft.plan:
        st.session_state[OWN] = {service: tuple(line) for service, line in kept.draft.plan.items()}


def stay(kept: Kept) -> None:
    """Put what was just kept into the address: a scenario from a file has no controls, and a reload would lose it."""
    st.session_state[FOLLOWED] = kept.link
    st.query_params[LINK] = kept.link


def shut() -> None:
    """Back to the levers of the page, as they were left: from a button's callback."""
    for key in (FILE, OPENED, FOLLOWED):
        st.session_state.pop(key, None)
    st.query_params.pop(LINK, None)


def unlike(now: Levers, kept: Kept) -> Sequence[str]:
    """The levers that are not as they were kept, by name; empty where the room has changed nothing since."""
    if kept.draft.levers is None:
        return ()
    then, today = kept.draft.levers, levers_kept.plain(now)
    return [name for name in today if name in then and _plain(then[name]) != _plain(today[name])]


def _plain(value: Any) -> Any:
    """A value as it comes back from the store."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value
