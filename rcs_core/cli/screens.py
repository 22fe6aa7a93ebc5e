"""Verbs that serve the two sets of screens: the workbench and the desk."""

from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.inputs import demo
from rcs_core.cli.releases import build
from rcs_core.cli.shared import app, say
from rcs_core.settings import workspace


@app.command()
def serve(
    release: Annotated[Path | None, typer.Option(help="the release to serve (default: the workspace's current one)")] = None,
    port: Annotated[int, typer.Option(help="the port")] = 8501,
    address: Annotated[str, typer.Option(help="the address to bind to; the default is this machine only")] = "127.0.0.1",
    with_demo: Annotated[
        bool, typer.Option("--demo", help="build the demonstration release first if there is no release")
    ] = False,
    hosted: Annotated[
        Path | None, typer.Option(metavar="FILE", help="people sign in: the hosting file (see docs/how-to/host.md)")
    ] = None,
) -> None:
    """Serve the workbench."""
    from rcs_core.access.key import LOOPBACK, new_key
    from rcs_core.serving import serve_hosted, serve_workbench

    if hosted is not None:
        if release is not None or with_demo:
            raise typer.BadParameter("the hosting file says which releases are served", param_hint="--release, --demo")
        raise typer.Exit(serve_hosted(hosted, address, port))
    target = release or workspace() / "releases"
    if with_demo and release is None and not (target / "current.json").exists():
        _first_demo(target)
    key = "" if address in LOOPBACK else new_key()
    if key:
        _tell(address, port, key)
    raise typer.Exit(serve_workbench(target, address, port, key))


def _tell(address: str, port: int, key: str) -> None:
    """How the facilitator opens a workbench that others on the network can reach."""
    host = "127.0.0.1" if address in ("0.0.0.0", "::", "") else f"[{address}]" if ":" in address else address
    say("Everybody on this network can read the pages and take part in a session. Whoever has this address can do everything,")
    say("so keep it to yourself (from another machine: with this machine's address in place of 127.0.0.1):")
    say(f"  http://{host}:{port}/session?key={key}")


def _first_demo(target: Path) -> None:
    folder = workspace() / "demo"
    if not (folder / "partnership.yaml").exists():
        demo(folder)
    build(folder, target)


@app.command()
def desk(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="where input folders are kept (default: the workspace)")
    ] = None,
    port: Annotated[int, typer.Option(help="the port")] = 8502,
) -> None:
    """Serve the desk, where records are prepared and released; this machine only."""
    from rcs_core.serving import serve_desk

    raise typer.Exit(serve_desk(folder or workspace(), port))
