"""Which tables a release holds: the three sizes, a partnership's own list, and what is refused in one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rcs_core.contracts import check_folder
from rcs_core.errors import SettingsError
from rcs_core.records.specification import OWN, PARENTS, Specification, chosen, read_specification, specifications
from rcs_core.settings import disclosure
from tests.tiny_folder import edit, write_tiny

AREA: dict[str, Any] = {"title": "council, clusters, schools", "levels": ["council", "cluster", "school"], "questions": "every"}
SIMD: dict[str, Any] = {"title": "by fifth", "levels": ["council"], "by": ["simd_quintile"]}


def own(**tables: Any) -> dict[str, Any]:
    return {"tables": {"area": AREA, **tables}}


def shows(spec: Specification) -> set[tuple[str, str]]:
    """Every level and group that a pupil table of the specification shows."""
    return {(level, " ".join(plan.by)) for plan in spec.pupils for level in plan.levels}


def test_three_sizes_each_hold_the_one_before_and_the_standard_one_is_taken_unless_another_is_named() -> None:
    sizes = specifications()
    assert list(sizes) == ["short", "standard", "long"]
    assert shows(sizes["short"]) < shows(sizes["standard"]) < shows(sizes["long"])
    assert chosen({}) is sizes["standard"]
    assert chosen({"release_tables": "short"}) is sizes["short"]
    assert shows(sizes["standard"]) - shows(sizes["short"]) == {("cluster", "stage"), ("council", "stage sex")}
    assert shows(sizes["long"]) - shows(sizes["standard"]) == {("school", "sex"), ("school", "stage")}


def test_every_table_says_why_it_is_there_and_no_school_under_the_rule_is_ever_alone() -> None:
    for spec in specifications().values():
        assert all(plan.title and plan.why for plan in spec.tables)
        assert spec.small_school >= disclosure().min_cell
        assert {plan.name for plan in spec.parents} == {"area", "sex", "simd"}
        assert all(plan.levels == ("council",) for plan in spec.tables if {"care", "contact"} & set(plan.by))


def test_a_plan_names_its_tables_by_survey() -> None:
    surveys = {"pupil_p5_p7": True, "parent_0_8": False}
    plans = {(p.name, p.questions == PARENTS): p for p in specifications()["standard"].tables}
    assert plans["area", False].names(surveys) == ["pupil_p5_p7_area"]
    assert plans["area", True].names(surveys) == ["parent_0_8_area"]
    assert plans["stage_sex", False].dims == ("area", "stage", "sex")
    assert plans["care", False].dims == ("area", "contact")


def test_an_own_list_has_the_same_form_and_may_collapse_codes() -> None:
    coarse = {**SIMD, "collapse": {"simd_quintile": {"2-5": ["2", "3", "4", "5"]}}}
    spec = chosen({"release_tables": own(simd=SIMD, simd_cluster=coarse | {"levels": ["council", "cluster"]})})
    assert (spec.name, len(spec.tables), spec.roll) == (OWN, 3, False)
    assert spec.collapsed == {"simd_quintile": {"2-5": ["2", "3", "4", "5"]}}


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        ({"simd": {**SIMD, "levels": ["cluster"]}}, "levels go from the council down"),
        ({"by_care": {**SIMD, "by": ["care"], "levels": ["council", "cluster"]}}, "singles children out"),
        ({"help": {**SIMD, "by": ["any_contact"], "levels": ["council", "cluster", "school"]}}, "never told of a school"),
        ({"help": {**SIMD, "by": ["contact", "sex"]}}, "stands alone"),
        ({"stage": SIMD}, "reads this table by its name"),
        ({"three": {**SIMD, "by": ["sex", "stage", "simd_quintile"]}}, "two different groups at most"),
        ({"twice": {**SIMD, "by": ["care", "contact"]}}, "two different groups at most"),
        ({"x": {**SIMD, "by": ["postcode"]}}, "no such group"),
        ({"need": SIMD}, "cannot have this name"),
        ({"simd": {**SIMD, "collapse": {"sex": {"both": ["female", "male"]}}}}, "cannot be collapsed here"),
        ({"simd": {**SIMD, "collapse": {"simd_quintile": {"some": ["4", "6"]}}}}, "no such code"),
        ({"simd": {**SIMD, "collapse": {"simd_quintile": {"a": ["1", "2"], "b": ["2", "3"]}}}}, "do not overlap"),
        ({"simd": {**SIMD, "collapse": {"simd_quintile": {"ALL": ["1", "2"]}}}}, "a name of its own"),
        ({"simd": {**SIMD, "levels": ["council", "cluster"]}}, "fairness is told of the council"),
        ({"simd": {**SIMD, "levels": []}}, "levels go from the council down"),
        ({"simd": {**SIMD, "questions": "some"}}, "no such questions"),
        ({"simd": {**SIMD, "colour": "red"}}, "unknown key"),
        ({"area": {**SIMD, "by": []}, "simd": {**SIMD, "questions": "contact"}}, "need a table by contact"),
    ],
)
def test_what_an_own_list_may_not_hold_is_refused_by_name(tables: Mapping[str, Any], what: str) -> None:
    with pytest.raises(SettingsError, match=what):
        chosen({"release_tables": own(**tables)})


def test_one_dimension_is_collapsed_in_one_way_or_the_sums_of_two_tables_would_not_meet() -> None:
    one = {**SIMD, "collapse": {"simd_quintile": {"2-5": ["2", "3", "4", "5"]}}}
    other = {**SIMD, "collapse": {"simd_quintile": {"1-2": ["1", "2"]}}}
    with pytest.raises(SettingsError, match="collapsed in two ways"):
        chosen({"release_tables": own(one=one, other=other)})


@pytest.mark.parametrize("small", [0, 9, True, "30"])
def test_a_list_cannot_let_a_school_under_the_rule_stand_alone(small: object) -> None:
    with pytest.raises(SettingsError, match="number of pupils"):
        read_specification(OWN, {"title": "", "why": "", "small_school": small, **own()}, "here")


def test_the_table_that_everything_rests_on_cannot_be_left_out() -> None:
    with pytest.raises(SettingsError, match="everything rests on"):
        chosen({"release_tables": {"tables": {"simd": SIMD}}})


OWN_LIST = """small_school: 20
tables:
  area: {title: areas, levels: [council, cluster], questions: every}
  sex: {title: girls and boys, levels: [council], by: [sex], why: We report it}
"""


def test_the_check_takes_up_a_list_in_the_folder(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    (folder / "release_tables.yaml").write_text(OWN_LIST, encoding="utf-8")
    report = check_folder(folder)
    assert report.errors == []
    assert not [f for f in report.findings if f.file == "release_tables.yaml"]
    spec = chosen(report.partnership)
    assert (spec.name, spec.small_school, [p.name for p in spec.tables]) == (OWN, 20, ["area", "sex"])


def test_the_check_says_every_fault_of_a_list_with_its_table_and_remedy(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    wrong = (
        OWN_LIST
        + "  care: {title: care, levels: [council, cluster], by: [care]}\n"
        + "  x: {title: ask pat@school.example, levels: [school]}\n"
    )
    (folder / "release_tables.yaml").write_text(wrong, encoding="utf-8")
    edit(folder / "partnership.yaml", lambda text: f"{text}release_tables: long\n")
    said = {(e.column, e.value): e.rule for e in check_folder(folder).errors if e.file == "release_tables.yaml"}
    assert any("singles children out" in rule for rule in said.values())
    assert any("from the council down" in rule for rule in said.values())
    assert any("either release_tables.yaml or the key" in rule for rule in said.values())
    assert any("identifier" in rule for rule in said.values())
    assert "pat@" not in str(said)


def test_whoever_takes_the_whole_contract_as_a_pattern_is_told_what_to_write(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    (folder / "release_tables.yaml").write_text("specifications:\n  own:\n    tables: {}\n", encoding="utf-8")
    wrong = [e for e in check_folder(folder).errors if e.file == "release_tables.yaml"]
    assert [(e.column, e.value) for e in wrong] == [("tables", "nothing")]
    assert wrong[0].rule.startswith("name: value lines")
    assert "under one size" in wrong[0].remedy


def test_the_check_refuses_a_size_that_is_not_there_and_names_those_that_are(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(folder / "partnership.yaml", lambda text: f"{text}release_tables: huge\n")
    wrong = [e for e in check_folder(folder).errors if e.column == "release_tables"]
    assert len(wrong) == 1
    assert "short" in wrong[0].rule + wrong[0].remedy
