"""The explanation for parents and children, within reach where numbers are hidden: one text, on the page as in the documents."""

import re
from functools import cache

import streamlit as st

from rcs_core.settings import ROOT

PAGE = ROOT / "docs" / "for-parents.md"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@cache
def explanation() -> tuple[str, str]:
    """The question, and its answer with headings in bold so that they stand below those of any page."""
    title, _, body = PAGE.read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# "), _HEADING.sub(r"**\1**\n", body).strip()


def explain() -> None:
    """The explanation, folded: who wonders about a hidden number finds it where the number is."""
    question, answer = explanation()
    with st.expander(question, icon=":material/visibility_off:"):
        st.markdown(answer)
