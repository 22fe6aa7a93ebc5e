"""The `rcs` command: every screen's work without the screen, one thin function a verb.

Exit codes: 0 done; 1 the answer is "no" (breaches, a leak, an impossible scenario); 2 wrong usage or unreadable
input. Errors go to stderr in the house form, never as a traceback (RCS_DEBUG=1 shows one, for developers).
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from rcs_core import __version__
from rcs_core.errors import RcsError, UnreadableError
from rcs_core.settings import workspace

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


def _say(text: str) -> None:
    typer.echo(text)


def _result(content: dict[str, Any]) -> None:
    typer.echo(json.dumps(content, default=str))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the input folder")],
    pupils: Annotated[int, typer.Option(help="about how many pupils, P1 to S6 (sets the number of clusters)")] = 20_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same folder")] = 2025,
) -> None:
    """Write the complete input folder of Strathmere, a fictional partnership."""
    from rcs_core.demo import write_demo

    truth = write_demo(folder, pupils=pupils, seed=seed)
    _say(f"Strathmere (fictional) is in {folder}: {truth.pupils:,} pupils, {truth.schools} schools, {truth.clusters} clusters.")
    _say(f"Next: rcs check {folder}")


@app.command()
def check(
    folder: Folder,
    report: Annotated[Path | None, typer.Option(help="also write every breach to this .xlsx or .json file")] = None,
    as_json: Json = False,
) -> None:
    """Check every file of an input folder against its contract; every breach at once."""
    from rcs_core.contracts import check_folder

    found = check_folder(folder)
    if report is not None:
        found.write(report)
    if as_json:
        _result(found.to_json())
    else:
        _say(found.text())
    raise typer.Exit(1 if found.errors else 0)


@app.command()
def build(folder: Folder, release: ReleasePath, as_json: Json = False) -> None:
    """Build a release: link, estimate, map the money, protect, audit, save."""
    from rcs_core.records.build import build as run

    def tell(stage: str, share: float, text: str) -> None:
        line = {"stage": stage, "done": round(share, 3), "text": text}
        typer.echo(json.dumps(line) if as_json else f"{share:4.0%}  {text}", err=not as_json)
        sys.stdout.flush()

    built = run(folder, release, tell)
    if built.fictional:
        _sign_demo(built.content_hash)
    if as_json:
        _result(built.to_dict())
    else:
        done = built.summary
        for note in built.notes:
            typer.echo(f"note: {note}", err=True)
        _say(f"Release {built.release_id} in {release}: {done['cells']:,} cells, {done['hidden']:,} hidden, 0 can be worked out.")
        _say(
            "Fictional, so it signed itself off." if built.fictional else f'Next: rcs signoff {release} --by "NAME" --role "ROLE"'
        )


def _sign_demo(content_hash: str) -> None:
    from rcs_core.workshop.store import Store

    with Store.open(workspace() / "store.sqlite") as store:
        if store.signed_off(content_hash) is None:
            store.sign_off(
                content_hash,
                "rcs demo",
                "Fictional demonstration",
                "Invented data about nobody: no controller needs to sign.",
                True,
            )


@app.command()
def signoff(
    release: ReleasePath,
    by: Annotated[str, typer.Option(help="who signs, by name")],
    role: Annotated[str, typer.Option(help="in which role, for example data controller")],
    note: Annotated[str, typer.Option(help="what was looked at")] = "",
) -> None:
    """Sign a release off, without which the workbench does not serve it."""
    from rcs_core.release import load
    from rcs_core.workshop.store import Store

    found = load(release)
    with Store.open(workspace() / "store.sqlite") as store:
        store.sign_off(found.manifest.content_hash, by, role, note, found.manifest.fictional)
    _say(f"Release {found.id} ({found.manifest.partnership}, {found.manifest.year}) is signed off by {by}, {role}.")


Nest = Annotated[list[str] | None, typer.Option(help='nested columns, for example "cluster>school"')]
Hier = Annotated[list[str] | None, typer.Option(help="DIM=FILE, a csv of child,parent[,partition]")]


@app.command()
def protect(
    counts: Annotated[list[Path], typer.Argument(metavar="TABLE.csv...", help="tables of counts, margins coded ALL")],
    out: Annotated[Path, typer.Option(help="the folder for the protected tables and report.json")],
    nest: Nest = None,
    hier: Hier = None,
    min_cell: Annotated[
        int | None, typer.Option(help="the least count that may be shown (default: the programme's rule)")
    ] = None,
    effort: Annotated[str, typer.Option(help="quick or full")] = "quick",
) -> None:
    """Hide small counts in anybody's tables, and whatever would give them away."""
    from rcs_core.audit import parse_hier
    from rcs_core.records.protect.command import protect_files

    report = protect_files(counts, nest or [], parse_hier(hier or []), min_cell, effort, out)
    _result(report)


@app.command()
def audit(
    paths: Annotated[list[Path], typer.Argument(metavar="RELEASE|DIR...", help="releases, or any folders of published tables")],
    nest: Nest = None,
    hier: Hier = None,
    as_json: Json = False,
) -> None:
    """Try to work out the hidden cells from all that is published; exit 1 if any can be shown to be too small."""
    from rcs_core.audit import audit_path, audit_paths

    ways = (nest or [], hier or [])
    verdict = audit_path(paths[0], *ways) if len(paths) == 1 else audit_paths(paths, *ways)
    if as_json:
        _result(verdict.to_dict())
    else:
        _say(verdict.text())
    raise typer.Exit(0 if verdict.safe else 1)


@app.command()
def tables(
    release: ReleasePath, folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the csv files")]
) -> None:
    """Write every published table of a release as csv, with the sums in hierarchies.csv."""
    from rcs_core.audit import write_tables
    from rcs_core.release import load

    written = write_tables(load(release), folder)
    _say(f"{len(written)} tables in {folder}")


@app.command()
def estimate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="survey records (csv)")],
    request: Annotated[Path, typer.Option(help="designs and estimates asked for (JSON)")],
    out: Annotated[Path, typer.Option(help="where to write the result (JSON)")],
) -> None:
    """Answer a survey request: estimates, standard errors and intervals by the stated designs."""
    from rcs_core.records.estimate.request import run_request
    from rcs_core.settings import read_json

    content = run_request(data, read_json(request))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(content, indent=1), encoding="utf-8")
    _say(f"{len(content)} estimates in {out}")


@app.command()
def solve(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="a scenario file (JSON)")],
    out: Annotated[Path, typer.Option(help="where to write the result (JSON)")],
    as_json: Json = False,
) -> None:
    """Solve a scenario; the result file is written whatever the answer. Exit 1 when its promises cannot all hold."""
    from rcs_core.workshop.scenario import load_scenario
    from rcs_core.workshop.scenario import solve as run

    result = run(load_scenario(scenario))
    content = result.to_dict()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(content, indent=1), encoding="utf-8")
    if as_json:
        _result(content)
    else:
        _say("\n".join(content["messages"]) or f"Solved: {content['status']}, objective {content['objective']:.6f}")
    raise typer.Exit(0 if content["status"] == "optimal" else 1)


@app.command()
def workbook(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="a scenario file (JSON)")],
    xlsx: Annotated[Path, typer.Argument(metavar="XLSX", help="the workbook to write")],
) -> None:
    """Solve a scenario and write it as a workbook with live formulas."""
    from rcs_core.workshop.export.scenario_book import About, write_scenario_book
    from rcs_core.workshop.scenario import load_scenario
    from rcs_core.workshop.scenario import solve as run

    asked = load_scenario(scenario)
    result = run(asked)
    write_scenario_book(asked, result, About.of_scenario(asked), xlsx)
    _say(f"{xlsx} ({result.status})")
    raise typer.Exit(0 if result.status == "optimal" else 1)


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


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"rcs {__version__}")
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


if __name__ == "__main__":
    main()
