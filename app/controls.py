"""The few choices a page offers. Each is in the link of the page, so that a view can be sent to a colleague.

Keys are the names in the link and are shared by every page, so give each page keys of its own (`needs_area`). A value
in a link that is not among the options is ignored.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from app import room
from rcs_core.vocab import AreaLevel
from rcs_core.workshop.evidence import Area, Indicator, SurveyInfo


def one_of[T](label: str, options: Sequence[T], key: str, name: Callable[[T], str], help: str | None = None) -> T:
    """One of several values, the first unless the link or an earlier visit says otherwise; in room mode, where `room` puts it."""
    names = [name(o) for o in options]
    with room.place():
        chosen = st.selectbox(label, names, key=key, help=help, bind="query-params")
    return options[names.index(chosen) if chosen in names else 0]


def view[T](options: Sequence[T], key: str, name: Callable[[T], str]) -> T:
    """One of several views of the same answers, side by side; with one only there is nothing to choose, and no control."""
    names = [name(o) for o in options]
    if len(names) < 2:
        return options[0]
    chosen = st.segmented_control("What to look at", names, default=names[0], required=True, key=key, bind="query-params")
    return options[names.index(chosen) if chosen in names else 0]


def survey(options: Sequence[SurveyInfo], key: str) -> SurveyInfo:
    """Whose answers: one survey, as ages are never mixed."""
    return one_of("Which children", options, key, lambda s: s.title)


def area(options: Sequence[Area], key: str) -> Area:
    """A place: the council area, then each cluster followed by its schools."""
    return one_of("Where", options, key, _place)


def _place(area: Area) -> str:
    kind = {AreaLevel.COUNCIL: ", whole area", AreaLevel.CLUSTER: "", AreaLevel.SCHOOL: " (school)"}[area.level]
    return f"{area.name}{kind}"


def need(options: Sequence[Indicator], key: str) -> Indicator:
    """One need: the question, and the answer that means need."""
    return one_of("Which need", options, key, lambda i: i.label)
