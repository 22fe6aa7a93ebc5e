"""A rejected file comes back marked: each breach in its own cell, nothing of a child repeated, nothing of the sender's lost."""

import csv
import os
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.contracts import MASK, check_folder
from rcs_core.contracts import annotate as marking
from rcs_core.contracts.annotate import annotate, marked_path
from rcs_core.contracts.files import MARKED
from rcs_core.contracts.workbooks import Workbooks
from rcs_core.records import build
from rcs_core.sheets.marked import LIST, Copy, write_marked
from rcs_core.sheets.stream import fitting
from rcs_core.sheets.write import SheetError
from rcs_core.vocab import Severity
from tests.bad_cases import column
from tests.conftest import rcs_here as rcs
from tests.marked_copy import AMBER, RED, everything_in, listed, marked, shade
from tests.office import have_office, recalculated
from tests.tiny_folder import edit, pupil, write_services, write_sheet, write_tiny, write_wave

CENSUS, PRIMARY = "pupil_census.csv", "survey_pupil_p5_p7.csv"


@pytest.fixture(scope="module", name="sound")
def sound_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_tiny(tmp_path_factory.mktemp("sound") / "inputs")
    (folder / "survey_pupil_s1_s4.csv").unlink()
    return folder


@pytest.fixture(name="folder")
def own_folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "inputs"))


def test_the_senders_cells_keep_their_rows_columns_and_values_below_title_rows_on_their_own_sheet(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "ledger_council.xlsx")
    book["Outturn"]["C4"] = "1.5 thousand"
    book.create_sheet("Notes", 0)["A1"] = "kept by the sender alone"
    book.save(folder / "ledger_council.xlsx")
    sent = [list(row) for row in book["Outturn"].iter_rows(values_only=True)]
    back = marked(folder, "ledger_council.xlsx")
    assert back.sheetnames == [LIST, "Outturn"]
    assert [list(row) for row in back["Outturn"].iter_rows(values_only=True)] == sent
    assert shade(back["Outturn"]["C4"]) == RED
    assert shade(back["Outturn"]["C5"]) == ""
    assert shade(back["Outturn"]["A6"]) == AMBER


def test_numbers_dates_and_blanks_come_back_as_they_were_sent(folder: Path) -> None:
    import datetime as dt

    write_services(folder, contract_end=dt.date(2027, 3, 31), children_served="many", capacity=12.5, provider=None)
    sent = [list(row) for row in openpyxl.load_workbook(folder / "services.xlsx").active.iter_rows(values_only=True)]
    back = [list(row) for row in marked(folder, "services.xlsx").worksheets[1].iter_rows(values_only=True)]
    assert back == sent
    assert sent[1][24] == dt.datetime(2027, 3, 31)


def test_a_csv_comes_back_as_text_cell_for_cell(folder: Path) -> None:
    edit(folder / CENSUS, lambda text: text.replace("9900101", "0000101", 1))
    with (folder / CENSUS).open(encoding="utf-8", newline="") as file:
        sent = list(csv.reader(file))
    back = marked(folder, CENSUS).worksheets[1]
    assert [[str(v) for v in row] for row in back.iter_rows(values_only=True)] == sent
    assert back["B2"].value == "0000101"


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "#REF!", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_is_text_in_the_copy(folder: Path, text: str) -> None:
    with (folder / CENSUS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][5] = text
    with (folder / CENSUS).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    cell = marked(folder, CENSUS).worksheets[1]["F2"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", True)
    assert "<f>" not in everything_in(marked_path(folder / CENSUS))


def test_a_restricted_value_stands_in_its_own_cell_alone(folder: Path) -> None:
    edit(folder / CENSUS, lambda text: text.replace("female", "femmale", 1))
    book = marked(folder, CENSUS)
    line = listed(book)[0]
    assert (line["Column"], line["Found"]) == ("sex", MASK)
    assert book.worksheets[1]["D2"].value == "femmale"
    assert everything_in(marked_path(folder / CENSUS)).count("femmale") == 1


def test_identifiers_above_the_headers_and_in_columns_that_were_not_read_are_masked_too(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "ledger_council.xlsx")
    book["Outturn"]["A1"] = "Placement of Isla Campbell"
    book["Outturn"]["B1"] = "Isla Campbell"
    book["Outturn"]["C4"] = "lots"
    book.save(folder / "ledger_council.xlsx")
    edit(folder / CENSUS, lambda text: text.replace("stage", "stage,stage", 1).replace("P4", "P4,Isla Campbell"))
    annotate(check_folder(folder), folder)
    assert openpyxl.load_workbook(marked_path(folder / "ledger_council.xlsx"))["Outturn"]["B1"].value == MASK
    assert "Campbell" not in everything_in(marked_path(folder / CENSUS))


def test_headers_that_are_really_the_first_pupil_are_masked(folder: Path) -> None:
    edit(folder / CENSUS, lambda text: text.split("\n", 1)[1].replace("other_urban", "Isla Campbell"))
    annotate(check_folder(folder), folder)
    assert "Campbell" not in everything_in(marked_path(folder / CENSUS))


def test_every_cell_of_a_broken_sum_is_coloured_and_one_of_them_says_why(folder: Path) -> None:
    write_services(folder, pct_other=5)
    sheet = marked(folder, "services.xlsx").worksheets[1]
    assert [shade(sheet.cell(2, place)) for place in range(10, 17)] == ["", RED, RED, RED, RED, RED, ""]
    assert "a sum of 105" in sheet.cell(2, 11).comment.text


def test_two_breaches_of_one_cell_are_both_told_and_the_graver_gives_the_colour(folder: Path) -> None:
    edit(folder / PRIMARY, lambda text: text.replace(f"{pupil(4)},9900101,P5", f"{pupil(40)},9900108,P4", 1))
    sheet = marked(folder, PRIMARY).worksheets[1]
    assert [shade(sheet[at]) for at in ("B2", "C2")] == [RED, AMBER]
    assert "Stops a build" in sheet["B2"].comment.text
    assert "For information" in sheet["B2"].comment.text


def test_a_yaml_input_comes_back_line_by_line(folder: Path) -> None:
    edit(folder / "ledger_columns.yaml", lambda text: text.replace("amount_unit: gbp_thousand", "amount_unit: euro"))
    book = marked(folder, "ledger_columns.yaml")
    lines = (folder / "ledger_columns.yaml").read_text(encoding="utf-8").splitlines()
    sheet = book.worksheets[1]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == lines
    red = [cell.value for (cell,) in sheet.iter_rows() if shade(cell) == RED]
    assert red == ["  amount_unit: euro"]


def test_an_earlier_waves_file_has_its_copy_beside_it_and_that_is_no_input_either(folder: Path) -> None:
    wave = write_wave(folder)
    edit(wave / CENSUS, lambda text: text.replace("female", "femmale", 1))
    before = check_folder(folder)
    assert marked(folder, f"{wave.name}/{CENSUS}").worksheets[1]["D2"].comment is not None
    after = check_folder(folder)
    assert after.errors == before.errors
    assert f"{wave.name}/pupil_census{MARKED}" in {f.file for f in after.findings if f.severity is Severity.NOTE}


def test_a_marked_copy_is_never_taken_for_an_input_and_a_remark_says_so(folder: Path) -> None:
    edit(folder / "ledger_nhs.csv", lambda text: text.replace("2.500", "two", 1))
    before = check_folder(folder)
    annotate(before, folder)
    after = check_folder(folder)
    assert after.errors == before.errors
    remarks = [f for f in after.findings if f.file == f"ledger_nhs{MARKED}"]
    assert [(f.severity, "was not read" in f.rule) for f in remarks] == [(Severity.NOTE, True)]


def test_a_marked_copy_is_not_among_the_inputs_that_a_release_names(folder: Path) -> None:
    before = build._inputs(folder)
    edit(folder / "schools.csv", lambda text: text.replace("primary", "primry", 1))
    annotate(check_folder(folder), folder)
    assert marked_path(folder / "schools.csv").exists()
    assert build._inputs(folder) == before


def test_a_sound_folder_gets_no_copies_and_a_mended_file_loses_its_own(folder: Path) -> None:
    assert annotate(check_folder(folder), folder) == []
    sound = (folder / "schools.csv").read_text(encoding="utf-8")
    (folder / "schools.csv").write_text(sound.replace("9900101", "99", 1), encoding="utf-8")
    assert len(annotate(check_folder(folder), folder)) >= 1
    assert marked_path(folder / "schools.csv").exists()
    (folder / "schools.csv").write_text(sound, encoding="utf-8")
    assert annotate(check_folder(folder), folder) == []
    assert list(folder.glob(f"*{MARKED}")) == []


def test_a_copy_is_written_anew_and_another_persons_file_of_that_name_is_left_alone(folder: Path) -> None:
    edit(folder / "schools.csv", lambda text: text.replace("primary", "primry", 1))
    (copy,) = [w.path for w in annotate(check_folder(folder), folder) if w.file == "schools.csv"]
    edit(folder / "schools.csv", lambda text: text.replace("secondary", "secndary", 1))
    annotate(check_folder(folder), folder)
    assert len([x for x in listed(openpyxl.load_workbook(copy)) if x["Column"] == "sector"]) == 2
    write_sheet(copy, [["notes of my own"]])
    mine = copy.read_bytes()
    with pytest.raises(SheetError, match="another"):
        annotate(check_folder(folder), folder)
    assert copy.read_bytes() == mine


def test_a_locked_copy_is_said_the_others_are_written_and_nothing_is_lost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder / "schools.csv", lambda text: text.replace("primary", "primry", 1))
    edit(folder / CENSUS, lambda text: text.replace("female", "femmale", 1))
    annotate(check_folder(folder), folder)
    old = marked_path(folder / "schools.csv").read_bytes()
    marked_path(folder / CENSUS).unlink()
    move = os.replace

    def locked(source: Path, target: Path) -> None:
        if Path(target).name.startswith("schools"):
            raise PermissionError(13, "Permission denied", str(target))
        move(source, target)

    monkeypatch.setattr("os.replace", locked)
    with pytest.raises(SheetError, match=r"schools_to_mend\.xlsx: Permission denied[\s\S]*close the copies"):
        annotate(check_folder(folder), folder)
    assert marked_path(folder / "schools.csv").read_bytes() == old
    assert marked_path(folder / CENSUS).exists()
    assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []


def test_the_command_says_where_the_copies_are_and_still_answers_no(folder: Path) -> None:
    edit(folder / "schools.csv", lambda text: text.replace("primary", "primry", 1))
    said = rcs("check", folder, "--annotate")
    assert said.returncode == 1
    assert f"{marked_path(folder / 'schools.csv')}: what to mend in schools.csv" in said.stdout
    marked_path(folder / "schools.csv").unlink()
    marked_path(folder / "schools.csv").mkdir()
    said = rcs("check", folder, "--annotate")
    assert said.returncode == 1
    assert "primry" in said.stdout
    assert said.stderr.startswith("SheetError: ")
    assert rcs("check", folder, "--annotate", "--json").stdout.count('"written"') >= 1


def test_very_many_breaches_are_capped_in_the_list_and_comments_never_in_colour(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "workbooks", lambda: Workbooks(1, 5, 8, 3, "x", "y"))
    edit(folder / CENSUS, lambda text: text.replace("female", "femmale").replace("P4,not_known", "P9,not_known", 1))
    book = marked(folder, CENSUS)
    sheet = book.worksheets[1]
    wrong = check_folder(folder).errors
    assert sum(shade(cell) == RED for row in sheet.iter_rows() for cell in row) == len(wrong)
    assert sum(cell.comment is not None for row in sheet.iter_rows() for cell in row) == 5
    lines = listed(book)
    assert len(lines) == 8
    assert "stage" in {line["Column"] for line in lines}, "one kind never takes all the room of another"
    total = sum(g.count for g in check_folder(folder).groups if g.file == CENSUS)
    said = [row[0] for row in book[LIST].iter_rows(max_row=8, values_only=True)]
    assert f"The list shows 8 of {total}; {total - 8} more are not listed. All are coloured." in said


cells = st.one_of(st.text(max_size=12), st.integers(-(2**40), 2**40), st.floats(-1e9, 1e9), st.booleans())


@settings(max_examples=40)
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=4))
def test_whatever_is_in_a_cell_the_copy_opens_and_holds_it(
    rows: list[list[Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "any_to_mend.xlsx"
    write_marked(path, "What to mend", [], [], Copy("Sent", rows))
    back = openpyxl.load_workbook(path)["Sent"]
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            expected = (fitting(value) or None) if isinstance(value, str) else value
            assert back.cell(number, place).value == expected


@pytest.mark.office
def test_libreoffice_opens_the_copy_with_its_colours_comments_and_links(folder: Path, tmp_path: Path) -> None:
    if not have_office():
        return
    column(CENSUS, "SCN", "=1+1")(folder)
    edit(folder / CENSUS, lambda text: text.replace("female", "femmale", 1))
    annotate(check_folder(folder), folder)
    recalculated([marked_path(folder / CENSUS)], tmp_path)
    book = openpyxl.load_workbook(tmp_path / "recalculated" / f"pupil_census{MARKED}")
    line = next(line for line in listed(book) if line["Column"] == "sex")
    assert line["to"].replace("'", "").replace("$", "") in ("pupil_census!D2", "pupil_census.D2")
    assert shade(book["pupil_census"]["D2"]) == RED
    assert "Stops a build" in book["pupil_census"]["D2"].comment.text
    assert book["pupil_census"]["H2"].value == MASK
