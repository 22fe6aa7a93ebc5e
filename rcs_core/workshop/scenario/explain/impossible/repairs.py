"""A repair as edits of the scenario: the number in the file that changes, by enough, and not by more than a room would say.

What comes in is a scenario and a repair of one of its promises; what goes out are edits. Amounts are rounded away from
impossible, and what is said is what is applied: a repair of 3.3449 is 3.345, or 3.4 where two figures are said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.explain.impossible.holding import holds, leeways, promises_of
from rcs_core.workshop.scenario.format import Gap, GroupShare, LocalityBand, Prevention, Responsive, Scenario, at
from rcs_core.workshop.scenario.result import Repair, Result
from rcs_core.workshop.scenario.wording import SHARE

_STEPS = {SHARE: 0.001, "units of need": 0.01, "units of effect": 0.01, "units of outcome": 0.01}
_MONEY = 0.001
"""The smallest step that is said: a pound where money is in thousands, a tenth of a percentage point, a hundredth of need."""
_MARGIN, _OF_NUMBER = 1e-6, 1e-9
"""More than the solver's own rounding: of the change, and of the number that changes."""
_FIGURES = 2


@dataclass(frozen=True, slots=True)
class WayOut:
    """One change that settles a clash. repair: as it is said; whole: whether it alone makes the whole scenario possible."""

    repair: Repair
    edits: tuple[Edit, ...]
    whole: bool


def ways_out(scenario: Scenario, result: Result, rough: bool = False, of: Iterable[Repair] | None = None) -> tuple[WayOut, ...]:
    """The repairs of an impossible scenario (or some of them), each as edits, rounded away from impossible.

    Where none is known to make the whole possible it is asked again with the edits made: some reach further than the repair.
    """
    found = []
    for repair in result.repairs if of is None else of:
        said = enough(scenario, repair, rough)
        edits = tuple(edits_as_said(scenario, said, result.conflict))
        known = bool(result.settled) and repair in result.repairs
        found.append(WayOut(said, edits, known or holds(edited(scenario, edits))))
    return tuple(found)


def edits_of(scenario: Scenario, repair: Repair, clash: Sequence[str] | None = None) -> list[Edit]:
    """The edits that make a repair, by enough for the scenario to be solved with them.

    clash: the promises that clash, where others do besides; the repair then settles this clash. Need that may go unmet
    gets a penalty, and is still made least. Raises ScenarioError when the scenario has no such promise.
    """
    return edits_as_said(scenario, enough(scenario, repair), clash)


def edits_as_said(scenario: Scenario, repair: Repair, clash: Sequence[str] | None = None) -> list[Edit]:
    """The edits of a repair whose change was rounded already."""
    family, parts = place_of_promise(scenario, repair.promise)
    return _EDITS[family](_Case(scenario, repair, parts, clash))


def enough(scenario: Scenario, repair: Repair, rough: bool = False) -> Repair:
    """The repair rounded away from impossible to what is said of it: two figures where `rough`."""
    amount = abs(repair.change) * (1 + _MARGIN) + _OF_NUMBER * _number(scenario, repair)
    return replace(repair, change=up(amount, repair.unit, rough) * (-1 if repair.change < 0 else 1))


def up(amount: float, unit: str, rough: bool = False) -> float:
    """An amount rounded up to what is said of it."""
    step = _STEPS.get(unit, _MONEY)
    if rough and amount > 0:
        step = max(step, 10.0 ** (floor(log10(amount)) - _FIGURES + 1))
    return round(max(1 if amount > 0 else 0, ceil(round(amount / step, 6))) * step, 9)


def _number(scenario: Scenario, repair: Repair) -> float:
    """The size of the number that changes, where rounding goes by it."""
    family, parts = place_of_promise(scenario, repair.promise)
    if family != "budget":
        return 0.0
    return at(next(a.budget for a in scenario.agencies if a.id == parts[0]) or 0.0, int(parts[-1]))


def place_of_promise(scenario: Scenario, promise: str) -> tuple[str, tuple[str, ...]]:
    """The family of a promise and what it is about, its year last. Raises ScenarioError for what is no promise of it."""
    family, _, inner = promise.partition("[")
    if family == "outcome_target":
        return family, ()
    about, _, year = inner.removesuffix("]").rpartition(",")
    found: list[tuple[str, ...]]
    if family in ("rampup", "rampdn"):
        found = [(s.id, a, loc) for s in scenario.prevention for a, loc in s.places()]
    elif family == "need":
        found = [(d.id, g, loc) for d in scenario.acute for g, loc in d.needs()]
    else:
        found = [(one,) for one in _ids(scenario, family)]
    parts = next((p for p in found if ",".join(p) == about), None)
    if parts is None or family not in _EDITS or not year.isdecimal() or int(year) not in scenario.years:
        raise ScenarioError("no such promise", "repair", promise, "a promise of the scenario", "solve it, and take its repairs")
    return family, (*parts, year)


def _ids(scenario: Scenario, family: str) -> list[str]:
    services = [s.id for s in scenario.prevention] + [d.id for d in scenario.acute]
    by_family: dict[str, Iterable[str]] = {
        "budget": (a.id for a in scenario.agencies), "floor": services, "capacity": services, "share": [""],
        "ring": (r.id for r in scenario.ringfences), "equity": (e.id for e in scenario.equity),
        "pool": (p.id for p in scenario.pools), "workforce": (w.id for w in scenario.workforce),
    }  # fmt: skip
    return list(by_family.get(family, ()))


@dataclass(frozen=True, slots=True)
class _Case:
    """A repair on its way to edits: of what, and by how much."""

    scenario: Scenario
    repair: Repair
    parts: tuple[str, ...]
    clash: Sequence[str] | None

    @property
    def year(self) -> int:
        return int(self.parts[-1])

    @property
    def change(self) -> float:
        return self.repair.change

    def prevention(self) -> Prevention | None:
        return next((s for s in self.scenario.prevention if s.id == self.parts[0]), None)

    def responsive(self) -> Responsive:
        return next(d for d in self.scenario.acute if d.id == self.parts[0])

    def in_year(
        self, path: str, now: float | tuple[float | None, ...] | None, low: float = 0.0, high: float = float("inf")
    ) -> list[Edit]:
        """One year of a number, changed and kept within its range."""
        before = now[self.year - 1] if isinstance(now, tuple) else now
        value = min(high, max(low, round((before or 0.0) + self.change, 9)))
        return [Edit(f"{path}/{self.year - 1}", value)]


def step(items: Iterable[object], wanted: str) -> str:
    """An item of a list in an edit's place: by its id, or where that would be taken for a number by its position."""
    if not wanted.isdecimal():
        return wanted.replace("~", "~0").replace("/", "~1")
    return str(next(k for k, one in enumerate(items) if getattr(one, "id", None) == wanted))


def _budget(case: _Case) -> list[Edit]:
    agency = next(a for a in case.scenario.agencies if a.id == case.parts[0])
    return case.in_year(f"/agencies/{step(case.scenario.agencies, agency.id)}/budget", agency.budget)


def _floor(case: _Case) -> list[Edit]:
    service = case.prevention() or case.responsive()
    return case.in_year(f"{_service_path(case)}/floor", service.floor)


def _service_path(case: _Case) -> str:
    if case.prevention():
        return f"/prevention/{step(case.scenario.prevention, case.parts[0])}"
    return f"/acute/{step(case.scenario.acute, case.parts[0])}"


def _need(case: _Case) -> list[Edit]:
    """Need that may go unmet: it is made least all the same, and counts as dear as any need where it has a price."""
    priced = [p for d in case.scenario.acute for p in _values(d.penalty)]
    cost = _values(case.responsive().unit_cost)
    return [Edit(f"{_service_path(case)}/penalty", max([1.0, *priced, *cost]))]


def _values(number: float | tuple[float, ...] | None) -> list[float]:
    return [] if number is None else list(number) if isinstance(number, tuple) else [number]


def _rampup(case: _Case) -> list[Edit]:
    service = case.prevention()
    assert service is not None
    by_year = [at(service.ramp_abs or 0.0, t) for t in case.scenario.years]
    by_year[case.year - 1] = round(by_year[case.year - 1] + case.change, 9)
    return [Edit(f"{_service_path(case)}/ramp_abs", tuple(by_year))]


def _rampdn(case: _Case) -> list[Edit]:
    """A faster cut as a share of what was spent the year before: in later years the least share that settles it."""
    service, (_, agency, locality, _) = case.prevention(), case.parts
    assert service is not None
    assert service.ramp_down is not None
    now, start = at(service.ramp_down, case.year), service.agencies[agency][locality]
    if case.year == 1:
        return _rate(case, min(1.0, up(now + abs(case.change) / start, SHARE))) if start else _rate(case, 1.0)
    return _rate(case, _least_rate(case, now))


def _rate(case: _Case, rate: float) -> list[Edit]:
    return [Edit(f"{_service_path(case)}/ramp_down/{case.year - 1}", rate)]


def _least_rate(case: _Case, now: float) -> float:
    """The smallest share, to a tenth of a percentage point, at which all (or else this clash) can hold."""

    def enough_at(rate: float, promises: Sequence[str] | None) -> bool:
        return holds(edited(case.scenario, _rate(case, rate)), promises)

    promises = None if enough_at(1.0, None) else case.clash
    if promises is None and not enough_at(1.0, None):
        return 1.0
    low, high, size = 0, ceil((1.0 - now) / _STEPS[SHARE]), _STEPS[SHARE]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough_at(min(1.0, now + middle * size), promises) else (middle, high)
    return min(1.0, round(now + high * size, 9))


def _capacity(case: _Case) -> list[Edit]:
    if service := case.prevention():
        return case.in_year(f"{_service_path(case)}/capacity", service.capacity)
    acute = case.responsive()
    limits = {loc: most for loc, most in (acute.cap_max or {}).items() if loc in acute.demand}
    limits = {loc: limits[loc] for loc in acute.demand if loc in limits}
    found: list[Edit] = []
    for (locality, now), more in zip(limits.items(), _more_places(case, len(limits)), strict=True):
        if more:
            path = f"{_service_path(case)}/cap_max/{locality.replace('~', '~0').replace('/', '~1')}"
            found.append(Edit(f"{path}/{case.year - 1}", round(at(now, case.year) + more, 9)))
    return found


def _more_places(case: _Case, localities: int) -> list[float]:
    """Where the places must be: all in the only locality, else as the solver needs them, else as many in each."""
    if localities == 1:
        return [case.change]
    found = leeways(promises_of(case.scenario), case.repair.promise)
    if found is None or sum(found) > case.change * (1 + _MARGIN):
        return [case.change] * localities
    return [up(more * (1 + _MARGIN), case.repair.unit) if more > _OF_NUMBER else 0.0 for more in found]


def _ring(case: _Case) -> list[Edit]:
    ring = next(r for r in case.scenario.ringfences if r.id == case.parts[0])
    return case.in_year(f"/ringfences/{step(case.scenario.ringfences, ring.id)}/amount", ring.amount)


def _share(case: _Case) -> list[Edit]:
    return case.in_year("/share_target", case.scenario.share_target)


def _equity(case: _Case) -> list[Edit]:
    rule = next(e for e in case.scenario.equity if e.id == case.parts[0])
    path = f"/equity/{step(case.scenario.equity, rule.id)}"
    if isinstance(rule, GroupShare):
        return case.in_year(f"{path}/min", rule.min)
    if isinstance(rule, LocalityBand):
        return case.in_year(f"{path}/eps", rule.eps, high=1.0)
    assert isinstance(rule, Gap)
    return case.in_year(f"{path}/max", rule.max, low=-float("inf"))


def _pool(case: _Case) -> list[Edit]:
    pool = next(p for p in case.scenario.pools if p.id == case.parts[0])
    return case.in_year(f"/pools/{step(case.scenario.pools, pool.id)}/seed", pool.seed)


def _target(case: _Case) -> list[Edit]:
    now = case.scenario.objective.outcome_target or 0.0
    return [Edit("/objective/outcome_target", max(0.0, round(now + case.change, 9)))]


def _workforce(case: _Case) -> list[Edit]:
    staff = next(w for w in case.scenario.workforce if w.id == case.parts[0])
    return case.in_year(f"/workforce/{step(case.scenario.workforce, staff.id)}/available", staff.available)


_EDITS: dict[str, Callable[[_Case], list[Edit]]] = {
    "budget": _budget, "floor": _floor, "need": _need, "rampup": _rampup, "rampdn": _rampdn, "capacity": _capacity,
    "ring": _ring, "share": _share, "equity": _equity, "pool": _pool, "outcome_target": _target, "workforce": _workforce,
}  # fmt: skip
