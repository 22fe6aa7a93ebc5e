"""How are our children doing, and for whom is it harder?"""

import streamlit as st

from app import charts, controls, session, show
from rcs_core.workshop import evidence, profiles

EVERY = "Every question"

release = session.release()
show.question(
    "How are our children doing, and for whom is it harder?",
    "What children and parents said in the wellbeing surveys, for the whole area, a school cluster or a school. "
    "Choose a question to see which groups of children it is hardest for.",
)
surveys = evidence.surveys(release)
if not surveys:
    show.nothing("This release holds no wellbeing survey.", "Add a survey file to the input folder and build the release again.")

left, right = st.columns(2)
with left:
    survey = controls.survey(surveys, "needs_survey")
with right:
    area = controls.area(profiles.areas(release, survey.code), "needs_area")
asked = profiles.indicators(release, survey.code, area)
with left:
    title = controls.one_of("Which question", [EVERY, *(i.title for i in asked)], "needs_question", str)
indicator = next((i for i in asked if i.title == title), None)
groups = profiles.breakdowns(release, survey.code, indicator.code, area) if indicator else []

if indicator and groups:
    with right:
        by = controls.one_of("Compare", groups, "needs_by", lambda b: b.label)
    profile = profiles.breakdown(release, survey.code, indicator.code, by, area)
else:
    profile = profiles.summary(release, survey.code, area)
    if indicator:
        st.info(f"“{indicator.title}” is not broken down any further for {area.name}, so every question is shown.")

show.headline(profile.headline, profile.basis)
if not profile.by_group and not profile.beside:
    show.line(profiles.steepest(release, survey.code))
show.chart(
    charts.dots(profile.here, profile.beside, "% of children with need"),
    charts.wrapped(profile.points()),
    alt=profile.words(),
    numbers=profile.frame(),
    name=f"{survey.title}, {area.name}, {title}",
)
show.caveats(profile.notes, "How to read this")
show.caveats(profile.left_out, "Who is not in the picture")
