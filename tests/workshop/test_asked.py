"""The grid of what was asked of whom, read off a small release whose catalogue is known."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.release import Release
from rcs_core.vocab import CellState
from rcs_core.workshop.asked import asked_grid
from tests.tiny_release import INDICATORS, tiny_release

P, S = "Pupils in P5 to P7", "Pupils in S1 to S4"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release.load(tiny_release(tmp_path_factory.mktemp("asked")))


def changed(small: Release, table: str, frame: pd.DataFrame) -> Release:
    """The same release with one table's rows changed."""
    return replace(small, tables={**small.tables, table: replace(small.tables[table], frame=frame)})


def test_every_question_is_a_row_and_every_survey_a_column(small: Release) -> None:
    frame = asked_grid(small).frame()
    assert list(frame.columns) == ["Question", P, S]
    assert list(frame["Question"]) == [title for _, _, title, *_ in INDICATORS.values()]


def test_what_primary_pupils_were_not_asked_is_marked(small: Release) -> None:
    frame = asked_grid(small).frame().set_index("Question")
    expected = {title: "[z]" if p5 is None else "asked" for p5, _, title, *_ in INDICATORS.values()}
    assert frame[P].to_dict() == expected
    assert set(frame[S]) == {"asked"}


def test_what_a_survey_did_not_bring_is_not_collected(small: Release) -> None:
    area = small.tables["pupil_p5_p7_area"].frame
    grid = asked_grid(changed(small, "pupil_p5_p7_area", area[area["indicator"] != "enjoys_learning"]))
    assert grid.state("enjoys_learning", "pupil_p5_p7") is CellState.NOT_COLLECTED
    assert grid.state("enjoys_learning", "pupil_s1_s4") is CellState.SHOWN
    assert grid.frame().set_index("Question").loc["Enjoys learning", P] == "[x]"
    assert "Enjoys learning" not in grid.common()


def test_a_question_of_some_stages_splits_its_survey_into_stages(small: Release) -> None:
    about = small.tables["indicators"].frame
    mine = (about["survey"] == "pupil_s1_s4") & (about["indicator"] == "drank_alcohol_last_week")
    grid = asked_grid(changed(small, "indicators", about.assign(stages=["S3 S4" if m else "" for m in mine])))
    frame = grid.frame().set_index("Question")
    assert list(frame.columns) == [P, "S1", "S2", "S3", "S4"]
    assert frame.loc["Drank alcohol last week"].tolist() == ["[z]", "[z]", "[z]", "asked", "asked"]
    assert set(frame.loc["Raised difficulties (SDQ)", ["S1", "S2", "S3", "S4"]]) == {"asked"}
    assert grid.state("drank_alcohol_last_week", "pupil_s1_s4") is CellState.SHOWN


def test_one_sentence_says_what_both_were_asked_and_that_they_are_not_compared(small: Release) -> None:
    grid = asked_grid(small)
    both = [title for p5, _, title, *_ in INDICATORS.values() if p5 is not None]
    assert grid.common() == both
    assert grid.words() == (
        f"{len(both)} of {len(INDICATORS)} questions were asked of pupils in P5 to P7 and pupils in S1 to S4, "
        "each in a survey of its own: they are never added, and never set against each other."
    )


def test_a_definition_that_was_not_checked_is_told_beside_its_question(small: Release) -> None:
    about = small.tables["indicators"].frame
    doubtful = about["indicator"] == "bullied_last_year"
    series = ["self, 4 bands, slightly_raised" if i == "sdq_raised" else "" for i in about["indicator"]]
    frame = asked_grid(changed(small, "indicators", about.assign(verified=~doubtful, series=series))).frame()
    said = frame.set_index("Question")["Read with care"]
    assert said["Bullied in the last year"] == "definition not checked against its source"
    assert said["Raised difficulties (SDQ)"] == "self, 4 bands, slightly_raised"
    assert said["Enjoys learning"] == ""


def test_one_survey_alone_is_said_to_be_alone(tmp_path: Path) -> None:
    grid = asked_grid(release.load(tiny_release(tmp_path, surveys=("pupil_s1_s4",))))
    assert grid.words() == "Asked of pupils in S1 to S4 only; no other ages were surveyed."
    assert asked_grid(release.load(tiny_release(tmp_path / "none", surveys=()))).words() == ""
