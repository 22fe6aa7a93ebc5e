"""The first tour: an offer on *Today*, and a bar above each page that leads from stop to stop.

The stop is in the address (`?tour=3`), so a reload keeps it and a link opens it. The bar covers nothing.
"""

import streamlit as st

from app import navigation, room, session
from app.navigation import TODAY, Screen
from rcs_core.release import Release
from rcs_core.workshop import tour

KEY = "tour"
_STOP = "tour_stop"
OFFER = "First time here? Take the ten-minute tour"


def offer(release: Release) -> None:
    """The offer on the front page, to a reader who is not on the tour already; not on a projector."""
    if not room.large() and not st.session_state.get(_STOP) and _names(release):
        _link(TODAY, OFFER, 1, {}, ":material/explore:")


def bar(release: Release, screen: Screen) -> None:
    """Where the tour is, what to look at and what to ask; nothing where nobody is on it."""
    if KEY not in st.query_params and not st.session_state.get(_STOP):
        return
    names = _names(release)
    number = _stop(names)
    if not number:
        return
    stop, told = tour.stops()[names[number - 1]], session.once(release, tour.told, names[number - 1])
    page = next(s for s in navigation.present() if s.address == stop.page)
    with st.container(border=True, key=KEY, gap="small"):
        if page is not screen:
            st.markdown(f"**Tour, stop {number} of {len(names)}** is on the page *{page.title}*.")
            with st.container(horizontal=True):
                _link(page, "Back to the tour", number, tour.choices(release, names[number - 1]))
                _leave()
            return
        st.markdown(f"**Tour, stop {number} of {len(names)}: {page.title}.** {stop.look}")
        st.markdown(f"**Question.** {told.ask}")
        with st.container(horizontal=True, vertical_alignment="center"):
            _answer(told)
            _step(release, names, number - 1, "Back", screen)
            _step(release, names, number + 1, "Next", screen)
            _leave("Leave the tour" if number < len(names) else "End the tour")


def _answer(told: tour.Told) -> None:
    if told.answer is not None:
        with st.popover("The answer", icon=":material/lightbulb:"):
            st.markdown(told.answer.text)


def _step(release: Release, names: tuple[str, ...], number: int, label: str, here: Screen) -> None:
    """A link to another stop, named after its page where that is another; nothing before the first and after the last."""
    if not 1 <= number <= len(names):
        return
    stop = tour.stops()[names[number - 1]]
    page = next(s for s in navigation.present() if s.address == stop.page)
    _link(
        page,
        f"{label}: {page.title}" if page is not here else f"{label}, on this page",
        number,
        tour.choices(release, names[number - 1]),
    )


def _link(page: Screen, label: str, number: int, choices: dict[str, str], icon: str | None = None) -> None:
    asked = {**room.carried(), **choices, KEY: str(number)}
    st.page_link(navigation.page(page), label=label, icon=icon, query_params=asked)


def _leave(label: str = "Leave the tour") -> None:
    st.button(label, key="tour_leave", type="tertiary", on_click=_end)


def _end() -> None:
    st.session_state.pop(_STOP, None)
    if KEY in st.query_params:
        del st.query_params[KEY]


def _names(release: Release) -> tuple[str, ...]:
    """The stops that this release and the pages that are there can give."""
    return session.once(release, tour.offered, tuple(s.address for s in navigation.present()))


def _stop(names: tuple[str, ...]) -> int:
    """The number of the stop: as the address says, else as this reader left it; 0 where nobody is on the tour.

    A page that is opened from the menu has no stop in its address, so it is put there again.
    """
    said = st.query_params.get(KEY, "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    if KEY in st.query_params and not 1 <= number <= len(names):
        del st.query_params[KEY]
    before = int(st.session_state.get(_STOP, 0))
    stop = number if 1 <= number <= len(names) else before if before <= len(names) else 0
    st.session_state[_STOP] = stop
    if stop and (stop != before or not number):
        st.query_params[KEY] = str(stop)  # a link to the page one is on changes what is asked, and not the address in sight
    return stop
