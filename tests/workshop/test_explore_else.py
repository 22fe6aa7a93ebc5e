"""Must-haves, trades, weights and no-regret moves, by hand; and that nothing is optimised where a shift is only discussed."""

from dataclasses import replace

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.explore.choices import Kind, choices, kind_of, trades
from rcs_core.workshop.explore.else_rules import else_rules, number, numbers
from rcs_core.workshop.explore.weights import Weights, Whose, by_cost, sensitivity, weighed, weight_sets
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.alternatives import Span
from rcs_core.workshop.scenario.contained import paths
from tests.workshop.else_cases import tiny, two_purses


def test_a_range_says_what_a_service_is() -> None:
    ranges = {
        (101.0, 120.0): Kind.MUST_HAVE, (99.5, 120.0): Kind.REAL_CHOICE, (50.0, 101.0): Kind.REAL_CHOICE,
        (99.5, 100.5): Kind.HELD, (50.0, 100.5): Kind.LEAVE_OUT, (0.0, 99.0): Kind.MUST_CUT,
    }  # fmt: skip
    assert {ends: kind_of(100.0, Span(*ends)) for ends in ranges} == ranges


def test_a_service_with_nothing_today_gains_by_anything() -> None:
    assert kind_of(0.0, Span(0.0, 0.0)) is Kind.HELD
    assert kind_of(0.0, Span(1.0, 2.0)) is Kind.MUST_HAVE


def test_the_service_that_does_most_is_a_must_have_and_of_two_alike_there_is_a_choice() -> None:
    """Pace 30: both (1.6 a pound) takes 20, ten pounds (1.0 each) go to north or south; 42 in all. 5% of 42 is 2.1."""
    scenario = parse_scenario(two_purses())
    found = choices(scenario, solve(scenario))
    assert found.slacks == numbers("slacks")
    assert (found.of(0.05, Kind.MUST_HAVE), found.of(0.05, Kind.REAL_CHOICE)) == (["both"], ["north", "south"])
    assert found.found.gain.size == pytest.approx(42.0)
    both = found.found.within(0.05).last["both"]
    assert (both.least, both.most) == pytest.approx((20 - 2.1 / 0.6, 20))


def test_a_choice_trades_against_what_then_has_less_and_more() -> None:
    scenario = parse_scenario(two_purses())
    result = solve(scenario)
    found = choices(scenario, result, (0.05,))
    at_least = [t for t in trades(scenario, result, found.within(0.05)) if t.service == "both" and not t.most]
    plan = paths(scenario, result)
    assert len(at_least) == 1
    assert at_least[0].last["both"] == pytest.approx(-3.5, abs=1e-4)
    assert sum(at_least[0].last.values()) == pytest.approx(0.0, abs=1e-4)
    assert at_least[0].lost == pytest.approx(2.1, abs=1e-4)
    assert plan["both"] == [pytest.approx(20.0)]


def test_weights_decide_the_plan_and_a_move_under_all_of_them_is_no_regret() -> None:
    """A's purse alone: north does 1.0 a pound and both 0.8, so 20 go to north and 10 to both; B's the other way about."""
    scenario = parse_scenario(two_purses())
    assert by_cost(scenario)
    found = sensitivity(scenario, weight_sets(scenario))
    plans = {(p.weights.whose, p.weights.of): p for p in found.plans}
    own_a, own_b = plans[Whose.PURSE, "A"], plans[Whose.PURSE, "B"]
    assert (own_a.spend["north"], own_a.spend["both"]) == ([pytest.approx(20.0)], [pytest.approx(10.0)])
    assert (own_b.spend["south"], own_b.spend["both"]) == ([pytest.approx(20.0)], [pytest.approx(10.0)])
    assert own_a.gain == pytest.approx(28.0)
    assert "both" in found.no_regret
    assert set(found.elsewhere) | set(found.present) == {"north", "south", "both"}
    assert (Whose.PURSE, "P") not in plans


def test_each_agency_s_loss_under_another_s_weights_is_as_by_hand() -> None:
    """Under B's plan A's need is acted on by the 10 of both alone: 8 of the 28 that its own plan would bring."""
    scenario = parse_scenario(two_purses())
    found = sensitivity(scenario, weight_sets(scenario))
    loss = next(x for x in found.losses if x.agency == "A" and x.chosen_by.of == "B")
    assert (loss.lost, loss.share) == pytest.approx((20.0, 20 / 28), abs=1e-6)


def test_a_move_that_another_s_plan_leaves_out_tells_what_it_would_cost_there() -> None:
    """Under one purse the other's service is left out; to make it all the same takes ten pounds from both, at 0.8 each."""
    scenario = parse_scenario(two_purses())
    found = sensitivity(scenario, weight_sets(scenario))
    aside = next(s for s in found.present if s != "both")
    other = next(p for p in found.plans if p.weights.whose is Whose.PURSE and p.moves.get(aside) != 1)
    amount = found.plans[0].spend[aside][0]
    assert other.regret[aside] == pytest.approx(0.8 * amount / 28, abs=1e-6)
    assert all(p.regret.get("both", 0.0) == 0.0 for p in found.asked)


def test_the_present_plan_is_the_plan_that_is_shown() -> None:
    scenario = parse_scenario(two_purses())
    result, found = solve(scenario), sensitivity(parse_scenario(two_purses()), weight_sets(scenario))
    assert found.plans[0].result.spend == result.spend


def test_weights_that_touch_nothing_are_refused() -> None:
    scenario = parse_scenario(two_purses())
    for worth in ({"nowhere": 1.0}, {}):
        with pytest.raises(ScenarioError, match="these weights cannot decide a plan"):
            weighed(scenario, Weights("none", worth))


def test_weights_of_votes_can_be_given_by_name() -> None:
    scenario = parse_scenario(two_purses())
    votes = Weights("votes", {"of_a": 3.0, "of_b": 1.0})
    found = sensitivity(scenario, [weight_sets(scenario)[0], votes])
    assert found.plans[1].moves == {"north": 1, "both": 1}


def test_where_a_shift_is_only_discussed_nothing_is_optimised() -> None:
    scenario = replace(parse_scenario(two_purses()), depth="discuss")
    result = solve(scenario)
    with pytest.raises(ScenarioError, match="nothing is optimised where a shift is only discussed"):
        choices(scenario, result)
    with pytest.raises(ScenarioError, match="nothing is optimised where a shift is only discussed"):
        sensitivity(scenario, weight_sets(scenario))


def test_weights_need_a_plan_that_is_for_an_outcome() -> None:
    scenario = parse_scenario(tiny() | {"objective": {"kind": "prevention_spend"}})
    with pytest.raises(ScenarioError, match="weights decide only where the plan is for an outcome"):
        sensitivity(scenario, weight_sets(scenario))


def test_every_number_of_the_contract_has_its_source() -> None:
    assert all(rule.unit and rule.source and rule.date and rule.note for rule in else_rules().values())
    assert numbers("slacks") == (0.01, 0.02, 0.05)
    assert 0 < number("knee") < 1
