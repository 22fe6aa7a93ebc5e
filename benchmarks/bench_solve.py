"""A cold solve of the demonstration's scenario beside raw HiGHS on the same matrix, in the same run.

Raw HiGHS is one solve of the main stage from nothing; ours is everything between the scenario and a certified plan: the
model in PuLP, safety first year by year, the objective, the tidy-up, and the checks.
Usage: python benchmarks/bench_solve.py [RELEASE]   (default: builds a small demonstration release)
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import highspy
import numpy as np
from common import rcs, run, table

from rcs_core.release import Release, load
from rcs_core.workshop.couple import Levers, Preset, starting_scenario
from rcs_core.workshop.scenario import Scenario, solve
from rcs_core.workshop.scenario.model import build
from rcs_core.workshop.scenario.objective import goal
from rcs_core.workshop.scenario.session import Matrix

ROUNDS = 7


def median(work: Callable[[], object]) -> float:
    """Median seconds of a piece of work, after one round that is not counted."""
    took = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took[1:])


def raw(matrix: Matrix, cost: np.ndarray) -> None:
    """HiGHS alone, from nothing, on the arrays."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.a.shape[1], matrix.a.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, matrix.low, matrix.high
    model.row_lower_, model.row_upper_ = matrix.row_low, matrix.row_high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.a.indptr, matrix.a.indices, matrix.a.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()


def costs(scenario: Scenario) -> tuple[Matrix, np.ndarray]:
    """The matrix of a scenario and the costs of its main stage."""
    model = build(scenario)
    matrix = Matrix.of(model)
    cost = np.zeros(matrix.a.shape[1])
    for variable, weight in goal(model):
        cost[model.column[variable.id]] += weight
    return matrix, cost


def measure(release: Release, preset: Preset) -> list[list[object]]:
    """One preset: raw HiGHS, the model alone, and the whole cold solve."""
    scenario = starting_scenario(release, Levers.of(preset))
    matrix, cost = costs(scenario)
    base = median(lambda: raw(matrix, cost))
    size = f"{matrix.a.shape[0]} rows x {matrix.a.shape[1]} columns"
    built, whole = median(lambda: build(scenario)), median(lambda: solve(scenario))
    return [
        [f"{preset.label}: baseline, raw HiGHS, {size}", 1000 * base, 1.0],
        [f"{preset.label}: model in PuLP", 1000 * built, built / base],
        [f"{preset.label}: cold solve, certified, all stages", 1000 * whole, whole / base],
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        release = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "releases"
        if len(sys.argv) < 2:
            run(rcs("demo", home / "demo"), home)
            run(rcs("build", home / "demo", release), home)
        found = load(release)
    rows = [row for preset in (Preset.SHIFT_2, Preset.SHIFT_5) for row in measure(found, preset)]
    table("The demonstration's scenario, median of seven, milliseconds", ["what", "ms", "x baseline"], rows)


if __name__ == "__main__":
    main()
