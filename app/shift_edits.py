"""What the room has changed in the scenario itself: kept in this session, shown with whose wish and why, taken back one by one.

A change is one press of a button or one promise: all its edits share a reason. The edits go into the levers, so that the
plan is solved with them; those that do not fit today's scenario are listed with the reason, and left out. In a seat of a
facilitated session the promises of that session are in the scenario too, the same for every seat.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

import streamlit as st

from app import meeting_edits, session, shift_controls, show
from app.drawn import kept
from app.typed_words import typed
from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.workshop import big_screen, changes, promised
from rcs_core.workshop.changes import Fitted
from rcs_core.workshop.couple import Levers, names_of, starting_scenario
from rcs_core.workshop.couple.levers import Because
from rcs_core.workshop.inputs import promises
from rcs_core.workshop.inputs.promises import Moved
from rcs_core.workshop.meeting import on_the_table
from rcs_core.workshop.meeting.on_the_table import Laid
from rcs_core.workshop.meeting.promises import Stated
from rcs_core.workshop.promised import Side, Wish
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.wording import said, year_label
from rcs_core.workshop.sentence import count, say
from rcs_core.workshop.shift import Shift

KEY, BECAUSE = "shift_edits", "shift_because"
_WAS, _LAST = "shift_edits_was", "shift_owner_last"


def current(_release: Release) -> tuple[Edit, ...]:
    """The edits of this session, in the order in which they were made."""
    found: tuple[Edit, ...] = tuple(st.session_state.get(KEY, ()))
    return found


def add(release: Release, edits: Iterable[Edit], scenario: Scenario | None = None) -> None:
    """Put edits in, as one change. scenario: what they repair; should a number be another later, its repair is left out."""
    new = tuple(edits)
    st.session_state[KEY] = (*current(release), *new)
    meeting_edits.noted()
    if scenario is not None:
        st.session_state[_WAS] = {**st.session_state.get(_WAS, {}), **changes.changed_from(scenario, new)}


def undo(release: Release) -> None:
    """Take back the last change."""
    if found := batches(current(release)):
        remove(release, len(found) - 1)


def remove(release: Release, which: int) -> None:
    """Take back one change, by its place among them."""
    kept = [batch for k, batch in enumerate(batches(current(release))) if k != which]
    st.session_state[KEY] = tuple(edit for batch in kept for edit in batch)


def clear(_release: Release) -> None:
    """Take back every change."""
    st.session_state.pop(KEY, None)
    st.session_state.pop(_WAS, None)


def batches(edits: Iterable[Edit]) -> list[tuple[Edit, ...]]:
    """Edits as the changes that they were made by: those that follow one another for one reason."""
    return [tuple(group) for _, group in groupby(edits, key=lambda edit: edit.reason)]


def put_in(release: Release, levers: Levers) -> Levers:
    """The levers with those edits of the room, and promises of a session, that fit their scenario."""
    if promised := meeting_edits.of_session():
        return replace(levers, edits=laid(release, levers, promised).levers.edits)
    return replace(levers, edits=fitted(release, levers).made) if current(release) else levers


def laid(release: Release, levers: Levers, promised: tuple[Stated, ...] | None = None) -> Laid:
    """The levers with the promises of the session and the edits of this browser, in the order in which they came."""
    found = meeting_edits.of_session() if promised is None else promised
    base = replace(levers, edits=(), because=())
    return session.once(release, _laid, base, found, current(release), meeting_edits.since(), st.session_state.get(_WAS, {}))


def _laid(
    release: Release, levers: Levers, found: tuple[Stated, ...], edits: tuple[Edit, ...], since: int, was: Mapping[str, object]
) -> Laid:
    return on_the_table.laid(release, levers, found, edits, since, was)


def fitted(release: Release, levers: Levers) -> Fitted:
    """Which edits of the room fit the scenario of these levers, and which do not, and why."""
    edits, was = current(release), st.session_state.get(_WAS, {})
    if not edits:
        return Fitted()
    if meeting_edits.of_session():
        return laid(release, levers).changes
    return session.once(release, _fit, replace(levers, edits=()), edits, was)


def _fit(release: Release, levers: Levers, edits: tuple[Edit, ...], was: Mapping[str, object]) -> Fitted:
    return changes.fitted(starting_scenario(release, levers), edits, names_of(release), was)


def given() -> tuple[Because, ...]:
    """Whose wish each lever is, and why, as far as the room has said."""
    found: dict[str, Because] = st.session_state.get(BECAUSE, {})
    return tuple(found.values())


def because(said: Iterable[Because]) -> None:
    """Put in whose wish some levers are, in the place of what was said before."""
    st.session_state[BECAUSE] = {one.lever: one for one in said}


def with_reasons(levers: Levers) -> Levers:
    """The levers with whose wish those are that the room has moved, and why."""
    names = {m.lever.name for m in promises.moved(levers)}
    return replace(levers, because=tuple(b for b in given() if b.lever in names))


def bar(release: Release, shift: Shift, on_screen: bool = False, open_form: bool = True) -> None:
    """The changes of the room with what, from, to, whose and why, each taken back by itself; and the form of a promise.

    open_form: whether that form stands here, or behind the door of the levers.
    """
    edits, moved = current(release), promises.moved(shift.levers, shift.names)
    if edits or moved:
        found, made = fitted(release, shift.levers), batches(edits)
        with st.container(border=True, key="shift-edits"):
            total = count(len(made) + len(moved), "change")
            st.subheader(say("Changed in this room: {changes}", changes=total).text, anchor=False)
            for one in moved:
                _lever(shift, one)
            for k, batch in enumerate(made):
                _change(release, found, k, batch, on_screen)
            _take_back(release, shift.levers, bool(made))
    if open_form:
        with st.expander("Add a promise: at least, or at most, so much"):
            form(release, shift)


def _take_back(release: Release, levers: Levers, some: bool) -> None:
    left, right, _ = st.columns([1, 1, 2])
    if some:
        left.button("Undo the last", on_click=undo, args=(release,), icon=":material/undo:", width="stretch", key="edits_undo")
    (right if some else left).button(
        "Clear all", on_click=_clear_all, args=(release, levers), icon=":material/delete:", width="stretch", key="edits_clear"
    )


def _clear_all(release: Release, levers: Levers) -> None:
    clear(release)
    for one in promises.moved(levers):
        put_back(levers, one.lever.name)


def put_back(levers: Levers, name: str) -> None:
    """Set one lever's control as its preset has it, from a button's callback; who wished otherwise is forgotten."""
    key, value = shift_controls.control_of(name, Levers.of(levers.preset, depth=levers.depth))
    st.session_state[key] = value
    because(one for one in given() if one.lever != name)


def _lever(shift: Shift, one: Moved) -> None:
    """One lever that was moved: whose it is and why, both asked for behind a small door, and a button that takes it back."""
    name = one.lever.name
    left, middle, right = st.columns([6, 2, 1.5], vertical_alignment="center")
    with left:
        show.line(f"**{one.what}** {promises.whose(typed(one.owner), typed(one.reason))}")
    with middle, st.popover("Whose, and why?", icon=":material/edit:", width="stretch"), st.form(f"because_{name}", border=False):
        agencies = ["", *(said(a.id, shift.names) for a in shift.scenario.agencies)]
        last = st.session_state.get(_LAST, "")
        agency = st.selectbox("Whose", agencies, agencies.index(last) if last in agencies else 0, key=f"because_agency_{name}")
        person = st.text_input("Person or role, if you like", key=f"because_person_{name}")
        reason = st.text_input("Because", key=f"because_reason_{name}")
        if st.form_submit_button("Note it"):
            st.session_state[_LAST] = agency
            owner = ", ".join(filter(None, (agency, person.strip())))
            because([*(b for b in given() if b.lever != name), Because(name, owner, reason.strip())])
            st.rerun()
    right.button("Undo", key=f"lever_undo_{name}", on_click=put_back, args=(shift.levers, name), width="stretch")


def _change(release: Release, found: Fitted, place: int, batch: tuple[Edit, ...], on_screen: bool) -> None:
    told, unused = [c for c in found.changes if c.edit in batch], [(e, why) for e, why in found.unused if e in batch]
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        owners = ", ".join(dict.fromkeys(edit.owner for edit in batch if edit.owner))
        reason = batch[0].reason or "No reason was given."
        show.line(f"**{typed(reason)}**{f' ({typed(owners)})' if owners and len(owners) < _LONG else ''}")
    right.button(
        "Remove",
        key=f"edits_remove_{place}",
        on_click=remove,
        args=(release, place),
        width="stretch",
        help=f"Take back: {typed(reason)}",
    )
    rows = big_screen.without_row_sums(changes.table(told), release, on_screen)
    if len(rows) == 1:
        what, year, before, after, _ = rows.iloc[0]
        show.note(f"{what}{f', {year}' if year else ''}: from {before} to {after}.")
    elif len(rows):
        with st.expander(say("{numbers} changed", numbers=count(len(rows), "number")).text):
            show.table(rows, f"Change {place + 1} of the room")
    for edit, why in unused:
        show.note(f"Not used, {edit.path}: {why}.")


_LONG = 80
_FORM = "A promise stands until somebody takes it back. What it clashes with, and what it costs, is worked out at once."


def form(release: Release, shift: Shift) -> None:
    """Do not cut X below Y, because Z: put in as edits, and solved."""
    scenario, about = shift.scenario, kept(promised.subjects, shift.scenario, shift.names)
    with st.form("shift_promise", border=False):
        show.note(_FORM)
        left, right = st.columns(2)
        side = left.selectbox("It holds", list(Side), format_func=lambda s: s.label, key="promise_side")
        subject = right.selectbox("For which service or purse", list(about), format_func=about.__getitem__, key="promise_subject")
        pounds = left.number_input("Pounds a year", min_value=0, step=1000, key="promise_pounds")
        year = right.selectbox("From", list(scenario.years), format_func=lambda t: year_label(scenario, t), key="promise_year")
        owner = left.text_input("Whose promise", key="promise_owner")
        reason = right.text_input("Because", key="promise_reason")
        pressed = st.form_submit_button("Put it in")
    if pressed:
        _promise(release, scenario, Wish(side, subject, float(pounds), year, owner, reason))


def _promise(release: Release, scenario: Scenario, wish: Wish) -> None:
    try:
        found = promised.edits_of_wish(scenario, wish)
    except ScenarioError as error:
        show.error(error)
        return
    add(release, found)
    st.rerun()
