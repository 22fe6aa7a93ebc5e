"""The verb that takes the money to the Preventative Budgeting Tool's three tables, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import Json, app, result, say

if TYPE_CHECKING:
    import pandas as pd

    from rcs_core.pbt import Book
    from rcs_core.release import Release


@app.command()
def pbt(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="a release, an input folder, or a workbook (.xlsx) to take in")
    ],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="the workbook to write, or the folder for what is taken in")],
    register: Annotated[
        Path | None, typer.Option(help="taking in: the input folder whose register and ids the workbook's tags go to")
    ] = None,
    as_json: Json = False,
) -> None:
    """Preventative Budgeting Tool tables: a release or input folder to a workbook, or such a workbook to input files."""
    if source.suffix.casefold() == ".xlsx":
        _take_in(source, target, register, as_json)
    else:
        _write(source, target, as_json)


def _write(source: Path, target: Path, as_json: bool) -> None:
    from rcs_core.errors import SettingsError
    from rcs_core.gate import let_out_file
    from rcs_core.pbt import write_book

    if target.suffix.casefold() != ".xlsx":
        raise SettingsError("the tables are written as a workbook", str(target), target.suffix or "no ending", ".xlsx")
    book, about, of = _book(source)
    desk_only = of is None
    write_book(book, target, about, desk_only)
    if of is not None:  # cost centres are for the desk, where nothing leaves
        let_out_file(target, of)
    counts = {name: len(frame) for name, frame in book.tables().items()}
    if as_json:
        result({"workbook": str(target), "rows": counts, "desk_only": desk_only})
        return
    say(f"{target}: {counts['organise']:,} lines, {counts['prevention']:,} services, {counts['outcomes']:,} outcome tags.")
    if desk_only:
        say("It names cost centres: keep it at the desk.")


def _book(source: Path) -> "tuple[Book, str, Release | None]":
    """The three tables, whose they are, and the release that they are of (None: of an input folder, for the desk alone)."""
    from rcs_core.contracts import check_folder
    from rcs_core.pbt import book_of_folder, book_of_release
    from rcs_core.release import load

    if (source / "partnership.yaml").is_file():
        report = check_folder(source)
        return book_of_folder(report), f"{report.partnership.get('name', source.name)}, input folder.", None
    release = load(source)
    return book_of_release(release), f"{release.manifest.partnership}, release {release.id}.", release


def _take_in(source: Path, target: Path, register: Path | None, as_json: bool) -> None:
    from rcs_core.pbt import read_book, take_in, write_taken
    from rcs_core.sheets.read import limits

    book, said = read_book(source)
    taken = take_in(book, source.name, _register(register) if register else None, said)
    written = [] if taken.errors else write_taken(taken, target)
    if as_json:
        found = [{"severity": f.severity.value, "text": f.text()} for f in taken.findings]
        result({"written": [str(p) for p in written], "findings": found})
    else:
        for breach in taken.breaches:
            for finding in breach.findings(limits().shown_alike):
                say(finding.text())
            if breach.count > limits().shown_alike:
                say(f"{breach.severity.value}: and {breach.count - limits().shown_alike:,} more like it")
        if written:
            say(f"In {target}: {', '.join(path.name for path in written)}. Compare with your own, then `rcs check` the folder.")
        else:
            say(f"Nothing was written: {len(taken.errors)} thing(s) to mend in {source.name}.")
    raise typer.Exit(1 if taken.errors else 0)


def _register(folder: Path) -> "pd.DataFrame":
    """The register of an input folder as the check reads it."""
    from rcs_core.contracts import check_folder
    from rcs_core.errors import ContractError

    tables = check_folder(folder).tables
    if "services" not in tables:
        raise ContractError("the folder holds no register of services", str(folder), expected="services.xlsx")
    frame = tables["services"]
    return frame[frame["_mark"] == ""].drop(columns=["_mark", "_why", "_row"]).fillna("").astype("str")
