"""The room: one door in the frame of every page with two switches, and what a page does while they are on.

*Room mode* is for a projector: larger type, fewer numbers, two choices in sight, the others behind one door of the frame.
*Hide names and prices* is for partners looking together. Both hold for every page of the session, and are in the link
of each.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.delta_generator_singletons import context_dg_stack

from app import signed
from rcs_core.access import Right

DOOR, MORE, PRINT = "For the room", "More choices", "Small print of this page"
LARGE_KEY, LARGE = "room", "Room mode: large type, fewer numbers"
LARGE_HELP = "For a projector: two choices stay in sight, tables and small print are folded away."
KEY, LABEL = "big_screen", "Hide names and prices"
HELP = "On while partners look together: providers are not named, and what one bought service costs is not shown."
_USUAL = {LARGE_KEY: False, KEY: True}
SHOWN = 3
"""Sentences of a list that stay in sight in room mode."""
SCALE = 1.9
"""How much larger the lettering of a chart is in room mode: 27 pixels at the least, of the 1080 of a projector's height."""
LEGEND_COLUMNS = 2
"""Columns of a legend of colours above a picture: on a projector the width is there, the height is not."""
_RUN = "room_run"
SEAT_LINK = "meeting_link"
"""Where a browser with a seat in a session keeps what its links take with them (see `meeting`)."""
_LENGTHS = frozenset(
    {"fontSize", "labelFontSize", "titleFontSize", "lineHeight", "labelLineHeight", "titleLineHeight", "labelPadding",
     "titlePadding", "rowPadding", "columnPadding", "step", "height", "dx", "dy", "xOffset", "yOffset", "strokeWidth",
     "labelLimit", "labelOffset"}
)  # fmt: skip
_AREAS = frozenset({"symbolSize"})


@dataclass(slots=True)
class _Run:
    """One drawing of a page: the frame's row, its door for further choices once there is one, and what is folded to the end."""

    row: DeltaGenerator
    more: DeltaGenerator | None = None
    asked: int = 0
    print: list[str] = field(default_factory=list)


def frame() -> None:
    """The door with the two switches, above every page; nothing else of the frame needs to know of it."""
    row = st.container(horizontal=True, horizontal_alignment="right", key="frame")
    _from_link()
    with row.popover(DOOR, icon=":material/co_present:", type="tertiary"):
        st.toggle(LARGE, key=LARGE_KEY, help=LARGE_HELP, persist_state="session")
        st.toggle(LABEL, key=KEY, help=HELP, persist_state="session", disabled=not signed.may(Right.PRICES))
    _into_link()
    st.session_state[_RUN] = _Run(row)


def carried() -> dict[str, str]:
    """What a link to any page takes with it: the switches that are not as a newcomer finds them, and a seat in a session."""
    return {**_switched(), **(st.session_state.get(SEAT_LINK, {}) if st.session_state.get("meeting_here") else {})}


def unframed() -> None:
    """No frame on this page: nothing of it goes behind a door."""
    st.session_state.pop(_RUN, None)


def _switched() -> dict[str, str]:
    now = {key: bool(st.session_state.get(key, usual)) for key, usual in _USUAL.items()}
    return {key: str(value).lower() for key, value in now.items() if value is not _USUAL[key]}


def _from_link() -> None:
    """The switches as the address says at the first page of a session; from then on they are the room's."""
    for key, usual in _USUAL.items():
        if key not in st.session_state:
            said = st.query_params.get(key, "").lower()
            st.session_state[key] = said == "true" if said in ("true", "false") else usual


def _into_link() -> None:
    """The switches into the address of this page: what a widget binds itself is lost there with the next page."""
    wanted = _switched()
    for key in _USUAL:
        if key in wanted and st.query_params.get(key) != wanted[key]:
            st.query_params[key] = wanted[key]
        elif key not in wanted and key in st.query_params:
            del st.query_params[key]


def end() -> None:
    """The small print that room mode kept back, behind its door at the foot of the page."""
    run = _run()
    if run and run.print:
        with st.expander(PRINT):
            for text in dict.fromkeys(run.print):
                st.markdown(text)


def on() -> bool:
    """Whether partners look together, so that names of providers and prices of bought services are not shown."""
    return bool(st.session_state.get(KEY, True)) or not signed.may(Right.PRICES)


def large() -> bool:
    """Whether the page is drawn for a projector."""
    return bool(st.session_state.get(LARGE_KEY, False))


def place() -> AbstractContextManager[Any]:
    """Where a choice goes: where it stands; in room mode, all but the first one go behind the door of the frame."""
    run = _run()
    if run is None or not large() or behind_a_door():
        return nullcontext()
    run.asked += 1
    return nullcontext() if run.asked == 1 else more()


def more() -> AbstractContextManager[Any]:
    """The one door for further choices in room mode; elsewhere, where one stands."""
    run = _run()
    if run is None or not large() or behind_a_door():
        return nullcontext()
    run.more = run.more or run.row.popover(MORE, icon=":material/tune:", type="tertiary")
    return run.more


def aside(title: str) -> AbstractContextManager[Any]:
    """Where the choice of one section goes: behind a small door of its own, as the page's own choices are the ones in sight."""
    return more() if large() else st.popover(title, icon=":material/tune:")


def beside() -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
    """Where an answer and its picture go: side by side in room mode where the screen is wide, else one after the other."""
    if not large():
        return nullcontext(), nullcontext()
    said, drawn = st.columns((10, 11), gap="medium")
    return said, drawn


def door(title: str) -> AbstractContextManager[Any]:
    """A fold for what a projector cannot show, in room mode; nothing elsewhere, or where a door is shut already."""
    return st.expander(title) if large() and not behind_a_door() else nullcontext()


def behind_a_door() -> bool:
    """Whether what is drawn now stands in something that a reader opens first."""
    return not {"expandable", "popover"}.isdisjoint(context_dg_stack.get()[-1]._ancestor_block_types)


def kept_back(text: str) -> bool:
    """Keep a remark for the end of the page, in room mode; tells whether it was kept."""
    run = _run()
    if run is None or not large() or behind_a_door():
        return False
    run.print.append(text)
    return True


def lettered(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A chart's template with larger lettering, steps and heights, a legend of colours in two columns; the template stays."""
    wide = {"direction": "horizontal", "columns": LEGEND_COLUMNS} if spec.get("symbolType") == "square" else {}
    return {key: _larger(key, value) for key, value in spec.items()} | wide


def _larger(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        said = value.get("expr") if key in _LENGTHS else None
        return {**value, "expr": f"({said}) * {SCALE}"} if said else lettered(value)
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [_larger("", one) for one in value]
    if key in _LENGTHS:
        return value * SCALE
    return value * SCALE**2 if key in _AREAS else value


def _run() -> _Run | None:
    found: _Run | None = st.session_state.get(_RUN)
    return found
