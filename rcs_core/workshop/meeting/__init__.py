"""The facilitated session: who is there, what is on the agenda, what the room guesses, votes, says, promises and decides.

Everything is an event of the store, and what stands is found by going through the events of a session in their order:
each module here makes one part of it (`people`, `agenda`, `ballots`, ...) from them, and adds events to it by `Meeting.add`.
"""

from rcs_core.workshop.meeting.meeting import By, Log, Meeting, MeetingError, standing

__all__ = ["By", "Log", "Meeting", "MeetingError", "standing"]
