"""What `data_contracts/ballots.yaml` says of votes: their limits, the eight steps of agreement, and the agencies' letters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Agency
from rcs_core.workshop.inputs.assumed import Assumed

PATH = CONTRACTS / "ballots.yaml"
OTHERS = "other agencies"
"""What stands for the agency of an unnamed vote that its agency might give away."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of agreement: its number, its name, and in a sentence what somebody means by it."""

    step: int
    name: str
    says: str


@cache
def rules(path: Path = PATH) -> dict[str, Assumed]:
    """Every rule by its name; raises SettingsError where one is incomplete or is no whole number from 1."""
    found = {name: fill(Assumed, entry, f"{path.name}, {name}") for name, entry in read_yaml(path)["rules"].items()}
    if wrong := [name for name, rule in found.items() if not isinstance(rule.value, int) or rule.value < 1]:
        raise SettingsError("a rule of votes is no whole number", path.name, ", ".join(wrong), "a whole number from 1")
    return found


def rule(name: str) -> int:
    """The number of a rule."""
    return int(rules()[name].value)


@cache
def steps(path: Path = PATH) -> tuple[Step, ...]:
    """The steps of agreement from the first; raises SettingsError where they are not numbered one after the other."""
    found = tuple(fill(Step, entry, f"{path.name}, step {k}") for k, entry in enumerate(read_yaml(path)["steps"], 1))
    if not found or [s.step for s in found] != list(range(1, len(found) + 1)):
        raise SettingsError("the steps of agreement have gaps", path.name, ", ".join(str(s.step) for s in found), "1, 2, 3, ...")
    return found


@cache
def letters(path: Path = PATH) -> Mapping[str, str]:
    """The letters of each agency on paper; raises SettingsError where two have the same, or an agency has none."""
    found = {str(code): str(given).upper() for code, given in read_yaml(path)["letters"].items()}
    if len(set(found.values())) < len(found) or set(found) != set(Agency):
        raise SettingsError("agencies cannot be told apart on paper", path.name, "", "letters of its own for every agency")
    return found


def letters_of(agencies: Iterable[str]) -> dict[str, str]:
    """The letters of these agencies, each once; one that is not in the contract gets the next free pair from its own name."""
    found: dict[str, str] = {}
    for agency in dict.fromkeys(agencies):
        taken = {*letters().values(), *found.values()}
        found[agency] = letters().get(agency) or next(pair for pair in _pairs(agency) if pair not in taken)
    return found


def _pairs(name: str) -> Iterable[str]:
    plain = [sign for sign in name.upper() if "A" <= sign <= "Z"] or ["X"]
    yield from (plain[0] + second for second in plain[1:])
    alphabet = [chr(ord("A") + k) for k in range(26)]
    yield from (plain[0] + second for second in alphabet)
    yield from (first + second for first in alphabet for second in alphabet)


def told_apart(here: Mapping[str, int], least: int | None = None) -> tuple[str, ...]:
    """The agencies that an unnamed vote may keep: of those with enough people, as long as the others are enough too.

    Where the others together are too few to hide among, the smallest agency joins them, and the next.
    """
    fewest = least or rule("least_together")
    apart = sorted((a for a, count in here.items() if count >= fewest and a not in (OTHERS, "")), key=lambda a: (here[a], a))
    others = sum(count for count in here.values() if count > 0) - sum(here[a] for a in apart)
    while apart and 0 < others < fewest:
        others += here[apart.pop(0)]
    return tuple(sorted(apart))
