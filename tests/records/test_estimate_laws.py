"""Laws that weights, shares and both variances keep for any data, from the cube alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.design import Design, ratio, stage_of
from rcs_core.records.estimate.indicators import catalogue
from rcs_core.records.estimate.pupils import PupilSurvey, prepare
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.shares import Scores, one_hot
from rcs_core.records.estimate.weights import DEPRIVATION, STAGE_AND_SEX, counted, margins_of
from tests.records.estimate_case import case

LINKED = case(3).linked


@pytest.fixture(scope="module")
def survey() -> PupilSurvey:
    made = prepare(LINKED, "pupil_p5_p7", catalogue(), rules())
    assert made is not None
    return made


def clusters(survey: PupilSurvey) -> sparse.csr_array:
    """The clusters as domains, and everybody as the last."""
    codes = np.unique(survey.cube.cells["cluster_code"].to_numpy(dtype=str), return_inverse=True)[1]
    parts = one_hot(codes[survey.cube.cell_of], int(codes.max()) + 1)
    return sparse.csr_array(sparse.hstack([parts, np.ones((parts.shape[0], 1))]))


def pupil_by_pupil(survey: PupilSurvey, answers: pd.DataFrame) -> Design:
    """The design of variance (b) on single pupils, for the general estimator."""
    keys = ["school_code", "stage", "sex", "simd_quintile"]
    at = pd.MultiIndex.from_frame(survey.cube.cells[keys]).get_indexer(pd.MultiIndex.from_frame(answers[keys]))
    margins = margins_of(counted(survey.cube.cells, survey.roll), rules(), (STAGE_AND_SEX, DEPRIVATION))
    stage = stage_of(answers["school_code"].to_numpy(str), np.full(len(answers), "primary"))
    projection = cal.Projection.of(replace(margins, x=margins.x[at]), survey.weights.base[at])
    return Design(survey.weights.final[at], (stage,), projection=projection)


def test_the_spread_of_schools_gives_variances_and_covariances(survey: PupilSurvey) -> None:
    """Against the general estimator on single pupils: two clusters, everybody, and the clusters' difference."""
    answers = LINKED.surveys["pupil_p5_p7"]
    design, said = pupil_by_pupil(survey, answers), answers["trusted_adult"]
    groups = [answers["cluster_code"] == "C01", answers["cluster_code"] == "C02", answers["cluster_code"] != ""]
    inside = [(said.isin(["yes", "no"]) & group).to_numpy() for group in groups]
    direct = [ratio(design, said.eq("yes").to_numpy(float), np.ones(len(said)), rows) for rows in inside]
    scores = Scores.of(survey.cube, survey.weights.final, clusters(survey), "trusted_adult")
    spread = survey.recur.spread(scores)
    assert spread.shape == (len(survey.recur.schools), 3)
    assert np.sum(spread**2, axis=0) == pytest.approx(survey.recur.variance(scores))
    assert np.sum(spread**2, axis=0) == pytest.approx([found.variance for found in direct], rel=1e-9)
    between = design.variance(direct[0].scores - direct[1].scores, np.ones(len(said), dtype=bool))
    assert np.sum((spread[:, 0] - spread[:, 1]) ** 2) == pytest.approx(between, rel=1e-9)


def test_a_schools_scores_are_those_of_its_own_pupils(survey: PupilSurvey) -> None:
    answers = LINKED.surveys["pupil_p5_p7"]
    design, said = pupil_by_pupil(survey, answers), answers["trusted_adult"]
    assert sorted(survey.recur.schools) == sorted(set(answers["school_code"]))
    assert design.projection is not None
    inside = (said.isin(["yes", "no"]) & (answers["cluster_code"] == "C01")).to_numpy()
    scores = ratio(design, said.eq("yes").to_numpy(float), np.ones(len(said)), inside).scores
    left = design.weights * design.projection.residuals(scores)
    here = Scores.of(survey.cube, survey.weights.final, clusters(survey), "trusted_adult")
    by_school = pd.Series(left).groupby(answers["school_code"].to_numpy(str)).sum()
    assert survey.recur.school_scores(here)[:, 0] == pytest.approx(by_school.loc[list(survey.recur.schools)].to_numpy())
