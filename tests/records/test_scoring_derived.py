"""Answers made from other columns: each rule worked by hand, and what holds of every rule."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.errors import SettingsError
from rcs_core.records.scoring import derive, read_scoring, scoring
from rcs_core.records.scoring.kinds import minutes, read_kind
from rcs_core.settings import CONTRACTS

RULES = scoring().derived
PNTS = "prefer_not_to_say"


def survey(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="str")


def made(name: str, **columns: list[str]) -> list[object]:
    return list(RULES[name].rule.apply(survey(**columns)).values)


def test_fruit_and_vegetables_need_both_answers() -> None:
    said = made(
        "fruit_and_veg_daily",
        fruit_daily=["yes", "yes", "no", "yes", "no", PNTS, PNTS],
        vegetables_daily=["yes", "no", "no", "", "", "yes", ""],
    )
    # A no beside a blank would decide, but only ever for no: such forms are missing, like a yes beside a blank.
    assert said == ["yes", "no", "no", "", "", PNTS, PNTS]


def test_an_adult_anywhere_is_an_adult_they_trust() -> None:
    said = made(
        "trusted_adult",
        trusted_adult_home=["no", "no", "yes", "no"],
        trusted_adult_school=["yes", "no", "yes", PNTS],
        trusted_adult_elsewhere=["no", "no", "", "no"],
    )
    assert said == ["yes", "no", "", PNTS]


def test_an_hour_of_activity_is_sixty_minutes_or_more() -> None:
    assert made("active_hour_yesterday", active_minutes_yesterday=["60", "59", "0", "", PNTS, "lots"]) == [
        "yes", "no", "no", "", PNTS, "",
    ]  # fmt: skip
    assert RULES["active_hour_yesterday"].rule.apply(survey(active_minutes_yesterday=["lots", "", PNTS])).unusable == 1


def test_whole_numbers_are_read_as_they_are_typed() -> None:
    typed = pd.DataFrame({"active_minutes_yesterday": pd.array([60, None, 5], dtype="Int64")})
    found = RULES["active_hour_yesterday"].rule.apply(typed)
    assert (list(found.values), found.unusable) == (["yes", "", "no"], 0)


def test_bullied_at_any_time_in_the_year_is_bullied() -> None:
    said = made("bullied_last_year", bullied_how_often=["never", "once_or_twice", "most_days", "", PNTS, "often"])
    assert said == ["no", "yes", "yes", "", PNTS, ""]
    assert RULES["bullied_last_year"].rule.apply(survey(bullied_how_often=["often", "never", ""])).unusable == 1


def test_agreeing_or_agreeing_strongly_is_enjoying_school() -> None:
    answers = ["strongly_agree", "agree", "neither", "disagree", "strongly_disagree", ""]
    assert made("enjoys_school", enjoys_school_answer=answers) == ["yes", "yes", "no", "no", "no", ""]


def test_smoking_drinking_and_drugs_follow_the_national_survey() -> None:
    status = ["regular", "occasional", "used_to", "tried_once", "never", ""]
    assert made("current_smoker", smoking_status=status) == ["yes", "yes", "no", "no", "no", ""]
    assert made("regular_smoker", smoking_status=status) == ["yes", "no", "no", "no", "no", ""]
    assert made("drank_alcohol_last_week", last_drink=["last_7_days", "last_month", "never"]) == ["yes", "no", "no"]
    assert made("used_drugs_last_month", last_drug_use=["last_7_days", "last_month", "last_year"]) == ["yes", "yes", "no"]
    assert all(RULES[name].sensitive for name in ("current_smoker", "drank_alcohol_last_week", "used_drugs_last_month"))


def test_what_was_not_seen_in_its_source_is_marked() -> None:
    assert [name for name, rule in RULES.items() if not rule.verified] == ["used_drugs_last_month"]


def test_sleep_runs_past_midnight() -> None:
    hours = made("sleep_hours", bed_time=["22:30", "00:15", "9:00"], wake_time=["07:00", "07:00", "15:30"])
    # 22:30 to 07:00 is an hour and a half and seven hours; 00:15 to 07:00 six and three quarters; 9:00 to 15:30 six and a half.
    assert hours == [8.5, 6.75, 6.5]


def test_eight_hours_are_enough_and_a_minute_less_is_not() -> None:
    frame = survey(bed_time=["23:00", "23:01", "22:00", "09:30", ""], wake_time=["07:00"] * 5)
    new, _ = derive(frame, "pupil_s1_s4", RULES)
    assert list(new["slept_8_hours"]) == ["yes", "no", "yes", "", ""], "half past nine in the morning is no bed time"
    given = survey(slept_8_hours=["no", "yes"], bed_time=["22:00", "22:00"], wake_time=["07:00", "07:00"])
    kept, receipts = derive(given, "pupil_s1_s4", RULES)
    assert list(kept["slept_8_hours"]) == ["no", "yes"], "an answer that came stands"
    assert ("kept_slept_8_hours", 1) in {(r.rule, r.rows) for r in receipts}


def test_implausible_nights_are_missing_and_counted() -> None:
    found = RULES["sleep_hours"].rule.apply(
        survey(
            bed_time=["22:00", "22:00", "22:00", "07:00", "22:00", "", PNTS, "25:00"],
            wake_time=["00:59", "01:00", "14:00", "23:01", "22:00", "07:00", "07:00", "07:00"],
        )
    )
    # Under three hours, exactly three, exactly sixteen, a minute over sixteen, none at all, no bed time, declined, no such time.
    assert [None if np.isnan(h) else h for h in found.values] == [None, 3.0, 16.0, None, None, None, None, None]
    assert found.unusable == 4


def test_the_mean_of_two_nights_needs_both() -> None:
    content = {"kind": "hours_between", "nights": [["a", "b"], ["c", "d"]], "least": 3, "most": 16}
    rule = read_kind(content, {}, "test")
    found = rule.apply(survey(a=["22:00", "22:00"], b=["06:00", "06:00"], c=["23:00", ""], d=["09:00", "09:00"]))
    assert found.values.iloc[0] == 9.0
    assert np.isnan(found.values.iloc[1])


def test_a_parents_total_of_fourteen_is_raised() -> None:
    assert made("sdq_parent_raised", sdq_parent_total=["13", "14", "17", "", PNTS]) == ["no", "yes", "yes", "", PNTS]


def test_made_answers_come_with_a_receipt() -> None:
    frame = survey(fruit_daily=["yes", "yes", ""], vegetables_daily=["yes", "no", "no"], bed_time=["22:00", "22:00", "22:00"])
    frame = frame.assign(wake_time=["07:00", "22:30", ""])
    new, receipts = derive(frame, "pupil_p5_p7", RULES)
    assert list(new["fruit_and_veg_daily"]) == ["yes", "no", ""]
    assert new["sleep_hours"].dropna().tolist() == [9.0]
    assert {(r.rule, r.rows) for r in receipts} == {
        ("made_fruit_and_veg_daily", 2),
        ("made_sleep_hours", 1),
        ("unusable_sleep_hours", 1),
        ("made_slept_8_hours", 1),
    }
    assert "made from fruit_daily, vegetables_daily" in receipts[0].text
    assert "fruit_and_veg_daily" not in frame.columns


def test_half_the_columns_are_not_enough_and_a_receipt_says_so() -> None:
    new, receipts = derive(survey(fruit_daily=["yes"]), "pupil_p5_p7", RULES)
    assert list(new.columns) == ["fruit_daily"]
    assert [(r.rule, r.rows) for r in receipts] == [("not_made_fruit_and_veg_daily", 0)]
    assert "these are not there: vegetables_daily" in receipts[0].text


def test_an_answer_that_came_stands_and_what_differs_is_counted() -> None:
    frame = survey(fruit_daily=["yes", "yes", "no"], vegetables_daily=["yes", "yes", ""], fruit_and_veg_daily=["yes", "no", "no"])
    new, receipts = derive(frame, "pupil_p5_p7", RULES)
    assert list(new["fruit_and_veg_daily"]) == ["yes", "no", "no"]
    assert [(r.rule, r.rows) for r in receipts] == [("kept_fruit_and_veg_daily", 1)]


def test_a_rule_of_another_survey_is_left_alone() -> None:
    frame = survey(smoking_status=["regular"])
    new, receipts = derive(frame, "pupil_p5_p7", RULES)
    assert list(new.columns) == ["smoking_status"]
    assert receipts == []


def test_a_survey_that_brings_none_of_it_is_returned_as_it_is() -> None:
    frame = survey(trusted_adult=["yes", "no"])
    new, receipts = derive(frame, "pupil_s1_s4", RULES)
    assert new is frame
    assert receipts == []


CELLS = st.sampled_from(["yes", "no", "", PNTS, "never", "regular", "agree", "60", "-5", "22:30", "7:10", "24:00", "x", "14"])


@pytest.mark.parametrize("name", list(RULES))
@given(data=st.data())
def test_a_rule_looks_at_one_form_at_a_time(name: str, data: st.DataObject) -> None:
    rule = RULES[name].rule
    columns = rule.columns
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=8))
    order = data.draw(st.permutations(range(len(rows))))
    frame = pd.DataFrame(rows, columns=columns, dtype="str")
    whole, shuffled = rule.apply(frame), rule.apply(frame.iloc[order])
    pd.testing.assert_series_equal(whole.values.iloc[order], shuffled.values, check_names=False)
    assert whole.unusable == shuffled.unusable <= len(rows)


@pytest.mark.parametrize("name", list(RULES))
@pytest.mark.parametrize("cell", ["", None])
def test_forms_without_an_answer_get_none_and_are_not_called_unusable(name: str, cell: str | None) -> None:
    rule = RULES[name].rule
    found = rule.apply(pd.DataFrame({c: pd.Series([cell, cell], dtype="str") for c in rule.columns}))
    assert (found.values.isna() | found.values.astype("str").isin(["", "nan"])).all()
    assert found.unusable == 0


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_of_day_is_so_many_minutes_after_midnight(hour: int, minute: int) -> None:
    times = pd.Series([f"{hour:02d}:{minute:02d}", f"{hour}:{minute:02d}", f"{hour:02d}:{minute:02d}:00"])
    assert list(minutes(times)) == [60 * hour + minute] * 3


def test_no_column_of_no_rule_bears_the_words_of_an_instrument() -> None:
    words = (CONTRACTS / "scoring.yaml").read_text(encoding="utf-8").lower()
    assert not re.search(r"i have|i am|i get|i feel|i've been|i worry", words)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "most"}, "unknown kind of rule.*got most"),
        ({"kind": "recode", "column": "a", "yes": ["b"], "no": ["b"]}, "a code means yes and no"),
        ({"kind": "recode", "column": "a", "yes": ["b"], "no": [], "maybe": []}, "unknown setting.*maybe"),
        ({"kind": "at_least", "column": "a", "least": 3}, "a setting is missing.*unit"),
        ({"kind": "hours_between", "nights": [["a"]], "least": 3, "most": 16}, "a night is two columns"),
        ({"kind": "above_cut", "column": "a", "cut": "severe"}, "unknown cut.*got severe"),
    ],
)
def test_a_slip_in_the_contract_is_told(tmp_path: Path, change: dict[str, object], said: str) -> None:
    content = yaml.safe_load((CONTRACTS / "scoring.yaml").read_text(encoding="utf-8"))
    content["derived"]["fruit_and_veg_daily"]["rule"] = change
    path = tmp_path / "scoring.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        read_scoring(path)
    assert re.search(said, str(raised.value), re.DOTALL)


@pytest.mark.parametrize("slip", ["extra", "missing", "survey"])
def test_a_part_that_nobody_knows_or_that_is_not_there_is_told(tmp_path: Path, slip: str) -> None:
    content = yaml.safe_load((CONTRACTS / "scoring.yaml").read_text(encoding="utf-8"))
    if slip == "survey":
        content["derived"]["sleep_hours"]["surveys"] = ["pupil_p4"]
    elif slip == "missing":
        del content["needs"]
    else:
        content["sleep"] = {}
    path = tmp_path / "scoring.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SettingsError, match="unknown survey" if slip == "survey" else "one is missing"):
        read_scoring(path)
