"""What must be true of a plan's figures, each as a live formula that says TRUE or FALSE.

Purses balance to the penny, totals agree by agency, by level and by service, need is accounted for, and the promises hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rcs_core.sheets.write import FIRST_ROW, Column, Formula, Row, Sheet, Value, cell, span
from rcs_core.workshop.export.scenario_facts import Facts, plus, quoted, sum_where
from rcs_core.workshop.export.scenario_sheets import HELD, PREVENTATIVE, RESPONSIVE

CHECKS = "Checks"
_TINY = 1e-6
"""How far a share or a need may be out: the solver's own tolerance."""
_HOLDS = 8
_COLUMNS = (
    Column("Check", 52, wrap=True),
    Column("Of what", 40, wrap=True),
    Column("This", 18, "#,##0.00####"),
    Column("Must be", 12, align="center"),
    Column("That", 18, "#,##0.00####"),
    Column("Difference", 14, "0.00E+00"),
    Column("Tolerance", 12, "0.00E+00"),
    Column("Holds", 10, flag=True, align="center"),
    Column("In words", 16),
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The sheets that the checks compare."""

    spend: Sheet
    demand: Sheet
    allocation: Sheet
    agency: Sheet
    level: Sheet
    shares: Sheet


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true: `this` is `relation` (equal, at least, at most) to `that` within `tolerance`."""

    text: str
    about: str
    this: str
    relation: str
    that: str
    tolerance: float


def checks_sheet(facts: Facts, tables: Tables | None, more: Sequence[Check] = ()) -> Sheet:
    """The proofs of a plan; without a plan (`tables` is None) those of its inputs only. more: those of other sheets."""
    found = [*_inputs(facts)]
    if tables:
        found += [
            _same_inputs(facts),
            *_purses(facts, tables.agency),
            *_totals(facts, tables),
            *_needs(facts, tables),
            *_promises(facts, tables),
        ]
    else:
        found += _floors_within_budgets(facts)
    found += more
    rows: list[Row] = [_row(check, FIRST_ROW + index) for index, check in enumerate(found)]
    note = f"Tolerance of a penny on money ({facts.words.money}); the cover says whether all hold."
    return Sheet(CHECKS, "Checks", _COLUMNS, rows, note)


def all_hold(checks: Sheet) -> Formula:
    """Whether every check holds."""
    return Formula(f"AND({span(CHECKS, _HOLDS, FIRST_ROW, checks.last_row)})") if checks.rows else Formula("TRUE()")


def in_words(checks: Sheet) -> Formula:
    """How many checks hold, as a sentence: some programs show TRUE as 1."""
    run, count = span(CHECKS, _HOLDS, FIRST_ROW, checks.last_row), len(checks.rows)
    if not count:
        return Formula('"There is nothing to check"')
    broken = f"SUMPRODUCT(({run}=FALSE)*1)"
    return Formula(f'IF({broken}=0,"All {count} checks hold",{broken}&" of {count} checks do not hold: see the sheet Checks")')


def _row(check: Check, row: int) -> Row:
    gap = {"equal to": f"ABS(C{row}-E{row})", "at least": f"MAX(0,E{row}-C{row})", "at most": f"MAX(0,C{row}-E{row})"}
    live: list[Value] = [Formula(check.this), check.relation, Formula(check.that), Formula(gap[check.relation])]
    return [
        check.text,
        check.about,
        *live,
        check.tolerance,
        Formula(f"IFERROR(F{row}<=G{row},FALSE)"),
        Formula(f'IF(H{row},"holds","DOES NOT HOLD")'),
    ]


def _same_inputs(facts: Facts) -> Check:
    about = "All inputs; bring the workbook back to solve it again"
    return Check("Inputs that differ from those of this plan", about, facts.inputs.changed(), "equal to", "0", 0.0)


def inputs_in_words(facts: Facts) -> Formula:
    """Whether the plan is still that of the inputs, as a sentence."""
    many = facts.inputs.changed()
    stale = "changed since: the plan is not theirs. Bring the workbook back to solve it again"
    return Formula(f'IF({many}=0,"As they were when the plan was worked out",{many}&" {stale}")')


def _inputs(facts: Facts) -> Iterator[Check]:
    for position, service in facts.items("acute"):
        paid = plus(facts.inputs.ref("acute", position, "payer", agency) for agency in service["payer"])
        yield Check("The payers' shares add up", facts.words.of(service["id"]), paid, "equal to", "1", _TINY)


def _purses(facts: Facts, agency: Sheet) -> Iterator[Check]:
    for offset, (position, year) in enumerate((p, y) for p, _ in facts.items("agencies") for y in facts.years):
        if facts.inputs.has("agencies", position, "budget", year=year):
            at = {
                letter: cell(agency.name, column, FIRST_ROW + offset) for column, letter in enumerate("ABCDEFGHIJKLMNOP", start=1)
            }
            out = plus(at[letter] for letter in "FJKMOP")
            money_in = plus(at[letter] for letter in "DLN")
            about = f"{facts.words.of(facts.scenario['agencies'][position]['id'])}, {facts.words.years[year - 1]}"
            yield Check("Spend and underspend make up the budget", about, out, "equal to", money_in, facts.penny)


def _totals(facts: Facts, tables: Tables) -> Iterator[Check]:
    spend, allocation, demand = tables.spend, tables.allocation, tables.demand
    for year in facts.years:
        about, when = facts.words.years[year - 1], str(year)
        for word, column in (("before", 6), ("after", 7)):
            whole = sum_where(allocation, column, {4: when})
            agencies = sum_where(tables.agency, column - 1, {2: when})
            levels = sum_where(tables.level, column - 2, {2: when})
            yield Check(f"Spend {word} is the same by agency", about, agencies, "equal to", whole, facts.penny)
            yield Check(f"Spend {word} is the same by level", about, levels, "equal to", whole, facts.penny)
        yield Check("Agencies' shares make a whole", about, sum_where(tables.agency, 9, {2: when}), "equal to", "1", _TINY)
    pairs = ((PREVENTATIVE, sum_where(spend, 7, {})), (RESPONSIVE, sum_where(demand, 11, {})))
    for level, given in pairs:
        total = sum_where(allocation, 7, {2: f'"{level}"'})
        yield Check("The allocation holds all of the solver's spend", level, total, "equal to", given, facts.penny)
    for year in facts.years:
        held = plus(facts.inputs.ref("held", p, "amount", year=year) for p, _ in facts.items("held"))
        after = sum_where(allocation, 7, {2: quoted(HELD), 4: str(year)})
        yield Check("Held services are what the inputs say", facts.words.years[year - 1], after, "equal to", held, facts.penny)
    yield from _discounting(facts, tables)


def _discounting(facts: Facts, tables: Tables) -> Iterator[Check]:
    years, amounts = (span(tables.allocation.name, c, FIRST_ROW, tables.allocation.last_row) for c in (4, 7))
    again = f"SUMPRODUCT({amounts}/(1+{facts.inputs.ref('discount_rate')})^({years}-1))" if tables.allocation.rows else "0"
    yield Check(
        "Discounted spend, worked out twice", "All years", sum_where(tables.level, 12, {}), "equal to", again, facts.penny
    )


def _needs(facts: Facts, tables: Tables) -> Iterator[Check]:
    demand = tables.demand
    if demand.last_row < FIRST_ROW:
        return
    run = {
        letter: span(demand.name, column, FIRST_ROW, demand.last_row) for column, letter in enumerate("ABCDEFGHIJKLM", start=1)
    }
    for _, service in facts.items("acute"):
        name = facts.words.of(service["id"])
        mine = f"({run['A']}={quoted(name)})"
        short = f"SUMPRODUCT({mine}*({run['F']}+{run['G']}+{run['H']}<{run['E']}-{_TINY}))"
        left = f"{run['E']}-{run['F']}-{run['G']}"
        wrong = f"SUMPRODUCT({mine}*(ABS({run['H']}-({left})*(({left})>0))>{10 * _TINY}))"
        over = f"SUMPRODUCT({mine}*({run['G']}>{run['I']}+{_TINY}))"
        drift = f"SUMPRODUCT({mine}*ABS({run['K']}-{run['M']}))"
        yield Check("Rows where need is not all prevented, met or unmet", name, short, "equal to", "0", 0.0)
        yield Check("Rows where unmet is not what is neither prevented nor met", name, wrong, "equal to", "0", 0.0)
        yield Check("Rows where more need is met than there is capacity", name, over, "equal to", "0", 0.0)
        yield Check("Cost is what the inputs make it", name, drift, "equal to", "0", facts.penny)


def _promises(facts: Facts, tables: Tables) -> Iterator[Check]:
    after = span(tables.spend.name, 7, FIRST_ROW, tables.spend.last_row)
    if tables.spend.last_row >= FIRST_ROW:
        yield Check("No spend is negative", "All preventative spend", f"MIN({after})", "at least", "0", facts.penny)
    for year in facts.years:
        when = facts.words.years[year - 1]
        if facts.inputs.has("share_target", year=year) and not facts.scenario.get("share_penalty"):
            row = FIRST_ROW + year - 1
            reached, target = cell(tables.shares.name, 8, row), cell(tables.shares.name, 10, row)
            yield Check("The preventative share reaches its target", when, reached, "at least", target, _TINY)
        yield from _floors(facts, tables.allocation, year)


def _floors(facts: Facts, allocation: Sheet, year: int) -> Iterator[Check]:
    when = facts.words.years[year - 1]
    for part in ("prevention", "acute"):
        for position, service in facts.items(part):
            if facts.inputs.has(part, position, "floor", year=year):
                name = facts.words.of(service["id"])
                least = facts.inputs.ref(part, position, "floor", year=year)
                spent = sum_where(allocation, 7, {1: quoted(name), 4: str(year)})
                yield Check("Spend is at or over its floor", f"{name}, {when}", spent, "at least", least, facts.penny)
    for position, ring in facts.items("ringfences"):
        agency = quoted(facts.words.of(ring["agency"]))
        spent = _spent_on(allocation, [facts.words.of(s) for s in ring["services"]], agency, year)
        least = facts.inputs.ref("ringfences", position, "amount", year=year)
        yield Check("The ring-fence is kept", f"{ring['id']}, {when}", spent, "at least", least, facts.penny)


def _spent_on(allocation: Sheet, services: Sequence[str], agency: str, year: int) -> str:
    """What an agency spends on any of these services in a year, in one formula however many they are."""
    if allocation.last_row < FIRST_ROW or not services:
        return "0"
    service, who, when, amounts = (span(allocation.name, c, FIRST_ROW, allocation.last_row) for c in (1, 3, 4, 7))
    any_of = "+".join(f"({service}={quoted(name)})" for name in dict.fromkeys(services))
    return f"SUMPRODUCT(({any_of})*({who}={agency})*({when}={year}),{amounts})"


def _floors_within_budgets(facts: Facts) -> Iterator[Check]:
    """What an agency alone must spend, against its budget: the commonest clash, shown in its own figures."""
    for position, agency in facts.items("agencies"):
        alone = [p for p, s in facts.items("prevention") if list(s["agencies"]) == [agency["id"]]]
        held = [p for p, s in facts.items("held") if s["agency"] == agency["id"]]
        for year in facts.years:
            if facts.inputs.has("agencies", position, "budget", year=year):
                parts = [facts.inputs.ref("prevention", p, "floor", year=year) for p in alone]
                parts += [facts.inputs.ref("held", p, "amount", year=year) for p in held]
                about = f"{facts.words.of(agency['id'])}, {facts.words.years[year - 1]}"
                budget = facts.inputs.ref("agencies", position, "budget", year=year)
                yield Check("Floors and held services fit in the budget", about, plus(parts), "at most", budget, facts.penny)
