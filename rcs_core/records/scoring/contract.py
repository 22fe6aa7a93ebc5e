"""Reads `data_contracts/scoring.yaml` into frozen rules; a key that nobody knows is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.records.scoring.cuts import Cut, read_cuts
from rcs_core.records.scoring.derived import Derived
from rcs_core.records.scoring.kinds import read_kind
from rcs_core.records.scoring.means import MeanRules
from rcs_core.records.scoring.needs import NeedsRules
from rcs_core.records.scoring.sdq import SdqRules
from rcs_core.records.scoring.wellbeing import WellbeingRules
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Survey


@dataclass(frozen=True, slots=True)
class Scoring:
    """Every rule of scoring: the two instruments, the parent's cuts, the derived answers, means and counts of needs."""

    version: str
    sdq_self_report: SdqRules
    sdq_parent: dict[str, Cut]
    wemwbs: WellbeingRules
    swemwbs: WellbeingRules
    derived: dict[str, Derived]
    means: dict[str, MeanRules]
    needs: NeedsRules

    def cut(self, series: str) -> Cut:
        """The cut called `instrument.cut`, as the catalogue of indicators names it."""
        instrument, _, name = series.partition(".")
        cuts = {"sdq_self_report": self.sdq_self_report.cuts, "sdq_parent": self.sdq_parent}
        if name not in cuts.get(instrument, {}):
            known = [f"{i}.{n}" for i, found in cuts.items() for n in found]
            raise SettingsError("unknown cut", "scoring.yaml", series, ", ".join(known))
        return cuts[instrument][name]


def read_scoring(path: Path) -> Scoring:
    """Read the contract; raises SettingsError naming the key at fault."""
    content, where = read_yaml(path), path.name
    keys = {field.name for field in fields(Scoring)}
    if set(content) != keys:
        odd = sorted(set(content) ^ keys)
        raise SettingsError("unknown setting, or one is missing", where, ", ".join(odd), ", ".join(sorted(keys)))
    parent = read_cuts(content["sdq_parent"], f"{where}, sdq_parent")
    derived = {name: _derived(name, about, parent, where) for name, about in content["derived"].items()}
    sdq: dict[str, Any] = content["sdq_self_report"]
    cuts = read_cuts(sdq.get("cuts") or {}, f"{where}, sdq_self_report")
    return Scoring(
        version=str(content["version"]),
        sdq_self_report=fill(SdqRules, {**sdq, "cuts": cuts}, f"{where}, sdq_self_report"),
        sdq_parent=parent,
        wemwbs=fill(WellbeingRules, content["wemwbs"], f"{where}, wemwbs"),
        swemwbs=fill(WellbeingRules, content["swemwbs"], f"{where}, swemwbs"),
        derived=derived,
        means={name: fill(MeanRules, about, f"{where}, means, {name}") for name, about in content["means"].items()},
        needs=fill(NeedsRules, content["needs"], f"{where}, needs"),
    )


def _derived(name: str, about: Mapping[str, Any], cuts: Mapping[str, Cut], where: str) -> Derived:
    here = f"{where}, {name}"
    rule = read_kind(about.get("rule") or {}, cuts, f"{here}, rule")
    found = fill(Derived, {**about, "name": name, "rule": rule}, here)
    if unknown := sorted(set(found.surveys) - {s.value for s in Survey}):
        raise SettingsError("unknown survey", here, ", ".join(unknown), ", ".join(s.value for s in Survey))
    return found


@cache
def scoring() -> Scoring:
    """The rules of `data_contracts/scoring.yaml`."""
    return read_scoring(CONTRACTS / "scoring.yaml")
