"""The optional files of Strathmere's money: a key over three areas, ring-fenced funds, budgets of the years after.

In: the ledgers and their map as they are made without them. Out: the map with two columns more, and two tables.
Everything is fictional (`data_contracts/demo/more_money.yaml`); no chance is drawn, so nothing else depends on it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rcs_core.demo.ledgers import Ledgers
from rcs_core.demo.parameters import Book

KEY = "BOARD-PUPILS"
STATES = ("approved", "indicative")
SOURCE = "Budget papers of February 2026 (fictional)"


@dataclass(frozen=True, slots=True)
class MoreMoney:
    """`ledger_map.csv` with keys and funds, `apportionment_keys.csv`, and `budgets.csv`."""

    ledger_map: pd.DataFrame
    keys: pd.DataFrame
    budgets: pd.DataFrame


def more_money(book: Book, ledgers: Ledgers, pupils: int, area: str, year: str) -> MoreMoney:
    """The optional files for these ledgers; `area` is our own code, `year` that of the ledgers."""
    plain, funds = ledgers.ledger_map, book["funds"]
    divided = plain["service_id"].isin(book["divided"]) & (plain["ledger"] == "ledger_nhs")
    fund = plain["service_id"].map(funds).where(plain["agency"] == "sg_ring_fenced").fillna("")
    others = {str(code): round(times * pupils) for code, times in book["other_areas"].items()}
    areas = {area: pupils, **others}
    about = {"key_id": KEY, "basis": "pupils", "year": year, "source": "Pupil census, two areas of it invented (fictional)"}
    keys = pd.DataFrame([{**about, "area_code": code, "amount": n} for code, n in areas.items()])
    columns = ["key_id", "basis", "area_code", "amount", "year", "source"]
    own = pupils / sum(areas.values())
    spent = _spent(ledgers, {str(service): own for service in book["divided"]})
    return MoreMoney(
        plain.assign(key_id=divided.map({True: KEY, False: ""}), fund=fund), keys[columns], _budgets(book, spent, year)
    )


def _spent(ledgers: Ledgers, own: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Pounds by service and payer, near enough to set a budget by."""
    pence: dict[tuple[str, str], int] = defaultdict(int)
    for name, lines in ledgers.lines.items():
        for line in lines:
            pence[f"ledger_{name}", line.cost_centre] += line.pence
    found: dict[tuple[str, str], float] = defaultdict(float)
    for row in ledgers.ledger_map[ledgers.ledger_map["service_id"] != ""].to_dict("records"):
        share = float(row["pct"]) / 100 * own.get(str(row["service_id"]), 1.0)
        found[str(row["service_id"]), str(row["agency"])] += pence[str(row["ledger"]), str(row["cost_centre"])] * share / 100
    return found


def _budgets(book: Book, spent: Mapping[tuple[str, str], float], year: str) -> pd.DataFrame:
    rows = []
    for (service, agency), pounds in sorted(spent.items()):
        amount = pounds
        for k, change in enumerate(book["budget_change"].get(agency, ()), start=1):
            amount *= 1 + change / 100
            rows.append((service, agency, _later(year, k), f"{amount:.2f}", STATES[k - 1], SOURCE))
    return pd.DataFrame(rows, columns=["service_id", "agency", "financial_year", "amount_gbp", "state", "source"])


def _later(year: str, by: int) -> str:
    start = int(year[:4]) + by
    return f"{start}-{(start + 1) % 100:02d}"
