"""Funnel limits: exact at whole answers, wider for schools that differ anyway, never beyond nought and a hundred."""

import numpy as np
import pytest
from scipy import stats

from rcs_core.records.estimate.funnel import exact_limit, limits, overdispersion
from rcs_core.records.estimate.rules import rules


def test_a_limit_by_hand() -> None:
    """Two answers at one half: P(0) = .25, P(0 or 1) = .75. At .5 the least count is 1, and it overshoots by .25 of .5."""
    assert exact_limit(0.5, np.array([2.0]), 0.5) == pytest.approx([(1 - 0.5) / 2])


@pytest.mark.parametrize("share", [0.03, 0.26, 0.5, 0.9])
def test_a_share_beyond_the_outer_limits_is_as_rare_as_said(share: float) -> None:
    answers = np.array([20.0, 73.0, 500.0])
    low, high = limits(share, answers, 1.0, 0.998)
    for n, a, b in zip(answers, low, high, strict=True):
        counts = np.arange(n + 1)
        assert stats.binom.pmf(counts[(counts < a * n) | (counts > b * n)], n, share).sum() <= 0.002


def test_limits_narrow_with_answers_and_come_to_the_normal_ones() -> None:
    answers = np.array([10.0, 50.0, 250.0, 1e6])
    low, high = limits(0.3, answers, 1.0, 0.95)
    assert (np.diff(high - low) < 0).all()
    assert high[-1] - low[-1] == pytest.approx(2 * 1.959964 * np.sqrt(0.21 / 1e6), rel=1e-3)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99, 1.0])
@pytest.mark.parametrize("phi", [1.0, 9.0])
def test_limits_stay_within_nought_and_a_hundred_and_hold_the_council(share: float, phi: float) -> None:
    low, high = limits(share, np.array([1.0, 5.0, 40.0, 900.0]), phi, 0.998)
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert ((low <= share + 1e-9) & (high >= share - 1e-9)).all()


def test_overdispersion_is_the_mean_square_of_winsorised_scores() -> None:
    answers = np.full(40, 100.0)
    z = np.linspace(-4, 4, 40)
    shares = 0.3 + z * np.sqrt(0.21 / 100)
    cut = np.quantile(z, 0.9)
    assert overdispersion(shares, answers, 0.3, rules()) == pytest.approx(np.mean(np.clip(z, -cut, cut) ** 2))


def test_one_wild_school_does_not_widen_the_funnel() -> None:
    rng = np.random.default_rng(1)
    shares = 0.3 + np.append(rng.standard_normal(49), 40) * np.sqrt(0.21 / 100)
    assert overdispersion(shares, np.full(50, 100.0), 0.3, rules()) == 1.0


def test_chance_alone_is_no_overdispersion() -> None:
    rng = np.random.default_rng(2)
    found = [overdispersion(rng.binomial(80, 0.3, 50) / 80, np.full(50, 80.0), 0.3, rules()) for _ in range(200)]
    assert np.mean(np.array(found) > 1) < 0.03
    assert min(found) == 1.0
