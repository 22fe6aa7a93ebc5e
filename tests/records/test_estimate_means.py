"""Mean scores: the estimator against the cube's own error and by hand, and what may be told of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate.intervals import t_value
from rcs_core.records.estimate.means import means, tell_means
from rcs_core.records.estimate.pupils import PupilSurvey, prepare
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.shares import Scores
from rcs_core.records.scoring import scoring
from rcs_core.release import Table
from tests.records.estimate_case import linked_from, population, respond

KNOWN = scoring().means
RULE = KNOWN["wemwbs_score"]
SURVEY = "pupil_s1_s4"


@pytest.fixture(scope="module")
def case() -> tuple[PupilSurvey, pd.DataFrame]:
    """A secondary survey made ready, and its linked answers."""
    people = population(seed=5)
    linked = linked_from(people, respond(people), parents=False)
    survey = prepare(linked, SURVEY, catalogue(), rules())
    assert survey is not None
    return survey, linked.surveys[SURVEY]


def test_the_mean_and_error_of_noughts_and_ones_are_the_cubes_share_and_error(case: tuple[PupilSurvey, pd.DataFrame]) -> None:
    survey, answers = case
    code = "bullied_last_year"
    scored = answers.assign(score=answers[code].map({"yes": 1.0, "no": 0.0}))
    found = means(survey, scored, ["score"], rules()).set_index("area")
    clusters = survey.cube.cells["cluster_code"].astype(str).to_numpy()[survey.cube.cell_of]
    areas = ["999", *sorted(set(clusters))]
    inside = np.column_stack([(clusters == a) | (a == "999") for a in areas]).astype(float)
    scores = Scores.of(survey.cube, survey.weights.final, sparse.csr_array(inside), code)
    shares = scores.with_variance(survey.these.variance(scores), survey.these.df(scores))
    assert list(found.index) == areas
    np.testing.assert_allclose(found["mean"], shares.share, rtol=1e-12)
    np.testing.assert_allclose(found["n"], shares.yes + shares.no)
    # The interval is t times the error to either side, so half its width shows the error to the last digit.
    half = (found["high"] - found["low"]) / 2
    np.testing.assert_allclose(half, t_value(shares.df, rules().confidence) * np.sqrt(shares.variance), rtol=1e-9)


def test_a_score_that_is_the_same_for_all_has_that_mean_and_no_error(case: tuple[PupilSurvey, pd.DataFrame]) -> None:
    survey, answers = case
    found = means(survey, answers.assign(wemwbs_score=50.0), ["wemwbs_score"], rules())
    np.testing.assert_allclose(found[["mean", "low", "high"]].to_numpy(), 50.0, atol=1e-9)


def test_the_mean_moves_and_stretches_with_the_score(case: tuple[PupilSurvey, pd.DataFrame]) -> None:
    survey, answers = case
    score = np.random.default_rng(1).normal(48, 9, len(answers))
    one, other = (means(survey, answers.assign(s=s), ["s"], rules()) for s in (score, 3 * score + 7))
    for end in ("mean", "low", "high"):
        np.testing.assert_allclose(other[end], 3 * one[end] + 7, rtol=1e-9)


def test_the_order_of_forms_does_not_matter(case: tuple[PupilSurvey, pd.DataFrame]) -> None:
    survey, answers = case
    scored = answers.assign(s=np.random.default_rng(2).normal(48, 9, len(answers)))
    shuffled = scored.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(means(survey, scored, ["s"], rules()), means(survey, shuffled, ["s"], rules()), rtol=1e-9)


def test_the_interval_holds_the_true_mean_in_nineteen_of_twenty_surveys() -> None:
    people = population(seed=11, stage_roll=25)
    people["s"] = np.random.default_rng(4).normal(48, 9, len(people)) + people["simd_quintile"].astype(int)
    truth = people.loc[people["stage"].str.startswith("S"), "s"].mean()
    held = 0
    for seed in range(30):
        linked = linked_from(people, respond(people, seed=seed), parents=False)
        survey = prepare(linked, SURVEY, catalogue(), rules())
        assert survey is not None
        row = means(survey, linked.surveys[SURVEY], ["s"], rules()).iloc[0]
        held += row["low"] <= truth <= row["high"]
    # 28 or 29 of 30 expected; fewer than 26 would be one chance in sixty.
    assert held >= 26


def test_a_score_that_was_not_collected_gives_no_row(case: tuple[PupilSurvey, pd.DataFrame]) -> None:
    assert means(*case, ["wemwbs_score"], rules()).empty
    assert tell_means(means(*case, ["wemwbs_score"], rules()), [], KNOWN) == []


def exact(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    """Exact means: area, level, scored forms, mean, with an interval of half a point to either side."""
    return pd.DataFrame(
        [(SURVEY, "2025", "wemwbs_score", area, level, n, mean, mean - 0.55, mean + 0.55) for area, level, n, mean in rows],
        columns=["survey", "wave", "indicator", "area", "level", "n", "mean", "low", "high"],
    )


def counts(**state: str) -> Table:
    rows = [(SURVEY, "2025", "trusted_adult", area, "ALL", 90, said) for area, said in state.items()]
    frame = pd.DataFrame(rows, columns=["survey", "wave", "indicator", "area", "band", "n", "state"])
    return Table("pupil_s1_s4_area", "by area", frame, ("area", "band"), ("survey", "wave", "indicator"))


WHOLE = ("999", "council", 400, 48.25)


def told(rows: pd.DataFrame, *tables: Table) -> dict[str, tuple[object, ...]]:
    frame = tell_means(rows, tables, KNOWN)[0].frame
    return {r.area: (r.state, *(None if pd.isna(v) else v for v in (r.mean, r.low, r.high))) for r in frame.itertuples()}


def test_means_are_told_to_one_decimal_with_the_interval_outwards() -> None:
    assert told(exact(WHOLE, ("C01", "cluster", 30, 47.94)))["999"] == ("shown", 48.3, 47.7, 48.8)
    assert told(exact(WHOLE, ("C01", "cluster", 30, 47.94)))["C01"] == ("shown", 47.9, 47.3, 48.5)


def test_one_cluster_with_too_few_forms_hides_every_cluster() -> None:
    found = told(exact(WHOLE, ("C01", "cluster", 300, 48.0), ("C02", "cluster", 29, 44.0), ("C03", "cluster", 71, 50.0)))
    assert [found[a][0] for a in ("999", "C01", "C02", "C03")] == ["shown", "suppressed", "unreliable", "suppressed"]
    assert all(value is None for area in ("C01", "C02", "C03") for value in found[area][1:])


def test_a_cluster_whose_answers_are_hidden_hides_every_cluster() -> None:
    rows = exact(WHOLE, ("C01", "cluster", 300, 48.0), ("C02", "cluster", 60, 44.0))
    found = told(rows, counts(**{"999": "shown", "C01": "shown", "C02": "suppressed"}))
    assert [found[a][0] for a in ("999", "C01", "C02")] == ["shown", "suppressed", "suppressed"]


def test_a_council_of_too_few_forms_has_no_mean() -> None:
    assert told(exact(("999", "council", 29, 48.0)))["999"] == ("unreliable", None, None, None)


def test_no_base_is_published() -> None:
    table = tell_means(exact(WHOLE), [], KNOWN)[0]
    assert not table.is_count
    assert list(table.frame.columns) == ["survey", "wave", "indicator", "title", "unit", "area", "mean", "low", "high", "state"]


def test_the_number_of_forms_comes_from_the_contract() -> None:
    table = tell_means(exact(WHOLE), [], {"wemwbs_score": replace(RULE, least_forms=401)})[0]
    assert list(table.frame["state"]) == ["unreliable"]
