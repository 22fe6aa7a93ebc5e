"""A kept scenario becomes a workbook of its own, on the release that is served, and says when it was kept on another."""

import datetime as dt
import json
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from rcs_core.cli import app
from rcs_core.errors import SettingsError
from rcs_core.release import load
from rcs_core.workshop.couple import Levers, Preset, levers_kept
from rcs_core.workshop.export import scenario_book, scenario_shift
from rcs_core.workshop.export.extras import Limits, extras_of
from rcs_core.workshop.export.scenario_kept import book_of_kept
from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.conftest import Home
from tests.workshop.book_cases import pools

DAY = dt.date(2026, 11, 22)
PENNY = 1e-5


@pytest.fixture(autouse=True)
def nothing_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands beside a plan has tests of its own, and takes long."""
    for module in (scenario_shift, scenario_book):
        monkeypatch.setattr(module, "extras_of", partial(extras_of, limits=Limits(0, 0.0, 0.0, 0.0)))


def store_with(home: Home, path: Path, levers: bool) -> str:
    """Keep one scenario in a store of its own; returns its link."""
    release = load(home.release)
    shift = try_shift(release, Levers.of(Preset.SHIFT_2))
    plain = levers_kept.plain(shift.levers) if levers else None
    draft = Draft(shift.scenario.to_dict(), {"status": "optimal"}, plain, None, dict(shift.names), "older", "another hash", "Why")
    with Store.open(path) as store:
        store.sign_off(release.manifest.content_hash, "Ada", "Data controller", "", release.manifest.fictional)
        return Shelf(store).keep("=Our plan", "Ben", draft).link


@pytest.mark.parametrize("levers", [True, False])
def test_a_kept_scenario_is_worked_out_anew_and_says_whose_it_is_and_on_what_it_was_kept(
    home: Home, tmp_path: Path, levers: bool
) -> None:
    link = store_with(home, tmp_path / "store.sqlite", levers)
    release = load(home.release)
    with Store.open(tmp_path / "store.sqlite") as store:
        book = book_of_kept(release, Shelf(store).of_link(link), DAY)
    today = try_shift(release, Levers.of(Preset.SHIFT_2))
    assert book.result.objective == pytest.approx(today.result.objective, abs=PENNY)
    said = " ".join(book.about.notes)
    assert "Kept as =Our plan by Ben" in said
    assert "It was kept on another release (release older" in said
    assert ("worked out anew on today's release" in said) == levers
    assert (book.about.author, book.about.date) == ("Ben", DAY)


def test_the_command_writes_it_into_a_folder_under_its_own_name(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = store_with(home, tmp_path / "store.sqlite", levers=True)
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    monkeypatch.setenv("RCS_RELEASE", str(home.release))
    (tmp_path / "out").mkdir()
    ran = CliRunner().invoke(app, ["workbook", "--kept", link, str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    (written,) = (tmp_path / "out").iterdir()
    assert written.name.startswith("strathmere-fictional_our-plan_")
    assert load(home.release).id in written.name
    book = openpyxl.load_workbook(written, read_only=True)
    cover = {row[0]: row[1] for row in book["Cover"].iter_rows(min_row=5, max_col=2, values_only=True)}
    assert cover["Author"] == "Ben"
    assert str(cover["Release"]).startswith(load(home.release).id)


def test_a_release_that_is_not_signed_off_is_not_written_from(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    monkeypatch.setenv("RCS_RELEASE", str(home.release))
    ran = CliRunner().invoke(app, ["workbook", "--kept", "plan-1.1", str(tmp_path / "x.xlsx")])
    assert ran.exit_code != 0
    assert "not served" in str(ran.exception)
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("words", [["workbook", "one.json"], ["workbook", "--kept", "a.1", "one.json", "two.xlsx"]])
def test_a_scenario_file_and_a_kept_one_are_not_mixed_up(words: list[str]) -> None:
    assert "not told apart" in str(CliRunner().invoke(app, words).exception)


def test_a_scenario_file_in_a_folder_names_no_area_and_no_release(tmp_path: Path) -> None:
    (tmp_path / "pools.json").write_text(json.dumps(pools()), encoding="utf-8")
    (tmp_path / "out").mkdir()
    assert CliRunner().invoke(app, ["workbook", str(tmp_path / "pools.json"), str(tmp_path / "out")]).exit_code == 0
    (written,) = (tmp_path / "out").iterdir()
    assert written.name == f"pools_{dt.datetime.now(dt.UTC).date().isoformat()}.xlsx"


@pytest.mark.parametrize("words", [["workbook"], ["compare", "{one}"], ["note"]])
def test_a_scenario_named_in_the_place_of_the_file_to_write_is_not_written_over(words: list[str], tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    for path in (one, two):
        path.write_text(json.dumps(pools()), encoding="utf-8")
    before = two.read_bytes()
    ran = CliRunner().invoke(app, [*(word.format(one=one) for word in words), str(one), str(two)])
    assert isinstance(ran.exception, SettingsError)
    assert ran.exception.exit_code == 2
    assert two.read_bytes() == before
