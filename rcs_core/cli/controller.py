"""Verbs for the data controller: the data-flow sheet, and the deletion of working files with its certificate."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.shared import Folder, Json, app, result, say
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.settings import workspace


@app.command()
def dataflow(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="where to write the sheet: .xlsx or .md")],
    release: Annotated[Path | None, typer.Option(help="the release made from it (default: the workspace's current one)")] = None,
) -> None:
    """Write the data-flow sheet for an impact assessment: which input, whose, what is personal, what leaves, who sees it."""
    from rcs_core.contracts import check_folder
    from rcs_core.contracts.inventory import inventory
    from rcs_core.controller import data_flow, write_sheet

    report = check_folder(folder)
    told = report.to_json() | inventory(folder, report).to_json()
    sections = data_flow(told, str(folder.resolve()), _release(release), dt.date.today())
    write_sheet(sections, out, f"Data flow of {report.partnership.get('name') or folder.name}")
    say(f"{out}: {len(sections)} tables")


def _release(path: Path | None) -> Release | None:
    """The release that was named, or the workspace's own where there is one."""
    from rcs_core.release import load

    if path is not None:
        return load(path)
    try:
        return load(workspace() / "releases")
    except ReleaseError:
        return None


@app.command()
def forget(
    folder: Folder,
    yes: Annotated[bool, typer.Option("--yes", help="do it; without this nothing is deleted")] = False,
    by: Annotated[str, typer.Option(help="who decides, by name")] = "",
    role: Annotated[str, typer.Option(help="in which role, for example data controller")] = "",
    reason: Annotated[str, typer.Option(help="why, for example the end of retention")] = "",
    personal_only: Annotated[
        bool, typer.Option("--personal-only", help="only records and ledgers; keep the register, the evidence and the layout")
    ] = False,
    everything: Annotated[bool, typer.Option("--everything", help="also files in the folder that are no input")] = False,
    as_json: Json = False,
) -> None:
    """Delete the working files of an input folder and write a certificate; without --yes, only say what would go."""
    from rcs_core.controller import forget as run
    from rcs_core.controller import plan_deletion

    plan = plan_deletion(folder, personal_only, everything)
    if not yes:
        if as_json:
            result(plan.to_json())
        else:
            say(plan.text())
        return
    made = run(plan, by, role, reason)
    if as_json:
        result(made.to_json())
    else:
        say("\n".join(f"{entry.state}: {entry.file}{f' ({entry.why})' if entry.why else ''}" for entry in made.files))
        say(f"{made.deleted} of {len(made.files)} file(s) deleted. The certificate is {made.path} (and .md beside it).")
        say(made.says[0])
    raise typer.Exit(0 if made.deleted == len(made.files) else 1)
