"""Changes of the register at the desk: checked before they are written, kept with their history, and undone byte for byte."""

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import UnreadableError
from rcs_core.records import register as desk
from rcs_core.records.register import RegisterError, propose, state, undo, write
from rcs_core.records.register.files import register_files, the_file
from rcs_core.records.register.propose import draft
from tests.records.test_register import NHS, merged, small
from tests.tiny_folder import RESPONSIVE, SERVICE, edit, write_sheet, write_tiny


def rows_of(folder: Path, name: str = "services.xlsx") -> list[dict[str, str]]:
    return [dict(r) for f in register_files(folder) if f.name == name for r in f.rows]


def test_a_change_is_written_with_its_history_and_the_earlier_version_is_kept(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    before = (folder / "services.xlsx").read_bytes()
    rows = rows_of(folder)
    rows[0] |= {"capacity": "145", "areas": "C01; C02", "tagged_on": "2026-05-02"}
    entry = write(folder, propose(folder, "services.xlsx", rows), "A. Planner", "count of places")
    assert {(c.row, c.column, c.before, c.after) for c in entry.changes} == {
        ("S001", "capacity", "130", "145"), ("S001", "areas", "", "C01; C02"), ("S001", "tagged_on", "2026-04-01", "2026-05-02"),
    }  # fmt: skip
    assert merged(folder).loc["S001", ["capacity", "areas"]].tolist() == ["145", "C01; C02"]
    assert (folder / "register_history" / entry.kept).read_bytes() == before
    (line,) = (folder / "register_history" / "history.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["by"], told["why"], told["file"]) == ("A. Planner", "count of places", "services.xlsx")
    assert told["at"]


def test_every_breach_is_told_at_once_and_the_last_good_file_stays(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    before = (folder / "services.xlsx").read_bytes()
    rows = rows_of(folder)
    rows[0] |= {"reach": "everyone", "pct_primary": "90", "contract_end": "31 March"}
    rows = [*rows, {"service_id": "S001", "service_name": "Twice"}]
    found = propose(folder, "services.xlsx", rows)
    said = " ".join(f.text() for f in found.stops)
    assert "one of: universal, selective, indicated" in said
    assert "add up to 100" in said
    assert "yyyy-mm-dd" in said
    assert "also in row 2" in said
    assert "a filled cell" in said
    with pytest.raises(RegisterError, match="stop the change"):
        write(folder, found, "A", "")
    assert (folder / "services.xlsx").read_bytes() == before
    assert not (folder / "register_history").exists()


def test_a_service_that_other_tables_name_is_not_taken_out_unseen(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    found = propose(folder, "services.xlsx", rows_of(folder)[:1])
    assert {f.file for f in found.stops} == {"ledger_map.csv", "evidence_of_effect.csv", "demand_history.csv"}
    assert all(f.value == "S002" for f in found.stops)


def test_an_upload_changes_the_rows_it_has_and_leaves_the_others_when_asked(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    sent_rows = [
        {"service_id": "S002", **{k: str(v) for k, v in (SERVICE | RESPONSIVE).items() if k != "service_id"}, "capacity": "9"}
    ]
    changes = propose(folder, "services.xlsx", sent_rows, keep_others=True).changes
    assert [(c.row, c.column, c.after) for c in changes] == [("S002", "capacity", "9")]
    assert {c.kind for c in propose(folder, "services.xlsx", sent_rows).changes} == {"changed", "removed"}


def test_a_new_submission_is_the_template_filled_in(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    found = propose(folder, "services_nhs_board.xlsx", [{k: str(v) for k, v in NHS.items()}])
    assert not found.stops
    write(folder, found, "NHS planner", "", desk.UPLOAD)
    assert "S003" in merged(folder).index
    assert openpyxl.load_workbook(folder / "services_nhs_board.xlsx")["Read me"]
    undo(folder, "services_nhs_board.xlsx", "NHS planner")
    assert not (folder / "services_nhs_board.xlsx").exists()


def test_other_sheets_columns_and_forms_stay_and_a_formula_keeps_its_value(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    path = folder / "services.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(1, len(SERVICE) + 1, "our_note")
    book.worksheets[0].cell(2, len(SERVICE) + 1, "ring first")
    book.create_sheet("Minutes")["A1"] = "agreed"
    book.save(path)
    rows = rows_of(folder)
    rows[0]["areas"] = "C01"
    write(folder, propose(folder, "services.xlsx", rows), "A", "")
    after = openpyxl.load_workbook(path)
    assert after["Minutes"]["A1"].value == "agreed"
    assert after.worksheets[0].cell(2, len(SERVICE) + 1).value == "ring first"
    assert after.worksheets[0].cell(1, len(SERVICE) + 2).value == "areas"
    assert rows_of(folder)[0]["areas"] == "C01"


def test_what_changed_elsewhere_is_not_written_over_and_not_undone(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    rows = rows_of(folder)
    rows[0]["capacity"] = "140"
    found = propose(folder, "services.xlsx", rows)
    write(folder, found, "A", "")
    with pytest.raises(RegisterError, match="changed elsewhere"):
        write(folder, found, "B", "")
    write_sheet(folder / "services.xlsx", [list(SERVICE), list(SERVICE.values())])
    with pytest.raises(RegisterError, match="changed elsewhere"):
        undo(folder, "services.xlsx", "A")


def test_a_change_needs_a_name_and_a_file_of_the_register(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    rows = rows_of(folder)
    rows[0]["capacity"] = "140"
    with pytest.raises(RegisterError, match="needs a name"):
        write(folder, propose(folder, "services.xlsx", rows), " ", "")
    for name in ("pupil_census.csv", "../services.xlsx", "services_nobody.xlsx", "services.txt"):
        with pytest.raises(RegisterError, match="no file of the register"):
            propose(folder, name, rows)
    with pytest.raises(RegisterError, match="another file"):
        propose(folder, "services.csv", rows)
    with pytest.raises(RegisterError, match="nothing to undo"):
        undo(folder, "services.xlsx", "A")


def test_a_damaged_history_is_told_and_nothing_is_written_over_it(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    rows = rows_of(folder)
    rows[0]["capacity"] = "140"
    write(folder, propose(folder, "services.xlsx", rows), "A", "")
    edit(folder / "register_history" / "history.jsonl", lambda text: text[:-20])
    with pytest.raises(UnreadableError, match="history of the register is damaged"):
        state(folder)


CSV = 'service_id;service_name;parent_group;capacity;our note\r\nS001;Family Link;Family;130;"a; b"\r\nS002;Sitters;Family;;\r\n'
STEPS = st.lists(
    st.tuples(st.sampled_from(["change", "add", "take"]), st.integers(0, 3), st.sampled_from(["", "7", "x; y", "é"])), max_size=5
)


@given(STEPS, st.booleans())
@settings(max_examples=5)
def test_undoing_every_change_gives_the_file_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, int, str]], workbook: bool
) -> None:
    folder = tmp_path_factory.mktemp("in")
    name = "services.xlsx" if workbook else "services.csv"
    if workbook:
        write_sheet(
            folder / name, [["service_id", "service_name", "capacity"], ["S001", "Family Link", 130], ["S002", "Sitters", 1.5]]
        )
    else:
        (folder / name).write_bytes(CSV.encode())
    versions = [(folder / name).read_bytes()]
    for k, (kind, at, value) in enumerate(steps):
        rows = rows_of(folder, name)
        if kind == "change" and rows:
            rows[at % len(rows)]["service_name"] = value
        elif kind == "add":
            rows = [*rows, {"service_id": f"S1{k:02d}", "parent_group": value, "capacity": "12"}]
        elif rows:
            rows.pop(at % len(rows))
        # The law is of writing: what the contract says of these thin rows is another test.
        found = draft(the_file(folder, name), rows)
        if not found.changes:
            continue
        write(folder, found, "A", "")
        wanted = sorted((r["service_id"], r.get("service_name", ""), r.get("capacity", "")) for r in rows)
        there = sorted((r["service_id"], r.get("service_name", ""), r.get("capacity", "")) for r in rows_of(folder, name))
        assert there == wanted
        versions.append((folder / name).read_bytes())
    for version in reversed(versions[:-1]):
        undo(folder, name, "A")
        assert (folder / name).read_bytes() == version
    with pytest.raises(RegisterError, match="nothing to undo"):
        undo(folder, name, "A")
