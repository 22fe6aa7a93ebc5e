"""Guess and reveal: each table or person guesses a figure in silence, then the room sees it beside the spread of its guesses.

Events. GUESS_ASKED: `question` (id), `title`, `text`, `unit`, `address`, `choices`: what is asked, and where its figure stands;
never the figure. GUESS_GIVEN: `asked` (the event of the question) with `value`, a guess, and `token`, which stands for the person
as in a vote without names (no name and no key; the agency only where several of it are here); or with `tables`, pairs of
table and guess as they were typed in from paper. GUESS_REVEALED: `asked` and the figure as its page shows it.

Until the reveal nothing is told but how many have guessed. A guess counts when it was kept before the first reveal, whether or
not that reveal was taken back since: the room has seen the figure. The last guess of a person or a table stands for earlier ones.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from rcs_core.workshop.meeting import people
from rcs_core.workshop.meeting.guess_questions import GuessQuestion, Truth, Unit, rule
from rcs_core.workshop.meeting.joining import agencies
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.store import Event, EventKind

KINDS = (EventKind.GUESS_ASKED, EventKind.GUESS_GIVEN, EventKind.GUESS_REVEALED, EventKind.TAKEN_BACK)
LINE = re.compile(
    r"(?:table\s+)?(?P<table>(?:[^\W\d_]+ ?)*\d*)\s*(?:[,;:\t]|\s)\s*£?(?P<value>\d{1,3}(?:,\d{3})+|\d+)\s*%?", re.IGNORECASE
)
"""A line of paper: a table, by number or by name, and its whole number."""
WHERE = "Guess and reveal"


@dataclass(frozen=True, slots=True)
class Given:
    """One guess that counts. who: what stands for a person or the name of a table, never shown beside the guess."""

    who: str
    agency: str
    value: int
    is_table: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put to the room, with its guesses; truth: the figure, once and while it is revealed.

    closed: whether the figure was ever revealed, so that no guess is taken any more.
    """

    id: int
    question: str
    title: str
    text: str
    unit: Unit
    address: str
    choices: Mapping[str, str]
    given: tuple[Given, ...]
    truth: Truth | None
    closed: bool

    @property
    def count(self) -> int:
        """How many guesses there are: all that is told before the reveal."""
        return len(self.given)

    def of(self, who: str) -> int | None:
        """What one person guessed, for that person's own eyes."""
        return next((g.value for g in self.given if g.who == who and not g.is_table), None)


def asked(events: Sequence[Event]) -> tuple[Asked, ...]:
    """Every question of a session that stands, in the order they were put."""
    counted = standing(events)
    put = [e for e in counted if e.kind is EventKind.GUESS_ASKED]
    return tuple(_asked(event, events, counted) for event in put)


def _asked(event: Event, events: Sequence[Event], counted: Sequence[Event]) -> Asked:
    shown = [e.id for e in events if e.kind is EventKind.GUESS_REVEALED and e.body["asked"] == event.id]
    told = [e for e in counted if e.kind is EventKind.GUESS_REVEALED and e.body["asked"] == event.id]
    last = min(shown, default=0)
    given: dict[tuple[bool, str], Given] = {}
    for one in counted:
        if one.kind is EventKind.GUESS_GIVEN and one.body["asked"] == event.id and not (last and one.id > last):
            given |= {(g.is_table, g.who.casefold()): g for g in _given(one)}
    body = event.body
    return Asked(
        event.id, body["question"], body["title"], body["text"], Unit(body["unit"]), body["address"], body["choices"],
        tuple(given.values()), _truth(told[-1].body) if told else None, bool(shown),
    )  # fmt: skip


def _given(event: Event) -> list[Given]:
    if "tables" in event.body:
        return [Given(str(table), "", int(value), True) for table, value in event.body["tables"]]
    return [Given(str(event.body.get("token") or event.body.get("by", "")), event.agency, int(event.body["value"]), False)]


def _truth(body: Mapping[str, Any]) -> Truth:
    return Truth(body["value"], body["low"], body["high"], body["kind"], body["sentence"], body["basis"])


def ask(meeting: Meeting, question: GuessQuestion, by: By) -> int:
    """Put a question to the room; raises MeetingError where it has no figure, is being asked, or was revealed before."""
    if question.truth is None:
        raise MeetingError("this cannot be asked", WHERE, question.title, "a figure that may be shown", question.why_not)
    body = {
        "question": question.id, "title": question.title, "text": question.text, "unit": question.unit.value,
        "address": question.address, "choices": dict(question.choices),
    }  # fmt: skip

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        put = {e.id: e.body["question"] for e in before if e.kind is EventKind.GUESS_ASKED}
        seen = {put.get(e.body["asked"]) for e in before if e.kind is EventKind.GUESS_REVEALED}
        if question.id in seen or any(a.question == question.id for a in asked(before)):
            why = "its figure was revealed" if question.id in seen else "it is being asked"
            raise MeetingError("this was asked already", WHERE, why, "each question once in a session", "choose another")
        return EventKind.GUESS_ASKED, body, by

    return meeting.add_after(KINDS, made).id


def token(private: str, session: str, id: int) -> str:
    """What stands for a person at one question: nobody makes it, or tells whose it is, without the private word."""
    return hmac.new(private.encode(), f"guess\n{session}\n{id}".encode(), hashlib.sha256).hexdigest()


def guess(meeting: Meeting, id: int, value: int, by: By, private: str) -> int:
    """Keep one person's guess in place of an earlier one, without name or key; private: the word of their phone.

    Raises MeetingError after the reveal, or where it is no such number.
    """
    if not by.key or not private:
        raise MeetingError("nobody guesses without having joined", WHERE, by.name, "a person of the session", "join first")
    there = people.here(meeting.made(people.people)).get(by.agency, 0)
    agency = by.agency if there >= int(rule("fewest_of_an_agency")) else ""
    return _keep(meeting, id, [value], {"asked": id, "value": value, "token": token(private, meeting.id, id)}, By("", agency))


def from_paper(meeting: Meeting, id: int, text: str, by: By) -> dict[str, int]:
    """Keep what tables wrote on paper, a line each (`3, 40`), all at once or, with every line that cannot be read, none.

    Returns the guess of each table, as it was kept.
    """
    found, wrong = read_lines(text)
    if wrong or not found:
        raise MeetingError(
            "not every line can be read", WHERE, "; ".join(wrong) or "no line", "a table and a whole number on each line: 3, 40",
            "change these lines; nothing was kept",
        )  # fmt: skip
    _keep(meeting, id, list(found.values()), {"asked": id, "tables": [[t, v] for t, v in found.items()]}, by)
    return found


def read_lines(text: str) -> tuple[dict[str, int], list[str]]:
    """The guess of each table, and the lines that cannot be read; a table on two lines is an error, not a guess."""
    found: dict[str, int] = {}
    wrong: list[str] = []
    for k, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = LINE.fullmatch(line.strip())
        table = " ".join((read["table"] if read else "").split()).casefold()
        if read is None or not table:
            wrong.append(f"line {k}: {line.strip()}")
        elif table in found:
            wrong.append(f"line {k}: table {table} stands twice")
        else:
            found[table] = int(read["value"].replace(",", ""))
    return found, wrong


def _keep(meeting: Meeting, id: int, values: Iterable[int], body: Mapping[str, Any], by: By) -> int:
    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        found = _find(asked(before), id)
        if found.closed:
            raise MeetingError("the figure has been revealed", WHERE, found.title, "a guess before the reveal")
        check(found.unit, values)
        return EventKind.GUESS_GIVEN, body, by

    return meeting.add_after(KINDS, made).id


def check(unit: Unit, values: Iterable[int]) -> None:
    """Raises MeetingError with every value that is no guess of this unit."""
    most = most_of(unit)
    wrong = [str(v) for v in values if isinstance(v, bool) or not isinstance(v, int) or not 0 <= v <= most]
    if wrong:
        raise MeetingError("this is no such number", WHERE, ", ".join(wrong), f"whole numbers from 0 to {most:,}", "change them")


def most_of(unit: Unit) -> int:
    """The largest guess that is taken."""
    return 100 if unit is Unit.PER_CENT else int(rule("most_pounds"))


def reveal(meeting: Meeting, id: int, question: GuessQuestion, by: By, release_id: str = "") -> int:
    """Show the figure, with which guessing is over; raises MeetingError where it is shown already."""
    found = _find(asked(meeting.events()), id)
    if question.truth is None or question.id != found.question:
        raise MeetingError("there is no figure for this question", WHERE, found.title, "a figure that may be shown")
    if found.truth:
        raise MeetingError("the figure is shown already", WHERE, found.title)
    truth = question.truth
    body = {
        "asked": id, "value": truth.value, "low": truth.low, "high": truth.high, "kind": truth.kind,
        "sentence": truth.sentence, "basis": truth.basis,
    }  # fmt: skip
    return meeting.add(EventKind.GUESS_REVEALED, body, by, release_id=release_id)


def hide(meeting: Meeting, id: int, by: By) -> None:
    """Take the figure off the screens again; guessing stays over, for the room has seen it."""
    for event in standing(meeting.events()):
        if event.kind is EventKind.GUESS_REVEALED and event.body["asked"] == id:
            meeting.take_back(event.id, by, "hidden again")


def _find(found: Iterable[Asked], id: int) -> Asked:
    for one in found:
        if one.id == id:
            return one
    raise MeetingError("there is no such question", WHERE, str(id), "a question of this session")


@dataclass(frozen=True, slots=True)
class Spread:
    """The guesses beside the figure. agencies: those that can be told apart without telling what one or two people guessed."""

    count: int
    near: int
    points: pd.DataFrame
    agencies: pd.DataFrame
    words: str

    def frame(self) -> pd.DataFrame:
        """Each number that was guessed, and how many guessed it."""
        counts = self.points.groupby("guess", as_index=False).size()
        return pd.DataFrame({"Guess": counts["guess"], "Guesses": counts["size"]})


def spread(found: Asked) -> Spread:
    """How the guesses lie about the figure; raises MeetingError before the reveal."""
    if found.truth is None:
        raise MeetingError("the figure is not revealed", WHERE, f"{found.count} guesses", "reveal it first")
    values = sorted(g.value for g in found.given)
    near = sum(found.truth.near(v, found.unit) for v in values)
    place = dict.fromkeys(values, 0)
    rows = []
    for v in values:
        place[v] += 1
        rows.append((v, place[v], found.truth.near(v, found.unit)))
    points = pd.DataFrame(rows, columns=["guess", "place", "near"])
    return Spread(len(values), near, points, _agencies(found, found.truth), _words(values, near, found))


def _words(values: Sequence[int], near: int, found: Asked) -> str:
    if not values:
        return "Nobody guessed."
    what = "of every 100" if found.unit is Unit.PER_CENT else "pounds"
    return (
        f"{len(values)} guess{'es' if len(values) > 1 else ''}, from {values[0]:,} to {values[-1]:,} {what}, "
        f"the middle one {median(values):,.0f}; {near} near the figure."
    )


def told_apart(given: Iterable[Given]) -> dict[str, list[int]]:
    """The guesses of each agency that may stand by itself: of at least as many people as the contract says.

    What is left over must be nobody's or as many guesses too, or it could be read as that of one or two people; then the
    smallest agency stays with the rest.
    """
    found = list(given)
    fewest = int(rule("fewest_of_an_agency"))
    by: dict[str, list[int]] = {}
    for one in found:
        if one.agency and not one.is_table:
            by.setdefault(one.agency, []).append(one.value)
    told = {agency: values for agency, values in by.items() if len(values) >= fewest}
    while told and 0 < len(found) - sum(map(len, told.values())) < fewest:
        del told[min(told, key=lambda agency: (len(told[agency]), agency))]
    return dict(sorted(told.items()))


def _agencies(found: Asked, truth: Truth) -> pd.DataFrame:
    names = agencies()
    rows = [
        (
            names.get(agency, agency),
            len(values),
            min(values),
            median(values),
            max(values),
            sum(truth.near(v, found.unit) for v in values),
        )
        for agency, values in told_apart(found.given).items()
    ]
    return pd.DataFrame(rows, columns=["Agency", "Guesses", "Lowest", "Middle", "Highest", "Near"])
