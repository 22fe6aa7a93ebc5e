"""Budgets of later years as they may be published: by service, payer and year, small services merged.

In: `budgets.csv`, in the cash of each year. A budget over what one child costs is a number of children like any other part
of the money, so the budgets of a service are left out whole where one of them would give a number under the threshold: a
year missing between others would say that it is small. See `docs/methods/money.md`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from rcs_core.records.ledgers.claims import MAPPED
from rcs_core.records.ledgers.clues import REVENUE, Cost, payer, unit_costs
from rcs_core.records.ledgers.merge import Home
from rcs_core.records.ledgers.parts import MoneyRecords, number, pounds, rows, text
from rcs_core.records.ledgers.tables import Context
from rcs_core.release import Table

BUDGETS_FILE = "budgets.csv"
STATES = ("approved", "indicative", "assumed")
"""From the firmest to the least firm; a sum is as firm as its least firm part."""
COLUMNS = ("service_id", "service_name", "parent_group", "agency", "financial_year", "amount_gbp", "state", "source")
type Budget = tuple[int, str, str]
"""Pence, state and source."""
type Budgets = Mapping[tuple[str, str], Mapping[str, Budget]]
"""By payer and year the budget of each member of a home."""


def budgets_table(context: Context) -> tuple[list[Table], list[str]]:
    """The budgets that may be published, no table where none were sent; and for the desk what was left out, and why."""
    given = _read(context.records)
    if not given:
        return [], []
    found, notes = [], []
    for home in context.homes.homes:
        own = _of_home(home, given)
        kept, told = _comparable(context, home, own)
        small = _small(context, home, kept)
        notes += [f"{BUDGETS_FILE}: {line}" for line in (*told, *small)]
        if not small:
            count = len(home.members)
            name = f"{home.name} ({count})" if home.merged and count > 1 else home.name
            found += [
                (home.id, name, home.parent_group, agency, year, *_sum(list(by.values())))
                for (agency, year), by in sorted(kept.items())
            ]
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    title = "Budgets of later years by service and payer, in the cash of each year"
    return [Table("budgets", title, frame)] if found else [], notes


def _read(records: MoneyRecords) -> dict[str, dict[tuple[str, str], Budget]]:
    """Budgets by service, then payer and year; nothing where none were sent."""
    found: dict[str, dict[tuple[str, str], Budget]] = defaultdict(dict)
    for at, row in rows(records.budgets) if records.budgets is not None else []:
        amount = number(row["amount_gbp"], f"{BUDGETS_FILE}, row {at}", "amount_gbp") or Fraction(0)
        told = (round(amount * 100), text(row["state"]), text(row["source"]))
        found[text(row["service_id"])][text(row["agency"]), text(row["financial_year"])] = told
    return found


def _of_home(home: Home, given: Mapping[str, Mapping[tuple[str, str], Budget]]) -> Budgets:
    by: dict[tuple[str, str], dict[str, Budget]] = defaultdict(dict)
    for member in home.members:
        for key, budget in given.get(member, {}).items():
            by[key][member] = budget
    return by


def _comparable(context: Context, home: Home, own: Budgets) -> tuple[Budgets, list[str]]:
    """Of a merged group only budgets of all the members that the agency pays, two at least: less would tell one member's."""
    if not home.merged:
        return own, []
    lines = context.lines[context.lines["fate"] == MAPPED]
    pays = {agency: set(some["service_id"]) & set(home.members) for agency, some in lines.groupby("agency")}
    whole = {key: by for key, by in own.items() if len(by) > 1 and pays.get(key[0], set()) <= set(by)}
    gone = sorted(set(own) - set(whole))
    which = "; ".join(f"{payer(agency)} {year}" for agency, year in gone)
    return whole, [f"{home.name}: left out, as not every member has one ({which})"] if gone else []


def _small(context: Context, home: Home, kept: Budgets) -> list[str]:
    """Why the budgets of a home cannot be shown, in words without a number of children; nothing where they can."""
    known = unit_costs(context.records)
    dearest = {m: max(known[m], key=lambda cost: cost.pence) for m in home.members if m in known}
    average = _average(context, home)
    for words, by in _parts(kept):
        priced = [Fraction(pence) / dearest[m].pence for m, pence in by.items() if m in dearest]
        ways = [(sum(priced, Fraction(0)), "its unit cost")] if priced else []
        ways += [(sum(by.values()) / cost.pence, cost.words) for cost in average]
        for children, over in ways:
            if 0 < children < context.min_cell:
                return [f"{home.name}: all left out, as {words}, over {over}, gives too few children"]
    return []


def _parts(kept: Budgets) -> Iterator[tuple[str, dict[str, int]]]:
    """What a reader can add up: each payer's budget of a year, and all payers', in pence by member."""
    years: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (agency, year), by in kept.items():
        for member, (pence, _, _) in by.items():
            years[year][member] += pence
        yield f"what {payer(agency)} has set aside for {year}", {member: pence for member, (pence, _, _) in by.items()}
    yield from ((f"its budget of {year}", by) for year, by in years.items())


def _average(context: Context, home: Home) -> list[Cost]:
    """What is spent for each child of the ledgers' year, where the caseload of that year is told."""
    if context.uncounted(home):
        return []
    year = text(context.records.partnership.get("price_year"))
    mine = [row for _, row in rows(context.records.demand) if text(row["service_id"]) in home.members]
    counts = [number(row["children"], "demand_history.csv", "children") for row in mine if text(row["year"]) == year]
    children = sum((n for n in counts if n is not None), Fraction(0))
    lines = context.lines
    own = lines[lines["service_id"].isin(home.members) & (lines["fate"] == MAPPED) & (lines["revenue_or_capital"] == REVENUE)]
    pence = int(own["pence"].sum())
    return [Cost(Fraction(pence) / children, "what it spends for each child")] if children > 0 and pence > 0 else []


def _sum(budgets: Sequence[Budget]) -> tuple[float, str, str]:
    """Several members' budgets as one: the sum, the least firm state, and every source."""
    states = [state for _, state, _ in budgets]
    least = max(states, key=lambda state: STATES.index(state) if state in STATES else len(STATES))
    sources = "; ".join(dict.fromkeys(source for _, _, source in budgets))
    return pounds(sum(pence for pence, _, _ in budgets)), least, sources
