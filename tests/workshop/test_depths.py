"""Three depths: what is used at each, what a result may be called, and how roughly a guess leaves."""

import pandas as pd
import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import Levers, starting_scenario
from rcs_core.workshop.couple.build import GROUP, PLACE, has_trend
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Answered, Course, Depth
from rcs_core.workshop.inputs import told
from rcs_core.workshop.inputs.courses import courses, headline
from rcs_core.workshop.inputs.depths import Standing, decide, rounded, two_figures
from rcs_core.workshop.inputs.reconcile import reconcile
from rcs_core.workshop.inputs.unsaid import assumptions, gaps_table
from tests.workshop.test_couple import a_release, effect_of, with_cell

DISCUSS, EVIDENCE = (Levers.of("shift_2", depth=d) for d in (Depth.DISCUSS, Depth.EVIDENCE))


def test_a_discussed_shift_is_the_one_that_was_stated_and_uses_no_effect() -> None:
    release = a_release()
    shift = view.try_shift(release, DISCUSS)
    moved = [s.id for s in shift.scenario.prevention]
    # mostly prevention by their split; S008 (60% responsive) and the two demands are not
    assert moved == ["S003", "S004", "S005", "S006", "S007", "S009", "S010", "S011"]
    prevention = (486_250.25 + 172_400 + 4_918_700.10 + 398_000 + 231_900 + 1_287_000 + 94_300.75 + 61_500.40) / 1000
    base = prevention + 3_312 + 58 * 38
    assert shift.possible
    assert shift.found.moved == pytest.approx(0.02 * base, rel=1e-6)
    gained = shift.found.by_service[
        (shift.found.by_service["year"] == "2030-31") & (shift.found.by_service["part"] == "prevention")
    ]
    assert (gained["change"] / gained["before"]).round(9).nunique() == 1
    assert all(slope == 0 for s in shift.scenario.prevention for _, slope in s.segments[GROUP][PLACE])
    assert "Nothing is counted as released" in view.when_back(shift).sentence


def test_a_discussed_shift_goes_where_the_group_says_and_counts_whom_it_reaches() -> None:
    shift = view.try_shift(a_release(), Levers.of("shift_2", depth=Depth.DISCUSS, grow=("S007",)))
    changed = view.service_changes(shift)
    assert changed["Service"].tolist() == ["School counselling"]
    more = changed["Change (£)"].iloc[0] / (231_900 / 155)
    assert told.whom(shift).sentence.startswith(f"About {two_figures(more):,.0f} more children could be served")


def test_evidence_uses_what_is_sourced_and_holds_the_rest() -> None:
    scenario = starting_scenario(a_release(), EVIDENCE)
    assert [s.id for s in scenario.prevention] == ["S003", "S004"]
    # of S003's two effects one is the group's own: only 6 of 11 children kept from care for each 100 count
    assert effect_of(scenario, "S003").acts_on == {"S001": 1.0}
    assert effect_of(scenario, "S003").segments[GROUP][PLACE][0].slope == pytest.approx(0.06 * 64 / 486.25025)
    assert [d.cashable for d in scenario.acute] == [0.0, 0.0]  # a group's and this tool's shares are no evidence
    guess = with_cell("effects", "S004", "state", "product_default")
    held = starting_scenario(guess, EVIDENCE)
    assert "S004" in {h.id for h in held.held}
    assert "its effect is a guess, so it is not tested" in held.description
    dear = a_release(unit_costs=a_release().frame("unit_costs").assign(unit_cost_gbp=30_000.0, source="Assumption: round"))
    with pytest.raises(ScenarioError, match="no responsive service with demand"):
        starting_scenario(dear, EVIDENCE)


def test_an_effect_of_another_place_ranges_from_none_to_what_was_published() -> None:
    support = read(a_release()).preventative[0]
    assert [(e.acts_on, e.low, e.likely, e.high) for e in support.effects] == [("S001", 0, 6, 6), ("S002", 2, 5, 8)]


def test_the_share_that_rests_on_guesses_is_counted_by_hand() -> None:
    shift = view.try_shift(a_release(), Levers.of("shift_2"))
    rows = shift.found.by_service[shift.found.by_service["part"] != "held"]
    # S004's effect is published, S003's weaker one the group's; both demands cash by a guess
    guessed = rows[rows["service"].isin(["S003", "S001", "S002"])]["change"].abs().sum()
    assert shift.found.guess_share == pytest.approx(guessed / rows["change"].abs().sum())
    known = a_release(
        unit_costs=a_release().frame("unit_costs").assign(cashable_state="measured"),
        effects=a_release().frame("effects").assign(state="measured"),
    )
    assert view.try_shift(known, Levers.of("shift_2")).found.guess_share == 0
    discussed = view.try_shift(known, DISCUSS)
    assert discussed.found.guess_share == 1
    assert discussed.found.discussion_only


@pytest.mark.parametrize(
    ("depth", "guesses", "holds", "best", "decision"),
    [
        (Depth.DISCUSS, 1.0, 1.0, False, False),
        (Depth.ESTIMATE, 0.6, None, False, False),
        (Depth.ESTIMATE, 0.6, 0.79, False, False),
        (Depth.ESTIMATE, 0.6, 0.80, True, False),
        (Depth.ESTIMATE, 0.4, 0.5, False, True),
        (Depth.EVIDENCE, 0.0, None, True, True),
        (Depth.EVIDENCE, 0.5, None, False, False),
        (Depth.EVIDENCE, None, None, False, False),
    ],
)
def test_a_plan_is_best_only_on_evidence_or_where_it_holds_in_four_of_five_draws(
    depth: Depth, guesses: float | None, holds: float | None, best: bool, decision: bool
) -> None:
    found = Standing(depth, guesses, guesses is not None and guesses >= 0.5, holds)
    assert (found.best, found.decision) == (best, decision)
    assert found.best or not found.sentence.count("is the best plan")
    if decision:
        decide(found)
    else:
        with pytest.raises(ScenarioError, match="no basis for a decision"):
            decide(found)


def test_what_rests_on_guesses_is_said_in_two_figures_and_every_row_adds_up_as_it_is_read() -> None:
    assert [two_figures(v) for v in (51_712.5, -0.0456, 0.0, 99_500.0, 7.0)] == [52_000, -0.046, 0, 100_000, 7]
    frame = pd.DataFrame(
        {
            "Before (£)": [44_386_408.0, 99.99, 178_343_264.0, 40.45, 1_049.0],
            "After (£)": [44_590_123.4, 99.99, 179_212_764.0, 44.0, 1_091.5],
            "Change (£)": [203_715.4, 0.0, 869_500.0, 3.55, 42.5],
        }
    )
    assert rounded(frame, True).to_numpy().tolist() == [
        [44_390_000, 44_590_000, 200_000],
        [100, 100, 0],
        [178_340_000, 179_210_000, 870_000],
        [40, 44, 4],
        [1_049, 1_091, 42],
    ]
    assert rounded(frame[["Change (£)"]] / 7, True)["Change (£)"].tolist() == [29_000, 0, 120_000, 1, 6]
    assert rounded(frame, False) is frame


def test_the_tables_of_a_discussion_add_up_row_by_row() -> None:
    shift = view.try_shift(a_release(), DISCUSS)
    for frame in (view.service_changes(shift), view.level_changes(shift), view.agency_changes(shift)):
        shown = told.shown(frame, shift)
        assert (shown["Before (£)"] + shown["Change (£)"] == shown["After (£)"]).all()
        assert all((shown[c] % 1 == 0).all() for c in shown.columns if c.endswith("(£)"))


def test_the_purses_are_the_mapped_money_to_the_penny_at_every_depth_and_need() -> None:
    release = a_release()
    paid = {a: round(v * 100) for a, v in release.frame("spend").groupby("agency")["amount_gbp"].sum().items()}
    for levers in (*(Levers.of("shift_5", depth=d) for d in Depth), Levers.of("falling_budget", course=Course.MORE)):
        found = reconcile(release, starting_scenario(release, levers), read(release, levers))
        assert dict(found.scenario) == paid
        assert found.exact
        assert found.unmapped == round(release.frame("ledger_totals")["unmapped"].sum() * 100)
        assert "£14,770,052.00 today: all the mapped money, to the penny. £570,630.20" in found.sentence
        assert (found.table()["Difference (£)"] == 0).all()


def test_a_purse_that_is_not_the_mapped_money_is_named() -> None:
    release = a_release()
    other = release.frame("spend")
    other.loc[other["agency"] == "nhs_board", "amount_gbp"] += 0.01
    found = reconcile(a_release(spend=other), starting_scenario(release, DISCUSS), read(release, DISCUSS))
    assert not found.exact
    assert "they differ in NHS board" in found.sentence


def test_need_is_tried_flat_a_tenth_either_way_and_as_its_trend() -> None:
    def need(course: Course, release: object = None) -> object:
        levers = Levers.of("shift_2", course=course)
        return next(d for d in starting_scenario(release or a_release(), levers).acute if d.id == "S002").demand[PLACE][GROUP]

    assert need(Course.FLAT) == 58
    assert (need(Course.LESS), need(Course.MORE)) == (pytest.approx(52.2), pytest.approx(63.8))
    trend = need(Course.TREND)
    assert isinstance(trend, tuple)
    assert 58 > trend[0] > trend[-1]
    demand = a_release().frame("demand")
    short = a_release(demand=demand[demand["year"] >= "2024-25"])
    assert need(Course.TREND, short) == 58
    assert not any(has_trend(d) for d in read(short).demanded)
    tried = courses(a_release(), DISCUSS).set_index("Need if nothing changes")
    assert tried["Every promise holds"].to_dict() == {
        "As in its latest year": "Yes", "A tenth less": "Yes", "A tenth more": "No", "As its history goes on": "No",
    }  # fmt: skip
    told_of = headline(tried.reset_index())
    assert told_of.text == (
        "Every promise holds on two of four courses of need; it does not where need is a tenth more and as its history goes on."
    )
    assert (told_of.value("held"), told_of.value("tried")) == (2, 4)
    assert tried.loc["A tenth more", "More need than today would cost, last year (£)"] == pytest.approx(331_200 + 220_400)


def test_own_places_are_as_counted_and_bought_ones_have_no_limit() -> None:
    houses = next(d for d in starting_scenario(a_release(), Levers.of("shift_2")).acute if d.id == "S001")
    assert houses.cap_max == {PLACE: 12}
    bought = starting_scenario(with_cell("services", "S001", "contract_type", "spot_purchase"), Levers.of("shift_2"))
    assert next(d for d in bought.acute if d.id == "S001").cap_max is None


def test_a_number_of_the_group_stands_for_the_releases_and_keeps_its_spread() -> None:
    answers = (
        Answered("effect", "S004", "S002", 1, 3, 5, "Median of 4 answers"),
        Answered("cashable", "S001", "", 20, 50, 60, "Median of 3 answers"),
        Answered("lag", "S004", "", 1, 3, 3),
    )
    scenario = starting_scenario(a_release(), Levers.of("shift_2", answers=answers))
    support = effect_of(scenario, "S004")
    assert support.segments[GROUP][PLACE][0].slope == pytest.approx(0.03 * 140 / 172.4)
    assert support.lag == 3
    known = {p.path: p for p in scenario.provenance}
    effect = known[f"/prevention/1/segments/{GROUP}/{PLACE}/0/1"]
    assert (effect.state, effect.source) == ("group_estimate", "Median of 4 answers")
    assert (effect.low, effect.high) == (pytest.approx(0.01 * 140 / 172.4), pytest.approx(0.05 * 140 / 172.4))
    cash = known["/acute/0/cashable"]
    assert scenario.acute[0].cashable == 0.5
    assert (cash.state, cash.low, cash.high, cash.source) == ("group_estimate", 0.2, 0.6, "Median of 3 answers")
    blank = a_release(effects=a_release().frame("effects").assign(children_averted_per_100=None))
    assert [s.id for s in starting_scenario(blank, Levers.of("shift_2", answers=answers)).prevention] == ["S004"]


def test_what_is_assumed_is_listed_with_its_source_and_how_often_it_is_needed_here() -> None:
    table = gaps_table(with_cell("services", "S004", "notice_months", None)).set_index("Where nothing is said of")
    assert table.loc["Notice", "How often here"] == "1 of 4 services that may be cut"
    assert "0, from 0 to 1" in table.loc["How much of a cost is cash", "What is done"]
    assert "not tested" in table.loc["An effect", "What is done"]
    assert table["Whose assumption, and of when"].str.contains("assumption of this tool").all()
    assert all(row["source"] and row["unit"] for row in assumptions())
