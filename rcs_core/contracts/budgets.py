"""Budgets of later years: of years that come after the ledgers and are written as years, for services that have money.

In: `budgets`, the ledger map and the partnership. Out: breaches.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Rule
from rcs_core.vocab import Severity

STEM = "budgets"


def check_budgets(tables: Mapping[str, Mended], about: Mapping[str, Any]) -> list[Breaches]:
    """Everything wrong with the budgets beside what one row can tell."""
    table = tables.get(STEM)
    if table is None or not {"service_id", "agency", "financial_year"} <= set(table.frame.columns) or table.frame.empty:
        return []
    return [*_two_years(table), *_after(table, str(about.get("price_year", ""))), *_no_spend(table, tables.get("ledger_map"))]


def _two_years(table: Mended) -> list[Breaches]:
    """A financial year runs from one calendar year into the next."""
    years = table.frame["financial_year"]
    halves = years.str.extract(r"^(\d{4})-(\d{2})$").astype("Float64")
    hit = ((halves[0] + 1) % 100 != halves[1]).fillna(False).to_numpy(dtype=bool)
    rule = Rule("two_years", "a year and the next, such as 2026-27", Severity.ERROR, "correct the year")
    return group(table, hit, rule, "financial_year", years[hit].tolist())


def _after(table: Mended, price_year: str) -> list[Breaches]:
    """What was spent in the ledgers' year is in the ledgers; a budget of that year or before would tell it twice."""
    years = table.frame["financial_year"]
    hit = (years.str.fullmatch(r"\d{4}-\d{2}") & (years <= price_year)).to_numpy(dtype=bool)
    text = f"a year after that of the ledgers, {price_year}"
    rule = Rule("after_ledgers", text, Severity.ERROR, "remove the row: what was spent then is in the ledgers")
    return group(table, hit, rule, "financial_year", years[hit].tolist())


def _no_spend(table: Mended, mapping: Mended | None) -> list[Breaches]:
    """A budget beside no spend: a new service, or a slip in its id or payer; only the sender knows which."""
    if mapping is None or not {"service_id", "agency"} <= set(mapping.frame.columns):
        return []
    paid = set(mapping.frame["service_id"] + "|" + mapping.frame["agency"])
    pairs: pd.Series = table.frame["service_id"] + "|" + table.frame["agency"]
    hit = (~pairs.isin(list(paid)) & ~pairs.duplicated()).to_numpy(dtype=bool)
    text = "a service that this agency pays for in the ledger map"
    rule = Rule("no_spend", text, Severity.NOTE, "nothing need be done for new money; otherwise correct service_id or agency")
    return group(table, hit, rule, "agency", pairs[hit].str.replace("|", ", ").tolist())
