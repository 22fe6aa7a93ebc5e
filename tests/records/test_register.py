"""The register from several submissions, and its changes at the desk: order never matters, and undoing gives the file back."""

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.contracts import check_folder
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.inventory import inventory
from rcs_core.contracts.submissions import Sent, merge_submissions
from rcs_core.records import register as desk
from rcs_core.records.register import likely, state, undo
from rcs_core.records.register.check import files_with, look
from tests.tiny_folder import PARTNERSHIP, RESPONSIVE, SCHOOLS, SERVICE, write_services, write_sheet, write_tiny

NHS = SERVICE | {"service_id": "S003", "service_name": "Health visiting", "provider": "The Board", "provider_agency": "nhs_board"}


def submission(folder: Path, agency: str, *rows: dict[str, object]) -> Path:
    """Write what an agency sends: the whole register's columns."""
    path = folder / f"services_{agency}.xlsx"
    write_sheet(path, [list(SERVICE), *[[row[c] for c in SERVICE] for row in rows]])
    return path


def small(folder: Path) -> Path:
    """What the register rests on, of a tiny folder, and nothing of a child."""
    folder.mkdir()
    (folder / "partnership.yaml").write_text(PARTNERSHIP)
    (folder / "schools.csv").write_text(SCHOOLS)
    write_services(folder)
    return folder


def texts(folder: Path, severity: str = "", file: str = "services") -> list[str]:
    found = look(files_with(folder)).findings
    return [f.text() for f in found if f.file.startswith(file) and (not severity or f.severity.value == severity)]


def merged(folder: Path) -> pd.DataFrame:
    return look(files_with(folder)).reading.tables["services"].frame.set_index("service_id")


# ---- submissions


def test_submissions_are_one_register_joined_by_id(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    submission(folder, "nhs_board", NHS, SERVICE | RESPONSIVE)
    report = check_folder(folder)
    assert not report.errors
    assert list(report.tables["services"]["service_id"]) == ["S001", "S002", "S003"]
    told = {r.rule: r.rows for r in report.receipts if r.table == "services"}
    sent = told["sent:services.xlsx"] + told["sent:services_nhs_board.xlsx"]
    assert sent == told["rows_in"] + told["sent_twice"], "rows sent are rows of the register and rows sent twice"
    there = {held.name: held.rows for held in inventory(folder, report).tables}
    assert there["services"] == 2
    assert there["services_nhs_board"] == 2


def test_a_register_of_submissions_alone_is_a_register(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    submission(folder, "third_sector", SERVICE, SERVICE | RESPONSIVE)
    (folder / "services.xlsx").unlink()
    report = check_folder(folder)
    assert not report.errors
    assert len(report.tables["services"]) == 2
    assert "services" not in {m.table for m in inventory(folder, report).missing}


def test_the_provider_s_own_row_is_used_and_every_other_value_is_told(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    submission(folder, "third_sector", SERVICE | {"capacity": 150, "reach": "universal"})
    assert merged(folder).loc["S001", "capacity"] == "150"
    told = texts(folder, "note", "services.xlsx")
    assert any(
        'row 2, column `capacity`: got "130"' in t and "services_third_sector.xlsx, row 2" in t and "150" in t for t in told
    )
    assert any("column `reach`" in t and "It provides the service" in t for t in told)


def test_without_the_provider_the_partnership_s_register_is_used_and_told(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    submission(folder, "nhs_board", SERVICE | {"capacity": 150})
    assert merged(folder).loc["S001", "capacity"] == "130"
    (told,) = [t for t in texts(folder, "note", "services_nhs_board") if "`capacity`" in t]
    assert 'got "150"' in told
    assert "services.xlsx, row 2, for S001: 130" in told
    assert "No provider sent the service" in told


def test_where_nobody_s_word_counts_the_build_stops_and_says_both_values(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    submission(folder, "nhs_board", NHS | {"provider_agency": "hscp"})
    submission(folder, "police_scotland", NHS | {"provider_agency": "hscp", "capacity": 9})
    (told,) = [t for t in texts(folder, "error") if "`capacity`" in t]
    assert "services_police_scotland.xlsx, row 2" in told
    assert "services_nhs_board.xlsx, row 2, for S003: 130" in told
    assert '"9"' in told


def test_two_agencies_that_each_say_they_provide_a_service_stop_the_build(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    submission(folder, "nhs_board", NHS)
    submission(folder, "hscp", NHS | {"provider_agency": "hscp"})
    assert any("`provider_agency`" in t for t in texts(folder, "error"))


def test_a_file_of_no_agency_is_an_error_and_not_left_out_unseen(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    shutil.copyfile(folder / "services.xlsx", folder / "services_nhs_bord.xlsx")
    (told,) = texts(folder, "error")
    assert "did you mean services_nhs_board" in told


def test_each_submission_is_checked_in_its_own_rows(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    submission(folder, "nhs_board", NHS, NHS | {"service_id": "S004", "pct_primary": 90, "reach": "everyone"}, NHS)
    told = texts(folder, "error", "services_nhs_board.xlsx")
    assert any("row 3" in t and "add up to 100" in t for t in told)
    assert any("row 3, column `reach`" in t for t in told)
    assert any("row 4" in t and "also in row 2" in t for t in told)


VALUES = st.sampled_from(["", "1", "2"])
ROWS = st.fixed_dictionaries(
    {
        "service_id": st.sampled_from(["S001", "S002", "S003", ""]),
        "provider_agency": st.sampled_from(["nhs_board", "hscp"]),
        "capacity": VALUES,
    }
)
FILES = st.dictionaries(st.sampled_from(["", "nhs_board", "hscp", "fire"]), st.lists(ROWS, max_size=4), min_size=1)


def sent(files: dict[str, list[dict[str, str]]], order: random.Random) -> list[Sent]:
    """Submissions in any order of files and rows."""
    found = []
    for agency, rows in order.sample(sorted(files.items()), len(files)):
        mixed = order.sample(rows, len(rows))
        frame = pd.DataFrame(mixed, columns=["service_id", "provider_agency", "capacity"]).assign(_row=range(2, len(rows) + 2))
        found.append(Sent(agency, Mended(f"services_{agency}.xlsx", "", frame, [], {}, [])))
    return found


@given(FILES, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_any_order_of_files_and_rows_gives_the_same_register(
    files: dict[str, list[dict[str, str]]], order: random.Random
) -> None:
    columns = ["service_id", "provider_agency", "capacity", "_file"]
    one, said = merge_submissions(sent(files, random.Random(1)))
    other, again = merge_submissions(sent(files, order))
    assert one.frame[columns].to_dict("records") == other.frame[columns].to_dict("records")
    assert sorted((b.severity, b.file, b.column, b.values) for b in said) == sorted(
        (b.severity, b.file, b.column, b.values) for b in again
    )
    ids = [i for i in one.frame["service_id"] if i]
    assert len(ids) == len(set(ids))
    assert set(ids) == {r["service_id"] for rows in files.values() for r in rows} - {""}


# ---- likely pairs, and decisions


def row(sid: str, name: str, **more: str) -> dict[str, str]:
    return {"service_id": sid, "service_name": name, "funder_agency": "hscp", **more}


def test_likely_pairs_come_with_their_reasons_and_nothing_is_joined() -> None:
    same = {"provider": "Isla Trust Ltd", "parent_group": "Family", "contract_end": "2027-03-31", "children_served": "40"}
    rows = [
        row("S001", "Family Link", **same), row("S002", "The Family Link Service", provider="Isla Trust"),
        row("S003", "Befriending", **same | {"provider": "Isla Trust"}), row("S004", "Befreinding"), row("S005", "Youth cafe"),
        row("S006", "Kinship advice", **same | {"contract_end": "2028-03-31"}),
    ]  # fmt: skip
    found = {(p.one, p.other): p.reasons for p in likely(rows)}
    assert found == {
        ("S001", "S003"): ("the same provider and group", "the same end of contract and children served"),
        ("S001", "S002"): ("the same name but for common words",),
    }
    assert likely(rows) == likely(rows[::-1])


def test_a_name_misspelt_in_one_of_two_words_is_offered() -> None:
    (pair,) = likely([row("S001", "Befriending Strathmere"), row("S002", "Befreinding Strathmere")])
    assert pair.reasons == ("nearly the same name",)


def test_a_decision_is_remembered_and_joins_or_parts(tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    submission(folder, "nhs_board", NHS | {"service_id": "S040", "service_name": "Family link service"})
    desk.decide(folder, "S001", "S040", "different", "Leads", "two contracts", "2026-04-01")
    found = state(folder)
    assert ("S001", "S040") not in {(p.one, p.other) for p in found.likely}
    assert found.services == 3
    entry = desk.decide(folder, "S040", "S001", "same", "Leads", "one contract after all", "2026-05-01")
    assert entry.by == "Leads"
    assert set(merged(folder).index) == {"S001", "S002"}
    assert (folder / "same_services.csv").read_text().count("\n") == 2, "decided anew, not twice"
    undo(folder, "same_services.csv", "Leads")
    assert "different" in (folder / "same_services.csv").read_text()
    undo(folder, "same_services.csv", "Leads")
    assert not (folder / "same_services.csv").exists()


def test_an_id_that_was_decided_to_be_another_is_read_so_in_every_table(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    submission(folder, "nhs_board", NHS | {"service_id": "S040"}, NHS | {"service_id": "S041"})
    with (folder / "ledger_map.csv").open("a") as lines:
        lines.write("ledger_council,E300,S041,council_education,100,,existing,yes,revenue\n")
    decisions = (
        "service_id,same_as,decision,decided_by,decided_on,why\nS041,S040,same,A,2026-04-01,\nS040,S001,same,A,2026-04-01,\n"
    )
    (folder / "same_services.csv").write_text(decisions)
    report = check_folder(folder)
    assert not report.errors
    mapped = report.tables["ledger_map"]
    assert list(mapped.loc[mapped["cost_centre"] == "E300", "service_id"]) == ["S001"], "by way of S040"
    assert set(report.tables["services"]["service_id"]) == {"S001", "S002"}
    assert any(r.table == "ledger_map" and r.rule == "same_service:service_id" and r.rows == 1 for r in report.receipts)


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ("S001,S002,same\nS002,S001,same", "lead back to themselves"),
        ("S001,S002,same\nS002,S001,different", "decided both ways"),
        ("S001,S099,same", "an id of the register"),
        ("S001,S002,same\nS001,S003,same", "one id that a service is read as"),
    ],
)
def test_decisions_that_contradict_themselves_stop_the_build(tmp_path: Path, rows: str, word: str) -> None:
    folder = write_tiny(tmp_path / "in")
    submission(folder, "nhs_board", NHS)
    lines = [f"{line},A,2026-04-01," for line in rows.splitlines()]
    (folder / "same_services.csv").write_text("\n".join(["service_id,same_as,decision,decided_by,decided_on,why", *lines]) + "\n")
    assert any(word in t for t in texts(folder, "error", "same_services"))
