"""The money sheets: by service, agency and year; by agency and its purse; by level; and the preventative share.

Before is what is spent now, the same in every year and as the screens say it: the present spend of a preventative service, the
first year's amount of a held one, and for a responsive service the places that it starts from (the first year's need where
none are given) at its unit cost, shared by its payers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rcs_core.sheets.write import FACTOR, FIRST_ROW, MONEY, SHARE, Column, Formula, Row, Sheet, Value, here
from rcs_core.workshop.export.scenario_facts import Facts, plus, sum_column, sum_where

ALLOCATION, BY_AGENCY, BY_LEVEL, SHARES = "Allocation", "By agency", "By level", "Preventative share"
PREVENTATIVE, RESPONSIVE, HELD = "Preventative", "Responsive", "Held"
LEVELS = (PREVENTATIVE, RESPONSIVE, HELD)

_WHEN = (Column("Year", 7, "0", align="center"), Column("Financial year", 12, align="center"))
_CHANGE = (Column("Before", 16, MONEY), Column("After", 16, MONEY), Column("Change", 16, MONEY), Column("Change %", 10, SHARE))
_ALLOCATION_COLUMNS = (
    Column("Service", 36, wrap=True),
    Column("Level", 14),
    Column("Agency", 28, wrap=True),
    *_WHEN,
    *_CHANGE,
    Column("Counts as preventative", 13, SHARE),
    Column("Preventative before", 16, MONEY),
    Column("Preventative after", 16, MONEY),
)
_LEVEL_COLUMNS = (
    Column("Level", 16),
    *_WHEN,
    *_CHANGE,
    Column("Share of the year before", 12, SHARE),
    Column("Share of the year after", 12, SHARE),
    Column("Discount factor", 12, FACTOR),
    Column("Discounted before", 16, MONEY),
    Column("Discounted after", 16, MONEY),
    Column("Discounted change", 16, MONEY),
)
_SHARE_COLUMNS = (
    *_WHEN,
    Column("Preventative spend before", 16, MONEY),
    Column("Preventative spend after", 16, MONEY),
    Column("Preventative and responsive before", 16, MONEY),
    Column("Preventative and responsive after", 16, MONEY),
    Column("Share before", 11, SHARE),
    Column("Share after", 11, SHARE),
    Column("Change in share", 11, SHARE),
    Column("Target", 11, SHARE, align="right"),
)


def change_cells(before: int, row: int) -> list[Value]:
    """Change and change in per cent, for the before and after columns that stand side by side."""
    was, now = here(before, row), here(before + 1, row)
    return [Formula(f"{now}-{was}"), Formula(f'IF(ABS({was})<1E-9,"[z]",{now}/{was}-1)')]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of *Allocation* before it has a place: `before` and `after` are formulas in which {row} stands for its row."""

    service: str
    level: str
    agency: str
    year: int
    before: str
    after: str
    share: str = "0"


def allocation_sheet(facts: Facts, spend: Sheet, demand: Sheet) -> Sheet:
    """Service by agency by year: before, after and change, with a total for each year and for the plan."""
    lines = [*_prevention_lines(facts, spend), *_responsive_lines(facts, demand), *_held_lines(facts)]
    rows: list[Row] = [_allocation_row(facts, line, FIRST_ROW + index) for index, line in enumerate(lines)]
    table = Sheet(ALLOCATION, f"Allocation by service, agency and year ({facts.words.money})", _ALLOCATION_COLUMNS, rows)
    note = "Before: what is spent now. After: the plan. Underspend is on the sheet By agency."
    return with_totals(facts, table, year=4, sums=(6, 7, 11, 12), before=6, note=note)


def _prevention_lines(facts: Facts, spend: Sheet) -> Iterator[Line]:
    after = sum_where(spend, 7, {1: "A{row}", 2: "C{row}", 4: "D{row}"})
    for position, service in facts.items("prevention"):
        share = facts.inputs.ref("prevention", position, "q", default=1.0)
        for agency, places in service["agencies"].items():
            before = plus(facts.inputs.ref("prevention", position, "agencies", agency, place) for place in places)
            for year in facts.years:
                yield Line(service["id"], PREVENTATIVE, agency, year, before, after, share)


def _responsive_lines(facts: Facts, demand: Sheet) -> Iterator[Line]:
    each = sum_where(demand, 11, {1: "A{row}", 3: "D{row}"})
    for position, service in facts.items("acute"):
        now = _before(facts, position, service, demand)
        for agency in service["payer"]:
            paid = facts.inputs.ref("acute", position, "payer", agency)
            before, after = f"{paid}*({now})", f"{paid}*{each}"
            for year in facts.years:
                yield Line(service["id"], RESPONSIVE, agency, year, before, after)


def _before(facts: Facts, position: int, service: Mapping[str, Any], demand: Sheet) -> str:
    """What a responsive service costs before the plan: the places it starts from (else the first year's need) at unit cost."""
    ref = facts.inputs.ref
    started = [place for place in service["demand"] if facts.inputs.has("acute", position, "cap0", place)]
    if not started:
        return sum_where(demand, 10, {1: "A{row}", 3: "1"})
    places = [ref("acute", position, "cap0", place) for place in started]
    needs = {place: groups for place, groups in service["demand"].items() if place not in started}
    places += [ref("acute", position, "demand", place, g, year=1) for place, groups in needs.items() for g in groups]
    return f"{ref('acute', position, 'unit_cost', year=1)}*({plus(places)})"


def _held_lines(facts: Facts) -> Iterator[Line]:
    for position, service in facts.items("held"):
        now = facts.inputs.ref("held", position, "amount", year=1)
        for year in facts.years:
            amount = facts.inputs.ref("held", position, "amount", year=year)
            yield Line(service["id"], HELD, service["agency"], year, now, amount)


def _allocation_row(facts: Facts, line: Line, row: int) -> list[Value]:
    return [
        facts.words.of(line.service),
        line.level,
        facts.words.of(line.agency),
        *facts.year_cells(line.year),
        Formula(line.before.format(row=row)),
        Formula(line.after.format(row=row)),
        *change_cells(6, row),
        Formula(line.share),
        Formula(f"F{row}*J{row}"),
        Formula(f"G{row}*J{row}"),
    ]


def with_totals(facts: Facts, table: Sheet, year: int, sums: Sequence[int], before: int, note: str) -> Sheet:
    """A table with a total for each year and one for the plan; the change is worked out again in each."""
    count = len(table.rows)
    totals: list[Row] = []
    for when in [*facts.years, None]:
        row = FIRST_ROW + count + len(totals)
        values: list[Value] = [None] * len(table.columns)
        values[0] = f"All, {facts.words.years[when - 1]}" if when else "All years"
        if when:
            values[year - 1 : year + 1] = facts.year_cells(when)
        for column in (c for c in sums if when or table.columns[c - 1].format == MONEY):
            values[column - 1] = Formula(sum_where(table, column, {year: here(year, row)})) if when else sum_column(count, column)
        values[before + 1 : before + 3] = change_cells(before, row)
        totals.append(values)
    return replace(table, rows=[*table.rows, *totals], note=note, totals=len(totals))


def level_sheet(facts: Facts, allocation: Sheet) -> Sheet:
    """What goes to prevention, to response and to services held as they are, with the same discounted to the first year."""
    rows: list[Row] = []
    for level in LEVELS:
        for year in facts.years:
            rows.append(_level_row(facts, allocation, level, year, FIRST_ROW + len(rows)))
    table = Sheet(BY_LEVEL, f"By level ({facts.words.money})", _LEVEL_COLUMNS, rows)
    note = "Discount factor: 1 / (1 + discount rate) to the power (year - 1); the rate is on Inputs."
    return with_totals(facts, table, year=2, sums=(4, 5, 8, 9, 11, 12, 13), before=4, note=note)


def _level_row(facts: Facts, allocation: Sheet, level: str, year: int, row: int) -> list[Value]:
    keys, all_levels = {2: f"A{row}", 4: f"B{row}"}, {4: f"B{row}"}
    before, after = (sum_where(allocation, column, keys) for column in (6, 7))
    whole = [sum_where(allocation, column, all_levels) for column in (6, 7)]
    return [
        level,
        *facts.year_cells(year),
        Formula(before),
        Formula(after),
        *change_cells(4, row),
        Formula(f"IF({whole[0]}=0,0,D{row}/{whole[0]})"),
        Formula(f"IF({whole[1]}=0,0,E{row}/{whole[1]})"),
        Formula(f"1/(1+{facts.inputs.ref('discount_rate')})^(B{row}-1)"),
        Formula(f"D{row}*J{row}"),
        Formula(f"E{row}*J{row}"),
        Formula(f"L{row}-K{row}"),
    ]


def share_sheet(facts: Facts, allocation: Sheet) -> Sheet:
    """The preventative share of preventative plus responsive spend, year by year, beside its target."""
    rows: list[Row] = []
    for year in facts.years:
        row = FIRST_ROW + len(rows)
        when = {4: f"A{row}"}
        spends = [sum_where(allocation, column, when) for column in (11, 12)]
        wholes = [f"{sum_where(allocation, c, when)}-{_held(allocation, c, row)}" for c in (6, 7)]
        shares = [f"IF(ABS({part})<1E-9,0,{top}/{part})" for top, part in ((f"C{row}", f"E{row}"), (f"D{row}", f"F{row}"))]
        target = Formula(facts.inputs.ref("share_target", year=year)) if facts.inputs.has("share_target", year=year) else None
        live = [Formula(text) for text in (*spends, *wholes, *shares, f"H{row}-G{row}")]
        rows.append([*facts.year_cells(year), *live, target])
    note = "Held services are part of every purse, and are not counted in this share. A blank target: none was set for that year."
    return Sheet(SHARES, f"Preventative share of spend ({facts.words.money})", _SHARE_COLUMNS, rows, note)


def _held(allocation: Sheet, column: int, row: int) -> str:
    return sum_where(allocation, column, {2: f'"{HELD}"', 4: f"A{row}"})
