"""A release with an earlier wave says the same of the current one as a release without it: no page mixes waves."""

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.workshop import contents, evidence, profiles, reach, reach_counts, reach_fair
from tests.tiny_release import CLOSED, EARLIER, SURVEYS, WAVE, tiny_release


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("one")))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


def test_the_earlier_wave_is_really_there_and_says_something_else(two: Release) -> None:
    for survey in SURVEYS:
        now, then = (evidence.shares(two, f"{survey}_area", wave=w, area="999") for w in (WAVE, EARLIER))
        assert now.keys() == then.keys()
        assert now != then
        assert evidence.shares(two, f"{survey}_area", area="999") == now
        assert evidence.waves(two, survey) == [WAVE, EARLIER]
        assert evidence.current_wave(two, survey) == WAVE


def test_surveys_are_those_of_the_current_wave(one: Release, two: Release) -> None:
    assert evidence.surveys(two) == evidence.surveys(one)
    assert {s.wave for s in evidence.surveys(two)} == {WAVE}


def test_every_profile_is_that_of_the_current_wave(one: Release, two: Release) -> None:
    for survey in SURVEYS:
        assert profiles.areas(two, survey) == profiles.areas(one, survey)
        assert profiles.steepest(two, survey) == profiles.steepest(one, survey)
        everywhere = profiles.areas(one, survey)
        for area in [*everywhere[:2], everywhere[-1]]:
            assert profiles.summary(two, survey, area) == profiles.summary(one, survey, area)
            for asked in profiles.indicators(one, survey, area):
                groups = profiles.breakdowns(one, survey, asked.code, area)
                assert profiles.breakdowns(two, survey, asked.code, area) == groups
                for by in groups:
                    again = profiles.breakdown(two, survey, asked.code, by, area)
                    assert again == profiles.breakdown(one, survey, asked.code, by, area)


def test_a_school_that_has_closed_since_is_not_offered(two: Release) -> None:
    assert CLOSED[0] in set(two.frame("pupil_p5_p7_area")["area"])
    assert CLOSED[1] not in {a.name for a in profiles.areas(two, "pupil_p5_p7")}


def test_need_against_contact_is_that_of_the_current_wave(one: Release, two: Release) -> None:
    assert reach.surveys(two) == reach.surveys(one)
    for survey in SURVEYS:
        needs = reach.needs(one, survey)
        assert reach.needs(two, survey) == needs
        assert reach.contacts(two, survey) == reach.contacts(one, survey)
        for need in needs:
            assert reach_fair.fair(two, survey, need) == reach_fair.fair(one, survey, need)
            for contact in reach.contacts(one, survey):
                assert reach.reach(two, survey, need, contact) == reach.reach(one, survey, need, contact)


def test_the_front_page_says_the_same(one: Release, two: Release) -> None:
    assert contents.contents(two) == contents.contents(one)
    assert contents.need_sentences(two) == contents.need_sentences(one)
    assert contents.reach_sentences(two) == contents.reach_sentences(one)


def test_a_roll_of_an_earlier_wave_is_not_taken_for_todays(two: Release) -> None:
    name = "pupil_s1_s4_contact_roll"
    table = two.tables[name]
    frame = pd.concat([table.frame.assign(wave=EARLIER, n=table.frame["n"] + 100), table.frame], ignore_index=True)
    mixed = Release(two.manifest, {**two.tables, name: waist.Table(name, "", frame, table.dims, table.labels)}, two.path)
    for contact in reach.contacts(two, "pupil_s1_s4"):
        assert reach_counts.roll_of(mixed, "pupil_s1_s4", contact) == reach_counts.roll_of(two, "pupil_s1_s4", contact)


def test_a_survey_that_was_only_made_earlier_is_not_shown_as_todays(two: Release) -> None:
    surveys = two.tables["surveys"]
    frame = surveys.frame[surveys.frame["survey"].ne("pupil_s1_s4") | ~surveys.frame["current"]]
    ended = Release(two.manifest, {**two.tables, "surveys": waist.Table("surveys", "", frame)}, two.path)
    assert [s.code for s in evidence.surveys(ended)] == ["pupil_p5_p7"]
    assert evidence.shares(ended, "pupil_s1_s4_area", area="999") == {}


def test_who_is_not_in_the_picture_is_said_of_the_current_wave(one: Release, two: Release) -> None:
    for survey in SURVEYS:
        assert evidence.not_in_picture(two, survey) == evidence.not_in_picture(one, survey)
        assert not any("71%" in line for line in evidence.not_in_picture(two, survey))
