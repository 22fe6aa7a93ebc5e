"""The promises of a session in the changes that a seat solves with: the same for every seat, put in by the order they came."""

import streamlit as st

from app import meeting
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.meeting import on_the_table, promises
from rcs_core.workshop.meeting.on_the_table import Laid
from rcs_core.workshop.meeting.promises import Stated
from rcs_core.workshop.scenario.edits import Edit

FOLLOWED, SINCE = "table_followed", "table_since"
"""Which scenario of the table a browser has taken over, and up to which event it knew the session when it changed something."""


def of_session() -> tuple[Stated, ...]:
    """The promises that are in the scenario of the session in which this browser has a seat; none where it has none."""
    here = meeting.here()
    return here.meeting.made(promises.put_in) if here else ()


def noted() -> None:
    """Note how far the session is, as this browser changes something: promises put in from now on come behind the change."""
    if here := meeting.here():
        events = here.meeting.events()
        st.session_state[SINCE] = events[-1].id if events else 0


def since() -> int:
    """Up to which event this browser knew the session when it changed something last."""
    return max(int(st.session_state.get(SINCE, 0)), int(st.session_state.get(FOLLOWED, 0)))


def laid(release: Release, levers: Levers, found: tuple[Stated, ...], edits: tuple[Edit, ...], since: int) -> Laid:
    """Levers with promises and changes put in; made once for every session through `session.once`."""
    return on_the_table.laid(release, levers, found, edits, since)
