"""The numbers that would turn the plan, asked of the room of a session in two silent rounds, by role and never by name.

What is asked, answered and closed are the events of `inputs/rounds`, with the session they belong to; so the medians go into the
plan of *Try a shift* as they do without a session. QUESTIONS_PUT holds besides: `levers`, the plan that the questions would turn.
ANSWER_GIVEN holds besides, of a person who has joined: `token`, made of the private word that no event holds, so that a person
answers in one role, and nobody else in the same.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.workshop.couple.levers import Answered, Levers
from rcs_core.workshop.couple.levers_kept import plain, read
from rcs_core.workshop.inputs import elicit, rounds
from rcs_core.workshop.inputs.elicit import Question
from rcs_core.workshop.inputs.rounds import Asked, Three
from rcs_core.workshop.meeting.meeting import Meeting
from rcs_core.workshop.meeting.spoken import at_work
from rcs_core.workshop.store import Event, EventKind

WHERE = "What we do not know"
KINDS = (EventKind.QUESTIONS_PUT, EventKind.ANSWER_GIVEN, EventKind.ROUND_CLOSED)
_TOKEN = 32


@dataclass(frozen=True, slots=True)
class Elicited:
    """The questions that were put last in a session, the plan they would turn, and in which role each person answers."""

    asked: Asked
    levers: Levers
    roles: Mapping[str, str]

    def role(self, private: str, session: str) -> str:
        """The role in which a person answers these questions; blank before the first answer."""
        return self.roles.get(token(private, session, self.asked.id), "") if private else ""

    def given(self, role: str) -> Mapping[int, Three]:
        """What a role answered in the round that is open, for that person's own eyes."""
        return self.asked.answers.get(self.asked.round, {}).get(role, {})


def elicited(events: Sequence[Event]) -> Elicited | None:
    """What was put last in a session, with what became of it; None where nothing was."""
    put = [e for e in events if e.kind is EventKind.QUESTIONS_PUT]
    if not put:
        return None
    last = put[-1]
    asked = rounds.read(last, (e for e in events if e.id > last.id))
    roles = {e.body["token"]: e.author for e in events if _of(e, last.id) and "token" in e.body}
    return Elicited(asked, read(last.body["levers"]) if "levers" in last.body else Levers.of("shift_2"), roles)


def _of(event: Event, put: int) -> bool:
    return event.kind is EventKind.ANSWER_GIVEN and event.body.get("put") == put


def token(private: str, session: str, put: int) -> str:
    """What stands for a person among the answers to these questions; nobody can tell whose it is without the private word."""
    return hmac.new(private.encode(), f"answer\n{session}\n{put}".encode(), hashlib.sha256).hexdigest()[:_TOKEN]


def put(meeting: Meeting, release_id: str, questions: Sequence[Question], levers: Levers) -> int:
    """Put questions to the room; raises ScenarioError where there is none, or the round before them is open and answered."""
    event = rounds.putting(release_id, questions)
    whole = {**event.body, "levers": plain(levers)}

    def made(before: list[Event]) -> Event:
        now = elicited([e for e in before if e.session_id == meeting.id])
        if now and now.asked.round and now.asked.count(now.asked.round):
            raise ScenarioError("a round is open, and has answers", WHERE, f"round {now.asked.round}", "", "close it first")
        return replace(event, body=whole, session_id=meeting.id)

    return meeting.store.append_after(KINDS, made).id


def answer(meeting: Meeting, release_id: str, asked: Asked, role: str, values: Mapping[int, Three], private: str = "") -> int:
    """Keep one person's answers to the open round, in a role that nobody else answers in.

    private: the person's private word; blank where the facilitator types in a paper. Raises ScenarioError with what is wrong.
    """

    at_work(meeting, WHERE)

    def made(before: list[Event]) -> Event:
        found = _now(before, meeting, asked)
        event = rounds.answering(release_id, found.asked, role, values)
        mine = token(private, meeting.id, asked.id) if private else ""
        _one_role(found, event.author, mine)
        body = {**event.body, "token": mine} if mine else event.body
        return replace(event, body=body, session_id=meeting.id)

    return meeting.store.append_after(KINDS, made).id


def close(meeting: Meeting, release_id: str, asked: Asked) -> int:
    """Close the open round, so that the room sees its spread; raises ScenarioError where nobody has answered yet."""

    def made(before: list[Event]) -> Event:
        found = _now(before, meeting, asked)
        return replace(rounds.closing(release_id, found.asked), session_id=meeting.id)

    return meeting.store.append_after(KINDS, made).id


def _now(before: Sequence[Event], meeting: Meeting, asked: Asked) -> Elicited:
    """How it stands when the event is added; raises ScenarioError where the round that was seen is no longer the open one."""
    found = elicited([e for e in before if e.session_id == meeting.id])
    if found is None or found.asked.id != asked.id:
        raise ScenarioError("other questions have been put since", WHERE, "", "answers to the questions that were put last")
    if found.asked.round != asked.round:
        raise ScenarioError("the round was closed meanwhile", WHERE, f"round {asked.round}", "an answer to the open round",
                            "look at the spread, and answer once more where a round is open")  # fmt: skip
    return found


def _one_role(found: Elicited, role: str, mine: str) -> None:
    """Raises ScenarioError where somebody else answers in this role, or this person in another."""
    if (before := found.roles.get(mine, "")) and before.casefold() != role.casefold():
        raise ScenarioError("you answer in another role", WHERE, role, before, f"answer as {before}, so that you count once")
    others = {r.casefold() for token, r in found.roles.items() if token != mine}
    typed = {r.casefold() for given in found.asked.answers.values() for r in given} - {r.casefold() for r in found.roles.values()}
    if role.casefold() in others or (mine and role.casefold() in typed):
        raise ScenarioError("somebody else answers in this role", WHERE, role, "a role of your own",
                            f"add a number, such as {role} 2")  # fmt: skip


def turned(release: Release, levers: Levers, answer: Answered, given: Sequence[tuple[str, Three]]) -> dict[str, bool]:
    """Whose likely answer, alone, turns the plan that the medians give, by role."""
    return elicit.turned_by(release, levers, answer, {role: three[1] for role, three in given})


def ranked(release: Release, levers: Levers, told: Callable[[float], object] | None = None) -> list[Question]:
    """Every guess of the plan, those that would turn it first."""
    return elicit.ranked(release, levers, told)
