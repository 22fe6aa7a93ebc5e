"""Why each responsive service costs more or less than before the plan: need that prevention took away, and what of it is cash.

Read from the plan alone: nothing is solved. Need falls by the effect of preventative services, and cost follows need only as
far as it is cashable and places can close.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rcs_core.workshop.scenario.explain.anew import Anew, rows_of, years_of
from rcs_core.workshop.scenario.format import Responsive, at

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class CareMove:
    """What happened to a responsive service. before: its cost before the plan; path: its cost by year.

    need: in the last year if nothing changes; risen: how much of that is more than before the plan. kept: need that the
    plan takes away in the last year (below nought where need rises by it); by: of that, by preventative service, before
    any limit. worth: what `kept` costs at the unit cost. acted_on: whether any preventative service acts on it.
    closing: years in which places stand empty that may not close yet. capped: years in which no more of the need can be
    prevented. floor: years in which no less may be spent.
    """

    service: str
    before: float
    path: tuple[float, ...]
    need: float
    risen: float
    kept: float
    by: Mapping[str, float]
    worth: float
    cashable: float
    acted_on: bool
    closing: tuple[int, ...] = ()
    capped: tuple[int, ...] = ()
    floor: tuple[int, ...] = ()

    @property
    def change(self) -> float:
        """Change of cost in the last year against before the plan; rounding is none."""
        change = self.path[-1] - self.before
        return change if abs(change) > _SAME * (1 + self.before) else 0.0


def care_moves(anew: Anew) -> list[CareMove]:
    """Every responsive service of a solved scenario, in the order of the file."""
    return [_care(anew, d) for d in anew.scenario.acute]


def _care(anew: Anew, d: Responsive) -> CareMove:
    last = anew.scenario.horizon
    need = sum(d.need_in(loc, last) for loc in d.demand)
    places = sum(d.capacity_before(loc) for loc in d.demand)
    kept, by = anew.base.kept(d.id)[-1], _by(anew, d.id, last)
    return CareMove(
        service=d.id,
        before=at(d.unit_cost, 1) * places,
        path=tuple(anew.base.cost(d.id)),
        need=need,
        risen=need - places,
        kept=kept if abs(kept) > _SAME * (1 + need) else 0.0,
        by=by,
        worth=kept * at(d.unit_cost, last),
        cashable=at(d.cashable, last),
        acted_on=any(d.id in s.acts_on for s in anew.scenario.prevention),
        closing=_closing(anew, d.id),
        capped=_capped(anew, d.id),
        floor=years_of(anew.model, [r for r in rows_of(anew.model, "floor", d.id) if anew.tight(r)]),
    )


def _by(anew: Anew, service: str, year: int) -> dict[str, float]:
    """The effect of each preventative service on the need for a responsive one, in a year."""
    effects, found = anew.model.vars.get("Q", {}), dict[str, float]()
    for s in anew.scenario.prevention:
        weight = s.acts_on.get(service, 0.0)
        total = weight * sum(float(anew.values[c]) for key, c in effects.items() if key[0] == s.id and key[-1] == year)
        if abs(total) > _SAME:
            found[s.id] = total
    return dict(sorted(found.items(), key=lambda pair: -abs(pair[1])))


def _closing(anew: Anew, service: str) -> tuple[int, ...]:
    """The years in which places are left over that may not close."""
    v = anew.model.vars
    met: dict[tuple[object, object], float] = {}
    for key, c in v.get("m", {}).items():
        if key[0] == service:
            met[key[2], key[3]] = met.get((key[2], key[3]), 0.0) + float(anew.values[c])
    tight = [r for r in rows_of(anew.model, "closing", service) if anew.tight(r)]
    found = []
    for row in tight:
        _, locality, year = anew.model.rows[row].about
        empty = float(anew.values[v["cap"][service, str(locality), int(str(year))]]) - met[locality, year]
        if empty > _SAME * (1 + met[locality, year]):
            found.append(row)
    return years_of(anew.model, found)


def _capped(anew: Anew, service: str) -> tuple[int, ...]:
    """The years in which prevention takes away all that it may, everywhere."""
    found: dict[int, bool] = {}
    for key, c in anew.model.vars.get("r", {}).items():
        if key[0] == service:
            high = anew.model.numbers.high[c]
            at_end = float(anew.values[c]) >= high - _SAME * (1 + abs(high))
            found[int(key[-1])] = found.get(int(key[-1]), True) and at_end
    return tuple(year for year, full in sorted(found.items()) if full)
