"""What leaves the room: small counts hidden, nothing to be had back, the same pattern every time."""

import dataclasses
import json
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcs_core.audit import audit
from rcs_core.audit.reading import read_picture
from rcs_core.errors import DisclosureError, SettingsError
from rcs_core.records.protect import ContradictionError, Effort, protect, read_effort
from rcs_core.records.protect import effort as effort_module
from rcs_core.records.protect import run as run_module
from rcs_core.records.protect.gate import check_written
from rcs_core.records.protect.part import split
from rcs_core.records.protect.pattern import find_pattern
from rcs_core.records.protect.system import read_system
from rcs_core.release import Table, check_waist
from rcs_core.settings import Disclosure
from tests.count_tables import NO_HIERARCHY, table, tree
from tests.records import partnership_tables
from tests.shared import shared_file

RULE = Disclosure(10, "the test", "2026")


def states(tables: list[Table]) -> dict[tuple[str, ...], str]:
    """State by table and codes, whatever the order of rows."""
    return {
        (t.name, *(str(row[c]) for c in sorted((*t.labels, *t.dims)))): row["state"]
        for t in tables
        if t.is_count
        for row in t.frame.to_dict("records")
    }


def example(name: str) -> tuple[Table, dict[str, object]] | None:
    found, expected = (
        shared_file(f"methods/examples/protect/{name}.csv"),
        shared_file(f"methods/examples/protect/{name}.expected.json"),
    )
    if found is None or expected is None:
        return None
    frame = pd.read_csv(found, dtype=str).rename(columns={"value": "n"})
    frame["n"] = frame["n"].astype("Int64")
    dims = tuple(c for c in frame.columns if c not in ("cluster", "n"))
    return Table(name, name, frame, dims, ("cluster",)), json.loads(expected.read_text())


def test_a_cluster_by_sex_is_hidden_at_the_known_least_cost() -> None:
    if given_example := example("A_cluster_sex_I01_C1"):
        published, known = given_example
        result = protect([published], NO_HIERARCHY, RULE)
        assert result.summary["cost"] == known["best"]["cost"]
        assert result.summary["secondary"] == known["best"]["sec"]
        assert (result.summary["cells"], result.summary["sums"]) == (known["cells"], known["sums"])
        assert audit(result.tables, NO_HIERARCHY, 10).safe


def test_a_cluster_of_linked_tables_is_hidden_within_five_per_cent_of_the_best_known_cost() -> None:
    if given_example := example("D_cluster_linked_I01_C1"):
        published, known = given_example
        result = protect([published], NO_HIERARCHY, RULE)
        assert known["lower_bound"] <= result.summary["cost"] <= 1.05 * known["best"]["cost"]
        assert (result.summary["cells"], result.summary["sums"]) == (known["cells"], known["sums"])
        assert audit(result.tables, NO_HIERARCHY, 10).safe


@pytest.fixture(scope="module")
def partnership() -> tuple[list[Table], pd.DataFrame]:
    return partnership_tables.tables(3, 12, seed=5, indicators=(2, 2)), partnership_tables.hierarchies(3, 12)


def test_a_partnership_is_hidden_so_that_the_outside_reader_finds_nothing(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    result = protect(tables, hierarchies, RULE)
    check_waist(result.tables, 10)
    report = audit(result.tables, hierarchies, 10)
    assert report.safe, (report.open[:3], report.leaks[:3])
    assert (report.cells, report.hidden) == (result.summary["cells"], result.summary["hidden"])
    assert result.summary["sensitive"] > 20


def test_two_readings_written_apart_agree_on_cells_and_sums(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    system, picture = read_system(tables, hierarchies), read_picture(tables, hierarchies)
    ours = {(frozenset(labels), frozenset(codes)): int(n) for (labels, codes), n in zip(system.keys, system.counts, strict=True)}
    assert ours == picture.numbers
    keys = [(frozenset(labels), frozenset(codes)) for labels, codes in system.keys]
    sums = {(keys[s.parent], frozenset(keys[c] for c in s.children)) for s in system.sums}
    assert sums == {(a.whole, frozenset(a.parts)) for a in picture.additions}
    assert len(sums) == len(system.sums) == len(picture.additions)


def test_primary_hiding_alone_leaves_cells_open(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    naive = [
        dataclasses.replace(t, frame=t.frame[[*t.labels, *t.dims]].assign(n=t.frame["n"].mask(t.frame["n"] < 10))) for t in tables
    ]
    assert len(audit(naive, hierarchies, 10).open) > 20


def test_rows_columns_and_shown_counts_are_as_they_came(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    for before, after in zip(tables, protect(tables, hierarchies, RULE).tables, strict=True):
        keys = [*before.labels, *before.dims]
        assert before.frame[keys].equals(after.frame[keys])
        assert list(before.frame.columns) == list(after.frame.columns)
        shown = after.frame["n"].notna()
        assert before.frame.loc[shown, "n"].equals(after.frame.loc[shown, "n"])
        assert (shown == (after.frame["state"] == "shown")).all()


def test_a_hidden_band_hides_the_percentages_of_its_group(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    for t in protect(*partnership, RULE).tables:
        group = [*t.labels, *(d for d in t.dims if d != "band")]
        lost = t.frame["n"].isna().groupby([t.frame[c] for c in group]).transform("any")
        assert t.frame.loc[lost, ["pct", "pct_low", "pct_high"]].isna().all(axis=None)
        yes = t.frame["band"] == "yes"
        assert (t.frame.loc[lost & yes, "pct_state"] == "suppressed").all()
        assert (t.frame.loc[~lost & yes, "pct_state"] == "shown").all()
        assert (t.frame.loc[~yes, "pct_state"] == "").all()


def test_the_order_of_tables_and_rows_makes_no_difference(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    rng = np.random.default_rng(3)
    shuffled = [
        dataclasses.replace(t, frame=t.frame.iloc[rng.permutation(len(t.frame))].reset_index(drop=True)) for t in tables[::-1]
    ]
    mixed = hierarchies.iloc[rng.permutation(len(hierarchies))]
    assert states(protect(tables, hierarchies, RULE).tables) == states(protect(shuffled, mixed, RULE).tables)


def test_a_table_split_in_two_is_hidden_alike(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    halves = [dataclasses.replace(tables[0], frame=tables[0].frame.iloc[k::2]) for k in (0, 1)]
    halves[1] = dataclasses.replace(halves[1], name="other")
    whole, parts = protect(tables, hierarchies, RULE), protect([*halves, *tables[1:]], hierarchies, RULE)
    both = {key[1:]: state for key, state in states(parts.tables).items() if key[0] in (tables[0].name, "other")}
    assert both == {key[1:]: state for key, state in states(whole.tables).items() if key[0] == tables[0].name}


def test_several_processes_give_the_same_pattern_as_one(partnership: tuple[list[Table], pd.DataFrame]) -> None:
    tables, hierarchies = partnership
    one, two = (dataclasses.replace(read_effort(), processes=k, process_cells=0) for k in (1, 2))
    seen: list[float] = []
    first = protect(tables, hierarchies, RULE, effort=one)
    second = protect(tables, hierarchies, RULE, lambda _text, done: seen.append(done), effort=two)
    assert states(first.tables) == states(second.tables)
    assert first.summary == second.summary
    assert seen[-1] == pytest.approx(1.0)


def test_a_worker_that_dies_costs_time_and_changes_nothing(
    partnership: tuple[list[Table], pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables, hierarchies = partnership
    one, two = (dataclasses.replace(read_effort(), processes=k, process_cells=0) for k in (1, 2))
    first = protect(tables, hierarchies, RULE, effort=one)

    def die(*_: object) -> None:
        raise BrokenProcessPool("a worker was ended")

    monkeypatch.setattr(run_module, "_solve_in_processes", die)
    assert states(protect(tables, hierarchies, RULE, effort=two).tables) == states(first.tables)


def test_the_private_log_knows_why_and_the_tables_do_not() -> None:
    result = protect([table("t", ("sex",), [("ALL", 60), ("F", 4), ("M", 56)])], NO_HIERARCHY, RULE)
    assert result.log.to_dict("records") == [
        {"table": "t", "cell": "sex F", "reason": "primary"},
        {"table": "t", "cell": "sex M", "reason": "secondary"},
    ]
    assert set(result.tables[0].frame["state"]) == {"shown", "suppressed"}


def test_a_cell_of_two_tables_has_one_state() -> None:
    one = table("one", ("sex",), [("ALL", 60), ("F", 4), ("M", 56)])
    two = table(
        "two", ("sex", "stage"), [("F", "ALL", 4), ("M", "ALL", 56), ("M", "P5", 26), ("M", "P6", 30), ("ALL", "ALL", 60)]
    )
    found = states(protect([one, two], NO_HIERARCHY, RULE).tables)
    assert found["one", "F"] == "suppressed"
    assert all(found["one", sex] == found["two", sex, "ALL"] for sex in ("F", "M", "ALL"))


def test_a_grand_total_under_the_threshold_hides_the_whole_table() -> None:
    result = protect([table("t", ("sex",), [("ALL", 7), ("F", 4), ("M", 3)])], NO_HIERARCHY, RULE)
    assert result.tables[0].frame["n"].isna().all()
    assert audit(result.tables, NO_HIERARCHY, 10).safe


def test_a_zero_is_hidden_too_so_that_a_band_holding_all_of_its_base_is_not_told() -> None:
    result = protect([table("t", ("band",), [("ALL", 60), ("yes", 60), ("no", 0)])], NO_HIERARCHY, RULE)
    assert result.tables[0].frame["state"].tolist() == ["shown", "suppressed", "suppressed"]


def test_a_table_without_small_counts_or_without_counts_passes_untouched() -> None:
    whole = table("t", ("sex",), [("ALL", 60), ("F", 30), ("M", 30)])
    plain = Table("services", "", pd.DataFrame({"service_id": ["S1"]}))
    result = protect([whole, plain], NO_HIERARCHY, RULE)
    assert result.tables[0].frame.equals(whole.frame)
    assert result.tables[1] is plain
    assert result.summary["hidden"] == 0


def test_no_tables_at_all_is_no_error() -> None:
    assert protect([], NO_HIERARCHY, RULE).summary["cells"] == 0


def test_a_contradiction_is_refused_with_the_sums_that_do_not_hold() -> None:
    with pytest.raises(ContradictionError, match=r"the grand total is 60, its parts by sex are 59") as caught:
        protect([table("t", ("sex",), [("ALL", 60), ("F", 4), ("M", 55)])], NO_HIERARCHY, RULE)
    assert caught.value.exit_code == 2
    with pytest.raises(ContradictionError, match="60 and 61"):
        protect([table("one", ("sex",), [("ALL", 60)]), table("two", ("sex",), [("ALL", 61)])], NO_HIERARCHY, RULE)
    with pytest.raises(ContradictionError, match="missing or below 0"):
        protect([table("t", ("sex",), [("ALL", pd.NA)])], NO_HIERARCHY, RULE)


PARTLY = tree(*(("area", c, "999", "g") for c in ("C1", "C2", "C3")))


def test_what_is_left_of_a_parent_is_protected_though_no_table_lists_it() -> None:
    rows = [("999", 100), ("C1", 60), ("C2", 36)]
    result = protect([table("t", ("area",), rows)], PARTLY, RULE)
    assert result.summary["hidden"] > 0, "999 - C1 - C2 = 4 children"
    assert audit(result.tables, PARTLY, 10).safe


def test_a_child_that_cannot_occur_may_be_left_out() -> None:
    rows = [("999", 96), ("C1", 60), ("C2", 36)]
    assert protect([table("t", ("area",), rows)], PARTLY, RULE).summary == protect(
        [table("t", ("area",), rows)], NO_HIERARCHY, RULE
    ).summary | {"sums": 1}


def test_a_count_that_the_sums_fix_at_zero_whatever_is_hidden_cannot_be_protected() -> None:
    ways = tree(("c", "a", "ALL", "one"), ("c", "b", "ALL", "one"), ("c", "a", "ALL", "two"))
    with pytest.raises(DisclosureError, match="no pattern"):
        protect([table("t", ("c",), [("ALL", 60), ("a", 60), ("b", 0)])], ways, RULE)


def test_the_gate_refuses_a_table_that_shows_what_a_proof_moves() -> None:
    small = table("t", ("sex",), [("ALL", 60), ("F", 4), ("M", 56)])
    system = read_system([small], NO_HIERARCHY)
    part = split(system, 10, read_effort())[0]
    pattern = find_pattern(part, read_effort())
    written = protect([small], NO_HIERARCHY, RULE).tables
    check_written(written, system, [(part, pattern)], 10)
    opened = written[0].frame.copy()
    opened.loc[2, ["n", "state"]] = [56, "shown"]
    with pytest.raises(DisclosureError, match="moves a count that is shown"):
        check_written([dataclasses.replace(written[0], frame=opened)], system, [(part, pattern)], 10)
    with pytest.raises(DisclosureError, match="no flow proves it safe"):
        check_written(written, system, [], 10)


@st.composite
def linked_tables(draw: st.DrawFn) -> list[Table]:
    """Two linked two-way tables made from the same made-up children."""
    many = draw(st.integers(0, 60))
    codes = {"area": ["C1", "C2", "C3"], "sex": ["F", "M"], "stage": ["P5", "P6"]}
    people = pd.DataFrame({c: draw(st.lists(st.sampled_from(v), min_size=many, max_size=many)) for c, v in codes.items()})
    found = []
    for dims in (("area", "sex"), ("area", "stage"), ("sex", "stage")):
        pieces = [people.assign(**dict.fromkeys(margin, "ALL")) for margin in ((), dims[:1], dims[1:], dims)]
        size = pd.concat(pieces).groupby(list(dims)).size()
        full = pd.MultiIndex.from_product([[*codes[d], "ALL"] for d in dims], names=dims)
        counts = size.reindex(full, fill_value=0) if many else pd.Series(0, index=full)
        found.append(table("_".join(dims), dims, [(*key, int(n)) for key, n in counts.items()]))
    return found


@given(linked_tables(), st.integers(3, 12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_protected_passes_the_outside_reader(tables: list[Table], min_cell: int) -> None:
    result = protect(tables, NO_HIERARCHY, Disclosure(min_cell, "the test", "2026"))
    check_waist(result.tables, min_cell)
    assert audit(result.tables, NO_HIERARCHY, min_cell).safe


def test_every_number_of_the_search_has_a_value_a_unit_a_source_and_a_date(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(read_effort(), Effort)
    (tmp_path / "protection.yaml").write_text("weight_cell: {value: 1, unit: cell, source: here}\n")
    monkeypatch.setattr(effort_module, "CONTRACTS", tmp_path)
    with pytest.raises(SettingsError, match="an entry is incomplete"):
        read_effort()
