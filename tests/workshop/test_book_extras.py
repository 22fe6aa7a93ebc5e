"""What the workbook says beside its plan is what the screen says, adds up with Allocation, and cuts nothing silently."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.release import Release
from rcs_core.sheets.write import Formula, Sheet
from rcs_core.vocab import InputState
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import RANGES, Because, Depth
from rcs_core.workshop.export import extras as beside
from rcs_core.workshop.export.extras import Extras, Limits, extra_checks, extra_sheets, extras_of
from rcs_core.workshop.export.scenario_book import _tables
from rcs_core.workshop.export.scenario_checks import Tables
from rcs_core.workshop.export.scenario_facts import Facts, facts_of
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.inputs.promises import LEVERS as KNOWN
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.scenario.explain.funding import before_plan
from rcs_core.workshop.shift import Shift, try_shift
from rcs_core.workshop.why import promises as why_promises
from rcs_core.workshop.why import stress as why_stress
from rcs_core.workshop.why.found import find
from tests.workshop.book_cases import impossible
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.small_release import a_release
from tests.workshop.test_scenario_by_hand import case, one_year

few = settings(max_examples=3)
QUICK = Limits(promises=50, prices=60, stress=60, switching=0)
NONE = Limits(promises=0, prices=60, stress=0, switching=0)
PENNY = 1e-5


def built(scenario: Scenario, result: Result, extras: Extras) -> tuple[dict[str, Sheet], Facts, Tables | None]:
    """The sheets beside a plan by name, with what they stand on."""
    facts = facts_of(scenario.to_dict(), result.to_dict(), extras.shift.names, "children a year", result.purses)
    tables = _tables(facts) if facts.possible else None
    return {s.name: s for s in extra_sheets(facts, extras, tables.allocation if tables else None)}, facts, tables


def table(sheet: Sheet) -> pd.DataFrame:
    """The rows of a sheet without its totals."""
    return pd.DataFrame(list(sheet.rows[: len(sheet.rows) - sheet.totals]), columns=[c.title for c in sheet.columns])


def texts(sheets: Iterator[Sheet]) -> Iterator[str]:
    """Every word of some sheets."""
    for sheet in sheets:
        yield from (sheet.title, sheet.note, *(c.title for c in sheet.columns))
        yield from (v for row in sheet.rows for v in row if isinstance(v, str))


@pytest.fixture(scope="module")
def release() -> Release:
    return a_release()


@pytest.fixture(scope="module")
def shift(release: Release) -> Shift:
    """A shift of the small release in which the room moved a lever and changed a number."""
    levers = Levers.of(Preset.SHIFT_2, depth=Depth.ESTIMATE, allow_pool=True)
    first = try_shift(release, levers).scenario.acute[0]
    cost = first.unit_cost if isinstance(first.unit_cost, float) else first.unit_cost[0]
    edit = Edit(f"/acute/{first.id}/unit_cost", cost * 0.99, "Ben", "a new tender")
    return try_shift(release, replace(levers, edits=(edit,), because=(Because("allow_pool", "Ann", "to share the gain"),)))


@pytest.fixture(scope="module")
def extras(release: Release, shift: Shift) -> Extras:
    return extras_of(shift.scenario, shift.result, shift.names, shift=shift, release=release)


@pytest.fixture(scope="module")
def sheets(shift: Shift, extras: Extras) -> dict[str, Sheet]:
    return built(shift.scenario, shift.result, extras)[0]


def test_every_lever_is_there_with_range_state_and_source_and_a_moved_one_with_owner_and_reason(sheets: dict[str, Sheet]) -> None:
    rows = table(sheets["Levers"])
    levers = rows[~rows["What it is about"].isin(["Where it starts", "A change of the room", "A number of the group"])]
    assert len(levers) == len(KNOWN)
    assert set(levers["State"]) <= {state.label for state in InputState}
    assert (levers[["Source", "Value", "Usual value"]] != "[x]").all(axis=None)
    assert len(levers[levers["High"] != "[x]"]) == len(RANGES)
    moved = rows[rows["Moved by the room"] == "Yes"].set_index("Lever")
    pool = moved.loc["A joint pool between agencies"]
    assert (pool["Value"], pool["Usual value"], pool["Owner"], pool["Reason"]) == ("yes", "no", "Ann", "to share the gain")
    change = moved[moved["What it is about"] == "A change of the room"].iloc[0]
    assert (change["Owner"], change["Reason"]) == ("Ben", "a new tender")
    assert change["Value"] != change["Usual value"]


def test_a_number_that_the_room_changed_says_so_among_the_inputs_with_owner_and_reason(shift: Shift) -> None:
    facts = facts_of(shift.scenario.to_dict(), shift.result.to_dict(), shift.names, "children a year")
    rows = table(facts.inputs.sheet()).set_index("Place in the scenario file")
    row = rows.loc["/acute/0/unit_cost"]
    assert (row["State"], row["Owner"], row["Reason"]) == (InputState.GROUP_ESTIMATE.label, "Ben", "a new tender")
    numbers = rows[rows["Value"].map(lambda v: isinstance(v, int | float) and not isinstance(v, bool))]
    assert (numbers["Unit"] != "").all()
    assert (rows["State"] != "").all()


def test_what_pays_for_what_and_what_moves_are_the_changes_of_spend_and_cost_year_by_year(shift: Shift, extras: Extras) -> None:
    sheets, facts, tables = built(shift.scenario, shift.result, extras)
    agrees(shift.scenario, shift.result, extras, sheets)
    moves = table(sheets["Invest and release"])
    assert {"More for prevention", "Released capacity"} <= set(moves["What happens"])
    assert all(isinstance(v, Formula) and "Allocation" in v.text for v in moves["After"])
    released = moves[moves["What happens"] == "Released capacity"]
    known = shift.found.released.set_index(["name", "label", "year"])["cashable_from"]
    for row in released.to_dict("records"):
        said = known.get((row["Service"], row["Who pays"], row["Financial year"]))
        assert row["Cashable from"] == (said or "not within the plan")
    checks = extra_checks(facts, extras, tables.allocation if tables else None, list(sheets.values()))
    assert len(checks) == 4 * shift.scenario.horizon


def agrees(scenario: Scenario, result: Result, extras: Extras, sheets: dict[str, Sheet]) -> None:
    """The pairs add up to the changes of spend and cost, recounted from the answer alone."""
    pairs = table(sheets["What pays for what"])
    spent = pd.DataFrame([(r.year, r.amount) for r in result.spend], columns=["year", "amount"]).groupby("year")["amount"].sum()
    before = sum(v for s in scenario.prevention for by in s.agencies.values() for v in by.values())
    cost = pd.DataFrame([(r.year, r.cost) for r in result.responsive], columns=["year", "cost"]).groupby("year")["cost"].sum()
    today = sum(before_plan(d) for d in scenario.acute)
    one, lines = extras.funding.one if extras.funding else PENNY, 20
    for year in scenario.years:
        mine = pairs[pairs["Year"] == year]
        paid = mine.groupby("What is paid for")["Amount"].sum()
        given = mine.groupby("Paid by")["Amount"].sum()
        more = paid.get("More for prevention", 0.0) - given.get("Less for other prevention", 0.0)
        assert more == pytest.approx(spent.get(year, 0.0) - before, abs=lines * one)
        freed = given.get("Released from responsive services", 0.0) - paid.get("More for responsive services", 0.0)
        assert freed == pytest.approx(today - cost.get(year, today), abs=lines * one)


def test_a_price_is_the_one_on_the_screen_and_every_promise_is_there(
    shift: Shift, extras: Extras, sheets: dict[str, Sheet]
) -> None:
    screen = why_promises.table(shift, find(shift).prices)
    rows = table(sheets["Prices of promises"])
    costly = rows[rows["What was found"].str.startswith("Costs something")]
    assert list(costly["Promise"]) == list(screen["Promise"])
    said = two_figures if extras.rough else float
    for mine, theirs in (("What it costs the plan", "Care it costs (£)"), ("A step gains", "It gains (£)")):
        assert list(costly[mine]) == pytest.approx([said(v / 1000) for v in screen[theirs]], abs=2 * PENNY)
    assert len(rows) == len(extras.prices.found if extras.prices else ())
    assert costly["In words"].str.len().min() > 20


def test_a_stress_test_says_what_the_screen_says(shift: Shift, extras: Extras, sheets: dict[str, Sheet]) -> None:
    assert extras.tests
    screen, rows = why_stress.tests_table(shift, extras.tests), table(sheets["Stress tests"])
    assert list(rows["Test"]) == list(screen["Test"])
    assert list(rows["Every promise can hold"]) == list(screen["Every promise can hold"])
    said = two_figures if extras.rough else float
    assert list(rows["Plan as it is lacks"]) == pytest.approx(
        [said(v / 1000) for v in screen["Plan as it is lacks (£)"]], abs=1e-4
    )
    assert list(rows["Moves that remain"]) == [int(v.split(" of ")[0]) for v in screen["Moves that remain"]]
    assert (rows["Breaks first"] == "Yes").sum() == (extras.tests.first_to_break is not None)
    moves = table(sheets["Moves under each test"])
    assert list(moves.columns[2:]) == list(rows["Test"])


def test_a_guess_is_called_a_guess_and_says_whether_it_would_turn_the_plan(extras: Extras, sheets: dict[str, Sheet]) -> None:
    rows = table(sheets["Assumptions"])
    for row in rows.to_dict("records"):
        guessed = row["State"] in [s.label for s in InputState if s.guess] or "usual" in row["State"]
        assert str(row["Rating"]).startswith("A guess") == guessed, row
    turns = rows["Would it turn the plan"].str.startswith("Yes")
    assert extras.switches
    assert turns.any() == any(one.edges for one in extras.switches.found)
    assert turns.iloc[: turns.sum()].all()


def test_where_a_shift_is_only_discussed_what_is_not_worked_out_is_named_with_the_reason(release: Release) -> None:
    shift = try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS))
    extras = extras_of(shift.scenario, shift.result, shift.names, shift=shift, release=release)
    sheets = built(shift.scenario, shift.result, extras)[0]
    assert set(table(sheets["Not worked out"])["Sheet"]) == {"Prices of promises", "Switching values", "Moves under each test"}
    tests = table(sheets["Stress tests"])
    assert set(tests["Every promise can hold"]) == {"not worked out"}
    assert (tests["Released over the plan"] == "[z]").all()
    assert extras.rough


def test_what_no_time_was_left_for_is_on_its_sheet_by_name() -> None:
    scenario = parse_scenario(case())
    result = solve(scenario)
    extras = extras_of(scenario, result, {}, limits=NONE)
    sheets = built(scenario, result, extras)[0]
    assert extras.prices
    assert extras.switches
    assert not extras.prices.found
    assert not extras.switches.found
    assert len(extras.prices.rest) == len(table(sheets["Prices of promises"])) > 0
    assert table(sheets["Prices of promises"])["What was found"].str.startswith("Not worked out: the limit of 0 promises").all()
    assert table(sheets["Switching values"])["Now"].str.startswith("Not tried").all()
    assert "were not priced" in sheets["Prices of promises"].note
    missing = table(sheets["Not worked out"]).set_index("Sheet")["Why it is not here"]
    assert "seconds" in missing["Stress tests"]


SPECIAL = {
    "without prevention": case() | {"prevention": []},
    "one year": one_year(),
    "yes or no": one_year({"min_scale": 15.0}, agencies=[{"id": "council", "budget": 114.0}]),
    "impossible": impossible()[0] | {"agencies": [{"id": "council", "budget": [20.0]}]},
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_every_kind_of_scenario_has_its_sheets(kind: str) -> None:
    scenario = parse_scenario(SPECIAL[kind])
    result = solve(scenario)
    extras = extras_of(scenario, result, {}, limits=QUICK)
    sheets, facts, tables = built(scenario, result, extras)
    assert table(sheets["Levers"]).iloc[0, 1] == extras.absent["levers"]
    assert {"Levers", "Assumptions"} <= set(sheets)
    assert ("Invest and release" in sheets) == (kind != "impossible")
    if kind == "impossible":
        assert set(table(sheets["Not worked out"])["Sheet"]) > {"Invest and release", "Prices of promises", "Stress tests"}
        assert tables is None
        assert extra_checks(facts, extras, None, list(sheets.values())) == []


@few
@given(st.integers(0, 100_000))
def test_any_scenario_has_sheets_that_add_up_explain_themselves_and_leave_no_cell_blank(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    extras = extras_of(scenario, result, {}, limits=QUICK)
    sheets, _, _ = built(scenario, result, extras)
    means: dict[str, Any] = dict(beside.descriptions())
    for sheet in sheets.values():
        assert {c.title for c in sheet.columns} <= set(means[sheet.name]), sheet.name
        rows = table(sheet)
        assert not (rows.isna() | (rows == "")).any(axis=None), sheet.name
    assert not [text for text in texts(iter(sheets.values())) if re.search(r"\bsavings?\b", text, re.IGNORECASE)]
    if extras.funding:
        agrees(scenario, result, extras, sheets)
