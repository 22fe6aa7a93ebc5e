"""The parts of *Try a shift* about its inputs: how the result stands, break-even, release dates, and whether it holds."""

import streamlit as st

from app import session, show
from rcs_core.release import Release
from rcs_core.workshop.big_screen import without_prices
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.inputs import drawn, told
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.inputs.depths import Standing
from rcs_core.workshop.inputs.reconcile import reconcile
from rcs_core.workshop.inputs.unsaid import gaps_table
from rcs_core.workshop.shift import Shift, how_sure

_TRIED = "shift_tried"


def bar(levers: Levers, shift: Shift) -> Standing:
    """How much of what moves rests on guesses, above every result, and whether the plan may be called best."""
    sure = how_sure(shift)
    found = _drawn(levers)
    standing = told.standing(shift, found.share if found else None)
    with st.container(border=True, key="headline-guesses"):
        st.subheader(sure.sentence, anchor=False)
        if standing.guess_share is not None:
            st.progress(standing.guess_share)
            show.line(f"{sure.basis} {standing.sentence}")
    return standing


def even(release: Release, shift: Shift, on_screen: bool = False) -> None:
    """At how many fewer placements the shift would pay for itself; prices of bought services are kept off the big screen."""
    st.header("Where would it break even?", anchor=False)
    answer, table = told.breaks_even(release, shift)
    show.headline(answer.sentence, answer.basis)
    if not table.empty:
        with st.expander("Each responsive service by itself, with the source of its cost and who pays"):
            show.table(without_prices(table, release, on_screen), f"Break-even in {shift.last}")


def free(release: Release) -> None:
    """When money is free at the earliest, and why not sooner."""
    answer, table, held = session.once(release, told.free_from)
    with st.expander("When is money free? Earliest dates, and why not sooner"):
        show.line(f"**{answer.sentence}** {answer.basis}")
        if not table.empty:
            show.table(table, "Earliest release")
        if not held.empty:
            show.table(held, "Services whose money is not free")


def holds(release: Release, levers: Levers, shift: Shift) -> None:
    """The plan tried on other need and, where effects are used, on other values within their ranges."""
    with st.expander("Does it hold? Other need, and other values within their ranges"):
        if st.button("Try it", key="shift_try", icon=":material/casino:"):
            _try(release, levers)
        tried = st.session_state.get(_TRIED, {}).get(repr(levers))
        if not tried:
            show.note(f"Other need: a tenth less, a tenth more, as its history goes on. Other values: {rule('draws'):.0f} draws.")
            return
        show.table(told.shown(tried[0], shift), "The plan on other need")
        if tried[1]:
            show.line(tried[1].sentence)
            show.table(tried[1].services, "How often each service gains")


def _try(release: Release, levers: Levers) -> None:
    """Work it out once for these levers; every session keeps its own."""
    courses = session.once(release, drawn.courses, levers)
    found = None
    if levers.depth is not Depth.DISCUSS:
        bar = st.progress(0.0, "Trying other values")
        found = drawn.drawn(release, levers, told=bar.progress)
        bar.empty()
    st.session_state[_TRIED] = {repr(levers): (courses, found)}
    st.rerun()


def _drawn(levers: Levers) -> drawn.Drawn | None:
    tried = st.session_state.get(_TRIED, {}).get(repr(levers))
    found: drawn.Drawn | None = tried[1] if tried else None
    return found


def missing(release: Release, shift: Shift) -> None:
    """The scenario against the whole map, and what is assumed where nothing is said."""
    found = reconcile(release, shift.scenario, shift.inputs)
    show.line(found.sentence)
    with st.expander("The purses beside the map, and what is assumed where nothing is said"):
        show.table(found.table(), "The purses beside the map")
        show.table(session.once(release, gaps_table), "What is assumed")
