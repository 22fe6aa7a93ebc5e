"""Votes on paper, typed in by one person at a keyboard: a line a paper, the agency first and then the vote.

`ED 3` is a step of agreement (one for each proposal, - for none), with a reason after a colon; `ED a a c`, `ED aac` or `ED a2 c`
are dots; `ED 40 30 20 10` or `ED a40 c60` are points. The agency is its letters, the first of them, its number, or - for none.
A line that begins with a number and a stop (`7. ED 3`) is that paper typed again; `7. -` takes it back. Papers are numbered as
they are typed. Every good line is an event of its own; a batch that is sent twice is kept once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rcs_core.errors import RcsError
from rcs_core.workshop.meeting.ballot_contract import OTHERS, letters, letters_of, rule
from rcs_core.workshop.meeting.ballot_parts import WHERE, Ballot, Box, Kind, State, boxes, expected, fitting, misfits, reasons
from rcs_core.workshop.meeting.ballots import LIFE, in_state, spoken_of, unnamed
from rcs_core.workshop.meeting.joining import agencies
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import Event, EventKind

_AGAIN = re.compile(r"#?(\d{1,3})\s*[.)]\s*(.*)", re.DOTALL)
_DOTS = re.compile(r"([a-z])(\d*)")
_POINTS = re.compile(r"([a-z])\s?=?\s?(\d+)")
_NONE = ("-", "–", "x")
"""What stands for no agency, no step, or no vote."""


class _Known(Exception):
    """This line of this batch was kept before."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as it was typed. number: of one that is typed again, 0 for the next. given: nothing where it is taken back."""

    line: int
    text: str
    agency: str
    given: Mapping[str, int]
    words: Mapping[str, str]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is no vote: what was got and what was expected."""

    line: int
    text: str
    what: str
    wanted: str

    def told(self) -> str:
        """The line in one sentence."""
        return f"Line {self.line}: got “{self.text}” ({self.what}); expected {self.wanted}."


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of lines: the numbers of the papers that were kept, in order, and the lines that were not."""

    kept: tuple[int, ...]
    bad: tuple[Bad, ...]

    @property
    def rest(self) -> str:
        """The bad lines as they were typed, to be put right."""
        return "\n".join(one.text for one in self.bad)


@dataclass(slots=True)
class _Fault(Exception):
    what: str
    wanted: str


def codes(ballot: Ballot) -> list[tuple[int, str, str]]:
    """Number, letters and code of every agency, as they stand on the paper, whoever is here."""
    pairs = letters_of([*letters(), *agencies(), *sorted(ballot.letters)])
    return [(number, pair, agency) for number, (agency, pair) in enumerate(pairs.items(), 1)]


def example(ballot: Ballot) -> str:
    """A line as it is typed."""
    pair = next((pair for _, pair, agency in codes(ballot) if agency in ballot.letters), codes(ballot)[0][1])
    if ballot.kind is Kind.GRADIENT:
        return " ".join([pair, *(str(2 + k) for k in range(len(ballot.options)))])
    if ballot.kind is Kind.DOTS:
        return f"{pair} a a b" if ballot.several and ballot.dots > 2 else f"{pair} a b"
    return f"{pair} 60 40" if len(ballot.options) == 2 else f"{pair} 50 30 20"


def read(ballot: Ballot, text: str) -> tuple[list[Paper], list[Bad]]:
    """The papers and the bad lines of a text; blank lines are none. Lines are numbered as they stand."""
    good: list[Paper] = []
    bad: list[Bad] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (plain := " ".join(line.split())):
            continue
        try:
            good.append(_paper(ballot, number, plain))
        except _Fault as fault:
            bad.append(Bad(number, plain, fault.what, fault.wanted))
    return good, bad


def _paper(ballot: Ballot, line: int, text: str) -> Paper:
    again = _AGAIN.fullmatch(text)
    number, rest = (int(again.group(1)), again.group(2)) if again else (0, text)
    if again and number == 0:
        raise _Fault("paper 0", "the number of a paper, from 1")
    if number and rest.strip() in _NONE:
        return Paper(line, text, "", {}, {}, number)
    vote, _, words = rest.partition(":")
    first, *parts = [part for part in re.split(r"[\s,;/]+", vote) if part] or [""]
    agency = _agency(ballot, first)
    if not parts:
        raise _Fault("an agency and no vote" if first else "nothing", _wanted(ballot))
    given = _given(ballot, parts)
    if wrong := list(misfits(ballot, given)):
        raise _Fault("; ".join(wrong), expected(ballot))
    if not given:
        raise _Fault("a vote for nothing", _wanted(ballot))
    return Paper(line, text, agency, given, _reason(ballot, given, words), number)


def _wanted(ballot: Ballot) -> str:
    return f"the agency and then {expected(ballot)}, such as {example(ballot)}"


def _agency(ballot: Ballot, word: str) -> str:
    """The agency by its number, its letters, or the first of them where one agency here, or one of all, has it."""
    if word in _NONE[:2]:
        return ""
    known, sought = codes(ballot), word.upper()
    exact = [agency for number, pair, agency in known if sought in (str(number), pair)]
    here = [agency for _, pair, agency in known if pair.startswith(sought) and agency in ballot.letters]
    every = [agency for _, pair, agency in known if pair.startswith(sought)]
    for found in (exact, here, every) if sought else ():
        if len(found) == 1:
            return found[0]
    several = ", ".join(pair for _, pair, _ in known if sought and pair.startswith(sought))
    raise _Fault(f"{word or 'nothing'} for the agency", f"one of {several or ', '.join(pair for _, pair, _ in known)}")


def _given(ballot: Ballot, parts: Sequence[str]) -> dict[str, int]:
    if ballot.kind is Kind.DOTS:
        return _dots(ballot, parts)
    lettered = [_POINTS.fullmatch(part.lower()) for part in parts]
    if ballot.kind is Kind.POINTS and all(lettered):
        return _summed((found.group(1), int(found.group(2))) for found in lettered if found)
    keys = [option.key for option in ballot.options]
    if len(parts) > len(keys):
        raise _Fault(f"{len(parts)} numbers", f"{len(keys)} at most, one for each option in its order")
    if stray := [part for part in parts if not part.isdecimal() and part not in _NONE]:
        raise _Fault(f"{', '.join(stray)} where a number stands", expected(ballot))
    found = {key: int(part) for key, part in zip(keys, parts, strict=False) if part not in _NONE}
    if ballot.kind is Kind.GRADIENT:
        if 0 in found.values() or len(parts) < len(keys):
            got = "step 0" if 0 in found.values() else f"{len(parts)} of {len(keys)} steps"
            raise _Fault(got, f"{expected(ballot)}, - for none")
        return found
    return {key: points for key, points in found.items() if points}


def _dots(ballot: Ballot, parts: Iterable[str]) -> dict[str, int]:
    found: list[tuple[str, int]] = []
    for part in parts:
        word = part.lower()
        if not word or _DOTS.sub("", word):
            raise _Fault(f"{part} where a letter stands", f"{_wanted(ballot)}")
        found += [(key, int(times or 1)) for key, times in _DOTS.findall(word)]
    return _summed(found)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, value in pairs:
        found[key] = found.get(key, 0) + value
    return {key: value for key, value in found.items() if value}


def _reason(ballot: Ballot, given: Mapping[str, int], words: str) -> dict[str, str]:
    """The reason of a paper: of the proposal with which it disagrees most."""
    if not words.strip() or ballot.kind is not Kind.GRADIENT:
        return {}
    if len(words.strip()) > rule("words"):
        raise _Fault(f"a reason of {len(words.strip())} letters", f"{rule('words')} letters at most")
    key = max(given, key=lambda k: given[k])
    try:
        return spoken_of(ballot, reasons(given, {key: words}))
    except RcsError as error:
        raise _Fault(error.got or error.what, error.expected) from error


def keep(meeting: Meeting, id: str, text: str, by: By, batch: str) -> Typed:
    """Keep every good line as a paper; each is on the disk when this returns. batch: what tells this sending from every other.

    A line of a batch that was kept before is not kept again, so nothing is counted twice. A bad line costs no good one anything.
    Raises MeetingError where the vote is closed.
    """
    ballot = in_state(meeting.events(*LIFE), id, State.OPEN)
    good, bad = read(ballot, text)
    kept: list[int] = []
    for paper in good:
        try:
            kept.append(_keep(meeting, ballot, paper, by, f"{batch} {paper.line}"))
        except _Fault as fault:
            bad.append(Bad(paper.line, paper.text, fault.what, fault.wanted))
    return Typed(tuple(kept), tuple(sorted(bad, key=lambda one: one.line)))


def _keep(meeting: Meeting, ballot: Ballot, paper: Paper, by: By, sent: str) -> int:
    """Keep one paper; returns its number."""
    known: list[int] = []

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, object], By]:
        in_state(before, ballot.id, State.OPEN)
        papers = [
            e.body for e in before if e.kind is EventKind.VOTE_CAST and e.body["ballot"] == ballot.id and e.body.get("paper")
        ]
        if same := next((int(body["paper"]) for body in papers if body.get("sent") == sent), 0):
            known.append(same)
            raise _Known
        last = max((int(body["paper"]) for body in papers), default=0)
        if paper.number and paper.number > last:
            raise _Fault(
                f"paper {paper.number}",
                f"a paper that was typed in, from 1 to {last}" if last else "no number: none is typed yet",
            )
        if (number := paper.number or last + 1) > rule("most_papers"):
            raise _Fault(f"paper {number}", f"{rule('most_papers')} papers at most")
        body = {"ballot": ballot.id, "given": fitting(ballot, paper.given), "words": dict(paper.words), "paper": number,
                "sent": sent, "typed_by": by.name}  # fmt: skip
        return EventKind.VOTE_CAST, body, By("", _told(ballot, paper.agency))

    try:
        return int(meeting.add_after((*LIFE, EventKind.VOTE_CAST), made).body["paper"])
    except _Known:
        return known[0]


def _told(ballot: Ballot, agency: str) -> str:
    return (agency or OTHERS) if ballot.named else unnamed(ballot, agency).agency


def take_back(meeting: Meeting, id: str, number: int, by: By) -> None:
    """Take one paper back: a new event, and it counts no more. Raises MeetingError where there is none, or the vote is closed."""
    if number not in papers(meeting, id):
        raise MeetingError("there is no such paper", WHERE, str(number), "a paper of this vote that counts")
    keep(meeting, id, f"{number}. -", by, f"back {len(meeting.events())}")


def papers(meeting: Meeting, id: str) -> dict[int, str]:
    """The papers that count, by number, as they were typed: for who typed them to check while the vote is open."""
    box: Box | None = meeting.made(boxes).get(id)
    found = {vote.paper: line_of(box.ballot, vote.agency, vote.given) for vote in box.cast.values() if vote.paper} if box else {}
    return dict(sorted(found.items()))


def line_of(ballot: Ballot, agency: str, given: Mapping[str, int]) -> str:
    """A vote as a line that could be typed."""
    pair = next((pair for _, pair, code in codes(ballot) if code == agency), "-")
    if ballot.kind is Kind.DOTS:
        return " ".join([pair, *(key for key, dots in given.items() for _ in range(dots))])
    blank = "-" if ballot.kind is Kind.GRADIENT else "0"
    return " ".join([pair, *(str(given[o.key]) if o.key in given else blank for o in ballot.options)])


def legend(ballot: Ballot) -> list[str]:
    """What the letters of the agencies stand for: of those who are here, or of all where nobody is."""
    here = [one for one in codes(ballot) if one[2] in ballot.letters] or codes(ballot)
    return [f"{pair} or {number}: {agency_label(agency)}" for number, pair, agency in here]
