"""Known answers: the published examples, and small plans worked by hand."""

import copy
import json
from typing import Any

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import Result, load_scenario, parse_scenario, solve
from tests.shared import shared_file
from tests.workshop.test_scenario_format import SMALL


def made(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SMALL), **changes}


def value_of(result: dict[str, Any], name: str) -> float:
    """A value by the name that the examples give it: x[...], u[...] or F[...]."""
    family, inner = name.split("[")
    key = inner.rstrip("]").split(",")
    if family == "x":
        rows = [r for r in result["spend"] if [r["service"], r["agency"], r["locality"], str(r["year"])] == key]
        return rows[0]["amount"]
    place = [key[0], *key[-2:]]
    row = next(r for r in result["responsive"] if [r["service"], r["locality"], str(r["year"])] == place)
    return row["cost"] if family == "F" else row["by_group"][key[1]]["unmet"]


@pytest.mark.parametrize("name", ["tiny_by_hand", "pooled_budget", "cut_rebound", "two_floors"])
def test_the_published_examples_have_their_known_answers(name: str) -> None:
    path = shared_file(f"methods/examples/scenario/{name}.json")
    if path is None:
        return
    expected = json.loads(path.with_name(f"{name}.expected.json").read_text())
    result = solve(load_scenario(path)).to_dict()
    assert result["status"] == expected["status"]
    if expected["objective"] is None:
        assert result["objective"] is None
        assert result["conflict"] == expected["conflict"]
        return
    assert result["objective"] == pytest.approx(expected["objective"], abs=1e-6)
    for key, value in expected["unique_values"].items():
        assert value_of(result, key) == pytest.approx(value, abs=1e-6), key
    assert max(result["certificate"].values()) <= 1e-6


def test_a_result_has_exactly_the_keys_of_the_format() -> None:
    result = solve(parse_scenario(SMALL)).to_dict()
    keys = ["status", "objective", "spend", "responsive", "underspend", "pools", "certificate", "conflict", "repairs", "messages"]
    assert list(result) == keys
    assert set(result["spend"][0]) == {"service", "agency", "locality", "year", "amount"}
    line = {"service", "locality", "year", "met", "unmet", "reduction", "capacity", "cost", "by_group"}
    assert set(result["responsive"][0]) == line
    assert set(result["underspend"][0]) == {"agency", "year", "amount"}
    assert result["conflict"] is None
    assert json.loads(json.dumps(result)) == result


def test_the_page_worked_by_hand_also_when_safety_comes_first() -> None:
    result = solve(parse_scenario(SMALL))
    assert result.objective == pytest.approx(25 + 30 / 1.035)
    assert [u["amount"] for u in result.underspend] == pytest.approx([0.0, 15.0])
    assert [r.met for r in result.responsive] == pytest.approx([100.0, 75.0])


def test_safety_first_never_trades_a_child_now_for_a_child_later() -> None:
    # 95 in year 1 could buy support instead of care, and year 2 would then need less than its 70 can pay for
    content = made(agencies=[{"id": "council", "budget": [95.0, 70.0]}])
    result = solve(parse_scenario(content))
    assert [r.unmet for r in result.responsive] == pytest.approx([5.0, 30.0])
    content["objective"] = {"kind": "outcome", "unmet": "priced"}
    content["acute"][0]["penalty"] = [1.0, 1000.0]
    traded = solve(parse_scenario(content))
    assert traded.responsive[0].unmet > 5.0
    assert traded.responsive[1].unmet < 30.0


def test_unmet_need_that_is_not_allowed_makes_a_promise_that_can_clash() -> None:
    content = made(agencies=[{"id": "council", "budget": [95.0, 120.0]}])
    content["acute"][0]["penalty"] = None
    result = solve(parse_scenario(content))
    assert result.conflict == ("need[homes,G1,L1,1]", "budget[council,1]")
    assert [(r.promise, round(r.change, 6), r.unit) for r in result.repairs] == [
        ("need[homes,G1,L1,1]", -5.0, "units of need"),
        ("budget[council,1]", 5.0, "GBP thousand"),
    ]


def test_the_terminal_credit_is_what_the_stock_still_has_after_the_plan() -> None:
    content = made(horizon=1, agencies=[{"id": "council", "budget": 110.0}])
    content["acute"][0]["demand"] = {"L1": {"G1": 100.0}}
    content["prevention"][0]["retention"] = 0.5
    content["objective"] = {"kind": "outcome", "terminal_credit_years": 2}
    # 10 bought at slope 2 acts in year 2 (20) and year 3 (10), both after the plan
    assert solve(parse_scenario(content)).objective == pytest.approx(20 + 20 / 1.035 + 10 / 1.035**2)


def test_least_cost_for_an_outcome_and_its_price() -> None:
    content = made(objective={"kind": "cost", "outcome_target": 40.0})
    result = solve(parse_scenario(content))
    assert result.outcome == pytest.approx(40.0)
    # a pound of the good response is worth taking in both years (20 + 20 / 1.035); what is missing from 40 is cheapest
    # from the weaker response in year 1, since half of it comes back as care that is not needed in year 2
    missing = 40 - 20 - 20 / 1.035
    first, care = 10 + missing / 0.5, 100 - 20 - missing
    assert result.objective == pytest.approx(100 + first + (10 + care) / 1.035)


def test_cost_that_does_not_cash_stays_until_places_close() -> None:
    content = made()
    content["acute"][0] |= {"cashable": 0.25, "decommission_max": 0.1}
    result = solve(parse_scenario(content))
    first, second = result.responsive
    # year 1: nothing acts yet; 100 met, 10 places could close only if they were not needed
    assert (first.met, first.capacity, first.cost) == pytest.approx((100.0, 100.0, 100.0))
    assert (second.met, second.capacity) == pytest.approx((75.0, 90.0))
    assert second.cost == pytest.approx(0.25 * 75 + 0.75 * 90)


def test_leakage_takes_a_share_of_what_is_released_and_reserves_carry_forward() -> None:
    leaky = solve(parse_scenario(made(agencies=[{"id": "council", "budget": 120.0, "leak": 0.4}])))
    assert [p.leaked for p in leaky.purses] == pytest.approx([0.0, 0.4 * 25])
    assert [p.underspend for p in leaky.purses] == pytest.approx([0.0, 5.0])
    content = made(agencies=[{"id": "council", "budget": [140.0, 90.0], "reserve_max": 8.0}])
    carried = solve(parse_scenario(content))
    assert [p.carried for p in carried.purses] == pytest.approx([8.0, 0.0])
    assert [p.brought for p in carried.purses] == pytest.approx([0.0, 8.0])
    assert carried.purses[0].underspend == pytest.approx(140 - 100 - 30 - 8)


def test_set_up_and_exit_are_paid_from_the_purse() -> None:
    content = made(agencies=[{"id": "council", "budget": [122.0, 120.0]}])
    content["prevention"][0] |= {"setup_cost": 0.1}
    result = solve(parse_scenario(content))
    # every pound of growth costs 1.10: 22 buys 20
    assert result.spend[0].amount == pytest.approx(20.0)
    assert result.purses[0].change_costs == pytest.approx(2.0)


def test_a_plan_without_a_limit_says_what_would_limit_it() -> None:
    content = made(agencies=[{"id": "council", "budget": None}])
    content["prevention"][0]["segments"] = {"G1": {"L1": [[None, 1.0]]}}
    result = solve(parse_scenario(content))
    assert result.to_dict()["status"] == "unbounded"
    assert result.objective is None
    assert "give council a budget" in " ".join(result.messages)


def test_a_plan_without_a_limit_is_told_apart_from_an_impossible_one_beside_yes_or_no_choices() -> None:
    content = made(agencies=[{"id": "council", "budget": None}], groups=[{"id": "G1"}, {"id": "G2"}])
    content["prevention"][0]["segments"] = {"G1": {"L1": [[10, 2.0], [20, 0.5]]}}
    content["prevention"] += [
        {**copy.deepcopy(content["prevention"][0]), "id": "advice", "segments": {"G2": {"L1": [[None, 1.0]]}}}
    ]
    content["equity"] = [{"id": "gap", "kind": "gap", "per_child": {"G1": 0.5, "G2": -0.5}, "max": 1.0}]
    assert solve(parse_scenario(content)).status.value == "unbounded"
    content["prevention"][0] |= {"floor": 31.0}
    assert solve(parse_scenario(content)).conflict == ("floor[support,1]",)


def test_an_agency_without_a_budget_has_no_purse_and_limits_nothing() -> None:
    result = solve(parse_scenario(made(agencies=[{"id": "council", "budget": None}])))
    assert result.underspend == []
    assert [line.amount for line in result.spend] == pytest.approx([30.0, 30.0])


def test_a_scenario_of_nothing_but_purses_is_a_plan() -> None:
    result = solve(parse_scenario(made(prevention=[], acute=[])))
    assert (result.status, result.objective) == ("optimal", 0.0)
    assert [u["amount"] for u in result.underspend] == pytest.approx([120.0, 120.0])


def test_a_ringfence_on_what_the_agency_does_not_pay_cannot_hold_alone() -> None:
    agencies = [{"id": "council", "budget": 120.0}, {"id": "nhs", "budget": 50.0}]
    ring = {"id": "fund", "agency": "nhs", "services": ["support"], "amount": [0.0, 5.0]}
    result = solve(parse_scenario(made(agencies=agencies, ringfences=[ring])))
    assert result.conflict == ("ring[fund,2]",)
    assert result.messages[0] == "This promise cannot hold in year 2: nhs keeps 5 for the ring-fence fund."
    assert (result.repairs[0].change, result.repairs[0].unit) == pytest.approx((-5.0, "GBP thousand"))


def test_an_all_or_nothing_service_needs_a_limit() -> None:
    content = made(agencies=[{"id": "council", "budget": None}])
    content["prevention"][0] |= {"segments": {"G1": {"L1": [[None, 1.0]]}}, "min_scale": 5.0}
    with pytest.raises(ScenarioError, match="give the service a capacity"):
        solve(parse_scenario(content))


def test_ids_with_commas_spaces_and_accents_are_ids_like_any_other() -> None:
    text = json.dumps(SMALL).replace("support", "Tŷ, early [help]").replace("homes", "homes (a, b)")
    result = solve(parse_scenario(json.loads(text)))
    assert result.objective == pytest.approx(25 + 30 / 1.035)
    poor = json.loads(text.replace("120.0", "90.0").replace("1000.0", "null"))
    clash = solve(parse_scenario(poor))
    assert clash.conflict == ("need[homes (a, b),G1,L1,1]", "budget[council,1]")
    assert "all the need for homes (a, b) is met" in clash.messages[0]


def test_the_same_scenario_gives_the_same_result_twice() -> None:
    one, two = (solve(parse_scenario(SMALL)) for _ in range(2))
    assert isinstance(one, Result)
    assert one.to_dict() == two.to_dict()


def test_a_nearly_made_choice_buys_nothing_however_dear_unmet_need_is() -> None:
    content = copy.deepcopy(SMALL)
    content["agencies"] = [{"id": "council", "budget": 10.0}, {"id": "nhs", "budget": 1.5}]
    content["prevention"][0]["min_scale"] = 1.0
    content["acute"][0] |= {"payer": {"nhs": 1.0}, "penalty": 1000.0}
    content["pools"] = [{"id": "joint", "contrib_max": {"nhs": 30.0}, "draw": {"council": ["support"]}, "seed": 0}]
    content["equity"] = [{"id": "gap", "kind": "gap", "per_child": {"G1": 0.1}, "max": 5.0}]
    content["objective"] = {"kind": "outcome", "unmet": "priced"}
    result = solve(parse_scenario(content))
    # year 2: 10 from the council's own purse cuts the need by 20; the 1.5 of the nhs meets as much each year
    assert result.objective is not None
    assert result.objective == pytest.approx(20 + 20 / 1.035 - 1000 * (98.5 + 78.5 / 1.035), rel=1e-6)
