"""A definition that was not checked never leads a page, and is named with that remark wherever it is named."""

from dataclasses import replace

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.release import Release
from rcs_core.workshop import evidence, profiles
from rcs_core.workshop import reach_counts as reach
from tests.tiny_release import tiny_release

SURVEY = "pupil_s1_s4"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release.load(tiny_release(tmp_path_factory.mktemp("verified")))


def marked(found: Release, *doubtful: str) -> Release:
    """The release with these indicators not verified."""
    about = found.tables["indicators"].frame
    frame = about.assign(verified=[code not in doubtful for code in about["indicator"]])
    return replace(found, tables={**found.tables, "indicators": replace(found.tables["indicators"], frame=frame)})


def leading(found: Release) -> str:
    return profiles.summary(found, SURVEY, evidence.council(found)).headline


def test_the_most_common_need_is_passed_over_when_its_definition_was_not_checked(small: Release) -> None:
    first = profiles.summary(small, SURVEY, evidence.council(small)).rows[0].label
    asked = next(i for i in evidence.indicators(small, SURVEY) if i.label == first)
    assert asked.title in leading(small)
    assert asked.title not in leading(marked(small, asked.code))


def test_where_no_definition_was_checked_no_question_leads(small: Release) -> None:
    every = [i.code for i in evidence.indicators(small)]
    assert leading(marked(small, *every)).startswith("No question leads for Strathmere: the definitions of those shown")
    assert profiles.steepest(marked(small, *every), SURVEY) == ""


def test_the_steepest_slope_is_one_of_a_checked_definition(small: Release) -> None:
    told = profiles.steepest(small, SURVEY)
    asked = next(i for i in evidence.indicators(small, SURVEY) if i.title in told)
    assert asked.title not in profiles.steepest(marked(small, asked.code), SURVEY)


def test_an_unchecked_need_is_named_with_that_remark(small: Release) -> None:
    found = evidence.indicator(marked(small, "bullied_last_year"), SURVEY, "bullied_last_year")
    assert found.need == "“Bullied in the last year” (definition not checked)"
    assert evidence.indicator(small, SURVEY, "bullied_last_year").need == "“Bullied in the last year”"


def test_a_checked_need_comes_before_an_unchecked_one_where_needs_meet_services(small: Release) -> None:
    assert reach.needs(small, SURVEY)[0].code == "sdq_raised"
    assert reach.needs(marked(small, "sdq_raised"), SURVEY)[-1].code == "sdq_raised"


def test_a_question_that_was_not_collected_is_not_among_those_a_page_offers(small: Release) -> None:
    area = small.tables["pupil_s1_s4_area"]
    without = replace(area, frame=area.frame[area.frame["indicator"] != "enjoys_learning"])
    found = replace(small, tables={**small.tables, "pupil_s1_s4_area": without})
    assert "enjoys_learning" not in [i.code for i in evidence.indicators(found, SURVEY)]
    assert "enjoys_learning" in [i.code for i in evidence.indicators(found, "pupil_p5_p7")]
    assert isinstance(profiles.summary(found, SURVEY, evidence.council(found)).frame(), pd.DataFrame)


def test_a_release_without_figures_by_area_keeps_its_questions(small: Release) -> None:
    found = replace(small, tables={name: t for name, t in small.tables.items() if name != "pupil_s1_s4_area"})
    assert len(evidence.indicators(found, SURVEY)) == len(evidence.indicators(small, SURVEY))
