"""How dear a hidden cell is and how hard to search: the numbers of `data_contracts/protection.yaml`, frozen."""

from dataclasses import dataclass, replace

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

_PARTS = {"value", "unit", "source", "date"}


@dataclass(frozen=True, slots=True)
class Effort:
    """Costs of hiding and limits of the search; every limit counts steps or cells, so the same input gives the same pattern."""

    weight_cell: float
    weight_child: float
    weight_margin: float
    hidden_factor: float
    starts: int
    start_cells: int
    start_work: int
    whole_cells: int
    full_starts: int
    rework_steps: int
    table_rework_steps: int
    full_rework_steps: int
    rework_cells: int
    clean_passes: int
    clean_cells: int
    exact_cells: int
    exact_rounds: int
    exact_nodes: int
    processes: int
    process_cells: int

    def __post_init__(self) -> None:
        if min(self.weight_cell, self.hidden_factor) <= 0 or min(self.weight_child, self.weight_margin) < 0:
            raise SettingsError("a cost is not positive", "protection.yaml", "", "weight_cell and hidden_factor above 0")

    def table(self) -> "Effort":
        """For one table or a few, which may take longer than each part of a release: more starts, and rework."""
        return replace(self, start_cells=self.clean_cells, whole_cells=self.clean_cells, rework_steps=self.table_rework_steps)

    def full(self) -> "Effort":
        """The same with many more starts and more rework, whatever the size: for a table worth waiting for."""
        limit = self.rework_cells * self.full_rework_steps // max(self.table_rework_steps, 1)
        more = {"starts": self.full_starts, "rework_steps": self.full_rework_steps, "rework_cells": limit}
        return replace(self, start_cells=self.clean_cells, start_work=self.clean_cells**2, whole_cells=self.clean_cells, **more)


def read_effort() -> Effort:
    """The numbers of `data_contracts/protection.yaml`; each entry must carry value, unit, source and date."""
    path = CONTRACTS / "protection.yaml"
    content = read_yaml(path)
    for key, entry in content.items():
        if not isinstance(entry, dict) or set(entry) != _PARTS:
            raise SettingsError(
                "an entry is incomplete", f"{path.name}, {key}", str(entry), "value, unit, source and date", "complete the entry"
            )
    return fill(Effort, {key: entry["value"] for key, entry in content.items()}, path.name)
