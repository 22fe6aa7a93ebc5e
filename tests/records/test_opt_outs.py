"""Opt-outs are kept: no answer is used, no record is joined, and no figure gives those who opted out away."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from rcs_core.contracts import MASK, check_folder
from rcs_core.records.estimate import estimate
from rcs_core.records.estimate.opted_out import tellable_pct
from rcs_core.records.ingest import ingest
from rcs_core.records.link import UNKNOWN, link
from rcs_core.vocab import Severity
from tests.conftest import Home
from tests.tiny_folder import pupil, write_tiny, write_wave

PRIMARY, SECONDARY = "survey_pupil_p5_p7", "survey_pupil_s1_s4"


def opt_out(folder: Path, *rows: tuple[str, str]) -> Path:
    """Write the folder's opt-outs: pupil and scope."""
    lines = [
        "pupil_id,scope,received_on,route",
        *(f"{who},{scope},2025-11-0{1 + n % 9},form" for n, (who, scope) in enumerate(rows)),
    ]
    (folder / "opt_outs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_forms_of_who_opted_out_are_left_out_with_a_receipt_that_adds_up(tmp_path: Path) -> None:
    folder = opt_out(write_tiny(tmp_path), (pupil(4), "survey"), (pupil(16), "all"), (pupil(5), "linkage"))
    report = check_folder(folder)
    assert report.errors == []
    for stem in (PRIMARY, SECONDARY):
        told = {r.rule: r.rows for r in report.receipts if r.table == stem}
        assert told["opted_out"] == 1
        assert told["rows_in"] == told["rows_kept"] + told["opted_out"]
    records = ingest(report)
    assert pupil(4) not in set(records.surveys["pupil_p5_p7"]["pupil_id"])
    assert pupil(5) in set(records.surveys["pupil_p5_p7"]["pupil_id"])
    assert {f.value for f in report.findings if "opted out" in f.rule} == {MASK}


def test_a_pupil_who_answered_twice_and_opted_out_leaves_no_form_behind(tmp_path: Path) -> None:
    folder = opt_out(write_tiny(tmp_path), (pupil(4), "survey"))
    path = folder / f"{PRIMARY}.csv"
    mine = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(pupil(4)))
    path.write_text(path.read_text(encoding="utf-8") + mine + "\n", encoding="utf-8")
    report = check_folder(folder)
    told = {r.rule: r.rows for r in report.receipts if r.table == PRIMARY}
    assert told["opted_out"] == 2
    assert "duplicate" not in told
    assert pupil(4) not in set(ingest(report).surveys["pupil_p5_p7"]["pupil_id"])


def test_an_earlier_wave_honours_the_same_opt_outs(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    write_wave(folder)
    report = check_folder(opt_out(folder, (pupil(1004), "survey"), (pupil(1005), "linkage")))
    assert report.errors == []
    told = {r.rule: r.rows for r in report.receipts if r.table == f"wave_2023/{PRIMARY}"}
    assert told["opted_out"] == 1
    assert pupil(1004) not in set(ingest(report).earlier[0].surveys["pupil_p5_p7"]["pupil_id"])


def test_contact_of_who_opted_out_of_linkage_is_unknown_and_never_none(tmp_path: Path) -> None:
    records = ingest(check_folder(opt_out(write_tiny(tmp_path), (pupil(5), "linkage"), (pupil(4), "all"))))
    roll = link(records).roll.set_index("pupil_id")["contact"]
    assert roll[pupil(5)] == roll[pupil(4)] == UNKNOWN
    assert (roll == UNKNOWN).sum() == 2


def test_what_they_answered_is_out_of_every_table_of_a_question_set_against_contact_and_in_all_others(tmp_path: Path) -> None:
    answers = link(ingest(check_folder(opt_out(write_tiny(tmp_path), (pupil(5), "linkage"))))).surveys["pupil_p5_p7"]
    mine = answers.set_index("pupil_id").loc[pupil(5)]
    assert (mine["trusted_adult"], mine["bullied_last_year"], mine["multiple_risks"]) == ("", "", "")
    assert (mine["enjoys_learning"], mine["feels_safe_in_area"]) == ("yes", "yes")


def test_a_word_that_is_no_scope_stops_a_build_so_that_no_opt_out_is_lost(tmp_path: Path) -> None:
    report = check_folder(opt_out(write_tiny(tmp_path), (pupil(4), "surveys only")))
    assert any(e.file == "opt_outs.csv" and e.column == "scope" for e in report.errors)


def test_an_opt_out_of_nobody_is_said_and_many_stop_a_build(tmp_path: Path) -> None:
    folder = opt_out(write_tiny(tmp_path), (pupil(9999), "survey"), (pupil(4), "survey"))
    report = check_folder(folder)
    assert report.errors == []
    assert [f.row for f in report.findings if f.severity is Severity.NOTE and f.file == "opt_outs.csv"] == [2]
    strange = check_folder(opt_out(folder, *((pupil(9000 + n), "survey") for n in range(12))))
    assert any("same key" in e.remedy for e in strange.errors)


def test_an_empty_file_means_that_nobody_opted_out(tmp_path: Path) -> None:
    report = check_folder(opt_out(write_tiny(tmp_path)))
    assert report.errors == []
    assert link(ingest(report)).opted_out == {"survey": frozenset(), "linkage": frozenset()}


@pytest.mark.parametrize(
    ("count", "roll", "among", "told"),
    [
        (9, 2000, 2000, None),
        (10, 1000, 1000, None),
        (12, 700, 700, 2),
        (40, 2000, 2000, 2),
        (12, 5000, 5000, None),
        (40, 2000, 45, None),
        (0, 0, 0, None),
    ],
)
def test_a_share_is_told_only_where_it_and_its_remainder_cannot_be_small(
    count: int, roll: int, among: int, told: int | None
) -> None:
    """9 are too few; 1% of 1,000 may be 5; 12 of 5,000 round to 0%; of 45 who are silent 40 leave 5."""
    assert tellable_pct(count, roll, among, 10) == told


@pytest.fixture(scope="module")
def opted(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder in which five pupils opted out of linkage, two of whom have a record of social work."""
    folder = tmp_path_factory.mktemp("opted") / "inputs"
    shutil.copytree(home.folder, folder)
    known = pd.read_csv(folder / "social_work.csv", dtype=str).query("stage in ['S1', 'S2', 'S3', 'S4']")["pupil_id"]
    asked = pd.read_csv(folder / f"{SECONDARY}.csv", dtype=str)["pupil_id"].drop_duplicates()
    who = [*known[known.isin(asked)].iloc[:2], *asked[~asked.isin(known)].iloc[10:13]]
    return opt_out(folder, *((pupil_id.strip().lower(), "linkage") for pupil_id in who))


def test_no_table_taken_from_another_shows_who_opted_out_of_linkage(opted: Path) -> None:
    tables = {t.name: t for t in estimate(link(ingest(check_folder(opted)))).tables}
    whole = tables["pupil_s1_s4_area"].frame.query("area == '999' and wave == '2025'").set_index(["indicator", "band"])["n"]
    linked = tables["pupil_s1_s4_contact"].frame.query("contact == 'ALL'").set_index(["indicator", "band"])["n"]
    assert len(linked) >= 9
    assert (whole.loc[linked.index] == linked).all()
    assert "pupil_s1_s4_contact_roll" not in tables
    assert "pupil_p5_p7_contact_roll" in tables


def test_the_picture_says_that_they_are_out_without_a_number_that_is_small(opted: Path) -> None:
    rows = (
        estimate(link(ingest(check_folder(opted))))
        .coverage.query("survey == 'pupil_s1_s4' and wave == '2025'")
        .set_index("topic")
    )
    assert "are in no figure of who gets help" in rows.loc["opted_out_linkage", "text"]
    assert pd.isna(rows.loc["opted_out_linkage", "pct"])
