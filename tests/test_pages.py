"""Every page of the workbench runs through its entry, and stops with a way forward when it has nothing to show."""

from pathlib import Path

import pytest

from app import navigation
from tests.tiny_release import open_page, serve


@pytest.mark.parametrize("screen", navigation.present(), ids=lambda s: s.address)
def test_every_page_opens_on_a_signed_off_release(
    screen: navigation.Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(screen.file)
    assert not page.exception, page.exception[0].message
    assert page.title[0].value.endswith("?")
    assert "Fictional data" in page.markdown[0].value


def test_without_a_release_the_page_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    monkeypatch.delenv("RCS_RELEASE", raising=False)
    page = open_page("today.py")
    assert not page.exception
    assert page.title[0].value == "There is no release to look at yet"
    assert any("rcs build" in block.value for block in page.code)
