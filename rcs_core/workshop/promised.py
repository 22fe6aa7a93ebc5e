"""A promise that a room adds: at least, or at most, so much for a service or a purse from some year on, whose and why.

What comes in is the scenario as it stands and the wish; what goes out are edits. A promise never takes an older one back:
of two floors the higher holds, of two limits the lower.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rcs_core.errors import ScenarioError
from rcs_core.vocab import Label
from rcs_core.workshop.scenario.edits import Edit, Json
from rcs_core.workshop.scenario.explain.impossible.repairs import step
from rcs_core.workshop.scenario.format import Agency, Prevention, Responsive, Scenario, at
from rcs_core.workshop.scenario.reading import LARGEST
from rcs_core.workshop.scenario.wording import said, year_label

THOUSAND = 1000


class Side(Label):
    """Which way a promise binds."""

    LEAST = "least", "At least (a floor)"
    MOST = "most", "At most (a cap)"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: for a service or an agency (by id), pounds a year, from a year of the plan, by whom and why."""

    side: Side
    subject: str
    pounds: float
    from_year: int
    owner: str
    reason: str


def subjects(scenario: Scenario, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a promise can be about, by id, as it is called: services that can move or that respond by name, then purses."""
    services = [s.id for s in scenario.prevention] + [d.id for d in scenario.acute]
    named = {one: said(one, names or {}) for one in services}
    purses = {a.id: f"The whole purse of {said(a.id, names or {})}" for a in scenario.agencies if a.budget is not None}
    return dict(sorted(named.items(), key=lambda pair: pair[1])) | purses


def edits_of_wish(scenario: Scenario, wish: Wish) -> list[Edit]:
    """The edits that put a promise in. Raises ScenarioError where the format has no such promise, or it says nothing."""
    if not wish.owner.strip() or not wish.reason.strip():
        raise ScenarioError("a promise is somebody's, for a reason", "Add a promise", "", "whose it is, and why", "fill in both")
    services: list[Prevention | Responsive] = [*scenario.prevention, *scenario.acute]
    service = next((s for s in services if s.id == wish.subject), None)
    agency = next((a for a in scenario.agencies if a.id == wish.subject and a.budget is not None), None)
    if service is None and agency is None:
        raise ScenarioError("nothing to promise it for", "Add a promise", wish.subject, "a service or purse of the scenario")
    if service is not None:
        return _of_service(scenario, service, wish)
    assert agency is not None
    return [_fund(scenario, agency, wish)] if wish.side is Side.LEAST else _purse(scenario, agency, wish)


def _of_service(scenario: Scenario, service: Prevention | Responsive, wish: Wish) -> list[Edit]:
    part, items = ("prevention", scenario.prevention) if isinstance(service, Prevention) else ("acute", scenario.acute)
    path = f"/{part}/{step(items, service.id)}"
    if wish.side is Side.LEAST:
        now = service.floor if service.floor is not None else 0.0
        first = [] if service.floor is not None else [_edit(wish, f"{path}/floor", 0.0)]
        return first + [
            _edit(wish, f"{path}/floor/{t - 1}", max(at(now, t), wish.pounds / THOUSAND)) for t in _years(scenario, wish)
        ]
    if not isinstance(service, Prevention):
        raise ScenarioError(
            "care that is owed cannot be capped in money", "Add a promise", service.id, "a preventative service, or a purse",
            "cap the purse that pays for it, or limit its places in the scenario file",
        )  # fmt: skip
    found = [_most(scenario, service, t) for t in scenario.years]
    for t in _years(scenario, wish):
        found[t - 1] = min(found[t - 1], wish.pounds / THOUSAND)
    return [_edit(wish, f"{path}/capacity", tuple(found))]


def _most(scenario: Scenario, service: Prevention, year: int) -> float:
    """What limits a service already, so that a year without the promise stays as it is: more than all purses have."""
    if service.capacity is not None:
        return at(service.capacity, year)
    if any(a.budget is None for a in scenario.agencies):
        return LARGEST
    pooled = sum(at(p.seed, year) for p in scenario.pools)
    return 1.0 + pooled + sum(sum(at(a.budget or 0.0, t) for a in scenario.agencies) for t in scenario.years)


def _purse(scenario: Scenario, agency: Agency, wish: Wish) -> list[Edit]:
    """A cap on a purse is a smaller budget."""
    path, budget = f"/agencies/{step(scenario.agencies, agency.id)}/budget", agency.budget or 0.0
    return [
        _edit(wish, f"{path}/{t - 1}", min(at(budget, t), wish.pounds / THOUSAND)) for t in _years(scenario, wish)
    ]  # fmt: skip


def _fund(scenario: Scenario, agency: Agency, wish: Wish) -> Edit:
    """A floor under a purse is a ring-fence over all its services; what it holds outside the shift counts towards it."""
    paid = [s.id for s in scenario.prevention if agency.id in s.agencies] + [
        d.id for d in scenario.acute if d.payer.get(agency.id)
    ]
    if not paid:
        raise ScenarioError(
            "this purse pays for nothing that can move", "Add a promise", agency.id, "a purse with a service in the shift"
        )
    asked = set(_years(scenario, wish))
    amounts = [max(0.0, wish.pounds / THOUSAND - scenario.held_by(agency.id, t)) if t in asked else 0.0 for t in scenario.years]
    taken = {r.id for r in scenario.ringfences}
    name = next(n for k in range(len(taken) + 1) if (n := f"of {agency.id} from the room{f' {k + 1}' if k else ''}") not in taken)
    return _edit(wish, "/ringfences/-", {"id": name, "agency": agency.id, "services": list(paid), "amount": list(amounts)})


def _years(scenario: Scenario, wish: Wish) -> range:
    if wish.pounds < 0 or wish.from_year not in scenario.years:
        raise ScenarioError(
            "a promise of nothing, or of no year of the plan", "Add a promise", f"£{wish.pounds:,.0f}",
            f"an amount, from {year_label(scenario, 1)} to {year_label(scenario, scenario.horizon)}",
        )  # fmt: skip
    return range(wish.from_year, scenario.horizon + 1)


def _edit(wish: Wish, path: str, value: Json) -> Edit:
    return Edit(path, value, wish.owner.strip(), wish.reason.strip())
