"""A scenario workbook comes back to *Try a shift*: what was changed in it is listed, and nothing counts before it is accepted.

What was sent is read from a temporary file that is gone at once; it is never kept and never logged.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import streamlit as st

from app import clock, room, session, shift_file, show, typed_words
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen, bring_back
from rcs_core.workshop.bring_back import Came, Loaded
from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.scenario import Scenario

TITLE = "Bring a workbook back"
_KEY, _READ, _SENT = "shift_load", "shift_load_read", "shift_load_sent"
_SCREEN = "The scenario on the screen"
CHANGED = ", changed"
_EARLY: Literal["early"] = "early"
type Read = Loaded | RcsError | Literal["early"]
"""What became of a file that was sent: read, refused, or of a layout that is put onto a scenario at hand."""


def offer(release: Release, scenario: Scenario, names: Mapping[str, str]) -> None:
    """The place for a workbook that was taken away and changed. scenario and names: what is on the screen."""
    with st.expander(TITLE, icon=":material/upload_file:"):
        show.note(
            "A workbook that was taken away from here and edited in Excel or LibreOffice. What was changed on its sheet *Inputs* "
            "is listed first; nothing changes until you accept."
        )
        sent = st.file_uploader("An edited scenario workbook", type=["xlsx"], key=f"{_KEY}_{st.session_state.get(_SENT, 0)}")
        if sent is None:
            st.session_state.pop(_READ, None)
            return
        any_area = st.checkbox("It may be of another area", key="shift_load_area")
        found = _read(release, sent.getvalue(), sent.name, None, any_area)
        if found == _EARLY:
            found = _read(release, sent.getvalue(), sent.name, _onto(scenario, names), any_area)
        if isinstance(found, Loaded):
            _ask(release, found, sent.name)


def _onto(scenario: Scenario, names: Mapping[str, str]) -> Came:
    """The scenario that the numbers of an early workbook are put onto: the one on the screen, or a kept one."""
    kept = {k.link: k.title for k in Shelf(session.store()).latest()}
    show.line("This workbook was made before the scenario itself came along, so its numbers are put onto one that is here.")
    options = ["", *kept]
    link = st.selectbox("Onto which", options, format_func=lambda one: kept.get(one, _SCREEN), key="shift_load_onto")
    if not link:
        return Came(scenario.to_dict(), names=names)
    draft = Shelf(session.store()).of_link(link).draft
    return Came(dict(draft.scenario), names=dict(draft.names))


def _read(release: Release, content: bytes, name: str, onto: Came | None, any_area: bool) -> Read:
    """What a workbook brings, read once for as long as it is there; an error is shown in its place, every time."""
    kept: dict[str, Read] = st.session_state.setdefault(_READ, {})
    mark = repr((hashlib.sha256(content).hexdigest(), onto.content if onto else None, any_area))
    if mark not in kept:
        with st.spinner("Reading the workbook"), tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "sent.xlsx"
            path.write_bytes(content)
            kept[mark] = _brought(release, path, name, onto, any_area)
    found = kept[mark]
    if isinstance(found, RcsError):
        typed_words.error(found)
    return found


def _brought(release: Release, path: Path, name: str, onto: Came | None, any_area: bool) -> Read:
    """What a workbook brings, that it needs a scenario to be put onto, or why it is refused."""
    try:
        book = bring_back.open_book(path, name)
        if onto is None and bring_back.needs_scenario(book):
            return _EARLY
        return bring_back.load_book(book, onto, release.manifest.partnership, release.id, any_area)
    except RcsError as error:
        return error


def _ask(release: Release, loaded: Loaded, name: str) -> None:
    """The changes, what is not taken, and whose they are; then they are accepted, or nothing happens."""
    for text in loaded.warnings:
        st.warning(typed(text), icon=":material/info:")
    if loaded.unchanged:
        show.line("**No input was changed.** Accepting brings back the very scenario that the workbook was made of.")
    else:
        count = len(loaded.changes)
        show.line(f"**{count} input{'s were' if count > 1 else ' was'} changed.** Read them before you accept.")
        veil = bring_back.veiled_in(loaded.changes, loaded.scenario, big_screen.veiled(release, room.on()))
        show.table(bring_back.listed(loaded.changes, veil), "Changed in the workbook")
    _told("Filled in by hand", loaded.filled)
    _told("Changed elsewhere in the workbook, and not taken", loaded.told)
    with st.form("shift_load_accept", border=False):
        owner = reason = ""
        if not loaded.unchanged:
            left, right = st.columns(2)
            owner = left.text_input("Whose changes they are")
            reason = right.text_input("Why they were made")
        pressed = st.form_submit_button("Accept", type="primary")
    if pressed:
        _accept(loaded, owner, reason, name)


def _told(title: str, lines: tuple[str, ...]) -> None:
    if lines:
        show.line(f"**{title}**")
        show.points(typed(line) for line in lines)


def _accept(loaded: Loaded, owner: str, reason: str, name: str) -> None:
    try:
        scenario = bring_back.accept(loaded, owner, reason, clock.today())
    except RcsError as error:
        typed_words.error(error)
        return
    shift_file.put(shift_file.FromFile.of_workbook(loaded, scenario, owner, reason, _title(loaded, name)))
    st.session_state.pop(_READ, None)
    st.session_state[_SENT] = st.session_state.get(_SENT, 0) + 1
    st.rerun()


def _title(loaded: Loaded, name: str) -> str:
    """What the scenario is called: its own name without the area's (the file's where it has none), and that it was changed."""
    own = loaded.base.name.removeprefix(f"{loaded.came.area}:").strip() or Path(name).stem
    return own if loaded.unchanged or own.endswith(CHANGED) else f"{own}{CHANGED}"
