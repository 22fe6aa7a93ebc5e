"""The limits of a service, its own and those that it shares with others, where a plan stands at their ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf

from rcs_core.vocab import Label
from rcs_core.workshop.scenario.explain.anew import LET_GO, Anew, Push, rows_of, years_of
from rcs_core.workshop.scenario.format import Prevention, at
from rcs_core.workshop.scenario.model import Column

_SAME = 1e-6


class Kind(Label):
    """What can bind a service."""

    CAPACITY = "capacity", "Most that may be spent on it"
    RAMP_UP = "rampup", "Fastest growth"
    WIDTH = "width", "Width of its known response"
    PURSE = "budget", "Its payer's purse"
    POOL = "pool", "The pool"
    STAFF = "workforce", "A limit on several services together"
    PREVENTABLE = "preventable", "Preventable share of the need"
    NEED = "need", "The need itself"
    RING = "ring", "Ring-fence"
    FAIRNESS = "equity", "Fairness rule"
    SHARE = "share", "Preventative share asked for"
    TARGET = "outcome_target", "Outcome asked for"
    FLOOR = "floor", "Least that must be spent on it"
    RAMP_DOWN = "rampdn", "Fastest reduction"
    SCALE = "scale", "Least workable scale"


OWN = (Kind.CAPACITY, Kind.RAMP_UP, Kind.WIDTH, Kind.FLOOR, Kind.RAMP_DOWN, Kind.SCALE)
OWN_UP = (Kind.CAPACITY, Kind.RAMP_UP, Kind.WIDTH)
SCARCE = (Kind.PURSE, Kind.POOL, Kind.STAFF, Kind.PREVENTABLE, Kind.NEED)
"""Shared limits that can only keep a service from growing; the other shared ones may hold it up as well."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it can be eased: its rows and columns where the plan stands at their ends, and the years of these."""

    kind: Kind
    subject: str
    rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    years: tuple[int, ...] = ()

    @property
    def tight(self) -> bool:
        """Whether the plan stands at its end anywhere."""
        return bool(self.rows or self.columns)


def push(limits: Iterable[Limit], step: float) -> Push:
    """Some limits eased by a step wherever they are tight; all-or-nothing is let go, since a little less of it says nothing."""
    chosen = list(limits)
    rows = {r: LET_GO if one.kind is Kind.SCALE else step for one in chosen for r in one.rows}
    return Push(rows, {int(c): step for one in chosen for c in one.columns})


def own_limits(anew: Anew, service: Prevention) -> list[Limit]:
    """A service's own limits where the plan stands at their ends."""
    found = []
    for kind in (Kind.CAPACITY, Kind.RAMP_UP, Kind.FLOOR, Kind.RAMP_DOWN, Kind.SCALE):
        found.append(_limit(anew, kind, service.id, [r for r in rows_of(anew.model, kind.value, service.id) if _gives(anew, r)]))
    ends = tuple(column for column in _last_segments(anew, service) if _full(anew, column))
    found.append(Limit(Kind.WIDTH, service.id, (), ends, _years(anew, ends)))
    return [limit for limit in found if limit.tight]


def shared_limits(anew: Anew) -> list[Limit]:
    """Limits of several services, or of what they act on, where the plan stands at their ends."""
    model, found = anew.model, []
    for kind in (Kind.POOL, Kind.STAFF, Kind.RING, Kind.FAIRNESS):
        for subject in dict.fromkeys(str(row.about[0]) for row in model.rows if row.family == kind.value):
            found.append(_limit(anew, kind, subject, rows_of(model, kind.value, subject)))
    for agency in anew.scenario.agencies:
        rows = tuple(_empty(anew, agency.id))
        found.append(Limit(Kind.PURSE, agency.id, rows, (), years_of(model, rows)))
    found += [_limit(anew, kind, "", rows_of(model, kind.value)) for kind in (Kind.SHARE, Kind.TARGET)]
    for acute in anew.scenario.acute:
        full = tuple(c for key, c in model.vars.get("r", {}).items() if key[0] == acute.id and _full(anew, c))
        years = _years(anew, full)
        kind = Kind.NEED if all(at(acute.preventable, t) >= 1 for t in years) else Kind.PREVENTABLE
        found.append(Limit(kind, acute.id, (), full, years))
    return [limit for limit in found if limit.tight]


def concerns(anew: Anew, limit: Limit, service: Prevention) -> bool:
    """Whether a shared limit is about a service: its payers' purses, a pool that may fund it, what it acts on."""
    if limit.kind is Kind.PURSE:
        return limit.subject in service.agencies
    if limit.kind in (Kind.PREVENTABLE, Kind.NEED):
        return limit.subject in service.acts_on
    if limit.kind is Kind.POOL:
        pool = next(p for p in anew.scenario.pools if p.id == limit.subject)
        return any(service.id in services and a in service.agencies for a, services in pool.draw.items())
    if limit.kind is Kind.STAFF:
        return any(w.id == limit.subject and service.id in w.per_pound for w in anew.scenario.workforce)
    if limit.kind is Kind.RING:
        return any(r.id == limit.subject and r.agency in service.agencies for r in anew.scenario.ringfences)
    return True


def _limit(anew: Anew, kind: Kind, subject: str, rows: Iterable[int]) -> Limit:
    tight = tuple(r for r in rows if anew.tight(r))
    return Limit(kind, subject, tight, (), years_of(anew.model, tight))


def _gives(anew: Anew, row: int) -> bool:
    """Whether easing a row lets anything through: not the side of a yes-or-no choice that only says the most."""
    return anew.model.rows[row].family != Kind.SCALE or not isinf(anew.model.numbers.row_low[row])


def _last_segments(anew: Anew, service: Prevention) -> Iterable[Column]:
    """The columns where a known response ends."""
    z = anew.model.vars.get("z", {})
    for group, locality in service.reach():
        last = len(service.segments[group][locality]) - 1
        for year in anew.scenario.years:
            if last >= 0:
                yield z[service.id, group, locality, last, year]


def _full(anew: Anew, column: Column) -> bool:
    high = anew.model.numbers.high[column]
    return not isinf(high) and float(anew.values[column]) >= high - _SAME * (1 + abs(high))


def _years(anew: Anew, columns: Iterable[Column]) -> tuple[int, ...]:
    return tuple(sorted({int(anew.model.keys[c][1][-1]) for c in columns}))


def _empty(anew: Anew, agency: str) -> list[int]:
    """The rows of a purse in the years in which nothing is left in it."""
    under, rows = anew.model.vars.get("under", {}), rows_of(anew.model, "budget", agency)
    return [r for r in rows if anew.values[under[agency, years_of(anew.model, [r])[0]]] <= _SAME]
