"""A solved programme read back as a plan: lines of spend, need and purses, and the objective computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rcs_core.workshop.scenario.format import Scenario, at
from rcs_core.workshop.scenario.magnitude import Vector, units
from rcs_core.workshop.scenario.model import Key, Model
from rcs_core.workshop.scenario.objective import worth
from rcs_core.workshop.scenario.result import GroupNeed, PoolLine, PurseLine, ReachLine, ResponsiveLine, SpendLine

_NOISE = 1e-9
FIGURES = "x", "z", "u", "F", "up"
"""The families of columns from which the outcome and the objective of a plan are worked out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The values of a plan by what they mean, cleared of noise; totals: sums of a family by agency (or by all) and year."""

    scenario: Scenario
    values: Mapping[str, Mapping[Key, float]]
    totals: dict[str, dict[Key, float]] = field(default_factory=dict)

    def of(self, family: str, *key: str | int) -> float:
        """One value; nothing where the programme has no such line."""
        return self.values.get(family, {}).get(key, 0.0)

    def total(self, family: str, year: int, *, agency: str | None = None) -> float:
        """The sum of a family in a year, over one agency (named second in its key) or over all."""
        if family not in self.totals:
            found = self.totals[family] = dict[Key, float]()
            for key, value in self.values.get(family, {}).items():
                for of in ((key[-1],), (key[-1], key[1])):
                    found[of] = found.get(of, 0.0) + value
        return self.totals[family].get((year,) if agency is None else (year, agency), 0.0)


def read(model: Model, solution: Vector, unit: Vector | None = None, families: Sequence[str] = ()) -> Plan:
    """Read the values of a solution; what is nothing but rounding is nothing.

    unit: of each column in the solver, where it is known. families: only these, where not all are asked for.
    """
    unit = units(model) if unit is None else unit
    noise = _NOISE * unit * (1.0 + float(abs(solution / unit).max(initial=0.0)))
    clean: list[float] = np.where(abs(solution) < noise, 0.0, solution).tolist()
    wanted = [(family, found) for family, found in model.vars.items() if not families or family in families]
    values = {family: {key: clean[v] for key, v in found.items()} for family, found in wanted}
    return Plan(model.scenario, values)


def spend_lines(plan: Plan) -> tuple[SpendLine, ...]:
    """Every line of preventative spend, in the order of the file."""
    found = plan.values.get("x", {})
    return tuple(SpendLine(str(s), str(a), str(loc), int(t), v) for (s, a, loc, t), v in found.items())


def reach_lines(plan: Plan) -> tuple[ReachLine, ...]:
    """What reaches each group, over its response segments."""
    found: dict[tuple[str, str, str, int], float] = {}
    for (s, g, loc, _, t), amount in plan.values.get("z", {}).items():
        key = (str(s), str(g), str(loc), int(t))
        found[key] = found.get(key, 0.0) + amount
    return tuple(ReachLine(*key, amount) for key, amount in found.items())


def responsive_lines(plan: Plan) -> tuple[ResponsiveLine, ...]:
    """Every responsive service by locality and year."""
    return tuple(
        _responsive(plan, service.id, locality, year, list(groups))
        for service in plan.scenario.acute
        for locality, groups in service.demand.items()
        for year in plan.scenario.years
    )


def _responsive(plan: Plan, service: str, locality: str, year: int, groups: Sequence[str]) -> ResponsiveLine:
    families = [plan.values[family] for family in ("m", "u", "r")]
    rows = [[of[service, group, locality, year] for of in families] for group in groups]
    met, unmet, less = (sum(column) for column in zip(*rows, strict=True)) if rows else (0.0, 0.0, 0.0)
    cap, cost = (plan.of(family, service, locality, year) for family in ("cap", "F"))
    need = {group: GroupNeed(*row) for group, row in zip(groups, rows, strict=True)}
    return ResponsiveLine(service, locality, year, met, unmet, less, cap, cost, need)


def pool_lines(plan: Plan) -> tuple[PoolLine, ...]:
    """Every agency that may pay into a pool or draw from it, by year."""
    lines = []
    for pool in plan.scenario.pools:
        for agency in dict.fromkeys([*pool.contrib_max, *pool.draw]):
            for year in plan.scenario.years:
                key = (pool.id, agency, year)
                lines.append(PoolLine(pool.id, agency, year, plan.of("contrib", *key), plan.of("draw", *key)))
    return tuple(lines)


def purse_lines(plan: Plan) -> tuple[PurseLine, ...]:
    """Every purse that is modelled, by year."""
    return tuple(
        _purse(plan, agency.id, at(agency.budget, year), year)
        for agency in plan.scenario.agencies
        if agency.budget is not None
        for year in plan.scenario.years
    )


def _purse(plan: Plan, agency: str, budget: float, year: int) -> PurseLine:
    scenario = plan.scenario
    responsive = sum(
        acute.payer.get(agency, 0.0) * plan.of("F", acute.id, loc, year) for acute in scenario.acute for loc in acute.demand
    )
    changes = 0.0
    for service in scenario.prevention:
        for loc in service.agencies.get(agency, ()):
            changes += at(service.setup_cost, year) * plan.of("up", service.id, agency, loc, year)
            changes += at(service.exit_cost, year) * plan.of("down", service.id, agency, loc, year)
    return PurseLine(
        agency=agency,
        year=year,
        budget=budget,
        prevention=plan.total("x", year, agency=agency),
        responsive=responsive,
        held=scenario.held_by(agency, year),
        change_costs=changes,
        contributed=plan.total("contrib", year, agency=agency),
        drawn=plan.total("draw", year, agency=agency),
        leaked=plan.of("leak", agency, year),
        brought=plan.of("carry", agency, year - 1),
        carried=plan.of("carry", agency, year),
        underspend=plan.of("under", agency, year),
    )


def outcome(plan: Plan) -> float:
    """The discounted, weighted effect of the reach bought, each group's best response used first."""
    scenario, total, z = plan.scenario, 0.0, plan.values.get("z", {})
    weight = {g.id: g.weight for g in scenario.groups}
    for service in scenario.prevention:
        reached = service.reach()
        for year in scenario.years:
            each = service.outcome * worth(scenario, service, year)
            for group, locality in reached:
                segments = service.segments[group][locality]
                left = sum([z[service.id, group, locality, k, year] for k in range(len(segments))])
                for width, slope in segments:
                    used = left if width is None else min(left, width)
                    total, left = total + each * weight[group] * slope * used, left - used
    return total


def objective(plan: Plan, reached: float) -> float:
    """The figure that the scenario reports, computed from the plan and not taken from the solver.

    reached: its outcome.
    The price of missing a priced share target steers the plan but is not part of the figure.
    """
    scenario, kind = plan.scenario, plan.scenario.objective.kind
    if kind == "outcome":
        return reached - (_unmet_price(plan, weighted=True) if scenario.objective.priced else 0.0)
    priced = _unmet_price(plan, weighted=False) if scenario.objective.priced else 0.0
    if kind == "cost":
        return sum(scenario.discount(t) * _spent(plan, t) for t in scenario.years) + priced
    q = {s.id: s.q for s in scenario.prevention}
    return sum(q[str(k[0])] * v for k, v in plan.values.get("x", {}).items()) - priced


def _spent(plan: Plan, year: int) -> float:
    setup = {s.id: at(s.setup_cost, year) for s in plan.scenario.prevention}
    growth = sum(setup[str(k[0])] * v for k, v in plan.values.get("up", {}).items() if k[-1] == year)
    return plan.total("x", year) + plan.total("F", year) + growth


def _unmet_price(plan: Plan, weighted: bool) -> float:
    scenario, total = plan.scenario, 0.0
    weight = {g.id: g.weight if weighted else 1.0 for g in scenario.groups}
    for service in scenario.acute:
        if service.penalty is not None:
            for group, locality in service.needs():
                for year in scenario.years:
                    price = scenario.discount(year) * at(service.penalty, year) * weight[group]
                    total += price * plan.of("u", service.id, group, locality, year)
    return total


def share_price(plan: Plan) -> float:
    """The discounted price of what is missing from a priced share target."""
    scenario = plan.scenario
    if scenario.share_penalty is None:
        return 0.0
    price = scenario.share_penalty
    return sum(scenario.discount(t) * at(price, t) * plan.of("short", t) for t in scenario.years)
