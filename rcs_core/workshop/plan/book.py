"""What is kept of a plan beside the decisions: its priorities, what hangs under which, and how each action goes.

Everything is an event of the store and nothing is taken back: a priority that is set again is its next version, the latest
report of an action stands and the earlier ones stay. The book is made by going through the events by their numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rcs_core.vocab import Label
from rcs_core.workshop.plan.contract import PlanError, filled, most_priorities
from rcs_core.workshop.store import ID_LENGTH, Event, EventKind, Store

KINDS = (
    EventKind.PRIORITY_SET,
    EventKind.PRIORITY_DROPPED,
    EventKind.ACTION_PLACED,
    EventKind.ACTION_REVIEWED,
    EventKind.CONDITION_CHECKED,
)


class Progress(Label):
    """How an action goes, as somebody reported it."""

    NOT_STARTED = "not_started", "Not started"
    ON_TRACK = "on_track", "On track"
    BEHIND = "behind", "Behind"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self in (Progress.DONE, Progress.STOPPED)


@dataclass(frozen=True, slots=True)
class Draft:
    """A priority as it is put. needs: the survey and question of the release that it rests on. why: why it is one too many."""

    name: str
    outcomes: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """One priority that stands, in its latest version. release_hash: what was served when it was first set."""

    id: str
    name: str
    outcomes: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    why: str
    version: int
    author: str
    at: str
    release_hash: str


@dataclass(frozen=True, slots=True)
class Report:
    """How an action goes: by whom, when and in what words. release_id: what was served at the time."""

    state: Progress
    words: str
    author: str
    agency: str
    at: str
    release_id: str


@dataclass(frozen=True, slots=True)
class Check:
    """What became of a condition: by whom, when and in what words."""

    words: str
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Book:
    """What stands now. places: priority by decision. reports: by decision, first one first. checks: by decision, condition."""

    priorities: tuple[Priority, ...] = ()
    places: dict[str, str] = field(default_factory=dict)
    reports: dict[str, tuple[Report, ...]] = field(default_factory=dict)
    checks: dict[tuple[str, str], Check] = field(default_factory=dict)

    def priority_of(self, decision: str) -> Priority | None:
        """The standing priority that a decision hangs under."""
        return next((p for p in self.priorities if p.id == self.places.get(decision)), None)

    def latest(self, decision: str) -> Report | None:
        """The latest report of an action."""
        found = self.reports.get(decision, ())
        return found[-1] if found else None


def book_of(events: Iterable[Event]) -> Book:
    """The book that these events make, in whatever order they are given: their numbers say which came first."""
    standing: dict[str, Priority] = {}
    known: dict[str, tuple[int, str]] = {}
    book = Book()
    for event in sorted(events, key=lambda e: e.id):
        body = event.body
        if event.kind is EventKind.PRIORITY_SET:
            version, since = known.get(body["id"], (0, body["release_hash"]))
            known[body["id"]] = (version + 1, since)
            standing[body["id"]] = _priority(event, version + 1, since)
        elif event.kind is EventKind.PRIORITY_DROPPED:
            standing.pop(body["id"], None)
        elif event.kind is EventKind.ACTION_PLACED:
            book.places[body["decision"]] = body["priority"]
        elif event.kind is EventKind.ACTION_REVIEWED:
            book.reports[body["decision"]] = (*book.reports.get(body["decision"], ()), _report(event))
        elif event.kind is EventKind.CONDITION_CHECKED:
            book.checks[body["decision"], body["condition"]] = Check(body["words"], event.author, event.at)
    return Book(tuple(standing.values()), book.places, book.reports, book.checks)


def _priority(event: Event, version: int, since: str) -> Priority:
    body = event.body
    needs = tuple((str(survey), str(code)) for survey, code in body["needs"])
    return Priority(body["id"], body["name"], tuple(body["outcomes"]), needs, body["why"], version, event.author, event.at, since)


def _report(event: Event) -> Report:
    return Report(Progress(event.body["state"]), event.body["words"], event.author, event.agency, event.at, event.release_id)


class PlanBook:
    """The plan's pages of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def read(self) -> Book:
        """What stands now."""
        return book_of(self.store.events(*KINDS))

    def set_priority(self, draft: Draft, author: str, agency: str = "", id: str = "", release_hash: str = "") -> Priority:
        """Add a priority, or set one that stands anew (`id`).

        Raises PlanError when it is nameless or nobody's, another has the name, there is no such priority, or it is one more
        than a plan may hold and no reason is given.
        """
        name, who = filled("a priority needs a name", draft.name), filled("a priority needs to say whose it is", author)

        def made(before: list[Event]) -> Event:
            standing = book_of(before).priorities
            key = id or f"priority-{1 + len({e.body['id'] for e in before if e.kind is EventKind.PRIORITY_SET})}"
            _may_stand(standing, id, name, draft.why)
            body = {
                "id": key, "name": name, "outcomes": [" ".join(o.split()) for o in draft.outcomes if o.strip()],
                "needs": [list(pair) for pair in draft.needs], "why": " ".join(draft.why.split()),
                "release_hash": release_hash,
            }  # fmt: skip
            return Event(EventKind.PRIORITY_SET, who, body, agency, release_hash[:ID_LENGTH])

        kept = self.store.append_after(KINDS, made)
        return next(p for p in self.read().priorities if p.id == kept.body["id"])

    def drop_priority(self, id: str, author: str, why: str) -> None:
        """Take a priority out of the plan; what hung under it hangs under none. Raises PlanError when who or why is blank."""
        who = filled("dropping a priority needs a name", author)
        body = {"id": id, "why": filled("dropping a priority needs a reason", why)}

        def made(before: list[Event]) -> Event:
            _known(book_of(before).priorities, id)
            return Event(EventKind.PRIORITY_DROPPED, who, body)

        self.store.append_after(KINDS, made)

    def place(self, decision: str, priority: str, author: str) -> None:
        """Hang a decision under a priority (blank: under none). Raises PlanError when there is no such priority."""
        who = filled("placing an action needs a name", author)

        def made(before: list[Event]) -> Event:
            if priority:
                _known(book_of(before).priorities, priority)
            return Event(EventKind.ACTION_PLACED, who, {"decision": decision, "priority": priority})

        self.store.append_after(KINDS, made)

    def report(self, decision: str, state: Progress, words: str, author: str, agency: str = "", release_id: str = "") -> None:
        """Keep how an action goes. Raises PlanError when who says so, or in what words, is blank."""
        who = filled("a report needs to say whose it is", author)
        said = filled("a report needs a sentence", words, "say in a sentence how it goes, or what holds it up")
        body = {"decision": decision, "state": Progress(state).value, "words": said}
        self.store.append(Event(EventKind.ACTION_REVIEWED, who, body, agency, release_id))

    def check(self, decision: str, condition: str, words: str, author: str) -> None:
        """Keep what became of a condition. Raises PlanError when who says so, or in what words, is blank."""
        who = filled("a check needs to say whose it is", author)
        said = filled("a check needs a sentence", words, "say in a sentence what was found")
        body = {"decision": decision, "condition": condition, "words": said}
        self.store.append(Event(EventKind.CONDITION_CHECKED, who, body))


def _known(standing: Sequence[Priority], id: str) -> None:
    if id not in {p.id for p in standing}:
        names = ", ".join(p.name for p in standing) or "none yet"
        raise PlanError("there is no such priority", "the plan", id, names, "choose one that stands")


def _may_stand(standing: Sequence[Priority], id: str, name: str, why: str) -> None:
    """Whether a priority may be set beside those that stand."""
    if id:
        _known(standing, id)
    if any(p.name.casefold() == name.casefold() for p in standing if p.id != id):
        raise PlanError("another priority has this name", "the plan", name, "a name of its own", "choose another name")
    rule = most_priorities()
    if not id and len(standing) >= rule.value and not why.strip():
        raise PlanError(
            "the plan has as many priorities as are advised", "the plan", str(len(standing)), f"{rule.value} {rule.unit} at most",
            "drop one, or give the reason why this one stands beside them",
        )  # fmt: skip
