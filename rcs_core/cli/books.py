"""Verbs that write workbooks to take away: scenarios side by side, the tables of need, services and spend."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import ReleasePath, app, place_of, say
from rcs_core.settings import workspace

if TYPE_CHECKING:
    from rcs_core.release import Release
    from rcs_core.stamp import Stamp
    from rcs_core.workshop.versus import Side

Out = Annotated[Path, typer.Argument(metavar="OUT", help="the workbook to write, or a folder: then it is named for you")]
BigScreen = Annotated[
    bool, typer.Option("--big-screen", help="as from a shared screen: without providers' names and prices of bought services")
]
Author = Annotated[str, typer.Option(help="who takes it away, for the cover")]


@app.command()
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="two to four scenario files (JSON) or links of kept scenarios")
    ],
    out: Out,
    release: Annotated[
        Path | None, typer.Option(help="the release that they belong to (default: the one of the workspace, for kept ones)")
    ] = None,
    big_screen: BigScreen = False,
    author: Author = "",
) -> None:
    """Write up to four scenarios side by side as one workbook; the first that has a plan is what the others are set against."""
    from rcs_core.gate import let_out_file
    from rcs_core.workshop.big_screen import withheld
    from rcs_core.workshop.export.comparison_book import SUBJECT, write_comparison_book

    sides = [_side(one) for one in scenarios]
    of = _release(release, sides)
    stamp = _stamp(of, author, big_screen).discussed(any(side.rough for side in sides))
    path = _place(out, stamp, SUBJECT)
    write_comparison_book(sides, stamp, path, withheld(of, big_screen) if of else frozenset())
    let_out_file(path, of, SUBJECT, big_screen)
    say(f"{path}: {', '.join(side.title for side in sides)}")


@app.command("needs-tables")
def needs_tables(release: ReleasePath, out: Out, author: Author = "") -> None:
    """Write every published table of children's needs as one workbook."""
    from rcs_core.gate import let_out_file
    from rcs_core.release import load
    from rcs_core.workshop.export.needs_book import SUBJECT, write_needs_book

    found = load(release)
    stamp = _stamp(found, author)
    path = _place(out, stamp, SUBJECT)
    write_needs_book(found, stamp, path)
    let_out_file(path, found, SUBJECT)
    say(f"{path}")


@app.command("money-tables")
def money_tables(release: ReleasePath, out: Out, big_screen: BigScreen = False, author: Author = "") -> None:
    """Write the register of services and all mapped spend as one workbook with live sums and checks."""
    from rcs_core.gate import let_out_file
    from rcs_core.release import load
    from rcs_core.workshop.export.money_book import SUBJECT, write_money_book

    found = load(release)
    stamp = _stamp(found, author, big_screen)
    path = _place(out, stamp, SUBJECT)
    write_money_book(found, stamp, path)
    let_out_file(path, found, SUBJECT, big_screen)
    say(f"{path}")


def _side(word: str) -> "Side":
    """A scenario from its file, or a kept one from its link."""
    from rcs_core.workshop import versus
    from rcs_core.workshop.kept import Shelf
    from rcs_core.workshop.scenario import load_scenario
    from rcs_core.workshop.store import Store, store_place

    if Path(word).suffix.lower() == ".json" or Path(word).exists():
        scenario = load_scenario(Path(word))
        return versus.of_scenario(scenario.name or Path(word).stem, scenario, {})
    with Store.open(store_place()) as store:
        return versus.of_kept(Shelf(store).of_link(word))


def _release(path: Path | None, sides: "list[Side]") -> "Release | None":
    """The release that was named; else that of the workspace where a kept scenario was worked out on it."""
    from rcs_core.errors import UnreadableReleaseError
    from rcs_core.release import load

    if path is not None:
        return load(path)
    try:
        found = load(workspace() / "releases")
    except UnreadableReleaseError:
        return None
    return found if found.id in {side.release_id for side in sides} else None


def _stamp(release: "Release | None", author: str, prices_hidden: bool = False) -> "Stamp":
    from rcs_core.stamp import Stamp

    today = dt.datetime.now(dt.UTC).date()
    if release is None:
        return Stamp("Area not stated", "years as in the scenarios", "none-named", "", today, author=author)
    return Stamp.of(release, today, author, prices_hidden)


def _place(out: Path, stamp: "Stamp", subject: str) -> Path:
    """Where the workbook goes: the file that was named, or in the folder under the name that says what it is."""
    return place_of(out, stamp.file_name(subject, "xlsx"))
