"""A scenario and its answer side by side, and the two sheets that hold the solver's figures as they were given.

Every other sheet is worked out from these two (*Spend by locality*, *Demand and unmet need*) and from *Inputs* by formula.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcs_core.sheets.write import COUNT, FIRST_ROW, MONEY, Column, Formula, Row, Sheet, Value, here, span
from rcs_core.workshop.export.scenario_inputs import Inputs, Words, gather

SPEND, DEMAND = "Spend by locality", "Demand and unmet need"
_PIECE = 120
_SCALES = {"gbp": 1.0, "gbp thousand": 1e3, "gbp_thousand": 1e3, "gbp million": 1e6, "gbp_million": 1e6}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the workbook is made from: the scenario and the result as mappings, and where each input stands."""

    scenario: Mapping[str, Any]
    result: Mapping[str, Any]
    inputs: Inputs
    words: Words
    horizon: int
    purses: Mapping[tuple[str, int], Any] = field(default_factory=dict)

    @property
    def years(self) -> range:
        """The years of the plan, from 1."""
        return range(1, self.horizon + 1)

    @property
    def possible(self) -> bool:
        """Whether the promises can hold together, so that there are figures to show."""
        return str(self.result["status"]) == "optimal"

    @property
    def penny(self) -> float:
        """One penny in the scenario's unit of money."""
        return 0.01 / _SCALES.get(self.words.money.lower(), 1.0)

    def items(self, section: str) -> list[tuple[int, Mapping[str, Any]]]:
        """The services, agencies or rules of one part of the scenario, each with its position."""
        return list(enumerate(self.scenario.get(section) or []))

    def year_cells(self, year: int) -> list[Value]:
        """The two cells that every row about a year carries: its number, which formulas use, and its name."""
        return [year, self.words.years[year - 1]]


def facts_of(
    scenario: Mapping[str, Any], result: Mapping[str, Any], names: Mapping[str, str], need: str, purses: Iterable[Any] = ()
) -> Facts:
    """Gather what the sheets need; `names` say services, agencies and localities in words, `purses` add to the result."""
    horizon = int(scenario["horizon"])
    money = str(scenario.get("money_unit") or "GBP thousand")
    words = Words(_distinct(scenario, names), year_names(scenario.get("first_year"), horizon), money, need)
    return Facts(scenario, result, gather(scenario, words), words, horizon, {(p.agency, p.year): p for p in purses})


def year_names(first: object, horizon: int) -> list[str]:
    """The years as the screens say them: financial years from "2026-27", calendar years from "2026", or else year 1 onwards."""
    found = re.match(r"(\d{4})(-)?", str(first or ""))
    if not found:
        return [f"year {t}" for t in range(1, horizon + 1)]
    years = range(int(found[1]), int(found[1]) + horizon)
    return [f"{year}-{(year + 1) % 100:02d}" if found[2] else str(year) for year in years]


def _distinct(scenario: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """A name for each id, no two alike to a spreadsheet (which does not tell capitals from small letters)."""
    lists = [scenario.get(part) or [] for part in ("agencies", "prevention", "acute", "held", "groups")]
    known = {str(i["id"]): str(i.get("name") or "") for part in lists for i in part}
    known |= {str(locality): "" for locality in scenario.get("localities") or []}
    plain = Words({}, [], "", "")
    found: dict[str, str] = {}
    taken: set[str] = set()
    for identity, given in known.items():
        name = names.get(identity) or given or plain.of(identity)
        if name.casefold() in taken:
            name = f"{name} ({identity})"
        while name.casefold() in taken:
            name += "*"
        taken.add(name.casefold())
        found[identity] = name
    return found


def sum_where(sheet: Sheet, amount: int, keys: Mapping[int, str]) -> str:
    """The formula text that sums one column of a sheet over the rows whose key columns equal the given cells.

    SUMPRODUCT with `=` rather than SUMIFS, which would read a `*` or a `>` in a name as a pattern.
    """
    if sheet.last_row < FIRST_ROW:
        return "0"
    amounts = span(sheet.name, amount, FIRST_ROW, sheet.last_row)
    tests = [f"({span(sheet.name, column, FIRST_ROW, sheet.last_row)}={wanted})" for column, wanted in keys.items()]
    # The amounts stand apart so that a word among them (a budget that is not modelled) counts as nothing.
    return f"SUMPRODUCT({'*'.join([*tests, '1'])},{amounts})" if tests else f"SUM({amounts})"


def sum_column(sheet_rows: int, column: int) -> Formula:
    """The sum of a column of the table above a totals row."""
    if not sheet_rows:
        return Formula("0")
    return Formula(f"SUM({here(column, FIRST_ROW)}:{here(column, FIRST_ROW + sheet_rows - 1)})")


def plus(parts: Iterable[str]) -> str:
    """Several terms added, or nothing."""
    return "+".join(parts) or "0"


def quoted(text: str) -> str:
    """Text as it stands in a formula, which may hold no more than 255 letters of it in one piece."""
    pieces = [text[k : k + _PIECE] for k in range(0, len(text), _PIECE)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def spend_sheet(facts: Facts) -> Sheet:
    """What each agency spends on each preventative service in each place and year: the solver's own figures."""
    after = {(r["service"], r["agency"], r["locality"], int(r["year"])): float(r["amount"]) for r in facts.result["spend"]}
    rows: list[Row] = []
    for position, service in facts.items("prevention"):
        for agency, places in service["agencies"].items():
            for locality in places:
                before = facts.inputs.ref("prevention", position, "agencies", agency, locality)
                for year in facts.years:
                    amount = after.get((service["id"], agency, locality, year), 0.0)
                    names: list[Value] = [facts.words.of(i) for i in (service["id"], agency, locality)]
                    rows.append(_spend_row(facts, position, names, year, before, amount, FIRST_ROW + len(rows)))
    total: list[Value] = ["Total", "", "", None, "", *[sum_column(len(rows), c) for c in (6, 7, 8, 9)]]
    return Sheet(SPEND, f"Preventative spend by locality ({facts.words.money})", _SPEND_COLUMNS, [*rows, total], _GIVEN, totals=1)


def _spend_row(
    facts: Facts, position: int, names: Sequence[Value], year: int, before: str, amount: float, row: int
) -> list[Value]:
    last_year = here(6, row) if year == 1 else here(7, row - 1)
    setup = facts.inputs.ref("prevention", position, "setup_cost", year=year)
    leaving = facts.inputs.ref("prevention", position, "exit_cost", year=year)
    now = here(7, row)
    moving = f"{setup}*MAX(0,{now}-{last_year})+{leaving}*MAX(0,{last_year}-{now})"
    change = Formula(f"{now}-{here(6, row)}")
    return [*names, *facts.year_cells(year), Formula(before), amount, change, Formula(moving)]


_GIVEN = "Column 'After' holds the solver's figures at full precision; all else is worked out from it and from Inputs."
_SPEND_COLUMNS = (
    Column("Service", 36, wrap=True),
    Column("Agency", 28, wrap=True),
    Column("Locality", 16),
    Column("Year", 7, "0", align="center"),
    Column("Financial year", 12, align="center"),
    Column("Before", 15, MONEY),
    Column("After", 15, MONEY),
    Column("Change", 15, MONEY),
    Column("Set-up and exit cost", 15, MONEY),
)
_DEMAND_COLUMNS = (
    Column("Service", 36, wrap=True),
    Column("Locality", 16),
    Column("Year", 7, "0", align="center"),
    Column("Financial year", 12, align="center"),
    Column("Need if nothing changes", 14, COUNT),
    Column("Prevented", 12, COUNT),
    Column("Met", 12, COUNT),
    Column("Unmet", 12, COUNT),
    Column("Capacity", 12, COUNT),
    Column("Cost if nothing changes", 16, MONEY),
    Column("Cost", 16, MONEY),
    Column("Change in cost", 16, MONEY),
    Column("Cost worked out from the inputs", 16, MONEY),
)


def demand_sheet(facts: Facts) -> Sheet:
    """Need, what is prevented, met and unmet, and what responding costs, by responsive service, place and year."""
    answer = {(r["service"], r["locality"], int(r["year"])): r for r in facts.result["responsive"]}
    rows: list[Row] = []
    for position, service in facts.items("acute"):
        for locality in service["demand"]:
            for year in facts.years:
                found = answer.get((service["id"], locality, year), {})
                rows.append(_demand_row(facts, position, str(locality), year, found, FIRST_ROW + len(rows)))
    total: list[Value] = ["Total", "", None, "", None, None, None, sum_column(len(rows), 8), None]
    total += [sum_column(len(rows), c) for c in (10, 11, 12, 13)]
    note = f"Need in {facts.words.need}, money in {facts.words.money}. Prevented, met, unmet, capacity and cost are the solver's."
    return Sheet(DEMAND, "Demand and unmet need", _DEMAND_COLUMNS, [*rows, total], note, totals=1)


def _demand_row(facts: Facts, position: int, locality: str, year: int, found: Mapping[str, Any], row: int) -> list[Value]:
    service = facts.scenario["acute"][position]
    groups = service["demand"][locality]
    need = plus(facts.inputs.ref("acute", position, "demand", locality, g, year=year) for g in groups)
    unit = facts.inputs.ref("acute", position, "unit_cost", year=year)
    given = [float(found.get(key) or 0.0) for key in ("reduction", "met", "unmet", "capacity")]
    return [
        facts.words.of(service["id"]),
        facts.words.of(locality),
        *facts.year_cells(year),
        Formula(need),
        *given,
        Formula(f"{unit}*{here(5, row)}"),
        float(found.get("cost") or 0.0),
        Formula(f"{here(11, row)}-{here(10, row)}"),
        Formula(_cost(facts, position, locality, year, row)),
    ]


def _cost(facts: Facts, position: int, locality: str, year: int, row: int) -> str:
    """Unit cost on what is met (the cashable part) and on capacity (the rest), and what opening and closing cost."""
    ref = facts.inputs.ref
    unit, cashable = ref("acute", position, "unit_cost", year=year), ref("acute", position, "cashable", year=year)
    opening, closing = ref("acute", position, "new_cost", year=year), ref("acute", position, "decommission_cost", year=year)
    start = ref("acute", position, "cap0", locality) if facts.inputs.has("acute", position, "cap0", locality) else here(5, row)
    before = start if year == 1 else here(9, row - 1)
    now, met = here(9, row), here(7, row)
    moving = f"{opening}*MAX(0,{now}-{before})+{closing}*MAX(0,{before}-{now})"
    return f"{unit}*({cashable}*{met}+(1-{cashable})*{now})+{moving}"
