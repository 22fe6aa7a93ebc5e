"""A kept scenario on the table: its moves add up to it, its safety sheet is filled from the register, gaps are named."""

from dataclasses import replace
from random import Random

import pytest

from rcs_core.release import Release
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.decide import AssessmentKind, Decision, Money, Verdict, conditions, lists, prefill, start, told
from rcs_core.workshop.decide.moves import OnTable, Way, brought
from rcs_core.workshop.kept import Draft as KeptDraft
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.plan.planned import service_of
from rcs_core.workshop.shift import try_shift
from tests.workshop.decision_cases import CUT, GROWTH
from tests.workshop.test_couple import a_release


def on_table(release: Release, preset: str, depth: Depth, **levers: object) -> OnTable:
    shift = try_shift(release, Levers.of(preset, depth=depth, **levers))
    draft = KeptDraft(shift.scenario.to_dict(), {"moved": shift.found.moved}, names=dict(shift.names), release_id="608f4ae021f4",
                      release_hash="608f4ae021f4" * 5)  # fmt: skip
    return brought(Kept("ours-1a2b3c", "Ours", 1, "Ada", "2026-11-22T10:00:00", draft), release)


@pytest.fixture(scope="module")
def falling() -> OnTable:
    """Budgets fall, so held services shrink too."""
    return on_table(a_release(), "shift_5", Depth.ESTIMATE, budget_change_pct=-1.0)


@pytest.fixture(scope="module")
def shifted() -> OnTable:
    return on_table(a_release(), "shift_2", Depth.ESTIMATE)


@pytest.mark.parametrize("seed", range(8))
def test_the_money_of_any_choice_of_moves_adds_up_to_the_scenario_to_the_penny(
    falling: OnTable, shifted: OnTable, seed: int
) -> None:
    drawn, found = Random(seed), (falling, shifted)[seed % 2]
    every = [m.service_id for m in found.moves]
    chosen = drawn.sample(every, drawn.randint(0, len(every)))
    lines = start.of_moves(found, found.chosen(chosen), a_release()).money
    rows = found.side.found.by_service
    for year in found.plan.years:
        own = rows[rows["service"].map(service_of).isin(chosen) & (rows["year"] == year)]
        asked = [line.change_gbp for line in lines if line.year == year]
        # Each line is a whole number of pence, so a sum of many may differ by half a penny a line.
        assert sum(asked) == pytest.approx(1000 * own["change"].sum(), abs=0.0051 * (len(own) + len(asked)))
        assert all(100 * change == pytest.approx(round(100 * change), abs=1e-6) for change in asked)


def test_all_moves_together_are_all_the_change_there_is(falling: OnTable, shifted: OnTable) -> None:
    for found in (falling, shifted):
        agencies = found.side.found.by_agency
        last = agencies[agencies["year"] == found.last].groupby("label")["change"].sum()
        table = lists.payers(replace(found, plan=replace(found.plan, discussion_only=False))).set_index("Who pays")[
            "Together (£)"
        ]
        assert table.to_dict() == pytest.approx({a: 1000 * c for a, c in last.items() if abs(c) > 1e-5}, abs=0.05)


def test_a_board_reads_what_grows_first_and_each_move_says_since_when_and_who_pays(falling: OnTable) -> None:
    assert falling.drift == pytest.approx(0, abs=1e-6)
    ways = [m.way for m in falling.moves]
    assert ways == sorted(ways, key=list(Way).index)
    assert Way.SHRINKS in ways
    for m in falling.moves:
        assert m.first == min(line.year for line in m.money)
        assert m.loses == any(sum(x.change_gbp for x in m.money if x.year == y) < -0.004 for y in falling.plan.years)
        assert bool(m.free_from) == m.loses
    table = lists.moves(replace(falling, plan=replace(falling.plan, discussion_only=False)))
    assert (table["Before (£)"] + table["Change (£)"] - table["After (£)"]).abs().max() < 0.006


def test_the_scenario_keeps_its_figures_whatever_release_is_served(shifted: OnTable) -> None:
    other = brought(shifted.kept, a_release(services=None, spend=None))
    assert [m.money for m in other.moves] == [m.money for m in shifted.moves]
    assert {m.children for m in other.moves} == {None}
    assert {m.free_from for m in other.moves if m.loses} <= {"Not known: not in the register that is served"}


def test_a_sentence_of_the_table_says_the_model_s_own_sums(falling: OnTable) -> None:
    said = told.on_table(replace(falling, plan=replace(falling.plan, discussion_only=False)))
    grows, shrinks = (sum(m.change for m in falling.of_group[way]) for way in (Way.GROWS, Way.SHRINKS))
    assert said.value("lose_much") == pytest.approx(shrinks, abs=0.01)
    assert f"£{abs(shrinks):,.0f}" in said.text
    assert ("gain_much" in said.figures) == bool(grows)
    single = falling.moves[-1]
    assert "£" in told.title([single], falling.last, False)
    assert "£" not in told.title([single], falling.last, False, frozenset({single.service_id}))
    assert len(told.title(falling.moves * 20, "x" * 300, False)) <= 200


def test_the_sheet_has_what_the_register_knows_and_names_what_it_does_not(falling: OnTable) -> None:
    release = a_release()
    losing = [m for m in falling.moves if m.loses]
    sheet = prefill.sheet(release, falling.moves)
    assert sheet is not None
    assert [one.service_id for one in sheet.services] == [m.service_id for m in losing]
    rows = release.frame("services").set_index("service_id")
    history = release.frame("demand").sort_values("year").groupby("service_id").last()["children"]
    for one in sheet.services:
        counted = history.get(one.service_id, rows.loc[one.service_id, "children_served"])
        assert one.caseload.startswith(f"{counted:,.0f} ")
    gaps = sheet.missing([m.service_id for m in losing])
    assert {"what is monitored", "conditions under which it is safe"} < set(gaps)
    assert sum("impact assessment" in gap for gap in gaps) == len(AssessmentKind)
    assert prefill.sheet(release, falling.of_group[Way.GROWS]) is None or any(m.loses for m in falling.of_group[Way.GROWS])
    draft = start.of_moves(falling, losing, release)
    assert set(draft.reduced) == {m.service_id for m in losing}
    assert draft.standing == "proposal"


def test_conditions_name_the_part_of_a_test_at_which_a_purse_is_first_short(shifted: OnTable) -> None:
    found = conditions.offered(shifted.side)
    assert found
    assert [one.own for one in found] == sorted((one.own for one in found), reverse=True)
    assert all(one.text.startswith("Goes ahead only if ") and one.sentence.figures["limit"].value > 0 for one in found)


def test_lists_tell_amounts_with_release_and_leave_out_the_price_of_one_bought_service() -> None:
    one = Decision(**{name: getattr(GROWTH, name) for name in GROWTH.__dataclass_fields__ if name != "id"}, id="D1", version=1,
                   author="Ada", agency="", at="2026-11-22T10:00:00+00:00")  # fmt: skip
    row = lists.decided([one]).iloc[0]
    assert (row["Change in last year (£)"], row["Last year"], row["Release"], row["Missing"]) == (
        300.1,
        "2027-28",
        "608f4ae021f4",
        "",
    )
    assert row["Dissent"] == "NHS board: Too soon for us."
    late = replace(one, money=(Money("S003", "2027-28", "nhs_board", 5.0), Money("S004", "2026-27", "nhs_board", 7.0)))
    assert tuple(lists.decided([late]).iloc[0][["Change in last year (£)", "Last year"]]) == (5.0, "2027-28")
    assert lists.decided([one], frozenset({"S003"}))["Change in last year (£)"].isna().all()
    assert lists.money(one, frozenset({"S003"}))["Change (£)"].isna().all()
    assert "Decided on release 608f4ae021f4" in lists.of_other_release(one, a_release())
    cut = replace(one, money=CUT.money, service_ids=CUT.service_ids, names=CUT.names, id="D2")
    assert told.summary([one, cut, replace(one, verdict=Verdict.STOP)]).text == (
        "Three decisions: one to go ahead with, one not to be done and one still a proposal."
    )
    assert [d.id for d, _ in lists.missing([one, cut])] == ["D2"]
