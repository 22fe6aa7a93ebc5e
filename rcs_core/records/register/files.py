"""The files of the register as they stand in the input folder: each with its rows in the contract's columns, and its hash.

In: an input folder. Out: `Kept` files, cells as text, mended as the check mends them but nothing blanked, since a wrong
cell is what somebody wants to see and put right.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rcs_core.contracts.clean import Mended, mend
from rcs_core.contracts.files import find, listing, read_raw, separator_of, text_of
from rcs_core.contracts.findings import spelt_out
from rcs_core.contracts.model import Contract, contracts
from rcs_core.contracts.same_services import STEM as DECISIONS
from rcs_core.contracts.submissions import CODES, KEY, stem_of, submission_files
from rcs_core.contracts.submissions import STEM as REGISTER
from rcs_core.errors import RcsError

ROW = "_row"
KEYS = {REGISTER: (KEY,), DECISIONS: (KEY, "same_as")}
"""What tells a row of each table from the others."""


class RegisterError(RcsError):
    """A change to the register cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: its contract, whose it is, and its rows, each with `_row`, the row in the file.

    sha256: of the file as it was read, blank where there is none yet. places: where each column stands, from 0; width: how
    many columns the file has. problem: why its rows cannot be edited, blank where they can.
    """

    path: Path
    contract: Contract
    agency: str
    sha256: str = ""
    rows: Sequence[Mapping[str, str]] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    width: int = 0
    header_row: int = 1
    last_row: int = 1
    separator: str = ","
    problem: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell its rows apart."""
        return KEYS[self.contract.stem]


def sha256(path: Path) -> str:
    """The hash of a file's bytes; blank where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def register_files(folder: Path) -> list[Kept]:
    """Every file of the register, the partnership's own first."""
    files = listing(folder)
    own, _ = find(files, REGISTER)
    named, _ = submission_files(files)
    found = [kept(own, "")] if own is not None else []
    return [*found, *(kept(path, agency) for agency, path in sorted(named.items()))]


def the_file(folder: Path, name: str) -> Kept:
    """One file of the register or of the decisions by its name, there or not yet; raises RegisterError for any other name."""
    path = Path(name)
    stem = path.stem.casefold().strip()
    agency = stem.removeprefix(REGISTER).removeprefix("_")
    known = stem in (REGISTER, DECISIONS) or (agency in CODES and stem == stem_of(agency))
    if path.name != name or not known or path.suffix.casefold() not in (".csv", ".xlsx"):
        expected = f"{REGISTER}.xlsx, {REGISTER}_AGENCY.xlsx, or {DECISIONS}.csv"
        raise RegisterError("that is no file of the register", name, "", expected, f"AGENCY is one of: {', '.join(CODES)}")
    there, problems = find(listing(folder), stem)
    if there is None and problems:
        raise RegisterError("which file is meant cannot be told", name, problems[0].values[0], problems[0].rule)
    if there is not None and there.name != name:
        raise RegisterError("the submission is in another file", name, there.name, "one file a submission", f"name {there.name}")
    return kept(folder / name, "" if stem == DECISIONS else agency)


def kept(path: Path, agency: str) -> Kept:
    """A file as it stands; without rows and with the reason where it cannot be read."""
    contract = contracts()[DECISIONS if path.stem.casefold().startswith(DECISIONS) else REGISTER]
    if not path.is_file():
        return Kept(path, contract, agency)
    digest = sha256(path)
    raw, breaches = read_raw(path)
    if raw is None:
        told = spelt_out(breaches)
        return Kept(path, contract, agency, digest, problem=told[-1].text() if told else "the file cannot be read")
    table = mend(contract, raw)
    text = text_of(path) if path.suffix.casefold() == ".csv" else None
    separator = separator_of(text, table.header_row) if text else ","
    last = max([table.header_row, *(int(row) for row in raw.frame["_row"].tolist())])
    return Kept(path, contract, agency, digest, rows_of(table), table.places, len(raw.header), table.header_row, last, separator)


def rows_of(table: Mended) -> list[dict[str, str]]:
    """A table's rows as text by column, with the row in the file."""
    names = [str(c) for c in table.frame.columns]
    columns = [["" if cell != cell else str(cell) for cell in table.frame[c].tolist()] for c in names]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def read_rows(path: Path, contract: Contract) -> list[dict[str, str]]:
    """The rows of a filled workbook or csv from elsewhere; raises RegisterError when it is no such table."""
    raw, breaches = read_raw(path)
    if raw is None:
        first = spelt_out(breaches)[-1]
        raise RegisterError("the file cannot be read", path.name, first.value, first.rule, first.remedy)
    table = mend(contract, raw)
    if not set(KEYS[contract.stem]) <= set(table.frame.columns):
        wanted = ", ".join(KEYS[contract.stem])
        raise RegisterError("the file is not of this table", path.name, ", ".join(raw.header[:6]), f"columns {wanted} and others")
    return [{name: cell for name, cell in row.items() if name != ROW} for row in rows_of(table)]
