"""Every nasty ledger is read to the penny, or refused with one message that says where and what to do."""

import zipfile
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.contracts import parse_amount
from rcs_core.contracts.files import find
from rcs_core.contracts.ledger_years import financial_year, years_in
from rcs_core.vocab import Severity
from tests.records.ledger_case import HEADERS, book, codes, described, errors, lines_of, read, reconciled, said, text

PLAIN = [["A1", "Nurses", "100.10"], ["A2", "Cleaning", "-20.05"], ["A3", "Vans", "(5.00)"]]


READ = {
    "1,234.56": 123456, "1 234.56": 123456, "1\u00a0234.56": 123456, "1\u202f234 567": 123456700, "(1,234.56)": -123456,
    "£(1,234.56)": -123456, "1,234.56-": -123456, "-£1,234.56": -123456, "\u2212 5": -500, "£12": 1200, "12.5 CR": -1250, "-": 0,
}  # fmt: skip
NOT_READ = ["12 34", "1 2345", "1,23", "1.234,56", "1'234", "12k", "nil", "see note 4", "12 %", "2025-04-01"]


@pytest.mark.parametrize("cell", [*READ, *NOT_READ])
def test_an_amount_is_read_in_every_usual_form_or_not_at_all(cell: str) -> None:
    assert parse_amount(cell)[0] == READ.get(cell)


def test_thousands_and_pence_are_read_as_what_they_are() -> None:
    assert parse_amount("1,234.567", "gbp_thousand") == (123456700, True)
    assert parse_amount("(123456)", "pence") == (-123456, True)


@pytest.mark.parametrize(
    "label",
    ["2025/26", "2025-26", "FY26", "25/26", "April 2025 - March 2026", "Actual 2025/26 (GBP)", "FY2025/26", "2025/2026",
     "1 April 2025 to 31 March 2026", "01/04/2025 - 31/03/2026", "Year ended 31 March 2026", "2025–26", "Outturn FY 2026"],
)  # fmt: skip
def test_a_financial_year_is_known_in_every_usual_form(label: str) -> None:
    assert financial_year(label) == "2025-26"


def test_a_text_with_two_years_or_none_names_no_year_and_fy_alone_is_not_sure() -> None:
    assert financial_year("24/25 and 2025/26") == financial_year("paid 13/11/2025") == financial_year("3/4 time") == ""
    assert [y.sure for y in years_in("FY26")] == [False]


def test_title_rows_stand_above_the_headers_and_without_their_row_the_message_names_the_column(tmp_path: Path) -> None:
    path = book(tmp_path / "l.xlsx", [["Council (fictional)"], ["2025/26", "£"], [], HEADERS, *PLAIN])
    assert reconciled(path, described("75.05", header_row=4)).control == 7505
    table, found = read(path, described("75.05"))
    assert table is None
    assert "missing_column" in errors(found)


def test_cells_merged_downwards_hold_for_every_row_and_an_amount_is_counted_once(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("C5:C6")

    rows = [HEADERS, ["A1", "Pay", 10], ["", "Travel", 20.5], ["", "Rent", "1.25-"], ["A2", "Both", 7], ["A3", "", ""]]
    path = book(tmp_path / "l.xlsx", rows, merge)
    table, found = read(path, described("36.25"))
    assert table is not None
    assert not errors(found)
    assert lines_of(table, found)["cost_centre"].tolist() == ["A1", "A1", "A1", "A2"]
    assert "merged" in codes(found)
    assert reconciled(path, described("36.25")).control == 3625


def test_each_sub_total_is_listed_with_the_rows_that_it_adds_up_and_none_is_counted(tmp_path: Path) -> None:
    groups = [
        ["", "Sub-total north", 75.05],
        [],
        ["B1", "Rent", 10],
        ["B2", "Heat", 5],
        ["", "Sub-total south", 15],
        ["", "Grand Total", 90.05],
    ]
    path = book(tmp_path / "l.xlsx", [HEADERS, *PLAIN, *groups])
    assert reconciled(path, described("90.05")).control == 9005
    _, found = read(path, described("90.05"))
    listed = said(found, "subtotal")
    assert "row 5" in listed
    assert "GBP 75.05, the sum of rows 2 to 4" in listed
    assert "GBP 15.00, the sum of rows 7 to 8" in listed
    assert "GBP 90.05, the sum of rows 2 to 9" in listed
    assert "subtotal_sum" not in codes(found)


def test_a_row_that_says_total_and_adds_nothing_up_is_told(tmp_path: Path) -> None:
    path = text(tmp_path / "l.csv", [HEADERS, *PLAIN, ["", "Total Place programme", "33.00"], ["", "Total", "75.05"]])
    _, found = read(path, described("75.05"))
    assert not errors(found)
    assert "by its words it is one, by its amount it is not" in said(found, "subtotal_sum")
    _, counted = read(path, described("108.05"))
    assert "one sub-total is as large as the difference" in said(counted, "control_total")


def test_a_total_whose_word_nobody_named_is_found_by_its_sum(tmp_path: Path) -> None:
    rows = [HEADERS, ["A1", "x", 10], ["A2", "y", 20], ["A", "Group A", 30], ["B1", "z", 5]]
    _, found = read(book(tmp_path / "l.xlsx", rows), described("35.00"))
    assert "row 4 (the sum of rows 2 to 3); add its word to subtotal_words" in said(found, "control_total")


def test_a_total_above_its_lines_is_known_too(tmp_path: Path) -> None:
    path = text(tmp_path / "l.csv", [HEADERS, ["", "Total A", "30"], ["A1", "x", "10"], ["A2", "y", "20"]])
    _, found = read(path, described("30.00"))
    assert "the sum of rows 3 to 4" in said(found, "subtotal")
    assert not errors(found)


def test_income_is_negative_however_it_is_written(tmp_path: Path) -> None:
    rows = [HEADERS, ["A1", "Pay", "£1 000.00"], ["A2", "Fees", "(300.25)"], ["A3", "Grant", "200-"], ["A4", "Rent", "−99.75"]]
    assert reconciled(text(tmp_path / "l.csv", rows), described("400.00")).control == 40000


@pytest.mark.parametrize(("unit", "control"), [("gbp", "1234.50"), ("gbp_thousand", "1234500.00"), ("pence", "12.35")])
def test_the_unit_says_how_much_it_is(tmp_path: Path, unit: str, control: str) -> None:
    amount = "1,235" if unit == "pence" else "1,234.5"
    assert (
        reconciled(text(tmp_path / "l.csv", [HEADERS, ["A1", "x", amount]]), described(control, amount_unit=unit)).difference == 0
    )


def test_another_unit_is_seen_from_the_control_total(tmp_path: Path) -> None:
    _, found = read(text(tmp_path / "l.csv", [HEADERS, ["A1", "x", "1234.5"]]), described("1234500.00"))
    assert "a thousand times the other: look at amount_unit" in said(found, "control_total")


def test_of_several_years_columns_the_one_is_read_that_was_named_and_another_year_is_an_error(tmp_path: Path) -> None:
    rows = [["Cost Centre", "Narrative", "2024/25", "2025/26"], ["A1", "x", 1, 2], ["A2", "y", 10, 20]]
    path = book(tmp_path / "l.xlsx", rows)
    columns = {"cost_centre": "Cost Centre", "description": "Narrative"}
    assert reconciled(path, described("22.00", columns=columns | {"amount": "2025/26"})).control == 2200
    _, found = read(path, described("11.00", columns=columns | {"amount": "2024/25"}))
    assert "amounts of 2025-26; their header says 2024/25" in said(found, "year_column")
    assert "year_column" in errors(found)


def test_two_columns_of_one_header_are_never_guessed_between(tmp_path: Path) -> None:
    _, found = read(
        book(tmp_path / "l.xlsx", [["Cost Centre", "Narrative", "Actual", "Actual"], ["A1", "x", 1, 2]]), described("1.00")
    )
    assert "two_columns" in errors(found)


def test_blank_rows_and_headers_said_again_on_each_page_are_left_out(tmp_path: Path) -> None:
    path = text(tmp_path / "l.csv", [HEADERS, *PLAIN, ["", "", ""], HEADERS, ["A4", "Rent", "1.00"], HEADERS])
    _, found = read(path, described("76.05"))
    assert [b.rows for b in found if b.code == "repeated_header"] == [[6, 8]]
    assert reconciled(path, described("76.05")).control == 7605


def test_a_word_or_a_blank_in_place_of_an_amount_stops_the_build_with_its_row(tmp_path: Path) -> None:
    path = text(tmp_path / "l.csv", [HEADERS, *PLAIN, ["A4", "Rent", "tbc"], ["A5", "Heat", ""]])
    _, found = read(path, described("75.05"))
    assert errors(found) == {"amount", "required"}
    assert "row 5" in said(found, "amount")
    assert "row 6" in said(found, "required")


def test_one_cost_centre_on_many_lines_is_added_up_and_the_same_line_twice_is_told(tmp_path: Path) -> None:
    rows = [HEADERS, ["A1", "Pay", "10"], ["A1", "Travel", "20"], ["A1", "Pay", "10"], ["A2", "x", "1"]]
    path = text(tmp_path / "l.csv", rows)
    _, found = read(path, described("41.00"))
    assert [b.rows for b in found if b.code == "same_line"] == [[4]]
    assert not errors(found)
    total = reconciled(path, described("41.00"))
    assert (total.mapped, total.other_areas, total.excluded) == (1333, 2667, 100)


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".xlsb"])
def test_another_kind_of_workbook_is_refused_with_one_message(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"ledger_council{suffix}").write_bytes(b"anything")
    path, found = find(sorted(tmp_path.iterdir()), "ledger_council")
    assert path is None
    assert "save it as .xlsx or as CSV UTF-8" in said(found, "file_form")
    assert len(found) == 1


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsb"])
def test_another_kind_of_workbook_named_xlsx_is_refused_with_one_message(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ledger_council.xlsx"
    if kind == "xls":
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    else:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("content.xml" if kind == "ods" else "xl/workbook.bin", b"<a/>")
    table, found = read(path, described("1.00"))
    assert table is None
    assert [b.code for b in found] == ["unreadable"]


def test_semicolons_are_read_and_latin_1_is_refused_with_its_row(tmp_path: Path) -> None:
    path = text(tmp_path / "l.csv", [HEADERS, *PLAIN], ";")
    assert reconciled(path, described("75.05")).control == 7505
    assert "separator" in codes(read(path, described("75.05"))[1])
    path = text(tmp_path / "m.csv", [HEADERS, ["A1", "Caf\u00e9", "1"]], encoding="latin-1")
    _, found = read(path, described("1.00"))
    assert errors(found) == {"encoding"}
    assert "row 2" in said(found, "encoding")


def test_an_error_of_excel_and_a_formula_that_was_never_worked_out_stop_the_build(tmp_path: Path) -> None:
    path = book(tmp_path / "l.xlsx", [HEADERS, ["A1", "x", 1], ["A2", "y", "#REF!"], ["A3", "z", "=C2*2"]])
    _, found = read(path, described("1.00"))
    assert errors(found) == {"formula"}
    assert [b.rows for b in found if b.code == "formula"] == [[3, 4]]
    assert "mend it and save again" in said(found, "formula")


def test_hidden_rows_columns_and_sheets_are_read_or_not_and_told(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.parent.create_sheet("Old").sheet_state = "hidden"

    rows = [[*HEADERS, "Officer note"], *([*row, "n"] for row in PLAIN)]
    path = book(tmp_path / "l.xlsx", rows, hide)
    _, found = read(path, described("75.05"))
    assert reconciled(path, described("75.05")).control == 7505
    assert "row 3" in said(found, "hidden_rows")
    assert "-GBP 20.05 in all" in said(found, "hidden_rows")
    assert "column `Actual`" in said(found, "hidden_column")
    assert {"hidden_columns", "hidden_sheets"} <= codes(found, Severity.NOTE)


def test_a_control_total_a_penny_off_stops_the_build(tmp_path: Path) -> None:
    _, found = read(text(tmp_path / "l.csv", [HEADERS, *PLAIN]), described("75.06"))
    assert "the difference is -GBP 0.01" in said(found, "control_total")
