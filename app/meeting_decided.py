"""What a session gives the form of a decision: its id, the bodies that were configured, declared interests, chosen conditions."""

from collections.abc import Iterable

from app import meeting, show
from app.typed_words import typed
from rcs_core.workshop.decide import Draft
from rcs_core.workshop.meeting import decided, on_the_table
from rcs_core.workshop.meeting.agenda import about, running
from rcs_core.workshop.meeting.agenda import bodies as configured
from rcs_core.workshop.spend_map.money import agency_label


def session_id() -> str:
    """The session in which what is recorded now is recorded; blank where this browser has no seat in one that is running."""
    here = meeting.here()
    return here.meeting.id if here and here.meeting.made(running).on else ""


def bodies(agencies: Iterable[str]) -> list[str]:
    """The bodies that the session was prepared with, those for these purses first."""
    here = meeting.here()
    return decided.bodies_for(configured(here.meeting.made(about)), agencies) if here else []


def body(agency: str | None) -> str:
    """The body that decides an agency's purse, as the session was prepared; blank where it was not said."""
    here = meeting.here()
    return configured(here.meeting.made(about)).get(agency, "") if here and agency else ""


def conditions() -> tuple[str, ...]:
    """The conditions for going ahead that the room took from the stress tests."""
    here = meeting.here()
    return here.meeting.made(on_the_table.conditions) if here else ()


def interests(draft: Draft) -> None:
    """Who has declared an interest in what a decision touches, beside it."""
    here = meeting.here()
    if here:
        touching(here, draft.service_ids, {draft.owner_agency, *(m.agency for m in draft.money)} - {""})


def touching(here: meeting.Here, services: Iterable[str], purses: Iterable[str]) -> None:
    """The interests in these services and purses, each in a line."""
    for one in decided.touched(here.meeting.events(), services, purses):
        who = ", ".join(filter(None, (one.name, agency_label(one.agency) if one.agency else "")))
        show.line(f":material/info: **{typed(who)}** has declared an interest: {typed(one.words)}")
