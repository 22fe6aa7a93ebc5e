"""Published effects, as they pass into a release: row by row, as they were published, null and adverse findings included.

They are public and of no child of ours. The services that a row is linked to stand in it only where they are published alone.
"""

from collections.abc import Sequence

import pandas as pd

from rcs_core.records.ingest import Records
from rcs_core.release import Table

NAME = "published_effects"
COLUMNS = [
    "topic", "indicator", "group", "value", "unit", "ci_low", "ci_high", "year", "geography", "source", "service_id", "acts_on",
    "better_when", "baseline_pct", "lag_years", "retention",
]  # fmt: skip
LINK = ["service_id", "acts_on", "better_when", "baseline_pct", "lag_years", "retention"]


def published_effects(records: Records, money: Sequence[Table]) -> list[Table]:
    """The plain table `published_effects`, in the columns of the input and no other; nothing where none was sent."""
    found = records.published_effects
    if found is None or found.empty:
        return []
    services = next((t.frame for t in money if t.name == "services"), pd.DataFrame({"service_id": [], "services_merged": []}))
    alone = set(services.loc[services["services_merged"] == 1, "service_id"])
    frame = found.reindex(columns=COLUMNS)
    merged = ~(frame["service_id"].isin(alone) & frame["acts_on"].isin(alone))
    frame[LINK] = frame[LINK].mask(merged)
    for column in COLUMNS:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = frame[column].fillna("").astype("str")
    return [Table(NAME, "Published effects of services, as they were published", frame.reset_index(drop=True))]
