"""Looking at a session again after six weeks, on the version of the data that it worked on."""

from functools import partial

import streamlit as st

from app import meeting_deed, navigation, plan_read, session, show
from app.meeting import Here
from app.typed_words import passage, typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import life, life_review
from rcs_core.workshop.meeting.agenda import running
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.plan import review
from rcs_core.workshop.plan.chain import Plan, plan_of

_TIMES = "review_times"


def draw(here: Here, release: Release) -> None:
    """What was decided and promised, who owes what, and what the review said."""
    now, today = here.meeting.made(running), session.today()
    if not now.state.over:
        show.line(f"A session is looked at again {limit('review')} days after it was closed. It is not closed yet.")
        return
    plan = _plan(here, release)
    owed = life_review.owed(here.meeting, plan)
    day = life.review_day(now)
    since = _since(release)
    basis = f"Due from {day}. Looked at on release {release.id}, on which the session worked."
    show.headline(life_review.headline(owed, today), basis)
    if since:
        show.line(
            f"Release {since} has come since. It is not used here: compare on the other pages once you have left this session."
        )
    if owed:
        show.table(plan_read.without_sums(life_review.frame(owed, today), release, plan), "Who owes what")
    _checks(here, release, plan)
    show.line("How an action goes, and what became of a condition, is written down in the plan:")
    navigation.link(navigation.PLAN)
    _reviews(here, since)


def _plan(here: Here, release: Release) -> Plan:
    """The plan as far as the decisions of this session go, without its money and figures."""
    decisions = life_review.decided(here.meeting)
    return plan_of(release, decisions, plan_read.book().read(), look_up=lambda *_: None)


def _since(release: Release) -> str:
    """The release that is served now, where it is another one."""
    served = session.served_signed()
    return served.id if served is not None and served.id != release.id else ""


def _checks(here: Here, release: Release, plan: Plan) -> None:
    found = life_review.checks(here.meeting, plan)
    if found:
        show.line(review.promised_line(found))
        show.table(plan_read.without_sums(review.promised_frame(found), release, plan), "Conditions to check")


def _reviews(here: Here, since: str) -> None:
    """What earlier reviews said, and the form for this one."""
    for one in here.meeting.made(life_review.reviews):
        other = f" Release {one.release_since} had come since." if one.release_since else ""
        st.markdown(f"**{typed(one.author)}, {one.at[:10]}.** {passage(one.words)}{other}")
    key = f"review_{st.session_state.get(_TIMES, 0)}"
    with st.form(key, border=False):
        words = st.text_area("What the review found", max_chars=limit("words"), key=f"{key}_words")
        pressed = st.form_submit_button("Keep the review")
    if pressed:
        if meeting_deed.run(partial(life.review, here.meeting, here.by, words, since), "The review is kept."):
            st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
        st.rerun()
