"""The plan tried on other need: as today, a tenth less and more, and as its history goes on."""

from dataclasses import replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.couple.build import has_trend, scenario_of
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Course, Levers
from rcs_core.workshop.scenario import Result, Scenario, solve
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.sentence import Sentence, count, say


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
        _NEED, _HOLDS, "Prevention, change by the last year (£)",
        "More need than today would cost, last year (£)", "Why not",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def headline(table: pd.DataFrame) -> Sentence:
    """On how many of the courses that were tried every promise can hold, and which stop it."""
    holds = table[_HOLDS] == "Yes"
    stopped = [str(name).lower() for name in table.loc[~holds, _NEED]]
    tried = count(len(table), "course of need", "courses of need")
    if not stopped:
        return say("Every promise holds on all of {tried}.", tried=tried)
    names = stopped[0] if len(stopped) == 1 else f"{', '.join(stopped[:-1])} and {stopped[-1]}"
    return say(
        "Every promise holds on {held} of {tried}; it does not where need is {which}.",
        held=count(int(holds.sum())), tried=tried, which=names,
    )  # fmt: skip


_NEED, _HOLDS = "Need if nothing changes", "Every promise holds"


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
