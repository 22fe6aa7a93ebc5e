"""What a scenario is made of: effects, services that can grow, services that answer need, and everything that is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rcs_core.vocab import InputState
from rcs_core.workshop.inputs.assumed import assumed
from rcs_core.workshop.inputs.release_dates import Terms

SOURCED = (InputState.MEASURED, InputState.PUBLISHED_ELSEWHERE)
"""What may be used at the depth *evidence*."""
_ALMOST_ALL = 0.99
"""An effect that never faded would add up without end over the years of a plan."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a hundred children served keep from one responsive service, as the release has it."""

    acts_on: str
    likely: float
    low: float | None
    high: float | None
    lag: float | None
    retention: float | None
    state: InputState
    source: str


@dataclass(frozen=True, slots=True)
class Preventative:
    """A preventative service: its pence by payer, whom it serves, how free its money is, and its evidence of effect.

    share: how much of it is prevention. Where a shift is only discussed, no effect is used and there are none here.
    """

    id: str
    pence: Mapping[str, int]
    children: float
    terms: Terms
    effects: tuple[Effect, ...]
    share: float = 1.0

    @property
    def thousand(self) -> float:
        """Today's spend in GBP thousand."""
        return sum(self.pence.values()) / 1e5


@dataclass(frozen=True, slots=True)
class Demanded:
    """A responsive service with counted demand: its pence by payer, today's need, unit cost and what of it cashes.

    places: the most that it can hold where the funder runs it and they are counted (None: more can be bought).
    cashable_range: from nothing to all unless somebody said.
    """

    id: str
    pence: Mapping[str, int]
    need: float
    unit: str
    history: Mapping[str, float]
    unit_cost: float
    published_cost: float
    cost_source: str
    cost_state: InputState
    cashable: float | None
    cashable_state: InputState
    cashable_range: tuple[float, float] = (0.0, 1.0)
    places: float | None = None
    cashable_source: str = ""

    @property
    def thousand(self) -> float:
        """Today's spend in GBP thousand."""
        return sum(self.pence.values()) / 1e5

    @property
    def rest(self) -> float:
        """Spend in GBP thousand that does not follow demand: what unit cost times need leaves over."""
        return max(0.0, self.thousand - self.unit_cost * self.need)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a scenario is made of. `held` is pence by service and payer; `notes` say why a service is held."""

    names: Mapping[str, str]
    agencies: tuple[str, ...]
    preventative: tuple[Preventative, ...]
    demanded: tuple[Demanded, ...]
    held: Mapping[tuple[str, str], int]
    year: str
    price_year: str
    unmapped_pence: int
    notes: tuple[str, ...] = field(default=())


def lag_of(service: Preventative) -> int:
    """Years until the service acts: the longest of its effects, rounded up; the tool's assumption where none is given."""
    given = [e.lag for e in service.effects if e.lag is not None]
    return int(-(-max(given) // 1)) if given else int(assumed("lag"))


def retention_of(service: Preventative) -> float:
    """Share of effect kept a year later: the least of its effects, under one; the tool's assumption where none is given."""
    given = [e.retention for e in service.effects if e.retention is not None]
    return min(*given, _ALMOST_ALL) if given else assumed("retention")
