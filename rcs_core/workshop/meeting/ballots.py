"""Votes of a session: opened with a question, cast in silence, closed, shown. One vote a person, the last one counts.

Bodies: BALLOT_OPENED {ballot, kind, question, options: [{key, text, refers}], named, dots, several, agencies, letters};
VOTE_CAST {ballot, given: {option: number}, words: {option: text}, and one of token, paper, or `by` of the event};
BALLOT_CLOSED {ballot}; BALLOT_SHOWN {ballot, shown}. A vote that gives nothing takes an earlier one back.
An unnamed vote carries neither name nor key: its token is made of the person's private word, which no event holds, so that
one person counts once and may change the vote, and nobody who reads the store can tell whose it is.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rcs_core.workshop.meeting import people
from rcs_core.workshop.meeting.ballot_contract import OTHERS, letters_of, rule, told_apart
from rcs_core.workshop.meeting.ballot_parts import (
    WHERE,
    Ballot,
    Box,
    Draft,
    Kind,
    Option,
    State,
    Vote,
    ballots,
    boxes,
    expected,
    fitting,
    latest,
    letter,
    misfits,
    options,
    reasons,
    voter_of,
)
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.people import Person
from rcs_core.workshop.meeting.spoken import checked as checked_words
from rcs_core.workshop.store import Event, EventKind

__all__ = [
    "Ballot",
    "Box",
    "Draft",
    "Kind",
    "Option",
    "State",
    "Vote",
    "ballot",
    "ballots",
    "boxes",
    "cast",
    "checked",
    "close", "current",
    "drop",
    "expected",
    "fitting",
    "in_state",
    "latest",
    "letter",
    "misfits",
    "open_ballot",
    "options",
    "own",
    "reasons",
    "reopen",
    "show",
    "token",
    "unnamed",
    "voter_of",
]  # fmt: skip
LIFE = (EventKind.BALLOT_OPENED, EventKind.BALLOT_CLOSED, EventKind.BALLOT_SHOWN, EventKind.TAKEN_BACK)
"""What a vote's life is made of, its votes apart."""
_TOKEN = 32
"""Letters of a token: 128 bits."""


def ballot(meeting: Meeting, id: str) -> Ballot:
    """One vote; raises MeetingError where there is none of this id."""
    return _box(meeting, id).ballot


def current(meeting: Meeting) -> Ballot | None:
    """The vote that was opened last, made once for all readers."""
    found = list(meeting.made(boxes).values())
    return found[-1].ballot if found else None


def _box(meeting: Meeting, id: str) -> Box:
    found = meeting.made(boxes).get(id)
    if found is None:
        raise MeetingError("there is no such vote", WHERE, id or "nothing", "a vote of this session")
    return found


def open_ballot(meeting: Meeting, draft: Draft, by: By) -> Ballot:
    """Open a vote. Raises MeetingError with all that is wrong with the draft, or where another vote is open."""
    wanted, here = checked(draft), there(meeting)
    apart = () if wanted.named else told_apart(here)

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        if running := next((b for b in ballots(before) if b.open), None):
            raise MeetingError("another vote is open", WHERE, running.question, "one vote at a time", "close that one first")
        number = 1 + sum(e.kind is EventKind.BALLOT_OPENED for e in before)
        offered = [{"key": o.key, "text": o.text, "refers": list(o.refers)} for o in wanted.options]
        body = {
            "ballot": f"b{number}", "kind": wanted.kind.value, "question": wanted.question, "options": offered,
            "named": wanted.named, "dots": wanted.dots, "several": wanted.several, "agencies": list(apart),
            "letters": letters_of(sorted(here)),
        }  # fmt: skip
        return EventKind.BALLOT_OPENED, body, by

    return ballot(meeting, meeting.add_after(LIFE, made).body["ballot"])


def there(meeting: Meeting) -> dict[str, int]:
    """How many people of each agency are here now."""
    return people.here(meeting.made(people.people))


def checked(draft: Draft) -> Draft:
    """The draft, tidy; raises MeetingError with everything that is wrong with it."""
    tidy = replace(draft, question=" ".join(draft.question.split()), dots=draft.dots or rule("dots"))
    if wrong := list(_wrong(tidy)):
        raise MeetingError("this vote cannot be opened yet", WHERE, "; ".join(wrong), "a question, and options that differ",
                           "put right what is named here")  # fmt: skip
    return tidy


def _wrong(draft: Draft) -> Iterable[str]:
    texts, most = [o.text for o in draft.options], rule("question")
    one, top = (1, rule("most_proposals")) if draft.kind is Kind.GRADIENT else (2, rule("most_options"))
    if not draft.question:
        yield "no question"
    if not one <= len(texts) <= top:
        yield f"{len(texts)} options where {one} to {top} are asked for"
    if len({text.casefold() for text in texts}) < len(texts):
        yield "an option stands twice"
    if len({o.key for o in draft.options}) < len(texts):
        yield "two options have one letter"
    yield from (f"“{text[:40]}…” has {len(text)} letters where {most} are the most"
                for text in (draft.question, *texts) if len(text) > most)  # fmt: skip
    if draft.kind is Kind.DOTS and not 1 <= draft.dots <= rule("most_dots"):
        yield f"{draft.dots} dots where 1 to {rule('most_dots')} may be given"
    if draft.kind is Kind.DOTS and not draft.several and draft.dots > len(texts):
        yield f"{draft.dots} dots on {len(texts)} options, one on each at most"


def close(meeting: Meeting, id: str, by: By) -> Ballot:
    """Take no more votes; the result can be read from now on. Raises MeetingError where it is closed."""
    _add(meeting, id, by, EventKind.BALLOT_CLOSED, {}, wanted=State.OPEN)
    return ballot(meeting, id)


def show(meeting: Meeting, id: str, shown: bool, by: By) -> Ballot:
    """Show the result to the room, or hide it. Raises MeetingError while the vote is open."""
    _add(meeting, id, by, EventKind.BALLOT_SHOWN, {"shown": shown}, wanted=State.CLOSED)
    return ballot(meeting, id)


def reopen(meeting: Meeting, id: str, by: By, why: str) -> Ballot:
    """Take the closing back, for a paper that was found. Raises MeetingError where it is open or the room has seen the result."""
    if any(e.body["ballot"] == id and e.body["shown"] for e in meeting.events(EventKind.BALLOT_SHOWN)):
        raise MeetingError("the room has seen this result", WHERE, ballot(meeting, id).question, "a vote that nobody has seen",
                           "open a new vote")  # fmt: skip
    closed = [e for e in standing(meeting.events()) if e.kind is EventKind.BALLOT_CLOSED and e.body["ballot"] == id]
    if not closed or not why.strip():
        raise MeetingError("this vote cannot be opened again", WHERE, ballot(meeting, id).state.label.lower(), "a closed vote",
                           "give the reason")  # fmt: skip
    meeting.take_back(closed[-1].id, by, why)
    return ballot(meeting, id)


def drop(meeting: Meeting, id: str, by: By, why: str) -> None:
    """Take a whole vote back, as one that was opened by mistake; its votes stay kept and count nowhere."""
    meeting.take_back(ballot(meeting, id).event, by, why)


def _add(meeting: Meeting, id: str, by: By, kind: EventKind, body: Mapping[str, Any], wanted: State) -> Event:
    """Add an event of a vote that is in the state that it wants; nobody closes it in between."""

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        in_state(before, id, wanted)
        return kind, {"ballot": id, **body}, by

    return meeting.add_after(LIFE, made)


def in_state(before: Sequence[Event], id: str, wanted: State) -> Ballot:
    """The vote among these events; raises MeetingError where there is none, or it is in another state."""
    found = next((b for b in ballots(before) if b.id == id), None)
    if found is None:
        raise MeetingError("there is no such vote", WHERE, id or "nothing", "a vote of this session")
    if found.state is not wanted:
        remedy = "ask the facilitator" if wanted is State.OPEN else "close it first"
        raise MeetingError(f"the vote is {found.state.value}", WHERE, found.question, f"a vote that is {wanted.value}", remedy)
    return found


def token(private: str, session: str, ballot: str) -> str:
    """What stands for a person in one unnamed vote: nobody makes it, or tells whose it is, without the private word."""
    return hmac.new(private.encode(), f"vote\n{session}\n{ballot}".encode(), hashlib.sha256).hexdigest()[:_TOKEN]


def cast(
    meeting: Meeting, id: str, given: Mapping[str, int], by: By, private: str = "", words: Mapping[str, str] | None = None
) -> Event:
    """Cast a vote, or change one's own while it is open; nothing given takes it back. On the disk when this returns.

    private: the person's private word, for an unnamed vote. words: why, by option.
    Raises MeetingError where the vote is closed, is not of this form, or comes from nobody in the session.
    """
    found = ballot(meeting, id)
    body = {"given": fitting(found, given), "words": spoken_of(found, reasons(given, words or {}))}
    person = _voter(meeting, found, by, private)
    if found.named:
        return _add(meeting, id, person.by, EventKind.VOTE_CAST, body, wanted=State.OPEN)
    whole = body | {"token": token(private, meeting.id, id)}
    return _add(meeting, id, unnamed(found, person.agency), EventKind.VOTE_CAST, whole, wanted=State.OPEN)


def spoken_of(found: Ballot, words: Mapping[str, str]) -> dict[str, str]:
    """Reasons as they are kept; raises MeetingError where one holds what a child could be known by."""
    year = int(found.opened_at[:4] or 0)
    said = checked_words({f"the reason for {key.upper()}": text for key, text in words.items()}, year, WHERE)
    return dict(zip(words, said.values(), strict=True))


def _voter(meeting: Meeting, found: Ballot, by: By, private: str) -> Person:
    """Who casts a vote; raises MeetingError where it is nobody of the session, or a vote of theirs could count twice."""
    person = next((p for p in meeting.made(people.people) if p.key == by.key and p.here), None)
    if person is None:
        raise MeetingError(
            "a vote is somebody's who is here", WHERE, by.name or "nobody", "a person of this session", "join again"
        )
    if found.named:
        return person
    if people.by_word(meeting.events(), private) != person:
        raise MeetingError("a vote without a name needs the private word of the phone", WHERE, "another word, or none",
                           "the address that joining gave", "open that address again, or hand in a paper")  # fmt: skip
    if person.since > found.event and _came_back(meeting, person.since):
        raise MeetingError("you came back after this vote was opened, and may have voted before", WHERE, person.name,
                           "the phone you had then", "a vote you cast counts; if you cast none, hand in a paper")  # fmt: skip
    return person


def _came_back(meeting: Meeting, event: int) -> bool:
    return any(e.id == event and e.body.get("how") != "joined" for e in meeting.events(EventKind.PERSON_JOINED))


def own(meeting: Meeting, id: str, by: By, private: str = "") -> Vote | None:
    """One's own vote as it counts now."""
    box = _box(meeting, id)
    return box.cast.get(by.key if box.ballot.named else token(private, meeting.id, id)) if by.key else None


def unnamed(found: Ballot, agency: str) -> By:
    """Whose an unnamed vote is, as far as it may be told."""
    return By("", agency if agency in found.agencies else OTHERS)
