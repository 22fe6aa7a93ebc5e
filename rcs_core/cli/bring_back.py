"""The verb that reads a scenario workbook back: what was changed in it, and the scenario with those changes."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.shared import Json, app, place_of, say
from rcs_core.cli.shared import result as tell


@app.command("load-workbook")
def load_workbook(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help="a scenario workbook that was edited (xlsx)")],
    out: Annotated[Path, typer.Option(help="where to write the scenario (JSON)")],
    accept: Annotated[bool, typer.Option("--accept", help="take the changes; without it they are listed")] = False,
    owner: Annotated[str, typer.Option(help="whose changes they are")] = "",
    reason: Annotated[str, typer.Option(help="why they were made")] = "",
    onto: Annotated[Path | None, typer.Option(help="the scenario that a workbook of an earlier program belongs to")] = None,
    area: Annotated[str, typer.Option(help="refuse a workbook of any other area")] = "",
    as_json: Json = False,
) -> None:
    """Read a scenario workbook back: its changes listed, with --accept its scenario written. Exit 1: not accepted yet."""
    from rcs_core.workshop import bring_back
    from rcs_core.workshop.scenario import load_scenario

    out = place_of(out, f"{book.stem}.json")
    base = bring_back.Came(load_scenario(onto).to_dict()) if onto else None
    loaded = bring_back.load_workbook(book, base, area)
    taken = accept or loaded.unchanged
    if taken:
        scenario = bring_back.accept(loaded, owner, reason, dt.datetime.now(dt.UTC).date())
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(scenario.to_dict(), indent=1), encoding="utf-8")
    if as_json:
        changes = [{"cell": c.cell, "place": c.pointer, "input": c.words, "was": c.was, "now": c.now} for c in loaded.changes]
        tell(
            {
                "accepted": taken,
                "changes": changes,
                "warnings": loaded.warnings,
                "not_taken": loaded.told,
                "filled": loaded.filled,
            }
        )
    else:
        _say(loaded, out if taken else None)
    raise typer.Exit(0 if taken else 1)


def _say(loaded: object, out: Path | None) -> None:
    """The changes, line by line, and what became of them."""
    from rcs_core.workshop.bring_back import Loaded

    assert isinstance(loaded, Loaded)
    for change in loaded.changes:
        moved = f", {change.moved}" if change.moved else ""
        unit = f" {change.unit}" if change.unit else ""
        note = f" ({change.note})" if change.note else ""
        say(f"{change.cell}: {change.words}: was {change.was_said}, now {change.now_said}{unit}{moved}{note}")
    for line in (*loaded.warnings, *loaded.told, *(f"Filled in: {text}" for text in loaded.filled)):
        say(line)
    if loaded.unchanged:
        say("No input was changed.")
    say(f"{out}" if out else "Nothing is written. To take these changes: --accept --owner NAME --reason WHY")
