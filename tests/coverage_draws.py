"""Strathmere drawn again and again in memory, and whether each interval holds the truth.

(a) the pupils and what they would answer stay, who responds is drawn again; the truth is the share of the whole roll.
(b) schools, pupils and answers are drawn again from one model; the truth is the model's share. Half of the draws find
it, the other half are tried against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import ndtr, ndtri

from rcs_core.demo.fieldwork import response_chance
from rcs_core.demo.parameters import parameters
from rcs_core.demo.people import STAGES, People, census_table, make_people, schools_table
from rcs_core.demo.wellbeing import ASKED, QUESTIONS, SDQ, SENSITIVE, whole_population
from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.publish import published
from rcs_core.records.estimate.pupils import PupilSurvey, prepare
from rcs_core.records.estimate.rules import rules
from rcs_core.records.estimate.shares import Scores, Shares
from rcs_core.records.link import Linked

SIZES = ((1, "under 30"), (30, "30 to 59"), (60, "60 to 149"), (150, "150 to 499"), (500, "500 and over"))
METHODS = ("Wald", "logit", "Korn-Graubard", "Wilson", "ours", "as published")
MEASURES = ("intervals", "held", "width")
Domain = tuple[str, ...]
EDGE = 0.05
"""A true share nearer than this to 0 or 1 is counted apart."""
KINDS_A: dict[str, tuple[str, ...]] = {
    "council": (), "stage": ("stage",), "deprivation": ("simd_quintile",), "cluster": ("cluster_code",),
    "cluster and sex": ("cluster_code", "sex"), "school": ("school_code",), "school and stage": ("school_code", "stage"),
    "school, stage and sex": ("school_code", "stage", "sex"),
}  # fmt: skip
KINDS_B = {"council": (), "stage": ("stage",), "sex": ("sex",), "deprivation": ("simd_quintile",)}


@dataclass
class Tally:
    """Intervals counted by survey, question and method: kinds of domain by sizes by far from or near 0 and 1, by `MEASURES`."""

    kinds: tuple[str, ...]
    sums: dict[tuple[str, str, str], np.ndarray] = field(default_factory=dict)

    def add(
        self, about: tuple[str, str], kinds: np.ndarray, truth: np.ndarray, found: Shares, said: dict[str, intervals.Interval]
    ) -> None:
        """Count each method's intervals of all domains of one survey and question; kinds: the place of each domain's kind."""
        n, shape = found.yes + found.no, (len(self.kinds), len(SIZES), 2)
        size = np.searchsorted([low for low, _ in SIZES], n, side="right") - 1
        edge = (np.minimum(truth, 1 - truth) < EDGE).astype(int)
        for method, (low, high) in said.items():
            there = np.isfinite(low) & np.isfinite(high) & (n > 0)
            held = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
            at = np.ravel_multi_index((kinds[there], size[there], edge[there]), shape)
            values = (None, held[there].astype(float), (high - low)[there])
            counted = [np.bincount(at, weights=w, minlength=int(np.prod(shape))) for w in values]
            whole = np.stack(counted, axis=-1).reshape(*shape, len(MEASURES))
            self.sums[*about, method] = self.sums.get((*about, method), 0.0) + whole

    def table(self, *by: str) -> pd.DataFrame:
        """Intervals, share that hold the truth and mean width, by some of survey, item, method, kind, size, edge."""
        rows = [
            (*about, kind, size, bool(edge), *sums[k, s, edge])
            for about, sums in self.sums.items()
            for k, kind in enumerate(self.kinds)
            for s, (_, size) in enumerate(SIZES)
            for edge in (0, 1)
        ]
        frame = pd.DataFrame(rows, columns=["survey", "item", "method", "kind", "size", "edge", *MEASURES])
        sums = frame[frame["intervals"] > 0].groupby(list(by), sort=False)[list(MEASURES)].sum()
        return sums.assign(held=sums["held"] / sums["intervals"], width=sums["width"] / sums["intervals"])


def answered(people: People, rows: np.ndarray, said: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The linked forms of the pupils who take part: yes, no, or nothing where a question was left out."""
    book = parameters()["fieldwork"]
    pupils = people.pupils.iloc[rows]
    mainstream = (people.schools["sector"] != "special").to_numpy()[pupils["school"]]
    took = mainstream & (rng.random(len(rows)) < response_chance(book, people, rng)[rows])
    forms = roll_of(people).iloc[rows[took]].reset_index(drop=True)
    for item in said:
        blank = book.share("item_missing") + book.share("sensitive_refused" if item in SENSITIVE else "refused")
        blank = 1 - (1 - book.share("sdq_item_missing")) ** 20 if item == SDQ else blank
        words = np.where(said[item].to_numpy()[took], "yes", "no").astype(object)
        forms[item] = np.where(rng.random(len(forms)) < blank, "", words)
    return forms


def roll_of(people: People) -> pd.DataFrame:
    """The pupil census with each pupil's cluster."""
    roll = census_table(people, "2020v2").drop(columns=["simd_edition", "urban_rural6"])
    return roll.assign(cluster_code=people.schools["cluster_code"].to_numpy()[people.pupils["school"]])


def survey_of(people: People, survey: str, forms: pd.DataFrame) -> PupilSurvey:
    """Weights and both variances of one draw, by the code that makes a release."""
    about = {"area_code": "999", "survey_wave": "2025"}
    nothing = pd.DataFrame(columns=["extract", "stage", "n"])
    linked = Linked(about, schools_table(people), roll_of(people), {survey: forms}, nothing, nothing, linked=False)
    made = prepare(linked, survey, catalogue(), rules())
    if made is None:
        raise ValueError("nobody answered")
    return made


def groups(frame: pd.DataFrame, kinds: dict[str, tuple[str, ...]]) -> dict[Domain, np.ndarray]:
    """Each domain of the kinds with the places of its rows, keyed by kind and codes."""
    found: dict[Domain, np.ndarray] = {}
    for kind, columns in kinds.items():
        if not columns:
            found[(kind,)] = np.arange(len(frame))
            continue
        for code, places in frame.groupby(list(columns)).indices.items():
            found[(kind, *(code if isinstance(code, tuple) else (code,)))] = places
    return found


def true_shares(roll: pd.DataFrame, said: pd.DataFrame, kinds: dict[str, tuple[str, ...]]) -> dict[Domain, np.ndarray]:
    """Pupils and yes answers of each domain of the roll: a row of counts, the number of pupils first."""
    yes = said.to_numpy(dtype=float)
    return {key: np.array([len(at), *yes[at].sum(axis=0)]) for key, at in groups(roll, kinds).items()}


def methods(found: Shares, nchs: bool) -> dict[str, intervals.Interval]:
    """Every interval of some shares; ours is what is published before it is rounded outwards (and hidden if unsteady)."""
    said, level = published(found, rules(), nchs), rules().confidence
    n, n_eff = found.yes + found.no, said["n_eff"].to_numpy()
    adjusted = intervals.t_adjusted(n_eff, n, found.df, level)
    edges = intervals.korn_graubard(found.share, np.minimum(adjusted, n) if nchs else adjusted, level)
    known = found.df > 0
    at_edge = intervals.is_edge(found.share) & known
    logit = intervals.logit(found.share, found.variance, found.df, level)
    logit = intervals.Interval(*(np.where(at_edge, found.share, end) for end in logit))
    with np.errstate(invalid="ignore", divide="ignore"):
        score = intervals.wilson(found.share, n_eff, found.df, level)
    wald = intervals.wald(found.share, np.sqrt(found.variance), found.df, level)
    ours = intervals.display(found.share, found.variance, n_eff, found.df, edges, rules())
    told = intervals.Interval(said["pct_low"].to_numpy() / 100, said["pct_high"].to_numpy() / 100)
    return dict(zip(METHODS, (wald, logit, edges, score, ours, told), strict=True))


def try_draw(
    tally: Tally,
    survey: PupilSurvey,
    truths: dict[Domain, np.ndarray],
    kinds: dict[str, tuple[str, ...]],
    recur: bool,
) -> None:
    """Count every interval of one draw against the truth."""
    atoms = survey.cube.cells.iloc[survey.cube.cell_of].reset_index(drop=True)
    places = groups(atoms, kinds)
    at = np.concatenate(list(places.values()))
    pointers = np.concatenate([[0], np.cumsum([len(p) for p in places.values()])])
    members = sparse.csr_array(sparse.csc_array((np.ones(len(at)), at, pointers), shape=(len(atoms), len(places))))
    names = np.array([tally.kinds.index(key[0]) for key in places])
    for place, item in enumerate(survey.cube.indicators, start=1):
        scores = Scores.of(survey.cube, survey.weights.final, members, item)
        by = survey.recur if recur else survey.these
        found = scores.with_variance(by.variance(scores), by.df(scores))
        true = np.array([truths[key][place] / truths[key][0] for key in places])
        tally.add((survey.code, item), names, true, found, methods(found, nchs=recur))


def items_of(survey: str) -> list[str]:
    """The indicators of a survey in the order in which its cube holds them."""
    return [item for item in catalogue().asked(survey) if item in (*QUESTIONS[survey], SDQ)]


def these_pupils(seed: int, populations: int, draws: int, pupils: int) -> Tally:
    """(a): some populations, each answered `draws` times by whoever responds."""
    tally, numbers = Tally(tuple(KINDS_A)), parameters()
    for p in range(populations):
        rng = np.random.default_rng([seed, p])
        people = make_people(numbers["schools"], pupils, rng)
        for survey in ASKED:
            truth = whole_population(numbers["wellbeing"], people, survey, rng)
            said = truth.answers[[item for item in items_of(survey) if item in truth.answers]]
            shares = true_shares(roll_of(people).iloc[truth.rows].reset_index(drop=True), said, KINDS_A)
            for _ in range(draws):
                try_draw(tally, survey_of(people, survey, answered(people, truth.rows, said, rng)), shares, KINDS_A, False)
    return tally


def model_answers(people: People, survey: str, rng: np.random.Generator, between: float) -> tuple[np.ndarray, pd.DataFrame]:
    """Answers of pupils whose schools were drawn from a model: stage, sex, deprivation and a school's own normal effect.

    `whole_population` will not do here: it holds each stage to its published share, so that redrawn schools never differ.
    """
    book = parameters()["wellbeing"]
    rows = np.flatnonzero(people.pupils["stage"].isin([STAGES.index(s) for s in ASKED[survey]]).to_numpy())
    here, said = people.pupils.iloc[rows], {}
    simd = here["simd"].to_numpy()
    steps = np.where(simd < 5, 2 - simd, 0)
    for item in items_of(survey):
        about = book[item]
        middle = ndtri(np.array([float(about["stages"].get(s, 50)) / 100 for s in STAGES]))[here["stage"]]
        lean = float(about["simd_step"]) * steps + float(about["girls"]) * (here["female"].to_numpy() - 0.5)
        school = rng.standard_normal(len(people.schools))[here["school"]] * np.sqrt(between)
        said[item] = rng.random(len(rows)) < ndtr((middle + lean + school) / np.sqrt(1 - between))
    return rows, pd.DataFrame(said)


def other_schools(seed: int, draws: int, pupils: int, between: float) -> Tally:
    """(b): schools, pupils and answers drawn again each time; as many draws again, whole, find the model's shares."""
    tally, schools = Tally(tuple(KINDS_B)), parameters()["schools"]
    for survey in ASKED:
        sums: dict[Domain, np.ndarray] = {}
        for rng in _streams(seed + 1, 2 * draws):
            people = make_people(schools, pupils, rng)
            rows, said = model_answers(people, survey, rng, between)
            for key, counts in true_shares(roll_of(people).iloc[rows].reset_index(drop=True), said, KINDS_B).items():
                sums[key] = sums.get(key, 0.0) + counts
        for rng in _streams(seed, draws):
            people = make_people(schools, pupils, rng)
            rows, said = model_answers(people, survey, rng, between)
            try_draw(tally, survey_of(people, survey, answered(people, rows, said, rng)), sums, KINDS_B, True)
    return tally


def _streams(seed: int, draws: int) -> Iterator[np.random.Generator]:
    for k in range(draws):
        yield np.random.default_rng([seed, k])
