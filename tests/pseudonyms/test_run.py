"""A run writes only pseudonyms, or nothing: every breach is told at once, no value is ever shown, all files or none."""

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcs_core.contracts import MASK, waves
from rcs_core.pseudonyms import (
    KeyFileError,
    Outcome,
    PseudonymError,
    Wish,
    WishError,
    canonical,
    form_of,
    places,
    pseudonym,
    pseudonymise,
    told,
)
from rcs_core.pseudonyms.keys import new_key, read_key
from rcs_core.pseudonyms.said import ranges
from tests.pseudonyms.people import HEADER, register, rows, scn
from tests.tiny_folder import edit, write_lines, write_sheet

WISH = Wish(("Candidate Number",))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key file in a folder of its own."""
    (tmp_path / "keys").mkdir()
    new_key(tmp_path / "keys" / "k")
    return tmp_path / "keys" / "k"


def read(path: Path) -> list[dict[str, str]]:
    """A csv file's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(tmp_path: Path, key: Path, wish: Wish = WISH) -> Outcome:
    """One run over the folder `in`."""
    return pseudonymise(tmp_path / "in", tmp_path / "out", key, wish)


def everything(folder: Path) -> Iterator[str]:
    """The text of every file below a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")


def test_the_identifier_gives_way_to_the_pseudonym_and_the_rest_stays_row_by_row(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "pupil_census.csv", 20)
    outcome = run(tmp_path, key)
    made = read(tmp_path / "out" / "pupil_census.csv")
    secret = read_key(key)
    assert outcome.breaches == []
    assert list(made[0]) == ["pupil_id", "School", "stage", "sex"]
    expected = {pseudonym(row[0], "scn", secret): row[2:] for row in rows(20)}
    assert {row["pupil_id"]: [row["School"], row["stage"], row["sex"]] for row in made} == expected
    assert len(made) == 20


def test_the_order_of_the_rows_tells_nothing_and_rows_of_one_child_keep_theirs(tmp_path: Path, key: Path) -> None:
    twice = [[*row[:3], stage, "female"] for stage in ("P7", "P5", "P6") for row in rows(10)]
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / "a.csv", [HEADER, *twice])
    run(tmp_path, key)
    made = read(tmp_path / "out" / "a.csv")
    ids = [row["pupil_id"] for row in made]
    assert ids == sorted(ids)
    assert [row["stage"] for row in made] == ["P7", "P5", "P6"] * 10


def test_one_child_has_one_pseudonym_over_files_headers_and_forms(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "roll.csv", 5)
    sheet = [["SCN", "attendance"], *[[int(scn(n)), 90 + n] for n in range(5)]]
    write_sheet(tmp_path / "in" / "attendance.xlsx", sheet)
    outcome = run(tmp_path, key, Wish(("Candidate Number", "scn")))
    one, other = ({row["pupil_id"] for row in read(tmp_path / "out" / name)} for name in ("roll.csv", "attendance.csv"))
    assert one == other
    assert outcome.receipt is not None
    assert outcome.receipt.pupils == 5


def test_a_later_year_links_with_the_same_key_and_not_with_a_new_one(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "roll.csv", 8)
    new_key(tmp_path / "keys" / "later")
    ids = []
    for number, name in enumerate(("k", "k", "later")):
        out = tmp_path / f"out{number}"
        pseudonymise(tmp_path / "in", out, key.parent / name, WISH)
        ids.append({row["pupil_id"] for row in read(out / "roll.csv")})
    assert ids[0] == ids[1]
    assert ids[0].isdisjoint(ids[2])


def test_columns_that_name_a_child_go_and_the_receipt_says_which_and_why(tmp_path: Path, key: Path) -> None:
    header = [*HEADER, "Surname", "Date of Birth", "Home Postcode", "CHI", "Parent e-mail", "House"]
    (tmp_path / "in").mkdir()
    lines = [[*row, "Campbell", "2014-05-03", "EH1 1AA", "0305141236", "a@b.org", "Red"] for row in rows(3)]
    write_lines(tmp_path / "in" / "a.csv", [header, *lines])
    outcome = run(tmp_path, key, Wish(WISH.ids, drop=("House",)))
    assert outcome.receipt is not None
    dropped = {gone.column: gone.why for gone in outcome.receipt.files[0].dropped}
    assert set(dropped) == {"Forename", "Surname", "Date of Birth", "Home Postcode", "CHI", "Parent e-mail", "House"}
    assert dropped["House"] == "named with --drop"
    assert "a date of birth" in dropped["Date of Birth"]
    assert list(read(tmp_path / "out" / "a.csv")[0]) == ["pupil_id", "School", "stage", "sex"]


def test_nothing_of_a_child_or_of_the_key_is_in_anything_that_is_written_or_said(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv", 30)
    outcome = run(tmp_path, key)
    assert outcome.receipt is not None
    said = "".join(everything(tmp_path / "out")) + outcome.receipt.text() + repr(outcome)
    secrets = [scn(n) for n in range(30)] + ["Isla", read_key(key).secret.hex()[:12], str(tmp_path)]
    assert [s for s in secrets if s in said.replace(repr(outcome), "")] == []
    assert read_key(key).secret.hex() not in repr(outcome)


def test_the_receipt_adds_up_and_fits_what_was_written(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv", 7)
    edit(
        tmp_path / "in" / "a.csv",
        lambda t: t + f"'{scn(0)[:3]} {scn(0)[3:]},Isla,9900101,P5,female\n{'123456788'},Isla,9900101,P5,male\n",
    )
    (tmp_path / "in" / "schools.csv").write_text("school_code,school_name\n9900101,Isla Primary\n", encoding="utf-8")
    (tmp_path / "in" / "read me.docx").write_text("x", encoding="utf-8")
    (tmp_path / "in" / "old").mkdir()
    run(tmp_path, key)
    receipt = json.loads((tmp_path / "out" / "pseudonyms_receipt.json").read_text(encoding="utf-8"))
    [file] = receipt["files"]
    assert (file["rows_in"], file["rows_out"], file["pupils"], receipt["pupils"]) == (9, 9, 8, 8)
    assert (file["spelt_differently"], file["wrong_check_digit"]) == (1, 1)
    assert file["sha256"] == hashlib.sha256((tmp_path / "out" / "a.csv").read_bytes()).hexdigest()
    assert {left["column"] for left in receipt["left_alone"]} == {"schools.csv", "1 files", "1 folders inside"}
    assert not (tmp_path / "out" / "schools.csv").exists()
    text = (tmp_path / "out" / "pseudonyms_receipt.txt").read_text(encoding="utf-8")
    assert receipt["key_fingerprint"] in text
    assert "wrong check digit" in text


def test_a_second_run_into_the_same_folder_keeps_the_first_receipt_and_overwrites_nothing(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv")
    register(tmp_path / "in2" / "b.csv")
    run(tmp_path, key)
    pseudonymise(tmp_path / "in2", tmp_path / "out", key, WISH)
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"a.csv", "b.csv", "pseudonyms_receipt.json", "pseudonyms_receipt_2.json"} <= names
    before = (tmp_path / "out" / "a.csv").read_bytes()
    with pytest.raises(WishError, match=r"there already.*\n?.*a\.csv"):
        run(tmp_path, key)
    assert (tmp_path / "out" / "a.csv").read_bytes() == before


def test_every_row_that_cannot_be_read_is_listed_masked_over_all_files_and_nothing_is_written(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv", 9)
    edit(tmp_path / "in" / "a.csv", lambda t: t.replace(scn(1), "").replace(scn(2), "").replace(scn(5), "S12X"))
    register(tmp_path / "in" / "b.csv", 3)
    edit(tmp_path / "in" / "b.csv", lambda t: t.replace(",P6,", ',"see 0305141236 Isla",'))
    register(tmp_path / "in" / "c.csv", 3)
    outcome = run(tmp_path, key)
    said = told(outcome.breaches)
    assert {(b.file, b.code, tuple(b.rows)) for b in outcome.breaches} == {
        ("a.csv", "blank", (3, 4)),
        ("a.csv", "malformed", (7,)),
        ("b.csv", "identifier", (3,)),
    }
    assert "a.csv, column `Candidate Number`, 2 rows: 3-4: got (blank)" in said
    assert f"row 7: got {MASK}" in said
    assert '--drop "stage"' in said
    assert [s for s in ("S12X", "0305141236", "Isla", scn(0)) if s in said] == []
    assert outcome.written == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("hidden", [scn(3), f"twin of {scn(3)}", f"'{scn(3)[:4]} {scn(3)[4:]}", f"{int(scn(3))}.0"])
def test_an_identifier_that_stands_in_another_column_too_is_found(tmp_path: Path, key: Path, hidden: str) -> None:
    register(tmp_path / "in" / "a.csv", 5)
    edit(tmp_path / "in" / "a.csv", lambda t: t.replace(",P6,", f",{hidden},", 1))
    assert [(b.code, b.column, list(b.rows)) for b in run(tmp_path, key).breaches] == [("identifier", "stage", [3])]


def test_a_local_identifier_is_looked_for_in_other_columns_and_a_school_code_like_it_is_not_in_the_way(
    tmp_path: Path, key: Path
) -> None:
    (tmp_path / "in").mkdir()
    lines = [["ref", "school_code", "group"], ["9900101", "9900101", "red"], ["AB-7788", "9900102", "ab-7788"]]
    write_lines(tmp_path / "in" / "pupil_census.csv", lines)
    outcome = run(tmp_path, key, Wish(("ref",), form="other"))
    assert [(b.column, list(b.rows)) for b in outcome.breaches] == [("group", [3])]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ([*HEADER, "candidate_number"], "two_identifiers"),
        ([*HEADER, "pupil_id"], "two_pupil_ids"),
        ([*HEADER, ""], "headless"),
        ([*HEADER, "EH1 1AA"], "headless"),
        ([*HEADER, "Isla Campbell"], "headless"),
        ([*HEADER, "254039586"], "headless"),
    ],
)
def test_a_header_that_cannot_be_decided_is_an_error(tmp_path: Path, key: Path, header: list[str], code: str) -> None:
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / "a.csv", [header, *[[*row, scn(0)] for row in rows(2)]])
    outcome = run(tmp_path, key)
    assert [b.code for b in outcome.breaches] == [code]
    assert [s for s in ("EH1", "Campbell", "254039586") if s in told(outcome.breaches)] == []


def test_a_number_of_a_person_that_nobody_named_is_never_left_beside_the_pseudonymous_files(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv", 2)
    register(tmp_path / "in" / "b.csv", 2, ["SCN", *HEADER[1:]])
    outcome = run(tmp_path, key)
    assert [(b.file, b.code) for b in outcome.breaches] == [("b.csv", "unnamed")]
    assert '--id "SCN"' in told(outcome.breaches)


def test_keep_overrules_a_header_but_never_a_value(tmp_path: Path, key: Path) -> None:
    (tmp_path / "in").mkdir()
    header = ["Candidate Number", "Name", "DOB"]
    write_lines(tmp_path / "in" / "a.csv", [header, [scn(1), "Red class", "x"], [scn(2), "Blue class", "x"]])
    assert run(tmp_path, key, Wish(WISH.ids, keep=("Name",))).breaches == []
    assert list(read(tmp_path / "out" / "a.csv")[0]) == ["pupil_id", "Name"]
    refused = pseudonymise(tmp_path / "in", tmp_path / "o2", key, Wish(WISH.ids, keep=("Name", "DOB")))
    assert [b.code for b in refused.breaches] == ["keep"]
    edit(tmp_path / "in" / "a.csv", lambda t: t.replace("Blue class", "Isla Campbell"))
    refused = pseudonymise(tmp_path / "in", tmp_path / "o3", key, Wish(WISH.ids, keep=("Name",)))
    assert [(b.code, list(b.rows)) for b in refused.breaches] == [("identifier", [3])]


def test_a_slip_in_a_column_name_is_an_error_since_a_column_would_stay_in(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv", 2)
    outcome = run(tmp_path, key, Wish((*WISH.ids, "SCN"), drop=("Hous",), keep=("Nme",)))
    assert {b.column for b in outcome.breaches} == {"SCN", "Hous", "Nme"}
    with pytest.raises(WishError, match="no file has the identifier column"):
        pseudonymise(register(tmp_path / "in3" / "a.csv", 2, ["Ref", *HEADER[1:]]), tmp_path / "out", key, Wish(("Reff",)))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(()), "no identifier column was named"),
        (Wish(("SCN",), drop=("scn",)), "both --id and --drop"),
        (Wish(("SCN",), drop=("a",), keep=("A",)), "both --drop and --keep"),
        (Wish(("SCN",), header_row=0), "no such row"),
        (Wish(("123456782",), drop=("123456782",)), r"identifier itself.*\[masked\]"),
        (Wish(("SCN",), drop=("Isla Campbell",)), r"identifier itself.*\[masked\]"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(tmp_path: Path, key: Path, wish: Wish, words: str) -> None:
    with pytest.raises(WishError, match=words):
        run(tmp_path, key, wish)
    assert not (tmp_path / "out").exists()


def test_identifiers_and_pseudonyms_never_lie_together(tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = register(tmp_path / "in" / "a.csv", 2)
    for out in (tmp_path / "in", tmp_path / "in" / "deep", tmp_path):
        with pytest.raises(WishError, match="may not lie together"):
            pseudonymise(tmp_path / "in", out, key, WISH)
    with pytest.raises(WishError, match="may not lie together"):
        pseudonymise(source, tmp_path / "in", key, WISH)
    assert pseudonymise(source, tmp_path / "in" / "made", key, WISH).breaches == []
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    with pytest.raises(WishError, match="workspace"):
        pseudonymise(source, tmp_path / "x", key, WISH)


def test_a_key_beside_the_input_or_the_output_is_refused(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "a.csv", 2)
    new_key(tmp_path / "in" / "k")
    with pytest.raises(KeyFileError, match="input folder"):
        run(tmp_path, tmp_path / "in" / "k")
    with pytest.raises(KeyFileError, match="input folder"):
        pseudonymise(tmp_path / "in" / "a.csv", tmp_path / "out", tmp_path / "in" / "k", WISH)
    with pytest.raises(KeyFileError, match="output folder"):
        pseudonymise(tmp_path / "in", key.parent, key, WISH)


def test_two_children_under_one_pseudonym_are_refused_over_all_files(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rcs_core.pseudonyms import table

    monkeypatch.setattr(table, "pseudonym", lambda whole, *_: "p" + whole[:1] * 12)
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / "a.csv", [["Candidate Number"], ["123456789"], ["234567890"]])
    write_lines(tmp_path / "in" / "b.csv", [["Candidate Number"], ["199999999"]])
    write_lines(tmp_path / "in" / "c.csv", [["Candidate Number"], ["311111111"], ["322222222"]])
    assert [(b.file, b.code) for b in run(tmp_path, key).breaches] == [("b.csv", "collision"), ("c.csv", "collision")]


def test_a_disk_that_fails_half_way_leaves_nothing_behind(tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register(tmp_path / "in" / "a.csv", 2)
    register(tmp_path / "in" / "b.csv", 2)
    move = os.replace

    def failing(source: Path, target: Path) -> None:
        if Path(target).name == "b.csv":
            raise OSError(28, "No space left on device", "b.csv")
        move(source, target)

    monkeypatch.setattr(places.os, "replace", failing)
    with pytest.raises(OSError, match="No space"):
        run(tmp_path, key)
    assert not (tmp_path / "out").exists()


def test_earlier_waves_in_their_folders_are_made_in_the_same_run_and_link(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waves.START == places.WAVE
    register(tmp_path / "in" / "pupil_census.csv", 5)
    register(tmp_path / "in" / "wave_2023" / "pupil_census.csv", 3)
    register(tmp_path / "in" / "old" / "pupil_census.csv", 3)
    outcome = run(tmp_path, key)
    assert outcome.receipt is not None
    made = {file.written: {row["pupil_id"] for row in read(tmp_path / "out" / file.written)} for file in outcome.receipt.files}
    assert made["wave_2023/pupil_census.csv"] < made["pupil_census.csv"]
    assert {left.column for left in outcome.receipt.left_alone} == {"1 folders inside"}
    edit(tmp_path / "in" / "wave_2023" / "pupil_census.csv", lambda t: t.replace(scn(1), "x"))
    refused = pseudonymise(tmp_path / "in", tmp_path / "o2", key, WISH)
    assert [(b.file, list(b.rows)) for b in refused.breaches] == [("wave_2023/pupil_census.csv", [3])]
    move = os.replace

    def failing(source: Path, target: Path) -> None:
        if "wave_2023" in str(target):
            raise OSError(28, "No space left on device", "x")
        move(source, target)

    monkeypatch.setattr(places.os, "replace", failing)
    edit(tmp_path / "in" / "wave_2023" / "pupil_census.csv", lambda t: t.replace("\nx,", f"\n{scn(1)},"))
    with pytest.raises(OSError, match="No space"):
        pseudonymise(tmp_path / "in", tmp_path / "o3", key, WISH)
    assert not (tmp_path / "o3").exists()


def test_a_file_whose_name_names_a_child_is_refused_without_saying_the_name(tmp_path: Path, key: Path) -> None:
    register(tmp_path / "in" / "Isla_Campbell.csv", 2)
    outcome = run(tmp_path, key)
    assert [b.code for b in outcome.breaches] == ["file_name"]
    assert "Isla" not in told(outcome.breaches)


def test_headers_lower_down_and_a_named_sheet_are_read_and_other_sheets_are_told(tmp_path: Path, key: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Isla Campbell"
    sheet = book.create_sheet("Roll")
    for row in ([["Roll 2025"], [], ["Candidate Number", "stage"]], [[int(scn(n)), "P5"] for n in range(3)]):
        for line in row:
            sheet.append(line)
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "a.xlsx")
    assert run(tmp_path, key, Wish(WISH.ids, header_row=3, sheet="Roll")).breaches == []
    assert len(read(tmp_path / "out" / "a.csv")) == 3
    refused = pseudonymise(tmp_path / "in", tmp_path / "o2", key, Wish(WISH.ids, sheet="Rol"))
    assert "Isla" not in told(refused.breaches)
    assert refused.breaches[0].file == "a.xlsx"
    write_sheet(tmp_path / "one.xlsx", [["Candidate Number"], [int(scn(1))]])
    assert pseudonymise(tmp_path / "one.xlsx", tmp_path / "o4", key, WISH).breaches == []


def test_a_workbook_of_several_sheets_says_that_only_one_was_read(tmp_path: Path, key: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Candidate Number"])
    book.active.append([scn(1)])
    book.create_sheet("P6").append(["Candidate Number"])
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "a.xlsx")
    outcome = run(tmp_path, key)
    assert outcome.receipt is not None
    assert "only the first of 2 sheets" in outcome.receipt.text()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x00\x01", b'Candidate Number\n"never closed', b"Candidate Number\n1,2,3\n"]
)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_written(tmp_path: Path, key: Path, content: bytes) -> None:
    register(tmp_path / "in" / "a.csv", 2)
    (tmp_path / "in" / "b.csv").write_bytes(content)
    outcome = run(tmp_path, key)
    assert {b.file for b in outcome.breaches} == {"b.csv"}
    assert not (tmp_path / "out").exists()


def test_nothing_to_read_is_refused(tmp_path: Path, key: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(PseudonymError, match="no file has"):
        run(tmp_path, key)


def test_row_numbers_are_said_in_ranges() -> None:
    assert ranges([5, 2, 3, 4, 9, 11, 12]) == "2-5, 9, 11-12"
    assert ranges([7]) == "7"


def test_the_spelling_of_a_number_in_a_test_is_that_of_the_method() -> None:
    assert all(canonical(scn(n), form_of("scn")) == scn(n) for n in range(50))


WORDS = st.sampled_from(
    ["red", "Isla Campbell", "EH1 1AA", "2014-05-03", "9900101", "see", "P5", "", "yes", "x" * 300, "\u00a0", '"', "a,b", "=1+1"]
)
CELLS = st.one_of(WORDS, st.integers(0, 9).map(scn), st.integers(0, 9).map(lambda n: f"twin {scn(n)}."), st.text(max_size=12))
TABLES = st.lists(st.tuples(st.integers(0, 9).map(scn), CELLS, CELLS), min_size=1, max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES)
def test_whatever_the_cells_hold_what_is_written_names_nobody_or_nothing_is_written(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str, str]]
) -> None:
    there = tmp_path_factory.mktemp("any")
    new_key(there / "k")
    (there / "in").mkdir()
    with (there / "in" / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["SCN", "one", "two"], *table])
    outcome = pseudonymise(there / "in", there / "out", there / "k", Wish(("SCN",)))
    said = told(outcome.breaches) + "".join(everything(there / "out"))
    assert [s for s in {*(row[0] for row in table), "Campbell", "EH1 1AA", "2014-05-03"} if s in said] == []
    assert (there / "out").exists() is (outcome.breaches == [])
    if outcome.receipt is not None:
        [file_receipt] = outcome.receipt.files
        assert file_receipt.rows_in == file_receipt.rows_out == len(read(there / "out" / "a.csv")) == len(table)
