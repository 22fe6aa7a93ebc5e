"""Near-optimal ranges: by hand, against an independent linear programme, nested, and exact with yes-or-no choices."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.alternatives import Alternatives, alternatives
from rcs_core.workshop.scenario.contained import paths
from rcs_core.workshop.scenario.format import Scenario
from tests.workshop.else_cases import Nearly, tiny
from tests.workshop.scenario_cases import random_scenario

SLACKS = (0.01, 0.02, 0.05)
CLOSE = 1e-5


def found_in(scenario: Scenario, slacks: tuple[float, ...] = SLACKS) -> Alternatives | None:
    try:
        return alternatives(scenario, slacks)
    except ScenarioError:
        return None


def test_a_slack_is_a_share_of_the_gain_and_ranges_are_as_by_hand() -> None:
    found = alternatives(parse_scenario(tiny()), SLACKS)
    last_pound = 0.5 / 1.035
    assert found.gain.plan == pytest.approx(53.985507)
    assert found.gain.nothing == 0.0
    for near in found.near:
        given_up = near.slack * 53.985507
        assert near.bound == pytest.approx(53.985507 - given_up)
        assert (near.last["support"].least, near.last["support"].most) == pytest.approx((30 - given_up / last_pound, 30))
        assert (near.total["support"].least, near.total["support"].most) == pytest.approx((50 - given_up / last_pound, 50))


def test_what_today_s_services_do_is_no_part_of_the_slack() -> None:
    """Support runs at 30 already and may go on: there is nothing to gain, so nothing may be given up either."""
    content = tiny()
    content["prevention"][0] |= {"agencies": {"A": {"L": 30.0}}, "base_reach": {"G": {"L": 30.0}}}
    content["agencies"][0]["budget"] = 130.0
    found = alternatives(parse_scenario(content), (0.05,))
    assert found.gain.size == 0.0
    assert found.near[0].last["support"].least == pytest.approx(30.0)


@pytest.mark.parametrize("seed", [3, 8, 21, 34])
def test_every_range_is_that_of_an_independent_linear_programme(seed: int) -> None:
    content = random_scenario(seed)
    found = found_in(parse_scenario(content), (0.05,))
    other = Nearly(content, 0.05 * found.gain.size if found else 0.0)
    assert (found is None) == (other.status != "optimal")
    if found is None:
        return
    for service, last in found.near[0].last.items():
        total = found.near[0].total[service]
        assert (last.least, last.most) == pytest.approx(other.span(service, [content["horizon"]]), rel=CLOSE, abs=CLOSE)
        assert (total.least, total.most) == pytest.approx(other.span(service, list(other.years)), rel=CLOSE, abs=CLOSE)


@settings(max_examples=8)
@given(st.integers(1000, 9000))
def test_a_wider_slack_has_the_narrower_one_s_ranges_and_the_plan_is_in_all_of_them(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    found = found_in(scenario)
    if found is None:
        return
    path = paths(scenario, solve(scenario))
    for service, years in path.items():
        before = None
        for near in found.near:
            last, total = near.last[service], near.total[service]
            assert last.least - CLOSE <= years[-1] <= last.most + CLOSE
            assert total.least - CLOSE <= sum(years) <= total.most + CLOSE
            if before is not None:
                assert last.least <= before.least + CLOSE
                assert before.most <= last.most + CLOSE
            before = last


def indivisible() -> Scenario:
    """Two services that run from a least scale up or not at all, and one that can have any amount, in two years."""
    content = tiny()
    scales = {"first": (12.0, 1.4), "second": (9.0, 1.1)}
    for name, (least, slope) in scales.items():
        service = tiny()["prevention"][0] | {"id": name, "segments": {"G": {"L": [[18.0, slope]]}}, "min_scale": least}
        content["prevention"].append(service)
    return parse_scenario(content)


def test_with_yes_or_no_choices_ranges_are_those_of_all_choices_tried_one_by_one() -> None:
    scenario = indivisible()
    found = alternatives(scenario, (0.05,))
    near, ranges = found.near[0], list[Alternatives]()
    for runs in itertools.product((False, True), repeat=4):
        one = found_in(_chosen(scenario, runs), (0.0,))
        if one is not None and one.gain.plan >= near.bound - 1e-9:
            room = one.gain.plan - near.bound
            ranges.append(alternatives(_chosen(scenario, runs), (room / one.gain.size,)))
    for service, last in near.last.items():
        assert last.least == pytest.approx(min(r.near[0].last[service].least for r in ranges), abs=1e-6)
        assert last.most == pytest.approx(max(r.near[0].last[service].most for r in ranges), abs=1e-6)


def _chosen(scenario: Scenario, runs: tuple[bool, ...]) -> Scenario:
    """The scenario with every yes-or-no choice made: at least the scale, or nothing."""
    made, choices = [], iter(runs)
    for service in scenario.prevention:
        if service.min_scale is None:
            made.append(service)
            continue
        on = [next(choices) for _ in scenario.years]
        floor, most = tuple(float(service.min_scale) if run else 0.0 for run in on), tuple(1e3 if run else 0.0 for run in on)
        made.append(replace(service, min_scale=None, floor=floor, capacity=most))
    return replace(scenario, prevention=tuple(made))


def test_where_nothing_limits_a_service_its_most_is_without_end() -> None:
    content = tiny()
    content["agencies"].append({"id": "B", "budget": None})
    free = tiny()["prevention"][0] | {"id": "free", "agencies": {"B": {"L": 1.0}}, "outcome": 0.0}
    content["prevention"].append(free | {"segments": {"G": {"L": [[None, 0.0]]}}, "acts_on": {}})
    near = alternatives(parse_scenario(content), (0.01,)).near[0]
    assert (near.last["free"].least, near.last["free"].most) == (0.0, float("inf"))


def test_without_a_plan_nothing_can_be_nearly_as_good() -> None:
    content = tiny()
    content["agencies"][0]["budget"] = 50.0
    with pytest.raises(ScenarioError, match="there is no plan to set others beside"):
        alternatives(parse_scenario(content), SLACKS)
