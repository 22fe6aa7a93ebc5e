"""A plan carried out in a thousand draws beside one solve of the same scenario, in the same run.

The baseline is what one draw would cost by solving: a cold, certified solve. Ours is the fixed plan in every draw at once.
Usage: python benchmarks/bench_simulate.py [RELEASE]   (default: builds a small demonstration release)
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from common import rcs, run, table
from solve_cases import Size, made_up

from rcs_core.release import load
from rcs_core.workshop.couple import Levers, Preset, starting_scenario
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.draws import Draws, pointer
from rcs_core.workshop.scenario.fixed_plan import plan_of
from rcs_core.workshop.scenario.simulate import simulate

DRAWS = 1_000
ROUNDS = 5
SIZES = (Size(24, 5, 5, 4), Size(40, 5, 5, 6))


def median(work: Callable[[], object]) -> float:
    """Median seconds of a piece of work, after one round that is not counted."""
    took = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took[1:])


def drawn(scenario: Scenario, seed: int = 1) -> Draws:
    """Every slope, lag, retention, unit cost, demand and cashable and preventable share, drawn around the file's number."""
    random, values = np.random.default_rng(seed), {}
    for i, service in enumerate(scenario.prevention):
        strength = random.triangular(0.3, 1.0, 1.5, DRAWS)
        for group, locality in service.reach():
            for k, (_, slope) in enumerate(service.segments[group][locality]):
                values[pointer("prevention", i, "segments", group, locality, k, 1)] = slope * strength
        values[pointer("prevention", i, "lag")] = random.integers(service.lag, service.lag + 2, DRAWS).astype(float)
        values[pointer("prevention", i, "retention")] = service.retention * random.uniform(0.5, 1.0, DRAWS)
    for i, acute in enumerate(scenario.acute):
        growth = random.uniform(0.9, 1.1, DRAWS)
        for group, locality in acute.needs():
            by_year = np.array([acute.need(group, locality, t) for t in scenario.years])
            values[pointer("acute", i, "demand", locality, group)] = growth[:, None] * by_year
        values[pointer("acute", i, "unit_cost")] = 1.0 * np.asarray(acute.unit_cost) * random.uniform(0.9, 1.2, DRAWS)
        values[pointer("acute", i, "cashable")] = random.uniform(0.0, 0.8, DRAWS)
        values[pointer("acute", i, "preventable")] = random.uniform(0.2, 0.6, DRAWS)
    return Draws(DRAWS, values)


def measure(name: str, scenario: Scenario) -> list[list[object]]:
    """One scenario: one solve, and the fixed plan in every draw."""
    plan, draws = plan_of(scenario, solve(scenario)), drawn(scenario)
    once = median(lambda: solve(scenario))
    took = median(lambda: simulate(scenario, plan, draws))
    share = f"{100 * simulate(scenario, plan, draws).short.mean():.0f}% of draws leave a purse short"
    return [
        [f"{name}: baseline, one cold solve", 1000 * once, 1.0],
        [f"{name}: fixed plan, {DRAWS:,} draws of {len(draws.values):,} inputs ({share})", 1000 * took, took / once],
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        release = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "releases"
        if len(sys.argv) < 2:
            run(rcs("demo", home / "demo", "--pupils", 5000), home)
            run(rcs("build", home / "demo", release), home)
        demo = starting_scenario(load(release), Levers.of(Preset.SHIFT_5))
    rows = measure("demonstration", demo)
    for size in SIZES:
        rows += measure(str(size), parse_scenario(made_up(size)))
    table("A plan in a thousand draws, milliseconds", ["what", "ms", "x one solve"], rows)


if __name__ == "__main__":
    main()
