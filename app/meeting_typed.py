"""What somebody is typing on a phone: kept there through a reload and another step, and whether they are at it."""

from typing import Any

import streamlit as st

from rcs_core.settings import ROOT

_KEY, _SCRIPT = "keep_typed", ROOT / "app" / "keep_typed.js"


@st.fragment
def keep(step: str) -> None:
    """From here on this page's text fields keep what is typed in them, each for the step that is on.

    It is a fragment of its own, so that a word of it from the phone draws nothing else anew.
    """
    data = {"step": step, "typing": under_way()}
    _component()(key=_KEY, data=data, on_typing_change=lambda: None, default={"typing": 0}, height=1)


def under_way() -> bool:
    """Whether something is typed, or chosen, that was not sent; the phone tells it by a number above nought, else one below."""
    found: Any = st.session_state.get(_KEY)
    return bool(found) and int(found.get("typing") or 0) > 0


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("rcs_keep_typed", js=_SCRIPT.read_text(encoding="utf-8"))
