"""Need against a named contact agrees with the published case, and hidden figures stay hidden."""

from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import binomtest

from rcs_core import release as waist
from rcs_core.release import Manifest, Release, Table
from rcs_core.vocab import Contact
from rcs_core.workshop import evidence, reach
from rcs_core.workshop.evidence import Indicator
from rcs_core.workshop.reach import Reach
from tests.tiny_release import tiny_release

S = "pupil_s1_s4"
ASKED = ["survey", "indicator", "title", "question", "need_band", "domain", "shanarri", "polarity", "sensitive", "asked_of"]
ASKED += ["source", "high_is"]
SURVEYED = ["survey", "wave", "title", "stages", "roll", "response_pct", "note"]
# Perth and Kinross, ages 9 to 15: 8,459 children, 2,176 with high need, 649 in contact, 223 of both.
PUBLISHED = {
    "ALL": (8459, 2176),
    "social_work": (649, 223),
    "no_social_work": (7810, 1953),
}


def perth(folder: Path, hidden: tuple[str, ...] = (), roll: dict[str, int] | None = None, linked: bool = True) -> Release:
    """The published counts as a release; the `yes` and `no` of the contacts in `hidden` are hidden."""
    rows, pct = [], round(100 * 2176 / 8459)
    for contact, (n, yes) in PUBLISHED.items():
        for band, count in (("ALL", n), ("yes", yes), ("no", n - yes)):
            hide = contact in hidden and band != "ALL"
            rows.append(
                (S, "2019", "high_need", "999", contact, band, pd.NA if hide else count, "suppressed" if hide else "shown")
            )
    columns = ["survey", "wave", "indicator", "area", "contact", "band", "n", "state"]
    linked_frame = pd.DataFrame(rows, columns=columns).astype({"n": "Int64"})
    linked_frame = linked_frame.assign(pct=pd.NA, pct_low=pd.NA, pct_high=pd.NA, pct_state="")
    area = linked_frame[linked_frame["contact"] == "ALL"].drop(columns="contact").reset_index(drop=True)
    yes = area["band"] == "yes"
    area.loc[yes, ["pct", "pct_low", "pct_high", "pct_state"]] = [pct, pct - 1, pct + 1, "shown"]
    asked = pd.DataFrame(
        [(S, "high_need", "High need", "Asked.", "yes", "family", "safe", "bad", False, "ages 9 to 15", "Survey 2019", "need")],
        columns=[
            "survey",
            "indicator",
            "title",
            "question",
            "need_band",
            "domain",
            "shanarri",
            "polarity",
            "sensitive",
            "asked_of",
            "source",
            "high_is",
        ],
    )
    surveys = pd.DataFrame(
        [(S, "2019", "Pupils", "S1", 8459, 80, "")], columns=["survey", "wave", "title", "stages", "roll", "response_pct", "note"]
    )
    tables = [
        Table("areas", "", pd.DataFrame([("999", "Perth", "council", "")], columns=["area", "name", "level", "parent"])),
        Table("indicators", "", asked),
        Table("surveys", "", surveys),
        Table(f"{S}_area", "", area, ("area", "band"), ("survey", "wave", "indicator")),
    ]
    if linked:
        labels = ("survey", "wave", "indicator")
        tables.append(Table(f"{S}_contact", "", linked_frame, ("area", "contact", "band"), labels))
    if roll:
        counts = pd.DataFrame([(S, "2019", "999", c, n, "shown") for c, n in roll.items()])
        counts.columns = pd.Index(["survey", "wave", "area", "contact", "n", "state"])
        tables.append(Table(f"{S}_contact_roll", "", counts.astype({"n": "Int64"}), ("area", "contact"), ("survey", "wave")))
    return waist.load(waist.save(tables, Manifest("Perth", "999", True, "2019", "0", 10), folder))


def found(release: Release, contact: Contact = Contact.SOCIAL_WORK) -> Reach:
    return reach.reach(release, S, reach.needs(release, S)[0], contact)


def everything_said(shown: Reach) -> str:
    words = [shown.headline, shown.basis, shown.beside, shown.words(), *shown.notes]
    return " ".join([*words, shown.frame().to_string(), shown.points().to_string()])


def test_the_published_case_gives_the_published_answer(tmp_path: Path) -> None:
    shown = found(perth(tmp_path))
    assert "1,953 of 2,176 pupils with this need (90%) have no social work contact" in shown.headline
    assert shown.table is not None
    assert (shown.table.other_with.value, shown.table.with_contact.value, shown.table.total.value) == (426, 649, 8459)


def test_two_unlinked_totals_of_the_published_case_give_its_bounds() -> None:
    limits = reach.bounds(need=2176, contact=649, total=8459)
    assert limits.at_least == 1527
    assert round(limits.at_least_pct) == 70
    assert limits.at_most == 2176


def test_the_bounds_stand_beside_the_linked_answer_and_hold_it(tmp_path: Path) -> None:
    shown = found(perth(tmp_path))
    assert "at least 1,527 (70%) and at most 2,176 (100%)" in shown.beside
    assert "Linkage says 1,953 (90%)" in shown.beside
    assert "same children, ages and year" in shown.beside


def test_without_linkage_the_roll_and_the_weighted_share_give_limits(tmp_path: Path) -> None:
    release = perth(tmp_path, linked=False, roll={"ALL": 10000, "social_work": 800, "no_social_work": 9200})
    shown = found(release)
    assert shown.table is None
    assert shown.bounds is not None
    assert shown.bounds.need == 2600  # 26% of 10,000
    assert shown.bounds.at_least == 2600 - 800
    assert shown.bounds.spread == (2500 - 800, 2700 - 800)
    assert "At least 1,800 (69%) of about 2,600 pupils with need have no social work contact" in shown.headline
    assert "not known without linkage" in shown.headline


def test_more_contact_than_need_gives_no_lower_limit(tmp_path: Path) -> None:
    release = perth(tmp_path, linked=False, roll={"ALL": 10000, "social_work": 3000, "no_social_work": 7000})
    assert "it is not known how many pupils with need have no social work contact" in found(release).headline


@pytest.mark.parametrize(("need", "contact", "total"), [(0, 5, 10), (10, 0, 10), (7, 7, 7), (30, 90, 100), (95, 50, 100)])
def test_bounds_hold_every_table_with_those_totals(need: int, contact: int, total: int) -> None:
    limits = reach.bounds(need, contact, total)
    possible = [need - both for both in range(min(need, contact) + 1) if need + contact - both <= total]
    assert (limits.at_least, limits.at_most) == (min(possible), max(possible))


def test_a_hidden_figure_is_said_to_be_hidden_and_is_not_worked_out_from_the_margins(tmp_path: Path) -> None:
    shown = found(perth(tmp_path, hidden=("social_work", "no_social_work")))
    said = everything_said(shown)
    assert "is hidden [c]" in shown.headline
    assert shown.interval is None
    for leftover in ("1,953", "1953", "223", "426", "5,857", "5857", "90%"):
        assert leftover not in said, leftover


def test_one_hidden_side_is_not_filled_from_the_other(tmp_path: Path) -> None:
    shown = found(perth(tmp_path, hidden=("no_social_work",)))
    said = everything_said(shown)
    assert "is hidden [c]" in shown.headline
    assert "1,953" not in said
    assert "1953" not in said


@pytest.mark.parametrize(("part", "whole"), [(1953, 2176), (0, 25), (25, 25), (3, 40)])
def test_the_interval_is_wilsons(part: int, whole: int) -> None:
    low, high = reach.share_interval(part, whole)
    expected = binomtest(part, whole).proportion_ci(method="wilson")
    assert low / 100 == pytest.approx(expected.low, abs=1e-6)
    assert high / 100 == pytest.approx(expected.high, abs=1e-6)


def test_the_more_of_the_roll_answers_the_narrower_the_interval() -> None:
    widths = [high - low for low, high in (reach.share_interval(60, 100, sampled) for sampled in (0.0, 0.5, 0.8, 0.99))]
    assert widths == sorted(widths, reverse=True)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("tiny")))


def every_reach(release: Release) -> list[tuple[Indicator, Contact, Reach]]:
    return [
        (need, contact, reach.reach(release, s.code, need, contact))
        for s in reach.surveys(release)
        for need in reach.needs(release, s.code)
        for contact in reach.contacts(release, s.code)
    ]


def test_the_contact_is_always_named_and_nobody_is_called_waste(tiny: Release) -> None:
    names = {"social_work": "social work contact", "additional_support": "additional support for learning", "either": "neither"}
    for _, contact, shown in every_reach(tiny):
        assert names[contact.value] in shown.headline
        assert "waste" not in everything_said(shown).lower()
        assert any("support may be why their need looks low" in note for note in shown.notes)


def test_the_linked_answer_always_lies_within_its_bounds(tiny: Release) -> None:
    for _, _, shown in every_reach(tiny):
        assert shown.table is not None
        assert shown.bounds is not None
        if shown.table.need_without.value is not None:
            assert shown.bounds.at_least <= shown.table.need_without.value <= shown.bounds.at_most


def test_where_the_answer_no_means_need_the_rows_are_turned(tiny: Release) -> None:
    need = evidence.indicator(tiny, S, "trusted_adult")
    table = reach.reach(tiny, S, need, Contact.SOCIAL_WORK).table
    assert table is not None
    frame = tiny.frame(f"{S}_contact").query("indicator == 'trusted_adult' and contact == 'no_social_work'").set_index("band")
    assert table.need_without.value == frame.loc["no", "n"]
    assert table.other_without.value == frame.loc["yes", "n"]


def test_without_linkage_either_service_cannot_be_named(tmp_path: Path) -> None:
    release = waist.load(tiny_release(tmp_path, linked=False))
    assert reach.contacts(release, S) == [Contact.SOCIAL_WORK, Contact.ADDITIONAL_SUPPORT]
    assert not any(need.sensitive for need in reach.needs(release, S))


def test_the_notes_say_what_the_need_is_and_whose_definition(tmp_path: Path) -> None:
    found = waist.load(tiny_release(tmp_path))
    asked = reach.needs(found, S)[0]
    told = reach.reach(found, S, asked, Contact.SOCIAL_WORK).notes[-1]
    assert told == f"The need: {asked.question}. From: {asked.source}."
