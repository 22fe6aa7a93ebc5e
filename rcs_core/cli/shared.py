"""What the verbs share: the command itself, the arguments that several take, and how a result is said."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from rcs_core.errors import SettingsError

app = typer.Typer(
    name="rcs",
    help="Joint strategic commissioning of children's services, from the command line.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="the partnership's input folder")]
ReleasePath = Annotated[Path, typer.Argument(metavar="RELEASE", help="the release folder (or one of its data files)")]
Json = Annotated[bool, typer.Option("--json", help="print machine-readable results")]


def place_of(out: Path, name: str) -> Path:
    """Where a file that was asked for goes: the file itself, or in a folder under its own name.

    Raises SettingsError where the file is named as another kind: a scenario in the place of the last word, such as the third
    of three without OUT, would be written over.
    """
    kind = Path(name).suffix
    if out.is_dir() or (not out.suffix and not out.is_file()):
        return out / name
    if out.suffix.lower() != kind:
        raise SettingsError(
            "this would be another kind of file than its name says", str(out), out.suffix or "no ending",
            f"a file that ends in {kind}, or a folder", "name the file to write last, after what is read",
        )  # fmt: skip
    return out


def say(text: str) -> None:
    """Print one line for a person."""
    typer.echo(text)


def result(content: dict[str, Any]) -> None:
    """Print a result for a program, as one line of JSON."""
    typer.echo(json.dumps(content, default=str))
