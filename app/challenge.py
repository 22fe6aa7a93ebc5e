"""The challenge panel, a view of *Services and money*: the questions that rules raise, each behind its figure and rows."""

from datetime import date

import streamlit as st

from app import session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop import behind, big_screen, challenge

TITLE = "What should we ask of this?"
DASH = "On the big screen a dash stands for the price of a single bought service."


def section(release: Release, today: date, on_screen: bool = False) -> None:
    """Every question with its figure in sight; its rule and rows behind it, to download. `on_screen` keeps prices back."""
    found = session.once(release, challenge.panel, today, on_screen)
    st.header(TITLE, anchor=False)
    show.headline(found.headline.sentence, found.headline.basis, behind.register("money_questions"))
    if on_screen:
        show.note(DASH)
    for raised in found.raised:
        rows = kept(big_screen.without_prices, raised.rows, release, on_screen, True)
        show.folded(raised.question, raised.said, rows, f"Question, {raised.name}")
    if found.raised:
        show.download(kept(found.frame), "Questions to ask")
    show.caveats(found.notes(), "How to read this")
