"""A cluster is set against the rest of the area as the build told it, with how many comparisons were made."""

import pytest

from rcs_core import release as waist
from rcs_core.release import Release, Table
from rcs_core.workshop import compare, evidence
from tests.tiny_release import tiny_release

PRIMARY, SECONDARY = "pupil_p5_p7", "pupil_s1_s4"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


def with_page(release: Release, tests: int, flagged: int, chance: float) -> Release:
    table = release.tables["comparison_pages"].frame
    rows = table["about"] == "clusters"
    frame = table.assign(
        tests=table["tests"].mask(rows, tests),
        flagged=table["flagged"].mask(rows, flagged),
        unadjusted_by_chance=table["unadjusted_by_chance"].mask(rows, chance),
    )
    return Release(release.manifest, {**release.tables, "comparison_pages": Table("comparison_pages", "", frame)}, release.path)


def test_an_older_release_offers_no_comparison(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert compare.asked(waist.load(tiny_release(tmp_path_factory.mktemp("one"))), PRIMARY) == []


def test_the_headline_counts_what_stands_out_of_what_was_compared(two: Release) -> None:
    found = compare.every(two, PRIMARY)
    assert found.headline == "2 of 9 comparisons stand out, in 2 clusters and on 1 question, for pupils in P5 to P7."
    assert len(found.lines) == 10


def test_the_honest_line_says_how_many_a_plain_test_would_flag(two: Release) -> None:
    found = compare.every(with_page(two, 10, 3, 3.6), PRIMARY)
    assert found.basis.startswith(
        "5 questions × 2 clusters = 10 comparisons. With no true difference, a plain test would flag about 4 by chance; after "
        "allowing for that, 3 stand out."
    )
    none = compare.every(with_page(two, 9, 0, 0.4), PRIMARY)
    assert none.basis.startswith("9 comparisons could be made, over 5 questions and 2 clusters.")
    assert "fewer than one by chance; after allowing for that, none stand out" in none.basis


def test_more_and_less_are_said_from_the_side_of_need(two: Release) -> None:
    found = compare.every(two, PRIMARY)
    assert found.standing_out == (
        "Carrickmuir cluster, “Has an adult they trust” answered no: 6 points more need than the rest of the area (2 to 10)",
        "Kirkton cluster, “Has an adult they trust” answered no: 6 points less need than the rest of the area (2 to 10)",
    )


def test_the_grid_has_a_square_for_every_question_and_cluster(two: Release) -> None:
    squares = compare.grid(compare.every(two, PRIMARY))
    marks = {(r.label, r.place): r.mark for r in squares.itertuples()}
    assert len(marks) == 10
    assert marks[("Has an adult they trust: no", "Carrickmuir")] == "▲"
    assert marks[("Has an adult they trust: no", "Kirkton")] == "▼"
    assert marks[("Enjoys learning: no", "Kirkton")] == "•"
    assert marks[("Bullied in the last year", "Kirkton")] == "–"


def test_a_hidden_share_is_marked_in_the_grid(two: Release) -> None:
    name = f"{PRIMARY}_area"
    table = two.tables[name]
    rows = (table.frame["area"] == "C02") & (table.frame["indicator"] == "bullied_last_year") & (table.frame["band"] == "yes")
    frame = table.frame.assign(pct_state=table.frame["pct_state"].mask(rows, "unreliable"))
    hidden = Release(two.manifest, {**two.tables, name: Table(name, "", frame, table.dims, table.labels)}, two.path)
    squares = compare.grid(compare.every(hidden, PRIMARY))
    found = squares[(squares["label"] == "Bullied in the last year") & (squares["place"] == "Kirkton")]
    assert found["mark"].tolist() == ["[u]"]
    assert found["says"].tolist() == ["not shown: too few answers to be reliable [u]"]


def test_one_question_says_how_many_clusters_differ(two: Release) -> None:
    trusted = compare.one(two, PRIMARY, evidence.indicator(two, PRIMARY, "trusted_adult"))
    assert trusted.headline.endswith("2 of 2 clusters differ clearly from the rest of the area.")
    learning = compare.one(two, PRIMARY, evidence.indicator(two, PRIMARY, "enjoys_learning"))
    assert learning.headline.endswith("none of 2 clusters clearly differs from the rest of the area.")
    assert [line.label for line in learning.lines] == ["Carrickmuir cluster", "Kirkton cluster"]


def test_a_page_without_any_comparison_says_why_and_blames_hiding_only_where_something_is_hidden(two: Release) -> None:
    frame = two.tables["comparisons"].frame
    silent = frame.assign(verdict="not_shown", reason="Too few schools to tell it from chance")
    silent[["difference", "low", "high"]] = None
    release = Release(two.manifest, {**two.tables, "comparisons": Table("comparisons", "", silent)}, two.path)
    question = evidence.indicator(release, PRIMARY, "enjoys_learning")
    said = compare.one(release, PRIMARY, question).headline
    assert said.endswith("no cluster can be compared with the rest of the area: too few schools to tell it from chance.")
    whole = compare.every(release, PRIMARY).headline
    assert whole.endswith("too few schools to tell it from chance.")


def test_a_single_cluster_is_no_plural(two: Release) -> None:
    frame = two.tables["comparisons"].frame
    release = Release(
        two.manifest, {**two.tables, "comparisons": Table("comparisons", "", frame[frame["area"] == "C01"])}, two.path
    )
    question = evidence.indicator(release, PRIMARY, "enjoys_learning")
    assert "none of 1 cluster clearly differs" in compare.one(release, PRIMARY, question).headline


def test_sensitive_questions_are_not_compared_between_clusters(two: Release) -> None:
    assert "drank_alcohol_last_week" not in [i.code for i in compare.asked(two, SECONDARY)]
