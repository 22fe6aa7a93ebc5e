"""Switching values, the tornado and the gap to close first: by hand, by brute force on a grid, and by cold solves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import triang

from rcs_core.vocab import InputState
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Answered
from rcs_core.workshop.explore.changes import changed, grounded
from rcs_core.workshop.explore.flips import gaps
from rcs_core.workshop.explore.knobs import Kind, Knob, effect_knobs, knobs
from rcs_core.workshop.explore.moves import moves
from rcs_core.workshop.explore.switching import edge, other_switches, switching, under_triangle
from rcs_core.workshop.explore.tornado import Measure, Turn, tornado
from rcs_core.workshop.inputs.elicit import Question, turned_by
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.simulate import inputs_of
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_couple import with_cell
from tests.workshop.test_scenario_by_hand import case, one_year

SLOPE = "/prevention/{}/segments/G1/L1/0/1"


def rivals(low: float = 0.5, high: float = 3.0) -> Scenario:
    """20 pounds that support (2.0 each) and its rival (1.0 each) both want: support leaves the plan under an effect of 1.0."""
    content = one_year({"segments": {"G1": {"L1": [[20.0, 2.0]]}}})
    rival = {**content["prevention"][0], "id": "rival", "segments": {"G1": {"L1": [[20.0, 1.0]]}}}
    known = {"path": SLOPE.format(0), "state": "group_estimate", "low": low, "high": high}
    return parse_scenario({**content, "prevention": [*content["prevention"], rival], "provenance": [known]})


def test_a_service_leaves_the_plan_where_another_does_as_much_for_a_pound() -> None:
    scenario = rivals()
    support, rival = switching(scenario, solve(scenario))
    assert support.now == 1
    assert support.below
    assert support.knob.value(support.below.same) >= 1.0 >= support.knob.value(support.below.other)
    assert support.knob.value(support.below.at) == pytest.approx(1.0, abs=0.02)
    assert support.above is None
    assert support.chance == pytest.approx(triang.cdf(1.0, 0.6, 0.5, 2.5), abs=0.01)
    # nobody gave the rival a range: it is tried from none to its likely value, and never comes in
    assert (rival.now, rival.edges, rival.knob.given) == (0, (), False)


def test_a_service_that_never_leaves_within_its_range_is_not_looked_for_beyond_it() -> None:
    scenario = rivals(low=1.2)
    assert switching(scenario, solve(scenario))[0].edges == ()


@pytest.mark.parametrize("seed", [3, 42])
def test_either_side_of_a_switching_value_is_what_a_grid_of_cold_solves_says(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    base = grounded(scenario)
    for switch in switching(scenario, result) if result.objective is not None else ():

        def cold(position: float, knob: Knob = switch.knob) -> int | None:
            other = changed(base, knob.change(position))
            found = solve(other)
            return moves(other, found).get(knob.of, 0) if found.objective is not None else None

        for found in switch.edges:
            assert cold(found.same) == switch.now
            assert cold(found.other) == found.answer != switch.now
        if switch.below is None and switch.knob.room[0]:
            assert [cold(-k / 4) for k in (2, 4)] == [switch.now] * 2
        elif switch.below and not switch.below.back:
            steps = [-k / 16 for k in range(17)]
            grid = [p for p in steps if cold(p) == switch.now]
            assert switch.below.other <= min(grid, default=0.0)


@given(st.floats(0.01, 0.99))
def test_halving_closes_in_on_where_an_answer_turns(threshold: float) -> None:
    found = edge(lambda p: p < threshold, True, 1.0, 1, 6)
    assert found
    assert found.same < threshold <= found.other
    assert found.other - found.same <= 0.5 / 2**6


def test_an_answer_that_turns_back_is_not_one_value_and_one_that_never_turns_has_none() -> None:
    back = edge(lambda p: not -0.6 < p < -0.4, True, -1.0, 1, 4)
    assert back
    assert back.back
    assert edge(lambda _: True, True, -1.0, 3, 4) is None


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-0.5, 1.5))
def test_the_share_of_a_range_under_a_value_is_that_of_a_triangle(a: float, b: float, c: float, value: float) -> None:
    low, likely, high = sorted((a, b, c))
    if high - low > 1e-6:
        assert under_triangle(value, low, likely, high) == pytest.approx(
            triang.cdf(value, (likely - low) / (high - low), low, high - low), abs=1e-9
        )


def test_inputs_are_grouped_as_a_person_would_and_what_has_no_range_has_a_standing_one() -> None:
    scenario = rivals()
    found = {(knob.kind, knob.of): knob for knob in knobs(scenario, inputs_of(scenario))}
    assert set(found) == {(Kind.EFFECT, "support"), (Kind.NEED, ""), (Kind.UNIT_COST, "homes")}
    assert found[Kind.UNIT_COST, "homes"].value(1.0) == pytest.approx(1.1)
    assert found[Kind.NEED, ""].value(-1.0) == pytest.approx(90.0)
    assert not found[Kind.NEED, ""].given
    assert found[Kind.EFFECT, "support"].state is InputState.GROUP_ESTIMATE
    assert [k.value(-1.0) for k in effect_knobs(scenario)] == [0.5, 0.0]


def test_the_tornado_s_bars_are_worked_out_by_hand_and_say_where_the_plan_turns() -> None:
    known = [{"path": SLOPE.format(0), "state": "group_estimate", "low": 1.0, "high": 3.0}]
    scenario = parse_scenario(case(provenance=known))
    found = tornado(scenario, solve(scenario))
    bars = {bar.knob.kind: bar for bar in found.bars}
    # 10 pounds at 1.0, 2.0 or 3.0, and 10 at 0.5, take 15, 25 or 35 off the need of year 2
    effect = bars[Kind.EFFECT]
    assert [Measure.AVOIDED.of(one) for one in (effect.low, found.base, effect.high)] == pytest.approx([15, 25, 35])
    assert effect.swing(Measure.AVOIDED) == pytest.approx(20)
    # need a tenth higher: 110 + 20 of 120 in year 1; a unit cost a tenth higher: 110 + 20 too, then 82.5 + 30
    assert Measure.SHORT.of(bars[Kind.NEED].high) == pytest.approx(10)
    assert Measure.SHORT.of(bars[Kind.UNIT_COST].high) == pytest.approx(10)
    assert effect.turns == {"low": Turn.SAME, "high": Turn.SAME}
    assert found.sorted(Measure.AVOIDED)[0] is effect


def test_an_input_that_leaves_no_plan_is_told_from_one_that_moves_other_services() -> None:
    tight = parse_scenario(case(homes={"penalty": None}, agencies=[{"id": "council", "budget": 104.0}]))
    cost = {bar.knob.kind: bar for bar in tornado(tight, solve(tight)).bars}[Kind.UNIT_COST]
    assert cost.turns == {"low": Turn.SAME, "high": Turn.NO_PLAN}
    found = next(s for s in other_switches(tight, solve(tight)) if s.knob.kind is Kind.UNIT_COST)
    assert found.above
    assert found.above.answer is None
    assert found.knob.value(found.above.at) == pytest.approx(1.04, abs=0.002)


def test_the_gap_to_close_first_is_one_that_turns_the_plan_and_where_it_does_is_what_the_elicitation_says() -> None:
    close = with_cell("effects", "S004", "children_averted_per_100", 12.0)  # as worked by hand in test_elicit: 90 turns it
    number = Answered("effect", "S003", "S002", 0, 5, 90)
    question = Question(number, "How many?", "children", InputState.GROUP_ESTIMATE, ("high",), 8e4)
    idle = Question(Answered("cashable", "S001", "", 0, 40, 100), "How much?", "per cent", InputState.GROUP_ESTIMATE)
    first, last = gaps(close, Levers.of("shift_2"), [idle, question])
    assert first.question is question
    assert first.below is None
    assert first.above
    sides = {"under": first.above - 1.4, "over": first.above + 1.4}  # a sixty-fourth of the range either side
    assert turned_by(close, Levers.of("shift_2"), number, sides) == {"under": False, "over": True}
    assert first.chance == pytest.approx(1 - under_triangle(first.above, 0, 5, 90))
    assert first.expected == pytest.approx(first.chance * 8e4)
    assert not last.turns
