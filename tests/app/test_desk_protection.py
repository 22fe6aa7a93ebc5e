"""The page for the data controller: the sheet of a checked folder, and a deletion that needs a typed word."""

import re
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import desk_jobs, desk_view
from rcs_core.controller import certificates
from rcs_core.settings import CONTRACTS, ROOT
from tests.tiny_folder import write_tiny
from tests.tiny_release import tiny_release


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_DESK_DIR", str(tmp_path / "desk"))
    monkeypatch.delenv("RCS_RELEASE", raising=False)
    return write_tiny(tmp_path / "desk" / "inputs")


def opened() -> AppTest:
    desk = AppTest.from_file(str(ROOT / "app" / "desk.py"), default_timeout=60).run()
    return desk.switch_page(str(ROOT / "pages" / "desk_protection.py")).run()


def press(desk: AppTest, start: str) -> AppTest:
    (button,) = [b for b in desk.button if b.label.startswith(start)]
    return button.click().run()


def words(desk: AppTest) -> str:
    parts = [
        desk.title,
        desk.header,
        desk.subheader,
        desk.markdown,
        desk.caption,
        desk.error,
        desk.success,
        desk.warning,
        desk.info,
    ]
    return "\n".join(str(block.value) for found in parts for block in found)


def checked(folder: Path) -> None:
    desk_jobs.start_check(folder)
    job = desk_jobs.check_of(folder)
    assert job is not None
    end = time.monotonic() + 60
    while job.running:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_folder_that_is_not_checked_sends_the_controller_to_the_check_first(folder: Path) -> None:
    desk = opened()
    assert not desk.exception
    assert desk.title[0].value == "What does the data controller need to know, and to decide?"
    assert f"check this folder on *{desk_view.PAGES[0][1]}*" in words(desk)
    assert folder.is_dir()


def test_the_sheet_of_a_checked_folder_is_on_the_page_and_says_what_is_not_filled_in(folder: Path, tmp_path: Path) -> None:
    tiny_release(tmp_path / "home" / "releases")
    checked(folder)
    desk = opened()
    assert not desk.exception
    assert "0 of 10 answers on data protection are filled in; no retention is stated." in words(desk)
    assert "put data_protection.yaml into the folder" in words(desk)
    tables = [frame.value for frame in desk.dataframe]
    assert any("May see" in t.columns for t in tables)
    assert any("Personal fields" in t.columns for t in tables)
    shutil.copyfile(CONTRACTS / "demo" / "data_protection.yaml", folder / "data_protection.yaml")
    checked(folder)
    desk = opened()
    assert "12 of 12 answers" in words(desk)
    assert re.search(r"; 0 of 1\d working files are past their retention", words(desk))


def test_files_go_only_after_a_list_a_name_a_role_and_the_folders_name(folder: Path) -> None:
    desk = press(opened(), "See what would go")
    assert not desk.exception
    assert "This cannot be undone." in words(desk)
    by, role, _, typed = desk.text_input
    by.set_value("Ada Grant")
    role.set_value("Data controller")
    typed.set_value("input")
    desk = press(desk, "Delete")
    assert "Nothing was deleted: type inputs to confirm." in words(desk)
    assert (folder / "pupil_census.csv").exists()
    desk.text_input[3].set_value("inputs")
    desk = press(desk, "Delete")
    assert not desk.exception
    assert "files of" in words(desk)
    assert "were deleted. The files above were removed" in words(desk)
    assert list(folder.iterdir()) == []
    (told,) = certificates()
    assert (told["by"], told["status"]) == ("Ada Grant", "complete")
    assert "Certificates of deletion" in words(opened())


def test_without_a_name_nothing_goes_and_it_is_said(folder: Path) -> None:
    desk = press(opened(), "See what would go")
    desk.text_input[3].set_value("inputs")
    desk = press(desk, "Delete")
    assert not desk.exception
    assert "needs a name and a role" in words(desk)
    assert (folder / "pupil_census.csv").exists()
