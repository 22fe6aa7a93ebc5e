"""Verbs of the store: where it is, its back-up, putting one back, the audit trail, and whether it is as it should be."""

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rcs_core.cli.shared import Json, app, place_of, result, say

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from rcs_core.workshop.meeting.fit_to_leave import Fit
    from rcs_core.workshop.store import Store

store = typer.Typer(
    name="store",
    help="Where decisions, votes and scenarios are kept: back-up, restore, audit trail, check.",
    no_args_is_help=True,
)
app.add_typer(store)

_MADE = re.compile(r"[0-9a-f]{12,64}")
"""What a program made: the hash of a release, the id of one."""
LEFT_OUT = "[left out here: it looks like what a child could be known by]"

Backup = Annotated[Path, typer.Argument(metavar="FILE", help="the back-up")]


@store.command()
def where() -> None:
    """Say where the store is: RCS_STORE, or else the workspace's own file."""
    from rcs_core.workshop.store import Place, store_place

    place = Place.of(store_place())
    there = "" if place.path is None or place.path.exists() else " (not made yet)"
    say(f"{place.said}{there}")


@store.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the file to write, or a folder: then it is named for you")],
    replace: Annotated[bool, typer.Option("--replace", help="write over a file of this name")] = False,
) -> None:
    """Write the whole store to one file, while it is used; read back before it counts."""
    from rcs_core.workshop.store.copies import backup as write

    target = place_of(file, f"rcs-store-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite") if file.is_dir() else file
    with _there() as found:
        held = write(found, target, replace)
    say(f"{target}: {held.said}; read back and the same.")
    say("It holds names, votes and what was said: keep it as you keep the store.")


@store.command()
def restore(file: Backup) -> None:
    """Put a back-up in the store's place; a store that is there is kept beside it under another name."""
    from rcs_core.workshop.store import Place, store_place
    from rcs_core.workshop.store.copies import restore as put_back

    held, kept = put_back(file, store_place())
    say(f"{Place.of(store_place()).said} holds {held.said}; read back and the same.")
    if kept is not None:
        say(f"The store that was there is kept as {kept}")


@store.command()
def events(
    csv: Annotated[Path, typer.Option("--csv", metavar="OUT", help="the table to write, or a folder")],
    session: Annotated[str, typer.Option(metavar="ID", help="of one session alone")] = "",
    no_words: Annotated[bool, typer.Option("--no-words", help="who, what and when, without what was typed or sent")] = False,
) -> None:
    """Write the audit trail as a table: every event, who, when and what, with the names."""
    from rcs_core.gate import csv_bytes, let_out
    from rcs_core.workshop.meeting.fit_to_leave import Fit
    from rcs_core.workshop.store.trail import trail

    target = place_of(csv, f"audit trail {session}.csv" if session else "audit trail.csv")
    fit = Fit(datetime.now(UTC).year)
    with _there() as found:
        frame = _fit_to_leave(trail(found, session, not no_words, partial(_words, fit)), fit)
    target = place_of(csv, f"audit trail {session}.csv" if session else "audit trail.csv")
    fit = Fit(datetime.now(UTC).year)
    with _there() as found:
        frame = fit.frame(trail(found, session, not no_words, fit.every))
    target.write_bytes(let_out(csv_bytes(frame), "csv", "audit trail", None))
    say(f"{target}: {len(frame):,} event{'' if len(frame) == 1 else 's'}. It names people: it is as confidential as the store.")
    for line in fit.said():
        say(line)


@store.command()
def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="a back-up; without it the store itself")] = None,
    as_json: Json = False,
) -> None:
    """Look whether the store, or a back-up, is whole, sound and still refuses change; exit 1 where it is not."""
    from rcs_core.workshop.store.check import check as look
    from rcs_core.workshop.store.copies import opened_copy

    with opened_copy(file) if file else _there() as found:
        seen = look(found)
    where = str(file or seen.where)
    if as_json:
        result({**seen.to_dict(), "store": where})
    else:
        say(f"{where}: {seen.held.said}.")
        for breach in seen.wrong:
            say(f"  wrong: {breach}")
        if not seen.wrong:
            say("Every event was read; the store is sound, and refuses change, removal and replacement.")
    if seen.wrong:
        raise typer.Exit(1)


def _words(fit: "Fit", body: dict[str, Any]) -> dict[str, Any]:
    """What was typed or sent, as it may leave; what a program made (a hash, an id) is looked at with the table."""
    return {key: value if _MADE.fullmatch(str(value)) else fit.every(value) for key, value in body.items()}


def _fit_to_leave(frame: "DataFrame", fit: "Fit") -> "DataFrame":
    """The table without a cell that the gate would refuse it for: where a column may not leave, its cells are looked at alone."""
    found = frame.copy()
    for name in frame.columns[1:]:
        found[name] = _column(frame[name], fit)
    return found


def _column(column: "Series[Any]", fit: "Fit") -> "Series[Any]":
    if not _refused(list(column), fit.year):
        return column
    alone = {cell for cell in set(column) if _refused([cell], fit.year)}
    fit.numbers += int(column.isin(alone).sum())
    return column.where(~column.isin(alone), LEFT_OUT)


def _refused(cells: list[str], year: int) -> bool:
    from rcs_core.gate.contents import Contents, Grid
    from rcs_core.gate.identity import identifiers

    rows = (("column",), *((cell,) for cell in cells))
    return bool(identifiers(Contents(grids=[Grid("audit trail", rows, plain=True)]), year))


def _there() -> "Store":
    """The store that is there; none is made by looking for it."""
    from rcs_core.workshop.store import Place, Store, StoreError, store_place

    place = Place.of(store_place())
    if place.path is not None and not place.path.exists():
        remedy = "name it with RCS_STORE or RCS_HOME, or make one: serve the workbench, or sign a release off"
        raise StoreError("there is no store yet", place.said, remedy=remedy)
    return Store.open(store_place())
