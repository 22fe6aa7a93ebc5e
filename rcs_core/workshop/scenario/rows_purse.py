"""The rows of who pays: each agency's purse with its own underspend, pools, leakage and what is carried forward."""

from functools import partial

from rcs_core.workshop.scenario.format import Agency, Pool, Prevention, Scenario, at
from rcs_core.workshop.scenario.model import Model, RowAbout, Terms, promise_row
from rcs_core.workshop.scenario.parts import write_part
from rcs_core.workshop.scenario.reading import Yearly


def purses(model: Model) -> None:
    """Every agency's purse; released money stays with its payer, and only pools move it."""
    for service in model.scenario.prevention:
        costs = (service.agencies, service.setup_cost, service.exit_cost)
        write_part(model, ("change", service.id), costs, partial(_changes, model, service))
    used: list[object] = [(s.id, s.agencies, s.setup_cost, s.exit_cost) for s in model.scenario.prevention]
    used += [(d.id, d.payer, tuple(d.demand)) for d in model.scenario.acute]
    write_part(model, ("pools",), (model.scenario.pools, used), partial(_pools, model))
    for agency in model.scenario.agencies:
        if agency.budget is not None:
            made_from = agency, model.scenario.pools, model.scenario.held, used, _lost(model.scenario, agency)
            write_part(model, ("purse", agency.id), made_from, partial(_purses, model, agency, agency.budget))


def _pools(model: Model) -> None:
    for pool in model.scenario.pools:
        for year in model.scenario.years:
            _pool(model, pool, year)


def _purses(model: Model, agency: Agency, budget: Yearly) -> None:
    for year in model.scenario.years:
        _purse(model, agency, at(budget, year), year)


def _lost(scenario: Scenario, agency: Agency) -> list[object]:
    """What need would cost if nothing changed, where some of what is released is lost to the centre; else of no account."""
    leaks = any(at(agency.leak, year) > 0 for year in scenario.years)
    return [(d.unit_cost, d.demand) for d in scenario.acute] if leaks else []


def _changes(model: Model, service: Prevention) -> None:
    for payer, locality in service.places():
        for year in model.scenario.years:
            _change(model, service, payer, locality, year)


def _change(model: Model, service: Prevention, agency: str, locality: str, year: int) -> None:
    """Row 8: increases and decreases against the year before, where they cost something."""
    key, x = (service.id, agency, locality, year), model.vars["x"]
    for family, sign, cost in (("up", 1.0, at(service.setup_cost, year)), ("down", -1.0, at(service.exit_cost, year))):
        if cost > 0:
            terms: Terms = [(model.new(family, key), 1.0), (x[key], -sign)]
            before = sign * -service.agencies[agency][locality] if year == 1 else 0.0
            if year > 1:
                terms.append((x[service.id, agency, locality, year - 1], sign))
            model.row(RowAbout(family, key, f"change in spend on {service.id}"), terms, ">=", before)


def change_costs(model: Model, year: int, agency: str | None = None, exits: bool = True) -> Terms:
    """Set-up (and exit) costs of a year, of one agency or of all."""
    terms: Terms = []
    for family in ("up", "down") if exits else ("up",):
        for key, v in model.in_year(family, year):
            if agency is None or key[1] == agency:
                service = model.preventative[str(key[0])]
                terms.append((v, at(service.setup_cost if family == "up" else service.exit_cost, year)))
    return terms


def _pool(model: Model, pool: Pool, year: int) -> None:
    """Row 11: what is drawn was paid in or comes from elsewhere, and goes to the services that the pool may fund."""
    used = model.new("seeded", (pool.id, year), 0.0, at(pool.seed, year))
    balance: Terms = [(used, 1.0)]
    for agency, most in pool.contrib_max.items():
        balance.append((model.new("contrib", (pool.id, agency, year), 0.0, at(most, year)), 1.0))
    for agency, services in pool.draw.items():
        drawn = model.new("draw", (pool.id, agency, year))
        balance.append((drawn, -1.0))
        funded = [term for s in dict.fromkeys(services) for term in model.paid(s, year, agency, -1.0)]
        about = RowAbout("draw", (pool.id, agency, year), f"{agency} draws no more than it spends on what is funded")
        model.row(about, [(drawn, 1.0), *funded], "<=", 0.0)
    label = f"the pool {pool.id} pays out no more than it holds"
    model.row(promise_row("pool", (pool.id, year), label, 1), balance, ">=", 0.0)


def _purse(model: Model, agency: Agency, budget: float, year: int) -> None:
    """Row 9: spend, contributions, leakage, what is carried and what is left make up the budget exactly."""
    scenario = model.scenario
    terms: Terms = [(model.new("under", (agency.id, year)), 1.0)]
    for service in scenario.prevention:
        terms += model.spend(service.id, year, agency.id)
    for acute in scenario.acute:
        if acute.payer.get(agency.id):
            terms += model.cost(acute.id, year, acute.payer[agency.id])
    terms += change_costs(model, year, agency.id)
    terms += [(c, 1.0) for key, c in model.in_year("contrib", year) if key[1] == agency.id]
    terms += [(d, -1.0) for key, d in model.in_year("draw", year) if key[1] == agency.id]
    terms += _leakage(model, agency, year) + _carried(model, agency, year)
    about = promise_row("budget", (agency.id, year), f"the budget of {agency.id}", -1)
    model.row(about, terms, "==", budget - scenario.held_by(agency.id, year))


def _carried(model: Model, agency: Agency, year: int) -> Terms:
    if at(agency.reserve_max, year) <= 0 and (agency.id, year - 1) not in model.vars["carry"]:
        return []
    terms: Terms = []
    if year < model.scenario.horizon and at(agency.reserve_max, year) > 0:
        terms.append((model.new("carry", (agency.id, year), 0.0, at(agency.reserve_max, year)), 1.0))
    if (agency.id, year - 1) in model.vars["carry"]:
        terms.append((model.vars["carry"][agency.id, year - 1], -1.0))
    return terms


def _leakage(model: Model, agency: Agency, year: int) -> Terms:
    """Row 10: a share of what responsive services no longer cost is lost to the centre."""
    rate = at(agency.leak, year)
    if rate <= 0:
        return []
    lost = model.new("leak", (agency.id, year))
    base, terms = 0.0, [(lost, 1.0)]
    for acute in model.scenario.acute:
        share = acute.payer.get(agency.id, 0.0)
        if share:
            base += share * at(acute.unit_cost, year) * sum(acute.need(g, loc, year) for g, loc in acute.needs())
            terms += model.cost(acute.id, year, rate * share)
    model.row(RowAbout("leak", (agency.id, year), f"what {agency.id} loses to the centre"), terms, ">=", rate * base)
    return [(lost, 1.0)]
