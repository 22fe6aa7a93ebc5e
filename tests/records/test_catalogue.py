"""The catalogue of indicators is held to the vocabulary and to the rules by which answers are scored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rcs_core.errors import SettingsError
from rcs_core.records.catalogue import catalogue, read_catalogue
from rcs_core.records.scoring import scoring
from rcs_core.records.scoring.kinds import Recode
from rcs_core.settings import CONTRACTS
from rcs_core.vocab import Survey

KNOWN = catalogue()
PUPILS = ("pupil_p5_p7", "pupil_s1_s4")


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The contract with one change, as a file of its own."""
    content = yaml.safe_load((CONTRACTS / "indicators.yaml").read_text(encoding="utf-8"))
    change(content["indicators"])
    path = folder / "indicators.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_every_indicator_says_what_the_release_needs() -> None:
    frame = KNOWN.frame([s.value for s in Survey])
    told = frame[["title", "question", "need_band", "domain", "shanarri", "polarity", "asked_of", "source", "base"]]
    assert told.ne("").all(axis=None)
    assert frame["verified"].dtype == bool
    own = frame[frame["survey"].str.startswith("pupil_")]
    assert own["stages"].isin(["P5 P6 P7", "S1 S2 S3 S4"]).all()


def test_only_what_was_not_seen_in_its_source_is_not_verified() -> None:
    assert [code for code, about in KNOWN.indicators.items() if not about.verified] == ["used_drugs_last_month"]


def test_a_cut_score_carries_its_rater_bands_and_cut() -> None:
    series = KNOWN.frame(["pupil_p5_p7", "pupil_s1_s4", "parent_0_8"]).set_index("indicator")["series"]
    assert series["sdq_raised"] == "self, 4 bands, slightly_raised"
    assert series["sdq_parent_raised"] == "parent, 3 bands, borderline"
    scales = [f"sdq_{scale}_raised" for scale in scoring().sdq_self_report.scales]
    assert set(series[scales]) == {"self, 4 bands, slightly_raised"}
    assert series.drop(["sdq_raised", "sdq_parent_raised", *scales]).eq("").all()


def test_the_count_of_needs_asks_no_more_answers_than_there_are_questions() -> None:
    rules = scoring().needs
    for survey in PUPILS:
        counted = rules.counted(KNOWN.needs(survey))
        assert rules.least_answered[survey] == len(counted) - 1
        assert rules.multiple_from in (len(counted) // 2, len(counted) // 2 + 1)
        assert not {need.indicator for need in counted} & {"multiple_risks", "regular_smoker", "used_drugs_last_month"}


def test_every_derived_answer_of_a_survey_is_in_the_catalogue_but_scores_that_are_told_as_means() -> None:
    for name, derived in scoring().derived.items():
        if name not in scoring().means:
            assert KNOWN.indicators[name].asked_of == derived.surveys
            assert KNOWN.indicators[name].sensitive == derived.sensitive


def test_a_question_of_some_stages_is_asked_of_those(tmp_path: Path) -> None:
    found = read_catalogue(changed(tmp_path, lambda i: i["regular_smoker"].update(stages=["S3", "S4"])))
    assert found.stages("pupil_s1_s4", "regular_smoker") == ["S3", "S4"]
    assert found.stages("pupil_s1_s4", "sdq_raised") == ["S1", "S2", "S3", "S4"]
    row = found.frame(["pupil_s1_s4"]).set_index("indicator").loc["regular_smoker"]
    assert row["stages"] == "S3 S4"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda i: i["sdq_raised"].update(asked_of=["pupil_s1_s4", "parent_0_8"], stages=[]), "whose answers these are differs"),
        (lambda i: i["sdq_raised"].update(series="sdq_self_report.very_high"), "was not verified"),
        (lambda i: i["used_drugs_last_month"].update(verified=True), "was not verified"),
        (lambda i: i["sdq_raised"].update(series="sdq_self_report.severe"), "unknown cut"),
        (lambda i: i["regular_smoker"].update(stages=["P5"]), "outside the vocabulary"),
        (lambda i: i["bullied_last_year"].update(stages={"hwc_p5_p7": ["S1"]}), "outside the vocabulary"),
        (lambda i: i["regular_smoker"].update(stages={"hwc_s1_s6": ["S1"]}), "outside the vocabulary"),
        (lambda i: i["regular_smoker"].pop("verified"), "a setting is missing"),
        (lambda i: i["regular_smoker"].update(headline=True), "unknown setting"),
        (lambda i: i["regular_smoker"].update(need_band=True), "outside the vocabulary"),
    ],
)
def test_a_slip_is_told(tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_catalogue(changed(tmp_path, change))


def test_an_unverified_cut_may_stand_where_it_calls_itself_unverified(tmp_path: Path) -> None:
    change = {"series": "sdq_self_report.very_high", "verified": False}
    found = read_catalogue(changed(tmp_path, lambda i: i["sdq_raised"].update(change)))
    assert not found.frame(["pupil_s1_s4"]).set_index("indicator").loc["sdq_raised", "verified"]


def test_a_count_of_needs_is_comparable_no_further_back_than_the_newest_wording_that_it_counts() -> None:
    reworded = catalogue().reworded({"choice_in_learning": "2025", "fruit_and_veg_daily": "2019"})
    assert reworded.indicators["multiple_risks"].comparable_since == "2025"
    assert catalogue().reworded({"regular_smoker": "2025"}).indicators["multiple_risks"].comparable_since == ""


def test_a_further_question_is_told_only_where_a_survey_brought_it() -> None:
    came = {"pupil_p5_p7": {"often_lonely", "trusted_adult"}, "pupil_s1_s4": {"upset_online", "sdq_peer_raised"}}
    plain, scales = KNOWN.chosen({}, {}), KNOWN.chosen({"sdq_scales": True}, came)
    assert [code for code, about in plain.indicators.items() if about.further] == []
    assert "enjoys_school" in plain.asked("pupil_p5_p7"), "a core question that did not come is told as not collected"
    further = {s: [code for code in scales.asked(s) if scales.indicators[code].further] for s in PUPILS}
    assert further == {"pupil_p5_p7": ["often_lonely"], "pupil_s1_s4": ["sdq_peer_raised", "upset_online"]}
    assert "sdq_peer_raised" not in KNOWN.chosen({"sdq_scales": False}, came).indicators


def test_further_questions_leave_the_count_of_needs_as_it_is_and_its_words_say_so() -> None:
    came = {survey: set(KNOWN.indicators) for survey in PUPILS}
    plain, all_of_them = KNOWN.chosen({}, {}), KNOWN.chosen({"sdq_scales": True}, came)
    for survey in PUPILS:
        counted = scoring().needs.counted
        assert counted(plain.needs(survey)) == counted(all_of_them.needs(survey))
        words = [k.frame([survey]).set_index("indicator").loc["multiple_risks", "question"] for k in (plain, all_of_them)]
        assert ["core questions" in text for text in words] == [False, True]


def test_a_partnership_may_say_that_it_reworded_a_further_question() -> None:
    came = {"pupil_p5_p7": {"often_lonely"}}
    told = KNOWN.reworded({"often_lonely": "2025", "upset_online": "2025"}).chosen({}, came)
    assert told.indicators["often_lonely"].comparable_since == "2025"
    assert "upset_online" not in told.indicators


def test_of_two_questions_of_which_one_holds_the_other_only_one_is_told() -> None:
    """Current less regular smokers are the occasional ones: a group that neither question's table lists."""
    both, one = {"regular_smoker", "current_smoker"}, {"current_smoker"}
    assert "current_smoker" not in catalogue().chosen({}, {"pupil_s1_s4": both}).asked("pupil_s1_s4")
    assert "regular_smoker" in catalogue().chosen({}, {"pupil_s1_s4": both}).asked("pupil_s1_s4")
    assert "current_smoker" in catalogue().chosen({}, {"pupil_s1_s4": one}).asked("pupil_s1_s4")


def test_every_pair_of_recodes_that_lie_within_one_another_gives_way() -> None:
    rules = {code: one.rule for code, one in scoring().derived.items() if code in catalogue().indicators}
    recodes = {code: rule for code, rule in rules.items() if isinstance(rule, Recode)}
    for code, rule in recodes.items():
        for other, wider in recodes.items():
            if code != other and rule.column == wider.column and set(rule.yes) <= set(wider.yes):
                ways = (catalogue().indicators[code].gives_way_to, catalogue().indicators[other].gives_way_to)
                assert ways in ((other, ""), ("", code)), (code, other)
