"""Inequality over deprivation fifths: values and intervals against arithmetic and a regression done elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from rcs_core.records.estimate.by_school import Reading
from rcs_core.records.estimate.inequality import MEASURES, inequality, slope_weights
from rcs_core.records.estimate.rules import rules
from tests.records.compare_case import reading


def unequal(share: list[float], base: list[float], errors: list[float], df: float = 50.0) -> Reading:
    """A reading whose fifths have these shares, bases and independent standard errors."""
    plain = reading(np.full(8, 0.3), np.ones(8), np.full(8, 50.0), np.repeat([0, 1], 4))
    spread = np.vstack([np.diag(errors), np.zeros((3, 5))])
    return replace(plain, fifth=np.array(share), fifth_base=np.array(base), fifth_spread=spread, df=df)


def numbers(found: Reading) -> dict[str, list[float]]:
    return {name: ends for name, *ends in inequality(found, rules())}


def test_gap_and_ratio_by_hand() -> None:
    """40% against 20%, standard errors 3 and 4 points: a gap of 20 ± t 5, a ratio of 2 with log error √(.075² + .2²)."""
    found, t = numbers(unequal([0.4, 0.3, 0.3, 0.25, 0.2], [100] * 5, [0.03, 0.02, 0.02, 0.02, 0.04])), stats.t.ppf(0.975, 50)
    assert found["gap"] == pytest.approx([0.2, 0.2 - t * 0.05, 0.2 + t * 0.05])
    reach = t * np.hypot(0.075, 0.2)
    assert found["ratio"] == pytest.approx([2, 2 * np.exp(-reach), 2 * np.exp(reach)])


def test_shares_on_a_line_have_that_line_s_slope_and_mean() -> None:
    """Equal fifths at ranks .9, .7, .5, .3, .1 and shares .28, .24, .20, .16, .12: the slope is .20, the mean .20."""
    found = numbers(unequal([0.28, 0.24, 0.20, 0.16, 0.12], [100] * 5, [0.01] * 5))
    assert found["slope_index"][0] == pytest.approx(0.2)
    assert found["relative_index"][0] == pytest.approx(1.0)


def test_the_slope_is_that_of_a_regression_of_single_children() -> None:
    base, share = np.array([300, 150, 220, 90, 240]), np.array([0.41, 0.33, 0.36, 0.22, 0.18])
    rank = 1 - (np.cumsum(base) - base / 2) / base.sum()
    line = stats.linregress(np.repeat(rank, base), np.repeat(share, base))
    assert slope_weights(base.astype(float)) @ share == pytest.approx(line.slope)


def test_no_inequality_is_none_and_the_slope_of_one_child_more_cancels() -> None:
    found = numbers(unequal([0.3] * 5, [120, 80, 100, 60, 140], [0.02] * 5))
    assert [found[m][0] for m in MEASURES] == pytest.approx([0, 1, 0, 0], abs=1e-12)
    assert slope_weights(np.array([120.0, 80, 100, 60, 140])).sum() == pytest.approx(0, abs=1e-12)


def test_the_relative_index_has_the_error_of_simulated_shares() -> None:
    share, base, errors = np.array([0.4, 0.35, 0.3, 0.24, 0.2]), np.array([300.0, 150, 220, 90, 240]), np.full(5, 0.01)
    drawn = share + np.random.default_rng(1).standard_normal((200_000, 5)) * errors
    simulated = ((drawn @ slope_weights(base)) / (drawn @ (base / base.sum()))).std()
    value, low, high = numbers(unequal(list(share), list(base), list(errors), 1e9))["relative_index"]
    assert (high - low) / 2 / stats.norm.ppf(0.975) == pytest.approx(simulated, rel=0.01)
    assert (low + high) / 2 == pytest.approx(value)


def test_a_fifth_without_need_has_no_ratio_rather_than_an_endless_one() -> None:
    found = numbers(unequal([0.2, 0.1, 0.1, 0.1, 0.0], [100] * 5, [0.02] * 5))
    assert np.isnan(found["ratio"]).all()
    assert found["gap"][0] == pytest.approx(0.2)


def test_an_empty_fifth_or_no_degrees_of_freedom_give_no_numbers() -> None:
    empty = numbers(unequal([0.2, np.nan, 0.1, 0.1, 0.1], [100, 0, 100, 100, 100], [0.02] * 5))
    alone = numbers(unequal([0.3, 0.2, 0.2, 0.2, 0.1], [100] * 5, [0.02] * 5, df=0))
    assert np.isnan(list(empty.values())).all()
    assert np.isnan(list(alone.values())).all()


def test_a_gap_never_leaves_the_hundred_points() -> None:
    assert numbers(unequal([0.9, 0.5, 0.5, 0.5, 0.1], [100] * 5, [0.3] * 5, df=2))["gap"][1:] == [-1.0, 1.0]
