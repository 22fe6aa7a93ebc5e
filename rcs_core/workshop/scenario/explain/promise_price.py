"""What each promise costs the plan: the plan solved without it, and with one unit of it eased or tightened in every year.

Rows are bundled as a room speaks of them: the least spend on one service over all years, one agency's purse, the fastest
growth of all services that share a rate. A price is what the plan would gain without the promise, in the unit of what the
plan is for; beside it stand need that would be kept away from each responsive service, and need that would go unmet no
longer. That need is met is not priced: it is what the plan is for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from rcs_core.workshop.scenario.explain.anew import LET_GO, Again, Anew, Push, years_of
from rcs_core.workshop.scenario.format import Gap, GroupShare, LocalityBand, Scenario, at
from rcs_core.workshop.scenario.model import Model
from rcs_core.workshop.scenario.prices import prices
from rcs_core.workshop.scenario.reading import Yearly

_POINT = 0.01
"""One percentage point."""
_ALONE = ("floor", "capacity", "budget", "ring", "pool", "equity", "workforce", "scale")
_ALL = ("share", "outcome_target")
_RAMPS = {"rampup": "ramp_up", "rampdn": "ramp_down"}
type Told = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One promise as a room says it. kind: the family of its rows; subject: the id that it is about, blank for all.

    services: whose growth or fall a ramp limits. rate: the ramp's, where it is one share in every year. step: the unit in
    which it is eased.
    """

    kind: str
    subject: str
    rows: tuple[int, ...]
    promises: tuple[str, ...]
    step: float
    services: tuple[str, ...] = ()
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a promise costs. gain: what the plan gains without it (`inf`: no end). years: those in which it binds.

    kept: need kept from each responsive service without it, less what the plan keeps, by year. met: need that would no
    longer go unmet. spend: change of spend on each preventative service without it, by year. eased: the gain for one step
    of easing in every year; tightened: the loss for one step of tightening (None: no plan would be left). spare: how far
    the plan is from the promise, by year.
    """

    bundle: Bundle
    gain: float
    years: tuple[int, ...]
    kept: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    met: float = 0.0
    spend: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    eased: float = 0.0
    tightened: float | None = None
    spare: Mapping[int, float] = field(default_factory=dict)

    @property
    def costs(self) -> bool:
        """Whether the plan would be better without it."""
        return self.gain > 0 or self.met > 0


def promise_prices(scenario: Scenario, told: Told | None = None) -> list[Price]:
    """The price of every promise of a scenario, the dearest first; raises ScenarioError when it has no plan.

    told: hears how far it is, from 0 to 1.
    """
    return priced(Anew(scenario), told)


def priced(anew: Anew, told: Told | None = None, stop: Callable[[], bool] | None = None) -> list[Price]:
    """The price of every promise of a solved scenario, the dearest first; once `stop` says so, of no further one."""
    found, all_of = [], bundles(anew)
    worth = _worth_a_try(anew)
    for k, bundle in enumerate(all_of):
        if stop and stop():
            break
        found.append(_price(anew, bundle, worth(bundle)))
        if told:
            told((k + 1) / len(all_of))
    return sorted(found, key=lambda p: (-p.met, -p.gain))


@dataclass(frozen=True, slots=True)
class Together:
    """What the plan gains without any of its promises; purses: whether purses and pools have to go too for it to gain."""

    gain: float = 0.0
    purses: bool = False


def together(anew: Anew, found: Sequence[Price]) -> Together:
    """What the plan gains without all of its promises at once; for where none costs anything alone."""
    money = ("budget", "pool")
    rows = [row for price in found if price.bundle.kind not in money for row in price.bundle.rows]
    if (gain := anew.gain(anew.solve(Push(dict.fromkeys(rows, LET_GO))))) > 0:
        return Together(gain)
    rows += [row for price in found if price.bundle.kind in money for row in price.bundle.rows]
    return Together(anew.gain(anew.solve(Push(dict.fromkeys(rows, LET_GO)))), purses=True)


def bundles(anew: Anew) -> list[Bundle]:
    """The promises (and limits that a room sets) as a room says them."""
    model, found = anew.model, dict[tuple[object, ...], list[int]]()
    for row, about in enumerate(model.rows):
        if about.family in _ALONE:
            found.setdefault((about.family, str(about.about[0])), []).append(row)
        elif about.family in _ALL and about.promised:
            found.setdefault((about.family, ""), []).append(row)
        elif about.family in _RAMPS:
            found.setdefault((about.family, "", _rate(model, about.family, str(about.about[0]))), []).append(row)
    return [_bundle(anew, str(key[0]), str(key[1]), rows) for key, rows in found.items()]


def _rate(model: Model, family: str, service: str) -> tuple[object, ...]:
    """What tells the rate of a ramp: its share and, for growth, the amount beside it."""
    about = model.preventative[service]
    return (about.ramp_up, about.ramp_abs) if family == "rampup" else (about.ramp_down,)


def _bundle(anew: Anew, kind: str, subject: str, rows: Sequence[int]) -> Bundle:
    model = anew.model
    promises = dict.fromkeys(name for row in rows if (name := model.rows[row].promise))
    if kind not in _RAMPS:
        return Bundle(kind, subject, tuple(rows), tuple(promises), _step(anew, kind, subject))
    services = tuple(dict.fromkeys(str(model.rows[row].about[0]) for row in rows))
    first = model.preventative[services[0]]
    share = None if kind == "rampup" and first.ramp_abs else getattr(first, _RAMPS[kind])
    rate = share if isinstance(share, float | int) else share[0] if share and len(set(share)) == 1 else None
    return Bundle(kind, "", tuple(rows), tuple(promises), _POINT, services, rate)


def _step(anew: Anew, kind: str, subject: str) -> float:
    """One unit of easing: a thousand pounds, a percentage point, or a unit of need, effect or outcome."""
    if kind == "share":
        return _POINT
    if kind == "equity":
        return _POINT if not any(rule.id == subject for rule in anew.scenario.equity if isinstance(rule, Gap)) else 1.0
    if kind == "outcome_target" or (kind == "capacity" and subject in anew.model.responsive):
        return 1.0
    if kind == "scale":  # half of it at most: with no least scale there is another programme
        scale = anew.model.preventative[subject].min_scale or 0.0
        least = [at(scale, t) for t in anew.scenario.years if at(scale, t) > 0]
        return min([anew.money_step, *(v / 2 for v in least)])
    return anew.money_step


def _worth_a_try(anew: Anew) -> Callable[[Bundle], bool]:
    """Which bundles may have a price: those that bind and, where all need is met, of which a row has a price.

    Yes-or-no choices have no prices, and limits that are no promise none by name: these are always tried where they bind.
    """
    whole = any(anew.model.numbers.whole)
    known = {} if whole or anew.base.unmet > 0 else prices(anew.scenario)

    def worth(bundle: Bundle) -> bool:
        if whole:
            return True
        if not any(anew.tight(row) for row in bundle.rows):
            return False
        return not bundle.promises or not known or any(abs(known[p]) > 0 for p in bundle.promises)

    return worth


def _price(anew: Anew, bundle: Bundle, worth: bool) -> Price:
    spare: dict[int, float] = {}
    for row in bundle.rows:
        for year in years_of(anew.model, [row]):
            spare[year] = min(spare.get(year, inf), _spare(anew, bundle, row))
    years = tuple(t for t in sorted(spare) if spare[t] <= _NEAR * (1 + anew.money_step))
    if not worth:
        return Price(bundle, 0.0, years, spare=spare)
    now = anew.solve(Push(dict.fromkeys(bundle.rows, LET_GO)))
    if now.plan is None:
        return Price(bundle, inf, years, spare=spare)
    eased, tight = (_moved(anew, bundle, way * bundle.step) for way in (1, -1))
    return Price(
        bundle, anew.gain(now), years,
        {d: _less(now.kept(d), anew.base.kept(d)) for d in anew.model.responsive},
        _material(anew.base.unmet - now.unmet),
        {s: tuple(anew.moved(s, now)) for s in anew.model.preventative},
        0.0 if eased is None else anew.gain(eased), None if tight is None else 0.0 - anew.gain(tight), spare,
    )  # fmt: skip


_NEAR = 1e-6


def _spare(anew: Anew, bundle: Bundle, row: int) -> float:
    """How far the plan is from a promise: of a purse, what is left in it."""
    if bundle.kind == "budget" and anew.base.plan is not None:
        return anew.base.plan.of("under", bundle.subject, years_of(anew.model, [row])[0])
    return anew.spare(row)


def _less(now: Sequence[float], before: Sequence[float]) -> tuple[float, ...]:
    return tuple(_material(a - b) for a, b in zip(now, before, strict=True))


def _material(value: float) -> float:
    return value if abs(value) > _NEAR else 0.0


def _moved(anew: Anew, bundle: Bundle, by: float) -> Again | None:
    """The plan with a promise moved by one unit in every year; None where none is left."""
    if bundle.kind == "workforce":
        found = anew.solve(Push(dict.fromkeys(bundle.rows, by)))
    else:
        found = anew.edited(eased(anew.scenario, bundle, by))
    return None if found.plan is None else found


def eased(scenario: Scenario, bundle: Bundle, by: float) -> Scenario:
    """The scenario with one promise eased by an amount in every year (tightened, below nought), within what it can be."""
    kind, subject = bundle.kind, bundle.subject
    if kind == "budget":
        return replace(scenario, agencies=_each(scenario.agencies, subject, budget=by))
    if kind == "scale":
        return replace(scenario, prevention=_each(scenario.prevention, subject, min_scale=-by))
    if kind in ("floor", "capacity"):
        limit, way = ("floor", -by) if kind == "floor" else ("capacity", by)
        responsive = {"floor": -by} if kind == "floor" else {"cap_max": by}
        return replace(
            scenario,
            prevention=_each(scenario.prevention, subject, **{limit: way}),
            acute=_each(scenario.acute, subject, **responsive),
        )
    if kind in _RAMPS:
        found = scenario.prevention
        for service in bundle.services:
            found = _each(found, service, **{_RAMPS[kind]: by})
        return replace(scenario, prevention=found)
    if kind == "ring":
        return replace(scenario, ringfences=_each(scenario.ringfences, subject, amount=-by))
    if kind == "pool":
        return replace(scenario, pools=_each(scenario.pools, subject, seed=by))
    if kind == "equity":
        return replace(scenario, equity=_fairer(scenario, subject, by))
    if kind == "share":
        shares = (scenario.share_of(t) for t in scenario.years)
        return replace(scenario, share_target=tuple(None if s is None else min(1.0, max(0.0, s - by)) for s in shares))
    target = (scenario.objective.outcome_target or 0.0) - by
    return replace(scenario, objective=replace(scenario.objective, outcome_target=max(0.0, target)))


_SHARES = {"ramp_down": 1.0, "min": 1.0, "eps": 1.0}
"""Numbers that are at most one."""
_SIGNED = ("max",)


def _each[T](things: tuple[T, ...], subject: str, **by: float) -> tuple[T, ...]:
    """Things with some numbers of the one with this id moved; a number that is not there stays away."""
    found: list[T] = []
    for thing in things:
        one: Any = thing
        if one.id == subject:
            there = {name: step for name, step in by.items() if getattr(one, name) is not None}
            one = replace(one, **{name: _moved_by(getattr(one, name), step, name) for name, step in there.items()})
        found.append(one)
    return tuple(found)


def _moved_by(value: Yearly | Mapping[str, Yearly], by: float, name: str) -> Yearly | Mapping[str, Yearly]:
    if isinstance(value, Mapping):
        return {key: _year_by_year(one, by / len(value), name) for key, one in value.items()}
    return _year_by_year(value, by, name)


def _year_by_year(value: Yearly, by: float, name: str) -> Yearly:
    most = _SHARES.get(name, inf)
    least = -inf if name in _SIGNED else 0.0
    if isinstance(value, tuple):
        return tuple(min(most, max(least, one + by)) for one in value)
    return min(most, max(least, value + by))


def _fairer(scenario: Scenario, subject: str, by: float) -> tuple[GroupShare | LocalityBand | Gap, ...]:
    found: list[GroupShare | LocalityBand | Gap] = []
    for rule in scenario.equity:
        if rule.id != subject:
            found.append(rule)
        elif isinstance(rule, GroupShare):
            found.append(replace(rule, min=_year_by_year(rule.min, -by, "min")))
        elif isinstance(rule, LocalityBand):
            found.append(replace(rule, eps=_year_by_year(rule.eps, by, "eps")))
        else:
            found.append(replace(rule, max=_year_by_year(rule.max, by, "max")))
    return tuple(found)
