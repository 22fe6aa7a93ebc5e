"""Where are we? The big screen of a session."""

import streamlit as st

from app import meeting_screen, session, show

release = session.release()
here = meeting_screen.seat()
if here is None:
    st.title("The big screen of a session", anchor=False)
    show.nothing("No session is named in this address", "Open the big screen from the page of the session.")
else:
    meeting_screen.draw(here, release)
