"""The sessions of a partnership: which there are, opening one, and preparing a new one."""

from functools import partial

import streamlit as st

from app import meeting, meeting_deed, navigation, session, show, signed
from app.meeting import Seat
from app.typed_words import typed
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.workshop.meeting import By, life
from rcs_core.workshop.meeting.agenda import About, Listed, State, agendas, sessions
from rcs_core.workshop.meeting.life_rules import limit, notice
from rcs_core.workshop.meeting.life_words import frame

_NEW = "session_new"


def draw(release: Release) -> None:
    """The list, the door to one of them, and the form for a new one."""
    found = sessions(session.store())
    if found:
        show.table(frame(found), "Sessions")
    if not meeting.may_lead():
        show.line("Whoever runs sessions opens and prepares them here. To take part in one, use its code:")
        st.page_link(navigation.phone(), label="Join a session", icon=":material/smartphone:")
        return
    if found:
        _open({one.id: one for one in found}, release)
    else:
        show.line("No session has been prepared yet.")
    with st.expander("Prepare a session", expanded=not found, icon=":material/event:"):
        _new(release)


def _open(found: dict[str, Listed], release: Release) -> None:
    """Which one, and whose hand it is; a session whose release is gone may be locked to another before it starts."""
    left, middle, right = st.columns([4, 3, 2], vertical_alignment="bottom")
    ids = list(found)
    id = left.selectbox("Session", ids, format_func=lambda one: _called(found[one]), key="session_open") or ids[0]
    one = found[id]
    name = middle.text_input(
        "Your name", signed.name() or one.about.facilitator, max_chars=limit("title"), key=f"session_by_{id}"
    )
    if not _here(one.about):
        _gone(one, By(name), release)
        return
    right.button(
        "Open it", type="primary", key="session_go", width="stretch", on_click=_sit, args=(id, name), disabled=not name.strip()
    )


def _called(one: Listed) -> str:
    return f"{one.about.title}, {one.about.day} ({one.state.label.lower()})"


def _sit(id: str, name: str) -> None:
    meeting.sit(id, Seat.FACILITATOR, By(" ".join(name.split())))


def _here(found: About) -> bool:
    try:
        session.of_hash(found.release_hash)
    except ReleaseError:
        return False
    return True


def _gone(one: Listed, by: By, release: Release) -> None:
    """Its release is not here: say so, and offer the one that is served while it has not started."""
    st.warning(
        f"This session is locked to release `{one.about.release_id}`, which is not in this workspace any more. It does not go on "
        "with another by itself. Put the file back, or lock it to another release while it has not started.",
        icon=":material/warning:",
    )
    if one.state is State.PREPARED:
        label = f"Lock it to release {release.id}, which is served now"
        st.button(label, key="session_relock", on_click=relock, args=(one.id, one.about, by, release))


def relock(id: str, seen: About, by: By, release: Release) -> None:
    """Lock a session that has not started to another release."""
    wanted = life.locked_to(seen, release)
    meeting_deed.run(partial(life.change, meeting.of(id), seen, wanted, by), f"Locked to release {release.id}.")
    meeting.lock()


def _new(release: Release) -> None:
    """What a session needs at the least; everything else is set once it is there."""
    offered = {a.title: a for a in agendas().values() if release.manifest.fictional or not a.rehearsal}
    with st.form(_NEW, border=False):
        title = st.text_input("Title", max_chars=limit("title"), placeholder="What the session is about")
        left, right = st.columns(2, vertical_alignment="bottom")
        day = left.date_input("Day", session.today(), format="DD/MM/YYYY")
        by = right.text_input("Facilitator", signed.name(), max_chars=limit("title"))
        chosen = st.selectbox("Agenda", list(offered))
        show.note(f"It is locked to release {release.id} of {typed(release.manifest.partnership)}, {release.manifest.year}.")
        pressed = st.form_submit_button("Prepare it", type="primary")
    if not pressed or chosen is None:
        return
    agenda = offered[chosen]
    wanted = About(
        title=title, day=day.isoformat() if day else "", facilitator=by, agenda=agenda.id, steps=agenda.steps, notice=notice(),
        rehearsal=agenda.rehearsal,
    )  # fmt: skip
    if meeting_deed.run(partial(_prepare, life.locked_to(wanted, release), By(" ".join(by.split()))), "The session is prepared."):
        st.rerun()
    meeting_deed.told()


def _prepare(wanted: About, by: By) -> None:
    meeting.sit(life.prepare(session.store(), wanted, by).id, Seat.FACILITATOR, by)
