"""A gap between deprivation fifths is said with its two ends, its interval and the measures over all five."""

import pytest

from rcs_core import release as waist
from rcs_core.release import Cell, Release
from rcs_core.vocab import CellState
from rcs_core.workshop import evidence, unequal
from rcs_core.workshop.evidence import Share
from rcs_core.workshop.unequal import Fairness, Figure
from tests.tiny_release import tiny_release

PRIMARY = "pupil_p5_p7"
HIDDEN = evidence.share({})


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


def share(pct: float) -> Share:
    count = Cell(100, CellState.SHOWN)
    return Share(Cell(pct, CellState.SHOWN), pct - 2, pct + 2, count, count, count)


def fair(release: Release, most: float, least: float, gap: tuple[float, float, float]) -> str:
    asked = evidence.indicator(release, PRIMARY, "bullied_last_year")
    row = Fairness(asked, share(most), share(least), (Figure("gap", *gap, CellState.SHOWN),))
    return unequal._sentence(row)


def test_the_sentence_has_both_ends_the_gap_and_its_interval(two: Release) -> None:
    assert fair(two, 41, 29, (12, 8, 16)) == ("41% in the most deprived fifth, 29% in the least: a gap of 12 points (8 to 16)")


def test_a_gap_the_other_way_says_so(two: Release) -> None:
    assert fair(two, 29, 41, (-12, -16, -8)).endswith("a gap of 12 points (8 to 16), with less need where deprivation is greater")


def test_an_interval_that_holds_nothing_is_no_clear_gap(two: Release) -> None:
    assert fair(two, 31, 29, (2, -3, 7)).endswith("29% in the least: no clear gap (−3 to 7 points)")


def test_a_gap_that_is_not_told_says_why(two: Release) -> None:
    found = {r.indicator.code: unequal._sentence(r) for r in unequal.every(two, PRIMARY).rows}
    assert found["bullied_last_year"] == "not shown [c], as a fifth is hidden so that no child can be singled out"
    assert found["feels_safe_in_area"] == "not shown [u], as too few children answered"


def test_the_headline_counts_clear_gaps_among_those_shown(two: Release) -> None:
    headline = unequal.every(two, PRIMARY).headline
    assert headline.startswith("On 3 of 3 questions there is a clear gap")
    assert headline.endswith("2 of 5 questions cannot be shown.")


def test_ratio_and_gap_have_their_own_point_of_equality() -> None:
    assert Figure("ratio", 1.4, 1.2, 1.7, CellState.SHOWN).is_clear
    assert not Figure("ratio", 1.1, 0.9, 1.4, CellState.SHOWN).is_clear
    assert not Figure("gap", 2, -1, 5, CellState.SHOWN).is_clear
    assert not Figure("gap", None, None, None, CellState.SUPPRESSED).is_clear


def test_every_measure_is_explained_where_it_stands(two: Release) -> None:
    measures = unequal.one(two, PRIMARY, evidence.indicator(two, PRIMARY, "trusted_adult")).measures()
    assert measures["Measure"].tolist() == ["Gap (points)", "Ratio (times)", "Slope index (points)", "Relative index (times)"]
    assert measures["Value"].tolist() == ["12", "1.40", "15", "0.40"]
    assert measures["95% interval"].tolist() == ["8 to 16", "1.20 to 1.70", "10 to 20", "0.30 to 0.60"]
    assert measures["What it means"].str.len().min() > 20


def test_the_ends_are_those_of_the_current_wave(two: Release) -> None:
    frame = two.frame(f"{PRIMARY}_simd")
    rows = frame[(frame["wave"] == "2025") & (frame["indicator"] == "active_hour_yesterday") & (frame["band"] == "yes")]
    row = next(r for r in unequal.every(two, PRIMARY).rows if r.indicator.code == "active_hour_yesterday")
    assert row.most.pct.value == 100 - int(rows.set_index("simd_quintile")["pct"]["1"])


def test_an_older_release_offers_no_fair_shares(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert unequal.asked(waist.load(tiny_release(tmp_path_factory.mktemp("one"))), PRIMARY) == []
