"""Decisions of a room: versions that are only ever added to the workshop's store; undo is one more event.

A decision keeps its own figures, with the release that they are of. One that takes money from a service is *agreed* only
with a whole safety sheet (see `safety`); until then it is a *proposal*. Dissent that was voiced stays with every later
version, so that nobody's words are written over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rcs_core.workshop.decide.parts import Decision, Dissent, Draft, Money, Standing, Verdict
from rcs_core.workshop.decide.plain import content, decision
from rcs_core.workshop.decide.safety import SafetySheet
from rcs_core.workshop.decide.words import DecisionError, checked, line, passage
from rcs_core.workshop.store import Event, EventKind, Store

__all__ = [
    "Decision", "DecisionError", "Decisions", "Dissent", "Draft", "Happened", "Money", "SafetySheet", "Standing", "Verdict",
]  # fmt: skip

KINDS = (EventKind.DECISION_RECORDED, EventKind.DECISION_UNDONE)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a decision: a version was recorded, or was taken back (with why)."""

    at: str
    author: str
    version: int
    undone: bool
    why: str = ""


class Decisions:
    """The decisions of a store. session: the facilitated session in which what is recorded now is recorded; blank for none."""

    def __init__(self, store: Store, session: str = "") -> None:
        self.store, self.session = store, session

    def current(self) -> list[Decision]:
        """The version of each decision that stands now, in the order in which they were first recorded."""
        return [stack[-1] for stack in _standing(self._events()).values() if stack]

    def one(self, id: str) -> Decision | None:
        """The version of a decision that stands; None where it was taken back, or never was."""
        return next((found for found in self.current() if found.id == id), None)

    def history(self, id: str) -> list[Decision]:
        """Every version of a decision, the first one first; those that were taken back say by whom."""
        events = [e for e in self._events() if e.body["id"] == id]
        gone = {e.body["version"]: e for e in events if e.kind is EventKind.DECISION_UNDONE}
        return [_marked(decision(e), gone.get(e.body["version"])) for e in events if e.kind is EventKind.DECISION_RECORDED]

    def happened(self, id: str) -> list[Happened]:
        """All that happened to a decision, in order."""
        return [
            Happened(e.at, e.author, e.body["version"], e.kind is EventKind.DECISION_UNDONE, e.body.get("why", ""))
            for e in self._events()
            if e.body["id"] == id
        ]

    def record(self, draft: Draft, author: str, agency: str = "") -> Decision:
        """Record a decision, or a further version of one; earlier versions, and dissent that they hold, stay.

        Two people who record at the same time make two versions (or two decisions), and both stay.
        Raises DecisionError with everything that is missing or too long.
        """
        wanted = checked(draft, author, agency)

        def made(before: list[Event]) -> Event:
            recorded = [e for e in before if e.kind is EventKind.DECISION_RECORDED]
            id = wanted.id or _new_id(recorded)
            versions = [e.body["version"] for e in recorded if e.body["id"] == id]
            if wanted.id and not versions:
                raise DecisionError("there is no such decision", "Decide", wanted.id, ", ".join(_ids(recorded)) or "none yet")
            stack = _standing(before).get(id, [])
            full = replace(wanted, dissent=_kept((stack[-1].dissent if stack else ()), wanted.dissent))
            body = content(checked(full, author, agency)) | {"id": id, "version": 1 + max(versions, default=0)}
            scenario = wanted.scenario.rpartition(".")[0]
            return Event(
                EventKind.DECISION_RECORDED, line(author), body, agency, wanted.release_id, scenario, session_id=self.session
            )

        return decision(self.store.append_after(KINDS, made))

    def undo(self, id: str, author: str, version: int | None = None, why: str = "") -> Decision | None:
        """Take the version of a decision that stands back; the one before it stands again. Returns that, or None.

        version: the one that was on the screen, so that nobody takes back what he has not seen.
        Raises DecisionError when nothing stands, another version does by now, or nobody says who takes it back.
        """
        if not line(author):
            raise DecisionError("taking a decision back needs a name", "Decide", "nothing", "whose wish it is", "fill it in")

        def made(before: list[Event]) -> Event:
            stack = _standing(before).get(id, [])
            if not stack:
                raise DecisionError("there is no such decision to take back", "Decide", id, "one that stands")
            if version is not None and stack[-1].version != version:
                now = f"version {stack[-1].version}, by {stack[-1].author}"
                raise DecisionError(
                    "another version stands by now", "Decide", f"version {version}", now, "look at it, then take that one back"
                )
            body = {"id": id, "version": stack[-1].version, "why": passage(why)}
            return Event(EventKind.DECISION_UNDONE, line(author), body, session_id=self.session)

        self.store.append_after(KINDS, made)
        return self.one(id)

    def _events(self) -> list[Event]:
        return self.store.events(*KINDS)


def _standing(events: Iterable[Event]) -> dict[str, list[Decision]]:
    """The versions of each decision that were not taken back, in order."""
    found: dict[str, list[Decision]] = {}
    for event in events:
        stack = found.setdefault(event.body["id"], [])
        if event.kind is EventKind.DECISION_RECORDED:
            stack.append(decision(event))
        else:
            stack[:] = [one for one in stack if one.version != event.body["version"]]
    return found


def _marked(found: Decision, undone: Event | None) -> Decision:
    if undone is None:
        return found
    why = f": {undone.body['why']}" if undone.body.get("why") else ""
    return replace(found, undone=f"{undone.author}, {undone.at[:10]}{why}")


def _kept(before: Iterable[Dissent], now: Iterable[Dissent]) -> tuple[Dissent, ...]:
    """Dissent as it was voiced, and what was added."""
    return tuple(dict.fromkeys([*before, *now]))


def _ids(recorded: Iterable[Event]) -> list[str]:
    return list(dict.fromkeys(e.body["id"] for e in recorded))


def _new_id(recorded: Iterable[Event]) -> str:
    """The next number: short enough to say aloud."""
    return f"D{1 + len(_ids(recorded))}"
