"""A ledger never seen gets a suggestion with its reasons; nothing is written until a person accepts it; then it is remembered."""

from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.contracts.ledger_entry import entries, write_entry
from rcs_core.contracts.ledger_layout import suggest
from rcs_core.contracts.ledger_preview import preview
from rcs_core.errors import ContractError, UnreadableError
from rcs_core.records.ledgers.layouts import remember_layout, remembered_layout
from rcs_core.records.tagging import desk
from tests.records.ledger_case import HEADERS, book, described, text
from tests.tiny_folder import write_tiny

LINES = [["E1", "Nurses", 10.5], ["E2", "Rent", -2], ["", "Total", 8.5]]


def test_headers_are_found_below_titles_with_unit_year_and_sub_totals(tmp_path: Path) -> None:
    rows = [["Board return"], ["April 2025 - March 2026"], [], ["CC Code", "Detail", "Outturn £000"], *LINES]
    found = suggest(book(tmp_path / "l.xlsx", rows))
    assert (found.header_row, found.amount_unit, found.financial_year) == (4, "gbp_thousand", "2025-26")
    assert found.columns == {"cost_centre": "CC Code", "description": "Detail", "amount": "Outturn £000"}
    assert found.subtotal_words == ("total",)
    assert found.undecided == ("the control total, and where it was read",)


@pytest.mark.parametrize(
    "headers",
    [["2024/25", "2025/26"], ["Budget 2025/26", "Actual 2025/26"], ["Actual", "Budget"]],
)
def test_between_several_columns_of_amounts_a_person_has_to_say(tmp_path: Path, headers: list[str]) -> None:
    rows = [["Cost Centre", "Narrative", *headers], ["E1", "x", 1, 2], ["E2", "y", 3, 4]]
    found = suggest(book(tmp_path / "l.xlsx", rows))
    assert found.columns["amount"] == ""
    (asked,) = [line for line in found.undecided if "columns holds the amounts" in line]
    assert all(header in asked for header in headers)


def test_codes_that_are_numbers_are_not_taken_for_amounts(tmp_path: Path) -> None:
    rows = [["Cost code", "Year", "Name", "Net"], [10001, 2025, "x", "1,000.50"], [10002, 2025, "y", "(3)"]]
    assert suggest(book(tmp_path / "l.xlsx", rows)).columns == {
        "cost_centre": "Cost code",
        "description": "Name",
        "amount": "Net",
    }


def test_a_csv_with_semicolons_and_a_sheet_behind_a_cover_are_read_and_a_hidden_sheet_is_not(tmp_path: Path) -> None:
    assert suggest(text(tmp_path / "l.csv", [HEADERS, ["E1", "a, b", "1,000.50"]], ";")).columns["amount"] == "Actual"

    def behind(sheet: Worksheet) -> None:
        sheet.append(["Contents"])
        for name, state in (("Old", "hidden"), ("M12", "visible")):
            other = sheet.parent.create_sheet(name)
            other.sheet_state = state
            for row in [HEADERS, ["E1", "x", 1]]:
                other.append(row)

    found = suggest(book(tmp_path / "l.xlsx", [], behind))
    assert (found.sheet, found.header_row) == ("M12", 1)


def test_a_sheet_without_headers_over_amounts_is_refused_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no row looks like headers over amounts"):
        suggest(book(tmp_path / "l.xlsx", [["Dear colleague"], ["the ledger follows"]]))


def test_a_preview_shows_the_sum_beside_the_control_total_and_masks_descriptions(tmp_path: Path) -> None:
    path = text(tmp_path / "l.csv", [HEADERS, *LINES])
    found = preview(path, described("8.51"), set(), 2025)
    assert (found.lines, found.pence, found.difference) == (2, 850, -1)
    assert [(r.kind, r.description) for r in found.rows] == [("", "[masked]"), ("", "[masked]"), ("subtotal", "[masked]")]
    assert found.left_out[0].amount == "GBP 8.50, the sum of rows 2 to 3"
    assert "Nurses" not in str(found.to_dict())
    assert preview(path, described("8.51"), set(), 2025, reveal=True).rows[0].description == "Nurses"


NOTED = "# of the board\nledger_nhs:\n  a: 1  # kept\n\n# of the council\nledger_council: {b: 2}\n"


def test_an_entry_takes_the_place_of_its_own_and_leaves_every_other_line_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "ledger_columns.yaml").write_text(NOTED)
    write_entry(tmp_path, "ledger_council", described("8.50"))
    made = (tmp_path / "ledger_columns.yaml").read_text()
    assert made.startswith(NOTED.split("ledger_council", maxsplit=1)[0])
    assert entries(tmp_path)["ledger_council"] == described("8.50")
    assert entries(tmp_path)["ledger_nhs"] == {"a": 1}
    write_entry(tmp_path, "ledger_police", described("1.00"))
    assert list(entries(tmp_path)) == ["ledger_nhs", "ledger_council", "ledger_police"]
    assert [p.name for p in tmp_path.iterdir()] == ["ledger_columns.yaml"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"financial_year": "2025/26"}, "2025-26"),
        ({"control_total_gbp": ""}, "control_total_gbp"),
        ({"amount_unit": "k"}, "gbp_thousand"),
    ],
)
def test_an_entry_that_breaks_the_contract_is_not_written(tmp_path: Path, change: dict[str, str], words: str) -> None:
    (tmp_path / "ledger_columns.yaml").write_text(NOTED)
    with pytest.raises(ContractError, match=words):
        write_entry(tmp_path, "ledger_council", described("8.50", **change))
    assert (tmp_path / "ledger_columns.yaml").read_text() == NOTED


def test_what_was_accepted_is_offered_next_year_without_its_year_and_total(tmp_path: Path) -> None:
    memory = tmp_path / "memory.sqlite"
    assert remembered_layout(memory, "ledger_nhs") is None
    remember_layout(memory, "ledger_nhs", described("8.50"), "A Smith", "agreed")
    remember_layout(memory, "ledger_nhs", described("9.50", header_row=3), "B Jones", "moved down")
    found = remembered_layout(memory, "ledger_nhs")
    assert found is not None
    assert (found.who, found.financial_year, found.entry["header_row"]) == ("B Jones", "2025-26", 3)
    assert not {"control_total_gbp", "financial_year", "control_total_source"} & set(found.entry)
    with pytest.raises(ContractError, match="who accepts it"):
        remember_layout(memory, "ledger_nhs", described("8.50"), " ", "agreed")


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_looking_and_trying_write_nothing_and_accepting_writes_one_entry(tmp_path: Path) -> None:
    folder, memory = tmp_path / "inputs", tmp_path / "memory.sqlite"
    write_tiny(folder)
    kept = (folder / "ledger_columns.yaml").read_text()
    (folder / "ledger_columns.yaml").write_text(kept.split("ledger_nhs:")[0])
    before = files(folder)
    seen = desk.look(folder, "ledger_nhs", memory)
    told = seen["suggestion"]
    assert (seen["described"], told["columns"]["amount"], told["amount_unit"]) == (False, "GBP 000", "gbp_thousand")
    entry = described(
        "2500.50", columns=told["columns"], amount_unit="gbp_thousand", agency_system="Board", subtotal_words="total"
    )
    assert desk.try_columns(folder, "ledger_nhs", entry)["preview"]["difference"] == 0
    assert files(folder) == before
    with pytest.raises(ContractError, match="without who accepts them"):
        desk.accept_columns(folder, "ledger_nhs", entry, memory, "A Smith", "")
    assert files(folder) == before
    desk.accept_columns(folder, "ledger_nhs", entry, memory, "A Smith", "agreed with the board")
    assert {name for name, content in files(folder).items() if before.get(name) != content} == {"ledger_columns.yaml"}
    again = desk.look(folder, "ledger_nhs", memory)
    assert again["reconciled"]["difference"] == 0
    assert again["remembered"]["who"] == "A Smith"
