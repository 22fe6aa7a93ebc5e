"""Doing what a facilitator asked for: kept or refused, and said on the page as it is then."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from app import typed_words
from rcs_core.errors import RcsError
from rcs_core.workshop.meeting.life import AlreadyOnError

_TOLD = "meeting_deed_told"


def run(deed: Callable[[], object], said: str = "Kept.") -> bool:
    """Do it (as the callback of a button, with what was on the screen then); tells whether it was kept."""
    try:
        with suppress(AlreadyOnError):  # where somebody wanted to go is where the room is
            deed()
    except RcsError as error:
        st.session_state[_TOLD] = error
        return False
    st.session_state[_TOLD] = said
    return True


def told() -> None:
    """What became of the last deed; in a place that stays when it goes, or the doors below would shut with it."""
    found: RcsError | str | None = st.session_state.pop(_TOLD, None)
    with st.container():
        if isinstance(found, RcsError):
            typed_words.error(found)
        elif found:
            st.success(found, icon=":material/check:")
