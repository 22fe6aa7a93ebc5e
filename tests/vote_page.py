"""A vote as one seat of a session sees it, for a test, which says which seat, whose and of which session."""

import streamlit as st

from app import meeting_ballot, meeting_priorities, room, session, show
from app.meeting import Here, Seat, of
from rcs_core.workshop.meeting import By
from rcs_core.workshop.meeting.people import people

release = session.release()
show.stamp(release)
room.frame()
seat, me, meeting = Seat(st.session_state["vote_seat"]), st.session_state["vote_me"], of(st.session_state["vote_in"])
person = next((p for p in people(meeting.events()) if p.key == me), None)
here = Here(meeting, seat, person.by if person else By("Facilitator"))
for part in (meeting_ballot, meeting_priorities):
    getattr(part, seat.value)(here, release)
