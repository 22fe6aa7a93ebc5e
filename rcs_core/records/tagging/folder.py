"""Opens the money files of an input folder for the desk: register, map, rules, keys and one ledger; no record of a child.

In: an input folder. Out: the same `Records` that a build maps, with everything that is not about money empty. What cannot be read
is told and left out, so that the desk can show the rest.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts import contracts
from rcs_core.contracts.described import partnership
from rcs_core.contracts.files import find, listing
from rcs_core.contracts.findings import Finding, spelt_out
from rcs_core.contracts.ledger_entry import entries
from rcs_core.contracts.ledger_reading import read_ledger, told_columns
from rcs_core.contracts.ledger_rules import hand_made
from rcs_core.contracts.reading import read_tables
from rcs_core.contracts.report import marked
from rcs_core.errors import UnreadableError
from rcs_core.records.ingest import LEDGER_COLUMNS, Records, kept_rows, typed_frame
from rcs_core.vocab import Severity

MONEY = ("services", "ledger_map", "ledger_rules", "apportionment_keys")
PREFIX = "ledger_"


@dataclass(frozen=True, slots=True)
class MoneyFolder:
    """What of a folder is about ledgers: its files, its entries, the tables that could be read, and what stops a build."""

    folder: Path
    files: list[Path]
    about: dict[str, Any]
    entries: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    errors: tuple[Finding, ...] = field(default=())

    @property
    def year(self) -> str:
        """The partnership's financial year."""
        return str(self.about.get("price_year") or self.about.get("year") or "")

    @property
    def ledgers(self) -> list[str]:
        """Every ledger that is described or lies in the folder, by name."""
        lying = {p.stem.casefold() for p in self.files if p.suffix.casefold() in (".csv", ".xlsx")}
        known = {s for s in lying if s.startswith(PREFIX) and s not in contracts()}
        return sorted(known | set(self.entries))

    def path(self, ledger: str) -> Path:
        """The file of a ledger; raises UnreadableError where there is none, or two."""
        path, problems = find(self.files, ledger)
        if path is None:
            told = spelt_out(problems)
            got, remedy = (
                (told[0].value, told[0].remedy) if told else ("no such file", f"put {ledger}.csv or .xlsx in the folder")
            )
            raise UnreadableError("the ledger is not there to be read", ledger, got, remedy=remedy)
        return path

    def by_hand(self, ledger: str) -> set[str]:
        """The cost centres of a ledger that the map names."""
        return hand_made(self.tables.get("ledger_map"), ledger)


def open_money(folder: Path) -> MoneyFolder:
    """Read what the desk needs of a folder; raises UnreadableError when there is no such folder."""
    if not folder.is_dir():
        raise UnreadableError("there is no such folder", str(folder), remedy="look at the path")
    files, known = listing(folder), contracts()
    named = next((p for p in files if p.name.casefold() in ("partnership.yaml", "partnership.yml")), None)
    about = partnership(named, known["partnership"]).content if named else {}
    year = str(about.get("year", ""))[:4]
    reading = read_tables(files, {stem: known[stem] for stem in MONEY}, int(year) if year.isdigit() else 0)
    tables = {
        stem: typed_frame(known[stem], kept_rows(marked(table.frame, reading.breaches[stem])))
        for stem, table in reading.tables.items()
    }
    wrong = [b for group in reading.breaches.values() for b in group if b.severity is Severity.ERROR]
    return MoneyFolder(folder, files, about, entries(folder), tables, tuple(spelt_out(wrong)))


def lines_of(money: MoneyFolder, ledger: str) -> pd.DataFrame:
    """A described ledger's lines, as a build would take them; raises UnreadableError where it cannot be read."""
    entry = money.entries.get(ledger)
    columns = told_columns(entry) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or columns is None:
        raise UnreadableError("the ledger is not described", ledger, remedy="choose its columns first")
    path, year = money.path(ledger), money.year[:4]
    table, found = read_ledger(
        contracts()["ledger"], path, entry, columns, money.by_hand(ledger), int(year) if year.isdigit() else 0
    )
    if table is None:
        first = spelt_out([b for b in found if b.severity is Severity.ERROR])[0]
        raise UnreadableError("the ledger cannot be read", ledger, first.value, first.rule, first.remedy)
    lines = kept_rows(marked(table.frame, found))
    return lines[LEDGER_COLUMNS]


def records_of(money: MoneyFolder, ledger: str, lines: pd.DataFrame) -> Records:
    """One ledger as the mapping of money reads it, with the map's rows of that ledger alone."""
    known, nothing = contracts(), pd.DataFrame()
    needed = ("services", "ledger_map")
    frames = {s: money.tables[s] if s in money.tables else typed_frame(known[s], None) for s in needed}
    mapping = frames["ledger_map"]
    return Records(
        partnership={**money.about, "price_year": money.entries[ledger].get("financial_year", "")},
        schools=nothing,
        census=nothing,
        surveys={},
        social_work=None,
        additional_support=None,
        services=frames["services"],
        ledgers={ledger: lines},
        ledger_columns={ledger: money.entries[ledger]},
        ledger_map=mapping[mapping["ledger"] == ledger].reset_index(drop=True),
        effects=nothing,
        demand=nothing,
        receipts=nothing,
        apportionment_keys=money.tables.get("apportionment_keys"),
        ledger_rules=money.tables.get("ledger_rules"),
    )
