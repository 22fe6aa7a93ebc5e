"""What a fixed plan does to need and to responsive care, by draws and years: effect, reduction, care, places, cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.draws import Array, Inputs
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, Lines
from rcs_core.workshop.scenario.format import Prevention, Responsive

type Places = Literal["follow", "fixed"]
type ByGroup = dict[tuple[str, str, str], Array]
type ByPlace = dict[tuple[str, str], Array]
type Steps = tuple[str | int, ...]


@dataclass(slots=True)
class Effects:
    """The effect stock of every preventative service, what it takes off each need, and what reach counts for.

    acting: by (responsive service, group, locality). outcome: by draw.
    """

    stock: ByGroup = field(default_factory=dict)
    acting: ByGroup = field(default_factory=dict)
    outcome: Array = field(default_factory=lambda: np.zeros((1, 1)))


@dataclass(slots=True)
class Care:
    """What responsive services come to: by (service, group, locality) and, places and money, by (service, locality).

    nothing: what care would have cost without the plan.
    """

    reduction: ByGroup = field(default_factory=dict)
    met: ByGroup = field(default_factory=dict)
    unmet: ByGroup = field(default_factory=dict)
    capacity: ByPlace = field(default_factory=dict)
    cost: ByPlace = field(default_factory=dict)
    nothing: ByPlace = field(default_factory=dict)


def weights(inputs: Inputs) -> dict[str, Array]:
    """The weight of each group."""
    return {g.id: inputs.number(g.weight, "groups", i, "weight") for i, g in enumerate(inputs.scenario.groups)}


def discounts(inputs: Inputs, after: int = 0) -> Array:
    """The discount factor of each year, and of some years after the plan."""
    rate = inputs.number(inputs.scenario.discount_rate, "discount_rate")
    factors: Array = (1 + rate) ** -np.arange(inputs.scenario.horizon + after, dtype=float)[None, :]
    return factors


def prevent(inputs: Inputs, reached: Mapping[str, Lines]) -> Effects:
    """Carry out the preventative part of a plan: reached[service] is its reach by (group, locality)."""
    found, weight = Effects(), weights(inputs)
    for index, service in enumerate(inputs.scenario.prevention):
        here: Steps = ("prevention", index)
        lag = _whole(inputs.number(service.lag, *here, "lag"), service.id)
        kept = inputs.number(service.retention, *here, "retention")
        each = inputs.number(service.outcome, *here, "outcome") * _worth(inputs, lag, kept)
        acts_on = {d: inputs.number(a, *here, "acts_on", d) for d, a in service.acts_on.items()}
        for group, locality in service.reach():
            widths, slopes = _response(inputs, here, service, group, locality)
            base = inputs.number(service.base(group, locality), *here, "base_reach", group, locality)
            effect = filled(reached[service.id][group, locality][None, :], widths, slopes)
            stock = _built_up(effect - filled(base, widths, slopes), lag, kept)
            found.stock[service.id, group, locality] = stock
            for acute, size in acts_on.items():
                found.acting[acute, group, locality] = found.acting.get((acute, group, locality), 0.0) + size * stock
            found.outcome = found.outcome + (each * weight[group] * effect).sum(axis=1, keepdims=True)
    return found


def _whole(lag: Array, service: str) -> Array:
    if (lag < 0).any() or (lag != np.round(lag)).any():
        expected = "whole years, none below nought"
        raise ScenarioError("a lag that is no number of years", f"prevention {service}", str(lag.ravel()[:5]), expected)
    return lag.astype(int)


def _response(
    inputs: Inputs, here: Steps, service: Prevention, group: str, locality: str
) -> tuple[list[Array | None], list[Array]]:
    widths: list[Array | None] = []
    slopes: list[Array] = []
    for k, (width, slope) in enumerate(service.segments[group][locality]):
        steps = (*here, "segments", group, locality, k)
        widths.append(None if width is None else inputs.number(width, *steps, 0))
        slopes.append(inputs.number(slope, *steps, 1))
    return widths, slopes


def filled(reach: Array, widths: list[Array | None], slopes: list[Array]) -> Array:
    """The effect of reach with the first response used first; money beyond the last does nothing."""
    left, effect = reach, np.zeros((1, 1))
    for width, slope in zip(widths, slopes, strict=True):
        used = left if width is None else np.minimum(left, width)
        effect, left = effect + slope * used, left - used
    return effect


def _built_up(gain: Array, lag: Array, kept: Array) -> Array:
    """The stock of effect: what is left of the year before, and what was bought `lag` years ago."""
    years = gain.shape[1]
    bought = np.arange(years)[None, :] - lag
    rows = np.broadcast_shapes(gain.shape, bought.shape)
    come = np.take_along_axis(np.broadcast_to(gain, rows), np.broadcast_to(np.maximum(bought, 0), rows), axis=1)
    come = np.where(bought >= 0, come, 0.0)
    stock = [come[:, :1]]
    for year in range(1, years):
        stock.append(kept * stock[-1] + come[:, year : year + 1])
    return np.concatenate(np.broadcast_arrays(*stock), axis=1)


def _worth(inputs: Inputs, lag: Array, kept: Array) -> Array:
    """What a unit of effect bought in each year counts for: in that year, and (terminal credit) after the plan."""
    years, after = inputs.scenario.horizon, inputs.scenario.objective.terminal_credit_years
    factor = discounts(inputs, after)
    worth = factor[:, :years]
    for later in range(years, years + after):
        age = later - np.arange(years)[None, :] - lag
        worth = worth + np.where(age >= 0, factor[:, later : later + 1] * kept ** np.maximum(age, 0), 0.0)
    return worth


def respond(inputs: Inputs, plan: FixedPlan, acting: ByGroup, places: Places) -> Care:
    """Carry out the responsive part: need after prevention, care, places and cost of every service."""
    found = Care()
    for index, service in enumerate(inputs.scenario.acute):
        here: Steps = ("acute", index)
        share = inputs.yearly(service.preventable, *here, "preventable")
        for locality, groups in service.demand.items():
            needs = {g: inputs.yearly(need, *here, "demand", locality, g) for g, need in groups.items()}
            left: dict[str, Array] = {}
            for group, need in needs.items():
                key = (service.id, group, locality)
                found.reduction[key] = np.minimum(acting.get(key, np.zeros((1, 1))), share * need)
                left[group] = need - found.reduction[key]
            _local(inputs, here, service, locality, plan, needs, left, places, found)
    return found


def _local(
    inputs: Inputs, here: Steps, service: Responsive, locality: str, plan: FixedPlan,
    needs: dict[str, Array], left: dict[str, Array], places: Places, found: Care,
) -> None:  # fmt: skip
    """Care, places and cost of one service in one locality."""
    wanted = {}
    for group, need in left.items():
        key = (service.id, group, locality)
        wanted[group] = np.minimum(need, plan.ration.get(key, np.inf)) + plan.beyond.get(key, 0.0)
    total = _sum(list(wanted.values()))
    capacity, change = _places(inputs, here, service, locality, plan, needs, total, places)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(total > capacity, capacity / total, 1.0)
    for group, need in left.items():
        key = (service.id, group, locality)
        found.met[key] = wanted[group] * room
        found.unmet[key] = np.maximum(need - found.met[key], 0.0)
    unit, cashable = (inputs.yearly(getattr(service, k), *here, k) for k in ("unit_cost", "cashable"))
    opening, closing = (inputs.yearly(getattr(service, k), *here, k) for k in ("new_cost", "decommission_cost"))
    cost = unit * (cashable * total * room + (1 - cashable) * capacity)
    cost = cost + opening * np.maximum(change, 0.0) + closing * np.maximum(-change, 0.0)
    found.capacity[service.id, locality] = capacity
    found.cost[service.id, locality] = cost + plan.extra.get((service.id, locality), 0.0)
    found.nothing[service.id, locality] = unit * _sum(list(needs.values()))


def _sum(arrays: list[Array]) -> Array:
    total = np.zeros((1, 1))
    for array in arrays:
        total = total + array
    return total


def _places(
    inputs: Inputs, here: Steps, service: Responsive, locality: str, plan: FixedPlan,
    needs: dict[str, Array], wanted: Array, places: Places,
) -> tuple[Array, Array]:  # fmt: skip
    """Places by year and their change: what the plan keeps, what may not close yet, and what need opens."""
    start = (service.cap0 or {}).get(locality)
    before = _sum([n[:, :1] for n in needs.values()]) if start is None else inputs.number(start, *here, "cap0", locality)
    stays = 1 - inputs.yearly(service.decommission_max, *here, "decommission_max")
    kept: Array = before if places == "fixed" else np.zeros((1, 1))
    if (service.id, locality) in plan.places:
        kept = plan.places[service.id, locality][None, :]
    most: Array = np.full((1, 1), np.inf)
    if service.cap_max is not None and locality in service.cap_max:
        most = inputs.yearly(service.cap_max[locality], *here, "cap_max", locality)
    opened = np.minimum(wanted, most) if places == "follow" else np.zeros((1, 1))
    capacity, change = [], []
    for year in range(inputs.scenario.horizon):
        now = np.maximum(_year(stays, year) * before, np.maximum(_year(kept, year), _year(opened, year)))
        capacity.append(now)
        change.append(now - before)
        before = now
    joined = (np.concatenate(np.broadcast_arrays(*parts), axis=1) for parts in (capacity, change))
    return next(joined), next(joined)


def _year(array: Array, year: int) -> Array:
    return array[:, :1] if array.shape[1] == 1 else array[:, year : year + 1]
