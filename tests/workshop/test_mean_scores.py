"""Mean scores as sentences: told, hidden or unreliable, and of no school."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.release import Release, Table
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence, profiles
from rcs_core.workshop.mean_scores import lines
from tests.tiny_release import tiny_release

SURVEY = "pupil_s1_s4"
COLUMNS = ["survey", "wave", "indicator", "title", "unit", "area", "mean", "low", "high", "state"]
WELLBEING = ("wemwbs_score", "Mental wellbeing (WEMWBS)", "points of 14 to 70, higher is better")


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Release:
    small = release.load(tiny_release(tmp_path_factory.mktemp("scores"), waves=True))
    rows = [
        (SURVEY, "2025", *WELLBEING, "999", 45.25, 44.9, 45.6, "shown"),
        (SURVEY, "2023", *WELLBEING, "999", 49.0, 48.0, 50.0, "shown"),
        (SURVEY, "2025", *WELLBEING, "C01", None, None, None, "suppressed"),
        (SURVEY, "2025", *WELLBEING, "C02", None, None, None, "unreliable"),
    ]
    table = Table("scores", "Mean scores", pd.DataFrame(rows, columns=COLUMNS))
    return replace(small, tables={**small.tables, "scores": table})


def said(found: Release, code: str, survey: str = SURVEY) -> list[str]:
    area = next(a for a in profiles.areas(found, SURVEY) if a.code == code)
    return lines(found, survey, area)


def test_a_mean_is_a_sentence_with_its_interval_and_of_this_wave(scored: Release) -> None:
    assert said(scored, "999") == [
        "Mental wellbeing (WEMWBS), pupils in S1 to S4 in Strathmere: a mean of 45.2 points of 14 to 70, higher is better "
        "(95% interval 44.9 to 45.6, these children this year)."
    ]


@pytest.mark.parametrize(
    ("code", "why"),
    [("C01", "hidden [c], so that no child can be singled out"), ("C02", "too few answers to be reliable [u]")],
)
def test_a_mean_that_is_not_told_says_why(scored: Release, code: str, why: str) -> None:
    assert said(scored, code)[0].endswith(f"the mean is not shown: {why}.")


def test_schools_other_surveys_and_releases_without_scores_say_nothing(scored: Release, tmp_path: Path) -> None:
    school = next(a for a in profiles.areas(scored, SURVEY) if a.level is AreaLevel.SCHOOL)
    assert lines(scored, SURVEY, school) == []
    assert said(scored, "999", "pupil_p5_p7") == []
    plain = release.load(tiny_release(tmp_path))
    assert lines(plain, SURVEY, evidence.council(plain)) == []
