"""Keys that divide money over council areas: of one kind each, with our own area in them, and named only where they are.

In: `apportionment_keys`, the ledger map and the partnership. Out: breaches. What a key does to a ledger is worked out in
the records room; here every slip in a key is told at once, with its row.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rcs_core.contracts.across import Mask, group
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Rule
from rcs_core.settings import disclosure
from rcs_core.vocab import Severity

STEM = "apportionment_keys"
COUNTED = ("pupils", "headcount", "activity")
ADDS_UP = 1e-6
_TELLS = ("basis", "year", "source")


def check_apportionment(tables: Mapping[str, Mended], about: Mapping[str, Any]) -> list[Breaches]:
    """Everything wrong with the keys beside what one row can tell."""
    table = tables.get(STEM)
    named = _named(tables)
    if table is None:
        return named
    if not {"key_id", "area_code", "amount", *_TELLS} <= set(table.frame.columns) or table.frame.empty:
        return named
    amounts = pd.to_numeric(table.frame["amount"], errors="coerce")
    own = str(about.get("area_code", ""))
    return [*named, *_one_kind(table), *_own_area(table, own), *_alone(table), *_fixed(table, amounts), *_few(table, amounts)]


def own_shares(tables: Mapping[str, Mended], about: Mapping[str, Any]) -> dict[str, float]:
    """Our share of each key, 0 to 1, as near as a remark needs it."""
    table = tables.get(STEM)
    if table is None or not {"key_id", "area_code", "amount"} <= set(table.frame.columns):
        return {}
    amounts = pd.to_numeric(table.frame["amount"], errors="coerce").fillna(0.0)
    whole = amounts.groupby(table.frame["key_id"]).sum()
    mine = amounts.where(table.frame["area_code"] == str(about.get("area_code", "")), 0.0).groupby(table.frame["key_id"]).sum()
    shares = mine / whole.where(whole > 0)
    return {str(key): float(share) for key, share in shares.dropna().items()}


def _named(tables: Mapping[str, Mended]) -> list[Breaches]:
    """Keys that the map names although no file of keys is there; with the file its contract tells them."""
    mapping, keys = tables.get("ledger_map"), tables.get(STEM)
    if mapping is None or "key_id" not in mapping.frame.columns:
        return []
    hit = (mapping.frame["key_id"] != "").to_numpy() & (keys is None or keys.frame.empty)
    rule = Rule("no_keys", f"a key of {STEM}.csv", Severity.ERROR, f"put {STEM}.csv in the folder, or blank the cell")
    return group(mapping, hit, rule, "key_id", mapping.frame["key_id"][hit].tolist())


def _firsts(table: Mended, wrong: pd.Series) -> Mask:
    """The first row of every key that is wrong."""
    hit: Mask = (wrong & ~table.frame.duplicated("key_id")).to_numpy(dtype=bool)
    return hit


def _one_kind(table: Mended) -> list[Breaches]:
    kinds = table.frame.drop_duplicates(["key_id", *_TELLS]).groupby("key_id").size()
    hit = _firsts(table, table.frame["key_id"].map(kinds) > 1)
    rule = Rule("one_kind", "one basis, year and source for each key", Severity.ERROR, "give the second an id of its own")
    return group(table, hit, rule, "key_id", table.frame["key_id"][hit].tolist())


def _own_area(table: Mended, own: str) -> list[Breaches]:
    have = set(table.frame.loc[table.frame["area_code"] == own, "key_id"])
    hit = _firsts(table, ~table.frame["key_id"].isin(have))
    rule = Rule("own_area", f"our own area, {own}, in every key", Severity.ERROR, f"add the row of area {own}")
    return group(table, hit, rule, "area_code", table.frame["key_id"][hit].tolist())


def _alone(table: Mended) -> list[Breaches]:
    areas = table.frame["key_id"].map(table.frame.groupby("key_id")["area_code"].nunique())
    hit = _firsts(table, areas < 2)
    remedy = "add every other area that the agency serves, or blank key_id in the map"
    rule = Rule("one_area", "two areas or more in a key", Severity.ERROR, remedy)
    return group(table, hit, rule, "key_id", table.frame["key_id"][hit].tolist())


def _fixed(table: Mended, amounts: pd.Series) -> list[Breaches]:
    whole = amounts.groupby(table.frame["key_id"]).transform("sum")
    hit = _firsts(table, (table.frame["basis"] == "fixed") & ((whole - 100).abs() > ADDS_UP))
    rule = Rule(
        "fixed_sum", "a fixed key to add up to 100", Severity.ERROR, "add the area that is missing, or correct the shares"
    )
    return group(table, hit, rule, "amount", [f"a sum of {value:g}" for value in whole[hit]])


def _few(table: Mended, amounts: pd.Series) -> list[Breaches]:
    """A published share of a few people gives the few back."""
    least = disclosure().min_cell
    hit = (table.frame["basis"].isin(list(COUNTED)) & (amounts < least)).to_numpy(dtype=bool)
    rule = Rule("few", f"{least} or more in every area", Severity.ERROR, "count over more years, or use another basis")
    return group(table, hit, rule, "amount", [""] * int(hit.sum()))
