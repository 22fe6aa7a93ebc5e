"""How far *What else* looks, as its contract says (data_contracts/what_else.yaml)."""

from functools import cache
from pathlib import Path

from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.inputs.assumed import Assumed

FILE = CONTRACTS / "what_else.yaml"


@cache
def else_rules(path: Path = FILE) -> dict[str, Assumed]:
    """Every number of the contract by its name."""
    return {name: fill(Assumed, entry, f"{path.name}, {name}") for name, entry in read_yaml(path).items()}


def numbers(name: str) -> tuple[float, ...]:
    """A list of the contract."""
    return tuple(float(value) for value in else_rules()[name].value)


def number(name: str) -> float:
    """One number of the contract."""
    return float(else_rules()[name].value)
