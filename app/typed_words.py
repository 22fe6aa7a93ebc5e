"""Words that people typed, shown as they typed them: never read as markup, a formula, an icon or a link."""

import re

import streamlit as st

from app import show
from rcs_core.errors import RcsError

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@^=/\"'])")
"""Every sign that markdown, or Streamlit's additions to it, may give a meaning to."""
_JOINTS = re.compile(r"(?<=:)(?=[A-Za-z+/_])|(?<=[-=])(?=>)|(?<=<)(?=-)|(?<=-)(?=-)|(?<=@)(?=\S)|(?<=\bw)(?=ww)", re.IGNORECASE)
"""Where an icon, an arrow, a dash or an address would be made of signs that are escaped."""
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows them, so that a name reads as another."""
JOINER = "\u2060"
"""A sign without width that keeps two others apart."""


def typed(text: str) -> str:
    """What somebody typed, as one line that shows every sign it has."""
    return _SIGNS.sub(_sign, _JOINTS.sub(JOINER, " ".join(TURNING.sub("", text).split())))


def _sign(found: re.Match[str]) -> str:
    # A dollar goes as an entity: a stroke before it would be doubled where the page writes one itself.
    return "&#36;" if found.group() == "$" else "\\" + found.group()


def passage(text: str) -> str:
    """The same of several lines."""
    return "  \n".join(typed(line) for line in text.split("\n"))


def inside(sentence: str, *words: str) -> str:
    """A sentence of ours with what somebody typed in it shown as it was typed."""
    found = sorted(filter(None, set(words)), key=len, reverse=True)
    # in one go: a name inside another one's is not escaped twice
    return re.sub("|".join(map(re.escape, found)), lambda one: typed(one.group()), sentence) if found else sentence


def error(problem: RcsError) -> None:
    """An error that may repeat what somebody typed."""
    show.error(RcsError(*(typed(part) for part in (problem.what, problem.where, problem.got, problem.expected, problem.remedy))))


def said(text: str, lead: str = "") -> None:
    """A passage of somebody's, after a lead in bold of our own."""
    st.markdown(f"**{lead}** {passage(text)}" if lead else passage(text))
