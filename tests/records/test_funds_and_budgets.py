"""Claims about ring-fenced funds and about the years after the ledgers: by hand, and against the gate."""

from typing import Any

import pandas as pd
import pytest

from rcs_core.audit.money import money_leaks
from rcs_core.contracts import contracts
from rcs_core.records.ledgers import SpendMap, map_spend
from rcs_core.settings import CONTRACTS, read_yaml
from tests.records.money_case import claim, cost, ledger, pence, published, records, service

YEARS = ("2026-27", "2027-28")


def budget(sid: str, amount: float, year: str = "2026-27", state: str = "approved", **other: Any) -> dict[str, Any]:
    row = {"service_id": sid, "agency": "council_social_work", "financial_year": year, "amount_gbp": amount}
    return {**row, "state": state, "source": "budget paper, 27 February 2026", **other}


def made(claims: list[dict], lines: list[tuple[str, int]], budgets: list[dict], demand: Any = (), **about: Any) -> SpendMap:
    services = [service(s, parent_group=f"Group {s}", **about.get(s, {})) for s in ("S1", "S2", "S3")]
    frame = pd.DataFrame(claims).fillna("")
    given = pd.DataFrame(budgets) if budgets else None
    return map_spend(records(services, {"ledger_council": ledger(*lines)}, [], demand, ledger_map=frame, budgets=given))


def test_money_of_a_fund_stands_under_its_name_and_the_sum_is_what_it_was() -> None:
    claims = [claim("1", "S1", 40, fund="PEF"), claim("1", "S1", 60), claim("2", "S2"), claim("3", "S3", fund="WFWF")]
    spend = made(claims, [("1", 100_001), ("2", 500_000), ("3", 70_000)], []).table("spend").frame
    by_fund = {fund: pence(rows, "amount_gbp") for fund, rows in spend.groupby("fund")}
    # 40% of £1,000.01 is £400.004: £400.00, and the penny goes to the 60%, £600.006.
    assert by_fund == {"PEF": 40_000, "": 60_001 + 500_000, "WFWF": 70_000}


def test_without_a_fund_no_table_gets_a_column() -> None:
    assert "fund" not in made([claim("1", "S1")], [("1", 100)], []).table("spend").frame


def test_a_fund_that_pays_fewer_than_ten_places_is_not_told() -> None:
    """At £10,000 a place, £90,000 of a fund is 9 places although the whole is 100."""
    demand = [cost("S1", "2025-26", 100, 10_000)]
    for fund, shown in ((9_000_000, False), (10_000_000, True)):
        claims = [claim("1", "S1", fund="PEF"), claim("2", "S1"), claim("3", "S2"), claim("4", "S3")]
        found = made(claims, [("1", fund), ("2", 100_000_000 - fund), ("3", 50_000_000), ("4", 50_000_000)], [], demand)
        assert ("S1" in published(found)) is shown
        assert money_leaks(found.tables, 10) == []


def test_the_funds_of_the_contract_are_those_of_the_list_each_with_a_source() -> None:
    listed = read_yaml(CONTRACTS / "funds.yaml")["funds"]
    column = contracts()["ledger_map"].column("fund")
    assert column is not None
    assert column.labels == {fund["code"]: fund["name"] for fund in listed}
    assert all(set(fund) == {"code", "name", "conditions", "source", "date"} and all(fund.values()) for fund in listed)


def test_budgets_pass_by_service_payer_and_year_with_their_state() -> None:
    budgets = [budget("S1", 1_010_000.5), budget("S1", 1_020_000, YEARS[1], "indicative"), budget("S2", 5)]
    found = made([claim("1", "S1"), claim("2", "S2")], [("1", 100_000_000), ("2", 500)], budgets)
    rows = found.table("budgets").frame[["service_id", "financial_year", "amount_gbp", "state"]].to_numpy().tolist()
    assert rows == [
        ["S1", "2026-27", 1_010_000.5, "approved"],
        ["S1", "2027-28", 1_020_000.0, "indicative"],
        ["S2", "2026-27", 5.0, "approved"],
    ]
    assert money_leaks(found.tables, 10) == []


@pytest.mark.parametrize(("amount", "shown"), [(9 * 50_000, False), (10 * 50_000, True)])
def test_a_budget_that_gives_a_number_under_ten_takes_all_budgets_of_the_service_with_it(amount: float, shown: bool) -> None:
    demand = [cost("S1", "2025-26", 40, 50_000)]
    budgets = [budget("S1", 2_000_000), budget("S1", amount, YEARS[1]), budget("S2", 1_000)]
    found = made([claim("1", "S1"), claim("2", "S2")], [("1", 200_000_000), ("2", 100_000)], budgets, demand)
    assert sorted(found.table("budgets").frame["service_id"]) == (["S1", "S1", "S2"] if shown else ["S2"])
    assert "S1" in published(found), "a budget never changes under which name a service stands"
    assert any("S1" in note and "too few children" in note for note in found.notes) is not shown
    assert money_leaks(found.tables, 10) == []


def test_a_merged_group_has_a_budget_only_where_all_that_the_agency_pays_have_one() -> None:
    small = {s: {"parent_group": "Small", "children_served": 6} for s in ("S1", "S2")}
    claims, lines = [claim(c, s) for c, s in (("1", "S1"), ("2", "S2"), ("3", "S3"))], [("1", 100), ("2", 200), ("3", 300)]
    budgets = [budget("S1", 10), budget("S2", 20, state="indicative"), budget("S1", 11, YEARS[1]), budget("S3", 3)]
    services = [service(s, **{"parent_group": "Else", **small.get(s, {})}) for s in ("S1", "S2", "S3")]
    found = map_spend(records(services, {"ledger_council": ledger(*lines)}, claims, budgets=pd.DataFrame(budgets)))
    rows = found.table("budgets").frame[["service_id", "financial_year", "amount_gbp", "state"]].to_numpy().tolist()
    assert rows == [["M_small", "2026-27", 30.0, "indicative"], ["S3", "2026-27", 3.0, "approved"]]
    assert any("not every member has one (Council: social work 2027-28)" in note for note in found.notes)


def test_the_audit_knows_budgets() -> None:
    demand = [cost("S1", "2025-26", 40, 50_000)]
    found = made([claim("1", "S1"), claim("2", "S2")], [("1", 200_000_000), ("2", 100)], [budget("S1", 2_000_000)], demand)
    tables = {t.name: t for t in found.tables}
    frame = tables["budgets"].frame
    for spoilt, kind in (
        (frame.assign(amount_gbp=450_000.0), "budgets over unit cost"),
        (frame.assign(service_id="S9"), "service not in the register"),
        (frame.assign(children=4), "figure of no known kind"),
    ):
        broken = [*(t for t in found.tables if t.name != "budgets"), type(tables["budgets"])("budgets", "", spoilt)]
        assert kind in {leak.rule for leak in money_leaks(broken, 10)}
