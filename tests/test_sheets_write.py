"""What is written to a spreadsheet means there what it meant here."""

import datetime as dt
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from rcs_core.sheets.write import (
    FIRST_ROW,
    HEAD_ROW,
    Column,
    Entry,
    Formula,
    Sheet,
    SheetError,
    Value,
    cell,
    here,
    span,
    write_book,
)
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


def test_a_cell_to_fill_is_open_with_its_rule_and_all_else_is_locked(tmp_path: Path) -> None:
    share = Entry("number", "A share from 0 to 1.", 0.0, 1.0)
    rows = [("a", 0.25, "no"), ("b", 0.5, "="), ("c", Formula("B5+B6"), "")]
    answer = Entry("list", "Yes or no.", choices=("yes", "no"))
    spec = Sheet("In", "In", (Column("Name"), Column("Share", 12, "0%"), Column("Answer")), rows,
                 entries={(0, 1): share, (1, 1): share, (1, 2): answer})  # fmt: skip
    write_book(tmp_path / "b.xlsx", [spec], {}, "Book", locked=True)
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["In"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked} == {"B5", "B6", "C6"}
    rules = {str(r.sqref): (r.type, r.formula1, r.formula2) for r in sheet.data_validations.dataValidation}
    assert rules == {"B5:B6": ("decimal", "0", "1"), "C6": ("list", '"yes,no"', None)}
    assert (sheet["C6"].value, sheet["C6"].data_type, sheet["C6"].quotePrefix) == ("=", "s", True)


@pytest.mark.parametrize("choices", [("a,b", "c"), ('"', "c"), tuple(f"choice {k}" for k in range(60))])
def test_a_list_that_a_rule_cannot_hold_is_refused(tmp_path: Path, choices: tuple[str, ...]) -> None:
    spec = Sheet("In", "In", (Column("A"),), [("",)], entries={(0, 0): Entry("list", "One of these.", choices=choices)})
    with pytest.raises(SheetError, match="does not fit in its rule"):
        write_book(tmp_path / "b.xlsx", [spec], {}, "Book")


@pytest.mark.parametrize("names", [{"A1": "'One'!$A$1"}, {"two words": "'One'!$A$1"}, {"R1C1": "'One'!$A$1"}])
def test_a_name_that_a_program_would_refuse_is_refused_here(tmp_path: Path, names: dict[str, str]) -> None:
    with pytest.raises(SheetError, match="cannot stand in a workbook"):
        write_book(tmp_path / "b.xlsx", [Sheet("One", "One", (Column("A"),), [(1,)])], names, "Book")


@pytest.mark.parametrize("titles", [["One", "one"], ["a/b"], ["x" * 32]])
def test_a_sheet_that_a_program_would_rename_is_refused(tmp_path: Path, titles: list[str]) -> None:
    with pytest.raises(SheetError, match="cannot stand in a workbook"):
        write_book(tmp_path / "b.xlsx", [Sheet(t, t, (Column("A"),), [(1,)]) for t in titles], {}, "Book")


def test_a_formula_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="a formula is too long"):
        one_cell(tmp_path / "b.xlsx", Formula("1+" * 5_000 + "1"))


def test_a_number_of_another_library_is_written_as_a_number(tmp_path: Path) -> None:
    assert one_cell(tmp_path / "b.xlsx", np.float64(1.25)).value == 1.25


def test_a_column_is_as_wide_as_its_texts_ask_for_or_they_wrap(tmp_path: Path) -> None:
    rows = [("x" * 30, "y" * 200, 123456789.5)]
    spec = Sheet("One", "One", (Column("A", 8), Column("B", 8), Column("C", 8, "#,##0.00")), rows)
    write_book(tmp_path / "b.xlsx", [spec], {}, "Book")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["One"]
    assert sheet.column_dimensions["A"].width >= 31
    assert sheet["B5"].alignment.wrap_text
    assert (sheet.row_dimensions[5].height or 0) > 30
    assert sheet.column_dimensions["C"].width >= len("123,456,789.50")


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
