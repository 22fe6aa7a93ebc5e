"""A profile is complete by itself, of one layout for every place, and each of its figures is the release's own."""

from dataclasses import replace

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Area
from rcs_core.workshop.profile import Profile, Table, places, profile
from tests.tiny_release import AREA, CLOSED, SURVEYS, WAVE, tiny_release

PRIMARY, SECONDARY = SURVEYS
COUNCIL, CLUSTER, SCHOOL, SMALL = "Strathmere", "Carrickmuir cluster", "Burnside Primary", "Glenmuir Primary"
GROUP = Area("C01-small", "Small schools of Carrickmuir together", AreaLevel.SCHOOL, "C01")
SENSITIVE = "Drank alcohol last week"
MARKS = {"suppressed": "[c]", "unreliable": "[u]"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


@pytest.fixture(scope="module")
def found(two: Release) -> dict[tuple[str, str], Profile]:
    """Every profile of the primary survey, and of the other one those of the whole area and a cluster."""
    asked = [(s, a) for s in SURVEYS for a in places(two, s) if s == PRIMARY or a.name in (COUNCIL, CLUSTER)]
    return {(s, a.name): profile(two, s, a) for s, a in asked}


def table(one: Profile, name: str) -> pd.DataFrame:
    """A table of a profile, its rows by name."""
    frames = [t.frame() for section in one.sections for t in section.tables() if t.name == name]
    assert frames, [t.name for section in one.sections for t in section.tables()]
    return pd.concat(frames)


def questions(two: Release, survey: str) -> dict[str, tuple[str, bool]]:
    """By the words of a row: the indicator, and whether the answer yes means need."""
    rows = two.frame("indicators").to_dict("records")
    need = {r["title"]: (r["indicator"], r["need_band"] == "yes") for r in rows if r["survey"] == survey}
    return {title + ("" if yes else ": no"): (code, yes) for title, (code, yes) in need.items()}


def recount(frame: pd.DataFrame, yes_is_need: bool) -> tuple[str, str, str, str]:
    """Share, interval, children with need and answered, straight from the three rows of a group."""
    band = frame.set_index("band")
    yes, need = band.loc["yes"], band.loc["yes" if yes_is_need else "no"]
    mark = MARKS.get(yes["pct_state"], "")
    ends = sorted(v if yes_is_need else 100 - v for v in (yes["pct_low"], yes["pct_high"])) if not mark else []
    share = mark or f"{yes['pct'] if yes_is_need else 100 - yes['pct']:.0f}"
    having, base = (f"{r['n']:,.0f}" if r["state"] == "shown" else MARKS[r["state"]] for r in (need, band.loc["ALL"]))
    return (share, mark or f"{ends[0]:.0f} to {ends[1]:.0f}", having, base)


def rows_of(two: Release, name: str, **where: str) -> pd.DataFrame:
    frame = two.frame(name)
    for column, value in {"wave": WAVE, **where}.items():
        frame = frame[frame[column] == value]
    return frame


def code_of(two: Release, name: str) -> str:
    return str(two.frame("areas").set_index("name").loc[name, "area"])


@pytest.mark.parametrize(("asked", "told"), [(COUNCIL, COUNCIL), (CLUSTER, CLUSTER), (SCHOOL, SCHOOL), (SMALL, CLUSTER)])
def test_each_figure_is_counted_again_from_the_release(
    asked: str, told: str, two: Release, found: dict[tuple[str, str], Profile]
) -> None:
    one, asked_of = found[PRIMARY, asked], questions(two, PRIMARY)
    assert one.place == told
    every = table(one, "Every question")
    assert set(every["Question"]) == set(asked_of)
    for row in every.to_dict("records"):
        code, yes = asked_of[row["Question"]]
        share = recount(rows_of(two, f"{PRIMARY}_area", area=code_of(two, told), indicator=code), yes)
        assert (row["% with need"], row["95% interval"], row["With need"], row["Answered"]) == share
        if told != COUNCIL:
            whole = recount(rows_of(two, f"{PRIMARY}_area", area=AREA, indicator=code), yes)
            assert row["Strathmere: %"] == whole[0]
    for row in table(one, "What stands out").to_dict("records"):
        code, yes = asked_of[row["Need"]]
        pct, ends, need, base = recount(rows_of(two, f"{PRIMARY}_area", area=code_of(two, told), indicator=code), yes)
        assert row["Here: % (with need of answered; 95% interval)"] == f"{pct}% ({need} of {base}; {ends})"
    bases = [int(b.replace(",", "")) for b in every["Answered"]]
    assert f"{min(bases):,} and {max(bases):,} pupils" in one.sections[0].sentences[0]


@pytest.mark.parametrize("name", [COUNCIL, CLUSTER])
def test_changes_groups_and_contact_are_counted_again_from_the_release(
    name: str, two: Release, found: dict[tuple[str, str], Profile]
) -> None:
    one, asked_of, area = found[PRIMARY, name], questions(two, PRIMARY), code_of(two, name)
    for row in table(one, "Every question since 2023").to_dict("records"):
        code, _ = asked_of[row["Question"]]
        told = two.frame("changes").query("survey == @PRIMARY and indicator == @code and area == @area").iloc[0]
        assert row["Change (points)"] == ("" if pd.isna(told["change"]) else f"{told['change']:.0f}")
    groups = table(one, "By sex and stage").to_dict("records")
    assert groups
    for row in groups:
        code, yes = asked_of[row["Question"]]
        by = {"Girls": ("area_sex", "sex", "female"), "Boys": ("area_sex", "sex", "male")}.get(row["Group"])
        name_, column, value = by or ("stage", "stage", row["Group"])
        rows = rows_of(two, f"{PRIMARY}_{name_}", area=area, indicator=code, **{column: value})
        assert (row["% with need"], row["95% interval"], row["With need"], row["Answered"]) == recount(rows, yes)
    for row in table(one, "Need and contact").to_dict("records"):
        code, yes = asked_of[row["Need"]]
        band, source = "yes" if yes else "no", "contact_cluster" if name == CLUSTER else "contact"
        here = rows_of(two, f"{PRIMARY}_{source}", area=area, indicator=code, band=band).set_index("contact")["n"]
        part, whole = int(here["either"]), int(here["ALL"])
        assert row["In contact: % (of those with need; 95% interval)"].startswith(
            f"{100 * part / whole:.0f}% ({part} of {whole};"
        )


def test_every_place_has_a_profile_of_one_layout_and_tells_nothing_that_is_hidden_or_sensitive(
    two: Release, found: dict[tuple[str, str], Profile]
) -> None:
    assert {s for s, _ in found} == set(SURVEYS)
    assert len(found) == len(places(two, PRIMARY)) + 2
    for (survey, _), one in found.items():
        assert [section.page for section in one.sections] == [1, 1, 1, 2, 2, 2, 2, 2]
        assert all(section.heading.endswith("?") and (section.sentences or section.points) for section in one.sections)
        assert one.words() <= 900
        frame, asked_of = one.frame(), questions(two, survey)
        if one.level is not AreaLevel.COUNCIL:
            assert not frame["Row"].str.contains(SENSITIVE).any()
        shares = rows_of(two, f"{survey}_area", area=code_of(two, one.place), band="yes")
        for row in table(one, "Every question").to_dict("records"):
            code, _ = asked_of[row["Question"]]
            state = str(shares.set_index("indicator").loc[code, "pct_state"])
            if state != "shown":
                assert row["% with need"] == row["95% interval"] == MARKS[state]
                assert row["Question"] not in set(frame.loc[frame["Of"] == "What stands out", "Row"])


def test_a_school_of_which_nothing_may_be_shown_is_told_by_its_cluster_and_says_so(found: dict[tuple[str, str], Profile]) -> None:
    one = found[PRIMARY, SMALL]
    assert (one.asked, one.place, one.level) == (SMALL, CLUSTER, AreaLevel.CLUSTER)
    assert one.title == f"{SMALL}, told by {CLUSTER}: pupils in P5 to P7, {WAVE}"
    assert one.instead.endswith(f"The picture of its cluster, {CLUSTER}, is shown instead.")
    assert one.sections == found[PRIMARY, CLUSTER].sections


def test_a_school_that_is_counted_with_others_is_told_by_its_cluster_with_the_number_of_the_rule(two: Release) -> None:
    areas = two.frame("areas").assign(members="")
    areas.loc[len(areas)] = [GROUP.code, GROUP.name, "school", "C01", f"{WAVE}: Glenmuir Primary, Hillhead Primary"]
    rows, small = two.frame(f"{PRIMARY}_area"), {"9900102", "9900103"}
    rows = rows[~rows["area"].isin(small)]
    group = rows[rows["area"] == "9900101"].assign(area=GROUP.code)
    changed = {"areas": areas, f"{PRIMARY}_area": pd.concat([rows, group], ignore_index=True)}
    tables = two.tables | {name: replace(two.tables[name], frame=frame) for name, frame in changed.items()}
    joined = Release(two.manifest, tables, two.path)
    by_name = {a.name: a for a in places(joined, PRIMARY)}
    assert {"Glenmuir Primary", "Hillhead Primary", GROUP.name} <= set(by_name)
    one = profile(joined, PRIMARY, by_name["Hillhead Primary"])
    assert "fewer than 30 pupils in P5 to P7 on its roll" in one.instead
    assert f"here with Glenmuir Primary, under “{GROUP.name}”" in one.instead
    assert one.place == CLUSTER
    alone = profile(joined, PRIMARY, by_name[GROUP.name])
    assert not alone.instead
    assert "Told as one: Glenmuir Primary and Hillhead Primary" in " ".join(alone.sections[0].sentences)


def test_what_the_level_is_not_told_of_is_said_in_its_place(found: dict[tuple[str, str], Profile]) -> None:
    said = {s.heading: " ".join(s.sentences) for s in found[PRIMARY, SCHOOL].sections}
    assert "not told of a school" in said["Is it the same for girls and boys, and at every stage?"]
    assert "not told of a school" in said["Do children with need get help?"]
    assert f"this is {CLUSTER}." in said["What has changed since 2023?"]
    unsaid = next(s for s in found[SECONDARY, CLUSTER].sections if s.heading.startswith("What can this not say"))
    assert any(SENSITIVE in point for point in unsaid.points)


def test_what_the_build_called_stands_before_what_is_only_far_and_how_many_were_compared_is_said(
    found: dict[tuple[str, str], Profile],
) -> None:
    section = found[PRIMARY, CLUSTER].sections[1]
    assert section.sentences[0] == "1 of 5 questions stands out from the rest of the area, with more need."
    assert "comparisons" in section.notes[0]
    assert isinstance(section.table, Table)
    assert [row[-1].startswith("no clear difference") for row in section.table.rows] == [False, True, True, True, True]


def test_schools_that_closed_have_no_profile_and_parents_are_told_of_the_whole_area_only(two: Release) -> None:
    assert CLOSED[1] not in {a.name for a in places(two, PRIMARY)}
    assert evidence.council(two).name == places(two, PRIMARY)[0].name
    assert [a.name for a in places(two, SECONDARY) if a.level is AreaLevel.SCHOOL] == ["Carrickmuir High", "Kirkton Academy"]
