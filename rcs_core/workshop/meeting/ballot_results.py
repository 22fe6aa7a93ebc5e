"""What a vote came to, once it is closed: counts and spread of every option, by agency, with ties and with dissent.

Nothing is told of an open vote but how many voted. Never a mean: a median with its range, and how many stand where.
Agencies of unnamed votes are told apart only where enough of each voted (see `told_apart`); names only of named ones.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rcs_core.vocab import Label
from rcs_core.workshop.meeting.ballot_contract import OTHERS, rule, steps, told_apart
from rcs_core.workshop.meeting.ballot_parts import WHERE, Ballot, Box, Kind, Option, Vote, boxes
from rcs_core.workshop.meeting.meeting import Meeting, MeetingError
from rcs_core.workshop.store import Event

ROOM = ""
"""The group that everybody is in."""


class Spread(Label):
    """How the votes on a proposal lie."""

    NONE = "none", "No votes"
    CLOSE = "close", "Close together"
    SPREAD = "spread", "Spread out"
    TWO_GROUPS = "two_groups", "Two groups"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one group gave one option. values: one a voter, the lowest first; steps only of those who took one."""

    option: Option
    group: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        """All dots or points together."""
        return sum(self.values)

    @property
    def givers(self) -> int:
        """How many gave it any."""
        return sum(value > 0 for value in self.values)

    @property
    def median(self) -> float | None:
        """What the one in the middle gave; between two where they are even; None where nobody voted."""
        return float(median(self.values)) if self.values else None

    @property
    def low(self) -> int | None:
        """The least."""
        return min(self.values, default=None)

    @property
    def high(self) -> int | None:
        """The most."""
        return max(self.values, default=None)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many took each step of agreement."""
        taken = Counter(self.values)
        return tuple(taken[step.step] for step in steps())

    @property
    def support(self) -> int:
        """How many are for it."""
        return sum(value <= rule("support_to") for value in self.values)

    @property
    def dissent(self) -> int:
        """How many are against it."""
        return sum(value >= rule("dissent_from") for value in self.values)

    @property
    def spread(self) -> Spread:
        """How the steps lie: two groups where enough stand on either side, close where few steps part them."""
        if not self.values:
            return Spread.NONE
        share = rule("group_share") * len(self.values)
        if 100 * self.support >= share and 100 * self.dissent >= share:
            return Spread.TWO_GROUPS
        return Spread.CLOSE if max(self.values) - min(self.values) <= rule("close_steps") else Spread.SPREAD


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of an option with the step they took. agency and name: as far as the vote tells them."""

    option: Option
    step: int
    words: str
    agency: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """A closed vote. groups: the agencies that are told apart. ranks: options from the most to the least, ties together.

    said: reasons, those most against first; in a named vote also who is against without a reason.
    """

    ballot: Ballot
    votes: int
    papers: int
    groups: tuple[str, ...]
    voters: Mapping[str, int]
    tallies: Mapping[tuple[str, str], Tally]
    ranks: tuple[tuple[Option, ...], ...]
    said: tuple[Said, ...]

    def of(self, option: Option, group: str = ROOM) -> Tally:
        """What a group gave an option."""
        return self.tallies[option.key, group]

    @property
    def order(self) -> tuple[Option, ...]:
        """The options from the most to the least; proposals in their own order."""
        return tuple(option for tied in self.ranks for option in tied)

    @property
    def ties(self) -> tuple[tuple[Option, ...], ...]:
        """Options that have the same, and not nothing."""
        return tuple(tied for tied in self.ranks if len(tied) > 1 and self.of(tied[0]).total)


def results(meeting: Meeting, id: str) -> Results:
    """What a vote came to. Raises MeetingError while it is open, or where there is none."""
    found = meeting.made(of_events).get(id)
    if isinstance(found, Results):
        return found
    got = "an open vote" if id in meeting.made(boxes) else id or "nothing"
    raise MeetingError(
        "nothing is told of this vote but how many voted", WHERE, got, "a closed vote of this session", "close it first"
    )


def closed(meeting: Meeting) -> tuple[Results, ...]:
    """What every closed vote of the session came to, the first one first."""
    return tuple(meeting.made(of_events).values())


def of_events(events: Sequence[Event]) -> dict[str, Results]:
    """What every closed vote among these events came to, by its id."""
    return {id: tally(box) for id, box in boxes(events).items() if not box.ballot.open}


def tally(box: Box) -> Results:
    """The results of what was cast; the order in which it was cast does not matter."""
    ballot, votes = box.ballot, list(box.cast.values())
    named = _groups(ballot, votes)
    groups = tuple(sorted(set(named.values()), key=lambda group: (group == OTHERS, group)))
    of_group = {ROOM: votes} | {group: [v for v in votes if named[v.agency] == group] for group in groups}
    tallies = {
        (option.key, group): Tally(option, group, _values(ballot, option, theirs))
        for option in ballot.options for group, theirs in of_group.items()
    }  # fmt: skip
    voters = {group: len(theirs) for group, theirs in of_group.items()}
    papers = sum(vote.paper > 0 for vote in votes)
    return Results(ballot, len(votes), papers, groups, voters, tallies, _ranks(ballot, tallies), _said(ballot, votes, named))


def _groups(ballot: Ballot, votes: Sequence[Vote]) -> dict[str, str]:
    """The group that each agency is counted in."""
    counted = Counter(vote.agency for vote in votes)
    apart = set(counted) if ballot.named else set(told_apart(counted))
    return {agency: agency if agency in apart and agency else OTHERS for agency in counted}


def _values(ballot: Ballot, option: Option, votes: Sequence[Vote]) -> tuple[int, ...]:
    asked = [vote for vote in votes if ballot.kind is not Kind.GRADIENT or option.key in vote.given]
    return tuple(sorted(vote.given.get(option.key, 0) for vote in asked))


def _ranks(ballot: Ballot, tallies: Mapping[tuple[str, str], Tally]) -> tuple[tuple[Option, ...], ...]:
    if ballot.kind is Kind.GRADIENT:
        return tuple((option,) for option in ballot.options)
    totals = {option.key: tallies[option.key, ROOM].total for option in ballot.options}
    return tuple(
        tuple(option for option in ballot.options if totals[option.key] == total)
        for total in sorted(set(totals.values()), reverse=True)
    )


def _said(ballot: Ballot, votes: Sequence[Vote], named: Mapping[str, str]) -> tuple[Said, ...]:
    """Sorted by what is said, so that nobody is told by when they voted."""
    if ballot.kind is not Kind.GRADIENT:
        return ()
    found = [
        Said(o, vote.given[o.key], vote.words.get(o.key, ""), named[vote.agency], vote.name if ballot.named else "")
        for vote in votes for o in ballot.options if o.key in vote.given
    ]  # fmt: skip
    kept = [one for one in found if one.words or (one.name and one.step >= rule("dissent_from"))]
    return tuple(sorted(kept, key=lambda one: (one.option.key, -one.step, one.agency, one.name, one.words)))
