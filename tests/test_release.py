"""The waist lets through protected tables only, and never loses the release that is being served."""

import json
import os
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rcs_core import release
from rcs_core.errors import ReleaseError, UnreadableReleaseError
from rcs_core.release import Manifest, Table
from rcs_core.vocab import CellState

ABOUT = Manifest("Strathmere", "999", True, "2025-26", "0.1.0", 10)


def counts(values: list[int | None], states: list[str] | None = None) -> Table:
    """A count table of one area with three bands."""
    frame = pd.DataFrame({"survey": "s", "area": "999", "band": ["ALL", "yes", "no"], "n": pd.array(values, dtype="Int64")})
    return Table("s_area", "Areas", frame.assign(state=states or ["shown"] * 3), ("area", "band"), ("survey",))


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    path = release.save([counts([30, 18, 12])], ABOUT, tmp_path)
    again = release.load(tmp_path)
    assert again.path == path
    assert again.frame("s_area")["n"].tolist() == [30, 18, 12]
    assert again.tables["s_area"].dims == ("area", "band")
    assert release.content_hash(again.tables.values(), again.manifest) == again.manifest.content_hash


def test_hidden_cells_come_back_blank(tmp_path: Path) -> None:
    release.save([counts([30, None, None], ["shown", "suppressed", "suppressed"])], ABOUT, tmp_path)
    frame = release.load(tmp_path).frame("s_area")
    assert frame["n"].isna().tolist() == [False, True, True]
    assert frame["n"].dtype == "Int64"


def test_the_same_contents_in_another_order_have_the_same_hash() -> None:
    table = counts([30, 18, 12])
    shuffled = Table(table.name, table.title, table.frame.iloc[::-1], table.dims, table.labels)
    assert release.content_hash([table], ABOUT) == release.content_hash([shuffled], ABOUT)


def test_a_count_under_the_threshold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="under the threshold"):
        release.save([counts([30, 21, 9])], ABOUT, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_hidden_cell_that_still_holds_its_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="still holds its count"):
        release.save([counts([30, 18, 12], ["shown", "suppressed", "suppressed"])], ABOUT, tmp_path)


@pytest.mark.parametrize("column", sorted(release.ROW_LEVEL))
def test_a_row_level_column_is_refused(tmp_path: Path, column: str) -> None:
    table = Table("people", "People", pd.DataFrame({column: ["x"]}))
    with pytest.raises(ReleaseError, match="row-level column"):
        release.save([table], ABOUT, tmp_path)


def test_a_cell_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = counts([30, 18, 12])
    double = Table(table.name, table.title, pd.concat([table.frame, table.frame]), table.dims, table.labels)
    with pytest.raises(ReleaseError, match="twice"):
        release.save([double], ABOUT, tmp_path)


def test_a_release_that_dies_before_its_last_step_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release.save([counts([30, 18, 12])], ABOUT, tmp_path)
    before = release.load(tmp_path).id

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        release.save([counts([40, 20, 20])], ABOUT, tmp_path)
    monkeypatch.undo()
    assert release.load(tmp_path).id == before


def test_the_earlier_file_stays_for_whoever_has_it_open(tmp_path: Path) -> None:
    first = release.save([counts([30, 18, 12])], ABOUT, tmp_path)
    second = release.save([counts([40, 20, 20])], ABOUT, tmp_path)
    assert first != second
    assert release.load(first).frame("s_area")["n"].tolist() == [30, 18, 12]
    assert release.load(tmp_path).path == second


def test_a_missing_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="run `rcs build"):
        release.load(tmp_path)


def test_a_file_that_is_no_release_is_refused_in_the_house_form(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("hello")
    with pytest.raises(ReleaseError, match="cannot be read"):
        release.load(tmp_path / "x.duckdb")


def test_a_damaged_pointer_is_refused_in_the_house_form(tmp_path: Path) -> None:
    (tmp_path / release.POINTER).write_text(json.dumps({"nothing": 1}))
    with pytest.raises(ReleaseError, match="pointer is damaged"):
        release.load(tmp_path)


def test_a_release_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ReleaseError, match="path is a file"):
        release.save([counts([30, 18, 12])], ABOUT, tmp_path / "taken")


def test_a_cell_shows_a_number_only_when_its_state_is_shown() -> None:
    assert release.Cell(1234.0, CellState.SHOWN).text() == "1,234"
    assert release.Cell(None, CellState.SUPPRESSED).text() == "[c]"
    assert release.Cell(5.0, CellState.UNRELIABLE).text() == "[u]"


def test_a_damaged_file_is_written_anew_by_the_next_build(tmp_path: Path) -> None:
    path = release.save([counts([30, 18, 12])], ABOUT, tmp_path)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UnreadableReleaseError, match="cannot be read"):
        release.load(tmp_path)
    assert release.save([counts([30, 18, 12])], ABOUT, tmp_path) == path
    assert release.load(tmp_path).frame("s_area")["n"].tolist() == [30, 18, 12]


def test_a_manifest_of_another_program_is_refused_in_the_house_form(tmp_path: Path) -> None:
    path = release.save([counts([30, 18, 12])], ABOUT, tmp_path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE _manifest SET manifest = '{\"colour\": 1}'")
    with pytest.raises(UnreadableReleaseError, match="cannot be read"):
        release.load(tmp_path)


def test_a_release_that_cannot_be_read_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReleaseError) as caught:
        release.load(tmp_path / "nothing")
    assert (caught.value.exit_code, ReleaseError.exit_code) == (2, 1)
