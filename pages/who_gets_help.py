"""Do the children who need help get it, and from whom?"""

import streamlit as st

from app import controls, help, reach, session, show, take_books, why_hidden
from rcs_core.workshop import reach as need_and_contact
from rcs_core.workshop import supplied

release = session.release()
show.question(
    "Do the children who need help get it, and from whom?",
    "Need, as children described it in the survey, against contact with a named service: social work, additional support for "
    "learning, or either.",
    answered=True,
)
surveys = session.once(release, need_and_contact.surveys)
if not surveys:
    show.nothing(
        "This release cannot set need against contact.",
        "It needs a pupil survey and the social work and additional-support extracts (linked, or their totals by stage). "
        f"{supplied.why_not(release)}",
    )

first, second, third = st.columns([3, 3, 4])
with first:
    survey = controls.survey(surveys, "reach_survey")
with second:
    need = controls.need(session.once(release, need_and_contact.needs, survey.code), "reach_need")
with third:
    services = session.once(release, need_and_contact.contacts, survey.code)
    contact = controls.one_of("Which service", services, "reach_service", need_and_contact.service)

help.questions(release, survey.code, need.code)
chosen = reach.Choice(release, survey, need, contact)
found = reach.answer(chosen)
reach.meets(chosen)
reach.fair(chosen)
reach.missing(chosen)
show.caveats(found.notes, "How to read this")
why_hidden.explain()
show.caveats(found.left_out, "Who is not in the picture")
take_books.needs(release)
