"""A workbook is looked at before it is parsed, and its cells are read as a person sees them."""

import contextlib
import datetime as dt
import random
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from rcs_core.errors import UnreadableError
from rcs_core.sheets.read import FORMULA_ERROR, Limits, cell_text, limits, read_sheet


def book(path: Path, rows: list[list[object]], title: str = "One", more: tuple[str, ...] = ()) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name in more:
        made.create_sheet(name).append([name])
    made.save(path)
    return path


def patched(path: Path, part: str, change: dict[bytes, bytes]) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for old, new in change.items():
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def small() -> Limits:
    return replace(limits(), rows=100, columns=20, cells=1000, sheets=3, unpacked_bytes=2_000_000, ratio_floor_bytes=500_000)


def test_cells_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    when = dt.date(2027, 3, 31)
    path = book(tmp_path / "a.xlsx", [["a", 9900101, 1.5, when, True, None, " x ", "0012"], [], ["last"]])
    found = read_sheet(path)
    assert found.name == "One"
    assert found.rows[0] == ["a", "9900101", "1.5", "2027-03-31", "true", "", " x ", "0012"]
    assert len(found.rows) == 3
    assert found.rows[2][0] == "last"


def test_rows_keep_their_place_when_the_sheet_starts_lower_down(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["C4"] = "here"
    made.save(tmp_path / "a.xlsx")
    assert read_sheet(tmp_path / "a.xlsx").rows[3][2] == "here"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (1e16, "1e+16"),
        (True, "true"),
        (None, ""),
        (dt.datetime(2026, 4, 1), "2026-04-01"),
        (dt.datetime(2026, 4, 1, 9, 30), "2026-04-01 09:30:00"),
    ],
)
def test_one_cell_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_a_sheet_is_found_by_name_and_a_wrong_name_lists_the_right_ones(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["x"]], more=("Two",))
    assert read_sheet(path, "Two").rows == [["Two"]]
    with pytest.raises(UnreadableError, match=r"no such sheet: got Three\.\nExpected One, Two"):
        read_sheet(path, "Three")


def test_a_formulas_error_is_not_read_as_blank(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["x", "#REF!"], ["#N/A", 2]], more=("Two",))
    assert read_sheet(path).rows == [["x", FORMULA_ERROR], [FORMULA_ERROR, "2"]]
    assert read_sheet(path, "Two").rows == [["Two"]]


def test_a_cell_in_the_last_row_and_column_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = patched(book(tmp_path / "a.xlsx", [["x"]]), SHEET, {b'r="A1"': b'r="XFD1048576"'})
    with pytest.raises(UnreadableError, match="row 1,048,576, column 16,384"):
        read_sheet(path)


@pytest.mark.parametrize("form", [b'r = "XFD9"', b"r='XFD9'", b'r ="XFD9"', b'\nr="XFD9"'])
def test_a_reference_written_in_an_odd_form_does_not_slip_through(form: bytes, tmp_path: Path) -> None:
    path = patched(book(tmp_path / "a.xlsx", [["x"]]), SHEET, {b'r="A1"': form})
    with pytest.raises(UnreadableError, match=r"column 16,384|not written as spreadsheets are"):
        read_sheet(path)


def test_too_many_rows_columns_or_cells_are_refused(tmp_path: Path, small: Limits) -> None:
    for rows in ([["x"]] * 101, [["x"] * 21], [["x"] * 20] * 60):
        with pytest.raises(UnreadableError, match="too large to be opened safely"):
            read_sheet(book(tmp_path / "a.xlsx", rows), most=small)
    assert len(read_sheet(book(tmp_path / "a.xlsx", [["x"] * 10] * 100), most=small).rows) == 100


def test_too_many_sheets_or_parts_are_refused(tmp_path: Path, small: Limits) -> None:
    path = book(tmp_path / "a.xlsx", [["x"]], more=("b", "c", "d"))
    with pytest.raises(UnreadableError, match="4 sheets"):
        read_sheet(path, most=small)
    with pytest.raises(UnreadableError, match="parts"):
        read_sheet(path, most=replace(small, workbook_parts=5))


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path, small: Limits) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(SHEET, bytes(3_000_000))
    with pytest.raises(UnreadableError, match="over 2,000,000 bytes when unpacked"):
        read_sheet(path, most=small)
    with pytest.raises(UnreadableError, match="times its size when unpacked"):
        read_sheet(path, most=replace(small, unpacked_bytes=10_000_000))


def test_a_bomb_that_lies_about_its_size_is_refused_all_the_same(tmp_path: Path, small: Limits) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(SHEET, bytes(3_000_000))
    data = path.read_bytes().replace(struct.pack("<L", 3_000_000), struct.pack("<L", 1000))
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match=r"damaged|too large"):
        read_sheet(path, most=small)


def test_an_old_or_locked_workbook_is_said_to_be_that(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    with pytest.raises(UnreadableError, match="password"):
        read_sheet(path)


def test_a_damaged_workbook_is_a_message_and_never_a_crash(tmp_path: Path) -> None:
    whole = book(tmp_path / "whole.xlsx", [["a", 1], ["b", 2.5]]).read_bytes()
    chance = random.Random(7)
    path, refused = tmp_path / "broken.xlsx", 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged[: chance.choice([len(damaged), chance.randrange(1, len(damaged))])]))
        with contextlib.suppress(UnreadableError):
            read_sheet(path)
            continue
        refused += 1
    assert refused > 75
