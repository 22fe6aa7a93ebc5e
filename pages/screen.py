"""Where are we? The big screen of a session."""

from app import meeting_screen, session, show

release = session.release()
here = meeting_screen.seat()
if here is None:
    show.nothing("No session is named in this address", "Open the big screen from the page of the session.")
else:
    meeting_screen.draw(here, release)
