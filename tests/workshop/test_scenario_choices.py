"""A scenario with yes-or-no choices that can be kept is never said to be impossible."""

import copy
from typing import Any

import pytest

from rcs_core.workshop.scenario import parse_scenario, solve

# the response of `family` ends at 10, under its workable scale of 20: it can only stop, and everything else can hold
STOPPED: dict[str, Any] = {
    "horizon": 2,
    "discount_rate": 0.1,
    "localities": ["L0"],
    "groups": [{"id": "G0"}],
    "agencies": [{"id": "health", "budget": None}, {"id": "council", "budget": 58.0}],
    "prevention": [
        {
            "id": "youth",
            "agencies": {"council": {"L0": 0.0}},
            "segments": {"G0": {"L0": [[8.0, 2.0], [15.0, 0.0]]}},
            "lag": 0,
            "retention": 0.5,
            "acts_on": {"care": 0.0},
        },
        {
            "id": "family",
            "agencies": {"health": {"L0": 20.0}, "council": {"L0": 0.0}},
            "segments": {"G0": {"L0": [[8.0, 2.0], [2.0, 2.0]]}},
            "lag": 0,
            "retention": 0.5,
            "acts_on": {},
            "min_scale": 20.0,
        },
    ],
    "acute": [
        {
            "id": "care",
            "unit_cost": 5.0,
            "payer": {"council": 1.0},
            "demand": {"L0": {"G0": 10.0}},
            "cashable": 1.0,
            "decommission_max": [0.1, 0.5],
            "preventable": 0.0,
            "penalty": 1000.0,
        }
    ],
    "objective": {"kind": "outcome"},
    "pools": [{"id": "joint", "contrib_max": {"health": 10.0, "council": 10.0}, "draw": {"council": ["youth", "family"]}}],
}


def test_a_service_that_can_only_stop_does_not_make_a_scenario_impossible() -> None:
    result = solve(parse_scenario(STOPPED))
    without: dict[str, Any] = copy.deepcopy(STOPPED)
    del without["prevention"][1]
    without["pools"][0]["draw"] = {"council": ["youth"]}
    assert result.status == "optimal"
    # care takes 50 of the purse; youth reaches 8 at 2.0 in each year
    assert result.objective == pytest.approx(16 + 16 / 1.1) == pytest.approx(solve(parse_scenario(without)).objective)
    assert {(line.service, line.amount) for line in result.spend if line.service == "family"} == {("family", 0.0)}
