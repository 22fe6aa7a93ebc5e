"""What it costs to map ledgers to services and to draw the page, by step, in seconds and beside a bare read of the ledger file.

Every third line is divided by a key over three council areas, every fifth is split over two services, one in fifty is left
out and one in forty is not mapped. The aim is 5,000 lines mapped in under two seconds (all steps after the reading).
The page is *Services and money*, run by Streamlit's own test runner in this process: all that the server does, without a browser.
Usage: python benchmarks/bench_ledgers.py [LINES ...]
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
from common import ROOT, table
from streamlit.testing.v1 import AppTest

from rcs_core import release
from rcs_core.records.ledgers import map_spend
from rcs_core.records.ledgers.allocate import allocate
from rcs_core.records.ledgers.claims import read_claims, withhold_reasons
from rcs_core.records.ledgers.merge import find_homes
from rcs_core.release import Manifest, Table
from rcs_core.workshop.store import Store

YEAR, SERVICES, TIMES = "2025-26", 60, 5
LEVELS = ("primary", "secondary", "tertiary", "responsive", "other")
AIM, AIMED_AT = 2.0, 5_000
TEXTS = (
    "provider", "provider_agency", "commissioner_agency", "intensity", "tagged_by", "tagged_on", "unit_of_activity",
    "statutory_basis", "act_and_section", "contract_end", "evidence_rating", "evidence_source", "shanarri", "domain",
)  # fmt: skip


def register() -> pd.DataFrame:
    """Services with splits of every kind, each of many children."""
    splits = [(20, 30, n % 50, 50 - n % 50, 0) for n in range(SERVICES)]
    return pd.DataFrame(
        {
            **dict.fromkeys(TEXTS, ""), "service_id": f"S{n}", "service_name": f"Service {n}", "parent_group": f"Group {n % 8}",
            "funder_agency": "nhs_board", "childrens_or_related": "childrens", "reach": "selective", "tag_confidence": "high",
            "children_served": 40 + n, "capacity": 40 + n, "contract_type": "in_house", "notice_months": 3,
            "staff_share_pct": 70.0, **dict(zip([f"pct_{level}" for level in LEVELS], splits[n], strict=True)),
        }
        for n in range(SERVICES)
    )  # fmt: skip


def claims(lines: int) -> pd.DataFrame:
    """The map: one row a line or two, with keys, reasons and lines that nothing claims."""
    rows = []
    for n in range(lines):
        if n % 40 == 39:
            continue
        parts = (60, 40) if n % 5 == 0 else (100,)
        left_out = n % 50 == 1
        for k, pct in enumerate(parts):
            service = "" if left_out else f"S{(n + k) % SERVICES}"
            key = "PUPILS" if n % 3 == 0 and not left_out else ""
            payer, reason = ("", "Not for children: adult services") if left_out else ("nhs_board", "")
            rows.append(("ledger_nhs", f"C{n}", service, payer, pct, reason, "existing", "yes", "revenue", key))
            if left_out:
                break
    columns = ["ledger", "cost_centre", "service_id", "agency", "pct", "excluded_because", "money_kind", "recurring"]
    found = pd.DataFrame(rows, columns=[*columns, "revenue_or_capital", "key_id"])
    return found.assign(pct=found["pct"].where(found["excluded_because"] == "", 100))


def case(lines: int, file: Path) -> Any:
    """The records of a board with that many ledger lines; the ledger is also written to `file`, to be read barely."""
    drawn = random.Random(lines)
    pence = [drawn.randint(-50_000, 90_000_000) for _ in range(lines)]
    ledger = pd.DataFrame({"cost_centre": [f"C{n}" for n in range(lines)], "description": "Line", "amount_pence": pence})
    ledger.to_csv(file, index=False)
    about = {"key_id": "PUPILS", "basis": "pupils", "year": "2025", "source": "made for the benchmark"}
    effects = ["service_id", "acts_on", "children_averted_per_100", "low", "high", "unit", "lag_years", "retention", "state"]
    demand = ["service_id", "year", "children", "unit", "unit_cost_gbp", "unit_cost_source", "cashable_pct", "cashable_state"]
    return SimpleNamespace(
        partnership={"price_year": YEAR, "area_code": "999"},
        services=register(),
        ledgers={"ledger_nhs": ledger},
        ledger_columns={"ledger_nhs": {"control_total_gbp": f"{sum(pence) / 100:.2f}", "financial_year": YEAR}},
        ledger_map=claims(lines),
        apportionment_keys=pd.DataFrame(
            [about | {"area_code": a, "amount": n} for a, n in (("999", 12), ("998", 20), ("997", 18))]
        ),
        budgets=None,
        movements=None,
        effects=pd.DataFrame(columns=[*effects, "source", "note"]),
        demand=pd.DataFrame(columns=demand),
    )


def seconds(what: Callable[[], object]) -> float:
    """The best of a few runs, in seconds of the processor: the machine may be shared."""
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        what()
        found.append(time.process_time() - began)
    return min(found)


def measure(lines: int, file: Path) -> list[list[object]]:
    """One ledger: the bare read, each step, and the whole."""
    records = case(lines, file)
    allocation = allocate(records)
    bare = seconds(lambda: pd.read_csv(file, dtype=str))
    steps = {
        "the map read and its reasons looked at": lambda: withhold_reasons(read_claims(records), records.ledgers),
        "every penny sent somewhere (with the map)": lambda: allocate(records),
        "where each service may be shown": lambda: find_homes(records, allocation.lines, 10),
        "together: all tables, looked at once more": lambda: map_spend(records),
    }
    rows: list[list[object]] = [["baseline: bare read of the ledger as text", bare, 1.0, ""]]
    for name, step in steps.items():
        took = seconds(step)
        rows.append([name, took, took / bare, ""])
    if lines == AIMED_AT:
        rows[-1][-1] = "within the aim" if rows[-1][1] < AIM else f"over {AIM:g} s"
    return rows + page_rows(map_spend(records).tables, file.parent, bare)


def page_rows(tables: list[Table], folder: Path, bare: float) -> list[list[object]]:
    """The mapped money as a release, opened, and its page drawn: cold, then again with what the session keeps."""
    began, rows = time.process_time(), []

    def lap(name: str) -> None:
        nonlocal began
        took = time.process_time() - began
        rows.append([name, took, took / bare, ""])
        began = time.process_time()

    about = Manifest("Benchmark (fictional)", "999", True, YEAR, "0", 10)
    saved = release.save(tables, about, folder / "releases")
    lap("saved as a release")
    digest = release.load(saved).manifest.content_hash
    lap("opened")
    os.environ |= {"RCS_HOME": str(folder / "home"), "RCS_RELEASE": str(saved)}
    (folder / "home").mkdir()
    with Store.open(folder / "home" / "store.sqlite") as store:
        store.sign_off(digest, "benchmark", "benchmark", "fictional", True)
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=120).run()
    lap("first page of a cold process (Today)")
    app = app.switch_page(str(ROOT / "pages" / "services_and_money.py")).run()
    lap("Services and money, drawn first")
    app.run()
    lap("Services and money, drawn again")
    assert not app.exception, app.exception[0].message
    return rows


def main() -> None:
    for lines in [int(a) for a in sys.argv[1:]] or [AIMED_AT, 20_000]:
        with tempfile.TemporaryDirectory() as scratch:
            rows = measure(lines, Path(scratch) / "ledger_nhs.csv")
        table(f"A ledger of {lines:,} lines mapped to {SERVICES} services", ["step", "CPU s", "x baseline", "aim"], rows)


if __name__ == "__main__":
    main()
