"""The sheets of the workbook as contracts, made of `data_contracts/budgeting_tool.yaml` and of the contracts of the inputs.

A column that is one of an input (`as`) has its codes and rules from there, so that no list stands twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from rcs_core.contracts import Contract, contracts
from rcs_core.contracts.model import Column, Rule, fold
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

PATH = CONTRACTS / "budgeting_tool.yaml"
ORGANISE, PREVENTION, OUTCOMES = "organise", "prevention", "outcomes"
SPOKEN = ("agency", "fund")
"""Columns that hold a name instead of a code, as a reader knows no code of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One column as the file tells it."""

    heading: str
    about: str = ""
    source: str = ""
    kind: str = "string"
    codes: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    required: bool = False
    names: bool = False
    width: int = 14


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet: its name and title, its columns as a contract, and each column's heading and width."""

    table: str
    sheet: str
    title: str
    contract: Contract
    told: Mapping[str, Told]

    @property
    def columns(self) -> list[str]:
        """The names of its columns in order."""
        return self.contract.names


@cache
def layouts() -> dict[str, Layout]:
    """The three sheets by table; raises SettingsError for an unknown key or column."""
    content = read_yaml(PATH)
    if set(content) != {"source", "date", "tables"} or set(content["tables"]) != {ORGANISE, PREVENTION, OUTCOMES}:
        raise SettingsError("the file has another form", PATH.name, ", ".join(map(str, content)), "source, date and three tables")
    return {name: _layout(name, entry, str(content["date"])) for name, entry in content["tables"].items()}


def _layout(name: str, entry: Mapping[str, Any], date: str) -> Layout:
    told = {column: _told(about, f"{PATH.name}, {name}, {column}") for column, about in entry["columns"].items()}
    columns = tuple(_column(column, about, f"{PATH.name}, {name}, {column}") for column, about in told.items())
    rules = tuple(rule for rule in contracts()["services"].row_rules if rule.columns and set(rule.columns) <= set(told))
    contract = Contract(name, str(entry["title"]), date, "apart", "file", False, columns, row_rules=rules)
    return Layout(name, str(entry["sheet"]), str(entry["title"]), contract, told)


def _told(entry: Mapping[str, Any], where: str) -> Told:
    about = {("source" if key == "as" else key): value for key, value in entry.items()}
    return fill(Told, about | {"also": tuple(about.get("also", ()))}, where)


def _column(name: str, told: Told, where: str) -> Column:
    base = _base(told.source, where) if told.source else _plain(name, told)
    spoken = {fold(label): code for code, label in base.labels.items()} if name in SPOKEN else {}
    return replace(
        base,
        name=name,
        about=told.about or base.about,
        filled=told.required,
        present=told.required,
        aliases=(told.heading, *told.also),
        lookup={**base.lookup, **spoken},
        reference=None,
        unique=None,
    )


def _base(source: str, where: str) -> Column:
    stem, _, name = source.partition(".")
    found = contracts()[stem].column(name) if stem in contracts() else None
    if found is None:
        raise SettingsError("there is no such column", where, source, "a table and a column of data_contracts/tables")
    return found


def _plain(name: str, told: Told) -> Column:
    rules = (Rule("code", f"one of: {', '.join(told.codes)}", codes=frozenset(told.codes)),) if told.codes else ()
    return Column(
        name,
        told.about,
        told.kind,
        told.required,
        told.required,
        False,
        codes=tuple(told.codes),
        lookup={fold(code): code for code in told.codes},
        rules=rules,
        names_allowed=told.names,
        numbers_allowed=True,
        labels=dict(told.codes),
    )
