"""The register of interests: what a person in the room stands to gain or lose by, beside what is decided about it.

Body of INTEREST_DECLARED, whose author and agency are those of the person: person (the key, blank without a phone), text (blank
for none to declare), services (ids), purses (agencies), hand (who wrote it down for the person). The last one of a person counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.store import Event, EventKind


@dataclass(frozen=True, slots=True)
class Interest:
    """Whose interest, in what words, in which services and purses; both are empty where it is of a general kind."""

    id: int
    name: str
    agency: str
    text: str
    services: tuple[str, ...] = ()
    purses: tuple[str, ...] = ()
    at: str = ""

    @property
    def general(self) -> bool:
        """Whether it names no service and no purse, so that it may touch anything."""
        return not (self.services or self.purses)


def interests(events: Sequence[Event]) -> tuple[Interest, ...]:
    """What everybody declared last, in the order of the first declarations; who has none to declare is left out."""
    found: dict[tuple[str, str, str], Interest] = {}
    for event in standing(events):
        if event.kind is EventKind.INTEREST_DECLARED:
            found[str(event.body.get("person", "")), event.author, event.agency] = _interest(event)
    return tuple(one for one in found.values() if one.text)


def _interest(event: Event) -> Interest:
    body = event.body
    services, purses = tuple(body.get("services", ())), tuple(body.get("purses", ()))
    return Interest(event.id, event.author, event.agency, str(body.get("text", "")), services, purses, event.at)


def declare(meeting: Meeting, of: By, text: str, services: Iterable[str] = (), purses: Iterable[str] = (), hand: str = "") -> int:
    """Keep an interest that somebody declares. hand: who writes it down. Raises MeetingError with everything that is wrong."""
    who, said = " ".join(of.name.split()), text.strip()
    wrong = [] if who else ["nobody is named"]
    wrong += [] if said else ["it does not say what the interest is"]
    wrong += [f"the name has {len(who)} letters"] if len(who) > limit("title") else []
    wrong += [f"the words have {len(said)} letters"] if len(said) > limit("words") else []
    if wrong:
        raise MeetingError("the interest cannot be kept like this", "register of interests", "; ".join(wrong), "", "fill it in")
    body = {"person": of.key, "text": said, "services": sorted({*services}), "purses": sorted({*purses}), "hand": hand}
    return meeting.add(EventKind.INTEREST_DECLARED, body, By(who, of.agency, of.key))


def touching(found: Iterable[Interest], services: Iterable[str] = (), purses: Iterable[str] = ()) -> list[Interest]:
    """The interests in any of these services or purses, and those of a general kind."""
    ids, agencies = {*services}, {*purses}
    return [one for one in found if ids & {*one.services} or agencies & {*one.purses} or one.general]


def line(one: Interest, label: str) -> str:
    """An interest in a sentence; label: what its agency is called."""
    whose = f"{one.name} ({label})" if label else one.name
    return f"{whose} has declared an interest: {one.text}"
