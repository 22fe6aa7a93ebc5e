"""Votes to test with: people of a session without the slow hash of a number, and events made by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rcs_core.workshop.meeting import By, Meeting
from rcs_core.workshop.meeting.ballots import Kind, options
from rcs_core.workshop.meeting.known_by import hashed
from rcs_core.workshop.store import Event, EventKind

LEAD = By("Facilitator")
EDUCATION, POLICE, NHS = "council_education", "police_scotland", "nhs_board"


@dataclass(frozen=True)
class Someone:
    """Somebody in a session, with the private word of their phone."""

    by: By
    word: str


def arrive(meeting: Meeting, agencies: Iterable[str]) -> list[Someone]:
    """One person for each agency named."""
    found = [Someone(By(f"Person {k}", agency, f"p{k}"), f"private word {k}") for k, agency in enumerate(agencies, 1)]
    for one in found:
        body = {"person": one.by.key, "how": "joined", "word": hashed(one.word), "number": [], "subject": ""}
        meeting.add(EventKind.PERSON_JOINED, body, one.by)
    return found


@dataclass
class Made:
    """Events of one vote, made by hand and numbered as they come."""

    events: list[Event] = field(default_factory=list)

    def add(self, kind: EventKind, body: Mapping[str, object], by: By = LEAD) -> None:
        """One more event."""
        whole = {**body, "by": by.key} if by.key else dict(body)
        self.events.append(Event(kind, by.name, whole, by.agency, id=len(self.events) + 1, session_id="s"))

    def opened(self, kind: Kind, texts: Iterable[str] = ("A", "B", "C"), named: bool = True, dots: int = 5) -> "Made":
        """A vote is opened."""
        offered = [{"key": o.key, "text": o.text, "refers": []} for o in options(texts)]
        body = {"ballot": "b1", "kind": kind.value, "question": "Which?", "options": offered, "named": named, "dots": dots,
                "several": True, "agencies": [EDUCATION, POLICE], "letters": {}}  # fmt: skip
        self.add(EventKind.BALLOT_OPENED, body)
        return self

    def cast(self, key: str, agency: str, given: Mapping[str, int], words: Mapping[str, str] | None = None) -> None:
        """Somebody votes under their name."""
        body = {"ballot": "b1", "given": dict(given), "words": dict(words or {})}
        self.add(EventKind.VOTE_CAST, body, By(f"Name of {key}", agency, key))

    def closed(self) -> list[Event]:
        """The vote is closed; all its events."""
        self.add(EventKind.BALLOT_CLOSED, {"ballot": "b1"})
        return self.events
