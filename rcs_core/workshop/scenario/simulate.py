"""A fixed plan carried out in many draws of the inputs at once, without a solver: arrays of draws by years.

With the scenario's own numbers it gives the figures of the solved plan. In a draw, prevention is paid for as planned;
need follows; responsive care is given as need asks; a purse that this is too much for shows a shortfall.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from rcs_core.workshop.scenario.cautious import cautious
from rcs_core.workshop.scenario.draws import Array, Draws, Inputs
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of, whom
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.simulate_care import ByGroup, ByPlace, Care, Places, discounts, prevent, respond, weights
from rcs_core.workshop.scenario.simulate_purse import Changes, PurseDraws, changes, purses

type Flags = npt.NDArray[np.bool_]

_SHORT = 1e-6
"""A shortfall less than this, against the purse, is rounding."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What becomes of a fixed plan, by draw (rows) and year (columns).

    objective, outcome: by draw. stock: effect against today's, by (service, group, locality). reduction, met, unmet: by
    (responsive service, group, locality). capacity (places), cost, and released (what care would have cost without the
    plan, less its cost) by (responsive service, locality). purses: by agency that has a budget. pool_left: by pool.
    share: the preventative share of spend (not a number where nothing is spent).
    """

    n: int
    objective: Array
    outcome: Array
    stock: ByGroup
    reduction: ByGroup
    met: ByGroup
    unmet: ByGroup
    capacity: ByPlace
    cost: ByPlace
    released: ByPlace
    purses: Mapping[str, PurseDraws]
    pool_left: Mapping[str, Array]
    share: Array

    @property
    def short(self) -> Flags:
        """Whether any purse runs short in any year, by draw: such a plan could not be carried out as it stands."""
        found = np.zeros(self.n, dtype=bool)
        for purse in self.purses.values():
            found |= (purse.shortfall > _SHORT * (1 + np.abs(purse.budget))).any(axis=1)
        return found


def simulate(scenario: Scenario, plan: FixedPlan, draws: Draws | None = None, places: Places = "follow") -> Simulated:
    """Carry out a plan in every draw (without draws: once, with the scenario's own numbers).

    places: `follow` opens what need asks for beyond the places that the plan keeps, as far as `cap_max` and at
    `new_cost`; `fixed` leaves such need unmet. Money beyond a response does nothing; care that the plan rations stays
    rationed; where places are too few, groups go short in proportion; a pool pays at most what is spent on what it
    funds; an agency carries forward what it planned if it has it; a shortfall is told for its year and not made up later.
    Raises ScenarioError when draws do not fit the scenario, or reach does not fit spend.
    """
    asked = cautious(scenario)[0] if scenario.cautious else scenario
    inputs = Inputs(asked, draws or Draws())
    found = _carry_out(inputs, plan, places)
    inputs.check()
    return found


def carry_out(scenario: Scenario, plan: FixedPlan, draws: Draws) -> tuple[Simulated, tuple[str, ...]]:
    """`simulate` with draws of whatever there is, and those of them on which the fate of a fixed plan does not hang."""
    inputs = Inputs(scenario, draws)
    found = _carry_out(inputs, plan, "follow")
    return found, tuple(path for path in draws.values if path not in inputs.asked)


def cost_as_today(scenario: Scenario, draws: Draws) -> Array:
    """What responsive services cost in every draw if prevention is spent as today: draws by years."""
    care = respond(Inputs(scenario, draws), FixedPlan({}), {}, "follow")
    return np.broadcast_to(_total(care.cost.values()), (draws.n, scenario.horizon))


def inputs_of(scenario: Scenario) -> set[str]:
    """The JSON pointers of every number on which what becomes of a fixed plan depends."""
    inputs = Inputs(scenario, Draws())
    _carry_out(inputs, FixedPlan({}), "follow")
    return inputs.asked


def _carry_out(inputs: Inputs, plan: FixedPlan, places: Places) -> Simulated:
    scenario = inputs.scenario
    effects = prevent(inputs, {s.id: whom(scenario, s, plan) for s in scenario.prevention})
    care = respond(inputs, plan, effects.acting, places)
    change = changes(inputs, plan)
    money, pool_left = purses(inputs, plan, care, change)
    n, years = inputs.draws.n, scenario.horizon

    def full[K](arrays: Mapping[K, Array]) -> dict[K, Array]:
        return {key: np.broadcast_to(array, (n, years)) for key, array in arrays.items()}

    purse = {a: PurseDraws(*(np.broadcast_to(getattr(p, f.name), (n, years)) for f in fields(p))) for a, p in money.items()}
    released = {key: care.nothing[key] - cost for key, cost in care.cost.items()}
    return Simulated(
        n=n,
        objective=np.broadcast_to(_objective(inputs, plan, effects.outcome, care, change), (n, 1))[:, 0],
        outcome=np.broadcast_to(effects.outcome, (n, 1))[:, 0],
        stock=full(effects.stock),
        reduction=full(care.reduction),
        met=full(care.met),
        unmet=full(care.unmet),
        capacity=full(care.capacity),
        cost=full(care.cost),
        released=full(released),
        purses=purse,
        pool_left=full(pool_left),
        share=np.broadcast_to(_share(inputs, plan, care), (n, years)),
    )


def _total(arrays: Iterable[Array]) -> Array:
    return sum(arrays, np.zeros((1, 1)))


def _objective(inputs: Inputs, plan: FixedPlan, outcome: Array, care: Care, change: Changes) -> Array:
    """The figure that the scenario reports, in every draw."""
    goal, discount = inputs.scenario.objective, discounts(inputs)
    priced = _unmet_price(inputs, care, weighted=goal.kind == "outcome")
    if goal.kind == "outcome":
        return outcome - priced
    if goal.kind == "cost":
        spent = _total(line[None, :] for line in plan.spend.values()) + _total(care.cost.values()) + change.setup
        return (discount * spent).sum(axis=1, keepdims=True) + priced
    counted = np.zeros((1, 1))
    for index, service in enumerate(inputs.scenario.prevention):
        q = inputs.number(service.q, "prevention", index, "q")
        counted = counted + q * sum(float(line.sum()) for key, line in plan.spend.items() if key[0] == service.id)
    return counted - priced


def _unmet_price(inputs: Inputs, care: Care, weighted: bool) -> Array:
    total = np.zeros((1, 1))
    if not inputs.scenario.objective.priced:
        return total
    weight, discount = weights(inputs), discounts(inputs)
    for index, service in enumerate(inputs.scenario.acute):
        if service.penalty is not None:
            price = discount * inputs.yearly(service.penalty, "acute", index, "penalty")
            for group, locality in service.needs():
                each = price * weight[group] if weighted else price
                total = total + (each * care.unmet[service.id, group, locality]).sum(axis=1, keepdims=True)
    return total


def _share(inputs: Inputs, plan: FixedPlan, care: Care) -> Array:
    """The preventative share of preventative and responsive spend, by year."""
    counted = spent = np.zeros((1, inputs.scenario.horizon))
    for index, service in enumerate(inputs.scenario.prevention):
        q = inputs.number(service.q, "prevention", index, "q")
        lines = _total(line[None, :] for key, line in plan.spend.items() if key[0] == service.id)
        counted, spent = counted + q * lines, spent + lines
    everything = spent + _total(care.cost.values())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(everything > 0, counted / everything, np.nan)


def disagreement(scenario: Scenario, result: Result) -> float:
    """The largest difference between a solved plan's figures and the same plan carried out, relative to their size.

    It compares the objective, every line of responsive care and every line of every purse.
    """
    found = simulate(scenario, plan_of(scenario, result))
    pairs = [(float(found.objective[0]), result.objective or 0.0)]
    for line in result.responsive:
        key, year = (line.service, line.locality), line.year - 1
        pairs += [(float(found.capacity[key][0, year]), line.capacity), (float(found.cost[key][0, year]), line.cost)]
        for group, need in line.by_group.items():
            at = (line.service, group, line.locality)
            pairs += [(float(getattr(found, k)[at][0, year]), getattr(need, k)) for k in ("met", "unmet", "reduction")]
    for purse in result.purses:
        mine = found.purses[purse.agency]
        names = [f.name for f in fields(mine) if f.name != "shortfall"]
        pairs += [(float(getattr(mine, k)[0, purse.year - 1]), getattr(purse, k)) for k in names]
        pairs.append((float(mine.shortfall[0, purse.year - 1]), 0.0))
    return max(abs(a - b) / (1 + max(abs(a), abs(b))) for a, b in pairs)
