"""Matches headers to a contract and mends what is plainly meant: stray spaces, odd case, other words for a code.

In: a `RawTable` and its contract. Out: a frame with the contract's column names, its cells mended, the columns that are
not in the contract, and how many cells were mended and how. What is not plainly meant is left as it is for the rules.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.contracts.cells import distinct, filled
from rcs_core.contracts.files import RawTable, error, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.identifiers import header_kind
from rcs_core.contracts.model import Column, Contract, fold
from rcs_core.vocab import Severity

ALIKE = 0.72
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"), None) | {0xA0: " ", 0x2019: "'"}
THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
UK_DATE = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
ISO_STAMP = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2})?$")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was done to a table on the word of an alias: the rule, to how many rows or cells, and in words."""

    rule: str
    rows: int
    text: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A table under its contract's names, with the extra columns apart; mended: cells by column and kind (spaces, spelling).

    places: where each column stood in the file, 0 the first."""

    file: str
    sheet: str
    frame: pd.DataFrame
    extras: list[tuple[str, pd.Series]]
    mended: dict[str, dict[str, int]]
    breaches: list[Breaches]
    places: Mapping[str, int] = field(default_factory=dict)
    header_row: int = 1
    told: Sequence[Told] = ()


def standing_in(cells: pd.Series, known: Collection[str]) -> npt.NDArray[np.bool_]:
    """For each cell whether it is one of the known values (many times faster than asking Arrow text)."""
    codes, values = distinct(cells)
    return np.fromiter((v in known for v in values), dtype=bool, count=len(values))[codes]


def nearest(word: str, choices: Sequence[str]) -> str:
    """The choice most like the word, or nothing when none is like it."""
    by_fold = {fold(c): c for c in reversed(choices)}
    found = difflib.get_close_matches(fold(word), list(by_fold), 1, ALIKE)
    return by_fold[found[0]] if found else ""


def mend(contract: Contract, raw: RawTable, called: Mapping[str, str] | None = None) -> Mended:
    """Bring a table under its contract; `called` gives the header of a column where another file tells it."""
    places, extras, breaches = _match(contract, raw, called or {})
    columns: dict[str, pd.Series] = {}
    counts: dict[str, dict[str, int]] = {}
    for name, place in places.items():
        column = contract.column(name)
        if column is not None:
            columns[name], counts[name] = _mend_column(raw.frame[place], column)
    columns["_row"] = raw.frame["_row"]
    frame = pd.DataFrame(columns)
    frame = frame[filled(frame.drop(columns="_row"))] if places else frame
    others = [(raw.header[place].strip() or "(no header)", raw.frame[place].loc[frame.index]) for place in extras]
    return Mended(raw.file, raw.sheet, frame.reset_index(drop=True), others, counts, breaches, places, raw.header_row)


def _match(contract: Contract, raw: RawTable, called: Mapping[str, str]) -> tuple[dict[str, int], list[int], list[Breaches]]:
    """Where each column of the contract stands, which headers are left over, and what is wrong with the headers."""
    wanted = {fold(called.get(c.name, c.name)): c.name for c in contract.columns}
    wanted |= {fold(a): c.name for c in contract.columns for a in c.aliases if c.name not in called and fold(a) not in wanted}
    places: dict[str, int] = {}
    extras: list[int] = []
    breaches: list[Breaches] = []
    for place, header in enumerate(raw.header):
        name = wanted.get(fold(header.translate(INVISIBLE)))
        if name is not None and name in places:
            rule, both = f"the column `{name}` once", f"{raw.header[places[name]].strip()} and {header.strip()}"
            breaches.append(error(raw.file, "two_columns", rule, "remove the column that is out of date", both, name))
        elif name is not None:
            places[name] = place
            breaches += _renamed(raw.file, header, called.get(name, name))
        elif header.strip() or (raw.frame[place] != "").any():
            extras.append(place)
    lost, extras = _missing(contract, raw, places, extras, called)
    return places, extras, [*breaches, *lost]


def _renamed(file: str, header: str, name: str) -> list[Breaches]:
    if header == name:
        return []
    return [note(file, "header", f"the header `{name}`; it was read as that", "", header, name)]


def _missing(
    contract: Contract, raw: RawTable, places: Mapping[str, int], extras: list[int], called: Mapping[str, str]
) -> tuple[list[Breaches], list[int]]:
    """Columns that are not there, each with the leftover header that is most like it."""
    breaches: list[Breaches] = []
    absent: list[str] = []
    left = [place for place in extras if not header_kind(raw.header[place])]
    named = [place for place in extras if place not in left]
    for column in (c for c in contract.columns if c.name not in places):
        name = called.get(column.name, column.name)
        like = nearest(name, [raw.header[p] for p in left])
        if like and not column.present and _spelt_better(like, places):
            like = ""
        if like:
            left = [p for p in left if raw.header[p] != like]
            remedy = f"rename the column `{like.strip()}` to `{name}`"
            breaches.append(error(raw.file, "renamed_header", f"a column `{name}`", remedy, like.strip(), name))
        elif column.present:
            remedy = "add the column; its cells may be blank" if not column.filled else "add the column"
            breaches.append(error(raw.file, "missing_column", f"a column `{name}`", remedy, "no such column", name))
        else:
            absent.append(name)
    if absent:
        breaches.append(note(raw.file, "not_collected", f"that these columns were not collected: {', '.join(absent)}"))
    return breaches, sorted([*named, *left])


def _spelt_better(header: str, places: Mapping[str, int]) -> bool:
    """Whether a leftover header is more like a column that is there already than like one that may be absent."""
    return bool(re.fullmatch(r".*\d+", header.strip())) and nearest(header, list(places)) != ""


def _mend_column(cells: pd.Series, column: Column) -> tuple[pd.Series, dict[str, int]]:
    """Mend each distinct cell once and put the results back in place."""
    codes, values = distinct(cells)
    mender = menders(column)
    mended, kinds = [], np.zeros(len(values), dtype=np.int8)
    for number, cell in enumerate(values):
        tidy = _tidy(cell)
        meant = mender(tidy) if tidy else tidy
        mended.append(meant)
        kinds[number] = 2 if meant != tidy else int(tidy != cell and tidy != "")
    counts = np.bincount(kinds[codes], minlength=3)
    if not kinds.any() and mended == values:
        return cells, {"spaces": 0, "spelling": 0}
    tidied = pd.Series(np.array(mended, dtype=object)[codes], index=cells.index, dtype="str")
    return tidied, {"spaces": int(counts[1]), "spelling": int(counts[2])}


def _tidy(cell: str) -> str:
    """A cell without stray spaces, invisible signs, and the apostrophe that marks text."""
    if cell.isalnum() and cell.isascii():
        return cell
    plain = " ".join(cell.translate(INVISIBLE).split())
    return plain[1:].strip() if plain.startswith("'") else plain


def menders(column: Column) -> Callable[[str], str]:
    """How a tidy cell of this column is brought to the form that is plainly meant."""
    if column.money:
        return str
    if column.lookup and column.separator:
        return lambda cell: _codes(cell, column)
    if column.lookup:
        return lambda cell: _code(cell, column)
    if column.kind in ("number", "integer"):
        return lambda cell: _number(cell, column)
    if column.kind == "date":
        return _date
    return _word_mender(column)


def _codes(cell: str, column: Column) -> str:
    parts = [part.strip() for part in re.split("[;|,]", cell) if part.strip()]
    meant = [_code(part, column) for part in parts]
    return cell if meant == [part.strip() for part in cell.split(column.separator)] else column.separator.join(meant)


def _code(cell: str, column: Column) -> str:
    if cell in column.codes:
        return cell
    folded = fold(cell)
    return column.lookup.get(folded) or column.lookup.get(folded.removesuffix(".0"), cell)


def _word_mender(column: Column) -> Callable[[str], str]:
    cased: Callable[[str], str] = {"lower": str.lower, "upper": str.upper}.get(column.letter_case, str)
    form = next((re.compile(rule.pattern) for rule in column.rules if rule.pattern), None)
    if form is None:
        return cased

    def mender(cell: str) -> str:
        word = cased(cell)
        whole = word.removesuffix(".0")
        return whole if whole != word and form.match(whole) and not form.match(word) else word

    return mender


def _number(cell: str, column: Column) -> str:
    plain = cell.replace("£", "").strip()
    if any(rule.high == 100 for rule in column.rules):
        plain = plain.removesuffix("%").strip()
    if THOUSANDS.match(plain):
        plain = plain.replace(",", "")
    if column.kind == "integer" and re.fullmatch(r"-?\d+\.0+", plain):
        plain = plain.split(".")[0]
    return plain


def _date(cell: str) -> str:
    if stamp := ISO_STAMP.match(cell):
        return stamp[1]
    if parts := UK_DATE.match(cell):
        day, month, year = (int(p) for p in parts.groups())
        try:
            return dt.date(year, month, day).isoformat()
        except ValueError:
            return cell
    return cell


def mended_notes(table: Mended) -> list[Breaches]:
    """One remark a column that cells were mended, and how."""
    said = {"spaces": "had stray spaces", "spelling": "were in another case, word or number form"}
    notes = []
    for name, kinds in table.mended.items():
        parts = [f"{count:,} {said[kind]}" for kind, count in kinds.items() if count]
        if parts:
            rule = f"tidy cells; they were mended: {' and '.join(parts)}"
            notes.append(Breaches(Severity.NOTE, table.file, "mended", rule, "", table.sheet, name))
    return notes
