"""Verbs that solve a scenario and write it as a workbook."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rcs_core.cli.shared import Json, app, say
from rcs_core.cli.shared import result as tell


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
        tell(content)
    else:
        say("\n".join(content["messages"]) or f"Solved: {content['status']}, objective {content['objective']:.6f}")
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
    say(f"{xlsx} ({result.status})")
    raise typer.Exit(0 if result.status == "optimal" else 1)
