"""Small schools are told with the others of their cluster, and what is left of a cluster is never one small school."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate import Estimates, estimate
from rcs_core.records.estimate.pupils import PupilSurvey, prepare
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.small_schools import Together, listed, together, told_together
from rcs_core.records.specification import specifications
from tests.records.estimate_case import case, linked_from, population, respond

Rolls = Mapping[str, Mapping[str, int]]
SURVEY = "pupil_p5_p7"


@cache
def prepared() -> PupilSurvey:
    survey = prepare(case(1, parents=False).linked, SURVEY, catalogue(), rules())
    assert survey is not None
    return survey


def of(rolls: Rolls) -> PupilSurvey:
    """A survey with these pupils on the roll, by cluster and school."""
    rows = [(c, s) for c, schools in rolls.items() for s, pupils in schools.items() for _ in range(pupils)]
    return replace(prepared(), asked=pd.DataFrame(rows, columns=["cluster_code", "school_code"]))


def members(*surveys: Rolls, least: int = 30) -> dict[str, str]:
    return {one.area: " ".join(one.schools) for one in together([of(rolls) for rolls in surveys], least) if one.area}


def test_small_schools_of_a_cluster_are_one_area_and_large_ones_stand_alone() -> None:
    assert members({"C01": {"a": 12, "b": 29, "c": 30, "d": 90}, "C02": {"e": 31}}) == {"C01-small": "a b"}


def test_one_small_school_is_joined_by_the_next_smallest() -> None:
    assert members({"C01": {"a": 12, "b": 90, "c": 40, "d": 41}}) == {"C01-small": "a c"}


def test_each_wave_goes_by_its_own_roll_so_that_an_earlier_one_changes_nothing_of_today() -> None:
    now, before = of({"C01": {"a": 35, "b": 60}}), replace(of({"C01": {"a": 28, "b": 80, "c": 70}}), wave="2023")
    found = together([now, before], 30)
    assert [(one.wave, one.schools) for one in found] == [("2023", ("a", "c"))]
    assert told_together(now, found).told == {}
    assert dict(told_together(before, found).told) == {"a": "C01-small", "c": "C01-small"}


def test_no_school_is_small_where_the_threshold_is_none() -> None:
    assert members({"C01": {"a": 1, "b": 2}}, least=0) == {}


def test_where_the_area_would_be_the_whole_cluster_the_cluster_says_it_already() -> None:
    survey = of({"C01": {"a": 12, "b": 40}, "C02": {"c": 20}, "C03": {"d": 20, "e": 50, "f": 60}})
    told = told_together(survey, together([survey], 30)).told
    assert dict(told) == {"a": "", "b": "", "c": "", "d": "C03-small", "e": "C03-small"}


ROLLS = st.dictionaries(
    st.sampled_from(["C01", "C02"]),
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 70), min_size=1, max_size=6),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(ROLLS)
def test_whatever_the_roll_no_small_school_can_be_told_from_what_is_shown(rolls: Rolls) -> None:
    """A school is of one cluster, as schools are: the letters of the second cluster are others."""
    apart = {c: {f"{c}{s}": n for s, n in schools.items()} for c, schools in rolls.items()}
    survey = of(apart)
    told = told_together(survey, together([survey], 30)).told
    for schools in apart.values():
        alone, gathered = [s for s in schools if s not in told], [told[s] for s in schools if s in told]
        assert all(schools[s] >= 30 for s in alone)
        assert len(set(gathered)) <= 1
        assert len(gathered) != 1 or gathered == [""]
        assert "" not in gathered or not alone


@cache
def mixed() -> Estimates:
    """Two waves of a partnership in which some primaries are small."""
    waves = []
    for seed, wave in ((1, "2025"), (2, "2023")):
        people = population(seed, clusters=2, primaries=5, stage_roll=11)
        linked = linked_from(people, respond(people, seed + 6), parents=False)
        waves.append(replace(linked, partnership=linked.partnership | {"survey_wave": wave}, linked=False, extracts=()))
    return estimate(replace(waves[0], earlier=(waves[1],)), spec=specifications()["long"])


def test_the_release_has_no_row_of_a_small_school_by_itself_and_clusters_are_sums_of_what_is_shown() -> None:
    found = mixed()
    assert {one.wave for one in found.small} == {"2025", "2023"}
    for one in found.small:
        for table in (t for t in found.tables if t.name.startswith(one.survey)):
            rows = table.frame[table.frame["wave"] == one.wave]
            assert not set(rows["area"]) & set(one.schools)
            assert not one.area or table.name != f"{one.survey}_area" or one.area in set(rows["area"])
    area = next(t for t in found.tables if t.name == f"{SURVEY}_area").frame
    places = area.query("indicator == 'trusted_adult' and band == 'ALL'").groupby(["wave", "area"])["n"].sum()
    for wave in ("2025", "2023"):
        schools = [a for a in places[wave].index if a.startswith(("9901", "C01-"))]
        assert places[wave]["C01"] == places[wave][schools].sum()


@pytest.mark.parametrize("cluster", ["Ardmore cluster", "Ardmore"])
def test_the_area_has_a_name_and_names_its_members(cluster: str) -> None:
    rows = [("C01", cluster, "cluster", "999"), ("a", "Isla Primary", "school", "C01"), ("b", "Ben Primary", "school", "C01")]
    rows += [("c", "Large Primary", "school", "C01")]
    small = [Together("s", "2025", "C01-small", "C01", ("a", "b")), Together("s", "2023", "C01-small", "C01", ("b", "c"))]
    places = listed(pd.DataFrame(rows, columns=["area", "name", "level", "parent"]), small)
    row = places.set_index("area").loc["C01-small"]
    members = "2025: Ben Primary, Isla Primary; 2023: Ben Primary, Large Primary"
    assert list(row) == ["Small schools of Ardmore together", "school", "C01", members]
    assert set(places["area"]) == {"C01", "a", "b", "c", "C01-small"}
