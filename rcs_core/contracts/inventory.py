"""What lies in an input folder: each input of the chain, whose it is, how old, whether too old, and what its absence blocks.

In: a folder and the report of its check. Out: an `Inventory` of plain values, for the desk's panel and the data controller.
Who sends a table, what it blocks and when it is too old stand in its contract.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts.files import find, listing
from rcs_core.contracts.model import Contract, Freshness, contracts
from rcs_core.contracts.report import CheckReport
from rcs_core.contracts.shapes import shapes_file
from rcs_core.contracts.waves import STEMS

YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Held:
    """One input that is there: its table, file and rows (None when it cannot be read), its sender, age and use.

    contract: whose contract it keeps to; of: the year or wave that it says it is of; stale: each reason why it is too old;
    columns: those of the contract that are in the file.
    """

    name: str
    contract: str
    title: str
    file: str
    rows: int | None
    sender: str
    purpose: str
    blocks: str
    file_date: str
    size: int
    of: str = ""
    stale: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """One input that is not there, who sends it, and what cannot be shown without it."""

    table: str
    title: str
    sender: str
    blocks: str
    presence: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every input of the chain, there or not."""

    tables: tuple[Held, ...]
    missing: tuple[Missing, ...]

    def to_json(self) -> dict[str, Any]:
        """The inventory as plain values: `tables`, `missing`, and `stale` with one line a reason."""
        stale = [{"table": t.name, "file": t.file, "text": text} for t in self.tables for text in t.stale]
        return {"tables": [asdict(t) for t in self.tables], "missing": [asdict(m) for m in self.missing], "stale": stale}


def inventory(folder: Path, report: CheckReport) -> Inventory:
    """What is in a folder that has been checked, what is not, and what is too old."""
    known = contracts()
    files = listing(folder)
    held = [_held(known[stem], stem, path, report, folder) for stem in known if (path := _path(files, known[stem])) is not None]
    for stem in (s for s in report.sent if s not in known):
        if (path := find(files, stem)[0]) is not None:
            held.append(_held(known[stem.partition("_")[0]], stem, path, report, folder))
    for stem in report.ledger_columns:
        if (path := find(files, stem)[0]) is not None:
            held.append(_held(known[LEDGER], stem, path, report, folder))
    for wave in report.earlier:
        there = listing(folder / wave.folder)
        paths = [(stem, find(there, stem)[0]) for stem in STEMS]
        held += [_held(known[stem], stem, path, wave, folder) for stem, path in paths if path is not None]
    named = {h.name for h in held} | {stem.partition("_")[0] for stem in report.sent}
    return Inventory(tuple(held), tuple(_missing(known, named, report)))


def _path(files: list[Path], contract: Contract) -> Path | None:
    if contract.form == "yaml":
        return next((p for p in files if p.name.casefold() in (f"{contract.stem}.yaml", f"{contract.stem}.yml")), None)
    if contract.form == "geojson":
        return shapes_file(files)
    return None if contract.stem.endswith("*") else find(files, contract.stem)[0]


def _held(contract: Contract, stem: str, path: Path, report: CheckReport, folder: Path) -> Held:
    about = path.stat()
    changed = dt.datetime.fromtimestamp(about.st_mtime).date()
    table = report.sent.get(stem, report.tables.get(stem))
    told = report.ledger_columns.get(stem, {})
    rows = 1 if contract.form == "yaml" else None if table is None else len(table)
    if contract.form == "geojson" and report.shapes is not None:
        rows = len(report.shapes.shapes)
    dated = _Dated(table, changed, {**report.partnership, **told})
    # An earlier wave is meant to be old.
    rules = () if report.wave else contract.fresh
    return Held(
        name=f"{report.folder}/{stem}" if report.wave else stem,
        contract=contract.stem.removesuffix("_*"),
        title=contract.title,
        file=path.relative_to(folder).as_posix(),
        rows=rows,
        sender=_sender(contract, told),
        purpose=contract.purpose,
        blocks=contract.blocks,
        file_date=changed.isoformat(),
        size=about.st_size,
        of=dated.of(contract.fresh),
        stale=tuple(text for rule in rules if (text := dated.stale(rule))),
        columns=tuple(contract.names if table is None else (n for n in contract.names if n in table.columns)),
    )


def _sender(contract: Contract, told: Mapping[str, Any]) -> str:
    """Who sends a table, and of a ledger the system that it comes from."""
    return ", ".join(filter(None, (contract.sender, str(told.get("agency_system") or ""))))


@dataclass(frozen=True, slots=True)
class _Dated:
    """What tells how old a table is: its rows, the day its file was changed, and what the YAML inputs say."""

    table: pd.DataFrame | None
    changed: dt.date
    told: Mapping[str, Any]

    def of(self, rules: Sequence[Freshness]) -> str:
        """The year or wave that the table says it is of, or nothing."""
        for rule in rules:
            if rule.dated_by == "survey_wave":
                return f"wave {self.told.get('survey_wave', '')}"
            if rule.dated_by == "financial_year":
                return str(self.told.get("financial_year", ""))
            if rule.dated_by != "file" and (years := [y for y in self._years(rule.dated_by) if y]):
                return str(min(years)) if min(years) == max(years) else f"{min(years)} to {max(years)}"
        return ""

    def stale(self, rule: Freshness) -> str:
        """Why the table is too old by one rule, or nothing."""
        set_against = str(self.told.get(rule.against, ""))
        wanted = _year(set_against)
        if wanted is None:
            return ""
        if rule.each:
            return self._lines(rule, wanted, set_against)
        mine, name = self._newest(rule.dated_by)
        if mine is None or not (wanted - mine > rule.most_years or (rule.exact and mine != wanted)):
            return ""
        years = f"{rule.most_years} year{'s' if rule.most_years != 1 else ''}"
        if rule.exact:
            return f"{name}, and partnership.yaml says {set_against}"
        what = "the year of the survey" if rule.against == "survey_wave" else "the year of partnership.yaml"
        lag = f"more than {years} before" if rule.most_years else "before"
        return f"{name}, {lag} {what}, {set_against}"

    def _newest(self, dated_by: str) -> tuple[int | None, str]:
        if dated_by == "file":
            return self.changed.year, f"the file was last changed in {self.changed.year}"
        if dated_by in ("survey_wave", "financial_year"):
            said = str(self.told.get(dated_by, ""))
            return _year(said), f"it is of {'wave ' if dated_by == 'survey_wave' else ''}{said}"
        years = [year for year in self._years(dated_by) if year]
        return (max(years), f"its newest {dated_by.replace('_', ' ')} is of {max(years)}") if years else (None, "")

    def _lines(self, rule: Freshness, wanted: int, set_against: str) -> str:
        years = self._years(rule.dated_by)
        old = sum(1 for year in years if year and wanted - year > rule.most_years)
        undated = sum(1 for year in years if not year)
        parts = [
            f"{old:,} of {len(years):,} lines rest on a {rule.dated_by} more than {rule.most_years} years before {set_against}"
        ]
        parts += [f"{undated:,} of them name no year"] if undated else []
        return " and ".join(parts) if old else ""

    def _years(self, column: str) -> list[int]:
        """The newest year that each row names in a column, 0 where it names none."""
        if self.table is None or column not in self.table.columns:
            return []
        return [max((int(y) for y in YEAR.findall(str(cell))), default=0) for cell in self.table[column].tolist()]


def _year(text: str) -> int | None:
    found = YEAR.search(text)
    return int(found[0]) if found else None


def _missing(known: Mapping[str, Contract], there: set[str], report: CheckReport) -> list[Missing]:
    gone = []
    for stem, contract in known.items():
        if stem != LEDGER and stem not in there:
            gone.append(Missing(stem, contract.title, contract.sender, contract.blocks, contract.presence))
    ledger = known[LEDGER]
    for stem, told in report.ledger_columns.items():
        if stem not in there:
            gone.append(Missing(stem, ledger.title, _sender(ledger, told), "the money of this agency is not shown", "required"))
    if not report.ledger_columns:
        gone.append(Missing(LEDGER, "Ledgers", ledger.sender, ledger.blocks, "optional"))
    return gone
