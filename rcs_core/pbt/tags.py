"""Prevention tags and outcome tags of a service, between the register's one row and the workbook's rows."""

import re
from collections.abc import Mapping, Sequence

from rcs_core.pbt.book import plain_number

LISTS = ("shanarri", "domain")
LEVELS = ("pct_primary", "pct_secondary", "pct_tertiary", "pct_responsive", "pct_other")
TAGS = (*LEVELS, "tag_confidence", "tagged_by", "tagged_on")
SEPARATOR = ";"


def prevention_row(service: Mapping[str, str]) -> dict[str, str]:
    """The prevention tags of a service of the register."""
    tags = {name: service.get(name, "") for name in TAGS}
    numbers = {name: plain_number(tags[name]) for name in LEVELS}
    return {"service_id": service["service_id"], "service_name": service.get("service_name", ""), **tags, **numbers}


def outcome_rows(service: Mapping[str, str]) -> list[dict[str, str]]:
    """The outcome tags of a service, one row an outcome, in the register's order."""
    about = {"service_id": service["service_id"], "service_name": service.get("service_name", "")}
    return [
        {**about, "outcome_list": name, "outcome": outcome, "place": str(place)}
        for name in LISTS
        for place, outcome in enumerate(parts(service.get(name, "")), start=1)
    ]


def parts(cell: str) -> list[str]:
    """The outcomes of one cell of the register."""
    return [part.strip() for part in re.split("[;|,]", cell) if part.strip()]


def outcome_cell(rows: Sequence[Mapping[str, str]]) -> str:
    """The outcomes of one list as a cell of the register, the main one first."""
    return SEPARATOR.join(row["outcome"] for row in sorted(rows, key=lambda row: int(row["place"] or 0)))
