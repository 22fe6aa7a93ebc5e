"""One register from what each agency sent: `services`, and `services_<agency>` beside it or in its place, joined by id.

In: the files of a folder. Out: the merged table, and every value that two submissions tell differently. Whose row of an id
is used follows from the submissions alone, never from the order of files or rows (`WHOSE`); no row is mixed of two.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from rcs_core.contracts.across import check_keys, check_row_rules
from rcs_core.contracts.aliases import TableAliases
from rcs_core.contracts.clean import Mended, Told, nearest
from rcs_core.contracts.files import error, find
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Contract
from rcs_core.contracts.reading import Reading, left_out, read_file
from rcs_core.vocab import Agency, Severity

STEM = "services"
KEY, PROVIDER = "service_id", "provider_agency"
WHOSE = (
    "the row of the agency that provides the service, in its own submission; where that agency sent none, the row of the "
    f"partnership's register, {STEM}.xlsx or .csv; else no row is used until the submissions agree"
)
"""The rule by which one of several rows with the same id is used."""
CODES = tuple(agency.value for agency in Agency)


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission: whose it is (blank for the partnership's own register), and its table."""

    agency: str
    table: Mended


@dataclass(frozen=True, slots=True)
class Held:
    """One row of a submission: its values by column, blanks for columns that the file has not, and where it stands."""

    agency: str
    file: str
    sheet: str
    row: int
    values: Mapping[str, str]

    @property
    def provides(self) -> bool:
        """Whether the agency that sent the row is the one that it names as the provider."""
        return bool(self.agency) and self.values.get(PROVIDER) == self.agency

    @property
    def said(self) -> tuple[str, ...]:
        """The row's values: what it is told apart by."""
        return tuple(self.values.values())


def stem_of(agency: str) -> str:
    """The file stem of an agency's submission; of none, that of the register."""
    return f"{STEM}_{agency}" if agency else STEM


def submission_files(files: Sequence[Path]) -> tuple[dict[str, Path], list[Breaches]]:
    """The submissions by agency, and those whose name says no agency: a part of the register would be left out unseen."""
    found: dict[str, Path] = {}
    wrong: list[Breaches] = []
    for path in files:
        stem = path.stem.casefold().strip()
        if not stem.startswith(f"{STEM}_") or path.suffix.casefold() not in (".csv", ".xlsx"):
            continue
        agency = stem.removeprefix(f"{STEM}_")
        if agency not in CODES:
            like = nearest(agency, CODES)
            remedy = (
                f"did you mean {stem_of(like)}? Otherwise take it out of the folder" if like else "rename it, or take it away"
            )
            wrong.append(error(path.name, "unknown_agency", f"{STEM}_ and one of: {', '.join(CODES)}", remedy, stem))
        elif agency not in found:
            one, problems = find(list(files), stem)
            wrong += problems
            found |= {agency: one} if one is not None else {}
    return found, wrong


def with_submissions(
    reading: Reading, files: Sequence[Path], contract: Contract, year: int, aliases: TableAliases | None = None
) -> Reading:
    """The reading with one register of all submissions; unchanged where there are none.

    Each file is checked by itself, sums and keys too; `reading.sent` keeps each, and the merged table is checked no more.
    """
    named, wrong = submission_files(files)
    before = reading.breaches.get(STEM, [])
    if not named:
        return replace(reading, breaches=reading.breaches | {STEM: [*before, *wrong]})
    own = reading.tables.get(STEM)
    sent = [Sent("", own)] if own is not None else []
    breaches = [*before, *wrong, *(_whole(contract, own, before) if own is not None else [])]
    unreadable = reading.unreadable
    for agency, path in sorted(named.items()):
        table, problems = read_file(contract, path, year, aliases)
        breaches += problems
        if table is None:
            unreadable = unreadable | {STEM}
        else:
            breaches += _whole(contract, table, problems)
            sent.append(Sent(agency, table))
    if not sent:
        return replace(reading, breaches=reading.breaches | {STEM: breaches}, unreadable=unreadable)
    merged, more = merge_submissions(sent)
    parts = {stem_of(one.agency): one.table for one in sent}
    return replace(
        reading,
        tables=reading.tables | {STEM: merged},
        breaches=reading.breaches | {STEM: [*breaches, *more]},
        unreadable=unreadable,
        sent=parts,
    )


def _whole(contract: Contract, table: Mended, before: list[Breaches]) -> list[Breaches]:
    """The rules over several cells of one file."""
    return [*check_row_rules(contract, table), *check_keys(contract, table, left_out(before))]


def merge_submissions(sent: Sequence[Sent]) -> tuple[Mended, list[Breaches]]:
    """One row an id, in the order of the ids, and what the submissions tell differently.

    A difference that the rule settles is a remark, one that it does not settle stops a build. `_file` and `_file_row` say
    where each row was sent; `_row` counts the rows of the merged table.
    """
    columns = list(dict.fromkeys(c for one in sorted(sent, key=_name) for c in one.table.frame.columns if c != "_row"))
    by_id: dict[str, list[Held]] = defaultdict(list)
    for one in sent:
        for held in _rows(one, columns):
            by_id[held.values.get(KEY, "")].append(held)
    kept: list[Held] = []
    breaches: list[Breaches] = []
    repeats = 0
    for service, rows in sorted(by_id.items()):
        if not service:
            # A row without an id has been told; it is no other row's double.
            kept += sorted(rows, key=_place)
            continue
        used, differ = _of_one(sorted(rows, key=_place))
        kept.append(used)
        repeats += len(rows) - 1
        breaches += differ
    return _merged(sent, kept, columns, repeats), breaches


def _rows(one: Sent, columns: Sequence[str]) -> list[Held]:
    frame = one.table.frame.reindex(columns=[*columns, "_row"])
    cells = [["" if cell != cell else str(cell) for cell in frame[c].tolist()] for c in columns]
    about = (one.agency, one.table.file, one.table.sheet)
    return [
        Held(*about, int(row), dict(zip(columns, values, strict=True)))
        for row, *values in zip(frame["_row"].tolist(), *cells, strict=True)
    ]


def _name(one: Sent) -> str:
    return one.table.file


def _place(held: Held) -> tuple[bool, str, tuple[str, ...]]:
    """An order of rows that does not hang on where they stand: the register first, then files by name, then what is said."""
    return bool(held.agency), held.file, held.said


def _of_one(rows: Sequence[Held]) -> tuple[Held, list[Breaches]]:
    """The row of one id that is used, and what the others tell differently."""
    if len({held.said for held in rows}) == 1:
        return rows[0], []
    owners = [held for held in rows if held.provides]
    own = [held for held in rows if not held.agency]
    if len({held.said for held in owners}) == 1:
        used, why = owners[0], f"it provides the service, so its row is used ({owners[0].agency})"
    elif not owners and len({held.said for held in own}) == 1:
        used, why = own[0], "no provider sent the service, so the partnership's register is used"
    else:
        used, why = (owners or own or list(rows))[0], ""
    others = [held for held in rows if held is not used]
    return used, [told for held in others for told in _differences(used, held, why)]


def _differences(used: Held, other: Held, why: str) -> list[Breaches]:
    service = used.values[KEY]
    found = []
    for column, value in other.values.items():
        if value == (wanted := used.values[column]):
            continue
        rule = f"the value of {used.file}, row {used.row}, for {service}: {wanted if wanted else 'blank'}"
        remedy = f"{why}; correct the one that is wrong" if why else f"agree on one value. What is used: {WHOSE}"
        severity = Severity.NOTE if why else Severity.ERROR
        where, got = (other.row,), (value or "(blank)",)
        found.append(Breaches(severity, other.file, "told_twice", rule, remedy, other.sheet, column, where, got))
    return found


def _merged(sent: Sequence[Sent], kept: Sequence[Held], columns: Sequence[str], repeats: int) -> Mended:
    frame = pd.DataFrame({c: pd.Series([held.values[c] for held in kept], dtype="str") for c in columns})
    frame = frame.assign(
        _file=pd.Series([held.file for held in kept], dtype="str"),
        _file_row=[held.row for held in kept],
        _row=range(2, len(kept) + 2),
    )
    tables = [one.table for one in sorted(sent, key=_name)]
    told = [Told(f"sent:{t.file}", len(t.frame), f"{len(t.frame):,} rows sent in {t.file}") for t in tables]
    told.append(Told("sent_twice", repeats, f"{repeats:,} rows of ids that another submission holds too"))
    return Mended(", ".join(t.file for t in tables), "", frame, [], {}, [], told=[*told, *(x for t in tables for x in t.told)])
