"""The verb of the service register: what each agency sent, what a change would do, the change, its undoing, a decision."""

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rcs_core.cli.shared import Folder, Json, app, result, say
from rcs_core.settings import read_json

if TYPE_CHECKING:
    from rcs_core.records.register import Entry, Proposal, State

Pair = tuple[str, str]
NONE: Any = None


@app.command()
def register(
    folder: Folder,
    file: Annotated[str, typer.Option(help="the file to change, such as services_nhs_board.xlsx; new or there")] = "",
    rows: Annotated[Path | None, typer.Option(help="its rows as they should be: a filled workbook or csv, or .json")] = None,
    keep_others: Annotated[bool, typer.Option("--keep-others", help="rows of the file that --rows has not stay")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="say what would change, and write nothing")] = False,
    undo: Annotated[str, typer.Option(help="take the last change of this file back")] = "",
    same: Annotated[Pair, typer.Option(help="two ids that are one service; the second is kept")] = NONE,
    different: Annotated[Pair, typer.Option(help="two ids that look alike and are two services")] = NONE,
    by: Annotated[str, typer.Option(help="who makes the change, by name or role")] = "",
    why: Annotated[str, typer.Option(help="why, in a few words")] = "",
    as_json: Json = False,
) -> None:
    """Show the service register of every agency, or change one file of it with its history kept."""
    from rcs_core.records import register as desk

    if undo:
        _made(desk.undo(folder, undo, by, why), as_json)
    elif same or different:
        one, other = same or different
        decision = "same" if same else "different"
        _made(desk.decide(folder, one.upper(), other.upper(), decision, by, why, dt.date.today().isoformat()), as_json)
    elif rows is not None:
        found = _proposed(folder, file, rows, keep_others)
        if preview or found.stops:
            _told(found, as_json)
            raise typer.Exit(1 if found.stops else 0)
        _made(desk.write(folder, found, by, why, desk.EDIT if rows.suffix == ".json" else desk.UPLOAD), as_json)
    else:
        _shown(desk.state(folder), as_json)


def _proposed(folder: Path, file: str, rows: Path, keep_others: bool) -> "Proposal":
    """What would change; a .json tells also which version of the file was looked at (`before`, its SHA-256)."""
    from rcs_core.records import register as desk

    held = desk.the_file(folder, file)
    if rows.suffix.casefold() != ".json":
        return desk.propose(folder, file, desk.read_rows(rows, held.contract), keep_others)
    told = read_json(rows)
    if "before" in told and told["before"] != held.sha256:
        raise desk.RegisterError("the file was changed elsewhere in the meantime", file, remedy="look at it again")
    return desk.propose(folder, file, [{str(k): str(v) for k, v in row.items()} for row in told["rows"]], keep_others)


def _made(entry: "Entry", as_json: bool) -> None:
    if as_json:
        result({"entry": entry.to_dict()})
    else:
        back = f", which takes back change {entry.undoes}" if entry.undoes else f". To take it back: --undo {entry.file}"
        say(f"Change {entry.number} of {entry.file}, by {entry.by}: {len(entry.changes)} cell(s){back}")


def _told(found: "Proposal", as_json: bool) -> None:
    if as_json:
        result({"proposal": found.to_dict()})
        return
    for change in found.changes:
        say(f"{change.row}: {change.column}: {json.dumps(change.before)} to {json.dumps(change.after)} ({change.kind})")
    for finding in found.findings:
        say(finding.text())
    say(f"{len(found.changes)} cell(s) would change; {len(found.stops)} breach(es) stop it. Nothing was written.")


def _shown(found: "State", as_json: bool) -> None:
    if as_json:
        result(found.to_dict())
        return
    for held in found.files:
        say(f"{held.name}: {held.problem or f'{len(held.rows)} services'}{f', sent by {held.agency}' if held.agency else ''}")
    for finding in found.findings:
        say(finding.text())
    for pair in found.likely:
        say(f"likely one service: {pair.one} {pair.names[0]} and {pair.other} {pair.names[1]}: {'; '.join(pair.reasons)}")
    say(f"{found.services} services once joined; {len(found.decisions)} decisions; {len(found.history)} changes in the history.")
