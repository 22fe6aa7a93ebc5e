"""The audit trail: every event of a store as a row, in the order they happened.

What only one person may know stays in the store: the keys by which somebody comes back to a session, and what was given without
a name, of which the trail says that it was given and on which day, not what, nor of which agency, nor when.
"""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd

from rcs_core.workshop.store.kinds import Event, EventKind, StoreError
from rcs_core.workshop.store.store import Store

COLUMNS = ["Number", "At (UTC)", "What", "Kind", "By", "Agency", "Session", "Scenario", "Release", "Partnership"]
SAID = "Said"
_LARGE = ("scenario", "names")
_MAY_BE_UNNAMED = frozenset({EventKind.VOTE_CAST, EventKind.GUESS_GIVEN, EventKind.RATING_GIVEN, EventKind.ANSWER_GIVEN})
_PRIVATE = frozenset({"word", "number", "subject", "token"})
_OF_PEOPLE = frozenset({EventKind.PERSON_JOINED, EventKind.PERSON_LEFT, *_MAY_BE_UNNAMED})
"""Where those keys are of a person; elsewhere a number is a number."""
_DAY = len("2026-11-22")


def trail(store: Store, session_id: str = "", words: bool = True, fit: Callable[[Any], Any] = lambda body: body) -> pd.DataFrame:
    """Who did what and when; of one session where it is named. words: also what was said or sent, as JSON; fit: as it may leave.

    Whole scenarios are left out of what was said: they are large, and each has a file of its own.
    Raises StoreError where a session is named of which there is nothing.
    """
    found = store.events(session_id=session_id, without=_LARGE)
    if session_id and not found:
        raise StoreError("there is nothing of such a session", store.where, session_id, "the id of a session, as in its address")
    frame = pd.DataFrame([_row(event) for event in found], columns=COLUMNS)
    return frame.assign(**{SAID: [_said(event, fit) for event in found]}) if words else frame


def _row(event: Event) -> list[Any]:
    quiet = _unnamed(event)
    at, agency = (event.at[:_DAY], "") if quiet else (event.at, event.agency)
    who = [event.author, agency, event.session_id, event.scenario_id, event.release_id, event.partnership]
    return [event.id, at, event.kind.label, event.kind.value, *who]


def _said(event: Event, fit: Callable[[Any], Any]) -> str:
    if _unnamed(event):
        return ""
    hidden = _PRIVATE if event.kind in _OF_PEOPLE else frozenset()
    return json.dumps(fit({key: value for key, value in event.body.items() if key not in hidden}), ensure_ascii=False)


def _unnamed(event: Event) -> bool:
    """Whether somebody gave it without a name."""
    return event.kind in _MAY_BE_UNNAMED and not event.author and not event.body.get("by")
