"""From nothing to a release, its tables and a scenario in a workbook, by the commands a newcomer types."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rcs_core import release
from rcs_core.workshop.store import Store
from tests.conftest import ROOT, Home, rcs_here

Rcs = Callable[..., subprocess.CompletedProcess[str]]


def test_the_demonstration_passes_its_own_check_and_its_receipts_reconcile(home: Home, rcs: Rcs) -> None:
    checked = rcs("check", home.folder, "--json", env=home.env)
    said = json.loads(checked.stdout)
    assert checked.returncode == 0
    assert said["counts"]["error"] == 0
    by_table: dict[str, dict[str, int]] = {}
    for receipt in said["receipts"]:
        by_table.setdefault(receipt["table"], {})[receipt["rule"]] = receipt["rows"]
    left_out = {"not_in_census", "answered_twice", "wrong_stage", "subtotal"}
    for table, rows in by_table.items():
        assert rows["rows_in"] == rows["rows_kept"] + sum(n for rule, n in rows.items() if rule in left_out), table


def test_the_release_holds_no_count_under_ten_and_no_row_of_a_child(home: Home) -> None:
    built = release.load(home.release)
    release.check_waist(built.tables.values(), built.manifest.min_cell)
    assert built.manifest.audit["open"] == 0
    assert {"pupil_p5_p7_area", "pupil_s1_s4_contact", "spend", "demand", "effects"} <= set(built.tables)


def test_the_demonstration_release_signs_itself_off_as_fictional(home: Home) -> None:
    with Store.open(home.path / "store.sqlite") as store:
        signed = store.signed_off(release.load(home.release).manifest.content_hash)
    assert signed is not None
    assert signed.fictional


def test_the_audit_finds_nothing_in_the_release_or_in_its_tables(home: Home, rcs: Rcs, tmp_path: Path) -> None:
    assert rcs("audit", home.release).returncode == 0
    assert rcs("tables", home.release, tmp_path / "out").returncode == 0
    audited = rcs("audit", tmp_path / "out")
    assert audited.returncode == 0, audited.stdout + audited.stderr


def test_unhiding_one_cell_of_the_published_tables_is_found_by_the_audit(home: Home, rcs: Rcs, tmp_path: Path) -> None:
    rcs("tables", home.release, tmp_path / "out")
    path = tmp_path / "out" / "pupil_p5_p7_area_sex.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    place = next(r for r in rows if r["sex"] == "ALL" and r["band"] == "no" and r["state"] == "shown")
    for row in rows:
        if (
            (row["indicator"], row["area"]) == (place["indicator"], place["area"])
            and row["band"] != "ALL"
            and row["sex"] != "ALL"
        ):
            row["n"] = "3" if (row["sex"], row["band"]) == ("female", "no") else row["n"]
            row["state"] = "shown" if (row["sex"], row["band"]) == ("female", "no") else row["state"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert rcs("audit", tmp_path / "out").returncode != 0


def test_a_release_is_built_beside_the_one_that_was_signed_off_before_it(home: Home, rcs: Rcs, tmp_path: Path) -> None:
    target, inputs = tmp_path / "releases", tmp_path / "inputs"
    shutil.copytree(home.release, target)
    shutil.copytree(home.folder, inputs)
    survey = inputs / "survey_pupil_p5_p7.csv"
    lines = survey.read_text(encoding="utf-8").splitlines(keepends=True)
    survey.write_text("".join(lines[:40] + lines[41:]), encoding="utf-8")
    built = rcs("build", inputs, target, "--json", env=home.env)
    assert built.returncode == 0, built.stderr
    said = json.loads(built.stdout.splitlines()[-1])
    (against,) = said["against"]
    assert against["release"] == release.load(home.release).id
    assert against["apart"] > 0
    assert any("less than 10 apart" in note for note in said["notes"])
    assert said["near"]


def test_a_build_that_is_killed_leaves_the_earlier_release_served(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "releases"
    shutil.copytree(home.release, target)
    before = release.load(target).id
    (tmp_path / "inputs").mkdir()
    inputs = tmp_path / "inputs" / "demo"
    shutil.copytree(home.folder, inputs)
    about = inputs / "partnership.yaml"
    about.write_text(about.read_text(encoding="utf-8").replace("2025-26", "2026-27"), encoding="utf-8")
    command = [sys.executable, "-m", "rcs_core.cli", "build", str(inputs), str(target), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=home.env, cwd=ROOT, start_new_session=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if json.loads(line).get("stage") == "protect":
                break
        os.killpg(running.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert release.load(target).id == before


@pytest.fixture(scope="module", name="bare")
def built_of_little(home: Home, tmp_path_factory: pytest.TempPathFactory) -> release.Release:
    """What is built where there is no parent survey and no linkage, and one pupil of P5 to P7 answered."""
    inputs, out = tmp_path_factory.mktemp("bare") / "inputs", tmp_path_factory.mktemp("bare") / "out"
    shutil.copytree(home.folder, inputs)
    for name in ("survey_parent_0_8.csv", "social_work.csv", "additional_support.csv"):
        (inputs / name).unlink()
    survey = inputs / "survey_pupil_p5_p7.csv"
    survey.write_text("".join(survey.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    built = rcs_here("build", inputs, out, env=home.env)
    assert built.returncode == 0, built.stderr
    return release.load(out)


def test_no_linkage_and_no_parent_survey_build_a_release_without_them(bare: release.Release) -> None:
    assert not {"parent_0_8_area", "pupil_s1_s4_contact"} & set(bare.tables)
    assert {"pupil_p5_p7_area", "pupil_s1_s4_area", "spend"} <= set(bare.tables)


def test_a_missing_survey_builds_a_release_without_it(home: Home, rcs: Rcs, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    shutil.copytree(home.folder, inputs)
    for name in ("survey_pupil_p5_p7.csv", "wave_2023/survey_pupil_p5_p7.csv"):
        (inputs / name).unlink()
    built = rcs("build", inputs, tmp_path / "out", env=home.env)
    assert built.returncode == 0, built.stderr
    tables = set(release.load(tmp_path / "out").tables)
    assert "pupil_p5_p7_area" not in tables
    assert {"pupil_s1_s4_area", "spend"} <= tables


def test_rows_come_from_the_roll_so_that_an_absent_row_never_says_who_answered(home: Home, bare: release.Release) -> None:
    whole = release.load(home.release)
    for name in ("pupil_p5_p7_area", "pupil_p5_p7_stage", "pupil_p5_p7_simd"):
        dims = list(whole.tables[name].dims)
        now, same = (built.frame(name).query("wave == '2025'") for built in (bare, whole))
        assert set(now["state"]) == {"suppressed"}
        listed = {tuple(row) for row in now[dims].to_numpy()}
        assert listed == {tuple(row) for row in same[dims].to_numpy()}


def test_a_breach_stops_the_build_and_the_earlier_release_is_still_served(home: Home, rcs: Rcs, tmp_path: Path) -> None:
    inputs, target = tmp_path / "inputs", tmp_path / "releases"
    shutil.copytree(home.folder, inputs)
    shutil.copytree(home.release, target)
    before = release.load(target).id
    (inputs / "pupil_census.csv").write_text("", encoding="utf-8")
    built = rcs("build", inputs, target, env=home.env)
    assert built.returncode == 1
    assert "pupil_census.csv" in built.stderr
    assert "Traceback" not in built.stderr
    assert release.load(target).id == before


def test_no_command_answers_with_a_traceback(rcs: Rcs, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    for words in (
        ["check", tmp_path / "nowhere"],
        ["build", tmp_path / "nowhere", tmp_path / "r"],
        ["audit", tmp_path / "nowhere"],
        ["tables", tmp_path / "nowhere", tmp_path / "t"],
        ["solve", tmp_path / "bad.json", "--out", tmp_path / "o.json"],
        ["workbook", tmp_path / "nowhere.json", tmp_path / "o.xlsx"],
        ["signoff", tmp_path / "nowhere", "--by", "A", "--role", "B"],
    ):
        said = rcs(*words)
        assert said.returncode in (1, 2), words
        assert "Traceback" not in said.stderr, words
        assert "To fix" in said.stderr or "Expected" in said.stderr, (words, said.stderr)
