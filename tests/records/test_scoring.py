"""SDQ self-report scores and cuts, worked by hand."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import SettingsError
from rcs_core.records.scoring import MissingRule, headline_cut, same_series, score_sdq, scoring, sdq_band, sdq_rules
from rcs_core.records.scoring.sdq import reverse

RULES = sdq_rules()
PARENT = scoring().sdq_parent
PRORATE = replace(RULES, missing_rule=MissingRule.PRORATE.value)


def form(fill: str = "0", **items: str) -> pd.DataFrame:
    """One form with the same code throughout but for the items named (i7="2")."""
    codes = dict.fromkeys(RULES.columns, fill) | {f"sdq_{int(k[1:]):02d}": v for k, v in items.items()}
    return pd.DataFrame([codes], dtype="str")


def scores(answers: pd.DataFrame, rules: Any = RULES) -> tuple[object, ...]:
    row = score_sdq(answers, rules).iloc[0]
    order = ["sdq_emotional", "sdq_conduct", "sdq_hyperactivity", "sdq_peer", "sdq_prosocial", "sdq_total", "sdq_raised"]
    return tuple(None if pd.isna(row[c]) else row[c] for c in order)


def test_all_noughts_leave_only_the_reversed_items() -> None:
    # Item 7 is conduct (2 points); 21 and 25 hyperactivity (4); 11 and 14 peer (4): total 10.
    assert scores(form("0")) == (0, 2, 4, 4, 0, 10, "no")


def test_all_ones_are_the_middle_and_raised() -> None:
    # Every item is 1 either way round: four scales of 5 make 20.
    assert scores(form("1")) == (5, 5, 5, 5, 5, 20, "yes")


def test_all_twos_turn_the_reversed_items_to_nought() -> None:
    # Emotional 10; conduct 8; hyperactivity 6; peer 6; prosocial 10: total 30.
    assert scores(form("2")) == (10, 8, 6, 6, 10, 30, "yes")


def test_the_worst_and_the_best_form_are_forty_and_nought() -> None:
    turned = {f"i{item}": "0" for item in RULES.reversed}
    assert scores(form("2", **turned))[5] == 40
    assert scores(form("0", **dict.fromkeys(turned, "2")))[5] == 0


def test_fifteen_is_raised_and_fourteen_is_not() -> None:
    # From ten (all noughts): emotional items 3 and 8 at 2 make 14; item 13 at 1 makes 15.
    assert scores(form("0", i3="2", i8="2"))[5:] == (14, "no")
    assert scores(form("0", i3="2", i8="2", i13="1"))[5:] == (15, "yes")


def test_the_prosocial_scale_is_no_part_of_the_total() -> None:
    assert scores(form("0", i1="2", i4="2", i9="", i17="2", i20="2")) == (0, 2, 4, 4, None, 10, "no")


def test_complete_cases_give_no_total_when_an_item_is_missing() -> None:
    assert scores(form("1", i3="")) == (None, 5, 5, 5, 5, None, "")
    assert scores(form("1", i3="7")) == (None, 5, 5, 5, 5, None, "")


def test_prorating_needs_three_of_five_items_and_rounds_a_half_up() -> None:
    # Emotional 3 8 13 16 24: 2, 2 and 1 answered, two blank: 5 x 5 / 3 = 8.33, so 8. Others as all noughts: 18.
    assert scores(form("0", i3="2", i8="2", i13="1", i16="", i24=""), PRORATE) == (8, 2, 4, 4, 0, 18, "yes")
    # 2, 1, 1 and 0 answered, one blank: 4 x 5 / 4 = 5. 1, 1, 0 and 0: 2 x 5 / 4 = 2.5, so 3.
    assert scores(form("0", i3="2", i8="1", i13="1", i16=""), PRORATE)[0] == 5
    assert scores(form("0", i3="1", i8="1", i13=""), PRORATE)[0] == 3
    assert scores(form("0", i3="", i8="", i13=""), PRORATE) == (None, 2, 4, 4, 0, None, "")


def test_the_two_rules_agree_on_a_complete_form() -> None:
    answers = form("1", i2="2", i5="0", i21="0")
    assert scores(answers) == scores(answers, PRORATE)


def test_every_item_is_on_one_scale() -> None:
    assert sorted(item for items in RULES.scales.values() for item in items) == list(range(1, 26))


def test_an_unknown_missing_rule_is_refused() -> None:
    with pytest.raises(SettingsError, match="missing_rule"):
        replace(RULES, missing_rule="mean")


@pytest.mark.parametrize(
    ("scale", "below", "at"),
    [
        # Each scale's own cut: need from 5, 4, 6 and 3 points on, and from 6 down for the strengths.
        ("emotional", {"i3": "2", "i8": "2"}, {"i3": "2", "i8": "2", "i13": "1"}),
        ("conduct", {"i5": "1"}, {"i5": "2"}),  # all noughts have 2 from item 7
        ("hyperactivity", {"i2": "1"}, {"i2": "2"}),  # all noughts have 4 from items 21 and 25
        ("peer", {"i11": "1", "i14": "1"}, {"i14": "1"}),  # all noughts have 4 from items 11 and 14
        ("prosocial", {"i1": "2", "i4": "2", "i9": "2", "i17": "1"}, {"i1": "2", "i4": "2", "i9": "2"}),
    ],
)
def test_each_scale_is_raised_at_its_own_cut(scale: str, below: dict[str, str], at: dict[str, str]) -> None:
    said = [score_sdq(form("0", **items), RULES).iloc[0][f"sdq_{scale}_raised"] for items in (below, at)]
    assert said == ["no", "yes"]


def test_sixteen_is_borderline_in_three_bands_where_fifteen_is_raised_in_four() -> None:
    total = pd.Series([14, 15, 16, None], dtype="Int64")
    assert list(RULES.cuts["slightly_raised"].raised("total", total)) == ["no", "yes", "yes", ""]
    assert list(RULES.cuts["borderline"].raised("total", total)) == ["no", "no", "yes", ""]


def test_a_parents_total_falls_into_three_bands_at_fourteen_and_seventeen() -> None:
    total = pd.Series([0, 13, 14, 16, 17, 40, None], dtype="Int64")
    normal, borderline, abnormal = "close_to_average", "borderline", "abnormal"
    assert list(sdq_band(total, PARENT)) == [normal, normal, borderline, borderline, abnormal, abnormal, ""]


@pytest.mark.parametrize("name", ["high", "very_high"])
def test_an_unverified_cut_is_refused_where_a_headline_is_asked(name: str) -> None:
    assert not RULES.cuts[name].verified
    with pytest.raises(SettingsError, match="was not verified, so it may not lead"):
        headline_cut(RULES.cuts, name)
    with pytest.raises(SettingsError, match="slightly_raised, borderline"):
        replace(RULES, headline=name)


def test_a_cut_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(SettingsError, match="unknown cut") as raised:
        headline_cut(RULES.cuts, "severe")
    assert "Expected slightly_raised, borderline." in str(raised.value)
    with pytest.raises(SettingsError, match="not made for this scale"):
        RULES.cuts["borderline"].raised("peer", pd.Series([3]))


@pytest.mark.parametrize("other", [RULES.cuts["borderline"], PARENT["borderline"], RULES.cuts["high"]])
def test_different_raters_bands_or_cuts_are_never_one_series(other: Any) -> None:
    same_series(RULES.raised, RULES.cuts["slightly_raised"])
    with pytest.raises(SettingsError, match="different series"):
        same_series(RULES.raised, other)


def test_every_cut_says_who_answered_and_how_many_bands() -> None:
    series = [cut.series for cut in [*RULES.cuts.values(), *PARENT.values()]]
    assert len(set(series)) == len(series)
    assert RULES.raised.series == "self, 4 bands, slightly_raised"
    assert PARENT["borderline"].series == "parent, 3 bands, borderline"


CODES = st.lists(st.sampled_from(["0", "1", "2", "", "7", "x"]), min_size=25, max_size=25)
FORMS = st.lists(CODES, min_size=1, max_size=12).map(lambda rows: pd.DataFrame(rows, columns=RULES.columns, dtype="str"))


@settings(max_examples=25)
@given(FORMS, st.randoms(use_true_random=False))
def test_the_order_of_the_forms_does_not_matter(forms: pd.DataFrame, random: Random) -> None:
    order = list(range(len(forms)))
    random.shuffle(order)
    for rules in (RULES, PRORATE):
        pd.testing.assert_frame_equal(score_sdq(forms, rules).iloc[order], score_sdq(forms.iloc[order], rules))


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=30))
def test_what_is_reversed_twice_is_as_it_was(codes: list[float]) -> None:
    points = np.array(codes)
    assert list(reverse(reverse(points))) == codes


def test_a_form_without_any_answer_has_no_score_at_all() -> None:
    for rules in (RULES, PRORATE):
        found = score_sdq(form(""), rules).iloc[0]
        assert all(pd.isna(found[c]) or found[c] == "" for c in found.index)


@settings(max_examples=25)
@given(FORMS)
def test_prorating_never_loses_a_score_that_complete_cases_have(forms: pd.DataFrame) -> None:
    strict, free = score_sdq(forms, RULES), score_sdq(forms, PRORATE)
    had = strict["sdq_total"].notna()
    assert strict.loc[had, "sdq_total"].equals(free.loc[had, "sdq_total"])
    assert free["sdq_total"].dropna().between(0, 40).all()
