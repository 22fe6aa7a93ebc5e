"""Readers of tables that a release may hold more of: stages of clusters, care status, and small schools told together."""

from dataclasses import replace

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release, Table
from rcs_core.workshop import evidence, funnel, profiles, unequal
from rcs_core.workshop.profiles import By
from tests.tiny_release import tiny_release

SURVEY = "pupil_s1_s4"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("tiny")))


def with_table(release: Release, name: str, frame: pd.DataFrame, like: str) -> Release:
    """The release with a table of its own frame, otherwise like another of it."""
    return replace(release, tables={**release.tables, name: replace(release.tables[like], name=name, frame=frame)})


def clustered(release: Release, name: str) -> Release:
    """The release with rows of a cluster beside the council's, with counts of its own."""
    frame = release.frame(name)
    cluster = evidence.areas(release, f"{SURVEY}_area")[1].code
    more = frame.assign(area=cluster, n=frame["n"] // 2, pct=frame["pct"].where(frame["pct"].isna(), 1.0))
    return with_table(release, name, pd.concat([frame, more], ignore_index=True), name)


def with_care(release: Release) -> Release:
    """The release with the table of care status, whose numbers are those of contact under other codes."""
    codes = {"social_work": "looked_after", "no_social_work": "not_looked_after", "ALL": "ALL"}
    codes |= {c: c for c in ("additional_support", "no_additional_support")}
    frame = release.frame(f"{SURVEY}_contact")
    frame = frame[frame["contact"].isin(codes)].assign(contact=lambda f: f["contact"].map(codes))
    return with_table(release, f"{SURVEY}_care", frame, f"{SURVEY}_contact")


def test_rows_of_clusters_change_nothing_that_is_said_of_the_council(tiny: Release) -> None:
    council = evidence.council(tiny)
    for by, name in ((By.STAGE, "stage"), (By.SIMD, "simd")):
        more = clustered(tiny, f"{SURVEY}_{name}")
        now, before = (profiles.breakdown(r, SURVEY, "enjoys_learning", by, council) for r in (more, tiny))
        assert (now.rows, now.headline) == (before.rows, before.headline)
        assert by in profiles.breakdowns(more, SURVEY, "enjoys_learning", evidence.areas(more, f"{SURVEY}_area")[1])
    more = clustered(tiny, f"{SURVEY}_simd")
    assert profiles.steepest(more, SURVEY) == profiles.steepest(tiny, SURVEY)
    asked = evidence.indicator(tiny, SURVEY, "enjoys_learning")
    assert unequal.one(more, SURVEY, asked).rows == unequal.one(tiny, SURVEY, asked).rows


def test_care_status_is_a_group_of_the_council_with_a_note_that_a_child_can_be_in_both(tiny: Release) -> None:
    found, council = with_care(tiny), evidence.council(tiny)
    assert By.CARE in profiles.breakdowns(found, SURVEY, "trusted_adult", council)
    cluster = evidence.areas(found, f"{SURVEY}_area")[1]
    assert By.CARE not in profiles.breakdowns(found, SURVEY, "trusted_adult", cluster)
    assert By.CARE not in profiles.breakdowns(tiny, SURVEY, "trusted_adult", council)
    profile = profiles.breakdown(found, SURVEY, "trusted_adult", By.CARE, council)
    labels = ["Additional support for learning", "No additional support for learning", "Looked after", "Not looked after"]
    assert sorted(r.label for r in profile.rows) == sorted(labels)
    rows = found.frame(f"{SURVEY}_care").query("indicator == 'trusted_adult' and contact == 'not_looked_after'")
    assert next(r for r in profile.rows if r.label == "Not looked after").here.yes.value == rows.set_index("band").at["no", "n"]
    assert any("can be in both" in note for note in profile.notes)


def test_small_schools_told_together_stand_as_one_school_and_their_members_are_named(tiny: Release) -> None:
    places = tiny.frame("areas").assign(members="")
    school = next(a for a in evidence.areas(tiny, "pupil_p5_p7_area") if a.level.value == "school")
    own = places["area"].eq(school.code)
    places.loc[own, ["name", "members"]] = ["Small schools of Kirkton together", "Ben Primary; Isla Primary"]
    found = replace(tiny, tables={**tiny.tables, "areas": Table("areas", "", places)})
    area = next(a for a in profiles.areas(found, "pupil_p5_p7") if a.code == school.code)
    assert (area.name, area.level.value, area.members) == (
        "Small schools of Kirkton together",
        "school",
        "Ben Primary; Isla Primary",
    )
    said = "Small schools of Kirkton together: Ben Primary and Isla Primary"
    assert any(said in note for note in profiles.summary(found, "pupil_p5_p7", area).notes)
    schools = profiles.breakdown(found, "pupil_p5_p7", "enjoys_learning", By.SCHOOL, evidence.council(found))
    assert any(said in note for note in schools.notes)
    assert not any(said in note for note in profiles.summary(found, "pupil_p5_p7", evidence.council(found)).notes)
    asked = evidence.indicator(found, "pupil_p5_p7", "enjoys_learning")
    drawn, before = (funnel.funnel(r, "pupil_p5_p7", asked) for r in (found, tiny))
    assert drawn.hidden + drawn.unreliable + len(drawn.dots) == before.hidden + before.unreliable + len(before.dots) - 1
    assert any("not drawn" in note for note in drawn.notes)
    assert evidence.closed(found) == evidence.closed(tiny)
