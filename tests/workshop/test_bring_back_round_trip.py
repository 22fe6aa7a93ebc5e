"""Written and read back, a scenario is the same to the last letter; with inputs changed, it is that with these changes."""

import datetime as dt
import random
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcs_core.errors import RcsError
from rcs_core.sheets.write import write_book
from rcs_core.workshop.bring_back import BookError, accept, load_workbook
from rcs_core.workshop.bring_back.edited_file import put
from rcs_core.workshop.export.scenario_book import write_scenario_book
from rcs_core.workshop.export.scenario_facts import facts_of
from rcs_core.workshop.export.scenario_whole import content_hash, whole_sheet
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from tests.office import have_office, recalculated
from tests.workshop.book_cases import about, pools
from tests.workshop.returned_cases import BOOKS, BUDGET, came, edited, typing
from tests.workshop.scenario_cases import random_scenario

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = dt.date(2026, 11, 22)


@cache
def book_of(seed: int) -> tuple[Scenario, Path]:
    """A random scenario, and a workbook of its inputs and its file."""
    scenario = parse_scenario(random_scenario(seed))
    content, path = scenario.to_dict(), Path(mkdtemp()) / "book.xlsx"
    sheet = facts_of(content, {}, {}, "units").inputs.sheet()
    write_book(path, [sheet, whole_sheet(content, sheets=[sheet])], {}, "A random scenario")
    return scenario, path


def changes_of(seed: int, path: Path) -> dict[str, float]:
    """A few random numbers of the sheet Inputs, each moved by some."""
    rnd, values = random.Random(seed), dict[str, float]()

    def gather(book: Any) -> None:
        sheet = book["Inputs"]
        head = {cell.value: cell.column for cell in sheet[4]}
        rows = [(row[head["Place in the scenario file"] - 1].value, row[head["Value"] - 1].value) for row in sheet.iter_rows(5)]
        numbers = [(place, v) for place, v in rows if type(v) in (int, float) and place != "/horizon"]
        for place, was in rnd.sample(numbers, min(len(numbers), 4)):
            values[place] = was + 1 if isinstance(was, int) else round(was * rnd.choice([0.5, 0.9, 1.1]), 6) or 0.25
        typing(values)(book)

    edited(path.parent, gather, path)
    return values


@FEW
@given(st.integers(0, 10_000))
def test_random_scenarios_come_back_as_they_were_and_with_exactly_the_changes_that_were_made(seed: int) -> None:
    scenario, path = book_of(seed)
    found = load_workbook(path)
    assert (found.unchanged, found.told, found.scenario) == (True, (), scenario)
    assert content_hash(found.scenario.to_dict()) == content_hash(scenario.to_dict())
    values = changes_of(seed, path)
    by_hand = deepcopy(scenario.to_dict())
    for place, value in values.items():
        put(by_hand, place, value)
    try:
        wanted = parse_scenario(by_hand)
    except RcsError:
        with pytest.raises(BookError, match="Inputs!"):
            load_workbook(path.with_name("edited.xlsx"))
        return
    found = load_workbook(path.with_name("edited.xlsx"))
    assert {c.pointer: c.now for c in found.changes} == values
    assert found.scenario == wanted
    assert solve(accept(found, "Ada", "Why", DAY)).to_dict() == solve(wanted).to_dict()


def test_the_whole_workbook_comes_back_with_the_same_answer(tmp_path: Path) -> None:
    scenario = parse_scenario(pools())
    answer = solve(scenario)
    write_scenario_book(scenario, answer, about(), tmp_path / "book.xlsx")
    found = load_workbook(tmp_path / "book.xlsx", area="Strathmere", release_id="0123456789ab")
    assert (found.unchanged, found.told, found.warnings, found.filled) == (True, (), (), ())
    assert solve(found.scenario).to_dict() == answer.to_dict()


@pytest.mark.office
def test_books_saved_by_libreoffice_come_back_the_same(tmp_path: Path) -> None:
    if not have_office():
        return
    scenario = parse_scenario(pools())
    write_scenario_book(scenario, solve(scenario), about(), tmp_path / "whole.xlsx")
    early = edited(tmp_path, typing({BUDGET: "=2700+100"}), BOOKS / "layout_1_pools.xlsx")
    recalculated([tmp_path / "whole.xlsx", early], tmp_path)
    found = load_workbook(tmp_path / "recalculated" / "whole.xlsx")
    assert (found.unchanged, found.told, found.warnings) == (True, (), ())
    assert found.scenario == scenario
    early_one = load_workbook(tmp_path / "recalculated" / "edited.xlsx", came())
    assert [(c.pointer, c.was, c.now) for c in early_one.changes] == [(BUDGET, 2704.22, 2800.0)]
