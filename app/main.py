"""The workbench: what is served to a room. It shows a signed-off release and holds no route to children's records."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import StopException

from app import cite, help, navigation, room, session, show, theme, tour
from rcs_core.errors import RcsError

INSTEAD = "What this release can answer"


def main() -> None:
    """Set the page up, then run the page that was asked for between the banner and the footer."""
    st.set_page_config(page_title="RCS workbench", page_icon=theme.MARK, layout="wide")
    theme.apply()
    chosen = st.navigation(navigation.every_page(), position="top")
    release = session.release()
    room.frame()
    theme.enlarge(room.large())
    theme.banner(release)
    show.stamp(release)
    screen = navigation.screen_of(chosen)
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
    theme.footer(release)


def _run(chosen: StreamlitPage) -> None:
    """The page itself; one that has nothing to show ends early, and its frame is drawn all the same."""
    try:
        chosen.run()
    except RcsError as error:
        show.error(error)
    except StopException:
        st.page_link(
            navigation.page(navigation.TODAY), label=INSTEAD, icon=":material/arrow_back:", query_params=room.carried() or None
        )


main()
