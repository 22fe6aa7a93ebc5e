"""Why each preventative service moved, or did not: what binds it, by name, each claim tried by solving the plan again.

A limit binds a service when the plan stands at its end, and easing it a little either makes the plan better or moves the
service. Where several hold together, so that easing one alone does nothing, they are tried and named together. Where
nothing keeps a service from growing in the last year, a unit more is asked for: what the plan loses, and who would pay for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rcs_core.workshop.scenario.explain.anew import Again, Anew, Push
from rcs_core.workshop.scenario.explain.bound_limits import (
    OWN,
    OWN_UP,
    SCARCE,
    Kind,
    Limit,
    concerns,
    own_limits,
    push,
    shared_limits,
)
from rcs_core.workshop.scenario.format import Prevention

__all__ = ["Bound", "Kind", "Move", "NextPound", "moves"]

_SMALL = 1e-3
"""How far a limit is moved to see whether it binds, against the largest service."""
_STIRS = 0.05
"""A service moves with a limit when it moves by at least this share of the step, in some year."""
_SAME = 1e-6
"""A change smaller than this, against the spend before, is none."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that binds a service. subject: the id that it is about (a purse, a pool, a responsive service, itself).

    years: those in which it binds. gain: what one unit of easing in each year in which it is tight gains (`inf`: no
    end). moved: how the service's spend moves with it, by year. up: whether it keeps the service from growing (else from
    falling). together: it binds only with the others that are marked so.
    """

    kind: Kind
    subject: str
    years: tuple[int, ...]
    gain: float
    moved: tuple[float, ...]
    up: bool
    together: bool = False


@dataclass(frozen=True, slots=True)
class NextPound:
    """What one unit more for a service in some years would lose the plan, and whose spend would fall for it.

    years: those in which it was asked for. lost: for one unit in one of them, and nothing where the unit is as good
    here. rivals: other services by how much their spend falls for one unit, the most first.
    """

    years: tuple[int, ...]
    lost: float
    rivals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to a preventative service, and why. path: its spend by year; bounds: what binds it.

    next_pound: None where something keeps it from growing, or where no more of it is possible at all.
    """

    service: str
    before: float
    path: tuple[float, ...]
    bounds: tuple[Bound, ...] = ()
    next_pound: NextPound | None = None

    @property
    def change(self) -> float:
        """Change of spend in the last year against before the plan; rounding is none."""
        return self._against(self.path[-1])

    @property
    def peak(self) -> tuple[int, float]:
        """The year in which spend is furthest from what it was (the latest of them), and the change in it."""
        changes = [self._against(amount) for amount in self.path]
        most = max(map(abs, changes))
        year = max(t for t, change in enumerate(changes, 1) if abs(change) >= most * (1 - _SAME))
        return year, changes[year - 1]

    @property
    def holds_back(self) -> tuple[Bound, ...]:
        """What keeps it from growing."""
        return tuple(b for b in self.bounds if b.up)

    @property
    def holds_up(self) -> tuple[Bound, ...]:
        """What keeps it from falling."""
        return tuple(b for b in self.bounds if not b.up)

    def _against(self, amount: float) -> float:
        change = amount - self.before
        return change if abs(change) > _SAME * (1 + self.before) else 0.0


@dataclass(slots=True)
class _Trial:
    """Limits eased one at a time; one that many services share is tried once."""

    anew: Anew
    step: float
    shared: list[Limit]
    found: dict[Limit, Again] = field(default_factory=dict)

    def of(self, limit: Limit) -> Again:
        """The plan with a limit eased."""
        if limit not in self.found:
            self.found[limit] = self.anew.solve(push([limit], self.step))
        return self.found[limit]


def moves(anew: Anew, told: Callable[[float], object] | None = None) -> list[Move]:
    """Every preventative service of a solved scenario with what binds it, in the order of the file.

    told: hears how far it is, from 0 to 1.
    """
    services, found = anew.scenario.prevention, []
    largest = max((before(s) for s in services), default=0.0)
    trial = _Trial(anew, _SMALL * (1 + largest), shared_limits(anew))
    for k, service in enumerate(services):
        found.append(_move(trial, service))
        if told:
            told((k + 1) / len(services))
    return found


def before(service: Prevention) -> float:
    """Spend on a service before the plan."""
    return sum(sum(by.values()) for by in service.agencies.values())


def _move(trial: _Trial, service: Prevention) -> Move:
    anew, own = trial.anew, own_limits(trial.anew, service)
    shared = [limit for limit in trial.shared if concerns(anew, limit, service)]
    found = [b for limit in (*own, *shared) if (b := _bound(trial, service.id, limit, trial.of(limit)))]
    if not any(b.kind in OWN for b in found):
        found += _together(trial, service.id, own, found)
    if not any(b.up for b in found):
        scarce = [limit for limit in shared if limit.kind in SCARCE]
        found += _together(trial, service.id, [*(o for o in own if o.kind in OWN_UP), *scarce], found)
    last = anew.scenario.horizon
    held = any(b.up and last in b.years for b in found)
    asked = None if held else _next_pound(trial, service, [last] if any(b.up for b in found) else list(anew.scenario.years))
    return Move(service.id, before(service), tuple(anew.base.spend(service.id)), tuple(found), asked)


def _bound(trial: _Trial, service: str, limit: Limit, now: Again, together: bool = False) -> Bound | None:
    """A limit, where easing it makes the plan better or moves the service; a shared one where it does both."""
    anew, own = trial.anew, limit.kind in OWN
    if now.plan is None:
        return Bound(limit.kind, limit.subject, limit.years, -now.figure, (), up=True) if own and now.endless else None
    gain, moved = anew.gain(now), anew.moved(service, now)
    stirs = max(map(abs, moved), default=0.0) >= _STIRS * trial.step
    better = gain > 0 or now.unmet < anew.base.unmet - _SAME * trial.step
    if not ((stirs or better) if own else (stirs and better)):
        return None
    up = limit.kind in OWN_UP if own and limit.kind is not Kind.SCALE else sum(moved) > 0
    if not up and limit.kind in SCARCE:
        return None
    years = limit.years if own else _stirred(limit, moved, up, trial.step)
    return Bound(limit.kind, limit.subject, years, gain / trial.step, tuple(m / trial.step for m in moved), up, together)


def _stirred(limit: Limit, moved: Sequence[float], up: bool, step: float) -> tuple[int, ...]:
    """The years in which a service moves as a shared limit lets it; of these, those in which the limit is tight."""
    years = tuple(t for t, m in enumerate(moved, 1) if (m if up else -m) >= _STIRS * step)
    return tuple(t for t in years if t in limit.years) or years


def _together(trial: _Trial, service: str, limits: Sequence[Limit], known: Sequence[Bound]) -> list[Bound]:
    """Limits none of which binds alone, where easing all at once does something to the service; no more than it takes."""
    found = {(b.kind, b.subject) for b in known}
    chosen = [limit for limit in limits if (limit.kind, limit.subject) not in found]
    if len(chosen) < 2 or not _does(trial, service, chosen):
        return []
    for limit in list(chosen):
        fewer = [one for one in chosen if one is not limit]
        if len(fewer) > 1 and _does(trial, service, fewer):
            chosen = fewer
    now = trial.anew.solve(push(chosen, trial.step))
    both = [b for limit in chosen if (b := _bound(trial, service, limit, now, together=True))]
    return both if len(both) > 1 else []


def _does(trial: _Trial, service: str, limits: Sequence[Limit]) -> bool:
    now = trial.anew.solve(push(limits, trial.step))
    return any(_bound(trial, service, limit, now) for limit in limits)


def _next_pound(trial: _Trial, service: Prevention, years: list[int]) -> NextPound | None:
    """A unit more for a service in some years, else in the latest year in which it is possible; None where it never is."""
    anew, step = trial.anew, trial.step
    latest = [[t] for t in reversed(anew.scenario.years) if [t] != years]
    for chosen in [years, *latest]:
        now = anew.solve(Push(least=_more(anew, service, chosen, step)))
        if now.plan is not None and now.unmet <= anew.base.unmet + _SAME * step:
            fall = {s.id: -sum(anew.moved(s.id, now)) for s in anew.scenario.prevention if s.id != service.id}
            each = step * len(chosen)
            rivals = {s: by / each for s, by in sorted(fall.items(), key=lambda pair: -pair[1]) if by > _STIRS * each}
            return NextPound(tuple(chosen), max(0.0, -anew.gain(now)) / each, rivals)
    return None


def _more(anew: Anew, service: Prevention, years: Sequence[int], step: float) -> dict[int, float]:
    """The least of each line of a service's spend: what the plan has, and in some years a step more of its largest."""
    x, found = anew.model.vars["x"], dict[int, float]()
    for year in years:
        now = {int(c): float(anew.values[c]) for c in (x[service.id, a, loc, year] for a, loc in service.places())}
        found |= {column: amount * (1 - _LEEWAY) for column, amount in now.items()}
        if now:
            largest = max(now, key=lambda c: now[c])
            found[largest] = now[largest] + step
    return found


_LEEWAY = 1e-9
"""What asks for no less than the plan's spend leaves this much, as a share, for rounding."""
