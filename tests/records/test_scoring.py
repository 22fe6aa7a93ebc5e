"""SDQ self-report scores, worked by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from rcs_core.errors import SettingsError
from rcs_core.records.scoring import MissingRule, score_sdq, sdq_rules

RULES = sdq_rules()
PRORATE = replace(RULES, missing_rule=MissingRule.PRORATE.value)


def form(fill: str = "0", **items: str) -> pd.DataFrame:
    """One form with the same code throughout but for the items named (i7="2")."""
    codes = dict.fromkeys(RULES.columns, fill) | {f"sdq_{int(k[1:]):02d}": v for k, v in items.items()}
    return pd.DataFrame([codes], dtype="str")


def scores(answers: pd.DataFrame, rules: object = RULES) -> tuple[object, ...]:
    row = score_sdq(answers, rules).iloc[0]  # type: ignore[arg-type]
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
