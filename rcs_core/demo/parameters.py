"""The numbers that Strathmere is made from: read from `data_contracts/demo/`, each with unit, source and date.

A number is either published (its source says where) or an assumption (its source begins with that word); the
log in `docs/assumptions.md` is made from the same files, so a number cannot be used without being listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

FOLDER = CONTRACTS / "demo"
BOOKS = (
    "schools", "wellbeing", "further", "contact", "fieldwork", "parents", "services", "ledgers", "effects", "demand",
    "more_money",
)  # fmt: skip
RATINGS = ("green", "amber", "red")
IMPACTS = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, or a small family of numbers, of the demonstration.

    value: in `unit`; source: where it was published, or "Assumption: why"; date: of what it describes;
    quality: green (published for Scotland, same definition), amber (elsewhere, older or derived), red (assumption);
    impact: how much the demonstration's picture depends on it.
    """

    value: Any
    unit: str
    source: str
    date: str
    quality: str
    impact: str

    def __post_init__(self) -> None:
        if self.quality not in RATINGS or self.impact not in IMPACTS:
            raise SettingsError(
                "a rating is unknown",
                "data_contracts/demo",
                f"{self.quality}, {self.impact}",
                "green, amber or red; high, medium or low",
            )

    @property
    def assumed(self) -> bool:
        """Whether nobody published it."""
        return self.source.startswith("Assumption")


@dataclass(frozen=True, slots=True)
class Book:
    """One file of `data_contracts/demo/`: its parameters by name, and its rows where it lists things."""

    name: str
    parameters: Mapping[str, Parameter]
    rows: tuple[Mapping[str, Any], ...] = ()

    def __getitem__(self, key: str) -> Any:
        if key not in self.parameters:
            raise SettingsError("the demonstration lacks a number", f"data_contracts/demo/{self.name}.yaml", key, "an entry")
        return self.parameters[key].value

    def number(self, key: str) -> float:
        """One number by name."""
        return float(self[key])

    def share(self, key: str) -> float:
        """One number given in per cent, as a share of 1."""
        return float(self[key]) / 100


@dataclass(frozen=True, slots=True)
class Parameters:
    """All files of `data_contracts/demo/` by name."""

    books: Mapping[str, Book]

    def __getitem__(self, name: str) -> Book:
        return self.books[name]

    def entries(self) -> Iterator[tuple[str, str, Parameter]]:
        """Every parameter as (file, name, parameter), in the order of the files."""
        for book in self.books.values():
            for name, parameter in book.parameters.items():
                yield book.name, name, parameter


def read_book(name: str, folder: Path = FOLDER) -> Book:
    """Read one file; `columns` and `rows` describe a list, everything else is a parameter."""
    path = folder / f"{name}.yaml"
    content = dict(read_yaml(path))
    rows = tuple(content.pop("rows", ()))
    columns = content.pop("columns", {})
    found = {key: fill(Parameter, dict(entry), f"{path.name}, {key}") for key, entry in content.items()}
    about = {f"rows.{key}": fill(Parameter, {"value": None, **entry}, f"{path.name}, {key}") for key, entry in columns.items()}
    known = {*columns, "spend_source", "children_source", "payers", "source", "note"}
    for row in rows:
        if unknown := sorted(set(row) - known):
            raise SettingsError(
                "unknown column", path.name, ", ".join(unknown), ", ".join(sorted(known)), "describe it under columns"
            )
    return Book(name, {**found, **about}, rows)


@lru_cache(maxsize=1)
def parameters() -> Parameters:
    """The demonstration's numbers, read once."""
    return Parameters({name: read_book(name) for name in BOOKS})
