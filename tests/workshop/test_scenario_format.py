"""A scenario file is read whole or refused with everything that is wrong with it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import load_scenario, parse_scenario, solve
from tests.workshop.scenario_cases import random_scenario

SMALL: dict[str, Any] = {
    "horizon": 2, "discount_rate": 0.035, "localities": ["L1"], "groups": [{"id": "G1", "weight": 1.0}],
    "agencies": [{"id": "council", "budget": [120.0, 120.0]}],
    "prevention": [
        {
            "id": "support", "agencies": {"council": {"L1": 0.0}}, "segments": {"G1": {"L1": [[10, 2.0], [20, 0.5]]}},
            "base_reach": {}, "lag": 1, "retention": 0.0, "acts_on": {"homes": 1.0}, "outcome": 1.0,
        }
    ],
    "acute": [
        {
            "id": "homes", "unit_cost": 1.0, "payer": {"council": 1.0}, "demand": {"L1": {"G1": [100.0, 100.0]}},
            "cashable": 1.0, "decommission_max": 1.0, "preventable": 1.0, "penalty": 1000.0,
        }
    ],
    "objective": {"kind": "outcome"},
}  # fmt: skip


def broken(*changes: tuple[str, Any]) -> str:
    """What is said of the small scenario after some changes, each at a path such as `acute.0.unit_cost`."""
    content = copy.deepcopy(SMALL)
    for path, value in changes:
        *steps, last = path.split(".")
        holder: Any = content
        for step in steps:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        holder[int(last) if isinstance(holder, list) else last] = value
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(content, "my.json")
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize("seed", range(25))
def test_what_is_read_is_written_back_and_read_again_the_same(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    content = json.loads(json.dumps(scenario.to_dict()))
    assert parse_scenario(content) == scenario
    assert parse_scenario(content).to_dict() == content


@pytest.mark.parametrize(
    ("where", "allowed"),
    [
        ("budgets", "agencies"),
        ("agencies.0.budgt", "budget, leak, reserve_max"),
        ("prevention.0.slope", "retention"),
        ("acute.0.cost", "unit_cost"),
        ("objective.goal", "outcome_target"),
        ("groups.0.size", "weight"),
    ],
)
def test_an_unknown_key_is_refused_with_the_allowed_ones(where: str, allowed: str) -> None:
    message = broken((where, 1))
    assert "unknown key" in message
    assert where.split(".")[-1] in message
    assert allowed in message


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("acute.0.payer", {"council": 0.7}, "the payers' shares do not add up: got 0.7"),
        ("acute.0.payer", {"police": 1.0}, "no such agency"),
        ("acute.0.demand", {"L1": {"G1": [100.0]}}, "list by year of the wrong length"),
        ("acute.0.demand", {"L2": {"G1": 100.0}}, "no such locality"),
        ("acute.0.cashable", 1.5, "out of range"),
        ("acute.0.unit_cost", float("nan"), "not a finite number"),
        ("acute.0.unit_cost", float("inf"), "not a finite number"),
        ("acute.0.unit_cost", 10**400, "not a finite number"),
        ("acute.0.unit_cost", "1.0", "not a number"),
        ("acute.0.unit_cost", True, "not a number"),
        ("prevention.0.acts_on", {"homes": -1.0}, "out of range"),
        ("prevention.0.acts_on", {"house": 1.0}, "no such responsive service"),
        ("prevention.0.segments", {"G1": {"L1": [[10, 0.5], [20, 2.0]]}}, "the slope rises"),
        ("prevention.0.segments", {"G1": {"L1": [[None, 2.0], [20, 0.5]]}}, "without a limit is not the last"),
        ("prevention.0.segments", {"G1": {"L1": [[10, -2.0]]}}, "out of range"),
        ("prevention.0.segments", {"G1": {"L1": []}}, "no response segment"),
        ("prevention.0.segments", {}, "where no group can be reached"),
        ("prevention.0.base_reach", {"G2": {"L1": 1.0}}, "no such group"),
        ("prevention.0.retention", 1.0, "less than 1"),
        ("prevention.0.lag", 1.5, "not a whole number in range"),
        ("horizon", 11, "not a whole number in range"),
        ("objective", {"kind": "best"}, "one of: outcome, cost, prevention_spend"),
        ("objective", {"kind": "outcome", "outcome_target": 3.0}, "a target for another objective"),
        ("share_penalty", 3.0, "a price without a share target"),
        ("held", [{"id": "homes", "agency": "council", "amount": 3.0}], "both held and in the shift"),
        ("equity", [{"id": "e", "kind": "fair"}], "one of: group_share, locality_band, gap"),
        ("provenance", [{"path": "/acute/3/unit_cost", "state": "measured"}], "points at nothing"),
        ("provenance", [{"path": "/acute/0/unit_cost", "state": "guess"}], "one of: measured"),
        ("agencies", [{"id": "council", "budget": 1}, {"id": "council", "budget": 1}], "twice"),
        ("pools", [{"id": "p", "contrib_max": {"nhs": 1.0}, "draw": {}, "seed": 0}], "no such agency"),
        ("localities", [], "at least one locality"),
    ],
)
def test_what_is_out_of_range_or_unknown_is_refused_in_words(path: str, value: Any, said: str) -> None:
    assert said in broken((path, value))


def test_all_problems_of_a_file_are_reported_together() -> None:
    message = broken(
        ("acute.0.cashable", 2), ("agencies.0.budgt", 1), ("prevention.0.lag", -1), ("acute.0.payer", {"council": 0.5})
    )
    for part in ("4 problems", "acute[0].cashable", "agencies[0].budgt", "prevention[0].lag", "acute[0].payer"):
        assert part in message


JUNK = [None, True, -1, 1e400, "", "x", [], {}, [None], {"x": 1}, [[1, 2], 3], 2**70, {"id": None}]


def leaves(content: Any, steps: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a file, inner ones too."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [steps, *[place for key, value in inner for place in leaves(value, (*steps, key))]]


@pytest.mark.parametrize("seed", range(12))
def test_junk_anywhere_in_a_file_is_read_or_refused_and_never_a_crash(seed: int) -> None:
    content = random_scenario(seed)
    refused = 0
    for steps in leaves(content)[1:]:
        for junk in JUNK:
            trial = copy.deepcopy(content)
            holder = trial
            for step in steps[:-1]:
                holder = holder[step]
            holder[steps[-1]] = junk
            try:
                parse_scenario(trial)
            except ScenarioError:
                refused += 1
    assert refused > 100


def test_a_key_that_is_missing_is_named_and_brings_no_false_alarms() -> None:
    content = copy.deepcopy(SMALL)
    del content["agencies"][0]["budget"]
    with pytest.raises(ScenarioError, match=r"agencies\[0\]\.budget: the key is missing") as caught:
        parse_scenario(content)
    assert "problems" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ("", "not JSON"),
        ('{"horizon": 1, "horizon": 2}', "a key stands twice"),
        ("null", "not an object"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_the_house_form(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=said) as caught:
        load_scenario(path)
    assert "s.json" in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(tmp_path / "nothing.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(ScenarioError, match="not JSON"):
        load_scenario(tmp_path / "b.json")


def test_a_provenance_pointer_may_name_a_number_that_stands_at_its_default() -> None:
    content = {**copy.deepcopy(SMALL), "provenance": [{"path": "/groups/0/weight", "state": "product_default"}]}
    scenario = parse_scenario(content)
    assert parse_scenario(scenario.to_dict()) == scenario


def test_the_cautious_reading_takes_each_effect_at_its_low_end_and_names_those_without_one() -> None:
    content = {**copy.deepcopy(SMALL), "cautious": True}
    content["provenance"] = [{"path": "/prevention/0/segments/G1/L1/0/1", "state": "group_estimate", "low": 1.0, "high": 3.0}]
    low = solve(parse_scenario(content))
    content["cautious"] = False
    likely = solve(parse_scenario(content))
    # year 1: 20 bought (10 at 1.0, 10 at 0.5); year 2: 30 bought (10 at 1.0, 20 at 0.5)
    assert low.objective == pytest.approx(15 + 20 / 1.035)
    assert likely.objective == pytest.approx(25 + 30 / 1.035)
    content |= {"cautious": True, "provenance": []}
    assert "no low end is given for: support" in solve(parse_scenario(content)).messages[0]


@pytest.mark.parametrize("value", [1e13, 1e300, -1e300, 10**400])
@pytest.mark.parametrize("path", ["agencies.0.budget", "acute.0.unit_cost", "prevention.0.segments.G1.L1.0.1"])
def test_a_number_beyond_any_scenario_is_refused_and_never_reaches_the_solver(path: str, value: float) -> None:
    message = broken((path, value))
    assert "too large a number" in message or "not a finite number" in message


@pytest.mark.parametrize("path", ["horizon", "prevention.0.lag", "objective.terminal_credit_years"])
@pytest.mark.parametrize("value", [10**400, -(10**400), float("nan"), float("inf"), 1.5])
def test_years_that_are_no_count_are_refused_however_large(path: str, value: float) -> None:
    assert "not a whole number in range" in broken((path, value))


def test_a_horizon_written_as_a_decimal_still_gives_the_lists_their_length() -> None:
    assert "a list by year of the wrong length" in broken(("horizon", 2.0), ("agencies.0.budget", [120.0]))


def test_half_a_character_is_refused_where_it_could_not_be_written_down() -> None:
    message = broken(("agencies.0.id", "\ud800"), ("prevention.0.acts_on", {"\udc00": 1.0}), ("name", "\ud800"))
    assert "3 problems" in message or "4 problems" in message or "5 problems" in message
    message.encode("utf-8")
