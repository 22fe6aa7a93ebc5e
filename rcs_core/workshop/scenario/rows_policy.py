"""The rows that partners promise: ramps, floors, capacity, ring-fences, the preventative share, fairness, staff, a target."""

from functools import partial

from rcs_core.workshop.scenario.format import Gap, GroupShare, LocalityBand, Prevention, Scenario, at
from rcs_core.workshop.scenario.model import Model, RowAbout, Terms, Tilt, promise_row, spend_limit
from rcs_core.workshop.scenario.objective import outcome
from rcs_core.workshop.scenario.parts import write_part


def promises(model: Model) -> None:
    """Every row of policy."""
    purses = model.scenario.agencies, model.scenario.pools
    for service in model.scenario.prevention:
        paces = service.ramp_up, service.ramp_abs, service.ramp_down, service.capacity, service.floor, service.agencies
        made_from = paces if service.min_scale is None else (service, purses)
        write_part(model, ("promises", service.id), made_from, partial(_of_service, model, service))
    write_part(model, ("rules",), _rules_of(model.scenario), partial(_rules, model))
    target = model.scenario.objective.outcome_target
    if target is not None:
        about = promise_row("outcome_target", (), "the outcome asked for", 1)
        model.row(about, outcome(model), ">=", target)


def _rules_of(scenario: Scenario) -> tuple[object, ...]:
    """All that rules over several services hang on: what each promises, and which columns there are of what."""
    share = [scenario.share_of(year) for year in scenario.years]
    prevention = tuple((s.id, s.q, s.agencies, s.reach(), _counts(s)) for s in scenario.prevention)
    responsive = tuple((d.id, d.payer, tuple(d.demand)) for d in scenario.acute)
    rules = scenario.ringfences, scenario.workforce, share, scenario.share_penalty is None, scenario.equity
    return *rules, prevention, responsive


def _counts(service: Prevention) -> list[int]:
    return [len(segments) for by in service.segments.values() for segments in by.values()]


def _rules(model: Model) -> None:
    for year in model.scenario.years:
        _ringfences(model, year)
        _staff(model, year)
        _share(model, year)
        _fairness(model, year)


def _of_service(model: Model, service: Prevention) -> None:
    for year in model.scenario.years:
        _ramps(model, service, year)
        _limits(model, service, year)
        _scale(model, service, year)


def _ramps(model: Model, service: Prevention, year: int) -> None:
    """Row 7: how fast spend may rise and fall, per payer and locality; year 1 is against the spend before the plan."""
    x = model.vars["x"]
    rises = service.ramp_up is not None or service.ramp_abs is not None
    if not rises and service.ramp_down is None:
        return
    up = 1.0 + at(service.ramp_up or 0.0, year)
    extra = at(service.ramp_abs or 0.0, year)
    for agency, locality in service.places():
        key, before = (service.id, agency, locality, year), service.agencies[agency][locality]
        now: Terms = [(x[service.id, agency, locality, year], 1.0)]
        last = x.get((service.id, agency, locality, year - 1))
        if rises:
            about = promise_row("rampup", key, f"fastest growth of {service.id}", -1)
            model.row(
                about, now + ([(last, -up)] if last is not None else []), "<=", extra + (0.0 if last is not None else up * before)
            )
        if service.ramp_down is not None:
            down = 1.0 - at(service.ramp_down, year)
            about = promise_row("rampdn", key, f"fastest reduction of {service.id}", 1)
            model.row(
                about, now + ([(last, -down)] if last is not None else []), ">=", 0.0 if last is not None else down * before
            )


def _limits(model: Model, service: Prevention, year: int) -> None:
    for family, limit, side, ease in (("floor", service.floor, ">=", 1), ("capacity", service.capacity, "<=", -1)):
        if limit is not None:
            about = promise_row(family, (service.id, year), f"{family} of {service.id}", ease)
            model.row(about, model.spend(service.id, year), ">=" if side == ">=" else "<=", at(limit, year))


def _scale(model: Model, service: Prevention, year: int) -> None:
    """All or nothing: none of a service, or at least its smallest workable scale."""
    least = at(service.min_scale or 0.0, year)
    if least <= 0:
        return
    runs = model.new("runs", (service.id, year), whole=True)
    most = max(spend_limit(model.scenario, service.id, year), least)
    about = RowAbout("scale", (service.id, year), f"{service.id} runs at a workable scale or not at all")
    model.row(about, [*model.spend(service.id, year), (runs, -least)], ">=", 0.0)
    model.row(about, [*model.spend(service.id, year), (runs, -most)], "<=", 0.0)


def _ringfences(model: Model, year: int) -> None:
    for ring in model.scenario.ringfences:
        spent = [term for s in dict.fromkeys(ring.services) for term in model.paid(s, year, ring.agency)]
        model.row(promise_row("ring", (ring.id, year), f"ring-fence {ring.id}", 1), spent, ">=", at(ring.amount, year))


def _staff(model: Model, year: int) -> None:
    for staff in model.scenario.workforce:
        terms: Terms = []
        for service, per_pound in staff.per_pound.items():
            terms += (model.cost if service in model.responsive else model.spend)(service, year, weight=per_pound)
        model.row(RowAbout("workforce", (staff.id, year), f"staff of {staff.id}"), terms, "<=", at(staff.available, year))


def _share(model: Model, year: int) -> None:
    """Row 13: the preventative share of preventative and responsive spend, promised or priced."""
    share = model.scenario.share_of(year)
    if share is None:
        return
    terms: Terms = []
    for service in model.scenario.prevention:
        terms += model.spend(service.id, year, weight=service.q - share)
    everything = [t for s in model.preventative for t in model.spend(s, year)]
    for acute in model.responsive:
        terms += model.cost(acute, year, -share)
        everything += model.cost(acute, year)
    if model.scenario.share_penalty is not None:
        terms.append((model.new("short", (year,)), 1.0))
        model.row(RowAbout("share", (year,), "preventative share, priced"), terms, ">=", 0.0)
    else:
        about = promise_row("share", (year,), "preventative share of spend", 1, _tilt(everything))
        model.row(about, terms, ">=", 0.0)


def _tilt(terms: Terms) -> Tilt:
    return Tilt(tuple((v, weight) for v, weight in terms))


def _fairness(model: Model, year: int) -> None:
    """Row 14: each kind of fairness rule, all of whose rows of a year are one promise."""
    for rule in model.scenario.equity:
        label, parts = f"fairness rule {rule.id}", (rule.id, year)
        if isinstance(rule, GroupShare):
            least = at(rule.min, year)
            reach = [(v, key[1]) for key, v in model.in_year("z", year)]
            terms = [(v, (1.0 if g in rule.groups else 0.0) - least) for v, g in reach]
            about = promise_row("equity", parts, label, 1, _tilt([(v, 1.0) for v, _ in reach]))
            model.row(about, terms, ">=", 0.0)
        elif isinstance(rule, LocalityBand):
            _band(model, rule, year)
        elif isinstance(rule, Gap):
            stock = [(v, rule.per_child.get(str(key[1]), 0.0)) for key, v in model.in_year("Q", year)]
            about = promise_row("equity", parts, label, -1)
            model.row(about, [(v, w) for v, w in stock if w], "<=", at(rule.max, year))


def _band(model: Model, rule: LocalityBand, year: int) -> None:
    spent = [(v, key[2]) for key, v in model.in_year("x", year)]
    for locality, need in rule.need_share.items():
        least = (1 - at(rule.eps, year)) * need
        terms = [(v, (1.0 if place == locality else 0.0) - least) for v, place in spent]
        tilt = _tilt([(v, need) for v, _ in spent])
        model.row(promise_row("equity", (rule.id, year), f"fairness rule {rule.id}", 1, tilt), terms, ">=", 0.0)
