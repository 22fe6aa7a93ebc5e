"""The Warwick-Edinburgh scale: sums by hand, the conversion table, and when a mean may be given."""

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.errors import SettingsError
from rcs_core.records.scoring import WellbeingRules, group_mean, score_wellbeing, scoring
from rcs_core.records.scoring.means import outwards, rounded

LONG, SHORT, MEAN = scoring().wemwbs, scoring().swemwbs, scoring().means["wemwbs_score"]


def form(rules: WellbeingRules, codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame([codes], columns=rules.columns, dtype="str")


def test_the_score_of_fourteen_items_is_their_sum() -> None:
    # 1 2 3 4 5 twice is 30, and four items of 3 are 12: 42.
    assert score_wellbeing(form(LONG, ["1", "2", "3", "4", "5"] * 2 + ["3"] * 4), LONG).iloc[0] == 42
    assert score_wellbeing(form(LONG, ["1"] * 14), LONG).iloc[0] == 14
    assert score_wellbeing(form(LONG, ["5"] * 14), LONG).iloc[0] == 70


@pytest.mark.parametrize("gap", ["", "prefer_not_to_say", "0", "6", "2.5"])
def test_one_item_that_is_blank_or_no_code_leaves_the_form_without_a_score(gap: str) -> None:
    assert np.isnan(score_wellbeing(form(LONG, ["3"] * 13 + [gap]), LONG).iloc[0])
    assert np.isnan(score_wellbeing(form(SHORT, ["3"] * 6 + [gap]), SHORT).iloc[0])


def test_seven_items_are_turned_into_the_interval_scale() -> None:
    # 7 x 3 = 21, which the table gives as 19.25; 7 x 4 = 28 as 25.03; the ends are 7 and 35.
    said = [score_wellbeing(form(SHORT, [code] * 7), SHORT).iloc[0] for code in "1345"]
    assert said == [7.00, 19.25, 25.03, 35.00]
    # 1 1 1 1 1 1 2 is 8: 9.51, the widest step of the table.
    assert score_wellbeing(form(SHORT, ["1"] * 6 + ["2"]), SHORT).iloc[0] == 9.51


def test_the_table_agrees_with_the_published_medians_and_cuts() -> None:
    # Health Survey for England 2010-13: median 23.2, the score of a sum of 26 (Ng Fat et al 2017).
    assert rounded(SHORT.conversion[26], 1) == 23.2
    assert (SHORT.conversion[7], SHORT.conversion[35]) == (7, 35)
    assert len(SHORT.conversion) == 29


def test_the_steps_of_the_table_fall_to_the_middle_and_rise_again() -> None:
    # A Rasch scale stretches at its ends: one point more tells most there. One figure out of place would break this.
    steps = np.diff([SHORT.conversion[s] for s in range(7, 36)])
    lowest = int(np.argmin(steps))
    assert all(np.diff(steps[: lowest + 1]) <= 1e-9)
    assert all(np.diff(steps[lowest:]) >= -1e-9)


def test_without_its_table_the_seven_item_form_is_refused() -> None:
    with pytest.raises(SettingsError, match="cannot be scored without its conversion table") as raised:
        score_wellbeing(form(SHORT, ["3"] * 7), replace(SHORT, conversion={}))
    assert "copy the owner's table into the contract" in str(raised.value)


def test_a_table_with_a_gap_or_a_fall_is_refused() -> None:
    gap = {s: v for s, v in SHORT.conversion.items() if s != 20}
    with pytest.raises(SettingsError, match="not whole"):
        replace(SHORT, conversion=gap)
    with pytest.raises(SettingsError, match="rising"):
        replace(SHORT, conversion={**SHORT.conversion, 20: 12.0})


def test_a_mean_is_given_to_one_decimal_from_thirty_forms_on() -> None:
    # 29 forms of 50 and one of 51: 1501 / 30 = 50.0333.
    thirty = pd.Series([50.0] * 29 + [51.0])
    assert group_mean(thirty, MEAN) == 50.0
    assert group_mean(thirty.iloc[1:], MEAN) is None
    assert group_mean(pd.Series([*[50.0] * 29, float("nan")]), MEAN) is None
    # Half the forms at 48, half at 51 with three times the weight: (48 + 3 x 51) / 4 = 50.25, so 50.3.
    scores, weights = pd.Series([48.0] * 20 + [51.0] * 20), pd.Series([1.0] * 20 + [3.0] * 20)
    assert group_mean(scores, MEAN, weights) == 50.3


def test_an_interval_is_rounded_outwards() -> None:
    assert outwards(49.96, 51.04, 1) == (49.9, 51.1)
    assert outwards(50.0, 51.0, 1) == (50.0, 51.0)


FORMS = st.lists(st.lists(st.sampled_from(["1", "2", "3", "4", "5", ""]), min_size=7, max_size=7), min_size=1, max_size=10)


@given(FORMS, st.randoms(use_true_random=False))
def test_the_order_of_forms_and_of_items_does_not_matter(rows: list[list[str]], random: Random) -> None:
    forms = pd.DataFrame(rows, columns=SHORT.columns, dtype="str")
    order, items = list(range(len(rows))), list(range(7))
    random.shuffle(order)
    random.shuffle(items)
    other = forms.iloc[order].set_axis([SHORT.columns[i] for i in items], axis=1)
    pd.testing.assert_series_equal(score_wellbeing(forms, SHORT).iloc[order], score_wellbeing(other, SHORT))


@given(FORMS)
def test_a_higher_answer_never_lowers_the_score(rows: list[list[str]]) -> None:
    forms = pd.DataFrame(rows, columns=SHORT.columns, dtype="str")
    better = forms.replace({SHORT.columns[0]: {"1": "2", "2": "3", "3": "4", "4": "5"}})
    before, after = score_wellbeing(forms, SHORT), score_wellbeing(better, SHORT)
    assert (after >= before)[before.notna()].all()
