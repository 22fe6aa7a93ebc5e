"""What waits for somebody, on the first page: to be decided, and to be followed; nothing where nothing waits."""

from datetime import date

import streamlit as st

from app import navigation, plan_read, session, show
from app.navigation import DECIDE, PLAN, SESSION
from app.typed_words import inside
from rcs_core.release import Release
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.meeting import life_words
from rcs_core.workshop.meeting.agenda import sessions
from rcs_core.workshop.plan.chain import Plan, plan_of
from rcs_core.workshop.plan.waiting import to_decide, to_follow


def draw(release: Release) -> None:
    """Each sentence with the page on which it can be settled."""
    plan, today = _plan(release), session.today()
    waiting = {SESSION: _sessions(today), DECIDE: to_decide(plan, today), PLAN: to_follow(plan, today)}
    waiting = {screen: lines for screen, lines in waiting.items() if lines and screen in navigation.present()}
    if not waiting:
        return
    st.header("What waits", anchor=False)
    for screen, lines in waiting.items():
        show.points(lines)
        navigation.link(screen)


def _sessions(today: date) -> list[str]:
    """The sessions that are prepared, running or due for their review, each in a line."""
    lines = [(life_words.line(one, today), one.about.title) for one in sessions(session.store())]
    return [inside(line, title) for line, title in lines if line]


def _plan(release: Release) -> Plan:
    """The plan without its money and figures, of which nothing is said here."""
    decisions = Decisions(session.store()).current()
    return plan_of(release, decisions, plan_read.book().read(), look_up=lambda *_: None)
