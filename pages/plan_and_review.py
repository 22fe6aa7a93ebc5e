"""What did we agree, is it happening, and is it working?"""

import streamlit as st

from app import controls, plan_forms, plan_read, plan_resources, plan_review, plan_view, session, show

VIEWS = {
    "The plan": ("What did we agree, and what is missing?", plan_view.draw),
    "Review": ("Is it happening?", plan_review.go),
    "Outcomes": ("Is it working?", plan_review.outcomes),
    "Resources": ("How is money spent, and how does it shift to prevention?", plan_resources.draw),
}

release = session.release()
show.question(
    "What did we agree, is it happening, and is it working?",
    "The plan is made of what was decided: nothing is keyed twice. Each action is followed to its money and its indicator.",
)
plan = plan_read.plan(release)
if plan.empty:
    plan_view.empty()
else:
    chosen = controls.view(list(VIEWS), "plan_view", str)
    plan_forms.door(release, plan)
    heading, draw = VIEWS[chosen]
    st.header(heading, anchor=False)
    draw(release, plan, session.today())
