"""What a session is about and how far it is, from its events: the preparation as it stands, the step that is on, the timer.

Bodies: SESSION_PREPARED and SESSION_CHANGED hold what is set, by the names of `About` (steps in full, so that a later version
of the tool shows the agenda that was run). SESSION_STARTED {} enters the first step. STEP_ENTERED {step, how: next, back,
skip or chosen}. TIMER_CHANGED {do: pause, resume or add; minutes where some are added}. SCREEN_SHOWN {address, choices}: a
page on the big screen until the next step. SESSION_CLOSED {open: what was left open}. SESSION_REVIEWED {words, ...}.
Whatever comes in an order that makes no sense (a step of a session that is closed) changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from rcs_core.vocab import Label
from rcs_core.workshop.meeting.meeting import standing
from rcs_core.workshop.meeting.steps import Agenda, Step, agendas, dropped, faults, lasting, moved
from rcs_core.workshop.store import Event, EventKind, Store

__all__ = [
    "About", "Agenda", "Listed", "Running", "Shown", "State", "Step", "about", "agendas", "bodies", "dropped", "faults",
    "lasting", "moved", "running", "sessions", "sessions_of",
]  # fmt: skip
LIFE = (
    EventKind.SESSION_PREPARED, EventKind.SESSION_CHANGED, EventKind.SESSION_STARTED, EventKind.STEP_ENTERED,
    EventKind.TIMER_CHANGED, EventKind.SCREEN_SHOWN, EventKind.SESSION_CLOSED, EventKind.SESSION_REVIEWED, EventKind.TAKEN_BACK,
)  # fmt: skip
"""What the life of a session is made of."""


class State(Label):
    """How far a session is."""

    PREPARED = "prepared", "Prepared"
    RUNNING = "running", "Running"
    CLOSED = "closed", "Closed"
    REVIEWED = "reviewed", "Reviewed"

    @property
    def over(self) -> bool:
        """Whether nothing more is taken in the room."""
        return self in (State.CLOSED, State.REVIEWED)


@dataclass(frozen=True, slots=True)
class About:
    """What was prepared, as it stands. day: ISO. agenda: the id of its template; steps: as they are to be run.

    code: what participants type to join. quorum: people wanted, by agency. bodies: which body decides each purse, by agency.
    named: whether votes carry names unless a vote says otherwise. notice: what is told on joining of what is kept.
    """

    title: str = ""
    day: str = ""
    place: str = ""
    facilitator: str = ""
    agenda: str = ""
    steps: tuple[Step, ...] = ()
    release_id: str = ""
    release_hash: str = ""
    code: str = ""
    quorum: Mapping[str, int] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    named: bool = True
    notice: str = ""
    rehearsal: bool = False

    @property
    def minutes(self) -> int:
        """How long it is meant to take."""
        return sum(s.minutes for s in self.steps)


SETTABLE = frozenset(f.name for f in fields(About))
"""The keys that a preparation, or a change of it, may set."""
FIXED = frozenset({"agenda", "steps", "rehearsal", "release_id", "release_hash"})
"""Those that are as they are from the start on."""


def about(events: Sequence[Event]) -> About:
    """What was prepared, with the changes that stand; a blank one where nothing was."""
    found: About | None = None
    started = False
    for event in standing(events):
        if event.kind is EventKind.SESSION_PREPARED and found is None:
            found = _set(About(), event.body)
        elif event.kind is EventKind.SESSION_CHANGED and found is not None:
            found = _set(found, event.body, FIXED if started else frozenset())
        elif event.kind is EventKind.SESSION_STARTED and found is not None and found.steps:
            started = True
    return found or About()


def _set(found: About, body: Mapping[str, Any], fixed: frozenset[str] = frozenset()) -> About:
    wanted = {key: value for key, value in body.items() if key in SETTABLE - fixed}
    if "steps" in wanted:
        wanted["steps"] = tuple(Step.of(step) for step in wanted["steps"])
    return replace(found, **wanted)


def bodies(found: About) -> dict[str, str]:
    """Which body decides each agency's purse, as this session was prepared; an agency of which nobody said so is not there."""
    return {agency: body for agency, body in found.bodies.items() if body.strip()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page on the big screen, with the choices of its link."""

    address: str = "session"
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """How far a session is. Times are those of events (UTC, ISO), so that a reload or a restart changes nothing.

    step: the one that is on, None while nothing is. entered_at: when it was entered last. spent: seconds in each step before
    that, without pauses. paused_at: since when the timer stands still; blank while it goes. paused: seconds of earlier pauses
    of this visit. added: minutes added, by step. been: the steps that were entered, in order. shown: what is on the big screen.
    """

    state: State = State.PREPARED
    steps: tuple[Step, ...] = ()
    step: Step | None = None
    entered_at: str = ""
    started_at: str = ""
    closed_at: str = ""
    paused_at: str = ""
    paused: float = 0.0
    spent: Mapping[str, float] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    been: tuple[str, ...] = ()
    shown: Shown = Shown()

    @property
    def on(self) -> bool:
        """Whether the room is at work: votes and remarks are taken."""
        return self.state is State.RUNNING

    @property
    def number(self) -> int:
        """Where in the agenda the step stands, from 0; -1 where none is on."""
        return self.steps.index(self.step) if self.step in self.steps else -1

    @property
    def next(self) -> Step | None:
        """The step that comes next, None at the end."""
        after = self.steps[self.number + 1 :]
        return after[0] if self.on and after else None

    @property
    def before(self) -> Step | None:
        """The step before this one, None at the start."""
        return self.steps[self.number - 1] if self.on and self.number > 0 else None

    def has(self, method: str) -> bool:
        """Whether a method is at hand in the step that is on."""
        return self.on and self.step is not None and method in self.step.methods

    def seconds(self, now: datetime | None = None) -> float:
        """How long the room has been in this step, all visits together and without pauses."""
        return 0.0 if self.step is None else self.spent.get(self.step.id, 0.0) + self._visit(self._until(now))

    def left(self, now: datetime | None = None) -> float:
        """Seconds that are left of this step, below nought when it is over its time."""
        return 0.0 if self.step is None else 60 * self.allowed(self.step) - self.seconds(now)

    def allowed(self, step: Step) -> int:
        """The minutes of a step with what was added."""
        return step.minutes + self.added.get(step.id, 0)

    def all_seconds(self, now: datetime | None = None) -> float:
        """How long the room has worked, without pauses."""
        others = sum(s for id, s in self.spent.items() if self.step is None or id != self.step.id)
        return others + self.seconds(now)

    def all_left(self, now: datetime | None = None) -> float:
        """Seconds that are left of the whole agenda as it was prepared, below nought when it is over."""
        return 60 * sum(s.minutes for s in self.steps) - self.all_seconds(now)

    def behind(self, now: datetime | None = None) -> float:
        """Seconds by which the room is later than the agenda (below nought: earlier), as if the rest took its own minutes."""
        if self.step is None:
            return 0.0
        planned = 60 * sum(s.minutes for s in self.steps[: self.number])
        return self.all_seconds(now) - planned - min(self.seconds(now), 60.0 * self.step.minutes)

    def _until(self, now: datetime | None) -> str:
        return self.paused_at or self.closed_at or (now or datetime.now(UTC)).isoformat()

    def _visit(self, until: str) -> float:
        return max(0.0, between(self.entered_at, until) - self.paused) if self.entered_at else 0.0


def between(start: str, end: str) -> float:
    """Seconds from one time of an event to another; none where one is missing."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() if start and end else 0.0


def running(events: Sequence[Event]) -> Running:
    """How far a session is, from all its events."""
    steps = about(events).steps
    found, prepared = Running(steps=steps), False
    for event in standing(events):
        prepared = prepared or event.kind is EventKind.SESSION_PREPARED
        if prepared and (deed := _DEEDS.get(event.kind)):
            found = deed(found, event)
    return found


def _started(now: Running, event: Event) -> Running:
    if now.state is not State.PREPARED or not now.steps:
        return now
    return _into(replace(now, state=State.RUNNING, started_at=event.at), now.steps[0], event.at)


def _entered(now: Running, event: Event) -> Running:
    step = next((s for s in now.steps if s.id == event.body.get("step")), None)
    return now if step is None or not now.on else _into(_out(now, event.at), step, event.at)


def _into(now: Running, step: Step, at: str) -> Running:
    """In a step, the timer going, its own page on the big screen."""
    shown = Shown(step.screen, step.choices)
    return replace(now, step=step, entered_at=at, paused_at="", paused=0.0, been=(*now.been, step.id), shown=shown)


def _out(now: Running, at: str) -> Running:
    """Out of the step that is on, its time kept."""
    if now.step is None:
        return now
    spent = now.spent.get(now.step.id, 0.0) + now._visit(now.paused_at or at)
    return replace(now, spent={**now.spent, now.step.id: spent}, entered_at="", paused_at="", paused=0.0)


def _timed(now: Running, event: Event) -> Running:
    do = event.body.get("do")
    if not now.on or now.step is None:
        return now
    if do == "add":
        added = now.added.get(now.step.id, 0) + int(event.body.get("minutes", 0))
        return replace(now, added={**now.added, now.step.id: added})
    if do == "pause" and not now.paused_at:
        return replace(now, paused_at=event.at)
    if do == "resume" and now.paused_at:
        return replace(now, paused_at="", paused=now.paused + between(now.paused_at, event.at))
    return now


def _shown(now: Running, event: Event) -> Running:
    body = event.body
    return replace(now, shown=Shown(str(body.get("address", "session")), dict(body.get("choices", {})))) if now.on else now


def _closed(now: Running, event: Event) -> Running:
    return replace(_out(now, event.at), state=State.CLOSED, closed_at=event.at, step=None, shown=Shown()) if now.on else now


def _reviewed(now: Running, _event: Event) -> Running:
    return replace(now, state=State.REVIEWED) if now.state is State.CLOSED else now


_DEEDS = {
    EventKind.SESSION_STARTED: _started, EventKind.STEP_ENTERED: _entered, EventKind.TIMER_CHANGED: _timed,
    EventKind.SCREEN_SHOWN: _shown, EventKind.SESSION_CLOSED: _closed, EventKind.SESSION_REVIEWED: _reviewed,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One session of a partnership: what it is about, and how far it is."""

    id: str
    about: About
    running: Running

    @property
    def state(self) -> State:
        """How far it is."""
        return self.running.state


def sessions(store: Store) -> list[Listed]:
    """Every session of a partnership, the latest day first."""
    return sessions_of(store.events(*LIFE))


def sessions_of(events: Iterable[Event]) -> list[Listed]:
    """The same of events of several sessions."""
    by: dict[str, list[Event]] = {}
    for event in events:
        if event.session_id:
            by.setdefault(event.session_id, []).append(event)
    found = [Listed(id, about(own), running(own)) for id, own in by.items()]
    return sorted((one for one in found if one.about.title), key=lambda one: (one.about.day, one.id), reverse=True)
