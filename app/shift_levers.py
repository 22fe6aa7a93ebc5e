"""The levers of *Try a shift* behind one door, by the promise that they move: each with how well it is known, whose, and why.

A lever that would do nothing on this release is not drawn. What the room changed is listed on the page (`shift_edits`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import room, session, shift_controls, shift_edits, show
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Because, Course, Depth
from rcs_core.workshop.inputs import promises
from rcs_core.workshop.inputs.promises import LEVERS, Promise
from rcs_core.workshop.inputs.rounds import agreed, latest
from rcs_core.workshop.shift import Shift, movable

DOOR = "The levers, by promise: whose each one is, and why"
HELP = {
    "shift_pct": "Points of the money that can move (not of all spend), reached in equal steps by the plan's last year.",
    "budget_change_pct": "Of every purse, from the second year on. An assumption, not an approved budget.",
    "grow": "Each gains in proportion to what is spent on it today. With none named, all prevention gains whose level no duty "
    "sets.",
}
_RANGES: dict[str, tuple[float, float, float]] = {
    "shift_pct": (0.0, 20.0, 0.5),
    "budget_change_pct": (-10.0, 10.0, 0.5), "horizon": (2, 10, 1), "ramp_up_pct": (0.0, 100.0, 5.0),
}  # fmt: skip
_EMPTY = {"grow": "All prevention alike", "protect": "No service named"}


@dataclass(frozen=True, slots=True)
class Door:
    """The places behind the door, one a promise; what needs the plan is drawn into them once it is solved."""

    places: Mapping[Promise, DeltaGenerator]


def draw(release: Release, start: Levers) -> tuple[dict[str, Any], Door]:
    """The levers of a preset as controls, by promise: what the room set, and the places for what is worked out later."""
    found = session.once(release, promises.offered, start.depth)
    values: dict[str, Any] = {}
    with room.more(), st.expander(DOOR):
        places = {promise: st.container() for promise in Promise}
        for promise, place in places.items():
            names = [name for name in LEVERS if LEVERS[name].promise is promise and name in found.levers]
            with place:
                if promise is not Promise.ASKED:
                    st.divider()
                st.markdown(f"**{promise.label}**")
                if note := found.notes.get(promise):
                    show.note(note)
                for name in names:
                    values[name] = _lever(release, name, start, found.courses)
                if promise is Promise.EVIDENCE:
                    values |= _group(release, start.depth)
    return values, Door(places)


def _given() -> tuple[Because, ...]:
    return tuple(replace(one, owner=typed(one.owner), reason=typed(one.reason)) for one in shift_edits.given())


def _lever(release: Release, name: str, start: Levers, courses: tuple[Course, ...]) -> Any:
    """One lever with, beside it, how well its value is known."""
    left, right = st.columns([2, 3], vertical_alignment="bottom", gap="medium")
    with left:
        value = _control(release, name, start, courses)
    now = Levers.of(start.preset, depth=start.depth, **{name: value})
    with right:
        show.note(promises.known(name, replace(now, because=_given())))
    return value


def _control(release: Release, name: str, start: Levers, courses: tuple[Course, ...]) -> Any:
    """The control of one lever; what it shows is kept for the session, and is the preset's until the room changes it."""
    key, first = shift_controls.control_of(name, start)
    st.session_state.setdefault(key, first)
    label, about = LEVERS[name].label, HELP.get(name)
    if name in _RANGES:
        low, high, step = _RANGES[name]
        return st.number_input(label, low, high, step=step, format="%g", key=key, help=about, persist_state="session")
    if name in _EMPTY:
        names = session.once(release, movable, start.depth)
        st.session_state[key] = [s for s in st.session_state[key] if s in names]
        named = st.multiselect(
            label,
            list(names),
            format_func=names.__getitem__,
            key=key,
            placeholder=_EMPTY[name],
            help=about,
            persist_state="session",
        )
        return tuple(sorted(named))
    if name == "course":
        by = {course.label: course for course in courses}
        st.session_state[key] = st.session_state[key] if st.session_state[key] in by else first
        return by[str(st.selectbox(label, list(by), key=key, persist_state="session"))]
    return _of_toggle(name, st.toggle(label, key=key, persist_state="session"), start)


def _of_toggle(name: str, on: bool, start: Levers) -> Any:
    """What a switch says of its lever, beside what its preset has."""
    if name == "effect_scale":
        return 0.5 if on else (1.0 if start.effect_scale == 0.5 else start.effect_scale)
    if name == "cashable_override_pct":
        return 0.0 if on else (None if start.cashable_override_pct == 0 else start.cashable_override_pct)
    return on


def _group(release: Release, deep: Depth) -> dict[str, object]:
    """The group's own numbers, once a round of answers is closed; they are estimates, so they count at that depth only."""
    found = agreed(latest(session.store(), release.id)) if deep is Depth.ESTIMATE else ()
    if not found or not st.toggle(f"Use the group's own numbers ({len(found)})", True, key="shift_group"):
        return {}
    return {"answers": found}


def fill(release: Release, shift: Shift, door: Door, on_screen: bool) -> None:
    """Floors with their duty, purses with their state, and the form of a promise, once the plan is solved."""
    with door.places[Promise.FLOORS]:
        floors = big_screen.without_prices(promises.floors(release, shift.levers, shift.scenario), release, on_screen)
        if not floors.empty:
            _folded(f"The least that {len(floors)} services keep, whose they are, and why", floors, "Floors")
        show.line("**Add a promise: at least, or at most, so much**")
        shift_edits.form(release, shift)
    with door.places[Promise.PARTNERS]:
        purses = promises.purses(shift.scenario, shift.levers, shift.names)
        _folded(f"What {len(purses)} partners pay in, and how firm it is", purses, "What partners pay in")


def _folded(title: str, frame: Any, name: str) -> None:
    with st.popover(title, icon=":material/table_rows:") if not room.large() else st.container():
        show.table(frame, name)
