"""What is said of the tests is what was found: every number of a sentence is one of the findings', and none is typed."""

import re
from dataclasses import replace

import pytest

from rcs_core.vocab import InputState
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Answered, Depth
from rcs_core.workshop.explore.flips import Gap
from rcs_core.workshop.explore.regret import candidates, regret, states_of
from rcs_core.workshop.explore.strains import Strain, set_of
from rcs_core.workshop.explore.stress import stress
from rcs_core.workshop.explore.switching import Edge, Switch, effect_knobs
from rcs_core.workshop.explore.tornado import Measure, tornado
from rcs_core.workshop.inputs.elicit import Question
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.shift import Shift, try_shift
from rcs_core.workshop.why import regret as why_regret
from rcs_core.workshop.why import stress as why
from rcs_core.workshop.why import switching as why_switching
from rcs_core.workshop.why import tornado as why_tornado
from rcs_core.workshop.why.strained import whole
from tests.workshop.test_couple import a_release

SHIFT = try_shift(a_release(), Levers.of("shift_2"))
FOUND = stress(SHIFT.scenario, SHIFT.result)


def bare(sentence: Sentence, shift: Shift = SHIFT) -> str:
    """What is left of a sentence without its figures, names and years: no digit."""
    text = sentence.text
    for part in sorted({f.said for f in sentence.figures.values()} | set(shift.names.values()) | set(shift.found.years), key=len)[
        ::-1
    ]:
        text = text.replace(part, "")
    return text


def every() -> list[Sentence]:
    losses = regret(candidates(FOUND), states_of(FOUND))
    swings = tornado(SHIFT.scenario, SHIFT.result, anew=False)
    lines = [why.survives(SHIFT, FOUND), why.if_paid(FOUND), why.which(SHIFT, FOUND), why.breaks_first(SHIFT, FOUND)]
    lines += [*why.lines(SHIFT, FOUND), *why.conditions(FOUND), why_regret.no_regret(SHIFT, losses)]
    lines += [why_tornado.matters_most(SHIFT, swings, measure) for measure in Measure]
    return [line for line in lines if line]


def test_no_number_is_said_that_is_not_a_figure_and_the_word_is_never_used() -> None:
    for sentence in every():
        assert not re.search(r"\d", bare(sentence)), sentence.text
        assert "saving" not in f"{sentence.text} {sentence.under}".lower()
        assert sentence.text[0].isupper() or sentence.text[0] == "£"


def test_the_moves_that_survive_are_those_that_were_found() -> None:
    kept, said = FOUND.surviving(set_of("survival")), why.survives(SHIFT, FOUND)
    assert len(FOUND.moves) > 0
    assert said.figures.get("kept") is None or said.value("kept") == len(kept)
    assert whole(Strain.HALF_EFFECTS).text in said.text
    table = why.moves_table(SHIFT, FOUND)
    assert len(table) == len(FOUND.moves)
    for strain, sentence in zip(FOUND.tests, why.lines(SHIFT, FOUND), strict=True):
        test = FOUND.tests[strain]
        if test.carried.short:
            assert sentence.value("0.lacking") == pytest.approx(1000 * test.carried.lacking)
        if test.anew and test.anew.missing and not test.anew.holds:
            assert sentence.value("1.missing") == pytest.approx(1000 * test.anew.missing.total)
    lacking = why.tests_table(SHIFT, FOUND)["Plan as it is lacks (£)"].tolist()
    assert lacking == pytest.approx([1000 * t.carried.lacking for t in FOUND.tests.values()], abs=0.01)


def test_all_none_and_one_of_the_moves_are_said_as_people_say_them() -> None:
    def said(kept: int, moves: int) -> str:
        text, parts = why.left(kept, moves, "remain", "remains", "does not remain")
        return text.format(**{name: part if isinstance(part, str) else part.said for name, part in parts.items()})

    assert [said(2, 2), said(5, 5), said(2, 5), said(1, 5), said(0, 5), said(1, 1), said(0, 1), said(0, 0)] == [
        "both moves remain", "all five moves remain",
        "two of five moves remain", "one of five moves remains", "none of five moves remains",
        "the one move remains", "the one move does not remain", "nothing moved that could be undone",
    ]  # fmt: skip


def test_a_stated_shift_says_what_cannot_be_tried_and_what_a_delay_costs() -> None:
    shift = try_shift(a_release(), Levers.of("shift_2", depth=Depth.DISCUSS))
    later = why.later(shift)
    assert later.value("each") == pytest.approx(1000 * shift.found.moved)
    assert later.value("both") == pytest.approx(2 * later.value("each"))
    assert "cannot be tried here" in why.untested().text
    found = stress(shift.scenario, shift.result, why.STATED, anew=False)
    assert set(found.tests) == {Strain.MORE_NEED, Strain.FALLING_BUDGET}
    assert all(not re.search(r"\d", bare(line, shift)) for line in why.lines(shift, found))


def switch(now: int, below: float | None = None, above: float | None = None, answer: int = 0) -> Switch:
    knob = effect_knobs(SHIFT.scenario)[0]
    sides = [None if at is None else Edge(at, at, answer) for at in (below, above)]
    return Switch(knob, now, sides[0], sides[1])


def test_a_switching_value_is_said_per_hundred_children_with_the_end_of_the_range_that_it_lies_within() -> None:
    found = why_switching.stays(SHIFT, switch(1, below=-0.5))
    knob = switch(1).knob
    each = why_switching.per_hundred(SHIFT, knob.of)
    assert each
    assert found.value("value") == pytest.approx(knob.value(-0.5) * each)
    assert found.value("likely") == pytest.approx(knob.value(0.0) * each)
    assert "stays in while its effect is above" in found.text
    assert "that decides" in found.text
    assert "over the whole range" in why_switching.stays(SHIFT, switch(1)).text
    assert "is cut unless its effect is above" in why_switching.stays(SHIFT, switch(-1, above=0.5)).text
    assert "comes in once its effect is above" in why_switching.stays(SHIFT, switch(0, above=0.5, answer=1)).text
    assert "is cut once its effect is under" in why_switching.stays(SHIFT, switch(0, below=-0.5, answer=-1)).text
    assert "comes in once its effect is under" in why_switching.stays(SHIFT, switch(0, below=-0.5, answer=1)).text
    unranged = replace(switch(1, below=-0.5), knob=replace(knob, given=False))
    assert "no range is given" in why_switching.stays(SHIFT, unranged).text
    table = why_switching.switch_table(SHIFT, [switch(1, below=-0.5), switch(0)])
    assert table["Now"].tolist() == ["Gains", "Stays as today"]


def test_the_gap_to_close_first_is_said_with_where_it_turns_the_plan_and_what_moves() -> None:
    number = Answered("effect", "S003", "S002", 2, 5, 8)
    question = Question(number, "How many fewer need care?", "children", InputState.GROUP_ESTIMATE, ("low",), 80_000.0)
    gap = Gap(question, 4.97, None, 0.49)
    said = why_switching.close_first([gap], rough=True)
    assert (said.value("below"), said.value("apart"), said.value("chance")) == pytest.approx((4.97, 80_000, 0.49))
    assert said.figures["below"].said == "4.97", "in two figures it would be said to be the likely value itself"
    assert "none need be closed" in why_switching.close_first([Gap(question, None, None, 0.0)], rough=True).text
    assert why_switching.gap_table([gap])["Turns below"].tolist() == [5.0]


def test_capacity_that_is_not_released_but_taken_up_is_said_with_its_minus() -> None:
    said = why_tornado.signed(SHIFT, -12.4, rough=False)
    assert (said.said, said.value) == ("minus £12,400", pytest.approx(-12_400))
    assert why_tornado.signed(SHIFT, -1e-9, rough=True).said == "£0"
    swings = tornado(SHIFT.scenario, SHIFT.result, anew=False)
    sentence = why_tornado.matters_most(SHIFT, swings, Measure.RELEASED)
    if "base" in sentence.figures:
        assert sentence.value("base") == pytest.approx(1000 * sum(swings.base.released), abs=0.01)
