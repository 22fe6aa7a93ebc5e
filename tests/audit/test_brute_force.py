"""The intervals of the audit against every whole-number table that fits, and against another solver, on random small systems."""

import pytest

from rcs_core.audit import audit
from tests.audit.small_tables import SHAPES, System, by_scipy, possible, random_system

WHOLE_CORNERS = {"two ways", "hierarchy", "two hierarchies"}
"""Shapes whose sums are those of a flow, so that the least and the most of the linear programme are whole."""
SEEDS = {"two ways": 60, "three ways": 60, "hierarchy": 40, "two hierarchies": 40}
PLACES = [(shape, block) for shape, many in SEEDS.items() for block in range(0, many, 20)]


def intervals(system: System) -> dict[tuple[str, ...], tuple[float, float]]:
    report = audit([system.published()], system.geography, 10, intervals=True)
    return {tuple(i.where[name] for name in system.axes): (i.low, i.high) for i in report.intervals}


@pytest.mark.parametrize(("shape", "first"), PLACES)
def test_intervals_hold_what_brute_force_finds_and_meet_it_where_corners_are_whole(shape: str, first: int) -> None:
    for seed in range(first, first + 20):
        system = random_system(shape, seed, most=3 if len(SHAPES[shape]) == 2 else 5, share=0.5)
        found = intervals(system)
        for cell, values in possible(system).items():
            low, high = found[cell]
            assert low <= min(values) <= system.counts[cell] <= max(values) <= high, (seed, cell)
            if shape in WHOLE_CORNERS:
                assert (low, high) == (min(values), max(values)), (seed, cell)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_intervals_are_those_of_another_solver(shape: str) -> None:
    for seed in range(500, 508):
        system = random_system(shape, seed, most=12)
        for cell, (low, high) in intervals(system).items():
            assert low == pytest.approx(by_scipy(system, cell, 1.0), abs=1e-5), (seed, cell)
            assert high == pytest.approx(by_scipy(system, cell, -1.0), abs=1e-5), (seed, cell)
