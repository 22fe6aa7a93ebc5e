"""One facilitated session as the events that happened in it, and the way to add one."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rcs_core.errors import RcsError
from rcs_core.workshop.store import Event, EventKind, Store

_CLOSING = (EventKind.SESSION_STARTED, EventKind.SESSION_CLOSED, EventKind.TAKEN_BACK)
IN_THE_ROOM = frozenset(
    {EventKind.GUESS_ASKED, EventKind.GUESS_GIVEN, EventKind.GUESS_REVEALED, EventKind.BALLOT_OPENED, EventKind.VOTE_CAST,
     EventKind.PRIORITIES_TAKEN, EventKind.REMARK_MADE, EventKind.PROMISE_STATED, EventKind.WEIGHTS_TAKEN,
     EventKind.PROMISE_ACCEPTED, EventKind.TABLED, EventKind.PERSON_JOINED}
)  # fmt: skip
"""What is done in the room: a session that is closed takes no more of it."""


class MeetingError(RcsError):
    """A session was asked for what it cannot do."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does something in a session. key: who it is among the people of the session; blank for the facilitator's own hand."""

    name: str = ""
    agency: str = ""
    key: str = ""


class Log:
    """The events of one session as far as this process has read them, shared by all its readers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: tuple[Event, ...] = ()
        self._made: dict[Callable[..., Any], tuple[int, Any]] = {}

    def read(self, store: Store, id: str) -> tuple[Event, ...]:
        """All events of the session, with those that were added since the last look, by whatever process."""
        with self._lock:
            last = self._events[-1].id if self._events else 0
            if new := store.events(session_id=id, after=last):
                self._events += tuple(new)
            return self._events

    def made[T](self, make: Callable[[Sequence[Event]], T], events: tuple[Event, ...]) -> T:
        """What is made of these events, made once for all readers until there are others."""
        last = events[-1].id if events else 0
        known = self._made.get(make)
        if known is None or known[0] != last:
            known = self._made[make] = (last, make(events))
        found: T = known[1]
        return found


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session by its id, in a store as one person sees it. log: shared by the readers of a process."""

    store: Store
    id: str
    log: Log

    @classmethod
    def of(cls, store: Store, id: str) -> "Meeting":
        """A session for one reader alone."""
        return cls(store, id, Log())

    def events(self, *kinds: EventKind) -> tuple[Event, ...]:
        """What happened in this session, in order; of some kinds where they are named."""
        found = self.log.read(self.store, self.id)
        return tuple(e for e in found if e.kind in kinds) if kinds else found

    def made[T](self, make: Callable[[Sequence[Event]], T]) -> T:
        """One part of the session as it stands now, from all its events (of which those taken back are still among them)."""
        return self.log.made(make, self.log.read(self.store, self.id))

    def add(
        self, kind: EventKind, body: Mapping[str, Any], by: By | None = None, release_id: str = "", scenario_id: str = ""
    ) -> int:
        """Add one event to the session; it is on the disk when this returns. Returns its id."""
        event = self._event(kind, body, by or By(), release_id, scenario_id)
        return self._add_in_the_room(event) if kind in IN_THE_ROOM else self.store.append(event)

    def add_after(
        self, kinds: Sequence[EventKind], make: Callable[[list[Event]], tuple[EventKind, Mapping[str, Any], By]]
    ) -> Event:
        """Add the event that is made of those of some kinds in this session; nobody adds another between."""

        asked = frozenset(kinds)

        def made(before: list[Event]) -> Event:
            kind, body, by = make([e for e in before if e.session_id == self.id and (e.kind in asked or not asked)])
            if kind in IN_THE_ROOM:
                self._still_open(before)
            return self._event(kind, body, by, "", "")

        wanted = [*kinds, *(k for k in _CLOSING if k not in asked)] if kinds else []
        return self.store.append_after(wanted, made, session_id=self.id)

    def take_back(self, event: int, by: By, why: str = "") -> int:
        """Take back an event, or a taking back, so that it counts again: a new event, nothing is erased.

        Raises MeetingError where there is no such event in this session.
        """
        found = next((e for e in self.events() if e.id == event), None)
        if found is None:
            raise MeetingError("there is nothing to take back", "session", str(event), "an event of this session")
        body = {"event": event, "why": why}
        back = self._event(EventKind.TAKEN_BACK, body, by, "", "")
        return self._add_in_the_room(back) if found.kind in IN_THE_ROOM else self.store.append(back)

    def _add_in_the_room(self, event: Event) -> int:
        """Add what is done in the room, where the session is not closed; nobody closes it between."""

        def made(before: list[Event]) -> Event:
            self._still_open(before)
            return event

        return self.store.append_after(_CLOSING, made, session_id=self.id).id

    def _still_open(self, before: Iterable[Event]) -> None:
        """Refuse what is done in the room once the session is closed."""
        started = closed = False
        for event in standing(e for e in before if e.session_id == self.id):
            started = started or event.kind is EventKind.SESSION_STARTED
            closed = closed or (started and event.kind is EventKind.SESSION_CLOSED)
        if closed:
            what, remedy = "the session is closed", "ask the facilitator to open it again"
            raise MeetingError(what, "session", "something more", "nothing that is done in the room", remedy)

    def _event(self, kind: EventKind, body: Mapping[str, Any], by: By, release_id: str, scenario_id: str) -> Event:
        whole = {**body, "by": by.key} if by.key else dict(body)
        return Event(kind, by.name, whole, by.agency, release_id, scenario_id, session_id=self.id)


def standing(events: Iterable[Event]) -> list[Event]:
    """The events that count: neither taken back, nor a taking back themselves."""
    found = list(events)
    gone: set[int] = set()
    for event in reversed(found):
        if event.kind is EventKind.TAKEN_BACK and event.id not in gone:
            gone.add(int(event.body["event"]))
    return [e for e in found if e.id not in gone and e.kind is not EventKind.TAKEN_BACK]
