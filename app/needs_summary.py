"""The summary of a place on one screen: three sentences, how many comparisons they allow for, and every question by domain."""

import streamlit as st

from app import charts, charts_spine, session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop import behind, spine, unequal
from rcs_core.workshop.evidence import Area, SurveyInfo

FAIR = "Fair shares"
WIDEST = "Where is the gap widest?"
READ = "How to read this"
CHOOSE = "Choose a question above to see it for every group of children."
LETTERS = 27
"""Letters of a line of a row's label."""


def draw(release: Release, survey: SurveyInfo, area: Area, name: str) -> None:
    """What is most common, what stands out and where the gap is widest, then the spine, a sentence a domain, and the notes."""
    found = session.once(release, spine.spine, survey.code, area)
    common, out, gap = found.sentences
    said, drawn = st.columns((10, 11), gap="medium")
    with said:
        show.headline(common, found.basis, behind.summary(survey.code, area))
        show.points([out, gap])
        if session.once(release, unequal.asked, survey.code):
            st.button(WIDEST, icon=":material/arrow_forward:", type="tertiary", on_click=_show_gap, key="needs_gap")
    with drawn:
        points = kept(charts.wrapped, kept(found.points), "label", LETTERS)
        spec = charts_spine.spine(found.names, points, found.centred)
        show.chart(spec, points, kept(found.words), kept(found.frame), name, method=behind.picture(release, survey.code, area))
        for line in (found.key(), found.allowed):
            if line:
                show.note(line)
    st.subheader("Domain by domain", anchor=False)
    show.points(found.of_domain)
    show.note(CHOOSE)
    show.caveats(found.notes, READ)


def _show_gap() -> None:
    """Turn to the view of deprivation fifths, as a press of its name would, so that the link of the page follows."""
    st.session_state["needs_view"] = FAIR
