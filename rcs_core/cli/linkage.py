"""Verbs about linkage and opt-outs: what was linked and what was not, and taking a release out of use."""

from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.shared import Folder, Json, ReleasePath, app, result, say


@app.command()
def linkage(
    folder: Folder,
    report: Annotated[Path | None, typer.Option(help="also write it to this .xlsx file, which stays on the desk")] = None,
    as_json: Json = False,
) -> None:
    """Say what linked and what did not, for the desk alone: match rates, how the unlinked differ, duplicates, opt-outs."""
    from rcs_core.records.linkage import linkage_report

    found = linkage_report(folder)
    if report is not None:
        found.write(report)
    if as_json:
        result(found.to_json())
    else:
        say(found.text())


@app.command()
def withdraw(
    release: ReleasePath,
    why: Annotated[str, typer.Option(help="the reason, for example late opt-outs")],
    by: Annotated[str, typer.Option(help="who withdraws it, by name")],
) -> None:
    """Take a release out of use for good: the workbench does not serve it any more."""
    from rcs_core.release import load
    from rcs_core.workshop.store import Store, store_place

    found = load(release)
    with Store.open(store_place()) as store:
        store.withdraw(found.manifest.content_hash, by, why)
    say(f"Release {found.id} ({found.manifest.partnership}, {found.manifest.year}) is withdrawn by {by}: {why}.")
    say("The workbench of this workspace does not serve it any more. What remains, and is yours to delete:")
    say(f"  the data file {found.path} and its manifest {found.path.with_suffix('.json').name}")
    say("  every copy of the release folder on another machine: withdraw or delete it there too")
    say("  what was taken out of it: csv tables, workbooks, pictures, notes")
    say("  scenarios and the sign-off in the store, which cite it by its id and hold no table of it")
