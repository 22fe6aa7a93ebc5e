"""The four pictures of a scenario, each under the small live table that it is drawn from."""

from dataclasses import replace

from rcs_core.sheets import charts
from rcs_core.sheets.write import COUNT, FIRST_ROW, MONEY, SHARE, Chart, Column, Formula, Row, Series, Sheet, here
from rcs_core.workshop.export.scenario_checks import Tables
from rcs_core.workshop.export.scenario_facts import Facts, sum_column, sum_where
from rcs_core.workshop.export.scenario_sheets import LEVELS, change_cells

BEFORE_AFTER, NEED, PURSES = "Before and after", "Need by year", "Purses"
_LIVE = "The chart below follows the table, and the table follows the other sheets."
_CHANGE = (Column("Before", 18, MONEY), Column("After", 18, MONEY), Column("Change", 18, MONEY), Column("Change %", 12, SHARE))


def chart_sheets(facts: Facts, tables: Tables) -> list[Sheet]:
    """Spend by level, need and purses, each as a table with its chart."""
    return [_levels(facts, tables), _need(facts, tables), _purses(facts, tables)]


def with_share_chart(facts: Facts, shares: Sheet) -> Sheet:
    """The sheet *Preventative share* with its chart: before, after and the target."""
    about = (
        f"Line chart of the preventative share of spend, {_span(facts)}: before and after, year by year, beside the target "
        "where one is set. The numbers are in the table above it."
    )
    promised = any(facts.inputs.has("share_target", year=year) for year in facts.years)
    target = [Series(10, charts.TARGET, dashed=True)] if promised else []
    series = (Series(7, charts.BEFORE), Series(8, charts.AFTER), *target)
    picture = Chart("lines", "Preventative share of spend", about, "Year", "Share of spend", 2,
                    series, facts.horizon, "0%")  # fmt: skip
    return replace(shares, chart=picture)


def _span(facts: Facts) -> str:
    return f"{facts.words.years[0]} to {facts.words.years[-1]}"


def _levels(facts: Facts, tables: Tables) -> Sheet:
    rows: list[Row] = []
    for level in LEVELS:
        row = FIRST_ROW + len(rows)
        sums = [Formula(sum_where(tables.level, column, {1: here(1, row)})) for column in (4, 5)]
        rows.append([level, *sums, *change_cells(2, row)])
    total = FIRST_ROW + len(rows)
    rows.append(["All levels", *(sum_column(len(LEVELS), c) for c in (2, 3)), *change_cells(2, total)])
    about = (
        f"Bar chart of preventative and of responsive spend, all years {_span(facts)} together, before beside after, in "
        f"{facts.words.money}. The numbers are in the table above it."
    )
    series = (Series(2, charts.BEFORE), Series(3, charts.AFTER))
    picture = Chart("bars", "Spend before and after, by prevention level", about, "Prevention level", facts.words.money, 1,
                    series, len(LEVELS) - 1)  # fmt: skip
    note = f"Held services are in the table only: the plan moves nothing there. {_LIVE}"
    title = f"Before and after by prevention level, all years ({facts.words.money})"
    return Sheet(BEFORE_AFTER, title, (Column("Level", 20), *_CHANGE), rows, note, 1, kind="chart", chart=picture)


def _need(facts: Facts, tables: Tables) -> Sheet:
    columns = (
        Column("Year", 8, "0", align="center"),
        Column("Financial year", 14, align="center"),
        *(Column(title, 18, COUNT) for title in ("Need if nothing changes", "Prevented", "Met", "Unmet")),
    )
    rows: list[Row] = []
    for year in facts.years:
        keys = {3: here(1, FIRST_ROW + len(rows))}
        rows.append([*facts.year_cells(year), *(Formula(sum_where(tables.demand, c, keys)) for c in (5, 6, 7, 8))])
    about = (
        f"Stacked bar chart of need, {_span(facts)}, in {facts.words.need}: what is prevented, met and left unmet, year by year. "
        "The numbers are in the table above it."
    )
    series = (Series(5, charts.AFTER), Series(6, charts.UNMET), Series(4, charts.PREVENTION))
    picture = Chart("stacked", "Need: prevented, met and unmet", about, "Year", facts.words.need, 2, series, facts.horizon)
    note = f"It adds the {facts.words.need} of all responsive services, which are not of one kind. {_LIVE}"
    return Sheet(NEED, f"Demand and unmet need by year ({facts.words.need})", columns, rows, note, kind="chart", chart=picture)


def _purses(facts: Facts, tables: Tables) -> Sheet:
    titles = ("Budget", "Before", "After", "Change", "Underspend")
    columns = (Column("Agency", 34, wrap=True), *(Column(title, 18, MONEY) for title in titles))
    rows: list[Row] = []
    for position, agency in facts.items("agencies"):
        keys = {1: here(1, FIRST_ROW + len(rows))}
        modelled = any(facts.inputs.has("agencies", position, "budget", year=year) for year in facts.years)
        sums = [Formula(sum_where(tables.agency, c, keys)) for c in (4, 5, 6, 7, 16)]
        rows.append([facts.words.of(agency["id"]), sums[0] if modelled else "[x]", *sums[1:]])
    count = len(rows)
    rows.append(["All agencies", *(sum_column(count, c) for c in (2, 3, 4, 5, 6))])
    about = (
        f"Bar chart of the change of each agency's spend, and of its underspend, all years {_span(facts)} together, in "
        f"{facts.words.money}. The numbers are in the table above it."
    )
    series = (Series(5, charts.AFTER), Series(6, charts.BEFORE))
    picture = Chart(
        "across", "Change of each agency's spend, and its underspend", about, "Agency", facts.words.money, 1, series, count
    )
    note = f"[x]: a budget that is not modelled. Set-up cost, pools and what is carried over are on By agency. {_LIVE}"
    return Sheet(PURSES, f"Purses, all years ({facts.words.money})", columns, rows, note, 1, kind="chart", chart=picture)
