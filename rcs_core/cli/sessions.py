"""Verbs of facilitated sessions: which there are, and the pack of one, made again or looked at."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import app, say
from rcs_core.errors import ReleaseError
from rcs_core.settings import workspace

if TYPE_CHECKING:
    from rcs_core.release import Release
    from rcs_core.workshop.store import Store

session = typer.Typer(
    name="session", help="Facilitated sessions: list them, make a pack again, check a pack.", no_args_is_help=True
)
app.add_typer(session)

Named = Annotated[str, typer.Argument(metavar="SESSION", help="the session by its id, or by words of its title")]
Out = Annotated[Path, typer.Argument(metavar="OUT", help="the folder to write the pack into")]


@session.command("list")
def list_() -> None:
    """List every session: id, day, state, title."""
    from rcs_core.workshop.meeting.agenda import sessions

    with _store() as store:
        found = sessions(store)
    for one in found:
        say(f"{one.id}  {one.about.day}  {one.state.label.lower()}  {one.about.title}")
    if not found:
        say("No session has been prepared yet.")


@session.command()
def pack(named: Named, out: Out) -> None:
    """Write the pack of a session, as it is made when the session is closed; the same events give the same file."""
    from rcs_core.workshop.meeting import Meeting
    from rcs_core.workshop.meeting import pack as packs
    from rcs_core.workshop.meeting.agenda import about

    with _store() as store:
        meeting = Meeting.of(store, _one(store, named))
        release = _release(meeting.made(about).release_hash)
        path = packs.export(meeting, release, out)
        last = packs.exported(meeting.events())[-1]
    say(f"{path}")
    for what, why in last.missing:
        say(f"Not in it: {what}, because {why}")


@session.command()
def check(pack: Annotated[Path, typer.Argument(metavar="PACK", help="the pack of a session (zip)")]) -> None:
    """Check that a pack is whole and as it was made. Exit 1 where it is not."""
    from rcs_core.workshop.meeting import pack as packs

    wrong = packs.check(pack)
    say("\n".join(wrong) or "Whole: every file is as it was made.")
    raise typer.Exit(1 if wrong else 0)


def _store() -> "Store":
    from rcs_core.workshop.store import Store, store_place

    return Store.open(store_place())


def _one(store: "Store", named: str) -> str:
    """The id of the session that is named."""
    from rcs_core.workshop.meeting import MeetingError
    from rcs_core.workshop.meeting.agenda import sessions

    known = sessions(store)
    found = [one for one in known if one.id == named] or [one for one in known if named.casefold() in one.about.title.casefold()]
    if len(found) == 1:
        return found[0].id
    listed = "; ".join(f"{one.id} ({one.about.title})" for one in known) or "none prepared yet"
    got = "no session has that name" if not found else f"{len(found)} sessions have it in their title"
    raise MeetingError("it is not clear which session is meant", named, got, listed, "name one by its id: rcs session list")


def _release(digest: str) -> "Release":
    """The release that a session is locked to, wherever in the workspace's folder it lies."""
    from rcs_core import release

    place = Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")
    folder = place if place.is_dir() else place.parent
    for file in sorted(folder.glob("release-*.duckdb")):
        if file.stem.removeprefix("release-") and digest.startswith(file.stem.removeprefix("release-")):
            return release.load(file)
    raise ReleaseError("the release of the session is not here", str(folder), "", digest[:12], "put its file back, and try again")
