"""Stock and flow: nobody is lost, the step of a year is exact, and steady flows lead to the stock known in closed form."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from rcs_core.workshop.demand import DemandError, DemandUnit, Method
from rcs_core.workshop.demand.flow import Movements, Rates, carried_on, draws, exponentials, overdispersion, rates, step
from rcs_core.workshop.demand.stock_and_flow import of_service, stock_and_flow
from rcs_core.workshop.demand.told import outlooks, picture
from tests.workshop.small_release import a_release

YEARS = ("2022-23", "2023-24", "2024-25", "2025-26")


def one_cell(starts: list[float], ends: list[float], first: float = 100) -> Movements:
    n = len(starts)
    return Movements(
        YEARS[:n], ("all",), np.array([first]), np.array([starts]).T * 1.0, np.array([ends]).T * 1.0, np.zeros((n, 1, 1))
    )


counts = st.integers(0, 30)


@settings(max_examples=20)
@given(st.lists(st.tuples(counts, counts, counts, counts, counts, counts), min_size=1, max_size=4))
def test_children_at_the_end_of_a_year_are_those_at_its_start_and_who_came_less_who_went(rows: list[tuple[int, ...]]) -> None:
    flows = np.array(rows, dtype=float)
    moves = np.zeros((len(rows), 2, 2))
    moves[:, 0, 1], moves[:, 1, 0] = flows[:, 4], flows[:, 5]
    found = Movements(YEARS[: len(rows)], ("a", "b"), np.array([500.0, 500.0]), flows[:, :2], flows[:, 2:4], moves)
    for t in range(len(rows)):
        gained = found.starts[t] - found.ends[t] + moves[t].sum(axis=0) - moves[t].sum(axis=1)
        assert found.stock[t + 1] == pytest.approx(found.stock[t] + gained)
    assert found.stock[-1].sum() == pytest.approx(1000 + flows[:, :2].sum() - flows[:, 2:4].sum()), "moves cancel out"
    # the same law of what is carried on: what leaves is the rate times the children-years
    of, now = rates(found), found.stock[-1]
    stocks, years = carried_on(now, of, 3)
    for after, there in zip(stocks, years, strict=True):
        assert after == pytest.approx(now + of.starts + of.generator @ there, abs=1e-8)
        now = after


def test_one_placement_follows_its_equation_to_the_steady_state_in_closed_form() -> None:
    # 60 starts a year, each leaving at a rate of 0.5 a year: N(t) = 120 + (100 - 120) e^(-t/2)
    of = Rates(np.array([60.0]), np.array([0.5]), np.zeros((1, 1)))
    stocks, years = carried_on(np.array([100.0]), of, 40)
    assert stocks[:, 0] == pytest.approx([120 - 20 * np.exp(-t / 2) for t in range(1, 41)])
    assert years[0, 0] == pytest.approx(120 - 40 * (1 - np.exp(-0.5))), "the area under it"
    assert of.steady == pytest.approx([120])
    assert stocks[-1] == pytest.approx(of.steady, abs=1e-6)


def test_two_placements_settle_where_what_comes_is_what_goes() -> None:
    # foster care: 40 start, leave at 0.3, move on to kinship at 0.1; kinship: 20 start, leave at 0.25
    of = Rates(np.array([40.0, 20.0]), np.array([0.3, 0.25]), np.array([[0.0, 0.1], [0.0, 0.0]]))
    assert of.steady == pytest.approx([40 / 0.4, (20 + 0.1 * 100) / 0.25])
    assert step(of).stock(of.steady, of.starts) == pytest.approx(of.steady)
    assert step(of).child_years(of.steady, of.starts) == pytest.approx(of.steady)


def test_an_age_band_is_left_by_growing_older() -> None:
    # 24 a year come in aged 5 to 11 and stay until 18: seven years in one band, then moves of one a seventh a year
    of = Rates(np.array([24.0, 0.0]), np.array([0.0, 0.25]), np.array([[0.0, 1 / 7], [0.0, 0.0]]))
    assert of.steady == pytest.approx([24 * 7, 24 / 0.25])


def test_rates_are_events_over_the_years_in_which_they_could_happen() -> None:
    found = rates(one_cell([50, 48, 52], [50, 48, 52]))
    assert (found.starts[0], found.leave[0]) == pytest.approx((50, 0.5))


def test_the_exponential_of_many_matrices_is_that_of_each() -> None:
    many = np.random.default_rng(0).normal(size=(20, 5, 5)) * 3
    assert exponentials(many) == pytest.approx(np.array([linalg.expm(one) for one in many]), rel=1e-9, abs=1e-9)


def test_draws_centre_on_the_path_and_keep_whole_children() -> None:
    found = one_cell([50, 48, 52, 50], [50, 48, 52, 50])
    stocks, _ = draws(found, 3, 2000)
    path, _ = carried_on(found.stock[-1], rates(found), 3)
    assert stocks.mean(axis=0) == pytest.approx(path, rel=0.03)
    assert (stocks == np.rint(stocks)).all()
    assert overdispersion(found) == 1.0
    assert overdispersion(one_cell([20, 80, 20, 80], [50, 50, 50, 50])) == pytest.approx(900 * 4 / 3 / 50)


def test_a_service_is_carried_on_from_its_stock_with_a_range_and_a_back_test() -> None:
    found = stock_and_flow(one_cell([60, 58, 62, 60], [50, 48, 52, 50]), "S038", 3)
    assert (found.method, found.unit, found.years[0]) == (Method.STOCK_AND_FLOW, DemandUnit.CHILDREN, "2026-27")
    assert found.low[0] < found.low_80[0] < found.likely[0] < found.high_80[0] < found.high[0]
    assert (found.backtest.origins, found.backtest.tests) == (2, 3)
    assert "If these flows went on for ever" in found.notes[1]
    years = stock_and_flow(one_cell([60, 58, 62, 60], [50, 48, 52, 50]), "S038", 3, DemandUnit.CHILD_YEARS)
    assert years.likely[0] == pytest.approx((140 + found.likely[0]) / 2, rel=0.002)


def rows(service: str, band: str, stock: int, flows: list[tuple[int, int]]) -> list[tuple[str, str, str, str, int]]:
    found = []
    for year, (came, went) in zip(YEARS, flows, strict=True):
        found += [(service, band, year, kind, n) for kind, n in (("at_start", stock), ("entry", came), ("exit", went))]
        stock += came - went
    return found


COLUMNS = ["service_id", "age_band", "year", "movement", "children"]


def test_the_release_tells_a_service_by_age_and_nothing_of_one_that_it_does_not_hold() -> None:
    told = rows("S001", "5_to_11", 40, [(20, 15)] * 4) + rows("S001", "12_to_15", 60, [(30, 25)] * 4)
    release = a_release(movements=pd.DataFrame(told, columns=COLUMNS))
    found = of_service(release, "S001", 2)
    assert found is not None
    # each band by itself: N(1) = c/m + (N - c/m) e^-m, with m what went over the children-years
    by_band = [(60, 20, 60 / 200), (80, 30, 100 / 280)]
    assert found.likely[0] == pytest.approx(sum(c / m + (n - c / m) * np.exp(-m) for n, c, m in by_band))
    assert "By age band; the bands are added." in found.notes
    assert of_service(release, "S002") is None
    assert of_service(a_release(), "S001") is None


def test_a_stock_that_starts_elsewhere_than_the_history_is_said() -> None:
    counted = a_release().frame("demand").query("service_id == 'S001'")["children"].iloc[-1]
    for first, apart in ((int(counted), False), (5 * int(counted), True)):
        told_ = pd.DataFrame(rows("S001", "all_ages", first, [(first // 2, first // 2)] * 4), columns=COLUMNS)
        (one,) = [o for o in outlooks(a_release(movements=told_)) if o.service == "S001"]
        assert [m.method for m in one.beside][-1] is Method.STOCK_AND_FLOW
        assert ("outside the range" in one.notes[0]) is apart
        assert picture(one)["series"].tolist().count("Stock and flow") == 5, "it is not joined to the last count"


def test_children_lost_between_years_are_refused() -> None:
    told = rows("S001", "all_ages", 40, [(20, 15)] * 4)
    told[3] = (*told[3][:4], 99)
    with pytest.raises(DemandError, match="children are lost between years"):
        of_service(a_release(movements=pd.DataFrame(told, columns=COLUMNS)), "S001")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DemandError, match="more children leave than are there"):
        one_cell([1, 1], [90, 90])
    with pytest.raises(DemandError, match="2 years or more"):
        stock_and_flow(one_cell([50], [50]), "S038")
    with pytest.raises(DemandError, match="not told so"):
        stock_and_flow(one_cell([50, 50], [50, 50]), "S038", unit=DemandUnit.CASES)
    with pytest.raises(DemandError, match="no steady stock"):
        _ = Rates(np.array([5.0]), np.array([0.0]), np.zeros((1, 1))).steady
