"""The summary of a place reads the release's own verdicts and shares; nothing below the council tells of a sensitive topic."""

from dataclasses import replace

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release, Table
from rcs_core.vocab import CellState, Domain
from rcs_core.workshop import change, compare, evidence, funnel, profiles, small_multiples, spine
from rcs_core.workshop.profiles import By
from rcs_core.workshop.spine import HEADING, Spine
from rcs_core.workshop.told import Kind
from tests.tiny_release import tiny_release

PRIMARY, SECONDARY = "pupil_p5_p7", "pupil_s1_s4"
SENSITIVE = "Drank alcohol last week"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


def place(release: Release, survey: str, name: str) -> evidence.Area:
    return next(a for a in profiles.areas(release, survey) if a.name == name)


def summary(release: Release, survey: str, name: str) -> Spine:
    return spine.spine(release, survey, place(release, survey, name))


def with_table(release: Release, name: str, frame: pd.DataFrame) -> Release:
    base = release.tables.get(name, Table(name, "", frame))
    return Release(release.manifest, {**release.tables, name: replace(base, frame=frame)}, release.path)


def published(*rows: tuple[str, str, str, float, str, str]) -> pd.DataFrame:
    columns = ["indicator", "group", "unit", "value", "year", "geography"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.assign(topic="Census", ci_low=pd.NA, ci_high=pd.NA, source="A publisher, 2024")


def test_every_question_stands_once_under_the_heading_of_its_domain(two: Release) -> None:
    found = summary(two, SECONDARY, "Strathmere")
    frame = two.frame("indicators").query(f"survey == '{SECONDARY}'")
    wanted = {title: Domain(d).label for title, d in zip(frame["title"], frame["domain"], strict=True)}
    labels, under = [str(label) for label in found.points()["label"]], ""
    told = {}
    for label in labels:
        if label.startswith(HEADING):
            under = label.removeprefix(HEADING)
        else:
            told[label.split(" (hidden")[0].removesuffix(": no")] = under
    assert told == wanted
    assert len(labels) == len(set(labels)) == len(wanted) + len(set(wanted.values()))
    assert len(found.of_domain) == len(set(wanted.values()))


def test_a_place_in_the_picture_is_its_share_less_that_of_the_whole_area(two: Release) -> None:
    found, council = summary(two, PRIMARY, "Kirkton cluster"), evidence.council(two)
    rows = found.points().set_index("label")
    ours, theirs = (
        {r.label: r.here.pct.value for r in profiles.summary(two, PRIMARY, a).rows}
        for a in (place(two, PRIMARY, "Kirkton cluster"), council)
    )
    for label, share in ours.items():
        if share is not None:
            assert rows.loc[label, "value"] == share - (theirs[label] or 0.0)
            assert rows.loc[label, "said"] == f"{share:.0f}%"


def test_what_stands_out_is_what_the_build_called_and_how_many_it_looked_at_is_beside_it(two: Release) -> None:
    found = summary(two, PRIMARY, "Carrickmuir cluster")
    assert [m.indicator.code for m in found.marks if m.stands_out] == ["trusted_adult"]
    assert found.sentences[1] == (
        "Against the rest of the area, 1 of 5 questions stands out with more need: “Has an adult they trust” answered no "
        "(6 points more need than the rest of the area (2 to 10))."
    )
    assert found.allowed == compare.every(two, PRIMARY).basis.partition(" Source:")[0]
    assert "a plain test would flag fewer than one by chance" in found.allowed
    assert found.marks[0].indicator.code == "trusted_adult"


def test_the_whole_area_is_set_beside_the_wave_before_but_never_on_a_question_that_was_reworded(two: Release) -> None:
    found = summary(two, PRIMARY, "Strathmere")
    kinds = {m.indicator.code: m.verdict.kind for m in found.marks}
    assert kinds["trusted_adult"] is Kind.MORE
    assert kinds["bullied_last_year"] is Kind.LESS
    assert kinds["enjoys_learning"] is Kind.UNTOLD
    before = {m.indicator.code: m.before for m in found.marks}
    assert not before["enjoys_learning"].shown
    table = two.frame(f"{PRIMARY}_area")
    then = table[(table["wave"] == "2023") & (table["area"] == "999") & (table["indicator"] == "bullied_last_year")]
    assert before["bullied_last_year"].pct.value == float(then[then["band"] == "yes"]["pct"].iloc[0])
    assert any("No tick of 2023, as it is not comparable: Enjoys learning." in note for note in found.notes)


def test_the_pale_bar_holds_the_clusters_that_may_be_shown_and_no_other(two: Release) -> None:
    table = two.frame(f"{PRIMARY}_area")
    hide = (table["area"] == "C01") & (table["indicator"] == "trusted_adult") & (table["band"] == "yes")
    hidden = with_table(two, f"{PRIMARY}_area", table.assign(pct_state=table["pct_state"].mask(hide, "suppressed")))
    marks = {m.indicator.code: m for m in summary(hidden, PRIMARY, "Strathmere").marks}
    assert len(marks["bullied_last_year"].clusters) == 2
    assert len(marks["trusted_adult"].clusters) == 1
    rows = summary(hidden, PRIMARY, "Strathmere").points().set_index("label")
    assert pd.isna(rows.loc["Has an adult they trust: no", "low"])


def test_a_school_that_may_not_be_told_says_so_and_where_to_look(two: Release) -> None:
    found = summary(two, PRIMARY, "Glenmuir Primary")
    assert found.sentences[0].startswith("No share can be shown for Glenmuir Primary")
    assert "Choose its cluster instead" in found.sentences[0]
    assert found.points()["value"].isna().all()
    assert all("not shown" in said for said in found.of_domain)


def test_a_release_with_nothing_beside_calls_nothing(two: Release) -> None:
    told = {"changes", "comparisons", "comparison_pages", "funnel", "inequality"}
    one = Release(two.manifest, {name: t for name, t in two.tables.items() if name not in told}, two.path)
    found = summary(one, PRIMARY, "Strathmere")
    assert not any(m.stands_out for m in found.marks)
    assert "neither a published figure of the same question nor an earlier wave" in found.sentences[1]
    assert "described, not tested" in summary(one, PRIMARY, "Kirkton cluster").sentences[1]


def test_a_published_figure_stands_beside_the_same_question_of_the_same_ages_from_the_side_of_need(two: Release) -> None:
    rows = published(
        ("trusted_adult", PRIMARY, "%", 90.0, "2021-22", "Scotland"),
        ("Has an adult they trust", "Pupils in P5 to P7", "%", 88.0, "2023-24", "Scotland"),
        ("Bullied in the last year", "Pupils in S1 to S4", "%", 40.0, "2023-24", "Scotland"),
        ("Enjoys learning", PRIMARY, "%", 70.0, "2023-24", "Fife"),
        ("Feels safe in their area", PRIMARY, "n", 50.0, "2023-24", "Scotland"),
    )
    found = summary(with_table(two, "comparators", rows), PRIMARY, "Strathmere")
    beside = {m.indicator.code: m.published for m in found.marks if m.published}
    assert {code: p.pct for code, p in beside.items()} == {"trusted_adult": 12.0}
    assert "against 12% in Scotland (2023-24); described, not tested" in found.sentences[1]
    assert any("A publisher, 2024" in note for note in found.notes)
    assert found.points()["beside"].dropna().tolist() == [12.0]


def test_the_widest_gap_is_the_widest_of_those_that_are_clear(two: Release) -> None:
    gap = summary(two, PRIMARY, "Strathmere").sentences[2]
    assert gap.startswith("The gap between the most and the least deprived fifth is clear on 3 of 3 questions and widest on")
    assert gap.endswith("12 points (8 to 16). 2 more cannot be shown.")
    assert summary(two, PRIMARY, "Kirkton cluster").sentences[2].startswith("In Strathmere as a whole: the gap")


def leaked(two: Release) -> Release:
    """A release that holds what none may: a sensitive topic below the council in every table that is told."""
    found = two
    for name in ("changes", "comparisons", "funnel", f"{SECONDARY}_area", f"{SECONDARY}_area_sex"):
        frame = found.frame(name)
        like = frame[(frame["survey"] == SECONDARY) & (frame["indicator"] == "trusted_adult") & (frame["area"] != "999")]
        found = with_table(found, name, pd.concat([frame, like.assign(indicator="drank_alcohol_last_week")], ignore_index=True))
    frame = found.frame(f"{SECONDARY}_area")
    care = frame[frame["area"] == "C01"].assign(contact="looked_after")
    both = pd.concat([care, care.assign(contact="not_looked_after")], ignore_index=True)
    table = Table(f"{SECONDARY}_care", "", both, ("area", "contact", "band"), ("survey", "wave", "indicator"))
    return Release(found.manifest, {**found.tables, table.name: table}, found.path)


def test_no_view_below_the_council_tells_of_a_sensitive_topic_even_where_a_release_holds_it(two: Release) -> None:
    found = leaked(two)
    council, cluster = evidence.council(found), place(found, SECONDARY, "Kirkton cluster")
    asked = next(i for i in evidence.indicators(found, SECONDARY) if i.sensitive)
    pair = change.pairs(found, SECONDARY)[0]
    views = {
        "now": profiles.indicators(found, SECONDARY, cluster),
        "since": change.asked(found, SECONDARY, pair, cluster),
        "differs": compare.asked(found, SECONDARY),
        "funnel": funnel.asked(found, SECONDARY),
    }
    assert [name for name, questions in views.items() if asked in questions] == []
    assert SENSITIVE not in str([summary(found, SECONDARY, a).marks for a in ("Kirkton cluster", "Kirkton Academy")])
    assert [line.label for line in change.by_place(found, SECONDARY, pair, asked).lines] == [council.name]
    assert profiles.breakdowns(found, SECONDARY, asked.code, cluster) == []
    mark = next(m for m in summary(found, SECONDARY, "Strathmere").marks if m.indicator == asked)
    assert mark.clusters == ()
    assert SENSITIVE in profiles.kept_to_council(found, SECONDARY)
    assert any(SENSITIVE in note for note in summary(found, SECONDARY, "Kirkton cluster").notes)


def test_care_is_never_told_below_the_council(two: Release) -> None:
    found = leaked(two)
    cluster = place(found, SECONDARY, "Carrickmuir cluster")
    assert By.CARE not in profiles.breakdowns(found, SECONDARY, "trusted_adult", cluster)
    asked = evidence.indicator(found, SECONDARY, "trusted_adult")
    drawn = small_multiples.panels(found, SECONDARY, asked, cluster)
    assert small_multiples.CARE not in {p.title for p in drawn.panels}
    assert small_multiples.ABOVE_COUNCIL in drawn.notes


def test_small_pictures_share_a_scale_that_holds_every_interval(two: Release) -> None:
    asked = evidence.indicator(two, PRIMARY, "enjoys_learning")
    found = small_multiples.panels(two, PRIMARY, asked, evidence.council(two))
    assert [p.title for p in found.panels] == ["School cluster", "Stage", "Sex", "Deprivation (SIMD fifth)"]
    highs = pd.concat([p.points()["high"] for p in found.panels]).dropna()
    assert highs.max() < found.top <= highs.max() + small_multiples.STEP
    whole = profiles.breakdown(two, PRIMARY, asked.code, By.STAGE, evidence.council(two)).rows[0].beside
    assert all((p.points()["whole"] == whole.pct.value).all() for p in found.panels)
    assert any("no figures of this question by: Care status and Additional support for learning" in n for n in found.notes)


def test_a_hidden_group_keeps_its_row_and_its_picture_says_how_many_are_hidden(two: Release) -> None:
    asked = evidence.indicator(two, PRIMARY, "feels_safe_in_area")
    cluster = place(two, PRIMARY, "Kirkton cluster")
    schools = next(p for p in small_multiples.panels(two, PRIMARY, asked, cluster).panels if p.title == "School")
    states = [r.here.pct.state for r in schools.profile.rows]
    assert CellState.SUPPRESSED in states
    points = schools.points()
    assert len(points) == len(states)
    hidden = sum(state is not CellState.SHOWN for state in states)
    assert points["pct"].isna().sum() == hidden
    assert schools.hidden().startswith(f"{hidden} of {len(states)} not shown: hidden [c], so that no child can be singled out")
