"""How exactly a plan is solved and checked, as the contract of the scenario engine says."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcs_core.settings import CONTRACTS, fill, read_yaml


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How exactly a plan is solved and checked (data_contracts/scenario.yaml)."""

    certificate: float
    solver: float
    stage: float
    stage_most: float


@cache
def accuracy(path: Path = CONTRACTS / "scenario.yaml") -> Accuracy:
    """The accuracy of the contract."""
    content = {key: entry["value"] for key, entry in read_yaml(path)["accuracy"].items()}
    return fill(Accuracy, content, path.name)
