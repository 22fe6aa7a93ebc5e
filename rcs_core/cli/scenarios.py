"""Verbs that solve a scenario and write it as a workbook."""

import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import Json, app, place_of, say
from rcs_core.cli.shared import result as tell
from rcs_core.errors import ReleaseError, SettingsError
from rcs_core.settings import workspace

if TYPE_CHECKING:
    from rcs_core.release import Release
    from rcs_core.workshop.store import Store


@app.command()
def solve(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="a scenario file (JSON)")],
    out: Annotated[Path, typer.Option(help="where to write the result (JSON)")],
    as_json: Json = False,
) -> None:
    """Solve a scenario; the result file is written whatever the answer. Exit 1 when its promises cannot all hold."""
    from rcs_core.workshop.scenario import load_scenario
    from rcs_core.workshop.scenario import solve as run

    result = run(load_scenario(scenario))
    content = result.to_dict()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(content, indent=1), encoding="utf-8")
    if as_json:
        tell(content)
    else:
        say("\n".join(content["messages"]) or f"Solved: {content['status']}, objective {content['objective']:.6f}")
    raise typer.Exit(0 if content["status"] == "optimal" else 1)


_PLACES = "a scenario file (JSON), but not beside --kept; then the workbook to write, or a folder for it"


@app.command()
def workbook(
    places: Annotated[
        list[Path],
        typer.Argument(metavar="[SCENARIO] XLSX", help="a scenario file (JSON), unless --kept; the workbook, or a folder"),
    ],
    kept: Annotated[str, typer.Option(help="a kept scenario by its link, on the release that is served")] = "",
) -> None:
    """Solve a scenario and write it as a workbook with live formulas. Exit 1 when its promises cannot all hold."""
    if len(places) != (1 if kept else 2):
        expected = "XLSX alone beside --kept LINK" if kept else "SCENARIO and XLSX"
        raise SettingsError("the workbook is not told apart from the scenario", "rcs workbook", f"{len(places)} paths", expected)
    target, status = _of_kept(kept, places[0]) if kept else _of_file(*places)
    say(f"{target} ({status})")
    raise typer.Exit(0 if status == "optimal" else 1)


def _of_file(scenario: Path, xlsx: Path) -> tuple[Path, str]:
    """The workbook of a scenario file; where it was written, and how it was solved."""
    from rcs_core.gate import let_out_file
    from rcs_core.workshop.export.scenario_book import About, write_scenario_book
    from rcs_core.workshop.scenario import load_scenario
    from rcs_core.workshop.scenario import solve as run

    asked = load_scenario(scenario)
    result, about = run(asked), About.of_scenario(asked)
    target = place_of(xlsx, about.file_name(asked.name or scenario.stem))
    write_scenario_book(asked, result, about, target)
    let_out_file(target, None, asked.name)
    return target, result.status


def _of_kept(link: str, xlsx: Path) -> tuple[Path, str]:
    """The workbook of a kept scenario, on the release that is served."""
    from rcs_core.gate import let_out_file
    from rcs_core.workshop.export.scenario_book import write_scenario_book
    from rcs_core.workshop.export.scenario_kept import book_of_kept
    from rcs_core.workshop.kept import Shelf
    from rcs_core.workshop.store import Store, store_place

    with Store.open(store_place()) as store:
        found, kept = served(store), Shelf(store).of_link(link)
    book = book_of_kept(found, kept, dt.datetime.now(dt.UTC).date())
    target = place_of(xlsx, book.about.file_name(kept.title))
    write_scenario_book(book.scenario, book.result, book.about, target)
    let_out_file(target, found, kept.title)
    return target, book.result.status


def served(store: "Store") -> "Release":
    """The release that the workbench serves: current, signed off and not withdrawn."""
    from rcs_core import release

    place = Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")
    found = release.load(place)
    digest = found.manifest.content_hash
    if store.withdrawn(digest) or not store.signed_off(digest):
        why = "withdrawn" if store.withdrawn(digest) else "not signed off"
        raise ReleaseError("this release is not served", str(place), why, "a release that was signed off", "rcs signoff RELEASE")
    return found
