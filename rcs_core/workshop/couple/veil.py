"""What of a plan by payer would tell the price of one bought service, and so is kept off the big screen.

In: a scenario, its plan beside today's spend, and the services whose price is kept back. Out: the payers whose amounts stand as
a dash. Where it would be one payer only, the least of the others keeps its amounts too, as their sum stands on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rcs_core.workshop.couple.compare import Comparison, Part
from rcs_core.workshop.scenario.format import Scenario

_PENNY = 0.005


@dataclass(frozen=True, slots=True)
class Veil:
    """The payers whose spend, and those whose change, is not shown; alone: whether one such service moves by itself."""

    spend: frozenset[str] = frozenset()
    change: frozenset[str] = frozenset()
    alone: bool = False


def veil(scenario: Scenario, found: Comparison, kept: frozenset[str]) -> Veil:
    """What is kept off the screen of a plan when these services keep their price back."""
    if not kept:
        return Veil()
    last = found.years[-1]
    columns = (found.by_service[c].tolist() for c in ("service", "part", "year", "change"))
    moved = [(s, part) for s, part, year, change in zip(*columns, strict=True) if year == last and abs(change) > _PENNY]
    moving = {s for s, _ in moved} & kept
    paid = {agency: own & kept for agency, own in _paid(scenario).items()}
    first = dict.fromkeys(paid, 0.0)
    for agency, year, before in zip(*(found.by_agency[c].tolist() for c in ("agency", "year", "before")), strict=True):
        first[agency] = first.get(agency, 0.0) + (before if year == last else 0.0)
    spend = _beside({a for a, own in paid.items() if len(own) == 1}, first, set(paid))
    change = _beside({a for a, own in paid.items() if len(own & moving) == 1}, first, {a for a in paid if _moves(a, found)})
    parts = [{s for s, of in moved if of == part.value} & kept for part in (Part.PREVENTION, Part.HELD)]
    return Veil(spend, change, any(len(own) == 1 for own in parts))


def _paid(scenario: Scenario) -> dict[str, set[str]]:
    """The services that each agency pays for."""
    found: dict[str, set[str]] = {agency.id: set() for agency in scenario.agencies}
    for s in scenario.prevention:
        for agency, by in s.agencies.items():
            if sum(by.values()) > 0:
                found.setdefault(agency, set()).add(s.id)
    for d in scenario.acute:
        for agency, share in d.payer.items():
            if share > 0:
                found.setdefault(agency, set()).add(d.id)
    for h in scenario.held:
        found.setdefault(h.agency, set()).add(h.id)
    return found


def _moves(agency: str, found: Comparison) -> bool:
    rows = zip(*(found.by_agency[c].tolist() for c in ("agency", "year", "change")), strict=True)
    return any(a == agency and year == found.years[-1] and abs(change) > _PENNY for a, year, change in rows)


def _beside(hidden: set[str], size: Mapping[str, float], others: set[str]) -> frozenset[str]:
    """The hidden ones, and where there is one only, the least of the others."""
    rest = sorted(others - hidden, key=lambda agency: (size[agency], agency))
    return frozenset(hidden | set(rest[:1]) if len(hidden) == 1 else hidden)
