"""What a request may hold, checked one value at a time: mappings, words, numbers and flags, refused by name and place."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from rcs_core.errors import SettingsError


def mapping(given: Any, where: str) -> Mapping[str, Any]:
    """A mapping of key to value."""
    if not isinstance(given, Mapping):
        raise SettingsError("a mapping is wanted", where, repr(given), "{key: value}")
    return given


def word(given: Any, where: str) -> str:
    """A piece of text that is not empty."""
    if not isinstance(given, str) or not given:
        raise SettingsError("a word is wanted", where, repr(given), "text in quotes")
    return given


def column(given: Any, where: str) -> str | None:
    """The name of a column, or None for none."""
    return None if given is None else word(given, where)


def flag(given: Any, where: str) -> bool:
    """true or false."""
    if not isinstance(given, bool):
        raise SettingsError("true or false is wanted", where, repr(given), "true or false, without quotes")
    return given


def number(given: Any, where: str) -> float:
    """A finite number."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise SettingsError("a number is wanted", where, repr(given), "a number")
    return float(given)


def level(given: Any, where: str) -> str:
    """A value to be compared with the text of a cell; a number means its digits as they stand in the request."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise SettingsError("a value of the file is wanted", where, repr(given), 'the text of a cell, such as "1" or "yes"')
    return str(given)


def choice(given: Any, allowed: Mapping[str, Any] | list[str], what: str, where: str) -> str:
    """One of the allowed words."""
    if not isinstance(given, str) or given not in allowed:
        said = given if isinstance(given, str) else repr(given)
        raise SettingsError(f"unknown {what}", where, said, ", ".join(allowed))
    return given


def keys(given: Any, allowed: set[str], needed: set[str], where: str) -> Mapping[str, Any]:
    """A mapping with no key but the allowed and all of the needed."""
    found = mapping(given, where)
    if unknown := sorted(set(map(str, found)) - allowed):
        expected = ", ".join(sorted(allowed)) or "no key"
        raise SettingsError("unknown key", where, ", ".join(unknown), expected, "remove or rename the key")
    if missing := sorted(needed - set(found)):
        raise SettingsError("a key is missing", where, ", ".join(missing), ", ".join(sorted(needed)), "add the key")
    return found
