"""The rows of what services do: reach by response segment, effect that builds up and fades, need met, capacity and cost."""

from functools import partial
from itertools import pairwise

from rcs_core.workshop.scenario.format import Gap, Prevention, Responsive, at
from rcs_core.workshop.scenario.model import Model, RowAbout, Terms, promise_row, spend_limit
from rcs_core.workshop.scenario.parts import write_part


def base_effect(service: Prevention, group: str, locality: str) -> float:
    """The effect a year of the reach before the plan: it is already in the demand."""
    left, effect = service.base(group, locality), 0.0
    for width, slope in service.segments[group][locality]:
        used = left if width is None else min(left, width)
        effect, left = effect + slope * used, left - used
    return effect


def prevention(model: Model) -> None:
    """Spend, reach and effect stock of every preventative service."""
    ordered, purses = _fills_out_of_order(model), (model.scenario.agencies, model.scenario.pools)
    for service in model.scenario.prevention:
        in_order = service.id in ordered
        made_from = (service, purses) if in_order else (service.agencies, _widths(service))
        write_part(model, ("reach", service.id), made_from, partial(_spent, model, service, in_order))
        effect = (service.segments, service.base_reach, service.retention, service.lag, service.agencies)
        write_part(model, ("stock", service.id), effect, partial(_stock, model, service))


def _widths(service: Prevention) -> tuple[object, ...]:
    """How much each response segment takes, with what it is of: all that reach hangs on but who pays."""
    return tuple(
        (group, loc, tuple([seg[0] for seg in segs])) for group, by in service.segments.items() for loc, segs in by.items()
    )


def _spent(model: Model, service: Prevention, in_order: bool) -> None:
    places, label = service.places(), f"spend on {service.id} is what reaches children"
    for year in model.scenario.years:
        for agency, locality in places:
            model.new("x", (service.id, agency, locality, year))
        _reach(model, service, year, label)
        if in_order:
            _fill_in_order(model, service, year)


def _reach(model: Model, service: Prevention, year: int, label: str) -> None:
    """Row 1: what is spent in a locality is what reaches its groups."""
    reached: dict[str, Terms] = {}
    for group, by_place in service.segments.items():
        for locality, segments in by_place.items():
            terms = reached.setdefault(locality, [])
            for k, (width, _) in enumerate(segments):
                terms.append((model.new("z", (service.id, group, locality, k, year), 0.0, width), -1.0))
    x = model.vars["x"]
    for locality, terms in reached.items():
        spent: Terms = [(x[service.id, a, locality, year], 1.0) for a, where in service.agencies.items() if locality in where]
        model.row(RowAbout("reach", (service.id, locality, year), label), spent + terms, "==", 0.0)


def _stock(model: Model, service: Prevention) -> None:
    """Row 2: the effect stock, relative to baseline; nothing moves in the first `lag` years."""
    label, z = f"effect of {service.id}", model.vars["z"]
    for group, locality in service.reach():
        base, segments = base_effect(service, group, locality), service.segments[group][locality]
        last = None
        for year in model.scenario.years:
            q = model.new("Q", (service.id, group, locality, year), None)
            terms: Terms = [(q, 1.0)]
            if last is not None:
                terms.append((last, -service.retention))
            bought, last = year - service.lag, q
            if bought >= 1:
                terms += [(z[service.id, group, locality, k, bought], -slope) for k, (_, slope) in enumerate(segments)]
            about = RowAbout("stock", (service.id, group, locality, year), label)
            model.row(about, terms, "==", -base if bought >= 1 else 0.0)


def _fills_out_of_order(model: Model) -> set[str]:
    """Services that could gain by using a later segment first: only where a fairness rule makes effect unwelcome."""
    unwelcome = {g for rule in model.scenario.equity if isinstance(rule, Gap) for g, w in rule.per_child.items() if w > 0}
    return {
        s.id
        for s in model.scenario.prevention
        if any(len({seg.slope for seg in s.segments[g][loc]}) > 1 for g, loc in s.reach() if g in unwelcome)
    }


def _fill_in_order(model: Model, service: Prevention, year: int) -> None:
    label, z = f"{service.id} uses its best response first", model.vars["z"]
    for group, locality in service.reach():
        for k, (before, after) in enumerate(pairwise(service.segments[group][locality])):
            full = model.new("full", (service.id, group, locality, k, year), whole=True)
            most = after.width if after.width is not None else spend_limit(model.scenario, service.id, year)
            about = RowAbout("order", (service.id, group, locality, k, year), label)
            model.row(about, [(z[service.id, group, locality, k + 1, year], 1.0), (full, -most)], "<=", 0.0)
            width = before.width or 0.0
            model.row(about, [(z[service.id, group, locality, k, year], 1.0), (full, -width)], ">=", 0.0)


def responsive(model: Model) -> None:
    """Need, reduction, capacity and cost of every responsive service."""
    for service in model.scenario.acute:
        acting = [s for s in model.scenario.prevention if service.id in s.acts_on]
        effects = tuple((s.id, s.acts_on[service.id]) for s in acting)
        write_part(model, ("responsive", service.id), (service, effects), partial(_responsive, model, service, acting))


def _responsive(model: Model, service: Responsive, acting: list[Prevention]) -> None:
    for year in model.scenario.years:
        for locality, groups in service.demand.items():
            for group in groups:
                _need(model, service, (service.id, group, locality, year), acting)
        for locality in service.demand:
            _capacity(model, service, locality, year)
            _cost(model, service, locality, year)
        _cost_floor(model, service, year)


def _need(model: Model, service: Responsive, key: tuple[str, str, str, int], acting: list[Prevention]) -> None:
    """Rows 3 and 4: reduction within the effect and within what is preventable; the rest is met, or is unmet."""
    _, group, locality, year = key
    need, effects = at(service.demand[locality][group], year), model.vars["Q"]
    met, unmet = model.new("m", key), model.new("u", key, 0.0, 0.0 if service.penalty is None else None)
    reduced = model.new("r", key, None, at(service.preventable, year) * need)
    terms: Terms = [(reduced, 1.0)]
    for s in acting:
        if (effect := effects.get((s.id, group, locality, year))) is not None:
            terms.append((effect, -s.acts_on[service.id]))
    model.row(RowAbout("reduction", key, f"need for {service.id} falls by no more than the effect on it"), terms, "<=", 0.0)
    told = RowAbout("need", key, f"need for {service.id} is met or counted as unmet", *_OWED[service.penalty is None])
    model.row(told, [(met, 1.0), (unmet, 1.0), (reduced, 1.0)], ">=", need)


_OWED = ((False, 0), (True, 1))
"""Whether need is a promise, and how leeway eases it: only where it may not go unmet."""


def _capacity(model: Model, service: Responsive, locality: str, year: int) -> None:
    """Row 5: places limit what is met; places open and close, and only a share may close a year."""
    key, v = (service.id, locality, year), model.vars
    cap = model.new("cap", key)
    opened, closed = model.new("opened", key), model.new("closed", key)
    met: Terms = [(v["m"][service.id, g, locality, year], -1.0) for g in service.demand[locality]]
    about = RowAbout("places", key, f"{service.id} meets no more than it has places for")
    model.row(about, [(cap, 1.0), *met], ">=", 0.0)
    move: Terms = [(cap, 1.0), (opened, -1.0), (closed, 1.0)]
    limit: Terms = [(closed, 1.0)]
    share, start = at(service.decommission_max, year), 0.0
    if year == 1:
        start = service.capacity_before(locality)
    else:
        before = v["cap"][service.id, locality, year - 1]
        move.append((before, -1.0))
        limit.append((before, -share))
    model.row(RowAbout("opening", key, f"places of {service.id} open and close"), move, "==", start)
    model.row(RowAbout("closing", key, f"only a share of {service.id} may close a year"), limit, "<=", share * start)
    if service.cap_max is not None and locality in service.cap_max:
        told = promise_row("capacity", (service.id, year), f"most places of {service.id} in {locality}", -1)
        model.row(told, [(cap, 1.0)], "<=", at(service.cap_max[locality], year))


def _cost(model: Model, service: Responsive, locality: str, year: int) -> None:
    """Row 6: cost follows need only as far as it is cashable; the rest follows the places that are kept."""
    key, unit, cashable = (service.id, locality, year), at(service.unit_cost, year), at(service.cashable, year)
    v, each = model.vars, at(service.unit_cost, year) * at(service.cashable, year)
    terms: Terms = [(model.new("F", key), -1.0), (v["cap"][key], unit * (1 - cashable))]
    terms += [(v["opened"][key], at(service.new_cost, year)), (v["closed"][key], at(service.decommission_cost, year))]
    terms += [(v["m"][service.id, g, locality, year], each) for g in service.demand[locality]]
    model.row(RowAbout("cost", key, f"what {service.id} costs"), terms, "==", 0.0)


def _cost_floor(model: Model, service: Responsive, year: int) -> None:
    if service.floor is not None:
        about = promise_row("floor", (service.id, year), f"least cost of {service.id}", 1)
        model.row(about, model.cost(service.id, year), ">=", at(service.floor, year))
