"""Floors, ring-fences, places and staff added up: what is promised at the least, against the most that there can be.

What comes in are the ends of a scenario; what goes out are services, funds, places and staff that cannot keep what is
asked of them, whatever the money.
"""

from collections.abc import Iterator

from rcs_core.workshop.scenario.explain.impossible.ends import End, Ends, highest, less, lowest, of, times, total, width_in
from rcs_core.workshop.scenario.explain.impossible.shortfall import Kind, Line, Shortfall, missing
from rcs_core.workshop.scenario.format import Prevention, Responsive, Ringfence, Workforce, at
from rcs_core.workshop.scenario.result import Repair


def shortfalls(ends: Ends) -> Iterator[Shortfall]:
    """Every service, ring-fence, limit on places and staff that is asked for more than there can be."""
    scenario = ends.scenario
    for year in scenario.years:
        for service in scenario.prevention:
            yield from _service(ends, service, year)
        for acute in scenario.acute:
            yield from _places(ends, acute, year)
        for ring in scenario.ringfences:
            yield from _ring(ends, ring, year)
        for staff in scenario.workforce:
            yield from _staff(ends, staff, year)


def _service(ends: Ends, service: Prevention, year: int) -> Iterator[Shortfall]:
    """The least spend on a service against its promised limit, its response, how fast it can grow, and its staff."""
    grown, kept = total(_grown(ends, service, year)), total(_kept(ends, service, year))
    parts = [("growth", grown), ("response", End(sum(width_in(service, loc) for loc in {p[1] for p in service.places()})))]
    if service.capacity is not None:
        parts.append(("limit", End(at(service.capacity, year), of("capacity", service.id, year))))
    parts += [("staff", End(there)) for there in _staffed(ends, service, year)]
    floor = None if service.floor is None else End(at(service.floor, year), of("floor", service.id, year))
    least = kept if floor is None else highest(kept, floor)
    # less than nothing can be spent only where other sums are short already: these say it better
    most = lowest(*(end for _, end in parts if end.value >= 0))
    if not missing(most.value, least.value):
        return
    money, change = ends.scenario.money, least.value - most.value
    if floor is not None and least == floor:
        repair = Repair(f"floor[{service.id},{year}]", -change, money)
        asks = Line("floor", service.id, least.value)
    elif service.capacity is not None and most.value == at(service.capacity, year):
        repair = Repair(f"capacity[{service.id},{year}]", change, money)
        asks = Line("kept", service.id, least.value)
    else:
        promise = max((k for k in ends.keys(service, year)), key=lambda k: ends.least[k].value)
        repair = Repair(f"rampdn[{','.join(map(str, promise))}]", -change, money)
        asks = Line("kept", service.id, least.value)
    has = tuple(Line(kind, service.id, end.value) for kind, end in parts if end.value == most.value)
    promises = tuple(sorted(most.because | least.because))
    yield Shortfall(Kind.SERVICE, (service.id,), year, most.value, least.value, repair, promises, has[:1], (asks,))


def _staffed(ends: Ends, service: Prevention, year: int) -> list[float]:
    """What staff allow for one service with nothing for any other."""
    each = [(s.per_pound.get(service.id, 0.0), at(s.available, year)) for s in ends.scenario.workforce]
    return [there / per_pound for per_pound, there in each if per_pound > 0]


def _grown(ends: Ends, service: Prevention, year: int) -> list[End]:
    """How far each place can have grown by its ramp from what could be spent the year before."""
    if service.ramp_up is None and service.ramp_abs is None:
        return [End(float("inf"))]
    found = []
    for key in ends.keys(service, year):
        before = ends.most[(*key[:3], year - 1)] if year > 1 else End(service.agencies[key[1]][key[2]])
        if before.value == float("inf"):
            return [before]
        most = (1 + at(service.ramp_up or 0.0, year)) * before.value + at(service.ramp_abs or 0.0, year)
        found.append(End(most, before.because | of("rampup", *key)))
    return found


def _kept(ends: Ends, service: Prevention, year: int) -> list[End]:
    """What each place must keep by its ramp of what had to be spent the year before."""
    if service.ramp_down is None:
        return [End(0.0)]
    found = []
    for key in ends.keys(service, year):
        before = ends.least[(*key[:3], year - 1)] if year > 1 else End(service.agencies[key[1]][key[2]])
        kept = End((1 - at(service.ramp_down, year)) * before.value, before.because | of("rampdn", *key))
        found.append(highest(End(0.0), kept))
    return found


def _places(ends: Ends, service: Responsive, year: int) -> Iterator[Shortfall]:
    """The places that care needs, or that cannot close sooner, against the most that there may be."""
    limits = {loc: at(most, year) for loc, most in (service.cap_max or {}).items()}
    over = [loc for loc, most in limits.items() if missing(most, ends.places[service.id, loc, year].value)]
    if not over:
        return
    have, need = sum(limits[loc] for loc in over), total(ends.places[service.id, loc, year] for loc in over)
    repair = Repair(f"capacity[{service.id},{year}]", need.value - have, "units of need")
    promises = tuple(sorted(need.because | of("capacity", service.id, year)))
    has = tuple(Line("places", loc, limits[loc]) for loc in over)
    asks = tuple(Line("need", loc, ends.places[service.id, loc, year].value) for loc in over)
    yield Shortfall(Kind.CAPACITY, (service.id,), year, have, need.value, repair, promises, has, asks)


def _ring(ends: Ends, ring: Ringfence, year: int) -> Iterator[Shortfall]:
    """What a ring-fence asks, against the most that its services can take of that agency; care can always take more."""
    scenario, services = ends.scenario, set(ring.services)
    if any(a.id in services and a.payer.get(ring.agency) for a in scenario.acute):
        return
    funded = [s for s in scenario.prevention if s.id in services and ring.agency in s.agencies]
    most, need = total(ends.most_of(s, year, ring.agency) for s in funded), at(ring.amount, year)
    if missing(most.value, need):
        repair = Repair(f"ring[{ring.id},{year}]", most.value - need, scenario.money)
        has = tuple(Line("most", s.id, ends.most_of(s, year, ring.agency).value) for s in funded)
        promises = tuple(sorted(most.because | of("ring", ring.id, year)))
        yield Shortfall(
            Kind.RING, (ring.id,), year, most.value, need, repair, promises, has, (Line("ring", ring.id, need),)
        )  # fmt: skip


def _staff(ends: Ends, staff: Workforce, year: int) -> Iterator[Shortfall]:
    """The staff that the least of every service takes, against those there are."""
    scenario, lines, used = ends.scenario, [], []
    for service in scenario.prevention:
        used.append(times(staff.per_pound.get(service.id, 0.0), ends.least_of(service, year)))
        lines.append(Line("spend", service.id, used[-1].value))
    for acute in scenario.acute:
        used.append(times(staff.per_pound.get(acute.id, 0.0), ends.cost[acute.id, year]))
        lines.append(Line("care", acute.id, used[-1].value))
    need, have = total(used), at(staff.available, year)
    if missing(have, need.value):
        repair = Repair(f"workforce[{staff.id},{year}]", less(need, End(have)).value, "units of staff")
        asks, has = tuple(line for line in lines if line.amount), (Line("staff", staff.id, have),)
        yield Shortfall(Kind.STAFF, (staff.id,), year, have, need.value, repair, tuple(sorted(need.because)), has, asks)
