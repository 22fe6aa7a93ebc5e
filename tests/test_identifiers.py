"""What names a child is known in every form in which councils write it; what only looks like it is let through."""

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.contracts import MASK, check_folder, contracts
from rcs_core.contracts.identifiers import column_kinds, header_kind, names_itself, plain, policy, value_finder
from rcs_core.contracts.person_numbers import is_chi, is_scn
from rcs_core.settings import read_yaml
from tests.conftest import Home
from tests.pseudonyms.people import scn
from tests.tiny_folder import edit, write_sheet, write_tiny

YEAR = 2025
SCN, CHI, POSTCODE, BIRTH, NAME, CONTACT, OTHER = (
    "scottish_candidate_number", "chi_number", "postcode", "date_of_birth", "name", "contact_detail", "person_number",
)  # fmt: skip

EXAMPLES = read_yaml(Path(__file__).with_name("identifier_examples.yaml"))


def told(section: str) -> list[tuple[str, str]]:
    """Pairs of kind and example of a section."""
    return [(kind, example) for kind, examples in EXAMPLES[section].items() for example in examples]


@pytest.mark.parametrize(("kind", "header"), told("headers"))
def test_a_header_that_announces_an_identifier_is_known_however_it_is_spelt(kind: str, header: str) -> None:
    assert header_kind(header) == kind


@pytest.mark.parametrize("header", EXAMPLES["plain_headers"])
def test_a_header_of_something_else_is_let_through(header: str) -> None:
    assert header_kind(header) == ""
    assert names_itself(header, about_children=False, year=YEAR) == ""


def test_no_column_of_a_contract_nor_another_name_of_one_is_taken_for_an_identifier() -> None:
    words = [
        name
        for c in contracts().values()
        if c.stem != "partnership"
        for column in c.columns
        for name in (column.name, *column.aliases)
    ]
    assert [word for word in words if header_kind(word)] == []


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (scn(5), SCN),
        ("0101101236", CHI),
        ("EH1 1AA", POSTCODE),
        ("Isla Campbell", NAME),
        ("2014-05-03", BIRTH),
        ("isla@example.org", CONTACT),
    ],
)
def test_a_child_in_the_header_row_of_a_file_without_headers_is_known(header: str, kind: str) -> None:
    assert header_kind(header) == ""
    assert names_itself(header, about_children=False, year=YEAR) == kind


@pytest.mark.parametrize(("kind", "value"), told("values"))
def test_a_value_that_names_a_child_is_known_however_it_is_written(kind: str, value: str) -> None:
    assert value_finder(None, about_children=True, year=YEAR)(value) == kind


@pytest.mark.parametrize("value", EXAMPLES["plain_values"])
def test_a_value_of_something_else_is_let_through_in_a_file_about_children(value: str) -> None:
    assert value_finder(None, about_children=True, year=YEAR)(value) == ""


@pytest.mark.parametrize("value", EXAMPLES["plain_values"] + EXAMPLES["plain_ledger_lines"])
def test_a_line_of_a_ledger_or_a_register_is_let_through(value: str) -> None:
    for table, name in (("ledger", "description"), ("services", "service_name"), ("schools", "school_name")):
        column = contracts()[table].column(name)
        assert column is not None
        assert value_finder(column, about_children=False, year=YEAR)(value) == ""


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Nurse for CHI 0101101236", CHI),
        ("Taxi to EH1 1AA", POSTCODE),
        ("Respite SCN 123456789", SCN),
        ("Child dob 03/05/2014", BIRTH),
        ("pay isla@example.org", CONTACT),
        (scn(7), SCN),
    ],
)
def test_a_ledger_line_that_names_a_child_is_known_all_the_same(value: str, kind: str) -> None:
    assert value_finder(contracts()["ledger"].column("description"), about_children=False, year=YEAR)(value) == kind


@given(
    st.integers(0, 10**6),
    st.sampled_from(["", "'", "\u00a0", " ", "\u200b", "\ufeff"]),
    st.sampled_from(["", ".0", " ", "\u00a0"]),
)
def test_every_candidate_number_is_known_with_whatever_a_spreadsheet_puts_round_it(number: int, before: str, after: str) -> None:
    assert value_finder(None, about_children=True, year=YEAR)(f"{before}{scn(number)}{after}") == SCN


@given(st.dates(dt.date(2005, 1, 1), dt.date(2022, 12, 31)))
def test_every_birth_date_of_a_pupil_is_known_in_every_form(day: dt.date) -> None:
    find = value_finder(None, about_children=True, year=YEAR)
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%d %B %Y", "%d-%b-%y", "%Y%m%d", "%Y-%m-%d 00:00:00"):
        assert find(day.strftime(form)) == BIRTH, form


@given(st.text(max_size=40))
def test_no_text_makes_the_search_fail(text: str) -> None:
    for about_children in (True, False):
        assert value_finder(None, about_children, YEAR)(text) in {"", *policy().kinds}
    assert {header_kind(text), names_itself(text)} <= {"", *policy().kinds}
    assert plain(plain(text)) == plain(text)


def test_a_column_of_serial_numbers_is_one_of_births_only_when_every_cell_would_be() -> None:
    serials = [str(41_000 + 37 * n) for n in range(12)]
    assert column_kinds(serials, None, True, YEAR) == [BIRTH] * 12
    assert column_kinds([*serials, ""], None, True, YEAR)[-1] == ""
    assert set(column_kinds([*serials, "99999"], None, True, YEAR)) == {""}
    assert set(column_kinds(serials[:3], None, True, YEAR, "points")) == {""}
    assert column_kinds(serials[:3], None, True, YEAR, "Date d1") == [BIRTH] * 3
    assert set(column_kinds(serials, None, False, YEAR)) == {""}
    assert column_kinds([f"{n}.0" for n in serials], None, True, YEAR) == [BIRTH] * 12


def test_a_column_of_names_that_no_list_knows_is_one_of_names_and_a_few_phrases_are_none() -> None:
    firsts, lasts = ("Aoibhin", "Tendai", "Xiu", "Oluwaseun", "Ngaio"), ("Brankovic", "Moyo", "Zhang", "Adeyemi", "Te-Kanawa")
    names = [f"{first} {last}" for first in firsts for last in lasts]
    assert set(column_kinds(names, None, True, YEAR)) == {NAME}
    assert set(column_kinds([*names, "", "yes"], None, True, YEAR)) == {NAME, ""}
    assert set(column_kinds(names[:9], None, True, YEAR)) == {""}
    assert set(column_kinds(names, None, False, YEAR)) == {""}
    assert set(column_kinds([*names, *map(str, range(10))], None, True, YEAR)) == {""}
    schools = [f"{place} {kind}" for place in ("Moor", "Brae", "Kinnaird", "Alder") for kind in ("Primary", "High", "Academy")]
    assert set(column_kinds(schools, None, True, YEAR)) == {""}
    assert set(column_kinds(["\u0646\u0648\u0631 \u0639\u0644\u064a" + "\u0646" * n for n in range(12)], None, True, YEAR)) == {
        NAME
    }


@pytest.mark.parametrize(
    "piece", ["a.", "a", "1", "12 ", "Ab ", "a@a.", "A1 1A", "1-", "born 1/1/", "Isla ", "+44 7", "\u00c9", "scn "]
)
def test_the_longest_cell_is_searched_at_once(piece: str) -> None:
    cell = (piece * 32_767)[:32_767]
    started = time.process_time()
    value_finder(None, about_children=True, year=YEAR)(cell)
    header_kind(cell)
    assert time.process_time() - started < 2


def test_nine_digits_in_a_money_file_are_candidate_numbers_only_when_most_have_a_right_check_digit() -> None:
    vouchers = [str(100_000_000 + 7 * n) for n in range(200)]
    assert any(is_scn(v) for v in vouchers)
    assert set(column_kinds(vouchers, None, False, YEAR)) == {""}
    assert set(column_kinds([scn(n) for n in range(20)], None, False, YEAR)) == {SCN}
    assert set(column_kinds(vouchers, None, True, YEAR)) == {SCN}


def test_check_digits_let_one_number_in_eleven_through() -> None:
    assert 80 <= sum(is_scn(f"{n:09d}") for n in range(123_456_000, 123_457_000)) <= 100
    assert 80 <= sum(is_chi(f"010110{n:04d}", strict=True) for n in range(1000)) <= 100


def as_workbook(folder: Path, header: object, cells: list[object], sheet: str = "Roll") -> None:
    """Make the census a workbook with one more column, its cells in turn."""
    first, *rest = [line.split(",") for line in (folder / "pupil_census.csv").read_text(encoding="utf-8").splitlines()]
    (folder / "pupil_census.csv").unlink()
    rows: list[list[object]] = [[*first, header], *[[*row, cells[n % len(cells)]] for n, row in enumerate(rest)]]
    write_sheet(folder / "pupil_census.xlsx", rows, sheet)


@pytest.mark.parametrize(
    ("header", "cells", "label"),
    [
        ("ref", [123456789, 234567890], "Scottish Candidate Number"),
        ("ref", [101101236, 101101236.0], "Scottish Candidate Number"),
        ("ref", ["'0101101236"], "CHI number"),
        ("area", ["\u00a0EH1\u00a01AA"], "postcode"),
        ("d1", [dt.date(2014, 5, 3)], "date of birth"),
        ("d1", [dt.datetime(2014, 5, 3, 9, 30)], "date of birth"),
        ("d1", [41_000 + 41 * n for n in range(30)], "date of birth"),
        ("note", ["see Isla Campbell's plan", ""], "person's name"),
        ("Date  of  Birth", [""], "date of birth"),
        ("S.C.N.", [""], "Scottish Candidate Number"),
        (123456789, ["x"], "Scottish Candidate Number"),
        (dt.date(2014, 5, 3), ["x"], "date of birth"),
        ("Eilidh", ["x"], "person's name"),
    ],
)
def test_a_workbook_with_an_identifier_anywhere_is_refused_and_shows_nothing(
    tmp_path: Path, header: object, cells: list[object], label: str
) -> None:
    folder = write_tiny(tmp_path)
    as_workbook(folder, header, cells)
    report = check_folder(folder)
    assert report.errors
    assert all(f.value == MASK and label in f.rule for f in report.errors), [f.text() for f in report.errors]
    said = report.text() + str(report.to_json())
    assert [s for s in ("123456789", "101101236", "EH1", "2014-05-03", "Campbell", "Eilidh") if s in said] == []


def test_a_sheet_named_after_a_child_is_refused_without_its_name(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    as_workbook(folder, "extra", ["x"], "Isla Campbell")
    [found] = check_folder(folder).errors
    assert "sheet's name" in found.rule
    assert "Isla" not in check_folder(folder).text()
    edit(folder / "ledger_columns.yaml", lambda t: t.replace("sheet: Outturn", "sheet: Outtern"))
    write_sheet(folder / "ledger_council.xlsx", [["x"]], "Isla Campbell")
    assert "Isla" not in check_folder(folder).text() + str(check_folder(folder).to_json())


def test_a_stray_file_that_names_children_is_an_error_and_another_one_a_remark(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    (folder / "Isla_Campbell.txt").write_text("x", encoding="utf-8")
    (folder / "lookup.csv").write_text(f"SCN,pupil_id\n{scn(1)},p0123456789ab\n", encoding="utf-8")
    (folder / "old list.csv").write_text(f"ref,a\n{scn(1)},Isla Campbell\n", encoding="utf-8")
    (folder / "notes.csv").write_text("topic,words\nroads,Campbell Street Nursery\n", encoding="utf-8")
    (folder / "pseudonyms_receipt.json").write_text("{}", encoding="utf-8")
    report = check_folder(folder)
    assert {(f.file, f.column) for f in report.errors} == {
        (MASK, ""),
        ("lookup.csv", "SCN"),
        ("old list.csv", "ref"),
        ("old list.csv", "a"),
    }
    assert all("take the file out" in f.remedy for f in report.errors)
    strange = {f.file for f in report.findings if "was not read" in f.rule}
    assert strange == {"notes.csv"}
    assert [s for s in (scn(1), "Isla") if s in report.text()] == []


def test_the_demonstration_and_a_tiny_folder_raise_no_alarm(tmp_path: Path, home: Home) -> None:
    for folder in (write_tiny(tmp_path), home.folder):
        assert [f.text() for f in check_folder(folder).errors] == []
