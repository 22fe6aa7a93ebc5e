"""Who may do what, and the steps that data take: `data_contracts/data_flow.yaml`, read once."""

from dataclasses import dataclass
from functools import cache

from rcs_core.settings import CONTRACTS, fill, read_yaml


@dataclass(frozen=True, slots=True)
class Role:
    """Who does one thing, with which command, what they may see and what never."""

    who: str
    does: str
    by: str
    sees: str
    never: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way from a school's file to a room: where it happens, its gate, and what is kept of it."""

    step: str
    where: str
    gate: str
    kept: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The roles by verb, the steps in order, and how many days before its end a retention is called near its end."""

    source: str
    date: str
    warn_days: int
    warn_days_source: str
    roles: dict[str, Role]
    steps: tuple[Step, ...]


@cache
def flow() -> Flow:
    """The roles and steps; raises SettingsError for an unknown key."""
    path = CONTRACTS / "data_flow.yaml"
    content = read_yaml(path)
    content["roles"] = {verb: fill(Role, told, f"{path.name}, {verb}") for verb, told in content["roles"].items()}
    content["steps"] = tuple(fill(Step, told, f"{path.name}, step {n}") for n, told in enumerate(content["steps"], start=1))
    return fill(Flow, content, path.name)
