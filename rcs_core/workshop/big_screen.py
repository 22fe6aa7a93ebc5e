"""What partners see together on the big screen: no provider by name, and no price of a service that is bought.

Providers sit in the room, and a price that a competitor reads is a price that he can bid against. This is a courtesy of
the screen, not disclosure control: sums over several services, and the total, stay on it as far as they tell no single price
(see `spend_map/screen.py`).
"""

import re
from collections.abc import Iterable

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop import kept_with
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.of_release import of_release

HIDDEN = "Not on the big screen"
SUM = re.compile(r"£[\d,]+(?:\.\d+)?|\b\d[\d,]*\.\d+")
"""An amount in a sentence: pounds, or a number with a point."""


class ContractType(Label):
    """How a service is bought."""

    IN_HOUSE = "in_house", "Run by the funder itself"
    GRANT = "grant", "Grant"
    CONTRACT = "contract", "Contract"
    SLA = "sla", "Service level agreement"
    SPOT_PURCHASE = "spot_purchase", "Bought child by child"


def register(release: Release) -> dict[str, dict[str, object]]:
    """The services of the release by id."""
    return {str(row["service_id"]): row for row in release.rows("services")}


def merged(about: dict[str, object]) -> bool:
    """Whether it is several small services shown as one, which keeps no contract of its own."""
    return (number(about.get("services_merged")) or 1) > 1


def is_bought(about: dict[str, object]) -> bool:
    """Whether somebody else is paid to run the service; where the register does not say, who runs it decides."""
    kind = text(about.get("contract_type"))
    if merged(about) or kind == ContractType.IN_HOUSE.value:
        return False
    return bool(kind) or text(about["provider_agency"]) != text(about["funder_agency"])


def bought(release: Release) -> frozenset[str]:
    """The services whose price is somebody's contract."""
    return frozenset(sid for sid, about in register(release).items() if is_bought(about))


@of_release
def kept_back(release: Release) -> frozenset[str]:
    """The bought services, and those beside which a payer's total would give the price of a single one away."""
    return (own := bought(release)) | kept_with.beside(release, own)


def veiled(release: Release, big_screen: bool) -> frozenset[str]:
    """The services whose price is not shown now."""
    return bought(release) if big_screen else frozenset()


def withheld(release: Release, big_screen: bool) -> frozenset[str]:
    """The services whose spend is not shown now where sums by payer stand beside it, as on *Services and money*."""
    return kept_back(release) if big_screen else frozenset()


def pounds(pence: int, services: Iterable[str], veil: frozenset[str]) -> float | None:
    """An amount in pounds; None where it is of one service only, and that is bought."""
    of = set(services)
    return None if len(of) == 1 and of <= veil else pence / 100


def without_prices(rows: pd.DataFrame, release: Release, on_screen: bool, beside: bool = False) -> pd.DataFrame:
    """Rows about services by name (column `Service`) without pounds where a service is bought and the big screen is on.

    beside: also those that are kept back beside a payer's single bought one, as sums by payer are on the page.
    """
    money = [c for c in rows.columns if "(£)" in str(c)]
    if not on_screen or "Service" not in rows.columns or not money:
        return rows
    return rows.assign(**{c: rows[c].mask(named(rows, release, beside)) for c in money})


def hidden_last(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with those last, by name, that show no amount: where one stands among the others would tell about it."""
    money = [c for c in rows.columns if "(£)" in str(c)]
    hidden = rows[money].isna().all(axis=1)
    if not money or not hidden.any():
        return rows
    return pd.concat([rows[~hidden], rows[hidden].sort_values("Service")], ignore_index=True)


def named(rows: pd.DataFrame, release: Release, beside: bool = False) -> "pd.Series[bool]":
    """Which rows about services by name (column `Service`) are of one that is bought; `beside`: or kept back beside one."""
    about = register(release)
    names = {text(about[sid]["service_name"]) for sid in (kept_back(release) if beside else bought(release))}
    return rows["Service"].isin(names)


def without_sums(rows: pd.DataFrame, release: Release, on_screen: bool) -> pd.DataFrame:
    """Rows of sentences without the sums in those that name a bought service, while the big screen is on."""
    if not on_screen:
        return rows
    about = register(release)
    names = [text(about[sid]["service_name"]) for sid in bought(release)]

    def veil(cell: object) -> object:
        return SUM.sub("–", cell) if isinstance(cell, str) and any(name in cell for name in names) else cell

    return rows.map(veil)


def without_row_sums(rows: pd.DataFrame, release: Release, on_screen: bool) -> pd.DataFrame:
    """Rows without the sums in any of their cells where one cell names a bought service, while the big screen is on."""
    if not on_screen or rows.empty:
        return rows
    about = register(release)
    names = [text(about[sid]["service_name"]) for sid in bought(release)]
    told = rows.apply(lambda row: any(name in str(cell) for cell in row for name in names), axis=1)
    return rows.astype(object).where(~told, rows.map(lambda cell: SUM.sub("–", cell) if isinstance(cell, str) else cell))


def contract_label(code: str) -> str:
    """How a service is bought, in words; the code itself where the list does not have it."""
    return ContractType(code).label if code in set(ContractType) else code
