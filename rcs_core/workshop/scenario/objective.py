"""What a plan is for, as expressions to minimise: outcome (with terminal credit), cost, preventative spend, unmet need."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rcs_core.workshop.scenario.format import Prevention, Scenario, at
from rcs_core.workshop.scenario.model import Model, Terms
from rcs_core.workshop.scenario.rows_purse import change_costs


def worth(scenario: Scenario, service: Prevention, year: int) -> float:
    """What one unit of effect bought in a year counts for: in that year, and (terminal credit) after the plan.

    The credit is the discounted stock that the unit still has in the years after the horizon.
    """
    credit = 0.0
    for after in range(scenario.horizon + 1, scenario.horizon + 1 + scenario.objective.terminal_credit_years):
        age = after - (year + service.lag)
        if age >= 0:
            credit += scenario.discount(after) * service.retention**age
    return scenario.discount(year) + credit


def outcome(model: Model) -> Terms:
    """The discounted, weighted effect of the reach bought in each year."""
    scenario, terms, z = model.scenario, [], model.vars["z"]
    weight = {g.id: g.weight for g in scenario.groups}
    for service in scenario.prevention:
        each = {year: service.outcome * worth(scenario, service, year) for year in scenario.years}
        for group, locality in service.reach():
            for k, (_, slope) in enumerate(service.segments[group][locality]):
                for year in scenario.years:
                    terms.append((z[service.id, group, locality, k, year], each[year] * weight[group] * slope))
    return terms


def priced_unmet(model: Model, weighted: bool) -> Terms:
    """The discounted price of unmet need, by group weight or plain."""
    scenario = model.scenario
    weight = {g.id: g.weight if weighted else 1.0 for g in scenario.groups}
    terms: Terms = []
    for (d, g, _, t), v in model.vars["u"].items():
        penalty = model.responsive[str(d)].penalty
        if penalty is not None:
            terms.append((v, scenario.discount(int(t)) * at(penalty, int(t)) * weight[str(g)]))
    return terms


def goal(model: Model) -> Terms:
    """The expression that the plan minimises: less of it is a better plan."""
    scenario, kind = model.scenario, model.scenario.objective.kind
    if kind == "outcome":
        terms = [(v, -w) for v, w in outcome(model)]
    elif kind == "cost":
        terms = [term for t in scenario.years for term in _spent(model, t, scenario.discount(t), exits=False)]
    else:
        terms = [term for s in scenario.prevention for t in scenario.years for term in model.spend(s.id, t, weight=-s.q)]
    if scenario.objective.priced:
        terms += priced_unmet(model, weighted=kind == "outcome")
    if scenario.share_penalty is not None:
        price = scenario.share_penalty
        terms += [(v, scenario.discount(int(t)) * at(price, int(t))) for (t,), v in model.vars["short"].items()]
    return terms


def _spent(model: Model, year: int, weight: float, exits: bool) -> Terms:
    terms = [t for s in model.preventative for t in model.spend(s, year, weight=weight)]
    terms += [t for d in model.responsive for t in model.cost(d, year, weight)]
    return terms + [(v, c * weight) for v, c in change_costs(model, year, exits=exits)]


def spend(model: Model) -> Terms:
    """Plain spend over all years: what the tidy-up stage makes least."""
    return [term for year in model.scenario.years for term in _spent(model, year, 1.0, exits=True)]


def unmet(model: Model, year: int) -> Terms:
    """Unmet need of a year, over services, groups and localities."""
    return [(v, 1.0) for _, v in model.in_year("u", year)]


def book_keeping(model: Model) -> Terms:
    """What makes a plan readable where money cannot tell: no care beyond need, no idle transfer, full effect shown."""
    v, terms = model.vars, []
    for family, weight in _READABLE.items():
        terms += [(one, weight) for one in v[family].values()]
    for service in model.scenario.prevention:
        for group, locality in service.reach():
            for k, (_, slope) in enumerate(service.segments[group][locality]):
                if slope:
                    terms += [(v["z"][service.id, group, locality, k, year], -slope) for year in model.scenario.years]
    return terms


def one_plan(model: Model) -> npt.NDArray[np.float64]:
    """What settles on one plan where several are as readable: a price of its own for every column, between one and two.

    Without it the plan that is shown would hang on which was solved before. The prices mean nothing: they are no rule.
    They are scattered (the bits of the column's number, mixed) so that no sum of a few meets another.
    """
    prices, cost = _scattered(len(model.column)), np.zeros(len(model.column))
    priced = [v for family in _NEVER_NEGATIVE for v in model.vars.get(family, {}).values()]
    cost[priced] = prices[priced]
    return cost


@lru_cache(maxsize=8)
def _scattered(count: int) -> npt.NDArray[np.float64]:
    spread = np.arange(1, count + 1) * 0x9E3779B1 % _WORD
    mixed = (spread ^ spread >> 15) * 0x45D9F3B % _WORD
    found: npt.NDArray[np.float64] = 1.0 + (mixed ^ mixed >> 13) / _WORD
    return found


_WORD = 2**32
_NEVER_NEGATIVE = (
    "x", "z", "m", "u", "cap", "opened", "closed", "F", "up", "down", "under", "carry", "leak", "seeded", "contrib", "draw",
    "short",
)  # fmt: skip


_READABLE = {
    "m": 1.0,
    "r": -1.0,
    "u": 1.0,
    "cap": 1.0,
    "opened": 1.0,
    "leak": 1.0,
    "seeded": 2.0,
    "contrib": 1.0,
    "draw": 0.1,
    "carry": 0.1,
}
