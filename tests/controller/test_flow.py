"""The data-flow sheet says what the contracts, the folder and the release say, and nothing that they do not."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rcs_core.contracts import check_folder, contracts
from rcs_core.contracts.inventory import inventory
from rcs_core.controller import Section, data_flow, flow, retention, to_markdown, write_sheet
from rcs_core.controller.retention import NEAR, OVER, WITHIN
from rcs_core.errors import SettingsError
from rcs_core.release import load
from rcs_core.settings import CONTRACTS
from tests.tiny_folder import write_tiny
from tests.tiny_release import tiny_release

TODAY = dt.date(2026, 11, 22)
WORDS = (CONTRACTS / "demo" / "data_protection.yaml").read_text(encoding="utf-8")


def report_of(folder: Path) -> dict[str, Any]:
    report = check_folder(folder)
    return report.to_json() | inventory(folder, report).to_json()


def sheet(folder: Path, release: Any = None) -> dict[str, Section]:
    return {s.name: s for s in data_flow(report_of(folder), str(folder), release, TODAY)}


def test_every_personal_field_in_the_folder_is_named_and_no_other(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    report = check_folder(folder)
    stems = [*report.tables]
    known = {stem: contracts()["ledger" if stem not in contracts() else stem] for stem in stems}
    wanted = {
        (c.title, column.name)
        for stem, c in known.items()
        for column in c.columns
        if column.restricted and column.name in report.tables[stem].columns
    }
    assert {(row[0], row[1]) for row in sheet(folder)["Personal fields"].rows} == wanted
    assert ("Ledger lines", "description") in wanted


def test_without_a_statement_every_question_is_not_filled_in_and_no_file_is_past_its_retention(tmp_path: Path) -> None:
    found = sheet(write_tiny(tmp_path / "tiny"))
    assert {answer for _, answer in found["Lawful basis"].rows} == {"not filled in", "none told"}
    assert {row[4] for row in found["Retention"].rows} == {"retention not filled in"}
    assert {row[2] for row in found["Roles"].rows} == {"not filled in"}


def test_the_partnerships_own_words_stand_in_the_sheet(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    (folder / "data_protection.yaml").write_text(WORDS, encoding="utf-8")
    assert [f.text() for f in check_folder(folder).findings if "data_protection" in f.file] == []
    found = dict(sheet(folder)["Lawful basis"].rows)
    assert found["Lawful basis (UK GDPR, Article 6(1))"] == "(e) public task, with a right to opt out; not consent"
    assert "not filled in" not in found.values()
    assert {row[0]: row[2] for row in sheet(folder)["Roles"].rows}["sign"] == "Chief Education Officer"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lawful_basis: public_task", "lawful_basis: consent", "one of: public_task, legal_obligation"),
        ("retention_months: 24", "retention_months: forever", "a whole number"),
        ("retention_months: 24", "retention_months: 999", "between 1 and 120"),
        ("reviewed_on: 2026-04-01", "reviewed_on: last spring", "a date"),
        ("opt_out: Children's Planning Officer", "opt_out: Fiona MacDonald", "no direct identifier"),
        ("controller: Strathmere Council (fictional)\n", "", "controller"),
        ("assessment:", "asesment:", "a key `assessment`"),
    ],
)
def test_a_statement_that_breaks_its_contract_is_an_error_with_its_key(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = write_tiny(tmp_path / "tiny")
    assert old in WORDS
    (folder / "data_protection.yaml").write_text(WORDS.replace(old, new), encoding="utf-8")
    told = [f.text() for f in check_folder(folder).errors]
    assert len(told) >= 1
    assert any("data_protection.yaml" in line and says in line for line in told), told


def test_what_leaves_is_the_release_table_by_table(tmp_path: Path) -> None:
    found = load(tiny_release(tmp_path / "r"))
    section = sheet(write_tiny(tmp_path / "tiny"), found)["What leaves"]
    assert [row[0] for row in section.rows] == sorted(found.tables)
    assert found.id in section.note
    hidden = sum(int(t.frame["n"].isna().sum()) for t in found.count_tables())
    assert sum(int(row[4]) for row in section.rows) == hidden
    assert "nothing has left" in sheet(tmp_path / "tiny")["What leaves"].note


@pytest.mark.parametrize(
    ("file_date", "months", "age", "until", "verdict"),
    [
        ("2024-11-22", 24, 24, "2026-11-22", NEAR),
        ("2024-11-21", 24, 24, "2026-11-21", OVER),
        ("2024-12-23", 24, 22, "2026-12-23", WITHIN),
        ("2024-12-22", 24, 23, "2026-12-22", NEAR),
        ("2026-08-31", 3, 2, "2026-11-30", NEAR),
        ("2027-01-01", 3, 0, "2027-04-01", WITHIN),
    ],
)
def test_a_file_is_kept_for_whole_months_from_its_day(file_date: str, months: int, age: int, until: str, verdict: str) -> None:
    (kept,) = retention([{"file": "a.csv", "file_date": file_date}], months, TODAY)
    assert (kept.age_months, kept.until, kept.verdict) == (age, until, verdict)


def test_the_sheet_is_a_workbook_or_text_with_the_same_tables(tmp_path: Path) -> None:
    found = sheet(write_tiny(tmp_path / "tiny"))
    write_sheet(list(found.values()), tmp_path / "flow.xlsx", "Data flow")
    book = openpyxl.load_workbook(tmp_path / "flow.xlsx")
    assert book.sheetnames == list(found)
    assert book["Personal fields"].max_row == 4 + len(found["Personal fields"].rows)
    text = to_markdown(list(found.values()), "Data flow")
    assert text.count("\n## ") == len(found)
    assert all(str(row[0]) in text for section in found.values() for row in section.rows)
    with pytest.raises(SettingsError, match=r"\.xlsx or \.md"):
        write_sheet(list(found.values()), tmp_path / "flow.pdf", "Data flow")


def test_the_same_person_never_builds_and_signs_by_the_roles_and_only_one_role_has_the_key() -> None:
    roles = flow().roles
    assert list(roles) == ["pseudonymise", "prepare", "release", "sign", "serve", "forget"]
    assert "not the data officer" in roles["sign"].who
    assert [verb for verb, role in roles.items() if "the key" in role.sees] == ["pseudonymise"]
    assert [verb for verb, role in roles.items() if verb != "pseudonymise" and "the key" not in role.never] == []


def test_the_page_for_the_controller_has_every_role_with_its_command() -> None:
    page = (CONTRACTS.parent / "docs" / "how-to" / "data-controller.md").read_text(encoding="utf-8")
    for verb, role in flow().roles.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {verb} |")]
        assert role.who.split(",")[0].casefold() in row.casefold()
        assert role.by.split(";")[0].split(",")[0] in row
