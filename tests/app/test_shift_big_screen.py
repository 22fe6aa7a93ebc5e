"""Claims about what *Try a shift* keeps off the big screen: no bought service is drawn, and no row or sentence has its price."""

from pathlib import Path

import pandas as pd

from rcs_core.release import load
from rcs_core.workshop import big_screen
from tests.tiny_release import tiny_release


def test_rows_and_sentences_of_a_bought_service_are_without_amounts_on_the_big_screen_alone(tmp_path: Path) -> None:
    release = load(tiny_release(tmp_path))
    rows = pd.DataFrame({"Service": ["School counselling", "Foster care"], "After (£)": [231_900.0, 5.0]})
    assert big_screen.named(rows, release).tolist() == [True, False]
    assert big_screen.without_prices(rows, release, True)["After (£)"].isna().tolist() == [True, False]
    assert big_screen.without_prices(rows, release, False).equals(rows)
    told = pd.DataFrame({"Promise": ["At least 231.9 is spent on School counselling", "At least 5.2 is spent on Foster care"]})
    told["Year"] = "2026-27"
    kept = big_screen.without_sums(told, release, True)
    assert kept["Promise"].tolist() == ["At least – is spent on School counselling", "At least 5.2 is spent on Foster care"]
    assert kept["Year"].tolist() == ["2026-27"] * 2
    assert big_screen.without_sums(told, release, False).equals(told)
