"""Verbs before a release: write the demonstration folder, check an input folder."""

from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.shared import Folder, Json, app, result, say


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the input folder")],
    pupils: Annotated[int, typer.Option(help="about how many pupils, P1 to S6 (sets the number of clusters)")] = 20_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same folder")] = 2025,
) -> None:
    """Write the complete input folder of Strathmere, a fictional partnership."""
    from rcs_core.demo import write_demo

    truth = write_demo(folder, pupils=pupils, seed=seed)
    say(f"Strathmere (fictional) is in {folder}: {truth.pupils:,} pupils, {truth.schools} schools, {truth.clusters} clusters.")
    say(f"Next: rcs check {folder}")


@app.command()
def check(
    folder: Folder,
    report: Annotated[Path | None, typer.Option(help="also write every breach to this .xlsx or .json file")] = None,
    as_json: Json = False,
) -> None:
    """Check every file of an input folder against its contract; every breach at once."""
    from rcs_core.contracts import check_folder

    found = check_folder(folder)
    if report is not None:
        found.write(report)
    if as_json:
        result(found.to_json())
    else:
        say(found.text())
    raise typer.Exit(1 if found.errors else 0)
