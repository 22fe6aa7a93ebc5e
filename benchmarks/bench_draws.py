"""A plan in draws beside one cold solve of the same scenario, in the same run: carried out, and worked out anew.

The baseline is a cold, certified solve with its messages. *Carried out* is the fan: a thousand draws, the plan in each of them,
and every quantile. *Worked out anew* is 200 draws, each a certified plan through every stage: here and now, by two processes
that are started for it, and by two that are there already (as between two runs of a workshop). Wall-clock seconds depend on
who else is at work on the machine; processor seconds hardly do.
Usage: python benchmarks/bench_draws.py [RELEASE]   (default: builds a small demonstration release)
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from common import rcs, run, table
from solve_cases import Size, made_up

from rcs_core.release import load
from rcs_core.workshop.couple import Levers, Preset, starting_scenario
from rcs_core.workshop.explore.fans import fans
from rcs_core.workshop.explore.ranges import with_need
from rcs_core.workshop.explore.redrawn import Redrawn, redrawn
from rcs_core.workshop.explore.workers import executor
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.draws import from_ranges
from rcs_core.workshop.scenario.fixed_plan import plan_of
from rcs_core.workshop.scenario.format import Provenance
from rcs_core.workshop.scenario.simulate import inputs_of, simulate

SIMULATED, DRAWS, PROCESSES, ROUNDS = 1_000, 200, 2, 5
SIZES = (Size(24, 5, 5, 4), Size(40, 5, 5, 6))


@dataclass(frozen=True)
class Took:
    """Wall-clock and processor seconds of a piece of work (children that have ended included), and what it gave."""

    wall: float
    processor: float
    gave: Any = None


def took(work: Callable[[], Any]) -> Took:
    """What a piece of work took."""
    began, before = time.perf_counter(), sum(os.times()[:4])
    gave = work()
    return Took(time.perf_counter() - began, sum(os.times()[:4]) - before, gave)


def median(work: Callable[[], object], rounds: int = ROUNDS) -> Took:
    """The medians of some rounds, after one that is not counted."""
    found = [took(work) for _ in range(rounds + 1)][1:]
    return Took(statistics.median(one.wall for one in found), statistics.median(one.processor for one in found))


def row(what: str, one: Took, cold: Took, apart: bool = False) -> list[object]:
    """One row: seconds and ratios; apart: the processor seconds are those of processes that go on, and not known."""
    ratio = "" if apart else one.processor / cold.processor
    return [what, one.wall, one.wall / cold.wall, "" if apart else one.processor, ratio]


def ranged(scenario: Scenario) -> Scenario:
    """The made-up scenario with a range on every slope, unit cost and cashable share."""
    known = []
    for i, service in enumerate(scenario.prevention):
        for group, locality in service.reach():
            for k, (_, slope) in enumerate(service.segments[group][locality]):
                known.append((f"/prevention/{i}/segments/{group}/{locality}/{k}/1", 0.5 * slope, 1.3 * slope))
    for i, acute in enumerate(scenario.acute):
        assert isinstance(acute.unit_cost, float)
        assert isinstance(acute.cashable, float)
        known += [(f"/acute/{i}/unit_cost", 0.9 * acute.unit_cost, 1.1 * acute.unit_cost)]
        known += [(f"/acute/{i}/cashable", 0.5 * acute.cashable, min(1.0, 1.2 * acute.cashable))]
    return replace(scenario, provenance=tuple(Provenance(path, "product_default", low, high) for path, low, high in known))


def simulated(scenario: Scenario, result: Result, cold: Took) -> list[list[object]]:
    """The plan carried out: the simulator alone, and the whole fan with its draws and quantiles."""
    plan, drawn = plan_of(scenario, result), from_ranges(scenario, SIMULATED, 1, inputs_of(scenario))
    alone, fan = median(lambda: simulate(scenario, plan, drawn)), median(lambda: fans(scenario, result, SIMULATED))
    what = f"carried out in {SIMULATED:,} draws"
    return [row(f"{what}, the simulator alone", alone, cold), row(f"{what}, fan and quantiles", fan, cold)]


def anew(scenario: Scenario, result: Result, cold: Took) -> list[list[object]]:
    """The plan worked out anew, by nobody else, by new processes and by processes that are there."""
    here = took(lambda: redrawn(scenario, DRAWS, result=result))
    with executor(processes=PROCESSES) as workers:
        redrawn(scenario, DRAWS // 4, workers=workers, result=result)
        there = took(lambda: redrawn(scenario, DRAWS, workers=workers, result=result))
    started = took(lambda: by_new_processes(scenario, result))
    assert all(np.array_equal(here.gave.spend, one.gave.spend, equal_nan=True) for one in (started, there)), "not the same answer"
    what = f"{DRAWS} worked out anew ({here.gave.impossible} impossible, {here.gave.unsolved} unsolved)"
    rows = [row(f"{what}, here", here, cold)]
    rows += [row(f"{what}, {PROCESSES} processes that are started", started, cold)]
    return [*rows, row(f"{what}, {PROCESSES} processes that are there", there, cold, apart=True)]


def by_new_processes(scenario: Scenario, result: Result) -> Redrawn:
    """The draws by processes that are started for them and ended after."""
    with executor(processes=PROCESSES) as workers:
        return redrawn(scenario, DRAWS, workers=workers, result=result)


def measure(scenario: Scenario) -> list[list[object]]:
    """One scenario: a cold solve, a thousand draws carried out, and two hundred worked out anew."""
    result, cold = solve(scenario), median(lambda: solve(scenario))
    rows: list[list[object]] = [row("baseline: one cold solve", cold, cold)]
    return [*rows, *simulated(scenario, result, cold), *anew(scenario, result, cold)]


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        release = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "releases"
        if len(sys.argv) < 2:
            run(rcs("demo", home / "demo", "--pupils", 5000), home)
            run(rcs("build", home / "demo", release), home)
        demo = starting_scenario(load(release), Levers.of(Preset.SHIFT_2))
    told("demonstration", demo)
    told("demonstration, need drawn too", with_need(demo))
    for size in SIZES:
        told(str(size), ranged(parse_scenario(made_up(size))))


def told(name: str, scenario: Scenario) -> None:
    head = ["what", "wall s", "x cold", "processor s", "x cold"]
    table(f"{name}: a plan in draws", head, measure(scenario))


if __name__ == "__main__":
    main()
