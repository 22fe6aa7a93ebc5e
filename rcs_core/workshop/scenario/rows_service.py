"""The rows of what services do: reach by response segment, effect that builds up and fades, need met, capacity and cost."""

from itertools import pairwise

from rcs_core.workshop.scenario.format import Gap, Prevention, Responsive, at
from rcs_core.workshop.scenario.model import Model, RowAbout, Terms, promise_row, spend_limit


def base_effect(service: Prevention, group: str, locality: str) -> float:
    """The effect a year of the reach before the plan: it is already in the demand."""
    left, effect = service.base(group, locality), 0.0
    for width, slope in service.segments[group][locality]:
        used = left if width is None else min(left, width)
        effect, left = effect + slope * used, left - used
    return effect


def prevention(model: Model) -> None:
    """Spend, reach and effect stock of every preventative service."""
    ordered = _fills_out_of_order(model)
    for service in model.scenario.prevention:
        for year in model.scenario.years:
            for agency, locality in service.places():
                model.new("x", (service.id, agency, locality, year))
            _reach(model, service, year)
            if service.id in ordered:
                _fill_in_order(model, service, year)
        _stock(model, service)


def _reach(model: Model, service: Prevention, year: int) -> None:
    """Row 1: what is spent in a locality is what reaches its groups."""
    reached: dict[str, Terms] = {}
    for group, locality in service.reach():
        for k, (width, _) in enumerate(service.segments[group][locality]):
            z = model.new("z", (service.id, group, locality, k, year), 0.0, width)
            reached.setdefault(locality, []).append((z, -1.0))
    for locality, terms in reached.items():
        spent = [(model.vars["x"][service.id, a, loc, year], 1.0) for a, loc in service.places() if loc == locality]
        about = RowAbout(f"reach[{service.id},{locality},{year}]", "reach", f"spend on {service.id} is what reaches children")
        model.row(about, spent + terms, "==", 0.0)


def _stock(model: Model, service: Prevention) -> None:
    """Row 2: the effect stock, relative to baseline; nothing moves in the first `lag` years."""
    for group, locality in service.reach():
        base = base_effect(service, group, locality)
        for year in model.scenario.years:
            q = model.new("Q", (service.id, group, locality, year), None)
            terms: Terms = [(q, 1.0)]
            if year > 1:
                terms.append((model.vars["Q"][service.id, group, locality, year - 1], -service.retention))
            bought = year - service.lag
            if bought >= 1:
                for k, (_, slope) in enumerate(service.segments[group][locality]):
                    terms.append((model.vars["z"][service.id, group, locality, k, bought], -slope))
            name = f"stock[{service.id},{group},{locality},{year}]"
            model.row(RowAbout(name, "stock", f"effect of {service.id}"), terms, "==", -base if bought >= 1 else 0.0)


def _fills_out_of_order(model: Model) -> set[str]:
    """Services that could gain by using a later segment first: only where a fairness rule makes effect unwelcome."""
    unwelcome = {g for rule in model.scenario.equity if isinstance(rule, Gap) for g, w in rule.per_child.items() if w > 0}
    return {
        s.id
        for s in model.scenario.prevention
        if any(len({seg.slope for seg in s.segments[g][loc]}) > 1 for g, loc in s.reach() if g in unwelcome)
    }


def _fill_in_order(model: Model, service: Prevention, year: int) -> None:
    for group, locality in service.reach():
        segments = service.segments[group][locality]
        for k, (before, after) in enumerate(pairwise(segments)):
            full = model.new("full", (service.id, group, locality, k, year), whole=True)
            z = model.vars["z"]
            most = after.width if after.width is not None else spend_limit(model.scenario, service.id, year)
            name = f"order[{service.id},{group},{locality},{k},{year}]"
            about = RowAbout(name, "order", f"{service.id} uses its best response first")
            model.row(about, [(z[service.id, group, locality, k + 1, year], 1.0), (full, -most)], "<=", 0.0)
            width = before.width or 0.0
            model.row(about, [(z[service.id, group, locality, k, year], 1.0), (full, -width)], ">=", 0.0)


def responsive(model: Model) -> None:
    """Need, reduction, capacity and cost of every responsive service."""
    for service in model.scenario.acute:
        for year in model.scenario.years:
            for group, locality in service.needs():
                _need(model, service, group, locality, year)
            for locality in service.demand:
                _capacity(model, service, locality, year)
                _cost(model, service, locality, year)
            _cost_floor(model, service, year)


def _need(model: Model, service: Responsive, group: str, locality: str, year: int) -> None:
    """Rows 3 and 4: reduction within the effect and within what is preventable; the rest is met, or is unmet."""
    key = (service.id, group, locality, year)
    place = f"{service.id},{group},{locality},{year}"
    need = service.need(group, locality, year)
    met, unmet = model.new("m", key), model.new("u", key, 0.0, 0.0 if service.penalty is None else None)
    reduced = model.new("r", key, None, at(service.preventable, year) * need)
    acting: Terms = [
        (model.vars["Q"][s.id, group, locality, year], -s.acts_on[service.id])
        for s in model.scenario.prevention
        if service.id in s.acts_on and (s.id, group, locality, year) in model.vars["Q"]
    ]
    about = RowAbout(f"reduction[{place}]", "reduction", f"need for {service.id} falls by no more than the effect on it")
    model.row(about, [(reduced, 1.0), *acting], "<=", 0.0)
    label = f"need for {service.id} is met or counted as unmet"
    told = promise_row("need", key, label, 1) if service.penalty is None else RowAbout(f"need[{place}]", "need", label)
    model.row(told, [(met, 1.0), (unmet, 1.0), (reduced, 1.0)], ">=", need)


def _capacity(model: Model, service: Responsive, locality: str, year: int) -> None:
    """Row 5: places limit what is met; places open and close, and only a share may close a year."""
    key, place = (service.id, locality, year), f"{service.id},{locality},{year}"
    cap = model.new("cap", key)
    opened, closed = model.new("opened", key), model.new("closed", key)
    about = RowAbout(f"places[{place}]", "places", f"{service.id} meets no more than it has places for")
    met = [(model.vars["m"][service.id, g, loc, year], -1.0) for g, loc in service.needs() if loc == locality]
    model.row(about, [(cap, 1.0), *met], ">=", 0.0)
    move: Terms = [(cap, 1.0), (opened, -1.0), (closed, 1.0)]
    limit: Terms = [(closed, 1.0)]
    share, start = at(service.decommission_max, year), 0.0
    if year == 1:
        start = service.capacity_before(locality)
    else:
        before = model.vars["cap"][service.id, locality, year - 1]
        move.append((before, -1.0))
        limit.append((before, -share))
    model.row(RowAbout(f"opening[{place}]", "opening", f"places of {service.id} open and close"), move, "==", start)
    model.row(
        RowAbout(f"closing[{place}]", "closing", f"only a share of {service.id} may close a year"), limit, "<=", share * start
    )
    if service.cap_max is not None and locality in service.cap_max:
        told = promise_row("capacity", (service.id, year), f"most places of {service.id} in {locality}", -1)
        model.row(told, [(cap, 1.0)], "<=", at(service.cap_max[locality], year))


def _cost(model: Model, service: Responsive, locality: str, year: int) -> None:
    """Row 6: cost follows need only as far as it is cashable; the rest follows the places that are kept."""
    key, unit, cashable = (service.id, locality, year), at(service.unit_cost, year), at(service.cashable, year)
    v = model.vars
    terms: Terms = [(model.new("F", key), -1.0), (v["cap"][key], unit * (1 - cashable))]
    terms += [(v["opened"][key], at(service.new_cost, year)), (v["closed"][key], at(service.decommission_cost, year))]
    terms += [(v["m"][service.id, g, loc, year], unit * cashable) for g, loc in service.needs() if loc == locality]
    name = f"cost[{service.id},{locality},{year}]"
    model.row(RowAbout(name, "cost", f"what {service.id} costs"), terms, "==", 0.0)


def _cost_floor(model: Model, service: Responsive, year: int) -> None:
    if service.floor is not None:
        about = promise_row("floor", (service.id, year), f"least cost of {service.id}", 1)
        model.row(about, model.cost(service.id, year), ">=", at(service.floor, year))
