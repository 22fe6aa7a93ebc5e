"""The standing stress tests: by hand on the small scenario, against cold solves and another solver's least money."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.workshop.couple import Levers, starting_scenario
from rcs_core.workshop.couple.levers import Course
from rcs_core.workshop.explore.carried import as_is, carry_out
from rcs_core.workshop.explore.changes import changed, grounded
from rcs_core.workshop.explore.moves import moves
from rcs_core.workshop.explore.redrawn import redrawn
from rcs_core.workshop.explore.regret import candidates, regret, states_of
from rcs_core.workshop.explore.strains import SINGLE, Strain, change_of, set_of, size
from rcs_core.workshop.explore.stress import stress
from rcs_core.workshop.inputs.assumed import missing
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.fixed_plan import needed_places
from rcs_core.workshop.scenario.matrix import Matrix
from rcs_core.workshop.scenario.missing_money import missing_money, topped_up
from rcs_core.workshop.scenario.model import build
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_couple import a_release
from tests.workshop.test_scenario_by_hand import LATER, case

SMALL = parse_scenario(case())
"""120 a year, care for 100; support 20 and 30 takes 25 off the need of year 2, which leaves 15."""
STRESSED = stress(SMALL, solve(SMALL))


@pytest.mark.parametrize(
    ("strain", "short"),
    [
        (Strain.HALF_EFFECTS, {}),  # year 2: 87.5 + 30 of 120
        (Strain.NOTHING_CASHES, {("council", 2): 10.0}),  # 100 + 30
        (Strain.MORE_NEED, {("council", 1): 10.0}),  # 110 + 20; then 110 - 25 + 30
        (Strain.LATER_EFFECTS, {("council", 2): 10.0}),  # 100 + 30
        (Strain.FALLING_BUDGET, {}),  # 105 of 118.80
        (Strain.WORST, {("council", 1): 10.0, ("council", 2): 21.2}),  # 110 + 20 of 120, 110 + 30 of 118.80
    ],
)
def test_the_plan_as_it_is_lacks_what_is_worked_out_by_hand(strain: Strain, short: dict[tuple[str, int], float]) -> None:
    test = STRESSED.tests[strain]
    assert test.carried.short == pytest.approx(short)
    assert test.still.short == {}, "with nothing moved, 110 of 118.80 at the most"
    assert test.own == bool(short)


def test_the_plan_worked_out_anew_keeps_every_promise_and_its_move_and_what_is_lost_is_told() -> None:
    need, delay = STRESSED.tests[Strain.MORE_NEED].anew, STRESSED.tests[Strain.LATER_EFFECTS].anew
    assert need
    assert delay
    # need: 10 in year 1 does 20, so that 90 are left, and 30 in year 2 does 30; delay: 20 in both years
    assert need.outcome == pytest.approx(20 + 30 * LATER)
    assert delay.outcome == pytest.approx(25 + 25 * LATER)
    assert need.holds
    assert STRESSED.moves == {"support": 1}
    assert STRESSED.surviving(set_of("survival")) == {"support": 1}


def test_what_breaks_the_plan_first_is_the_test_of_which_least_is_needed() -> None:
    breaks = {strain: STRESSED.tests[strain].breaks for strain in SINGLE}
    # need: 100.5 + 20 is over 120. Cash, of a part p: 75 (1 - p) + p x 100 p + 30 is over 120 from 0.914 on, so at 0.95
    assert breaks == {
        Strain.HALF_EFFECTS: None, Strain.NOTHING_CASHES: pytest.approx(0.95), Strain.MORE_NEED: pytest.approx(0.05),
        Strain.LATER_EFFECTS: 0.5, Strain.FALLING_BUDGET: None,
    }  # fmt: skip
    assert STRESSED.first_to_break
    assert STRESSED.first_to_break.strain is Strain.MORE_NEED


def test_the_tests_are_those_that_stand_elsewhere_in_the_contracts() -> None:
    preset = read_yaml(CONTRACTS / "scenario.yaml")["presets"]["falling_budget"]["value"]
    assert 100 * size(Strain.FALLING_BUDGET) == preset["budget_change_pct"]
    assert size(Strain.MORE_NEED) == missing()["demand"].high


def test_more_need_is_the_scenario_that_the_page_tries_on_a_tenth_more() -> None:
    release = a_release()
    mine = grounded(starting_scenario(release, Levers.of("shift_2")))
    mine = changed(mine, change_of(mine, Strain.MORE_NEED))
    theirs = starting_scenario(release, Levers.of("shift_2", course=Course.MORE))
    for one, other in zip(mine.acute, theirs.acute, strict=True):
        for year in mine.years:
            assert one.need_in("whole_area", year) == pytest.approx(other.need_in("whole_area", year))
        assert one.cap0 == pytest.approx(other.cap0)
        assert (one.cap_max is None) == (other.cap_max is None)
    assert solve(mine).status == solve(theirs).status


def test_money_that_is_missing_is_the_least_and_lets_every_promise_hold() -> None:
    owed = parse_scenario(case(support={"floor": 30.0}, homes={"penalty": None}))
    found = missing_money(owed)  # 100 + 30 of 120 in year 1; 70 + 30 in year 2
    assert found
    assert found.by_purse == pytest.approx({("council", 1): 10.0})
    assert solve(topped_up(owed, found)).status == "optimal"
    assert missing_money(parse_scenario(case(homes={"cap_max": {"L1": 90.0}, "penalty": None}))) is None


def least_money(scenario: Scenario) -> float | None:
    """The same by another algorithm on the written rows: interior point."""
    model = build(scenario)
    m, rows = Matrix.of(model), [k for k, about in enumerate(model.rows) if about.family == "budget"]
    extra = sparse.csr_matrix(([-1.0] * len(rows), (rows, range(len(rows)))), shape=(m.a.shape[0], len(rows)))
    a, same = sparse.hstack([m.a, extra]).tocsr(), m.row_low == m.row_high
    most, least = np.isfinite(m.row_high) & ~same, np.isfinite(m.row_low) & ~same
    none, any_ = np.zeros(len(rows)), np.full(len(rows), np.inf)
    found = linprog(
        np.append(np.zeros(m.a.shape[1]), none + 1), sparse.vstack([a[most], -a[least]]),
        np.append(m.row_high[most], -m.row_low[least]), a[same], m.row_low[same],
        list(zip(np.append(m.low, none), np.append(m.high, any_), strict=True)), "highs-ipm",
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else None


@pytest.mark.parametrize("seed", [1])
def test_every_answer_is_that_of_a_cold_solve_and_the_least_money_that_of_another_solver(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    if result.objective is None:
        return
    found = stress(scenario, result)
    assert not found.base.short
    for strain, test in found.tests.items():
        assert test.anew
        asked = changed(found.scenario, change_of(found.scenario, strain))
        assert (solve(asked).status == "optimal") == test.anew.holds
        if not test.anew.holds:
            least = least_money(asked)
            assert (least is None) == (test.anew.missing is None)
            assert test.anew.missing is None or test.anew.missing.total == pytest.approx(least, rel=1e-5)
        cold = solve(test.anew.scenario)
        if cold.objective is not None:
            assert test.anew.result.objective == pytest.approx(cold.objective, rel=1e-6)
            assert moves(test.anew.scenario, cold) == test.anew.moves


def test_a_shift_that_is_only_stated_is_carried_out_and_never_worked_out_anew() -> None:
    found = stress(SMALL, solve(SMALL), (Strain.MORE_NEED,), anew=False)
    assert found.tests[Strain.MORE_NEED].anew is None
    assert found.tests[Strain.MORE_NEED].carried.short == pytest.approx({("council", 1): 10.0})


def test_nothing_moved_is_today_s_spend_and_need_and_what_is_released_is_against_it() -> None:
    base = grounded(SMALL)
    still = carry_out(base, as_is(base), [{}])[0]
    assert (still.lacking, sum(still.released), sum(still.avoided)) == (0.0, 0.0, 0.0)
    assert STRESSED.base.released == pytest.approx((0.0, 25.0))
    assert STRESSED.base.prevented == pytest.approx((0.0, 25.0))


def test_regret_is_outcome_and_money_apart_and_nothing_is_lost_where_the_plan_is_the_best() -> None:
    found = regret(candidates(STRESSED), states_of(STRESSED))
    loss = found.losses["plan", "As planned"]
    assert (loss.outcome, loss.money) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert found.losses["plan", "more_need"].money == pytest.approx(10.0)
    assert found.losses["as_is", "more_need"].money == 0.0
    assert found.worst("as_is").outcome == pytest.approx(1.0), "nothing is spent on support, so all of the outcome is lost"
    assert found.least() == "plan"
    assert found.least(money=True) == "as_is"


def test_regret_counts_the_worst_of_the_draws_too_and_the_plan_of_a_draw_is_never_beaten_with_the_money_that_there_is() -> None:
    known = [{"path": "/prevention/0/segments/G1/L1/0/1", "state": "group_estimate", "low": 1.0, "high": 3.0}]
    scenario = parse_scenario(case(provenance=known))
    result = solve(scenario)
    drawn = redrawn(scenario, 6, result=result)
    plans = {"plan": needed_places(scenario, result), "as_is": as_is(scenario)}
    found = regret(plans, [], (scenario, drawn))
    # whatever 10 pounds do, 20 and 30 are the best that can be spent until year 2 has less than 30 left
    assert found.losses["plan", "draws"].outcome == pytest.approx(0.0, abs=1e-6)
    assert found.losses["as_is", "draws"].outcome == pytest.approx(1.0)
    assert found.worst("plan").money == pytest.approx(float(np.nanmax(drawn.short)))
