"""What every pupil would answer if all of them did: population shares as published, leaning with need and deprivation.

Each pupil has a hidden score for each question; within a stage the highest scores answer yes, as many as the
published share says. So the population prevalence is known exactly, and leans by sex, deprivation and school come
out of the scores.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from rcs_core.demo.parameters import Book
from rcs_core.demo.people import STAGES, People
from rcs_core.settings import CONTRACTS, read_yaml

BOTH = (
    "trusted_adult", "bullied_last_year", "enjoys_learning", "active_hour_yesterday", "fruit_and_veg_daily",
    "choice_in_learning", "treated_fairly", "positive_about_future", "feels_safe_in_area",
)  # fmt: skip
SECONDARY_ONLY = ["drank_alcohol_last_week", "regular_smoker"]
SENSITIVE = frozenset(SECONDARY_ONLY)
SDQ = "sdq_raised"
SDQ_ITEMS = [f"sdq_{k:02d}" for k in range(1, 26)]
REVERSED = (7, 11, 14, 21, 25)
PROSOCIAL = (1, 4, 9, 17, 20)
DIFFICULTIES = tuple(k for k in range(1, 26) if k not in PROSOCIAL)
CUT = 15
WEMWBS_ITEMS = [f"wemwbs_{k:02d}" for k in range(1, 15)]
MULTIPLE = "multiple_risks"
SCORED = (SDQ, MULTIPLE)
"""What no form says of itself: it is made of the other answers."""
QUESTIONS = {"pupil_p5_p7": BOTH, "pupil_s1_s4": [*BOTH, *SECONDARY_ONLY]}
ASKED = {"pupil_p5_p7": ["P5", "P6", "P7"], "pupil_s1_s4": ["S1", "S2", "S3", "S4"]}


@dataclass(frozen=True, slots=True)
class Truth:
    """What one survey's whole population would answer: the pupils (rows of `People.pupils`), yes as bool by question,
    and for S1-S4 the SDQ total and items, and the wellbeing items."""

    survey: str
    rows: np.ndarray
    answers: pd.DataFrame
    sdq_total: np.ndarray | None = None
    sdq_items: np.ndarray | None = None
    wemwbs_items: np.ndarray | None = None


def whole_population(book: Book, people: People, survey: str, rng: np.random.Generator) -> Truth:
    """What all pupils of a survey's stages would answer, whether or not they take part."""
    stages = [STAGES.index(stage) for stage in ASKED[survey]]
    rows = np.flatnonzero(people.pupils["stage"].isin(stages).to_numpy())
    here = pupils_of(people, rows)
    answers = pd.DataFrame({item: says_yes(book, book[item], here, rng) for item in QUESTIONS[survey]})
    if survey != "pupil_s1_s4":
        answers[MULTIPLE] = _many_needs(answers)
        return Truth(survey, rows, answers)
    total = _sdq_total(book, here, rng)
    answers[SDQ] = total >= CUT
    answers[MULTIPLE] = _many_needs(answers)
    items = _sdq_items(total, here["female"].to_numpy(), rng)
    # A stream of its own: what else is drawn does not depend on it.
    return Truth(survey, rows, answers, total, items, _wemwbs_items(book, here, rng.spawn(1)[0]))


def pupils_of(people: People, rows: np.ndarray) -> pd.DataFrame:
    """Some pupils with the cluster of each."""
    here = people.pupils.iloc[rows]
    return here.assign(cluster=people.schools["cluster_code"].to_numpy()[here["school"].to_numpy()])


def _many_needs(answers: pd.DataFrame) -> np.ndarray:
    """Whether each pupil has as many needs as the scoring contract calls many, sensitive topics left out."""
    about, counts = read_yaml(CONTRACTS / "indicators.yaml")["indicators"], [c for c in answers if c not in SENSITIVE]
    needs = sum((answers[code] == (about[code]["need_band"] == "yes")).astype(int) for code in counts)
    return np.asarray(needs >= int(read_yaml(CONTRACTS / "scoring.yaml")["needs"]["multiple_from"]))


def lean_score(book: Book, leans: Mapping[str, float], here: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """A score for each pupil. Its own part is spread evenly over every stage, sex and quintile, so that these lean as stated."""
    need, between = float(leans["need"]), book.number("school_variance")
    known = here["simd"].to_numpy() < 5
    steps = np.where(known, 2 - here["simd"].to_numpy(), 0)
    own = need * here["need"].to_numpy() + np.sqrt(1 - need**2 - between) * rng.standard_normal(len(here))
    own = np.sqrt(1 - between) * ndtri(rank_within(own, [here[by].to_numpy() for by in ("stage", "female", "simd")]))
    shared = np.sign(need) * np.sqrt(between) * here["school_lean"].to_numpy()
    fixed = float(leans["simd_step"]) * steps + float(leans["girls"]) * (here["female"].to_numpy() - 0.5)
    return np.asarray(own + shared + fixed)


def says_yes(book: Book, about: Mapping[str, object], here: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Yes for the highest scores of each stage, as many as the stage's published share."""
    leans = {k: float(v) for k, v in about.items() if isinstance(v, (int, float))}
    score = lean_score(book, leans, here, rng) + _place(about.get("clusters", {}), here)
    rank = rank_within(score, [here["stage"].to_numpy()])
    return np.asarray(rank > 1 - share_by_stage(about["stages"], here))


def _place(leans: object, here: pd.DataFrame) -> np.ndarray:
    """What the cluster itself adds to each pupil's score."""
    if not isinstance(leans, Mapping):
        raise TypeError("clusters is a mapping of cluster code to lean")
    return here["cluster"].map({code: float(lean) for code, lean in leans.items()}).fillna(0.0).to_numpy()


def share_by_stage(shares: object, here: pd.DataFrame) -> np.ndarray:
    """Each pupil's stage as a share of 1, from per cent by stage."""
    if not isinstance(shares, Mapping):
        raise TypeError("stages is a mapping of stage to per cent")
    table = np.array([float(shares.get(stage, 0)) / 100 for stage in STAGES])
    return np.asarray(table[here["stage"].to_numpy()])


def rank_within(score: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Position of each score within its group, between 0 and 1."""
    ranks = pd.Series(score).groupby(groups)
    return np.asarray((ranks.rank(method="first") - 0.5) / ranks.transform("size"))


def _sdq_total(book: Book, here: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Total difficulties, 0 to 40: normal with a published share at the cut, rounded down, need and deprivation high."""
    about = book[SDQ]
    leans = {k: float(about[k]) for k in ("need", "simd_step", "girls")}
    rank = rank_within(lean_score(book, leans, here, rng), [here["stage"].to_numpy()])
    spread = book.number("sdq_spread")
    middle = CUT - spread * ndtri(1 - share_by_stage(about["stages"], here))
    return np.asarray(np.floor(middle + spread * ndtri(rank)).clip(0, 40).astype(np.int8))


def _sdq_items(total: np.ndarray, female: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Spread each total over its twenty items (two points at most each), girls' more on emotional ones; code the reversed."""
    items = np.zeros((len(total), 25), dtype=np.int8)
    lean = np.zeros((len(total), 25))
    lean[np.ix_(female, [2, 7, 12, 15, 23])] = 0.35
    lean[np.ix_(~female, [4, 6, 11, 17, 21])] = 0.15
    columns = np.array(DIFFICULTIES) - 1
    slots = np.repeat(columns, 2)
    order = np.argsort(rng.random((len(total), len(slots))) - lean[:, slots], axis=1)
    taken = np.arange(len(slots)) < total[:, None]
    np.add.at(items, (np.nonzero(taken)[0], slots[order[taken]]), 1)
    items[:, np.array(PROSOCIAL) - 1] = rng.choice(3, (len(total), 5), p=[0.08, 0.32, 0.60])
    turned = np.array(REVERSED) - 1
    items[:, turned] = 2 - items[:, turned]
    return items


def _wemwbs_items(book: Book, here: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Wellbeing items coded 1 to 5: a total with the published mean, low where need is high, spread over fourteen items."""
    about = book["wemwbs"]
    leans = {k: float(about[k]) for k in ("need", "simd_step", "girls")}
    middle = np.array([float(about["stages"].get(stage, 0)) for stage in STAGES])[here["stage"].to_numpy()]
    score = middle + float(about["spread"]) * lean_score(book, leans, here, rng)
    points = np.rint(score).clip(14, 70).astype(int) - 14
    slots = np.repeat(np.arange(14), 4)
    order = np.argsort(rng.random((len(points), len(slots))), axis=1)
    taken = np.arange(len(slots)) < points[:, None]
    items = np.ones((len(points), 14), dtype=np.int8)
    np.add.at(items, (np.nonzero(taken)[0], slots[order[taken]]), 1)
    return items
