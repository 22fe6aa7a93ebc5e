"""Finds the cells that a breach is about in the file as it was sent: the sender's own rows, columns and headers.

In: a breach, which names columns by the contract. Out: places, 0 the first column. A YAML file has lines where a table has
columns: the place of a key is its line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rcs_core.contracts.as_sent import AsSent
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Column, Contract, contracts, fold
from rcs_core.contracts.report import Layout


@dataclass(frozen=True, slots=True)
class Places:
    """Where a file's columns stand: by the contract's name, by the header as written, and, in YAML, by line."""

    contract: Contract | None
    headers: Sequence[str]
    header_row: int
    known: Mapping[str, int] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str] = ()

    def columns(self, group: Breaches) -> list[int]:
        """The places of the columns that a breach is about; none when it is about the row or the file."""
        if self.lines:
            return self._key_lines(group)
        rule = self._row_rule(group)
        names = [group.column] if group.column and len(rule) < 2 else list(rule)
        found = [self._place(name) for name in names]
        if found == [None] and group.values:
            found = [self._place(str(group.values[0]))]
        return [place for place in found if place is not None]

    def header(self, group: Breaches) -> str:
        """The column as its sender calls it, or as the contract does where there is no such column."""
        columns = self.columns(group) if not self.lines else []
        if len(columns) == 1 and columns[0] < len(self.headers):
            return self.headers[columns[0]]
        return group.column or ", ".join(self.headers[place] for place in columns if place < len(self.headers))

    def column(self, group: Breaches) -> Column | None:
        """The contract's column that a breach is about, if it is about one."""
        if self.contract is None:
            return None
        ours = {header: name for name, header in self.called.items()}
        return self.contract.column(ours.get(group.column, group.column))

    def restricted(self, group: Breaches) -> bool:
        """Whether the contract restricts the values that a breach would repeat."""
        column = self.column(group)
        return column is not None and column.restricted and bool(len(group.rows))

    def every(self) -> list[int]:
        """All columns under a header, 1 the first: a breach of a whole row colours the row."""
        return [place + 1 for place in range(len(self.headers))]

    def _row_rule(self, group: Breaches) -> tuple[str, ...]:
        for rule in self.contract.row_rules if self.contract and len(group.rows) else ():
            if rule.code == group.code:
                return (*rule.columns, *rule.not_both, *rule.filled, *rule.ascending)
        return ()

    def _place(self, name: str) -> int | None:
        if name in self.known:
            return self.known[name]
        alike = {fold(header): place for place, header in reversed(list(enumerate(self.headers)))}
        return alike.get(fold(self.called.get(name, name))) if name.strip() else None

    def _key_lines(self, group: Breaches) -> list[int]:
        """The line of a key, below the line of its entry where the file has entries."""
        start = next((n for n, line in enumerate(self.lines) if _is_key(line, group.sheet)), 0) if group.sheet else 0
        key = group.column.rpartition(".")[2]
        found = next((n for n in range(start, len(self.lines)) if key and _is_key(self.lines[n], key)), None)
        return [found] if found is not None else [start] if group.sheet else []


def _is_key(line: str, key: str) -> bool:
    return re.match(rf"""\s*(\S.*[{{,]\s*)?["']?{re.escape(key)}["']?\s*:""", line, re.IGNORECASE) is not None


def places_of(path: Path, sent: AsSent | None, layout: Layout | None, told: Mapping[str, Any]) -> Places:
    """Where the columns of a file stand; told: how ledger_columns.yaml describes it, for a ledger."""
    stem = layout.stem if layout else path.stem.casefold().strip()
    contract = contracts().get("ledger" if told else stem)
    columns = told.get("columns")
    called = {str(k): str(v) for k, v in columns.items()} if isinstance(columns, dict) else {}
    known = layout.places if layout else {}
    if sent is None:
        return Places(contract, (), 1, known, called)
    if sent.header_row == 0:
        return Places(contract, (), 0, lines=[str(row[0]) for row in sent.rows])
    return Places(contract, sent.header, sent.header_row, known, called)
