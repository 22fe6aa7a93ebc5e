"""What arithmetic alone shows to be impossible: have, need, short by how much, and the number that would have to change.

What comes in is a scenario; what goes out are shortfalls, each with what it is added up from and the promises that it
rests on: these cannot all hold together. `arithmetic` is sound and not complete: what it finds is impossible, and what
it does not find may still be, which then only the solver shows.
"""

from dataclasses import dataclass
from enum import StrEnum

from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.explain.impossible.ends import Ends
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.result import Repair


class Kind(StrEnum):
    """What is too small for what is asked of it."""

    PURSE = "purse"
    PURSES = "purses"
    SERVICE = "service"
    RING = "ring"
    CAPACITY = "capacity"
    STAFF = "staff"
    SHARE = "share"
    EQUITY = "equity"
    OUTCOME = "outcome_target"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of what is had or needed: of what sort (budget, pool, spend, care, held, ring...), of what, how much."""

    of: str
    what: str
    amount: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One sum that does not come out. subject: an agency, agencies, a service or a rule; year 0 is the whole plan.

    repair: the least change of one number by which this sum comes out; the whole may need more. promises: what it rests
    on; they cannot all hold, though fewer of them may clash already.
    """

    kind: Kind
    subject: tuple[str, ...]
    year: int
    have: float
    need: float
    repair: Repair
    promises: tuple[str, ...]
    has: tuple[Line, ...] = ()
    asks: tuple[Line, ...] = ()

    @property
    def short(self) -> float:
        """What is missing."""
        return self.need - self.have


_SEEN = 1e-6
"""A shortfall this small, as a share of what is compared, is rounding and not arithmetic."""


def missing(have: float, need: float) -> bool:
    """Whether need is over what there is by more than rounding."""
    return need - have > _SEEN * (1 + max(abs(have), abs(need)))


def arithmetic(scenario: Scenario) -> tuple[Shortfall, ...]:
    """Every sum that shows, without a solver, that the scenario is impossible.

    What no money can mend comes first (a service, fund, places or staff), that which rests on the fewest promises foremost;
    then purses, then targets, by year.
    """
    from rcs_core.workshop.scenario.explain.impossible import limits, purse_sums, shares

    read, _ = asked(scenario)
    ends = Ends.of(read)
    sums = purse_sums.Purses(ends)
    found: list[Shortfall] = [*sums.shortfalls(), *limits.shortfalls(ends), *shares.shortfalls(ends, sums)]
    return tuple(sorted(found, key=_order))


def _order(found: Shortfall) -> tuple[int, int, int, float]:
    if found.kind in _WHATEVER_THE_MONEY:
        return 0, len(found.promises), found.year, -found.short
    return 1 if found.kind in (Kind.PURSE, Kind.PURSES) else 2, 0, found.year, -found.short


_WHATEVER_THE_MONEY = (Kind.SERVICE, Kind.RING, Kind.CAPACITY, Kind.STAFF)
