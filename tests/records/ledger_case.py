"""Small nasty ledgers, one kind of trouble each: how they are written, read and reconciled in the tests."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.contracts import Breaches, contracts
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.ledger_reading import read_ledger, told_columns
from rcs_core.records.ledgers.allocate import LedgerTotal, allocate
from rcs_core.vocab import Severity
from tests.records.money_case import Records, claim, records, service

HEADERS = ["Cost Centre", "Narrative", "Actual"]
YEAR = 2025
type Rows = Sequence[Sequence[object]]


def described(control: str = "0.00", **change: Any) -> dict[str, Any]:
    columns = {"cost_centre": "Cost Centre", "description": "Narrative", "amount": "Actual"}
    return {
        "agency_system": "Council", "header_row": 1, "columns": columns, "amount_unit": "gbp", "financial_year": "2025-26",
        "control_total_gbp": control, "control_total_source": "Accounts", "subtotal_words": "sub-total; total", **change,
    }  # fmt: skip


def book(path: Path, rows: Rows, spoil: Callable[[Worksheet], None] = lambda _: None) -> Path:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    spoil(sheet)
    made.save(path)
    return path


def text(path: Path, rows: Rows, separator: str = ",", encoding: str = "utf-8") -> Path:
    lines = io.StringIO()
    pd.DataFrame(rows).to_csv(lines, index=False, header=False, sep=separator)
    path.write_bytes(lines.getvalue().encode(encoding))
    return path


def read(path: Path, told: dict[str, Any], mapped: set[str] | None = None) -> tuple[Mended | None, list[Breaches]]:
    columns = told_columns(told)
    assert columns is not None
    return read_ledger(contracts()["ledger"], path, told, columns, mapped or set(), YEAR)


def codes(found: list[Breaches], severity: Severity | None = None) -> set[str]:
    return {b.code for b in found if severity is None or b.severity is severity}


def errors(found: list[Breaches]) -> set[str]:
    return codes(found, Severity.ERROR)


def said(found: list[Breaches], code: str) -> str:
    return "\n".join(finding.text() for b in found if b.code == code for finding in b.findings())


def lines_of(table: Mended, found: list[Breaches]) -> pd.DataFrame:
    gone = {row for b in found if b.severity is Severity.DROP for row in b.rows}
    kept = table.frame[~table.frame["_row"].isin(list(gone))]
    return kept[["cost_centre", "description", "amount_pence", "_row"]].reset_index(drop=True)


def money(table: Mended, found: list[Breaches], told: dict[str, Any]) -> Records:
    """The read ledger as records: its first cost centre mapped by a key, the second left out, the rest unmapped."""
    lines = lines_of(table, found)
    first, *rest = dict.fromkeys(lines["cost_centre"])
    claims = [claim(first, "S1", key_id="K1"), *([claim(rest[0], reason="Not for children")] if rest else [])]
    keys = [("K1", "pupils", area, amount, "2025-26", "census") for area, amount in (("999", "100"), ("998", "200"))]
    frame = pd.DataFrame(keys, columns=["key_id", "basis", "area_code", "amount", "year", "source"])
    made = records(
        [service("S1")], {"ledger_council": lines}, [], apportionment_keys=frame, ledger_map=pd.DataFrame(claims).fillna("")
    )
    made.ledger_columns["ledger_council"]["control_total_gbp"] = told["control_total_gbp"]
    return made


def reconciled(path: Path, told: dict[str, Any]) -> LedgerTotal:
    """Read without a breach that stops a build, then mapped, left out and not mapped, to the penny."""
    table, found = read(path, told)
    assert table is not None
    assert not errors(found), [f.text() for b in found for f in b.findings()]
    (total,) = allocate(money(table, found, told)).totals
    assert total.difference == 0
    assert total.mapped + total.other_areas + total.excluded + total.unmapped == total.control
    return total
