"""Refuses what names a child: names, Scottish Candidate Numbers, CHI numbers, postcodes, dates of birth.

In: a header or the distinct values of a column. Out: which kind of direct identifier it is, if any. The rule covers every
input; a contract says where a service's or a school's name may stand. Values found are never shown.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.contracts.birth_dates import are_serials, birth_year, birth_years_within
from rcs_core.contracts.model import Column, fold
from rcs_core.contracts.person_names import Names, has_the_form, holds_full_name, is_forename, is_full_name
from rcs_core.contracts.person_numbers import is_chi, is_scn
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

__all__ = ["REMEDY", "column_kinds", "first_kind", "header_kind", "is_chi", "names_itself", "policy", "value_finder"]

REMEDY = "remove the column, or make pseudonyms before the file comes here (a separate step and role)"
SCN, CHI, POSTCODE, BIRTH, NAME = "scottish_candidate_number", "chi_number", "postcode", "date_of_birth", "name"
NUMBERS = {SCN, CHI}
LONG_TEXT = 8
"""A text of more signs than this is also searched for identifiers inside it."""
APART = re.compile(r"[\s-]")
POINT_NOUGHT = re.compile(r"(\d+)\.0")
POWER = re.compile(r"(\d)\.(\d+)E\+?0?(\d{1,2})", re.IGNORECASE)
MOST = 0.8
"""The share of a column's cells that must have the form of a name."""
ORDINAL = re.compile(r"(?i)(?:1ST|2ND|3RD)$")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of direct identifier: how a person calls it, the headers that betray it, the forms of its values.

    headers: the whole header; words: a run of words in it. value: the whole cell; children: the whole cell, in files
    about children only; within and children_within: a part of a longer text.
    """

    label: str
    headers: list[str]
    words: list[str]
    value: str = ""
    children: str = ""
    within: str = ""
    children_within: str = ""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The policy of `data_contracts/identifiers.yaml`."""

    kinds: dict[str, Kind]
    birth_years_before: list[int]
    postcode_areas: list[str]
    postcode_areas_in_text: list[str]
    names_in_a_column: int
    names: Names
    source: str
    date: str


@cache
def policy() -> Identifiers:
    """The policy, read once."""
    path = CONTRACTS / "identifiers.yaml"
    content: dict[str, Any] = read_yaml(path)
    if not isinstance(content.get("kinds"), dict) or not isinstance(content.get("names"), dict):
        raise SettingsError(
            "the kinds of identifier or the names are missing", path.name, remedy="add them under kinds and names"
        )
    content["kinds"] = {name: fill(Kind, told, f"{path.name}, {name}") for name, told in content["kinds"].items()}
    names = {key: frozenset(words) for key, words in content["names"].items()}
    content["names"] = fill(Names, names, f"{path.name}, names")
    return fill(Identifiers, content, path.name)


def plain(text: str) -> str:
    """A cell as it is compared: without invisible signs, wide forms, stray spaces and the apostrophe that marks text."""
    if text.isascii() and text.isalpha():
        return text
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    text = " ".join(text.split()).lstrip("'’`").strip()
    if whole := POINT_NOUGHT.fullmatch(text):
        return whole[1]
    power = POWER.fullmatch(text)
    return power[1] + power[2] if power and len(power[2]) == int(power[3]) else text


@cache
def header_kind(header: str) -> str:
    """The kind of identifier that a header announces, or nothing."""
    tidy = plain(header).replace("'", "").replace("’", "")
    parted = re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", tidy))
    forms = {re.sub(r"_?\d+$", "", fold(form).replace(".", "_").strip("_")) for form in (tidy, parted)}
    forms |= {re.sub("_+", "_", form) for form in forms}
    for name, kind in policy().kinds.items():
        if forms & set(kind.headers) or any(f"_{word}_" in f"_{form}_" for form in forms for word in kind.words):
            return name
    return ""


@cache
def names_itself(text: str, about_children: bool = False, year: int = 0) -> str:
    """The kind of identifier that a header, a sheet's or a file's name is itself, or nothing.

    The first row of a file without headers is a child; a sheet may bear a child's name.
    """
    return value_finder(None, about_children, year)(text) or _birth_kind(plain(text), year)


def value_finder(column: Column | None, about_children: bool, year: int) -> Callable[[str], str]:
    """A function that tells which kind of identifier a value is, for a column of a contract or an extra one (None)."""
    names = column is None or not column.names_allowed
    skipped = NUMBERS if column is not None and column.numbers_allowed else set()
    whole, inside = _forms(about_children, frozenset(skipped))
    dates = about_children and (column is None or column.kind != "date")

    def find(value: str) -> str:
        value = plain(value)
        if not value:
            return ""
        for name, form in whole:
            if form.fullmatch(value) and _holds(name, value, about_children, inside=False):
                return name
        if len(value) > LONG_TEXT:
            for name, form in inside:
                if any(_holds(name, hit[0], about_children, inside=True) for hit in form.finditer(value)):
                    return name
            if _born(birth_years_within(value), year):
                return BIRTH
        if names and _is_name(value, single=column is None and about_children):
            return NAME
        return _birth_kind(value, year) if dates else ""

    return find


@cache
def _forms(
    about_children: bool, skipped: frozenset[str]
) -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    """The forms of whole cells and of parts of a text, compiled once."""
    kinds = [(name, kind) for name, kind in policy().kinds.items() if name not in skipped]
    whole = [(n, p) for n, k in kinds for p in ([k.value, k.children] if about_children else [k.value]) if p]
    inside = [(n, p) for n, k in kinds for p in ([k.within, k.children_within] if about_children else [k.within]) if p]
    return [(n, re.compile(p)) for n, p in whole], [(n, re.compile(p)) for n, p in inside]


def _holds(kind: str, text: str, about_children: bool, inside: bool) -> bool:
    """Whether a text that has the form of a kind can be one: its check digit, its postcode area."""
    if kind == POSTCODE:
        return _is_postcode(text, inside)
    digits = APART.sub("", text)
    if kind == CHI:
        strict = is_chi(digits, strict=True)
        return strict or (about_children and not inside and (is_chi(digits, strict=False) or _is_health_number(digits)))
    # In a file about children nine digits are a child's; elsewhere (an invoice, a voucher) the check digit tells.
    return kind != SCN or about_children or inside or is_scn(digits)


def _is_health_number(digits: str) -> bool:
    """Whether ten digits are a health number without a date: the same check digit, as in the rest of the United Kingdom."""
    return digits.isdigit() and (11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11) % 11 == int(
        digits[9]
    )


def _is_postcode(text: str, inside: bool) -> bool:
    letters = re.match(r"[A-Za-z]+", text)
    areas = policy().postcode_areas_in_text if inside else policy().postcode_areas
    if letters is None or letters[0].upper() not in areas:
        return False
    # "G4 2nd" is the second of something.
    return not (ORDINAL.search(text) and text != text.upper())


def _is_name(value: str, single: bool) -> bool:
    """Whether a value reads as a person's name, or holds one; a single forename counts only where nothing else is expected."""
    names = policy().names
    if is_full_name(value, names):
        return True
    return single and (is_forename(value, names) or (len(value) > LONG_TEXT and holds_full_name(value, names)))


def _birth_kind(value: str, year: int) -> str:
    found = birth_year(value) if value[:1].isalnum() and any(sign.isdigit() for sign in value) else None
    return BIRTH if found is not None and _born([found], year) else ""


def _born(years: Iterable[int], year: int) -> bool:
    least, most = policy().birth_years_before
    return any(least <= year - found <= most for found in years)


def column_kinds(values: Sequence[str], column: Column | None, about_children: bool, year: int, header: str = "") -> list[str]:
    """The kind of each distinct value of a column, with what only the column as a whole can tell.

    In a file about children, serial numbers are dates of birth when all of them would be, and two capitalised words are
    names when nearly all cells are such. In a file of money, nine digits are candidate numbers only when most of the
    column's have a right check digit.
    """
    find = value_finder(column, about_children, year)
    kinds = [find(value) for value in values]
    if about_children and column is None:
        return (
            _of_unlisted_names(values, kinds)
            if any(kinds) or not _serials(values, header, year)
            else [BIRTH if v else "" for v in values]
        )
    if not about_children and SCN in kinds:
        nine = sum(len(digits) == 9 and digits.isdigit() for digits in (APART.sub("", plain(value)) for value in values))
        return kinds if 2 * kinds.count(SCN) >= nine else ["" if kind == SCN else kind for kind in kinds]
    return kinds


def _of_unlisted_names(values: Sequence[str], kinds: list[str]) -> list[str]:
    """The kinds, with names that no list knows, where nearly every cell has a name's form and few are alike."""
    formed = [has_the_form(plain(value), policy().names) for value in values]
    filled = sum(bool(value.strip()) for value in values)
    if sum(formed) < policy().names_in_a_column or sum(formed) < MOST * filled:
        return kinds
    return [kind or (NAME if form else "") for kind, form in zip(kinds, formed, strict=True)]


def _serials(values: Sequence[str], header: str, year: int) -> bool:
    least, most = policy().birth_years_before
    return are_serials([plain(value) for value in values], fold(header), range(year - most, year - least + 1))


def first_kind(values: Iterable[str], find: Callable[[str], str]) -> str:
    """The kind of the first value that is an identifier, or nothing."""
    return next((kind for kind in map(find, values) if kind), "")
