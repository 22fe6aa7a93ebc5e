"""The parent survey is weighted to the area's children under nine where their number is known, as R's survey package does it."""

import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rcs_core import release
from rcs_core.records.estimate.design import Design, ratio
from rcs_core.records.estimate.under_nine import AGE_AND_SEX, DEPRIVATION, parent_design
from tests.conftest import Home

R = """
suppressMessages(library(survey))
d <- read.csv("sample.csv", colClasses = c(psu = "character", stratum = "character", simd_quintile = "character"))
p <- read.csv("population.csv", colClasses = c(simd_quintile = "character"))
d$age_sex <- paste(cut(d$child_age, c(-1, 2, 5, 8), c("0-2", "3-5", "6-8")), d$child_sex)
p$age_sex <- paste(p$age_band, p$sex)
one <- aggregate(children ~ age_sex, p, sum); two <- aggregate(children ~ simd_quintile, p, sum)
names(one)[2] <- "Freq"; names(two)[2] <- "Freq"
s <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
a <- model.matrix(~age_sex, d); b <- model.matrix(~simd_quintile, d)
t <- c(setNames(c(sum(one$Freq), one$Freq[-1]), colnames(a)), setNames(two$Freq[-1], colnames(b)[-1]))
r <- calibrate(s, ~age_sex + simd_quintile, t, calfun = "raking", epsilon = 1e-11, maxit = 500)
for (q in c("", "1", "4")) {
  x <- if (q == "") r else subset(r, simd_quintile == q)
  m <- svymean(~I(answer == "yes"), x)
  cat(coef(m)[2], SE(m)[2], "\\n", sep = " ")
}
cat(max(weights(r)), min(weights(r)), "\\n")
"""


def invented(seed: int = 4, unknown: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Interviews in strata and units, and a population that they do not mirror."""
    rng = np.random.default_rng(seed)
    n = 400
    frame = pd.DataFrame({"stratum": rng.choice(["A", "B", "C"], n)})
    frame["psu"] = frame["stratum"] + rng.integers(1, 7, n).astype(str)
    frame["weight"] = rng.uniform(5, 20, n).round(3)
    frame["child_age"] = rng.choice(9, n, p=np.arange(1, 10) / 45)
    frame["child_sex"] = rng.choice(["female", "male"], n, p=[0.6, 0.4])
    frame["simd_quintile"] = rng.choice(list("12345"), n, p=[0.1, 0.15, 0.2, 0.25, 0.3])
    frame.loc[rng.random(n) < unknown, "simd_quintile"] = "not_known"
    need = 0.2 + 0.1 * (frame["simd_quintile"] == "1") + 0.1 * (frame["child_age"] < 3)
    frame["answer"] = np.where(rng.random(n) < need, "yes", "no")
    cells = [(a, s, q) for a in ("0-2", "3-5", "6-8") for s in ("female", "male") for q in "12345"]
    known = pd.DataFrame(cells, columns=["age_band", "sex", "simd_quintile"])
    return frame, known.assign(children=rng.integers(100, 300, len(known)))


def share(design: Design, frame: pd.DataFrame, fifth: str = "") -> tuple[float, float]:
    inside = np.ones(len(frame), dtype=bool) if not fifth else frame["simd_quintile"].eq(fifth).to_numpy()
    found = ratio(design, frame["answer"].eq("yes").to_numpy(dtype=float), np.ones(len(frame)), inside)
    return found.estimate, float(np.sqrt(found.variance))


def test_shares_errors_and_weights_are_those_of_r(tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        warnings.warn("R is not here: nothing was set against it", stacklevel=1)
        return
    frame, known = invented()
    frame.to_csv(tmp_path / "sample.csv", index=False)
    known.to_csv(tmp_path / "population.csv", index=False)
    (tmp_path / "ask.R").write_text(f"options(digits = 15)\n{R}", encoding="utf-8")
    ran = subprocess.run(["Rscript", "ask.R"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    numbers = [[float(v) for v in line.split()] for line in ran.stdout.strip().splitlines()]
    design, names = parent_design(frame, known)
    assert names == (AGE_AND_SEX, DEPRIVATION)
    for fifth, expected in zip(("", "1", "4"), numbers[:3], strict=True):
        assert share(design, frame, fifth) == pytest.approx(expected, rel=1e-6)
    assert (design.weights.max(), design.weights.min()) == pytest.approx(numbers[3], rel=1e-6)


def test_the_weights_add_up_to_the_children_of_every_group() -> None:
    frame, known = invented()
    weights = pd.Series(parent_design(frame, known)[0].weights)
    band = pd.Series(np.array(["0-2", "3-5", "6-8"])[frame["child_age"] // 3])
    found = weights.groupby([band, frame["child_sex"]]).sum()
    assert found.to_numpy() == pytest.approx(known.groupby(["age_band", "sex"])["children"].sum().to_numpy())
    by_fifth = weights.groupby(frame["simd_quintile"]).sum()
    assert by_fifth.to_numpy() == pytest.approx(known.groupby("simd_quintile")["children"].sum().to_numpy())


def test_those_whose_fifth_is_not_known_keep_their_part_of_the_whole() -> None:
    frame, known = invented(unknown=0.05)
    unknown = frame["simd_quintile"].eq("not_known")
    design, names = parent_design(frame, known)
    part = frame["weight"][unknown].sum() / frame["weight"].sum()
    assert names == (AGE_AND_SEX, DEPRIVATION)
    assert design.weights.sum() == pytest.approx(known["children"].sum())
    assert design.weights[unknown].sum() == pytest.approx(part * known["children"].sum())


def test_a_margin_with_children_and_no_interview_gives_way() -> None:
    frame, known = invented()
    left = frame[frame["simd_quintile"] != "3"].reset_index(drop=True)
    design, names = parent_design(left, known)
    assert names == (AGE_AND_SEX,)
    assert design.weights.sum() == pytest.approx(known["children"].sum())


def test_without_a_population_the_weights_are_as_they_came() -> None:
    frame, known = invented()
    for nothing in (None, known.head(0)):
        design, names = parent_design(frame, nothing)
        assert names == ()
        assert design.projection is None
        assert design.weights.tolist() == frame["weight"].tolist()


def test_the_demonstration_is_weighted_to_its_young_children_and_says_so(home: Home) -> None:
    about = release.load(home.release).tables["coverage"].frame
    said = about[(about["survey"] == "parent_0_8") & (about["topic"] == "weights")]["text"].item()
    assert said == "Weighted to the children under nine of the area by age band and sex, and deprivation."
