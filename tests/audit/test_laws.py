"""What must not change the verdict (other order, other names, split files), and what may only make it worse (further tables)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from rcs_core.audit import AuditReport, audit, audit_paths
from rcs_core.audit.run import audit_sources
from rcs_core.audit.sources import Source
from rcs_core.release import Table
from tests.audit.small_tables import SHAPES, random_system
from tests.audit.test_leaks import CASES
from tests.count_tables import NO_HIERARCHY, table

Found = set[tuple[frozenset[str], float, float]]


def found(report: AuditReport, names: dict[str, str] | None = None) -> Found:
    """The intervals, by the codes of their cells (renamed back)."""
    back = {new: old for old, new in (names or {}).items()}
    return {(frozenset(back.get(c, c) for c in i.where.values()), i.low, i.high) for i in report.intervals}


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("seed", range(3))
def test_rows_in_another_order_and_split_tables_change_nothing(shape: str, seed: int) -> None:
    system = random_system(shape, seed, most=12)
    whole = system.published()
    mixed = whole.frame.sample(frac=1.0, random_state=seed)
    parts = [Table(f"p{k}", "", mixed.iloc[k::3], whole.dims) for k in range(3)]
    before = audit([whole], system.geography, 10, intervals=True)
    after = audit(parts, system.geography.sample(frac=1.0, random_state=seed), 10, intervals=True)
    assert (before.cells, before.hidden, before.safe, found(before)) == (after.cells, after.hidden, after.safe, found(after))


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("seed", range(3))
def test_other_codes_change_nothing(shape: str, seed: int) -> None:
    system = random_system(shape, seed, most=12)
    whole = system.published()
    codes = {c for d in whole.dims for c in whole.frame[d]} - {"ALL"}
    names = {code: f"z{len(codes) - k}" for k, code in enumerate(sorted(codes))}
    dims = list(whole.dims)
    frame = whole.frame.assign(**{d: whole.frame[d].replace(names) for d in dims})
    trees = system.geography.assign(**{c: system.geography[c].replace(names) for c in ("child", "parent")})
    before = audit([whole], system.geography, 10, intervals=True)
    after = audit([Table("t", "", frame, whole.dims)], trees, 10, intervals=True)
    assert found(before) == found(after, names)


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("seed", range(5))
def test_a_further_table_never_makes_an_unsafe_folder_pass(shape: str, seed: int) -> None:
    """The tables of a folder one by one (the total, each way alone, ways crossed), in any order; then one of other children."""
    system = random_system(shape, 100 + seed, most=20, share=0.6)
    rows, axes = system.published().frame, list(system.axes)
    margin = rows[axes].isin(["ALL", "999"])
    kinds = margin.astype(str).agg(" ".join, axis=1)
    tables = [Table(f"t{k}", "", part, tuple(axes)) for k, (_, part) in enumerate(rows.groupby(kinds))]
    order = np.random.default_rng(seed).permutation(len(tables))
    strange = table("of_others", ("row",), [("w", "ALL", 90), ("w", "a", 40), ("w", "b", 20)], labels=("wave",))
    given: list[Table] = []
    unsafe = False
    for one in [*(tables[k] for k in order), strange]:
        given.append(one)
        safe = audit(given, system.geography, 10).safe
        assert not (unsafe and safe), one.name
        unsafe = not safe


@pytest.mark.parametrize("seed", range(6))
def test_a_further_source_never_makes_an_unsafe_one_pass(seed: int) -> None:
    first, second = (random_system("two ways", 300 + seed + k, most=40, share=0.6) for k in (0, 50))
    one = Source("one", (first.published(),), NO_HIERARCHY)
    other = Source("other", (second.published(),), NO_HIERARCHY)
    alone = audit_sources([one], 10)
    assert audit_sources([one, other], 10).safe <= alone.safe
    assert audit_sources([one, one], 10).safe == alone.safe


@pytest.mark.parametrize("name", sorted(n for n, case in CASES.items() if "folders" not in case and "options" not in case))
def test_a_leak_stays_one_beside_a_folder_of_something_else(tmp_path: Path, name: str) -> None:
    for place, files in (
        ("leaky", {**CASES[name].get("both", {}), **CASES[name]["leaky"]}),
        ("else", {"u.csv": "survey,colour,n other,ALL,91 other,red,40 other,blue,51"}),
    ):
        (tmp_path / place).mkdir()
        for file, text in files.items():
            (tmp_path / place / file).write_text("\n".join(text.split()) + "\n", encoding="utf-8")
    report = audit_paths([tmp_path / "else", tmp_path / "leaky"])
    assert not report.safe
    for file in (tmp_path / "else").iterdir():
        (tmp_path / "leaky" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    assert not audit_paths([tmp_path / "leaky"]).safe


def test_hidden_sums_that_cannot_hold_are_refused_in_one_source_and_attacked_apart_in_two() -> None:
    old = table("t", ("sex",), [("ALL", 60), ("F", pd.NA), ("M", pd.NA), ("X", 30)])
    new = table("t", ("sex",), [("ALL", 60), ("F", pd.NA), ("M", 45), ("X", pd.NA)])
    sources = [Source(name, (t,), NO_HIERARCHY) for name, t in (("old", old), ("new", new))]
    report = audit_sources(sources, 10)
    assert report.safe, "nothing that is shown differs, but together they cannot be of the same children"
    assert (report.cells, report.hidden) == (8, 4)


def test_the_cases_are_kept_in_one_form() -> None:
    for name, case in CASES.items():
        assert set(case) <= {"names", "options", "folders", "both", "leaky", "safe"}, name
        assert yaml.safe_load(yaml.safe_dump(case)) == case
