"""What a ledger looks like under an entry that nobody has accepted yet: its first rows, its sum beside the control total.

In: a ledger file and an entry. Out: plain values for the desk; descriptions only where they are asked for, else masked.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.ledger_reading import read_ledger, told_columns
from rcs_core.contracts.ledger_rows import SUBTOTAL
from rcs_core.contracts.ledgers import parse_amount
from rcs_core.contracts.model import contracts
from rcs_core.vocab import Severity

FIRST = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is read: what it is, and its pence."""

    row: int
    kind: str
    cost_centre: str
    description: str
    amount: str
    pence: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, how many lines there are and their sum, what was left out, and what else was found."""

    rows: tuple[Row, ...]
    lines: int
    cost_centres: int
    pence: int
    control_pence: int | None
    left_out: tuple[Row, ...]
    findings: tuple[dict[str, Any], ...]
    readable: bool = True

    @property
    def difference(self) -> int | None:
        """The sum of the lines less the control total, in pence; None where none is told."""
        return None if self.control_pence is None else self.pence - self.control_pence

    def to_dict(self) -> dict[str, Any]:
        """As `rcs ledgers --json` prints it."""
        return {**asdict(self), "difference": self.difference}


def preview(path: Path, entry: Mapping[str, Any], mapped: set[str], year: int, reveal: bool = False) -> Preview:
    """Read a ledger by an entry and say what comes of it; reveal: with descriptions, which are masked otherwise."""
    columns = told_columns(entry)
    control, _ = parse_amount(str(entry.get("control_total_gbp", "")))
    if columns is None:
        return Preview((), 0, 0, 0, control, (), (), readable=False)
    table, found = read_ledger(contracts()["ledger"], path, entry, columns, mapped, year)
    said = tuple(_said(b, columns["description"]) for b in found)
    if table is None:
        return Preview((), 0, 0, 0, control, (), said, readable=False)
    kinds = {int(row): b.code for b in found if b.severity is Severity.DROP for row in b.rows}
    sums = {int(r): v for b in found if b.code == SUBTOTAL for r, v in zip(b.rows, b.values, strict=True)}
    rows = [
        Row(
            int(row),
            kinds.get(int(row), ""),
            centre,
            text if reveal or not text else MASK,
            sums.get(int(row), amount),
            int(pence),
        )
        for row, centre, text, amount, pence in table.frame[
            ["_row", "cost_centre", "description", "amount", "amount_pence"]
        ].itertuples(index=False, name=None)
    ]
    lines = [r for r in rows if not r.kind]
    out = tuple(r for r in rows if r.kind)
    centres = len({r.cost_centre for r in lines})
    return Preview(tuple(rows[:FIRST]), len(lines), centres, sum(r.pence for r in lines), control, out, said)


def _said(breach: Breaches, description: str) -> dict[str, Any]:
    """A breach in short: what it does, how many rows, what was expected; its values only where they are no ledger text."""
    shown = breach.column != description and breach.code not in ("extra_column", SUBTOTAL)
    values = [str(v) for v in breach.values[:3] if v] if shown else []
    return {
        "severity": breach.severity.value,
        "code": breach.code,
        "count": breach.count,
        "rows": [int(r) for r in breach.rows[:5]],
        "column": breach.column,
        "values": values,
        "rule": breach.rule,
        "remedy": breach.remedy,
    }
