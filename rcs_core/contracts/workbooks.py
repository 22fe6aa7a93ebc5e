"""How large the workbooks may grow that go back to those who send data; the numbers stand in `data_contracts/workbooks.yaml`."""

from dataclasses import dataclass
from functools import cache

from rcs_core.settings import CONTRACTS, fill, read_yaml


@dataclass(frozen=True, slots=True)
class Workbooks:
    """How large a template and a marked copy may grow; `data_contracts/workbooks.yaml`."""

    template_rows: int
    marked_notes: int
    marked_listed: int
    marked_alike: int
    source: str
    date: str


@cache
def workbooks() -> Workbooks:
    """The settings, read once."""
    path = CONTRACTS / "workbooks.yaml"
    return fill(Workbooks, read_yaml(path), path.name)
