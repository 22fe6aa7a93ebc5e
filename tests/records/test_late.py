"""A late opt-out makes a new release, and what both releases together give away is said."""

import json
from pathlib import Path

import pytest

from rcs_core import release
from rcs_core.audit import audit
from rcs_core.desk_files import place_of
from rcs_core.records.build import build
from rcs_core.records.late import FILE, compared, recall, together
from rcs_core.workshop.store import Store, StoreError
from tests.journeys.perth_and_kinross import as_records, in_contact, needs
from tests.records.test_opt_outs import opt_out
from tests.tiny_folder import edit, pupil


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was built once, with twelve opt-outs of the survey, by pupils without the need."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("late")
        patch.setenv("RCS_HOME", str(home / "home"))
        made = as_records(home / "inputs")
        opt_out(made, *((pupil(4000 + n), "survey") for n in range(12)))
        assert "opt-out" not in " ".join(build(made, home / "releases").notes)
        yield made


@pytest.fixture(autouse=True)
def same_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(folder.parent / "home"))


def test_what_is_kept_between_builds_holds_no_pseudonym(folder: Path) -> None:
    text = (place_of(folder) / FILE).read_text(encoding="utf-8")
    assert len(json.loads(text)["marks"]) == 12
    assert pupil(4000) not in text
    assert pupil(4000)[1:] not in text


def test_a_few_late_opt_outs_are_told_and_both_releases_together_give_them_away(folder: Path) -> None:
    assert needs(0)
    assert not in_contact(0)
    before = recall(place_of(folder))
    late = "".join(f"{pupil(n)},all,2026-02-01,letter\n" for n in (0, 1, 2))
    edit(folder / "opt_outs.csv", lambda text: text + late)
    built = build(folder, folder.parent / "releases")
    told = " ".join(built.notes)
    assert "3 opt-out(s) added since release" in told
    assert "single them out" in told
    assert "works out" in told
    assert f"rcs withdraw {before.release}" in told
    old, new = release.load(Path(before.release)), release.load(built.path)
    verdict = audit(together(old, new), new.frame("hierarchies"), 10)
    assert {cell.high for cell in verdict.open} <= set(range(10))
    assert any(cell.table.endswith("contact") or cell.table.endswith("area") for cell in verdict.open)


def test_the_same_release_twice_gives_nobody_away(folder: Path) -> None:
    now = release.load(folder.parent / "releases")
    assert "works out no group under 10" in compared(now, now)


def test_releases_that_differ_by_more_than_who_left_are_said_to_be_beyond_an_audit(folder: Path) -> None:
    files = sorted(folder.parent.glob("releases/release-*.duckdb"), key=lambda f: f.stat().st_mtime)
    old, new = release.load(files[0]), release.load(files[-1])
    assert old.id != new.id
    assert "differ by more than pupils who left" in compared(new, old)


def test_a_withdrawn_release_is_not_signed_again_and_says_why(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        store.sign_off("a" * 64, "Ann", "Controller", "", False)
        assert store.withdrawn("a" * 64) is None
        gone = store.withdraw("a" * 64, "Ben", "late opt-outs")
        assert (gone.by, gone.why) == ("Ben", "late opt-outs")
        assert store.withdrawn("a" * 12) == gone
        assert store.withdrawn("b" * 64) is None
        with pytest.raises(StoreError, match="not signed off again"):
            store.sign_off("a" * 64, "Ann", "Controller", "", False)
        with pytest.raises(StoreError, match="withdrawn already"):
            store.withdraw("a" * 64, "Ben", "again")
        with pytest.raises(StoreError, match="reason"):
            store.withdraw("c" * 64, "Ben", " ")
