"""Who pays for a fixed plan, by draws and years: each agency's purse with what is left of it, or what it is short of."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.scenario.draws import Array, Inputs
from rcs_core.workshop.scenario.fixed_plan import FixedPlan
from rcs_core.workshop.scenario.format import Agency
from rcs_core.workshop.scenario.simulate_care import ByPlace, Care


@dataclass(frozen=True, slots=True)
class PurseDraws:
    """One agency's money, by draw and year: `budget + brought + drawn + shortfall` is all that goes out and `underspend`."""

    budget: Array
    prevention: Array
    responsive: Array
    held: Array
    change_costs: Array
    contributed: Array
    drawn: Array
    leaked: Array
    brought: Array
    carried: Array
    underspend: Array
    shortfall: Array


@dataclass(frozen=True, slots=True)
class Changes:
    """What it costs to raise and to lower preventative spend against the year before, by agency; setup: of all agencies."""

    by_agency: Mapping[str, Array]
    setup: Array


def changes(inputs: Inputs, plan: FixedPlan) -> Changes:
    """Set-up and exit costs of a plan's spend."""
    years = inputs.scenario.horizon
    found: dict[str, Array] = {}
    setup = np.zeros((1, years))
    for index, service in enumerate(inputs.scenario.prevention):
        up, down = (inputs.yearly(getattr(service, k), "prevention", index, k) for k in ("setup_cost", "exit_cost"))
        for agency, locality in service.places():
            now = plan.spend.get((service.id, agency, locality), np.zeros(years))
            step = np.diff(now, prepend=service.agencies[agency][locality])[None, :]
            raised = up * np.maximum(step, 0.0)
            setup = setup + raised
            found[agency] = found.get(agency, 0.0) + raised + down * np.maximum(-step, 0.0)
    return Changes(found, setup)


def purses(inputs: Inputs, plan: FixedPlan, care: Care, change: Changes) -> tuple[dict[str, PurseDraws], dict[str, Array]]:
    """The purse of every agency that has a budget, and what is left in every pool."""
    drawn = _drawn(inputs, plan, care.cost)
    found = {}
    for index, agency in enumerate(inputs.scenario.agencies):
        if agency.budget is not None:
            budget = inputs.yearly(agency.budget, "agencies", index, "budget")
            found[agency.id] = _purse(inputs, index, agency, budget, plan, care, change, drawn)
    left: dict[str, Array] = {}
    for index, pool in enumerate(inputs.scenario.pools):
        held = inputs.yearly(pool.seed, "pools", index, "seed")
        for agency_id in pool.contrib_max:
            held = held + plan.contributed.get((pool.id, agency_id), 0.0)
        for agency_id in pool.draw:
            held = held - drawn[pool.id, agency_id]
        left[pool.id] = held
    return found, left


def _drawn(inputs: Inputs, plan: FixedPlan, cost: ByPlace) -> dict[tuple[str, str], Array]:
    """What each agency draws from each pool: as planned, but no more than it spends on what is funded."""
    found = {}
    for pool in inputs.scenario.pools:
        for agency, services in pool.draw.items():
            funded = sum((_paid(inputs, plan, cost, s, agency) for s in dict.fromkeys(services)), np.zeros((1, 1)))
            planned = plan.drawn.get((pool.id, agency), np.zeros(inputs.scenario.horizon))
            found[pool.id, agency] = np.minimum(planned[None, :], funded)
    return found


def _paid(inputs: Inputs, plan: FixedPlan, cost: ByPlace, service: str, agency: str) -> Array:
    """What an agency pays for one service of either sort."""
    scenario = inputs.scenario
    total = np.zeros((1, scenario.horizon))
    for prevention in scenario.prevention:
        if prevention.id == service:
            for payer, locality in prevention.places():
                if payer == agency:
                    total = total + plan.spend.get((service, agency, locality), np.zeros(1))[None, :]
    for index, acute in enumerate(scenario.acute):
        if acute.id == service and agency in acute.payer:
            share = inputs.number(acute.payer[agency], "acute", index, "payer", agency)
            total = total + share * sum((cost[service, loc] for loc in acute.demand), np.zeros((1, 1)))
    return total


def _purse(
    inputs: Inputs, index: int, agency: Agency, budget: Array, plan: FixedPlan, care: Care, change: Changes,
    drawn: Mapping[tuple[str, str], Array],
) -> PurseDraws:  # fmt: skip
    scenario, nil = inputs.scenario, np.zeros((1, inputs.scenario.horizon))
    prevention = sum((_paid(inputs, plan, care.cost, s.id, agency.id) for s in scenario.prevention), nil)
    responsive = sum((_paid(inputs, plan, care.cost, d.id, agency.id) for d in scenario.acute), nil)
    nothing = sum((_paid(inputs, plan, care.nothing, d.id, agency.id) for d in scenario.acute), nil)
    held = nil
    for place, service in enumerate(scenario.held):
        if service.agency == agency.id:
            held = held + inputs.yearly(service.amount, "held", place, "amount")
    leak = inputs.yearly(agency.leak, "agencies", index, "leak")
    leaked = np.maximum(leak * (nothing - responsive), 0.0)
    contributed = sum((plan.contributed.get((p.id, agency.id), nil) for p in scenario.pools), nil)
    draws = sum((drawn[p.id, agency.id] for p in scenario.pools if agency.id in p.draw), nil)
    changed = change.by_agency.get(agency.id, nil)
    before = budget + draws - prevention - responsive - held - changed - contributed - leaked
    brought, carried, left = _carried(before, plan.carried.get((agency.id,), np.zeros(scenario.horizon)))
    return PurseDraws(
        budget, prevention, responsive, held, changed, contributed, draws, leaked, brought, carried,
        np.maximum(left, 0.0), np.maximum(-left, 0.0),
    )  # fmt: skip


def _carried(before: Array, planned: Array) -> tuple[Array, Array, Array]:
    """What is brought and carried each year (as planned, as far as it is there), and what is left; below nought: short."""
    brought, carried, left = [np.zeros((1, 1))], [], []
    for year in range(before.shape[1]):
        balance = before[:, year : year + 1] + brought[-1]
        over = np.clip(balance, 0.0, planned[year])
        carried.append(over)
        left.append(balance - over)
        brought.append(over)
    made = [np.concatenate(np.broadcast_arrays(*parts), axis=1) for parts in (brought[:-1], carried, left)]
    return made[0], made[1], made[2]
