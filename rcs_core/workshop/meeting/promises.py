"""Promises from the table: do not cut X below Y because Z. Somebody states one, the facilitator puts it in or leaves it.

Bodies: PROMISE_STATED {side, subject, name, pounds, from_year, year, owner, reason}: `name` and `year` as they were called then.
PROMISE_ACCEPTED {promise, put_in, words, cost}: the answer to a promise, by the id of the event that stated it; `cost` is the
sentence that the room was shown. An answer is given once; another one takes it back first. What is taken back counts no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.spoken import checked
from rcs_core.workshop.promised import Side, Wish, edits_of_wish, subjects
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.reading import LARGEST
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import money
from rcs_core.workshop.store import Event, EventKind

WHERE = "A promise from the table"
LIFE = (EventKind.PROMISE_STATED, EventKind.PROMISE_ACCEPTED, EventKind.TAKEN_BACK)
"""What the life of a promise is made of."""
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a promise: put into the scenario on the table, or left, in what words. cost: what the room was shown."""

    put_in: bool
    words: str
    cost: str
    by: By
    at: str
    event: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A promise as it was stated. name: what its service or purse was called; year: from when. by: who typed it."""

    id: int
    wish: Wish
    name: str
    year: str
    by: By
    at: str
    answer: Answer | None = None

    @property
    def put_in(self) -> bool:
        """Whether it is in the scenario on the table."""
        return self.answer is not None and self.answer.put_in

    @property
    def what(self) -> str:
        """What is promised, without whose it is and why."""
        side = "At least" if self.wish.side is Side.LEAST else "No more than"
        return f"{side} {money(self.wish.pounds / THOUSAND).said} a year for {self.name} from {self.year}"


def stated(events: Sequence[Event]) -> tuple[Stated, ...]:
    """Every promise that stands, in the order they were stated, each with the answer to it."""
    counted = standing(events)
    answers = {e.body["promise"]: _answer(e) for e in counted if e.kind is EventKind.PROMISE_ACCEPTED}
    return tuple(_stated(e, answers.get(e.id)) for e in counted if e.kind is EventKind.PROMISE_STATED)


def put_in(events: Sequence[Event]) -> tuple[Stated, ...]:
    """The promises that are in the scenario on the table, in the order in which they were put in."""
    found = [(p.answer.event, p) for p in stated(events) if p.answer is not None and p.answer.put_in]
    return tuple(p for _, p in sorted(found, key=lambda pair: pair[0]))


def waiting(events: Sequence[Event]) -> tuple[Stated, ...]:
    """The promises that nobody has answered yet."""
    return tuple(p for p in stated(events) if p.answer is None)


def _stated(event: Event, answer: Answer | None) -> Stated:
    body = event.body
    wish = Wish(Side(body["side"]), body["subject"], body["pounds"], body["from_year"], body["owner"], body["reason"])
    return Stated(event.id, wish, body["name"], body["year"], _by(event), event.at, answer)


def _answer(event: Event) -> Answer:
    body = event.body
    return Answer(bool(body["put_in"]), body["words"], body["cost"], _by(event), event.at, event.id)


def _by(event: Event) -> By:
    return By(event.author, event.agency, str(event.body.get("by", "")))


def state(meeting: Meeting, scenario: Scenario, names: Mapping[str, str], wish: Wish, by: By, year: int) -> int:
    """State a promise about the scenario on the table; on the disk when this returns, its id.

    year: of the session. Raises MeetingError with all that is wrong with its words, and ScenarioError where the scenario has
    no such promise.
    """
    said = checked({"whose promise": wish.owner, "why": wish.reason}, year, WHERE, needed=("whose promise", "why"))
    about = subjects(scenario, names)
    if not isfinite(wish.pounds) or not 0 <= wish.pounds < LARGEST:
        raise MeetingError("this is no amount", WHERE, f"{wish.pounds:g}", "pounds a year, from nought")
    edits_of_wish(scenario, wish)
    body: dict[str, Any] = {
        "side": wish.side.value, "subject": wish.subject, "name": about[wish.subject], "pounds": wish.pounds,
        "from_year": wish.from_year, "year": year_label(scenario, wish.from_year), "owner": said["whose promise"],
        "reason": said["why"],
    }  # fmt: skip
    return meeting.add(EventKind.PROMISE_STATED, body, by)


def accept(meeting: Meeting, id: int, by: By, cost: str = "") -> Event:
    """Put a promise into the scenario on the table. cost: the sentence that the room is shown.

    Raises MeetingError where there is no such promise, or somebody has answered it.
    """
    return _give(meeting, id, by, {"put_in": True, "words": "", "cost": cost})


def leave(meeting: Meeting, id: int, by: By, words: str, year: int) -> Event:
    """Leave a promise out, in words that its owner reads. Raises as `accept` does, and where nothing is said."""
    said = checked({"why it is left": words}, year, WHERE, needed=("why it is left",))
    return _give(meeting, id, by, {"put_in": False, "words": said["why it is left"], "cost": ""})


def _give(meeting: Meeting, id: int, by: By, body: Mapping[str, Any]) -> Event:
    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        found = _one(before, id)
        if found.answer is not None:
            who = found.answer.by.name or "somebody"
            did = "put in" if found.answer.put_in else "left"
            raise MeetingError("this promise has its answer", WHERE, f"{did} by {who}", "one that waits", "take that back first")
        return EventKind.PROMISE_ACCEPTED, {"promise": id, **body}, by

    return meeting.add_after(LIFE, made)


def reopen(meeting: Meeting, id: int, by: By, why: str = "") -> int:
    """Take the answer to a promise back: it waits again. Raises MeetingError where it has none."""
    found = _one(meeting.events(), id)
    if found.answer is None:
        raise MeetingError("there is no answer to take back", WHERE, found.name, "a promise that was put in or left")
    return meeting.take_back(found.answer.event, by, why)


def withdraw(meeting: Meeting, id: int, by: By, why: str = "") -> int:
    """Take a promise back: who stated it may, and the facilitator; it leaves the scenario."""
    found = _one(meeting.events(), id)
    if by.key and by.key != found.by.key:
        raise MeetingError("this is somebody else's promise", WHERE, found.name, "one of your own")
    return meeting.take_back(id, by, why)


def _one(events: Sequence[Event], id: int) -> Stated:
    for found in stated(events):
        if found.id == id:
            return found
    raise MeetingError("there is no such promise", WHERE, str(id), "a promise of this session that stands")
