"""A kept scenario on the table: its moves in the order a board asks, each with who pays, from when, and what one costs.

The scenario is worked out again from the file that was kept, so a board decides on the figures that were kept, whatever is
served today. What the register says of a service (children, contract) is of the release that is served, where it knows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop.big_screen import register
from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.decide.parts import Money
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.inputs.release_dates import Terms, freed, opens, said
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.plan.planned import Pair, Planned, planned, service_of
from rcs_core.workshop.scenario.format import Scenario, at
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.versus import Side, of_kept

THOUSAND = 1000


class Way(Label):
    """Which way a service goes in the last year of the plan, or in between where it is back by then."""

    GROWS = "grows", "Grows"
    SHRINKS = "shrinks", "Shrinks"
    SWAPS = "swaps", "Changes payer"


@dataclass(frozen=True, slots=True)
class Move:
    """One service whose money changes.

    money: what changes, by year and payer. before and change: pounds a year before the plan, and more or less in its last
    year. first: the first year in which money moves. free_from: when money of a service that loses is free at the earliest,
    in words. price and unit: what one costs (pounds) and what one is; None where it is not known. children: served now.
    """

    service_id: str
    name: str
    part: Part
    money: tuple[Money, ...]
    before: float
    change: float
    first: str
    free_from: str = ""
    price: float | None = None
    unit: str = ""
    children: float | None = None

    @property
    def way(self) -> Way:
        """Whether it grows or shrinks: by the last year, or over all years where it ends as it began; else who pays changes."""
        change = self.change or round(sum(m.change_gbp for m in self.money), 2)
        return Way.SWAPS if not change else Way.GROWS if change > 0 else Way.SHRINKS

    @property
    def worst(self) -> float:
        """What it has less than before in the year in which that is most (pounds, below nought); 0 where it never loses."""
        by_year: dict[str, float] = {}
        for line in self.money:
            by_year[line.year] = by_year.get(line.year, 0.0) + line.change_gbp
        return min(0.0, *(round(change, 2) for change in by_year.values()))

    @property
    def loses(self) -> bool:
        """Whether it has less than before in any year."""
        return self.worst < 0

    @property
    def payers(self) -> list[str]:
        """The agencies whose spend on it changes, the largest first."""
        by_agency: dict[str, float] = {}
        for line in self.money:
            by_agency[line.agency] = by_agency.get(line.agency, 0.0) + abs(line.change_gbp)
        return sorted(by_agency, key=lambda a: -by_agency[a])


@dataclass(frozen=True, slots=True)
class OnTable:
    """A kept scenario brought to the table. drift: how much more it moves than when it was kept (pounds; None: not kept)."""

    kept: Kept
    side: Side
    plan: Planned
    moves: tuple[Move, ...]
    drift: float | None = None

    @property
    def rough(self) -> bool:
        """Whether its figures are for discussion only."""
        return self.plan.discussion_only

    @property
    def last(self) -> str:
        """The last year of the plan."""
        return self.plan.years[-1] if self.plan.years else ""

    @property
    def of_group(self) -> dict[Way, list[Move]]:
        """The moves by way, the largest first."""
        return {way: [m for m in self.moves if m.way is way] for way in Way}

    def chosen(self, ids: Iterable[str]) -> list[Move]:
        """The moves of some services, in order."""
        wanted = set(ids)
        return [m for m in self.moves if m.service_id in wanted]

    @property
    def names(self) -> dict[str, str]:
        """What its services and agencies are called."""
        agencies = {line.agency for m in self.moves for line in m.money}
        return {m.service_id: m.name for m in self.moves} | {a: agency_label(a) for a in agencies}


def brought(kept: Kept, release: Release) -> OnTable:
    """Bring a kept version to the table. Raises ScenarioError where this program cannot read it any more."""
    side = of_kept(kept)
    plan = planned(kept, side)
    then = kept.draft.figures.get("moved")
    drift = None if then is None or not side.possible else (side.found.moved - float(then)) * THOUSAND
    return OnTable(kept, side, plan, moves_of(plan, side, release), drift)


def moves_of(plan: Planned, side: Side, release: Release) -> tuple[Move, ...]:
    """Every service whose money changes in a plan: what grows first, then what shrinks, the largest first; then new payers."""
    rows = register(release) if "services" in release else {}
    lines = changes(plan)
    services = dict.fromkeys(line.service_id for line in lines)
    parts = _parts(side)
    found = [
        _move(service, [m for m in lines if m.service_id == service], plan, side, rows, parts, release) for service in services
    ]
    return tuple(sorted(found, key=lambda m: (list(Way).index(m.way), -abs(m.change), m.name)))


def changes(plan: Planned) -> list[Money]:
    """Every change of a plan to the penny, by service, year and payer, against spend before it."""
    pairs: dict[Pair, None] = dict.fromkeys([*plan.before, *(p for spend in plan.spend.values() for p in spend)])
    found = [
        Money(service, year, agency, plan.change(year, (service, agency)) / 100)
        for service, agency in pairs
        for year in plan.years
    ]
    return [line for line in found if line.change_gbp]


def _move(
    service: str, money: list[Money], plan: Planned, side: Side, rows: Mapping[str, Mapping[str, object]],
    parts: Mapping[str, Part], release: Release,
) -> Move:  # fmt: skip
    about = rows.get(service, {})
    before = sum(pence for (s, _), pence in plan.before.items() if s == service) / 100
    in_years = [year for year in plan.years if any(m.year == year for m in money)]
    change = round(sum(m.change_gbp for m in money if m.year == plan.years[-1]), 2) + 0.0
    price, unit = _price(service, before, about, side.scenario)
    move = Move(
        service, side.names.get(service, service), parts.get(service, Part.HELD), tuple(money), before, change, in_years[0],
        price=price, unit=unit, children=number(about.get("children_served")),
    )  # fmt: skip
    if not move.loses:
        return move
    return Move(**{name: getattr(move, name) for name in Move.__dataclass_fields__} | {"free_from": _free(about, release)})


def _parts(side: Side) -> dict[str, Part]:
    """The part of the money that each service stands in: what is tested before what is held."""
    found: dict[str, Part] = {}
    for service, part in zip(side.found.by_service["service"], side.found.by_service["part"], strict=True):
        if Part(part) is not Part.HELD or service_of(service) not in found:
            found[service_of(service)] = Part(part)
    return found


def _price(service: str, before: float, about: Mapping[str, object], scenario: Scenario) -> tuple[float | None, str]:
    """What one costs a year: the unit cost of the scenario, else spend over the children that the register says it serves."""
    acute = next((d for d in scenario.acute if d.id == service), None)
    if acute is not None:
        return round(at(acute.unit_cost, 1) * THOUSAND, 2), text(about.get("unit_of_activity")) or "place or case a year"
    served = number(about.get("children_served"))
    return (round(before / served, 2), "child served a year, on average") if served else (None, "")


def _free(about: Mapping[str, object], release: Release) -> str:
    """From when money of a service is free at the earliest, or what binds it."""
    start = opens(release.manifest.year)
    if not about or start is None:
        return "Not known: not in the register that is served"
    found = freed(Terms.of(about), start)
    return said(found.first) if found.first else "; ".join(found.reasons)
