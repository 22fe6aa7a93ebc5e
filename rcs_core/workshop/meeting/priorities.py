"""Priorities of the plan, taken from a closed dot vote: as many as are advised, and a tie at the last place is the room's.

Body of PRIORITIES_TAKEN: {ballot, taken: [{option, priority, text}], dots: {option: total}, tied: [option], why}. Each priority
is one of the plan's own book, so that it hangs in the plan like any other; one more than is advised takes a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.workshop.meeting.ballot_parts import WHERE, Kind, Option
from rcs_core.workshop.meeting.ballot_results import Results, results
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.plan.book import Draft, PlanBook, Priority
from rcs_core.workshop.plan.contract import most_priorities
from rcs_core.workshop.store import Event, EventKind


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a dot vote puts forward. sure: options that are among the first whatever the room says of ties.

    tied: options that have the same and of which only `places` more can be taken. room: places left in the plan.
    """

    sure: tuple[Option, ...]
    tied: tuple[Option, ...]
    places: int
    room: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What the room took. ballot: the vote it cites. priorities: option of the vote, id in the plan, name. why: of one more."""

    ballot: str
    priorities: tuple[tuple[str, str, str], ...]
    tied: tuple[str, ...]
    why: str
    author: str
    at: str
    event: int


def proposed(found: Results, standing_now: Sequence[Priority] = ()) -> Proposed:
    """The options with the most dots, as many as the plan has places; those that tie at the last place are named, not chosen.

    Raises MeetingError where it is no dot vote. Options with no dots, and those in the plan already, are left out.
    """
    if found.ballot.kind is not Kind.DOTS:
        raise MeetingError("priorities are taken from a dot vote", WHERE, found.ballot.kind.label, Kind.DOTS.label)
    names = {p.name.casefold() for p in standing_now}
    room = max(0, most_priorities().value - len(standing_now))
    sure: list[Option] = []
    for rank in found.ranks:
        fresh = [o for o in rank if found.of(o).total and o.text.casefold() not in names]
        left = room - len(sure)
        if len(fresh) > left:
            return Proposed(tuple(sure), tuple(fresh) if left else (), left, room)
        sure += fresh
    return Proposed(tuple(sure), (), room - len(sure), room)


def take(meeting: Meeting, id: str, keys: Sequence[str], by: By, why: str = "", release_hash: str = "") -> Taken:
    """Put these options of a closed dot vote into the plan as priorities, and keep that they came from this vote.

    An option that was taken from this vote before, or has its name in the plan, is not put there twice.
    Raises MeetingError where an option is unknown or none is named, and where they are more than advised and no reason is given.
    """
    found, book = results(meeting, id), PlanBook(meeting.store)
    proposed(found)
    chosen = _chosen(found, keys)
    present = {p.name.casefold(): p for p in book.read().priorities}
    fresh = [o for o in chosen if o.text.casefold() not in present]
    most = most_priorities()
    if len(present) + len(fresh) > most.value and not why.strip():
        raise MeetingError(
            "these are more priorities than are advised", "the plan", f"{len(present) + len(fresh)}",
            f"{most.value} {most.unit} at most", "take fewer, or give the reason why one more stands beside them",
        )  # fmt: skip
    author = by.name or "The room"
    made = [(o, present.get(o.text.casefold()) or _set(book, o, author, by.agency, why, release_hash)) for o in chosen]
    tied = proposed(found).tied
    body = {
        "ballot": id, "taken": [{"option": o.key, "priority": p.id, "text": o.text} for o, p in made],
        "dots": {o.key: found.of(o).total for o in found.ballot.options}, "tied": [o.key for o in tied],
        "why": " ".join(why.split()),
    }  # fmt: skip
    meeting.add(EventKind.PRIORITIES_TAKEN, body, By(author, by.agency, by.key))
    return taken(meeting.events())[-1]


def _chosen(found: Results, keys: Sequence[str]) -> list[Option]:
    known = {o.key: o for o in found.ballot.options}
    if not keys or (stray := [key for key in keys if key not in known]):
        got = ", ".join(stray) if keys else "nothing"
        raise MeetingError("these are no options of the vote", WHERE, got, ", ".join(known), "choose from its result")
    return [known[key] for key in dict.fromkeys(keys)]


def _set(book: PlanBook, option: Option, author: str, agency: str, why: str, release_hash: str) -> Priority:
    needs = ((option.refers[1], option.refers[2]),) if option.refers[:1] == ("need",) else ()
    return book.set_priority(Draft(option.text, needs=needs, why=why), author, agency, release_hash=release_hash)


def taken(events: Sequence[Event]) -> list[Taken]:
    """What was taken from votes, the first first."""
    return [_taken(e) for e in standing(events) if e.kind is EventKind.PRIORITIES_TAKEN]


def _taken(event: Event) -> Taken:
    body = event.body
    kept = tuple((one["option"], one["priority"], one["text"]) for one in body["taken"])
    return Taken(body["ballot"], kept, tuple(body["tied"]), body["why"], event.author, event.at, event.id)
