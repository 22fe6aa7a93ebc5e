"""The three tables out of an input folder, for the desk: every row of the ledger map with its amount, and what nothing maps.

In: the check's report of the folder. An amount is the line's share before any key, exact; the ledgers' wording stays at the desk.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pandas as pd

from rcs_core.contracts import CheckReport
from rcs_core.errors import ContractError
from rcs_core.pbt.book import Book, plain_number, table_of
from rcs_core.pbt.layout import ORGANISE, OUTCOMES, PREVENTION, layouts
from rcs_core.pbt.tags import outcome_rows, prevention_row

WHOLE = Decimal(100)
NUMBERS = ("pct", "amount_gbp")


def book_of_folder(report: CheckReport) -> Book:
    """The map, the later budgets and the tags of a checked folder; raises ContractError over a breach or without a register."""
    if stop := len(report.errors):
        remedy = f"mend each, and see with `rcs check {report.folder}` that none is left"
        raise ContractError("breaches stop the export", report.folder, str(stop), "none", remedy)
    if "services" not in report.tables:
        raise ContractError("the folder holds no register of services", report.folder, expected="services.xlsx")
    services = _rows(report, "services")
    named = {row["service_id"]: row for row in services}
    lines = [*_mapped(report, named), *_left_over(report), *_later(report, named)]
    return Book(
        table_of(ORGANISE, [{**row, "line": f"L{k:04d}"} for k, row in enumerate(lines, 1)]),
        table_of(PREVENTION, [prevention_row(service) for service in services]),
        table_of(OUTCOMES, [row for service in services for row in outcome_rows(service)]),
    )


def _rows(report: CheckReport, stem: str) -> list[dict[str, str]]:
    """The rows of a table that the check kept, as text."""
    frame = report.tables.get(stem)
    if frame is None:
        return []
    kept = frame[frame["_mark"] == ""].drop(columns=["_mark", "_why", "_row"])
    return [{str(k): str(v) for k, v in row.items()} for row in kept.fillna("").to_dict("records")]


def _pence(report: CheckReport) -> dict[tuple[str, str], int]:
    """Pence by ledger and cost centre."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for stem in report.ledger_columns:
        frame = report.tables.get(stem, pd.DataFrame(columns=["cost_centre", "amount_pence", "_mark"]))
        kept = frame[frame["_mark"] == ""]
        for centre, pence in zip(kept["cost_centre"], kept["amount_pence"], strict=True):
            found[stem, str(centre)] += int(pence)
    return dict(found)


def _about(report: CheckReport, ledger: str) -> dict[str, str]:
    told = report.ledger_columns.get(ledger, {})
    about = {"financial_year": str(told.get("financial_year", "")), "status": "spent"}
    return {**about, "ledger": ledger, "source": str(told.get("control_total_source", ""))}


def _mapped(report: CheckReport, named: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, str]]:
    pence = _pence(report)
    for row in _rows(report, "ledger_map"):
        whole = pence.get((row["ledger"], row["cost_centre"]))
        share = Decimal(row["pct"] or "100")
        amount = "" if whole is None else plain_number(str(Decimal(whole) * share / WHOLE / 100))
        service = named.get(row["service_id"], {})
        words = {name: service.get(name, "") for name in ("service_name", "parent_group")}
        yield {**_about(report, row["ledger"]), **_known(row), **words, "pct": plain_number(row["pct"]), "amount_gbp": amount}


def _left_over(report: CheckReport) -> Iterator[dict[str, str]]:
    """What no row of the map claims: money that is on no service yet stays in sight."""
    claimed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in _rows(report, "ledger_map"):
        claimed[row["ledger"], row["cost_centre"]] += Decimal(row["pct"] or "100")
    for (ledger, centre), pence in sorted(_pence(report).items()):
        left = WHOLE - claimed[ledger, centre]
        if left > Decimal("0.000001"):
            amount, pct = plain_number(str(Decimal(pence) * left / WHOLE / 100)), plain_number(str(left))
            about = {"service_name": "Not mapped to a service", "cost_centre": centre, "pct": pct, "amount_gbp": amount}
            yield {**_about(report, ledger), **about}


def _later(report: CheckReport, named: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, str]]:
    for row in _rows(report, "budgets"):
        service = named.get(row["service_id"], {})
        words = {name: service.get(name, "") for name in ("service_name", "parent_group")}
        yield {**_known(row), **words, "status": row["state"], "amount_gbp": plain_number(row["amount_gbp"])}


def _known(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name in layouts()[ORGANISE].columns}
