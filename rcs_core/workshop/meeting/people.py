"""Who takes part in a session: joining by name and agency without an account, and being the same person after a reload.

Bodies: PERSON_JOINED {person, word, number, subject; how: joined, number or signed where somebody came back}, by that person;
PERSON_LEFT {person, how: left or sent_out, why}.
word: the hash of a private word that only the person's own address has. number: salt and hash of the personal number, shown once.
subject: the hash of who is signed in, where people sign in. A newer word takes the place of the one before.
"""

import hmac
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rcs_core.workshop.meeting.joining import Tries, agencies, rule
from rcs_core.workshop.meeting.known_by import hashed, locked, new_number, new_word, opens
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.store import Event, EventKind

KINDS = (EventKind.PERSON_JOINED, EventKind.PERSON_LEFT, EventKind.TAKEN_BACK)
"""What the list of people is made of."""
WHERE = "joining"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a session. here: neither left nor sent out. since: the event by which the present private word was given."""

    key: str
    name: str
    agency: str
    joined_at: str
    here: bool = True
    sent_out: bool = False
    since: int = 0

    @property
    def by(self) -> By:
        """The person as events name who did something."""
        return By(self.name, self.agency, self.key)


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who has just joined or come back: the private word for the address, and the number that was shown (if any)."""

    person: Person
    word: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether as many are here as are wanted. lacking: how many are here and how many are wanted, of agencies with too few."""

    wanted: Mapping[str, int]
    lacking: Mapping[str, tuple[int, int]]

    @property
    def met(self) -> bool:
        """Whether every agency has enough people here."""
        return not self.lacking


@dataclass(frozen=True, slots=True)
class _Entry:
    """A person with what tells them from others."""

    person: Person
    word: str
    number: tuple[str, str]
    subject: str


def people(events: Sequence[Event]) -> tuple[Person, ...]:
    """Everybody who joined, in order, whether here or not."""
    return tuple(e.person for e in _roll(events).values())


def here(found: Iterable[Person]) -> dict[str, int]:
    """How many people of each agency are here, in the order of the agencies."""
    there = Counter(p.agency for p in found if p.here)
    return {agency: there[agency] for agency in (*agencies(), *sorted(set(there) - set(agencies()))) if there[agency]}


def quorum(wanted: Mapping[str, int], found: Iterable[Person]) -> Quorum:
    """Whether as many are here as were wanted of each agency (see `About.quorum`)."""
    there = here(found)
    lacking = {a: (there.get(a, 0), many) for a, many in wanted.items() if there.get(a, 0) < many}
    return Quorum(wanted, lacking)


def by_word(events: Sequence[Event], word: str) -> Person | None:
    """The person whose private word this is; None for a word that is nobody's, or was, before the person came back by number."""
    one = hashed(word)
    found = (e.person for e in _roll(events).values() if hmac.compare_digest(e.word, one))
    return next(found, None) if word else None


def by_subject(events: Sequence[Event], subject: str) -> Person | None:
    """The person who is signed in as this, None where they have not joined."""
    one = hashed(subject)
    return next((e.person for e in _roll(events).values() if e.subject == one), None) if subject else None


def join(meeting: Meeting, name: str, agency: str, subject: str = "") -> Joined:
    """Join a session under a name that nobody of the agency has; raises MeetingError with everything that is wrong.

    subject: who is signed in; whoever is signed in and was here is given their place back.
    """
    if subject and (was := by_subject(meeting.events(), subject)):
        return _again(meeting, was.key, "signed")
    said = _fitting(name, agency)
    word, number = new_word(), "" if subject else new_number()
    own = {"word": hashed(word), "number": locked(number) if number else [], "subject": hashed(subject) if subject else ""}

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        _room_for(before, said, agency, subject)
        key = f"p{1 + sum(_is_new(e) for e in before)}"
        return EventKind.PERSON_JOINED, {"person": key, "how": "joined", **own}, By(said, agency, key)

    return Joined(_person(meeting.add_after(KINDS, made)), word, number)


def come_back(meeting: Meeting, name: str, agency: str, number: str, tries: Tries) -> Joined:
    """Come back on another phone by the personal number; the private word of the lost one is nobody's from then on.

    Raises MeetingError where nobody here has that name, agency and number, and after too many wrong ones.
    """
    found = [e for e in _roll(meeting.events()).values() if _same(e.person, name, agency) and e.number]
    if not found:
        raise _nobody()
    entry = found[0]
    if not tries.left(meeting.id, entry.person.key):
        remedy = "ask the facilitator, or join under another name"
        raise MeetingError("too many wrong numbers", WHERE, "another try", f"a pause of {rule('pause')} minutes", remedy)
    if not opens(entry.number, number):
        tries.wrong(meeting.id, entry.person.key)
        raise _nobody()
    return _again(meeting, entry.person.key, "number")


def _again(meeting: Meeting, key: str, how: str) -> Joined:
    """The same person with a new private word."""
    word = new_word()

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        entry = _roll(before).get(key)
        if entry is None or entry.person.sent_out:
            raise _sent_out()
        if not entry.person.here:
            _not_full(before)
        own = {"word": hashed(word), "number": list(entry.number), "subject": entry.subject}
        return EventKind.PERSON_JOINED, {"person": key, "how": how, **own}, entry.person.by

    meeting.add_after(KINDS, made)
    return Joined(_roll(meeting.events())[key].person, word)


def leave(meeting: Meeting, person: Person) -> int:
    """Leave the session; the place is kept, and the private word or the number gives it back."""
    return meeting.add(EventKind.PERSON_LEFT, {"person": person.key, "how": "left", "why": ""}, person.by)


def enter_again(meeting: Meeting, person: Person) -> None:
    """Be here again after leaving, on the same phone."""
    leaves = [e for e in _of(standing(meeting.events()), person.key) if e.kind is EventKind.PERSON_LEFT]
    if person.sent_out:
        raise _sent_out()
    if not person.here and leaves:
        _not_full(meeting.events())
        meeting.take_back(leaves[-1].id, person.by, "came back")


def send_out(meeting: Meeting, key: str, by: By, why: str = "") -> int:
    """Send somebody out, as the facilitator: their word and number open nothing until it is taken back."""
    if key not in _roll(meeting.events()):
        raise MeetingError("there is nobody to send out", WHERE, key, "somebody of this session")
    return meeting.add(EventKind.PERSON_LEFT, {"person": key, "how": "sent_out", "why": why.strip()[: limit("title")]}, by)


def let_in(meeting: Meeting, key: str, by: By) -> None:
    """Take back that somebody was sent out, as the facilitator."""
    for event in [e for e in _of(standing(meeting.events()), key) if e.kind is EventKind.PERSON_LEFT]:
        meeting.take_back(event.id, by, "let in again")


def _roll(events: Sequence[Event]) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for e in standing(events):
        key = str(e.body.get("person", ""))
        if e.kind is EventKind.PERSON_JOINED:
            found[key] = _entry(e, found.get(key))
        elif e.kind is EventKind.PERSON_LEFT and key in found:
            gone = replace(found[key].person, here=False, sent_out=e.body["how"] == "sent_out")
            found[key] = replace(found[key], person=gone)
    return found


def _entry(event: Event, before: _Entry | None) -> _Entry:
    body = event.body
    person = replace(before.person, here=True, sent_out=False, since=event.id) if before else _person(event)
    number = tuple(body["number"])
    return _Entry(person, body["word"], (number[0], number[1]) if number else ("", ""), body["subject"])


def _person(event: Event) -> Person:
    return Person(str(event.body["person"]), event.author, event.agency, event.at, since=event.id)


def _of(events: Iterable[Event], key: str) -> list[Event]:
    return [e for e in events if e.kind in KINDS and e.body.get("person") == key]


def _is_new(event: Event) -> bool:
    return event.kind is EventKind.PERSON_JOINED and event.body["how"] == "joined"


def _fitting(name: str, agency: str) -> str:
    """The name in one line; raises MeetingError with everything that is wrong with name and agency."""
    said, most, wrong = " ".join(name.split()), rule("name"), []
    if not any(sign.isalnum() for sign in said):
        wrong.append("there is no name")
    if len(said) > most:
        wrong.append(f"the name has {len(said)} letters, of {most} at most")
    if agency not in agencies():
        wrong.append("no agency is chosen")
    if wrong:
        raise MeetingError("; ".join(wrong), WHERE, "", "a name and an agency", "fill in both")
    return said


def _room_for(before: Sequence[Event], name: str, agency: str, subject: str) -> None:
    roll = _roll(before)
    if any(_same(e.person, name, agency) for e in roll.values()):
        remedy = "if it is you, type your number; if you are somebody else, add an initial to your name"
        raise MeetingError("somebody of this name and agency is here already", WHERE, name, "another name", remedy)
    if subject and any(e.subject == hashed(subject) for e in roll.values()):
        raise MeetingError("you are here already", WHERE, name, "one place a person", "load the page again")
    _not_full(before)


def _not_full(before: Sequence[Event]) -> None:
    most, there = limit("people"), sum(p.here for p in people(before))
    if there >= most:
        remedy = "look on with somebody, or ask the facilitator to send out who has gone"
        raise MeetingError("the session is full", WHERE, f"{there} people are here", f"{most} at most", remedy)


def _same(person: Person, name: str, agency: str) -> bool:
    return person.agency == agency and _folded(person.name) == _folded(name)


def _folded(name: str) -> str:
    """A name as it is compared: however its letters are made, without signs that are not seen."""
    plain = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return " ".join("".join(s for s in plain if not unicodedata.category(s).startswith("C")).split())


def _nobody() -> MeetingError:
    return MeetingError("nobody here has this name, agency and number", WHERE, "", "all three as when you joined", "try again")


def _sent_out() -> MeetingError:
    return MeetingError("the facilitator has sent you out", WHERE, "", "to be let in again", "ask the facilitator")
