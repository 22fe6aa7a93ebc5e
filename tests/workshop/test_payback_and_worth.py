"""Who pays and gains, when it pays back, and what it is worth: sums worked by hand, and the plan's own figures."""

import copy
import re
from dataclasses import replace
from math import ceil
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.release import Release
from rcs_core.workshop.couple import Levers, Preset, starting_scenario
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.explain.beside import Lasting
from rcs_core.workshop.scenario.explain.bought import bought
from rcs_core.workshop.scenario.explain.funding import fund
from rcs_core.workshop.scenario.explain.payback import Account, Flow, PayBack, pay_back
from rcs_core.workshop.scenario.explain.worth import View, worths
from rcs_core.workshop.shift import THOUSAND, Shift, try_shift
from rcs_core.workshop.why import payback, worth
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_couple import a_release
from tests.workshop.test_scenario_format import SMALL

BRIDGE = {"id": "bridge", "contrib_max": {}, "draw": {"council": ["support"]}, "seed": 20.0}
SLOPES = "/prevention/0/segments/G1/L1/"


def solved(acute: dict[str, Any] | None = None, **changed: Any) -> tuple[Scenario, Result]:
    """The small scenario with parts of it replaced, and its plan."""
    content = copy.deepcopy(SMALL) | changed
    content["acute"][0] |= acute or {}
    scenario = parse_scenario(content)
    return scenario, solve(scenario)


def accounts(scenario: Scenario, result: Result) -> PayBack:
    """Who pays and gains."""
    return pay_back(scenario, result, fund(scenario, result))


def test_what_is_paid_and_released_by_hand_leaves_the_payer_short_within_the_plan() -> None:
    found = accounts(*solved())
    council = found.accounts[0]
    assert council.cumulative() == pytest.approx((-20.0, -25.0))
    assert council.cumulative(discounted=True) == pytest.approx((-20.0, -20.0 - 5 / 1.035))
    assert council.back() is None
    assert (found.twice.first, found.twice.total, found.twice.own) == (2, pytest.approx(20.0), pytest.approx(20.0))
    assert (found.twice.waiting.lag, found.twice.waiting.acts) == (1, 2)


def test_what_pays_back_is_back_in_the_first_year_that_is_never_out_of_pocket_again() -> None:
    found = accounts(*solved({"unit_cost": 2.0}, agencies=[{"id": "council", "budget": 220.0}]))
    assert found.whole.cumulative() == pytest.approx((-20.0, 0.0))
    assert (found.whole.back(), found.whole.back(discounted=True)) == (2, None)


def test_money_from_outside_that_nobody_promised_is_unfunded_and_never_counts_as_paid_back() -> None:
    scenario, result = solved(agencies=[{"id": "council", "budget": 100.0}], pools=[BRIDGE])
    found = accounts(scenario, result)
    assert (found.twice.total, found.twice.unfunded, found.twice.own) == (pytest.approx(20.0), pytest.approx(20.0), 0.0)
    assert found.whole.cumulative()[0] == pytest.approx(-20.0)
    known = [{"path": "/pools/0/seed", "state": "measured"}]
    promised = accounts(*solved(agencies=[{"id": "council", "budget": 100.0}], pools=[BRIDGE], provenance=known))
    assert (promised.twice.promised, promised.twice.unfunded) == (pytest.approx(20.0), 0.0)


def test_money_from_a_purse_that_is_not_modelled_is_not_said_to_be_there() -> None:
    scenario, result = solved(agencies=[{"id": "council", "budget": None}])
    twice = accounts(scenario, result).twice
    assert (twice.own, twice.promised) == (0.0, 0.0)
    assert twice.unfunded == twice.total > 0


def test_why_nothing_is_released_is_known_a_lag_beyond_the_plan_or_a_cost_that_never_cashes() -> None:
    late = copy.deepcopy(SMALL["prevention"])
    late[0]["lag"] = 3
    found = accounts(*solved(prevention=late)).twice
    assert (found.first, found.waiting.lag, found.waiting.acts) == (None, 3, None)
    never = accounts(*solved({"cashable": 0.0, "decommission_max": 0.0})).twice
    assert (never.first, never.waiting.bites, never.waiting.uncashed) == (None, 2, ("homes",))


def test_in_a_pool_the_partner_that_pays_in_is_the_one_that_pays() -> None:
    pool = {"id": "joint", "contrib_max": {"nhs": 30.0}, "draw": {"council": ["support"]}, "seed": 0}
    purses = [{"id": "council", "budget": 10.0}, {"id": "nhs", "budget": 100.0}]
    found = accounts(*solved({"payer": {"nhs": 1.0}}, agencies=purses, pools=[pool]))
    by = {a.agency: a for a in found.accounts}
    assert by["council"].cumulative() == pytest.approx((-10.0, -20.0))
    assert by["nhs"].cumulative() == pytest.approx((0.0, 0.0))
    assert by["nhs"].total("released") == pytest.approx(20.0)


def credited(years: int, **changed: Any) -> tuple[Scenario, Result]:
    """The small scenario with years after it that count."""
    return solved(objective={"kind": "outcome", "terminal_credit_years": years}, **changed)


def test_present_values_ratio_and_break_even_are_the_sums_worked_by_hand() -> None:
    cost = 20 + 30 / 1.035
    for after, gain in ((0, 25 / 1.035), (1, 25 / 1.035 + 30 / 1.035**2)):
        found = worths(*credited(after), draws=5, seed=1).services[0]
        assert found.cost == pytest.approx(cost)
        assert found.benefit[View.CAPACITY] == pytest.approx(gain)
        assert found.ratio(View.CAPACITY) == pytest.approx(gain / cost)
        assert found.net(View.PAYERS) == pytest.approx(gain - cost)
        assert found.needed[View.CAPACITY] == pytest.approx(cost / gain)
        assert found.chance[View.CAPACITY] is None


def test_what_never_cashes_is_released_capacity_and_no_money() -> None:
    found = worths(*solved({"cashable": 0.0, "decommission_max": 0.0}), draws=5, seed=1).whole
    assert found.benefit[View.CAPACITY] == pytest.approx(25 / 1.035)
    assert (found.benefit[View.CASH], found.needed[View.CASH]) == (pytest.approx(0.0), None)


def test_the_chance_is_that_of_the_range_given_and_there_is_none_where_none_is_known() -> None:
    ranges = [
        {"path": f"{SLOPES}{k}/1", "state": "group_estimate", "low": slope / 2, "high": slope * 1.5}
        for k, slope in enumerate((2.0, 0.5))
    ]
    found = worths(*credited(1, provenance=ranges), draws=4000, seed=7)
    needed = (20 + 30 / 1.035) / (25 / 1.035 + 30 / 1.035**2)
    assert found.services[0].chance[View.CAPACITY] == pytest.approx(1 - (needed - 0.5) ** 2 / 0.5, abs=0.025)
    assert (found.draws, found.seed) == (4000, 7)
    dark = [*ranges, {"path": "/acute/0/cashable", "state": "missing", "low": 0.0, "high": 1.0}]
    unknown = worths(*credited(1, provenance=dark), draws=50, seed=7).whole
    assert unknown.chance[View.CAPACITY] is not None
    assert unknown.chance[View.CASH] is None


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 100_000))
def test_a_plan_carried_out_beside_others_costs_what_the_solved_plan_costs(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    assume(result.status == "optimal")
    lasting = Lasting.of(scenario, result, 0)
    care = lasting.care(lasting.plan)
    for d in scenario.acute:
        mine = np.broadcast_to(care.cost[d.id], (1, scenario.horizon))[0]
        real = [sum(line.cost for line in result.responsive if (line.service, line.year) == (d.id, t)) for t in scenario.years]
        assert mine == pytest.approx(real, rel=1e-4, abs=1e-4)


def test_what_a_years_money_buys_is_set_beside_what_it_would_have_to_avoid() -> None:
    ranges = [{"path": f"{SLOPES}{k}/1", "state": "measured", "low": s / 2, "high": s} for k, s in enumerate((2.0, 0.5))]
    one = bought(*solved(provenance=ranges))[0]
    assert (one.amount, one.avoided[0].likely, one.avoided[0].low) == tuple(pytest.approx(v) for v in (30.0, 30.0, 15.0))
    assert (one.avoided[0].units(one.amount), one.short) == (30, pytest.approx(0.0))
    capped = bought(*solved({"preventable": 0.2}))[0]
    assert (capped.avoided[0].likely, capped.avoided[0].low) == (pytest.approx(20.0), None)


@pytest.fixture(scope="module")
def release() -> Release:
    """The small release."""
    return a_release()


def test_half_the_effects_is_half_of_their_ranges_too(release: Release) -> None:
    whole, half = (
        {p.path: (p.low, p.high) for p in starting_scenario(release, Levers.of(Preset.SHIFT_2, effect_scale=k)).provenance}
        for k in (1.0, 0.5)
    )
    path = next(path for path, (_, high) in whole.items() if path.endswith("/0/1") and high)
    assert half[path] == pytest.approx(tuple((end or 0.0) / 2 for end in whole[path]))


def shift_at(release: Release, depth: Depth) -> Shift:
    """A shift of two points at a depth."""
    return try_shift(release, Levers.of(Preset.SHIFT_2, depth=depth))


def test_the_words_hold_the_models_figures_and_say_what_is_short(release: Release) -> None:
    shift = shift_at(release, Depth.EVIDENCE)
    back = accounts(shift.scenario, shift.result)
    twice = payback.double_running(release, shift, back, fund(shift.scenario, shift.result))
    assert re.match(
        r"Nothing releases within the plan, to 2030-31: £370,479 double running against no reserves; £370,479 unf", twice.text
    )
    assert twice.value("0.total") == pytest.approx(back.twice.total * THOUSAND)
    assert "nothing of what they cost cashes" in twice.text
    assert payback.whole(shift, back).value("short") == pytest.approx(back.whole.cumulative(discounted=True)[-1] * THOUSAND)
    assert payback.table(shift, back)["Paid back"].tolist() == [payback.NEVER] * 2
    found = bought(shift.scenario, shift.result)
    said, first = worth.breaks_even(shift, found)[0], found[0]
    assert said.value("units") == ceil(first.amount / first.avoided[0].unit_cost)
    assert said.value("short") == pytest.approx((first.amount - first.avoided[0].likely * first.avoided[0].unit_cost) * THOUSAND)
    assert re.search(
        r"breaks even at 1 of 12 placements avoided all year .*; published evidence says 0 to 0.79, likely 0.79:", said.text
    )


def test_a_plan_that_cuts_first_and_pays_later_is_said_with_the_side_on_which_it_is(release: Release) -> None:
    shift = shift_at(release, Depth.EVIDENCE)
    flows = (
        Flow(1, 0.0, 0.0, -10.0, 0.0, 0.0),
        Flow(2, -10.2, 0.0, 0.0, 0.0, 0.0),
    )  # 10 less spent now, 10.2 more to pay in a year
    back = accounts(shift.scenario, shift.result)
    found = payback.whole(shift, replace(back, whole=Account("", flows, 0.035)))
    assert "£10,000 less is paid for prevention and £10,200 more is paid for responsive services" in found.text
    assert found.text.endswith("it is £145 better off.")  # 10 - 10.2 / 1.035


def test_cost_and_benefit_are_said_with_whose_benefit_it_is_and_from_which_draws(release: Release) -> None:
    shift = shift_at(release, Depth.ESTIMATE)
    found = worths(shift.scenario, shift.result, 40, 2026)
    head, table = worth.headline(shift, found), worth.table(shift, found)
    assert "(all partners)" in head.text
    assert all(words in head.basis for words in ("40 draws, seed 2026", "3 years after", "Green Book"))
    assert head.value("0.each") == pytest.approx(found.whole.benefit[View.CAPACITY] / found.whole.cost)
    assert table["Service"].tolist()[-1] == worth.WHOLE
    assert table["Cost (£)"].iloc[-1] == pytest.approx(found.whole.cost * THOUSAND, abs=0.01)
    assert len([c for c in table.columns if c.startswith("For each £1: ")]) == len(View)


def test_where_a_shift_is_only_discussed_nothing_is_claimed_to_come_back(release: Release) -> None:
    shift = shift_at(release, Depth.DISCUSS)
    back = accounts(shift.scenario, shift.result)
    told = [payback.double_running(release, shift, back, fund(shift.scenario, shift.result)), payback.pocket(shift, back)]
    told += [payback.whole(shift, back)]
    assert "No effect is used" in told[0].text
    assert "not claimed" in told[1].text
    assert not [c for c in payback.table(shift, back).columns if "eleased" in c or "etter" in c]
    sentences, table = worth.would_need(release, shift, bought(shift.scenario, shift.result))
    assert all("breaks even at" in one.text or "would have to avoid" in one.text for one in sentences)
    assert len(sentences) == (~table["Would have to be avoided"].str.startswith("Nobody")).sum() > 0
