"""Scenarios side by side: what differs is told once, in words and units; figures that are not alike are never set together."""

from dataclasses import fields, replace
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.workshop import versus
from rcs_core.workshop.couple import Levers, compare
from rcs_core.workshop.couple.levers import Depth, Preset
from rcs_core.workshop.kept import Draft, Kept
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.scenario.explain.impossible.achievable import extra_money
from rcs_core.workshop.scenario.format import (
    Agency,
    Gap,
    GroupShare,
    LocalityBand,
    Objective,
    Pool,
    Prevention,
    Responsive,
    Ringfence,
    Scenario,
    Workforce,
)  # fmt: skip
from rcs_core.workshop.scenario.own_spend import today
from rcs_core.workshop.sentence import joined
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.versus import Side
from rcs_core.workshop.versus.numbers import GROUPS, called, flat, words
from rcs_core.workshop.versus.sides import of_own
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_couple import a_release
from tests.workshop.test_scenario_conflicts import NURSES, small
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=6, deadline=None, derandomize=True)


@cache
def release() -> Release:
    return a_release()


@cache
def side(preset: Preset, depth: Depth = Depth.ESTIMATE, *edits: Edit) -> Side:
    shift = try_shift(release(), Levers.of(preset, depth=depth, edits=edits))
    return versus.of_shift(preset.label, shift, "r1")


@cache
def case(seed: int) -> Side:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    return Side(f"Case {seed}", scenario, result, compare(scenario, result), {})


def texts(frame: pd.DataFrame, title: str) -> list[tuple[str, str]]:
    return sorted(zip(frame["What"], frame[title], strict=True))


@few
@given(st.integers(0, 5))
def test_a_scenario_differs_from_itself_in_nothing(seed: int) -> None:
    one = case(seed)
    found = versus.inputs(versus.told_apart([one, one]))
    assert (found.different, len(found.numbers)) == (0, 0)
    assert found.same == len(flat(one.scenario))
    table, _ = versus.results(versus.told_apart([one, one]))
    assert (table.iloc[:, 1] == table.iloc[:, 2]).all()


@few
@given(st.integers(0, 5), st.integers(0, 5))
def test_what_differs_is_the_same_whichever_stands_first(seed: int, other: int) -> None:
    sides = versus.told_apart([case(seed), case(other)])
    there, back = versus.inputs(sides), versus.inputs(sides[::-1])
    assert (there.different, there.same) == (back.different, back.same)
    for one in sides:
        assert texts(there.differing, one.title) == texts(back.differing, one.title)
    columns = ["place", "scenario", "year", "value"]
    both = [found.numbers.sort_values(columns[:3])[columns].reset_index(drop=True) for found in (there, back)]
    pd.testing.assert_frame_equal(*both)


@few
@given(st.integers(0, 5), st.integers(0, 2**16))
def test_a_number_that_was_changed_is_found_and_no_other(seed: int, rank: int) -> None:
    one = case(seed)
    places = [p for p, v in flat(one.scenario).items() if isinstance(v, float) and p[0] in ("agencies", "acute", "held")]
    place = places[rank % len(places)]
    content = random_scenario(seed)
    change(content, place)
    try:
        other = parse_scenario(content)
    except ScenarioError:  # another number made it no scenario: a share that no longer adds up
        return
    apart = versus.inputs([one, replace(one, title="Changed", scenario=other)])
    assert set(apart.numbers["place"]) == {"/".join(place)}
    assert list(apart.differing["What"]) == [row for row in apart.differing["What"] if row]
    assert apart.different == 1


def change(content: dict[str, Any], place: tuple[str, ...]) -> None:
    things = [t for t in content[place[0]] if t["id"] == place[1]]
    if place[0] == "held":
        things[0]["amount"] = 7.125
        return
    *steps, last = place[2:]
    at: Any = things[0]
    for step in steps:
        at = at[step]
    at[last] = 0.5 * at.get(last, 0.0) + 0.0625


def test_every_number_that_a_scenario_can_hold_has_words_and_a_heading() -> None:
    for kind, key in (
        (Scenario, ""), (Agency, "agencies"), (Prevention, "prevention"), (Responsive, "acute"), (Pool, "pools"),
        (Ringfence, "ringfences"), (Workforce, "workforce"), (Objective, "objective"), (GroupShare, "equity"), (Gap, "equity"),
        (LocalityBand, "equity"),
    ):  # fmt: skip
        for field in fields(kind):
            inner = {"demand": 2, "segments": 4, "base_reach": 2, "agencies": 2}.get(field.name, 1)
            mapped = "Mapping" in str(field.type)
            place = (key, "x", field.name, *(("0",) * inner if mapped else ()))
            if kind is Scenario:
                if field.name in ("name", "description", "provenance", "groups", "agencies", "prevention", "acute", "objective"):
                    continue
                if field.name in ("pools", "ringfences", "equity", "held", "workforce"):
                    continue
                place = (field.name,)
            elif kind is Objective:
                place = (key, field.name)
            elif field.name == "id":
                place = (key, "x")
            told = words(place, {})
            assert told[:1].isupper() or not told[:1].isalpha()
            assert "{" not in told
            assert called(place).group in GROUPS
    for seed in range(6):
        for place in flat(case(seed).scenario):
            assert words(place, {})


def test_presets_differ_in_their_levers_first_and_in_pounds_and_per_cent() -> None:
    found = versus.inputs([side(Preset.SHIFT_2), side(Preset.SHIFT_5), side(Preset.FALLING_BUDGET)])
    rows = found.differing.set_index("What")
    assert list(found.differing["Group"])[:3] == ["Levers"] * 3
    assert tuple(rows.loc["Points moved to prevention"].iloc[2:]) == ("2", "5", "0")
    assert rows.loc["There is bridging money", "Falling budget"] == versus.inputs.__globals__["NOT_THERE"]
    assert rows.loc["Most that prevention may cost as a whole", "Shift 2%"].startswith("£")
    seeds = found.numbers[found.numbers["place"] == "pools/bridging/seed"]
    assert set(seeds["scenario"]) == {"Shift 2%", "Shift 5%"}
    assert seeds["unit"].unique().tolist() == ["GBP thousand"]
    assert found.same > found.different


def test_a_number_of_a_bought_service_is_only_said_to_differ_on_the_big_screen() -> None:
    changed = side(Preset.SHIFT_2, Depth.ESTIMATE, Edit("/acute/S001/unit_cost", 100.0))
    found = versus.inputs(versus.told_apart([side(Preset.SHIFT_2), changed]), frozenset({"S001"}))
    row = found.differing[found.differing["Unit"] == "£ for each"].iloc[0]
    assert row.tolist()[3:] == ["–", "–"]


def test_the_answers_are_those_of_the_comparison_and_the_headline_is_their_difference() -> None:
    two, five = side(Preset.SHIFT_2), side(Preset.SHIFT_5)
    _, numbers = versus.results([two, five])
    value = numbers.set_index(["question", "scenario"])["value"]
    assert value["More for prevention, last year", "Shift 5%"] == pytest.approx(1000 * five.found.moved)
    assert value["Money from outside, over the plan", "Shift 2%"] == pytest.approx(1000 * bridged(two))
    sentence = joined(versus.headlines([two, five])[0])
    assert sentence.text.startswith("‘Shift 5%’ moves")
    assert sentence.value("0.gap") == pytest.approx(1000 * (five.found.moved - two.found.moved))
    others = [f.value for name, f in sentence.figures.items() if name != "0.gap"]
    assert pytest.approx(1000 * (bridged(five) - bridged(two))) in others
    back = joined(versus.headlines([five, two])[0])
    assert back.value("0.gap") == -sentence.value("0.gap")
    assert ("less" in back.text, "more" in sentence.text) == (True, True)


def bridged(one: Side) -> float:
    seed = one.found.bridging.groupby("year")[["contribution", "draw"]].sum()
    return float((seed["draw"] - seed["contribution"]).sum())


def test_changes_by_agency_and_by_service_add_up_to_the_change_of_each_scenario() -> None:
    sides = [side(Preset.SHIFT_2), side(Preset.NOTHING_CASHES)]
    for one in sides:
        whole = 1000 * one.found.by_level.loc[one.found.by_level["year"] == one.last, "change"].sum()
        rough = 0.06 * abs(one.found.by_service["change"]).sum() * 1000
        for frame in (versus.agencies(sides), versus.services(sides), versus.levels(sides)):
            assert frame[f"{one.title} (£)"].sum() == pytest.approx(whole, abs=rough)
    drawn = versus.years(sides)
    assert len(drawn) == 2 * len(sides[0].found.years)


def test_an_impossible_scenario_says_what_settles_it_and_has_no_figures() -> None:
    two, falling = side(Preset.SHIFT_2), side(Preset.FALLING_BUDGET)
    if falling.possible:
        pytest.fail("the falling budget of the small release is meant to be impossible")
    table, _ = versus.results([two, falling])
    column = table.set_index("Question")["Falling budget"]
    assert column["Can every promise hold?"].startswith("No: ")
    assert (column.drop(["Can every promise hold?", "Last year of the plan"]) == "–").all()
    ((sentence,),) = versus.headlines([falling, two])
    # promises clash besides those found: what settles these alone is not what makes everything hold
    extra = extra_money(falling.scenario, rough=True)
    assert falling.result.settled is False
    assert extra is not None
    assert 1000 * extra.total <= sentence.value("least") <= 1100 * extra.total
    assert sentence.text.endswith("more over the plan everything holds.")
    assert column["Can every promise hold?"].endswith(f"{sentence.figures['least'].said} more over the plan settles all")
    assert versus.agencies([two, falling])["Falling budget (£)"].isna().all()


def test_the_least_that_settles_a_clash_alone_is_told_only_where_it_settles_all_and_in_the_money_of_the_file() -> None:
    def told(content: dict[str, Any]) -> str:
        scenario = parse_scenario(content)
        result = solve(scenario)
        return versus.headlines([Side("Case", scenario, result, compare(scenario, result), {})])[0][0].text

    poor = small(acute={"penalty": None, "preventable": 0.0}, agencies=[{"id": "council", "budget": [95.0, 500.0]}])
    assert told(poor).endswith("The least that settles it alone is £5,001.")  # rounded up so that it is enough
    assert told(poor | {"money_unit": "GBP"}).endswith("The least that settles it alone is 5.00 GBP.")
    staff = small(acute={"cashable": 0.0, "decommission_max": 0.0}, workforce=NURSES)
    assert "no promise is to blame" in told(staff) or told(staff).endswith("and no amount of money makes everything hold.")


def test_scenarios_of_another_release_depth_or_program_are_marked_and_not_set_against_each_other() -> None:
    two = side(Preset.SHIFT_2)
    other = replace(side(Preset.SHIFT_5), release_id="r0", code="0.0.1")
    deep = side(Preset.SHIFT_2, Depth.EVIDENCE)
    (first,), (second,) = versus.headlines([two, other, replace(deep, title="Sourced")])
    assert "is not set against ‘Shift 2%’: it was kept on another release (r0)" in first.text
    assert "depth Evidence, not Estimate" in second.text
    assert not first.figures
    lines = versus.marks([two, other, deep], "r1", "0.1.0")
    assert len(lines) == 2
    assert "another release (r0)" in lines[0]
    assert "version 0.0.1 of this program" in lines[0]
    assert versus.marks([two], "r1", "0.1.0") == []


def test_a_kept_scenario_is_worked_out_anew_and_a_kept_plan_of_one_s_own_is_scored() -> None:
    two = side(Preset.SHIFT_2)
    draft = Draft(two.scenario.to_dict(), {}, None, None, dict(two.names), "r1")
    again = versus.of_kept(Kept("ours-1", "Ours", 2, "Ada", "2026-01-01", draft, "0.1.0"))
    assert again.title == "Ours (version 2)"
    assert again.found.moved == pytest.approx(two.found.moved)
    table = {s: list(line) for s, line in today(two.scenario).items()}
    own = versus.of_kept(Kept("ours-1", "Ours", 1, "Ada", "2026-01-01", replace(draft, plan=table), "0.1.0"))
    assert own.scored is not None
    assert own.found.moved == pytest.approx(0, abs=1e-9)


def test_a_plan_of_one_s_own_says_what_it_gains_and_how_many_promises_it_breaks() -> None:
    scenario = parse_scenario(SMALL)
    result = solve(scenario)
    best = Side("Solved", scenario, result, compare(scenario, result), {})
    own = of_own(best, "Ours", {"support": (30.0, 30.0)})
    sentence = joined(versus.headlines([best, own])[0])
    assert "breaks one promise" in sentence.text
    table, _ = versus.results([best, own])
    assert table.set_index("Question").loc["Can every promise hold?", "Ours"] == "No: it breaks one promise"
    assert own.scored is not None
    assert any(f.value == own.scored.share for f in sentence.figures.values())


def test_no_two_columns_have_one_title() -> None:
    titles = [one.title for one in versus.told_apart([case(1)] * 4)]
    assert len(set(titles)) == 4
