"""The money of decisions in pence: who pays, from which year, how much more or less a year, against what was spent before.

A change is counted once: where a service, payer and year stand in several agreed decisions, the one that was recorded last
counts, and it is said. Amounts of different price years are never added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rcs_core.workshop import big_screen
from rcs_core.workshop.decide.parts import Decision
from rcs_core.workshop.plan.pence import said
from rcs_core.workshop.plan.planned import Planned
from rcs_core.workshop.spend_map.money import agency_label

HIDDEN = big_screen.HIDDEN


@dataclass(frozen=True, slots=True)
class Payer:
    """What one agency pays more or less for one decision: in its last year, and from when. before: None where not known."""

    agency: str
    services: frozenset[str]
    first: str
    last: str
    change: int
    before: int | None

    def told(self, veil: frozenset[str] = frozenset()) -> str:
        """The same in words; without the amount where it would be the price of one bought service."""
        who = agency_label(self.agency)
        if big_screen.pounds(self.change, self.services, veil) is None:
            return f"{who}: {HIDDEN.lower()}"
        against = f", against {said(self.before)} before" if self.before is not None else ""
        if not self.change:
            return f"{who}: as before by {self.last}, with changes from {self.first}{against}"
        when = f"from {self.first}" if self.first == self.last else f"by {self.last}, from {self.first}"
        return f"{who}: {said(self.change)} {'more' if self.change > 0 else 'less'} a year {when}{against}"


@dataclass(frozen=True, slots=True)
class Paid:
    """The money of one decision."""

    payers: tuple[Payer, ...]
    price_year: str

    @property
    def change(self) -> int:
        """What all payers together spend more (or less) in the last year."""
        return sum(p.change for p in self.payers)

    def told(self, veil: frozenset[str] = frozenset()) -> str:
        """Who pays what from when, with the price year."""
        prices = f"prices of {self.price_year}" if self.price_year else "price year not named"
        return f"{'; '.join(p.told(veil) for p in self.payers)} ({prices})"


def paid(decision: Decision, planned: Planned | None = None) -> Paid | None:
    """The money of a decision by payer; None where it names none."""
    by: dict[str, dict[str, int]] = {}
    services: dict[str, set[str]] = {}
    for line in decision.money:
        pence = round(line.change_gbp * 100)
        if pence:
            years = by.setdefault(line.agency, {})
            years[line.year] = years.get(line.year, 0) + pence
            services.setdefault(line.agency, set()).add(line.service_id)
    last = max((year for years in by.values() for year in years), default="")
    found = []
    for agency, years in sorted(by.items()):
        moving = sorted(year for year, pence in years.items() if pence)
        if moving:
            own = frozenset(services[agency])
            found.append(Payer(agency, own, moving[0], last, years.get(last, 0), _before(planned, own, agency)))
    return Paid(tuple(found), decision.price_year.strip()) if found else None


def _before(planned: Planned | None, services: frozenset[str], agency: str) -> int | None:
    return None if planned is None else sum(planned.before.get((service, agency), 0) for service in services)


type Cell = tuple[str, str, str]
"""A service, a year and a payer."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Every change of the agreed decisions once, in pence. twice: services that stand in more than one of them."""

    pence: Mapping[Cell, int]
    price_years: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def years(self) -> tuple[str, ...]:
        """The years in which anything changes."""
        return tuple(sorted({year for _, year, _ in self.pence}))

    def of(self, year: str) -> dict[tuple[str, str], int]:
        """The changes of one year by service and payer."""
        return {(service, agency): pence for (service, when, agency), pence in self.pence.items() if when == year}


def counted(decisions: Iterable[Decision]) -> Counted:
    """The changes of several decisions, each service, year and payer once: as the decision that was recorded last has it."""
    pence: dict[Cell, int] = {}
    owner: dict[str, str] = {}
    twice: set[str] = set()
    prices: set[str] = set()
    for decision in sorted(decisions, key=lambda d: (d.at, d.id)):
        own: dict[Cell, int] = {}
        for line in decision.money:
            key = (line.service_id, line.year, line.agency)
            own[key] = own.get(key, 0) + round(line.change_gbp * 100)
        services = {service for (service, _, _), change in own.items() if change}
        own = {key: change for key, change in own.items() if key[0] in services}
        again = {service for service in services if owner.get(service, decision.id) != decision.id}
        twice |= again
        pence = {key: change for key, change in pence.items() if key[0] not in again} | own
        owner |= dict.fromkeys(services, decision.id)
        prices |= {decision.price_year.strip()} if services else set()
    return Counted({key: change for key, change in pence.items() if change}, tuple(sorted(prices)), tuple(sorted(twice)))
