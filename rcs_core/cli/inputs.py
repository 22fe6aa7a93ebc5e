"""Verbs before a release: the demonstration folder, empty templates, the data dictionary, the check of an input folder."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import Folder, Json, app, result, say

if TYPE_CHECKING:
    from rcs_core.contracts import CheckReport


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the input folder")],
    pupils: Annotated[int, typer.Option(help="about how many pupils, P1 to S6 (sets the number of clusters)")] = 20_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same folder")] = 2025,
    every_question: Annotated[
        bool, typer.Option("--every-question", help="with twelve further topics and the SDQ scales")
    ] = False,
    all_money: Annotated[
        bool, typer.Option("--all-money", help="with a key over three areas, ring-fenced funds and budgets of later years")
    ] = False,
) -> None:
    """Write the complete input folder of Strathmere, a fictional partnership."""
    from rcs_core.demo import write_demo

    truth = write_demo(folder, pupils=pupils, seed=seed, every_question=every_question, all_money=all_money)
    say(f"Strathmere (fictional) is in {folder}: {truth.pupils:,} pupils, {truth.schools} schools, {truth.clusters} clusters.")
    say(f"Next: rcs check {folder}")


@app.command()
def check(
    folder: Folder,
    report: Annotated[Path | None, typer.Option(help="also write every breach to this .xlsx or .json file")] = None,
    annotate: Annotated[bool, typer.Option("--annotate", help="beside each file to mend, write a copy that shows where")] = False,
    as_json: Json = False,
    progress: Annotated[bool, typer.Option("--progress", help="with --json: a line for each step before the report")] = False,
) -> None:
    """Check every file of an input folder against its contract; every breach at once."""
    from rcs_core.contracts import check_folder
    from rcs_core.contracts.inventory import inventory
    from rcs_core.contracts.reading import silent

    found = check_folder(folder, _tell if progress and as_json else silent)
    if report is not None:
        found.write(report)
    if as_json:
        result(
            found.to_json()
            | inventory(folder, found).to_json()
            | ({"written": _annotate(found, folder, quiet=True)} if annotate else {})
        )
    else:
        say(found.text())
        if annotate:
            _annotate(found, folder, quiet=False)
    raise typer.Exit(1 if found.errors else 0)


def _tell(share: float, text: str) -> None:
    result({"stage": "check", "done": round(share, 3), "text": text})
    sys.stdout.flush()


def _annotate(found: "CheckReport", folder: Path, quiet: bool) -> list[dict[str, object]]:
    """Write the marked copies; a copy that cannot be written is said, and takes nothing from the report."""
    from rcs_core.contracts.annotate import annotate, summary
    from rcs_core.sheets.write import SheetError

    try:
        written = annotate(found, folder)
    except SheetError as problem:
        typer.echo(str(problem), err=True)
        return []
    for line in [] if quiet else summary(written, found):
        say(line)
    return [copy.to_dict() for copy in written]


@app.command()
def template(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the empty files")],
    table: Annotated[list[str] | None, typer.Option(help="only this table, for example services; may be given again")] = None,
) -> None:
    """Write an empty workbook for each table, with its lists, and a commented file for each YAML input."""
    from rcs_core.contracts.template import write_templates

    written = write_templates(folder, table or [])
    say(f"{len(written)} empty files in {folder}: {', '.join(path.name for path in written)}")
    say("Fill in those you hold and delete the rest. A ledger is sent as it is; ledger_columns.yaml tells how it is laid out.")
    say(f"Next: rcs check {folder}")


@app.command()
def dictionary(folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the pages")]) -> None:
    """Write the data dictionary: a page for each input file, and an index."""
    from rcs_core.contracts.dictionary import write_dictionary

    say(f"{len(write_dictionary(folder))} pages in {folder}")
