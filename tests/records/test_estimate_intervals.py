"""Intervals and display rules against independent answers."""

import numpy as np
import pytest
from scipy import stats

from rcs_core.errors import SettingsError
from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.publish import published
from rcs_core.records.estimate.rules import read_rules, rules
from rcs_core.records.estimate.shares import Shares

MANY = np.array([1e9])


def one(number: float) -> np.ndarray:
    return np.array([float(number)])


@pytest.mark.parametrize(("events", "n"), [(0, 12), (3, 40), (20, 40), (55, 60), (60, 60)])
def test_korn_graubard_on_whole_answers_is_the_exact_binomial_interval(events: int, n: int) -> None:
    exact = stats.binomtest(events, n).proportion_ci(0.95, method="exact")
    found = intervals.korn_graubard(one(events / n), one(n), 0.95)
    assert found.low[0] == pytest.approx(exact.low, abs=1e-12)
    assert found.high[0] == pytest.approx(exact.high, abs=1e-12)


@pytest.mark.parametrize(("events", "n"), [(3, 40), (20, 40), (57, 60)])
def test_wilson_with_many_degrees_of_freedom_is_the_score_interval(events: int, n: int) -> None:
    score = stats.binomtest(events, n).proportion_ci(0.95, method="wilson")
    found = intervals.wilson(one(events / n), one(n), MANY, 0.95)
    assert (found.low[0], found.high[0]) == pytest.approx((score.low, score.high), abs=1e-8)


def test_a_logit_interval_stays_inside_nought_and_one_and_turns_round_with_the_question() -> None:
    yes = intervals.logit(one(0.03), one(0.02**2), one(20), 0.95)
    no = intervals.logit(one(0.97), one(0.02**2), one(20), 0.95)
    assert 0 < yes.low[0] < 0.03 < yes.high[0] < 1
    assert (1 - no.high[0], 1 - no.low[0]) == pytest.approx((yes.low[0], yes.high[0]))


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    assert np.isnan(intervals.wald(one(0.4), one(0.1), one(0), 0.95)).all()
    assert np.isnan(intervals.logit(one(0.4), one(0.01), one(0), 0.95)).all()
    assert np.isnan(intervals.t_adjusted(one(50), one(50), one(0), 0.95)).all()


@pytest.mark.parametrize(
    ("share", "n_eff", "width", "df", "says"),
    [
        (0.5, 29.9, 0.2, 40, "suppress"),
        (0.5, 400, 0.30, 40, "suppress"),
        (0.5, 400, 0.05, 40, "shown"),
        (0.5, 400, 0.2, 40, "shown"),
        (0.04, 100, 0.06, 40, "suppress"),
        (0.96, 100, 0.06, 40, "complement"),
        (0.02, 400, 0.05, 40, "shown"),
        (0.5, 400, 0.2, 7, "review"),
        (1.0, 50, 0.1, 40, "review"),
        (1.0, 16, 0.2, 40, "suppress"),
    ],
)
def test_the_nchs_rules_say_what_their_table_says(share: float, n_eff: float, width: float, df: float, says: str) -> None:
    flags = intervals.flag(one(share), one(n_eff), one(width), one(df), rules())
    found = {"suppress": flags.suppress[0], "complement": flags.complement[0], "review": flags.review[0]}
    assert {name for name, on in found.items() if on} == ({says} - {"shown"})


def shares(yes: float, no: float, base: float, variance: float, df: float) -> Shares:
    return Shares(one(yes), one(no), one(base), one(yes / (yes + no)), one(variance), one(df))


@pytest.mark.parametrize(("yes", "no", "base"), [(60, 0, 75), (0, 60, 75), (60, 0, 60), (40, 0, 400)])
def test_an_all_yes_or_all_no_domain_has_no_zero_width_interval(yes: float, no: float, base: float) -> None:
    said = published(shares(yes, no, base, 0.0, 58), rules())
    assert said["pct_high"][0] > said["pct_low"][0]
    assert {said["pct_low"][0], said["pct_high"][0]} & {0.0, 100.0}


def test_an_edge_interval_narrows_as_more_of_the_roll_answers() -> None:
    few, most = (published(shares(60, 0, base, 0.0, 58), rules()) for base in (200, 70))
    assert few["pct_low"][0] < most["pct_low"][0]


def test_an_interval_is_rounded_outwards_and_holds_its_share() -> None:
    said = published(shares(120, 180, 400, 0.00021, 290), rules())
    exact = intervals.logit(one(0.4), one(0.00021), one(290), 0.95)
    assert said["pct_low"][0] <= 100 * exact.low[0] < said["pct"][0] < 100 * exact.high[0] <= said["pct_high"][0]
    assert said["pct_high"][0] - said["pct_low"][0] < 100 * (exact.high[0] - exact.low[0]) + 2


def test_an_unsteady_share_is_unreliable_and_says_no_number() -> None:
    said = published(shares(6, 8, 20, 0.02, 12), rules())
    assert said["pct_state"][0] == "unreliable"
    assert said[["pct", "pct_low", "pct_high"]].isna().all(axis=None)


def test_a_number_without_its_source_is_refused(tmp_path) -> None:
    path = tmp_path / "reliability.yaml"
    path.write_text("confidence: {value: 0.95, unit: share}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="lacks its provenance"):
        read_rules(path)
