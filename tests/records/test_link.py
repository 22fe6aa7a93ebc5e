"""Linkage: what joins, what does not, and which contact a pupil has."""

from dataclasses import replace

import pandas as pd
import pytest

from rcs_core.records.ingest import Records
from rcs_core.records.link import link

EMPTY = pd.DataFrame()


def table(columns: str, *rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split(" ") for row in rows], columns=columns.split(" "))


@pytest.fixture
def records() -> Records:
    survey = table("pupil_id school_code stage trusted_adult", "p1 9900101 P5 yes", "p2 9900101 P6 no", "p9 9900101 P5 yes")
    parents = table("respondent_id stratum psu weight child_age", "r1 s1 u1 3.5 4")
    return Records(
        partnership={"area_code": "999", "survey_wave": "2025", "linkage": "linked"},
        schools=table("school_code school_name cluster_code cluster_name sector", "9900101 Burnside C01 One primary"),
        census=table(
            "pupil_id school_code stage sex simd_quintile",
            "p1 9900101 P5 female 1", "p2 9900101 P7 male 3", "p3 9900101 P5 male 2", "p4 9900101 P6 not_known not_known",
        ),
        surveys={"pupil_p5_p7": survey, "parent_0_8": parents},
        social_work=table(
            "pupil_id stage social_work_status child_protection_register", "p1 P5 open_case no", "p3 P5 none no", "p4 P6 none yes"
        ),
        additional_support=table("pupil_id stage asn_reason", "p1 P5 dyslexia", "p1 P5 autism_spectrum", "p2 P7 dyslexia"),
        services=EMPTY, ledgers={}, ledger_columns={}, ledger_map=EMPTY, effects=EMPTY, demand=EMPTY,
        receipts=pd.DataFrame([("survey_pupil_p5_p7", "not_in_census", 7, "")], columns=["table", "rule", "rows", "text"]),
    )  # fmt: skip


def test_answers_carry_the_stage_sex_and_deprivation_of_the_roll(records: Records) -> None:
    answers = link(records).surveys["pupil_p5_p7"].set_index("pupil_id")
    assert answers.loc["p1", ["stage", "sex", "simd_quintile", "cluster_code"]].tolist() == ["P5", "female", "1", "C01"]
    assert answers.loc["p2", "stage"] == "P7"
    assert answers["trusted_adult"].to_dict() == {"p1": "yes", "p2": "no"}


def test_each_pupil_of_the_roll_has_one_contact(records: Records) -> None:
    contact = link(records).roll.set_index("pupil_id")["contact"].to_dict()
    assert contact == {"p1": "both", "p2": "additional_support_only", "p3": "none", "p4": "social_work_only"}


def test_a_form_of_an_unknown_pupil_is_in_no_figure_and_counted(records: Records) -> None:
    linked = link(records)
    assert "p9" not in set(linked.surveys["pupil_p5_p7"]["pupil_id"])
    assert linked.coverage["pct"].tolist() == [pytest.approx(100 * 2 / 10)]


def test_a_pupil_who_answered_twice_counts_once(records: Records) -> None:
    twice = pd.concat([records.surveys["pupil_p5_p7"]] * 2)
    assert len(link(replace(records, surveys={"pupil_p5_p7": twice})).surveys["pupil_p5_p7"]) == 2


def test_parents_are_never_linked(records: Records) -> None:
    parents = link(records).surveys["parent_0_8"]
    assert "contact" not in parents
    assert len(parents) == 1


def test_without_linkage_no_pupil_has_a_contact_but_extracts_are_counted_by_stage(records: Records) -> None:
    linked = link(replace(records, partnership={**records.partnership, "linkage": "none"}))
    assert not linked.linked
    assert "contact" not in linked.roll
    assert "contact" not in linked.surveys["pupil_p5_p7"]
    counts = linked.extract_totals.set_index(["extract", "stage"])["n"].to_dict()
    assert counts == {
        ("social_work", "P5"): 1, ("social_work", "P6"): 1, ("additional_support", "P5"): 1, ("additional_support", "P7"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("gone", ["social_work", "additional_support"])
def test_one_extract_is_enough_to_link_and_the_other_is_said_to_be_missing(records: Records, gone: str) -> None:
    linked = link(replace(records, **{gone: None}))
    assert linked.linked
    assert gone not in linked.extracts
    assert set(linked.roll["contact"]) <= {"none", "social_work_only", "additional_support_only"}


def test_with_no_extract_there_is_nothing_to_link(records: Records) -> None:
    linked = link(replace(records, social_work=None, additional_support=None))
    assert (linked.linked, linked.extracts) == (False, ())


def test_a_blank_sex_or_fifth_is_not_known(records: Records) -> None:
    census = records.census.replace({"sex": {"male": ""}, "simd_quintile": {"3": ""}})
    roll = link(replace(records, census=census)).roll.set_index("pupil_id")
    assert roll.loc["p2", ["sex", "simd_quintile"]].tolist() == ["not_known", "not_known"]
