"""Published effects: of no place of ours, of no few people, and whole enough to be turned into children where they are to count.

In: the table `published_effects`. Out: breaches; a number of people under the threshold is left out.
"""

from collections.abc import Mapping

import numpy as np

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.comparators import check_few, check_places
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Rule
from rcs_core.vocab import Severity

STEM = "published_effects"
RATIOS = ("odds", "adj or", "or ", "or(", "risk ratio", "relative risk", "rr")


def check_published_effects(tables: Mapping[str, Mended]) -> list[Breaches]:
    """Everything wrong with published effects beside what one row can tell."""
    table = tables.get(STEM)
    if table is None or not {"value", "unit", "geography"} <= set(table.frame.columns) or table.frame.empty:
        return []
    return [*check_places(table, tables), *check_few(table), *_ratios(table), *_twice(table)]


def _ratios(table: Mended) -> list[Breaches]:
    """Ratios that are to count for a service without the share that they are a ratio of."""
    frame = table.frame
    if "service_id" not in frame.columns:
        return []
    blank = frame["baseline_pct"] == "" if "baseline_pct" in frame.columns else np.ones(len(frame), dtype=bool)
    ratio = np.array([unit.casefold().startswith(RATIOS) or unit.casefold() == "or" for unit in frame["unit"]], dtype=bool)
    hit = (frame["service_id"] != "").to_numpy() & np.asarray(blank) & ratio
    text = "a per cent in `baseline_pct`: without it a ratio says nothing of how many children"
    rule = Rule("baseline", text, Severity.NOTE, "until it is filled the effect counts as missing, and the service is not tested")
    return group(table, hit, rule, "unit", frame["unit"][hit].tolist())


def _twice(table: Mended) -> list[Breaches]:
    """Two figures that are to count for the same two services: the first one does."""
    frame = table.frame
    if not {"service_id", "acts_on"} <= set(frame.columns):
        return []
    hit = ((frame["service_id"] != "") & frame.duplicated(["service_id", "acts_on"])).to_numpy()
    remedy = "unlink all but the one that fits best: the first one counts, the others stand beside it"
    rule = Rule("one_each", "one published figure for each pair of services", Severity.NOTE, remedy)
    return group(table, hit, rule, "service_id", frame["service_id"][hit].tolist())
