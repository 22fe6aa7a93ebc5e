"""How an identifier becomes a pseudonym: its spellings are made one, then it is hashed with the key (HMAC-SHA256).

In: cells of an identifier column as a person or a spreadsheet wrote them, and a key. Out: `p` and twelve hexadecimal
digits. The same person under the same key has the same pseudonym in every file and year; without the key nobody can
work one out, not even with a list of all candidate numbers.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.contracts.person_numbers import is_chi, is_scn
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

CHECKS: dict[str, Callable[[str], bool]] = {
    "": lambda _: True,
    "scottish_candidate_number": is_scn,
    "chi_number": lambda digits: is_chi(digits, strict=True),
}
ON_WRONG_CHECK = ("note", "refuse")
POINT_NOUGHT = re.compile(r"^([^a-zA-Z.]*\d)\.0+$")
BETWEEN_DIGITS = re.compile(r"[\s'’`\-‐‑‒–—−_:#]+|(?<!\d)\.")
"""Signs that people put between the digits of a number, or before it; a point within the number is none of them."""
BETWEEN_SIGNS = re.compile(r"[\s'’`]+")
"""In a code that is no plain number a hyphen or point may tell two children apart, so it stays."""
CODE = re.compile(r"[A-Z0-9][A-Z0-9./_\-]*")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of identifier: how many digits (0: any letters and digits), how short it may get, its check digit."""

    label: str
    digits: int
    shortest: int
    prefixes: list[str]
    check: str
    wrong_check: str

    def __post_init__(self) -> None:
        if self.check not in CHECKS or self.wrong_check not in ON_WRONG_CHECK:
            words = f"check among {', '.join(c for c in CHECKS if c)}; wrong_check {' or '.join(ON_WRONG_CHECK)}"
            raise SettingsError("unknown check of an identifier", "pseudonyms.yaml", f"{self.check}, {self.wrong_check}", words)


@dataclass(frozen=True, slots=True)
class Method:
    """The method of `data_contracts/pseudonyms.yaml`."""

    version: int
    label: str
    key_bytes: int
    prefix: str
    digits: int
    forms: dict[str, Form]
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Key:
    """A secret key; it shows itself by its fingerprint only."""

    secret: bytes

    def __repr__(self) -> str:
        return "Key(secret)"


@cache
def method() -> Method:
    """The method, read once."""
    path = CONTRACTS / "pseudonyms.yaml"
    content: dict[str, Any] = read_yaml(path)
    if not isinstance(content.get("forms"), dict):
        raise SettingsError("the forms of identifier are missing", path.name, remedy="add them under forms")
    content["forms"] = {name: fill(Form, told, f"{path.name}, {name}") for name, told in content["forms"].items()}
    return fill(Method, content, path.name)


def form_of(name: str) -> Form:
    """The form of that name; raises SettingsError naming those there are."""
    forms = method().forms
    if name not in forms:
        raise SettingsError("unknown form of identifier", "--form", name, f"one of: {', '.join(forms)}")
    return forms[name]


def canonical(cell: str, form: Form) -> str:
    """The one spelling of an identifier, or nothing when the cell is blank or no identifier of that form."""
    plain = cell
    if not (cell.isascii() and cell.isdigit()):
        plain = unicodedata.normalize("NFKC", cell)
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip()
        plain = (BETWEEN_DIGITS if form.digits else BETWEEN_SIGNS).sub("", POINT_NOUGHT.sub(r"\1", plain)).upper()
    return _number(plain, form) if form.digits else _code(plain, form)


def _number(plain: str, form: Form) -> str:
    if not plain.isdigit():
        plain = plain.removeprefix(max((p for p in form.prefixes if plain.startswith(p)), key=len, default=""))
    if not (plain.isascii() and plain.isdigit()) or not form.shortest <= len(plain) <= form.digits:
        return ""
    if len(plain) == form.digits and form.wrong_check == "note":
        return plain
    # A short number is as likely one with a digit left out: only the check digit says that a zero was lost.
    whole = plain.zfill(form.digits)
    return whole if CHECKS[form.check](whole) else ""


def _code(plain: str, form: Form) -> str:
    if len(plain) < form.shortest or not CODE.fullmatch(plain):
        return ""
    return plain.lstrip("0") if plain.isdigit() else plain


def is_doubtful(whole: str, form: Form) -> bool:
    """Whether an identifier's check digit is wrong: most likely a slip of the pen, so that this child will not link."""
    return not CHECKS[form.check](whole)


def pseudonym(whole: str, form_name: str, key: Key) -> str:
    """The pseudonym of one identifier in its one spelling: `p` and twelve hexadecimal digits of HMAC-SHA256."""
    how = method()
    message = f"{how.label}|{how.version}|{form_name}|{whole}".encode()
    return how.prefix + hmac.digest(key.secret, message, "sha256").hex()[: how.digits]
