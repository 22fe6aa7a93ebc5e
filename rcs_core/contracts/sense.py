"""Checks that sums over several money tables make sense: said as remarks, since only the partnership knows which one is wrong.

In: mended tables and ledgers. Out: breaches. Two services that avert more cases than there are, a rate for a month used as one
for a year, and two agencies under one name all pass every rule of a single cell.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.files import note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.ledgers import pounds
from rcs_core.contracts.model import Rule, fold
from rcs_core.vocab import Severity

FAR_APART = 10
"""Times that two ways to the same spend may differ: a month taken for a year is twelve, a day for a month thirty."""
EFFECTS, SERVICES, DEMAND = "evidence_of_effect", "services", "demand_history"


def check_same_name(layout: Mapping[str, Mapping[str, Any]]) -> list[Breaches]:
    """Ledgers of two agencies under one name, as a council and a board may share one (Fife)."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for stem, entry in layout.items():
        if name := fold(str(entry.get("agency_system", ""))):
            by_name[name].append(stem)
    rule, remedy = (
        "a name for each agency; files and agency codes tell them apart, people may not",
        "write council or board in it",
    )
    return [
        replace(
            note("ledger_columns.yaml", "same_name", rule, remedy, str(layout[stem]["agency_system"]), "agency_system"),
            sheet=stem,
        )
        for stems in by_name.values()
        if len(stems) > 1
        for stem in stems
    ]


def check_claims(tables: Mapping[str, Mended]) -> list[Breaches]:
    """Services that together avert more of a need than there is."""
    needs = _latest(tables, "children")
    effects, services = tables.get(EFFECTS), tables.get(SERVICES)
    wanted = {"service_id", "acts_on", "unit", "children_averted_per_100"}
    if effects is None or services is None or not wanted <= set(effects.frame) or "children_served" not in services.frame:
        return []
    frame = effects.frame
    served = _numbers(services.frame.drop_duplicates("service_id").set_index("service_id")["children_served"])
    averted = _numbers(frame["service_id"].map(served)) * _numbers(frame["children_averted_per_100"]) / 100
    keys = frame["acts_on"] + "|" + frame["unit"]
    claimed = averted.groupby(keys).transform("sum")
    need = _numbers(keys.map(needs))
    hit = (claimed > need).fillna(False).to_numpy(dtype=bool)
    text = "no more averted than there are; services that act on the same children cannot each count them"
    rule = Rule("claims", text, Severity.NOTE, "lower children_averted_per_100 until all that act on it fit its need")
    values = [f"{a:,.0f} averted in all of {n:,.0f}" for a, n in zip(claimed[hit], need[hit], strict=True)]
    return group(effects, hit, rule, "children_averted_per_100", values)


def check_unit_costs(
    tables: Mapping[str, Mended], ledgers: Mapping[str, Mended], own: Mapping[str, float] | None = None
) -> list[Breaches]:
    """Services whose mapped spend is ten times their children by their unit cost, or a tenth: a month or a day for a year.

    own: our share by key, where the map divides a line over council areas.
    """
    demand = tables.get(DEMAND)
    if demand is None or not {"service_id", "year", "children", "unit_cost_gbp"} <= set(demand.frame):
        return []
    spent = _spent(tables.get("ledger_map"), ledgers, own or {})
    frame = demand.frame
    last = ~frame.sort_values("year").duplicated("service_id", keep="last").reindex(frame.index)
    made = _numbers(frame["children"]) * _numbers(frame["unit_cost_gbp"]) * 100
    times = _numbers(frame["service_id"].map(spent)) / made.where(made > 0)
    hit = (last & ((times >= FAR_APART) | (times <= 1 / FAR_APART)) & (times > 0)).to_numpy(dtype=bool)
    text = "a year's cost of one child or case, which by children comes near the spend mapped to the service"
    rule = Rule("unit_cost", text, Severity.NOTE, "look whether a cost or a number is of a day, a week or a month")
    values = [
        f"{cost}; spend mapped {pounds(round(spent[service]))}, by unit cost {pounds(round(by_cost))}"
        for cost, service, by_cost in zip(frame["unit_cost_gbp"][hit], frame["service_id"][hit], made[hit], strict=True)
    ]
    return group(demand, hit, rule, "unit_cost_gbp", values)


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)


def _latest(tables: Mapping[str, Mended], column: str) -> dict[str, float]:
    """The latest year's number of each service and unit."""
    demand = tables.get(DEMAND)
    if demand is None or not {"service_id", "year", "unit", column} <= set(demand.frame):
        return {}
    frame = demand.frame.sort_values("year").drop_duplicates(["service_id", "unit"], keep="last")
    return dict(zip(frame["service_id"] + "|" + frame["unit"], _numbers(frame[column]), strict=True))


def _spent(mapping: Mended | None, ledgers: Mapping[str, Mended], own: Mapping[str, float]) -> dict[str, float]:
    """The pence that the map gives each service."""
    if mapping is None or not {"ledger", "cost_centre", "service_id", "pct"} <= set(mapping.frame):
        return {}
    lines = {
        stem: t.frame.groupby("cost_centre")["amount_pence"].sum() for stem, t in ledgers.items() if "amount_pence" in t.frame
    }
    spent: dict[str, float] = defaultdict(float)
    frame = mapping.frame
    ours = [own.get(key, 1.0) for key in frame["key_id"]] if "key_id" in frame else [1.0] * len(frame)
    shares = _numbers(frame["pct"]).fillna(0) * ours
    for ledger, centre, service, share in zip(frame["ledger"], frame["cost_centre"], frame["service_id"], shares, strict=True):
        if service and ledger in lines and centre in lines[ledger].index:
            spent[service] += float(lines[ledger][centre]) * float(share) / 100
    return dict(spent)
