"""What the room says of what it sees: surprises, challenges, hypotheses, and corrections of a figure or a service.

Events, all REMARK_MADE; `does` says which. `made`: `kind`, `text`, `view` (the address it stands on) and, of a correction,
`about` (the figure or service), `was` and `should_be`. `answered`: `remark` and `words`; the last answer stands, and no words
take it back. `shown`: `remark` and `on`, whether it is on the big screen: nothing that was typed goes there by itself.

A correction changes no figure: the release of a session is locked. It is a named variant that waits to be checked before the
next release, and the desk lists it until it says what became of it: `checked`, with `remark` and `words`, an event of no session,
for the session may be closed by then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcs_core.vocab import Label
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.spoken import checked
from rcs_core.workshop.store import Event, EventKind, Store

WHERE = "What the room says"
NOBODY = By()


class Kind(Label):
    """What a remark is."""

    SURPRISE = "surprise", "Surprise"
    CHALLENGE = "challenge", "Challenge"
    HYPOTHESIS = "hypothesis", "Hypothesis"
    CORRECTION = "correction", "Correction"


ASKS = {
    Kind.SURPRISE: "What surprises you?",
    Kind.CHALLENGE: "What do you doubt, and why?",
    Kind.HYPOTHESIS: "What may lie behind it, and how could we find out?",
    Kind.CORRECTION: "What is wrong?",
}
"""What each kind asks of who writes it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a figure or a service is said to be, and what it should be; `about` names it."""

    about: str
    was: str
    should_be: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark that stands. view: the address of the page it was made on; shown: whether the big screen has it."""

    id: int
    kind: Kind
    text: str
    by: By
    at: str
    view: str = ""
    correction: Correction | None = None
    shown: bool = False
    answer: str = ""
    answered_by: By = NOBODY

    @property
    def name(self) -> str:
        """The variant that a correction names: what should be what."""
        if self.correction is None:
            return ""
        one = self.correction
        return f"{one.about}: {one.was or 'as it is'} should be {one.should_be}"


def remarks(events: Sequence[Event]) -> tuple[Remark, ...]:
    """Every remark of a session that stands, in the order they were made, with whether it is shown and how it was answered."""
    counted = [e for e in standing(events) if e.kind is EventKind.REMARK_MADE]
    shown = {e.body["remark"]: bool(e.body["on"]) for e in counted if e.body["does"] == "shown"}
    answers = {e.body["remark"]: e for e in counted if e.body["does"] == "answered"}
    return tuple(_remark(e, shown.get(e.id, False), answers.get(e.id)) for e in counted if e.body["does"] == "made")


def _remark(event: Event, shown: bool, answer: Event | None) -> Remark:
    body = event.body
    kind = Kind(body["kind"])
    correction = Correction(body["about"], body["was"], body["should_be"]) if kind is Kind.CORRECTION else None
    words, whose = (str(answer.body["words"]), _by(answer)) if answer else ("", NOBODY)
    return Remark(event.id, kind, body["text"], _by(event), event.at, body["view"], correction, shown, words, whose)


def _by(event: Event) -> By:
    return By(event.author, event.agency, str(event.body.get("by", "")))


def on_screen(events: Sequence[Event]) -> tuple[Remark, ...]:
    """The remarks that the facilitator put on the big screen."""
    return tuple(r for r in remarks(events) if r.shown)


def corrections(events: Sequence[Event]) -> tuple[Remark, ...]:
    """The corrections that stand and are not answered: to check before the next release."""
    return tuple(r for r in remarks(events) if r.correction and not r.answer)


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A correction that waits, of which session and which release."""

    session: str
    release_id: str
    remark: Remark


def to_check(store: Store) -> list[ToCheck]:
    """The corrections of every session of a partnership that wait to be checked before the next release, oldest first."""
    by: dict[str, list[Event]] = {}
    for event in store.events(EventKind.REMARK_MADE, EventKind.TAKEN_BACK):
        by.setdefault(event.session_id, []).append(event)
    of = {e.id: e.release_id for events in by.values() for e in events}
    done = {e.body["remark"] for e in standing(by.pop("", ())) if e.body.get("does") == "checked"}
    found = [ToCheck(id, of[r.id], r) for id, events in by.items() for r in corrections(events) if r.id not in done]
    return sorted(found, key=lambda one: one.remark.id)


def check(store: Store, id: int, words: str, by: By, year: int) -> int:
    """Say at the desk what became of a correction, so that it waits no longer."""
    if all(one.remark.id != id for one in to_check(store)):
        raise MeetingError("no such correction waits", WHERE, str(id), "one of those that are listed")
    said = checked({"what became of it": words, "who": by.name}, year, WHERE, needed=("what became of it", "who"))
    body = {"does": "checked", "remark": id, "words": said["what became of it"]}
    return store.append(Event(EventKind.REMARK_MADE, said["who"], body, by.agency))


def remark(meeting: Meeting, kind: Kind, text: str, by: By, year: int, view: str = "", release_id: str = "") -> int:
    """Keep a surprise, a challenge or a hypothesis; raises MeetingError where it is blank, too long or could name a child."""
    if kind is Kind.CORRECTION:
        raise MeetingError("a correction says what should be what", WHERE, "", "what it is about, and what it should be")
    said = checked({"text": text}, year, WHERE, needed=("text",))
    body = {"does": "made", "kind": kind.value, "text": said["text"], "view": view}
    return meeting.add(EventKind.REMARK_MADE, body, by, release_id=release_id)


def correct(meeting: Meeting, one: Correction, text: str, by: By, year: int, view: str = "", release_id: str = "") -> int:
    """Keep a correction of a figure or a service: what it is about, what it is, what it should be, and how one knows."""
    fields = {"what it is about": one.about, "what it is": one.was, "what it should be": one.should_be, "how you know": text}
    about, was, should_be, known = checked(fields, year, WHERE, needed=("what it is about", "what it should be")).values()
    body = {
        "does": "made", "kind": Kind.CORRECTION.value, "text": known, "view": view, "about": about, "was": was,
        "should_be": should_be,
    }  # fmt: skip
    return meeting.add(EventKind.REMARK_MADE, body, by, release_id=release_id)


def answer(meeting: Meeting, id: int, words: str, by: By, year: int) -> int:
    """Answer a remark, in place of an earlier answer; no words take it back."""
    _find(meeting, id)
    said = checked({"the answer": words}, year, WHERE)
    return meeting.add(EventKind.REMARK_MADE, {"does": "answered", "remark": id, "words": said["the answer"]}, by)


def show(meeting: Meeting, id: int, on: bool, by: By) -> int:
    """Put a remark on the big screen, or take it off."""
    _find(meeting, id)
    return meeting.add(EventKind.REMARK_MADE, {"does": "shown", "remark": id, "on": on}, by)


def take_back(meeting: Meeting, id: int, by: By, why: str = "") -> int:
    """Take back a remark: its author may, and the facilitator; a new event, nothing is erased."""
    found = _find(meeting, id)
    if by.key and by.key != found.by.key:
        raise MeetingError("this is somebody else's remark", WHERE, found.kind.label, "one of your own")
    return meeting.take_back(id, by, why)


def of(found: Iterable[Remark], key: str) -> list[Remark]:
    """One person's own remarks."""
    return [r for r in found if key and r.by.key == key]


def _find(meeting: Meeting, id: int) -> Remark:
    for one in remarks(meeting.events()):
        if one.id == id:
            return one
    raise MeetingError("there is no such remark", WHERE, str(id), "a remark of this session that stands")
