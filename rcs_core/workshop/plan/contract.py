"""What `data_contracts/plan.yaml` says of a plan: how many priorities, and the criteria that a plan is read by."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcs_core.errors import RcsError, SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.inputs.assumed import Assumed

PATH = CONTRACTS / "plan.yaml"


class PlanError(RcsError):
    """The plan cannot take what it was given."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the national review. beyond: what no figure of this workbench can say of it."""

    number: str
    title: str
    beyond: str


@cache
def most_priorities(path: Path = PATH) -> Assumed:
    """How many priorities a plan may hold without a reason; raises SettingsError where the contract has another form."""
    rules = read_yaml(path).get("rules")
    if not isinstance(rules, dict) or set(rules) != {"most_priorities"}:
        raise SettingsError("the contract has another form", path.name, "", "rules: most_priorities")
    found = fill(Assumed, rules["most_priorities"], f"{path.name}, most_priorities")
    if not isinstance(found.value, int) or found.value < 1:
        raise SettingsError("the number of priorities is none", path.name, str(found.value), "a whole number from 1")
    return found


@cache
def criteria(path: Path = PATH) -> tuple[Criterion, ...]:
    """The criteria in their order; raises SettingsError where one is incomplete or stands twice."""
    entries = read_yaml(path).get("criteria") or []
    found = tuple(fill(Criterion, entry, f"{path.name}, criterion {k}") for k, entry in enumerate(entries, 1))
    numbers = [c.number for c in found]
    if not found or len(set(numbers)) < len(numbers):
        raise SettingsError("a criterion stands twice, or there is none", path.name, ", ".join(numbers), "each number once")
    return found


@cache
def criteria_source(path: Path = PATH) -> str:
    """Where the criteria come from, as a source line."""
    about = read_yaml(path).get("criteria_source") or {}
    if not about.get("source") or not about.get("date"):
        raise SettingsError("the criteria have no source", path.name, "", "criteria_source: source and date")
    return str(about["source"])


def filled(what: str, text: str, remedy: str = "fill it in") -> str:
    """A text without stray spaces; raises PlanError when it is blank."""
    said = " ".join(text.split())
    if not said:
        raise PlanError(what, "the plan", "nothing", "some text", remedy)
    return said
