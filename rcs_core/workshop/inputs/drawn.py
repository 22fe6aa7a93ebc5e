"""Whether a plan from estimates holds: worked out anew with other values within the ranges, and tried on other need.

Draws are those of `explore.redrawn`: every range that the scenario states, each a triangle from low over likely to high. A
draw holds the plan where the same services gain as in the plan from the likely values. The same question, the same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.couple.build import has_trend, scenario_of
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Course, Levers
from rcs_core.workshop.explore.redrawn import Redrawn, redrawn
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario import Result, Scenario, solve
from rcs_core.workshop.scenario.format import at


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
    return of(redrawn(scenario_of(inputs, levers, release), count, told=told), inputs.names)


def of(found: Redrawn, names: Mapping[str, str]) -> Drawn:
    """How often a plan held, of a plan that was worked out anew."""
    rows = []
    for service, likely in zip(found.services, found.likely_ways, strict=True):
        up, down, _ = found.counted(service)
        if up or down or likely > 0:
            rows.append((names.get(service, service), "Yes" if likely > 0 else "No", up, down))
    columns = ["Service", "Gains in the plan", "Draws in which it gains", "Draws in which it loses"]
    table = pd.DataFrame(rows, columns=columns).sort_values(columns[2:], ascending=[False, True]).reset_index(drop=True)
    return Drawn(found.n, found.held, found.impossible, table)


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
