"""Whether a plan from estimates holds: worked out anew with other values within the ranges, and tried on demand.

Each draw takes an effect, or a cashable share, from a triangle between its low, likely and high end. A draw holds the plan
where the same services gain as in the plan from the likely values. Draws are seeded: the same question, the same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.couple.build import has_trend, scenario_of
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Course, Levers
from rcs_core.workshop.couple.parts import Demanded, Effect, Inputs, Preventative
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario import Result, Scenario, solve
from rcs_core.workshop.scenario.format import at

SEED = 2026
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Drawn:
    """How often a plan held. services: by name, in how many of the draws each gains and loses."""

    draws: int
    held: int
    impossible: int
    services: pd.DataFrame

    @property
    def share(self) -> float:
        """The share of the draws in which the same services gain."""
        return self.held / self.draws if self.draws else 0.0

    @property
    def sentence(self) -> str:
        """How often it held, in words."""
        failed = f" In {self.impossible} of them the promises cannot all hold." if self.impossible else ""
        return f"The same services gain in {self.held} of {self.draws} draws ({self.share:.0%}).{failed}"


def gains(scenario: Scenario, result: Result) -> dict[str, int]:
    """The services that gain (1) or lose (-1) materially in the last year; the rest are left out."""
    spent: dict[str, float] = {}
    for line in result.spend:
        if line.year == scenario.horizon:
            spent[line.service] = spent.get(line.service, 0.0) + line.amount
    found = {}
    for service in scenario.prevention:
        start = sum(sum(by.values()) for by in service.agencies.values())
        change = spent.get(service.id, start) - start
        if abs(change) >= rule("material") * start:
            found[service.id] = 1 if change > 0 else -1
    return found


def drawn(release: Release, levers: Levers, draws: int | None = None, told: Callable[[float], object] | None = None) -> Drawn:
    """Work the plan out anew from values within the ranges; `told` hears how far it is."""
    inputs, count = read(release, levers), int(rule("draws")) if draws is None else draws
    scenario = scenario_of(inputs, levers, release)
    likely = _gaining(gains(scenario, solve(scenario)))
    rng, held, impossible = np.random.default_rng(SEED), 0, 0
    up, down = (dict.fromkeys((s.id for s in inputs.preventative), 0) for _ in range(2))
    for k in range(count):
        one = scenario_of(_draw(inputs, rng), levers, release)
        result = solve(one)
        if result.status != "optimal":
            impossible += 1
        else:
            moved = gains(one, result)
            held += _gaining(moved) == likely
            for service, way in moved.items():
                (up if way > 0 else down)[service] += 1
        if told:
            told((k + 1) / count)
    return Drawn(count, held, impossible, _frame(inputs, up, down, likely))


def _gaining(moved: Mapping[str, int]) -> frozenset[str]:
    return frozenset(s for s, way in moved.items() if way > 0)


def _frame(inputs: Inputs, up: Mapping[str, int], down: Mapping[str, int], likely: frozenset[str]) -> pd.DataFrame:
    rows = [(inputs.names[s], "Yes" if s in likely else "No", up[s], down[s]) for s in up if up[s] or down[s] or s in likely]
    columns = ["Service", "Gains in the plan", "Draws in which it gains", "Draws in which it loses"]
    return pd.DataFrame(rows, columns=columns).sort_values(columns[2:], ascending=[False, True]).reset_index(drop=True)


def _draw(inputs: Inputs, rng: np.random.Generator) -> Inputs:
    preventative = tuple(_with_effects(s, rng) for s in inputs.preventative)
    return replace(inputs, preventative=preventative, demanded=tuple(_with_cash(d, rng) for d in inputs.demanded))


def _with_effects(service: Preventative, rng: np.random.Generator) -> Preventative:
    return replace(service, effects=tuple(replace(e, likely=_effect(e, rng)) for e in service.effects))


def _effect(effect: Effect, rng: np.random.Generator) -> float:
    """A draw of an effect; harm is drawn as none, since this tool moves no money to what harms."""
    low = effect.likely if effect.low is None else effect.low
    high = effect.likely if effect.high is None else effect.high
    return max(_SAME, between(low, effect.likely, high, rng))


def _with_cash(d: Demanded, rng: np.random.Generator) -> Demanded:
    if d.cashable is None:
        return d
    low, high = d.cashable_range
    return replace(d, cashable=min(1.0, max(0.0, between(low, d.cashable, high, rng))))


def between(low: float, likely: float, high: float, rng: np.random.Generator) -> float:
    """A draw from the triangle of three values; the likely one where they leave no room."""
    bottom, top = min(low, likely), max(high, likely)
    return float(rng.triangular(bottom, likely, top)) if top - bottom > _SAME else likely


def courses(release: Release, levers: Levers) -> pd.DataFrame:
    """The plan tried on need as today, a tenth less and more, and as its trend: can every promise hold, and what moves."""
    inputs = read(release, levers)
    trend = any(has_trend(d) for d in inputs.demanded)
    rows = []
    for course in Course:
        if course is Course.TREND and not trend:
            continue
        scenario = scenario_of(inputs, replace(levers, course=course), release)
        result = solve(scenario)
        rows.append((course.label, *_met(scenario, result), _dearer(scenario), _clash(result)))
    columns = [
        "Need if nothing changes", "Every promise holds", "Prevention, change by the last year (£)",
        "More need than today would cost, last year (£)", "Why not",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _met(scenario: Scenario, result: Result) -> tuple[str, float | None]:
    if result.status != "optimal":
        return "No", None
    start = sum(sum(sum(by.values()) for by in s.agencies.values()) for s in scenario.prevention)
    spent = sum(line.amount for line in result.spend if line.year == scenario.horizon)
    return "Yes", round((spent - start) * 1000, 2)


def _dearer(scenario: Scenario) -> float:
    """What need beyond today's costs in the last year, if nothing moves (GBP)."""
    last, more = scenario.horizon, 0.0
    for d in scenario.acute:
        for locality in d.demand:
            more += at(d.unit_cost, last) * (d.need_in(locality, last) - d.capacity_before(locality))
    return round(more * 1000, 2)


def _clash(result: Result) -> str:
    if result.status == "optimal":
        return ""
    return f"{len(result.conflict or ())} promises clash: budgets are as today, and more is asked of them"
