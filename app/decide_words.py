"""Words that people typed, shown as they typed them: never read as markdown, HTML, a formula or a link."""

import re

import streamlit as st

from app import show
from rcs_core.errors import RcsError

_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~:&=^])")
"""Every sign that markdown, or Streamlit's additions to it, may give a meaning to."""
_ADDRESS = re.compile(r"(?<=[:/.@w])(?=[^\s])")
_LINK = re.compile(r"(?i)(?:https?:|mailto:|xmpp:|www\.|\S+@)\S*")
DOLLAR = "&#36;"
"""A dollar sign that starts no formula, on its way through whatever else makes dollar signs harmless."""
JOINER = "\u2060"
"""A sign without width that keeps an address from becoming a link."""


def plain(text: str) -> str:
    """A text as one line that shows every sign it has."""
    shown = _SIGNS.sub(r"\\\1", _LINK.sub(_unlinked, " ".join(text.split())))
    return shown.replace("$", DOLLAR)


def _unlinked(found: re.Match[str]) -> str:
    return _ADDRESS.sub(JOINER, found.group())


def passage(text: str) -> str:
    """A text of several lines that shows every sign it has."""
    return "  \n".join(plain(line) for line in text.split("\n"))


def error(problem: RcsError) -> None:
    """An error that may repeat what somebody typed."""
    show.error(RcsError(*(plain(part) for part in (problem.what, problem.where, problem.got, problem.expected, problem.remedy))))


def said(text: str, lead: str = "") -> None:
    """A passage of somebody's, after a lead in bold of our own."""
    st.markdown(f"**{lead}** {passage(text)}" if lead else passage(text))
