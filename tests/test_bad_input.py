"""Each thing that is wrong with an input gives one clear message, and the rest of the folder is still told.

Every case spoils one thing in a sound folder, and a second, unrelated thing as a witness: exactly one message of an error
may come of the first, and the witness must still be found. The same check then marks the spoilt file: its breach in its own
cell, or in the list where it is of the whole file.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from rcs_core.contracts import MASK, CheckReport, check_folder
from rcs_core.contracts.annotate import annotate, marked_path
from rcs_core.contracts.findings import Finding
from rcs_core.vocab import Severity
from tests.bad_cases import CASES, NAMED, Case, column, register, swap
from tests.marked_copy import RED, everything_in, in_list, listed, shade
from tests.tiny_folder import edit, write_services, write_tiny


@dataclass(frozen=True)
class Checked:
    """A folder that a case has spoilt, the one check of it, its errors but for the witness; the copies are beside the files."""

    folder: Path
    report: CheckReport
    found: list[Finding]

    def copy(self, case: Case) -> Path:
        """Where the marked copy of the case's file is, if there is one."""
        return marked_path(self.folder / case.file)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound folder, without the long secondary survey, to copy."""
    folder = write_tiny(tmp_path_factory.mktemp("sound"))
    (folder / "survey_pupil_s1_s4.csv").unlink()
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(sound, tmp_path / "folder"))


@pytest.fixture(scope="module", name="checked")
def checked_once(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Checked]:
    """The folder of a case, spoilt, checked and marked when it is first asked for: one check is said and shown."""

    @cache
    def checked(case: Case) -> Checked:
        folder = Path(shutil.copytree(sound, tmp_path_factory.mktemp("case") / "folder"))
        edit(folder / "additional_support.csv", lambda t: t.replace("dyslexia", "dislexia"))
        case.spoil(folder)
        report = check_folder(folder)
        annotate(report, folder)
        return Checked(folder, report, [f for f in report.errors if f.column != "asn_reason"])

    return checked


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_one_clear_message_and_the_rest_is_still_reported(case: Case, checked: Callable[[Case], Checked]) -> None:
    found = checked(case).found
    assert len(checked(case).report.errors) - len(found) == 1
    assert len({(f.file, f.column, f.rule, f.remedy) for f in found}) == 1, [f.text() for f in found]
    first = found[0]
    assert first.text().startswith(f"error: {case.file}")
    assert [word for word in case.says.split(" | ") if word not in first.text()] == [], first.text()
    assert case.row is None or first.row == case.row
    assert case.column in ("", first.column)


@pytest.mark.parametrize("case", NAMED, ids=lambda c: c.name)
def test_a_direct_identifier_is_masked_and_told_how_to_remove(case: Case, checked: Callable[[Case], Checked]) -> None:
    for finding in checked(case).found:
        assert finding.value == MASK
        assert "remove the column, or make pseudonyms" in finding.remedy


CELLS = [case for case in CASES if case.row is not None and case.file != "services.csv"]


@pytest.mark.parametrize("case", CELLS, ids=lambda c: c.name)
def test_each_breach_is_marked_in_its_own_cell_and_the_list_leads_there(case: Case, checked: Callable[[Case], Checked]) -> None:
    book = openpyxl.load_workbook(checked(case).copy(case))
    copy = book.worksheets[1]
    errors = [line for line in listed(book) if line["What it does"] == Severity.ERROR.label and line["Row"] == case.row]
    assert errors, listed(book)
    line = errors[0]
    if case.column:
        assert line["Column"] == case.column
    assert line["to"] == f"'{copy.title}'!{line['Cell']}"
    cell = copy[line["Cell"]]
    assert (cell.row, shade(cell)) == (case.row, RED)
    assert line["To fix"] in cell.comment.text
    assert line["Expected"] in cell.comment.text


@pytest.mark.parametrize("case", [c for c in CASES if c.row is None], ids=lambda c: c.name)
def test_a_breach_of_the_whole_file_is_listed_wherever_the_file_is(case: Case, checked: Callable[[Case], Checked]) -> None:
    there = (checked(case).folder / case.file).is_file()
    assert checked(case).copy(case).exists() is there
    if there:
        parts = [part.replace("`", "") for part in case.says.split(" | ")]
        said = " ".join(str(v) for line in in_list(checked(case).copy(case)) for v in line)
        assert [part for part in parts if part not in said] == []


@pytest.mark.parametrize("case", NAMED, ids=lambda c: c.name)
def test_a_direct_identifier_is_nowhere_in_the_copy_and_the_copy_says_so(case: Case, checked: Callable[[Case], Checked]) -> None:
    inside = everything_in(checked(case).copy(case))
    secrets = ["123456789", "0101101236", "Isla Campbell", "EH1 1AA", "2014-05-03", "isla@example.org"]
    assert [secret for secret in secrets if secret in inside] == []
    if "values" in case.name or case.name.startswith(("postcode", "name", "e-mail", "births by value")):
        assert "masked in this copy" in inside


def test_no_identifier_is_ever_shown_in_a_report(folder: Path) -> None:
    column("pupil_census.csv", "notes", "Isla Campbell EH1 1AA 123456789 0101101236")(folder)
    column("social_work.csv", "SCN", "123456789")(folder)
    swap("survey_pupil_p5_p7.csv", "9900101", "0101101236")(folder)
    swap("survey_pupil_p5_p7.csv", "P6", "Isla Campbell")(folder)
    swap("ledger_nhs.csv", "0.0005", "Isla Campbell")(folder)
    report = check_folder(folder)
    said = report.text() + str(report.to_json()) + report.frame().to_csv()
    said += "".join(frame.to_csv() for frame in report.tables.values())
    assert report.count(Severity.ERROR) >= 5
    for secret in ("Campbell", "EH1 1AA", "123456789", "0101101236"):
        assert secret not in said


def test_a_folder_with_one_survey_is_fine_and_says_what_is_missing(folder: Path) -> None:
    (folder / "survey_parent_0_8.csv").unlink()
    report = check_folder(folder)
    assert report.errors == []
    absent = {f.file for f in report.findings if f.severity is Severity.NOTE and "not in the folder" in f.rule}
    assert {"survey_pupil_s1_s4.csv", "survey_parent_0_8.csv"} <= absent


def test_a_folder_without_any_pupil_survey_is_one_of_money_only_and_says_so(folder: Path) -> None:
    (folder / "survey_pupil_p5_p7.csv").unlink()
    report = check_folder(folder)
    assert report.errors == []
    assert any("without children's needs" in f.rule for f in report.findings)


def test_a_folder_or_a_broken_link_in_a_files_place_is_never_taken_for_no_file(folder: Path) -> None:
    (folder / "social_work.csv").unlink(missing_ok=True)
    (folder / "social_work.csv").mkdir()
    (folder / "survey_parent_0_8.csv").unlink(missing_ok=True)
    (folder / "survey_parent_0_8.csv").symlink_to(folder / "nowhere.csv")
    found = {f.file for f in check_folder(folder).errors if "a file that can be read" in f.rule}
    assert found == {"social_work.csv", "survey_parent_0_8.csv"}


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_read_and_said(separator: str, word: str, folder: Path) -> None:
    edit(folder / "schools.csv", lambda t: t.replace(",", separator))
    report = check_folder(folder)
    assert report.errors == []
    [told] = [f for f in report.findings if f.file == "schools.csv"]
    assert told.severity is Severity.NOTE
    assert word in told.text()


def test_numbers_as_text_apostrophes_and_text_as_numbers_in_a_workbook_are_fine(folder: Path) -> None:
    register(children_served=" 1,120 ", service_id="'S001", pct_primary="20", capacity="130.0", contract_end="31/03/2027")(folder)
    report = check_folder(folder)
    assert report.errors == []
    row = report.tables["services"].iloc[0]
    assert (row["children_served"], row["service_id"], row["contract_end"]) == ("1120", "S001", "2027-03-31")


def test_an_unknown_column_or_file_is_left_out_and_said(folder: Path) -> None:
    column("schools.csv", "roll_2019", "210")(folder)
    (folder / "pupil_cencus.csv").write_text("x\n")
    report = check_folder(folder)
    assert report.errors == []
    told = {(f.file, f.column): f for f in report.findings}
    assert told["schools.csv", "roll_2019"].severity is Severity.NOTE
    assert "`pupil_census`" in told["pupil_cencus.csv", ""].remedy
    assert "roll_2019" not in report.tables["schools"].columns


def test_every_breach_of_a_file_is_told_at_once(folder: Path) -> None:
    write_services(folder, reach="x", intensity="y", children_served="z", contract_end="q", pct_primary=400, service_id="1")
    told = {(f.row, f.column) for f in check_folder(folder).errors if f.file == "services.xlsx"}
    columns = {"reach", "intensity", "children_served", "contract_end", "pct_primary", "service_id"}
    assert {(2, name) for name in columns} <= told
