"""Claims about a plan carried out in draws: at the likely values it is the solved plan, and its spread is the triangle's own."""

import copy
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.workshop.couple import Levers
from rcs_core.workshop.explore.fans import Fan, fans
from rcs_core.workshop.explore.ranges import kinds, with_need
from rcs_core.workshop.explore.redrawn import SHARES, redrawn
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.fixed_plan import needed_places, plan_of
from rcs_core.workshop.scenario.simulate import simulate
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.why import draws as why
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.small_release import a_release
from tests.workshop.test_scenario_format import SMALL

LEVERS = Levers.of("shift_2")
few = settings(max_examples=8, deadline=None, derandomize=True)


def in_triangle(rank: float, low: float, likely: float, high: float) -> float:
    """The value below which this share of a triangle lies, in closed form."""
    if rank <= (likely - low) / (high - low):
        return low + sqrt(rank * (high - low) * (likely - low))
    return high - sqrt((1 - rank) * (high - low) * (high - likely))


def needs(scenario: Scenario, result: Result) -> dict[str, list[float]]:
    """What need is left of each responsive service by year, as the solved plan says."""
    left: dict[str, list[float]] = {d.id: [0.0] * scenario.horizon for d in scenario.acute}
    for line in result.responsive:
        left[line.service][line.year - 1] += line.met + line.unmet
    return left


@few
@given(st.integers(0, 100_000))
def test_at_the_files_own_numbers_the_fan_is_the_solved_plan(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    assume(result.objective is not None)
    found = fans(scenario, result, 3)
    for service, by_year in needs(scenario, result).items():
        assert found.need[service].likely == pytest.approx(by_year, rel=1e-6, abs=1e-6)
    if scenario.objective.kind == "outcome" and not scenario.objective.priced:
        assert found.outcome.likely[0] == pytest.approx(result.objective, rel=1e-6, abs=1e-6)
    assert all(band.likely == pytest.approx(np.zeros(scenario.horizon), abs=1e-6) for band in found.shortfall.values())
    assert (found.short.share, found.drawn) == (0.0, ())


def test_need_that_nothing_acts_on_has_the_quantiles_of_its_triangle() -> None:
    content: dict[str, Any] = copy.deepcopy(SMALL)
    content["prevention"][0]["acts_on"] = {}
    idle = {"path": "/acute/0/preventable", "state": "measured", "low": 0.1, "high": 1.0}
    known = [idle] + [{"path": f"/acute/0/demand/L1/G1/{t}", "state": "measured", "low": 90.0, "high": 140.0} for t in (0, 1)]
    scenario = parse_scenario({**content, "provenance": known})
    found = fans(scenario, solve(scenario), 4000)
    expected = [in_triangle(share, 90, 100, 140) for share in SHARES]
    assert found.need["homes"].quantiles[:, -1] == pytest.approx(expected, abs=0.6)
    # both years are one draw, and the purse of 120 pays for 20 of prevention: it lacks what need is over 100
    assert np.array_equal(found.need["homes"].quantiles[:, 0], found.need["homes"].quantiles[:, 1])
    assert found.short.share == pytest.approx(1 - (100 - 90) / (140 - 90), abs=0.03)
    assert kinds(found.drawn) == {"need": 2}
    assert found.left_out == ("/acute/0/preventable",)


def test_places_are_not_kept_for_need_that_is_not_there() -> None:
    scenario = with_need(parse_scenario(SMALL))
    result = solve(scenario)
    assert not needed_places(scenario, result).places
    assert (
        simulate(scenario, needed_places(scenario, result)).objective == simulate(scenario, plan_of(scenario, result)).objective
    )
    assert (fans(scenario, result, 200).released.low >= -1e-9).all()
    assert (scenario.provenance[-1].low, scenario.provenance[-1].high) == (pytest.approx(90), pytest.approx(110))


def test_the_same_seed_is_the_same_fan_and_another_is_another() -> None:
    scenario = with_need(parse_scenario(SMALL))
    result = solve(scenario)
    first, again, other = (fans(scenario, result, 50, seed).need["homes"].quantiles for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def numbers(found: Sentence) -> dict[str, float]:
    """The figures of a sentence by name."""
    return {name: figure.value for name, figure in found.figures.items()}


def test_every_number_that_is_said_is_one_of_the_draws() -> None:
    shift = try_shift(a_release(), LEVERS)
    fan: Fan = fans(with_need(shift.scenario), shift.result, 300)
    first = why.uncertain(fan)[0]
    band = fan.need[first]
    said = why.need(shift, fan, first)
    assert numbers(said) == {"share": 0.9, "low": band.low[-1], "high": band.high[-1], "likely": band.likely[-1]}
    assert "seed 2026" in said.basis
    assert said.basis.startswith("300 draws of effects (")
    short = why.short(shift, fan)
    assert short.value("share") == fan.short.share
    assert short.value("middle") == 1000 * fan.short.by[2]
    assert why.released(shift, fan).value("high") == 1000 * fan.released.high[-1]
    ends = {(-3.0, 5.0, 2.0): "up to £3,000 more or £5,000 less; £2,000 less", (-3.0, 1.0, -2.0): "or £1,000 less; £2,000 more"}
    for (low, high, likely), told in (ends | {(-9.0, -1.0, -2.0): "costs between £1,000 and £9,000 more; £2,000 more"}).items():
        band = replace(fan.released, quantiles=np.array([[low], [0.0], [0.0], [0.0], [high]]), likely=np.array([likely]))
        assert told in why.released(shift, replace(fan, released=band)).text.replace("about ", "")
    falls = why.short_table(shift, fan)
    assert len(falls) == sum(one.share > 0 for one in fan.short_of.values())
    assert {s.value("share") for s in why.short_of(shift, fan)} <= {one.share for one in fan.short_of.values()}

    found = redrawn(shift.scenario, 20, result=shift.result)
    assert why.held(found).value("held") == found.held
    table = why.services_table(shift, found)
    counts = table.iloc[:, 1:4]
    assert (counts.sum(axis=1) + found.impossible == 20).all()
    told = why.gains(shift, found)
    assert len(told) == int((counts.iloc[:, :2].max(axis=1) > 0).sum())
    assert sorted(one.value("most") for one in told) == sorted(n for n in counts.iloc[:, :2].max(axis=1) if n)
    reached = why.reached(shift, found)
    assert reached is not None
    assert 0 <= reached.value("least") <= 1
