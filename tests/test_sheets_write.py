"""What is written to a spreadsheet means there what it meant here."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from rcs_core.sheets.write import FIRST_ROW, HEAD_ROW, Column, Formula, Sheet, SheetError, Value, cell, here, span, write_book
from tests.office import error_values, have_office, recalculated


def one_cell(path: Path, value: Value, form: str = "General") -> openpyxl.cell.Cell:
    write_book(path, [Sheet("One", "Title", (Column("Head", format=form),), [(value,)])], {}, "Book")
    found = openpyxl.load_workbook(path)["One"].cell(FIRST_ROW, 1)
    assert isinstance(found, openpyxl.cell.Cell)
    return found


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "=", "- a dash", "£ “naïve”"])
def test_text_stays_text_whatever_it_starts_with(tmp_path: Path, text: str) -> None:
    found = one_cell(tmp_path / "b.xlsx", text)
    assert (found.value, found.data_type) == (text, "s")


def test_a_text_that_looks_like_a_formula_stays_text_when_it_is_edited_in_a_spreadsheet(tmp_path: Path) -> None:
    assert one_cell(tmp_path / "b.xlsx", "=1+1").quotePrefix
    assert not one_cell(tmp_path / "b.xlsx", "plain").quotePrefix


def test_only_a_formula_is_live(tmp_path: Path) -> None:
    found = one_cell(tmp_path / "b.xlsx", Formula("1+1"))
    assert (found.value, found.data_type) == ("=1+1", "f")


@pytest.mark.parametrize("value", [123456789.12, 1e-9, 7, True, None])
def test_a_value_comes_back_as_it_went_in(tmp_path: Path, value: Value) -> None:
    assert one_cell(tmp_path / "b.xlsx", value).value == value


def test_a_number_keeps_the_fifteen_figures_that_a_spreadsheet_can_hold(tmp_path: Path) -> None:
    assert one_cell(tmp_path / "b.xlsx", 1234567 / 3).value == pytest.approx(1234567 / 3, rel=1e-15)


def test_a_date_is_a_date_and_a_format_is_kept(tmp_path: Path) -> None:
    found = one_cell(tmp_path / "b.xlsx", dt.date(2026, 11, 21), "yyyy-mm-dd")
    assert found.value == dt.datetime(2026, 11, 21)
    assert found.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(tmp_path: Path, value: float) -> None:
    with pytest.raises(SheetError, match="not finite"):
        one_cell(tmp_path / "b.xlsx", value)
    assert not (tmp_path / "b.xlsx").exists()


def test_unprintable_characters_are_left_out_and_too_long_a_text_is_refused(tmp_path: Path) -> None:
    assert one_cell(tmp_path / "b.xlsx", "a\x00b\x1fc\n").value == "abc\n"
    with pytest.raises(SheetError, match="too long"):
        one_cell(tmp_path / "b.xlsx", "x" * 40_000)


def test_a_row_that_does_not_fit_its_table_is_refused(tmp_path: Path) -> None:
    sheet = Sheet("One", "Title", (Column("A"), Column("B")), [(1,)])
    with pytest.raises(SheetError, match="One, row 1"):
        write_book(tmp_path / "b.xlsx", [sheet], {}, "Book")


def test_a_place_that_cannot_be_written_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "taken.xlsx").mkdir()
    sheet = Sheet("One", "Title", (Column("A"),), [(1,)])
    with pytest.raises(SheetError, match="cannot be written"):
        write_book(tmp_path / "taken.xlsx", [sheet], {}, "Book")
    assert [p.name for p in tmp_path.iterdir()] == ["taken.xlsx"]


def test_a_sheet_has_its_title_frozen_headings_filter_and_print_settings(tmp_path: Path) -> None:
    rows = [("a", 1.5), ("b", 2.5), ("Total", Formula(f"SUM({here(2, 5)}:{here(2, 6)})"))]
    spec = Sheet("By agency", "By agency", (Column("Agency", 30), Column("Money", 12, "#,##0.00")), rows, "A note.", totals=1)
    write_book(tmp_path / "b.xlsx", [spec], {"total": cell("By agency", 2, 7)}, "Book")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    sheet = book["By agency"]
    assert [sheet["A1"].value, sheet["A2"].value, sheet.cell(HEAD_ROW, 2).value] == ["By agency", "A note.", "Money"]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:B6"
    assert (sheet.print_area, sheet.print_title_rows) == ("'By agency'!$A$1:$B$7", "$4:$4")
    assert (sheet.column_dimensions["A"].width, sheet["B5"].number_format) == (30, "#,##0.00")
    assert book.defined_names["total"].attr_text == "'By agency'!$B$7"
    assert spec.last_row == 6


def test_addresses_survive_an_apostrophe_in_a_sheet_name() -> None:
    assert cell("Children's", 28, 3) == "'Children''s'!$AB$3"
    assert span("A", 1, 5, 9) == "'A'!$A$5:$A$9"


@pytest.mark.office
def test_libreoffice_works_out_formulas_and_defined_names(tmp_path: Path) -> None:
    if not have_office():
        return
    rows = [("=1+1", 1.25), ("b", 2.5), ("Total", Formula("SUM(B5:B6)"))]
    first = Sheet("Money", "Money", (Column("A"), Column("B")), rows, totals=1)
    second = Sheet("Check", "Check", (Column("A", flag=True),), [(Formula("total=3.75"),), (Formula("1/0"),)])
    write_book(tmp_path / "b.xlsx", [first, second], {"total": cell("Money", 2, 7)}, "Book")
    sheets = recalculated([tmp_path / "b.xlsx"], tmp_path)["b"]
    assert sheets["Money"][4:7] == [["=1+1", 1.25], ["b", 2.5], ["Total", 3.75]]
    assert sheets["Check"][4][0] is True
    assert error_values(sheets) == ["Check, row 6: #DIV/0!"]
