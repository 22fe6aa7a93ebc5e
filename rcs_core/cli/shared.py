"""What the verbs share: the command itself, the arguments that several take, and how a result is said."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

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


def say(text: str) -> None:
    """Print one line for a person."""
    typer.echo(text)


def result(content: dict[str, Any]) -> None:
    """Print a result for a program, as one line of JSON."""
    typer.echo(json.dumps(content, default=str))
