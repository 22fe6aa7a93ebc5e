"""Edits of a scenario: put where they say, by id or place, and held to every rule of the file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.edits import Edit, edited, place_of

TINY = {
    "name": "tiny", "description": "", "price_year": "", "first_year": "2026-27", "horizon": 2, "discount_rate": 0.035,
    "localities": ["here"], "groups": [{"id": "all"}], "agencies": [{"id": "council", "budget": 120}],
    "prevention": [
        {"id": "S1", "agencies": {"council": {"here": 0}}, "segments": {"all": {"here": [[10, 2.0], [20, 0.5]]}}, "lag": 1,
         "retention": 0, "acts_on": {"C1": 1}}
    ],
    "acute": [
        {"id": "C1", "unit_cost": 1, "payer": {"council": 1}, "demand": {"here": {"all": 100}}, "cashable": 1,
         "decommission_max": 1, "preventable": 1, "penalty": None}
    ],
    "objective": {"kind": "outcome"},
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return parse_scenario(json.loads(json.dumps(TINY)))


def test_no_edit_is_the_same_scenario_and_an_edit_answers_as_a_file_with_that_number_does(tiny: Scenario) -> None:
    assert edited(tiny, []) is tiny
    ours = solve(edited(tiny, [Edit("/agencies/council/budget", 110.0, "council", "a smaller purse")]))
    by_hand = solve(parse_scenario({**TINY, "agencies": [{"id": "council", "budget": 110}]}))
    assert ours.to_dict() == by_hand.to_dict()


@given(year=st.integers(0, 1), amount=st.floats(100, 200))
def test_one_year_of_a_constant_number_changes_that_year_only(tiny: Scenario, year: int, amount: float) -> None:
    budget = edited(tiny, [Edit(f"/agencies/0/budget/{year}", amount)]).agencies[0].budget
    assert budget == tuple(amount if t == year else 120 for t in range(2))


def test_an_optional_key_may_be_added_and_a_later_edit_wins(tiny: Scenario) -> None:
    found = edited(tiny, [Edit("/prevention/S1/floor", 5), Edit("/prevention/S1/floor", 7)])
    assert found.prevention[0].floor == 7
    assert place_of(tiny, "/prevention/S1/floor") == "/prevention/0/floor"


@pytest.mark.parametrize(
    "path", ["/prevention/S9/floor", "/prevention/4/floor", "/agencies/0/budget/2", "/agencies/0/budget/x", "", "/name/x/y"]
)
def test_an_edit_of_what_is_not_there_is_refused_with_its_place(tiny: Scenario, path: str) -> None:
    with pytest.raises(ScenarioError, match="an edit of what is not in the scenario"):
        edited(tiny, [Edit(path, 1.0)])


def test_an_edited_scenario_is_held_to_the_rules_of_the_file(tiny: Scenario) -> None:
    with pytest.raises(ScenarioError, match="the edited scenario"):
        edited(tiny, [Edit("/prevention/S1/retention", 2.0)])
    with pytest.raises(ScenarioError, match="flor"):
        edited(tiny, [Edit("/prevention/S1/flor", 2.0)])
