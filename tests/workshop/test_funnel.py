"""A funnel draws the schools that may be shown, says how many are not, and ranks none."""

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release, Table
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence, funnel
from tests.tiny_release import tiny_release

PRIMARY = "pupil_p5_p7"
ASKED = "bullied_last_year"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


def with_rows(release: Release, verdicts: dict[str, str]) -> Release:
    """The funnel of one question by hand: these schools, with their verdicts."""
    rows = [(PRIMARY, "2025", ASKED, area, 120, 30.0, 20.0, 45.0, 12.0, 52.0, v, 1.4) for area, v in verdicts.items()]
    columns = ["survey", "wave", "indicator", "area", "answers", "pct", "low_95", "high_95", "low_998", "high_998", "verdict"]
    frame = pd.DataFrame(rows, columns=[*columns, "overdispersion"])
    return Release(release.manifest, {**release.tables, "funnel": Table("funnel", "", frame)}, release.path)


def made(release: Release) -> funnel.Funnel:
    return funnel.funnel(release, PRIMARY, evidence.indicator(release, PRIMARY, ASKED))


def test_schools_are_drawn_and_clusters_are_not(two: Release) -> None:
    names = {a.name for a in evidence.areas(two, f"{PRIMARY}_area") if a.level is AreaLevel.SCHOOL}
    assert {d.name for d in made(two).dots} <= names
    assert made(two).dots


def test_who_is_not_drawn_is_counted_and_why(two: Release) -> None:
    found = made(two)
    assert len(found.dots) + found.hidden + found.unreliable == 6
    assert found.caption.startswith(f"{found.hidden + found.unreliable} of 6 schools are not drawn: ")
    assert "[c] so that no child can be singled out" in found.caption


def test_all_within_is_said_as_such(two: Release) -> None:
    found = made(with_rows(two, {"9900101": "within", "9900102": "within"}))
    assert found.headline.endswith("all 2 schools drawn lie where chance and ordinary variation would put them.")
    assert found.outside == ()


def test_one_school_is_no_plural(two: Release) -> None:
    found = made(with_rows(two, {"9900101": "within"}))
    assert found.headline.endswith("the one school drawn lies where chance and ordinary variation would put it.")
    assert funnel._caption(1, 0, 0) == "The one school with answers is drawn."


def test_a_school_outside_is_named_with_its_share_and_side(two: Release) -> None:
    found = made(with_rows(two, {"9900101": "above", "9900102": "within", "9900201": "within"}))
    assert found.headline.endswith("1 of 3 schools lies outside the outer limits: Burnside Primary with 30% (more need).")
    assert found.points()["named"].tolist().count("Burnside Primary") == 1
    assert "outer limits 12 to 52" in found.words()


def test_outside_is_a_reason_to_ask_and_not_a_ranking(two: Release) -> None:
    found = made(with_rows(two, {"9900201": "above", "9900101": "below"}))
    assert any("a reason to ask, not a ranking" in note for note in found.notes)
    assert found.frame()["School"].tolist() == ["Burnside Primary", "Kirkton Primary"]


def test_the_overview_counts_questions_with_a_school_outside(two: Release) -> None:
    headline, basis = funnel.overview_headline(with_rows(two, {"9900101": "above", "9900102": "within"}), PRIMARY)
    assert headline == "On 1 of 1 questions at least one school is outside the outer limits, for pupils in P5 to P7."
    assert basis.startswith("2 dots were looked at")


def test_a_question_whose_schools_are_all_hidden_is_not_offered(two: Release) -> None:
    assert funnel.asked(with_rows(two, {"C01": "within"}), PRIMARY) == []


def test_the_middle_is_the_share_with_need_of_the_whole_area(two: Release) -> None:
    found = funnel.funnel(two, PRIMARY, evidence.indicator(two, PRIMARY, "active_hour_yesterday"))
    frame = two.frame(f"{PRIMARY}_area")
    yes = frame[(frame["wave"] == "2025") & (frame["area"] == "999") & (frame["indicator"] == "active_hour_yesterday")].set_index(
        "band"
    )["pct"]["yes"]
    assert found.middle == 100 - int(yes)
