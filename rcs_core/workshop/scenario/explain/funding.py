"""Where each pound of a plan comes from and where it goes, by agency and year, against what was spent before the plan.

In: a scenario and its result. Out: a book for each agency and year in whole pennies: sources (what responsive services no
longer cost, less for other prevention, pools, reserves, budget not used before), uses (more for prevention, dearer care,
set-up cost, what is left), and pairs that say which source pays for which use. Released money stays with the agency that
pays for the service; only a pool brings money from elsewhere, and its pounds keep the name of who paid in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.explain.pairing import Line, Pair, Source, Use, paired, split
from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, at
from rcs_core.workshop.scenario.result import PurseLine, Result

__all__ = ["Book", "Funding", "Line", "Pair", "Source", "Use", "fund", "penny"]

_SLACK = 1e-6
"""How far a solved purse may be from balancing, against its size: what a certificate allows."""
_POOLED = (Use.POOLED, Source.POOL, Source.BRIDGING)
type Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Book:
    """One agency's money in one year against what was spent before the plan: both sides add up to the penny.

    rounding: pennies that were put on the largest line so that they do; the solver's rounding and ours.
    """

    agency: str
    year: int
    sources: tuple[Line, ...]
    uses: tuple[Line, ...]
    pairs: tuple[Pair, ...]
    rounding: int

    @property
    def total(self) -> int:
        """What either side adds up to, in pennies."""
        return sum(line.pence for line in self.uses)


@dataclass(frozen=True, slots=True)
class Funding:
    """The books of every agency and year. one: a penny in the scenario's unit of money."""

    books: tuple[Book, ...]
    one: float

    def money(self, pence: int) -> float:
        """Pennies in the scenario's unit of money."""
        return pence * self.one

    def pairs(self, year: int | None = None) -> list[tuple[Book, Pair]]:
        """All pairs with their books, of one year or of all."""
        return [(book, pair) for book in self.books for pair in book.pairs if year is None or book.year == year]


def penny(scenario: Scenario) -> float:
    """A penny in the scenario's unit of money: thousands where it does not say otherwise."""
    unit = scenario.money.lower()
    return 1e-8 if "million" in unit else 1e-5 if "thousand" in unit else 0.01


def fund(scenario: Scenario, result: Result) -> Funding:
    """The books of a solved plan; none where there is no plan. Raises ScenarioError where a purse does not balance."""
    one = penny(scenario)
    desk = _Desk(scenario, result)
    made = [desk.book(agency.id, year, one) for agency in scenario.agencies for year in scenario.years] if result.spend else []
    return Funding(tuple(made), one)


class _Desk:
    """What a plan spends, sorted for its books."""

    def __init__(self, scenario: Scenario, result: Result) -> None:
        self.scenario, self.result = scenario, result
        self.spent: dict[tuple[str, str, str, int], float] = {
            (line.service, line.agency, line.locality, line.year): line.amount for line in result.spend
        }
        self.cost: dict[Key, float] = {}
        for care in result.responsive:
            self.cost[care.service, care.year] = self.cost.get((care.service, care.year), 0.0) + care.cost
        self.purses: dict[Key, PurseLine] = {(p.agency, p.year): p for p in result.purses}
        self.paid_in: dict[Key, dict[str, float]] = {}
        self.drawn: dict[Key, dict[str, float]] = {}
        for pool in result.pools:
            for into, amount in ((self.paid_in, pool.contribution), (self.drawn, pool.draw)):
                into.setdefault((pool.pool, pool.year), {})[pool.agency] = amount

    def book(self, agency: str, year: int, one: float) -> Book:
        """One agency's book of one year."""
        lines = [*self._prevention(agency, year), *self._responsive(agency, year), *self._held(agency, year)]
        lines += self._balance(agency, year)
        sources: list[Line] = []
        uses: list[Line] = []
        for kind, about, by, amount in lines:
            line = Line(kind, about, by, round(abs(amount) / one))
            if line.pence and amount > 0:
                (sources if isinstance(kind, Source) else uses).append(line)
        sources += self._from_pools(agency, year, one)
        gap = sum(line.pence for line in sources) - sum(line.pence for line in uses)
        modelled = (agency, year) in self.purses
        if modelled:
            self._check(agency, year, gap * one, one * (len(lines) + len(sources)))
            sources, uses = _evened(sources, uses, gap)
        elif gap:
            (uses if gap > 0 else sources).append(Line(Use.OPEN if gap > 0 else Source.OPEN, "", "", abs(gap)))
        ways = paired(sources, uses, self._causes(year), self._funded(agency))
        return Book(agency, year, tuple(_sorted(sources)), tuple(_sorted(uses)), ways, gap if modelled else 0)

    def _check(self, agency: str, year: int, gap: float, rounding: float) -> None:
        purse = self.purses[agency, year]
        if abs(gap) > _SLACK * (1 + abs(purse.budget)) + rounding:
            raise ScenarioError(
                "a purse does not balance", f"{agency}, year {year}", f"{gap:g}", "sources that add up to uses",
                "solve the scenario again; the result does not belong to it",
            )  # fmt: skip

    def _prevention(self, agency: str, year: int) -> Iterable[tuple[Source | Use, str, str, float]]:
        for service in self.scenario.prevention:
            if agency not in service.agencies:
                continue
            change = fsum(self._spend(service, agency, loc, year) - was for loc, was in service.agencies[agency].items())
            yield Use.INVEST, service.id, "", change
            yield Source.CUT, service.id, "", -change
            up, down = self._steps(service, agency, year)
            yield Use.SETUP, service.id, "", at(service.setup_cost, year) * up
            yield Use.EXIT, service.id, "", at(service.exit_cost, year) * down

    def _spend(self, service: Prevention, agency: str, locality: str, year: int) -> float:
        before = service.agencies[agency][locality]
        return self.spent.get((service.id, agency, locality, year), before) if year else before

    def _steps(self, service: Prevention, agency: str, year: int) -> tuple[float, float]:
        """What a service gains and loses against the year before, place by place."""
        moves = [
            self._spend(service, agency, loc, year) - self._spend(service, agency, loc, year - 1)
            for loc in service.agencies[agency]
        ]
        return fsum(m for m in moves if m > 0), -fsum(m for m in moves if m < 0)

    def _responsive(self, agency: str, year: int) -> Iterable[tuple[Source | Use, str, str, float]]:
        for acute in self.scenario.acute:
            if share := acute.payer.get(agency, 0.0):
                before = before_plan(acute)
                released = share * (before - self.cost.get((acute.id, year), before))
                yield Source.RELEASED, acute.id, "", released
                yield Use.DEARER, acute.id, "", -released

    def _held(self, agency: str, year: int) -> Iterable[tuple[Source | Use, str, str, float]]:
        more = self.scenario.held_by(agency, year) - self.scenario.held_by(agency, 1)
        yield Use.HELD_MORE, "", "", more
        yield Source.HELD_LESS, "", "", -more

    def _balance(self, agency: str, year: int) -> Iterable[tuple[Source | Use, str, str, float]]:
        """The budget against what was spent before, what is brought and carried, lost, paid into pools, and left."""
        for pool in self.scenario.pools:
            yield Use.POOLED, pool.id, "", self.paid_in.get((pool.id, year), {}).get(agency, 0.0)
        purse = self.purses.get((agency, year))
        if purse is None:
            return
        room, first = purse.budget - self._before(agency), self.purses[agency, 1].budget - self._before(agency)
        unused = min(max(room, 0.0), max(first, 0.0))
        yield Source.UNUSED, "", "", unused
        yield Source.GROWTH, "", "", max(room, 0.0) - unused
        yield Use.BUDGET_FALL, "", "", -room
        yield Source.RESERVES, "", "", purse.brought
        yield Use.LOST, "", "", purse.leaked
        yield Use.CARRIED, "", "", purse.carried
        yield Use.UNSPENT, "", "", purse.underspend

    def _before(self, agency: str) -> float:
        """What an agency spent before the plan on all that the scenario holds."""
        scenario = self.scenario
        spent = [was for s in scenario.prevention for was in s.agencies.get(agency, {}).values()]
        spent += [d.payer[agency] * before_plan(d) for d in scenario.acute if agency in d.payer]
        return fsum(spent) + scenario.held_by(agency, 1)

    def _from_pools(self, agency: str, year: int, one: float) -> list[Line]:
        """What an agency draws from each pool, by who paid it in; what nobody of the plan paid in is bridging money."""
        found = []
        for pool in self.scenario.pools:
            paid = {a: round(v / one) for a, v in self.paid_in.get((pool.id, year), {}).items()}
            drawn = {a: round(v / one) for a, v in self.drawn.get((pool.id, year), {}).items()}
            for by, pence in split(paid, drawn).get(agency, {}).items():
                found.append(Line(Source.POOL if by else Source.BRIDGING, pool.id, by, pence))
        return found

    def _causes(self, year: int) -> frozenset[tuple[str, str]]:
        """Which releases a service can have caused by a year: it acts on them, and it grew at least its lag before."""
        grew: dict[str, int] = {}
        for service in self.scenario.prevention:
            base = fsum(fsum(by.values()) for by in service.agencies.values())
            for t in self.scenario.years:
                now = fsum(self._spend(service, a, loc, t) for a, by in service.agencies.items() for loc in by)
                if now - base > _SLACK * (1 + base):
                    grew[service.id] = t
                    break
        return frozenset(
            (s.id, d) for s in self.scenario.prevention if s.id in grew and grew[s.id] + s.lag <= year for d in s.acts_on
        )

    def _funded(self, agency: str) -> frozenset[tuple[str, str]]:
        """Which services each pool may pay for when this agency draws from it."""
        return frozenset((pool.id, s) for pool in self.scenario.pools for s in pool.draw.get(agency, ()))


def before_plan(acute: Responsive) -> float:
    """What a responsive service costs before the plan: the places it starts from at its first year's unit cost."""
    return at(acute.unit_cost, 1) * fsum(acute.capacity_before(locality) for locality in acute.demand)


def _evened(sources: list[Line], uses: list[Line], gap: int) -> tuple[list[Line], list[Line]]:
    """Both sides with the pennies of rounding put on one line of the side that is short, so that they agree.

    It is the largest line that is of no service, else the largest; never a pool's, which must agree between purses.
    """
    if not gap:
        return sources, uses
    short, kind = (uses, Use.UNSPENT) if gap > 0 else (sources, Source.UNUSED)
    if fit := [line for line in short if line.kind not in _POOLED]:
        largest = max(fit, key=lambda line: (not line.about, line.pence, line.key))
        short[short.index(largest)] = largest.of(largest.pence + abs(gap))
    else:
        short.append(Line(kind, "", "", abs(gap)))
    return sources, uses


def _sorted(lines: list[Line]) -> list[Line]:
    order = {kind: k for kind_of in (Source, Use) for k, kind in enumerate(kind_of)}
    return sorted(lines, key=lambda line: (order[line.kind], -line.pence, line.key))
