"""The numbers that policy chose for estimates, read from `data_contracts/reliability.yaml`.

Each is written there with its unit, source and date; an unknown key, or one without a source, is refused.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

_PARTS = {"value", "unit", "source", "date"}


@dataclass(frozen=True, slots=True)
class Rules:
    """When a share may be shown, how its interval is made and how answers are weighted (units in the contract)."""

    confidence: float
    min_effective_n: float
    narrow_width: float
    wide_width: float
    max_relative_width: float
    min_df: float
    min_effective_events: float
    min_cell_respondents: int
    min_cell_response: float
    max_weight_ratio: float
    trim_rounds: int
    false_discovery: float
    funnel_inner: float
    funnel_outer: float
    funnel_winsorised: float

    def __post_init__(self) -> None:
        if not 0.5 < self.confidence < 1:
            raise SettingsError("the confidence is not a share", "confidence", str(self.confidence), "between 0.5 and 1")
        if self.max_weight_ratio <= 1:
            raise SettingsError("the trimming bound is too tight", "max_weight_ratio", str(self.max_weight_ratio), "more than 1")


def read_rules(path: Path) -> Rules:
    """Read a contract of sourced numbers into `Rules`; raises SettingsError naming the key at fault."""
    content = read_yaml(path)
    for key, parts in content.items():
        if not isinstance(parts, dict) or set(parts) != _PARTS:
            got = ", ".join(sorted(map(str, parts))) if isinstance(parts, dict) else str(parts)
            raise SettingsError("a number lacks its provenance", f"{path.name}, {key}", got, ", ".join(sorted(_PARTS)))
    return fill(Rules, {key: parts["value"] for key, parts in content.items()}, path.name)


@cache
def rules() -> Rules:
    """The rules of `data_contracts/reliability.yaml`."""
    return read_rules(CONTRACTS / "reliability.yaml")
