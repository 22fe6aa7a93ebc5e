"""Suggests how a ledger that was never seen is laid out: its sheet, header row, columns, unit and year, each with why.

In: a ledger file. Out: a suggestion for its entry of `ledger_columns.yaml`, and what a person has to say because the sheet does
not: which of several amounts, which year. Nothing here is ever applied by itself.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.contracts.files import SEPARATORS, separator_cells, text_of
from rcs_core.contracts.identifiers import names_itself
from rcs_core.contracts.ledger_years import years_in
from rcs_core.contracts.ledgers import parse_amount
from rcs_core.contracts.model import fold
from rcs_core.errors import UnreadableError
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.sheets.read import read_sheet
from rcs_core.sheets.unseen import visible_sheets

MOST_SHEETS = 12
MOSTLY = 0.6
"""Share of a column's filled cells that must be amounts for it to be one of amounts."""
ROLES = ("cost_centre", "description", "amount")
_UNITS = {
    "gbp": "pounds, as nothing in the sheet says otherwise",
    "gbp_thousand": "thousands of pounds, as the sheet says",
    "pence": "pence, as the sheet says",
}
type Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column that holds amounts: its header, the year and unit that the header names, and how many amounts it has."""

    header: str
    column: int
    amounts: int
    year: str = ""
    unit: str = ""
    outturn: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a ledger's entry could say; `why` is what each part rests on, `undecided` what only a person can say."""

    sheet: str
    header_row: int
    headers: tuple[str, ...]
    columns: Mapping[str, str]
    amount_unit: str
    financial_year: str
    subtotal_words: tuple[str, ...]
    amounts: tuple[Amounts, ...] = ()
    why: tuple[str, ...] = ()
    undecided: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """As `rcs ledgers --json` prints it."""
        return asdict(self)


@cache
def words() -> dict[str, Any]:
    """The words of `data_contracts/ledger_words.yaml`."""
    return read_yaml(CONTRACTS / "ledger_words.yaml")


def suggest(path: Path) -> Suggestion:
    """How a ledger seems to be laid out; raises UnreadableError where no row looks like headers over amounts."""
    sheets = list(enumerate(_sheets(path)))
    found = [(_score(cells, row), -place, name, row, cells) for place, (name, cells) in sheets for row in _tops(cells)]
    best = max(found, key=lambda one: one[:2], default=None)
    if best is None or best[0] < 2:
        raise UnreadableError(
            "no row looks like headers over amounts",
            path.name,
            remedy="name the header row and the columns in ledger_columns.yaml",
        )
    _, place, name, row, cells = best
    return _suggestion(name if place else "", row, cells)


def _sheets(path: Path) -> Iterator[tuple[str, Cells]]:
    """Each sheet that shows, by name; a csv file is one sheet without a name."""
    if path.suffix.casefold() == ".xlsx":
        first = read_sheet(path)
        yield first.name, first.rows
        for name in visible_sheets(path)[:MOST_SHEETS]:
            if name != first.name and not names_itself(name):
                yield name, read_sheet(path, name).rows
        return
    text = text_of(path)
    if text is None:
        raise UnreadableError("the ledger is no text and no workbook", path.name, remedy="save it as .xlsx or as CSV UTF-8")
    lines = range(1, min(int(words()["rows_looked_at"]["value"]), text.count("\n") + 1) + 1)
    widest = max(lines, key=lambda line: separator_cells(text, line))
    sign = max(SEPARATORS, key=lambda one: _cells_of(text, widest, one))
    try:
        yield "", [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)]
    except csv.Error as problem:
        raise UnreadableError("the ledger cannot be read as rows of cells", path.name, str(problem)) from problem


def _cells_of(text: str, line: int, sign: str) -> int:
    return len(next(csv.reader([text.split("\n", line)[line - 1]], delimiter=sign), []))


def _tops(cells: Cells) -> range:
    """The rows that may hold the headers, 1 the first."""
    return range(1, min(int(words()["rows_looked_at"]["value"]), len(cells)) + 1)


def _score(cells: Cells, row: int) -> float:
    """How much a row looks like headers: roles that its cells name, over columns that hold amounts below."""
    header = cells[row - 1]
    if not any(_amount_columns(header, cells[row : row + 40])):
        return 0
    roles = {role for cell in header for role in ROLES if _names(cell, role)}
    return len(roles) + (1 if {"cost_centre", "amount"} <= roles else 0) + min(sum(map(bool, header)), 9) / 10


def _names(cell: str, role: str) -> int:
    """2 where a header is one of the role's words, 1 where it holds one, else 0."""
    folded = fold(cell)
    known = [fold(str(word)) for word in words()[role]]
    return 2 if folded in known else int(any(len(w) > 2 and f"_{w}_" in f"_{folded}_" for w in known if w))


def _amount_columns(header: Sequence[str], below: Cells) -> list[tuple[int, int]]:
    """The columns that are mostly amounts, headed by words or by a text that is no amount: place and how many amounts."""
    found = []
    for place, cell in enumerate(header):
        filled = [row[place] for row in below if place < len(row) and row[place].strip()]
        amounts = sum(parse_amount(text)[0] is not None for text in filled)
        worded = any(sign.isalpha() for sign in cell) or (cell.strip() and parse_amount(cell)[0] is None)
        if worded and amounts and amounts >= MOSTLY * len(filled):
            found.append((place, amounts))
    return found


def _suggestion(sheet: str, row: int, cells: Cells) -> Suggestion:
    header, below = [cell.strip() for cell in cells[row - 1]], cells[row:]
    titles = " ".join(cell for line in cells[: row - 1] for cell in line if cell.strip())
    numeric = dict(_amount_columns(header, below))
    centre = _best(header, "cost_centre", ())
    taken = [centre] if centre is not None else []
    text = _best(header, "description", [*taken, *numeric])
    amounts = _amounts(header, {p: n for p, n in numeric.items() if p not in taken}, titles)
    one = amounts[0] if len(amounts) == 1 else None
    columns = {
        "cost_centre": header[centre] if centre is not None else "",
        "description": header[text] if text is not None else "",
        "amount": one.header if one else "",
    }
    years = {a.year for a in amounts if a.year} or {y.year for y in years_in(titles)}
    year = one.year if one and one.year else next(iter(years)) if len(years) == 1 else ""
    unit = (one.unit if one else "") or _unit(titles) or ("gbp" if one else "")
    marks = _subtotals(below, [p for p in (centre, text) if p is not None])
    told = {"columns": columns, "amounts": amounts, "unit": unit, "year": year}
    return Suggestion(
        sheet, row, tuple(header), columns, unit, year, marks, amounts, tuple(_why(row, told, marks)), tuple(_open(told))
    )


def _best(header: Sequence[str], role: str, taken: Sequence[int]) -> int | None:
    """The column whose header names the role best, the earliest word of the list first."""
    order = {fold(str(word)): place for place, word in reversed(list(enumerate(words()[role])))}
    found = [(-_names(h, role), order.get(fold(h), 99), p) for p, h in enumerate(header) if p not in taken and _names(h, role)]
    return min(found)[2] if found else None


def _amounts(header: Sequence[str], numeric: Mapping[int, int], titles: str) -> tuple[Amounts, ...]:
    """The columns that may be the amounts: those whose header says so, else every column of numbers."""
    said = [p for p in numeric if _names(header[p], "amount") or years_in(header[p]) or _unit(header[p])]
    found = []
    for place in said or numeric:
        years = years_in(header[place])
        outturn = not any(f"_{fold(str(w))}_" in f"_{fold(header[place])}_" for w in words()["not_outturn"])
        unit = _unit(header[place]) or _unit(titles)
        found.append(Amounts(header[place], place, numeric[place], years[0].year if len(years) == 1 else "", unit, outturn))
    return tuple(found)


def _unit(text: str) -> str:
    """The unit that a header or a title names."""
    plain = re.sub(r"\s+", " ", text.casefold().replace("’", "'"))
    for unit, marks in words()["units"].items():
        if any(re.search(rf"(?<![\w,.£]){re.escape(str(mark))}(?![\w,])", plain) for mark in marks):
            return str(unit)
    return ""


def _subtotals(below: Cells, places: Sequence[int]) -> tuple[str, ...]:
    """The words of rows that seem to add others up, as far as the contract lists them."""
    said = {(bool(row[places[0]].strip()), fold(row[p])) for row in below for p in places if p < len(row) and row[p].strip()}
    found = [w for w in map(str, words()["subtotals"]) if any(_marks(fold(w), *cell) for cell in said)]
    kept: dict[str, str] = {}
    for word in found:
        kept.setdefault(fold(word), word)
    return tuple(kept.values())


def _marks(word: str, has_centre: bool, folded: str) -> bool:
    """Whether a cell holds a word of sub-totals: anywhere where the row has no cost centre, else at its beginning."""
    return f"{folded}_".startswith(f"{word}_") or (not has_centre and f"_{word}_" in f"_{folded}_")


def _why(row: int, told: Mapping[str, Any], marks: Sequence[str]) -> Iterator[str]:
    """What each part of a suggestion rests on, in a sentence."""
    yield f"The headers seem to stand in row {row}: it names columns, and amounts stand below it."
    for role, header in told["columns"].items():
        if header:
            yield f"{role.replace('_', ' ').capitalize()}: the column headed “{header}”."
    if told["unit"]:
        words = {
            "gbp": "pounds, as nothing in the sheet says otherwise",
            "gbp_thousand": "thousands of pounds, as the sheet says",
        }
        yield f"Unit: {words.get(told['unit'], 'pence, as the sheet says')}."
    if told["year"]:
        yield f"Financial year: {told['year']}, as the sheet says."
    if marks:
        yield f"Rows that say {', '.join(marks)} seem to be sub-totals; each is checked against the sum of its rows."


def _called(amounts: Amounts) -> str:
    year = f" ({amounts.year})" if amounts.year else ""
    return f"“{amounts.header}”{year}{'' if amounts.outturn else ', no outturn by its words'}"


def _open(told: Mapping[str, Any]) -> Iterator[str]:
    """What only a person can say."""
    for role, header in told["columns"].items():
        if not header and role != "amount":
            yield f"which column holds the {role.replace('_', ' ')}"
    amounts: tuple[Amounts, ...] = told["amounts"]
    if len(amounts) > 1:
        each = "; ".join(map(_called, amounts))
        yield f"which of {len(amounts)} columns holds the amounts: {each}"
    elif not amounts:
        yield "which column holds the amounts"
    if not told["unit"]:
        yield "the unit of the amounts"
    if not told["year"]:
        yield "the financial year"
    yield "the control total, and where it was read"
