"""Calibration and the weights of the pupil surveys."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from rcs_core.errors import ContractError
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.cube import make_cube
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.weights import counted, kish, margins_of, weigh
from tests.records.estimate_case import population, respond

ITEMS = ["trusted_adult"]


def sample(seed: int = 2) -> tuple[np.ndarray, cal.Margins, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    columns = {"sex": rng.choice(["f", "m"], 300), "school": rng.choice(["a", "b", "c"], 300)}
    totals = {"sex": {"f": 260.0, "m": 190.0}, "school": {"a": 140.0, "b": 160.0, "c": 150.0}}
    return rng.uniform(1, 2, 300), cal.indicators(columns, totals), columns


@pytest.mark.parametrize("distance", [cal.linear(), cal.linear(0.5, 2), cal.raking(), cal.raking(0.5, 2), cal.logit(0.4, 2.2)])
def test_calibrated_weights_reproduce_every_margin(distance: cal.Distance) -> None:
    weights, margins, _ = sample()
    final = weights * cal.calibrate(weights, margins, distance).factor
    assert margins.x.T @ final == pytest.approx(margins.totals, rel=1e-9)


def test_raking_is_iterative_proportional_fitting() -> None:
    weights, margins, columns = sample()
    fitted, totals = weights.copy(), dict(zip(margins.names, margins.totals, strict=True))
    for _ in range(200):
        for column, values in columns.items():
            for level in np.unique(values):
                fitted[values == level] *= totals[f"{column} {level}"] / fitted[values == level].sum()
    assert weights * cal.calibrate(weights, margins, cal.raking()).factor == pytest.approx(fitted, rel=1e-8)


def test_a_bounded_factor_stays_within_its_bounds() -> None:
    weights, margins, _ = sample()
    free = cal.calibrate(weights, margins, cal.raking()).factor
    low, high = free.min() + 0.01, free.max() - 0.01
    factor = cal.calibrate(weights, margins, cal.logit(low, high)).factor
    assert low < factor.min() < factor.max() < high


def test_residuals_leave_nothing_for_the_margins_to_explain() -> None:
    weights, margins, _ = sample()
    scores = np.random.default_rng(5).normal(size=300)
    left = cal.Projection.of(margins, weights).residuals(scores)
    assert margins.x.T @ (weights * left) == pytest.approx(np.zeros(5), abs=1e-9)
    assert cal.Projection.of(margins, weights).residuals(margins.x @ np.arange(5.0)) == pytest.approx(np.zeros(300), abs=1e-9)


def test_margins_that_contradict_one_another_are_named() -> None:
    weights, margins, _ = sample()
    wrong = replace(margins, totals=margins.totals + np.array([50.0, 0, 0, 0, 0]))
    with pytest.raises(ContractError, match="no weights meet every margin"):
        cal.calibrate(weights, wrong, cal.raking())


def test_a_level_without_a_total_is_refused() -> None:
    with pytest.raises(ContractError, match="'m' without a total"):
        cal.indicators({"sex": np.array(["f", "m"])}, {"sex": {"f": 2.0}})


def test_a_numeric_margin_is_met_beside_collinear_ones() -> None:
    weights, margins, _ = sample()
    age = np.random.default_rng(6).uniform(9, 12, 300)
    both = cal.Margins(
        sparse.csr_array(sparse.hstack([margins.x, age[:, None]])), np.append(margins.totals, 4700.0), (*margins.names, "age")
    )
    final = weights * cal.calibrate(weights, both, cal.linear()).factor
    assert final @ age == pytest.approx(4700)


def pupils(seed: int = 1, rate: float = 0.75) -> tuple[pd.DataFrame, pd.DataFrame]:
    people = population(seed)
    people = people[people["stage"].str.startswith("P")]
    return people, respond(people, seed, rate)


def weighted(answers: pd.DataFrame, people: pd.DataFrame, column: list[str]) -> tuple[pd.Series, pd.Series]:
    cube = make_cube(answers, ITEMS)
    weights = weigh(cube.cells, people, rules())
    stands_for = (cube.cells.assign(w=weights.final * cube.cells["n"])).groupby(column)["w"].sum()
    return stands_for, people.groupby(column).size().astype(float)


@pytest.mark.parametrize("column", [["school_code"], ["simd_quintile"], ["stage", "sex"], ["stage"], ["cluster_code"]])
def test_pupil_weights_reproduce_every_margin_of_the_roll(column: list[str]) -> None:
    people, answers = pupils()
    stands_for, roll = weighted(answers, people, column)
    pd.testing.assert_series_equal(stands_for, roll, check_names=False, rtol=1e-8)


def test_a_school_that_nobody_answered_is_spoken_for_by_its_cluster() -> None:
    people, answers = pupils()
    silent = people["school_code"].iloc[0]
    stands_for, roll = weighted(answers[answers["school_code"] != silent], people, ["cluster_code"])
    pd.testing.assert_series_equal(stands_for, roll, check_names=False, rtol=1e-8)


def test_a_thin_stage_is_weighted_with_its_neighbour() -> None:
    people, answers = pupils()
    school = people["school_code"].iloc[0]
    thin = (answers["school_code"] == school) & (answers["stage"] == "P6")
    answers = answers[~thin | (thin.cumsum() <= 3)]
    cube = make_cube(answers, ITEMS)
    weights = weigh(cube.cells, people, rules())
    here = cube.cells[cube.cells["school_code"] == school].assign(base=weights.base[cube.cells["school_code"] == school])
    by_stage = here.groupby("stage")["base"].first()
    assert by_stage["P5"] == by_stage["P6"] != by_stage["P7"]


def test_a_weight_over_the_bound_is_trimmed_and_the_margins_still_hold() -> None:
    people, answers = pupils()
    odd = answers["simd_quintile"].eq("5") & answers["sex"].eq("male")
    few = answers[~odd | (odd.cumsum() % 9 == 0)]
    cells = make_cube(few, ITEMS).cells
    loose, tight = (weigh(cells, people, replace(rules(), max_weight_ratio=r)) for r in (50.0, 2.2))
    assert loose.largest > 2.2
    assert tight.trimmed
    assert tight.largest < loose.largest
    margins = margins_of(counted(cells, people), rules(), tight.margins)
    assert margins.x.T @ (tight.final * cells["n"]) == pytest.approx(margins.totals, rel=1e-8)


def test_equal_weights_have_no_kish_effect() -> None:
    assert kish(np.full(4, 1.3), np.array([1.0, 5, 2, 9])) == pytest.approx(1)
    assert kish(np.array([1.0, 3]), np.array([1.0, 1])) == pytest.approx(2 * 10 / 16)


def test_where_no_weights_meet_every_margin_schools_give_way_first() -> None:
    people = population(1)
    people = people[people["stage"].str.startswith("S")]
    answers = respond(people, 7)
    answers = answers[~(answers["cluster_code"].eq("C01") & answers["sex"].eq("male"))]
    stands_for, roll = weighted(answers, people, ["stage", "sex"])
    pd.testing.assert_series_equal(stands_for, roll, check_names=False, rtol=1e-8)
    assert weigh(make_cube(answers, ITEMS).cells, people, rules()).margins == ("stage and sex", "deprivation")
