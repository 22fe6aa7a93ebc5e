"""The parent survey, children aged 0 to 8: a stratified, clustered sample with design weights, linkable to nothing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from rcs_core.demo.parameters import Book
from rcs_core.demo.people import SIMD_CODES, People

ITEMS = ("general_health_good", "sdq_parent_raised", "has_parenting_support")


@dataclass(frozen=True, slots=True)
class ParentSurvey:
    """The file as it arrives, and the whole population that it was drawn from."""

    frame: pd.DataFrame
    population: pd.DataFrame


def run_parent_survey(book: Book, people: People, rng: np.random.Generator) -> ParentSurvey:
    """Invent the children aged 0 to 8 of every cluster, draw neighbourhoods and families, and interview some."""
    population = _population(book, people, rng)
    sample = _sample(book, population, rng)
    taken = sample[rng.random(len(sample)) < book.share("response")].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "respondent_id": [f"r{k:06d}" for k in range(1, len(taken) + 1)],
            "stratum": taken["cluster_code"],
            "psu": taken["cluster_code"] + "-N" + (taken["area"] + 1).astype(str).str.zfill(2),
            "weight": _weights(book, population, taken),
            "child_age": taken["child_age"],
            "child_sex": np.where(taken["female"], "female", "male"),
            "simd_quintile": SIMD_CODES[taken["simd"]],
        }
    )
    for item in ITEMS:
        asked = taken["child_age"] >= int(book["sdq_parent_from_age"]) if item == "sdq_parent_raised" else True
        blank = ~np.asarray(asked) | (rng.random(len(taken)) < book.share("item_missing"))
        frame[item] = np.where(blank, "", np.where(taken[item], "yes", "no"))
    return ParentSurvey(frame, population)


def population_table(population: pd.DataFrame) -> pd.DataFrame:
    """The whole population by age band, sex and deprivation fifth, as a council would add up published estimates."""
    groups = pd.DataFrame(
        {
            "age_band": np.array(["0-2", "3-5", "6-8"])[population["child_age"].to_numpy() // 3],
            "sex": np.where(population["female"], "female", "male"),
            "simd_quintile": SIMD_CODES[population["simd"]],
        }
    )
    counted = groups.value_counts(sort=False).rename("children").sort_index().reset_index()
    return counted.assign(source="Assumption: the invented population of Strathmere, as many a year of age as a primary stage")


def _population(book: Book, people: People, rng: np.random.Generator) -> pd.DataFrame:
    """Children 0 to 8 of each cluster: as many a year of age as there are pupils a primary stage."""
    primary = people.schools[people.schools["sector"] == "primary"].groupby("cluster_code", sort=True)["roll"].sum()
    ages = int(book["ages"])
    each = (primary / 7 * ages).round().astype(int)
    cluster = np.repeat(each.index.to_numpy(), each.to_numpy())
    donor = _donors(people, each, rng)
    frame = pd.DataFrame({"cluster_code": cluster, "simd": donor, "child_age": rng.integers(0, ages, len(cluster))})
    frame["female"] = rng.random(len(frame)) < 0.5
    # Neighbourhoods are sorted by deprivation, so that families of a neighbourhood are alike.
    order = frame["simd"] + rng.normal(0, 0.8, len(frame))
    rank = order.groupby(frame["cluster_code"]).rank(method="first", pct=True)
    frame["area"] = np.minimum(
        (rank * book.number("neighbourhoods_per_cluster")).astype(int), int(book["neighbourhoods_per_cluster"]) - 1
    )
    return frame.assign(**_answers(book, frame, rng))


def _donors(people: People, each: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """A quintile for each young child, drawn from the cluster's known primary pupils."""
    code = people.schools["cluster_code"].to_numpy()[people.pupils["school"]]
    known = (people.pupils["stage"] < 7).to_numpy() & (people.pupils["simd"] < 5).to_numpy()
    simd = people.pupils["simd"].to_numpy()
    drawn = [rng.choice(simd[known & (code == name)], count) for name, count in each.items()]
    return np.concatenate(drawn)


def _answers(book: Book, frame: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    simd = frame["simd"].to_numpy()
    steps = 2 - simd
    raised = np.array([float(book["sdq_parent_raised"][str(q)]) / 100 for q in range(1, 6)])
    boys = book.number("sdq_parent_boys") * (0.5 - frame["female"].to_numpy())
    plain = {
        item: ndtri(book.share(item)) + book.number(lean) * steps
        for item, lean in (
            ("general_health_good", "general_health_simd_step"),
            ("has_parenting_support", "has_parenting_support_simd_step"),
        )
    }
    scores = plain | {"sdq_parent_raised": ndtri(raised[simd]) + boys}
    return {item: rng.random(len(frame)) < ndtr(scores[item]) for item in ITEMS}


def _sample(book: Book, population: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some neighbourhoods of each cluster, then as many families in each as the design says."""
    chosen = []
    for _, here in population.groupby("cluster_code", sort=True):
        areas = rng.choice(int(book["neighbourhoods_per_cluster"]), int(book["areas_per_cluster"]), replace=False)
        for area in np.sort(areas):
            rows = here.index[here["area"] == area].to_numpy()
            chosen.append(rng.choice(rows, min(len(rows), int(book["families_per_area"])), replace=False))
    return population.loc[np.concatenate(chosen)]


def _weights(book: Book, population: pd.DataFrame, taken: pd.DataFrame) -> pd.Series:
    """Children that an interview stands for: neighbourhoods in the cluster over those drawn, times children over interviews."""
    size = population.groupby(["cluster_code", "area"]).size()
    done = taken.groupby(["cluster_code", "area"]).size()
    drawn = book.number("neighbourhoods_per_cluster") / book.number("areas_per_cluster")
    one = (drawn * size / done).round(4)
    keys = pd.MultiIndex.from_frame(taken[["cluster_code", "area"]])
    return pd.Series(one.reindex(keys).to_numpy())
