"""A scenario workbook comes back as the scenario that it was made of, with exactly the inputs that somebody changed."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from rcs_core.workshop.bring_back import BookError, Came, accept, listed, load_workbook
from rcs_core.workshop.bring_back.edited_file import put
from rcs_core.workshop.export.scenario_whole import content_hash
from rcs_core.workshop.scenario import parse_scenario
from tests.workshop.book_cases import pools, tiny
from tests.workshop.returned_cases import (
    BOOKS,
    BUDGET,
    DAY,
    EXIT,
    NAMES,
    RATE,
    Book,
    a_book,
    came,
    column,
    edited,
    inputs,
    row_of,
    scenario,
    typing,
    written,
)


def test_an_unchanged_workbook_is_the_same_scenario_to_the_last_letter() -> None:
    found = load_workbook(written())
    assert found.unchanged
    assert (found.told, found.warnings, found.filled) == ((), (), ())
    assert content_hash(accept(found, "", "", DAY).to_dict()) == content_hash(scenario().to_dict())
    assert found.came.area == "Strathmere"
    assert found.came.names == NAMES


def test_signs_that_no_cell_keeps_are_no_change(tmp_path: Path) -> None:
    known = {"path": "/acute/0/unit_cost", "state": "measured", "source": "so\u202eurce", "owner": "Be\x0bn"}
    asked = parse_scenario(pools() | {"provenance": [known]})
    found = load_workbook(a_book(asked, tmp_path / "book.xlsx"))
    assert (found.unchanged, found.told) == (True, ())
    assert found.scenario.to_dict() == asked.to_dict()


def test_changed_inputs_are_listed_with_cell_words_unit_and_how_far_they_moved(tmp_path: Path) -> None:
    found = load_workbook(edited(tmp_path, typing({BUDGET: 2800.22, RATE: 0.05, EXIT: 0.02 * (1 + 1e-15)})))
    table = listed(found.changes).set_index("Input")
    rate, budget = "discount rate, every year", "budget, 2027-28"
    assert set(table.index) == {rate, budget}
    assert list(table.loc[rate, ["Was", "Now"]]) == ["0.035", "0.05"]
    assert list(table.loc[budget, ["Was", "Now"]]) == ["2,704.22", "2,800.22"]
    assert list(table.loc[[rate, budget], "Of what"]) == ["The whole scenario", "council"]
    assert table.loc[budget, "Unit"] == "GBP thousand a year"
    assert table.loc[budget, "Moved by"] == "+96 (+3.6%)"
    assert str(table.loc[budget, "Cell"]).startswith("Inputs!E")


def test_the_solved_answer_is_that_of_the_edited_scenario_file(tmp_path: Path) -> None:
    typed = {BUDGET: 2800.22, RATE: "5%", "/agencies/2/budget": "1,200"}
    found = load_workbook(edited(tmp_path, typing(typed)))
    by_hand: dict[str, Any] = deepcopy(scenario().to_dict())
    for pointer, value in {BUDGET: 2800.22, RATE: 0.05, "/agencies/2/budget": 1200.0}.items():
        put(by_hand, pointer, value)
    assert {c.pointer for c in found.changes} == set(typed)
    assert found.scenario == parse_scenario(by_hand)
    assert accept(found, "Ada", "Why", DAY).agencies == parse_scenario(by_hand).agencies


def test_changes_carry_whose_they_are_and_why(tmp_path: Path) -> None:
    found = load_workbook(edited(tmp_path, typing({BUDGET: 2800.22, "/acute/0/unit_cost": 45})))
    with pytest.raises(BookError, match="an owner and a reason"):
        accept(found, "Ada", " ", DAY)
    known = {p.path: p for p in accept(found, "Ada", "As agreed in June", DAY).provenance}
    assert known[BUDGET].state == "group_estimate"
    assert (known[BUDGET].owner, known[BUDGET].date) == ("Ada", "2026-11-22")
    assert known[BUDGET].source == "Changed in a workbook: As agreed in June"
    assert known["/acute/0/unit_cost"].low is None, "its range does not hold the new value"
    assert {c.pointer: "outside the range" in c.note for c in found.changes} == {BUDGET: False, "/acute/0/unit_cost": True}


def test_whose_a_change_is_may_be_written_beside_it_and_comes_back_the_next_time_too(tmp_path: Path) -> None:
    def change(book: Book) -> None:
        for title, text in {"Value": 2800.22, "Owner": "Ben", "Reason": "The board of May"}.items():
            typing({BUDGET: text}, title)(book)

    found = load_workbook(edited(tmp_path, change))
    taken = accept(found, "", "", DAY)
    known = {p.path: p for p in taken.provenance}[BUDGET]
    assert (known.owner, known.source) == ("Ben", "Changed in a workbook: The board of May")
    again = load_workbook(a_book(taken, tmp_path / "again.xlsx"))
    assert (again.unchanged, again.scenario, again.told) == (True, taken, ())


def test_rows_may_be_sorted_filtered_and_moved_and_columns_and_sheets_too(tmp_path: Path) -> None:
    def change(book: Book) -> None:
        sheet = inputs(book)
        sheet.cell(row_of(sheet, BUDGET), column(sheet, "Value")).value = 2800.22
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        head, body = rows[0], list(reversed(rows[1:]))
        sheet.delete_rows(1, sheet.max_row)
        for k, row in enumerate([head, *body], start=2):
            for c, value in enumerate(reversed(row), start=2):
                sheet.cell(k, c).value = value
        sheet.row_dimensions[4].hidden = True
        sheet.title = "My inputs"
        book["Notes"].title = "Other"

    found = load_workbook(edited(tmp_path, change))
    assert [c.pointer for c in found.changes] == [BUDGET]
    assert found.changes[0].cell.startswith("My inputs!")
    assert any("hidden" in text for text in found.warnings)
    assert any("Notes is gone" in text for text in found.told)


def test_what_is_typed_elsewhere_is_told_and_not_taken(tmp_path: Path) -> None:
    def change(book: Book) -> None:
        sheet = book["Spend by locality"]
        place = next(cell for row in sheet.iter_rows(min_row=5) for cell in row if str(cell.value).startswith("="))
        place.value = 7
        book["Notes"].cell(6, 2).value = "Ben, 1 May"
        typing({BUDGET: "our own"}, "Source")(book)
        inputs(book).cell(7, 30).value = "is this right?"

    found = load_workbook(edited(tmp_path, change))
    assert found.unchanged
    assert any("a formula was overwritten (7)" in text for text in found.told)
    assert found.filled == ("Notes!B6 (Signed off by, Note): Ben, 1 May",)
    assert any("Source: not taken" in text for text in found.told)
    assert any("AD7 written beside the table" in text for text in found.told)


def test_every_breach_is_told_at_once_with_its_cell_and_remedy(tmp_path: Path) -> None:
    wrong = {BUDGET: None, RATE: 1.5, "/acute/0/payer/council": 0.9, EXIT: "a little", "/pools/0/seed": DAY, "/horizon": 4}
    with pytest.raises(BookError) as refused:
        load_workbook(edited(tmp_path, typing(wrong)))
    told = {breach.what: breach for breach in refused.value.breaches}
    assert len(refused.value.breaches) == 6
    assert told["out of range"].expected == "a number, 0 or more and 1 or less"
    assert "Inputs!E" in told["the payers' shares do not add up"].where
    assert "the years of a plan cannot be changed" in str(refused.value)
    assert all(breach.remedy and breach.where.startswith("Inputs!") for breach in refused.value.breaches)
    assert "a date or a time" in str(refused.value)


def test_rows_that_are_gone_or_copied_or_unknown_are_refused_with_their_place(tmp_path: Path) -> None:
    def change(book: Book) -> None:
        sheet = inputs(book)
        value, place = column(sheet, "Value"), column(sheet, "Place in the scenario file")
        last = sheet.max_row
        for k, (pointer, number) in enumerate(((RATE, 0.07), ("/prevention/7/lag", 1)), start=1):
            sheet.cell(last + k, value).value, sheet.cell(last + k, place).value = number, pointer
        sheet.delete_rows(row_of(sheet, BUDGET))

    with pytest.raises(BookError) as refused:
        load_workbook(edited(tmp_path, change))
    assert {b.what for b in refused.value.breaches} == {
        "one input stands in several rows with several values", "no such place in the scenario", "the row of this input is gone",
    }  # fmt: skip


def test_a_formula_typed_into_an_input_is_taken_by_its_value_and_refused_without_one(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="a formula without a value"):
        load_workbook(edited(tmp_path, typing({BUDGET: "=2700+100"})))


def test_a_workbook_of_another_area_is_refused_unless_said_and_of_another_release_is_told() -> None:
    with pytest.raises(BookError, match="of another area"):
        load_workbook(written(), area="Elsewhere")
    assert load_workbook(written(), area="Elsewhere", any_area=True).warnings
    told = load_workbook(written(), area="Strathmere", release_id="ffff").warnings
    assert len(told) == 1
    assert "0123456789ab" in told[0]
    assert "ffff" in told[0]


def test_a_scenario_sheet_that_was_touched_is_refused(tmp_path: Path) -> None:
    def change(book: Book) -> None:
        sheet = book["Scenario file"]
        cell = next(c for row in sheet.iter_rows() for c in row if "discount_rate" in str(c.value))
        cell.value = str(cell.value).replace("0.035", "0.015")

    with pytest.raises(BookError, match="not as it was written"):
        load_workbook(edited(tmp_path, change))


def test_a_workbook_of_the_first_layout_still_loads_onto_its_scenario(tmp_path: Path) -> None:
    book = BOOKS / "layout_1_pools.xlsx"
    with pytest.raises(BookError, match="no sheet Scenario file"):
        load_workbook(book)
    found = load_workbook(book, came())
    assert (found.unchanged, found.layout, found.came.area) == (True, 1, "Strathmere")
    found = load_workbook(edited(tmp_path, typing({BUDGET: 2800.22}), book), came())
    assert [c.pointer for c in found.changes] == [BUDGET]


def test_a_workbook_of_the_first_layout_is_refused_onto_a_scenario_that_it_does_not_fit() -> None:
    with pytest.raises(BookError) as refused:
        load_workbook(BOOKS / "layout_1_tiny.xlsx", came())
    assert {b.what for b in refused.value.breaches} >= {"the row of this input is gone"}
    tiny_one = Came(parse_scenario(tiny()[0]).to_dict())
    assert load_workbook(BOOKS / "layout_1_tiny.xlsx", tiny_one).unchanged
