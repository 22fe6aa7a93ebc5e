"""What the room says: people write it, the facilitator reads, answers and shows it, the big screen has what is shown."""

from functools import partial

import streamlit as st

from app import meeting_said, navigation, show, store_away
from app.meeting import Here
from app.typed_words import passage, typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import remarks
from rcs_core.workshop.meeting.joining import agencies
from rcs_core.workshop.meeting.remarks import ASKS, Correction, Kind, Remark

FIELDS = ("remark_text", "remark_about", "remark_was", "remark_should")
SHOWN = "Done. It stands on the big screen while that shows the session, not a page of the workbench."
WAITS = "It changes no figure here. It is listed at the desk, to be checked before the next release."


def participant(here: Here, release: Release) -> None:
    """Write a remark, and one's own ones with what became of them."""
    _write(here, release)
    mine = remarks.of(here.meeting.made(remarks.remarks), here.by.key)
    if mine:
        with st.expander(f"What you said ({len(mine)})"):
            for one in reversed(mine):
                _said(one, names=False)
                if st.button("Take it back", key=f"remark_back_{one.id}", type="tertiary"):
                    meeting_said.send(
                        partial(remarks.take_back, here.meeting, one.id, here.by), "remark_text", told="Taken back."
                    )


def _write(here: Here, release: Release) -> None:
    kinds = {kind.label: kind for kind in Kind}
    chosen = st.segmented_control("What do you want to say?", list(kinds), default=Kind.SURPRISE.label, key="remark_kind")
    kind = kinds.get(str(chosen), Kind.SURPRISE)
    one = _correction() if kind is Kind.CORRECTION else None
    st.markdown(f"**{'How do you know?' if one else ASKS[kind]}**")
    text = meeting_said.words("Your words", "remark_text")
    meeting_said.warn()
    if st.button("Send it", key="remark_send", type="primary"):
        by, year, view = here.by, meeting_said.year(), meeting_said.view(here)
        act = partial(remarks.remark, here.meeting, kind, text, by, year, view, release.id)
        if one:
            act = partial(remarks.correct, here.meeting, one, text, by, year, view, release.id)
        meeting_said.send(act, *FIELDS, told=f"Kept. {WAITS}" if one else "Kept.")
    meeting_said.told("remark_text")


def _correction() -> Correction:
    about = meeting_said.words("Which figure or service?", "remark_about", long=False)
    left, right = st.columns(2)
    with left:
        was = meeting_said.words("What is it now?", "remark_was", long=False)
    with right:
        should = meeting_said.words("What should it be?", "remark_should", long=False)
    return Correction(about, was, should)


def facilitator(here: Here, release: Release) -> None:
    """Everything that was said, as it comes; answer it, show it to the room, or write one's own."""
    st.subheader("What the room says", anchor=False)
    _list(here)
    found = {r.id: r for r in here.meeting.made(remarks.remarks)}
    if found:
        _act(here, found)
    with st.popover("Write one yourself", icon=":material/edit:"):
        _write(here, release)
    meeting_said.watch(partial(_ids, here), _ids(here))


def _ids(here: Here) -> tuple[int, ...]:
    return tuple(r.id for r in here.meeting.made(remarks.remarks))


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _list(here: Here) -> None:
    found = here.meeting.made(remarks.remarks)
    show.note(f"{len(found)} remarks. Nothing is on the big screen until you show it." if found else "Nothing has been said yet.")
    for one in reversed(found):
        _said(one)


def _act(here: Here, found: dict[int, Remark]) -> None:
    """One remark that is chosen: shown or hidden, answered, taken back."""
    id = st.selectbox("Which one?", list(reversed(found)), format_func=lambda k: _short(found[k]), key="remark_chosen")
    one = found.get(id or 0, next(reversed(found.values())))
    answer = meeting_said.words("Answer", "remark_answer", long=False)
    show_it, keep, back = st.columns(3)
    label = "Take it off the big screen" if one.shown else "Show it on the big screen"
    if show_it.button(label, key="remark_show", type="primary"):
        meeting_said.send(partial(remarks.show, here.meeting, one.id, not one.shown, here.by), "remark_act", told=SHOWN)
    if keep.button("Keep the answer", key="remark_keep"):
        act = partial(remarks.answer, here.meeting, one.id, answer, here.by, meeting_said.year())
        meeting_said.send(act, "remark_act", "remark_answer")
    if back.button("Take the remark back", key="remark_take_back"):
        meeting_said.send(partial(remarks.take_back, here.meeting, one.id, here.by), "remark_act", told="Taken back.")
    meeting_said.told("remark_act")


def _short(one: Remark) -> str:
    """A remark in a few words, for a list of choices; a list shows what it is given as it is."""
    text = " ".join((one.name or one.text).split())
    return f"{one.kind.label}: {text[:60]}{'…' if len(text) > 60 else ''}"


def screen(here: Here, _release: Release) -> None:
    """What the facilitator shows, with the agency and without a name."""
    _shown(here)


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _shown(here: Here) -> None:
    for one in reversed(here.meeting.made(remarks.on_screen)):
        with st.container(border=True):
            st.markdown(f"**{one.kind.label}**{_agency(one)}")
            st.subheader(passage(one.name or one.text), anchor=False)
            if one.answer:
                st.markdown(passage(one.answer))


def _agency(one: Remark) -> str:
    return f" · {typed(agencies().get(one.by.agency, one.by.agency))}" if one.by.agency else ""


def _said(one: Remark, names: bool = True) -> None:
    """One remark with who said it of which view, and what was answered."""
    who = f" · {typed(one.by.name)}{_agency(one)}" if names and one.by.name else ""
    where = next((f" · on *{s.title}*" for s in navigation.SCREENS if s.address == one.view.split("?")[0]), "")
    shown = " · on the big screen" if one.shown else ""
    st.markdown(f"**{one.kind.label}**{who}{where}{shown}  \n{passage(_text(one))}")
    if one.answer:
        st.markdown(f"> {passage(one.answer)}")


def _text(one: Remark) -> str:
    return "\n".join(filter(None, (one.name, one.text)))
