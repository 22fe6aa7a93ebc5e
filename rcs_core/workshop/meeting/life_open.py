"""What a session leaves open: named before it is closed, kept with the closing, and looked at again at the review.

Notes of the facilitator are events of the kind SESSION_CHANGED with note and step, which change nothing of the preparation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.decide.parts import Decision, Standing, Verdict
from rcs_core.workshop.meeting import parking
from rcs_core.workshop.meeting.agenda import running
from rcs_core.workshop.meeting.ballot_parts import State, ballots
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.spoken import checked
from rcs_core.workshop.store import Event, EventKind


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is open: what it is, and what somebody called it."""

    what: str
    named: str

    @property
    def line(self) -> str:
        """Both in one line, as the closing keeps it."""
        return f"{self.what}: {self.named}"


def decided(meeting: Meeting) -> list[Decision]:
    """The decisions of a session that stand."""
    return [one for one in Decisions(meeting.store).current() if one.session_id == meeting.id]


def left_open(meeting: Meeting) -> list[Left]:
    """Votes that are open, decisions without an owner or still proposals, and what is parked without an owner and a day."""
    events = meeting.events()
    found = [Left("Vote still open", one.question) for one in ballots(events) if one.state is State.OPEN]
    for one in decided(meeting):
        if one.verdict is not Verdict.STOP and not one.owner.strip():
            found.append(Left("Decision without an owner", f"{one.id}, {one.title}"))
        elif one.standing is Standing.PROPOSAL:
            found.append(Left("Still a proposal", f"{one.id}, {one.title}"))
    return found + [Left("Parked without an owner and a day", item.text) for item in parking.open(events)]


@dataclass(frozen=True, slots=True)
class Note:
    """What the facilitator wrote down during a step."""

    id: int
    step: str
    words: str
    author: str
    at: str


def notes(events: Sequence[Event]) -> tuple[Note, ...]:
    """The notes that stand, in order."""
    kept = [e for e in standing(events) if e.kind is EventKind.SESSION_CHANGED and "note" in e.body]
    return tuple(Note(e.id, e.body.get("step", ""), e.body["note"], e.author, e.at) for e in kept)


def note(meeting: Meeting, by: By, words: str) -> int:
    """Keep a note with the step that is on; raises MeetingError where it is blank, too long, or a child could be known by it."""
    said = checked({"the note": words}, int(meeting.events()[0].at[:4]), "notes")["the note"]
    if not 0 < len(said) <= limit("words"):
        raise MeetingError("the note cannot be kept", "notes", f"{len(said)} letters", f"1 to {limit('words')}", "change it")
    step = meeting.made(running).step
    return meeting.add(EventKind.SESSION_CHANGED, {"note": said, "step": step.id if step else ""}, by)
