"""The sheets of a comparison: amounts, years, purses and answers of up to four scenarios, differences live against the first.

Columns of a scenario stand together; a difference that would set unlike things against each other is a word that says why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rcs_core.sheets.write import FIRST_ROW, SHARE, Chart, Column, Formula, Row, Series, Sheet, Value, here
from rcs_core.workshop.big_screen import HIDDEN
from rcs_core.workshop.export.comparison_facts import (
    BOUGHT,
    Beside,
    Key,
    Pair,
    Purse,
    Reason,
    Year,
    allocation,
    by,
    in_order,
    label,
    purses,
    purses_together,
    regrouped,
    stands_together,
    together,
    years,
)
from rcs_core.workshop.versus import Side

NOT_IN, NO_PLAN, ONE_ONLY, NOT_ALIKE = "Not in it", "No plan", "in one only", "Not compared: {}"
NOT_A_NUMBER = "In words only: see Answers"
ALLOCATION, PARTS, AGENCIES, SHARES, PURSES = "Allocation", "By part", "By agency", "Preventative share", "Purses"
AMOUNT = "#,##0.00"
COLOURS = ("1F3A5F", "D55E00", "009E73", "A3457F")
"""A colour for each scenario that people who confuse red and green can tell apart."""
_PER_SIDE = 3

type Measure = tuple[str, str, int]
"""A column that each scenario has: its heading, its number format, its width."""


def amounts(beside: Beside, name: str, title: str, keys: Sequence[Column], tables: Sequence[Mapping[Key, Pair]]) -> Sheet:
    """Today's spend, that of the last year and the change, a row a key; totals live, differences of the change live."""
    measures = [
        [(f"{s.title}: today", AMOUNT, 15), (f"{s.title}: {s.last}", AMOUNT, 15), (f"{s.title}: change", AMOUNT, 15)]
        for s in beside.sides
    ]
    rows = [
        _amount_row(beside, [label(beside, part) for part in key], [t.get(key) for t in tables], FIRST_ROW + k, len(keys))
        for k, key in enumerate(in_order(tables))
    ]
    count = len(rows)
    total: list[Value] = ["Total", *[None] * (len(keys) - 1)]
    for number, side in enumerate(beside.sides):
        first = len(keys) + 1 + _PER_SIDE * number
        total += [_sum(first, count), _sum(first + 1, count) if side.possible else NO_PLAN, _change(first, FIRST_ROW + count)]
    total += _differences(beside, len(keys), _PER_SIDE, 2, FIRST_ROW + count, beside.reasons)
    note = f"Money in {_units(beside)}. {_against(beside, 'the change of a year')}"
    return Sheet(name, title, [*keys, *_columns(beside, measures, AMOUNT)], [*rows, total], note, totals=1)


def _amount_row(beside: Beside, keys: list[str], pairs: Sequence[Pair | None], row: int, first: int) -> list[Value]:
    cells: list[Value] = list(keys)
    for number, pair in enumerate(pairs):
        before, now = pair if pair else (None, None)
        shown = NOT_IN if pair is None else now if now is not None else NO_PLAN
        cells += [NOT_IN if before is None else before, shown, _change(first + 1 + _PER_SIDE * number, row)]
    return cells + _differences(beside, first, _PER_SIDE, 2, row, beside.reasons)


def _change(first: int, row: int) -> Formula:
    """The change between two cells side by side, or nothing where one of them is a word."""
    was, now = here(first, row), here(first + 1, row)
    return Formula(f'IF(AND(ISNUMBER({was}),ISNUMBER({now})),{now}-{was},"")')


def _sum(column: int, count: int) -> Formula:
    return Formula(f"SUM({here(column, FIRST_ROW)}:{here(column, FIRST_ROW + count - 1)})" if count else "0")


def _differences(
    beside: Beside, keys: int, width: int, place: int, row: int, reasons: Callable[[Side], list[Reason]]
) -> list[Value]:
    """One cell for each scenario after the first: its figure less the first one's, live, or why that is not said."""
    at = {side.title: keys + 1 + width * k + place for k, side in enumerate(beside.sides)}
    found: list[Value] = []
    for side in beside.others:
        if not (side.possible and beside.base.possible):
            found.append(NO_PLAN)
            continue
        why = [reason.short for reason in reasons(side)]
        mine, base = here(at[side.title], row), here(at[beside.base.title], row)
        one = f'IF(OR(ISNUMBER({mine}),ISNUMBER({base})),"{ONE_ONLY}","")'
        live = Formula(f"IF(AND(ISNUMBER({mine}),ISNUMBER({base})),{mine}-{base},{one})")
        found.append(NOT_ALIKE.format(", ".join(why)) if why else live)
    return found


def _columns(beside: Beside, measures: Sequence[Sequence[Measure]], form: str) -> list[Column]:
    """The columns of every scenario, then one for each difference."""
    own = [Column(title, width, given, align="right") for side in measures for title, given, width in side]
    less = [Column(f"{side.title}, less {beside.base.title}", 18, form, wrap=True, align="right") for side in beside.others]
    return [*own, *less]


def _units(beside: Beside) -> str:
    return " and ".join(dict.fromkeys(side.scenario.money for side in beside.sides))


def _against(beside: Beside, what: str) -> str:
    rough = " DISCUSSION ONLY: worked to the penny so that sums hold; say no more than two figures." if beside.rough else ""
    return f"The last columns set {what} against ‘{beside.base.title}’.{rough}"


def allocation_sheet(beside: Beside) -> Sheet:
    """What each payer spends on each service, today and in the last year of each scenario."""
    keys = (Column("Part of the money", 18), Column("Service", 36, wrap=True), Column("Who pays", 28, wrap=True))
    pairs = [together(allocation(side), beside.veil) for side in beside.sides]
    found = amounts(beside, ALLOCATION, "Allocation by service and payer", keys, [table for table, _ in pairs])
    most = max(count for _, count in pairs)
    return _bought(found, most) if most else found


def _bought(found: Sheet, many: int) -> Sheet:
    """The row of bought services under its name; one that stands alone has no amounts, and so there is no total either."""
    words = ["All parts", f"Services told together on the big screen ({many})", "All payers"]
    if many > 1:
        rows = [[*words, *row[3:]] if row[1] == BOUGHT else row for row in found.rows]
        return replace(found, rows=rows)
    kept = [[*words, *[HIDDEN] * (len(row) - 3)] if row[1] == BOUGHT else row for row in found.rows[:-1]]
    return replace(found, rows=kept, totals=0)


def parts_sheet(beside: Beside) -> Sheet:
    """Prevention, response and what is held."""
    names = stands_together(beside, 0)
    tables = [regrouped(by(side, "by_level", "part"), names) for side in beside.sides]
    return amounts(beside, PARTS, "Spend by part of the money", (Column("Part of the money", 26),), tables)


def agencies_sheet(beside: Beside) -> Sheet:
    """Who pays."""
    names = stands_together(beside, 2)
    tables = [regrouped(by(side, "by_agency", "agency"), names) for side in beside.sides]
    return amounts(beside, AGENCIES, "Spend by who pays", (Column("Who pays", 34, wrap=True),), tables)


def shares_sheet(beside: Beside) -> Sheet:
    """The preventative share of each scenario by year, live from its two sums, with a chart of all."""
    tables = [years(side) for side in beside.sides]
    labels = sorted({year for table in tables for year in table})
    measures = [
        [(f"{s.title}: preventative", AMOUNT, 15), (f"{s.title}: with responsive", AMOUNT, 15), (f"{s.title}: share", SHARE, 11)]
        for s in beside.sides
    ]
    rows = [_share_row(beside, year, [t.get(year) for t in tables], FIRST_ROW + k) for k, year in enumerate(labels)]
    note = f"Money in {_units(beside)}. Held services are not counted in this share. {_against(beside, 'the share')}"
    columns = [Column("Year", 12), *_columns(beside, measures, SHARE)]
    title = "Preventative share of preventative and responsive spend, by year"
    return Sheet(SHARES, title, columns, rows, note, chart=_chart(beside, len(rows)) if rows else None)


def _share_row(beside: Beside, label: str, found: Sequence[Year | None], row: int) -> list[Value]:
    cells: list[Value] = [label]
    for number, (side, year) in enumerate(zip(beside.sides, found, strict=True)):
        first = 2 + _PER_SIDE * number
        part, whole = here(first, row), here(first + 1, row)
        share = Formula(f"IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF(ABS({whole})<1E-9,0,{part}/{whole}),NA())")
        word = NO_PLAN if not side.possible else NOT_IN
        cells += [year.preventative, year.whole, share] if year else [word, word, word]
    return cells + _differences(beside, 1, _PER_SIDE, 2, row, beside.of_a_year)


def _chart(beside: Beside, count: int) -> Chart:
    series = tuple(Series(4 + _PER_SIDE * k, COLOURS[k]) for k, side in enumerate(beside.sides) if side.possible)
    about = f"Lines of the preventative share by year, one a scenario: {'; '.join(s.title for s in beside.sides if s.possible)}."
    return Chart("lines", "Preventative share by year", about, "Year", "Share", 1, series, count, "0%")


def purses_sheet(beside: Beside) -> Sheet:
    """Each agency's purse by year: budget, spend, what else goes out, what is left, and that nothing is lost between them."""
    names = stands_together(beside, 2)
    tables = [purses_together(purses(side), names) for side in beside.sides]
    measures = [
        [
            (f"{s.title}: budget", AMOUNT, 15), (f"{s.title}: spent", AMOUNT, 15), (f"{s.title}: else goes out", AMOUNT, 14),
            (f"{s.title}: left", AMOUNT, 14), (f"{s.title}: not accounted for", AMOUNT, 14),
        ]
        for s in beside.sides
    ]  # fmt: skip
    found = in_order(tables)
    order = {agency: k for k, agency in enumerate(dict.fromkeys(key[0] for key in found))}
    keys = sorted(found, key=lambda key: (order[key[0]], key[1]))
    rows = [_purse_row(beside, key, [t.get(key) for t in tables], FIRST_ROW + k) for k, key in enumerate(keys)]
    note = (
        f"Money in {_units(beside)}. Else: set-up and exit, pools, reserves and what the centre keeps. "
        f"{_against(beside, 'what is left')}"
    )
    columns = [Column("Who pays", 30, wrap=True), Column("Year", 12), *_columns(beside, measures, AMOUNT)]
    return Sheet(PURSES, "Purses by agency and year", columns, rows, note)


def _purse_row(beside: Beside, key: Key, found: Sequence[Purse | None], row: int) -> list[Value]:
    cells: list[Value] = [label(beside, key[0]), key[1]]
    for number, (side, purse) in enumerate(zip(beside.sides, found, strict=True)):
        at = [here(3 + 5 * number + k, row) for k in range(4)]
        word = NO_PLAN if not side.possible else NOT_IN
        if purse:
            cells += [purse.budget, purse.spent, purse.other, purse.left, Formula(f"{at[0]}-{at[1]}-{at[2]}-{at[3]}")]
        else:
            cells += [word] * 5
    return cells + _differences(beside, 2, 5, 3, row, beside.of_a_year)


def answers_as_numbers(beside: Beside, rows: Sequence[tuple[str, str, Sequence[float | None]]]) -> Sheet:
    """The answers of a board that are numbers, each with its unit, and how far the others are from the first."""
    measures = [[(side.title, "#,##0.00", 18)] for side in beside.sides]
    found: list[Row] = []
    for number, (question, unit, values) in enumerate(rows):
        cells: list[Value] = [question, unit]
        for side, value in zip(beside.sides, values, strict=True):
            cells.append(value if value is not None else NOT_A_NUMBER if side.possible else NO_PLAN)
        found.append(cells + _differences(beside, 2, 1, 0, FIRST_ROW + number, beside.reasons))
    columns = [Column("Question", 40, wrap=True), Column("Unit", 14), *_columns(beside, measures, "#,##0.00")]
    note = f"As on the sheet Answers, as numbers. The last columns set them against ‘{beside.base.title}’."
    return Sheet("Answers as numbers", "The same answers as numbers", columns, found, note)
