"""The sheets that the workbook of a scenario has beside its plan, what they mean, and the checks that tie them to it.

In: the facts of the workbook and what `extras_of` worked out. Out: sheets in the order of the book; what is absent stands on
one sheet, *Not worked out*, with the reason of each.
"""

from collections.abc import Sequence
from dataclasses import replace

from rcs_core.sheets.write import Column, Row, Sheet
from rcs_core.workshop.export.extras_found import Extras, Limits, Prices, Switches, extras_of, usual_limits
from rcs_core.workshop.export.extras_words import ABSENT, caveats, descriptions
from rcs_core.workshop.export.scenario_assumptions import ASSUMPTIONS, assumptions_sheet
from rcs_core.workshop.export.scenario_checks import Check
from rcs_core.workshop.export.scenario_facts import Facts
from rcs_core.workshop.export.scenario_levers import LEVERS, levers_sheet
from rcs_core.workshop.export.scenario_moves import MOVES, PAIRS, money_checks, moves_sheet, pairs_sheet
from rcs_core.workshop.export.scenario_prices import PRICES, prices_sheet
from rcs_core.workshop.export.scenario_stress import SURVIVING, SWITCHING, TESTS, surviving_sheet, switching_sheet, tests_sheet

__all__ = [
    "ABSENT", "ASSUMPTIONS", "LEVERS", "MOVES", "PAIRS", "PRICES", "READING", "SURVIVING", "SWITCHING", "TESTS", "Extras",
    "Limits", "Prices", "Switches", "caveats", "descriptions", "extra_checks", "extra_sheets", "extras_of", "left_out",
    "usual_limits",
]  # fmt: skip
READING: dict[str, str] = {
    LEVERS: "What the room could set, what it set, whose wish that was and why.",
    MOVES: "Which services have more or less, by year and by who pays; what they act on; from when released capacity is cash.",
    PAIRS: "Every pound that is paid for, with what pays for it, in each purse and year.",
    PRICES: "What the plan would do more without each promise, solved again without it.",
    TESTS: "The standing tests: what purses lack where nobody reacts, and the plan worked out anew; what breaks first.",
    SURVIVING: "What becomes of each move of the plan under each test.",
    SWITCHING: "How far an effect or a cost may be out before the plan turns.",
    ASSUMPTIONS: "What is assumed or guessed rather than measured, how well each is known, and whether it would turn the plan.",
    ABSENT: "What this workbook does not hold, and why.",
}
"""A line for *How to read this* on each of these sheets."""
NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
_GIVEN = frozenset({"Low", "High", "Source", "Owner", "Reason", "Date", "In use"})
"""Columns in which nothing is what nobody gave."""
_PARTS = {"funding": (MOVES, PAIRS), "prices": (PRICES,), "tests": (TESTS, SURVIVING), "switches": (SWITCHING,)}


def extra_sheets(facts: Facts, extras: Extras, allocation: Sheet | None) -> list[Sheet]:
    """The sheets in their order. allocation: the sheet *Allocation*, to which amounts point; None where there is no plan."""
    sheets = _found(facts, extras, allocation)
    missing: list[Row] = [[sheet, why] for sheet, why in left_out(sheets, extras).items()]
    columns = (Column("Sheet", 28), Column("Why it is not here", 110, wrap=True))
    sheets += [Sheet(ABSENT, ABSENT, columns, missing, READING[ABSENT])] if missing else []
    return [_filled(sheet) for sheet in sheets]


def _found(facts: Facts, extras: Extras, allocation: Sheet | None) -> list[Sheet]:
    sheets = [levers_sheet(extras)]
    if allocation is not None and facts.possible:
        sheets.append(moves_sheet(facts, extras, allocation))
        sheets += [pairs_sheet(facts, extras)] if extras.funding else []
    if extras.prices:
        sheets.append(prices_sheet(facts, extras, extras.prices))
    if extras.tests:
        sheets.append(tests_sheet(facts, extras, extras.tests))
        sheets += [] if extras.discussed else [surviving_sheet(facts, extras.tests)]
    sheets += [switching_sheet(facts, extras, extras.switches)] if extras.switches else []
    sheets.append(assumptions_sheet(facts, extras))
    return sheets


def _filled(sheet: Sheet) -> Sheet:
    """No cell of a table is blank: what is not given says so, and so does what does not apply."""
    marks = [NOT_AVAILABLE if column.title in _GIVEN else NOT_APPLICABLE for column in sheet.columns]
    count = len(sheet.rows) - sheet.totals
    rows = [[mark if v is None or v == "" else v for v, mark in zip(row, marks, strict=True)] for row in sheet.rows[:count]]
    return replace(sheet, rows=[*rows, *sheet.rows[count:]])


def left_out(sheets: Sequence[Sheet], extras: Extras) -> dict[str, str]:
    """Which of these sheets the workbook lacks, and why, in words."""
    there = {sheet.name for sheet in sheets}
    found = {name: extras.absent[part] for part, names in _PARTS.items() if part in extras.absent for name in names}
    if extras.discussed and extras.tests:
        found[SURVIVING] = "Nothing is worked out anew where a shift is only discussed, so no move can be said to survive."
    return {name: why for name, why in found.items() if name not in there}


def extra_checks(facts: Facts, extras: Extras, allocation: Sheet | None, sheets: Sequence[Sheet]) -> list[Check]:
    """That these sheets and *Allocation* tell of the same money; `sheets` as `extra_sheets` gave them."""
    if allocation is None or not facts.possible:
        return []
    return list(money_checks(facts, extras, allocation, {sheet.name: sheet for sheet in sheets}))
