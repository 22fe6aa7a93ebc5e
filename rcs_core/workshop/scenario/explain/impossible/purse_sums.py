"""Each purse and year added up: what an agency must pay at the least, against all that it can have.

What comes in are the ends of a scenario; what goes out are the purses (and purses together, where they share a service or
a pool) that cannot pay. A purse has its budget, what it can bring forward, and what a pool can give it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from rcs_core.workshop.scenario.explain.impossible.ends import NOTHING, End, Ends, highest, less, of, times, total
from rcs_core.workshop.scenario.explain.impossible.shortfall import Kind, Line, Shortfall, missing
from rcs_core.workshop.scenario.format import Agency, Prevention, at
from rcs_core.workshop.scenario.result import Repair

type Part = tuple[str, str, End]
"""A part of what is owed or had: what it is, of what, and how much."""


@dataclass(slots=True)
class Purses:
    """The purses of a scenario, added up year by year. left: what each could carry forward, by agency and year."""

    ends: Ends
    owed: dict[tuple[str, int], list[Part]] = field(default_factory=dict)
    own: dict[tuple[str, int], list[Part]] = field(default_factory=dict)
    drawn: dict[tuple[str, int], list[Part]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for agency in self.budgeted:
            for year in self.ends.scenario.years:
                self.owed[agency.id, year] = list(_owed(self.ends, agency, year))
                self.own[agency.id, year] = [*self._own(agency, year)]
                self.drawn[agency.id, year] = self._drawn(agency.id, year)

    @property
    def budgeted(self) -> list[Agency]:
        """The agencies whose purse is modelled."""
        return [a for a in self.ends.scenario.agencies if a.budget is not None]

    def _own(self, agency: Agency, year: int) -> Iterator[Part]:
        yield "budget", agency.id, End(at(agency.budget or 0.0, year), of("budget", agency.id, year))
        most = at(agency.reserve_max, year - 1) if year > 1 else 0.0
        if most > 0:
            last = (agency.id, year - 1)
            left = less(_sum(self.own[last] + self.drawn[last]), _sum(self.owed[last]))
            brought = End(most) if left.value >= most else highest(left, End(0.0, left.because))
            yield "brought", agency.id, brought

    def _drawn(self, agency: str, year: int) -> list[Part]:
        """What pools can give; money that only funds some services is no more than these must cost."""
        pools = [p for p in self.ends.scenario.pools if p.draw.get(agency)]
        found: list[Part] = []
        for pool in pools:
            paid = sum(at(c, year) for a, c in pool.contrib_max.items() if a != agency)
            found.append(("pool", pool.id, End(at(pool.seed, year) + paid, of("pool", pool.id, year))))
        if len(pools) != 1:
            return found
        funded, owed = set(pools[0].draw[agency]), self.owed[agency, year]
        rest = total(end for kind, what, end in owed if what not in funded and kind not in ("ring", "leak"))
        useful = less(_sum(owed), rest)
        return [(*found[0][:2], useful)] if useful.value < found[0][2].value else found

    def free(self, agency: Agency, year: int) -> End:
        """The most that an agency can spend on prevention in a year: all it can have, less what else it must pay."""
        if agency.budget is None:
            return End(inf)
        pooled = [
            End(at(p.seed, year) + sum(at(c, year) for a, c in p.contrib_max.items() if a != agency.id), of("pool", p.id, year))
            for p in self.ends.scenario.pools
            if p.draw.get(agency.id)
        ]
        have = total([_sum(self.own[agency.id, year]), *pooled])
        return less(have, total(end for kind, _, end in self.owed[agency.id, year] if kind in ("care", "held", "leak")))

    def shortfalls(self) -> Iterator[Shortfall]:
        """Every purse that cannot pay, and purses that cannot pay together where each alone could."""
        for year in self.ends.scenario.years:
            alone = {a.id: self._alone(a.id, year) for a in self.budgeted}
            yield from (found for found in alone.values() if found)
            told = [{agency} for agency, found in alone.items() if found]
            for group in self._groups(year):
                if not any(one <= group for one in told) and (found := self._together(group, year)):
                    told.append(group)
                    yield found

    def _alone(self, agency: str, year: int) -> Shortfall | None:
        owed, have = self.owed[agency, year], self.own[agency, year] + self.drawn[agency, year]
        return _shortfall(Kind.PURSE, (agency,), year, have, owed, self.ends.scenario.money)

    def _groups(self, year: int) -> list[set[str]]:
        """Agencies whose purses are worth adding up together, the fewest first."""
        budgeted = {a.id for a in self.budgeted}
        found = [set(s.agencies) for s in self.ends.scenario.prevention if s.floor is not None]
        for pool in self.ends.scenario.pools:
            found.append({a for a in pool.draw if a in budgeted and _sum(self.owed[a, year]).value > self._budget(a, year)})
        groups = {frozenset(g) for g in (*found, budgeted) if len(g) > 1 and g <= budgeted}
        return [set(g) for g in sorted(groups, key=lambda g: (len(g), sorted(g)))]

    def _budget(self, agency: str, year: int) -> float:
        return _sum(self.own[agency, year]).value

    def _together(self, group: set[str], year: int) -> Shortfall | None:
        """All that a group of agencies must pay, against all their money and what pools can give them from elsewhere."""
        scenario, owed, have = self.ends.scenario, [], []
        extra = {s.id: self._shared(s, group, year) for s in scenario.prevention}
        shared = {sid for sid, end in extra.items() if end.value > 0}
        for agency in sorted(group):
            owed += [p for p in self.owed[agency, year] if not (p[0] == "ring" and shared)]
            have += self.own[agency, year]
        owed += [("floor", sid, extra[sid]) for sid in sorted(shared)]
        for pool in scenario.pools:
            if group & {a for a, services in pool.draw.items() if services}:
                paid = sum(at(c, year) for a, c in pool.contrib_max.items() if a not in group)
                have.append(("pool", pool.id, End(at(pool.seed, year) + paid, of("pool", pool.id, year))))
        return _shortfall(Kind.PURSES, tuple(sorted(group)), year, have, owed, scenario.money)

    def _shared(self, service: Prevention, group: set[str], year: int) -> End:
        """What a floor that several of the group pay for asks beyond what each of them must pay."""
        payers = set(service.agencies)
        if len(payers) < 2 or not payers <= group:
            return NOTHING
        each = total(self.ends.least_of(service, year, a) for a in service.agencies)
        return highest(NOTHING, less(self.ends.least_of(service, year), each))


def _sum(parts: list[Part]) -> End:
    return total(end for _, _, end in parts)


def _owed(ends: Ends, agency: Agency, year: int) -> Iterator[Part]:
    """What an agency must pay at the least: services, its share of care, what is held, changes, ring-fences, the centre."""
    scenario, due = ends.scenario, {}
    for service in scenario.prevention:
        if agency.id in service.agencies:
            due[service.id] = end = ends.least_of(service, year, agency.id)
            yield "spend", service.id, end
            yield "change", service.id, _change(ends, service, agency.id, year)
    care: list[End] = []
    for acute in scenario.acute:
        if share := acute.payer.get(agency.id, 0.0):
            due[acute.id] = times(share, ends.cost[acute.id, year])
            care.append(due[acute.id])
            yield "care", acute.id, due[acute.id]
    for held in scenario.held:
        if held.agency == agency.id:
            yield "held", held.id, End(at(held.amount, year))
    rate = at(agency.leak, year)
    yield from _rings(ends, agency, year, due, rate)
    yield "leak", agency.id, _leak(ends, agency, year, total(care), rate)


def _change(ends: Ends, service: Prevention, agency: str, year: int) -> End:
    """Set-up and exit costs that cannot be avoided: the least now over the most before, and the other way round."""
    costs = []
    for key in ends.keys(service, year, agency):
        before = (*key[:3], year - 1)
        start = End(service.agencies[agency][key[2]])
        low, high = (ends.least[before], ends.most[before]) if year > 1 else (start, start)
        costs.append(times(at(service.setup_cost, year), highest(NOTHING, less(ends.least[key], high))))
        costs.append(times(at(service.exit_cost, year), highest(NOTHING, less(low, ends.most[key]))))
    return total(costs)


def _rings(ends: Ends, agency: Agency, year: int, due: dict[str, End], rate: float) -> Iterator[Part]:
    """What ring-fences ask beyond the least that their services cost; of two that share a service, the one that asks more."""
    asked: list[tuple[float, str, set[str], End]] = []
    for ring in ends.scenario.ringfences:
        if ring.agency == agency.id:
            services = set(ring.services)
            promised = End(at(ring.amount, year), of("ring", ring.id, year))
            extra = less(promised, total(due.get(s, NOTHING) for s in services))
            through_care = any(a.id in services and a.payer.get(agency.id) for a in ends.scenario.acute)
            asked.append((extra.value, ring.id, services, times(1 - rate, extra) if through_care else extra))
    taken: set[str] = set()
    for value, ring_id, services, extra in sorted(asked, key=lambda a: (-a[0], a[1])):
        if value > 0 and not services & taken:
            taken |= services
            yield "ring", ring_id, extra


def _leak(ends: Ends, agency: Agency, year: int, care: End, rate: float) -> End:
    """What is lost to the centre when care costs its least: a pound more of care loses less than a pound less."""
    if rate <= 0:
        return NOTHING
    base = 0.0
    for acute in ends.scenario.acute:
        need = sum(acute.need(g, loc, year) for g, loc in acute.needs())
        base += acute.payer.get(agency.id, 0.0) * at(acute.unit_cost, year) * need
    return End(max(0.0, rate * (base - care.value)), care.because)


def _shortfall(
    kind: Kind, subject: tuple[str, ...], year: int, have: list[Part], owed: list[Part], unit: str
) -> Shortfall | None:
    there, due = _sum(have), _sum(owed)
    if not missing(there.value, due.value):
        return None
    repair = Repair(f"budget[{subject[0]},{year}]", due.value - there.value, unit)
    return Shortfall(
        kind, subject, year, there.value, due.value, repair,
        tuple(sorted(there.because | due.because)), _lines(have), _lines(owed),
    )  # fmt: skip


def _lines(parts: list[Part]) -> tuple[Line, ...]:
    return tuple(Line(kind, what, end.value) for kind, what, end in parts if end.value)
