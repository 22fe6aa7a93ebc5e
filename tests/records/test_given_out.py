"""A new release beside those already given out: one who holds both learns no more than the rule allows, or is named."""

import csv
import stat
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.errors import DisclosureError
from rcs_core.records.given_out import LOG, keep_log, opened, set_against
from rcs_core.release import Manifest, Release, Table
from rcs_core.settings import Disclosure
from tests.count_tables import NO_HIERARCHY, table

RULE = Disclosure(10, "the test", "2026")
LABELS = ("survey", "wave", "indicator")


def counts(female: int | None, male: int | None, whole: int | None = 60, wave: str = "2025") -> Table:
    rows = [("s", wave, "safe", code, n if n is not None else pd.NA) for code, n in (("ALL", whole), ("F", female), ("M", male))]
    return table("t", ("sex",), rows, LABELS)


def given(folder: Path, published: Table, area_code: str = "999") -> Release:
    return release.load(release.save([published], Manifest("P", area_code, True, "2025-26", "0", 10), folder))


def test_a_count_that_the_earlier_release_shows_gives_away_what_the_new_one_hides(tmp_path: Path) -> None:
    earlier = given(tmp_path, counts(None, 54, None))
    with pytest.raises(DisclosureError) as told:
        set_against([counts(None, None)], NO_HIERARCHY, [earlier], RULE)
    assert earlier.id in str(told.value)
    assert "rcs withdraw" in str(told.value)


def test_of_fictional_data_it_is_only_told(tmp_path: Path) -> None:
    earlier = given(tmp_path, counts(None, 54, None))
    (one,) = set_against([counts(None, None)], NO_HIERARCHY, [earlier], RULE, fictional=True)
    assert one.open > 0
    assert "with real data the build stops" in one.note(10)


def test_the_same_release_again_tells_nothing_more(tmp_path: Path) -> None:
    earlier = given(tmp_path, counts(None, None))
    found = set_against([counts(None, None)], NO_HIERARCHY, [earlier], RULE)
    assert [(one.release, one.apart, one.note(10)) for one in found] == [(earlier.id, 0, "")]


def test_groups_told_with_numbers_less_than_ten_apart_are_counted_for_the_controller(tmp_path: Path) -> None:
    earlier = given(tmp_path, counts(30, 30))
    (one,) = set_against([counts(28, 30, 58)], NO_HIERARCHY, [earlier], RULE)
    assert one.apart == 2, "all of them, and the girls"
    assert earlier.id in one.note(10)
    assert "less than 10 apart" in one.note(10)


def test_numbers_ten_or_more_apart_and_another_wave_are_no_matter(tmp_path: Path) -> None:
    earlier = given(tmp_path, counts(30, 30))
    assert set_against([counts(40, 40, 80)], NO_HIERARCHY, [earlier], RULE)[0].apart == 0
    assert set_against([counts(28, 30, 58, "2027")], NO_HIERARCHY, [earlier], RULE)[0].apart == 0


def test_only_releases_of_the_same_area_count_and_one_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    mine, other = given(tmp_path / "a", counts(30, 30)), given(tmp_path / "b", counts(30, 30), "150")
    damaged = tmp_path / "release-0000.duckdb"
    damaged.write_bytes(b"no database")
    found, notes = opened([mine.path, other.path, damaged], "999")
    assert [one.id for one in found] == [mine.id]
    assert len(notes) == 1
    assert "release-0000" in notes[0]


def test_nothing_was_given_out_before_the_first_release() -> None:
    assert set_against([counts(30, 30)], NO_HIERARCHY, [], RULE) == []


def test_the_private_log_is_its_owner_s_alone_and_is_replaced_by_the_next(tmp_path: Path) -> None:
    log = pd.DataFrame([("t", "sex F", "primary")], columns=["table", "cell", "reason"])
    for _ in range(2):
        assert keep_log(log, tmp_path / "desk") == ()
    path = tmp_path / "desk" / LOG
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open() as file:
        assert list(csv.DictReader(file)) == [{"table": "t", "cell": "sex F", "reason": "primary"}]


def test_a_log_that_cannot_be_kept_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "could not keep the log" in keep_log(pd.DataFrame({"table": []}), tmp_path / "file")[0]
