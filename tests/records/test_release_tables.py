"""The tables of every size on true counts: each cell is a count of answers, each sum holds, and once hidden nothing is open."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from rcs_core.audit import audit
from rcs_core.contracts import check_folder
from rcs_core.records.estimate import Estimates, estimate
from rcs_core.records.hierarchy import hierarchies
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.link import LOOKED_AFTER, UNKNOWN, Linked, link
from rcs_core.records.protect import protect
from rcs_core.records.protect.system import read_system
from rcs_core.records.specification import chosen, specifications
from rcs_core.records.specified import specified
from rcs_core.settings import disclosure
from tests.records.estimate_case import case
from tests.tiny_folder import pupil, write_tiny

SURVEY = "pupil_s1_s4"
COARSE: dict[str, Any] = {
    "tables": {
        "area": {"title": "areas", "levels": ["council", "cluster", "school"]},
        "care": {"title": "care", "levels": ["council"], "by": ["care"]},
        "contact": {"title": "contact", "levels": ["council"], "by": ["contact"], "questions": "contact"},
        "simd": {"title": "fifths", "levels": ["council"], "by": ["simd_quintile"]},
        "simd_cluster": {
            "title": "most deprived",
            "levels": ["council", "cluster"],
            "by": ["simd_quintile"],
            "collapse": {"simd_quintile": {"2-5": ["2", "3", "4", "5"]}},
        },
        "halves": {
            "title": "early and late",
            "levels": ["council", "cluster", "school"],
            "by": ["stage", "sex"],
            "collapse": {"stage": {"S1-S2": ["S1", "S2"], "S3-S4": ["S3", "S4"], "P5-P6": ["P5", "P6"]}},
        },
    },
    "parents": {"simd": {"title": "fifths", "levels": ["council"], "by": ["simd_quintile"]}},
}
SPECS = {**specifications(), "coarse": chosen({"release_tables": COARSE})}


def with_care(linked: Linked) -> Linked:
    """The same records with every third pupil of social work looked after."""
    roll = linked.roll.copy()
    work = roll["contact"].isin(["social_work_only", "both"])
    roll["care"] = "not_looked_after"
    roll.loc[roll.index[work][::3], "care"] = "looked_after"
    care = roll.set_index("pupil_id")["care"]
    surveys = {s: f.assign(care=f["pupil_id"].map(care)) if s.startswith("pupil") else f for s, f in linked.surveys.items()}
    return replace(linked, roll=roll, surveys=surveys)


@cache
def small() -> Linked:
    return with_care(case(1, stage_roll=14).linked)


@cache
def made(name: str) -> Estimates:
    return estimate(small(), spec=SPECS[name])


@cache
def trees(name: str) -> pd.DataFrame:
    """The hierarchies that a release of this partnership would hold."""
    schools = small().schools.assign(school_name="School", cluster_name="Cluster")
    places = SimpleNamespace(partnership=small().partnership | {"name": "Here"}, schools=schools, earlier=())
    return hierarchies(cast(Records, places), made(name).small, SPECS[name].collapsed)


def frame(found: Estimates, name: str) -> pd.DataFrame:
    return next(t.frame for t in found.tables if t.name == name)


@pytest.mark.parametrize("name", SPECS)
def test_exactly_the_tables_of_the_specification_are_made_and_every_sum_of_them_holds(name: str) -> None:
    surveys = {"pupil_p5_p7": True, SURVEY: True, "parent_0_8": False}
    wanted = {table for plan in SPECS[name].tables for table in plan.names(surveys)}
    assert {t.name for t in made(name).tables} == wanted
    system = read_system(made(name).tables, trees(name))
    assert system.published <= len(system.counts)
    assert {key[1] for key in system.keys[system.published :]} <= {
        (("contact", f"(not listed) {p} ALL"),) for p in ("sw", "asl", "any")
    }


def inside(row: dict[str, Any], told: dict[str, str]) -> pd.Series:
    """The respondents of one cell, read straight from the answers: written apart from the estimate."""
    answers = small().surveys[SURVEY]
    work = answers["contact"].isin(["social_work_only", "both"])
    found = pd.Series(True, index=answers.index)
    if row["area"] != "999":
        found = answers["cluster_code"].eq(row["area"]) | answers["school_code"].map(lambda c: told.get(c, c)).eq(row["area"])
    for column in {"sex", "stage", "simd_quintile"} & set(row):
        wide = COARSE["tables"]["halves"]["collapse"]["stage"] | {"2-5": ["2", "3", "4", "5"]}
        if row[column] != "ALL":
            found &= answers[column].isin(wide.get(row[column], [row[column]]))
    kinds = {"looked_after": answers["care"].eq("looked_after"), "social_work": work}
    kinds |= {"additional_support": answers["contact"].isin(["additional_support_only", "both"])}
    kinds |= {"social_work_not_looked_after": work & ~kinds["looked_after"], "either": answers["contact"].ne("none")}
    kinds |= {"none": answers["contact"].eq("none"), "not_looked_after": ~kinds["looked_after"]}
    kinds |= {f"no_{k}": ~kinds[k] for k in ("social_work", "additional_support")}
    kinds |= {k: answers["contact"].eq(k) for k in ("social_work_only", "additional_support_only", "both")}
    return found & kinds[row["contact"]] if row.get("contact", "ALL") != "ALL" else found


@pytest.mark.parametrize("name", ["long", "coarse"])
def test_every_cell_is_the_count_of_its_answers(name: str) -> None:
    told = {school: one.area for one in made(name).small if one.survey == SURVEY for school in one.schools}
    for table in made(name).tables:
        if table.name.startswith(SURVEY) and "band" in table.dims:
            rows = table.frame.sample(min(40, len(table.frame)), random_state=3)
            for row in rows.to_dict("records"):
                said = small().surveys[SURVEY].loc[inside(row, told), row["indicator"]]
                want = said.isin(["yes", "no"]) if row["band"] == "ALL" else said.eq(row["band"])
                assert row["n"] == want.sum(), (table.name, row)


def test_a_coarse_table_shows_the_group_alone_and_a_fine_one_shows_it_beside_its_codes() -> None:
    fine, coarse = (set(frame(made("coarse"), f"{SURVEY}_{n}")["simd_quintile"]) for n in ("simd", "simd_cluster"))
    assert coarse == {"ALL", "1", "2-5"}
    assert fine == {"ALL", "1", "2", "3", "4", "5", "2-5"}
    assert set(frame(made("coarse"), "parent_0_8_simd")["simd_quintile"]) == fine
    assert set(frame(made("coarse"), "pupil_p5_p7_halves")["stage"]) == {"ALL", "P5-P6", "P7"}


def test_care_status_is_told_of_every_question_for_the_council_only() -> None:
    care = frame(made("standard"), f"{SURVEY}_care")
    assert set(care["area"]) == {"999"}
    assert set(care["indicator"]) == set(frame(made("standard"), f"{SURVEY}_area")["indicator"])
    assert set(care["contact"]) == {"ALL", "looked_after", "not_looked_after", "additional_support", "no_additional_support"}
    known = frame(made("standard"), f"{SURVEY}_contact").query("indicator == 'trusted_adult' and band == 'yes'")
    n = known.set_index("contact")["n"]
    assert n["social_work"] == n["looked_after"] + n["social_work_not_looked_after"]
    assert n["not_looked_after"] == n["no_social_work"] + n["social_work_not_looked_after"]


def test_where_somebody_opted_out_of_linkage_care_stands_beside_the_questions_set_against_contact_only() -> None:
    linked = small()
    answers = linked.surveys[SURVEY].copy()
    needs = ["trusted_adult", "bullied_last_year", "sdq_raised", "multiple_risks"]
    answers.loc[answers.index[:2], ["contact", "care"]] = UNKNOWN
    answers.loc[answers.index[:2], [n for n in needs if n in answers]] = ""
    found = estimate(replace(linked, surveys=linked.surveys | {SURVEY: answers}), spec=SPECS["short"])
    assert set(frame(found, f"{SURVEY}_care")["indicator"]) <= set(needs)
    assert len(set(frame(found, "pupil_p5_p7_care")["indicator"])) > len(needs)
    read_system(found.tables, trees("short"))


def test_without_the_extract_of_social_work_nobody_is_called_looked_after() -> None:
    linked = case(1, stage_roll=10).linked
    found = estimate(replace(linked, extracts=("additional_support",)), spec=SPECS["short"])
    assert set(frame(found, f"{SURVEY}_care")["contact"]) == {"ALL", "additional_support", "no_additional_support"}
    bare = estimate(replace(linked, linked=False, extracts=()), spec=SPECS["short"])
    assert f"{SURVEY}_care" not in {t.name for t in bare.tables}


def test_children_looked_after_in_any_placement_are_and_those_in_after_care_are_not(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    status = [*sorted(LOOKED_AFTER), "continuing_care", "aftercare", "open_case", "none"]
    lines = [f"{pupil(n)},P5,{code},no" for n, code in enumerate(status, start=1)]
    header = "pupil_id,stage,social_work_status,child_protection_register"
    (folder / "social_work.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    roll = link(ingest(check_folder(folder))).roll.set_index("pupil_id")
    cared = {pupil(n) for n in range(1, len(LOOKED_AFTER) + 1)}
    assert set(roll.index[roll["care"].eq("looked_after")]) == cared
    assert roll.loc[sorted(cared), "contact"].isin(["social_work_only", "both"]).all()


@pytest.mark.parametrize("name", ["standard", "coarse"])
def test_once_hidden_nothing_is_open_and_the_release_lists_what_it_hides(name: str) -> None:
    few = ["trusted_adult", "enjoys_learning", "general_health_good"]
    kept = [
        replace(t, frame=t.frame[t.frame["indicator"].isin(few)])
        for t in made(name).tables
        if not t.name.endswith(("_halves", "_roll"))
    ]
    tables = protect(kept, trees(name), disclosure()).tables
    assert audit(tables, trees(name), disclosure().min_cell).open == []
    told = specified(SPECS[name], tables).frame.set_index("table")
    assert set(told.index) == {t.name for t in tables}
    for table in tables:
        hidden = int(table.frame["n"].isna().sum())
        assert (told.at[table.name, "cells"], told.at[table.name, "hidden"]) == (len(table.frame), hidden)
    assert told.at[f"{SURVEY}_simd", "levels"] == "council"
