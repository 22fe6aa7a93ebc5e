"""The worst files end in rows or in one clear message, in seconds, in a process that may not have much memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rcs_core.contracts import check_folder
from rcs_core.errors import SettingsError
from rcs_core.settings import read_yaml
from rcs_core.sheets.read import FORMULA_ERROR, read_sheet
from tests.bad_cases import BOMB
from tests.conftest import ROOT
from tests.fuzz.worst import CASES, XLSX
from tests.tiny_folder import edit, write_tiny

SECONDS, MEGABYTES = 30, 900
"""Of the processor, and of growth, that one file may cost: many times what any does, so that a slow machine is no failure."""


def test_the_worst_files_never_end_in_a_traceback_nor_take_long_nor_much_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.worst", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=600, check=False)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, f"it died of {lines[-1]}\n{ran.stderr[-2000:]}"
    told = {line["case"]: line for line in lines if "ended" in line}
    assert set(told) == set(CASES)
    assert [line for line in told.values() if line["ended"].startswith("TROUBLE")] == []
    assert [line for line in told.values() if line["seconds"] > SECONDS or line["megabytes"] > MEGABYTES] == []
    assert [line for line in told.values() if "passwd" in line["ended"]] == []


YAML = {
    "aliases for billions": (BOMB, "too many values"),
    "a list inside itself": ("a: &a [*a]\n", "too many values"),
    "brackets without end": ("a: " + "[" * 200_000, "nested too deeply"),
    "deep indents": ("\n".join(" " * i + "a:" for i in range(900)), "nested too deeply"),
    "an impossible date": ("a: 2026-02-30\n", "day is out of range"),
    "an impossible time": ("a: 2026-01-01T25:00:00Z\n", "hour must be in"),
    "a number of 5,000 digits": ("a: " + "9" * 5000, "digits"),
    "a truth value that is none": ("a: !!bool x\n", "not YAML"),
    "a stamp that is none": ("a: !!timestamp x\n", "not YAML"),
    "an object of Python": ("a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
    "a list for a key": ("? [a]\n: b\n", "unhashable key"),
    "a NUL": ("a: \0\n", "special characters"),
    "very long": ("a: x\n" + "# x\n" * 200_000, "500,000"),
}


@pytest.mark.parametrize("name", YAML)
def test_the_worst_yaml_is_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    content, says = YAML[name]
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        read_yaml(path)
    folder = write_tiny(tmp_path / "in")
    (folder / "partnership.yaml").write_text(content, encoding="utf-8")
    assert [f.file for f in check_folder(folder).errors if "partnership.yaml" in f.file] == ["partnership.yaml"]


def test_a_pipe_or_a_device_is_never_read(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    for name in ("social_work.csv", "partnership.yaml", "services.xlsx"):
        (folder / name).unlink()
    os.mkfifo(folder / "social_work.csv")
    os.mkfifo(folder / "partnership.yaml")
    (folder / "services.xlsx").symlink_to("/dev/zero")
    told = {f.file: f.text() for f in check_folder(folder).errors}
    assert "a file that can be read" in told["social_work.csv"]
    assert "a file that can be read" in told["services.xlsx"]
    assert "partnership.yaml" in told
    with pytest.raises(SettingsError, match="no ordinary file"):
        read_yaml(folder / "partnership.yaml")


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_tiny(tmp_path / "in")

    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    [told] = [f for f in check_folder(folder).errors if f.file == "pupil_census.csv"]
    assert told.text().startswith('error: pupil_census.csv: got "Permission denied". Expected a file that can be opened.')


def test_the_sheet_that_a_person_sees_is_read_and_a_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    XLSX["a hidden sheet in front"](path)
    assert read_sheet(path).rows[0][0] == "service_id"
    XLSX["formulas without values"](path)
    assert read_sheet(path).rows[1] == ["S002", "2024-25", FORMULA_ERROR, FORMULA_ERROR]


def test_digits_of_other_scripts_and_amounts_beyond_all_bounds_are_no_numbers(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    edit(folder / "demand_history.csv", lambda t: t.replace(",40,", ",٤٠,"))
    edit(folder / "ledger_nhs.csv", lambda t: t.replace("0.0005", "9" * 400))
    told = {(f.file, f.row, f.column) for f in check_folder(folder).errors}
    assert {("demand_history.csv", 2, "children"), ("ledger_nhs.csv", 3, "GBP 000")} <= told
