"""The room rates itself at the end: five items on one scale, without names, told as counts of each step and never as a mean.

Events, all RATING_GIVEN; `does` says which. `given`: `answers` (item to step, from 1) with `token`, made of the person's private
word, which no event holds: one person counts once and may change the answers, and nobody who reads the store can tell whose they
are. `papers`: `sheets`, one mapping of item to step a sheet, as they were typed in. `closed`: nothing more is taken, for good.

The spread can be read only once it is closed (or the session is), so that nobody's answers can be told by what they changed; and
only where enough people answered.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.inputs.assumed import Assumed
from rcs_core.workshop.meeting import people
from rcs_core.workshop.meeting.agenda import Listed, sessions
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.store import Event, EventKind, Store

FILE = CONTRACTS / "ratings.yaml"
WHERE = "How did we work today?"
KINDS = (EventKind.RATING_GIVEN, EventKind.SESSION_CLOSED, EventKind.TAKEN_BACK)
NOBODY = By()
_TOKEN = 32


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the room rates itself by, and the sentence it is rated by."""

    id: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Form:
    """The items, the words of the scale from the least to the most, and from how many answers a spread is told."""

    items: tuple[Item, ...]
    words: tuple[str, ...]
    fewest: int


@cache
def form(path: Path = FILE) -> Form:
    """The form, as its contract has it; raises SettingsError where it has another shape or an item stands twice."""
    content: dict[str, Any] = read_yaml(path)
    if set(content) != {"rules", "scale", "items"} or set(content["rules"]) != {"fewest"}:
        raise SettingsError("the contract has another form", path.name, ", ".join(content), "rules: fewest; scale; items")
    fewest = fill(Assumed, content["rules"]["fewest"], f"{path.name}, fewest")
    items = tuple(fill(Item, one, f"{path.name}, item {k}") for k, one in enumerate(content["items"]["list"], start=1))
    words = tuple(map(str, content["scale"]["words"]))
    if len({i.id for i in items}) < len(items) or len(set(words)) < len(words) or len(words) < 2:
        raise SettingsError("an item or a word of the scale stands twice", path.name, ", ".join([*words, *(i.id for i in items)]))
    return Form(items, words, int(fewest.value))


@dataclass(frozen=True, slots=True)
class Rated:
    """What the room said of itself. steps: by item, how many chose each step; empty until it may be told.

    papers: how many of the count were typed in from paper.
    """

    count: int
    papers: int
    closed: bool
    steps: Mapping[str, tuple[int, ...]]

    def frame(self) -> pd.DataFrame:
        """A row an item: how many chose each step, and how many did not answer it."""
        asked = form()
        rows = [
            (item.title, *steps, self.count - sum(steps))
            for item in asked.items
            if (steps := self.steps.get(item.id)) is not None
        ]
        return pd.DataFrame(rows, columns=["What", *asked.words, "No answer"])

    def points(self) -> pd.DataFrame:
        """The same as a chart draws it: a row an item and step."""
        asked = form()
        rows = [
            (item.title, k, word, n)
            for item in asked.items
            for k, (word, n) in enumerate(zip(asked.words, self.steps.get(item.id, ()), strict=False))
        ]
        return pd.DataFrame(rows, columns=["label", "step", "word", "people"])

    @property
    def words(self) -> str:
        """The spread in words."""
        told = form().words
        said = [
            f"{item.title}: {', '.join(f'{n} {word.lower()}' for word, n in zip(told, self.steps[item.id], strict=True) if n)}"
            for item in form().items
            if sum(self.steps.get(item.id, ()))
        ]
        return f"{self.count} answered. {'; '.join(said)}." if said else f"{self.count} answered."


def rated(events: Sequence[Event]) -> Rated:
    """How the room rated itself in this session: only how many answered, until it is closed and enough did."""
    asked, sheets, papers = form(), [], 0
    counted = standing(events)
    one_each: dict[str, Mapping[str, int]] = {}
    for event in counted:
        if event.kind is EventKind.RATING_GIVEN and event.body["does"] == "given":
            one_each[event.body["token"]] = event.body["answers"]
        elif event.kind is EventKind.RATING_GIVEN and event.body["does"] == "papers":
            sheets += event.body["sheets"]
    papers = len(sheets)
    sheets += one_each.values()
    closed = _closed(events)
    told = closed and len(sheets) >= asked.fewest
    steps = {item.id: _steps(sheets, item.id, len(asked.words), asked.fewest) for item in asked.items} if told else {}
    return Rated(len(sheets), papers, closed, {id: counts for id, counts in steps.items() if counts})


def _steps(sheets: Sequence[Mapping[str, int]], item: str, steps: int, fewest: int) -> tuple[int, ...]:
    """How many chose each step of an item; nothing where too few answered it."""
    said = [int(sheet[item]) for sheet in sheets if item in sheet]
    return tuple(said.count(k) for k in range(1, steps + 1)) if len(said) >= fewest else ()


def _closed(events: Sequence[Event]) -> bool:
    """Whether it was ever closed: once it could be read, nothing more is taken."""
    return any(
        e.kind is EventKind.SESSION_CLOSED or (e.kind is EventKind.RATING_GIVEN and e.body["does"] == "closed") for e in events
    )


def token(private: str, session: str) -> str:
    """What stands for a person among the answers: nobody makes it, or tells whose it is, without the private word."""
    return hmac.new(private.encode(), f"rating\n{session}".encode(), hashlib.sha256).hexdigest()[:_TOKEN]


def rate(meeting: Meeting, answers: Mapping[str, int], private: str) -> int:
    """Keep one person's answers in place of earlier ones, without name, agency or key; items may be left out."""
    if not private:
        raise MeetingError("the answers cannot be told from another's without the private word", WHERE, "",
                           "the address by which you joined", "join again from the phone that you joined with")  # fmt: skip
    _once_each(meeting, private)
    body = {"does": "given", "answers": _fitting([answers])[0], "token": token(private, meeting.id)}
    return _keep(meeting, body, NOBODY)


def _once_each(meeting: Meeting, private: str) -> None:
    """Refuse what could be a second answer: by an old word, or by one of who came back after the first answers."""
    events = meeting.events()
    person = people.by_word(events, private)
    if person is None and meeting.made(people.people):
        raise MeetingError("this private word is nobody's here", WHERE, "an old word, or none", "the address of the phone in use",
                           "answer on the phone that you came back with, or on paper")  # fmt: skip
    first = next((e.id for e in events if e.kind is EventKind.RATING_GIVEN and e.body["does"] == "given"), 0)
    back = {e.id for e in events if e.kind is EventKind.PERSON_JOINED and e.body["how"] != "joined"}
    if person and first and person.since > first and person.since in back:
        raise MeetingError("you came back after the first answers, and may have answered before", WHERE, person.name,
                           "the phone you had then", "answers you gave count; if you gave none, hand in a paper")  # fmt: skip


def from_paper(meeting: Meeting, text: str, by: By) -> int:
    """Keep sheets of paper, a line each with a number for every item in order (`3 4 2 5 4`, a dash for no answer): all or none.

    Returns how many sheets were kept.
    """
    asked, sheets, wrong = form(), [], []
    for k, line in enumerate((one for one in text.splitlines() if one.strip()), start=1):
        cells = line.replace(",", " ").replace(";", " ").split()
        if len(cells) != len(asked.items) or not all(c == "-" or c.isdecimal() for c in cells):
            wrong.append(f"sheet {k}: {line.strip()}")
            continue
        sheets.append({item.id: int(c) for item, c in zip(asked.items, cells, strict=True) if c != "-"})
    if wrong or not sheets:
        raise MeetingError("not every sheet can be read", WHERE, "; ".join(wrong) or "no line",
                           f"{len(asked.items)} numbers from 1 to {len(asked.words)} a line, a dash for no answer",
                           "change these lines; nothing was kept")  # fmt: skip
    _keep(meeting, {"does": "papers", "sheets": _fitting(sheets)}, by)
    return len(sheets)


def close(meeting: Meeting, by: By) -> int:
    """Take no more answers, so that the spread can be read; for good."""
    return _keep(meeting, {"does": "closed"}, by)


def _fitting(sheets: Sequence[Mapping[str, int]]) -> list[dict[str, int]]:
    """The sheets as they are kept; raises MeetingError with everything that is no answer."""
    asked = form()
    ids, top = {i.id for i in asked.items}, len(asked.words)
    wrong = ["no answer" for sheet in sheets if not sheet]
    wrong += [f"{item}: {step}" for sheet in sheets for item, step in sheet.items()
              if item not in ids or isinstance(step, bool) or not isinstance(step, int) or not 1 <= step <= top]  # fmt: skip
    if wrong:
        raise MeetingError("this is no answer", WHERE, "; ".join(wrong), f"steps from 1 to {top} of {', '.join(sorted(ids))}")
    return [dict(sheet) for sheet in sheets]


def _keep(meeting: Meeting, body: Mapping[str, Any], by: By) -> int:
    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        if _closed(before):
            raise MeetingError("no more answers are taken", WHERE, "", "answers before it was closed")
        return EventKind.RATING_GIVEN, body, by

    return meeting.add_after(KINDS, made).id


@dataclass(frozen=True, slots=True)
class Earlier:
    """How an earlier session of the partnership rated itself: beside this one, never as a trend, for others may have come."""

    listed: Listed
    rated: Rated


def earlier(store: Store, session: str) -> list[Earlier]:
    """The sessions of the partnership before this one that told a spread, the latest first; rehearsals are left out."""
    listed = sessions(store)
    day = next((one.about.day for one in listed if one.id == session), "")
    by: dict[str, list[Event]] = {}
    for event in store.events(*KINDS):
        by.setdefault(event.session_id, []).append(event)
    found = [Earlier(one, rated(by.get(one.id, []))) for one in listed if one.id != session and not one.about.rehearsal]
    return [one for one in found if one.rated.steps and (not day or one.listed.about.day <= day)]
