"""What did we agree, is it happening, and is it working?"""

import streamlit as st

from app import controls, navigation, plan_forms, plan_read, plan_resources, plan_review, plan_view, session, show

VIEWS = {
    "The plan": plan_view.draw,
    "Review": plan_review.go,
    "Outcomes": plan_review.outcomes,
    "Resources": plan_resources.draw,
}

release = session.release()
show.question(
    "What did we agree, is it happening, and is it working?",
    "The plan is made of what was decided: nothing is keyed twice. Each action is followed to its money and its indicator.",
)
plan = plan_read.plan(release)
if plan.empty:
    if navigation.DECIDE in navigation.present():
        navigation.link(navigation.DECIDE)
    show.nothing(
        "Nothing has been decided yet.",
        "The plan is made of decisions: what goes ahead, with its owner, date, money and indicator. Record the first one on "
        "*Decide*, and it stands here.",
    )

chosen = controls.view(list(VIEWS), "plan_view", str)
plan_forms.door(release, plan)
st.divider()
VIEWS[chosen](release, plan, session.today())
