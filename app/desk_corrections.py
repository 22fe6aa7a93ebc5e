"""What a room said is wrong with a figure or a service: it waits at the desk to be checked before the next release."""

from functools import partial

import pandas as pd
import streamlit as st

from app import meeting_said, session, show
from rcs_core.workshop.meeting import By, remarks
from rcs_core.workshop.meeting.joining import agencies
from rcs_core.workshop.meeting.remarks import ToCheck

TITLE = "Said in a session: to check before the next release"


def draw() -> None:
    """The corrections that wait, and what became of each; nothing where none does."""
    meeting_said.told("correction")
    found = session.store()
    waiting = remarks.to_check(found)
    if not waiting:
        return
    with st.expander(f"{TITLE} ({len(waiting)})"):
        show.table(_rows(waiting), "Corrections to check")
        chosen = st.selectbox(
            "Which one?", range(len(waiting)), format_func=lambda k: waiting[k].remark.name, key="correction_chosen"
        )
        one = waiting[chosen or 0]
        name = st.text_input("Who looked at it?", key=meeting_said.key("correction_by"), max_chars=80)
        words = meeting_said.words("What became of it?", "correction_words", long=False)
        if st.button("Keep it, and take it off this list", key="correction_keep"):
            act = partial(remarks.check, found, one.remark.id, words, By(name), meeting_said.year())
            meeting_said.send(act, "correction", "correction_words")


def _rows(waiting: list[ToCheck]) -> pd.DataFrame:
    names = agencies()
    rows = [
        (one.remark.correction.about, one.remark.correction.was, one.remark.correction.should_be, one.remark.text,
         names.get(one.remark.by.agency, one.remark.by.agency), one.remark.at[:10], one.release_id)
        for one in waiting
        if one.remark.correction
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["About", "As it is", "As it should be", "How it is known", "Agency", "Said on", "Release"])
