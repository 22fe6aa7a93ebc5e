"""The profile of a place on the screen and on two pages of paper: all that the core's profile holds, and nothing else."""

from collections.abc import Sequence

import streamlit as st

from app import charts, charts_spine, room, session, show, take_profile
from rcs_core.release import Release
from rcs_core.workshop import profile
from rcs_core.workshop.evidence import Area, SurveyInfo
from rcs_core.workshop.profile import Look, Picture, Profile, Section, Table

LETTERS = 27
"""Letters of a line of a row's label in the picture of every question."""
NARROW = 236
"""Pixels of a small picture: four stand in a row of a wide screen and of paper, fewer where there is less room."""
STYLE = """<style>
.st-key-profile [data-testid="stTable"] :is(td, th):last-child { min-width: 8rem; }
@media print {
  @page { size: A4; margin: 10mm 12mm 12mm; @bottom-right { content: counter(page) " of " counter(pages); font-size: 8pt; } }
  html:has(.st-key-profile) { font-size: 17px !important; }
  .stMainBlockContainer > [data-testid="stVerticalBlock"] > *:not(:has(.st-key-profile)) { display: none !important; }
  .st-key-profile { zoom: 0.64; }
  .st-key-profile [data-testid="stExpander"], .st-key-profile-files { display: none !important; }
  .st-key-profile p, .st-key-profile li { max-width: none !important; }
  .st-key-profile-1 { break-after: page; }
  .st-key-profile, .st-key-profile [data-testid="stVerticalBlock"] { gap: 0.25rem !important; }
  .st-key-profile li { margin-top: 0 !important; margin-bottom: 0.15rem !important; }
  .st-key-profile :is([data-testid="stElementContainer"], [data-testid="stLayoutWrapper"]) { margin-bottom: 0.4rem !important; }
  .st-key-profile h3 { padding: 0.5rem 0 0.45rem !important; }
  .st-key-profile :is(td, th) { padding-top: 0.15rem !important; padding-bottom: 0.15rem !important; }
  .st-key-profile-groups { display: flex !important; flex-direction: row !important; flex-wrap: nowrap !important; }
  .st-key-profile-groups > * { flex: 1 1 0 !important; min-width: 0 !important; break-inside: avoid; }
  .st-key-profile svg.marks { max-width: 100% !important; height: auto !important; }
  .st-key-profile [data-testid="stTable"], .st-key-profile tr { break-inside: avoid; }
}
</style>"""
"""On paper: the profile only, A4, a page break between its two pages."""


def draw(release: Release, survey: SurveyInfo, area: Area) -> None:
    """Page one, page two, and the figures of both as a csv."""
    found = session.once(release, profile.profile, survey.code, area)
    name = f"Profile of {found.asked}, {found.whom}"
    st.html(STYLE)
    with st.container(key="profile"):
        with st.container(key="profile-1"):
            _head(found)
            for section in found.page(1):
                _section(section, name)
        with st.container(key="profile-2"):
            for section in found.page(2):
                _section(section, name)
            show.note(found.source)
        with st.container(key="profile-files"):
            show.download(found.frame(), name)
            take_profile.offer(release, found, survey)


def _head(found: Profile) -> None:
    show.headline(found.title, found.beside)
    if found.instead:
        st.info(found.instead, icon=":material/info:")


def _section(section: Section, name: str) -> None:
    st.subheader(section.heading, anchor=False)
    if section.sentences:
        show.line(" ".join(section.sentences))
    show.points(section.points)
    if section.table:
        _table(section.table)
    _pictures(section.pictures, name)
    if section.numbers:
        with st.expander(section.numbers.name):
            show.table(section.numbers.frame(), f"{name}, {section.numbers.name}")
    for note in section.notes:
        show.note(note)


def _table(table: Table) -> None:
    """A table of texts, whole on the page and on paper."""
    with room.door(table.name):
        st.table(table.frame(), hide_index=True, border="horizontal", alt=f"Table: {table.name}")


def _pictures(pictures: Sequence[Picture], name: str) -> None:
    small = [p for p in pictures if p.look is Look.GROUPS]
    for picture in pictures:
        if picture.look is Look.SPINE:
            _spine(picture, name)
    if small:
        row = st.container(horizontal=True, vertical_alignment="bottom", key="profile-groups")
        for picture in small:
            with row.container(width="stretch" if room.large() else NARROW):
                _groups(picture, name)


def _spine(picture: Picture, name: str) -> None:
    points = charts.wrapped(picture.points, width=LETTERS)
    spec = charts_spine.spine(picture.names, points, picture.centred)
    show.chart(spec, points, picture.words, picture.numbers.frame(), f"{name}, {picture.title}")
    if picture.key:
        show.note(picture.key)


def _groups(picture: Picture, name: str) -> None:
    st.markdown(f"**{picture.title}**")
    letters = max(len(str(label)) for label in picture.points["label"])
    spec = charts_spine.small(picture.top, letters)
    show.chart(spec, picture.points, picture.words, picture.numbers.frame(), f"{name}, {picture.title}")
