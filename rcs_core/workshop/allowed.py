"""What somebody may add to the store: every kind of event with the right that it takes, refused at the store's own door."""

import json
from collections.abc import Callable

import pandas as pd

from rcs_core.access.limits import Allowance, fits
from rcs_core.access.person import AccessError, Person
from rcs_core.access.roles import Right
from rcs_core.workshop.meeting.ballot_contract import OTHERS
from rcs_core.workshop.store import Event, EventKind, Store
from rcs_core.workshop.store.trail import trail

K = EventKind
_BY_RIGHT: dict[Right, tuple[EventKind, ...]] = {
    Right.KEEP: (K.SCENARIO_SAVED, K.SCENARIO_RENAMED, K.SCENARIO_RETIRED, K.EDIT_MADE),
    Right.DECIDE: (K.DECISION_RECORDED, K.DECISION_UNDONE),
    Right.PLAN: (K.PRIORITY_SET, K.PRIORITY_DROPPED, K.ACTION_PLACED, K.ACTION_REVIEWED, K.CONDITION_CHECKED),
    Right.LEAD: (
        K.QUESTIONS_PUT, K.ROUND_CLOSED, K.SESSION_PREPARED, K.SESSION_CHANGED, K.SESSION_STARTED, K.SESSION_CLOSED,
        K.SESSION_REVIEWED, K.STEP_ENTERED, K.TIMER_CHANGED, K.SCREEN_SHOWN, K.INPUT_PROMISED, K.GUESS_ASKED, K.GUESS_REVEALED,
        K.BALLOT_OPENED, K.BALLOT_CLOSED, K.BALLOT_SHOWN, K.PRIORITIES_TAKEN, K.PROMISE_ACCEPTED, K.TABLED, K.WEIGHTS_TAKEN,
        K.PACK_EXPORTED,
    ),
    Right.TAKE_PART: (
        K.ANSWER_GIVEN, K.PERSON_JOINED, K.PERSON_LEFT, K.INTEREST_DECLARED, K.GUESS_GIVEN, K.VOTE_CAST, K.REMARK_MADE, K.PARKED,
        K.PROMISE_STATED, K.RATING_GIVEN, K.TAKEN_BACK,
    ),
    Right.SIGN_OFF: (K.RELEASE_SIGNED_OFF, K.RELEASE_WITHDRAWN),
}  # fmt: skip
BY_THE_DOOR = frozenset({K.SIGNED_IN, K.REFUSED, K.TAKEN_AWAY})
"""What the workbench keeps of people by itself; nobody adds one by hand."""
RIGHT: dict[EventKind, Right] = {kind: right for right, kinds in _BY_RIGHT.items() for kind in kinds}
"""The right that adding an event takes."""
_OWN_NAME = frozenset((*_BY_RIGHT[Right.KEEP], *_BY_RIGHT[Right.DECIDE], *_BY_RIGHT[Right.PLAN]))
"""What is answered for by name: whoever signed in writes it in their own."""
LARGE = frozenset({K.SCENARIO_SAVED, K.DECISION_RECORDED, K.SESSION_PREPARED, K.SESSION_CHANGED, K.TABLED, K.PROMISE_ACCEPTED})
"""Kinds of which the body may be large, as a scenario, its money or an agenda is in it."""
_ALLOWANCE = Allowance()


def store_of(store: Store, person: Person, allowance: Allowance = _ALLOWANCE) -> Store:
    """The store as one person sees it: the events of their partnership, to which they add what they may."""
    person.need(Right.READ, "open the store")
    narrowed = store.of(person.partnership)
    return store.of(person.partnership, _door(narrowed, person, allowance))


def trail_of(store: Store, person: Person, words: bool = False) -> pd.DataFrame:
    """The audit trail of a person's partnership; raises AccessError where they may not see it."""
    person.need(Right.TRAIL, "look at the audit trail")
    return trail(store.of(person.partnership), words=words)


def _door(seen: Store, person: Person, allowance: Allowance) -> Callable[[Event], None]:
    def allow(event: Event) -> None:
        if event.kind in BY_THE_DOOR:
            raise AccessError(f"nobody adds “{event.kind.label}” by hand", person.said)
        person.need(RIGHT[event.kind], f"“{event.kind.label}” was not kept")
        fits(len(json.dumps(event.body, ensure_ascii=False, default=str).encode("utf-8", "replace")), event.kind in LARGE)
        if person.owner:
            return
        if event.kind is K.TAKEN_BACK:
            _own(seen, event, person)
        if not person.local and not person.may(Right.FOR_OTHERS):
            _as_oneself(event, person)
        allowance.take(person.id)

    return allow


def _as_oneself(event: Event, person: Person) -> None:
    """Whoever signed in speaks for the own agency, and answers for it in the own name."""
    if event.agency not in ("", person.agency, OTHERS):
        what = f"“{event.kind.label}” was not kept: it is in the name of another agency"
        raise AccessError(what, person.said, event.agency, person.agency or "no agency", "give your own agency")
    if event.kind in _OWN_NAME and event.author != person.name:
        what = f"“{event.kind.label}” was not kept: it is in another name"
        raise AccessError(what, person.said, event.author, person.name, "give your own name")


def _own(seen: Store, event: Event, person: Person) -> None:
    """Without running the session somebody takes back only what they may do themselves, and did under the same key."""
    if person.may(Right.LEAD):
        return
    number, key = event.body.get("event"), event.body.get("by")
    known = seen.events(session_id=event.session_id, after=int(number) - 1) if isinstance(number, int) else []
    found = next((e for e in known if e.id == number), None)
    if not key or found is None or RIGHT.get(found.kind) is not Right.TAKE_PART or found.body.get("by") != key:
        raise AccessError(
            "this may not be taken back", person.said, f"event {number}", "something of your own", "ask the facilitator"
        )
