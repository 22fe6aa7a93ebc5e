"""The doors of a page: shut they read nothing, opened they tell the method, and once more the rows of the release."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import method_door
from app.help import LABEL
from app.navigation import NEEDS
from rcs_core.workshop import method
from tests.tiny_release import open_page, serve


def press(page: AppTest, label: str) -> AppTest:
    """Press the first button with this label."""
    return next(button for button in page.button if button.label == label).click().run()


def test_a_shut_door_reads_nothing_and_an_open_one_tells_the_sum_in_words_and_its_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    read: list[str] = []
    whole = method.section
    monkeypatch.setattr(method, "section", lambda doc, heading="": (read.append(doc), whole(doc, heading))[1])
    monkeypatch.setattr(method, "rows", lambda *_: pytest.fail("rows are looked up behind a second click only"))
    method.methods()
    read.clear()
    page = open_page(NEEDS.file)
    assert not read
    press(page, method_door.LABEL)
    assert not page.exception
    said = "\n".join(str(text.value) for text in page.markdown)
    assert method.methods()["needs_now"].formula in said
    assert read == ["docs/methods/needs.md"]


def test_the_help_of_a_page_says_what_it_leaves_out_its_words_and_its_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = press(open_page(NEEDS.file), LABEL)
    said = "\n".join(str(text.value) for text in page.markdown)
    assert not page.exception
    assert said.count("Not in the picture") == 2
    assert "**Interval.**" in said
    assert "**% with need.**" in said
