"""What a screen does while the store does not answer: it says so, and goes on by itself when the store is back."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from app import problem
from rcs_core.workshop.store import StoreAwayError, StoreError

EVERY = 3
"""Seconds between two looks whether the store is back."""
AWAY = "The store does not answer just now. What was kept is safe; this goes on by itself when it is back."
_FIRST = "store_away_first"


def told[**P, R](draw: Callable[P, R]) -> Callable[P, R | None]:
    """A fragment that polls, with a plain line in its place while the store does not answer: put it right under `st.fragment`."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return draw(*args, **kwargs)
        except StoreAwayError:
            st.warning(AWAY, icon=":material/cloud_off:")
            return None

    return drawn


def say(error: StoreAwayError, ask: Callable[[], object]) -> None:
    """The error where a page would stand, until `ask` is answered again; the page is drawn anew then."""
    problem.draw(error)
    come_back(ask)


def come_back(ask: Callable[[], object]) -> None:
    """Look every few seconds whether `ask` is answered again, and draw the page anew when it is."""
    st.session_state[_FIRST] = True
    _looking(ask)


@st.fragment(run_every=EVERY)
def _looking(ask: Callable[[], object]) -> None:
    # The page that was just drawn had its answer: the first look is a moment later.
    if st.session_state.pop(_FIRST, False):
        st.caption(f"Looking again every {EVERY} seconds.")
        return
    try:
        ask()
    except StoreError:
        st.caption(f"Looking again every {EVERY} seconds.")
        return
    st.rerun()
