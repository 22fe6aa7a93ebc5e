"""Plans worked by hand, one for each line of the format where a reasonable reader could differ.

Unless a case says otherwise: 120 a year for two years at 3.5%; care for 100 a year at a unit cost of 1, all cashable;
support does nothing yet, its first 10 pounds do 2.0 each and the next 20 do 0.5 each, a year later, for one year.
"""

import copy
import json
from typing import Any

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import Result, parse_scenario, solve
from rcs_core.workshop.scenario.simulate import disagreement
from tests.workshop.test_scenario_format import SMALL

LATER = 1 / 1.035


def case(support: dict[str, Any] | None = None, homes: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The small scenario with changes to its service, to its care and to itself."""
    content = copy.deepcopy(SMALL)
    content["prevention"][0] |= support or {}
    content["acute"][0] |= homes or {}
    return {**content, **changes}


def one_year(support: dict[str, Any] | None = None, homes: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The same for one year."""
    homes = {"demand": {"L1": {"G1": 100.0}}} | (homes or {})
    return case(support, homes, **{"horizon": 1, "agencies": [{"id": "council", "budget": 120.0}], **changes})


def solved(content: dict[str, Any]) -> Result:
    """The plan, which must also be the plan when it is carried out."""
    scenario = parse_scenario(content)
    result = solve(scenario)
    assert result.status == "optimal", result.messages
    assert disagreement(scenario, result) <= 1e-6
    return result


def spent(result: Result, service: str = "support") -> list[float]:
    """Spend on a service by year."""
    years = sorted({line.year for line in result.spend})
    return [sum(x.amount for x in result.spend if (x.service, x.year) == (service, year)) for year in years]


def costs(result: Result) -> list[float]:
    return [line.cost for line in result.responsive]


def near(*values: float) -> Any:
    return pytest.approx(list(values), abs=1e-6)


COUNCIL_AND_NHS = [{"id": "council", "budget": 120.0}, {"id": "nhs", "budget": 0.0}]


def test_leakage_is_of_the_payers_share_of_cost_that_fell_and_is_never_negative() -> None:
    half = {"payer": {"council": 0.5, "nhs": 0.5}, "cashable": 0.5, "decommission_max": 0.0}
    agencies = [{"id": "council", "budget": 80.0, "leak": 0.4}, {"id": "nhs", "budget": 60.0}]
    result = solved(case(homes=half, agencies=agencies))
    # 30 of the council's 80 buy an effect of 30; care costs 0.5 x 70 + 0.5 x 100 = 85, so 15 less, of which 7.5 is the
    # council's: 3 is lost. The rest of its purse is 80 - 30 - 42.5 - 3
    assert costs(result) == near(100, 85)
    assert [p.leaked for p in result.purses if p.agency == "council"] == near(0, 3)
    assert result.underspend[1]["amount"] == pytest.approx(4.5)
    # 130 places for 100: care costs 0.5 x 100 + 0.5 x 130, more than if nothing were done: nothing is lost, nothing is given back
    more = solved(
        one_year(homes=half | {"cap0": {"L1": 130.0}, "payer": {"council": 1.0}}, agencies=[agencies[0] | {"budget": 150}])
    )
    assert (costs(more), more.purses[0].leaked) == (near(115), 0.0)


def test_money_is_carried_through_a_year_up_to_the_reserve_and_not_beyond_the_plan() -> None:
    content = case(
        homes={"demand": {"L1": {"G1": 100.0}}, "penalty": None}, horizon=3, prevention=[],
        agencies=[{"id": "council", "budget": [110.0, 100.0, 95.0], "reserve_max": [20.0, 5.0, 50.0]}],
    )  # fmt: skip
    result = solved(content)
    assert [p.carried for p in result.purses] == near(5, 5, 0)
    assert [p.underspend for p in result.purses] == near(5, 0, 0)
    content["agencies"][0]["reserve_max"] = 4.0
    clash = solve(parse_scenario(content))
    assert clash.conflict == ("need[homes,G1,L1,3]", "budget[council,3]")
    assert [(r.promise, round(r.change, 6)) for r in clash.repairs] == [("need[homes,G1,L1,3]", -1.0), ("budget[council,3]", 1.0)]


def test_a_pool_lets_one_agency_release_what_another_spends_with_its_seed_by_year() -> None:
    pool = {"id": "joint", "contrib_max": {"council": 15.0}, "draw": {"nhs": ["support"]}, "seed": [5.0, 0.0]}
    content = case({"agencies": {"nhs": {"L1": 0.0}}}, agencies=COUNCIL_AND_NHS, pools=[pool])
    result = solved(content)
    # year 1: 15 paid in and the seed of 5; year 2: care costs 75, but only 15 may be paid in
    assert spent(result) == near(20, 15)
    assert result.objective == pytest.approx(25 + 22.5 * LATER)
    assert [x.draw for x in result.pools if x.agency == "nhs"] == near(20, 15)
    assert solved({**content, "pools": [{**pool, "draw": {"nhs": []}}]}).objective == pytest.approx(0)
    assert solved({**content, "pools": []}).objective == pytest.approx(0)


def test_a_draw_is_no_more_than_the_agencys_own_spend_on_what_is_funded() -> None:
    pool = {"id": "joint", "contrib_max": {}, "draw": {"council": ["homes"]}, "seed": 50.0}
    shared = {"payer": {"council": 0.25, "nhs": 0.75}, "demand": {"L1": {"G1": 40.0}}}
    content = one_year(homes=shared, pools=[pool], agencies=[{"id": "council", "budget": 5.0}, {"id": "nhs", "budget": 30.0}])
    # the council's share of care is 10: it draws at most that, and its own 5 and no more go to support
    result = solved(content)
    assert (spent(result), result.pools[0].draw) == (near(5), pytest.approx(10))


def test_a_cut_costs_what_leaving_costs_and_the_need_that_comes_back() -> None:
    running = {"agencies": {"council": {"L1": 30.0}}, "base_reach": {"G1": {"L1": 30.0}}, "exit_cost": 0.2}
    result = solved(case(running, agencies=[{"id": "council", "budget": 115.0}]))
    # year 1: x + 0.2 (30 - x) = 15, so 11.25, an effect of 20.625, 9.375 less than before
    # year 2: 115 - 109.375 = 5.625 = x + 0.2 (11.25 - x), so 4.21875
    assert spent(result) == near(11.25, 4.21875)
    assert result.responsive[1].met == pytest.approx(109.375)
    assert result.objective == pytest.approx(20.625 + 8.4375 * LATER)


def test_set_up_is_part_of_the_cost_that_is_made_least_and_exit_is_not() -> None:
    weak = {"segments": {"G1": {"L1": [[10, 0.1]]}}, "agencies": {"council": {"L1": 10.0}}, "base_reach": {"G1": {"L1": 10.0}}}
    cut = solved(one_year(weak | {"exit_cost": 0.5}, objective={"kind": "cost"}))
    assert (cut.objective, cut.purses[0].change_costs, cut.purses[0].underspend) == pytest.approx((100, 5, 15))
    grown = solved(one_year({"setup_cost": 0.1, "floor": 10.0}, objective={"kind": "cost"}))
    assert grown.objective == pytest.approx(100 + 10 + 1)


def test_places_that_are_missing_are_opened_at_their_cost() -> None:
    result = solved(one_year(homes={"cap0": {"L1": 90.0}, "new_cost": 0.5, "cashable": 0.5}))
    assert (result.responsive[0].capacity, costs(result)) == (pytest.approx(100), near(105))
    assert spent(result) == near(15)


@pytest.mark.parametrize(("closing", "capacity", "cost"), [(0.3, 80.0, 86.0), (2.0, 100.0, 100.0)])
def test_places_close_where_that_costs_less_than_keeping_them(closing: float, capacity: float, cost: float) -> None:
    homes = {"demand": {"L1": {"G1": [100.0, 50.0]}}, "cashable": 0.0, "decommission_max": 0.2, "decommission_cost": closing}
    result = solved(case({"capacity": 0.0}, homes))
    assert (result.responsive[1].capacity, costs(result)) == (pytest.approx(capacity), near(100, cost))


def test_the_floor_of_care_is_on_its_cost_and_leaves_less_for_support() -> None:
    result = solved(case(homes={"floor": [0.0, 95.0]}))
    assert (costs(result), spent(result)) == (near(100, 95), near(20, 25))
    assert result.objective == pytest.approx(25 + 27.5 * LATER)


def test_floor_and_capacity_of_a_service_count_all_agencies_and_localities() -> None:
    wide = {
        "agencies": {"council": {"L1": 0.0, "L2": 0.0}, "nhs": {"L1": 0.0}},
        "segments": {"G1": {"L1": [[30, 2.0]], "L2": [[30, 1.0]]}},
    }
    agencies = [{"id": "council", "budget": 120.0}, {"id": "nhs", "budget": 4.0}]
    result = solved(one_year(wide | {"capacity": 12.0}, localities=["L1", "L2"], agencies=agencies))
    assert result.objective == pytest.approx(24)
    needed = solved(one_year(wide | {"floor": 12.0}, localities=["L1", "L2"], agencies=agencies, objective={"kind": "cost"}))
    assert (sum(spent(needed)), needed.objective) == pytest.approx((12, 112))


def test_the_credit_after_the_plan_waits_for_the_lag_and_fades() -> None:
    slow = {"lag": 2, "retention": 0.5, "segments": {"G1": {"L1": [[10, 2.0]]}}}
    result = solved(case(slow, objective={"kind": "outcome", "terminal_credit_years": 2}))
    # 20 of effect a year: bought in year 1 it is there in year 3 and by half in year 4; bought in year 2, in year 4
    assert result.objective == pytest.approx(20 + 20 * LATER + 20 * LATER**2 + 10 * LATER**3 + 20 * LATER**3)
    late = solved(case(slow | {"lag": 7}, objective={"kind": "outcome", "terminal_credit_years": 2}))
    assert late.objective == pytest.approx(20 + 20 * LATER)


TWO = [{"id": "G1"}, {"id": "G2"}]


def test_a_gap_is_the_signed_effect_over_groups_and_services_of_a_year() -> None:
    both = {"lag": 0, "segments": {"G1": {"L1": [[10, 2.0]]}, "G2": {"L1": [[10, 1.0]]}}}
    rule = {"id": "gap", "kind": "gap", "per_child": {"G1": 1.0, "G2": -1.0}, "max": 5.0}
    result = solved(one_year(both, groups=TWO, equity=[rule]))
    # G2 gets its 10; G1 no more than 15, which 7.5 pounds buy
    assert (result.objective, spent(result)) == (pytest.approx(25), near(17.5))
    later = solved(case(both | {"lag": 1}, groups=TWO, equity=[{**rule, "max": [0.0, 5.0]}]))
    # nothing acts in year 1, so its rule holds of itself; 7.5 and 10 in year 1, all 20 in year 2, which acts after the plan
    assert spent(later) == near(17.5, 20)


def test_a_locality_gets_its_band_of_all_spend() -> None:
    places = {"agencies": {"council": {"L1": 0.0, "L2": 0.0}}, "segments": {"G1": {"L1": [[30, 2.0]], "L2": [[30, 0.5]]}}}
    band = {"id": "band", "kind": "locality_band", "eps": 0.2, "need_share": {"L1": 0.5, "L2": 0.5}}
    result = solved(one_year(places, localities=["L1", "L2"], equity=[band]))
    # of 20, at least 0.8 x 0.5 is spent in L2
    assert {line.locality: round(line.amount, 6) for line in result.spend} == {"L1": 12.0, "L2": 8.0}
    assert result.objective == pytest.approx(24 + 4)


def test_a_group_gets_its_share_of_all_reach() -> None:
    both = {"segments": {"G1": {"L1": [[30, 2.0]]}, "G2": {"L1": [[30, 0.5]]}}}
    rule = {"id": "deprived", "kind": "group_share", "groups": ["G2"], "min": 0.3}
    result = solved(one_year(both, groups=TWO, equity=[rule]))
    assert {line.group: round(line.amount, 6) for line in result.reach} == {"G1": 14.0, "G2": 6.0}
    assert result.objective == pytest.approx(28 + 3)


def test_staff_limit_services_of_both_sorts_by_what_a_pound_needs() -> None:
    staff = {"id": "workers", "per_pound": {"support": 0.1, "homes": 0.02}, "available": [3.5, 2.5]}
    result = solved(case(workforce=[staff]))
    # year 1: 0.02 x 100 leaves 1.5, which is 15 of support, an effect of 22.5; year 2: 77.5 of care takes 1.55 and leaves 9.5
    assert spent(result) == near(15, 9.5)
    assert result.objective == pytest.approx(22.5 + 19 * LATER)


def test_a_service_runs_at_a_workable_scale_or_not_at_all() -> None:
    assert spent(solved(one_year({"min_scale": 21.0}))) == near(0)
    # year 1 leaves 20, too little for 21 and enough for 15; year 2 leaves 45 or 20
    assert spent(solved(case({"min_scale": [21.0, 15.0]}))) == near(0, 20)
    assert spent(solved(case({"min_scale": [15.0, 21.0]}))) == near(20, 30)


@pytest.mark.parametrize(("price", "bought", "objective"), [(2.0, 20.0, 120.0), (1.2, 0.0, 100.0)])
def test_a_priced_share_steers_the_plan_and_is_no_part_of_its_cost(price: float, bought: float, objective: float) -> None:
    content = one_year(share_target=[1 / 3], share_penalty=price, objective={"kind": "cost"})
    # a pound of support takes 2/3 of a pound off what is missing, and costs one
    result = solved(content)
    assert (spent(result), result.objective) == (near(bought), pytest.approx(objective))


def test_the_share_counts_the_preventative_part_of_spend_and_nothing_that_is_held() -> None:
    held = [{"id": "fieldwork", "agency": "council", "amount": 40.0}]
    content = one_year({"q": 0.6}, held=held, agencies=[{"id": "council", "budget": 170.0}], share_target=[0.1])
    content["objective"] = {"kind": "cost"}
    # 0.6 x = 0.1 (x + 100)
    assert spent(solved(content)) == near(20)
    # 0.6 x 30 = 18 is 0.15 of 120: unless all need must be met, 10 of it is not, so that the share is kept
    short = solved({**content, "share_target": [0.15]})
    assert (short.responsive[0].unmet, short.objective) == (pytest.approx(10), pytest.approx(120))
    content["acute"][0]["penalty"] = None
    clash = solve(parse_scenario({**content, "share_target": [0.15]}))
    assert clash.conflict == ("share[1]", "need[homes,G1,L1,1]")
    assert clash.repairs[0].change == pytest.approx(18 / 130 - 0.15)


def test_the_cautious_plan_takes_the_low_end_of_effects_and_of_nothing_else() -> None:
    known = [
        {"path": "/prevention/0/segments/G1/L1/0/1", "state": "published_elsewhere", "low": 1.0, "high": 3.0},
        {"path": "/acute/0/unit_cost", "state": "measured", "low": 0.5, "high": 2.0},
    ]
    result = solved(case(cautious=True, provenance=known))
    # year 1: 10 x 1.0 + 10 x 0.5; care still costs 1.0
    assert result.objective == pytest.approx(15 + 20 * LATER)
    assert costs(result) == near(100, 85)


def test_priced_unmet_need_is_weighted_by_group_in_the_outcome_and_plain_in_the_cost() -> None:
    poor: dict[str, Any] = {"agencies": [{"id": "council", "budget": 90.0}], "groups": [{"id": "G1", "weight": 2.0}]}
    priced = one_year(homes={"penalty": 1.5}, objective={"kind": "outcome", "unmet": "priced"}, **poor)
    # ten pounds of support do 2 x 2 each, more than the 2 x 1.5 of care; the next do less
    result = solved(priced)
    assert (spent(result), result.responsive[0].unmet, result.objective) == (near(10), pytest.approx(20), pytest.approx(40 - 60))
    cheap = one_year(homes={"penalty": 0.8}, objective={"kind": "cost", "unmet": "priced"}, **poor)
    assert solved(cheap).objective == pytest.approx(80)


def test_preventative_spend_is_counted_plain_and_by_its_preventative_part() -> None:
    result = solved(case({"q": 0.5}, objective={"kind": "prevention_spend"}))
    assert (spent(result), result.objective) == (near(20, 30), pytest.approx(25))


def test_ramps_are_against_the_year_before_and_first_against_today() -> None:
    running = {"agencies": {"council": {"L1": 10.0}}, "segments": {"G1": {"L1": [[100, 1.0]]}}, "acts_on": {}}
    rich = [{"id": "council", "budget": 220.0}]
    assert spent(solved(case(running | {"ramp_up": 0.5, "ramp_abs": 3.0}, agencies=rich))) == near(18, 30)
    assert spent(solved(case(running | {"ramp_abs": 3.0}, agencies=rich))) == near(13, 16)
    assert spent(solved(case(running | {"ramp_up": [0.5, 0.0]}, agencies=rich))) == near(15, 15)
    assert spent(solved(case(running | {"ramp_down": 0.2}, objective={"kind": "cost"}))) == near(8, 6.4)


def test_a_cut_fades_in_as_the_effect_of_years_before_fades_out() -> None:
    running = {"agencies": {"council": {"L1": 10.0}}, "base_reach": {"G1": {"L1": 10.0}}, "retention": 0.5, "capacity": 0.0}
    content = case(running, {"demand": {"L1": {"G1": 100.0}}}, horizon=3, agencies=[{"id": "council", "budget": 140.0}])
    result = solved(content)
    assert [r.reduction for r in result.responsive] == near(0, -20, -30)
    assert [r.met for r in result.responsive] == near(100, 120, 130)


def test_two_services_cannot_remove_more_than_is_preventable() -> None:
    content = one_year({"lag": 0, "segments": {"G1": {"L1": [[20, 2.0]]}}}, {"preventable": 0.5})
    content["prevention"].append({**copy.deepcopy(content["prevention"][0]), "id": "twin"})
    content["agencies"] = [{"id": "council", "budget": 90.0}]
    result = solved(content)
    # 40 pounds have an effect of 80 on the need of 100, of which 50 can be prevented
    assert (result.responsive[0].reduction, costs(result)) == (pytest.approx(50), near(50))
    assert result.objective == pytest.approx(80)


def test_a_ringfence_counts_the_agencys_share_of_care() -> None:
    homes = {"payer": {"council": 0.5, "nhs": 0.5}}
    agencies = [{"id": "council", "budget": 90.0}, {"id": "nhs", "budget": 60.0}]
    ring = {"id": "fund", "agency": "nhs", "services": ["homes"], "amount": [0.0, 45.0]}
    result = solved(case(homes=homes, agencies=agencies, ringfences=[ring]))
    # care would cost 70 in year 2; 45 of the nhs's half make it cost 90, and the council pays 45 as well
    assert costs(result) == near(100, 90)


def test_no_money_meets_no_need_and_money_that_must_meet_it_clashes() -> None:
    nothing = [{"id": "council", "budget": 0.0}]
    result = solved(case(agencies=nothing))
    assert (result.objective, [r.unmet for r in result.responsive]) == (0.0, near(100, 100))
    clash = solve(parse_scenario(case(homes={"penalty": None}, agencies=nothing)))
    assert clash.conflict == ("need[homes,G1,L1,1]", "budget[council,1]")
    assert clash.repairs[1].change == pytest.approx(100)


RUNNING = {"agencies": {"council": {"L1": 30.0}}, "base_reach": {"G1": {"L1": 30.0}}}
BILLION = 1e9
ODD = {
    "nothing preventative": (case(prevention=[]), 0.0),
    "nothing responsive": (case({"acts_on": {}}, acute=[]), 30 + 30 * LATER),
    "need nowhere": (case(homes={"demand": {}}), 30 + 30 * LATER),
    "no need": (case(homes={"demand": {"L1": {"G1": 0.0}}}), 30 + 30 * LATER),
    "care for nothing": (case(homes={"unit_cost": 0.0}), 30 + 30 * LATER),
    "nothing preventable": (case(homes={"preventable": 0.0}), 25 + 25 * LATER),
    "a response of no width": (case({"segments": {"G1": {"L1": [[0, 2.0], [10, 1.0]]}}}), 10 + 10 * LATER),
    "a response without end": (case({"segments": {"G1": {"L1": [[10, 2.0], [None, 1.0]]}}}), 30 + 60 * LATER),
    "an effect after the plan": (case({"lag": 50}), 25 + 25 * LATER),
    "a cut whose effect is after the plan": (case(RUNNING | {"lag": 50}), 25 + 25 * LATER),
    "all that is released is lost": (case(agencies=[{"id": "council", "budget": 120.0, "leak": 1.0}]), 25 + 25 * LATER),
    "all money is held": (case(held=[{"id": "h", "agency": "council", "amount": 120.0}]), 0.0),
    "a share of nothing": (case(share_target=0.0), 25 + 30 * LATER),
    "a discount of one half": (case(discount_rate=1.0), 25 + 30 / 2),
    "very large money": (
        case({"segments": {"G1": {"L1": [[10 * BILLION, 2 / BILLION], [20 * BILLION, 0.5 / BILLION]]}}}, {"unit_cost": BILLION},
             agencies=[{"id": "council", "budget": 120 * BILLION}]),
        25 + 30 * LATER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_at_the_edges_of_the_format(name: str) -> None:
    content, objective = ODD[name]
    assert solved(content).objective == pytest.approx(objective, abs=1e-6)


def test_ids_in_any_letters_and_signs_are_told_as_they_stand() -> None:
    names = {"council": "Comhairle, [A]", "homes": 'taighean "x/y~z"', "support": "taic]1[", "L1": "Ł,1", "G1": "G 1"}
    content = case(homes={"penalty": None}, agencies=[{"id": "council", "budget": 90.0}])
    text = json.dumps(content)
    for old, new in names.items():
        text = text.replace(f'"{old}"', json.dumps(new))
    clash = solve(parse_scenario(json.loads(text)))
    assert clash.conflict == (f"need[{names['homes']},G 1,Ł,1,1]", "budget[Comhairle, [A],1]")
    agencies = [{"id": names["council"], "budget": 120.0}]
    assert solved({**json.loads(text), "agencies": agencies}).objective == pytest.approx(25 + 30 * LATER)


def test_two_promises_that_would_have_one_name_are_refused() -> None:
    agencies = [{"id": a, "budget": 120.0} for a in ("council", "b,c", "c")]
    content = case({"id": "a", "agencies": {"b,c": {"L1": 0.0}}, "ramp_abs": 5.0}, agencies=agencies)
    content["prevention"].append(content["prevention"][0] | {"id": "a,b", "agencies": {"c": {"L1": 0.0}}})
    with pytest.raises(ScenarioError, match="two promises would have one name"):
        solve(parse_scenario(content))


def test_a_plan_without_a_limit_is_told_also_where_need_goes_unmet() -> None:
    # the council cannot meet the need; the nhs has no limit and a response without end
    content = case(homes={"penalty": 50.0}, agencies=[{"id": "council", "budget": 90.0}, {"id": "nhs", "budget": None}])
    content["prevention"][0] |= {"agencies": {"nhs": {"L1": 0.0}}, "segments": {"G1": {"L1": [[None, 1.0]]}}, "acts_on": {}}
    result = solve(parse_scenario(content))
    assert (result.status.value, result.objective) == ("unbounded", None)
    assert any("nhs" in said for said in result.messages)
