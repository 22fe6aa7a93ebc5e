"""Help in place: the words of a page in plain English, at its foot."""

import streamlit as st

from app import show
from app.navigation import Screen
from rcs_core.workshop import glossary


def offer(screen: Screen) -> None:
    """The words that are met on this page, each with what it means and where its method is written down."""
    if found := glossary.of_page(screen.address):
        with st.popover("Words on this page", icon=":material/menu_book:"):
            for word in found:
                show.line(f"**{word.term}.** {word.means}")
            show.note("How each is worked out: the folder docs/methods of this program, linked from docs/glossary.md.")
