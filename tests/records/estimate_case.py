"""A small invented partnership for the estimates: every pupil's true answer is known, some do not respond."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rcs_core.records.catalogue import catalogue
from rcs_core.records.link import Linked

PUPIL = ("pupil_p5_p7", "pupil_s1_s4")
ROLL = ["pupil_id", "school_code", "cluster_code", "stage", "sex", "simd_quintile", "contact"]
DETAIL = ["none", "social_work_only", "additional_support_only", "both"]


@dataclass(frozen=True)
class Case:
    """The population with its true answers, and what a build would see of it."""

    people: pd.DataFrame
    linked: Linked


def population(seed: int = 1, clusters: int = 2, primaries: int = 3, stage_roll: int = 40) -> pd.DataFrame:
    """Every pupil of the stages that are asked, with a true yes or no to every indicator."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, str, str]] = []
    for c in range(1, clusters + 1):
        schools = [(f"99{c:02d}{p:03d}", ("P5", "P6", "P7"), stage_roll) for p in range(1, primaries + 1)]
        schools.append((f"99{c:02d}900", ("S1", "S2", "S3", "S4"), 3 * stage_roll))
        rows += [(code, f"C{c:02d}", s) for code, stages, n in schools for s in stages for _ in range(int(rng.poisson(n)))]
    people = pd.DataFrame(rows, columns=["school_code", "cluster_code", "stage"])
    size = len(people)
    people["pupil_id"] = [f"p{i:012x}" for i in range(size)]
    people["sex"] = rng.choice(["female", "male"], size)
    people["simd_quintile"] = rng.choice(list("12345"), size)
    people["contact"] = rng.choice(DETAIL, size, p=[0.66, 0.07, 0.21, 0.06])
    lean = (3 - people["simd_quintile"].astype(int)) * 0.05 + (people["contact"] != "none") * 0.1
    for code in catalogue().chosen({}, {}).indicators:
        people[code] = np.where(rng.random(size) < np.clip(rng.uniform(0.15, 0.75) + lean, 0.02, 0.98), "yes", "no")
    return people


def respond(people: pd.DataFrame, seed: int = 7, rate: float = 0.75, item_missing: float = 0.04) -> pd.DataFrame:
    """The pupils who answer (fewer of the more deprived), each leaving some questions out."""
    rng = np.random.default_rng(seed)
    answers = people[rng.random(len(people)) < rate - 0.06 * people["simd_quintile"].isin(["1", "2"])].copy()
    for code in catalogue().chosen({}, {}).indicators:
        answers.loc[rng.random(len(answers)) < item_missing, code] = ""
    return answers


def linked_from(people: pd.DataFrame, answers: pd.DataFrame, parents: bool = True) -> Linked:
    """What `link` would give for these pupils and answers."""
    about = catalogue().surveys
    surveys = {s: answers[answers["stage"].isin(about[s].stages)].reset_index(drop=True) for s in PUPIL}
    if parents:
        surveys["parent_0_8"] = parent_sample()
    sector = np.where(people["stage"].str.startswith("P"), "primary", "secondary")
    schools = people.assign(sector=sector)[["school_code", "cluster_code", "sector"]].drop_duplicates(ignore_index=True)
    coverage = pd.DataFrame([(s, "linkage", 98.6, "Found.") for s in PUPIL], columns=["survey", "topic", "pct", "text"])
    totals = pd.DataFrame(columns=["extract", "stage", "n"])
    return Linked({"area_code": "999", "survey_wave": "2025"}, schools, people[ROLL], surveys, totals, coverage, True)


def parent_sample(size: int = 400, seed: int = 3) -> pd.DataFrame:
    """A clustered sample of parents with weights."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"respondent_id": [f"r{i}" for i in range(size)]})
    frame["stratum"], frame["psu"] = [f"s{i % 6}" for i in range(size)], [f"u{i % 60}" for i in range(size)]
    frame["weight"], frame["child_age"] = rng.uniform(4, 12, size), rng.choice(list("012345678"), size)
    frame["child_sex"], frame["simd_quintile"] = rng.choice(["female", "male"], size), rng.choice(list("12345"), size)
    for code, share in (("general_health_good", 0.9), ("sdq_parent_raised", 0.2), ("has_parenting_support", 0.8)):
        frame[code] = np.where(rng.random(size) < share, "yes", "no")
    return frame


def case(seed: int = 1, parents: bool = True, **sizes: int) -> Case:
    """A population and one set of its respondents."""
    people = population(seed, **sizes)
    return Case(people, linked_from(people, respond(people, seed + 6), parents))


def with_survey(linked: Linked, code: str, answers: pd.DataFrame) -> Linked:
    """The same records with other answers to one survey."""
    return replace(linked, surveys={**linked.surveys, code: answers.reset_index(drop=True)})
