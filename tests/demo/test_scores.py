"""Wellbeing and many needs in the demonstration, recounted from the forms by the rules in words and nothing of the project's."""

import pandas as pd
import pytest

from tests.demo.conftest import Made
from tests.shared import shared_file

NEED_AT_NO = ["trusted_adult", "enjoys_learning", "active_hour_yesterday", "fruit_and_veg_daily", "choice_in_learning",
              "treated_fairly", "positive_about_future", "feels_safe_in_area"]  # fmt: skip


def wellbeing(made: Made) -> pd.Series:
    """The sum of the fourteen items of every complete form, with the stage as index."""
    forms = made.tidy("survey_pupil_s1_s4").set_index("stage")
    items = forms[[f"wemwbs_{k:02d}" for k in range(1, 15)]].apply(pd.to_numeric)
    assert items.stack().dropna().isin(range(1, 6)).all()
    return items.sum(axis=1, skipna=False).dropna()


def test_wellbeing_is_near_the_published_mean_and_falls_with_age(strathmere: Made) -> None:
    scores = wellbeing(strathmere)
    assert scores.between(14, 70).all()
    by_stage = scores.groupby(level=0).mean()
    path = shared_file("facts/A_wellbeing_need.csv")
    published = 45.0
    if path is not None:
        facts = pd.read_csv(path, dtype=str, header=None)
        published = float(facts.loc[facts[0].eq("WEMWBS"), 3].iloc[0])
    # Published of S2 to S6; the forms have S2 to S4, and two points allow for the rest.
    assert by_stage[["S2", "S3", "S4"]].mean() == pytest.approx(published, abs=2.0)
    assert by_stage["S1"] > by_stage["S2"] > by_stage["S3"] > by_stage["S4"]
    assert 8 < scores.std() < 12


def test_a_few_forms_lack_a_wellbeing_item(strathmere: Made) -> None:
    lacking = 1 - len(wellbeing(strathmere)) / len(strathmere.csv("survey_pupil_s1_s4"))
    assert 0.02 < lacking < 0.08


@pytest.mark.parametrize("survey", ["pupil_p5_p7", "pupil_s1_s4"])
def test_many_needs_are_five_or_more_and_near_the_truth(strathmere: Made, survey: str) -> None:
    forms = strathmere.tidy(f"survey_{survey}")
    needs = forms[NEED_AT_NO].eq("no").sum(axis=1) + forms["bullied_last_year"].eq("yes")
    answered = forms[[*NEED_AT_NO, "bullied_last_year"]].isin(["yes", "no"]).all(axis=1)
    if survey == "pupil_s1_s4":
        items = forms[[f"sdq_{k:02d}" for k in range(1, 26)]].apply(pd.to_numeric)
        turned = items.assign(**{f"sdq_{k:02d}": 2 - items[f"sdq_{k:02d}"] for k in (7, 11, 14, 21, 25)})
        total = turned.drop(columns=[f"sdq_{k:02d}" for k in (1, 4, 9, 17, 20)]).sum(axis=1, skipna=False)
        needs, answered = needs + (total >= 15), answered & total.notna()
    found = 100 * (needs[answered] >= 5).mean()
    assert found == pytest.approx(strathmere.prevalence(survey, "multiple_risks")["999"], abs=2.0)


def test_the_forms_do_not_say_of_themselves_what_is_scored(strathmere: Made) -> None:
    for survey in ("pupil_p5_p7", "pupil_s1_s4"):
        assert not {"multiple_risks", "sdq_raised"} & set(strathmere.csv(f"survey_{survey}"))
