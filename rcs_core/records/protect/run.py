"""Protect tables: read them as one system, find a pattern for each part, write it, and pass the gate.

Parts share no sum, so each is a task of its own; several processes give the same pattern as one.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.earlier import earlier_states
from rcs_core.records.protect.effort import Effort, read_effort
from rcs_core.records.protect.flow import Bools
from rcs_core.records.protect.gate import check_written, whole
from rcs_core.records.protect.mask import mask_tables, private_log
from rcs_core.records.protect.part import KEPT, NEW, Ints, Part, split
from rcs_core.records.protect.pattern import Pattern, find_pattern
from rcs_core.records.protect.shared import Solved, shares_a_base, solve_shared
from rcs_core.records.protect.system import System, read_system
from rcs_core.release import Table
from rcs_core.settings import Disclosure

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables fit to be released, the private log of what was hidden and why, and the figures of the run."""

    tables: list[Table]
    log: pd.DataFrame
    summary: dict[str, Any]


def protect(
    tables: Sequence[Table],
    hierarchies: pd.DataFrame,
    rule: Disclosure,
    progress: Progress | None = None,
    effort: Effort | None = None,
    earlier: Sequence[Sequence[Table]] = (),
) -> Protected:
    """Hide counts that could identify a child, and the counts that would give them away.

    tables: count tables with every true `n` (children); tables without dimensions pass untouched. hierarchies:
    `dimension, child, parent, partition`. earlier: the tables of releases already given out; where their counts are still
    today's, what they told stays told and what they kept stays hidden. Returns the same rows with `state` shown or
    suppressed; a cell has one state in all tables. Raises ContradictionError when sums do not hold, DisclosureError
    when nothing protects. Reference: rule.min_cell; docs/methods/disclosure.md.
    """
    effort = effort or read_effort()
    counted = [table for table in tables if table.is_count]
    system = read_system(counted, hierarchies)
    told = earlier_states(earlier, hierarchies, system)
    parts = split(system, rule.min_cell, effort, told)
    found = _solve(parts, effort, progress or _quiet)
    hidden = told == KEPT
    for part, pattern in found:
        cells = part.cells[pattern.hidden]
        hidden[cells[cells >= 0]] = True
    written = mask_tables(tables, system, hidden)
    check_written(written, system, found, rule.min_cell)
    log = private_log(counted, system, hidden, rule.min_cell)
    return Protected(written, log, _summary(system, found, hidden, told, rule, effort))


def _quiet(_text: str, _done: float) -> None:
    """Nobody is watching."""


def _solve(parts: list[Part], effort: Effort, progress: Progress) -> list[Solved]:
    """A pattern for every part; the parts of populations on one base are told one by one."""
    total, done = sum(part.size for part in parts), 0
    found: list[Solved] = []

    def tell(cells: int) -> None:
        nonlocal done
        done += cells
        progress("Hiding small counts and what would give them away", min(done / total, 1.0))

    def solve(some: list[Part]) -> list[Pattern]:
        return _patterns(some, effort, tell)

    plain = [part for part in parts if not shares_a_base(part, effort)]
    found += zip(plain, solve(plain), strict=True)
    for part in parts:
        if shares_a_base(part, effort):
            try:
                found += solve_shared(part, solve)
            except DisclosureError:
                # On the base as it was found some population has no pattern; searched as a whole it may have one.
                found += [(part, solve([part])[0])]
    return found


def _patterns(parts: list[Part], effort: Effort, tell: Callable[[int], None]) -> list[Pattern]:
    patterns: dict[int, Pattern] = {}

    def keep(number: int, pattern: Pattern) -> None:
        patterns[number] = pattern
        tell(parts[number].size)

    if effort.processes > 1 and len(parts) > 1 and sum(part.size for part in parts) >= effort.process_cells:
        # A worker that the system ends (out of memory, say) costs time and nothing else: what is left is done here.
        with suppress(BrokenProcessPool):
            _solve_in_processes(parts, effort, keep)
    for number, part in enumerate(parts):
        if number not in patterns:
            keep(number, find_pattern(part, effort))
    return [patterns[k] for k in range(len(parts))]


def _solve_in_processes(parts: list[Part], effort: Effort, keep: Callable[[int, Pattern], None]) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(effort.processes, mp_context=context) as pool:
        largest_first = sorted(range(len(parts)), key=lambda k: (-parts[k].size, k))
        tasks = {pool.submit(find_pattern, parts[k], effort): k for k in largest_first}
        for task in as_completed(tasks):
            keep(tasks[task], task.result())


def _summary(system: System, found: list[Solved], hidden: Bools, told: Ints, rule: Disclosure, effort: Effort) -> dict[str, Any]:
    """The figures of a run (counts of cells; no clock, so that the same tables give the same summary).

    whole_proofs: how many sensitive counts are also safe from an attacker who knows that counts are whole numbers;
    from_earlier: how many cells have the state that an earlier release gave them.
    """
    published = np.arange(len(hidden)) < system.published
    small = system.counts < rule.min_cell
    return {
        "cells": system.published,
        "sums": len(system.sums),
        "sensitive": int((small & published).sum()),
        "secondary": int((hidden & published & ~small).sum()),
        "hidden": int((hidden & published).sum()),
        "cost": round(float((effort.weight_cell + effort.weight_child * system.counts)[hidden & published & ~small].sum()), 3),
        "whole_proofs": sum(
            whole(flow) for part, pattern in found for p, flow in pattern.witnesses.items() if part.cells[p] >= 0
        ),
        "from_earlier": int((told != NEW).sum()),
        "min_cell": rule.min_cell,
    }
