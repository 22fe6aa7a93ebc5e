"""What the room changed in a scenario is known as the group's estimate, and the caveats name what a workbook leaves out."""

import pytest

from rcs_core.vocab import InputState
from rcs_core.workshop.couple.room import said_by_the_room
from rcs_core.workshop.export.extras import Limits, caveats, extras_of
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.format import Provenance
from tests.workshop.test_scenario_by_hand import case

KNOWN = [
    {"path": "/acute/0/unit_cost", "state": "measured", "low": 0.5, "high": 1.5, "source": "ledger"},
    {"path": "/acute/0/demand/L1/G1", "state": "measured", "source": "counts"},
]


def changed(*edits: Edit) -> tuple[Scenario, dict[str, Provenance]]:
    """The two-year case with what is known of it, edited by the room; and what is known then, by place."""
    found = said_by_the_room(edited(parse_scenario(case() | {"provenance": KNOWN}), edits), edits)
    return found, {one.path: one for one in found.provenance}


@pytest.mark.parametrize(("value", "kept"), [(1.2, (0.5, 1.5)), (2.0, (None, None))])
def test_a_changed_number_is_an_estimate_of_the_group_and_keeps_its_range_while_it_is_in_it(
    value: float, kept: tuple[float | None, float | None]
) -> None:
    _, known = changed(Edit("/acute/homes/unit_cost", value, "Ann", "a tender"))
    one = known["/acute/0/unit_cost"]
    assert (one.state, one.owner, one.source) == (InputState.GROUP_ESTIMATE, "Ann", "Changed in the room: a tender")
    assert (one.low, one.high) == kept
    assert known["/acute/0/demand/L1/G1"].source == "counts"


def test_what_was_known_of_the_parts_of_a_changed_place_goes_and_what_is_added_is_found_at_its_end() -> None:
    need = Edit("/acute/homes/demand", {"L1": {"G1": [90.0, 90.0]}}, "Ben", "")
    added = [
        Edit(
            "/ringfences/-", {"id": f"ring{k}", "agency": "council", "services": ["support"], "amount": 1.0}, "Ann", f"grant {k}"
        )
        for k in (0, 1)
    ]
    scenario, known = changed(need, *added)
    assert "/acute/0/demand/L1/G1" not in known
    assert known["/acute/0/demand"].source == "Changed in the room: no reason given"
    assert [known[f"/ringfences/{k}"].source for k in (0, 1)] == ["Changed in the room: grant 0", "Changed in the room: grant 1"]
    assert parse_scenario(scenario.to_dict()) == scenario


def test_the_caveats_are_of_the_sheets_that_are_there_and_say_what_was_left_out() -> None:
    scenario = parse_scenario(case())
    result = solve(scenario)
    told = " ".join(caveats(extras_of(scenario, result, {}, limits=Limits(0, 60, 0, 0))))
    assert "paired by a rule" in told
    assert "limit of 0 promises" in told
    assert "sheets are not there" in told
    assert "fixed size" not in told
