"""An empty template holds what its contract says, and what is filled into it passes the check."""

import csv
import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from rcs_core.contracts import CheckReport, Contract, check_folder, contracts
from rcs_core.contracts.template import READ_ME, table_form, write_templates
from rcs_core.contracts.words import choices
from rcs_core.contracts.workbooks import workbooks
from rcs_core.demo import write_demo
from rcs_core.errors import SettingsError
from rcs_core.sheets.form import LISTS, Field
from rcs_core.vocab import Severity
from tests.conftest import rcs_here as rcs
from tests.office import have_office, recalculated
from tests.tiny_folder import write_tiny

TABLES = {stem: c for stem, c in contracts().items() if c.form == "file" and c.presence != "described"}
YAMLS = {stem: c for stem, c in contracts().items() if c.form == "yaml" and c.presence != "apart"}


@pytest.fixture(scope="module", name="empty")
def empty_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder)
    return folder


@pytest.fixture(scope="module", name="books")
def opened_templates(empty: Path) -> dict[str, Any]:
    """Each empty template opened once, to look at."""
    return {stem: openpyxl.load_workbook(empty / f"{stem}.xlsx") for stem in TABLES}


def rules(sheet: Any) -> dict[str, Any]:
    """A sheet's validation rules by the first cell they reach."""
    return {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}


def offered(book: Any, rule: Any) -> list[str]:
    """The list that a rule points at."""
    place = rule.formula1.replace("$", "").removeprefix(f"{LISTS}!")
    return [cell.value for (cell,) in book[LISTS][place]]


def fields() -> Iterator[tuple[str, int, Field]]:
    for stem, contract in TABLES.items():
        for place, field in enumerate(table_form(contract).fields, start=1):
            yield stem, place, field


@pytest.mark.parametrize("stem", TABLES)
def test_the_first_sheet_is_the_table_and_its_headers_are_the_contracts(books: dict[str, Any], stem: str) -> None:
    book = books[stem]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == contracts()[stem].names
    assert (sheet.max_row, sheet.freeze_panes) == (1, "A2")
    assert (book.sheetnames[1], book[LISTS].sheet_state) == (READ_ME, "hidden")


@pytest.mark.parametrize("stem", TABLES)
def test_a_coded_column_offers_its_codes_however_many_and_refuses_others(books: dict[str, Any], stem: str) -> None:
    book = books[stem]
    found = rules(book.worksheets[0])
    last = workbooks().template_rows + 1
    for column, head in zip(contracts()[stem].columns, book.worksheets[0][1], strict=True):
        rule = found[f"{head.column_letter}2"]
        assert str(rule.sqref) == f"{head.column_letter}2:{head.column_letter}{last}"
        assert rule.showInputMessage
        if choices(column) and not column.separator:
            assert (rule.type, rule.errorStyle, rule.showErrorMessage) == ("list", "stop", True)
            assert offered(book, rule) == list(choices(column))
        else:
            assert rule.type in (None, "none", "whole", "decimal", "date")


def test_a_survey_of_p5_to_p7_offers_only_the_stages_that_it_was_asked_of(books: dict[str, Any]) -> None:
    book = books["survey_pupil_p5_p7"]
    assert offered(book, rules(book.worksheets[0])["C2"]) == ["P5", "P6", "P7"]


@pytest.mark.parametrize(
    ("stem", "column", "rule"),
    [
        ("services", "pct_primary", ("decimal", "between", "0", "100")),
        ("services", "children_served", ("whole", "greaterThanOrEqual", "0", None)),
        ("survey_parent_0_8", "weight", ("decimal", "greaterThan", "0", None)),
        ("survey_parent_0_8", "child_age", ("whole", "between", "0", "8")),
        ("evidence_of_effect", "low", ("decimal", "between", "-100", "100")),
    ],
)
def test_a_number_is_held_to_its_range(books: dict[str, Any], stem: str, column: str, rule: tuple[str, ...]) -> None:
    sheet = books[stem].worksheets[0]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == column)
    found = rules(sheet)[f"{letter}2"]
    assert (found.type, found.operator, found.formula1, found.formula2) == rule


def test_every_column_that_is_not_a_number_or_a_day_keeps_the_noughts_it_begins_with(books: dict[str, Any]) -> None:
    for stem, place, field in fields():
        sheet = books[stem].worksheets[0]
        form = sheet.column_dimensions[sheet.cell(1, place).column_letter].number_format
        assert form == {"text": "@", "date": "yyyy-mm-dd"}.get(field.kind, form), (stem, field.header)
        assert (form == "@") == (field.kind == "text"), (stem, field.header)


def test_what_a_cell_says_fits_where_a_spreadsheet_shows_it(empty: Path, books: dict[str, Any]) -> None:
    assert {path.stem for path in empty.glob("*.xlsx")} == set(books)
    for book in books.values():
        for rule in rules(book.worksheets[0]).values():
            assert 0 < len(rule.promptTitle) <= 32
            assert 0 < len(rule.prompt) <= 255
            assert 0 < len(rule.errorTitle) <= 32
            assert 0 < len(rule.error) <= 255


def test_the_page_to_read_explains_every_column(books: dict[str, Any]) -> None:
    for stem, contract in TABLES.items():
        rows = list(books[stem][READ_ME].iter_rows(min_row=5, values_only=True))
        assert [row[0] for row in rows[: len(contract.columns)]] == contract.names
        assert all(row[1] for row in rows)


def typed(contract: Contract, name: str, text: str) -> Any:
    """A cell as a person would type it: numbers as numbers, days as days, everything else as text."""
    column = contract.column(name)
    kind = column.kind if column is not None else "string"
    if not text:
        return None
    if kind in ("integer", "number") and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    if kind == "date" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text)
    return text


def rows_of(folder: Path, stem: str) -> list[list[str]]:
    if (folder / f"{stem}.csv").exists():
        with (folder / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    sheet = openpyxl.load_workbook(folder / f"{stem}.xlsx").worksheets[0]
    found = [["" if v is None else v for v in row] for row in sheet.iter_rows(values_only=True)]
    return [[v.date().isoformat() if isinstance(v, dt.datetime) else str(v) for v in row] for row in found]


def held(folder: Path) -> dict[str, Contract]:
    """The tables that a folder holds: none has to hold them all."""
    return {stem: c for stem, c in TABLES.items() if any((folder / f"{stem}.{kind}").exists() for kind in ("csv", "xlsx"))}


def filled(empty: Path, source: Path, target: Path) -> Path:
    """Copy a folder, its tables typed into the templates: each cell under the header that it stood under."""
    target.mkdir()
    for path in source.iterdir():
        if path.stem not in TABLES and path.is_file():
            shutil.copy(path, target / path.name)
    for stem, contract in held(source).items():
        header, *rows = rows_of(source, stem)
        book = openpyxl.load_workbook(empty / f"{stem}.xlsx")
        sheet = book.worksheets[0]
        places = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(rows, start=2):
            for name, text in zip(header, row, strict=True):
                if (known := places.get(name.strip().lower())) is not None:
                    sheet.cell(number, known, typed(contract, name.strip().lower(), text))
        book.save(target / f"{stem}.xlsx")
    return target


def receipts(report: CheckReport) -> dict[tuple[str, str], int]:
    return {(r.table, r.rule): r.rows for r in report.receipts if not r.rule.startswith("mended")}


def test_the_demonstration_typed_into_the_templates_is_checked_as_it_was(empty: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", pupils=1_000)
    demo = check_folder(tmp_path / "demo")
    report = check_folder(filled(empty, tmp_path / "demo", tmp_path / "typed"))
    assert [f.text() for f in report.errors] == []
    assert {k: v for k, v in receipts(report).items() if "/" not in k[0]} == {
        k: v for k, v in receipts(demo).items() if "/" not in k[0]
    }


@pytest.mark.parametrize("stem", TABLES)
def test_an_empty_template_is_told_to_have_no_rows_and_nothing_else(empty: Path, tmp_path: Path, stem: str) -> None:
    shutil.copy(empty / f"{stem}.xlsx", tmp_path)
    said = [f for f in check_folder(tmp_path).findings if f.file == f"{stem}.xlsx"]
    assert [f.rule for f in said if f.value] == ["rows under the headers"]
    assert [f.text() for f in said if not f.value and f.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("stem", YAMLS)
def test_a_yaml_template_still_blank_has_every_key_that_must_be_filled_told(empty: Path, tmp_path: Path, stem: str) -> None:
    shutil.copy(empty / f"{stem}.yaml", tmp_path)
    said = [f for f in check_folder(tmp_path).errors if f.file == f"{stem}.yaml"]
    assert {f.column for f in said} == {c.name for c in YAMLS[stem].columns if c.filled}
    assert {f.rule for f in said} == {"a filled cell"}


def test_a_yaml_template_filled_in_passes(empty: Path, tmp_path: Path) -> None:
    source = write_tiny(tmp_path / "tiny")
    values = {stem: yaml.safe_load((source / f"{stem}.yaml").read_text(encoding="utf-8")) for stem in YAMLS}
    text = (empty / "partnership.yaml").read_text(encoding="utf-8")
    for key, value in values["partnership"].items():
        text = re.sub(rf"^{key}:.*$", lambda _, k=key, v=value: f"{k}: {yaml.safe_dump(v).split(chr(10))[0]}", text, flags=re.M)
    (source / "partnership.yaml").write_text(text, encoding="utf-8")
    entries = []
    for ledger, told in values["ledger_columns"].items():
        entry = (empty / "ledger_columns.yaml").read_text(encoding="utf-8").replace("ledger_AGENCY:", f"{ledger}:")
        for key, value in {**told, **told["columns"]}.items():
            if key != "columns":
                plain = yaml.safe_dump("; ".join(value) if isinstance(value, list) else value).split("\n")[0]
                entry = re.sub(rf"^( +)(# )?{key}:.*$", lambda m, k=key, v=plain: f"{m[1]}{k}: {v}", entry, flags=re.M)
        entries.append(entry)
    (source / "ledger_columns.yaml").write_text("\n".join(entries), encoding="utf-8")
    assert [f.text() for f in check_folder(source).errors] == []


def test_a_file_that_is_there_is_never_written_over_and_nothing_else_is_written(tmp_path: Path) -> None:
    (tmp_path / "services.xlsx").write_text("somebody's work", encoding="utf-8")
    said = rcs("template", tmp_path)
    assert said.returncode == 2
    assert "got services.xlsx" in said.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["services.xlsx"]


def test_one_table_may_be_asked_for_and_an_unknown_one_is_named_with_the_nearest(tmp_path: Path) -> None:
    assert [p.name for p in write_templates(tmp_path, ["schools"])] == ["schools.xlsx"]
    with pytest.raises(SettingsError, match=r"got servces[\s\S]*did you mean services"):
        write_templates(tmp_path, ["servces"])
    with pytest.raises(SettingsError, match="a ledger is sent as the finance system writes it"):
        write_templates(tmp_path, ["ledger"])


@pytest.mark.office
def test_lists_messages_and_text_columns_survive_libreoffice_and_what_was_typed_still_passes(
    empty: Path, books: dict[str, Any], tmp_path: Path
) -> None:
    if not have_office():
        return
    source = write_tiny(tmp_path / "tiny")
    typed_in = filled(empty, source, tmp_path / "typed")
    recalculated(sorted(typed_in.glob("*.xlsx")), tmp_path)
    saved = tmp_path / "recalculated"
    for stem in held(source):
        before = rules(books[stem].worksheets[0])
        book = openpyxl.load_workbook(saved / f"{stem}.xlsx")
        after = rules(book.worksheets[0])
        kinds = {at: rule.type or "none" for at, rule in after.items()}
        assert kinds == {at: rule.type or "none" for at, rule in before.items()}, stem
        assert {at: rule.prompt for at, rule in after.items()} == {at: rule.prompt for at, rule in before.items()}, stem
        for at, rule in before.items():
            if rule.type == "list":
                assert offered(book, after[at]) == offered(books[stem], rule), (stem, at)
        assert book[LISTS].sheet_state == "hidden"
    for path in source.iterdir():
        if path.stem not in TABLES:
            shutil.copy(path, saved / path.name)
    assert [f.text() for f in check_folder(saved).errors] == []
