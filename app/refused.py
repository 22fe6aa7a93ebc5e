"""A file that could not be made, or may not leave: said on the page in words.

A download is made when it is pressed, outside the page: an error there reaches the reader as "failed", without a word why. So
what went wrong is kept for the session, and the page is drawn anew with it below the button.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rcs_core.errors import RcsError

_KEPT = "files_refused"
type Refusals = dict[str, RcsError]


def watched(make: Callable[[], bytes], key: str) -> Callable[[], bytes]:
    """The same, which leaves an error of ours below the button `key` when it cannot; nothing leaves then."""
    kept: Refusals = st.session_state.setdefault(_KEPT, {})
    context = get_script_run_ctx()
    session = context.session_id if context else ""

    def made() -> bytes:
        try:
            content = make()
        except RcsError as problem:
            kept[key] = problem
            _draw_anew(session)
            raise
        kept.pop(key, None)
        return content

    return made


def of(key: str) -> RcsError | None:
    """What went wrong when the button was pressed last; told once."""
    found: Refusals = st.session_state.get(_KEPT, {})
    return found.pop(key, None)


def _draw_anew(session: str) -> None:
    """Ask for the page of a session as its reader has it: a download by itself draws nothing."""
    page = get_instance().get_app_session(session) if exists() and session else None
    if page is not None:
        page._call_soon_on_event_loop(partial(page.request_rerun, page._client_state))
