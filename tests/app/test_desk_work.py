"""An errand of the desk is found again by another tab and another desk, can be stopped by either, and is never run twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app import desk_inputs, desk_jobs, desk_work
from rcs_core.desk_files import busy, desk_home, place_of, take_lock
from rcs_core.settings import ROOT
from tests.tiny_folder import edit, write_tiny

SCRIPT = """
import json, sys, time
print(json.dumps({{"stage": "check", "done": 0.25, "text": "Reading"}}), flush=True)
time.sleep({seconds})
print(json.dumps({{"findings": [], "receipts": [], "id": "abc"}}))
"""


@pytest.fixture(autouse=True)
def a_desk_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))


def pretend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: int) -> None:
    script = tmp_path / "fake.py"
    script.write_text(SCRIPT.format(seconds=seconds))
    monkeypatch.setattr(desk_work, "RCS", (sys.executable, str(script)))


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.03)


def slow_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, desk_work.Job]:
    pretend(monkeypatch, tmp_path, 60)
    folder = write_tiny(tmp_path / "inputs")
    desk_jobs.start_check(folder)
    job = desk_jobs.check_of(folder)
    assert job is not None
    until(lambda: job.text == "Reading")
    return folder, job


def as_another_desk(code: str, tmp_path: Path) -> str:
    """Run a line in a process of its own that shares only the workspace, as a desk started again would."""
    env = {**os.environ, "RCS_HOME": str(tmp_path / "home")}
    head = "from pathlib import Path; from app import desk_jobs; "
    ran = subprocess.run([sys.executable, "-c", head + code], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_a_second_press_a_second_tab_and_a_second_desk_find_the_one_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, job = slow_check(tmp_path, monkeypatch)
    desk_jobs.start_check(folder)
    again = desk_jobs.check_of(folder)
    assert again is not None
    assert again.told["pid"] == job.told["pid"]
    code = f"j = desk_jobs.check_of(Path({str(folder)!r})); print(j.running, j.done, j.told['pid'])"
    assert as_another_desk(code, tmp_path) == f"True 0.25 {job.told['pid']}"
    job.stop()
    assert as_another_desk(code.replace("j.running, j.done, ", "j.running, j.stopped, "), tmp_path).startswith("False True")


def test_another_desk_stops_what_the_first_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, job = slow_check(tmp_path, monkeypatch)
    as_another_desk(f"desk_jobs.check_of(Path({str(folder)!r})).stop()", tmp_path)
    until(lambda: not job.running)
    later = desk_jobs.check_of(folder)
    assert later is not None
    assert (later.stopped, later.failed) == (True, False)
    assert not busy(place_of(folder))


def test_a_child_that_is_killed_from_outside_is_a_failure_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, job = slow_check(tmp_path, monkeypatch)
    os.kill(int(job.told["pid"]), signal.SIGKILL)
    until(lambda: not job.running)
    assert (job.failed, job.stopped) == (True, False)
    assert "ended from outside" in desk_jobs.what_went_wrong(job)
    pretend(monkeypatch, tmp_path, 0)
    desk_jobs.start_check(folder)
    until(lambda: desk_jobs.checked(folder) is not None)


def test_a_check_and_a_build_of_one_folder_do_not_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, job = slow_check(tmp_path, monkeypatch)
    assert desk_jobs.start_build(folder, tmp_path / "out") is None
    job.stop()
    pretend(monkeypatch, tmp_path, 0)
    build = desk_jobs.start_build(folder, tmp_path / "out")
    assert build is not None
    until(lambda: build.result.get("id") == "abc")


def test_the_outcome_of_the_last_build_is_told_by_a_desk_that_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, tmp_path, 0)
    build = desk_jobs.start_build(write_tiny(tmp_path / "inputs"), tmp_path / "out")
    assert build is not None
    until(lambda: not build.running)
    code = "b = desk_jobs.last_build(); print(b.running, b.result['id'], b.folder.name, bool(b.started))"
    assert as_another_desk(code, tmp_path) == "False abc inputs True"
    (desk_home() / "last_build.json").write_text("{broken")
    assert desk_jobs.last_build() is None


def test_a_check_is_kept_until_a_file_a_name_or_a_rule_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path, 0)
    folder = write_tiny(tmp_path / "inputs")
    desk_jobs.start_check(folder)
    until(lambda: desk_jobs.checked(folder) is not None)

    def current() -> bool:
        found = desk_jobs.checked(folder)
        assert found is not None
        return found.current

    assert current()
    os.utime(folder / "schools.csv", (1, 1))
    assert current(), "another time with the same contents is the same file"
    (folder / "pupil_census_to_mend.xlsx").write_bytes(b"marked by the check itself")
    assert current()
    edit(folder / "schools.csv", lambda t: t.replace("Isla", "Jura", 1))
    assert not current(), "as long as before, with other contents"
    edit(folder / "schools.csv", lambda t: t.replace("Jura", "Isla", 1))
    assert current()
    (folder / "notes.txt").write_text("x")
    assert not current()
    (folder / "notes.txt").unlink()
    monkeypatch.setattr(desk_inputs, "rules", lambda: "other rules")
    assert not current()
    monkeypatch.undo()


def test_a_folder_that_has_gone_is_not_as_it_was(tmp_path: Path) -> None:
    before = desk_inputs.signature(write_tiny(tmp_path / "inputs"))
    (tmp_path / "inputs").rename(tmp_path / "elsewhere")
    assert not desk_inputs.unchanged(tmp_path / "inputs", before)
    assert desk_inputs.unchanged(tmp_path / "elsewhere", before)


def test_half_a_line_and_a_stray_word_are_no_result(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "check.json").write_text(json.dumps({"folder": str(tmp_path), "started": "2026-01-01T00:00:00"}))
    for said in (b'{"findings": [', b"warning: something", b"[1, 2]", b"", b"\xff\xfe", b'{"stage": "x", "done": 0.5}'):
        (place / "check.out").write_bytes(b'{"stage": "x", "done": 0.1, "text": "Reading"}\n' + said)
        job = desk_work.find("check", place)
        assert job is not None
        assert (job.result, job.failed) == ({}, True)


def test_a_lock_is_free_again_when_its_holder_dies(tmp_path: Path) -> None:
    place = tmp_path / "place"
    held = take_lock(place)
    assert held is not None
    assert take_lock(place) is None
    assert busy(place)
    os.close(held)
    assert not busy(place)
    assert not busy(tmp_path / "nowhere")
