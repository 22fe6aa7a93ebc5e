"""A phone, a big screen or the page of a session that stayed half drawn loads itself again, unless somebody types there."""

from typing import Any

import streamlit as st

from app import meeting
from app.meeting import Seat
from rcs_core.settings import ROOT

_SCRIPT, _NUMBER, _KEY = ROOT / "app" / "keep_whole.js", "meeting_drawing", "keep-whole"
_UNSEEN = f"<style>.st-key-{_KEY} {{ position: absolute; height: 0; overflow: hidden; }}</style>"


def begin() -> None:
    """Tell the browser the number of the drawing that begins; nothing on a facilitator's other pages, as they hold forms."""
    st.session_state[_NUMBER] = int(st.session_state.get(_NUMBER, 0)) + 1
    if _watched():
        with st.container(key=_KEY):
            st.html(_UNSEEN)
            _component()(key=f"{_KEY}-script", data={"number": st.session_state[_NUMBER]}, height=1)


def end() -> None:
    """Write the number of the drawing into the page, as the last thing of it."""
    if _watched():
        st.html(f'<span data-whole="{st.session_state[_NUMBER]}"></span>')


def _watched() -> bool:
    here = meeting.here()
    return here is not None and (here.seat is not Seat.FACILITATOR or meeting.place() == meeting.SESSION)


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("rcs_keep_whole", js=_SCRIPT.read_text(encoding="utf-8"))
