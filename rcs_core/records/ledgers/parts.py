"""The small parts that all of the money is made of: exact pence, exact shares, and how a cell of text is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Protocol

import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.release import Table

WHOLE = Fraction(100)
MARK = "\x1f"
"""Between a cost centre and the rule that has some of its lines; no ledger holds this sign."""
NOISE = Fraction(1, 1_000_000)
"""What a workbook's thirds may lack of the whole, as in the check; shares are then taken in proportion."""


class MoneyRecords(Protocol):
    """What the mapping of money asks of the ingested records."""

    @property
    def partnership(self) -> Mapping[str, Any]:
        """Name, year, price year and linkage."""
        ...

    @property
    def services(self) -> pd.DataFrame:
        """The service register, one row a service."""
        ...

    @property
    def ledgers(self) -> Mapping[str, pd.DataFrame]:
        """Lines of each ledger by file stem: cost centre, description, pence."""
        ...

    @property
    def ledger_columns(self) -> Mapping[str, Any]:
        """How each ledger is laid out, with its control total."""
        ...

    @property
    def ledger_map(self) -> pd.DataFrame:
        """Which service each cost centre goes to, or why it is left out."""
        ...

    @property
    def apportionment_keys(self) -> pd.DataFrame | None:
        """Keys that divide money over council areas, one row a key and area; None where none were sent."""
        ...

    @property
    def budgets(self) -> pd.DataFrame | None:
        """Budgets of later years, one row a service, agency and year; None where none were sent."""
        ...

    @property
    def movements(self) -> pd.DataFrame | None:
        """Who came into, moved between and left placements; None where none were sent."""
        ...

    @property
    def effects(self) -> pd.DataFrame:
        """Evidence of effect, one row a preventative service."""
        ...

    @property
    def demand(self) -> pd.DataFrame:
        """History of each responsive service, with its unit cost."""
        ...


@dataclass(frozen=True, slots=True)
class SpendMap:
    """The published money tables, and notes for the desk only (they may name cost centres)."""

    tables: list[Table]
    notes: tuple[str, ...] = ()

    def table(self, name: str) -> Table:
        """One of the tables by name."""
        return next(t for t in self.tables if t.name == name)


def text(value: object) -> str:
    """A cell as trimmed text; every kind of blank is the empty string."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value) or value is pd.NaT:
        return ""
    return str(value).strip()


def rows(frame: pd.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """Each row's number in the file it came from, and its cells by column name."""
    names = [str(column) for column in frame.columns]
    columns = [cells.tolist() for _, cells in frame.items()]
    found = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    return [(int(row.get("_row") or position + 2), row) for position, row in enumerate(found)]


def number(value: object, where: str, what: str) -> Fraction | None:
    """A cell as an exact number, or None when it is blank; raises ContractError when it is not a finite number."""
    raw = text(value)
    if not raw:
        return None
    try:
        found = Decimal(raw)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ContractError(f"{what} is not a number", where, repr(raw), "digits, with a point before decimals")
    return Fraction(found)


def pence_of(value: object, where: str, what: str) -> int:
    """Pounds and pence written as text, as whole pence; raises ContractError when blank or finer than a penny."""
    pounds = number(value, where, what)
    if pounds is None or (pounds * 100).denominator != 1:
        raise ContractError(
            f"{what} is not a sum of pounds and pence", where, repr(text(value)), 'such as "48123456.78"', "write it as text"
        )
    return int(pounds * 100)


def pounds(pence: int) -> float:
    """Whole pence as pounds; exact when rounded to the penny, for any public budget."""
    return pence / 100


def split[K: tuple[str, ...]](amount: int, weights: Mapping[K, Fraction]) -> dict[K, int]:
    """Share `amount` pence out by weight so that the parts add up to it exactly (largest remainder).

    Ties go to the key that sorts first, so the order of rows never matters. A negative amount (income) is shared
    as its positive twin is, with the sign put back. Keys of no weight get nothing. Weights must not all be zero.
    """
    total = sum(weights.values(), Fraction(0))
    exact = {key: abs(amount) * weight / total for key, weight in weights.items()}
    whole = {key: share.numerator // share.denominator for key, share in exact.items()}
    left = abs(amount) - sum(whole.values())
    by_remainder = sorted(weights, key=lambda key: (whole[key] - exact[key], key))
    for key in by_remainder[:left]:
        whole[key] += 1
    return {key: part if amount >= 0 else -part for key, part in whole.items()}
