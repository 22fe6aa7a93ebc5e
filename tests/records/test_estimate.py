"""The count tables of a release: true counts, shares that follow from the weights, and laws that hold for any data."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate import Estimates, estimate, intervals
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.cube import make_cube
from rcs_core.records.estimate.design import Design, ratio, stage_of
from rcs_core.records.estimate.publish import published
from rcs_core.records.estimate.pupils import prepare
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.shares import Scores
from rcs_core.records.link import Linked
from tests.records.estimate_case import Case, case, linked_from, population, respond, with_survey

SURVEY = "pupil_s1_s4"
DIMS = {"_area": [], "_area_sex": ["sex"], "_stage": ["stage"], "_simd": ["simd_quintile"], "_contact": ["contact"]}


@pytest.fixture(scope="module")
def small() -> Case:
    return case(1)


@pytest.fixture(scope="module")
def made(small: Case) -> Estimates:
    return estimate(small.linked)


def frame(made: Estimates, name: str) -> pd.DataFrame:
    return next(table.frame for table in made.tables if table.name == name)


def names(made: Estimates) -> set[str]:
    return {table.name for table in made.tables}


def members(answers: pd.DataFrame, row: pd.Series) -> pd.Series:
    """The respondents of one cell of a table, read straight from the answers."""
    inside = pd.Series(True, index=answers.index)
    if row["area"] != "999":
        inside &= answers["cluster_code"].eq(row["area"]) | answers["school_code"].eq(row["area"])
    groups = {"either": "social_work_only additional_support_only both", "social_work": "social_work_only both"}
    groups |= {"no_social_work": "none additional_support_only", "additional_support": "additional_support_only both"}
    groups |= {"no_additional_support": "none social_work_only"}
    for column in ("sex", "stage", "simd_quintile", "contact"):
        if column in row and row[column] != "ALL":
            inside &= answers[column].isin(groups.get(row[column], row[column]).split())
    return inside


def test_every_count_is_the_count_of_the_answers(small: Case, made: Estimates) -> None:
    answers = small.linked.surveys[SURVEY]
    for suffix in [*DIMS, "_contact_cluster"]:
        for _, row in frame(made, f"{SURVEY}{suffix}").sample(60, random_state=1).iterrows():
            said = answers.loc[members(answers, row), row["indicator"]]
            bands = {"yes": said.eq("yes"), "no": said.eq("no"), "ALL": said.isin(["yes", "no"])}
            assert row["n"] == bands[row["band"]].sum(), dict(row)


def test_domains_add_up_to_their_totals(made: Estimates) -> None:
    for suffix, dims in DIMS.items():
        table = frame(made, f"{SURVEY}{suffix}")
        by_band = table.pivot_table(index=["indicator", "area", *dims], columns="band", values="n")
        assert (by_band["ALL"] == by_band["yes"] + by_band["no"]).all()
        if dims and suffix != "_contact":
            parts = table[table[dims[0]] != "ALL"].groupby(["indicator", "area", "band"])["n"].sum()
            whole = table[table[dims[0]] == "ALL"].set_index(["indicator", "area", "band"])["n"]
            assert (parts == whole.sort_index()).all()
    area = frame(made, f"{SURVEY}_area").query("indicator == 'trusted_adult' and band == 'yes'").set_index("area")["n"]
    assert area["999"] == area["C01"] + area["C02"]


def test_the_same_cell_has_the_same_value_in_every_table(made: Estimates) -> None:
    seen: dict[tuple[str, ...], tuple[object, ...]] = {}
    for suffix, dims in [*DIMS.items(), ("_contact_cluster", ["contact"])]:
        for row in frame(made, f"{SURVEY}{suffix}").to_dict("records"):
            group = next((row[d] for d in dims if row[d] != "ALL"), "")
            cell = (row["indicator"], row["area"], row["band"], group)
            value = (row["n"], row["state"], str(row["pct"]), str(row["pct_low"]), row["pct_state"])
            assert seen.setdefault(cell, value) == value


def test_the_cube_gives_what_the_answers_give_directly(small: Case, made: Estimates) -> None:
    """Every share, error and df of variance (a), from single pupils through the general estimator."""
    answers = small.linked.surveys[SURVEY]
    roll = small.linked.roll[small.linked.roll["stage"].str.startswith("S")]
    strata, on_roll = answers["school_code"] + answers["stage"], roll.groupby(roll["school_code"] + roll["stage"]).size()
    start = (on_roll / strata.value_counts()).reindex(strata).to_numpy()
    margins = cal.indicators(
        {name: columns(answers).to_numpy(str) for name, columns in MARGINS.items()},
        {name: columns(roll).value_counts().to_dict() for name, columns in MARGINS.items()},
    )
    raked = cal.calibrate(start, margins, cal.raking())
    stage = stage_of(answers.index.to_numpy(str), strata.to_numpy(str), on_roll.reindex(strata).to_numpy(float))
    design = Design(start * raked.factor, (stage,), projection=raked.projection)
    exact = made.precision[made.precision["table"].str.startswith(SURVEY)].sample(120, random_state=2)
    for _, row in exact.dropna(axis=1, how="all").iterrows():
        said = answers[row["indicator"]]
        inside = (said.isin(["yes", "no"]) & members(answers, row.dropna())).to_numpy()
        direct = ratio(design, said.eq("yes").to_numpy(float), np.ones(len(answers)), inside, clamped=True)
        assert row["share"] == pytest.approx(direct.estimate, rel=1e-9)
        assert row["se"] == pytest.approx(np.sqrt(direct.variance), rel=1e-9)
        assert row["df"] == direct.df


MARGINS = {
    "stage and sex": lambda f: f["stage"] + f["sex"],
    "deprivation": lambda f: f["simd_quintile"],
    "school": lambda f: f["school_code"],
}


def test_the_error_between_schools_agrees_with_the_general_estimator(small: Case) -> None:
    code = "pupil_p5_p7"
    survey = prepare(small.linked, code, catalogue(), rules())
    assert survey is not None
    answers = small.linked.surveys[code]
    roll = small.linked.roll[small.linked.roll["stage"].str.startswith("P")]
    everybody = np.ones((len(survey.cube.atoms), 1))
    scores = Scores.of(survey.cube, survey.weights.final, cal.sparse.csr_array(everybody), "trusted_adult")
    place = pd.MultiIndex.from_frame(survey.cube.cells[["school_code", "stage", "sex", "simd_quintile"]])
    at = place.get_indexer(pd.MultiIndex.from_frame(answers[["school_code", "stage", "sex", "simd_quintile"]]))
    two = {name: MARGINS[name] for name in ("stage and sex", "deprivation")}
    margins = cal.indicators(
        {name: columns(answers).to_numpy(str) for name, columns in two.items()},
        {name: columns(roll).value_counts().to_dict() for name, columns in two.items()},
    )
    stage = stage_of(answers["school_code"].to_numpy(str), np.full(len(answers), "primary"))
    projection = cal.Projection.of(margins, survey.weights.base[at])
    said = answers["trusted_adult"]
    design = Design(survey.weights.final[at], (stage,), projection=projection)
    direct = ratio(design, said.eq("yes").to_numpy(float), np.ones(len(answers)), said.isin(["yes", "no"]).to_numpy())
    assert survey.recur.variance(scores)[0] == pytest.approx(direct.variance, rel=1e-9)
    assert survey.recur.df(scores)[0] == direct.df == 5


def test_relabelling_pupils_schools_and_rows_changes_nothing(small: Case, made: Estimates) -> None:
    people = small.people.sample(frac=1, random_state=4)
    answers = pd.concat([small.linked.surveys[s] for s in ("pupil_p5_p7", "pupil_s1_s4")]).sample(frac=1, random_state=5)
    new = {code: f"98{1000 - i:05d}" for i, code in enumerate(sorted(people["school_code"].unique()))}
    people, answers = (f.assign(school_code=f["school_code"].map(new), pupil_id="q" + f["pupil_id"]) for f in (people, answers))
    again = estimate(linked_from(people, answers))
    for suffix in ("_area_sex", "_stage", "_contact"):
        pd.testing.assert_frame_equal(frame(again, f"{SURVEY}{suffix}"), frame(made, f"{SURVEY}{suffix}"))


def test_doubling_pupils_and_answers_leaves_every_share(small: Case, made: Estimates) -> None:
    people = pd.concat([small.people, small.people.assign(pupil_id="d" + small.people["pupil_id"])], ignore_index=True)
    answers = pd.concat([small.linked.surveys[s] for s in ("pupil_p5_p7", "pupil_s1_s4")])
    answers = pd.concat([answers, answers.assign(pupil_id="d" + answers["pupil_id"])], ignore_index=True)
    twice = estimate(linked_from(people, answers)).precision
    once = made.precision
    pd.testing.assert_series_equal(twice["share"], once["share"], rtol=1e-8)
    pupils = once["table"].str.startswith("pupil")
    shrunk = (twice["se"] / once["se"])[pupils & (once["yes"] > 20) & (once["no"] > 20)]
    assert shrunk.between(0.68, 0.72).all()


def test_a_share_is_weighted_to_the_roll_so_uneven_response_does_not_bend_it() -> None:
    people = population(3, stage_roll=60)
    people["trusted_adult"] = np.where(people["simd_quintile"].isin(["1", "2"]), "no", "yes")
    made = estimate(linked_from(people, respond(people, 3, item_missing=0.0)))
    found = made.precision.query("table == 'pupil_s1_s4_area' and indicator == 'trusted_adult' and area == '999'")
    truth = people[people["stage"].str.startswith("S")]["trusted_adult"].eq("yes").mean()
    assert found["share"].iloc[0] == pytest.approx(truth, abs=1e-9)
    assert found["se"].iloc[0] == pytest.approx(0, abs=1e-6)


def test_an_all_yes_school_has_an_interval_of_some_width(small: Case) -> None:
    answers = small.linked.surveys["pupil_p5_p7"].copy()
    school = answers["school_code"].iloc[0]
    answers.loc[answers["school_code"].eq(school), "feels_safe_in_area"] = "yes"
    made = estimate(with_survey(small.linked, "pupil_p5_p7", answers))
    cell = (
        frame(made, "pupil_p5_p7_area").query("area == @school and indicator == 'feels_safe_in_area' and band == 'yes'").iloc[0]
    )
    assert cell["pct"] == 100
    assert cell["pct_low"] < 100 == cell["pct_high"]


def test_sensitive_topics_stay_at_the_council(made: Estimates) -> None:
    sensitive = {code for code, about in catalogue().indicators.items() if about.sensitive}
    for suffix in ("_area", "_area_sex"):
        table = frame(made, f"{SURVEY}{suffix}")
        assert set(table.loc[table["indicator"].isin(sensitive), "area"]) == {"999"}


def test_a_group_that_nobody_is_in_is_still_a_row(small: Case) -> None:
    answers = small.linked.surveys[SURVEY]
    without = answers[~(answers["cluster_code"].eq("C01") & answers["sex"].eq("male"))]
    table = frame(estimate(with_survey(small.linked, SURVEY, without)), f"{SURVEY}_area_sex")
    empty = table.query("area == 'C01' and sex == 'male' and indicator == 'trusted_adult'")
    assert empty["n"].tolist() == [0, 0, 0]
    assert empty.query("band == 'yes'")["pct_state"].tolist() == ["unreliable"]


def test_without_linkage_there_is_no_contact_table_but_the_rolls_own(small: Case) -> None:
    totals = pd.DataFrame([("social_work", "S1", 30), ("social_work", "P5", 9), ("additional_support", "S2", 90)])
    totals.columns = ["extract", "stage", "n"]
    unlinked = replace(small.linked, linked=False, roll=small.linked.roll.drop(columns="contact"), extract_totals=totals)
    bare = {s: f.drop(columns="contact", errors="ignore") for s, f in unlinked.surveys.items()}
    made = estimate(replace(unlinked, surveys=bare))
    assert not {n for n in names(made) if "contact" in n} - {"pupil_p5_p7_contact_roll", "pupil_s1_s4_contact_roll"}
    roll = frame(made, "pupil_s1_s4_contact_roll").set_index("contact")["n"]
    whole = int(unlinked.roll["stage"].str.startswith("S").sum())
    assert roll.to_dict() == {
        "ALL": whole, "social_work": 30, "no_social_work": whole - 30,
        "additional_support": 90, "no_additional_support": whole - 90,
    }  # fmt: skip


def test_with_one_extract_only_that_service_is_told(small: Case) -> None:
    made = estimate(replace(small.linked, extracts=("social_work",)))
    assert set(frame(made, f"{SURVEY}_contact")["contact"]) == {"ALL", "social_work", "no_social_work"}
    assert f"{SURVEY}_contact_cluster" not in names(made)


@pytest.mark.parametrize("gone", ["pupil_p5_p7", "pupil_s1_s4", "parent_0_8"])
def test_a_survey_that_did_not_come_is_simply_not_there(small: Case, gone: str) -> None:
    made = estimate(replace(small.linked, surveys={s: f for s, f in small.linked.surveys.items() if s != gone}))
    assert not {n for n in names(made) if n.startswith(gone)}
    assert gone not in set(made.surveys["survey"]) | set(made.coverage["survey"]) | set(made.indicators["survey"])


def test_no_survey_at_all_is_an_empty_answer(small: Case) -> None:
    made = estimate(replace(small.linked, surveys={}))
    assert made.tables == []
    assert len(made.surveys) == len(made.coverage) == len(made.indicators) == 0


def test_the_plain_tables_have_the_columns_that_pages_read(made: Estimates) -> None:
    assert list(made.surveys) == ["survey", "wave", "current", "title", "stages", "roll", "response_pct", "note"]
    assert list(made.coverage) == ["survey", "wave", "topic", "pct", "text"]
    assert made.indicators.groupby("survey").size().to_dict() == {"parent_0_8": 3, "pupil_p5_p7": 11, "pupil_s1_s4": 15}


def covered(linked: Linked, code: str, truth: pd.DataFrame) -> list[bool]:
    """Whether each published interval (before rounding to whole per cents) holds the truth of the whole roll."""
    survey = prepare(linked, code, catalogue(), rules())
    assert survey is not None
    kinds, people = {"ALL": np.ones(len(survey.cube.atoms), dtype=bool)}, {"ALL": np.ones(len(truth), dtype=bool)}
    for column in ("school_code", "simd_quintile", "sex"):
        values, everybody = survey.cube.cells[column].to_numpy(object)[survey.cube.cell_of], truth[column].to_numpy(object)
        kinds |= {str(v): values == v for v in sorted(set(values))}
        people |= {str(v): everybody == v for v in sorted(set(values))}
    found = []
    for item in survey.cube.indicators:
        scores = Scores.of(survey.cube, survey.weights.final, cal.sparse.csr_array(np.array(list(kinds.values()), float).T), item)
        shares = scores.with_variance(survey.these.variance(scores), survey.these.df(scores))
        n_eff, true = published(shares, rules())["n_eff"].to_numpy(), truth[item].eq("yes").to_numpy()
        edges = intervals.korn_graubard(shares.share, n_eff, 0.95)
        ends = intervals.display(shares.share, shares.variance, n_eff, shares.df, edges, rules())
        truths = np.array([true[inside].mean() for inside in people.values()])
        found += list((ends.low <= truths) & (truths <= ends.high))
    return found


def test_intervals_hold_the_truth_about_ninety_five_times_in_a_hundred() -> None:
    people = population(21, clusters=1, primaries=3, stage_roll=30)
    people = people[people["stage"].str.startswith("P")].reset_index(drop=True)
    people["treated_fairly"] = np.where(np.arange(len(people)) % 40 == 0, "no", "yes")
    held: list[bool] = []
    for seed in range(15):
        held += covered(linked_from(people, respond(people, seed, item_missing=0.0), parents=False), "pupil_p5_p7", people)
    assert 0.93 < np.mean(held) < 0.985


def test_a_cube_counts_each_respondent_once(small: Case) -> None:
    answers = small.linked.surveys[SURVEY]
    cube = make_cube(answers, ["trusted_adult"])
    assert cube.respondents == len(answers) == cube.atoms["n"].sum()
    assert cube.yes.sum() == answers["trusted_adult"].eq("yes").sum()
