"""The parking lot: what comes up and does not belong to the step that is on, who takes it, and by when.

Events, all PARKED; `does` says which. `parked`: `text`, `who` and `day` (ISO), which may be blank. `taken`: `item`, `who` and
`day` in place of what was said before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.spoken import at_work, checked
from rcs_core.workshop.store import Event, EventKind

WHERE = "Parking lot"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was parked; `who` takes it by `day` (ISO), both blank while nobody does. by: who said it."""

    id: int
    text: str
    who: str
    day: str
    by: By
    at: str

    @property
    def is_open(self) -> bool:
        """Whether nobody takes it, or not by any day."""
        return not (self.who and self.day)


def items(events: Sequence[Event]) -> tuple[Item, ...]:
    """Everything that is parked and stands, in the order it came up."""
    counted = [e for e in standing(events) if e.kind is EventKind.PARKED]
    taken = {e.body["item"]: e.body for e in counted if e.body["does"] == "taken"}
    found = []
    for event in counted:
        if event.body["does"] == "parked":
            last = taken.get(event.id, event.body)
            by = By(event.author, event.agency, str(event.body.get("by", "")))
            found.append(Item(event.id, event.body["text"], last["who"], last["day"], by, event.at))
    return tuple(found)


def open(events: Sequence[Event]) -> tuple[Item, ...]:
    """What nobody takes by a day: named when the session is closed."""
    return tuple(i for i in items(events) if i.is_open)


def park(meeting: Meeting, text: str, by: By, year: int, who: str = "", day: str = "") -> int:
    """Put something in the parking lot; raises MeetingError where it is blank, too long or could name a child."""
    at_work(meeting, WHERE)
    said = checked({"text": text, "who takes it": who}, year, WHERE, needed=("text",))
    body = {"does": "parked", "text": said["text"], "who": said["who takes it"], "day": _day(day)}
    return meeting.add(EventKind.PARKED, body, by)


def take(meeting: Meeting, id: int, who: str, day: str, by: By, year: int) -> int:
    """Say who takes an item and by when, in place of what was said before; blank for nobody, or no day."""
    if all(i.id != id for i in items(meeting.events())):
        raise MeetingError("there is no such item", WHERE, str(id), "an item of this session that stands")
    said = checked({"who takes it": who}, year, WHERE)
    return meeting.add(EventKind.PARKED, {"does": "taken", "item": id, "who": said["who takes it"], "day": _day(day)}, by)


def _day(day: str) -> str:
    """A day as it is kept; raises MeetingError where it is none."""
    try:
        return date.fromisoformat(day).isoformat() if day else ""
    except ValueError as error:
        raise MeetingError("this is no day", WHERE, day, "year, month and day: 2026-11-30") from error
