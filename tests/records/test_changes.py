"""Changes between waves: shared schools keep their covariance, chance seldom flags, and some waves cannot be compared."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri

from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate.by_school import Places, Reading
from rcs_core.records.estimate.changes import Waves, changes, cluster_changes, council_change, not_comparable
from rcs_core.records.estimate.compare import benjamini_hochberg
from rcs_core.records.estimate.pupils import prepare
from rcs_core.records.estimate.rules import rules
from tests.records.compare_case import PRIMARIES, SECONDARIES, reading
from tests.records.estimate_case import case, linked_from, population, respond

SECTOR = {f"S{k:03d}": "primary" for k in range(100)}
ALIKE = 1e15
"""So many answers that chance within a school is nothing."""


def equal(share: np.ndarray, codes: tuple[str, ...] = ()) -> Reading:
    """Schools of equal size, in clusters of four."""
    return reading(share, np.ones(len(share)), np.full(len(share), ALIKE), np.repeat(np.arange(len(share) // 4), 4), codes)


def test_the_council_s_change_is_a_paired_t_test_of_its_schools() -> None:
    rng = np.random.default_rng(1)
    before = rng.normal(0.4, 0.1, 12)
    now = before + rng.normal(0.03, 0.02, 12)
    areas, found = changes(equal(now), equal(before), SECTOR, rules())
    paired = stats.ttest_rel(now, before)
    assert areas == ["999", "C01", "C02", "C03"]
    assert found.value[0] == pytest.approx((now - before).mean())
    assert found.p[0] == pytest.approx(paired.pvalue)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(paired.confidence_interval(0.95)))


def test_a_cluster_s_change_uses_the_spread_of_changes_within_all_clusters() -> None:
    rng = np.random.default_rng(2)
    before = rng.normal(0.4, 0.1, 16)
    moved = rng.normal(0.02, 0.03, 16)
    found = cluster_changes(Waves.of(equal(before + moved), equal(before)), rules())
    groups = moved.reshape(4, 4)
    within = ((groups - groups.mean(axis=1, keepdims=True)) ** 2).sum() / 12
    assert found.value == pytest.approx(groups.mean(axis=1))
    assert found.variance == pytest.approx([within / 4] * 4)
    assert found.df.tolist() == [12] * 4


def test_a_school_of_one_wave_counts_in_that_wave_only() -> None:
    """Three schools stay, one closes and one opens: the change's score of each of these is its own alone."""
    before, now = np.array([0.30, 0.40, 0.50, 0.20]), np.array([0.32, 0.41, 0.56, 0.70])
    older, newer = equal(before, ("S001", "S002", "S003", "S004")), equal(now, ("S001", "S002", "S003", "S005"))
    waves = Waves.of(newer, older)
    scores = np.append((now - now.mean())[:3] - (before - before.mean())[:3], [-(0.20 - before.mean()), 0.70 - now.mean()]) / 4
    found = council_change(waves, SECTOR)
    assert found.variance[0] == pytest.approx(5 / 4 * (scores**2).sum())
    assert found.df.tolist() == [4]
    assert found.value[0] == pytest.approx(now.mean() - before.mean())


def test_shared_schools_make_a_change_surer_than_two_waves_of_strangers() -> None:
    rng = np.random.default_rng(3)
    before = rng.normal(0.4, 0.1, 16)
    now = before + rng.normal(0, 0.01, 16)
    strangers = equal(before, tuple(f"S{k:03d}" for k in range(50, 66)))
    same, other = (council_change(Waves.of(equal(now), older), SECTOR).variance[0] for older in (equal(before), strangers))
    assert same < other / 20


def flags_a_page(sizes: list[int], answers: tuple[int, int], pages: int) -> tuple[float, float]:
    """Flags a page without any true change of a school, and how often the intervals held 0."""
    rng, flagged, held = np.random.default_rng(5), 0, []
    cluster_of = np.repeat(np.arange(len(sizes)), sizes)
    for _ in range(pages):
        p = []
        for share in (0.26, 0.33, 0.17, 0.36, 0.75, 0.53, 0.16, 0.20, 0.11):
            n = rng.integers(*answers, len(cluster_of)).astype(float)
            true = ndtr(ndtri(share) + 0.14 * rng.standard_normal(len(n)))
            waves = [reading(rng.binomial(n.astype(int), true) / n, n * 1.3, n, cluster_of) for _ in range(2)]
            _, found = changes(*waves, SECTOR, rules())
            p += list(found.p)
            held += list((found.low <= 0) & (found.high >= 0))
        flagged += int(benjamini_hochberg(np.array(p), 0.05).sum())
    return flagged / pages, float(np.mean(held))


@pytest.mark.parametrize(("sizes", "answers"), [(PRIMARIES, (14, 150)), (SECONDARIES, (350, 630))])
def test_where_nothing_changes_hardly_a_page_has_a_flag(sizes: list[int], answers: tuple[int, int]) -> None:
    flagged, held = flags_a_page(sizes, answers, 20)
    assert flagged < 0.2
    assert held > 0.93


@pytest.fixture(scope="module")
def places() -> tuple[Places, Places]:
    found = []
    for seed, wave in ((1, "2025"), (2, "2023")):
        linked = case(seed, parents=False).linked
        survey = prepare(
            replace(linked, partnership=linked.partnership | {"survey_wave": wave}), "pupil_p5_p7", catalogue(), rules()
        )
        assert survey is not None
        found.append(Places.of(survey))
    return found[0], found[1]


def test_a_new_wording_is_no_change(places: tuple[Places, Places]) -> None:
    assert not_comparable(*places, "trusted_adult", "2025") == "The wording changed in 2025"
    assert not_comparable(*places, "trusted_adult", "2023") == ""
    assert not_comparable(*places, "trusted_adult", "") == ""


def test_waves_without_a_school_in_common_are_not_compared(places: tuple[Places, Places]) -> None:
    renumbered = replace(places[1], schools=tuple(f"{school}x" for school in places[1].schools))
    assert not_comparable(places[0], renumbered, "trusted_adult", "") == "No school answered in both waves"


def test_what_one_wave_did_not_ask_is_no_change(places: tuple[Places, Places]) -> None:
    assert not_comparable(*places, "sdq_raised", "") == "Not asked in 2025"


def test_waves_that_other_stages_answered_are_not_compared(places: tuple[Places, Places]) -> None:
    people = population(3)
    answers = respond(people)
    answers = answers[answers["stage"] != "P7"]
    survey = prepare(linked_from(people, answers, parents=False), "pupil_p5_p7", catalogue(), rules())
    assert survey is not None
    assert not_comparable(Places.of(survey), places[1], "trusted_adult", "").startswith("Not answered by the same stages")
