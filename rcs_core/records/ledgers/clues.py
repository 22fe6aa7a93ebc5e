"""What the published figures of a service would let a reader work out: each clue a number of children, and words for the desk.

A clue is the children served, the places, a year of demand, and any part of the spend over what one child costs:
the spend, the revenue, what one payer pays, one kind of money. A level's part is none: it is a percentage of the
register, published beside it, and the same percentage of every child. See `docs/methods/money.md`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import pandas as pd

from rcs_core.records.ledgers.claims import MAPPED
from rcs_core.records.ledgers.parts import MoneyRecords, number, rows, text
from rcs_core.vocab import Agency

UNIVERSAL = "universal"
EVERY_CHILD = Fraction(1_000_000)
"""Stands for the uncounted children of a service for every child; of any other service, not known is not enough."""
REVENUE = "revenue"
FIELDS = ("agency", "money_kind", "recurring")
type Paid = tuple[str, str, str, str, str, str]
"""Payer, kind of money, recurring or not, revenue or capital, key it was divided by, fund: the finest money published."""
type Money = Mapping[Paid, int]
"""Pence of one service."""


@dataclass(frozen=True, slots=True)
class Clue:
    """Children that a reader could work out, and how, in words that hold no number of children."""

    children: Fraction
    words: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What one child costs, in pence, and where a reader has it from."""

    pence: Fraction
    words: str


def money_of(lines: pd.DataFrame) -> dict[str, dict[Paid, int]]:
    """Pence of every service by payer and kinds of money."""
    mapped = lines[lines["fate"] == MAPPED]
    found: dict[str, dict[Paid, int]] = defaultdict(lambda: defaultdict(int))
    columns = ["service_id", *FIELDS, "revenue_or_capital", "key_id", "fund", "pence"]
    for service, agency, kind, recurring, sort, key, fund, pence in mapped[columns].itertuples(index=False, name=None):
        found[str(service)][str(agency), str(kind), str(recurring), str(sort), str(key), str(fund)] += int(pence)
    return {service: dict(money) for service, money in found.items()}


def clues(records: MoneyRecords, money: Mapping[str, Money]) -> dict[str, list[Clue]]:
    """Every clue to a number of children, by service of the register."""
    costs, found = unit_costs(records), defaultdict[str, list[Clue]](list)
    for at, row in rows(records.services):
        where, service = f"services.xlsx, row {at}", text(row["service_id"])
        served, places = (number(row.get(c), where, c) for c in ("children_served", "capacity"))
        found[service].append(_served(served, text(row["reach"])))
        if places is not None:
            found[service].append(Clue(places, "it has too few places"))
    for service, year, children in _caseloads(records):
        found[service].append(Clue(children, f"its caseload of {year} is too small"))
        if year == text(records.partnership.get("price_year")):
            found[service] += _of_average(children, money.get(service, {}))
    for service, prices in costs.items():
        found[service] += of_money(money.get(service, {}), prices)
    return dict(found)


def _served(served: Fraction | None, reach: str) -> Clue:
    if served is None:
        uncounted = EVERY_CHILD if reach == UNIVERSAL else Fraction(0)
        return Clue(uncounted, "the children it serves are not counted")
    return Clue(served, "it serves too few children")


def _caseloads(records: MoneyRecords) -> Iterator[tuple[str, str, Fraction]]:
    """Service, year and children of the history of demand."""
    for at, row in rows(records.demand):
        children = number(row["children"], f"demand_history.csv, row {at}", "children")
        if children is not None:
            yield text(row["service_id"]), text(row["year"]), children


def unit_costs(records: MoneyRecords) -> dict[str, list[Cost]]:
    """What one child costs, by service, in every year that the history has it: an earlier release may hold any of them."""
    found: dict[str, list[Cost]] = defaultdict(list)
    for at, row in rows(records.demand):
        cost = number(row["unit_cost_gbp"], f"demand_history.csv, row {at}", "unit_cost_gbp")
        if cost is not None and cost > 0:
            found[text(row["service_id"])].append(Cost(cost * 100, f"its unit cost of {text(row['year'])}"))
    return dict(found)


def _of_average(children: Fraction, money: Money) -> list[Clue]:
    """What one payer pays over the average cost, which follows from the spend and the caseload of the year of the ledgers."""
    revenue = {paid: pence for paid, pence in money.items() if paid[3] == REVENUE}
    whole = sum(revenue.values())
    if children <= 0 or whole <= 0:
        return []
    return of_money(revenue, [Cost(Fraction(whole) / children, "what it spends for each child of its caseload")])


def of_money(money: Money, prices: list[Cost]) -> list[Clue]:
    """Every published part of a service's spend over every cost of one child; income and nothing are no children."""
    return [
        Clue(pence / price.pence, f"{words}, over {price.words}, gives too few children")
        for price in prices
        for words, pence in parts_of(money).items()
        if pence > 0
    ]


def parts_of(money: Money) -> dict[str, int]:
    """Pence of every part that a reader can add up: by payer, by key, by fund, and of the revenue by any mix of its kinds.

    Building works buy no place, so capital counts only in the whole and in what one payer pays.
    """
    found: dict[str, int] = defaultdict(int)
    keyed, bound = any(paid[4] for paid in money), any(paid[5] for paid in money)
    for (agency, kind, recurring, sort, key, fund), pence in money.items():
        found["its spend"] += pence
        found[f"what {payer(agency)} pays"] += pence
        divided = [f"divided by key: {key or 'none'}"] if keyed else []
        divided += [f"of fund: {fund or 'none'}"] if bound else []
        for part in divided:
            found[f"its spend {part}"] += pence
        if sort == REVENUE:
            told = (f"paid by {payer(agency)}", f"{kind or 'other'} money", f"recurring: {recurring or 'not told'}", *divided)
            for size in range(len(told) + 1):
                for some in combinations(told, size):
                    found[f"its revenue ({', '.join(some)})" if some else "its revenue"] += pence
    return dict(found)


def payer(code: str) -> str:
    """An agency in words."""
    return Agency(code).label if code in set(Agency) else code or "nobody named"
