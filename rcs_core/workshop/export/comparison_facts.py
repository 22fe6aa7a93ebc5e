"""Scenarios side by side as rows to be set out on sheets: what each spends, on what, from whose purse, and why two are not alike.

Rows of several scenarios stand together only where they are of the same service, the same payer and the same year by name;
nothing is matched by its position.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rcs_core.workshop import versus
from rcs_core.workshop.couple.compare import Part, base_cost
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.scenario.wording import said
from rcs_core.workshop.versus import Side

BOUGHT = "bought"
"""The service, level and payer of the row in which bought services stand together on the big screen."""

type Key = tuple[str, ...]
type Pair = tuple[float, float | None]
"""What is spent today and in the last year (None: there is no plan)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why figures are not set against another scenario's: in a cell, and in a sentence."""

    short: str
    told: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The scenarios of a book in their order. veil: services whose price is not shown now."""

    sides: tuple[Side, ...]
    veil: frozenset[str] = frozenset()

    @property
    def base(self) -> Side:
        """What the others are set against: the first that has a plan."""
        return next((side for side in self.sides if side.possible), self.sides[0])

    @property
    def others(self) -> list[Side]:
        """The scenarios that are set against the first, in their order."""
        return [side for side in self.sides if side is not self.base]

    @property
    def names(self) -> dict[str, str]:
        """What every id is called, by the first scenario that names it."""
        return {k: v for side in reversed(self.sides) for k, v in side.names.items()}

    @property
    def rough(self) -> bool:
        """Whether any of them is for discussion only."""
        return any(side.rough for side in self.sides)

    def reasons(self, side: Side) -> list[Reason]:
        """Why a scenario's figures are not set against the first one's; none where they may be."""
        base = self.base
        found = [Reason(_SHORT[k], told) for told in versus.apart(side, base) for k in _SHORT if k in told]
        if side.scenario.price_year != base.scenario.price_year:
            prices = [one.scenario.price_year or "a year that is not stated" for one in (side, base)]
            found.append(Reason("other prices", f"its prices are of {prices[0]}, not of {prices[1]}"))
        if side.found.years != base.found.years:
            found.append(Reason("other years", f"its years are {_years(side)}, not {_years(base)}"))
        return found

    def of_a_year(self, side: Side) -> list[Reason]:
        """The same for figures that stand beside their year, so that other years are no reason."""
        return [reason for reason in self.reasons(side) if reason.short != "other years"]


_SHORT = {"release": "another release", "depth": "another depth", "money": "another unit of money"}


def _years(side: Side) -> str:
    return f"{side.found.years[0]} to {side.found.years[-1]}"


def allocation(side: Side) -> dict[Key, Pair]:
    """What each payer spends on each service today and in the last year, by part, service and payer."""
    scenario, last, spent = side.scenario, side.scenario.horizon, _spent(side)
    costs: dict[str, float] = {}
    for line in side.result.responsive:
        if line.year == last:
            costs[line.service] = costs.get(line.service, 0.0) + line.cost
    found: dict[Key, Pair] = {}
    for service in scenario.prevention:
        for agency, places in service.agencies.items():
            after = spent.get((service.id, agency), 0.0) if side.possible else None
            found[Part.PREVENTION.value, service.id, agency] = (sum(places.values()), after)
    for acute in scenario.acute:
        before = base_cost(scenario, acute.id)
        for agency, share in acute.payer.items():
            now = share * costs.get(acute.id, before) if side.possible else None
            found[Part.RESPONSIVE.value, acute.id, agency] = (share * before, now)
    for held in scenario.held:
        key = (Part.HELD.value, held.id, held.agency)
        before, now = found.get(key, (0.0, 0.0))
        found[key] = (before + at(held.amount, 1), (now or 0.0) + at(held.amount, last) if side.possible else None)
    return found


def _spent(side: Side) -> dict[tuple[str, str], float]:
    """What the plan spends on prevention in its last year by service and payer."""
    found: dict[tuple[str, str], float] = {}
    for line in side.result.spend:
        if line.year == side.scenario.horizon:
            found[line.service, line.agency] = found.get((line.service, line.agency), 0.0) + line.amount
    return found


def together(found: Mapping[Key, Pair], veil: frozenset[str]) -> tuple[dict[Key, Pair], int]:
    """The same with the services in the veil as one row, and how many they are; a single one has no amount to itself."""
    hidden = {key: pair for key, pair in found.items() if key[1] in veil}
    open_ = {key: pair for key, pair in found.items() if key[1] not in veil}
    services = {key[1] for key in hidden}
    if services:
        after = [now for _, now in hidden.values()]
        known = [now for now in after if now is not None]
        pair = (sum(before for before, _ in hidden.values()), sum(known) if len(known) == len(after) else None)
        open_[BOUGHT, BOUGHT, BOUGHT] = pair
    return open_, len(services)


def stands_together(beside: Beside, place: int) -> dict[str, str]:
    """Which parts (place 0) or payers (place 2) stand as one, as by itself each would tell what one service in the veil costs."""
    own: dict[str, set[str]] = {}
    for side in beside.sides:
        for key in allocation(side):
            own.setdefault(key[place], set()).update({key[1]} & beside.veil)
    single = [code for code, services in own.items() if len(services) == 1]
    if single and len(set[str]().union(*(own[code] for code in single))) == 1:
        single += sorted(set(own) - set(single), key=lambda code: (not own[code], len(own[code]), code))[:1]
    name = f"{listed(sorted(label(beside, code) for code in single))}, together"
    return dict.fromkeys(single, name)


def regrouped(found: Mapping[Key, Pair], names: Mapping[str, str]) -> dict[Key, Pair]:
    """The same rows with those that stand together added up."""
    sums: dict[Key, Pair] = {}
    for (code,), (before, now) in found.items():
        was, then = sums.get((names.get(code, code),), (0.0, 0.0))
        sums[names.get(code, code),] = (was + before, None if now is None or then is None else then + now)
    return sums


def in_order(tables: Sequence[Mapping[Key, object]]) -> list[Key]:
    """Every key of any table: those of the first in its order, then what only later ones have."""
    return list(dict.fromkeys(key for table in tables for key in table))


def by(side: Side, frame: str, key: str) -> dict[Key, Pair]:
    """Today's spend and that of the last year, by a key of one of the comparison's own tables."""
    rows = getattr(side.found, frame)
    sums = rows[rows["year"] == side.last].groupby(key, sort=False)[["before", "after"]].sum()
    return {
        (str(k),): (float(before), float(after) if side.possible else None)
        for k, before, after in sums.itertuples(name=None)
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """Prevention, and prevention and response together, in one year; as the share of prevention counts them."""

    preventative: float
    whole: float


def years(side: Side) -> dict[str, Year]:
    """The money of the preventative share in each year of a plan, by the year's name; none without a plan."""
    counts = {s.id: s.q for s in side.scenario.prevention}
    found = {}
    for number, label in enumerate(side.found.years if side.possible else (), start=1):
        spent = [(counts[line.service], line.amount) for line in side.result.spend if line.year == number]
        response = sum(line.cost for line in side.result.responsive if line.year == number)
        found[label] = Year(sum(q * amount for q, amount in spent), sum(amount for _, amount in spent) + response)
    return found


@dataclass(frozen=True, slots=True)
class Purse:
    """One agency's money of one year: what it has, what it spends on services, what else goes out, and what is left."""

    budget: float
    spent: float
    other: float
    left: float


def purses(side: Side) -> dict[Key, Purse]:
    """Every purse of a plan by agency and the year's name; none where purses are not modelled."""
    return {
        (p.agency, side.found.years[p.year - 1]): Purse(
            p.budget,
            p.prevention + p.responsive + p.held,
            p.change_costs + p.contributed - p.drawn + p.leaked + p.carried - p.brought,
            p.underspend,
        )
        for p in side.result.purses
    }


def purses_together(found: Mapping[Key, Purse], names: Mapping[str, str]) -> dict[Key, Purse]:
    """The same purses with those that stand together added up, year by year."""
    sums: dict[Key, Purse] = {}
    for (agency, year), purse in found.items():
        key = (names.get(agency, agency), year)
        had = sums.get(key, Purse(0.0, 0.0, 0.0, 0.0))
        sums[key] = Purse(
            had.budget + purse.budget, had.spent + purse.spent, had.other + purse.other, had.left + purse.left
        )  # fmt: skip
    return sums


def label(beside: Beside, identity: str) -> str:
    """What an id is called on the sheets."""
    return Part(identity).label if identity in set(Part) else said(identity, beside.names)


def not_alike(beside: Beside) -> Iterator[tuple[str, str]]:
    """Every scenario that is not set against the first one in some of its figures, and why, a sentence each."""
    for side in beside.others:
        if not side.possible:
            yield side.title, "it has no plan: its promises cannot all hold, so that there is nothing to set against another"
        for reason in beside.reasons(side):
            yield side.title, reason.told
