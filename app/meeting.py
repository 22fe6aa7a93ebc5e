"""Which facilitated session this browser takes part in, and from which seat.

A seat stands in the address of every page (`session`, `seat`, and `me`, the private word of a participant), so that it survives
a reload, a link and a restart of the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from app import room, session, signed
from rcs_core.access import Right
from rcs_core.vocab import Label
from rcs_core.workshop.meeting import By, Log, Meeting
from rcs_core.workshop.meeting.agenda import about
from rcs_core.workshop.meeting.joining import Presence, Tries
from rcs_core.workshop.meeting.people import Person, by_subject, by_word, people

SESSION, SEAT, ME = "session", "seat", "me"
"""The words of an address: which session, from which seat, and the private word of a participant."""
JOIN, SCREEN = "join", "screen"
"""The addresses of what a phone has, and of the big screen: nothing of the frame of other pages stands on them."""
_HERE, _WORD, _SINCE = session.SEAT, "meeting_word", "meeting_since"


class Seat(Label):
    """From where somebody takes part."""

    FACILITATOR = "facilitator", "Facilitator"
    SCREEN = "screen", "Big screen"
    PARTICIPANT = "participant", "Participant"


@dataclass(frozen=True, slots=True)
class Here:
    """A seat in a session. by: who sits there, as events name them."""

    meeting: Meeting
    seat: Seat
    by: By


def here() -> Here | None:
    """The seat of this browser, or None where it is in no session."""
    found: tuple[str, Seat, By] | None = st.session_state.get(_HERE)
    return Here(of(found[0]), found[1], found[2]) if found else None


def sit(id: str, seat: Seat, by: By, word: str = "") -> None:
    """Take a seat in a session, until this browser leaves it, on the release that the session is locked to.

    word: the private word of a participant.
    """
    st.session_state[_HERE] = (id, seat, by)
    st.session_state[_WORD] = word
    st.session_state[room.SEAT_LINK] = {SESSION: id, SEAT: seat.value} | ({ME: word} if word else {})
    st.session_state[_SINCE] = next((p.since for p in of(id).made(people) if p.key == by.key), 0)
    lock()


def leave() -> None:
    """Give up the seat."""
    session.unlock()
    for key in (_WORD, _SINCE):
        st.session_state.pop(key, None)
    for key in (SESSION, SEAT, ME):
        if key in st.query_params:
            del st.query_params[key]


def lock() -> None:
    """Work from the release of the session in which this browser sits; from the one that is served where it sits in none."""
    found = here()
    session.lock(found.meeting.made(about).release_hash if found else "")


def of(id: str) -> Meeting:
    """A session by its id, its events shared by all readers of this server."""
    store = session.store()
    return Meeting(store, id, _log(store.partnership, id))


def arrive() -> None:
    """Take the seat that the address of this page names, before anything is drawn; a seat that was taken stays in the address."""
    wanted = st.query_params.get(SESSION, ""), st.query_params.get(SEAT, "")
    now: tuple[str, Seat, By] | None = st.session_state.get(_HERE)
    me = st.query_params.get(ME, "")
    known = now is not None and (now[0], now[1].value) == wanted and me in ("", st.session_state.get(_WORD, ""))
    if all(wanted) and not known:
        _take(wanted[0], wanted[1], me)
    for key, value in carried().items():
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    lock()


def _take(id: str, seat: str, word: str) -> None:
    """Take a seat as an address names it; one that is not to be had is not taken."""
    found = of(id)
    prepared = found.made(about)
    if not prepared.title or seat not in set(Seat):
        return
    if seat == Seat.PARTICIPANT:
        who = signed.person()
        person = by_word(found.events(), word)
        if person and (who.local or person == by_subject(found.events(), who.id)):
            sit(id, Seat.PARTICIPANT, person.by, word)
    elif seat == Seat.SCREEN or may_lead():
        sit(id, Seat(seat), By(prepared.facilitator) if seat == Seat.FACILITATOR else By())


def may_lead() -> bool:
    """Whether whoever is at this browser may lead a session."""
    return signed.may(Right.LEAD)


def carried() -> Mapping[str, str]:
    """What a link to another page takes with it, so that the seat is kept there."""
    link: dict[str, str] = st.session_state.get(room.SEAT_LINK, {})
    return link if _HERE in st.session_state else {}


def place() -> str:
    """The address of this page, as the last word of its link."""
    return urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]


def bare() -> bool:
    """Whether this is a phone's page or the big screen: they stand without the frame of the other pages."""
    return place() in (JOIN, SCREEN)


def person(found: Here) -> Person | None:
    """The participant at this browser as they stand now; None where their place was given to another phone, or to nobody."""
    one = next((p for p in found.meeting.made(people) if p.key == found.by.key), None)
    return one if one and one.since == st.session_state.get(_SINCE) else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _log(partnership: str, id: str) -> Log:
    del partnership, id  # what tells one log from another
    return Log()


@st.cache_resource(show_spinner=False)
def presence() -> Presence:
    """Whom this server heard of lately."""
    return Presence()


@st.cache_resource(show_spinner=False)
def tries() -> Tries:
    """The wrong personal numbers of late."""
    return Tries()
