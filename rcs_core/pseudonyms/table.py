"""One file: which column is the identifier, which columns go, and whether anything that names a child would be left.

In: a file as read and what was asked. Out: the rows with `pupil_id` in the identifier's place, sorted by it, and what
was dropped and why; or every breach at once, each value masked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.contracts.cells import distinct
from rcs_core.contracts.clean import INVISIBLE
from rcs_core.contracts.files import RawTable, error
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import column_kinds, header_kind, names_itself, policy
from rcs_core.contracts.model import Column, contracts, fold
from rcs_core.pseudonyms.method import Form, Key, canonical, is_doubtful, pseudonym
from rcs_core.vocab import Severity

PUPIL_ID = "pupil_id"
MAY_BE_KEPT = ("name", "contact_detail")
"""Kinds of header that --keep overrules; the values are looked at all the same."""
LONG_ENOUGH = 6
"""An identifier of fewer signs is not looked for in other columns: it would be found by accident."""
MANY_DIGITS = re.compile(r"\d(?:[\s.-]?\d){7}")
"""A header with as many digits as a person's number has is not repeated in a message."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked: identifier columns, columns to drop or to keep, the form of the identifier, and the layout."""

    ids: tuple[str, ...]
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    form: str = "scn"
    header_row: int = 1
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each column of a file: the identifier's place, the places kept, and the headers dropped with the reason."""

    identifier: int
    kept: list[int]
    dropped: list[tuple[str, str]]
    used: set[str]


@dataclass(frozen=True, slots=True)
class Made:
    """A pseudonymous table; pupils: pseudonym to the identifier's one spelling, to be forgotten when the run ends.

    identifiers: how many distinct ones; more than there are pupils means that two children share a pseudonym.
    """

    frame: pd.DataFrame
    header: list[str]
    pupils: dict[str, str] = field(repr=False)
    rows_in: int
    identifiers: int
    spelt_differently: int
    doubtful: int


def spelt(header: str) -> str:
    """A header as it is compared: letter case, spaces and invisible signs aside."""
    return fold(header.translate(INVISIBLE))


def said_header(header: str, place: int, year: int) -> str:
    """A header as a message may show it: by its place when it has no words or reads as an identifier itself."""
    tidy = " ".join(header.translate(INVISIBLE).split())
    plain = tidy and not names_itself(tidy, True, year) and not MANY_DIGITS.search(tidy)
    return tidy if plain else f"column {place + 1}"


def has_identifier(raw: RawTable, wish: Wish) -> bool:
    """Whether a file has one of the identifier columns that were named."""
    return bool({spelt(header) for header in raw.header} & {spelt(name) for name in wish.ids})


def unnamed_identifier(raw: RawTable) -> list[int]:
    """The places of columns that are headed as a person's number though nobody named them as the identifier."""
    numbers = ("scottish_candidate_number", "chi_number")
    return [place for place, header in enumerate(raw.header) if header_kind(header) in numbers]


def plan(raw: RawTable, file: str, wish: Wish, year: int) -> tuple[Plan | None, list[Breaches]]:
    """Decide what becomes of each column; a breach for each header that cannot be decided."""
    wanted = {name: {spelt(n) for n in names} for name, names in (("id", wish.ids), ("drop", wish.drop), ("keep", wish.keep))}
    identifiers, kept, dropped, breaches = [], [], [], []
    for place, header in enumerate(raw.header):
        told, shown = spelt(header), said_header(header, place, year)
        kind = header_kind(header)
        if told and told in wanted["id"]:
            identifiers.append(place)
        elif told and told in wanted["drop"]:
            dropped.append((shown, "named with --drop"))
        elif shown.startswith("column ") and (raw.frame[place] != "").any():
            breaches.append(_headless(file, shown))
        elif told in wanted["keep"] and kind and kind not in MAY_BE_KEPT:
            breaches.append(_not_to_keep(file, shown, kind))
        elif kind and told not in wanted["keep"]:
            dropped.append((shown, f"its header announces {policy().kinds[kind].label}"))
        elif told:
            kept.append(place)
    breaches += _one_identifier(raw, file, identifiers, kept, year)
    used = {spelt(header) for header in raw.header}
    return (None if breaches else Plan(identifiers[0], kept, dropped, used)), breaches


def _headless(file: str, shown: str) -> Breaches:
    remedy = "write the headers in the row that --header-row gives (row 1 unless told), or delete the column"
    return error(file, "headless", "a header in words above every filled column", remedy, MASK, shown)


def _not_to_keep(file: str, shown: str, kind: str) -> Breaches:
    rule = f"no column kept that announces {policy().kinds[kind].label}"
    return error(file, "keep", rule, "take it out of --keep; it is then dropped", shown, shown)


def _one_identifier(raw: RawTable, file: str, identifiers: list[int], kept: list[int], year: int) -> list[Breaches]:
    if len(identifiers) > 1:
        names = " and ".join(said_header(raw.header[p], p, year) for p in identifiers)
        return [error(file, "two_identifiers", "one identifier column a file", "name one with --id and drop the other", names)]
    if any(spelt(raw.header[p]) == PUPIL_ID for p in kept):
        rule, remedy = f"no second column `{PUPIL_ID}`", f"rename it, or drop it with --drop {PUPIL_ID}"
        return [error(file, "two_pupil_ids", rule, remedy, "", PUPIL_ID)]
    return []


def make(
    raw: RawTable, file: str, found: Plan, wish: Wish, form: Form, key: Key, year: int
) -> tuple[Made | None, list[Breaches]]:
    """The pseudonymous table of a file, or every row that stands in its way."""
    codes, cells = distinct(raw.frame[found.identifier])
    wholes = [canonical(cell, form) for cell in cells]
    rows = raw.frame["_row"].to_numpy()
    shown = said_header(raw.header[found.identifier], found.identifier, year)
    breaches = list(_malformed(file, shown, form, codes, cells, wholes, rows))
    known = frozenset(whole for whole in wholes if len(whole) >= LONG_ENOUGH)
    for place in found.kept:
        breaches += _left_over(raw, file, place, known, form, year)
    if breaches:
        return None, breaches
    names = [pseudonym(whole, wish.form, key) for whole in wholes]
    places = sorted([found.identifier, *found.kept])
    frame = raw.frame[places].copy()
    made = np.array(names, dtype=object)[codes]
    frame[found.identifier] = pd.Series(made, index=frame.index, dtype="str")
    # The order of the rows would tell about children too: an export by surname, or by school and register.
    frame = frame.iloc[np.argsort(made.astype("U"), kind="stable")]
    header = [PUPIL_ID if p == found.identifier else " ".join(raw.header[p].translate(INVISIBLE).split()) for p in places]
    pupils = dict(zip(names, wholes, strict=True))
    doubtful = sum(is_doubtful(whole, form) for whole in set(wholes))
    different = len(set(wholes))
    return Made(frame, header, pupils, len(raw.frame), different, len(wholes) - different, doubtful), []


def _malformed(
    file: str,
    shown: str,
    form: Form,
    codes: npt.NDArray[np.intp],
    cells: list[str],
    wholes: list[str],
    rows: npt.NDArray[np.int64],
) -> Iterator[Breaches]:
    blank = np.array([not cell.translate(INVISIBLE).strip() for cell in cells], dtype=bool)
    wrong = np.array([not whole for whole in wholes], dtype=bool)
    other = "; if the column holds another kind of identifier, say so with --form" if form.digits else ""
    for hit, code, rule, remedy in (
        (wrong & blank, "blank", "an identifier in every row", "fill the cell, or remove the row"),
        (wrong & ~blank, "malformed", _form_words(form), f"correct the cell, or remove the row{other}"),
    ):
        if len(hit) and hit[codes].any():
            where = rows[hit[codes]].tolist()
            told = ["(blank)" if code == "blank" else MASK] * len(where)
            yield Breaches(Severity.ERROR, file, code, rule, remedy, "", shown, where, told)


def _form_words(form: Form) -> str:
    if not form.digits:
        return f"an identifier of {form.shortest} or more letters and digits"
    check = " with a right check digit" if form.wrong_check == "refuse" else ""
    return f"a {form.label} ({form.digits} digits{check})"


def _left_over(raw: RawTable, file: str, place: int, known: frozenset[str], form: Form, year: int) -> Iterator[Breaches]:
    """Rows of a kept column in which something still names a child."""
    shown = said_header(raw.header[place], place, year)
    codes, cells = distinct(raw.frame[place])
    column = _contract_column(file, raw.header[place])
    # A code of the contract (a school, a stage) may look like a short local identifier by accident.
    known = frozenset() if column is not None and column.rules else known
    named = column_kinds(cells, column, about_children=True, year=year, header=raw.header[place])
    kinds = np.array([kind or _repeated(cell, known, form) for kind, cell in zip(named, cells, strict=True)], dtype=object)
    rows = raw.frame["_row"].to_numpy()
    for kind in dict.fromkeys(k for k in kinds if k):
        where = rows[(kinds == kind)[codes]].tolist()
        label = policy().kinds[kind].label if kind in policy().kinds else kind
        rule = f"no direct identifier in a column that is kept; this looks like {label}"
        remedy = f'drop the column with --drop "{shown}", or clear those cells'
        yield Breaches(Severity.ERROR, file, "identifier", rule, remedy, "", shown, where, [MASK] * len(where))


def _repeated(cell: str, known: frozenset[str], form: Form) -> str:
    """Whether a cell of another column holds one of the file's own identifiers."""
    if len(cell) < LONG_ENOUGH or not any(sign.isdigit() for sign in cell):
        return ""
    hit = canonical(cell, form) in known or any(canonical(word, form) in known for word in cell.split())
    return "an identifier of the identifier column" if hit else ""


def _contract_column(file: str, header: str) -> Column | None:
    """The column of the workbench's own contract, when the file is one of its input tables."""
    contract = contracts().get(Path(file).stem.casefold().strip())
    if contract is None:
        return None
    names: Mapping[str, Column] = {fold(name): c for c in contract.columns for name in (c.name, *c.aliases)}
    return names.get(spelt(header))
