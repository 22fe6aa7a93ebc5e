"""What a check says: every breach, the tables as read, and receipts that add up."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts.findings import Breaches, Finding, Receipt, spelt_out
from rcs_core.contracts.shapes import Shapes
from rcs_core.errors import SettingsError
from rcs_core.sheets.plain import write_rows
from rcs_core.sheets.read import limits
from rcs_core.vocab import Severity

ORDER = {Severity.ERROR: 0, Severity.DROP: 1, Severity.NOTE: 2}
COLUMNS = ["severity", "file", "sheet", "row", "column", "value", "rule", "remedy"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table stood in its file: its file stem, the row of its headers, and each column's place (0 the first)."""

    stem: str
    header_row: int
    places: Mapping[str, int]


@dataclass(frozen=True)
class CheckReport:
    """The outcome of checking a folder.

    groups: breaches, those alike together. tables: by file stem (a ledger's too), clean text frames with `_row` (the row
    in the file), `_mark` (error, drop or blank: the row is kept) and `_why` (the rule that marked it); a ledger has
    `amount_pence` as well. partnership and ledger_columns: the two YAML inputs as written.
    earlier: the same of each earlier survey wave, the newest first, with its own tables; groups and receipts of the whole
    folder hold theirs too, by `wave_2023/` and the file's name. wave: which earlier wave this is, blank for the folder itself.
    layouts: where each file's table stood in it, by the file's name. data_protection: the partnership's own words, as written.
    sent: where several agencies sent the register, each submission's rows by its file stem; `tables` holds them as one.
    shapes: the outlines of the clusters, where the folder holds them.
    """

    folder: str
    groups: Sequence[Breaches]
    tables: dict[str, pd.DataFrame]
    partnership: dict[str, Any]
    ledger_columns: dict[str, dict[str, Any]]
    receipts: list[Receipt]
    earlier: tuple["CheckReport", ...] = ()
    wave: str = ""
    layouts: dict[str, Layout] = field(default_factory=dict)
    data_protection: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, pd.DataFrame] = field(default_factory=dict)
    shapes: Shapes | None = None

    @cached_property
    def findings(self) -> list[Finding]:
        """Every breach by itself: errors first, then by file."""
        return spelt_out(self.groups)

    @cached_property
    def errors(self) -> list[Finding]:
        """The breaches that stop a build."""
        return spelt_out(self.of(Severity.ERROR))

    def of(self, severity: Severity) -> list[Breaches]:
        """The groups of one severity."""
        return [g for g in self.groups if g.severity is severity]

    def count(self, severity: Severity) -> int:
        """How many breaches of one severity there are."""
        return sum(g.count for g in self.of(severity))

    def to_json(self) -> dict[str, Any]:
        """The whole report as plain values: counts, every breach, every receipt."""
        return {
            "folder": self.folder,
            "counts": {s.value: self.count(s) for s in ORDER},
            "findings": [asdict(f) | {"severity": f.severity.value} for f in self.findings],
            "receipts": [asdict(r) for r in self.receipts],
            "data_protection": self.data_protection,
        }

    def frame(self) -> pd.DataFrame:
        """Every breach as a table, one row a breach."""
        rows = [[f.severity.value, f.file, f.sheet, f.row, f.column, f.value, f.rule, f.remedy] for f in self.findings]
        return pd.DataFrame(rows, columns=COLUMNS).astype({"row": "Int64"})

    def receipt_frame(self) -> pd.DataFrame:
        """Every receipt as a table."""
        return pd.DataFrame([asdict(r) for r in self.receipts], columns=["table", "rule", "rows", "text"])

    def write(self, path: Path) -> None:
        """Write the whole report, as JSON or as a workbook by the path's ending; raises SettingsError for another."""
        if path.suffix.casefold() == ".json":
            path.write_text(json.dumps(self.to_json(), indent=1), encoding="utf-8")
        elif path.suffix.casefold() == ".xlsx":
            write_rows(path, {"Breaches": _rows(self.frame()), "Receipts": _rows(self.receipt_frame())})
        else:
            raise SettingsError("a report is written as .xlsx or .json", path.name, path.suffix or "no ending")

    def text(self) -> str:
        """The report in the house form: breaches, those alike cut short, then receipts, then the verdict."""
        alike: dict[tuple[str, ...], list[Breaches]] = {}
        for g in self.groups:
            alike.setdefault((g.severity, g.file, g.sheet, g.column, g.code), []).append(g)
        lines = [line for groups in alike.values() for line in _lines(groups, limits().shown_alike)]
        kept = [f"receipt: {r.table}: {r.text}" for r in self.receipts]
        return "\n".join([*lines, *kept, self.verdict()])

    def verdict(self) -> str:
        """One sentence: whether a build can go on, and what it leaves out."""
        stop, drop, remarks = (self.count(s) for s in ORDER)
        head = f"{stop:,} breach(es) stop a build" if stop else "Nothing stops a build"
        return f"{head}; {drop:,} row(s) left out, each with a receipt; {remarks:,} remark(s)."


def _rows(frame: pd.DataFrame) -> list[list[object]]:
    cells = frame.head(limits().rows).astype(object).to_numpy()
    return [list(frame.columns), *([_harmless(cell) for cell in row] for row in cells)]


def _harmless(cell: object) -> object:
    """A cell that a spreadsheet program shows and never runs: what came in may start with an equals sign."""
    if isinstance(cell, str):
        plain = "".join(sign if sign.isprintable() else " " for sign in cell)
        return f"'{plain}" if plain.startswith(("=", "+", "-", "@")) else plain
    return None if cell is pd.NA else cell


def _lines(groups: Sequence[Breaches], most: int) -> list[str]:
    """Breaches of one rule in one column: the first few in full, and how many more there are."""
    first = [finding for group in groups for finding in group.findings(most)][:most]
    lines = [finding.text() for finding in first]
    if rest := sum(group.count for group in groups) - len(lines):
        lines.append(f"  ... and {rest:,} more like it (all are in the json report)")
    return lines


def ordered(groups: Iterable[Breaches]) -> list[Breaches]:
    """Errors first, then rows left out, then remarks; within each by file, column and first row."""
    return sorted(groups, key=lambda g: (ORDER[g.severity], g.file, g.sheet, g.rows[0] if len(g.rows) else 0, g.column, g.code))


def marked(frame: pd.DataFrame, groups: Iterable[Breaches]) -> pd.DataFrame:
    """The frame with `_mark` and `_why`: the first drop that takes a row, unless an error does."""
    verdict: dict[int, tuple[str, str]] = {}
    for group in groups:
        if group.severity is not Severity.NOTE:
            for row in group.rows:
                if row not in verdict or (group.severity is Severity.ERROR and verdict[row][0] != "error"):
                    verdict[row] = (group.severity.value, group.code)
    told = [verdict.get(row, ("", "")) for row in frame["_row"].tolist()]
    return frame.assign(_mark=[mark for mark, _ in told], _why=[why for _, why in told])


def receipts_of(stem: str, frame: pd.DataFrame, mended: dict[str, dict[str, int]]) -> list[Receipt]:
    """Rows in, rows left out by rule, rows kept, and cells mended by column, of one table."""
    marks = Counter(zip(frame["_mark"].tolist(), frame["_why"].tolist(), strict=True))
    kept = marks.pop(("", ""), 0)
    found = [Receipt(stem, "rows_in", len(frame), f"{len(frame):,} rows read")]
    for (mark, why), rows in sorted(marks.items()):
        said = "left out" if mark == Severity.DROP else "with an error"
        found.append(Receipt(stem, why, rows, f"{rows:,} rows {said}: {why.replace('_', ' ')}"))
    found.append(Receipt(stem, "rows_kept", kept, f"{kept:,} rows kept"))
    for column, kinds in mended.items():
        if cells := sum(kinds.values()):
            found.append(Receipt(stem, f"mended:{column}", cells, f"{cells:,} cells of `{column}` mended"))
    return found
