"""The scenario that the room looks at together: what was put on the table, with every promise that was put in since.

Bodies, all TABLED; `does` says which. `scenario`: `title`, `levers` (plain; the facilitator's own changes among them) and `kept`
(the link of a kept version, blank where it is none). `condition`: `text` and `on`, a condition for going ahead that the room
chose from the stress tests. Promises and changes go in by the order in which they came, so that a repair made after a promise
is not written over by it; a promise that such a change lets go of is said to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.workshop import changes
from rcs_core.workshop.changes import Fitted
from rcs_core.workshop.couple import Levers, Preset, levers_kept, names_of, starting_scenario
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.promises import Stated
from rcs_core.workshop.promised import Side, Wish, edits_of_wish
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, at
from rcs_core.workshop.shift import lacking
from rcs_core.workshop.store import Event, EventKind

WHERE = "The scenario on the table"
THOUSAND = 1000
_PENNY = 5e-6
NOBODY = By()
EASED = "a later change of the room lets go of it"


@dataclass(frozen=True, slots=True)
class Tabled:
    """What was put on the table last. levers: with the changes that came with it. kept: the link of a kept version."""

    levers: Levers
    title: str
    kept: str = ""
    by: By = NOBODY
    at: str = ""
    event: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A promise in a scenario: the edits that make it, or why it is not in (blank where it is)."""

    promise: Stated
    edits: tuple[Edit, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Laid:
    """Levers with all that fits of promises and changes. places: each promise; changes: what else the room changed."""

    levers: Levers
    places: tuple[Place, ...] = ()
    changes: Fitted = field(default_factory=Fitted)

    @property
    def promised(self) -> tuple[Edit, ...]:
        """The edits that come from promises."""
        return tuple(edit for place in self.places for edit in place.edits)


def tabled(events: Sequence[Event]) -> Tabled | None:
    """What the room looks at; None where nothing was put on the table. Raises ScenarioError for levers not known here."""
    last = next((e for e in reversed(standing(events)) if _does(e, "scenario")), None)
    if last is None:
        return None
    by = By(last.author, last.agency, str(last.body.get("by", "")))
    return Tabled(levers_kept.read(last.body["levers"]), last.body["title"], last.body["kept"], by, last.at, last.id)


def _does(event: Event, what: str) -> bool:
    return event.kind is EventKind.TABLED and event.body.get("does") == what


def start(release: Release) -> Tabled:
    """What stands on the table where nobody put anything there: the smaller shift, as deep as the release allows."""
    deep = Depth.ESTIMATE if not lacking(release, Depth.ESTIMATE) else Depth.DISCUSS
    return Tabled(Levers.of(Preset.SHIFT_2, depth=deep), Preset.SHIFT_2.label)


def put(meeting: Meeting, levers: Levers, title: str, by: By, kept: str = "", release_id: str = "") -> int:
    """Put a scenario on the table, for every seat. levers: with the facilitator's own changes, without the promises."""
    name = " ".join(title.split())
    if not name:
        raise MeetingError("a scenario on the table has a name", WHERE, "nothing", "some words")
    body = {"does": "scenario", "title": name, "levers": levers_kept.plain(levers), "kept": kept}
    return meeting.add(EventKind.TABLED, body, by, release_id, kept.rpartition(".")[0])


def laid(
    release: Release, levers: Levers, promises: Sequence[Stated], edits: Sequence[Edit] = (), since: int = 0,
    was: Mapping[str, object] | None = None,
) -> Laid:  # fmt: skip
    """Levers with promises and other changes put in, those that do not fit told with the reason.

    since: the event after which promises come behind the changes. was: what some changes changed from (`changes.fitted`).
    """
    base = replace(levers, edits=())
    if not promises and not edits:
        return Laid(base)
    scenario = starting_scenario(release, base)
    early = [p for p in promises if p.answer is None or p.answer.event <= since]
    scenario, before = _put_in(scenario, early)
    mine = [edit for place in before for edit in place.edits]
    own = [edit for edit in edits if edit not in mine]
    fitted = changes.fitted(scenario, own, names_of(release), was)
    scenario, after = _put_in(edited(scenario, fitted.made), [p for p in promises if p not in early])
    every = [*mine, *fitted.made, *(edit for place in after for edit in place.edits)]
    places = tuple(_looked_at(place, scenario) for place in (*before, *after))
    return Laid(replace(base, edits=tuple(every)), places, fitted)


def _put_in(scenario: Scenario, promises: Sequence[Stated]) -> tuple[Scenario, list[Place]]:
    """Promises put in one after another."""
    found = []
    for promise in promises:
        try:
            edits = tuple(edits_of_wish(scenario, promise.wish))
            scenario = edited(scenario, edits)
        except ScenarioError as error:
            found.append(Place(promise, (), f"{error.what}{f' ({error.got})' if error.got else ''}"))
            continue
        found.append(Place(promise, edits))
    return scenario, found


def _looked_at(place: Place, scenario: Scenario) -> Place:
    return place if place.why_not or holds(scenario, place.promise.wish) else replace(place, why_not=EASED)


def holds(scenario: Scenario, wish: Wish) -> bool:
    """Whether a scenario asks for what was promised, by its own floors, limits, ring-fences and budgets."""
    amount, years = wish.pounds / THOUSAND, range(wish.from_year, scenario.horizon + 1)
    least = wish.side is Side.LEAST
    services: list[Prevention | Responsive] = [*scenario.prevention, *scenario.acute]
    for service in services:
        if service.id == wish.subject:
            limit = service.floor if least else service.capacity if isinstance(service, Prevention) else None
            return limit is not None and all(_keeps(at(limit, t), amount, least) for t in years)
    if not least:
        budget = next((a.budget for a in scenario.agencies if a.id == wish.subject), None)
        return budget is not None and all(_keeps(at(budget, t), amount, least) for t in years)
    fences = [r for r in scenario.ringfences if r.agency == wish.subject]
    return all(any(_keeps(at(r.amount, t) + scenario.held_by(wish.subject, t), amount, least) for r in fences) for t in years)


def _keeps(limit: float, amount: float, least: bool) -> bool:
    return limit >= amount - _PENNY if least else limit <= amount + _PENNY


def conditions(events: Sequence[Event]) -> tuple[str, ...]:
    """The conditions for going ahead that the room chose from the stress tests, in the order in which they were chosen."""
    found: dict[str, None] = {}
    for event in standing(events):
        if _does(event, "condition"):
            found.pop(event.body["text"], None)
            if event.body["on"]:
                found[event.body["text"]] = None
    return tuple(found)


def choose(meeting: Meeting, text: str, on: bool, by: By) -> int:
    """Choose a condition for going ahead, or let it go; what came before stays in the record."""
    if not text.strip():
        raise MeetingError("a condition says something", WHERE, "nothing", "one that the stress tests offer")
    return meeting.add(EventKind.TABLED, {"does": "condition", "text": text.strip(), "on": on}, by)
