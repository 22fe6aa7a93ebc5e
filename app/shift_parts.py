"""The parts of *Try a shift* about its inputs: break-even, release dates, other need, and what is assumed."""

import pandas as pd
import streamlit as st

from app import background, session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop.big_screen import veiled
from rcs_core.workshop.inputs import told
from rcs_core.workshop.inputs.courses import courses, headline
from rcs_core.workshop.inputs.reconcile import reconcile
from rcs_core.workshop.inputs.unsaid import gaps_table
from rcs_core.workshop.shift import Answer, Shift


def even(release: Release, shift: Shift, on_screen: bool = False) -> None:
    """At how many fewer placements the shift would pay for itself; prices of bought services are kept off the big screen."""
    st.header("Where would it break even?", anchor=False)
    answer, table = kept(_even, release, shift, on_screen)
    show.headline(answer.sentence, answer.basis)
    if not table.empty:
        with st.expander("Each responsive service by itself, with the source of its cost and who pays"):
            show.table(table, f"Break-even in {shift.last}")


def _even(release: Release, shift: Shift, on_screen: bool) -> tuple[Answer, pd.DataFrame]:
    return told.breaks_even(release, shift, veiled(release, on_screen))


def free(release: Release) -> None:
    """When money is free at the earliest, and why not sooner."""
    answer, table, held = session.once(release, told.free_from)
    with st.expander("When is money free? Earliest dates, and why not sooner"):
        show.line(f"**{answer.sentence}** {answer.basis}")
        if not table.empty:
            show.table(table, "Earliest release")
        if not held.empty:
            show.table(held, "Services whose money is not free")


def other_need(release: Release, shift: Shift, _: bool) -> None:
    """The plan worked out on other need than today's: a tenth either way, and as its history goes on."""
    st.header("What if need goes on otherwise?", anchor=False)
    key = f"courses {release.manifest.content_hash} {shift.levers!r}"
    table = background.answer(key)
    if table is not None:
        show.headline(headline(table).text, "Budgets as today; each worked out anew. Source: demand history of this release.")
        show.table(told.shown(table, shift), "The plan on other need")
        return
    if st.button("Try other need", key="shift_need", icon=":material/show_chart:", disabled=background.busy(key)):
        background.start(key, lambda *_: courses(release, shift.levers))
    background.watch(key, "Trying other need")
    show.note("A tenth less, a tenth more and, where there are years enough, as its history goes on.")


def missing(release: Release, shift: Shift) -> None:
    """The scenario against the whole map, and what is assumed where nothing is said."""
    found = kept(reconcile, release, shift.scenario, shift.inputs)
    show.line(found.sentence)
    with st.expander("The purses beside the map, and what is assumed where nothing is said"):
        show.table(kept(found.table), "The purses beside the map")
        show.table(session.once(release, gaps_table), "What is assumed")
