"""Services whose figures would give a number under ten away are not published: each is merged into a home that can be shown.

A service is small by the smallest number of children that anything published would let a reader work out (`clues`).
It goes to the smaller services of its parent group; if these together are still too few, or a ledger line for one
placement would stand alone, to the other services of its agency; then of the partnership; and at last together with
another merged group, or with the smallest service that stands by itself.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from rcs_core.errors import ContractError, DisclosureError
from rcs_core.records.ledgers.clues import Clue, Paid, clues, money_of, payer, unit_costs
from rcs_core.records.ledgers.parts import MoneyRecords, rows, text
from rcs_core.records.ledgers.placements import ONE_PLACEMENT, Lines, lines_by_service, lone_placements

OTHER = "Other services"


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
    """A service, what a reader could work out of it, the ledger lines behind it, and which of these must not stand alone."""

    id: str
    name: str
    parent_group: str
    agency: str
    clues: tuple[Clue, ...]
    lines: Lines
    lone: frozenset[Paid]

    @property
    def fewest(self) -> Fraction:
        """The fewest children that a reader could work out; 0 when nothing is known."""
        return min((clue.children for clue in self.clues), default=Fraction(0))

    def why(self, least: int) -> str:
        """Why it is not shown by itself, in the desk's words and without a count of children."""
        words = dict.fromkeys(clue.words for clue in sorted(self.clues, key=lambda c: c.children) if clue.children < least)
        first = next(iter(words), "it is taken along, so that the others can be shown")
        return f"{self.id} {self.name} ({first})"


def find_homes(records: MoneyRecords, lines: pd.DataFrame, min_cell: int) -> Homes:
    """Decide where every service of the register is published.

    Raises ContractError when an id stands twice, DisclosureError when the whole register serves too few children or
    a ledger line for one placement has no other to be shown with.
    """
    services = _services(records, lines, min_cell)
    small = [s for s in services if s.fewest < min_cell]
    alone = [s for s in services if s.fewest >= min_cell]
    homes, rest = _pool(small, min_cell, lambda s: s.parent_group, _group_home)
    more, rest = _pool(rest, min_cell, lambda s: s.agency, _agency_home)
    homes += more
    while rest and not _can_be_shown(rest, min_cell):
        homes, alone, rest = _make_room(homes, alone, rest, {s.id: s for s in services})
    if rest:
        homes.append(Home("M_other", f"{OTHER} of the partnership", OTHER, tuple(sorted(s.id for s in rest))))
    homes += [Home(s.id, s.name, s.parent_group, (s.id,)) for s in alone]
    _check_ids(homes, [s.id for s in services])
    homes = sorted(homes, key=lambda h: h.id)
    return Homes(tuple(homes), tuple(_notes(homes, services, min_cell)))


def _services(records: MoneyRecords, lines: pd.DataFrame, min_cell: int) -> list[_Service]:
    money, behind = money_of(lines), lines_by_service(records)
    known, lone = clues(records, money), lone_placements(records, behind, money, unit_costs(records), min_cell)
    found = []
    for _, row in rows(records.services):
        service = text(row["service_id"])
        alone = lone.get(service, frozenset())
        told = (*known[service], *([ONE_PLACEMENT] if alone else []))
        about = (text(row["service_name"]), text(row["parent_group"]), text(row["funder_agency"]))
        found.append(_Service(service, *about, told, behind.get(service, {}), alone))
    if twice := sorted({s.id for s in found if [t.id for t in found].count(s.id) > 1}):
        raise ContractError(
            "a service stands twice in the register", "services.xlsx", ", ".join(twice), "one row a service", "remove one row"
        )
    return sorted(found, key=lambda s: s.id)


def _pool(
    small: list[_Service], min_cell: int, key: Callable[[_Service], str], home: Callable[[str, list[_Service]], Home]
) -> tuple[list[Home], list[_Service]]:
    """Pool small services by key; give the pools that can be shown, and the services that need a wider pool."""
    groups: dict[str, list[_Service]] = defaultdict(list)
    for service in small:
        groups[key(service)].append(service)
    enough = {name for name, group in groups.items() if name and _can_be_shown(group, min_cell)}
    homes = [home(name, groups[name]) for name in sorted(enough)]
    return homes, [s for name, group in groups.items() if name not in enough for s in group]


def _can_be_shown(group: Iterable[_Service], min_cell: int) -> bool:
    """Enough children together, whichever clue is followed, and no line for one placement by itself."""
    group = list(group)
    together = sum((max(s.fewest, Fraction(0)) for s in group), Fraction(0))
    return together >= min_cell and not _left_alone(group)


def _left_alone(group: Iterable[_Service]) -> set[Paid]:
    """Payers and kinds of money of which the group would show one line for one placement and nothing else."""
    group = list(group)
    lone = {paid for s in group for paid in s.lone}
    return {paid for paid in lone if len({line for s in group for line in s.lines.get(paid, ())}) < 2}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _group_home(name: str, group: list[_Service]) -> Home:
    return Home(f"M_{_slug(name)}", f"Smaller services: {name}", name, tuple(s.id for s in group))


def _agency_home(name: str, group: list[_Service]) -> Home:
    return Home(f"M_other_{_slug(name)}", f"{OTHER}: {payer(name)}", OTHER, tuple(s.id for s in group))


def _make_room(
    homes: list[Home], alone: list[_Service], rest: list[_Service], known: Mapping[str, _Service]
) -> tuple[list[Home], list[_Service], list[_Service]]:
    """Open up one home for the services that fit nowhere: a merged one first, else the smallest that stands alone."""
    wanted = _left_alone(rest)

    def helps(*members: str) -> bool:
        return not wanted or any(known[m].lines.get(paid) for m in members for paid in wanted)

    if opening := [h for h in homes if helps(*h.members)]:
        opened = min(opening, key=lambda h: (len(h.members), h.id))
        return [h for h in homes if h is not opened], alone, [*rest, *(known[m] for m in opened.members)]
    if smaller := [s for s in alone if helps(s.id)]:
        smallest = min(smaller, key=lambda s: (s.fewest, s.id))
        return homes, [s for s in alone if s is not smallest], [*rest, smallest]
    raise (
        _stands_alone(rest, wanted)
        if wanted
        else DisclosureError(
            "all the services of the register together serve too few children to show any of them",
            "services.xlsx",
            expected="services that together serve as many children as the disclosure rule asks",
            remedy="check children_served, or add the services that are missing",
        )
    )


def _stands_alone(rest: list[_Service], wanted: set[Paid]) -> DisclosureError:
    which = sorted(s.id for s in rest if s.lone & wanted)
    paid = "; ".join(f"{payer(agency)}, {', '.join(filter(None, kinds))}" for agency, *kinds in sorted(wanted))
    return DisclosureError(
        "a ledger line that may be one child's placement would stand alone in the release",
        "ledger_map.csv",
        f"{', '.join(which)}, bought child by child, with the only line of {paid}",
        "another line of that payer and those kinds of money to show it with",
        "give the line the kinds of money of other lines, leave it out with a reason, or add the lines that are missing",
    )


def _notes(homes: list[Home], services: list[_Service], min_cell: int) -> list[str]:
    """What was merged and why, for the desk only: the release says no more than that services were merged."""
    known = {s.id: s for s in services}
    return [
        f"{home.name} stands for {len(home.members)} services that cannot be shown by themselves: "
        f"{'; '.join(known[m].why(min_cell) for m in home.members)}"
        for home in homes
        if home.merged
    ]


def _check_ids(homes: list[Home], register: list[str]) -> None:
    ids = [home.id for home in homes]
    clash = sorted({i for i in ids if ids.count(i) > 1} | {h.id for h in homes if h.merged and h.id in register})
    if clash:
        raise ContractError(
            "the id of a merged group is taken", "services.xlsx", ", ".join(clash), "ids unlike M_...", "rename the service"
        )
