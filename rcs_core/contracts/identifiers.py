"""Refuses what names a child: names, Scottish Candidate Numbers, CHI numbers, postcodes, dates of birth.

In: a header or the distinct values of a column. Out: which kind of direct identifier it is, if any. The rule covers every
input; a contract says where a service's or a school's name may stand. Values found are never shown.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.contracts.model import Column, fold
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

REMEDY = "remove the column, or make pseudonyms before the file comes here (a separate step and role)"
NUMBERS = {"scottish_candidate_number", "chi_number"}
WORD = r"[A-Z][a-z'’]+(?:[A-Z][a-z]+)?"
FULL_NAME = re.compile(rf"^{WORD}(?: [A-Z]\.?)?(?: |, ?){WORD}(?:[- ]{WORD})?$")
DATE = re.compile(r"^(?:(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](\d{4}))(?: 00:00:00)?$")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of direct identifier: how a person calls it, the headers that betray it, the forms of its values."""

    label: str
    headers: list[str]
    words: list[str]
    value: str
    within: str


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The policy of `data_contracts/identifiers.yaml`."""

    kinds: dict[str, Kind]
    birth_years_before: list[int]
    forenames: frozenset[str]
    source: str
    date: str


@cache
def policy() -> Identifiers:
    """The policy, read once."""
    path = CONTRACTS / "identifiers.yaml"
    content: dict[str, Any] = read_yaml(path)
    if not isinstance(content.get("kinds"), dict):
        raise SettingsError("the kinds of identifier are missing", path.name, remedy="add them under kinds")
    content["kinds"] = {name: fill(Kind, told, f"{path.name}, {name}") for name, told in content["kinds"].items()}
    content["forenames"] = frozenset(content["forenames"])
    return fill(Identifiers, content, path.name)


def header_kind(header: str) -> str:
    """The kind of identifier a header announces, or nothing."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1_\2", header.strip())
    folded = {fold(header).replace(".", "_").strip("_"), fold(parted).replace(".", "_").strip("_")}
    words = {word for form in folded for word in form.split("_")}
    for name, kind in policy().kinds.items():
        if folded & set(kind.headers) or words & set(kind.words):
            return name
    return ""


def value_finder(column: Column | None, about_children: bool, year: int) -> Callable[[str], str]:
    """A function that tells which kind of identifier a value is, for a column of a contract or an extra one (None)."""
    names = column is None or not column.names_allowed
    skipped = NUMBERS if column is not None and column.numbers_allowed else set()
    kinds = {name: kind for name, kind in policy().kinds.items() if name not in skipped and kind.value}
    whole = {name: re.compile(kind.value) for name, kind in kinds.items()}
    inside = {name: re.compile(kind.within) for name, kind in kinds.items()}
    dates = about_children and (column is None or column.kind != "date")

    def find(value: str) -> str:
        if not value:
            return ""
        for name, form in whole.items():
            if form.fullmatch(value) and (name != "chi_number" or is_chi(value, strict=not about_children)):
                return name
        for name, form in inside.items():
            hit = form.search(value) if len(value) > 8 else None
            if hit and (name != "chi_number" or is_chi(hit[0], strict=True)):
                return name
        if names and _is_name(value, column is None and about_children):
            return "name"
        return "date_of_birth" if dates and _is_birth(value, year) else ""

    return find


def is_chi(digits: str, strict: bool) -> bool:
    """Whether ten digits can be a CHI number: they start with a date, ddmmyy; strict: the check digit is right too.

    The check digit is the modulus 11 of the first nine digits weighted 10 down to 2.
    """
    try:
        dt.date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        if digits[:4] != "2902":
            return False
    if not strict:
        return True
    weighted = sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - weighted % 11) % 11 == int(digits[9])


def _is_name(value: str, single: bool) -> bool:
    """Whether a value reads as a person's name; a single forename counts only where nothing else is expected."""
    forenames = policy().forenames
    if FULL_NAME.match(value):
        return any(word.casefold() in forenames for word in re.split(r"[ ,]+", value))
    return single and value.isalpha() and value[:1].isupper() and value.casefold() in forenames


def _is_birth(value: str, year: int) -> bool:
    parts = DATE.match(value)
    if parts is None:
        return False
    least, most = policy().birth_years_before
    return least <= year - int(parts[1] or parts[2]) <= most


def first_kind(values: Iterable[str], find: Callable[[str], str]) -> str:
    """The kind of the first value that is an identifier, or nothing."""
    return next((kind for kind in map(find, values) if kind), "")
