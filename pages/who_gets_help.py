"""Do the children who need help get it, and from whom?"""

import streamlit as st

from app import charts, controls, session, show, why_hidden
from rcs_core.workshop import reach, supplied

release = session.release()
show.question(
    "Do the children who need help get it, and from whom?",
    "Need, as children described it in the survey, against contact with a named service: social work, additional support for "
    "learning, or either.",
)
surveys = reach.surveys(release)
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
    need = controls.need(reach.needs(release, survey.code), "reach_need")
with third:
    contact = controls.one_of("Which service", reach.contacts(release, survey.code), "reach_service", reach.service)

found = reach.reach(release, survey.code, need, contact)
name = f"{survey.title}, {need.title}, {reach.service(contact)}"
show.headline(found.headline, found.basis)
if found.drawn:
    points = charts.inside(found.points())
    show.chart(charts.bars(found.sides, "Pupils who answered", charts.WITHOUT_WITH), points, found.words(), found.frame(), name)
elif len(found.frame()):
    show.table(found.frame(), name)
st.markdown(found.beside)

clusters = reach.by_cluster(release, survey.code, need)
if clusters:
    st.subheader("How does it differ between school clusters?", anchor=False)
    st.markdown(reach.cluster_headline(clusters))
    points = charts.wrapped(reach.cluster_points(clusters))
    spec = charts.dots(reach.NEITHER, unit="% of pupils with need")
    show.chart(
        spec, points, reach.cluster_words(clusters), reach.cluster_frame(clusters), f"Clusters, {survey.title}, {need.title}"
    )

show.caveats(found.notes, "How to read this")
why_hidden.explain()
show.caveats(found.left_out, "Who is not in the picture")
