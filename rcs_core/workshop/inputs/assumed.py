"""What this tool assumes where a partnership's release says nothing (data_contracts/scenario.yaml), and its rules of thumb."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.settings import CONTRACTS, fill, read_yaml

FILE = CONTRACTS / "scenario.yaml"


@dataclass(frozen=True, slots=True)
class Assumed:
    """One thing that this tool assumes, with its range and where it comes from."""

    value: Any
    unit: str
    source: str
    date: str
    note: str
    low: float | None = None
    high: float | None = None


@cache
def defaults(path: Path = FILE) -> dict[str, Assumed]:
    """The numbers that this tool assumes, by name."""
    return _section("defaults", path)


@cache
def missing(path: Path = FILE) -> dict[str, Assumed]:
    """What this tool does where a release says nothing, by what is missing."""
    return _section("missing", path)


@cache
def rules(path: Path = FILE) -> dict[str, Assumed]:
    """When a plan may be called best, how many questions are put, how roughly a guess is said."""
    return _section("rules", path)


@cache
def presets(path: Path = FILE) -> dict[str, dict[str, Any]]:
    """The starting points of *Try a shift* by name, each with its value, source, date and note; not to be changed."""
    found: dict[str, dict[str, Any]] = read_yaml(path)["presets"]
    return found


def _section(section: str, path: Path) -> dict[str, Assumed]:
    return {name: fill(Assumed, entry, f"{path.name}, {name}") for name, entry in read_yaml(path)[section].items()}


def assumed(name: str) -> float:
    """One assumed number."""
    return float(defaults()[name].value)


def rule(name: str) -> float:
    """One rule of thumb."""
    return float(rules()[name].value)
