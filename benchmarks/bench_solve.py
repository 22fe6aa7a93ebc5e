"""A certified plan beside raw HiGHS on the same matrix, in the same run: cold, and after one edit in a hot session.

Raw HiGHS is the arrays passed once to one solver at its own settings. *First objective* is one solve of them; *staged* is
every objective of ours, one after another in that solver, each kept by a row that its objective may not pass (the plain
way to do it). Ours is everything between the scenario and the answer: the model in PuLP, the arrays, every stage with its
certificate, and the plan read back with its messages. Figures are processor milliseconds, one thread.
Usage: python benchmarks/bench_solve.py [RELEASE]   (default: builds a small demonstration release)
"""

import copy
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from common import rcs, run, table
from solve_cases import ISSUE, made_up

from rcs_core.release import load
from rcs_core.workshop.couple import Levers, Preset, starting_scenario
from rcs_core.workshop.scenario import Scenario, objective, parse_scenario, solve
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.model import Model, build
from rcs_core.workshop.scenario.session import Matrix, cost_of

LEEWAY = 1e-9
HEAD = ["what", "ms", "x staged", "x first", "x cold", "simplex steps", "worst certificate"]


@dataclass(frozen=True)
class Took:
    """Processor seconds of a piece of work, and what it gave."""

    seconds: float
    gave: Any


def timed(work: Callable[[], Any], rounds: int) -> Took:
    """The median of some rounds; the first is not counted when there are more."""
    took = []
    for _ in range(rounds):
        began = time.process_time()
        gave = work()
        took.append(time.process_time() - began)
    return Took(statistics.median(took[1:] or took), gave)


def stages(model: Model) -> tuple[Matrix, list[np.ndarray]]:
    """The matrix with no need left unmet where it may be, and the costs of the stages."""
    matrix = Matrix.of(model)
    if not model.scenario.objective.priced:
        matrix.high[list(model.vars["u"].values())] = 0.0
    parts = objective.goal(model), objective.spend(model), objective.book_keeping(model)
    return matrix, [*(cost_of(model, terms) for terms in parts), objective.one_plan(model)]


def loaded(matrix: Matrix, cost: np.ndarray) -> Any:
    """A HiGHS solver at its own settings that holds the arrays."""
    lp, solver = highspy.HighsLp(), highspy.Highs()
    lp.num_row_, lp.num_col_ = matrix.a.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, matrix.low, matrix.high
    lp.row_lower_, lp.row_upper_ = matrix.row_low, matrix.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.a.indptr, matrix.a.indices, matrix.a.data
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver


def raw(matrix: Matrix, costs: Sequence[np.ndarray]) -> int:
    """HiGHS alone through these costs, each kept by a row; returns its simplex steps."""
    solver, every = loaded(matrix, costs[0]), np.arange(matrix.a.shape[1], dtype=np.int32)
    solver.run()
    steps = solver.getInfo().simplex_iteration_count
    for before, cost in itertools.pairwise(costs):
        best, columns = solver.getInfo().objective_function_value, np.flatnonzero(before).astype(np.int32)
        scale = np.abs(before).max(initial=0.0) or 1.0
        solver.addRow(
            -highspy.kHighsInf, (best + LEEWAY * (1 + abs(best))) / scale, len(columns), columns, before[columns] / scale
        )
        solver.changeColsCost(len(every), every, cost)
        solver.run()
        steps += solver.getInfo().simplex_iteration_count
    return int(steps)


def by_agency(content: dict[str, Any]) -> None:
    """One agency has one per cent less every year."""
    content["agencies"][2]["budget"] = [v * 0.99 for v in content["agencies"][2]["budget"]]


def by_cost(content: dict[str, Any]) -> None:
    """A responsive service costs five per cent more."""
    content["acute"][3]["unit_cost"] *= 1.05


def by_response(content: dict[str, Any]) -> None:
    """A preventative service does a tenth less for every pound."""
    for by in content["prevention"][4]["segments"].values():
        by["L"] = [[width, slope * 0.9] for width, slope in by["L"]]


def by_retention(content: dict[str, Any]) -> None:
    """What a preventative service brings stays for longer."""
    content["prevention"][7]["retention"] = 0.5


def by_pace(content: dict[str, Any]) -> None:
    """Prevention may grow by eight per cent a year, not ten."""
    for service in content["prevention"]:
        service["ramp_up"] = 0.08


EDITS = (by_agency, by_cost, by_response, by_retention, by_pace)


def cold_rows(scenario: Scenario, rounds: int) -> tuple[list[list[object]], dict[str, float]]:
    """Raw HiGHS and ours, from nothing; and the seconds that ratios are taken to."""
    model = timed(lambda: build(scenario), rounds)
    matrix, costs = stages(model.gave)
    first, staged = timed(lambda: raw(matrix, costs[:1]), rounds), timed(lambda: raw(matrix, costs), rounds)
    ours, session = timed(lambda: solve(scenario), rounds), HotSession(scenario)
    session.solve()
    base = {"staged": staged.seconds, "first": first.seconds, "cold": ours.seconds}
    size = f"{matrix.a.shape[0]:,} rows x {matrix.a.shape[1]:,} columns, {matrix.a.nnz:,} entries"
    rows = [
        row(f"raw HiGHS, first objective ({size})", first.seconds, base, first.gave),
        row("raw HiGHS, staged (baseline)", staged.seconds, base, staged.gave),
        row("the model in PuLP", model.seconds, base),
        row("cold solve, all stages certified", ours.seconds, base, session.turn.iterations, ours.gave.certificate.worst_figure),
    ]
    return rows, base


def row(what: str, seconds: float, base: dict[str, float], steps: object = "", worst: float | None = None) -> list[object]:
    ratios = [seconds / base[key] for key in ("staged", "first", "cold")]
    return [what, 1000 * seconds, *ratios, steps, "" if worst is None else f"{worst:.0e}"]


def edit_rows(content: dict[str, Any], base: dict[str, float], rounds: int) -> list[list[object]]:
    """Each edit of the scenario as it was first, in a hot session."""
    first, rows, all_took = parse_scenario(content), [], []
    session = HotSession(first)
    session.solve()
    for edit in EDITS:
        changed = copy.deepcopy(content)
        edit(changed)
        scenario, took, steps = parse_scenario(changed), [], []
        for _ in range(rounds):
            done = timed(partial(session.edit, scenario), 1)
            took.append(done.seconds)
            steps.append(session.turn.iterations)
            assert session.turn.hot, session.turn.why
            session.edit(first)
        all_took.append(statistics.median(took))
        said = (edit.__doc__ or "").rstrip(".")
        rows.append(row(f"edit: {said}", all_took[-1], base, int(statistics.median(steps)), done.gave.certificate.worst_figure))
    return [*rows, row("edit, median of these", statistics.median(all_took), base)]


def main() -> None:
    for size, rounds in zip(ISSUE, (5, 1), strict=True):
        content = made_up(size)
        rows, base = cold_rows(parse_scenario(content), rounds)
        table(f"{size} (services x agencies x years x groups)", HEAD, [*rows, *edit_rows(content, base, rounds)])
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        release = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "releases"
        if len(sys.argv) < 2:
            run(rcs("demo", home / "demo", "--pupils", 5000), home)
            run(rcs("build", home / "demo", release), home)
        found = load(release)
    for preset in (Preset.SHIFT_2, Preset.SHIFT_5):
        table(f"Demonstration, {preset.label}", HEAD, cold_rows(starting_scenario(found, Levers.of(preset)), 7)[0])


if __name__ == "__main__":
    main()
