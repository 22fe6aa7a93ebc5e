"""The first page knows what a release holds and what it lacks."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from rcs_core import release as waist
from rcs_core.release import Table
from rcs_core.workshop import contents
from tests.tiny_release import tiny_release


def test_a_full_release_lacks_only_the_survey_of_parents_and_the_map(tmp_path: Path) -> None:
    found = contents.contents(waist.load(tiny_release(tmp_path)))
    lacking = ["Parents of children aged 0 to 8", "Outlines of school clusters (clusters.geojson)"]
    assert [line.split(":")[0] for line in found.missing] == lacking
    assert any("11 services" in line for line in found.holds)
    assert found.surveys == 2


def test_without_money_or_linkage_it_says_what_cannot_be_answered(tmp_path: Path) -> None:
    release = waist.load(tiny_release(tmp_path, linked=False, money=False, surveys=("pupil_p5_p7",)))
    found = contents.contents(release)
    assert any("no shift can be tried" in line for line in found.missing)
    assert any("limits, not figures" in line for line in found.missing)
    assert contents.money_sentences(release) == []


def test_every_part_with_data_leads_with_a_sentence(tmp_path: Path) -> None:
    release = waist.load(tiny_release(tmp_path))
    assert len(contents.need_sentences(release)) == 2
    assert any("Raised difficulties (SDQ)" in line for line in contents.reach_sentences(release))
    assert len(contents.money_sentences(release)) == 2


def test_small_schools_told_together_are_no_school_and_one_that_closed_is_not_counted(tmp_path: Path) -> None:
    tiny = waist.load(tiny_release(tmp_path))
    before = next(line for line in contents.contents(tiny).holds if "clusters and" in line)
    places = tiny.frame("areas").assign(members="")
    parent = places.loc[places["level"].eq("school"), "parent"].iloc[0]
    present = places.loc[places["level"].eq("school"), "name"].iloc[0]
    more = [
        {"area": "X-small", "name": "Small schools together", "members": f"1999: Gone Primary, {present}"},
        {"area": "X1", "name": "Gone Primary", "members": ""},
    ]
    rows = pd.DataFrame(more).assign(level="school", parent=parent)
    areas = Table("areas", "", pd.concat([places, rows], ignore_index=True))
    found = contents.contents(replace(tiny, tables={**tiny.tables, "areas": areas}))
    assert before in found.holds
