"""Break-even: how many fewer places, all year, would pay for a shift. It needs no effect, only what a place costs and who pays.

An amount spent a year over the cost of a place gives the places; a part of a place is a whole one more. Whether that many
would be avoided is for the group to judge. Where only part of the cost is cash, it takes more places for the cash alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

import pandas as pd

from rcs_core.vocab import Agency, InputState
from rcs_core.workshop.big_screen import HIDDEN
from rcs_core.workshop.couple.parts import Demanded

_ROUNDING = 1e-9
WORDS = {"child_years": "placements avoided all year", "cases": "cases avoided a year"}
_OTHER = "units avoided a year"


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How many fewer of one responsive service pay for an amount a year (GBP), of how many there are.

    payers: who has what is released, by share. source and state: of the unit cost. cashable: share that is cash.
    """

    service: str
    name: str
    amount: float
    unit_cost: float
    need: float
    unit: str
    payers: Mapping[str, float]
    source: str
    state: InputState
    cashable: float | None

    @property
    def units(self) -> int:
        """Whole places, were all that a place costs released."""
        return ceil(self.amount / self.unit_cost - _ROUNDING)

    @property
    def cash_units(self) -> int | None:
        """Whole places, counting only what is cash; None where nothing is known to cash."""
        return ceil(self.amount / (self.unit_cost * self.cashable) - _ROUNDING) if self.cashable else None

    @property
    def within(self) -> bool:
        """Whether there are that many to avoid."""
        return self.units <= self.need

    @property
    def sentence(self) -> str:
        """The answer in words: 6 of 38 placements avoided all year."""
        if not self.within:
            return f"{self.name}: it would take {self.units:,} and there are {self.need:,.0f}, so it cannot pay for this alone."
        return f"{self.name}: {self.units:,} of {self.need:,.0f} {WORDS.get(self.unit, _OTHER)}."


def break_even(amount: float, about: Demanded, name: str) -> BreakEven:
    """The break-even of an amount a year (GBP) on one responsive service."""
    total = sum(about.pence.values())
    return BreakEven(
        about.id, name, amount, about.unit_cost * 1000, about.need, about.unit,
        {a: v / total for a, v in about.pence.items()}, about.cost_source, about.cost_state, about.cashable,
    )  # fmt: skip


def headline(amount: float, children: float | None, found: Iterable[BreakEven], said: str) -> str:
    """What an amount a year for so many more children breaks even at, on the service of which it takes the least share."""
    if amount <= 0:
        return "Nothing more is spent, so there is nothing to break even on."
    whom = f" for {children:,.0f} more children" if children else ""
    known = list(found)
    if not known:
        lacks = "no responsive service has both a count and a unit cost"
        return f"{said} a year{whom}: where it breaks even cannot be worked out, as {lacks}."
    possible = [b for b in known if b.within]
    if not possible:
        return f"{said} a year{whom}: no one responsive service could pay for it alone."
    best = min(possible, key=lambda b: (b.units / b.need, b.name))
    words = WORDS.get(best.unit, _OTHER)
    return f"{said} a year{whom} breaks even at {best.units:,} of {best.need:,.0f} {words} ({best.name})."


def table(
    found: Iterable[BreakEven], lacking: Iterable[tuple[str, str]] = (), veil: frozenset[str] = frozenset()
) -> pd.DataFrame:  # fmt: skip
    """One row for each responsive service, the least share first; then those of which it cannot be worked out, and why.

    veil: services whose price is not shown now.
    """
    rows: list[tuple[object, ...]] = [
        (
            b.name, *((HIDDEN, WORDS.get(b.unit, _OTHER), HIDDEN, None) if b.service in veil else _told(b)),
            f"{b.source} ({b.state.label.lower()})",
            ", ".join(_payer(a, share) for a, share in b.payers.items()),
        )
        for b in sorted(found, key=lambda b: (b.units / b.need, b.name))
    ]  # fmt: skip
    rows += [(name, "Cannot be worked out", why, "", None, "", "") for name, why in lacking]
    columns = [
        "Service", "Breaks even at", "Of what", "Counting only cash", "One costs a year (£)", "Source of the cost",
        "Who has what is released",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _told(b: BreakEven) -> tuple[object, ...]:
    at = f"{b.units:,} of {b.need:,.0f}" if b.within else f"{b.units:,}, more than the {b.need:,.0f} there are"
    return at, WORDS.get(b.unit, _OTHER), _cash(b), round(b.unit_cost, 2)


def _cash(b: BreakEven) -> str:
    if b.cash_units is None:
        return "Never: nothing is known to cash"
    said = f"{b.cash_units:,}" if b.cash_units <= b.need else f"{b.cash_units:,}, more than there are"
    return f"{said} ({b.cashable:.0%} cashes)"


def _payer(agency: str, share: float) -> str:
    label = Agency(agency).label if agency in set(Agency) else agency
    return label if share > 1 - _ROUNDING else f"{label} ({share:.0%})"
