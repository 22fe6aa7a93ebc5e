"""Help in place: what a page answers and leaves out, its words and its columns in plain English, and what its questions mean.

All of it is drawn when somebody opens it, and costs a page one button before that.
"""

import streamlit as st

from app import leaving, method_door, room, show, take_profile
from app.navigation import Screen
from rcs_core.release import Release
from rcs_core.workshop import definitions, glossary, leaves_out

LABEL, ICON = "Help with this page", ":material/menu_book:"
LEAVES_OUT = "What this page does not show, and who is not in the picture"
_ASKED = "help_questions"
METHODS = "How each is worked out: *How this was worked out* beside a figure, and the folder docs/methods of this program."


def limits(screen: Screen) -> None:
    """What the page leaves out, in one folded line at its foot."""
    if said := leaves_out.text(screen.address):
        with st.expander(LEAVES_OUT, icon=":material/visibility:"):
            st.markdown(said)


def offer(screen: Screen) -> None:
    """What the page is for, what it leaves out, the words met on it and what the columns of its tables mean."""
    asked = st.session_state.pop(_ASKED, None)
    method_door.opener(LABEL, "help", _drawer, screen, tuple(show.headings()), asked, icon=ICON)


def _drawer(screen: Screen, headings: tuple[str, ...], asked: tuple[Release, str, str] | None) -> None:
    st.markdown(f"**This page answers:** {screen.answers}")
    st.markdown(leaves_out.text(screen.address))
    if words := glossary.of_page(screen.address):
        st.markdown("**Words on this page**\n\n" + "\n".join(f"- **{word.term}.** {word.means}" for word in words))
        st.caption(METHODS)
    if columns := definitions.columns(headings):
        st.markdown("**What the columns of its tables mean**\n\n" + "\n".join(f"- **{c.heading}.** {c.said}" for c in columns))
    if asked:
        st.markdown("**What its questions mean**")
        _questions(*asked)
    if release := leaving.served():
        take_profile.annex(release)


def questions(release: Release, survey: str, chosen: str = "") -> None:
    """What each question of a survey means, one click from where it is chosen; `chosen` is the code of one.

    In room mode, where only two choices stay in sight, it is in the help of the page.
    """
    if room.large():
        st.session_state[_ASKED] = (release, survey, chosen)
        return
    label = "What this question means" if chosen else "What the questions mean"
    method_door.opener(label, f"about-{survey}-{chosen}", _questions, release, survey, chosen, icon=":material/help:")


def _questions(release: Release, survey: str, chosen: str) -> None:
    for one in definitions.questions(release, survey):
        if not chosen or one.code == chosen:
            st.markdown(f"**{one.title}**\n\n" + "\n".join(f"- {name}: {said}" for name, said in one.facts))
