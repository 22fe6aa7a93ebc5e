"""A hand-made register, ledgers and a map for the tests of money: only what the mapping of money reads."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from rcs_core.records.ledgers import SpendMap, map_spend

LEVELS = ("primary", "secondary", "tertiary", "responsive", "other")
YEAR = "2025-26"


@dataclass(frozen=True)
class Records:
    """Only what the mapping of money reads."""

    services: pd.DataFrame
    ledgers: dict[str, pd.DataFrame]
    ledger_columns: dict[str, dict[str, Any]]
    ledger_map: pd.DataFrame
    effects: pd.DataFrame
    demand: pd.DataFrame
    partnership: dict[str, Any] = field(default_factory=lambda: {"price_year": YEAR, "area_code": "999"})
    apportionment_keys: pd.DataFrame | None = None
    budgets: pd.DataFrame | None = None
    movements: pd.DataFrame | None = None


def service(sid: str, split: tuple[float, ...] = (100, 0, 0, 0, 0), served: int | None = 50, **other: Any) -> dict[str, Any]:
    row = {
        "service_id": sid, "service_name": f"Service {sid}", "parent_group": "Family support", "provider": "Council",
        "provider_agency": "council_social_work", "funder_agency": "council_social_work",
        "commissioner_agency": "council_social_work", "childrens_or_related": "childrens", "reach": "selective",
        "intensity": "additional", "tag_confidence": "high", "tagged_by": "planning officer", "tagged_on": "2026-04-20",
        "children_served": served, "capacity": served, "unit_of_activity": "child", "statutory_basis": "discretionary",
        "act_and_section": "", "contract_type": "in_house", "contract_end": "", "notice_months": 3, "staff_share_pct": 70.0,
        "evidence_rating": "none", "evidence_source": "", "shanarri": "safe", "domain": "family",
    }  # fmt: skip
    return {**row, **{f"pct_{level}": part for level, part in zip(LEVELS, split, strict=True)}, **other}


def claim(centre: str, sid: str = "", pct: float = 100, reason: str = "", ledger: str = "ledger_council", **other: Any) -> dict:
    row = {"ledger": ledger, "cost_centre": centre, "service_id": sid, "agency": "council_social_work" if sid else "", "pct": pct}
    kinds = {"money_kind": "existing", "recurring": "yes", "revenue_or_capital": "revenue"}
    return {**row, "excluded_because": reason, **kinds, **other}


def ledger(*lines: tuple[str, int], text: str = "Placement A") -> pd.DataFrame:
    return pd.DataFrame([(c, f"{text} {c}", p) for c, p in lines], columns=["cost_centre", "description", "amount_pence"])


DEMAND = ["service_id", "year", "children", "unit", "unit_cost_gbp", "unit_cost_source", "cashable_pct", "cashable_state"]
EFFECTS = [
    "service_id", "acts_on", "children_averted_per_100", "low", "high", "unit", "lag_years", "retention", "state", "source",
    "note",
]  # fmt: skip


def records(
    services: list[dict], ledgers: dict[str, pd.DataFrame], claims: list[dict], demand: Any = (), effects: Any = (), **change: Any
) -> Records:
    columns = {
        stem: {"control_total_gbp": str(Decimal(int(frame["amount_pence"].sum())) / 100), "financial_year": YEAR}
        for stem, frame in ledgers.items()
    }
    made = {
        "services": pd.DataFrame(services), "ledgers": ledgers, "ledger_columns": columns,
        "ledger_map": pd.DataFrame(claims, columns=list(claim("1"))), "effects": pd.DataFrame(effects, columns=EFFECTS),
        "demand": pd.DataFrame(demand, columns=DEMAND),
    }  # fmt: skip
    return Records(**{**made, **change})


def pence(frame: pd.DataFrame, column: str) -> int:
    return sum(round(Decimal(repr(float(v))) * 100) for v in frame[column])


def spend_of(found: SpendMap) -> dict[tuple[str, str], int]:
    frame = found.table("spend").frame
    return {(s, level): pence(rows, "amount_gbp") for (s, level), rows in frame.groupby(["service_id", "level"]) if len(rows)}


def small_world(*services: dict, demand: Any = (), effects: Any = (), amount: int = 100_000_00) -> SpendMap:
    lines = [(s["service_id"], amount) for s in services]
    claims = [claim(s["service_id"], s["service_id"]) for s in services]
    return map_spend(records(list(services), {"ledger_council": ledger(*lines)}, claims, demand, effects))


def published(found: SpendMap) -> dict[str, int]:
    frame = found.table("services").frame
    return {str(s): int(n) for s, n in zip(frame["service_id"], frame["children_served"], strict=True)}


def cost(sid: str, year: str, children: float, unit_cost: float | None) -> tuple:
    return sid, year, children, "child_years", unit_cost, "spend over child-years", 40.0, "group_estimate"
