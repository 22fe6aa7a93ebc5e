"""What a vote is: its kind, its options, what was cast; as the events of a session make it, and what fits its form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rcs_core.vocab import Label
from rcs_core.workshop.meeting.ballot_contract import rule, steps
from rcs_core.workshop.meeting.meeting import MeetingError, standing
from rcs_core.workshop.store import Event, EventKind

WHERE = "the vote"
_OF_ONE = (EventKind.VOTE_CAST, EventKind.BALLOT_CLOSED, EventKind.BALLOT_SHOWN)


class Kind(Label):
    """How a room votes."""

    DOTS = "dots", "Dots"
    POINTS = "points", "100 points"
    GRADIENT = "gradient", "Steps of agreement"


class State(Label):
    """Whether a vote still takes votes."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


@dataclass(frozen=True, slots=True)
class Option:
    """What can be voted for: a letter, its text, and what it is in the release or the store where it was not typed.

    refers: ("need", survey, question), ("service", id) or ("decision", id); empty where somebody typed it.
    """

    key: str
    text: str
    refers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A vote before it is opened. named: whether votes carry names. several: whether an option may have several dots."""

    kind: Kind
    question: str
    options: tuple[Option, ...]
    named: bool
    dots: int = 0
    several: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot(Draft):
    """A vote as it stands. agencies: those that unnamed votes keep. letters: of each agency on paper. votes: how many count."""

    id: str
    state: State
    shown: bool
    agencies: tuple[str, ...]
    letters: Mapping[str, str] = field(default_factory=dict)
    opened_at: str = ""
    opened_by: str = ""
    closed_at: str = ""
    votes: int = 0
    event: int = 0

    @property
    def open(self) -> bool:
        """Whether votes are taken."""
        return self.state is State.OPEN

    def option(self, key: str) -> Option | None:
        """The option with this letter."""
        return next((o for o in self.options if o.key == key), None)


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote of one person or paper that counts. voter: key, token or number of the paper. event: where it is kept."""

    voter: str
    given: Mapping[str, int]
    agency: str
    name: str = ""
    paper: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    event: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A vote with what was cast. Only for the core: nothing of `votes` is told before it is closed (see `ballot_results`)."""

    ballot: Ballot
    cast: Mapping[str, Vote]


def options(texts: Iterable[str], refers: Sequence[tuple[str, ...]] = ()) -> tuple[Option, ...]:
    """Options with the letters a, b, c in their order; blank lines are none."""
    found = [(" ".join(text.split()), refers[k] if k < len(refers) else ()) for k, text in enumerate(texts)]
    return tuple(Option(letter(k), text, of) for k, (text, of) in enumerate([pair for pair in found if pair[0]]))


def letter(k: int) -> str:
    """The letter of an option by its place from 0: a, b, ... z, then aa."""
    return chr(ord("a") + k) if k < 26 else letter(k // 26 - 1) + letter(k % 26)


def boxes(events: Sequence[Event]) -> dict[str, Box]:
    """Every vote of the session with what was cast, by its id."""
    found: dict[str, Ballot] = {}
    cast: dict[str, dict[str, Vote]] = {}
    for event in standing(events):
        if event.kind is EventKind.BALLOT_OPENED:
            found[event.body["ballot"]], cast[event.body["ballot"]] = _opened(event), {}
        elif event.kind in _OF_ONE and (now := found.get(event.body["ballot"])) is not None:
            if event.kind is EventKind.VOTE_CAST:
                _put(now, cast[now.id], event)
            else:
                found[now.id] = _after(now, event)
    return {id: Box(replace(now, votes=len(cast[id])), cast[id]) for id, now in found.items()}


def ballots(events: Sequence[Event]) -> tuple[Ballot, ...]:
    """Every vote of the session, the first one first; of what was cast nothing but how many."""
    return tuple(box.ballot for box in boxes(events).values())


def latest(events: Sequence[Event]) -> Ballot | None:
    """The vote that was opened last."""
    found = ballots(events)
    return found[-1] if found else None


def _opened(event: Event) -> Ballot:
    body = event.body
    return Ballot(
        kind=Kind(body["kind"]), question=body["question"], named=body["named"], dots=body["dots"], several=body["several"],
        options=tuple(Option(o["key"], o["text"], tuple(o["refers"])) for o in body["options"]), id=body["ballot"],
        state=State.OPEN, shown=False, agencies=tuple(body["agencies"]), letters=dict(body["letters"]), opened_at=event.at,
        opened_by=event.author, event=event.id,
    )  # fmt: skip


def _after(now: Ballot, event: Event) -> Ballot:
    """A vote after it was closed, shown or hidden."""
    if event.kind is EventKind.BALLOT_CLOSED:
        return replace(now, state=State.CLOSED, closed_at=event.at)
    return replace(now, shown=bool(event.body["shown"]) and not now.open)


def _put(now: Ballot, cast: dict[str, Vote], event: Event) -> None:
    """Put what was cast in the place of what the same voter cast before; what comes once the vote is closed changes nothing."""
    if not now.open or not (voter := voter_of(event.body)):
        return
    cast.pop(voter, None)
    if event.body["given"]:
        cast[voter] = _vote(voter, event)


def voter_of(body: Mapping[str, Any]) -> str:
    """Whose vote it is among the votes of its ballot: a paper, a token, or a person's key."""
    return f"paper {body['paper']}" if body.get("paper") else str(body.get("token") or body.get("by") or "")


def _vote(voter: str, event: Event) -> Vote:
    body = event.body
    given = {str(key): int(value) for key, value in body["given"].items()}
    return Vote(voter, given, event.agency, event.author, int(body.get("paper") or 0), dict(body.get("words") or {}), event.id)


def fitting(found: Draft, given: Mapping[str, int]) -> dict[str, int]:
    """What was given, without noughts; raises MeetingError where it is no vote of this form."""
    put = {key: value for key, value in given.items() if value}
    if wrong := list(misfits(found, put)) if put else []:
        raise MeetingError(
            "this is no vote of this form", WHERE, "; ".join(wrong), expected(found), "put right what is named here"
        )
    return put


def misfits(found: Draft, given: Mapping[str, int]) -> Iterable[str]:
    """Everything that is wrong with what was given."""
    known = {o.key for o in found.options}
    total = sum(given.values())
    yield from (f"{key} is no option" for key in given if key not in known)
    yield from (f"{value} for {key}" for key, value in given.items() if value < 0)
    if found.kind is Kind.GRADIENT:
        yield from (f"step {value}" for value in given.values() if value > len(steps()))
    elif found.kind is Kind.POINTS and total != rule("points"):
        yield f"{total} points"
    elif found.kind is Kind.DOTS:
        if total > found.dots:
            yield f"{total} dots"
        if not found.several and any(value > 1 for value in given.values()):
            yield "several dots on one option"


def expected(found: Draft) -> str:
    """What a vote of this form is, in words."""
    if found.kind is Kind.GRADIENT:
        return f"a step from 1 to {len(steps())} for each proposal"
    if found.kind is Kind.POINTS:
        return f"exactly {rule('points')} points"
    return f"at most {found.dots} dots" + ("" if found.several else ", one on each option at most")


def reasons(given: Mapping[str, int], words: Mapping[str, str]) -> dict[str, str]:
    """The reasons that were given, each for an option that was voted on; raises MeetingError where one is too long."""
    said = {key: " ".join(text.split()) for key, text in words.items() if text.strip() and given.get(key)}
    if long := [key for key, text in said.items() if len(text) > rule("words")]:
        raise MeetingError("a reason is too long", WHERE, ", ".join(long), f"{rule('words')} letters at most", "shorten it")
    return said
