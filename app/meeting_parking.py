"""The parking lot on the three screens: what is parked, who takes it, and by when."""

from datetime import date
from functools import partial

import streamlit as st

from app import clock, meeting_said, show, store_away
from app.meeting import Here
from app.typed_words import passage, typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import parking
from rcs_core.workshop.meeting.parking import Item


def participant(here: Here, _release: Release) -> None:
    """Park something."""
    text = meeting_said.words("For the parking lot: what should not be forgotten?", "park_text")
    meeting_said.warn()
    if st.button("Park it", key="park_send", type="primary"):
        meeting_said.send(partial(parking.park, here.meeting, text, here.by, meeting_said.year()), "park_text")
    meeting_said.told("park_text")


def facilitator(here: Here, release: Release) -> None:
    """Everything that is parked; who takes it, and by when."""
    st.subheader("Parking lot", anchor=False)
    _list(here)
    found = {i.id: i for i in here.meeting.made(parking.items)}
    if found:
        _take(here, found)
    with st.popover("Park something", icon=":material/local_parking:"):
        participant(here, release)
    meeting_said.watch(partial(_ids, here), _ids(here))


def _ids(here: Here) -> tuple[int, ...]:
    return tuple(i.id for i in here.meeting.made(parking.items))


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _list(here: Here) -> None:
    found = here.meeting.made(parking.items)
    if not found:
        show.note("Nothing is parked.")
    for one in found:
        st.markdown(_said(one))


def _said(one: Item) -> str:
    if one.is_open:
        said = " and ".join(filter(None, ("" if one.who else "nobody takes it yet", "" if one.day else "no day yet")))
        return f"- {passage(one.text)}  \n  *{f'{typed(one.who)}, ' if one.who else ''}{said}*"
    return f"- {passage(one.text)}  \n  **{typed(one.who)}**, by {_day(one.day)}"


def _day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"


def _take(here: Here, found: dict[int, Item]) -> None:
    """One item that is chosen: who takes it, and by when."""
    id = st.selectbox("Which one?", list(found), format_func=lambda k: found[k].text[:60], key="park_chosen")
    one = found.get(id or 0, next(iter(found.values())))
    with st.form("park_take"):
        left, right = st.columns(2)
        who = left.text_input("Who takes it?", one.who, key=f"park_who_{one.id}", max_chars=200)
        day = right.date_input(
            "By when?", date.fromisoformat(one.day) if one.day else None, min_value=clock.today(), key=f"park_day_{one.id}"
        )
        keep = st.form_submit_button("Keep", type="primary")
    if keep:
        till = day.isoformat() if isinstance(day, date) else ""
        meeting_said.send(partial(parking.take, here.meeting, one.id, who, till, here.by, meeting_said.year()), "park_take")
    if st.button("Take it out of the parking lot", key="park_back", type="tertiary"):
        meeting_said.send(partial(here.meeting.take_back, one.id, here.by), "park_take", told="Taken out.")
    meeting_said.told("park_take")


def screen(here: Here, _release: Release) -> None:
    """What is parked, with who takes it; the words are shown once the facilitator took them up by naming an owner."""
    _shown(here)


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _shown(here: Here) -> None:
    found = here.meeting.made(parking.items)
    taken = [i for i in found if i.who]
    st.subheader("Parking lot", anchor=False)
    st.markdown(f"{len(found)} parked, {len(taken)} with somebody who takes it.")
    for one in taken:
        st.markdown(_said(one))
