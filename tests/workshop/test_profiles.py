"""A profile says what the release says: the share with need, its base and source, and nothing worked out from what is hidden."""

from pathlib import Path

import pytest

from rcs_core import release as waist
from rcs_core.errors import ReleaseError
from rcs_core.release import Cell, Release
from rcs_core.vocab import AreaLevel, CellState
from rcs_core.workshop import evidence, profiles
from rcs_core.workshop.evidence import Indicator, Share
from rcs_core.workshop.profiles import By
from tests.conftest import Home
from tests.tiny_release import tiny_release

PRIMARY, SECONDARY = "pupil_p5_p7", "pupil_s1_s4"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("tiny")))


def area(release: Release, survey: str, name: str) -> evidence.Area:
    return next(a for a in profiles.areas(release, survey) if a.name == name)


def cell(release: Release, table: str, band: str, column: str, **where: str) -> object:
    rows = release.frame(table)
    for key, value in {**where, "band": band}.items():
        rows = rows[rows[key] == value]
    assert len(rows) == 1
    return rows[column].iloc[0]


def test_the_share_with_need_is_read_from_its_own_row(tiny: Release) -> None:
    profile = profiles.summary(tiny, SECONDARY, evidence.council(tiny))
    found = {r.label: r.here for r in profile.rows}
    where = {"indicator": "sdq_raised", "area": "999"}
    assert found["Raised difficulties (SDQ)"].pct.value == cell(tiny, f"{SECONDARY}_area", "yes", "pct", **where)
    assert found["Raised difficulties (SDQ)"].yes.value == cell(tiny, f"{SECONDARY}_area", "yes", "n", **where)


def test_where_the_answer_no_means_need_the_share_and_its_interval_are_turned_round(tiny: Release) -> None:
    profile = profiles.summary(tiny, PRIMARY, evidence.council(tiny))
    found = next(r.here for r in profile.rows if r.label == "Has an adult they trust: no")
    where = {"indicator": "trusted_adult", "area": "999"}
    table = f"{PRIMARY}_area"
    assert found.pct.value == 100 - float(str(cell(tiny, table, "yes", "pct", **where)))
    assert found.yes.value == cell(tiny, table, "no", "n", **where)
    assert found.low is not None
    assert found.high is not None
    assert found.pct.value is not None
    assert found.low <= found.pct.value <= found.high


def test_the_headline_names_number_base_year_and_source(tiny: Release) -> None:
    profile = profiles.summary(tiny, SECONDARY, evidence.council(tiny))
    top = profile.rows[0].here
    assert f"{top.pct.text()}% ({top.yes.text()} of {top.base.text()} who answered)" in profile.headline
    assert "Strathmere" in profile.headline
    assert "2025" in profile.basis
    assert f"95% interval {top.interval()}" in profile.basis


def test_the_most_need_comes_first_and_the_hidden_come_last(tiny: Release) -> None:
    for place in profiles.areas(tiny, PRIMARY):
        rows = [r.here for r in profiles.summary(tiny, PRIMARY, place).rows]
        shown = [r.pct.value for r in rows if r.shown and r.pct.value is not None]
        assert shown == sorted(shown, reverse=True)
        assert not any(r.shown for r in rows[len(shown) :])


def test_a_school_with_nothing_to_show_says_so_and_where_to_look(tiny: Release) -> None:
    profile = profiles.summary(tiny, PRIMARY, area(tiny, PRIMARY, "Glenmuir Primary"))
    assert profile.headline.startswith("No share can be shown for Glenmuir Primary")
    assert "cluster" in profile.basis
    assert profiles.HIDDEN_NOTE in profile.notes


def test_a_hidden_cell_is_a_mark_in_the_table_and_a_blank_in_the_chart(tiny: Release) -> None:
    profile = profiles.summary(tiny, PRIMARY, area(tiny, PRIMARY, "Hillhead Primary"))
    hidden = [r for r in profile.rows if r.here.pct.state is CellState.SUPPRESSED]
    assert hidden
    frame, points = profile.frame().set_index("Indicator"), profile.points()
    for row in hidden:
        assert frame.loc[row.label, "% with need"] == "[c]"
        assert frame.loc[row.label, "With need"] == "[c]"
        own = points[(points["series"] == "Hillhead Primary") & (points["label"] == f"{row.label} [c]")]
        assert own["pct"].isna().all()


def test_a_hidden_share_stays_hidden_when_turned_round() -> None:
    hidden = Cell(None, CellState.SUPPRESSED)
    share = Share(hidden, None, None, yes=hidden, no=hidden, base=Cell(40, CellState.SHOWN))
    asked = Indicator("s", "i", "Title", "", need_is_yes=False, sensitive=False, asked_of="", source="")
    turned = share.of_need(asked)
    assert turned.pct == hidden
    assert turned.interval() == "[c]"


def test_sensitive_topics_are_shown_for_the_council_area_only(tiny: Release) -> None:
    council = profiles.summary(tiny, SECONDARY, evidence.council(tiny))
    cluster = profiles.summary(tiny, SECONDARY, area(tiny, SECONDARY, "Kirkton cluster"))
    assert any("alcohol" in r.label for r in council.rows)
    assert not any("alcohol" in r.label for r in cluster.rows)
    assert any("council area only: Drank alcohol last week" in n for n in cluster.notes)
    assert By.CLUSTER not in profiles.breakdowns(tiny, SECONDARY, "drank_alcohol_last_week", evidence.council(tiny))


def test_what_was_not_asked_is_named_and_ages_are_not_compared(tiny: Release) -> None:
    notes = " ".join(profiles.summary(tiny, PRIMARY, evidence.council(tiny)).notes)
    assert "Not asked of them [z]: Raised difficulties (SDQ)" in notes
    assert "neither added nor compared" in notes


def test_an_area_stands_beside_the_council_but_the_council_stands_alone(tiny: Release) -> None:
    alone = profiles.summary(tiny, PRIMARY, evidence.council(tiny))
    beside = profiles.summary(tiny, PRIMARY, area(tiny, PRIMARY, "Kirkton cluster"))
    assert list(alone.frame().columns) == ["Indicator", "% with need", "95% interval", "With need", "Answered"]
    assert "Strathmere: % with need" in beside.frame().columns
    assert set(beside.points()["series"]) == {"Kirkton cluster", "Strathmere"}


@pytest.mark.parametrize("by", [by for by in By if by is not By.CARE])
def test_a_breakdown_has_every_group_of_the_release_and_the_whole_last(tiny: Release, by: By) -> None:
    council = evidence.council(tiny)
    assert by in profiles.breakdowns(tiny, SECONDARY, "enjoys_learning", council)
    profile = profiles.breakdown(tiny, SECONDARY, "enjoys_learning", by, council)
    assert profile.frame().iloc[-1, 0] == "All of Strathmere"
    expected = {By.CLUSTER: 2, By.SCHOOL: 2, By.STAGE: 4, By.SEX: 2, By.SIMD: 5}[by]
    assert len(profile.rows) == expected


def test_the_groups_of_a_stage_breakdown_add_up_to_the_area(tiny: Release) -> None:
    profile = profiles.breakdown(tiny, SECONDARY, "enjoys_learning", By.STAGE, evidence.council(tiny))
    assert sum(r.here.base.value or 0 for r in profile.rows) == profile.rows[0].beside.base.value


def test_schools_of_a_cluster_are_only_its_own(tiny: Release) -> None:
    cluster = area(tiny, PRIMARY, "Kirkton cluster")
    profile = profiles.breakdown(tiny, PRIMARY, "enjoys_learning", By.SCHOOL, cluster)
    assert {r.label for r in profile.rows} == {"Kirkton Primary", "Millbrae Primary", "Strathaven Road Primary"}


def test_stages_and_deprivation_keep_their_own_order(tiny: Release) -> None:
    council = evidence.council(tiny)
    stages = profiles.breakdown(tiny, SECONDARY, "enjoys_learning", By.STAGE, council)
    fifths = profiles.breakdown(tiny, SECONDARY, "enjoys_learning", By.SIMD, council)
    assert [r.label for r in stages.rows] == ["S1", "S2", "S3", "S4"]
    assert fifths.rows[0].label == "1 (most deprived)"


def test_areas_are_listed_from_the_top_down_with_each_cluster_before_its_schools(tiny: Release) -> None:
    found = profiles.areas(tiny, PRIMARY)
    assert [a.level for a in found[:2]] == [AreaLevel.COUNCIL, AreaLevel.CLUSTER]
    place = {a.code: i for i, a in enumerate(found)}
    assert all(place[a.parent] < place[a.code] for a in found if a.level is AreaLevel.SCHOOL)


def test_a_survey_that_is_not_there_is_refused_by_name(tiny: Release) -> None:
    with pytest.raises(ReleaseError, match="no such survey"):
        evidence.survey(tiny, "parent_0_8")


def test_a_release_with_one_survey_is_enough(tmp_path: Path) -> None:
    one = waist.load(tiny_release(tmp_path, surveys=(SECONDARY,), money=False))
    assert [s.code for s in evidence.surveys(one)] == [SECONDARY]
    assert profiles.summary(one, SECONDARY, evidence.council(one)).rows


def test_the_gap_by_deprivation_is_the_widest_there_is_and_sensitive_or_hidden_ones_stay_out(tiny: Release) -> None:
    said = profiles.steepest(tiny, SECONDARY)
    frame = tiny.frame(f"{SECONDARY}_simd").query("band == 'yes' and pct_state == 'shown'")
    wide = frame.pivot_table(index="indicator", columns="simd_quintile", values="pct").astype(float)
    widest = (wide["1"] - wide["5"]).abs().idxmax()
    assert evidence.indicator(tiny, SECONDARY, str(widest)).need in said


def test_who_is_not_in_the_picture_carries_its_per_cent(tiny: Release) -> None:
    lines = evidence.not_in_picture(tiny, PRIMARY)
    assert "76% of pupils on the roll answered; 24% were absent, opted out or did not finish" in lines
    assert any(line.startswith("98.6% of forms") for line in lines)


def test_a_headline_never_names_a_school_as_best_or_worst(tiny: Release) -> None:
    profile = profiles.breakdown(tiny, SECONDARY, "enjoys_learning", By.SCHOOL, evidence.council(tiny))
    assert "over 2 schools" in profile.headline
    assert not any(row.label in profile.headline for row in profile.rows)


def test_children_whose_deprivation_is_not_known_are_no_end_of_a_headline(home: Home) -> None:
    release = waist.load(home.release)
    council = evidence.council(release)
    for asked in profiles.indicators(release, PRIMARY, council):
        profile = profiles.breakdown(release, PRIMARY, asked.code, By.SIMD, council)
        assert any(row.label == "Not known" for row in profile.rows)
        assert "Not known" not in profile.headline
