"""What a room changes is told in words, holds in the solved scenario, and what no longer fits is left out with the reason."""

from typing import Any

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.changes import changed_from, fitted, table
from rcs_core.workshop.promised import Side, Wish, edits_of_wish, subjects
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.edits import Edit, edited
from tests.workshop.test_scenario_conflicts import small

NAMES = {"support": "Family support", "homes": "Children's houses", "council": "Council"}


def scenario(**changes: Any) -> Scenario:
    return parse_scenario(small(**changes))


def test_changes_are_told_with_what_from_to_whose_and_when() -> None:
    edits = [
        Edit("/agencies/council/budget/1", 130.0, "Council", "more money"),
        Edit("/prevention/support/floor", 5.0, "NHS", "a promise"),
        Edit("/prevention/support/capacity", (99.0, 8.0), "NHS", "a promise"),
        Edit("/share_target", 0.1),
        Edit("/acute/homes/penalty", None),
        Edit("/ringfences/-", {"id": "new fund", "agency": "council", "services": ["support"], "amount": [0.0, 3.0]}),
    ]
    found = fitted(scenario(), edits, NAMES)
    assert found.made == tuple(edits)
    rows = [tuple(row) for row in table(found.changes).itertuples(index=False)]
    assert rows == [
        ("Budget of Council", "2027-28", "£120,000", "£130,000", "Council"),
        ("Least spend on Family support", "", "none", "£5,000", "NHS"),
        ("Most spend on Family support", "from 2027-28", "none", "£8,000", "NHS"),
        ("Preventative share asked for", "", "none", "10.0%", ""),
        ("Need for Children's houses that may go unmet", "", "some may", "none", ""),
        ("Promise added: new fund", "from 2027-28", "none", "£3,000", ""),
    ]


def test_what_does_not_fit_is_left_out_with_the_reason_and_the_rest_is_made() -> None:
    edits = [
        Edit("/prevention/gone/floor", 5.0, "", "one"),
        Edit("/agencies/council/budget/4", 5.0, "", "two"),
        Edit("/agencies/council/budget/0", 125.0, "", "three"),
        Edit("/prevention/support/retention", 4.0, "", "four"),
    ]
    found = fitted(scenario(), edits, NAMES)
    assert found.made == (edits[2],)
    assert [edit.reason for edit, _ in found.unused] == ["one", "two", "four"]
    assert all(why for _, why in found.unused)
    assert edited(scenario(), found.made).agencies[0].budget == (125.0, 120.0)


def test_a_repair_of_another_scenario_is_left_out_rather_than_turned_into_a_cut() -> None:
    fallen = scenario(agencies=[{"id": "council", "budget": [120.0, 95.0]}])
    repair = [Edit("/agencies/council/budget/1", 100.0, "Council", "so that it holds")]
    was = changed_from(fallen, repair)
    assert fitted(fallen, repair, NAMES, was).made == tuple(repair)
    found = fitted(scenario(), repair, NAMES, was)
    assert found.made == ()
    assert found.unused[0][1] == "it was made when this was £95,000; it is £120,000 now"


def wish(side: Side, subject: str, pounds: float, year: int = 2, owner: str = "NHS", reason: str = "it works") -> Wish:
    return Wish(side, subject, pounds, year, owner, reason)


def test_a_floor_from_a_year_on_holds_in_the_plan_and_never_lowers_an_older_one() -> None:
    # nothing asks for support here, so that only the promise brings it
    start = scenario(acute={"penalty": None}, objective={"kind": "cost"})
    found = edits_of_wish(start, wish(Side.LEAST, "support", 12_000))
    result = solve(edited(start, found))
    assert [round(line.amount, 6) for line in result.spend][1] == pytest.approx(12.0)
    assert {(e.owner, e.reason) for e in found} == {("NHS", "it works")}
    high = scenario(service={"floor": [3.0, 20.0]})
    assert edited(high, edits_of_wish(high, wish(Side.LEAST, "support", 12_000))).prevention[0].floor == (3.0, 20.0)


def test_a_cap_from_a_year_on_holds_in_the_plan_and_leaves_earlier_years_alone() -> None:
    start = scenario()
    result = solve(edited(start, edits_of_wish(start, wish(Side.MOST, "support", 7_000))))
    assert [round(line.amount, 6) for line in result.spend] == [pytest.approx(20.0), pytest.approx(7.0)]


def test_a_purse_can_be_capped_and_given_a_floor_that_counts_what_it_holds() -> None:
    start = scenario(acute={"penalty": None})
    capped = edited(start, edits_of_wish(start, wish(Side.MOST, "council", 110_000)))
    assert capped.agencies[0].budget == (120.0, 110.0)
    held = scenario(held=[{"id": "H", "agency": "council", "amount": 4.0}])
    found = edited(held, edits_of_wish(held, wish(Side.LEAST, "council", 90_000, year=1)))
    assert [(r.agency, r.services, r.amount) for r in found.ringfences] == [("council", ("support", "homes"), (86.0, 86.0))]
    again = edited(found, edits_of_wish(found, wish(Side.LEAST, "council", 95_000)))
    assert len({r.id for r in again.ringfences}) == 2
    assert solve(again).status == "optimal"


def test_a_promise_without_an_owner_or_about_nothing_is_refused_and_care_has_no_cap_in_money() -> None:
    start = scenario()
    assert list(subjects(start, NAMES)) == ["homes", "support", "council"]
    for bad in (
        wish(Side.LEAST, "support", 1.0, owner=" "), wish(Side.LEAST, "nobody", 1.0), wish(Side.MOST, "homes", 1.0),
        wish(Side.LEAST, "support", 1.0, year=9),
    ):  # fmt: skip
        with pytest.raises(ScenarioError):
            edits_of_wish(start, bad)
