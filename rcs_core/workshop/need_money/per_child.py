"""Children in need, and what a sum comes to for each of them: a share times a published roll, with the share's interval.

A share is published in whole per cent, so children are given to the nearest ten, their range outwards. What would come to
fewer children than the release may show is not said.
"""

from dataclasses import dataclass
from math import ceil, floor

from rcs_core.workshop.evidence import Share
from rcs_core.workshop.need_money.outcomes import Range

TO = 10
"""Children are given to the nearest ten: one per cent of a roll is seldom less."""


@dataclass(frozen=True, slots=True)
class PerChild:
    """About how many children are in need, from the fewest to the most that the interval allows; `least` may be shown."""

    children: int
    fewest: int
    most: int
    least: int

    @property
    def said(self) -> str:
        """The children, as a table has them."""
        return f"{self.children:,}" if self.children >= self.least else f"fewer than {self.least}"

    @property
    def interval(self) -> str:
        """Their range, as a table has it."""
        if self.most < self.least:
            return f"fewer than {self.least}"
        return f"{self.fewest:,} to {self.most:,}" if self.fewest >= self.least else f"up to {self.most:,}"

    def pounds(self, pence: int) -> str:
        """Pounds for each child in need; blank where the children may not be said."""
        return f"{_each(pence, self.children):,}" if self.children >= self.least else ""

    def pounds_range(self, spent: Range) -> str:
        """From the low spend over the most children to the high spend over the fewest."""
        if self.children < self.least:
            return ""
        low = f"{_each(spent.low, self.most):,}"
        return f"{low} to {_each(spent.high, self.fewest):,}" if self.fewest >= self.least else f"{low} or more"


def _each(pence: int, children: int) -> int:
    return round(pence / 100 / children)


def children_in_need(share: Share, roll: int | None, least: int) -> PerChild | None:
    """The children of a shown share of a roll, or None where one of them is not published."""
    if roll is None or not share.shown or share.pct.value is None or share.low is None or share.high is None:
        return None
    middle, low, high = (pct * roll / 100 / TO for pct in (share.pct.value, share.low, share.high))
    return PerChild(min(round(middle) * TO, roll), floor(low) * TO, min(ceil(high) * TO, roll), least)
