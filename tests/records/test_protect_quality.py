"""How dear our patterns are, beside rules that others use and that were written apart, on tables no search was tuned on."""

import dataclasses
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from benchmarks.protect_cases import Case, cases
from benchmarks.protect_rules import Mask, folk, heuristic, open_cells, primary, repaired
from rcs_core.audit import audit
from rcs_core.records.protect import protect, read_effort
from rcs_core.records.protect.mask import mask_tables
from rcs_core.records.protect.part import Part, split
from rcs_core.records.protect.pattern import find_pattern
from rcs_core.records.protect.rework import rework
from rcs_core.records.protect.run import Protected
from rcs_core.records.protect.search import Pattern, clean, hidden_model, search
from rcs_core.records.protect.system import System, read_system
from rcs_core.settings import Disclosure

RULE = Disclosure(10, "the test", "2026")
EFFORT = read_effort()
UNSEEN = list(cases(8, seed=77, least=48, most=330))


@cache
def read(name: str) -> tuple[System, list[Part]]:
    case = next(one for one in UNSEEN if one.name == name)
    system = read_system(case.tables, case.trees)
    return system, split(system, RULE.min_cell, EFFORT)


@cache
def ours(name: str) -> Protected:
    case = next(one for one in UNSEEN if one.name == name)
    return protect(case.tables, case.trees, RULE)


@cache
def masks(name: str, rule: Callable[[Part], Mask]) -> list[Mask]:
    """What a rule beside ours hides of each part, worked out once for all claims."""
    found = [rule(part) for part in read(name)[1]]
    for mask in found:
        mask.setflags(write=False)
    return found


def folk_repaired(part: Part) -> Mask:
    return repaired(part, folk(part))


def dearness(name: str, rule: Callable[[Part], Mask]) -> float:
    return sum(cost(part, mask) for part, mask in zip(read(name)[1], masks(name, rule), strict=True))


def cost(part: Part, hidden: Mask) -> float:
    return float(part.weights[hidden & (part.need == 0) & ~part.free].sum())


def written(case: Case, rule: Callable[[Part], Mask]) -> int:
    """How many cells the outside reader finds open when each part is hidden as `rule` says."""
    system, parts = read(case.name)
    hidden = np.zeros(len(system.counts), dtype=bool)
    for part, mask in zip(parts, masks(case.name, rule), strict=True):
        hidden[part.cells[mask]] = True
    return len(audit(mask_tables(case.tables, system, hidden), case.trees, RULE.min_cell).open)


@pytest.mark.parametrize("case", UNSEEN, ids=[case.name for case in UNSEEN])
def test_an_unseen_table_is_hidden_safely_and_at_most_a_twentieth_dearer_than_a_plain_heuristic(case: Case) -> None:
    result = ours(case.name)
    assert audit(result.tables, case.trees, RULE.min_cell).safe
    assert result.summary["cost"] <= 1.05 * dearness(case.name, heuristic) + 1e-6


def test_ours_hides_less_than_the_folk_rule_repaired_until_nothing_is_open() -> None:
    dear = sum(dearness(case.name, folk_repaired) for case in UNSEEN)
    assert sum(ours(case.name).summary["cost"] for case in UNSEEN) < 0.95 * dear


@pytest.mark.parametrize(("rule", "safe"), [(primary, False), (folk, False), (heuristic, True)])
def test_the_rules_beside_ours_leave_open_what_the_outside_reader_finds_open(rule: Callable[[Part], Mask], safe: bool) -> None:
    left = [written(case, rule) for case in UNSEEN]
    known = [sum(map(lambda p, m: len(open_cells(p, m)), read(case.name)[1], masks(case.name, rule))) for case in UNSEEN]
    assert (sum(left) == 0) is safe
    assert [n == 0 for n in left] == [n == 0 for n in known]
    assert all(found >= sensitive for found, sensitive in zip(left, known, strict=True)), "extra cells may be told too"


def test_the_folk_rule_repaired_is_safe() -> None:
    assert [written(case, folk_repaired) for case in UNSEEN] == [0] * len(UNSEEN)


@cache
def one_start(name: str) -> list[tuple[Part, Pattern]]:
    found = []
    for part in read(name)[1]:
        pattern = search(part, part.guide, EFFORT)
        clean(part, pattern, hidden_model(part, pattern, EFFORT), pattern.extra(part).tolist())
        found.append((part, pattern))
    return found


def test_rework_never_makes_a_pattern_dearer_keeps_it_safe_and_is_the_same_each_time() -> None:
    cheaper = 0
    for part, start in (pair for case in UNSEEN for pair in one_start(case.name)):
        before = start.hidden.copy()
        first, again = (rework(part, EFFORT, start, 3 * int((part.need > 0).sum())) for _ in range(2))
        assert first.hidden.tolist() == again.hidden.tolist()
        assert start.hidden.tolist() == before.tolist()
        assert first.cost(part) <= start.cost(part)
        assert not open_cells(part, first.hidden)
        assert set(first.witnesses) == set(np.flatnonzero(part.need > 0).tolist())
        cheaper += first.cost(part) < start.cost(part) - 1e-6
    assert cheaper


def test_no_rework_leaves_a_pattern_as_it_is() -> None:
    part, pattern = one_start(UNSEEN[1].name)[0]
    assert rework(part, EFFORT, pattern, 0) is pattern


def test_full_effort_costs_no_more_than_quick() -> None:
    part = read(UNSEEN[3].name)[1][0]
    some = dataclasses.replace(EFFORT.full(), starts=4, rework_steps=8)
    assert find_pattern(part, some).cost(part) <= 1.01 * find_pattern(part, EFFORT).cost(part)


def test_an_unseen_table_has_the_sizes_and_the_shares_it_says() -> None:
    for case in UNSEEN:
        counts = np.concatenate([t.frame["n"].to_numpy(dtype=int) for t in case.tables])
        assert 48 <= len(counts) <= 330
        assert 0.1 <= (counts < 10).mean() <= 0.6
    again = list(cases(8, seed=77, least=48, most=330))
    assert all(
        a.frame.equals(b.frame) for x, y in zip(UNSEEN, again, strict=True) for a, b in zip(x.tables, y.tables, strict=True)
    )
