"""Up to four scenarios in one workbook: what a board asks of each, who spends what, and what was put in differently.

In: scenarios with their plans (`versus.Side`) and a stamp. Out: a workbook whose differences are live formulas against the
first scenario that has a plan. What is not alike is not set against each other: the cover says so, and every such cell.
"""

from collections.abc import Sequence
from pathlib import Path

from rcs_core import __version__
from rcs_core.errors import ScenarioError
from rcs_core.sheets.write import FIRST_ROW, Column, Row, Sheet, Value, span
from rcs_core.stamp import Stamp
from rcs_core.workshop import versus
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.export import comparison_sheets as sheets
from rcs_core.workshop.export.book_parts import Line, Subject, write_tables
from rcs_core.workshop.export.book_proofs import Check, checks_sheet, in_words
from rcs_core.workshop.export.comparison_facts import Beside, not_alike
from rcs_core.workshop.export.comparison_inputs import differing_sheet, numbers_sheet
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.sentence import Unit
from rcs_core.workshop.versus import MOST, Side

SUBJECT = "Scenarios side by side"
_NONE = "–"
_PENCE = {"GBP": 0.01, "GBP thousand": 1e-5, "GBP million": 1e-8}
_ROUNDED = {Unit.POUNDS.label, Unit.CHILDREN.label}


def write_comparison_book(
    sides: Sequence[Side], stamp: Stamp, path: Path, veil: frozenset[str] = frozenset(), code: str = __version__
) -> None:
    """Write scenarios side by side. veil: services whose price is not shown, as it left from a shared screen.

    Raises ScenarioError for fewer than two or more than four, SheetError when the place cannot be written.
    """
    if not 2 <= len(sides) <= MOST:
        raise ScenarioError("this cannot be set side by side", SUBJECT, f"{len(sides)} scenarios", f"two to {MOST}")
    beside = Beside(tuple(versus.told_apart(sides)), veil)
    tables = _tables(beside)
    proofs = checks_sheet(_checks(beside, {sheet.name: sheet for sheet in tables}), _TOLERANCE)
    whole = [_scenarios(beside), _answers(beside), *tables, *_inputs(beside), *_apart(beside), proofs]
    write_tables(path, _subject(beside, stamp.discussed(beside.rough), proofs, code), whole)


_TOLERANCE = "Within a penny; the cover says whether all hold."


def _tables(beside: Beside) -> list[Sheet]:
    return [
        sheets.answers_as_numbers(beside, _numbers(beside)), sheets.parts_sheet(beside), sheets.agencies_sheet(beside),
        sheets.allocation_sheet(beside), sheets.shares_sheet(beside), sheets.purses_sheet(beside),
    ]  # fmt: skip


def _answers(beside: Beside) -> Sheet:
    """What a board asks, in its order and in the words of the screen."""
    found, _ = versus.results(beside.sides)
    columns = (Column("Question", 40, wrap=True), *(Column(side.title, 30, wrap=True) for side in beside.sides))
    rows: list[Row] = [tuple(str(v) for v in row) for row in found.itertuples(index=False, name=None)]
    note = "As on the screen. Nothing is optimised in a plan of the room's own." if any(s.scored for s in beside.sides) else ""
    return Sheet("Answers", "What a board asks of each scenario", columns, rows, note or "As on the screen.")


def _numbers(beside: Beside) -> list[tuple[str, str, list[float | None]]]:
    """The answers that are numbers: those of a scenario for discussion only in two figures, as the screen has them."""
    _, long = versus.results(beside.sides)
    rows = []
    for question, own in long.groupby("question", sort=False):
        unit, values = str(own["unit"].iloc[0]), [None if v != v else float(v) for v in own["value"]]
        if any(v is not None for v in values):
            pairs = zip(beside.sides, values, strict=True)
            rows.append((str(question), unit, [_as_said(side, unit, v) for side, v in pairs]))
    return rows


def _as_said(side: Side, unit: str, value: float | None) -> float | None:
    if value is None or (unit == Unit.POUNDS.label and side.scenario.money != "GBP thousand"):
        return None
    return two_figures(value) if side.rough and unit in _ROUNDED else value


def _scenarios(beside: Beside) -> Sheet:
    """What each scenario is: on which release, at which depth, over which years, in which money, and how far it may be used."""
    facts = [_facts(beside, side) for side in beside.sides]
    columns = (Column("Of each", 34, wrap=True), *(Column(side.title, 30, wrap=True) for side in beside.sides))
    rows: list[Row] = [(name, *(fact[name] for fact in facts)) for name in facts[0]]
    return Sheet("Scenarios", "The scenarios that stand side by side", columns, rows, "The others are set against the first.")


def _facts(beside: Beside, side: Side) -> dict[str, str]:
    scenario, why = side.scenario, "; ".join(reason.told for reason in beside.reasons(side))
    base = "the one that the others are set against" if side is beside.base else ""
    kind = "a plan of the room's own" if side.scored else "solved" if side.possible else "no plan: promises clash"
    return {
        "What it is": f"{kind}{'; ' if base else ''}{base}",
        "Worked out on release": side.release_id or "none is named",
        "Kept with program": side.code or __version__,
        "Depth": Depth(scenario.depth).label if scenario.depth in set(Depth) else scenario.depth,
        "Years": f"{side.found.years[0]} to {side.last}",
        "Prices of": scenario.price_year or "not stated",
        "Unit of money": scenario.money,
        "Discount rate": f"{scenario.discount_rate:.2%}",
        "Places": ", ".join(scenario.localities) if len(scenario.localities) > 1 else "one",
        "Rests on guesses": _NONE if side.found.guess_share is None else f"{side.found.guess_share:.0%} of the pounds moved",
        "What it may be used for": "Discussion only" if side.rough else "See its own workbook",
        "Not set against the first in": why or "nothing: all of it is",
    }


def _inputs(beside: Beside) -> list[Sheet]:
    found = versus.inputs(beside.sides, beside.veil)
    return [differing_sheet(beside, found), numbers_sheet(beside, found)]


def _apart(beside: Beside) -> list[Sheet]:
    rows: list[Row] = list(not_alike(beside))
    if not rows:
        return []
    note = "Differences that would set unlike things against each other are words on every sheet."
    columns = (Column("Scenario", 34, wrap=True), Column("Why it is not set against the first", 100, wrap=True))
    return [Sheet("Not compared", "What is not set against each other, and why", columns, rows, note, kind="source")]


def _checks(beside: Beside, tables: dict[str, Sheet]) -> list[Check]:
    """That each scenario's sums agree between the sheets, and each difference is that of its rows."""
    found: list[Check] = []
    penny = max(_PENCE.get(side.scenario.money, 1e-5) for side in beside.sides)
    keys = {sheets.PARTS: 1, sheets.AGENCIES: 1, sheets.ALLOCATION: 3}
    names = [name for name in keys if tables[name].totals]
    for number, side in enumerate(beside.sides):
        for place, when in ((1, "today"), (2, side.last)):
            sums = {name: _sum(tables[name], keys[name] + 3 * number + place) for name in names}
            for name in names[1:]:
                found.append(Check(f"{name} adds up to By part", f"{side.title}, {when}", sums[name], sums[sheets.PARTS], penny))
        purse = tables[sheets.PURSES]
        if side.result.purses:
            lost = _lost(purse, 3 + 5 * number)
            found.append(Check("Nothing is lost between a purse and what it pays", side.title, lost, "0", penny))
    return [*found, *_difference_checks(beside, tables, penny)]


def _difference_checks(beside: Beside, tables: dict[str, Sheet], penny: float) -> list[Check]:
    found = []
    for name, keys in ((sheets.PARTS, 1), (sheets.AGENCIES, 1)):
        sheet, first = tables[name], keys + 3 * len(beside.sides) + 1
        last = sheet.last_row + 1
        for k, side in enumerate(beside.others):
            if beside.reasons(side) or not side.possible:
                continue
            total = span(name, first + k, last, last)
            found.append(Check(f"{name}: differences add up", side.title, _sum(sheet, first + k), f"SUM({total})", penny))
    return found


def _run(sheet: Sheet, column: int) -> str:
    return span(sheet.name, column, FIRST_ROW, sheet.last_row)


def _sum(sheet: Sheet, column: int) -> str:
    return f"SUM({_run(sheet, column)})"


def _lost(sheet: Sheet, first: int) -> str:
    """Budgets less all that they are spent on: nothing where every purse is accounted for."""
    budget, *rest = (_sum(sheet, first + k) for k in range(4))
    return f"{budget}-{'-'.join(rest)}"


def _subject(beside: Beside, stamp: Stamp, proofs: Sheet, code: str) -> Subject:
    marks = [f"{title}: {told}" for title, told in not_alike(beside)]
    other = [line for line in versus.marks(beside.sides, stamp.release_id, code) if "program" in line]
    titles: list[Line] = [(f"Scenario {k}", side.title) for k, side in enumerate(beside.sides, start=1)]
    about: list[tuple[str, Value]] = [*titles, ("Set against", beside.base.title), ("Checks", in_words(proofs))]
    first = ["NOT ALL OF IT CAN BE COMPARED: " + "; ".join(marks)] if marks else []
    purpose = "Scenarios side by side: what a board asks of each, who spends what, and what was put in differently."
    return Subject(SUBJECT, purpose, stamp, [*first, *other], about, _READING)


_READING: tuple[Line, ...] = (
    ("Today", "What is spent before the plan, the same in every year; of a held service its first year's amount."),
    (
        "The last year",
        "Each scenario's own last year: its heading names it. Scenarios of other years are not set against each other.",
    ),
    ("Differences", "Live: one scenario's figure less the first one's. A word in place of a difference says why there is none."),
    ("Not in it", "The service, purse or year is not part of that scenario. It is not nought, and is set against nothing."),
    ("Rows", "Services, payers and years stand in one row only where their ids (of years, their names) are the same."),
    ("Discussion only", "Answers are in two figures, as on the screen. The sheets of amounts are exact so that sums hold."),
    (
        "Released capacity",
        "A fall in responsive cost is capacity released. It is cash only so far as each scenario's inputs say.",
    ),
)
