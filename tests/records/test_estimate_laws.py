"""Laws that weights, shares and both variances keep for any data, from the cube alone."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rcs_core.errors import ContractError, SettingsError
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate import recut as recuts
from rcs_core.records.estimate.cube import make_cube, read_cube, read_roll
from rcs_core.records.estimate.design import Design, ratio, stage_of
from rcs_core.records.estimate.members import Members
from rcs_core.records.estimate.ready import Ready
from rcs_core.records.estimate.recut import recut
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.shares import OtherSchools, Scores
from rcs_core.records.estimate.weights import DEPRIVATION, SCHOOL, STAGE_AND_SEX, counted, margins_of

KEYS = ["school_code", "stage", "sex", "simd_quintile"]
ITEMS = ["first", "second"]
CROSSING = ["cluster_code", "stage", "sex", "simd_quintile"]
NUMBERS = ["yes", "no", "base", "share", "se", "df", "se_recur", "df_recur"]


def pupils(seed: int, schools: int = 4, size: int = 60, stages: int = 3) -> pd.DataFrame:
    """A small roll with a true answer to both questions; schools differ, and so do the sexes."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), rng.integers(size // 2, size + 1, schools))
    people = pd.DataFrame({"school_code": [f"99{s:05d}" for s in school], "cluster_code": [f"C{s % 2:02d}" for s in school]})
    people["stage"] = rng.choice([f"P{7 - k}" for k in range(stages)], len(people))
    people["sex"], people["simd_quintile"] = rng.choice(["female", "male"], len(people)), rng.choice(list("12345"), len(people))
    people["contact"] = rng.choice(["none", "both"], len(people), p=[0.7, 0.3])
    chance = 0.25 + 0.4 * rng.random(schools)[school] + 0.1 * (people["sex"] == "male")
    for item in ITEMS:
        people[item] = np.where(rng.random(len(people)) < chance, "yes", "no")
    return people


def responded(people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Most pupils, with an answer left out here and there."""
    rng = np.random.default_rng(seed + 1)
    answers = people[rng.random(len(people)) < 0.8 - 0.1 * people["simd_quintile"].eq("1")].copy()
    answers.loc[rng.random(len(answers)) < 0.1, "first"] = ""
    return answers.reset_index(drop=True)


def sectors(people: pd.DataFrame) -> pd.DataFrame:
    return people[["school_code"]].drop_duplicates().assign(sector="primary")


def ready(people: pd.DataFrame, answers: pd.DataFrame) -> Ready:
    return Ready.of(make_cube(answers, ITEMS), people, sectors(people), rules())


@cache
def example(seed: int = 3) -> tuple[pd.DataFrame, pd.DataFrame, Ready]:
    people = pupils(seed, schools=6, size=90)
    answers = responded(people, seed)
    return people, answers, ready(people, answers)


def designs(made: Ready, people: pd.DataFrame, answers: pd.DataFrame) -> dict[str, Design]:
    """Both variances on single pupils, for the general estimator."""
    cells = made.cube.cells
    at = pd.MultiIndex.from_frame(cells[KEYS]).get_indexer(pd.MultiIndex.from_frame(answers[KEYS]))
    start, final, both = made.weights.base[at], made.weights.final[at], counted(cells, people)
    found = {}
    for name, known in (("se", made.weights.margins), ("se_recur", (STAGE_AND_SEX, DEPRIVATION))):
        margins = margins_of(both, rules(), tuple(margin for margin in known if margin in made.weights.margins))
        one_each = replace(margins, x=margins.x[at], parts=(0, 0))
        if name == "se":
            stratum = answers["school_code"] + answers["stage"]
            sizes = people.groupby(people["school_code"] + people["stage"]).size().reindex(stratum).to_numpy(float)
            stage = stage_of(answers.index.to_numpy(str), stratum.to_numpy(str), sizes)
        else:
            stage = stage_of(answers["school_code"].to_numpy(str), np.full(len(answers), "primary"))
        found[name] = Design(final, (stage,), projection=cal.Projection.of(one_each, start))
    return found


def close(found: pd.DataFrame, expected: pd.DataFrame, columns: list[str], rtol: float = 1e-8) -> None:
    """The same numbers, row by row (errors that are nothing but rounding count as 0)."""
    for column in columns:
        one, two = found[column].to_numpy(float), expected[column].to_numpy(float)
        np.testing.assert_allclose(one, two, rtol=rtol, atol=1e-9 if column.startswith("se") else 0, err_msg=column)


# --- the cube against single pupils -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [CROSSING, ["school_code"], ["cluster_code", "contact"], ["school_code", "stage", "contact"], []])
def test_a_recut_equals_direct_computation_from_single_pupils(by: list[str]) -> None:
    people, answers, made = example()
    direct, rows = designs(made, people, answers), recut(made, by, rules())
    assert len(rows) == 2 * max(1, len(answers.groupby(by).size()) if by else 1)
    for row in rows.sample(min(40, len(rows)), random_state=1).to_dict("records"):
        said = answers[row["indicator"]]
        inside = said.isin(["yes", "no"])
        for dimension in by:
            inside &= answers[dimension] == row[dimension]
        assert (row["yes"], row["no"]) == ((inside & said.eq("yes")).sum(), (inside & said.eq("no")).sum())
        if not inside.any():
            assert np.isnan(row["share"])
            continue
        for error, df in (("se", "df"), ("se_recur", "df_recur")):
            found = ratio(direct[error], said.eq("yes").to_numpy(float), np.ones(len(said)), inside.to_numpy(), clamped=True)
            assert row["share"] == pytest.approx(found.estimate, rel=1e-9)
            assert row[error] == pytest.approx(np.sqrt(max(found.variance, 0)), rel=1e-9, abs=1e-9)
            assert row[df] == found.df


def test_the_spread_of_schools_gives_variances_and_covariances() -> None:
    """Against the general estimator on single pupils: two clusters, everybody, and the clusters' difference."""
    people, answers, made = example()
    design, said = designs(made, people, answers)["se_recur"], answers["first"]
    groups = [answers["cluster_code"] == "C00", answers["cluster_code"] == "C01", answers["cluster_code"] != ""]
    inside = [(said.isin(["yes", "no"]) & group).to_numpy() for group in groups]
    direct = [ratio(design, said.eq("yes").to_numpy(float), np.ones(len(said)), rows) for rows in inside]
    here = made.cube.cells["cluster_code"].to_numpy(str)[made.cube.cell_of]
    domains = sparse.csr_array(np.column_stack([here == "C00", here == "C01", here != ""]).astype(float))
    scores = Scores.of(made.cube, made.weights.final, domains, "first")
    spread = made.recur.spread(scores)
    assert spread.shape == (len(made.recur.schools), 3) == (len(made.recur.sector_of), 3)
    assert np.sum(spread**2, axis=0) == pytest.approx(made.recur.variance(scores), rel=1e-9)
    assert np.sum(spread**2, axis=0) == pytest.approx([found.variance for found in direct], rel=1e-9)
    between = design.variance(direct[0].scores - direct[1].scores, np.ones(len(said), dtype=bool))
    assert np.sum((spread[:, 0] - spread[:, 1]) ** 2) == pytest.approx(between, rel=1e-9)
    assert design.projection is not None
    left = pd.Series(design.weights * design.projection.residuals(direct[0].scores)).groupby(answers["school_code"]).sum()
    assert made.recur.school_scores(scores)[:, 0] == pytest.approx(left.loc[list(made.recur.schools)].to_numpy())


def test_eliminating_the_longest_margin_changes_no_residual() -> None:
    people, answers, made = example()
    margins, start = margins_of(counted(made.cube.cells, people), rules(), made.weights.margins), made.weights.base
    n, scores = made.cube.cells["n"].to_numpy(float), np.random.default_rng(1).normal(size=len(start))
    assert margins.parts[1] - margins.parts[0] == max(len(set(people["school_code"])), 6)
    whole = cal.Projection.of(replace(margins, parts=(0, 0)), start * n).residuals(scores)
    assert cal.Projection.of(margins, start * n).residuals(scores) == pytest.approx(whole, abs=1e-12)
    plain = cal.calibrate(start * n, replace(margins, parts=(0, 0)), cal.raking()).factor
    assert cal.calibrate(start * n, margins, cal.raking()).factor == pytest.approx(plain, rel=1e-10)
    assert len(answers) == n.sum()


def test_domains_may_overlap_and_come_in_any_order() -> None:
    _, _, made = example()
    rng = np.random.default_rng(2)
    wanted = sparse.csr_array((rng.random((len(made.cube.atoms), 7)) < 0.4).astype(float))
    all_at_once = Scores.of(made.cube, made.weights.final, wanted, "first")
    for place in range(7):
        alone = Members.parts(np.where(wanted[:, [place]].toarray()[:, 0] > 0, 0, -1), 1)
        one = Scores.of(made.cube, made.weights.final, alone, "first")
        for variance in (made.these, made.recur):
            assert variance.variance(all_at_once)[place] == pytest.approx(variance.variance(one)[0], rel=1e-9)
            assert variance.df(all_at_once)[place] == variance.df(one)[0]


def test_blocks_of_domains_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, made = example()
    whole = recut(made, CROSSING, rules(), margins=True)
    monkeypatch.setattr(recuts, "BLOCK", 7)
    pd.testing.assert_frame_equal(recut(made, CROSSING, rules(), margins=True), whole, rtol=1e-12)


def test_a_csv_is_counted_as_its_table_is(tmp_path: Path) -> None:
    people, answers, made = example()
    answers.to_csv(tmp_path / "answers.csv", index=False)
    people.to_csv(tmp_path / "pupils.csv", index=False)
    cube = read_cube(tmp_path / "answers.csv", ITEMS)
    again = Ready.of(cube, read_roll(tmp_path / "pupils.csv"), sectors(people), rules())
    assert (cube.yes == made.cube.yes).all()
    assert (cube.no == made.cube.no).all()
    pd.testing.assert_frame_equal(recut(again, CROSSING, rules()), recut(made, CROSSING, rules()))


def test_a_pupil_without_a_school_is_refused(tmp_path: Path) -> None:
    people, _, _ = example()
    people.assign(school_code=people["school_code"].where(people.index != 3, "")).to_csv(tmp_path / "pupils.csv", index=False)
    with pytest.raises(ContractError, match=r"pupils\.csv, column school_code"):
        read_roll(tmp_path / "pupils.csv")


@pytest.mark.parametrize("by", [["postcode"], ["sex", "sex"]])
def test_a_dimension_that_there_is_not_is_refused(by: list[str]) -> None:
    with pytest.raises(SettingsError, match="a domain cannot be made so"):
        recut(example()[2], by, rules())


# --- the trap -----------------------------------------------------------------------------------------------------------


def test_school_as_unit_and_as_margin_is_refused_for_the_error_would_collapse() -> None:
    people = pupils(5, schools=12, size=400)
    answers = responded(people, 5)
    made = ready(people, answers)
    cells, n = made.cube.cells, made.cube.cells["n"].to_numpy(float)
    margins = margins_of(counted(cells, people), rules(), (STAGE_AND_SEX, DEPRIVATION, SCHOOL))
    trap = cal.Projection.of(margins, made.weights.base * n)
    unit = np.unique(cells["school_code"].to_numpy(str), return_inverse=True)[1].astype(np.int64)
    with pytest.raises(ContractError, match="school as sampling unit and as margin: the error would collapse to nothing"):
        OtherSchools.of(made.cube, made.weights.final, trap, unit, np.zeros(12, dtype=np.int64))
    design, said = designs(made, people, answers)["se_recur"], answers["second"]
    at = pd.MultiIndex.from_frame(cells[KEYS]).get_indexer(pd.MultiIndex.from_frame(answers[KEYS]))
    one_each = cal.Projection.of(replace(margins, x=margins.x[at], parts=(0, 0)), made.weights.base[at])
    right, wrong = (
        ratio(d, said.eq("yes").to_numpy(float), np.ones(len(said)), np.ones(len(said), dtype=bool)).variance
        for d in (design, replace(design, projection=one_each))
    )
    assert np.sqrt(right / wrong) > 20, "the error of the council's share would be more than twenty times too small"


# --- laws for any data ---------------------------------------------------------------------------------------------------

ANY = settings(max_examples=6, deadline=None)
SEEDS, SCHOOLS, SIZES = st.integers(0, 10_000), st.integers(1, 6), st.integers(8, 70)


@ANY
@given(SEEDS, SCHOOLS, SIZES)
def test_weights_reproduce_every_margin_that_they_name(seed: int, schools: int, size: int) -> None:
    people = pupils(seed, schools, size)
    made = ready(people, responded(people, seed))
    margins = margins_of(counted(made.cube.cells, people), rules(), made.weights.margins)
    stands_for = margins.x.T @ (made.weights.final * made.cube.cells["n"].to_numpy(float))
    assert stands_for == pytest.approx(margins.totals, rel=1e-8)
    assert stands_for.sum() == pytest.approx(len(people) * len(made.weights.margins))


@ANY
@given(SEEDS, SCHOOLS, SIZES)
def test_domains_add_to_their_totals(seed: int, schools: int, size: int) -> None:
    people = pupils(seed, schools, size)
    made = ready(people, responded(people, seed))
    rows = recut(made, CROSSING, rules(), margins=True, intervals=False).assign(top=lambda f: (f["base"] * f["share"]).fillna(0))
    for dimension in CROSSING:
        others = ["indicator", *(d for d in CROSSING if d != dimension)]
        parts, totals = rows[rows[dimension] != "ALL"], rows[rows[dimension] == "ALL"]
        for column in ("yes", "no", "base", "top"):
            summed = parts.groupby(others, observed=True)[column].sum()
            whole = totals.set_index(others)[column]
            assert summed.to_numpy() == pytest.approx(whole.loc[summed.index].to_numpy(), rel=1e-9)
            assert len(summed) == len(whole)


@ANY
@given(SEEDS, SCHOOLS, SIZES)
def test_doubling_the_data_and_halving_the_weights_changes_no_estimate(seed: int, schools: int, size: int) -> None:
    people = pupils(seed, schools, size)
    answers = responded(people, seed)
    once, twice = ready(people, answers), make_cube(pd.concat([answers, answers]), ITEMS)
    scores = [
        Scores.of(cube, weights, sparse.csr_array(np.eye(len(once.cube.atoms))), "first")
        for cube, weights in ((once.cube, once.weights.final), (twice, once.weights.final / 2))
    ]
    np.testing.assert_allclose(scores[0].share, scores[1].share, rtol=1e-12)
    np.testing.assert_allclose(scores[0].base, scores[1].base, rtol=1e-12)
    as_thin = replace(rules(), min_cell_respondents=2 * rules().min_cell_respondents)
    weights = Ready.of(twice, pd.concat([people, people]), sectors(people), as_thin).weights
    np.testing.assert_allclose(weights.final, once.weights.final, rtol=1e-8)


@ANY
@given(SEEDS, SCHOOLS, SIZES)
def test_relabelling_and_reordering_change_nothing(seed: int, schools: int, size: int) -> None:
    people = pupils(seed, schools, size)
    answers = responded(people, seed)
    new = {code: f"X{i}" for i, code in enumerate(sorted(set(people["school_code"])))}
    other = [
        f.assign(school_code=f["school_code"].map(new), sex=f["sex"].map({"female": "a", "male": "b"})).sample(
            frac=1, random_state=seed
        )
        for f in (people, answers)
    ]
    one, two = recut(ready(people, answers), CROSSING, rules()), recut(ready(*other), CROSSING, rules())
    close(two, one, NUMBERS)


@ANY
@given(SEEDS, SCHOOLS, st.integers(8, 40))
def test_no_interval_has_width_zero_where_all_say_yes(seed: int, schools: int, size: int) -> None:
    people = pupils(seed, schools, size).assign(first="yes")
    rows = recut(ready(people, responded(people, seed)), ["school_code", "sex"], rules(), margins=True)
    told = rows[rows["indicator"].eq("first") & rows["pct"].notna()]
    assert (told["pct"] == 100).all()
    assert (told["pct_low"] < 100).all()
    assert (told["pct_high"] == 100).all()


# --- degenerate inputs ---------------------------------------------------------------------------------------------------


def one_answer_of_a_school(answers: pd.DataFrame) -> pd.DataFrame:
    here = answers["school_code"] == answers["school_code"].iloc[0]
    return answers[~here | (here.cumsum() == 1)]


DEGENERATE = {
    "a school with one respondent": one_answer_of_a_school,
    "a stage with none": lambda a: a[a["stage"] != "P6"],
    "all one sex": lambda a: a[a["sex"] == "female"],
    "one school": lambda a: a[a["school_code"] == a["school_code"].iloc[0]],
    "an item that nobody answered": lambda a: a.assign(first=""),
    "one pupil": lambda a: a.head(1),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_answers_give_estimates_or_none_but_never_nonsense(name: str) -> None:
    people, answers, _ = example()
    answers = DEGENERATE[name](answers)
    rows = recut(ready(people, answers), CROSSING, rules(), margins=True)
    empty = rows["yes"] + rows["no"] == 0
    assert rows.loc[empty, ["share", "se", "se_recur"]].isna().all().all()
    assert (rows.loc[empty, "pct_state"] == "unreliable").all()
    assert rows.loc[~empty, "share"].between(0, 1).all()
    assert (rows.loc[~empty, ["se", "se_recur"]] >= 0).all().all()
    assert rows.loc[rows["df"] <= 0, ["pct", "pct_low", "pct_high"]].isna().all().all()
    council = rows[(rows[CROSSING] == "ALL").all(axis=1)].set_index("indicator")
    assert council.loc["second", "yes"] == (answers["second"] == "yes").sum()


def test_one_school_a_sector_is_measured_from_the_mean_of_all() -> None:
    people, answers, _ = example()
    kinds = sectors(people).assign(sector=lambda f: "sector of " + f["school_code"])
    made = Ready.of(make_cube(answers, ITEMS), people, kinds, rules())
    rows = recut(made, ["cluster_code"], rules(), margins=True)
    assert (rows["df_recur"] == 0).all()
    assert (rows["se_recur"] > 0).all()
