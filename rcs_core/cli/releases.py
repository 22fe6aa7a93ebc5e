"""Verbs that make, sign, protect and audit a release, and that answer a survey request."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.shared import Folder, Json, ReleasePath, app, result, say


@app.command()
def build(folder: Folder, release: ReleasePath, as_json: Json = False) -> None:
    """Build a release: link, estimate, map the money, protect, audit, save."""
    from rcs_core.records.build import build as run

    def tell(stage: str, share: float, text: str) -> None:
        line = {"stage": stage, "done": round(share, 3), "text": text}
        typer.echo(json.dumps(line) if as_json else f"{share:4.0%}  {text}", err=not as_json)
        sys.stdout.flush()

    built = run(folder, release, tell, _given_out(release))
    if built.fictional:
        _sign_demo(built.content_hash)
    if as_json:
        result(built.to_dict())
    else:
        done = built.summary
        for note in built.notes:
            typer.echo(f"note: {note}", err=True)
        say(f"Release {built.release_id} in {release}: {done['cells']:,} cells, {done['hidden']:,} hidden, 0 can be worked out.")
        say(
            "Fictional, so it signed itself off." if built.fictional else f'Next: rcs signoff {release} --by "NAME" --role "ROLE"'
        )


def _given_out(folder: Path) -> list[Path]:
    """The data files in a release folder that somebody signed for, and nobody withdrew."""
    from rcs_core.errors import UnreadableError
    from rcs_core.settings import read_json
    from rcs_core.workshop.store import Store, store_place

    found = []
    with Store.open(store_place()) as store:
        for manifest in sorted(folder.glob("release-*.json")) if folder.is_dir() else ():
            try:
                digest = str(read_json(manifest).get("content_hash", ""))
            except UnreadableError:
                continue
            if digest and store.signed_off(digest) and not store.withdrawn(digest):
                found.append(manifest.with_suffix(".duckdb"))
    return found


def _sign_demo(content_hash: str) -> None:
    from rcs_core.workshop.store import Store, store_place

    with Store.open(store_place()) as store:
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
    from rcs_core.workshop.store import Store, store_place

    found = load(release)
    with Store.open(store_place()) as store:
        before = store.signed_off(found.manifest.content_hash)
        held = str(found.manifest.settings.get("specification", ""))
        store.sign_off(found.manifest.content_hash, by, role, note, found.manifest.fictional, held)
    say(f"Release {found.id} ({found.manifest.partnership}, {found.manifest.year}) is signed off by {by}, {role}.")
    if before is not None:
        earlier = f"{before.by}, {before.role}, on {before.at[:10]}"
        say(f"It was signed off already, by {earlier}: both are kept, and the later one is shown.")


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
    result(report)


@app.command()
def audit(
    paths: Annotated[list[Path], typer.Argument(metavar="RELEASE|DIR...", help="releases, or any folders of published tables")],
    nest: Nest = None,
    hier: Hier = None,
    as_json: Json = False,
) -> None:
    """Try to work out the hidden cells from all that is published; exit 1 if any can be shown to be too small."""
    from rcs_core.audit import audit_paths
    from rcs_core.settings import disclosure

    verdict = audit_paths(paths, nest or [], hier or [], intervals=as_json)
    if as_json:
        result(verdict.to_dict())
    else:
        say(verdict.text(min_cell=disclosure().min_cell))
    raise typer.Exit(0 if verdict.safe else 1)


@app.command()
def tables(
    release: ReleasePath, folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write the csv files")]
) -> None:
    """Write every published table of a release as csv, with the sums in hierarchies.csv."""
    from rcs_core.audit import write_tables
    from rcs_core.gate import let_out_file
    from rcs_core.release import load

    found = load(release)
    written = [let_out_file(path, found) for path in write_tables(found, folder)]
    say(f"{len(written)} tables in {folder}")


@app.command()
def estimate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="survey records (csv)")],
    request: Annotated[Path, typer.Option(help="designs and estimates asked for (JSON)")],
    out: Annotated[Path, typer.Option(help="where to write the result (JSON)")],
) -> None:
    """Answer a survey request: estimates, standard errors and intervals by the stated designs."""
    from rcs_core.records.estimate.request import answer_request
    from rcs_core.settings import read_json

    found = answer_request(data, read_json(request))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found.estimates, indent=1), encoding="utf-8")
    for note in found.notes:
        typer.echo(f"Note: {note}", err=True)
    say(f"{len(found.estimates)} estimates in {out}")
    if found.refused:
        say(f"{len(found.refused)} of them are null: the design does not allow them")
        raise next(iter(found.refused.values()))
