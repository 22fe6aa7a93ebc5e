"""Preparing a session: what is lacking, each thing to set behind its own door, and the coverage board.

A form keeps what was on the screen when it was opened: what somebody else changes meanwhile is never written over unseen.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from app import meeting_agenda, meeting_board, meeting_deed, session, show
from app.meeting import Here
from app.typed_words import passage, typed
from rcs_core.release import Release
from rcs_core.workshop.decide.lists import agencies
from rcs_core.workshop.decide.rules import body_of
from rcs_core.workshop.meeting import life
from rcs_core.workshop.meeting.agenda import About, State, about, running
from rcs_core.workshop.meeting.life_rules import limit

_TIMES, _SEEN = "prepare_times", "prepare_seen"


def draw(here: Here, release: Release) -> None:
    """All of the preparation; what has started is only looked at."""
    found, now = here.meeting.made(about), here.meeting.made(running)
    if now.state is State.PREPARED:
        _ready(here, found, release)
        for title, icon, form in _DOORS:
            with st.expander(title, icon=icon):
                form(here, found)
        meeting_agenda.door(here, found)
        _data(here, found, release)
    else:
        show.line("The session has started: its agenda and its data version stay as they are.")
        meeting_agenda.told(found, now)
        _told(found)
    with st.expander("What people are told of what is kept", icon=":material/policy:"):
        st.markdown(passage(found.notice))
    meeting_board.coverage(here, release)
    meeting_board.interests(here, release)


def _ready(here: Here, found: About, release: Release) -> None:
    """Whether it can start, and if not, why."""
    if why := life.refusals(found, here.meeting.store, release):
        show.headline("The session cannot start yet.", "")
        show.points(f"{typed(one[:1].upper() + one[1:])}." for one in why)
    else:
        many = len(found.steps)
        basis = f"{many} steps, {found.minutes} minutes, on release {found.release_id}. Start it under *Run*."
        show.headline("The session is ready to start.", basis)


def _key(name: str) -> str:
    return f"prepare_{name}_{st.session_state.get(_TIMES, 0)}"


def _seen(here: Here, form: str, found: About) -> About:
    """The preparation as it was when this form was opened."""
    kept: About = st.session_state.setdefault(f"{_SEEN}_{form}_{here.meeting.id}_{st.session_state.get(_TIMES, 0)}", found)
    return kept


def _save(here: Here, form: str, seen: About, wanted: About) -> None:
    """Keep it; after a refusal what was typed stays, and the next press is one that has seen what stands."""
    name = f"{_SEEN}_{form}_{here.meeting.id}_{st.session_state.get(_TIMES, 0)}"
    st.session_state.pop(name, None)
    if meeting_deed.run(partial(life.change, here.meeting, seen, wanted, here.by)):
        st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    st.rerun()


def _what(here: Here, found: About) -> None:
    """Title, day, place, facilitator."""
    seen = _seen(here, "what", found)
    with st.form(_key("what"), border=False):
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        title = left.text_input("Title", seen.title, max_chars=limit("title"), key=_key("title"))
        day: date | None = right.date_input("Day", date.fromisoformat(seen.day), format="DD/MM/YYYY", key=_key("day"))
        place = left.text_input("Place", seen.place, max_chars=limit("title"), key=_key("place"))
        who = right.text_input("Facilitator", seen.facilitator, max_chars=limit("title"), key=_key("who"))
        pressed = st.form_submit_button("Keep it")
    if pressed:
        wanted = replace(seen, title=title, day=day.isoformat() if day else "", place=place, facilitator=who)
        _save(here, "what", seen, wanted)


def _agencies(here: Here, found: About) -> None:
    """For one agency at a time: how many have to be here, and which body decides its purse."""
    _told(found)
    known = agencies()
    left, middle, right = st.columns([3, 2, 4], vertical_alignment="bottom")
    agency = left.selectbox("Agency", list(known), format_func=known.__getitem__, key=_key("agency"))
    seen = _seen(here, f"agency_{agency}", found)
    many = middle.number_input(
        "People wanted", 0, limit("people"), int(seen.quorum.get(agency, 0)), key=_key(f"many_{agency}"),
        help="None: anybody may be away.",
    )  # fmt: skip
    said = seen.bodies.get(agency, "")
    offered = list(dict.fromkeys(filter(None, [said, body_of(agency), *seen.bodies.values()])))
    body = right.selectbox(
        "Which body decides its purse", offered, offered.index(said) if said else None, accept_new_options=True,
        key=_key(f"body_{agency}"), placeholder="Choose one, or type another: it differs by area",
    )  # fmt: skip
    if st.button("Keep it", key=_key(f"agency_keep_{agency}")):
        wanted = replace(
            seen, quorum={**seen.quorum, agency: int(many)} if many else {a: n for a, n in seen.quorum.items() if a != agency},
            bodies={**seen.bodies, agency: body} if body else {a: b for a, b in seen.bodies.items() if a != agency},
        )  # fmt: skip
        _save(here, f"agency_{agency}", seen, wanted)


def _told(found: About) -> None:
    """What is said already of agencies."""
    known = agencies()
    lines = [f"{known.get(a, typed(a))}: {n} wanted" for a, n in found.quorum.items()]
    lines += [f"{known.get(a, typed(a))}: its purse is decided by {typed(body)}" for a, body in found.bodies.items()]
    show.points(lines or ["No quorum is wanted, and nobody has said yet which body decides which purse."])


def _kept(here: Here, found: About) -> None:
    """Whether votes carry names by default, and what people are told of what is kept."""
    seen = _seen(here, "kept", found)
    with st.form(_key("kept"), border=False):
        help = "It is asked again before each vote; this is what is offered then."
        named = st.toggle("Votes carry names, unless a vote says otherwise", seen.named, key=_key("named"), help=help)
        notice = st.text_area(
            "What people are told on joining", seen.notice, max_chars=limit("words"), height=200, key=_key("notice")
        )
        pressed = st.form_submit_button("Keep it")
    if pressed:
        _save(here, "kept", seen, replace(seen, named=named, notice=notice))


def _data(here: Here, found: About, release: Release) -> None:
    """The version of the data that is locked, and the way to another one before the start."""
    with st.expander(f"Data version: release {found.release_id}, locked", icon=":material/lock:"):
        about = release.manifest
        show.line(
            f"Release {release.id} of {typed(about.partnership)}, {about.year}, built {about.built_at[:10]}. "
            "Whatever is built since, this session works on it, and so does its review."
        )
        served = session.served_signed()
        if served is not None and served.id != release.id:
            show.line(f"Release {served.id} is served now, built {served.manifest.built_at[:10]}.")
            wanted = life.locked_to(found, served)
            deed = partial(life.change, here.meeting, found, wanted, here.by)
            label = f"Lock the session to release {served.id} instead"
            st.button(label, key="prepare_lock", on_click=meeting_deed.run, args=(deed, f"Locked to release {served.id}."))


_DOORS: tuple[tuple[str, str, Callable[[Here, About], None]], ...] = (
    ("Title, day, place, facilitator", ":material/event:", _what),
    ("Who has to be here, and which body decides which purse", ":material/groups:", _agencies),
    ("Names on votes, and the notice", ":material/how_to_vote:", _kept),
)
