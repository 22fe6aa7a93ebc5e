"""Verbs that write documents to take away: the workshop note, and the statement of resources."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import app, place_of, say

if TYPE_CHECKING:
    from rcs_core.documents.parts import Document
    from rcs_core.release import Release
    from rcs_core.stamp import Stamp
    from rcs_core.workshop.papers.note_case import Case

Out = Annotated[Path, typer.Argument(metavar="OUT", help="the document to write (docx), or a folder: then it is named for you")]
Pdf = Annotated[bool, typer.Option("--pdf", help="a pdf beside it, where LibreOffice is present")]
Author = Annotated[str, typer.Option(help="who takes it away")]
BigScreen = Annotated[bool, typer.Option("--big-screen", help="as from a shared screen: without prices of bought services")]
_LINK_OR_FILE = "a kept scenario by its link, or a scenario file (JSON)"


@app.command()
def note(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help=_LINK_OR_FILE)],
    out: Out,
    pdf: Pdf = False,
    author: Author = "",
    big_screen: BigScreen = False,
) -> None:
    """Write the two-page workshop note of a scenario."""
    from rcs_core.workshop.papers.note import note as compose

    case = _case(scenario, author, big_screen)
    put(compose(case), out, f"workshop note {case.called}", case.release, pdf)


@app.command()
def resources(out: Out, pdf: Pdf = False, author: Author = "", big_screen: BigScreen = False) -> None:
    """Write the statement of resources (criterion 12) of the plan that the decisions make."""
    from rcs_core.cli.scenarios import served
    from rcs_core.errors import ReleaseError
    from rcs_core.workshop.big_screen import veiled
    from rcs_core.workshop.papers.plan_case import of_store
    from rcs_core.workshop.papers.resources import SUBJECT, resources_paper
    from rcs_core.workshop.store import Store, store_place

    with Store.open(store_place()) as store:
        release = served(store)
        veil = veiled(release, big_screen) if "services" in release else frozenset()
        found = of_store(release, store, veil)
    if found.statement is None:
        raise ReleaseError(
            "this release holds no services and ledgers", release.id, "no spend", "mapped spend", "add them, and build again"
        )
    stamp = _stamp(release, author, big_screen)
    put(resources_paper(found.statement, found.plan, found.checked, stamp, veil), out, SUBJECT, release, pdf)


def put(document: "Document", out: Path, subject: str, release: "Release | None", pdf: bool) -> None:
    """Write a document at a place, or in a folder under the name that says what it is; a pdf beside it if asked.

    release: whose figures it holds, by which it is looked at before it stays.
    """
    from rcs_core.documents.pdf import to_pdf
    from rcs_core.documents.write import write_docx
    from rcs_core.gate import let_out_file

    path = place_of(out, document.stamp.file_name(subject, "docx"))
    write_docx(document, path)
    let_out_file(path, release, subject, document.stamp.prices_hidden)
    say(f"{path}")
    if pdf:
        say(f"{to_pdf([path], path.parent)[0]}")


def _case(scenario: str, author: str, big_screen: bool) -> "Case":
    """What the note is about: a scenario file alone, or a kept version with the decisions of the store."""
    from rcs_core.cli.scenarios import served
    from rcs_core.workshop.big_screen import withheld
    from rcs_core.workshop.decide.decision import Decisions
    from rcs_core.workshop.kept import Shelf
    from rcs_core.workshop.papers import note_case
    from rcs_core.workshop.store import Store, store_place

    if Path(scenario).suffix.lower() == ".json" or Path(scenario).exists():
        return note_case.of_file(Path(scenario), note_case.unstated(_today(), author))
    with Store.open(store_place()) as store:
        kept = Shelf(store).of_link(scenario)
        release = served(store)
        veil = withheld(release, big_screen) if "services" in release else frozenset()
        return note_case.of_version(kept, release, _stamp(release, author, big_screen), Decisions(store).current(), veil)


def _stamp(release: "Release", author: str, prices_hidden: bool) -> "Stamp":
    from rcs_core.stamp import Stamp

    return Stamp.of(release, _today(), author, prices_hidden)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
