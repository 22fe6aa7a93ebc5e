"""Services of fewer than ten children are not published: each is merged into a home that serves enough.

A service is small by the smallest number of children that anything published would let a reader work out: the
children it serves, any year of its demand, and its spend over its unit cost. It goes to the smaller services of its
parent group; if these together are still too few, to the other services of its agency; then of the partnership;
and at last together with another merged group, or with the smallest service that stands by itself.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from rcs_core.errors import ContractError, DisclosureError
from rcs_core.records.ledgers.allocate import MAPPED
from rcs_core.records.ledgers.parts import MoneyRecords, number, rows, text
from rcs_core.vocab import Agency

UNIVERSAL = "universal"
OTHER = "Other services"
EVERY_CHILD = Fraction(1_000_000)
"""Stands for the uncounted children of a service for every child; of any other service, not known is not enough."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a service is published: its own id, or that of the group it was merged into."""

    id: str
    name: str
    parent_group: str
    members: tuple[str, ...]

    @property
    def merged(self) -> bool:
        """Whether more than its own name stands behind it."""
        return self.id not in self.members


@dataclass(frozen=True, slots=True)
class Homes:
    """The published services, each register id's home, and notes for the desk."""

    homes: tuple[Home, ...]
    notes: tuple[str, ...]

    def home_of(self) -> dict[str, Home]:
        """The home of every service of the register."""
        return {member: home for home in self.homes for member in home.members}


@dataclass(frozen=True, slots=True)
class _Service:
    id: str
    name: str
    parent_group: str
    agency: str
    fewest: Fraction
    """The fewest children that a reader could work out; 0 when nothing is known."""


def find_homes(records: MoneyRecords, lines: pd.DataFrame, min_cell: int) -> Homes:
    """Decide where every service of the register is published.

    Raises ContractError when an id stands twice, DisclosureError when the whole register serves too few children.
    """
    services = _services(records, lines)
    small = [s for s in services if s.fewest < min_cell]
    alone = [s for s in services if s.fewest >= min_cell]
    homes, rest = _pool(small, min_cell, lambda s: s.parent_group, _group_home)
    more, rest = _pool(rest, min_cell, lambda s: s.agency, _agency_home)
    homes += more
    if rest and _together(rest) < min_cell:
        homes, alone, moved = _make_room(homes, alone)
        rest += [s for s in services if s.id in moved]
    if rest:
        homes.append(Home("M_other", f"{OTHER} of the partnership", OTHER, tuple(s.id for s in rest)))
    homes += [Home(s.id, s.name, s.parent_group, (s.id,)) for s in alone]
    _check_ids(homes, [s.id for s in services])
    notes = [f"{h.name}: {len(h.members)} service(s) too small to show ({', '.join(h.members)})" for h in homes if h.merged]
    return Homes(tuple(sorted(homes, key=lambda h: h.id)), tuple(notes))


def _services(records: MoneyRecords, lines: pd.DataFrame) -> list[_Service]:
    worked_out = _worked_out(records, lines)
    found = []
    for at, row in rows(records.services):
        service, served = text(row["service_id"]), number(row["children_served"], f"services.xlsx, row {at}", "children_served")
        if served is None:
            served = EVERY_CHILD if text(row["reach"]) == UNIVERSAL else Fraction(0)
        fewest = min([served, *worked_out.get(service, [])])
        group = text(row["parent_group"])
        found.append(_Service(service, text(row["service_name"]), group, text(row["funder_agency"]), fewest))
    if twice := sorted({s.id for s in found if [t.id for t in found].count(s.id) > 1}):
        raise ContractError(
            "a service stands twice in the register", "services.xlsx", ", ".join(twice), "one row a service", "remove one row"
        )
    return sorted(found, key=lambda s: s.id)


def _worked_out(records: MoneyRecords, lines: pd.DataFrame) -> dict[str, list[Fraction]]:
    """Numbers of children that a reader could work out from demand, and from spend over unit cost."""
    mapped = lines[lines["fate"] == MAPPED]
    spend = mapped.groupby("service_id")["pence"].sum()
    revenue = mapped[mapped["revenue_or_capital"] == "revenue"].groupby("service_id")["pence"].sum()
    found: dict[str, list[Fraction]] = defaultdict(list)
    for at, row in rows(records.demand):
        where, service = f"demand_history.csv, row {at}", text(row["service_id"])
        children, cost = number(row["children"], where, "children"), number(row["unit_cost_gbp"], where, "unit_cost_gbp")
        if children is not None:
            found[service].append(children)
        if cost is not None and cost > 0:
            found[service] += [Fraction(int(s[service])) / (cost * 100) for s in (spend, revenue) if s.get(service)]
    return found


def _pool(
    small: list[_Service], min_cell: int, key: Callable[[_Service], str], home: Callable[[str, list[_Service]], Home]
) -> tuple[list[Home], list[_Service]]:
    """Pool small services by key; give the pools with enough children, and the services that need a wider pool."""
    groups: dict[str, list[_Service]] = defaultdict(list)
    for service in small:
        groups[key(service)].append(service)
    enough = {name for name, group in groups.items() if name and _together(group) >= min_cell}
    homes = [home(name, groups[name]) for name in sorted(enough)]
    return homes, [s for name, group in groups.items() if name not in enough for s in group]


def _together(group: Iterable[_Service]) -> Fraction:
    return sum((max(s.fewest, Fraction(0)) for s in group), Fraction(0))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _group_home(name: str, group: list[_Service]) -> Home:
    return Home(f"M_{_slug(name)}", f"Smaller services: {name}", name, tuple(s.id for s in group))


def _agency_home(name: str, group: list[_Service]) -> Home:
    label = Agency(name).label if name in set(Agency) else name
    return Home(f"M_other_{_slug(name)}", f"{OTHER}: {label}", OTHER, tuple(s.id for s in group))


def _make_room(homes: list[Home], alone: list[_Service]) -> tuple[list[Home], list[_Service], tuple[str, ...]]:
    """Open up one home for the services that fit nowhere: a merged one first, else the smallest that stands alone."""
    if homes:
        opened = min(homes, key=lambda h: (len(h.members), h.id))
        return [h for h in homes if h is not opened], alone, opened.members
    if not alone:
        raise DisclosureError(
            "all the services of the register together serve too few children to show any of them",
            "services.xlsx",
            expected="services that together serve as many children as the disclosure rule asks",
            remedy="check children_served, or add the services that are missing",
        )
    smallest = min(alone, key=lambda s: (s.fewest, s.id))
    return homes, [s for s in alone if s is not smallest], (smallest.id,)


def _check_ids(homes: list[Home], register: list[str]) -> None:
    ids = [home.id for home in homes]
    clash = sorted({i for i in ids if ids.count(i) > 1} | {h.id for h in homes if h.merged and h.id in register})
    if clash:
        raise ContractError(
            "the id of a merged group is taken", "services.xlsx", ", ".join(clash), "ids unlike M_...", "rename the service"
        )
