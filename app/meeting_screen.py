"""The big screen of a session: where the room is, the time that is left, who is here, how to join; then what a step shows.

It goes where the facilitator sends it: to a page of the workbench with the choices of a link, and back.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from app import meeting, meeting_parts, meeting_people, meeting_timer, navigation, room, show, store_away
from app.meeting import Here, Seat
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import By
from rcs_core.workshop.meeting.agenda import About, Running, Shown, State, about, running
from rcs_core.workshop.store import Event, EventKind

EVERY = 2
"""Seconds between two looks at where the room is."""
_FOLLOWED, _WANTED = "meeting_followed", "meeting_wanted"
_MOVES = frozenset({EventKind.STEP_ENTERED, EventKind.SCREEN_SHOWN, EventKind.SESSION_STARTED, EventKind.SESSION_CLOSED})
KEPT_OUT = frozenset({meeting.SESSION, meeting.SEAT, meeting.ME, room.KEY, room.LARGE_KEY, meeting_people.CODE})
"""Words of an address that no facilitator sets for the big screen."""


def seat() -> Here | None:
    """The big screen's seat: that of this browser, or the one of the session that the address names."""
    here, id = meeting.here(), st.query_params.get(meeting.SESSION, "")
    if here and here.seat is Seat.SCREEN and id in ("", here.meeting.id):
        return here
    if id and meeting.of(id).made(about).title:
        meeting.sit(id, Seat.SCREEN, By())
        st.rerun()
    return None


def room_on() -> None:
    """Room mode on, names and prices hidden, as long as this browser is the big screen."""
    here = meeting.here()
    if here and here.seat is Seat.SCREEN:
        st.session_state[room.LARGE_KEY] = st.session_state[room.KEY] = True
        for key, value in st.session_state.pop(_WANTED, {}).items():
            held = st.session_state.get(key)
            st.session_state[key] = value == "true" if isinstance(held, bool) else [value] if isinstance(held, list) else value


def draw(here: Here, release: Release) -> None:
    """What the room sees between the pages of the workbench."""
    now, prepared = here.meeting.made(running), here.meeting.made(about)
    st.title(typed(prepared.title), anchor=False)
    meeting_timer.style()
    look(here, here.meeting.events()[-1].id)
    if now.state is State.PREPARED or now.number == 0:
        meeting_people.way_in(prepared)
    meeting_parts.draw(here, release)
    with st.expander("Agenda, and who is here", expanded=not (now.step and now.step.methods)):
        left, right = st.columns(2, gap="large")
        with left:
            _agenda(prepared, now)
        with right:
            meeting_people.who(here)


@st.fragment(run_every=EVERY)
@store_away.told
def look(here: Here, seen: int) -> None:
    """The step and its clock; anything new draws the screen anew, and a page that is shown takes it there."""
    follow(here)
    if here.meeting.events()[-1].id != seen:
        st.rerun()
    now = here.meeting.made(running)
    if now.step is None:
        show.line("**Welcome.** We start soon." if now.state is State.PREPARED else "**The session is closed.** Thank you.")
        return
    step, clock = st.columns((3, 2), vertical_alignment="center")
    with step:
        st.header(f"{now.number + 1} of {len(now.steps)}: {typed(now.step.title)}", anchor=False)
        if now.next:
            show.line(f"Next: {typed(now.next.title)}")
    clock.html(meeting_timer.clock(now, "screen", large=True))


def follow(here: Here) -> None:
    """Go to what the facilitator shows, once for each time that it changes."""
    shown = here.meeting.made(running).shown
    stamp = (here.meeting.id, shown.address, tuple(sorted(shown.choices.items())), _when(here))
    if here.seat is not Seat.SCREEN or st.session_state.get(_FOLLOWED) == stamp:
        return
    st.session_state[_FOLLOWED] = stamp
    _go(shown)


def _when(here: Here) -> int:
    """The event by which the present page came to the screen."""
    return here.meeting.made(_latest)


def _latest(events: Sequence[Event]) -> int:
    return max((e.id for e in events if e.kind in _MOVES), default=0)


def _go(shown: Shown) -> None:
    """Open the page with its choices; the one that is open already is drawn anew with them."""
    choices = allowed(shown.choices)
    target = next((s for s in navigation.present() if s.address == shown.address != meeting.SESSION), None)
    st.session_state[_WANTED] = choices if target else {}
    page = navigation.page(target) if target else navigation.big_screen()
    if target and meeting.place() == target.address and (unsaid := {*st.query_params} - {*choices} - KEPT_OUT):
        # A choice that is to be as at first again: by way of the big screen's own page, as an open page holds on to it.
        for key in (*unsaid, _FOLLOWED):
            st.session_state.pop(key, None)
        st.switch_page(navigation.big_screen(), query_params=room.carried())
    if meeting.place() != (target.address if target else meeting.SCREEN):
        st.switch_page(page, query_params={**room.carried(), **(choices if target else {})})
    if target:
        st.rerun()


def allowed(choices: Mapping[str, str]) -> dict[str, str]:
    """The choices that a page for the room may have: never those of the seat, or of what is hidden from partners."""
    return {key: value for key, value in choices.items() if key not in KEPT_OUT}


def _agenda(prepared: About, now: Running) -> None:
    """The steps with their minutes, where we are in bold."""
    st.subheader("Agenda", anchor=False)
    lines = []
    for k, step in enumerate(prepared.steps):
        here = now.step is not None and step.id == now.step.id
        words = f"{typed(step.title)}, {step.minutes} min"
        lines.append(f"**{words} ← we are here**" if here else f"{words} ✓" if k < now.number else words)
    st.markdown("\n".join(f"{k}. {line}" for k, line in enumerate(lines, 1)))
