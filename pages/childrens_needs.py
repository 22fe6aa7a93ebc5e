"""How are our children doing, and for whom is it harder?"""

import streamlit as st

from app import controls, help, needs, session, show, take_books, why_hidden
from rcs_core.workshop import evidence, mean_scores
from rcs_core.workshop.asked import asked_grid

release = session.release()
show.question("How are our children doing, and for whom is it harder?", answered=True)
surveys = evidence.surveys(release)
if not surveys:
    show.nothing("This release holds no wellbeing survey.", "Add a survey file to the input folder and build the release again.")

first, second, third = st.columns(3)
with first:
    survey = controls.survey(surveys, "needs_survey")
view = controls.view(needs.views(release, survey), "needs_view", lambda v: v.name)
places = session.once(release, view.places, survey.code)
with second:
    area = controls.area(places, "needs_area") if view.of_place else places[0]
asked = view.asked(release, survey.code, area)
title = needs.EVERY
if not view.whole:
    with third if view.of_place else second:
        title = controls.one_of("Which question", [needs.EVERY, *(i.title for i in asked)], "needs_question", str)
indicator = next((i for i in asked if i.title == title), None)

help.questions(release, survey.code, indicator.code if indicator else "")
view.draw(needs.Choice(release, survey, area, indicator, third))
if not view.whole:
    show.points(session.once(release, mean_scores.lines, survey.code, area))
    grid = session.once(release, asked_grid)
    show.folded("What was asked of whom", grid.words(), grid.frame(), f"{release.manifest.partnership}, asked of whom")
why_hidden.explain()
if not view.whole:
    show.caveats(evidence.not_in_picture(release, survey.code), "Who is not in the picture")
take_books.needs(release)
