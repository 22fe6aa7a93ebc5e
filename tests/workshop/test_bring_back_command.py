"""A workbook is brought back from the command line: listed first, written when somebody takes the changes."""

import json
from pathlib import Path

from openpyxl import Workbook as Book
from typer.testing import CliRunner

from rcs_core.cli import app
from rcs_core.workshop.scenario import load_scenario
from tests.workshop.book_cases import pools
from tests.workshop.returned_cases import BOOKS, BUDGET, edited, scenario, typing, written


def run(*words: object) -> tuple[int, str]:
    """The exit code of `rcs load-workbook`, and what it said."""
    found = CliRunner().invoke(app, ["load-workbook", *map(str, words)])
    return found.exit_code, found.output


def test_an_unchanged_workbook_is_written_as_the_scenario_that_it_was_made_of(tmp_path: Path) -> None:
    code, said = run(written(), "--out", tmp_path / "back.json")
    assert (code, "No input was changed" in said) == (0, True)
    assert load_scenario(tmp_path / "back.json") == scenario()


def test_changes_are_listed_and_written_only_when_they_are_accepted(tmp_path: Path) -> None:
    book, out = edited(tmp_path, typing({BUDGET: 2800.22})), tmp_path / "back.json"
    code, said = run(book, "--out", out)
    assert (code, out.exists()) == (1, False)
    assert "budget, 2027-28: was 2,704.22, now 2,800.22 GBP thousand a year, +96 (+3.6%)" in said
    assert run(book, "--out", out, "--accept")[0] != 0, "nobody says whose the changes are"
    assert not out.exists()
    code, said = run(book, "--out", out, "--accept", "--owner", "Ada", "--reason", "June", "--json")
    assert (code, json.loads(said)["changes"][0]["now"]) == (0, 2800.22)
    assert load_scenario(out).agencies[0].budget == (2699.11, 2800.22, 2719.33)


def test_a_workbook_of_an_earlier_program_is_put_onto_its_scenario(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(json.dumps(pools()), encoding="utf-8")
    code, said = run(BOOKS / "layout_1_pools.xlsx", "--onto", tmp_path / "base.json", "--out", tmp_path / "back.json")
    assert code == 0, said
    assert load_scenario(tmp_path / "back.json") == load_scenario(tmp_path / "base.json")


def test_another_unit_written_beside_a_changed_number_is_told_with_it(tmp_path: Path) -> None:
    def change(book: Book) -> None:
        typing({BUDGET: 2800220})(book)
        typing({BUDGET: "GBP"}, "Unit")(book)

    code, said = run(edited(tmp_path, change), "--out", tmp_path / "back.json")
    assert (code, "the column Unit says GBP; the number is taken in GBP thousand a year" in said) == (1, True)


def test_a_scenario_is_not_written_over_the_workbook_that_it_comes_from(tmp_path: Path) -> None:
    book = edited(tmp_path, lambda _: None)
    before = book.read_bytes()
    assert run(book, "--out", book)[0] != 0
    assert book.read_bytes() == before
