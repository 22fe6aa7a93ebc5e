"""Break-even and release dates, by hand."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.vocab import InputState
from rcs_core.workshop import shift as view
from rcs_core.workshop.big_screen import HIDDEN
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.couple.parts import Demanded
from rcs_core.workshop.inputs import told
from rcs_core.workshop.inputs.break_even import break_even, headline, table
from rcs_core.workshop.inputs.elicit import ranked
from rcs_core.workshop.inputs.release_dates import Terms, dates_table, duties, freed, kept
from tests.workshop.test_couple import YEAR, a_release, with_cell

START = date(2026, 4, 1)


def residential(cashable: float | None = 0.4, need: float = 38.0) -> Demanded:
    """38 places at £3,852.74 a week over 52.18 weeks (LGBF CHN8a, Scotland 2019-20): £201,036 a year."""
    cost = 3852.74 * 52.18 / 1000
    pence = {"council_social_work": round(cost * need * 1e5)}
    return Demanded(
        "S041", pence, need, "child_years", {}, cost, cost, "LGBF CHN8a, Scotland 2019-20", InputState.PUBLISHED_ELSEWHERE,
        cashable, InputState.MISSING if cashable is None else InputState.GROUP_ESTIMATE,
    )  # fmt: skip


def test_twelve_hundred_thousand_for_two_hundred_families_breaks_even_at_six_of_thirty_eight() -> None:
    found = break_even(1_200_000, residential(), "Residential placements")
    assert 1_200_000 / found.unit_cost == pytest.approx(5.969, abs=0.001)
    assert (found.units, found.within) == (6, True)
    assert headline(1_200_000, 200, [found], "£1.2m") == (
        "£1.2m a year for 200 more children breaks even at 6 of 38 placements avoided all year (Residential placements)."
    )
    assert found.cash_units == 15  # 14.92 where 40% of the cost is cash
    row = table([found]).iloc[0]
    assert row["Who has what is released"] == "Council: social work"
    assert row["Source of the cost"] == "LGBF CHN8a, Scotland 2019-20 (published elsewhere)"
    assert row["Counting only cash"] == "15 (40% cashes)"


@given(st.floats(1, 1e8), st.floats(1, 1e6))
def test_one_place_fewer_than_break_even_does_not_pay(amount: float, cost: float) -> None:
    about = replace(residential(), unit_cost=cost / 1000)
    found = break_even(amount, about, "Residential")
    assert found.units * cost >= amount * (1 - 1e-6)
    assert (found.units - 1) * cost < amount * (1 + 1e-6)


def test_an_amount_of_whole_places_takes_no_place_more() -> None:
    found = break_even(3 * residential().unit_cost * 1000, residential(), "Residential")
    assert found.units == 3


def test_what_no_service_could_pay_for_alone_says_so() -> None:
    small = break_even(1_200_000, residential(need=5), "Residential")
    assert not small.within
    assert "it would take 6 and there are 5" in small.sentence
    assert "no one responsive service could pay for it alone" in headline(1_200_000, 200, [small], "£1.2m")
    assert "cannot be worked out" in headline(1_200_000, 200, [], "£1.2m")
    assert "nothing to break even on" in headline(0, 0, [], "£0")


def test_where_nothing_is_known_to_cash_it_never_breaks_even_in_cash() -> None:
    assert table([break_even(1000, residential(None), "Residential")])["Counting only cash"].iloc[0].startswith("Never")


def test_a_service_of_which_it_cannot_be_worked_out_is_listed_with_the_reason() -> None:
    release = with_cell("unit_costs", "S001", "unit_cost_gbp", None)
    shift = view.try_shift(release, Levers.of("shift_2", depth=Depth.DISCUSS))
    answer, rows = told.breaks_even(release, shift)
    found = rows.set_index("Service")
    assert found.loc["Children's houses", "Breaks even at"] == "Cannot be worked out"
    assert found.loc["Children's houses", "Of what"] == "Not in the release: what one costs"
    assert (
        found.loc["Child and adolescent mental health", "Of what"] == "Not in the release: what one costs and how many there are"
    )
    assert "placements avoided all year (Foster care)" in answer.sentence


def test_without_demand_or_costs_a_shift_is_discussed_and_what_is_not_known_is_said() -> None:
    bare = a_release(demand=None, effects=None, unit_costs=None)
    shift = view.try_shift(bare, Levers.of("shift_2", depth=Depth.DISCUSS))
    assert view.lacking(bare, Depth.DISCUSS) == ""
    assert shift.possible
    assert view.need_met(shift).sentence.startswith("It is not known")
    assert "where it breaks even cannot be worked out" in told.breaks_even(bare, shift)[0].sentence
    assert ranked(bare, shift.levers) == []


def test_a_named_service_breaks_even_on_what_it_is_said_to_act_on() -> None:
    shift = view.try_shift(a_release(), Levers.of("shift_2", depth=Depth.DISCUSS, grow=("S004",)))
    amount = float(view.service_changes(shift)["Change (£)"].iloc[0])
    answer, _ = told.breaks_even(a_release(), shift)
    assert f"breaks even at {-(-amount // 38_000):.0f} of 58 placements avoided all year (Foster care)" in answer.sentence


def test_no_amount_stands_beside_a_number_of_places_of_a_veiled_service() -> None:
    release = a_release()
    shift = view.try_shift(release, Levers.of("shift_2", depth=Depth.DISCUSS))
    every, rows = told.breaks_even(release, shift)
    first = str(rows["Service"].iloc[0])
    veil = frozenset(k for k, name in shift.names.items() if name == first)
    answer, veiled = told.breaks_even(release, shift, veil)
    assert first in every.sentence
    assert first not in answer.sentence
    assert "not on the big screen" in answer.basis
    row = veiled[veiled["Service"] == first].iloc[0]
    assert {row["Breaks even at"], row["Counting only cash"]} == {HIDDEN}
    assert row.isna()["One costs a year (£)"]
    answer, veiled = told.breaks_even(release, shift, frozenset(shift.names))
    assert "breaks even is not on the big screen" in answer.sentence
    assert "£" not in answer.sentence


def test_no_children_are_told_beside_the_amount_of_the_one_service_that_gains_where_it_is_veiled() -> None:
    shift = view.try_shift(a_release(), Levers.of("shift_2", depth=Depth.DISCUSS, grow=("S004",)))
    assert "more children" in told.breaks_even(a_release(), shift)[0].sentence
    assert "children" not in told.breaks_even(a_release(), shift, frozenset({"S004"}))[0].sentence


@pytest.mark.parametrize(
    ("terms", "first", "last"),
    [
        (Terms("discretionary", "contract", "2027-03-31", 0, 80), date(2027, 4, 1), date(2027, 4, 1)),
        (Terms("discretionary", "contract", "2027-03-31", 6, 80), date(2027, 10, 1), date(2027, 10, 1)),
        (Terms("discretionary", "contract", "2026-03-31", 0, 80), START, START),
        (Terms("discretionary", "contract", "2025-06-30", 1, 80), date(2026, 5, 1), date(2026, 5, 1)),
        (Terms("discretionary", "in_house", "", 3, 70), date(2026, 7, 1), date(2027, 7, 1)),
        (Terms("discretionary", "in_house", "", 0, 0), START, START),
        (Terms("discretionary", "grant", "2026-10-31", None, 60), date(2027, 2, 1), date(2027, 2, 1)),
        (Terms("demand_led", "spot_purchase", "2026-03-31", 1, 0), None, None),
        (Terms("", "grant", "2026-10-31", 1, 0), None, None),
    ],
)
def test_money_is_free_after_contract_and_notice_own_staff_a_year_later_and_a_duty_never(
    terms: Terms, first: date | None, last: date | None
) -> None:
    found = freed(terms, START)
    assert (found.first, found.last) == (first, last)
    if terms.notice_months is None:
        assert "notice of 3 months, as the register gives none" in found.assumed
    if found.staff and last:
        assert any("own staff (70% of spend), who are redeployed" in text for text in found.assumed)


@pytest.mark.parametrize(
    ("terms", "shares"),
    [
        (Terms("discretionary", "contract", "2027-03-31", 6, 80), [1, 1, 0]),
        (Terms("discretionary", "in_house", "", 3, 70), [1, 0.7, 0]),
        (Terms("discretionary", "in_house", "", 0, 70), [0.7, 0, 0]),
        (Terms("discretionary", "in_house", "", 0, None), [1, 0, 0]),
        (Terms("discretionary", "grant", "2026-03-31", 0, 70), [0, 0, 0]),
        (Terms("level_discretionary", "grant", "2026-03-31", 0, 70), [1, 1, 1]),
    ],
)
def test_only_whole_years_in_which_money_is_free_count_in_a_plan(terms: Terms, shares: list[float]) -> None:
    assert kept(terms, YEAR, 3) == pytest.approx(shares)
    assert kept(terms, "2025", 1) == kept(terms, YEAR, 1)
    assert kept(terms, "last year", 1) == [1.0]


def test_the_dates_are_told_with_their_reasons_the_earliest_first() -> None:
    rows = a_release().frame("services").to_dict("records")
    found = dates_table([{str(k): v for k, v in row.items()} for row in rows], YEAR)
    assert found["Service"].tolist() == ["Parenting programmes", "School counselling", "Befriending", "Youth justice early help"]
    first = found.iloc[0]
    assert (first["Earliest release"], first["Of its spend"], first["All of it from"]) == ("2026-04-01", "30%", "2027-04-01")
    assert found.iloc[1]["Why not sooner"] == "Its contract ends on 30 September 2026; 3 months' notice"
    assert found.iloc[1]["Earliest release"] == "2027-01-01"
    assert duties([{str(k): v for k, v in row.items()} for row in rows])["Services"].tolist() == [5, 2]
    answer, _, _ = told.free_from(a_release())
    assert (
        answer.sentence
        == "The money of 4 of 11 services can be freed by decision, the first on 1 April 2026; the rest is bound by duties."
    )
