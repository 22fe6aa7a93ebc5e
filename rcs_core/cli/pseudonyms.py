"""The one verb of the pseudonym role: identifiers in, pseudonyms out, with a key that lies elsewhere."""

import os
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.shared import Json, app, result, say
from rcs_core.errors import RcsError

if TYPE_CHECKING:
    from rcs_core.pseudonyms import Wish

Source = Annotated[Path | None, typer.Argument(metavar="FILE_OR_FOLDER", help="the file or folder that holds identifiers")]
Out = Annotated[Path | None, typer.Option(help="the folder for the pseudonymous files and the receipt")]
KeyFile = Annotated[Path | None, typer.Option(metavar="KEYFILE", help="the key file, kept away from all of these folders")]
Columns = list[str] | None


@app.command()
def pseudonymise(
    source: Source = None,
    out: Out = None,
    key: KeyFile = None,
    identifier: Annotated[Columns, typer.Option("--id", help="the header of the identifier column (may be repeated)")] = None,
    drop: Annotated[Columns, typer.Option(help="the header of a column to leave out (may be repeated)")] = None,
    keep: Annotated[Columns, typer.Option(help="a column whose header only sounds like a name or an address")] = None,
    form: Annotated[str, typer.Option(help="scn (Scottish Candidate Number), chi or other")] = "scn",
    header_row: Annotated[int, typer.Option(help="the row that holds the headers")] = 1,
    sheet: Annotated[str, typer.Option(help="the sheet of a workbook (default: the first)")] = "",
    new_key: Annotated[Path | None, typer.Option(metavar="KEYFILE", help="make a key, write it here and stop")] = None,
    as_json: Json = False,
) -> None:
    """Replace pupils' identifiers by pseudonyms: a step and a role apart, before any file comes to the workbench."""
    from rcs_core.pseudonyms import Wish, WishError

    if new_key is not None:
        _make_key(new_key, as_json)
        return
    if source is None or out is None or key is None:
        missing = [n for n, v in (("FILE_OR_FOLDER", source), ("--out", out), ("--key", key)) if v is None]
        raise WishError(
            "something is missing", "rcs pseudonymise", ", ".join(missing), "", "rcs pseudonymise --help shows all of it"
        )
    wish = Wish(tuple(identifier or ()), tuple(drop or ()), tuple(keep or ()), form, header_row, sheet)
    raise typer.Exit(_run(source, out, key, wish, as_json))


def _make_key(path: Path, as_json: bool) -> None:
    from rcs_core.pseudonyms import fingerprint, new_key

    made = fingerprint(new_key(path))
    if as_json:
        result({"key_fingerprint": made})
        return
    say(f"A new key is in {path}; its fingerprint is {made}.")
    say("Keep a second copy in another safe place. Whoever has the key and a list of numbers can tell who is who;")
    say("without the key, later years cannot be linked to what is made with it.")


def _run(source: Path, out: Path, key: Path, wish: "Wish", as_json: bool) -> int:
    """Run, and say what came of it; a defect of ours is told by its place only, since its words could hold a cell."""
    from rcs_core.pseudonyms import Outcome, PseudonymError, pseudonymise, told

    defect = ""
    outcome = Outcome(None, [], [])
    try:
        outcome = pseudonymise(source, out, key, wish)
    except (RcsError, OSError):
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        defect = f"{type(error).__name__} at {os.path.basename(last.filename)}:{last.lineno}"
    if defect:
        remedy = "this is ours, not yours; send us this line, and no file. Nothing was written"
        raise PseudonymError("a defect of rcs", "rcs pseudonymise", defect, "", remedy)
    if outcome.receipt is None:
        if as_json:
            result({"written": [], "findings": [asdict(f) for b in outcome.breaches for f in b.findings()]})
        else:
            say(told(outcome.breaches))
            say("Nothing was written.")
        return 1
    if as_json:
        result({"written": [p.name for p in outcome.written], "receipt": outcome.receipt.to_json()})
    else:
        say(outcome.receipt.text())
        say(f"\nWritten to {out}. Next: rcs check {out}")
    return 0
