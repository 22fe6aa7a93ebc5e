"""What the parts of a session share where people type: fields that warn, sending that says it is kept, and looking for news."""

from collections.abc import Callable, Hashable
from urllib.parse import urlencode

import streamlit as st

from app import clock, meeting, meeting_typed, store_away, typed_words
from app.meeting import Here
from rcs_core.errors import RcsError
from rcs_core.workshop.meeting.agenda import running
from rcs_core.workshop.meeting.guess_questions import rule
from rcs_core.workshop.meeting.spoken import WARNING

NEWS = "There is something new here: show it"
EVERY = 2
"""Seconds between two looks for what is new."""
_TOLD, _TURN = "meeting_told", "meeting_turn"


def year() -> int:
    """The year by which a date of birth is told from another date."""
    return clock.today().year


def words(label: str, name: str, long: bool = True) -> str:
    """A field for words: empty again once they are kept, and as they were typed where they are not."""
    most = int(rule("most_letters"))
    return (st.text_area if long else st.text_input)(label, key=key(name), max_chars=most) or ""


def key(name: str) -> str:
    """The key of a field, another one after each sending that was kept."""
    turns: dict[str, int] = st.session_state.get(_TURN, {})
    return f"{name}_{turns.get(name, 0)}"


def warn() -> None:
    """What not to write, beside the fields."""
    st.caption(f":material/shield_person: {WARNING}")


def send(act: Callable[[], object], *fields: str, told: str = "Kept.") -> None:
    """Do it, empty its fields, and say that it is kept; where it is refused, say why and leave what was typed."""
    try:
        act()
    except RcsError as error:
        typed_words.error(error)
        return
    turns = st.session_state.setdefault(_TURN, {})
    for name in fields:
        turns[name] = turns.get(name, 0) + 1
    if told:
        st.session_state[_TOLD] = (fields[0] if fields else "", told)
    st.rerun()


def told(name: str) -> None:
    """That what was sent last from here is kept; said once, in a place that stays, or the doors below would shut with it."""
    found: tuple[str, str] | None = st.session_state.get(_TOLD)
    place = st.empty()
    if found and found[0] == name:
        del st.session_state[_TOLD]
        place.success(found[1], icon=":material/check:")


def view(here: Here) -> str:
    """The view that the room is looking at, as the end of an address; blank before the session starts."""
    shown = here.meeting.made(running).shown
    return f"{shown.address}?{urlencode(shown.choices)}" if shown.choices else shown.address


def private() -> str:
    """The private word of the participant at this browser; blank, with a word on it, where the address has none."""
    found = str(st.query_params.get(meeting.ME, ""))
    if not found:
        st.markdown("To answer, open this page by the address that you joined with.")
    return found


@st.fragment(run_every=EVERY)
@store_away.told
def watch(state: Callable[[], Hashable], seen: Hashable) -> None:
    """Look for news every other second: the page is drawn anew for it, or offers to be to somebody in the middle of something."""
    if state() == seen:
        return
    of = getattr(state, "func", state)  # each part has a look of its own, so its name tells one button from another
    name = f"news_{of.__module__}_{of.__qualname__}"
    if not meeting_typed.under_way() or st.button(NEWS, key=name, icon=":material/refresh:", width="stretch"):
        st.rerun()
