"""Clusters against the rest of the area: the right variance, few false flags, and a true difference found."""

import numpy as np
import pytest
from scipy import stats

from rcs_core.records.estimate.by_school import Reading
from rcs_core.records.estimate.compare import (
    Differences,
    Judged,
    Schools,
    benjamini_hochberg,
    between,
    comparisons,
    differences,
    pooled,
    two_sided,
)
from rcs_core.records.estimate.rules import rules
from tests.records.compare_case import PRIMARIES, SECONDARIES, own_variance, page, reading

SHARES = [0.26, 0.33, 0.17, 0.36, 0.75, 0.53, 0.16, 0.20, 0.11]
BH_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]


def flags(found: Reading, variance: np.ndarray, df: np.ndarray) -> np.ndarray:
    return two_sided(Differences(found.cluster - found.rest, variance, df), rules()).p


def test_benjamini_and_hochberg_s_own_example_is_flagged_as_they_did() -> None:
    """The fifteen p values of their section 3.3: four hypotheses are rejected at 0.05."""
    assert benjamini_hochberg(np.array(BH_1995), 0.05).sum() == 4


@pytest.mark.parametrize("seed", range(5))
def test_flags_are_those_of_adjusted_p_values(seed: int) -> None:
    p = np.round(np.random.default_rng(seed).beta(0.4, 2, 30), 3)
    assert (benjamini_hochberg(p, 0.05) == (stats.false_discovery_control(p) <= 0.05)).all()


def test_equal_p_values_share_one_fate_and_what_cannot_be_tested_is_no_test() -> None:
    p = np.array([0.02, 0.02, 0.02, np.nan, 0.9])
    assert benjamini_hochberg(p, 0.05).tolist() == [True, True, True, False, False]
    assert not benjamini_hochberg(np.array([np.nan, np.nan]), 0.05).any()
    assert len(benjamini_hochberg(np.array([]), 0.05)) == 0


def test_with_equal_schools_the_variance_is_that_of_an_analysis_of_variance() -> None:
    rng = np.random.default_rng(3)
    share, cluster_of = rng.normal(0.4, 0.1, 24), np.repeat(np.arange(4), 6)
    means = share.reshape(4, 6).mean(axis=1)[cluster_of]
    schools = Schools(share - means, np.full(24, 1 / 6), cluster_of, np.zeros(24))
    assert between(schools) == pytest.approx(((share - means) ** 2).sum() / (24 - 4))


def test_a_difference_of_equal_schools_is_the_pooled_t_test_of_the_textbook() -> None:
    """Two groups of ten equal schools, chance left out: Student's two-sample t with 18 degrees of freedom."""
    share = np.random.default_rng(4).normal(0.4, 0.1, 20)
    found = reading(share, np.ones(20), np.full(20, 1e15), np.repeat([0, 1], 10))
    student = stats.ttest_ind(share[:10], share[10:])
    assert comparisons(found, rules()).p == pytest.approx([student.pvalue] * 2)
    assert differences(found, rules()).df.tolist() == [18, 18]


def test_one_school_against_seven_is_the_textbook_test_of_a_single_new_observation() -> None:
    share = np.array([0.55, 0.40, 0.37, 0.44, 0.41, 0.35, 0.39, 0.46])
    found = reading(share, np.ones(8), np.full(8, 1e15), np.arange(8))
    t = (share[0] - share[1:].mean()) / (share[1:].std(ddof=1) * np.sqrt(1 + 1 / 7))
    assert comparisons(found, rules()).p[0] == pytest.approx(2 * stats.t.sf(t, 6))
    assert differences(found, rules()).df[0] == 6


def test_a_cluster_of_one_school_is_not_taken_for_certain() -> None:
    """Its own score is exactly 0, so its own variance counts the rest only: here under half the standard error."""
    found, _ = page(np.random.default_rng(5), SECONDARIES, (350, 630), [0.3], 0.02)
    assert np.allclose(np.diag(found[0].cluster_scores), 0, atol=1e-15)
    ratio = np.sqrt(differences(found[0], rules()).variance / own_variance(found[0])[0])
    assert ratio.min() > 1.5
    assert 2 < np.median(ratio) < 4


def test_few_schools_in_clusters_lean_on_all_schools_outside() -> None:
    many, few = page(np.random.default_rng(6), PRIMARIES, (30, 120), [0.3], 0.02)[0][0], reading_of_two_each()
    assert set(pooled(many, rules())[1]) == {52 - 8.0}
    assert set(pooled(few, rules())[1]) == {4.0 * 2 - 2 - 1}


def reading_of_two_each() -> Reading:
    return page(np.random.default_rng(7), [2, 2, 2, 2], (30, 120), [0.3], 0.02)[0][0]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_nobody_or_everybody_has_the_need_nothing_is_two_sided(share: float) -> None:
    found = comparisons(reading(np.full(8, share), np.ones(8), np.full(8, 50.0), np.repeat([0, 1], 4)), rules())
    assert np.isnan(found.p).all()
    assert np.isnan([found.low, found.high]).all()


def test_a_sole_cluster_and_a_pair_of_single_schools_cannot_be_tested() -> None:
    alone = reading(np.array([0.2, 0.3, 0.4]), np.ones(3), np.full(3, 50.0), np.zeros(3, dtype=int))
    pair = reading(np.array([0.2, 0.4]), np.ones(2), np.full(2, 500.0), np.arange(2))
    assert np.isnan(comparisons(alone, rules()).p).all()
    assert np.isnan(comparisons(pair, rules()).p).all()


def simulated(sizes: list[int], answers: tuple[int, int], differ: float, pages: int, lift: float = 0.0) -> dict[str, float]:
    """Flags a page by four rules (of the lifted cluster apart), and how often the interval held the truth."""
    rng, q = np.random.default_rng(11), rules().false_discovery
    counts = {"z": 0.0, "t": 0.0, "own": 0.0, "pooled": 0.0, "held": 0.0, "found": 0.0}
    for _ in range(pages):
        readings, odd = page(rng, sizes, answers, SHARES, differ, lift)
        found = Judged(*map(np.concatenate, zip(*(comparisons(r, rules()) for r in readings), strict=True)))
        own = np.concatenate([flags(r, *own_variance(r)) for r in readings])
        wide = np.concatenate([flags(r, own_variance(r)[0], np.full(len(sizes), 1e9)) for r in readings])
        flagged = benjamini_hochberg(found.p, q)
        counts["z"] += (wide < 0.05).sum()
        counts["t"] += (own < 0.05).sum()
        counts["own"] += benjamini_hochberg(own, q).sum()
        counts["pooled"] += flagged.sum()
        counts["held"] += ((found.low <= 0) & (found.high >= 0)).mean()
        counts["found"] += flagged[odd]
    return {name: value / pages for name, value in counts.items()}


def test_among_primaries_without_a_difference_hardly_a_page_has_a_flag() -> None:
    per_page = simulated(PRIMARIES, (14, 150), 0.02, 30)
    assert per_page["pooled"] < 0.2
    assert per_page["own"] > 3 * max(per_page["pooled"], 0.1)
    assert 0.93 < per_page["held"] < 0.97


def test_among_secondaries_without_a_difference_hardly_a_page_has_a_flag() -> None:
    per_page = simulated(SECONDARIES, (350, 630), 0.02, 30)
    assert per_page["pooled"] < 0.2
    assert per_page["own"] > 10
    assert per_page["t"] > 20
    assert 0.93 < per_page["held"] < 0.97


def test_schools_that_do_not_differ_at_all_are_not_flagged_either() -> None:
    assert simulated(PRIMARIES, (14, 150), 1e-9, 20)["pooled"] < 0.2
    assert simulated(SECONDARIES, (350, 630), 1e-9, 20)["pooled"] < 0.2


def test_one_cluster_that_is_twelve_points_worse_is_found_mostly() -> None:
    assert simulated(PRIMARIES, (14, 150), 0.005, 30, lift=0.12)["found"] > 0.7
