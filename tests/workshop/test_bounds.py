"""What binds a service: by hand, one limit at a time, and each claim on random scenarios by easing the file and solving it."""

import copy
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.workshop.scenario import Result, parse_scenario, solve
from rcs_core.workshop.scenario.explain.anew import Anew
from rcs_core.workshop.scenario.explain.bound_limits import OWN
from rcs_core.workshop.scenario.explain.bounds import Kind, Move, moves
from rcs_core.workshop.scenario.explain.care_moves import care_moves
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_by_hand import case, one_year

few = settings(max_examples=4)


def of(content: dict[str, Any], service: str = "support") -> Move:
    """Why one service moved."""
    return next(m for m in moves(Anew(parse_scenario(content))) if m.service == service)


def kinds(move: Move) -> list[tuple[Kind, tuple[int, ...]]]:
    return [(b.kind, b.years) for b in move.bounds]


def test_the_small_plan_is_short_of_money_in_one_year_and_of_a_known_response_in_the_next() -> None:
    found = of(case())
    assert kinds(found) == [(Kind.WIDTH, (2,)), (Kind.PURSE, (1,))]
    assert (found.change, found.peak) == (pytest.approx(30.0), (2, pytest.approx(30.0)))
    assert found.holds_back == found.bounds
    assert found.next_pound is None


@pytest.mark.parametrize(
    ("support", "kind", "gain"),
    [({"capacity": 8.0}, Kind.CAPACITY, 2.0), ({"ramp_abs": 8.0}, Kind.RAMP_UP, 2.0), ({"ramp_abs": 12.0}, Kind.RAMP_UP, 0.5)],
)
def test_what_stops_growth_is_named_with_what_a_pound_more_of_it_gains(support: dict[str, Any], kind: Kind, gain: float) -> None:
    (bound,) = of(one_year(support)).bounds
    assert (bound.kind, bound.up, bound.gain) == (kind, True, pytest.approx(gain))


def test_two_limits_at_one_place_bind_together_and_neither_alone() -> None:
    found = of(one_year({"capacity": 8.0, "ramp_abs": 8.0}))
    assert {b.kind for b in found.bounds} == {Kind.CAPACITY, Kind.RAMP_UP}
    assert all(b.together for b in found.bounds)


def test_a_service_that_cannot_run_at_its_workable_scale_says_so() -> None:
    found = of(one_year({"min_scale": 15.0}, agencies=[{"id": "council", "budget": 114.0}]))
    assert found.path == (0.0,)
    assert [(b.kind, b.up) for b in found.bounds] == [(Kind.SCALE, True)]


def two(first: float, second: float, **changes: Any) -> dict[str, Any]:
    """Two services with one response each, and money for 20."""
    content = one_year({"segments": {"G1": {"L1": [[30, first]]}}}, **changes)
    other = {**copy.deepcopy(content["prevention"][0]), "id": "second", "segments": {"G1": {"L1": [[30, second]]}}}
    content["prevention"].append(other)
    return content


def test_what_is_not_worth_it_is_told_by_what_a_pound_of_it_loses_and_who_would_pay() -> None:
    found = of(two(2.0, 0.5), "second")
    assert found.bounds == ()
    assert found.next_pound is not None
    assert found.next_pound.lost == pytest.approx(1.5)
    assert found.next_pound.rivals == pytest.approx({"support": 1.0})


def test_equally_good_services_are_told_so_and_neither_is_said_to_be_worse() -> None:
    for service in ("support", "second"):
        found = of(two(1.0, 1.0), service)
        if found.next_pound is not None:
            assert found.next_pound.lost == 0
        else:
            assert {b.kind for b in found.holds_back} == {Kind.PURSE}


def test_what_is_held_up_names_its_floor_and_what_letting_it_go_gains() -> None:
    content = two(2.0, 0.5)
    content["prevention"][1] |= {"floor": 5.0}
    found = of(content, "second")
    (bound,) = found.bounds
    assert (bound.kind, bound.up, bound.gain) == (Kind.FLOOR, False, pytest.approx(1.5))


def test_all_that_can_be_prevented_binds_where_spend_is_for_less_care() -> None:
    content = one_year({"lag": 0}, {"preventable": 0.1}, objective={"kind": "cost"})
    # the first five pounds prevent the ten that can be prevented
    found = of(content)
    assert found.path == (pytest.approx(5.0),)
    assert [b.kind for b in found.bounds] == [Kind.PREVENTABLE]


def test_care_that_costs_less_says_by_whom_and_what_of_it_is_not_cash() -> None:
    content = case(homes={"cashable": 0.0, "decommission_max": 0.1})
    (found,) = care_moves(Anew(parse_scenario(content)))
    assert (found.kept, dict(found.by)) == (pytest.approx(25.0), pytest.approx({"support": 25.0}))
    # ten places of a hundred may close; fifteen stand empty
    assert (found.change, found.worth, found.closing) == (pytest.approx(-10.0), pytest.approx(25.0), (2,))


def eased(content: dict[str, Any], service: str, kinds: tuple[Kind, ...], step: float) -> dict[str, Any]:
    """The file with a service's own limits eased by a step in every year."""
    found = copy.deepcopy(content)
    one = next(p for p in found["prevention"] if p["id"] == service)

    def more(key: str, by: float) -> None:
        now = one.get(key) or 0.0
        one[key] = [min(1.0 if key == "ramp_down" else 1e9, max(0.0, v + by)) for v in _yearly(now, found["horizon"])]

    if Kind.CAPACITY in kinds and one.get("capacity") is not None:
        more("capacity", step)
    if Kind.FLOOR in kinds and one.get("floor") is not None:
        more("floor", -step)
    if Kind.RAMP_UP in kinds and (one.get("ramp_up") is not None or one.get("ramp_abs") is not None):
        more("ramp_abs", step)
    if Kind.RAMP_DOWN in kinds and one.get("ramp_down") is not None:
        more("ramp_down", 1e-3)
    if Kind.WIDTH in kinds:
        for segments in (s for by in one["segments"].values() for s in by.values() if s and s[-1][0] is not None):
            segments[-1][0] += step
    return found


def _yearly(value: Any, years: int) -> list[float]:
    return list(value) if isinstance(value, list) else [value] * years


def differs(now: Result, base: Result, service: str) -> bool:
    """Whether a plan is better, or spends otherwise on a service in some year."""
    if now.status != "optimal":
        return True
    spent = [
        {(year): sum(x.amount for x in r.spend if (x.service, x.year) == (service, year)) for year in {x.year for x in r.spend}}
        for r in (now, base)
    ]
    moved = max((abs(spent[0][t] - spent[1][t]) for t in spent[0]), default=0.0)
    unmet = abs(sum(x.unmet for x in now.responsive) - sum(x.unmet for x in base.responsive))
    return moved > 1e-5 or unmet > 1e-6 or abs(now.objective - base.objective) > 1e-8 * (1 + abs(base.objective))


@few
@given(st.integers(0, 100_000))
def test_easing_a_named_limit_does_something_and_where_none_is_named_easing_all_of_its_own_does_nothing(seed: int) -> None:
    content = random_scenario(seed)
    scenario = parse_scenario(content)
    base = solve(scenario)
    assume(base.status == "optimal")
    for move in moves(Anew(scenario)):
        own = [b for b in move.bounds if b.kind in OWN]
        for bound in own:
            if not bound.together:
                now = solve(parse_scenario(eased(content, move.service, (bound.kind,), 0.01)))
                assert differs(now, base, move.service), (move.service, bound)
        if not own:
            now = solve(parse_scenario(eased(content, move.service, OWN, 0.001)))
            assert not differs(now, base, move.service), move.service
