"""Claims about levers by promise: each does something, says how well it is known, whose it is and why, or that nobody said."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import Levers, Preset, levers_kept, names_of, starting_scenario
from rcs_core.workshop.couple.levers import Because, Course, Depth
from rcs_core.workshop.inputs import promises
from rcs_core.workshop.inputs.depths import in_whole_pounds
from rcs_core.workshop.inputs.promises import NOT_GIVEN, _firm
from tests.workshop.small_release import a_release

OTHER: dict[str, Any] = {
    "shift_pct": 3.0, "budget_change_pct": -1.0, "bridging": False, "allow_pool": True, "horizon": 4, "ramp_up_pct": 10.0,
    "effect_scale": 0.5, "cashable_override_pct": 0.0, "course": Course.MORE,
}  # fmt: skip


def content(levers: Levers) -> dict[str, Any]:
    """What the small release's scenario holds under some levers, but for its description."""
    return {k: v for k, v in starting_scenario(a_release(), levers).to_dict().items() if k not in ("description", "provenance")}


@pytest.mark.parametrize("depth", [Depth.DISCUSS, Depth.ESTIMATE])
def test_every_lever_that_is_offered_changes_the_scenario(depth: Depth) -> None:
    found = promises.offered(a_release(), depth).levers
    start = Levers.of(Preset.SHIFT_2, depth=depth)
    before = content(start)
    idle = {name for name in OTHER if content(replace(start, **{name: OTHER[name]})) == before}
    assert not idle & found
    names = tuple(view.movable(a_release(), depth))
    changed = {n for n in ("grow", "protect") if any(content(replace(start, **{n: (one,)})) != before for one in names)}
    assert {"grow", "protect"} & found <= changed
    assert ("grow" in found, "ramp_up_pct" in found) == (depth is Depth.DISCUSS, depth is not Depth.DISCUSS)


def test_a_lever_says_where_its_value_is_from_and_once_moved_whose_it_is_or_that_nobody_said() -> None:
    start = Levers.of(Preset.SHIFT_5)
    assert promises.moved(start) == []
    assert "Sourced" in promises.known("shift_pct", start)
    assert "at least 5% of community-based health and social care" in promises.known("shift_pct", start)
    assert promises.known("budget_change_pct", start).startswith("0% a year. Assumed. Owner: not given.")
    moved = replace(
        start, budget_change_pct=-1.5, protect=("S003",), because=(Because("protect", "NHS board, A. Name", "A duty"),)
    )
    first, second = promises.moved(moved, names_of(a_release()))
    assert first.sentence.startswith("Do not cut: from no service named to ")
    assert first.sentence.endswith("Owner: NHS board, A. Name. Reason: A duty.")
    assert second.sentence == "Budgets change a year: from 0% a year to −1.5% a year. " + promises.whose("", "")
    assert second.sentence.count(NOT_GIVEN) == 2
    assert "Set in this room, from 0% a year" in promises.known("budget_change_pct", moved)


def test_whose_a_lever_is_is_kept_with_it_and_changes_no_figure() -> None:
    said = Levers.of(Preset.SHIFT_2, horizon=4, because=(Because("horizon", "Council: education", "The plan's years"),))
    assert levers_kept.read(levers_kept.plain(said)) == said
    assert repr(said) == repr(replace(said, because=()))
    assert content(said) == content(replace(said, because=()))


def test_floors_and_purses_come_with_whose_they_are_and_from_where() -> None:
    levers = Levers.of(Preset.SHIFT_2)
    scenario = starting_scenario(a_release(), levers)
    floors, purses = (
        promises.floors(a_release(), levers, scenario), promises.purses(scenario, levers, names_of(a_release())),
    )  # fmt: skip
    least = {s.id: s for s in scenario.prevention if s.floor is not None}
    assert len(floors) == len(least)
    assert (floors["Owner"] != "").all()
    assert (floors["Reason"] != "").all()
    assert len(purses) == len(scenario.agencies)
    assert set(purses["How firm is the last"]) == {"Assumed"}
    first = next(c for c in purses.columns if "(£)" in c)
    assert purses[first].sum() == pytest.approx(sum(1000 * (a.budget if isinstance(a.budget, float) else a.budget[0])
                                                    for a in scenario.agencies), abs=len(purses))  # fmt: skip


def test_whole_pounds_of_a_row_add_up_as_they_are_read() -> None:
    frame = pd.DataFrame({"Agency": ["A"], "Before (£)": [1.5], "After (£)": [3.9], "Change (£)": [2.4], "Unspent (£)": [0.4]})
    row = in_whole_pounds(frame).iloc[0]
    assert (row["Before (£)"], row["Change (£)"], row["After (£)"], row["Unspent (£)"]) == (2, 2, 4, 0)


def test_where_budgets_alone_change_nothing_is_said_to_move() -> None:
    shift = view.try_shift(a_release(), Levers.of(Preset.AS_IS, depth=Depth.DISCUSS, budget_change_pct=1.0))
    assert view.what_moves(shift).sentence == "Nothing moves to prevention; what is held changes with the budgets."


@pytest.mark.parametrize(
    ("source", "firm"),
    [
        ("Mapped spend of the release, carried on with −2% a year", "Assumed"),
        ("100% approved; Budget book 2026; cash of the year", "Approved"),
        ("under 1% approved; Budget book 2026; 99% carried on unchanged; cash of the year", "Mostly assumed"),
        ("60% approved and 40% indicative; cash of the year", "Mostly approved"),
        ("30% indicative; 70% carried on with +1% a year; cash of the year", "Mostly assumed"),
    ],
)
def test_a_purse_is_as_firm_as_most_of_it(source: str, firm: str) -> None:
    assert _firm(source) == firm
