"""The verb that writes ballot papers, before a session or for a vote that is open."""

from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.papers import Out, Pdf, put
from rcs_core.cli.shared import app

if TYPE_CHECKING:
    from rcs_core.workshop.meeting.ballots import Ballot, Draft
    from rcs_core.workshop.store import Store

_SESSION = "the session whose latest vote it is (its id); without it, give a question and options"


@app.command()
def ballots(
    out: Out,
    session: Annotated[str, typer.Option(help=_SESSION)] = "",
    kind: Annotated[str, typer.Option(help="dots, points or gradient")] = "dots",
    question: Annotated[str, typer.Option(help="what is asked")] = "",
    option: Annotated[list[str] | None, typer.Option(help="one option or proposal; again for the next")] = None,
    agency: Annotated[list[str] | None, typer.Option(help="the code of an agency who is asked; again for the next")] = None,
    names: Annotated[bool, typer.Option(help="votes carry names")] = True,
    dots: Annotated[int, typer.Option(help="dots of each person; 0 for the usual number")] = 0,
    pdf: Pdf = False,
) -> None:
    """Write ballot papers, with the letters and numbers by which votes on paper are typed in."""
    from datetime import UTC, datetime

    from rcs_core.cli.scenarios import served
    from rcs_core.stamp import Stamp
    from rcs_core.workshop.papers.ballot_paper import SUBJECT, ballot_paper, of_draft
    from rcs_core.workshop.store import Store, store_place

    with Store.open(store_place()) as store:
        release = served(store)
        if session:
            found = _latest(store, session)
        else:
            found = of_draft(_draft(kind, question, option or [], names, dots), _known(agency or []))
    put(ballot_paper(found, Stamp.of(release, datetime.now(UTC).date())), out, SUBJECT, release, pdf)


def _latest(store: "Store", session: str) -> "Ballot":
    from rcs_core.workshop.meeting import Meeting, MeetingError
    from rcs_core.workshop.meeting.ballots import latest

    found = latest(Meeting.of(store, session).events())
    if found is None:
        raise MeetingError("there is no vote in this session", "rcs ballots", session, "a session in which a vote was opened",
                           "name another session, or give --question and --option")  # fmt: skip
    return found


def _draft(kind: str, question: str, texts: list[str], names: bool, dots: int) -> "Draft":
    """The vote that will be opened; raises MeetingError with all that is wrong with it."""
    from rcs_core.workshop.meeting import MeetingError
    from rcs_core.workshop.meeting.ballots import Draft, Kind, checked, options

    if kind not in set(Kind):
        raise MeetingError("there is no such kind of vote", "rcs ballots, --kind", kind, ", ".join(k.value for k in Kind))
    return checked(Draft(Kind(kind), question, options(texts), names, dots))


def _known(codes: list[str]) -> list[str]:
    """The codes of agencies; raises MeetingError with those that are none."""
    from rcs_core.workshop.meeting import MeetingError
    from rcs_core.workshop.meeting.joining import agencies

    if stray := [code for code in codes if code not in agencies()]:
        raise MeetingError("there is no such agency", "rcs ballots, --agency", ", ".join(stray), ", ".join(agencies()))
    return codes
