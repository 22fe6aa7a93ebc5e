"""Who the pupils are, what they would answer and who answers: against the published figures and the known truth."""

import csv

import pandas as pd
import pytest

from rcs_core.demo.wellbeing import ASKED, QUESTIONS
from tests.demo.conftest import Made
from tests.shared import shared_file

SCHOOL_ITEMS = {
    "agree: I enjoy learning new things": "enjoys_learning",
    "agree: have a choice in what I am learning": "choice_in_learning",
    "agree: teachers treat me fairly": "treated_fairly",
    "agree: feel positive about my future": "positive_about_future",
}


def facts(name: str, indicator: str, **where: str) -> list[dict[str, str]]:
    """The published rows whose indicator begins so; none where the shared figures are not here, else at least one."""
    path = shared_file(f"facts/{name}.csv")
    if path is None:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"].startswith(indicator)]
    found = [row for row in rows if all(row[key] == value for key, value in where.items())]
    assert found, f"nothing to compare in {name}: {indicator}, {where}"
    return found


def survey_of(stage: str) -> str:
    return "pupil_p5_p7" if stage.startswith("P") else "pupil_s1_s4"


def stage_mean(made: Made, indicator: str, stages: list[str]) -> float:
    """The truth over some stages, weighted by their pupils."""
    rows = [r for r in made.truth.prevalence if r["indicator"] == indicator and r["by"] == "stage" and r["code"] in stages]
    return 100 * sum(r["yes"] for r in rows) / sum(r["n"] for r in rows)


def test_school_experience_is_as_published_in_every_stage(strathmere: Made) -> None:
    for title, item in SCHOOL_ITEMS.items():
        for row in facts("A_wellbeing_need", title, topic="school experience", year="2021/22"):
            stage = row["group"]
            if stage in ("P5", "P6", "P7", "S1", "S2", "S3", "S4"):
                truth = strathmere.prevalence(survey_of(stage), item, "stage")[stage]
                assert truth == pytest.approx(float(row["value"]), abs=0.15), (item, stage)


@pytest.mark.parametrize(
    ("start", "item", "stages"),
    [
        ("at least 1 hour exercise", "active_hour_yesterday", ["P5", "P6", "P7", "S1", "S2", "S3", "S4"]),
        ("eats both fruit and vegetables", "fruit_and_veg_daily", ["P5", "P6", "P7", "S1", "S2", "S3", "S4"]),
        ("always has an adult they can trust", "trusted_adult", ["P5", "P6", "P7", "S1", "S2", "S3", "S4"]),
        ("bullied in the last year", "bullied_last_year", ["P5", "P6", "P7", "S1", "S2", "S3"]),
        ("SDQ total difficulties slightly raised", "sdq_raised", ["S2", "S3", "S4"]),
    ],
)
def test_levels_are_near_the_published_ones(strathmere: Made, start: str, item: str, stages: list[str]) -> None:
    for row in facts("A_wellbeing_need", start, year="2021/22"):
        # The published base goes on to S6, where answers differ; three points allow for that.
        assert stage_mean(strathmere, item, stages) == pytest.approx(float(row["value"]), abs=3.0), item


def sdq_totals(made: Made) -> pd.DataFrame:
    """SDQ totals of the forms, scored here by the published rules and nothing of the project's."""
    forms = made.tidy("survey_pupil_s1_s4").merge(made.csv("pupil_census")[["pupil_id", "simd_quintile"]], on="pupil_id")
    scored = [k for k in range(1, 26) if k not in (1, 4, 9, 17, 20)]
    items = forms[[f"sdq_{k:02d}" for k in scored]].apply(pd.to_numeric).set_axis(scored, axis=1)
    for k in (7, 11, 14, 21, 25):
        items[k] = 2 - items[k]
    forms["total"] = items.sum(axis=1, skipna=False)
    return forms.dropna(subset="total")


def test_sdq_items_score_to_the_truth_and_to_the_survey_of_2018(strathmere: Made) -> None:
    forms = sdq_totals(strathmere)
    raised = 100 * (forms["total"] >= 15).mean()
    assert raised == pytest.approx(strathmere.prevalence("pupil_s1_s4", "sdq_raised")["999"], abs=1.5)
    both = forms[forms["stage"].isin(["S2", "S4"])]
    assert 100 * (both["total"] >= 16).mean() == pytest.approx(38, abs=3)
    assert 100 * (both["total"] >= 20).mean() == pytest.approx(20, abs=3)


def test_sdq_leans_with_deprivation_as_published(strathmere: Made) -> None:
    truth = strathmere.prevalence("pupil_s1_s4", "sdq_raised", "simd_quintile")
    assert truth["1"] - truth["5"] == pytest.approx(42 - 34, abs=2.0)
    assert truth["1"] > truth["2"] > truth["3"] > truth["5"]


def test_the_known_truth_by_stage_does_not_depend_on_the_seed(strathmere: Made, hamlet: Made) -> None:
    for survey, items in QUESTIONS.items():
        for item in items:
            here, there = strathmere.prevalence(survey, item, "stage"), hamlet.prevalence(survey, item, "stage")
            assert here == pytest.approx(there, abs=0.4), item


def test_every_split_of_the_truth_adds_up_to_the_council(strathmere: Made) -> None:
    frame = pd.DataFrame(list(strathmere.truth.prevalence))
    sums = frame.groupby(["survey", "indicator", "by"])[["n", "yes"]].sum()
    assert (sums.groupby(["survey", "indicator"]).nunique() == 1).all().all()


def test_response_is_realistic_and_falls_with_age_and_deprivation(strathmere: Made) -> None:
    census = strathmere.csv("pupil_census").merge(strathmere.csv("schools"), on="school_code")
    census = census[census["sector"] != "special"]
    for survey, stages in ASKED.items():
        forms = strathmere.tidy(f"survey_{survey}")
        asked = census[census["stage"].isin(stages)]
        share = asked["pupil_id"].isin(forms["pupil_id"])
        assert 0.70 <= share.mean() <= 0.80
        by_simd = share.groupby(asked["simd_quintile"]).mean()
        assert by_simd["1"] < by_simd["3"] < by_simd["5"]
    primary, secondary = (strathmere.truth.response[survey]["ALL"] for survey in ASKED)
    assert primary > secondary
    assert strathmere.truth.response["pupil_s1_s4"]["S1"] > strathmere.truth.response["pupil_s1_s4"]["S4"]


def test_weighting_by_stage_simd_and_school_would_mend_the_answers(strathmere: Made) -> None:
    """Answered shares differ from the truth by chance only once stage is allowed for."""
    for survey in ASKED:
        forms = strathmere.tidy(f"survey_{survey}").drop_duplicates("pupil_id")
        for item in ("trusted_adult", "bullied_last_year", "feels_safe_in_area"):
            answered = forms[forms[item].isin(["yes", "no"]) & forms["stage"].isin(ASKED[survey])]
            shares = 100 * (answered[item] == "yes").groupby(answered["stage"]).mean()
            for stage, truth in strathmere.prevalence(survey, item, "stage").items():
                assert shares[stage] == pytest.approx(truth, abs=4.5), (item, stage)


def test_the_faults_are_in_the_files_in_the_numbers_that_the_truth_gives(strathmere: Made, hamlet: Made) -> None:
    for made in (strathmere, hamlet):
        roll = set(made.csv("pupil_census")["pupil_id"])
        for survey, stages in ASKED.items():
            raw, forms = made.csv(f"survey_{survey}"), made.tidy(f"survey_{survey}")
            said = made.truth.files[f"survey_{survey}.csv"]
            known, stage = forms["pupil_id"].isin(roll), forms["stage"].isin(stages)
            assert len(forms) == said["rows"]
            assert int((~known).sum()) == said["not_in_census"] >= 3
            assert int((~stage).sum()) == said["wrong_stage"] >= 3
            assert int(forms["pupil_id"].duplicated().sum()) == said["answered_twice"] >= 3
            assert int((known & stage & ~forms["pupil_id"].duplicated()).sum()) == said["kept"]
            for column in ("school_code", "stage", "enjoys_learning"):
                assert int((raw[column] != forms[column]).sum()) == said[f"stray_{column}"] >= 1
            header = (made.folder / f"survey_{survey}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
            assert sum(name != name.strip().lower() for name in header) == said["odd_headers"]


def test_the_first_of_two_forms_is_the_pupils_own(strathmere: Made) -> None:
    forms = strathmere.tidy("survey_pupil_p5_p7")
    own = strathmere.csv("pupil_census").set_index("pupil_id")
    first = forms[forms["pupil_id"].duplicated(keep="last")]
    assert (first["school_code"].to_numpy() == own.loc[first["pupil_id"], "school_code"].to_numpy()).all()
    assert (first["stage"].to_numpy() == own.loc[first["pupil_id"], "stage"].to_numpy()).all()


def test_some_questions_are_left_blank_and_some_would_rather_not_say(strathmere: Made) -> None:
    forms = strathmere.tidy("survey_pupil_s1_s4")
    assert (forms["trusted_adult"] == "").mean() == pytest.approx(0.02, abs=0.01)
    assert (forms["regular_smoker"] == "prefer_not_to_say").mean() == pytest.approx(0.04, abs=0.015)
    assert set(forms["treated_fairly"]) == {"yes", "no", "", "prefer_not_to_say"}


def test_clusters_differ_in_deprivation_and_the_council_is_as_published(strathmere: Made) -> None:
    census = strathmere.csv("pupil_census").merge(strathmere.csv("schools"), on="school_code")
    most = (census["simd_quintile"] == "1").groupby(census["cluster_code"]).mean()
    assert most.max() > 2 * most.min()
    for row in facts("B_simd_distribution_and_gradients", "population by national", geography="Falkirk"):
        if row["group"] != "Total":
            share = float(row["value"]) / 160_130
            assert (census["simd_quintile"] == row["group"][0]).mean() == pytest.approx(share, abs=0.04)


def test_parents_answer_as_published_when_weighted(strathmere: Made) -> None:
    frame = strathmere.csv("survey_parent_0_8")
    frame["weight"] = frame["weight"].astype(float)

    def share(item: str, where: pd.Series) -> float:
        valid = frame[where & frame[item].isin(["yes", "no"])]
        return float((valid["weight"] * (valid[item] == "yes")).sum() / valid["weight"].sum())

    everyone = pd.Series(True, index=frame.index)
    assert share("general_health_good", everyone) == pytest.approx(0.95, abs=0.03)
    assert share("sdq_parent_raised", frame["simd_quintile"] == "1") > share("sdq_parent_raised", frame["simd_quintile"] == "5")
    primary = strathmere.csv("pupil_census").query("stage == 'P1'")
    assert frame["weight"].sum() == pytest.approx(9 * len(primary), rel=0.06)
    assert not set(frame["respondent_id"]) & set(strathmere.csv("pupil_census")["pupil_id"])
    assert frame.groupby("stratum")["psu"].nunique().min() >= 2
