"""What a room reads of a clash is what the engine found: each number is its own, rounded to be enough, and adds up as read."""

import re

import pytest

from rcs_core.workshop import clash, clash_words
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario import solve
from rcs_core.workshop.scenario.edits import edited
from rcs_core.workshop.shift import Shift, try_shift
from tests.workshop.small_release import a_release


def impossible(depth: Depth, **changes: object) -> Shift:
    return try_shift(a_release(), Levers.of(Preset.FALLING_BUDGET, depth=depth, **changes))


@pytest.fixture(scope="module")
def discussed() -> tuple[Shift, clash.Worked]:
    shift = impossible(Depth.DISCUSS)
    return shift, clash.worked(shift)


def in_pounds(text: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(r"£([\d,]+)", text)]


def test_the_falling_budget_says_the_sum_that_does_not_come_out_and_it_adds_up(discussed: tuple[Shift, clash.Worked]) -> None:
    shift, worked = discussed
    said = clash_words.sum_sentence(worked.sums[0], shift.scenario, shift.names, worked.rough)
    assert said.text == "2027-28, Council: social work: have £5,942,228, need £6,002,251, short by £60,023."
    have, need, short = in_pounds(said.text)
    assert need - have == short
    for name, value in (("have", worked.sums[0].have), ("need", worked.sums[0].need), ("short", worked.sums[0].short)):
        assert said.value(name) == pytest.approx(1000 * value)
    made = clash_words.made_of(worked.sums[0])
    assert made is not None
    assert sum(figure.value for figure in made.figures.values()) == pytest.approx(1000 * worked.sums[0].need)
    whole = clash_words.all_sums(worked)
    assert whole is not None
    assert whole.value("total") == pytest.approx(1000 * sum(f.short for f in worked.sums))
    assert len(clash_words.sums_table(worked, shift.scenario, shift.names)) == len(worked.sums)


def test_each_button_puts_in_what_it_says_and_the_least_money_makes_everything_hold(
    discussed: tuple[Shift, clash.Worked],
) -> None:
    shift, worked = discussed
    assert worked.ways[0].sentence.text == "Raise the budget of Council: social work by £60,023 in 2027-28."
    for way in worked.ways:
        assert way.edits
        assert all(edit.owner and edit.reason == way.sentence.text for edit in way.edits)
        assert (solve(edited(shift.scenario, way.edits)).status == "optimal") is way.whole
    assert worked.extra is not None
    said = clash_words.extra_sentence(worked, shift.scenario, shift.names)
    assert said.value("total") == pytest.approx(1000 * worked.extra.total)
    table = clash_words.extra_table(worked.extra, shift.scenario, shift.names)
    assert table["All years (£)"].sum() == in_pounds(said.text)[0]
    assert solve(edited(shift.scenario, worked.extra.edits)).status == "optimal"


def test_what_rests_on_estimated_effects_is_said_in_two_figures_that_are_enough() -> None:
    shift = impossible(Depth.ESTIMATE)
    worked = clash.worked(shift)
    assert worked.rough
    said = clash_words.sum_sentence(worked.sums[0], shift.scenario, shift.names, worked.rough)
    have, need, short = in_pounds(said.text)
    assert (need - have, short) == (40_000, 40_000)
    assert short >= said.value("short")
    # the sum shows 40,000; the clash itself needs more, and the button puts that in
    assert worked.ways[0].sentence.text == "Raise the budget of Council: social work by £61,000 in 2027-28."
    after = edited(shift.scenario, worked.ways[0].edits)
    assert set(solve(after).conflict or ()) != set(shift.result.conflict or ())


def test_how_much_of_a_stated_shift_can_move_is_tried_to_a_tenth_of_a_point() -> None:
    shift = impossible(Depth.DISCUSS, budget_change_pct=0.0, shift_pct=0.2, bridging=False)
    assert clash.most_shift(a_release(), shift) == 0.0
    assert "nothing of the 2.0 points" in clash_words.shift_sentence(0.0, 2.0).text
    assert clash_words.shift_sentence(0.4, 2.0).text.startswith("Every other promise kept, 0.4 points can move")
    assert clash.most_shift(a_release(), impossible(Depth.DISCUSS, shift_pct=1.0)) is None
    assert "not what stands in the way" in clash_words.shift_sentence(None, 1.0).text
