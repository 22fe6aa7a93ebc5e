"""Who pays for a plan, who gains, and when it pays back; how long it is paid for twice, and why nothing is released sooner.

In: a scenario, its result and its books. Released capacity is what responsive services would cost an agency with prevention
as today, less what they cost under the plan, both worked out by the simulator. A pool moves money between partners; bridging
money is nobody's in the plan, so it never counts as paid back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rcs_core.workshop.scenario.explain.beside import Care, Lasting
from rcs_core.workshop.scenario.explain.funding import Funding, Line, Source, Use
from rcs_core.workshop.scenario.format import Responsive, Scenario, at
from rcs_core.workshop.scenario.result import Result

KNOWN = ("measured", "published_elsewhere")
_ROUNDING = 1e-4
"""A tenth of a pound where money is in thousands: less is not a release."""
_INVESTED = (Use.INVEST, Use.SETUP, Use.EXIT)
_NOT_TWICE = (Source.RELEASED, Source.CUT, Source.HELD_LESS)
"""Money that came from elsewhere in the same purse: what it pays for is not paid for twice."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One agency in one year, against prevention as today. released: before what is lost of it to the centre.

    invested: more (or less) for prevention. changes: set-up and exit cost. pooled: from partners' pools, less what was paid in.
    """

    year: int
    released: float
    lost: float
    invested: float
    changes: float
    pooled: float

    @property
    def net(self) -> float:
        """What the year leaves the agency better off."""
        return self.released - self.lost - self.invested - self.changes + self.pooled


@dataclass(frozen=True, slots=True)
class Account:
    """An agency's flows over the plan (agency blank: all of them together). rate: of discount."""

    agency: str
    flows: tuple[Flow, ...]
    rate: float

    def total(self, *names: str) -> float:
        """The sum of some parts of the flows over the plan."""
        return sum(float(getattr(flow, name)) for flow in self.flows for name in names)

    def cumulative(self, discounted: bool = False) -> tuple[float, ...]:
        """What the plan has left the agency better off by each year's end."""
        factors = [(1 + self.rate) ** -(flow.year - 1) if discounted else 1.0 for flow in self.flows]
        return tuple(accumulate(flow.net * factor for flow, factor in zip(self.flows, factors, strict=True)))

    @property
    def moves(self) -> bool:
        """Whether anything changes for the agency."""
        parts = ("released", "lost", "invested", "changes", "pooled")
        return any(abs(getattr(flow, name)) > _ROUNDING for flow in self.flows for name in parts)

    @property
    def pays(self) -> bool:
        """Whether it is worse off at the end of some year."""
        return min(self.cumulative(), default=0.0) < -_ROUNDING

    def back(self, discounted: bool = False) -> int | None:
        """The first year from which on it is never again worse off; None where that is not within the plan."""
        worse = [flow.year for flow, sum_ in zip(self.flows, self.cumulative(discounted), strict=True) if sum_ < -_ROUNDING]
        first = self.flows[0].year if not worse else worse[-1] + 1
        return first if first <= self.flows[-1].year else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why nothing is released sooner. acts: the first year in which what is bought can act (None: not within the plan).

    lag: the years that it takes. bites: the first year in which need is less for it. uncashed: services that are needed
    less and of whose cost nothing is released. grows: whether any service gains.
    """

    grows: bool
    lag: int | None
    acts: int | None
    bites: int | None
    uncashed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """Double running before anything is released: what prevention takes that comes from no release and no cut.

    own: of it out of reserves, budget that was not used, growth, and partners' pools; promised: money from outside that
    is known to come; unfunded: from outside or from a purse that is not modelled, and nobody has promised it. first: the
    first year of release (None: never).
    """

    first: int | None
    total: float
    own: float
    promised: float
    unfunded: float
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class PayBack:
    """Who pays and gains, by agency and together, and the double running before anything is released."""

    accounts: tuple[Account, ...]
    whole: Account
    twice: Twice


def pay_back(scenario: Scenario, result: Result, funding: Funding) -> PayBack:
    """Who pays, who gains, and when it pays back."""
    lasting = Lasting.of(scenario, result, 0)
    plan, today = lasting.care(lasting.plan), lasting.care(lasting.without(lasting.services))
    accounts = tuple(_account(scenario, funding, agency.id, plan, today) for agency in scenario.agencies)
    flows = [Flow(t, *(sum(_part(a, t, name) for a in accounts) for name in _PARTS)) for t in scenario.years]
    whole = Account("", tuple(flows), scenario.discount_rate)
    return PayBack(accounts, whole, _twice(scenario, result, funding, whole, plan, today))


_PARTS = ("released", "lost", "invested", "changes", "pooled")


def _part(account: Account, year: int, name: str) -> float:
    return float(getattr(account.flows[year - 1], name))


def _account(scenario: Scenario, funding: Funding, agency: str, plan: Care, today: Care) -> Account:
    freed = [
        sum(d.payer.get(agency, 0.0) * float(today.cost[d.id][0, t - 1] - plan.cost[d.id][0, t - 1]) for d in scenario.acute)
        for t in scenario.years
    ]
    books = {book.year: book for book in funding.books if book.agency == agency}
    flows = []
    for year, released in zip(scenario.years, freed, strict=True):
        uses, sources = books[year].uses, books[year].sources
        flows.append(
            Flow(
                year,
                released if abs(released) > _ROUNDING else 0.0,
                _sum(funding, uses, Use.LOST),
                _sum(funding, uses, Use.INVEST) - _sum(funding, sources, Source.CUT),
                _sum(funding, uses, Use.SETUP, Use.EXIT),
                _sum(funding, sources, Source.POOL) - _sum(funding, uses, Use.POOLED),
            )
        )
    return Account(agency, tuple(flows), scenario.discount_rate)


def _sum(funding: Funding, lines: Sequence[Line], *kinds: Source | Use) -> float:
    return funding.money(sum(line.pence for line in lines if line.kind in kinds))


def _twice(scenario: Scenario, result: Result, funding: Funding, whole: Account, plan: Care, today: Care) -> Twice:
    first = next((flow.year for flow in whole.flows if flow.released > _ROUNDING), None)
    promised = _promised(scenario)
    total = own = known = 0
    for book, pair in funding.pairs():
        if (first is None or book.year < first) and pair.use.kind in _INVESTED and pair.source.kind not in _NOT_TWICE:
            total += pair.pence
            outside = pair.source.kind is Source.BRIDGING
            known += pair.pence if outside and pair.source.about in promised else 0
            own += 0 if outside or pair.source.kind is Source.OPEN else pair.pence
    return Twice(
        first,
        funding.money(total),
        funding.money(own),
        funding.money(known),
        funding.money(total - own - known),
        _waiting(scenario, result, plan, today),
    )


def _promised(scenario: Scenario) -> set[str]:
    """Pools whose money from outside is known to come, as the scenario's provenance says."""
    known = {p.path.removesuffix("/seed") for p in scenario.provenance if p.state in KNOWN and p.path.endswith("/seed")}
    return {pool.id for index, pool in enumerate(scenario.pools) if f"/pools/{index}" in known}


def _waiting(scenario: Scenario, result: Result, plan: Care, today: Care) -> Waiting:
    grew = _grew(scenario, result)
    lags = [(grew[s.id] + s.lag, s.lag) for s in scenario.prevention if s.id in grew and s.acts_on]
    acts, lag = min(lags, default=(None, None))
    fewer = {
        d.id: [t for t in scenario.years if float(today.met[d.id][0, t - 1] - plan.met[d.id][0, t - 1]) > _ROUNDING]
        for d in scenario.acute
    }
    bites = min((years[0] for years in fewer.values() if years), default=None)
    never = tuple(d.id for d in scenario.acute if fewer[d.id] and _never_cash(d, scenario))
    return Waiting(bool(grew), lag, acts if acts is not None and acts <= scenario.horizon else None, bites, never)


def _grew(scenario: Scenario, result: Result) -> dict[str, int]:
    """The first year in which each service has more than before the plan."""
    spent: dict[tuple[str, int], float] = {}
    for line in result.spend:
        spent[line.service, line.year] = spent.get((line.service, line.year), 0.0) + line.amount
    base = {s.id: sum(sum(by.values()) for by in s.agencies.values()) for s in scenario.prevention}
    found: dict[str, int] = {}
    for (service, year), amount in sorted(spent.items(), key=lambda one: one[0][1]):
        if amount - base[service] > _ROUNDING:
            found.setdefault(service, year)
    return found


def _never_cash(acute: Responsive, scenario: Scenario) -> bool:
    return all(at(acute.cashable, t) == 0 and at(acute.decommission_max, t) == 0 for t in scenario.years)
