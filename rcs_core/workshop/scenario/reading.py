"""Reading plain JSON into frozen dataclasses, with every problem of a file collected before anything is refused.

Each field of a dataclass carries its reader in its annotation, so that a key is stated once: its name, its kind, its
range and its default. What comes in is the content of a file; what goes out is a dataclass, and a list of problems.
"""

import dataclasses
import math
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rcs_core.errors import ScenarioError

type Yearly = float | tuple[float, ...]
"""A number for every year, or one number a year."""
LARGEST = 1e12
"""The largest number that a scenario may hold: beyond it, a solver's rounding is larger than a pound."""
type Read = Callable[[Any, str, "Desk"], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file: where, what, what was met and what was expected."""

    where: str
    what: str
    got: str = ""
    expected: str = ""

    def line(self) -> str:
        """The problem in one sentence."""
        got = f": got {self.got}" if self.got else ""
        return f"{self.where}: {self.what}{got}" + (f"; expected {self.expected}" if self.expected else "")


@dataclass(slots=True)
class Desk:
    """Where problems are laid down while a file is read; `horizon` is the length of a list by year."""

    horizon: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def note(self, where: str, what: str, got: object = "", expected: str = "") -> None:
        """Lay down one problem."""
        self.problems.append(Problem(_printable(where) or "the file", what, _short(got), _printable(expected)))

    def raise_all(self, source: str) -> None:
        """Refuse the file when anything is wrong with it, with all that is wrong."""
        if not self.problems:
            return
        if len(self.problems) == 1:
            one = self.problems[0]
            raise ScenarioError(one.what, f"{source}, {one.where}", one.got, one.expected, "correct the scenario file")
        lines = "".join(f"\n- {p.line()}" for p in self.problems)
        raise ScenarioError(f"{len(self.problems)} problems{lines}", source, remedy="correct the scenario file")


def _short(value: object) -> str:
    text = _printable(value if isinstance(value, str) else repr(value))
    return text if len(text) <= 80 else text[:77] + "..."


def number(low: float | None = None, high: float | None = None, below: float | None = None) -> Read:
    """A finite number from `low` to `high` (or under `below`)."""
    wanted = _range(low, high, below)

    def read(value: Any, where: str, desk: Desk) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            desk.note(where, "not a number", value, wanted)
            return math.nan
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            desk.note(where, "not a finite number", value, wanted)
        elif abs(found) > LARGEST:
            desk.note(where, "too large a number", value, f"at most {LARGEST:,.0f}: state money in thousands or millions")
        elif (low is not None and found < low) or (high is not None and found > high) or (below is not None and found >= below):
            desk.note(where, "out of range", value, wanted)
        return found

    return read


def _range(low: float | None, high: float | None, below: float | None) -> str:
    parts = [f"{low:g} or more" if low is not None else "", f"{high:g} or less" if high is not None else ""]
    parts.append(f"less than {below:g}" if below is not None else "")
    return " and ".join(["a number", *[p for p in parts if p]]).replace("number and", "number,", 1)


def count(low: int, high: int) -> Read:
    """A whole number from `low` to `high`."""

    def read(value: Any, where: str, desk: Desk) -> int:
        fits = not isinstance(value, bool) and isinstance(value, int | float) and low <= value <= high
        if not fits or value != int(value):
            desk.note(where, "not a whole number in range", value, f"a whole number from {low} to {high}")
            return low
        return int(value)

    return read


def yearly(one: Read) -> Read:
    """A number for every year, or a list with one number a year."""

    def read(value: Any, where: str, desk: Desk) -> Any:
        if not isinstance(value, list):
            return one(value, where, desk)
        if desk.horizon is not None and len(value) != desk.horizon:
            desk.note(where, "a list by year of the wrong length", f"{len(value)} values", f"{desk.horizon}, one a year")
        return tuple(one(v, f"{where}[{i}]", desk) for i, v in enumerate(value))

    return read


def nullable(one: Read) -> Read:
    """A value, or null."""
    return lambda value, where, desk: None if value is None else one(value, where, desk)


def flag(value: Any, where: str, desk: Desk) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        desk.note(where, "not true or false", value, "true or false")
    return bool(value)


def text(value: Any, where: str, desk: Desk) -> str:
    """Any text that can be written down again."""
    if not isinstance(value, str) or _printable(value) != value:
        desk.note(where, "not text", value, "text")
    return str(value)


def _printable(value: str) -> str:
    """Text as it can be written to a file: half of a surrogate pair is spelled out."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def an_id(value: Any, where: str, desk: Desk) -> str:
    """An id: text that is not blank."""
    if not isinstance(value, str) or not value.strip() or _printable(value) != value:
        desk.note(where, "not an id", value, "text that is not blank")
    return str(value)


def choice(*words: str) -> Read:
    """One of some words."""

    def read(value: Any, where: str, desk: Desk) -> str:
        if value not in words:
            desk.note(where, "not one of the words", value, f"one of: {', '.join(words)}")
        return str(value)

    return read


def listed(one: Read) -> Read:
    """A list."""

    def read(value: Any, where: str, desk: Desk) -> tuple[Any, ...]:
        if not isinstance(value, list):
            desk.note(where, "not a list", value, "a list")
            return ()
        return tuple(one(v, f"{where}[{i}]", desk) for i, v in enumerate(value))

    return read


def mapped(one: Read) -> Read:
    """An object whose keys are ids."""

    def read(value: Any, where: str, desk: Desk) -> dict[str, Any]:
        if not isinstance(value, dict):
            desk.note(where, "not an object", value, "an object with ids as its keys")
            return {}
        return {str(k): one(v, f"{where}.{k}", desk) for k, v in value.items()}

    return read


def record(kind: type) -> Read:
    """An object with the keys of one dataclass; unknown keys are refused, with the allowed ones named."""

    def read(value: Any, where: str, desk: Desk) -> Any:
        return take(kind, value, where, desk)

    return read


@cache
def readers(kind: type) -> dict[str, Read]:
    """The reader of each field of a dataclass, from its annotation."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def take(kind: type, value: Any, where: str, desk: Desk) -> Any:
    """Read one object as a dataclass; returns None when it is no object or lacks a key."""
    fields, reads = {f.name: f for f in dataclasses.fields(kind)}, readers(kind)
    if not isinstance(value, dict):
        desk.note(where, "not an object", value, f"an object with the keys {', '.join(fields)}")
        return None
    for key in [k for k in value if k not in fields]:
        desk.note(_at(where, key), "unknown key", key, f"one of: {', '.join(fields)}")
    missing = [n for n, f in fields.items() if n not in value and _required(f)]
    for key in missing:
        desk.note(_at(where, key), "the key is missing")
    found = {n: reads[n](value[n], _at(where, n), desk) for n in fields if n in value}
    return None if missing else kind(**found)


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _required(f: "dataclasses.Field[Any]") -> bool:
    return f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING


def plain(value: Any, whole: bool = False) -> Any:
    """A dataclass as plain JSON content; keys that stand at their default are left out unless the `whole` is wanted."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = [f for f in dataclasses.fields(value) if whole or _told(f, getattr(value, f.name))]
        return {f.name: plain(getattr(value, f.name), whole) for f in told}
    if isinstance(value, Mapping):
        return {k: plain(v, whole) for k, v in value.items()}
    if isinstance(value, tuple):
        return [plain(v, whole) for v in value]
    return value


def _told(f: "dataclasses.Field[Any]", value: Any) -> bool:
    if _required(f):
        return True
    default = f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default
    return bool(value != default)
