"""Further questions of Strathmere (`--every-question`): twelve topics in words of our own, and the five scales of the SDQ.

They draw from random streams of their own, so that whatever else is in the folder is the same with them and without.
Sleep is asked as two times of day; the scales are no questions, but scored from the items of every form of S1 to S4.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from rcs_core.demo.fieldwork import More, SurveyFile, in_words, run_survey
from rcs_core.demo.parameters import Book, Parameters
from rcs_core.demo.people import People
from rcs_core.demo.wellbeing import (
    ASKED,
    Truth,
    lean_score,
    pupils_of,
    rank_within,
    says_yes,
    share_by_stage,
    whole_population,
)
from rcs_core.settings import CONTRACTS, read_yaml

BOOK = "further"
CHANGES = "change_since_earlier_wave"
SLEEP = "slept_8_hours"
CHOSEN = {"sdq_scales": True}
"""What partnership.yaml says beside, so that the scales are told one by one."""
SHORTEST, LONGEST, STEPS = 4.0, 14.0, 4
"""Hours of sleep, and the steps of an hour to which pupils round."""
HALF_DAY, DAY = 12 * 60, 24 * 60


def ask(
    numbers: Parameters, people: People, survey: str, rng: np.random.Generator, own: np.random.Generator | None, lift: float = 0.0
) -> tuple[Truth, SurveyFile]:
    """One survey of a wave: what everybody would answer, and the file that comes back.

    own: the stream of the further questions; without it they are not asked.
    """
    truth = whole_population(numbers["wellbeing"], people, survey, rng)
    if own is None:
        return truth, run_survey(numbers["fieldwork"], people, truth, rng, lift)
    answers, hours = _answers(numbers, people, truth, own)
    file = run_survey(numbers["fieldwork"], people, truth, rng, lift, _forms(numbers, answers, hours, own))
    return replace(truth, answers=pd.concat([truth.answers, answers, _scales(truth)], axis=1)), file


def topics(book: Book, survey: str) -> list[str]:
    """The further questions of a survey: those with a share of yes in its stages."""
    stages = {name: about.value["stages"] for name, about in book.parameters.items() if _is_topic(about.value)}
    return [name for name, shares in stages.items() if set(shares) & set(ASKED[survey])]


def before(book: Book) -> Book:
    """The earlier wave's shares of yes. A topic without a stated change was not yet asked then."""
    changes, then = book[CHANGES], dict(book.parameters)
    for name, about in book.parameters.items():
        if _is_topic(about.value) and name not in changes:
            del then[name]
        elif name in changes:
            stages = {stage: round(float(pct) - float(changes[name]), 3) for stage, pct in about.value["stages"].items()}
            then[name] = replace(about, value={**about.value, "stages": stages})
    return replace(book, parameters=then)


def _is_topic(value: object) -> bool:
    return isinstance(value, Mapping) and "stages" in value


def _answers(numbers: Parameters, people: People, truth: Truth, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Yes or no of every topic for everybody, and the hours that everybody sleeps (none where they were not asked)."""
    book, here, hours = numbers[BOOK], pupils_of(people, truth.rows), np.full(len(truth.rows), np.nan)
    found: dict[str, np.ndarray] = {}
    for item in topics(book, truth.survey):
        if item == SLEEP:
            hours = _hours(numbers, here, rng)
            found[item] = hours >= book.number("enough_sleep")
        else:
            found[item] = says_yes(numbers["wellbeing"], book[item], here, rng)
    return pd.DataFrame(found), hours


def _hours(numbers: Parameters, here: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Hours of sleep in steps of a quarter: normal in each stage, with the stated share at enough or more."""
    book = numbers[BOOK]
    leans = {k: float(v) for k, v in book[SLEEP].items() if k != "stages"}
    rank = rank_within(lean_score(numbers["wellbeing"], leans, here, rng), [here["stage"].to_numpy()])
    short = ndtri(1 - share_by_stage(book[SLEEP]["stages"], here))
    hours = book.number("enough_sleep") + book.number("sleep_spread") * (ndtri(rank) - short)
    return np.asarray((np.floor(STEPS * hours) / STEPS).clip(SHORTEST, LONGEST))


def _scales(truth: Truth) -> pd.DataFrame:
    """Whether each scale of the self-report is raised by its published cut, from the items that everybody would give."""
    if truth.sdq_items is None:
        return pd.DataFrame(index=truth.answers.index)
    rules = read_yaml(CONTRACTS / "scoring.yaml")["sdq_self_report"]
    cut, points = rules["cuts"][rules["headline"]], truth.sdq_items.astype(int)
    turned = np.array(rules["reversed"]) - 1
    points[:, turned] = 2 - points[:, turned]
    sums = {name: points[:, np.array(items) - 1].sum(axis=1) for name, items in rules["scales"].items()}
    return pd.DataFrame(
        {
            f"sdq_{name}_raised": sums[name] >= cut["at_least"][name]
            if name in cut["at_least"]
            else sums[name] <= cut["at_most"][name]
            for name in sums
        }
    )


def _forms(numbers: Parameters, answers: pd.DataFrame, hours: np.ndarray, rng: np.random.Generator) -> More:
    """How the further questions stand on the forms of those who took part."""

    def written(took_part: np.ndarray) -> tuple[pd.DataFrame, dict[str, int]]:
        columns: dict[str, np.ndarray] = {}
        wrong: dict[str, int] = {}
        for item in answers.columns:
            if item == SLEEP:
                times, wrong = _times(numbers, hours[took_part], rng)
                columns |= times
            else:
                columns[item] = in_words(numbers["fieldwork"], item, answers[item].to_numpy()[took_part], rng)
        return pd.DataFrame(columns), wrong

    return written


def _times(numbers: Parameters, hours: np.ndarray, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Times of going to bed and waking as hh:mm; some are left blank, and some bed times are on a clock of twelve hours."""
    book = numbers[BOOK]
    earliest, latest = (int(60 * float(hour)) for hour in book["wake_times"])
    wake = rng.choice(np.arange(earliest, latest + 1, 60 // STEPS), len(hours))
    bed = (wake - (60 * hours).astype(int)) % DAY
    odd = rng.random(len(hours)) < book.share("twelve_hour_clock")
    bed = np.where(odd, (bed - HALF_DAY) % DAY, bed)
    said = {"bed_time": _clock(bed), "wake_time": _clock(wake)}
    blank = {name: rng.random(len(hours)) < numbers["fieldwork"].share("item_missing") for name in said}
    read = odd & ~blank["bed_time"] & ~blank["wake_time"]
    return {name: np.where(blank[name], "", times) for name, times in said.items()}, {"twelve_hour_clock": int(read.sum())}


def _clock(minutes: np.ndarray) -> np.ndarray:
    return np.array([f"{time // 60:02d}:{time % 60:02d}" for time in minutes.tolist()], dtype=object)
