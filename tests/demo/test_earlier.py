"""The earlier wave: other pupils of the same schools, changes as stated, and nothing of today moved by it."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rcs_core.demo import earlier
from rcs_core.demo.parameters import parameters
from rcs_core.demo.people import make_people
from rcs_core.demo.wellbeing import ASKED, MULTIPLE
from tests.demo.conftest import Made

SIZES = ("strathmere", "hamlet")


@pytest.fixture(params=SIZES)
def made(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


def wave(made: Made) -> dict[str, Any]:
    [only] = made.truth.earlier
    return dict(only)


def test_no_pupil_is_in_both_waves(made: Made) -> None:
    now, then = set(made.csv("pupil_census")["pupil_id"]), set(made.csv("wave_2023/pupil_census")["pupil_id"])
    assert not now & then
    assert len(then) == wave(made)["pupils"]


def test_schools_are_the_same_but_for_one_that_closed_and_one_that_opened(made: Made) -> None:
    now, then = made.csv("schools").set_index("school_code"), made.csv("wave_2023/schools").set_index("school_code")
    assert set(then.index) - set(now.index) == {wave(made)["closed_since"]}
    assert set(now.index) - set(then.index) == {wave(made)["opened_since"]}
    both = now.index.intersection(then.index)
    pd.testing.assert_frame_equal(now.loc[both], then.loc[both])
    assert then["school_name"].is_unique
    assert set(made.csv("wave_2023/pupil_census")["school_code"]) == set(then.index)


def test_the_true_change_in_every_stage_is_the_stated_one(strathmere: Made) -> None:
    stated = parameters()["wellbeing"][earlier.CHANGES]
    assert wave(strathmere)["changes"] == {item: float(points) for item, points in stated.items()}
    for survey in ASKED:
        items = {r["indicator"] for r in strathmere.truth.prevalence if r["survey"] == survey} - {MULTIPLE}
        assert items <= set(stated)
        for item in items:
            now, then = (strathmere.prevalence(survey, item, "stage", year) for year in ("2025", "2023"))
            for stage in ASKED[survey]:
                assert now[stage] - then[stage] == pytest.approx(stated[item], abs=0.3), (item, stage)


def test_the_truth_of_both_waves_has_the_same_splits_and_adds_up(made: Made) -> None:
    now, then = pd.DataFrame(list(made.truth.prevalence)), pd.DataFrame(list(wave(made)["prevalence"]))
    assert set(now["wave"]) == {"2025"}
    assert set(then["wave"]) == {"2023"}
    assert list(now) == list(then)
    assert set(then["by"]) == {"area", "cluster", "stage", "sex", "simd_quintile"}
    sums = then.groupby(["survey", "indicator", "by"])[["n", "yes"]].sum()
    assert (sums.groupby(["survey", "indicator"]).nunique() == 1).all().all()


def test_its_faults_are_in_the_files_in_the_numbers_that_the_truth_gives(made: Made) -> None:
    roll = set(made.csv("wave_2023/pupil_census")["pupil_id"])
    for survey, stages in ASKED.items():
        forms = made.tidy(f"wave_2023/survey_{survey}")
        said = made.truth.files[f"wave_2023/survey_{survey}.csv"]
        known, stage = forms["pupil_id"].isin(roll), forms["stage"].isin(stages)
        assert len(forms) == said["rows"]
        assert int((~known).sum()) == said["not_in_census"] >= 3
        assert int((~stage).sum()) == said["wrong_stage"] >= 3
        assert int(forms["pupil_id"].duplicated().sum()) == said["answered_twice"] >= 3
        assert int((known & stage & ~forms["pupil_id"].duplicated()).sum()) == said["kept"]


def test_response_was_a_little_lower(strathmere: Made) -> None:
    for survey in ASKED:
        now, then = (told[survey]["ALL"] for told in (strathmere.truth.response, wave(strathmere)["response"]))
        assert 0 < now - then < 6, survey


def test_what_a_school_adds_of_its_own_lasts_in_part() -> None:
    """Between schools that are in both waves the hidden leans correlate about as stated."""
    numbers = parameters()
    now = make_people(numbers["schools"], 100_000, np.random.default_rng([1, 2]))
    streams = [np.random.default_rng([1, k]) for k in range(3)]
    then = earlier.make_earlier_wave(numbers, now, "999", streams).people
    leans = [
        pd.Series(p.pupils["school_lean"].to_numpy(), p.schools["school_code"].to_numpy()[p.pupils["school"]])
        .groupby(level=0)
        .first()
        for p in (now, then)
    ]
    both = pd.concat(leans, axis=1, join="inner")
    assert len(both) > 250
    assert np.corrcoef(both.to_numpy().T)[0, 1] == pytest.approx(numbers["wellbeing"].number("school_effect_kept"), abs=0.1)


def test_the_truth_file_says_what_write_demo_returned(hamlet: Made) -> None:
    told = json.loads((hamlet.folder / "demo_truth.json").read_text(encoding="utf-8"))
    assert told["earlier"][0]["wave"] == "2023"
    assert told["earlier"][0]["prevalence"] == list(wave(hamlet)["prevalence"])
