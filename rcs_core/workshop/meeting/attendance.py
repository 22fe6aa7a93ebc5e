"""Who is in the room where nobody has a phone: a line a person, the letters of the agency first and then the name.

Each line that can be read is a person who joined, as from a phone; the others stay, each with what is wrong with it. A name that
is here already is left as it is, so that a list may be sent twice.
"""

from dataclasses import dataclass

from rcs_core.workshop.meeting import people
from rcs_core.workshop.meeting.ballot_contract import letters_of
from rcs_core.workshop.meeting.joining import agencies
from rcs_core.workshop.meeting.meeting import Meeting, MeetingError


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a list: who joined, who was here already, and the lines that stay with what is wrong with each."""

    joined: tuple[str, ...]
    known: tuple[str, ...]
    rest: tuple[str, ...]
    faults: tuple[str, ...]


def letters() -> dict[str, str]:
    """The agency of each pair of letters, as on a ballot paper."""
    return {pair: agency for agency, pair in letters_of(agencies()).items()}


def come(meeting: Meeting, text: str) -> Came:
    """Put down everybody whose line can be read; a blank line is passed over."""
    joined: list[str] = []
    known: list[str] = []
    rest: list[str] = []
    faults: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            name, new = _one(meeting, line)
            (joined if new else known).append(name)
        except MeetingError as error:
            rest.append(line)
            faults.append(f"Line {number}, {' '.join(line.split())}: {error.what}" + (f", got {error.got}" if error.got else ""))
    return Came(tuple(joined), tuple(known), tuple(rest), tuple(faults))


def _one(meeting: Meeting, line: str) -> tuple[str, bool]:
    """Whose line it is, and whether they are new."""
    pair, _, name = " ".join(line.split()).partition(" ")
    agency = letters().get(pair.upper())
    if agency is None:
        raise MeetingError("no agency has these letters", "who is here", pair, ", ".join(letters()))
    said = " ".join(name.split())
    if any(p.here and p.agency == agency and p.name.casefold() == said.casefold() for p in meeting.made(people.people)):
        return said, False
    return people.join(meeting, name, agency).person.name, True
