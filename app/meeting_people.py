"""The people of a session on the screens: joining on a phone, the code to scan, who is here by agency, sending somebody out."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from app import meeting, session, show, signed, store_away, typed_words
from app.meeting import Here, Seat
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.meeting import Meeting, attendance, code, life, people
from rcs_core.workshop.meeting.agenda import About, State, about, running
from rcs_core.workshop.meeting.attendance import Came
from rcs_core.workshop.meeting.joining import agencies, rule
from rcs_core.workshop.meeting.people import Joined, Person

CODE = "code"
"""The word of an address that says which session to join."""
NUMBER = "meeting_number"
"""Where the personal number waits until its owner has read it."""
_LIST, _CAME = "people_list", "people_came"


def label(agency: str) -> str:
    """An agency as a page names it."""
    return typed(agencies().get(agency, agency))


def door() -> None:
    """What a phone shows that is in no session: the code, then name and agency, what is kept, and a way in. Ends the page."""
    found = _asked_for()
    if found is None:
        _ask_code()
    else:
        _form(found)
    st.stop()


def _asked_for() -> Meeting | None:
    """The session that the address names, by its code or its id."""
    said, id = st.query_params.get(CODE, ""), st.query_params.get(meeting.SESSION, "")
    if said and (listed := life.by_code(session.store(), said)):
        return meeting.of(listed.id)
    named = meeting.of(id) if id else None
    return named if named and named.made(about).title and not named.made(running).state.over else None


def _ask_code() -> None:
    st.title("Join a session", anchor=False)
    if st.query_params.get(CODE) or st.query_params.get(meeting.SESSION):
        show.line("**No session is open by that code or address.** Look at the big screen, or ask the facilitator.")
    with st.form("join_code_form"):
        said = st.text_input("Code on the big screen", key="join_code", max_chars=12, autocomplete="off")
        if st.form_submit_button("Go on", type="primary", width="stretch") and said.strip():
            st.query_params[CODE] = said.strip().upper()
            st.rerun()


def _form(found: Meeting) -> None:
    """Name and agency, with what is kept of it in sight before anybody joins; who is signed in is who joins."""
    prepared, who = found.made(about), signed.person()
    st.title(typed(prepared.title), anchor=False)
    with st.form("join_form"):
        name = st.text_input(
            "Your name", signed.name(), key="join_name", max_chars=rule("name"), autocomplete="name", disabled=not who.local
        )
        known = list(agencies()).index(who.agency) if who.agency in agencies() else None
        agency = st.selectbox(
            "Whom you are here for", list(agencies()), index=known, format_func=lambda a: agencies()[a], key="join_agency",
            placeholder="Choose", disabled=known is not None,
        )  # fmt: skip
        number = ""
        if who.local:
            label = "Personal number, if you were here on another phone"
            number = st.text_input(label, key="join_number", max_chars=12, autocomplete="off")
        st.caption(typed(prepared.notice))
        sent = st.form_submit_button("Join", type="primary", width="stretch")
    if sent and who.local:
        _enter(found, name, str(agency or ""), number)
    elif sent:
        _enter(found, signed.name(), who.agency if who.agency in agencies() else str(agency or ""), "", who.id)


def _enter(found: Meeting, name: str, agency: str, number: str, subject: str = "") -> None:
    """Join, or come back by number; whatever is wrong is said, and what was typed stays."""
    try:
        done = (
            people.come_back(found, name, agency, number, meeting.tries())
            if number.strip()
            else people.join(found, name, agency, subject)
        )
    except RcsError as error:
        typed_words.error(error)
        return
    _seat(found, done)
    st.rerun()


def _seat(found: Meeting, done: Joined) -> None:
    meeting.sit(found.id, Seat.PARTICIPANT, done.person.by, done.word)
    st.session_state[NUMBER] = done.number
    if CODE in st.query_params:
        del st.query_params[CODE]
    for key, value in meeting.carried().items():
        st.query_params[key] = value


def number() -> None:
    """The personal number, once, to be written down."""
    if found := st.session_state.get(NUMBER):
        with st.container(border=True):
            st.markdown(f"Your personal number: **{found}**. With your name and agency it brings you back on another phone.")
            if st.button("I have noted it", key="join_noted"):
                del st.session_state[NUMBER]
                st.rerun()


def still_here(here: Here) -> Person:
    """The participant as they stand; one who left, was sent out, or is on another phone now is told so, and the page ends."""
    one = meeting.person(here)
    if one is None or not one.here:
        _not_here(here, one)
        st.stop()
    meeting.presence().seen(here.meeting.id, one.key)
    return one


def _not_here(here: Here, one: Person | None) -> None:
    st.title("You are not in the session", anchor=False)
    if one and one.sent_out:
        show.line("The facilitator has sent you out. If that was a mistake, ask to be let in again.")
        return
    if one is None:
        show.line("You came back on another phone, and this one was signed off.")
    else:
        show.line("You have left. Your place is kept.")
        if st.button("Come back", type="primary", key="join_back"):
            _tried(lambda: people.enter_again(here.meeting, one))
    if st.button("Join under another name", key="join_other"):
        meeting.leave()
        st.rerun()


def _tried(act: Callable[[], object]) -> None:
    try:
        act()
    except RcsError as error:
        typed_words.error(error)
        return
    st.rerun()


def me(here: Here, one: Person) -> None:
    """Who one is here, what is kept of it, and the way out."""
    with st.expander(f"You: {typed(one.name)}, {label(one.agency)}"):
        st.caption(typed(here.meeting.made(about).notice))
        st.caption("The address of this page is yours alone: pass on the code, not the address.")
        if st.button("Leave the session", key="join_leave"):
            _tried(lambda: people.leave(here.meeting, one))


def way_in(prepared: About, large: bool = True) -> None:
    """The code and the picture to scan, or that phones cannot reach this machine."""
    page = st.context.url or ""
    if not code.is_reached(page):
        st.markdown(
            "**Phones cannot reach this laptop**, as it is open to itself alone: votes are on paper, and are typed in. "
            f"On this laptop the code to join by is **{prepared.code}**."
        )
        return
    link = code.address(page, prepared.code)
    picture, words = st.columns([2, 3], vertical_alignment="center") if large else (st.container(), st.container())
    picture.image(code.picture(link), width=300 if large else 180, alt=f"Code to scan, for {link}")
    words.header("Join with your phone", anchor=False)
    words.markdown(f"Scan, or open\n\n### {typed(link.partition('?')[0])}\n\nand type\n\n## {prepared.code}")


def who(here: Here) -> None:
    """Who is here by agency, against how many are wanted."""
    found, prepared = here.meeting.made(people.people), here.meeting.made(about)
    there, wanted = people.here(found), people.quorum(prepared.quorum, found)
    total = sum(there.values())
    show.line(f"**{total} {'person is' if total == 1 else 'people are'} here.** {_quorum(wanted)}".strip())
    rows = dict.fromkeys([*there, *prepared.quorum])
    show.points(
        f"{label(a)}: **{there.get(a, 0)}**{f' of {prepared.quorum[a]} wanted' if prepared.quorum.get(a) else ''}" for a in rows
    )


def _quorum(found: people.Quorum) -> str:
    if not found.wanted:
        return ""
    return "The quorum is met." if found.met else "The quorum is not met yet."


def facilitator(here: Here, _release: Release) -> None:
    """The way in, who is here, whose phone is silent, and sending somebody out or letting them in again."""
    way_in(here.meeting.made(about), large=False)
    st.link_button("Open the big screen", _screen(here), icon=":material/open_in_new:")
    _list(here)
    _come(here)
    everybody = {p.key: p for p in here.meeting.made(people.people)}
    if not everybody:
        return
    with st.popover("Send somebody out", icon=":material/person_remove:"):
        key = st.selectbox("Who?", list(everybody), format_func=lambda k: _named(everybody[k]), key="people_who")
        one = everybody.get(key or "", next(iter(everybody.values())))
        if one.sent_out and st.button("Let them in again", key="people_in"):
            _tried(lambda: people.let_in(here.meeting, one.key, here.by))
        if one.here and st.button("Send them out", key="people_out"):
            _tried(lambda: people.send_out(here.meeting, one.key, here.by))


def _come(here: Here) -> None:
    """Who is in the room without a phone, typed in at once; what cannot be read stays in the field."""
    if here.meeting.made(running).state is State.CLOSED:
        return
    door = "Type in who is here" if not here.meeting.made(people.people) else "Type in more of who is here"
    with st.expander(door, icon=":material/keyboard:", key="people_come_door"), st.form("people_come", border=False):
        show.line("A line a person: the letters of the agency, then the name, such as `ED Ann Baird`. Ctrl and Enter keeps them.")
        st.text_area("Who is here", key=_LIST, height=220)
        st.form_submit_button("Put them down", type="primary", on_click=_put_down, args=(here,))
        show.note("; ".join(f"{pair}: {label(agency)}" for pair, agency in attendance.letters().items()) + ".")
    came: Came | None = st.session_state.pop(_CAME, None)
    if came and (came.joined or came.known):
        again = f" {len(came.known)} were here already." if came.known else ""
        st.success(f"Put down: {len(came.joined)}.{again}", icon=":material/check:")
    if came and came.faults:
        st.warning(f"{len(came.faults)} not put down; they stay in the field.", icon=":material/edit:")
        show.points(typed(fault) for fault in came.faults)


def _put_down(here: Here) -> None:
    """Put the list down; from the button's callback."""
    try:
        came = attendance.come(here.meeting, str(st.session_state.get(_LIST, "")))
    except RcsError as error:
        typed_words.error(error)
        return
    st.session_state[_CAME], st.session_state[_LIST] = came, "\n".join(came.rest)


@st.fragment(run_every=4)
@store_away.told
def _list(here: Here) -> None:
    """Who is here, looked at every few seconds."""
    who(here)
    away = [p for p in here.meeting.made(people.people) if p.here and meeting.presence().away(here.meeting.id, p.key)]
    if away:
        show.note(f"Nothing heard lately from: {', '.join(f'{typed(p.name)} ({label(p.agency)})' for p in away)}.")


def _screen(here: Here) -> str:
    """The address of the big screen, for a window of its own."""
    return f"{(st.context.url or '').rpartition('/')[0]}/{meeting.SCREEN}?{urlencode({meeting.SESSION: here.meeting.id})}"


def _named(one: Person) -> str:
    return f"{one.name}, {agencies().get(one.agency, one.agency)}{'' if one.here else ' (not here)'}"
