"""A change is told as the build told it: its size, its interval, its verdict, or why there is none."""

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release, Table
from rcs_core.workshop import change, evidence
from rcs_core.workshop.change import Pair
from rcs_core.workshop.evidence import Area
from rcs_core.workshop.told import Kind, Told
from tests.tiny_release import tiny_release

PRIMARY, SECONDARY = "pupil_p5_p7", "pupil_s1_s4"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("one")))


def latest(release: Release) -> Pair:
    return change.pairs(release, PRIMARY)[0]


def place(release: Release, name: str) -> Area:
    return next(a for a in evidence.areas(release, f"{PRIMARY}_area") if a.name == name)


def said(found: Told) -> dict[str, str]:
    return {line.label: line.says for line in found.lines}


def test_the_choice_is_named_after_the_wave_before(two: Release) -> None:
    assert [p.label for p in change.pairs(two, PRIMARY)] == ["Since 2023"]


def test_a_release_of_one_wave_offers_no_change_and_says_how_to_add_a_wave(one: Release, two: Release) -> None:
    assert change.pairs(one, PRIMARY) == []
    assert "`wave_2023`" in change.no_earlier_wave(one, evidence.survey(one, PRIMARY))
    assert change.no_earlier_wave(two, evidence.survey(two, PRIMARY)) == ""


def test_three_waves_are_offered_from_the_newest_pair(two: Release) -> None:
    table = two.tables["changes"]
    rows = [table.frame, table.frame.assign(wave_from="2021", wave_to="2023")]
    three = Release(two.manifest, {**two.tables, "changes": Table("changes", "", pd.concat(rows))}, two.path)
    assert [p.label for p in change.pairs(three, PRIMARY)] == ["Since 2023", "2021 to 2023"]


def test_every_verdict_has_its_words(two: Release) -> None:
    assert said(change.by_question(two, PRIMARY, latest(two), evidence.council(two))) == {
        "Has an adult they trust: no": "up 4 points (1 to 7)",
        "Bullied in the last year": "down 5 points (2 to 8)",
        "Enjoys learning: no": "not comparable: the wording changed in 2025",
        "Active for an hour yesterday: no": "no clear change (−2 to 3)",
        "Feels safe in their area: no": "no clear change (−3 to 3)",
    }


def test_what_moved_comes_first_and_what_cannot_be_told_last(two: Release) -> None:
    lines = change.by_question(two, PRIMARY, latest(two), evidence.council(two)).lines
    assert [line.kind for line in lines] == [Kind.MORE, Kind.LESS, Kind.SAME, Kind.SAME, Kind.UNTOLD]


def test_the_headline_counts_what_can_be_compared(two: Release) -> None:
    found = change.by_question(two, PRIMARY, latest(two), evidence.council(two))
    assert found.headline == (
        "Of 4 questions that can be compared, need among pupils in P5 to P7 in Strathmere is up on 1 and down on 1 since 2023; "
        "there is no clear change on 2."
    )
    assert "after allowing for that" in found.basis
    assert "2023 and 2025" in found.basis


def test_what_stands_out_is_a_sentence_with_its_number(two: Release) -> None:
    found = change.by_question(two, PRIMARY, latest(two), evidence.council(two))
    assert found.standing_out[0].startswith("“Has an adult they trust” answered no: up 4 points since 2023 (1 to 7), from ")


def test_a_size_that_is_hidden_keeps_its_verdict_and_gives_no_number(two: Release) -> None:
    found = change.by_question(two, PRIMARY, latest(two), place(two, "Carrickmuir cluster"))
    line = next(line for line in found.lines if line.label == "Bullied in the last year")
    assert line.says == "down; by how much is hidden [c], so that no child can be singled out"
    assert (line.value, line.low, line.high) == (None, None, None)
    assert any("verdict stands" in note for note in found.notes)


def test_what_is_not_told_says_why(two: Release) -> None:
    found = change.by_question(two, PRIMARY, latest(two), place(two, "Kirkton cluster"))
    assert said(found)["Bullied in the last year"] == "not shown: too few schools to tell it from chance"


def test_a_hidden_share_is_marked_and_not_explained_away(two: Release) -> None:
    name = f"{PRIMARY}_area"
    table = two.tables[name]
    rows = (table.frame["area"] == "C02") & (table.frame["indicator"] == "bullied_last_year") & (table.frame["wave"] == "2023")
    frame = table.frame.assign(pct_state=table.frame["pct_state"].mask(rows & (table.frame["band"] == "yes"), "suppressed"))
    hidden = Release(two.manifest, {**two.tables, name: Table(name, "", frame, table.dims, table.labels)}, two.path)
    found = change.by_question(hidden, PRIMARY, latest(hidden), place(hidden, "Kirkton cluster"))
    assert said(found)["Bullied in the last year"] == "not shown: hidden [c], so that no child can be singled out"


def test_the_shares_beside_a_change_are_those_of_its_two_waves(two: Release) -> None:
    found = change.by_question(two, PRIMARY, latest(two), evidence.council(two))
    line = next(line for line in found.lines if line.label == "Bullied in the last year")
    frame = two.frame(f"{PRIMARY}_area")
    rows = frame[(frame["area"] == "999") & (frame["indicator"] == "bullied_last_year") & (frame["band"] == "yes")]
    by_wave = rows.set_index("wave")["pct"]
    assert dict(line.beside) == {f"{wave}: % with need": str(by_wave[wave]) for wave in ("2023", "2025")}


def test_one_question_is_told_for_the_whole_area_and_its_clusters_by_name(two: Release) -> None:
    asked = evidence.indicator(two, PRIMARY, "trusted_adult")
    found = change.by_place(two, PRIMARY, latest(two), asked)
    assert [line.label for line in found.lines] == ["Strathmere", "Carrickmuir cluster", "Kirkton cluster"]
    assert "up 4 points since 2023 (1 to 7)" in found.headline
    assert [text.split(":")[0] for text in found.standing_out] == ["Carrickmuir cluster"]
    assert "School cluster" not in found.frame().columns


def test_a_question_that_was_reworded_says_so_in_its_headline(two: Release) -> None:
    asked = evidence.indicator(two, PRIMARY, "enjoys_learning")
    found = change.by_place(two, PRIMARY, latest(two), asked)
    assert found.headline.endswith("not comparable: the wording changed in 2025.")
    assert not found.drawn


def test_a_school_is_told_of_by_its_cluster(two: Release) -> None:
    assert change.wider(two, PRIMARY, place(two, "Burnside Primary")).name == "Carrickmuir cluster"
    assert change.wider(two, PRIMARY, evidence.council(two)) == evidence.council(two)


def test_a_sensitive_question_is_told_for_the_whole_area_only(two: Release) -> None:
    pair = change.pairs(two, SECONDARY)[0]
    whole = [i.code for i in change.asked(two, SECONDARY, pair, evidence.council(two))]
    assert "drank_alcohol_last_week" in whole
    cluster = next(a for a in evidence.areas(two, f"{SECONDARY}_area") if a.name == "Kirkton cluster")
    assert "drank_alcohol_last_week" not in [i.code for i in change.asked(two, SECONDARY, pair, cluster)]


def test_the_picture_and_its_table_say_the_same(two: Release) -> None:
    found = change.by_question(two, PRIMARY, latest(two), evidence.council(two))
    points, frame = found.points(), found.frame()
    assert points["value"].dropna().tolist() == frame["Change (points)"].dropna().tolist()
    assert points["said"].tolist() == ["+4", "−5", "+1", "0", ""]
    assert points["label"].iloc[-1].endswith(" (not comparable)")
