"""A repair put in as edits is enough, of every family, however it is rounded; and it says whether it settles the whole."""

from typing import Any

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.explain.impossible.achievable import extra_money, most_of_targets
from rcs_core.workshop.scenario.explain.impossible.holding import holds
from rcs_core.workshop.scenario.explain.impossible.repairs import edits_of, enough, up, ways_out
from rcs_core.workshop.scenario.result import Repair
from rcs_core.workshop.scenario.wording import SHARE
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_conflicts import CLASHES, NURSES, small

SEEDS = [20, 52]


def check(content: dict[str, Any], rough: bool) -> set[str]:
    """Every repair of a scenario, put in: it holds then, or this clash is gone. The families that were tried."""
    scenario = parse_scenario(content)
    result = solve(scenario)
    for way in ways_out(scenario, result, rough):
        after = edited(scenario, way.edits)
        assert holds(after, None if way.whole else result.conflict), way
        assert holds(after) is way.whole
        assert abs(way.repair.change) >= min(abs(r.change) for r in result.repairs if r.promise == way.repair.promise)
    return {r.promise.partition("[")[0] for r in result.repairs}


def test_every_family_of_repair_can_be_put_in_and_is_enough_in_pounds_and_in_two_figures() -> None:
    band = {"id": "places", "kind": "group_share", "groups": ["G2"], "min": 0.3}
    fund = {"id": "fund", "agency": "council", "services": ["support"], "amount": [40.0, 0.0]}
    two = {"G1": {"L1": [[None, 1.0]]}, "G2": {"L1": [[2, 1.0]]}}
    more = [
        small(ringfences=[fund]),
        small(service={"segments": two, "floor": [10.0, 0.0]}, groups=[{"id": "G1"}, {"id": "G2"}], equity=[band]),
        small(service={"agencies": {"council": {"L1": 20.0}}, "ramp_down": 0.1, "capacity": [18.0, 5.0]}),
    ]
    every = [c for c, *_ in CLASHES.values()] + more
    tried = [check(content, rough=k % 2 == 0) for k, content in enumerate(every)]
    assert set().union(*tried) == {
        "budget", "floor", "need", "rampup", "rampdn", "capacity", "ring", "share", "equity", "pool", "outcome_target",
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_repairs_of_scenarios_at_random_are_enough(seed: int) -> None:
    assert check(random_scenario(seed), rough=False)


def test_edits_of_a_repair_alone_make_a_scenario_solvable() -> None:
    scenario = parse_scenario(small(acute={"penalty": None}, agencies=[{"id": "council", "budget": 95.0}]))
    for repair in solve(scenario).repairs:
        after = solve(edited(scenario, edits_of(scenario, repair)))
        assert after.status == "optimal", repair
    unmet = solve(edited(scenario, edits_of(scenario, Repair("need[homes,G1,L1,1]", -5.0, "units of need"))))
    # need that may go unmet is still made least: what 95 cannot pay for, in either year
    assert [line.unmet for line in unmet.responsive] == [pytest.approx(5.0)] * 2


def test_places_in_several_localities_are_put_where_the_solver_needs_them() -> None:
    demand = {"L1": {"G1": 60.0}, "L2": {"G1": 40.0}}
    acute = {"penalty": None, "demand": demand, "cap_max": {"L1": 50.0, "L2": 50.0}, "preventable": 0.0}
    scenario = parse_scenario(
        small(acute=acute, localities=["L1", "L2"]) | {"horizon": 1, "agencies": [{"id": "council", "budget": 120}]}
    )
    (repair,) = [r for r in solve(scenario).repairs if r.promise == "capacity[homes,1]"]
    assert edits_of(scenario, repair) == [Edit("/acute/homes/cap_max/L1/0", 60.01)]
    assert solve(edited(scenario, edits_of(scenario, repair))).status == "optimal"


@pytest.mark.parametrize(
    ("amount", "unit", "rough", "said"),
    [
        (3.3449, "GBP thousand", False, 3.345), (3.345, "GBP thousand", False, 3.345), (3.3449, "GBP thousand", True, 3.4),
        (159.2, "GBP thousand", True, 160.0), (1e-9, "GBP thousand", False, 0.001), (0.0, "GBP thousand", False, 0.0),
        (0.13331, SHARE, False, 0.134), (20.001, "units of need", False, 20.01), (0.00004, "GBP thousand", True, 0.001),
    ],
)  # fmt: skip
def test_an_amount_is_rounded_up_to_what_is_said(amount: float, unit: str, rough: bool, said: float) -> None:
    assert up(amount, unit, rough) == pytest.approx(said, abs=1e-9)


def test_a_repair_of_what_is_not_promised_is_refused_with_what_to_do() -> None:
    scenario = parse_scenario(small())
    for promise in ("budget[nobody,1]", "budget[council,9]", "stock[support,1]", "rampup[support,council,L2,1]"):
        with pytest.raises(ScenarioError, match="no such promise"):
            enough(scenario, Repair(promise, 1.0, "GBP thousand"))


def test_an_id_that_looks_like_a_place_is_found_all_the_same() -> None:
    content = small(acute={"penalty": None, "payer": {"7": 1.0}}, agencies=[{"id": "7", "budget": 95.0}])
    content["prevention"][0]["agencies"] = {"7": {"L1": 0.0}}
    scenario = parse_scenario(content)
    (repair,) = [r for r in solve(scenario).repairs if r.promise == "budget[7,1]"]
    assert solve(edited(scenario, edits_of(scenario, repair))).status == "optimal"


def test_the_least_money_is_the_one_by_hand_as_late_as_it_can_be_and_less_is_not_enough() -> None:
    content = small(
        acute={"penalty": None, "preventable": 0.0}, agencies=[{"id": "council", "budget": [95.0, 90.0], "reserve_max": 50.0}]
    )
    extra = extra_money(parse_scenario(content))
    assert extra is not None
    assert [(a, y, round(v, 2)) for a, y, v in extra.by] == [("council", 1, 5.0), ("council", 2, 10.0)]
    assert extra.total == pytest.approx(15.0, abs=0.003)
    assert solve(edited(parse_scenario(content), extra.edits)).status == "optimal"
    less = [Edit(e.path, float(str(e.value)) - 0.01) for e in extra.edits]
    assert not holds(edited(parse_scenario(content), less))


def test_money_that_cannot_settle_a_clash_is_not_offered() -> None:
    assert extra_money(parse_scenario(small(service={"floor": [50.0, 0.0]}))) is None
    assert extra_money(parse_scenario(small(acute={"cashable": 0.0, "decommission_max": 0.0}, workforce=NURSES))) is None


def test_the_most_of_a_share_and_of_an_outcome_can_be_had_and_more_cannot() -> None:
    scenario = parse_scenario(small(acute={"penalty": None}, share_target=[0.3, 0.2]))
    (share,) = most_of_targets(scenario)
    # 20 of 120 in year 1 is five ninths of 0.3; year 2's 0.2 falls in the same proportion
    assert share.by == ((1, 0.3, 0.166), (2, 0.2, 0.111))
    assert solve(edited(scenario, share.edits)).status == "optimal"
    assert not holds(edited(scenario, [Edit("/share_target", [0.168, 0.112])]))
    scenario = parse_scenario(small(objective={"kind": "cost", "outcome_target": 1000.0}))
    (outcome,) = most_of_targets(scenario)
    assert outcome.by[0][2] == pytest.approx(30 + 30 / 1.035, abs=0.011)
    assert solve(edited(scenario, outcome.edits)).status == "optimal"
    assert not holds(edited(scenario, [Edit("/objective/outcome_target", outcome.by[0][2] + 0.02)]))


def test_where_others_clash_too_no_target_is_said_to_be_in_reach() -> None:
    assert most_of_targets(parse_scenario(small(service={"floor": [50.0, 0.0]}, share_target=[0.3, None]))) == ()
