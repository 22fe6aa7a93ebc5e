"""Each agency's purse, year by year: what comes in, what is spent, what is left, and that nothing is lost between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rcs_core.sheets.write import FIRST_ROW, MONEY, SHARE, Column, Formula, Row, Sheet, Value
from rcs_core.workshop.export.scenario_facts import Facts, plus, quoted, sum_where
from rcs_core.workshop.export.scenario_sheets import RESPONSIVE, change_cells, with_totals

BY_AGENCY = "By agency"
_COLUMNS = (
    Column("Agency", 28, wrap=True),
    Column("Year", 7, "0", align="center"),
    Column("Financial year", 12, align="center"),
    Column("Budget", 16, MONEY),
    Column("Before", 16, MONEY),
    Column("After", 16, MONEY),
    Column("Change", 16, MONEY),
    Column("Change %", 10, SHARE),
    Column("Share of the year after", 11, SHARE),
    Column("Set-up and exit cost", 14, MONEY),
    Column("Paid into pools", 14, MONEY),
    Column("Drawn from pools", 14, MONEY),
    Column("Lost to the centre", 14, MONEY),
    Column("Brought forward", 14, MONEY),
    Column("Carried forward", 14, MONEY),
    Column("Underspend", 14, MONEY),
    Column("Budget not accounted for", 14, MONEY),
)
_SUMS = (4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16)
NOT_MODELLED = "not modelled"


@dataclass(frozen=True, slots=True)
class Flows:
    """What the answer says of one agency in one year beyond its spend; None where it does not say."""

    paid_in: float
    drawn: float
    underspend: float
    leaked: float | None
    brought: float
    carried: float


def _flows(facts: Facts, agency: str, year: int) -> Flows:
    def total(part: str, field: str) -> float:
        rows = facts.result.get(part) or []
        return sum(float(r[field]) for r in rows if r["agency"] == agency and int(r["year"]) == year)

    purse = facts.purses.get((agency, year))
    leaked, brought, carried = (purse.leaked, purse.brought, purse.carried) if purse else (None, 0.0, 0.0)
    return Flows(total("pools", "contribution"), total("pools", "draw"), total("underspend", "amount"), leaked, brought, carried)


def agency_sheet(facts: Facts, allocation: Sheet, spend: Sheet, demand: Sheet) -> Sheet:
    """Every agency's purse by year. An agency without a budget is shown, and is not held to one."""
    rows: list[Row] = []
    for position, agency in facts.items("agencies"):
        for year in facts.years:
            rows.append(_purse(facts, (allocation, spend, demand), position, agency, year, FIRST_ROW + len(rows)))
    table = Sheet(BY_AGENCY, f"By agency ({facts.words.money})", _COLUMNS, rows)
    note = "Budget + drawn + brought forward = after + set-up and exit + paid in + lost + carried forward + underspend."
    return with_totals(facts, table, year=2, sums=_SUMS, before=5, note=note)


def _purse(
    facts: Facts, tables: tuple[Sheet, Sheet, Sheet], position: int, agency: Mapping[str, Any], year: int, row: int
) -> list[Value]:
    allocation, spend, demand = tables
    keys = {3: f"A{row}", 4: f"B{row}"}
    modelled = facts.inputs.has("agencies", position, "budget", year=year)
    flows = _flows(facts, str(agency["id"]), year)
    live = {
        "before": sum_where(allocation, 6, keys),
        "after": sum_where(allocation, 7, keys),
        "whole": sum_where(allocation, 7, {4: f"B{row}"}),
        "moving": sum_where(spend, 9, {2: f"A{row}", 4: f"B{row}"}),
    }
    return [
        facts.words.of(agency["id"]),
        *facts.year_cells(year),
        Formula(facts.inputs.ref("agencies", position, "budget", year=year)) if modelled else NOT_MODELLED,
        Formula(live["before"]),
        Formula(live["after"]),
        *change_cells(5, row),
        Formula(f"IF({live['whole']}=0,0,F{row}/{live['whole']})"),
        Formula(live["moving"]),
        flows.paid_in,
        flows.drawn,
        _leak(facts, (allocation, demand), position, year, row) if flows.leaked is None else flows.leaked,
        flows.brought,
        flows.carried,
        flows.underspend if modelled else None,
        Formula(f"D{row}+L{row}+N{row}-F{row}-J{row}-K{row}-M{row}-O{row}-P{row}") if modelled else None,
    ]


def _leak(facts: Facts, tables: tuple[Sheet, Sheet], position: int, year: int, row: int) -> Value:
    """The agency's share of what responsive services cost less than if nothing changed; never negative."""
    allocation, demand = tables
    agency = facts.scenario["agencies"][position]["id"]
    terms = []
    for number, service in facts.items("acute"):
        if agency in service["payer"]:
            keys = {1: quoted(facts.words.of(service["id"])), 3: f"B{row}"}
            terms.append(f"{facts.inputs.ref('acute', number, 'payer', agency)}*{sum_where(demand, 10, keys)}")
    undone = plus(terms)
    cost = sum_where(allocation, 7, {2: quoted(RESPONSIVE), 3: f"A{row}", 4: f"B{row}"})
    return Formula(f"MAX(0,{facts.inputs.ref('agencies', position, 'leak', year=year)}*(({undone})-{cost}))")
