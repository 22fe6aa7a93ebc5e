"""Reads one table after another against its contract, and each against the others that were read.

In: the files of a folder. Out: a `Reading`: the tables, mended, and every breach of each. A file that cannot be read takes
nothing else with it: the checks that need it are left out.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from rcs_core.contracts import domain
from rcs_core.contracts.across import check_keys, check_references, check_row_rules
from rcs_core.contracts.aliases import Aliases, TableAliases
from rcs_core.contracts.aliasing import aliased, under
from rcs_core.contracts.clean import Mended, mend, mended_notes
from rcs_core.contracts.files import error, find, note, read_raw
from rcs_core.contracts.findings import Breaches, Finding, Receipt, spelt_out
from rcs_core.contracts.model import Contract
from rcs_core.contracts.opted_out import check_opted_out, out_of_survey
from rcs_core.contracts.report import Layout, marked, receipts_of
from rcs_core.contracts.rows import blanked, check_rows
from rcs_core.vocab import Severity

MAY_BE_EMPTY = {"evidence_of_effect", "demand_history", "opt_outs", "comparators", "budgets", "published_effects", "movements"}


type Tell = Callable[[float, str], None]
"""Called with the share of the work that is done (0 to 1) and a sentence."""


def silent(share: float, text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been read so far of a folder: tables by stem, breaches by stem, and what could not be read.

    sent: the files of a table that several agencies sent, by file stem; their rows stand merged among the tables.
    """

    tables: dict[str, Mended] = field(default_factory=dict)
    breaches: dict[str, list[Breaches]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    sent: dict[str, Mended] = field(default_factory=dict)


def read_tables(
    files: list[Path],
    known: Mapping[str, Contract],
    year: int,
    inside: str = "",
    aliases: Aliases | None = None,
    tell: Tell = silent,
) -> Reading:
    """Every table of the contracts that is among the files; `inside` is the sub-folder, as messages name it."""
    reading = Reading()
    wanted = {stem: c for stem, c in known.items() if c.form == "file" and c.presence != "described"}
    for number, (stem, contract) in enumerate(wanted.items()):
        path, problems = find(files, stem)
        if path is not None:
            tell(number / len(wanted), f"Reading {inside}{path.name}")
        table: Mended | None = None
        if path is not None:
            table, problems = read_file(contract, path, year, (aliases or {}).get(stem))
        reading.breaches[stem] = [b.within(inside) for b in problems]
        if table is not None:
            reading.tables[stem] = replace(table, file=f"{inside}{table.file}")
        elif problems:
            reading.unreadable.add(stem)
    return reading


def read_table(contract: Contract, path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    """Read one table against its contract: clean text columns and `_row`, and every breach in the table itself.

    The frame has no rows when the file cannot be read at all; the finding says why.
    """
    table, breaches = read_file(contract, path, dt.date.today().year)
    if table is None:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in [*contract.names, "_row"]}), spelt_out(breaches)
    return table.frame, spelt_out(
        [*breaches, *check_keys(contract, table, left_out(breaches)), *check_row_rules(contract, table)]
    )


def read_file(
    contract: Contract, path: Path, year: int, aliases: TableAliases | None = None
) -> tuple[Mended | None, list[Breaches]]:
    """One file, mended and its wrong cells blank, with every breach of a single cell; None where it cannot be read."""
    raw, breaches = read_raw(path)
    if raw is None:
        return None, breaches
    table = mend(under(contract, aliases) if aliases else contract, raw)
    table = aliased(table, raw, aliases) if aliases else table
    if table.frame.empty:
        make = note if contract.stem in MAY_BE_EMPTY else error
        breaches = [*breaches, make(path.name, "no_rows", "rows under the headers", "export the file again", "no rows")]
    wrong = check_rows(contract, table, year)
    return blanked(table, wrong), [*breaches, *table.breaches, *mended_notes(table), *wrong]


def left_out(breaches: list[Breaches]) -> set[int]:
    """The rows that a breach takes out."""
    return {int(row) for b in breaches if b.severity is Severity.DROP for row in b.rows}


def check_across(
    contract: Contract, table: Mended, tables: Mapping[str, Mended], linked: bool, before: list[Breaches]
) -> list[Breaches]:
    """Opt-outs and references first, so that a form that cannot be used is never the one that a duplicate is kept for."""
    breaches = check_opted_out(table, out_of_survey(tables)) if contract.stem in domain.PUPIL_SURVEYS else []
    breaches += check_references(contract, table, tables, linked)
    breaches += check_row_rules(contract, table)
    if contract.stem == "social_work":
        breaches += domain.check_contact(tables)
    return [*breaches, *check_keys(contract, table, left_out([*before, *breaches]))]


def layouts_of(reading: Reading) -> dict[str, Layout]:
    """Where each table stood in its file, by the file's name."""
    places = {table.file: Layout(stem, table.header_row, table.places) for stem, table in reading.tables.items()}
    return places | {t.file: Layout(stem.partition("_")[0], t.header_row, t.places) for stem, t in reading.sent.items()}


def taken_up(reading: Reading, groups: Sequence[Breaches], inside: str = "") -> tuple[dict[str, pd.DataFrame], list[Receipt]]:
    """The tables with what becomes of each row, by stem, and a receipt for all of it.

    groups: breaches found by looking at several tables; those of a table mark its rows like its own.
    """
    tables: dict[str, pd.DataFrame] = {}
    receipts: list[Receipt] = []
    for stem, table in reading.tables.items():
        mine = [b for b in [*reading.breaches[stem], *groups] if b.file == table.file]
        tables[stem] = marked(table.frame, mine)
        receipts += receipts_of(f"{inside}{stem}", tables[stem], table.mended)
        receipts += [Receipt(f"{inside}{stem}", t.rule, t.rows, t.text) for t in table.told]
    return tables, receipts
