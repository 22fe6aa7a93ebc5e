"""Prices that the register marks as confidential: shown in bands, with nothing beside them that gives the price back.

The spend of such a service is published, as every ledger must add up to the penny; its caseload and its places are not,
because spend over children is the price. The bands are policy: `data_contracts/money.yaml`.
"""

from bisect import bisect_right
from itertools import pairwise

from rcs_core.errors import SettingsError
from rcs_core.records.ledgers.parts import MoneyRecords, rows, text
from rcs_core.settings import CONTRACTS, read_yaml

COLUMN = "price_confidential"
IN_A_BAND = "The price is confidential: shown in a band"
_PARTS = {"value", "unit", "source", "date"}


def asked(records: MoneyRecords) -> bool:
    """Whether the register says of each service if its price is confidential."""
    return COLUMN in records.services.columns


def confidential(records: MoneyRecords) -> frozenset[str]:
    """Services of the register whose price is marked as confidential."""
    return frozenset(text(row["service_id"]) for _, row in rows(records.services) if text(row.get(COLUMN)) == "yes")


def band_edges() -> tuple[float, ...]:
    """Lower ends of the bands of prices, in GBP; raises SettingsError unless they rise from 0."""
    path = CONTRACTS / "money.yaml"
    entry = read_yaml(path).get("price_bands")
    if not isinstance(entry, dict) or set(entry) != _PARTS:
        raise SettingsError("an entry is incomplete", f"{path.name}, price_bands", str(entry), "value, unit, source and date")
    edges = [float(edge) for edge in entry["value"]]
    if edges[:1] != [0] or any(low >= high for low, high in pairwise(edges)):
        raise SettingsError(
            "the bands do not rise from 0", f"{path.name}, price_bands", str(entry["value"]), "0, then larger and larger"
        )
    return tuple(edges)


def price_band(price: float) -> tuple[float, float | None]:
    """The band that a price (GBP) stands in: from, and below; the last band has no upper end."""
    edges = band_edges()
    above = bisect_right(edges, price)
    return edges[above - 1], edges[above] if above < len(edges) else None


def notes_of(records: MoneyRecords) -> list[str]:
    """For the desk: which prices are confidential, and what is not shown for their sake."""
    said = "its price is confidential: shown in a band at most, without the children served, the places and the caseload"
    marked = [row for _, row in rows(records.services) if text(row.get(COLUMN)) == "yes"]
    return sorted(f"{text(row['service_id'])} {text(row['service_name'])}: {said}" for row in marked)
