"""A deletion takes the working files and nothing else, says so first, and certifies what went, even when it is cut short."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rcs_core.controller import ForgetError, certificates, forget, plan_deletion
from rcs_core.desk_files import place_of, take_lock
from rcs_core.settings import ROOT
from tests.conftest import rcs
from tests.tiny_folder import write_tiny, write_wave
from tests.tiny_release import tiny_release


@pytest.fixture(autouse=True)
def a_workspace_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny folder with an earlier wave, a stray file, a marked copy, a receipt, the demo's truth and a strange sub-folder."""
    made = write_tiny(tmp_path / "inputs")
    write_wave(made)
    for name in ("notes.txt", "pupil_census_to_mend.xlsx", "pseudonyms_receipt.json", "demo_truth.json", "~$services.xlsx"):
        (made / name).write_text("x")
    (made / "photos").mkdir()
    (made / "photos" / "pupil_census.csv").write_text("x")
    return made


def tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


def test_without_yes_nothing_is_deleted_and_all_is_listed(folder: Path, tmp_path: Path) -> None:
    before = tree(folder)
    said = rcs("forget", folder, env={**os.environ, "RCS_HOME": str(tmp_path / "home")})
    assert said.returncode == 0, said.stderr
    assert tree(folder) == before
    assert "would delete: wave_2023/pupil_census.csv" in said.stdout
    assert "would keep: notes.txt: not an input" in said.stdout
    assert "Nothing was deleted." in said.stdout
    assert certificates() == []


def test_the_working_files_go_and_everything_else_stays(folder: Path) -> None:
    hashes = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}
    sizes = {p.name: p.stat().st_size for p in folder.iterdir() if p.is_file()}
    made = forget(plan_deletion(folder), "Ada Grant", "Data controller", "end of retention")
    assert tree(folder) == {"notes.txt", "pseudonyms_receipt.json", "photos", "photos/pupil_census.csv"}
    assert made.status == "complete"
    entries = {e.file: e for e in made.files}
    assert {n: e.sha256 for n, e in entries.items() if n in hashes} == {n: hashes[n] for n in entries if n in hashes}
    assert all(entries[n].size == sizes[n] for n in entries if n in sizes)
    assert made.files[-1].file == "partnership.yaml", "last, so that a folder cut short is still known for what it is"
    told = json.loads(made.path.read_text(encoding="utf-8"))
    assert (told["by"], told["role"], told["reason"]) == ("Ada Grant", "Data controller", "end of retention")
    text = made.path.with_suffix(".md").read_text(encoding="utf-8")
    assert "every backup, snapshot" in text
    assert hashes["pupil_census.csv"] in text
    assert ("notes.txt", "not an input: look at it yourself, or delete it with --everything") in made.kept


def test_only_records_and_ledgers_leaves_the_register_and_the_evidence(folder: Path) -> None:
    forget(plan_deletion(folder, personal_only=True), "A", "B")
    left = {p.name for p in folder.iterdir() if p.is_file()}
    assert {"services.xlsx", "evidence_of_effect.csv", "ledger_columns.yaml", "partnership.yaml", "ledger_map.csv"} <= left
    assert not {
        n for n in left if n.startswith(("survey", "pupil_census", "social", "additional", "ledger_council", "ledger_nhs"))
    }


def test_everything_takes_stray_files_but_no_strange_folder(folder: Path) -> None:
    forget(plan_deletion(folder, everything=True), "A", "B")
    assert tree(folder) == {"pseudonyms_receipt.json", "photos", "photos/pupil_census.csv"}


def test_the_history_of_the_register_stays_and_the_deletion_says_whose_names_are_in_it(folder: Path) -> None:
    (folder / "register_history").mkdir()
    (folder / "register_history" / "changes.csv").write_text("x")
    assert dict(plan_deletion(folder, everything=True).kept)["register_history"].endswith("it names who changed it")
    made = forget(plan_deletion(folder), "Ada Grant", "Data controller")
    assert {name for name, _ in made.kept} >= {"register_history"}
    assert (folder / "register_history" / "changes.csv").exists()


def test_a_folder_that_is_no_input_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pupil_census.csv").write_text("x")
    file = tiny_release(tmp_path / "releases")
    (file.parent / "partnership.yaml").write_text("name: x")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "partnership.yaml").write_text("name: x")
    for place, why in (
        (tmp_path / "nowhere", "no such folder"),
        (tmp_path / "other", "not an input folder"),
        (file.parent, "folder of releases"),
        (tmp_path / "home", "holds the program, the workspace or a home"),
        (ROOT, "holds the program"),
        (Path("/"), "holds the program"),
    ):
        with pytest.raises(ForgetError, match=why):
            plan_deletion(place)
    assert (tmp_path / "other" / "pupil_census.csv").exists()


def test_nobody_deletes_without_a_name_and_a_role(folder: Path) -> None:
    before = tree(folder)
    with pytest.raises(ForgetError, match="needs a name and a role"):
        forget(plan_deletion(folder), " ", "Data controller")
    assert tree(folder) == before


def test_a_folder_that_is_being_built_from_is_not_deleted(folder: Path) -> None:
    lock = take_lock(place_of(folder))
    assert lock is not None
    with pytest.raises(ForgetError, match="under way"):
        forget(plan_deletion(folder), "A", "B")
    os.close(lock)
    assert forget(plan_deletion(folder), "A", "B").status == "complete"


def test_a_file_that_cannot_go_is_told_and_the_folder_stays_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "schools.csv":
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    made = forget(plan_deletion(folder), "A", "B")
    assert made.status == "not complete"
    assert {e.file: e.why for e in made.files if e.state != "deleted"} == {
        "schools.csv": "Permission denied",
        "partnership.yaml": "kept while other files could not be deleted",
    }
    monkeypatch.undo()


def test_a_deletion_that_is_killed_leaves_a_certificate_of_what_went(folder: Path, tmp_path: Path) -> None:
    code = f"""
import os, sys
from pathlib import Path
from rcs_core.controller import forget, plan_deletion
unlink, gone = Path.unlink, []
def stop(path, missing_ok=False):
    if path.parent.name == "inputs":
        gone.append(path)
    if len(gone) == 4:
        os._exit(9)
    unlink(path, missing_ok)
Path.unlink = stop
forget(plan_deletion(Path({str(folder)!r})), "A", "B")
"""
    env = {**os.environ, "RCS_HOME": str(tmp_path / "home")}
    assert subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=False).returncode == 9
    (told,) = certificates()
    states = [e["state"] for e in told["files"]]
    assert told["status"] == "under way, or cut short"
    assert (states.count("deleted"), states.count("being deleted")) == (3, 1)
    for entry in told["files"]:
        assert (folder / entry["file"]).exists() == (entry["state"] != "deleted")
    assert forget(plan_deletion(folder), "A", "B").status == "complete", "it can be taken up again"
    assert len(certificates()) == 2


def test_a_link_goes_and_what_it_leads_to_stays(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "social_work.csv", tmp_path / "social_work.csv")
    (folder / "social_work.csv").symlink_to(tmp_path / "social_work.csv")
    made = forget(plan_deletion(folder), "A", "B")
    (entry,) = [e for e in made.files if e.file == "social_work.csv"]
    assert (entry.state, entry.why) == ("deleted", "a link: what it led to is still there")
    assert (tmp_path / "social_work.csv").exists()


def test_what_the_desk_made_of_the_folder_goes_with_it(folder: Path) -> None:
    place = place_of(folder)
    place.mkdir(parents=True)
    (place / "check.out").write_text("a report")
    made = forget(plan_deletion(folder), "A", "B")
    assert not (place / "check.out").exists()
    assert "desk/check.out" in {e.file for e in made.files}


def test_the_releases_made_from_the_files_are_named_and_kept(folder: Path, tmp_path: Path) -> None:
    about = {
        "content_hash": "ab" * 32,
        "inputs": {"schools.csv": hashlib.sha256((folder / "schools.csv").read_bytes()).hexdigest()},
    }
    (tmp_path / "home" / "releases").mkdir(parents=True)
    (tmp_path / "home" / "releases" / "release-abab.json").write_text(json.dumps(about))
    (tmp_path / "home" / "releases" / "release-cdcd.json").write_text(json.dumps({"content_hash": "cd" * 32, "inputs": {}}))
    made = forget(plan_deletion(folder), "A", "B")
    assert made.releases == ["ab" * 32]
    assert {"release abababababab", "release cdcdcdcdcdcd"} <= {what for what, _ in made.kept}
    assert (tmp_path / "home" / "releases" / "release-abab.json").exists()


def test_the_command_says_what_went_and_ends_with_one_when_something_stayed(folder: Path, tmp_path: Path) -> None:
    env = {**os.environ, "RCS_HOME": str(tmp_path / "home")}
    said = rcs("forget", folder, "--yes", env=env)
    assert (said.returncode, "needs a name and a role" in said.stderr) == (2, True)
    said = rcs("forget", folder, "--yes", "--by", "A", "--role", "B", "--json", env=env)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["status"] == "complete"
    said = rcs("forget", folder, env=env)
    assert (said.returncode, "not an input folder" in said.stderr) == (2, True)
