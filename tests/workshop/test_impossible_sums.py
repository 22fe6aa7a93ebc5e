"""What arithmetic says is impossible is impossible, with the promises that it names; and its sums are those by hand."""

import copy
from typing import Any

import pytest

from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.explain.impossible.holding import holds, promises_of
from rcs_core.workshop.scenario.explain.impossible.shortfall import Kind, Shortfall, arithmetic
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.scenario_reference import reference
from tests.workshop.test_scenario_conflicts import AllBut, small

SEEDS = [2, 3, 7, 11, 20, 52]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_arithmetic_finds_cannot_hold_by_a_second_formulation_either(seed: int) -> None:
    content = random_scenario(seed)
    found = arithmetic(parse_scenario(content))
    if solve(parse_scenario(content)).status == "optimal":
        assert not found
    for one in found:
        assert one.short > 0
        assert reference(content, AllBut(list(one.promises)))[0] == "infeasible", one


def test_a_number_changed_by_the_repair_of_a_sum_makes_that_sum_come_out() -> None:
    scenario = parse_scenario(small(acute={"penalty": None}, agencies=[{"id": "council", "budget": 95.0}]))
    found = arithmetic(scenario)
    assert [(f.subject, f.year, f.have, f.need) for f in found] == [(("council",), 1, 95.0, 100.0)]
    more = parse_scenario(small(acute={"penalty": None}, agencies=[{"id": "council", "budget": [100.0, 95.0]}]))
    assert arithmetic(more) == ()


def fund(**ring: Any) -> dict[str, Any]:
    return {"id": "fund", "agency": "council", "services": ["support"], "amount": 5.0, **ring}


ONLY_TWO = {"G1": {"L1": [[None, 1.0]]}, "G2": {"L1": [[2, 1.0]]}}
GROUPS = [{"id": "G1", "weight": 1.0}, {"id": "G2", "weight": 1.0}]


def two_groups(**changes: Any) -> dict[str, Any]:
    """The small scenario with a second group that support can reach, and a floor under support."""
    segments = {"G1": {"L1": [[10, 2.0], [20, 0.5]]}, "G2": {"L1": [[10, 1.0]]}}
    return small(service={"segments": segments, "floor": [10.0, 10.0]}, groups=GROUPS, **changes)


def shares(*mins: float) -> list[dict[str, Any]]:
    return [{"id": f"e{k}", "kind": "group_share", "groups": [f"G{k + 1}"], "min": m} for k, m in enumerate(mins)]


SUMS = {
    "a floor over the response": (small(service={"floor": [50.0, 0.0]}), Kind.SERVICE, 1, 30.0, 50.0),
    "a floor over its limit": (small(service={"floor": [9.0, 0.0], "capacity": 4.0}), Kind.SERVICE, 1, 4.0, 9.0),
    "a floor that a ramp cannot reach": (small(service={"floor": [0.0, 10.0], "ramp_abs": 3.0}), Kind.SERVICE, 2, 6.0, 10.0),
    "a cut that is too fast": (
        small(service={"agencies": {"council": {"L1": 20.0}}, "capacity": 5.0, "ramp_down": 0.1}), Kind.SERVICE, 1, 5.0, 18.0,
    ),
    "need over places": (small(acute={"penalty": None, "cap_max": {"L1": 80.0}}), Kind.CAPACITY, 1, 80.0, 100.0),
    # year 1's 30 of support does 30 of effect, so that 70 of 100 stay in year 2
    "need over places where prevention does its most": (
        small(acute={"penalty": None, "cap_max": {"L1": [100.0, 65.0]}}), Kind.CAPACITY, 2, 65.0, 70.0,
    ),
    # 100 is owed and 120 is there: 20 of 120 is the most
    "a share over what care leaves": (small(acute={"penalty": None}, share_target=[0.3, None]), Kind.SHARE, 1, 1 / 6, 0.3),
    # year 1: 10 at 2.0 and 20 at 0.5; year 2 the same, discounted
    "an outcome over the response": (
        small(objective={"kind": "cost", "outcome_target": 1000.0}), Kind.OUTCOME, 0, 30 + 30 / 1.035, 1000.0,
    ),
    "a ring-fence over the response": (small(ringfences=[fund(amount=[40.0, 0.0])]), Kind.RING, 1, 30.0, 40.0),
    "shares of groups over all reach": (two_groups(equity=shares(0.7, 0.6)), Kind.EQUITY, 1, 1.0, 1.3),
    "a share over what a group can be reached with": (
        two_groups(equity=[{"id": "e", "kind": "group_share", "groups": ["G2"], "min": 0.3}])
        | {"prevention": [{**two_groups()["prevention"][0], "segments": ONLY_TWO}]},
        Kind.EQUITY, 1, 0.2, 0.3,
    ),
    "a gap that a floor widens": (
        small(service={"floor": [10.0, 0.0]}, equity=[{"id": "gap", "kind": "gap", "per_child": {"G1": 1.0}, "max": 0.0}]),
        Kind.EQUITY, 2, 0.0, 5.0,
    ),
    "staff under what a floor needs": (
        small(service={"floor": [20.0, 0.0]}, workforce=[{"id": "w", "per_pound": {"support": 2.0}, "available": 30.0}]),
        Kind.STAFF, 1, 30.0, 40.0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SUMS)
def test_a_sum_is_the_one_by_hand(name: str) -> None:
    content, kind, year, have, need = SUMS[name]
    found = [f for f in arithmetic(parse_scenario(content)) if (f.kind, f.year) == (kind, year)]
    assert [(pytest.approx(f.have), pytest.approx(f.need)) for f in found] == [(have, need)]
    assert not holds(parse_scenario(content), found[0].promises)


def pay(extra: dict[str, Any] | None = None, **changes: Any) -> Shortfall:
    """The one purse that cannot pay, in a scenario with a floor of 20 under support and 100 of care that is owed."""
    content = small(service={"floor": [20.0, 20.0]}, acute={"penalty": None, "preventable": 0.0}, **changes)
    content["prevention"][0] |= extra or {}
    return next(f for f in arithmetic(parse_scenario(content)) if f.kind is Kind.PURSE)


def test_a_purse_needs_its_floors_care_what_is_held_its_fund_and_what_change_costs() -> None:
    held = [{"id": "H", "agency": "council", "amount": 7.0}]
    found = pay({"setup_cost": 0.5}, held=held, ringfences=[fund(amount=[26.0, 20.0])])
    assert (found.year, found.have, found.need) == (1, 120.0, 20 + 10 + 100 + 7 + 6)
    assert {(line.of, line.amount) for line in found.asks} == {
        ("spend", 20.0), ("change", 10.0), ("care", 100.0), ("held", 7.0), ("ring", 6.0),
    }  # fmt: skip
    assert set(found.promises) == {"budget[council,1]", "floor[support,1]", "need[homes,G1,L1,1]", "ring[fund,1]"}


def test_what_is_carried_forward_and_what_a_pool_gives_are_had() -> None:
    council = {"id": "council", "budget": [125.0, 90.0], "reserve_max": 50.0}
    assert (pay(agencies=[council]).year, pay(agencies=[council]).have) == (2, 95.0)
    council = {"id": "council", "budget": 90.0}
    pool = {"id": "joint", "contrib_max": {"nhs": 4.0}, "draw": {"council": ["support"]}, "seed": 3.0}
    found = pay(agencies=[council, {"id": "nhs", "budget": 50.0}], pools=[pool])
    assert (found.have, found.short) == (97.0, 23.0)
    # money for support alone cannot pay for care: of 60 no more than its 20 counts
    assert pay(agencies=[council], pools=[{**pool, "contrib_max": {}, "seed": 60.0}]).have == 110.0


def test_purses_that_share_a_floor_are_added_up_together() -> None:
    service = {"agencies": {"council": {"L1": 0.0}, "nhs": {"L1": 0.0}}, "floor": [30.0, 0.0]}
    content = small(
        service=service, acute={"penalty": None}, agencies=[{"id": "council", "budget": 110.0}, {"id": "nhs", "budget": 8.0}]
    )
    found = [f for f in arithmetic(parse_scenario(content)) if f.kind is Kind.PURSES]
    assert [(f.subject, f.have, f.need) for f in found] == [(("council", "nhs"), 118.0, 130.0)]


def test_where_no_sum_shows_a_clash_the_solver_still_finds_it() -> None:
    # each of two services could grow within the staff there are, but not both
    content = copy.deepcopy(
        small(acute={"penalty": None, "cap_max": {"L1": [100.0, 60.0]}}, agencies=[{"id": "council", "budget": 115.0}])
    )
    content["prevention"][0]["segments"] = {"G1": {"L1": [[30, 2.0]]}}
    scenario = parse_scenario(content)
    assert arithmetic(scenario) == ()
    assert solve(scenario).status == "infeasible"
    assert not holds(scenario)
    assert promises_of(scenario).keep([])
