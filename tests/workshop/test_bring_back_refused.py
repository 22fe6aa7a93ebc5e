"""What cannot come back is refused with one clear error and a remedy: foreign files, damaged ones, cells that cannot be read."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from rcs_core.errors import RcsError, ScenarioError
from rcs_core.sheets.plain import write_rows
from rcs_core.sheets.read import FORMULA_ERROR
from rcs_core.sheets.returned import read_returned
from rcs_core.workshop.bring_back import BookError, load_book, load_workbook, open_book
from rcs_core.workshop.bring_back.values import NotTakenError, read_value
from rcs_core.workshop.export.scenario_whole import as_text, content_hash
from tests.workshop.returned_cases import edited, scenario, written

THOUSAND, SHARE = "GBP thousand a year", "share (0 to 1)"
NAMES = {"S1": "Family support", "S2": "Play", "S3": "Play"}


@pytest.mark.parametrize(
    ("cell", "was", "unit", "value"),
    [
        (2704.2200000000003, 2704.22, THOUSAND, 2704.22),
        (0.1 + 0.2, 0.3, SHARE, 0.3),
        ("1,200", 5.0, THOUSAND, 1200.0),
        (" 1 ", 1, "years", 1),
        (2.0, 1, "years", 2),
        ("12%", 0.1, SHARE, 0.12),
        ("£1,200", 5.0, "GBP a year", 1200.0),
        ("\u22125.5", 1.0, "weight", -5.5),
        ("No limit", None, THOUSAND, None),
        ("not modelled", 5.0, THOUSAND, None),
        ("", None, THOUSAND, None),
        (7.0, None, THOUSAND, 7.0),
        (1.0, True, "", True),
        ("FALSE", True, "", False),
        ("family SUPPORT", "S2", "", "S1"),
        ("Play", "S2", "", "S2"),
        ("S3", "S2", "", "S3"),
        ("NHS board", "council", "", "nhs_board"),
        ("something else", "S2", "", "something else"),
    ],
)  # fmt: skip
def test_what_people_type_is_read_as_they_mean_it(cell: object, was: object, unit: str, value: object) -> None:
    assert read_value(cell, was, unit, NAMES) == value
    assert type(read_value(cell, was, unit, NAMES)) is type(value)


@pytest.mark.parametrize(
    ("cell", "was", "unit", "told"),
    [
        ("£1,200", 5.0, THOUSAND, "1.2 in GBP thousand"),
        ("12%", 5.0, THOUSAND, "not a percentage"),
        ("-", 5.0, THOUSAND, "type 0 for nothing"),
        ("n/a", 5.0, THOUSAND, "the word none"),
        ("1,2", 5.0, THOUSAND, "the number alone"),
        ("1.200,5", 5.0, THOUSAND, "the number alone"),
        ("1.2m", 5.0, THOUSAND, "the number alone"),
        (dt.datetime(2026, 3, 1), 5.0, THOUSAND, "format the cell as a number"),
        (dt.timedelta(hours=3), 5.0, THOUSAND, "format the cell as a number"),
        ("", 5.0, THOUSAND, "the word none"),
        (None, 5.0, THOUSAND, "the word none"),
        (True, 5.0, THOUSAND, "type the number"),
        (FORMULA_ERROR, 5.0, THOUSAND, "save the workbook in a spreadsheet program"),
        ("perhaps", True, "", "TRUE or FALSE"),
        ("", "S1", "", "type it again"),
        ("play", "S1", "", "type the id"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_with_a_remedy(cell: object, was: object, unit: str, told: str) -> None:
    with pytest.raises(NotTakenError) as refused:
        read_value(cell, was, unit, NAMES)
    assert told in refused.value.remedy


def a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + b" " * 60_000_000)


def with_part(name: str) -> Callable[[Path], object]:
    """Our workbook with one more part in it."""

    def make(path: Path) -> None:
        path.write_bytes(written().read_bytes())
        with zipfile.ZipFile(path, "a") as packed:
            packed.writestr(name, b"x")

    return make


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "not a workbook": (lambda path: path.write_bytes(b"hello"), "damaged"),
    "empty": (lambda path: path.write_bytes(b""), "damaged"),
    "csv": (lambda path: path.write_text("Value,Place in the scenario file\n1,/horizon\n"), "damaged"),
    "truncated": (lambda path: path.write_bytes(written().read_bytes()[:20_000]), "damaged"),
    "old or locked": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)), "password"),
    "a bomb": (a_bomb, "too large"),
    "of somebody else": (lambda path: write_rows(path, {"Budget": [["Play", 3]]}), "not a scenario workbook"),
    "with macros": (with_part("xl/vbaProject.bin"), "macros"),
    "with links to other files": (with_part("xl/externalLinks/externalLink1.xml"), "other files"),
}  # fmt: skip


@pytest.mark.parametrize("case", FOREIGN)
def test_a_foreign_or_damaged_file_is_one_error_with_a_remedy(case: str, tmp_path: Path) -> None:
    make, told = FOREIGN[case]
    make(tmp_path / "sent.xlsx")
    with pytest.raises(RcsError) as refused:
        load_book(open_book(tmp_path / "sent.xlsx", "their book.xlsx"))
    assert told in refused.value.what
    assert refused.value.remedy
    assert "their book.xlsx" in refused.value.where
    assert refused.value.exit_code == 2


def test_a_scenario_sheet_made_by_hand_is_read_with_the_same_care(tmp_path: Path) -> None:
    """Its hash fits, but nothing else does: no scenario, names that are no names, rows without end."""

    def hand_made(book: openpyxl.Workbook, content: dict[str, object]) -> None:
        rows = {
            "SHA-256 of the scenario": content_hash(content),
            "Scenario, part 1 of 1": as_text(content),
            "Names of ids, part 1 of 1": '{"family": 7}',
            "Sheets as written, part 1 of 1": '{"Notes": {"kinds": [[1000000000000, "cc"]], "rows": "abcdef"}, "Cover": 3}',
        }
        for row in book["Scenario file"].iter_rows(min_row=5):
            row[1].value = rows.get(str(row[0].value), row[1].value)

    with pytest.raises(ScenarioError, match="the key is missing"):
        load_workbook(edited(tmp_path, lambda book: hand_made(book, {"horizon": 2})))
    assert load_workbook(edited(tmp_path, lambda book: hand_made(book, scenario().to_dict()))).unchanged


def test_a_deleted_sheet_or_column_of_inputs_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="the sheet Inputs cannot be read"):
        load_workbook(edited(tmp_path, lambda book: book.remove(book["Inputs"])))


def test_a_worked_out_formula_is_taken_by_its_value_and_told(tmp_path: Path) -> None:
    """A spreadsheet program saves the value beside the formula; so does this."""
    path = tmp_path / "live.xlsx"
    with zipfile.ZipFile(written()) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in packed.namelist():
            content = packed.read(name)
            if b"2704.22</v>" in content and b"/agencies/0/budget" in content:
                content = content.replace(b"<v>2704.22</v>", b"<f>2700+100</f><v>2800</v>", 1)
            out.writestr(name, content)
    found = load_workbook(path)
    assert [(c.was, c.now) for c in found.changes] == [(2704.22, 2800.0)]
    assert "a formula stands there" in found.changes[0].note
    assert any("Formulas stand in" in text for text in found.warnings)


def test_every_sheet_of_a_workbook_is_read_with_its_formulas() -> None:
    book = read_returned(written())
    assert set(book.sheets) == {"Inputs", "Spend by locality", "Notes", "Scenario file"}
    assert book.sheets["Spend by locality"].formulas
    assert not book.sheets["Scenario file"].formulas
