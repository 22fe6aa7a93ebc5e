"""Keys that divide a ledger over council areas: our share of a line is mapped, the rest is other areas' share.

In: `apportionment_keys.csv`, one row a key and area. Out: each key with our exact share, and what was divided by it.
The worked example is an NHS board over three councils: `docs/methods/money.md`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from rcs_core.errors import ContractError, DisclosureError
from rcs_core.records.ledgers.parts import NOISE, WHOLE, MoneyRecords, number, pounds, rows, text
from rcs_core.release import Table
from rcs_core.settings import disclosure

KEYS_FILE = "apportionment_keys.csv"
OTHER_AREAS = "other_areas"
FIXED = "fixed"
COUNTED = frozenset({"pupils", "headcount", "activity"})
"""Bases that count people or what happened to them: a share of a few gives the few back."""
COLUMNS = (
    "key_id", "basis", "year", "source", "areas", "own_share_pct", "mapped_gbp", "unmapped_gbp", "other_areas_gbp",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it goes by, of which year, from where, over how many areas, and our share of the whole (0 to 1)."""

    id: str
    basis: str
    year: str
    source: str
    areas: int
    own: Fraction


def read_keys(records: MoneyRecords) -> dict[str, Key]:
    """Every key by its id; shares are amount over the sum of amounts, so they add up to the whole.

    Raises ContractError when a key contradicts itself or leaves our area out, DisclosureError when it counts few people.
    """
    if records.apportionment_keys is None:
        return {}
    own = text(records.partnership.get("area_code"))
    grouped: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for at, row in rows(records.apportionment_keys):
        grouped[text(row["key_id"])].append((at, row))
    return {key: _key(key, lines, own) for key, lines in sorted(grouped.items())}


def _key(key: str, lines: list[tuple[int, dict[str, Any]]], own: str) -> Key:
    where = f"{KEYS_FILE}, key {key}"
    told = {tuple(text(row[c]) for c in ("basis", "year", "source")) for _, row in lines}
    if len(told) > 1:
        got = "; ".join(", ".join(one) for one in sorted(told))
        raise ContractError("a key is of two kinds", where, got, "one basis, year and source", "give the second an id of its own")
    [(basis, year, source)] = told
    amounts = _amounts(where, lines)
    _check(where, basis, amounts, own)
    return Key(key, basis, year, source, len(amounts), amounts[own] / sum(amounts.values()))


def _amounts(where: str, lines: list[tuple[int, dict[str, Any]]]) -> dict[str, Fraction]:
    amounts: dict[str, Fraction] = {}
    for at, row in lines:
        area, amount = text(row["area_code"]), number(row["amount"], f"{KEYS_FILE}, row {at}", "amount")
        if area in amounts:
            raise ContractError("an area stands twice in a key", where, f"{area}, row {at}", "one row an area", "add the rows up")
        if amount is None or amount <= 0:
            raise ContractError(
                "an area has nothing to divide by", where, f"{area}, row {at}", "an amount above 0", "leave its row out"
            )
        amounts[area] = amount
    return amounts


def _check(where: str, basis: str, amounts: Mapping[str, Fraction], own: str) -> None:
    if own not in amounts:
        raise ContractError("a key leaves our own area out", where, ", ".join(amounts), own, f"add the row of area {own}")
    if len(amounts) < 2:
        raise ContractError(
            "a key of one area divides nothing",
            where,
            own,
            "two areas or more",
            "add the other areas, or blank key_id in the map",
        )
    if basis == FIXED and abs(sum(amounts.values()) - WHOLE) > NOISE:
        whole = float(sum(amounts.values()))
        raise ContractError(
            "a fixed key does not add up to 100%", where, f"{whole:g}", "100 over its areas", "add the area that is missing"
        )
    least = disclosure().min_cell
    if basis in COUNTED and min(amounts.values()) < least:
        raise DisclosureError(
            f"a key counts fewer than {least} in an area, and the share that is published would give the number back",
            where,
            expected=f"{least} or more in every area",
            remedy="count over more years, or use another basis",
        )


def key_of(row: Mapping[str, Any], at: int, keys: Mapping[str, Key], where: str) -> Key | None:
    """The key of a row of the ledger map, None where it names none; raises ContractError when there is no such key."""
    named = text(row.get("key_id"))
    if named and named not in keys:
        known = ", ".join(keys) or f"no keys, as there is no {KEYS_FILE}"
        raise ContractError(
            "a line is divided by a key that is not there", f"{where}, row {at}", named, known, f"add it to {KEYS_FILE}"
        )
    return keys.get(named)


def unused(keys: Mapping[str, Key], lines: pd.DataFrame) -> Iterator[str]:
    """For the desk: keys that divide no money."""
    for key in sorted(set(keys) - set(lines["key_id"])):
        yield f"{KEYS_FILE}: key {key} divides no money, as no row of the map with money names it"


def _sides(pence: pd.Series, key: str) -> Iterator[float]:
    """What a key left with us, mapped and not mapped, and with other areas."""
    return (pounds(int(pence.get((key, fate), 0))) for fate in ("mapped", "unmapped", OTHER_AREAS))


def apportionment_table(keys: Mapping[str, Key], lines: pd.DataFrame) -> list[Table]:
    """Each key that divides money: basis, year, source, our share, and the money on both sides; no table without keys."""
    pence = lines.groupby(["key_id", "fate"])["pence"].sum()
    found = [
        (k.id, k.basis, k.year, k.source, k.areas, round(float(k.own * 100), 4), *_sides(pence, k.id))
        for k in keys.values()
        if k.id in set(lines["key_id"])
    ]
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    return [Table("apportionment", "Keys by which money of several council areas was divided", frame)] if found else []
