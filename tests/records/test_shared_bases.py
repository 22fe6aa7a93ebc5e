"""A base that indicators share is protected once, and what is safe for one indicator is safe beside all others."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rcs_core.audit import audit
from rcs_core.errors import DisclosureError
from rcs_core.records.protect import protect, read_effort
from rcs_core.records.protect.bases import shared_bases
from rcs_core.records.protect.command import protect_files
from rcs_core.records.protect.gate import check_written
from rcs_core.records.protect.part import SHARED, split
from rcs_core.records.protect.pattern import find_pattern
from rcs_core.records.protect.shared import shares_a_base, solve_shared
from rcs_core.records.protect.system import read_system
from rcs_core.settings import Disclosure
from tests.count_tables import NO_HIERARCHY, table
from tests.records.shared_bases import as_one_population, made_up

RULE = Disclosure(10, "the test", "2026")
APART = dataclasses.replace(read_effort(), whole_cells=20)
"""An effort for which nearly every part is too large to be searched as a whole."""


@pytest.mark.parametrize(("clusters", "schools", "questions", "seed"), [(2, 8, 3, 1), (3, 9, 4, 2), (1, 6, 5, 3), (4, 16, 3, 4)])
def test_questions_on_one_base_are_safe_together_from_one_who_knows_that_they_share_it(
    clusters: int, schools: int, questions: int, seed: int
) -> None:
    tables, sums = made_up(clusters, schools, questions, seed)
    result = protect(tables, sums, RULE, effort=APART)
    verdict = audit(*as_one_population(result.tables, sums), RULE.min_cell)
    assert verdict.safe
    assert (verdict.cells, verdict.hidden) == (result.summary["cells"], result.summary["hidden"])


def test_the_base_found_first_costs_at_most_a_tenth_more_than_all_at_once() -> None:
    tables, sums = made_up(2, 8, 3, 1)
    at_once = protect(tables, sums, RULE, effort=dataclasses.replace(read_effort(), whole_cells=4000)).summary
    first = protect(tables, sums, RULE, effort=APART).summary
    assert first["cost"] <= 1.1 * at_once["cost"]
    assert first["sensitive"] == at_once["sensitive"]


def test_questions_protected_one_by_one_give_each_other_away() -> None:
    """Why it matters: the same tables, each question and the base protected on its own, then read together."""
    tables, sums = made_up(2, 8, 3, 1)
    families = [[t for t in tables if t.name.startswith(f"{name}_")] for name in ("base", "q00", "q01", "q02")]
    apart = [t for family in families for t in protect(family, sums, RULE).tables]
    assert audit(*as_one_population(apart, sums), RULE.min_cell).open


def test_a_base_is_known_by_its_counts_and_not_where_any_differs() -> None:
    base = {((), ()): 60, ((), (("area", "A"),)): 25}
    question = {((("indicator", "q"),), (("band", "yes"),)): 20, ((("indicator", "q"),), ()): 60}
    other = {((("indicator", "r"),), ()): 59}
    same = shared_bases(base | question | other)
    assert same == {((("indicator", "q"),), codes): ((), codes) for _, codes in base}


def test_a_base_is_known_by_the_sum_of_its_bands_too() -> None:
    labels = (("indicator", "q"),)
    bands = {(labels, (("area", "A"), ("band", b))): n for b, n in (("yes", 20), ("no", 5))}
    assert ((labels, (("area", "A"),))) in shared_bases({((), (("area", "A"),)): 25} | bands)
    assert not shared_bases({((), (("area", "A"),)): 26} | bands)


def test_the_gate_refuses_a_mixture_that_the_base_does_not_allow() -> None:
    tables, sums = made_up(2, 8, 3, 1)
    system = read_system(tables, sums)
    part = max(split(system, 10, APART), key=lambda p: p.size)
    assert shares_a_base(part, APART)
    found = solve_shared(part, lambda parts: [find_pattern(p, APART) for p in parts])
    written = protect(tables, sums, RULE, effort=APART).tables
    check_written(written, system, found, 10)
    one, pattern = next((p, q) for p, q in found if p.carried)
    column = one.carried[0][0]
    cell, flow = next(iter(sorted(pattern.witnesses.items())))
    pattern.witnesses[cell] = flow + 2.0 * (np.arange(one.size) == column)
    with pytest.raises(DisclosureError, match="shared base by more"):
        check_written(written, system, found, 10)


def test_a_proof_that_forgets_what_moves_the_base_is_refused() -> None:
    tables, sums = made_up(2, 8, 3, 1)
    system = read_system(tables, sums)
    part = max(split(system, 10, APART), key=lambda p: p.size)
    found = solve_shared(part, lambda parts: [find_pattern(p, APART) for p in parts])
    written = protect(tables, sums, RULE, effort=APART).tables
    bare = [(dataclasses.replace(p, carried=()), q) for p, q in found]
    with pytest.raises(DisclosureError, match="breaks a sum"):
        check_written(written, system, bare, 10)
    assert any((p.population == SHARED).all() for p, _ in found)


def test_files_whose_bands_add_up_to_a_base_of_another_file_are_one_system(tmp_path: Path) -> None:
    base = "school,n\nALL,47\nA,25\nB,22\n"
    bands = "question,school,band,n\nq,A,yes,21\nq,A,no,4\nq,B,yes,11\nq,B,no,11\nq,ALL,yes,32\nq,ALL,no,15\n"
    for name, text in (("base", base), ("bands", bands)):
        (tmp_path / f"{name}.csv").write_text(text)
    report = protect_files([tmp_path / "base.csv", tmp_path / "bands.csv"], out=tmp_path / "out")
    with (tmp_path / "out" / "bands.csv").open() as file:
        written = {(row["school"], row["band"]): row["n"] for row in csv.DictReader(file)}
    assert report["sums"] == 6
    assert {written["A", "no"], written["A", "yes"]} == {""}, "25 - 21 is known from the other file"


def test_rows_that_cannot_occur_go_back_as_they_came_and_are_no_small_counts(tmp_path: Path) -> None:
    rows = "school,stage,n,state\nALL,ALL,90,\nALL,P5,40,\nALL,S1,50,\nA,ALL,40,\nA,P5,40,\nA,S1,[z],\n"
    rows += "B,ALL,50,\nB,P5,,cannot_occur\nB,S1,50,\n"
    (tmp_path / "t.csv").write_text(rows)
    report = protect_files([tmp_path / "t.csv"], out=tmp_path / "out")
    frame = pd.read_csv(tmp_path / "out" / "t.csv", dtype=str, keep_default_na=False)
    assert report["sensitive"] == report["secondary"] == 0
    assert frame["n"].tolist() == ["90", "40", "50", "40", "40", "[z]", "50", "", "50"]
    assert frame["state"].tolist() == [*["shown"] * 5, "cannot_occur", "shown", "cannot_occur", "shown"]


def test_a_band_that_holds_all_of_its_base_is_not_told_though_the_other_bands_are_left_out() -> None:
    rows = [("ALL", "ALL", 60), ("ALL", "yes", 50), ("ALL", "no", 10), ("A", "ALL", 30), ("A", "yes", 30), ("B", "ALL", 30)]
    rows += [("B", "yes", 20), ("B", "no", 10)]
    result = protect([table("t", ("area", "band"), rows)], NO_HIERARCHY, RULE).tables[0].frame.set_index(["area", "band"])
    assert pd.isna(result.loc[("A", "yes"), "n"]) or pd.isna(result.loc[("A", "ALL"), "n"])


def test_a_release_built_again_keeps_its_pattern_and_one_with_more_tables_goes_by_it() -> None:
    tables, sums = made_up(2, 8, 1, 5)
    questions = [t for t in tables if t.labels]
    first = protect(questions[:2], sums, RULE).tables
    again = protect(questions[:2], sums, RULE, earlier=[first])
    assert [t.frame["state"].tolist() for t in again.tables] == [t.frame["state"].tolist() for t in first]
    more = protect(questions, sums, RULE, earlier=[first])
    assert [t.frame["state"].tolist() for t in more.tables[:2]] == [t.frame["state"].tolist() for t in first]
    assert audit(more.tables, sums, 10).safe
    assert more.summary["from_earlier"] == again.summary["cells"]


def test_a_question_whose_counts_have_changed_is_hidden_afresh() -> None:
    tables, sums = made_up(2, 8, 1, 5)
    other, _ = made_up(2, 8, 1, 6)
    questions, changed = [t for t in tables if t.labels], [t for t in other if t.labels]
    first = protect(questions, sums, RULE).tables
    assert protect(changed, sums, RULE, earlier=[first]).summary["from_earlier"] == 0


def test_a_band_that_another_question_has_is_silent_and_not_unknown() -> None:
    rows = [("y", "ALL", 300), ("y", "yes", 300), ("x", "ALL", 300), ("x", "yes", 200), ("x", "no", 100)]
    found = protect([table("t", ("band",), rows, ("indicator",))], NO_HIERARCHY, RULE)
    states = dict(zip([(r[0], r[1]) for r in rows], found.tables[0].frame["state"], strict=True))
    assert [where for where, state in states.items() if state == "suppressed"] == [("y", "yes")]
    assert audit(found.tables, NO_HIERARCHY, 10).safe
