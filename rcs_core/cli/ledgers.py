"""Verbs for ledgers: look at them, choose their columns, tag their lines by rule. Decisions come on standard input, as JSON."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from rcs_core.cli.shared import Folder, Json, app, result, say
from rcs_core.errors import UnreadableError
from rcs_core.settings import workspace

Ledger = Annotated[str, typer.Argument(metavar="LEDGER", help="a ledger file's name without its ending, such as ledger_nhs")]
Reveal = Annotated[bool, typer.Option("--reveal", help="with descriptions, which are masked otherwise; for the desk alone")]
Earlier = Annotated[Path | None, typer.Option(help="last year's input folder, whose descriptions may help")]


def memory() -> Path:
    """The desk's memory, as a build keeps it."""
    return workspace() / "desk" / "mappings.sqlite"


def _told() -> dict[str, Any]:
    """What is decided, read from standard input so that it stands in no list of processes."""
    try:
        found = json.loads(sys.stdin.read())
    except ValueError as error:
        raise UnreadableError("what is decided is not JSON", "standard input", str(error)) from error
    if not isinstance(found, dict):
        raise UnreadableError("what is decided is not a mapping", "standard input", type(found).__name__)
    return found


@app.command()
def ledgers(
    folder: Folder,
    ledger: Annotated[str, typer.Option(help="only this one, with its columns, rules and suggestions")] = "",
    reveal: Reveal = False,
    earlier: Earlier = None,
    as_json: Json = False,
) -> None:
    """Say of each ledger what is mapped, other areas', left out and unmapped, to the penny; nothing is written."""
    from rcs_core.records.tagging import desk

    if ledger:
        result(desk.look(folder, ledger.casefold(), memory(), reveal, earlier))
        return
    found = desk.overview(folder)
    if as_json:
        result(found)
    else:
        say("\n".join(_line(row) for row in found["ledgers"]) or "There are no ledgers in this folder.")
    raise typer.Exit(1 if any(row["problem"] or not row["described"] for row in found["ledgers"]) else 0)


def _line(row: dict[str, Any]) -> str:
    from rcs_core.contracts.ledgers import pounds

    if not row["described"]:
        return f"{row['ledger']}: not described yet; `rcs desk` suggests its columns, or write them in ledger_columns.yaml"
    if row["problem"]:
        return f"{row['ledger']}: {' '.join(row['problem'].split())}"
    sides = row["reconciled"]
    told = [("mapped", "mapped"), ("other_areas", "other areas'"), ("excluded", "left out"), ("unmapped", "unmapped")]
    parts = ", ".join(f"{pounds(sides[key])} {words}" for key, words in told if sides[key] or key in ("mapped", "unmapped"))
    return f"{row['ledger']}: {parts}; together {pounds(sides['control'])}, its control total."


@app.command("layout")
def ledger_columns(
    folder: Folder,
    ledger: Ledger,
    accept: Annotated[bool, typer.Option("--accept", help="write it; without this it is only tried")] = False,
    reveal: Reveal = False,
) -> None:
    """Try, or with --accept write, how a ledger is laid out: {"entry": ..., "by": ..., "reason": ...} on standard input."""
    from rcs_core.records.tagging import desk

    told = _told()
    entry = dict(told.get("entry") or {})
    if not accept:
        result(desk.try_columns(folder, ledger.casefold(), entry, reveal))
        return
    result(desk.accept_columns(folder, ledger.casefold(), entry, memory(), str(told.get("by", "")), str(told.get("reason", ""))))


@app.command("tag")
def ledger_rules(folder: Folder, ledger: Ledger, earlier: Earlier = None) -> None:
    """Add, accept or remove rules, or accept suggestions: {"accept": ["R001"], "by": ..., "reason": ...} on standard input."""
    from rcs_core.records.tagging import desk

    result(desk.decide(folder, ledger.casefold(), _told(), memory(), earlier))
