"""The `rcs` command: every screen's work without the screen, one thin function a verb.

Exit codes: 0 done; 1 the answer is "no" (breaches, a leak, an impossible scenario); 2 wrong usage or unreadable
input. Errors go to stderr in the house form, never as a traceback (RCS_DEBUG=1 shows one, for developers).
"""

import os
import sys
from typing import Annotated

import typer

from rcs_core import __version__
from rcs_core.cli import (
    ballots,
    books,
    bring_back,
    controller,
    inputs,
    ledgers,
    linkage,
    papers,
    pbt,
    preview,
    profiles,
    pseudonyms,
    register,
    releases,
    scenarios,
    screens,
    sessions,
    stores,
)
from rcs_core.cli.shared import app, say
from rcs_core.errors import RcsError, UnreadableError

__all__ = [
    "app",
    "ballots",
    "books",
    "bring_back",
    "controller",
    "inputs",
    "ledgers",
    "linkage",
    "main",
    "papers",
    "pbt",
    "preview",
    "profiles",
    "pseudonyms",
    "register",
    "releases",
    "scenarios",
    "screens",
    "sessions",
    "stores",
]


def _version(wanted: bool) -> None:
    if wanted:
        say(f"rcs {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")] = False,
) -> None:
    """Joint strategic commissioning of children's services, from the command line."""


def _unusable(error: OSError) -> UnreadableError:
    """A path that the system will not read or write (no such folder, no right to it, disk full), in the house form."""
    where = str(error.filename or "rcs")
    remedy = "look at the path, at the right to use it and at the room on the disk"
    return UnreadableError("the file or folder cannot be used", where, error.strerror or str(error), remedy=remedy)


def main() -> None:
    """Run `rcs`; what a person can put right is printed in the house form."""
    try:
        app()
    except RcsError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        typer.echo(str(_unusable(error)), err=True)
        sys.exit(2)
    except Exception as error:
        if os.environ.get("RCS_DEBUG"):
            raise
        name = type(error).__name__
        typer.echo(f"Defect: rcs met something it did not expect ({name}: {error}).", err=True)
        typer.echo("This is ours, not yours. To see where: set RCS_DEBUG=1 and run the command again.", err=True)
        sys.exit(2)
