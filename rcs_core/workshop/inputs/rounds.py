"""A group's answers in two rounds, by role: given in silence, then spread out and talked over, then given once more.

Everything is an event of the store and nothing is taken back: who is of which role, and nothing else about who answered. A
spread can be read only once its round is closed. What goes into the plan is the median of low, likely and high; answers
outside the middle range are kept and named by role.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from statistics import median
from typing import Any

import pandas as pd

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple.levers import Answered
from rcs_core.workshop.inputs.elicit import Question
from rcs_core.workshop.store import Event, EventKind, Store

ROUNDS = 2
_BOUNDS = {"effect": (-100.0, 100.0), "lag": (0.0, 50.0), "cashable": (0.0, 100.0)}

type Three = tuple[float, float, float]
"""Low, likely, high."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions that were put to a group, and the answers so far: by round, role and number of the question.

    closed: how many rounds are closed. A role's later answer in a round stands for its earlier one. session: the facilitated
    session in which they were put, of which the answers are too; blank where they were put outside any.
    """

    id: int
    on: str
    numbers: tuple[Answered, ...]
    texts: tuple[str, ...]
    units: tuple[str, ...]
    closed: int
    answers: Mapping[int, Mapping[str, Mapping[int, Three]]]
    session: str = ""

    @property
    def round(self) -> int:
        """The round that is open, or 0 when both are over."""
        return 0 if self.closed >= ROUNDS else self.closed + 1

    def count(self, round: int) -> int:
        """How many roles have answered in a round; all that is told while it is open."""
        return len(self.answers.get(round, {}))

    def settled(self, question: int) -> dict[str, Three]:
        """The answers to a question after the rounds that are closed: a role's second, or its first where it gave no second."""
        found: dict[str, Three] = {}
        for one in range(1, self.closed + 1):
            found |= {role: given[question] for role, given in self.answers.get(one, {}).items() if question in given}
        return found


def put(store: Store, release_id: str, questions: Sequence[Question]) -> None:
    """Put questions to the group; what was put before is over."""
    store.append(putting(release_id, questions))


def putting(release_id: str, questions: Sequence[Question]) -> Event:
    """The event that puts questions to the group; raises ScenarioError where there is none."""
    if not questions:
        raise ScenarioError("there is nothing to ask", "What we do not know", "no question", "a number that turns the plan")
    body = [
        {"kind": q.number.kind, "service": q.number.service, "on": q.number.on, "text": q.text, "unit": q.unit,
         "low": q.number.low, "likely": q.number.likely, "high": q.number.high}
        for q in questions
    ]  # fmt: skip
    return Event(EventKind.QUESTIONS_PUT, "", {"questions": body}, release_id=release_id)


def latest(store: Store, release_id: str) -> Asked | None:
    """The questions that were put last, with what became of them; None where none were."""
    asked = store.events(EventKind.QUESTIONS_PUT, release_id=release_id)
    if not asked:
        return None
    event = asked[-1]
    return read(event, store.events(EventKind.ROUND_CLOSED, EventKind.ANSWER_GIVEN, release_id=release_id, after=event.id))


def read(event: Event, others: Iterable[Event]) -> Asked:
    """The questions of one event, with what became of them among others."""
    rows, of_this = event.body["questions"], [e for e in others if e.body.get("put") == event.id]
    answers: dict[int, dict[str, dict[int, Three]]] = {}
    over = {int(e.body["round"]): e.id for e in reversed(of_this) if e.kind is EventKind.ROUND_CLOSED}
    for given in (e for e in of_this if e.kind is EventKind.ANSWER_GIVEN):
        if given.id > over.get(int(given.body["round"]), given.id):
            continue  # given after the spread could be seen
        values = {int(k): (v[0], v[1], v[2]) for k, v in given.body["values"].items()}
        by_role = answers.setdefault(int(given.body["round"]), {})
        by_role[given.author] = by_role.get(given.author, {}) | values
    return Asked(
        event.id, event.at[:10], tuple(_number(r) for r in rows), tuple(r["text"] for r in rows),
        tuple(r["unit"] for r in rows), len(over), answers, event.session_id,
    )  # fmt: skip


def _number(row: Mapping[str, Any]) -> Answered:
    return Answered(row["kind"], row["service"], row["on"], row["low"], row["likely"], row["high"])


def answer(store: Store, release_id: str, asked: Asked, role: str, values: Mapping[int, Three]) -> None:
    """Keep one role's answers to the open round; raises ScenarioError with every answer that cannot be kept."""
    store.append(answering(release_id, asked, role, values))


def answering(release_id: str, asked: Asked, role: str, values: Mapping[int, Three]) -> Event:
    """The event of one role's answers; raises ScenarioError with every answer that cannot be kept."""
    who = " ".join(role.split())
    wrong = [] if who else ["a role is needed, such as Head teacher"]
    wrong += [] if values else ["no number is given"]
    wrong += [f"{asked.texts[k]} {said}" for k, three in values.items() if (said := _wrong(asked.numbers[k].kind, three))]
    wrong += [] if asked.round else ["both rounds are closed"]
    if wrong:
        raise ScenarioError(
            "the answer cannot be kept", "What we do not know", "; ".join(wrong), "low, likely and high, in that order",
            "change the numbers, or leave all three of a question blank where you have no view",
        )  # fmt: skip
    body = {"put": asked.id, "round": asked.round, "values": {str(k): list(three) for k, three in values.items()}}
    return Event(EventKind.ANSWER_GIVEN, who, body, release_id=release_id, session_id=asked.session)


def _wrong(kind: str, three: Three) -> str:
    low, likely, high = three
    bottom, top = _BOUNDS[kind]
    if not all(isfinite(v) for v in three) or low < bottom or high > top:
        return f"(numbers from {bottom:g} to {top:g})"
    return "" if low <= likely <= high else f"(low {low:g}, likely {likely:g}, high {high:g})"


def close(store: Store, release_id: str, asked: Asked) -> None:
    """Close the open round, so that its spread can be seen; raises ScenarioError when nobody has answered."""
    store.append(closing(release_id, asked))


def closing(release_id: str, asked: Asked) -> Event:
    """The event that closes the open round; raises ScenarioError when nobody has answered."""
    if not asked.round:
        raise ScenarioError("both rounds are closed", "What we do not know", "", "put the questions again to ask anew")
    if not asked.count(asked.round) and not asked.closed:
        raise ScenarioError("nobody has answered yet", "What we do not know", "no answer", "at least one answer")
    body = {"put": asked.id, "round": asked.round}
    return Event(EventKind.ROUND_CLOSED, "", body, release_id=release_id, session_id=asked.session)


def spread(asked: Asked, question: int, turned: Mapping[str, bool] | None = None) -> pd.DataFrame:
    """Who said what to a question, from the lowest likely up, and whether it is outside the middle range.

    Raises ScenarioError while the first round is open: a spread that is seen is an answer that is led.
    """
    if not asked.closed:
        raise ScenarioError("the round is still open", "What we do not know", f"{asked.count(1)} answers", "close it first")
    found = asked.settled(question)
    low, _, high = middle(found) if found else (0.0, 0.0, 0.0)
    rows = [
        (role, *three, "Yes" if outside(three, low, high) else "No", *([] if turned is None else [_yes(turned.get(role))]))
        for role, three in sorted(found.items(), key=lambda item: (item[1][1], item[0]))
    ]
    columns = ["Role", "Low", "Likely", "High", "Outside the middle range"]
    return pd.DataFrame(rows, columns=[*columns, *([] if turned is None else ["Alone would turn the plan"])])


def _yes(value: bool | None) -> str:
    return "Yes" if value else "No"


def middle(answers: Mapping[str, Three]) -> Three:
    """The median of the lows, of the likely values and of the highs."""
    lows, likely, highs = zip(*answers.values(), strict=True)
    return median(lows), median(likely), median(highs)


def outside(three: Three, low: float, high: float) -> bool:
    """Whether a likely value lies outside the median low and the median high."""
    return not low <= three[1] <= high


def agreed(asked: Asked | None) -> tuple[Answered, ...]:
    """What goes into the plan: the medians of every question that was answered, with their spread and outliers as source."""
    found = []
    for k, about in enumerate(asked.numbers) if asked and asked.closed else ():
        assert asked is not None
        if answers := asked.settled(k):
            low, likely, high = middle(answers)
            kept = replace(about, low=low, likely=likely, high=high, source=_source(asked, answers), date=asked.on)
            found.append(kept)
    return tuple(found)


def _source(asked: Asked, answers: Mapping[str, Three]) -> str:
    """Where the number is from: how many answered, in which round, how far apart, and who is outside the middle range."""
    low, _, high = middle(answers)
    likely = sorted(three[1] for three in answers.values())
    apart = [f"{role} {three[1]:g}" for role, three in answers.items() if outside(three, low, high)]
    named = f"; outside the middle range: {', '.join(apart)}" if apart else ""
    day = date.fromisoformat(asked.on)
    return (
        f"Median of {len(answers)} answers of the group by role, after round {asked.closed}, {day.day} {day:%B %Y}; "
        f"likely from {likely[0]:g} to {likely[-1]:g}{named}"
    )
