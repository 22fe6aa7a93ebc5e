"""A key lies where only its role can read it, is never overwritten, and is refused when it is damaged."""

import os
import stat
from pathlib import Path

import pytest

from rcs_core import release
from rcs_core.pseudonyms import KeyFileError, fingerprint, new_key, read_key
from rcs_core.pseudonyms.keys import RELEASE_POINTER
from rcs_core.settings import ROOT


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key in a folder of its own."""
    path = tmp_path / "keys" / "pupil.key"
    path.parent.mkdir()
    new_key(path)
    return path


def test_a_key_is_new_random_private_and_comes_back_as_it_was_written(tmp_path: Path) -> None:
    first, second = new_key(tmp_path / "a"), new_key(tmp_path / "b")
    assert first != second
    assert len(first.secret) == 32
    assert read_key(tmp_path / "a") == first
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert fingerprint(first) != fingerprint(second)
    assert len(fingerprint(first)) == 8


def test_a_key_is_never_overwritten(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(KeyFileError, match="never be had back"):
        new_key(key_file)
    assert key_file.read_bytes() == before


def test_the_fingerprint_gives_nothing_of_the_key_away(key_file: Path) -> None:
    key = read_key(key_file)
    assert fingerprint(key) not in key.secret.hex()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o620, 0o644])
def test_a_key_that_others_can_use_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match=f"mode {mode:03o}.*\n.*owner only") as told:
        read_key(key_file)
    assert "chmod 600" in str(told.value)


def test_a_key_in_the_project_or_the_workspace_is_refused_for_reading_and_for_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    for folder, words in ((ROOT, "project folder"), (tmp_path / "home" / "deep", "workspace")):
        for act in (new_key, read_key):
            with pytest.raises(KeyFileError, match=words):
                act(folder / "pupil.key")
    assert not (ROOT / "pupil.key").exists()


def test_a_key_in_the_input_or_output_folder_is_refused(key_file: Path) -> None:
    for name in ("the input folder", "the output folder"):
        with pytest.raises(KeyFileError, match=name):
            read_key(key_file, {name: key_file.parent})


def test_a_key_reached_by_a_link_is_refused_for_where_it_lies_and_for_where_it_is_linked_from(
    key_file: Path, tmp_path: Path
) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link").symlink_to(key_file)
    (tmp_path / "outside").symlink_to(inside)
    for path in (inside / "link", tmp_path / "outside" / "link", inside / ".." / "in" / "link"):
        with pytest.raises(KeyFileError, match="input folder"):
            read_key(path, {"the input folder": inside})


def test_a_key_in_a_release_is_refused(tmp_path: Path) -> None:
    assert release.POINTER == RELEASE_POINTER
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / RELEASE_POINTER).write_text("{}", encoding="utf-8")
    with pytest.raises(KeyFileError, match="in a release"):
        new_key(tmp_path / "release" / "pupil.key")


def damaged(text: str) -> dict[str, str]:
    """Ways in which a key file is spoilt, by name."""
    at = text.index("\nkey: ") + 10
    return {
        "a sign changed": text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :],
        "cut short": text[: at + 20],
        "empty": "",
        "another file": "Candidate Number,Forename\n123456789,Isla\n",
        "too long a key": text.replace("\nkey: ", "\nkey: 00"),
        "not text": text.replace("key", "k\u00e9y"),
        "another version": text.replace("version: 1", "version: 2"),
        "endless": text + "x" * 10_000,
    }


@pytest.mark.parametrize("how", list(damaged("\nkey: " + "0" * 64)))
def test_a_damaged_key_is_refused_and_nothing_of_it_is_shown(key_file: Path, how: str) -> None:
    text = key_file.read_text(encoding="ascii")
    secret = text.split("\nkey: ")[1].split("\n")[0]
    key_file.write_text(damaged(text)[how], encoding="utf-8")
    with pytest.raises(KeyFileError) as told:
        read_key(key_file)
    assert told.value.exit_code == 2
    assert told.value.remedy
    for part in (secret[:16], secret[20:40], "123456789", "Isla"):
        assert part not in str(told.value)


def test_line_ends_of_another_system_do_no_harm(key_file: Path) -> None:
    key = read_key(key_file)
    key_file.write_bytes(key_file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_key(key_file) == key


def test_no_key_a_folder_and_a_folder_that_is_not_there_are_said_in_the_house_form(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="--new-key"):
        read_key(tmp_path / "none")
    with pytest.raises(KeyFileError, match="not a file"):
        read_key(tmp_path)
    with pytest.raises(KeyFileError, match="cannot be used"):
        new_key(tmp_path / "no folder" / "k")


def test_a_key_is_private_whatever_the_systems_habit_is(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        new_key(tmp_path / "k")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
