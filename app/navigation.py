"""The workbench's pages in the order of a session: one flat list, one address each."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app import meeting, room
from rcs_core.settings import ROOT

CYCLE = ("Analyse", "Plan", "Do", "Review")
"""The steps of the joint strategic commissioning cycle, in order."""
ANALYSE, PLANS, DOES = CYCLE[:1], CYCLE[1:2], CYCLE[2:]


@dataclass(frozen=True, slots=True)
class Screen:
    """One page: its file under `pages/`, its short name in the navigation, its address, and what it answers.

    step: the steps of the cycle that it is for; the front page is for all of them, which is none in particular.
    """

    file: str
    title: str
    address: str
    answers: str
    step: tuple[str, ...] = ()


TODAY = Screen("today.py", "Today", "today", "Where are we, and what is on the table?")
SESSION = Screen("session.py", "Session", "session", "Where is this session, and what comes next?")
NEEDS = Screen(
    "childrens_needs.py", "Children's needs", "needs", "How are our children doing, and for whom is it harder?", ANALYSE
)
REACH = Screen("who_gets_help.py", "Who gets help", "reach", "Do the children who need help get it, and from whom?", ANALYSE)
MONEY = Screen(
    "services_and_money.py", "Services and money", "money", "What do we spend, on what, and how much is prevention?", ANALYSE
)
SHIFT = Screen("try_a_shift.py", "Try a shift", "shift", "What would happen if we moved money upstream?", PLANS)
DECIDE = Screen("decide.py", "Decide", "decide", "What do we agree to do, on what conditions, and who disagrees?", PLANS)
PLAN = Screen("plan_and_review.py", "Plan and review", "plan", "What did we agree, is it happening, and is it working?", DOES)
SCREENS = (TODAY, SESSION, NEEDS, REACH, MONEY, SHIFT, DECIDE, PLAN)


def page(screen: Screen) -> StreamlitPage:
    """The page of a screen, for the navigation and for links; *Today* is the front page."""
    address = "front" if screen is TODAY else screen.address
    return st.Page(ROOT / "pages" / screen.file, title=screen.title, url_path=address, default=screen is TODAY)


def every_page() -> list[StreamlitPage]:
    """The pages in order; *Today* answers at its own address too, without a second entry in the list."""
    front = ROOT / "pages" / TODAY.file
    alias = st.Page(front, title=TODAY.title, url_path=TODAY.address, visibility="hidden")
    return [*(page(s) for s in present()), alias, phone(), big_screen()]


def phone() -> StreamlitPage:
    """What a participant of a session has on the phone; not in the list."""
    return st.Page(ROOT / "pages" / "join.py", title="Join", url_path=meeting.JOIN, visibility="hidden")


def big_screen() -> StreamlitPage:
    """What the room sees on the big screen of a session; not in the list."""
    return st.Page(ROOT / "pages" / "screen.py", title="Big screen", url_path=meeting.SCREEN, visibility="hidden")


def session_page() -> StreamlitPage | None:
    """The facilitator's page of a session, where it is there."""
    return next((page(s) for s in present() if s.address == meeting.SESSION), None)


def present() -> list[Screen]:
    """The screens whose file is there."""
    return [s for s in SCREENS if (ROOT / "pages" / s.file).exists()]


def screen_of(chosen: StreamlitPage) -> Screen | None:
    """The screen that a page of the navigation is."""
    return next((s for s in present() if chosen.title == s.title), None)


def link(screen: Screen, **choices: str) -> None:
    """A link to a page, named as in the navigation; in a tab of its own it opens as the room has it here, with these choices."""
    st.page_link(
        page(screen),
        label=screen.title,
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params={**room.carried(), **choices} or None,
    )


def cycle(screen: Screen) -> str:
    """Where in the cycle a page stands, in words: every step in order, those of the page in bold and named as where one is."""
    steps = list(CYCLE)
    if screen.step:
        first, many = steps.index(screen.step[0]), len(screen.step)
        steps[first : first + many] = [f"**{' and '.join(screen.step).capitalize()}** (you are here)"]
    line = " → ".join(steps)
    return f"{line} · page {present().index(screen) + 1} of {len(present())}" if screen in present() else line
