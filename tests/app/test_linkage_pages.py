"""The page *Who gets help* shows a council's counts and their limits, and a withdrawn release is not shown at all."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rcs_core import release
from rcs_core.records.build import build
from rcs_core.settings import ROOT
from rcs_core.workshop.store import Store
from tests.journeys.perth_and_kinross import as_counts, as_totals


def shown(folder: Path, monkeypatch: pytest.MonkeyPatch, why: str = "") -> AppTest:
    """The page on the release of a folder, signed off, and withdrawn where a reason is given."""
    monkeypatch.setenv("RCS_HOME", str(folder.parent / "home"))
    built = release.load(build(folder, folder.parent / "releases").path)
    monkeypatch.setenv("RCS_RELEASE", str(built.path))
    with Store.open(folder.parent / "home" / "store.sqlite") as store:
        store.sign_off(built.manifest.content_hash, "Ann", "Controller", "", True)
        if why:
            store.withdraw(built.manifest.content_hash, "Ben", why)
    page = AppTest.from_file(str(ROOT / "pages" / "who_gets_help.py"), default_timeout=60).run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    return " ".join(str(e.value) for kind in (page.title, page.header, page.subheader, page.markdown, page.caption) for e in kind)


def test_counts_of_the_council_are_shown_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = words(shown(as_counts(tmp_path / "inputs"), monkeypatch))
    assert "1,953 of 2,176" in said
    assert "counts supplied by the council" in said


def test_two_totals_of_the_council_are_shown_as_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "1,527 (70%)" in words(shown(as_totals(tmp_path / "inputs"), monkeypatch))


def test_a_withdrawn_release_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = words(shown(as_counts(tmp_path / "inputs"), monkeypatch, why="late opt-outs"))
    assert "was withdrawn" in said
    assert "1,953" not in said
