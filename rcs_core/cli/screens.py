"""Verbs that serve the two sets of screens: the workbench and the desk."""

from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.inputs import demo
from rcs_core.cli.releases import build
from rcs_core.cli.shared import app
from rcs_core.settings import workspace


@app.command()
def serve(
    release: Annotated[Path | None, typer.Option(help="the release to serve (default: the workspace's current one)")] = None,
    port: Annotated[int, typer.Option(help="the port")] = 8501,
    address: Annotated[str, typer.Option(help="the address to bind to; the default is this machine only")] = "127.0.0.1",
    with_demo: Annotated[
        bool, typer.Option("--demo", help="build the demonstration release first if there is no release")
    ] = False,
) -> None:
    """Serve the workbench."""
    from rcs_core.serving import serve_workbench

    target = release or workspace() / "releases"
    if with_demo and release is None and not (target / "current.json").exists():
        _first_demo(target)
    raise typer.Exit(serve_workbench(target, address, port))


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
