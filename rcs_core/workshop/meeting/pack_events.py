"""The events of a session as JSON lines: what happened and who did it, without what only one person may know.

What was given without a name (unnamed votes, guesses, ratings, answers of an elicitation) is told as what it came to, by the
rules of its own module, and never as single events: the order and the time of an event would give a person away. The others are
numbered anew, so that no gap tells how many came between.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rcs_core.workshop.meeting import ballot_results
from rcs_core.workshop.meeting.ballot_parts import Kind
from rcs_core.workshop.meeting.ballot_results import ROOM, Results
from rcs_core.workshop.meeting.fit_to_leave import Fit
from rcs_core.workshop.meeting.guesses import asked
from rcs_core.workshop.meeting.meeting import Meeting
from rcs_core.workshop.meeting.ratings import rated
from rcs_core.workshop.store import Event, EventKind

QUIET = frozenset({EventKind.GUESS_GIVEN, EventKind.RATING_GIVEN, EventKind.ANSWER_GIVEN, EventKind.VOTE_CAST})
"""What may carry no name: told together, after everything else."""
LEFT_OUT = frozenset({EventKind.PACK_EXPORTED, EventKind.SIGNED_IN, EventKind.REFUSED, EventKind.TAKEN_AWAY})
"""What is about the pack itself, or about who signed in."""
PRIVATE = frozenset(
    {
        "token",
        "paper",
        "papers",
        "private",
        "secret",
        "word",
        "hash",
        "salt",
        "digest",
        "code",
        "letters",
        "number",
        "subject",
        "sent",
        "batch",
    }
)
"""Keys of a body that only one person, or nobody, may know."""
PRICED = frozenset({"levers", "scenario", "result", "plan", "money", "names", "pounds", "low", "likely", "high"})
"""Keys that hold amounts of single services, some of them bought: they stand in the workbook of the scenario."""
_TEXTUAL = frozenset({EventKind.GUESS_REVEALED})
"""Kinds whose low and high are no price."""
_HASH = re.compile(r"[0-9a-f]{24,}")
_OPEN = frozenset({"release_hash"})
"""Keys whose value is a hash that anybody may know."""


def lines(meeting: Meeting, fit: Fit) -> bytes:
    """Every event as one line of JSON, in order; then what was given without a name, together."""
    events = [e for e in meeting.events() if e.kind not in LEFT_OUT]
    named = _named(meeting)
    single = [e for e in events if e.kind not in QUIET or (e.kind is EventKind.VOTE_CAST and e.body.get("ballot") in named)]
    numbers = {e.id: k for k, e in enumerate(single, start=1)}
    told = [_told(e, numbers, fit) for e in single if not _of_unseen(e, numbers)]
    whole = [*told, *_together(meeting, named, fit)]
    return "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in whole).encode("utf-8")


def _named(meeting: Meeting) -> frozenset[str]:
    """The votes that carry names and are closed: of an open one nothing is told."""
    return frozenset(one.ballot.id for one in ballot_results.closed(meeting) if one.ballot.named)


def _of_unseen(event: Event, numbers: Mapping[int, int]) -> bool:
    """Whether it takes back what is not told event by event."""
    return event.kind is EventKind.TAKEN_BACK and int(event.body["event"]) not in numbers


def _told(event: Event, numbers: Mapping[int, int], fit: Fit) -> dict[str, Any]:
    body = fit.every(public(event.body, priced=event.kind not in _TEXTUAL))
    if event.kind is EventKind.TAKEN_BACK:
        body["event"] = numbers[int(event.body["event"])]
    found = {"number": numbers[event.id], "at": event.at, "kind": event.kind.value, "what": event.kind.label,
             "who": fit.text(event.author), "agency": event.agency, "release": event.release_id,
             "scenario": event.scenario_id, "body": body}  # fmt: skip
    return {key: value for key, value in found.items() if value not in ("", {})}


def public(value: Any, key: str = "", priced: bool = True) -> Any:
    """A body without what is private, whatever key it stands under. priced: whether it may hold prices, and goes without."""
    if isinstance(value, Mapping):
        off = PRIVATE | PRICED if priced else PRIVATE
        kept = {str(k): v for k, v in value.items() if str(k) not in off}
        return {k: found for k, v in kept.items() if (found := public(v, k, priced)) is not None}
    if isinstance(value, (list, tuple)):
        return [public(one, key, priced) for one in value]
    if isinstance(value, str) and key not in _OPEN and _HASH.fullmatch(value):
        return None
    return value


def _together(meeting: Meeting, named: Iterable[str], fit: Fit) -> Iterator[dict[str, Any]]:
    """What was given without a name, as far as its own rules tell it."""
    for one in ballot_results.closed(meeting):
        if one.ballot.id not in named:
            yield _vote(one, fit)
    for put in asked(meeting.events()):
        if put.truth is not None:
            yield {"kind": "guess_given", "what": "Guesses, without names, the lowest first", "question": put.question,
                   "guesses": sorted(g.value for g in put.given)}  # fmt: skip
    told = rated(meeting.events())
    if told.count:
        counts = {item: list(steps) for item, steps in told.steps.items()}
        yield {"kind": "rating_given", "what": "Ratings, without names: how many chose each step", "count": told.count,
               "steps": counts}  # fmt: skip
    yield from _answers(meeting.events(EventKind.ANSWER_GIVEN))


def _vote(one: Results, fit: Fit) -> dict[str, Any]:
    """A vote without names: of every option what it was given, the least first, in the groups that may be told apart."""
    groups = one.groups if len(one.groups) > 1 else ()
    given = {o.key: {group or "all": list(one.of(o, group).values) for group in (ROOM, *groups)} for o in one.ballot.options}
    said = [{"option": s.option.key, "step": s.step, "words": fit.text(s.words), "group": s.agency} for s in one.said]
    found: dict[str, Any] = {"kind": "vote_cast", "what": "Votes, without names, the least first", "ballot": one.ballot.id,
                             "votes": one.votes, "given": given}  # fmt: skip
    return found | ({"said": said} if one.ballot.kind is Kind.GRADIENT and said else {})


def _answers(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """How many answered in each round; the spread itself stands in the scenario."""
    for put, round in sorted({(int(e.body["put"]), int(e.body["round"])) for e in events}):
        many = len({e.author for e in events if (e.body["put"], e.body["round"]) == (put, round)})
        yield {"kind": "answer_given", "what": "Answers of a round, by role", "round": round, "answered": many}
