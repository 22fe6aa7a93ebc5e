"""Demand with its unit as part of its type: children at a date, children-years, cases, starts a month.

Amounts of one unit add up. Amounts of two units never do, and one becomes another only by a conversion that is asked for:
days into years by the calendar, a flow into a stock by how long children stay.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.errors import RcsError
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Label

FILE = "demand.yaml"


class DemandError(RcsError):
    """A history or an amount of demand cannot be used as it is (exit code 2)."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """One number that this part assumes, with its unit and where it comes from."""

    value: float
    unit: str
    source: str
    date: str
    note: str


@cache
def settings(part: str) -> dict[str, Setting]:
    """The numbers of one part of `data_contracts/demand.yaml`: units, outlook or stock_and_flow."""
    content: dict[str, dict[str, Any]] = read_yaml(CONTRACTS / FILE)[part]
    return {name: fill(Setting, entry, f"{FILE}, {part}, {name}") for name, entry in content.items()}


def assumed(name: str, part: str = "outlook") -> float:
    """One assumed number."""
    return float(settings(part)[name].value)


class DemandUnit(Label):
    """What is counted, and over which time."""

    CHILDREN = "children_at_a_date", "children at a date"
    CHILD_YEARS = "child_years", "children-years"
    CHILD_MONTHS = "child_months", "children-months a year"
    CHILD_DAYS = "child_days", "children-days a year"
    CASES = "cases", "cases a year"
    STARTS_A_YEAR = "starts_a_year", "starts a year"
    STARTS_A_MONTH = "starts_a_month", "starts a month"
    ENDS_A_YEAR = "ends_a_year", "ends a year"
    ENDS_A_MONTH = "ends_a_month", "ends a month"

    @property
    def kind(self) -> str:
        """Units of one kind become one another by the calendar alone."""
        return {"child": "care", "starts": "starts", "ends": "ends"}.get(self.value.partition("_")[0], self.value)

    @property
    def size(self) -> float:
        """How many of this unit say the same as one of its kind's yearly unit: 365.25 child-days are a child-year."""
        months, days = assumed("months_a_year", "units"), assumed("days_a_year", "units")
        sizes = {
            DemandUnit.CHILD_MONTHS: months,
            DemandUnit.CHILD_DAYS: days,
            DemandUnit.STARTS_A_MONTH: 1 / months,
            DemandUnit.ENDS_A_MONTH: 1 / months,
        }
        return sizes.get(self, 1.0)

    def factor(self, to: "DemandUnit") -> float:
        """What an amount is multiplied by to be said in another unit; raises DemandError where only a stay could tell."""
        if self.kind != to.kind:
            raise DemandError(
                "one unit of demand does not become the other by the calendar", "demand", f"{self.label} into {to.label}",
                "two units of the same kind", "use in_care_at_once or over_a_year, which say what they assume",
            )  # fmt: skip
        return to.size / self.size


@dataclass(frozen=True, slots=True)
class Demand:
    """An amount of demand in its unit."""

    amount: float
    unit: DemandUnit

    def __add__(self, other: "Demand") -> "Demand":
        return Demand(self.amount + self._like(other), self.unit)

    def __sub__(self, other: "Demand") -> "Demand":
        return Demand(self.amount - self._like(other), self.unit)

    def __mul__(self, times: float) -> "Demand":
        return Demand(self.amount * times, self.unit)

    __rmul__ = __mul__

    def __lt__(self, other: "Demand") -> bool:
        return self.amount < self._like(other)

    def __le__(self, other: "Demand") -> bool:
        return self.amount <= self._like(other)

    def to(self, unit: DemandUnit) -> "Demand":
        """The same demand in another unit of its kind."""
        return Demand(self.amount * self.unit.factor(unit), unit)

    def text(self) -> str:
        """The amount with its unit, as people write it."""
        digits = 0 if self.amount >= 10 else 1
        return f"{self.amount:,.{digits}f} {self.unit.label}"

    def _like(self, other: "Demand") -> float:
        if not isinstance(other, Demand) or other.unit is not self.unit:
            got = other.unit.label if isinstance(other, Demand) else type(other).__name__
            raise DemandError(
                "demand of unlike units is not added or compared", "demand", f"{self.unit.label} and {got}",
                "amounts of one unit", "convert one of them first",
            )  # fmt: skip
        return other.amount


def in_care_at_once(starts: Demand, stay_years: float) -> Demand:
    """Children at a date that steady starts lead to, by the mean stay in years (Little's law: stock = starts x stay)."""
    return Demand(starts.to(DemandUnit.STARTS_A_YEAR).amount * stay_years, DemandUnit.CHILDREN)


def over_a_year(first: Demand, last: Demand) -> Demand:
    """Children-years of a year from the children on its first and last day; assumes that the change between is even."""
    children = (first + last).amount / 2
    if first.unit is not DemandUnit.CHILDREN:
        raise DemandError("only children at a date become children-years so", "demand", first.unit.label, "children at a date")
    return Demand(children, DemandUnit.CHILD_YEARS)
