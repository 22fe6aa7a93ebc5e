"""The workbench: what is served to a room. It shows a signed-off release and holds no route to children's records."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import StopException

from app import (
    cite,
    each_to_its_end,
    help,
    meeting,
    meeting_bar,
    meeting_screen,
    navigation,
    no_release,
    room,
    session,
    show,
    sign_in,
    store_away,
    theme,
    tour,
)
from rcs_core.errors import RcsError
from rcs_core.workshop.store import StoreAwayError

INSTEAD = "What this release can answer"


def main() -> None:
    """Set the page up, then run the page that was asked for between the banner and the footer."""
    each_to_its_end.keep()
    st.set_page_config(page_title="RCS workbench", page_icon=theme.MARK, layout="wide")
    theme.apply()
    if not sign_in.passed():
        return
    bare = meeting.bare()
    chosen = st.navigation(navigation.every_page(), position="hidden" if bare else "top")
    try:
        meeting.arrive()
    except StoreAwayError as error:
        no_release.no_store(error, session.ask_store)
    release = session.release()
    meeting_screen.room_on()
    if bare:
        room.unframed()
    else:
        room.frame()
    theme.enlarge(room.large())
    theme.banner(release)
    show.stamp(release)
    screen = navigation.screen_of(chosen)
    meeting_bar.draw(screen)
    if screen:
        st.caption(navigation.cycle(screen))
        tour.bar(release, screen)
    _run(chosen)
    room.end()
    if screen:
        help.limits(screen)
        with st.container(horizontal=True, key="foot"):
            help.offer(screen)
            cite.offer(release, screen)
    sign_in.account(release)
    if not bare:
        theme.footer(release)


def _run(chosen: StreamlitPage) -> None:
    """The page itself; one that has nothing to show ends early, and its frame is drawn all the same."""
    try:
        chosen.run()
    except StoreAwayError as error:
        store_away.say(error, session.ask_store)
    except RcsError as error:
        show.error(error)
    except StopException:
        st.page_link(
            navigation.page(navigation.TODAY), label=INSTEAD, icon=":material/arrow_back:", query_params=room.carried() or None
        )


main()
