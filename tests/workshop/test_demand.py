"""Demand if nothing changes: units that never mix, histories carried on, ranges that hold, and a choice that says why."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rcs_core.vocab import InputState
from rcs_core.workshop.demand import (
    Demand,
    DemandError,
    DemandUnit,
    History,
    Method,
    best,
    forecast,
    histories,
    history_of,
    in_care_at_once,
    later,
    other,
    over_a_year,
)
from rcs_core.workshop.demand.lines import flat, slope_of, trend, worth
from tests.shared import shared_file
from tests.workshop.small_release import a_release

SOME = st.lists(st.floats(10, 1000), min_size=3, max_size=9)


def a_history(*values: float, unit: DemandUnit = DemandUnit.CHILD_YEARS) -> History:
    years = tuple(later("2014-15", k) for k in range(len(values)))
    return History("S038", unit, years, tuple(map(float, values)))


def test_unlike_units_are_never_added_or_compared() -> None:
    years, cases = Demand(40, DemandUnit.CHILD_YEARS), Demand(12, DemandUnit.CASES)
    for wrong in (lambda: years + cases, lambda: years - cases, lambda: years < cases):
        with pytest.raises(DemandError, match="unlike units is not added"):
            wrong()
    assert (years + years).amount == 80
    assert Demand(24, DemandUnit.STARTS_A_YEAR) <= Demand(24, DemandUnit.STARTS_A_YEAR)


@pytest.mark.parametrize(
    ("amount", "unit", "to", "expected"),
    [
        (730.5, DemandUnit.CHILD_DAYS, DemandUnit.CHILD_YEARS, 2.0),
        (18, DemandUnit.CHILD_MONTHS, DemandUnit.CHILD_YEARS, 1.5),
        (2, DemandUnit.STARTS_A_MONTH, DemandUnit.STARTS_A_YEAR, 24),
        (36, DemandUnit.ENDS_A_YEAR, DemandUnit.ENDS_A_MONTH, 3),
        (12, DemandUnit.CHILD_MONTHS, DemandUnit.CHILD_DAYS, 365.25),
    ],
)
def test_the_calendar_turns_one_unit_into_another(amount: float, unit: DemandUnit, to: DemandUnit, expected: float) -> None:
    assert Demand(amount, unit).to(to).amount == pytest.approx(expected)
    assert Demand(amount, unit).to(to).to(unit).amount == pytest.approx(amount)


def test_a_flow_becomes_a_stock_only_by_a_stay_that_is_said() -> None:
    with pytest.raises(DemandError, match="in_care_at_once"):
        Demand(4, DemandUnit.STARTS_A_MONTH).to(DemandUnit.CHILDREN)
    # four a month who each stay half a year are 24 at once
    assert in_care_at_once(Demand(4, DemandUnit.STARTS_A_MONTH), 0.5) == Demand(24, DemandUnit.CHILDREN)
    assert over_a_year(Demand(20, DemandUnit.CHILDREN), Demand(30, DemandUnit.CHILDREN)) == Demand(25, DemandUnit.CHILD_YEARS)


def test_flat_is_worked_by_hand() -> None:
    # 100, 110, 99: changes of ln 1.1 and ln 0.9; mean square m; t with two changes at 97.5% is 4.302653
    line = flat([100, 110, 99], 3)
    spread = math.sqrt((math.log(1.1) ** 2 + math.log(0.9) ** 2) / 2)
    assert line.likely == pytest.approx([99, 99, 99])
    assert line.spread == pytest.approx([spread, spread * math.sqrt(2), spread * math.sqrt(3)])
    assert line.range(0.95)[1][0] == pytest.approx(99 * math.exp(4.302653 * spread), rel=1e-6)


def test_a_trend_is_worked_by_hand() -> None:
    # a doubling every year: slope ln 2, no spread, and it fades to 0.9, 0.9 + 0.81 years' worth
    line = trend([10, 20, 40, 80], 2)
    assert line.likely == pytest.approx([80 * 2**0.9, 80 * 2**1.71])
    assert line.spread == pytest.approx([0, 0], abs=1e-12)
    assert worth(5)[-1] == pytest.approx(0.9 + 0.81 + 0.729 + 0.6561 + 0.59049)


@settings(max_examples=15)
@given(SOME)
def test_the_slope_is_that_of_theil_and_sen(values: list[float]) -> None:
    theirs = stats.theilslopes(np.log(values), np.arange(len(values))).slope
    assert slope_of(values) == pytest.approx(float(theirs), abs=1e-12)


def test_one_odd_year_does_not_move_a_trend() -> None:
    steady = [100 * 1.02**k for k in range(9)]
    odd = [*steady[:4], 400.0, *steady[5:]]
    assert slope_of(odd) == pytest.approx(math.log(1.02), abs=0.005)
    line = np.polyfit(range(9), np.log([*steady[:7], 400.0, steady[8]]), 1)[0]
    assert abs(line - math.log(1.02)) > 0.05, "a straight line would have been moved"


@settings(max_examples=15)
@given(SOME, st.floats(0.1, 20), st.sampled_from([Method.FLAT, Method.TREND]))
def test_a_forecast_scales_with_its_unit_and_its_ranges_nest(values: list[float], times: float, method: Method) -> None:
    one, more = forecast(a_history(*values), 4, method), forecast(a_history(*(v * times for v in values)), 4, method)
    assert more.likely == pytest.approx([v * times for v in one.likely])
    assert more.high == pytest.approx([v * times for v in one.high])
    for low, inner, likely, outer, high in zip(one.low, one.low_80, one.likely, one.high_80, one.high, strict=True):
        assert 0 < low <= inner <= likely <= outer <= high
    widths = [high / low for low, high in zip(one.low, one.high, strict=True)]
    assert min(np.diff(widths)) > -1e-9
    days = forecast(a_history(*values), 4, method).to(DemandUnit.CHILD_DAYS)
    assert days.likely == pytest.approx([v * 365.25 for v in one.likely])


@pytest.mark.parametrize("years", [1, 2, 3, 4])
def test_a_short_history_is_flat_within_ten_per_cent_and_says_so(years: int) -> None:
    found = best(a_history(*[50, 60, 55, 58][:years]))
    assert found.method is Method.FLAT
    assert found.low == pytest.approx([found.likely[0] * 0.9] * 5)
    assert found.high == pytest.approx([found.likely[0] * 1.1] * 5)
    assert found.state is InputState.PRODUCT_DEFAULT
    assert "is an assumption of this tool" in found.notes[-1]
    assert found.why.startswith("Flat, because")


def test_five_years_are_flat_beside_a_trend_and_never_within_less_than_ten_per_cent() -> None:
    history = a_history(50, 50.1, 50, 50.1, 50)
    found = best(history)
    assert (found.method, found.backtest.origins, found.backtest.tests) == (Method.FLAT, 2, 3)
    assert found.low == pytest.approx([45.0] * 5)
    assert "that is too few to choose by" in found.backtest.text
    assert "5 years leave 2 starting points" in found.why
    beside = other(history, found)
    assert beside is not None
    assert beside.method is Method.TREND


def test_a_steady_trend_is_chosen_by_its_back_test_and_a_wandering_one_is_not() -> None:
    rising = best(a_history(*(100 * 1.05**k for k in range(10))))
    assert rising.method is Method.TREND
    assert rising.backtest.error < rising.backtest.flat_error
    assert rising.why.startswith("A trend, because in the back-test it missed by")
    zigzag = best(a_history(100, 120, 100, 120, 100, 120, 100, 120, 100, 120))
    assert zigzag.method is Method.FLAT
    assert "a trend is used only where" in zigzag.why


def test_a_back_test_is_worked_by_hand_and_sees_nothing_of_what_came() -> None:
    # five years, carried on from the third (ahead 1 and 2) and from the fourth (ahead 1)
    tested = forecast(a_history(100, 100, 100, 110, 99), 5).backtest
    misses = [10 / 110, 1 / 99, 11 / 99]
    assert tested.error == pytest.approx(100 * sum(misses) / 3)
    assert tested.by_lead[0][:3] == (1, 2, pytest.approx(50 * (10 / 110 + 11 / 99)))
    other_end = forecast(a_history(100, 100, 100, 110, 500), 5, Method.TREND).backtest
    same_end = forecast(a_history(100, 100, 100, 110, 99), 5, Method.TREND).backtest
    assert other_end.by_lead[0][1] == same_end.by_lead[0][1]


def test_demand_of_nought_is_carried_on_flat_without_a_trend() -> None:
    found = best(a_history(3, 0, 2, 4, 5, 6, 7, 8))
    assert (found.method, found.likely[0]) == (Method.FLAT, 8)
    with pytest.raises(DemandError, match="a trend cannot be read"):
        forecast(a_history(3, 0, 2), 5, Method.TREND)


def test_histories_come_from_the_release_and_a_gap_is_said() -> None:
    release = a_release()
    frame = release.frame("demand")
    assert {h.service for h in histories(release)} == set(frame["service_id"])
    one = history_of(release, "S001")
    assert one.latest.unit is DemandUnit.CHILD_YEARS
    missing = sorted(frame["year"].unique())[-2]
    gap = a_release(demand=frame[frame["year"] != missing])
    assert [len(h) for h in histories(gap)] == [1] * len(histories(gap))
    assert "are not used" in history_of(gap, "S001").notes[0]
    with pytest.raises(DemandError, match="has not one history"):
        history_of(release, "S005")


@pytest.mark.parametrize(
    ("years", "values", "said"),
    [
        (("2023-24", "2025-26"), (1.0, 2.0), "do not follow one another"),
        (("2023-24",), (1.0, 2.0), "one figure for each year"),
        (("2023-24",), (-1.0,), "no amount of demand"),
        (("2023-24",), (math.nan,), "no amount of demand"),
        (("2023", "2024"), (1.0, 2.0), "no financial year"),
    ],
)
def test_what_is_no_history_is_refused(years: tuple[str, ...], values: tuple[float, ...], said: str) -> None:
    with pytest.raises(DemandError, match=said):
        History("S001", DemandUnit.CASES, years, values)


def test_the_range_holds_what_comes_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    held = {0.8: 0, 0.95: 0}
    for _ in range(400):
        walk = 200 * np.exp(np.cumsum(rng.normal(0, 0.05, 13)))
        line = flat(walk[:10], 3)
        for share in held:
            low, high = line.range(share)
            held[share] += int(low[2] <= walk[12] <= high[2])
    assert 0.75 < held[0.8] / 400 < 0.85
    assert 0.92 < held[0.95] / 400 < 0.98


def test_on_the_published_history_of_every_council_flat_is_hard_to_beat_and_its_range_holds() -> None:
    path = shared_file("facts/B_C_lgbf_children_all_councils.csv")
    if path is None:
        return
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame = frame[(frame["indicator"] == "No. Of Children (community)") & (frame["geography"] != "Scotland")]
    missed, held, chosen = {Method.FLAT: 0.0, Method.TREND: 0.0}, 0, 0
    for _, rows in frame.groupby("geography"):
        counts = [float(v) for v in rows.sort_values("year")["value"]]
        history = a_history(*counts[:7])
        for method in missed:
            found = forecast(history, 3, method)
            missed[method] += sum(abs(a - b) / b for a, b in zip(found.likely, counts[7:], strict=True)) / 96 * 100
        flat_, best_ = forecast(history, 3), best(history, 3)
        held += sum(low <= came <= high for low, came, high in zip(flat_.low, counts[7:], flat_.high, strict=True))
        chosen += best_.method is Method.TREND
    assert missed[Method.FLAT] == pytest.approx(9.4, abs=0.05)
    assert missed[Method.TREND] == pytest.approx(10.2, abs=0.05)
    assert (held, chosen) == (93, 4)
