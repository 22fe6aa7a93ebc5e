"""The last look at the money tables before they leave: nothing published may give a number of children under ten.

It reads the tables that are published and nothing else, so that a slip in the merging cannot pass.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from rcs_core.errors import DisclosureError
from rcs_core.records.ledgers.clues import Clue, Cost, Paid, of_money
from rcs_core.records.ledgers.parts import number, rows, text
from rcs_core.release import Table

COUNTS = (("services", "children_served"), ("services", "capacity"), ("services", "take_up"), ("demand", "children"))


def refuse_small(tables: Sequence[Table], min_cell: int) -> None:
    """Raise DisclosureError when a published figure, or one over another, gives a number of children under `min_cell`."""
    frames = {table.name: table.frame for table in tables}
    found = [*_counts(frames, min_cell), *_money(frames, min_cell), *_strangers(frames)]
    if found:
        raise DisclosureError(
            f"published money would give a number of children under {min_cell} away",
            got="; ".join(found[:3]),
            expected=f"{min_cell} children or more by every figure",
            remedy="merge the service with others in the register, then build again",
        )


def _counts(frames: Mapping[str, pd.DataFrame], min_cell: int) -> Iterator[str]:
    for name, column in COUNTS:
        for at, row in rows(frames[name]):
            count = number(row.get(column), name, column)
            if count is not None and count < min_cell:
                yield f"{name}, row {at}: {column} of {text(row['service_id'])} is too small"


def _money(frames: Mapping[str, pd.DataFrame], min_cell: int) -> Iterator[str]:
    money = published_money(frames["spend"])
    for _, row in rows(frames["unit_costs"]):
        service = text(row["service_id"])
        # Over the lower end of a band a part gives the most children it can stand for.
        cost = number(row["unit_cost_gbp"], "unit_costs", "unit_cost_gbp") or number(
            row.get("unit_cost_from_gbp"), "unit_costs", ""
        )
        prices = [Cost(cost * 100, "its unit cost")] if cost else []
        for clue in (*of_money(money.get(service, {}), prices), *_budgeted(frames, service, prices)):
            if clue.children < min_cell:
                yield f"{service}: {clue.words}"


def _budgeted(frames: Mapping[str, pd.DataFrame], service: str, prices: list[Cost]) -> Iterator[Clue]:
    """Each year's published budgets of a service, by payer and in all, over what one child costs."""
    years: dict[str, dict[Paid, int]] = defaultdict(dict)
    for _, row in rows(frames["budgets"]) if "budgets" in frames else []:
        if text(row["service_id"]) == service:
            amount = number(row["amount_gbp"], "budgets", "amount_gbp") or Fraction(0)
            years[text(row["financial_year"])][text(row["agency"]), "", "", "", "", ""] = round(amount * 100)
    for year, money in years.items():
        yield from (replace(clue, words=f"{year}: {clue.words}") for clue in of_money(money, prices))


def _strangers(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Services that stand in a table of their own figures although they are not published by themselves."""
    about = frames["services"]
    known = set(about["service_id"])
    alone = set(about.loc[about["services_merged"] == 1, "service_id"])
    for name, column, allowed in (
        *([("budgets", "service_id", known)] if "budgets" in frames else []),
        ("spend", "service_id", known),
        ("demand", "service_id", known),
        ("unit_costs", "service_id", alone),
        ("effects", "service_id", alone),
        ("effects", "acts_on", alone),
    ):
        yield from (f"{name} has {sid}, which is not published by itself" for sid in sorted(set(frames[name][column]) - allowed))


def published_money(spend: pd.DataFrame) -> dict[str, dict[Paid, int]]:
    """Pence of each service by payer and kinds of money, from the table as it is published."""
    found: dict[str, dict[Paid, int]] = defaultdict(lambda: defaultdict(int))
    for _, row in rows(spend):
        kinds = (text(row["money_kind"]), text(row["recurring"]), text(row["revenue_or_capital"]))
        paid = (text(row["agency"]), *kinds, text(row.get("key_id")), text(row.get("fund")))
        amount = number(row["amount_gbp"], "spend", "amount_gbp") or Fraction(0)
        found[text(row["service_id"])][paid] += round(amount * 100)
    return {service: dict(money) for service, money in found.items()}
