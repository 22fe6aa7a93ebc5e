"""The service register, the demand history and the evidence of effect, scaled to the number of pupils."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rcs_core.demo.parameters import Parameters

LEVELS = ("pct_primary", "pct_secondary", "pct_tertiary", "pct_responsive", "pct_other")
TAGGED_BY, TAGGED_ON = "Strathmere planning group", "2026-04-20"
LEDGER_OF = {"nhs_board": "nhs", "hscp": "nhs", "police_scotland": "police", "fire": "police", "scra_chs": "police"}


def services_table(numbers: Parameters, pupils: int) -> pd.DataFrame:
    """`services.xlsx`, one row a service."""
    return pd.DataFrame([_service(row, pupils) for row in numbers["services"].rows])


def _service(row: Mapping[str, Any], pupils: int) -> dict[str, object]:
    served = children_served(row, pupils)
    fixed = {
        "service_id": row["id"], "service_name": row["name"], "parent_group": row["group"], "provider": row["provider"],
        "provider_agency": row["provider_agency"], "funder_agency": row["funder"],
        "commissioner_agency": row.get("commissioner", row["funder"]), "childrens_or_related": row.get("kind", "childrens"),
        "reach": row["reach"], "intensity": row["intensity"],
    }  # fmt: skip
    tagged = {"tag_confidence": row["confidence"], "tagged_by": TAGGED_BY, "tagged_on": TAGGED_ON}
    terms = {
        "children_served": served, "capacity": round(served * row["capacity"]) if "capacity" in row else None,
        "unit_of_activity": row["activity"], "statutory_basis": row["basis"], "act_and_section": row.get("act"),
        "contract_type": row["contract"], "contract_end": row.get("end"), "notice_months": row.get("notice"),
        "staff_share_pct": row["staff"], "evidence_rating": row["evidence"], "evidence_source": row.get("evidence_source"),
        "shanarri": row["shanarri"], "domain": row["domain"], "areas": row.get("areas"), "ages": row.get("ages"),
    }  # fmt: skip
    return fixed | dict(zip(LEVELS, row["split"], strict=True)) | tagged | terms


def children_served(row: Mapping[str, Any], pupils: int) -> int:
    """Children a service serves in a year; a pilot's number does not grow with the partnership."""
    return int(row["fixed"]) if "fixed" in row else max(1, round(float(row["per_1000"]) * pupils / 1000))


def unit_cost(numbers: Parameters, row: Mapping[str, Any]) -> float:
    """What one child-year or case costs (GBP a year)."""
    return round(float(row["cost"]) * (numbers["demand"].number("weeks_a_year") if row["per"] == "week" else 1), 2)


def latest_demand(row: Mapping[str, Any], pupils: int) -> int:
    """Children-years or cases in the latest year."""
    return max(1, round(float(row["per_1000"]) * pupils / 1000))


def demand_table(numbers: Parameters, pupils: int) -> pd.DataFrame:
    """`demand_history.csv`: five years of each responsive service, the last of them that of the ledgers."""
    years = numbers["demand"]["years"]
    rows = []
    for row in numbers["demand"].rows:
        cost = unit_cost(numbers, row)
        for back, year in enumerate(reversed(years)):
            children = round(latest_demand(row, pupils) / (1 + row["change"] / 100) ** back)
            rows.append((row["service"], year, children, row["unit"], cost, row["source"], row["cashable"], row["state"]))
    columns = ["service_id", "year", "children", "unit", "unit_cost_gbp", "unit_cost_source", "cashable_pct", "cashable_state"]
    return pd.DataFrame(rows, columns=columns).sort_values(["service_id", "year"], ignore_index=True)


def effects_table(numbers: Parameters) -> pd.DataFrame:
    """`evidence_of_effect.csv`: children kept from a responsive service for each 100 served."""
    names = {
        "service": "service_id", "acts_on": "acts_on", "likely": "children_averted_per_100", "low": "low", "high": "high",
        "unit": "unit", "lag": "lag_years", "retention": "retention", "state": "state", "source": "source", "note": "note",
    }  # fmt: skip
    return pd.DataFrame(list(numbers["effects"].rows))[list(names)].rename(columns=names)


def spend_pence(numbers: Parameters, row: Mapping[str, Any], pupils: int) -> int:
    """A service's spend in pence: children times unit cost where demand is counted, pupils times a rate elsewhere."""
    for demand in numbers["demand"].rows:
        if demand["service"] == row["id"]:
            return round(latest_demand(demand, pupils) * unit_cost(numbers, demand) * 100)
    return round(float(row["spend_k"]) * pupils * 100)


def payers(row: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Who pays for a service: ledger, agency, per cent."""
    if "payers" in row:
        return [(str(ledger), str(agency), float(share)) for ledger, agency, share in row["payers"]]
    funder = str(row["funder"])
    return [(LEDGER_OF.get(funder, "third_sector" if funder == "third_sector" else "council"), funder, 100.0)]
