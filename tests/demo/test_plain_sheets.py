"""A workbook written twice is the same workbook, byte for byte, and holds what was asked for."""

import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from rcs_core.sheets import plain

ROWS: list[list[object]] = [["Title"], [], ["code", "amount", "note"], ["E1", 12.5, None], ["0042", "(1,234.00)", "x"]]


def test_rows_come_back_as_they_were_given(tmp_path: Path) -> None:
    plain.write_rows(tmp_path / "a.xlsx", {"First": [["cover"]], "Second": ROWS}, {"Second": ["A1:C1"]})
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.sheet_names == ["First", "Second"]
    sheet = book.get_sheet_by_name("Second").to_python(skip_empty_area=False)
    assert sheet[0][0] == "Title"
    assert sheet[3] == ["E1", 12.5, ""]
    assert sheet[4] == ["0042", "(1,234.00)", "x"]
    assert book.get_sheet_by_name("Second").merged_cell_ranges == [((0, 0), (0, 2))]


def test_the_clock_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.write_rows(tmp_path / "a.xlsx", {"S": ROWS})
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    plain.write_rows(tmp_path / "b.xlsx", {"S": ROWS})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {entry.date_time for entry in parts.infolist()} == {plain.FIXED}
        core = parts.read("docProps/core.xml").decode()
    assert core.count("2025-01-01T00:00:00Z") == 2
