"""What else there is, in sentences: each number in them is the engine's, and what cannot be said is not pretended."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple import Levers, Preset, compare
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.explore import outlook as outlooks
from rcs_core.workshop.explore.choices import choices, trades
from rcs_core.workshop.explore.weights import Whose, sensitivity, weight_sets
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.contained import Contained, contains, paths
from rcs_core.workshop.scenario.frontier import Point, binding, by_budget, by_pace, frontier
from rcs_core.workshop.sentence import Sentence, Unit
from rcs_core.workshop.shift import THOUSAND, Shift, try_shift
from rcs_core.workshop.why import choices as why_choices
from rcs_core.workshop.why import frontier as why_frontier
from rcs_core.workshop.why import weights as why_weights
from tests.workshop.else_cases import tiny, two_purses
from tests.workshop.small_release import a_release

NAMES = {"north": "North team", "south": "South team", "both": "Team for both", "A": "Agency A", "B": "Agency B", "P": "Payer"}


def shift_of(content: dict[str, object]) -> Shift:
    """A shift of a scenario by hand; its figures are all known, so none is rounded."""
    scenario = parse_scenario({**content, "first_year": "2026-27"})
    result = solve(scenario, NAMES)
    found = replace(compare(scenario, result, NAMES), discussion_only=False)
    inputs = Inputs(NAMES, (), (), (), {}, "2025-26", "", 0)
    return Shift(scenario, result, found, NAMES, Levers(depth=Depth.EVIDENCE), inputs)


@pytest.fixture(scope="module")
def shift() -> Shift:
    """Two purses and three services."""
    return shift_of(two_purses())


def clean(sentence: Sentence) -> str:
    """The sentence, which is one: no gap, no double space, a full stop."""
    assert not re.search(r"[{}]|  |\.\.| ,| \.", sentence.text), sentence.text
    assert sentence.text.endswith(".")
    return sentence.text


def values(sentence: Sentence, start: str) -> list[float]:
    return [figure.value for name, figure in sentence.figures.items() if name.startswith(start)]


def test_what_nearly_as_good_means_is_said_in_pounds_of_the_gain(shift: Shift) -> None:
    found = choices(shift.scenario, shift.result)
    said = why_choices.base(shift, found, 0.05)
    assert said.value("lost") == pytest.approx(0.05 * found.found.gain.size * THOUSAND)
    assert said.value("gain") == pytest.approx(42_000)
    assert clean(said).endswith("at most 5% of what the plan gains over doing nothing: £2,100 of £42,000.")
    assert "£42,000" in said.basis
    assert "what the care costs" in said.basis


def test_must_haves_and_choices_are_counted_and_named(shift: Shift) -> None:
    found = choices(shift.scenario, shift.result)
    assert clean(why_choices.headline(shift, found, 0.05)).startswith(
        "One service gains in every plan that gives up at most 5% of the gain; about two services there is a real choice."
    )
    lines = [clean(one) for one in why_choices.kinds(shift, found, 0.05)]
    assert lines == [
        "One service gains in every one of these plans: Team for both.",
        "About two services there is a real choice: North team and South team.",
    ]


def test_a_trade_says_who_has_less_and_who_more_and_what_is_given_up(shift: Shift) -> None:
    found = choices(shift.scenario, shift.result, (0.05,))
    for one in trades(shift.scenario, shift.result, found.rows):
        said = why_choices.trade(shift, one)
        clean(said)
        if one.last:
            others = {s: v for s, v in one.last.items() if s != one.service}
            moved = [*values(said, "less_much"), *values(said, "more_much")]
            assert sorted(moved) == pytest.approx(sorted(THOUSAND * v for v in others.values()))
            assert said.value("lost") == pytest.approx(THOUSAND * one.lost)
        veiled = why_choices.trade(shift, one, {"north", "south", "both"})
        assert set(veiled.figures) <= {"lost"}


def test_the_table_of_ranges_is_the_engine_s_to_the_penny(shift: Shift) -> None:
    found = choices(shift.scenario, shift.result, (0.05,))
    table = why_choices.table(shift, found, 0.05).set_index("Service")
    for row in found.rows:
        ends = table.loc[NAMES[row.service], [f"Least in {shift.last} (£)", f"Most in {shift.last} (£)"]]
        assert list(ends) == pytest.approx([THOUSAND * row.last.least, THOUSAND * row.last.most], abs=0.01)


def test_the_first_points_bring_most_of_what_more_bring(shift: Shift) -> None:
    """Of 72 at six points: 16 at one, 32 at two, 42 at three, 52 at four, 62 at five; 80% of 72 is first passed at five."""
    found = frontier(by_pace(shift.scenario), (8, 6, 5, 4, 3, 2, 1, 0))
    said = why_frontier.most_of_it(found, shift)
    assert clean(said) == "The first 5.0 points bring 86% of what 6.0 points bring (£72,000)."
    assert said.value("share") == pytest.approx(62 / 72)
    ends = why_frontier.where_it_ends(found, shift, binding(by_pace(shift.scenario)(8)), why_frontier.SHIFT)
    assert clean(ends) == "Beyond 6.0 points nothing more is gained: every service is at the end of its response."
    now = why_frontier.present(found, shift, 3.0, 0.0)
    assert (now.value("gain"), now.value("more")) == (pytest.approx(42_000), pytest.approx(10_000))
    clean(now)


def test_smaller_purses_end_where_a_purse_cannot_pay_and_say_whose() -> None:
    shift = shift_of(tiny())
    found = frontier(by_budget(shift.scenario), (5, 0, -10, -20))
    lines = why_frontier.purses(found, shift, binding(by_budget(shift.scenario)(5)))
    last = clean(lines[-1])
    assert last.endswith("less the promises cannot all hold: Agency A cannot pay for what is promised from it in 2026-27.")
    assert lines[-1].value("much") == pytest.approx(-(found.end.last if found.end else 0.0))
    assert lines[0].value("more") == pytest.approx(3_000)
    assert [clean(line) for line in lines]


def test_a_larger_plan_that_drops_a_service_says_for_what_and_what_keeping_it_gives_up() -> None:
    content = tiny() | {"horizon": 1}
    content["prevention"].append(
        {**tiny()["prevention"][0], "id": "team", "segments": {"G": {"L": [[30.0, 2.0]]}}, "min_scale": 30.0}
    )
    shift = shift_of({**content, "agencies": [{"id": "A", "budget": 130.0}]})
    small = parse_scenario({**content, "agencies": [{"id": "A", "budget": 115.0}]})
    before, after = solve(small), shift.result
    found = contains(paths(small, before), shift.scenario, after)
    pair = (Point(-10.0, before), Point(0.0, after), found)
    said = why_frontier.nested(shift, [pair], why_frontier.BUDGET)
    assert clean(said[0]).startswith(
        "From −10.0% to today's purses: less for support (£15,000), as money goes to team (£30,000)."
    )
    assert "cannot grow by a little" in said[0].text
    assert values(said[0], "less_much") == pytest.approx([15_000])
    whole = why_frontier.nested(shift, [(*pair[:2], Contained(True, True))], why_frontier.SHIFT)
    assert clean(whole[0]) == "At each step the larger plan holds all of the smaller one: more undoes nothing that was begun."


def test_how_many_moves_are_in_the_plan_whatever_counts(shift: Shift) -> None:
    found = sensitivity(shift.scenario, weight_sets(shift.scenario, NAMES))
    said = why_weights.headline(shift, found)
    assert (
        clean(said)
        == f"One of {'two' if len(found.present) == 2 else 'three'} moves is in the plan whatever counts: Team for both."
    )
    assert (said.value("sure"), said.value("many")) == (len(found.no_regret), len(found.present))
    for line in why_weights.depends(shift, found):
        clean(line)
    moves = [s for s in found.present if s not in found.no_regret]
    for service, line in zip(moves, why_weights.depends(shift, found), strict=False):
        assert values(line, "cost") == [p.regret[service] for p in found.asked if p.moves.get(service) != 1]


def test_what_a_purse_loses_is_said_in_pounds_and_as_a_share_of_its_own_gain(shift: Shift) -> None:
    found = sensitivity(shift.scenario, weight_sets(shift.scenario, NAMES))
    now: Mapping[str, float] = {x.agency: x.lost for x in found.losses if x.chosen_by.whose is Whose.NOW}
    for line, lost in zip(why_weights.losses(shift, found), now.values(), strict=True):
        clean(line)
        assert lost <= 1e-6 or line.figures["lost"].value == pytest.approx(THOUSAND * lost)
    table = why_weights.loss_table(shift, found)
    assert list(table["Loses against its own plan (£)"]) == pytest.approx([THOUSAND * x.lost for x in found.losses], abs=0.01)
    none = why_weights.no_stake(shift, found)
    assert none is not None
    assert clean(none).startswith("One purse pays for no care")


def test_an_outcome_that_is_not_weighed_by_cost_is_not_said_in_pounds() -> None:
    content = tiny()
    content["prevention"][0]["outcome"] = 3.0
    shift = shift_of(content)
    said = why_choices.base(shift, choices(shift.scenario, shift.result), 0.01)
    assert said.figures["gain"].unit is Unit.OTHER
    assert clean(said)


def test_the_outlook_of_a_release_moves_with_the_lever_and_marks_what_rests_on_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"shift_points": (0.0, 4.0), "budget_per_cent": (-2.0, 0.0, 2.0), "slacks": (0.05,)}
    monkeypatch.setattr(outlooks, "numbers", few.__getitem__)
    release = a_release()
    shift = try_shift(release, Levers.of(Preset.SHIFT_2))
    heard: list[float] = []
    found = outlooks.outlook(release, shift, heard.append)
    assert [p.at for p in found.shift.found.points] == [0.0, 2.0, 4.0]
    here = found.shift.found.points[1]
    assert here.objective == pytest.approx(shift.result.objective or 0.0)
    assert heard == sorted(heard)
    table = why_frontier.table(shift, found.shift.found, found.nothing, why_frontier.SHIFT)
    assert table.iloc[1, 1] == pytest.approx(THOUSAND * (here.objective - found.nothing), abs=0.01)
    assert table.iloc[1, 2] == pytest.approx(THOUSAND * shift.found.moved, abs=0.01)
    lines = [
        why_frontier.most_of_it(found.shift.found, shift),
        *why_frontier.purses(found.budget.found, shift, found.budget.held),
    ]
    assert all("about £" in clean(line) for line in lines if any(f.unit is Unit.POUNDS for f in line.figures.values()))


def test_a_shift_that_is_only_discussed_has_no_outlook() -> None:
    release = a_release()
    with pytest.raises(ScenarioError, match="nothing is optimised"):
        outlooks.outlook(release, try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS)))
