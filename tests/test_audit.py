"""The outside reader against brute force, against another solver, and against leaks made on purpose."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from rcs_core.audit import audit
from rcs_core.errors import UnreadableError
from rcs_core.release import Table
from tests.count_tables import NO_HIERARCHY, table, tree


def crossed(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[dict[tuple[str, str], int], list[tuple[str, str]]]:
    """A random two-way table with margins, and some of its cells hidden."""
    inner = rng.integers(0, 7, shape)
    rows, columns = [f"r{i}" for i in range(shape[0])], [f"c{j}" for j in range(shape[1])]
    counts = {(r, c): int(inner[i, j]) for i, r in enumerate(rows) for j, c in enumerate(columns)}
    counts |= {(r, "ALL"): int(inner[i].sum()) for i, r in enumerate(rows)}
    counts |= {("ALL", c): int(inner[:, j].sum()) for j, c in enumerate(columns)} | {("ALL", "ALL"): int(inner.sum())}
    hidden = [cell for cell in counts if rng.random() < (0.75 if "ALL" not in cell else 0.25) and cell != ("ALL", "ALL")]
    return counts, hidden


def as_table(counts: dict[tuple[str, str], int], hidden: list[tuple[str, str]]) -> Table:
    return table("t", ("row", "column"), [(r, c, pd.NA if (r, c) in hidden else n) for (r, c), n in counts.items()])


def sums_of(counts: dict[tuple[str, str], int]) -> list[tuple[tuple[str, str], list[tuple[str, str]]]]:
    rows = sorted({r for r, _ in counts} - {"ALL"})
    columns = sorted({c for _, c in counts} - {"ALL"})
    by_row = [((r, "ALL"), [(r, c) for c in columns]) for r in rows]
    by_column = [(("ALL", c), [(r, c) for r in rows]) for c in [*columns, "ALL"]]
    return [*by_row, *by_column, (("ALL", "ALL"), [("ALL", c) for c in columns])]


def possible(counts: dict[tuple[str, str], int], hidden: list[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """Every value of each hidden cell over all whole-number tables that fit, by trying all of them."""
    inner = [cell for cell in counts if "ALL" not in cell]
    fixed = {cell: n for cell, n in counts.items() if cell not in hidden}
    top = counts["ALL", "ALL"]
    choices = [range(top + 1) if cell in hidden else [counts[cell]] for cell in inner]
    seen: dict[tuple[str, str], set[int]] = {cell: set() for cell in hidden}
    for values in itertools.product(*choices):
        trial = dict(zip(inner, values, strict=True))
        if sum(values) != top:
            continue
        for whole, parts in sums_of(counts):
            trial[whole] = sum(trial[p] for p in parts)
        if all(trial[cell] == n for cell, n in fixed.items()):
            for cell in hidden:
                seen[cell].add(trial[cell])
    return seen


def by_scipy(counts: dict[tuple[str, str], int], hidden: list[tuple[str, str]], cell: tuple[str, str], sign: float) -> float:
    """The same bound from another solver, on the full table rather than on the hidden counts."""
    cells = list(counts)
    matrix = np.zeros((len(sums_of(counts)), len(cells)))
    for k, (whole, parts) in enumerate(sums_of(counts)):
        matrix[k, cells.index(whole)] = 1
        for part in parts:
            matrix[k, cells.index(part)] -= 1
    cost = np.zeros(len(cells))
    cost[cells.index(cell)] = sign
    bounds = [(0, None) if c in hidden else (counts[c], counts[c]) for c in cells]
    answer = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds, method="highs")
    return float("inf") if answer.status == 3 else sign * answer.fun


def found_intervals(published: Table) -> dict[tuple[str, str], tuple[float, float]]:
    report = audit([published], NO_HIERARCHY, 4, intervals=True)
    return {(i.where["row"], i.where["column"]): (i.low, i.high) for i in report.intervals}


@pytest.mark.parametrize("seed", range(200))
def test_intervals_hold_every_table_that_brute_force_finds_and_agree_with_another_solver(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts, hidden = crossed(rng, (2, 2))
    hidden = [c for c in hidden if rng.random() < 0.9]
    intervals = found_intervals(as_table(counts, hidden))
    assert set(intervals) == set(hidden)
    for cell, values in possible(counts, hidden).items():
        low, high = intervals[cell]
        assert (min(values), max(values)) == (low, high), "a two-way table has whole-number corners, so the bounds are met"
        assert low == pytest.approx(by_scipy(counts, hidden, cell, 1.0))
        assert high == pytest.approx(by_scipy(counts, hidden, cell, -1.0))


@pytest.mark.parametrize("seed", range(60))
def test_bounds_agree_with_another_solver_on_larger_tables(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    counts, hidden = crossed(rng, (4, 3))
    for cell, (low, high) in found_intervals(as_table(counts, hidden)).items():
        assert low == pytest.approx(by_scipy(counts, hidden, cell, 1.0), abs=1e-5)
        assert high == pytest.approx(by_scipy(counts, hidden, cell, -1.0), abs=1e-5)
        assert low <= counts[cell] <= high


@pytest.mark.parametrize("seed", range(60))
def test_the_short_way_finds_the_same_open_cells_as_the_intervals(seed: int) -> None:
    counts, hidden = crossed(np.random.default_rng(2000 + seed), (4, 4))
    published = as_table(counts, hidden)
    quick, full = audit([published], NO_HIERARCHY, 10), audit([published], NO_HIERARCHY, 10, intervals=True)
    assert [(o.where, o.low, o.high) for o in quick.open] == [(o.where, o.low, o.high) for o in full.open]
    assert {(o.where["row"], o.where["column"]) for o in quick.open} == {
        (i.where["row"], i.where["column"]) for i in full.intervals if i.high < 10
    }


def test_one_blank_in_a_line_is_had_back_by_subtraction_and_the_sum_is_named() -> None:
    report = audit([table("t", ("sex",), [("ALL", 40), ("F", pd.NA), ("M", 36)])], NO_HIERARCHY, 10)
    assert [(o.where, o.low, o.high) for o in report.open] == [({"sex": "F"}, 4.0, 4.0)]
    assert report.open[0].sums == ["t: sex ALL: 40 = ? (sex F) + 36 (sex M)"]
    assert not report.safe


def test_two_blanks_that_add_up_to_less_than_the_threshold_are_both_open() -> None:
    report = audit([table("t", ("sex",), [("ALL", 44), ("F", pd.NA), ("X", pd.NA), ("M", 36)])], NO_HIERARCHY, 10)
    assert {o.where["sex"] for o in report.open} == {"F", "X"}


def test_two_blanks_that_add_up_to_the_threshold_are_safe() -> None:
    report = audit([table("t", ("sex",), [("ALL", 46), ("F", pd.NA), ("X", pd.NA), ("M", 36)])], NO_HIERARCHY, 10)
    assert report.safe
    assert (report.cells, report.hidden) == (4, 2)


def test_a_square_of_four_blanks_with_a_small_row_leaks() -> None:
    rows = [("ALL", "ALL", 100), ("ALL", "a", 50), ("ALL", "b", 50), ("x", "ALL", 11), ("y", "ALL", 89)]
    rows += [("x", "a", pd.NA), ("x", "b", pd.NA), ("y", "a", pd.NA), ("y", "b", pd.NA)]
    assert audit([table("t", ("row", "column"), rows)], NO_HIERARCHY, 10).safe
    small = [(r, c, {("x", "ALL"): 9, ("y", "ALL"): 91}.get((r, c), n)) for r, c, n in rows]
    leaks = audit([table("t", ("row", "column"), small)], NO_HIERARCHY, 10)
    assert {(o.where["row"], o.where["column"]) for o in leaks.open} == {("x", "a"), ("x", "b")}


GEOGRAPHY = tree(("area", "C1", "999", "g"), ("area", "C2", "999", "g"), ("area", "s1", "C1", "g"), ("area", "s2", "C1", "g"))


def test_a_leak_through_the_hierarchy_is_found() -> None:
    rows = [("999", 100), ("C1", pd.NA), ("C2", 60), ("s1", pd.NA), ("s2", 36)]
    report = audit([table("t", ("area",), rows)], GEOGRAPHY, 10)
    assert [(o.where, o.low, o.high) for o in report.open] == [({"area": "s1"}, 4.0, 4.0)]
    assert len(report.open[0].sums) == 2


def test_a_leak_through_a_linked_table_is_found_only_when_both_are_given() -> None:
    by_sex = table("by_sex", ("area", "sex"), [("999", "ALL", pd.NA), ("999", "F", 30), ("999", "M", pd.NA)])
    by_area = table("by_area", ("area",), [("999", pd.NA), ("C1", 17), ("C2", 20)])
    assert audit([by_sex], GEOGRAPHY, 10).safe
    assert {o.where.get("sex") for o in audit([by_sex, by_area], GEOGRAPHY, 10).open} == {"M"}


def test_a_leak_through_several_ways_of_splitting_one_parent_is_found() -> None:
    ways = tree(
        ("contact", "either", "ALL", "any"),
        ("contact", "none", "ALL", "any"),
        ("contact", "sw", "ALL", "sw"),
        ("contact", "no_sw", "ALL", "sw"),
        ("contact", "none", "no_sw", "no_sw"),
        ("contact", "asl_only", "no_sw", "no_sw"),
    )
    rows = [("ALL", 100), ("either", 40), ("none", pd.NA), ("sw", 36), ("no_sw", pd.NA), ("asl_only", pd.NA)]
    report = audit([table("t", ("contact",), rows)], ways, 10)
    assert [(o.where["contact"], o.high) for o in report.open] == [("asl_only", 4.0)]


def test_a_cell_hidden_in_one_table_and_shown_in_another_is_not_hidden() -> None:
    one = table("one", ("sex",), [("ALL", 40), ("F", pd.NA), ("M", pd.NA)])
    two = table("two", ("sex",), [("ALL", 40), ("F", 31)])
    assert {o.where["sex"] for o in audit([one, two], NO_HIERARCHY, 10).open} == {"M"}


def test_a_group_that_no_table_lists_is_found_when_it_is_what_is_left() -> None:
    report = audit([table("t", ("sex",), [("ALL", 40), ("F", 36)])], NO_HIERARCHY, 10)
    assert [(o.where["sex"], o.low, o.high) for o in report.open] == [("(not listed)", 4, 4)]
    assert audit([table("t", ("sex",), [("ALL", 40), ("F", 20)])], NO_HIERARCHY, 10).safe


def test_a_child_that_is_listed_nowhere_counts_as_one_that_cannot_occur() -> None:
    rows = [("999", 60), ("C1", 40), ("C2", 20), ("s1", pd.NA)]
    report = audit([table("t", ("area",), rows)], GEOGRAPHY, 10)
    assert not report.open, "s1 is all of C1: hidden, but 40"
    small = audit([table("t", ("area",), [("999", 60), ("C1", pd.NA), ("C2", 56), ("s1", pd.NA)])], GEOGRAPHY, 10)
    assert {o.where["area"] for o in small.open} == {"C1", "s1"}


def test_labels_keep_populations_apart() -> None:
    rows = [("w1", "ALL", 40), ("w1", "F", pd.NA), ("w1", "M", pd.NA), ("w2", "ALL", 40), ("w2", "F", 20), ("w2", "M", 20)]
    assert audit([table("t", ("sex",), rows, labels=("wave",))], NO_HIERARCHY, 10).safe


def test_published_tables_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(UnreadableError, match="one number for one group"):
        audit([table("one", ("sex",), [("ALL", 40)]), table("two", ("sex",), [("ALL", 41)])], NO_HIERARCHY, 10)
    with pytest.raises(UnreadableError, match="contradict"):
        audit([table("t", ("sex",), [("ALL", 40), ("F", 30), ("M", 30)])], NO_HIERARCHY, 10)
    with pytest.raises(UnreadableError, match="contradict"):
        audit([table("t", ("sex",), [("ALL", 40), ("F", 50), ("M", pd.NA)])], NO_HIERARCHY, 10)


def test_a_small_count_that_is_shown_and_a_figure_of_a_hidden_count_are_leaks() -> None:
    shown = table("t", ("band",), [("ALL", 40), ("yes", 4), ("no", 36)])
    assert [leak.rule for leak in audit([shown], NO_HIERARCHY, 10).leaks] == ["small count"]
    hidden = table("t", ("band",), [("ALL", 40), ("yes", pd.NA), ("no", pd.NA)])
    frame = hidden.frame.assign(pct=[None, 10.0, None], pct_state=["", "shown", ""])
    report = audit([Table("t", "t", frame, ("band",))], NO_HIERARCHY, 10)
    assert [(leak.rule, leak.where["band"]) for leak in report.leaks] == [("figure of a hidden count", "yes")]


def test_small_caseloads_and_money_that_counts_children_are_leaks() -> None:
    services = Table("services", "", pd.DataFrame({"service_id": ["S1", "S2"], "children_served": [9, 10]}))
    demand = Table("demand", "", pd.DataFrame({"service_id": ["S1"], "year": ["2024-25"], "children": ["8"]}))
    spend = Table(
        "spend",
        "",
        pd.DataFrame({"service_id": ["S1", "S1"], "amount_gbp": [500000.0, 400000.0], "financial_year": ["2024-25"] * 2}),
    )
    costs = Table("unit_costs", "", pd.DataFrame({"service_id": ["S1"], "unit_cost_gbp": [180000.0]}))
    report = audit([services, demand, spend, costs], NO_HIERARCHY, 10)
    assert [(leak.rule, leak.where["service_id"]) for leak in report.leaks] == [
        ("small caseload", "S1"),
        ("small caseload", "S1"),
        ("spend over unit cost", "S1"),
    ]
    assert "5.0 children" in report.leaks[-1].text
