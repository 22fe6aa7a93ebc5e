"""Strathmere two years before: the same schools but two, other pupils, and answers that differ by stated changes.

One primary has closed since and one had not opened. What a school adds of its own is kept in part, so that the waves'
schools resemble one another as real ones do. No pupil is in both waves' figures: pseudonyms are new, nobody is followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rcs_core.demo.fieldwork import SurveyFile
from rcs_core.demo.further import BOOK, ask, before
from rcs_core.demo.parameters import Book, Parameters
from rcs_core.demo.people import People, make_pupils, place_names
from rcs_core.demo.truth import prevalences
from rcs_core.demo.wellbeing import ASKED

WAVE = "2023"
FOLDER = f"wave_{WAVE}"
CHANGES = "change_since_earlier_wave"
CLOSED_CLUSTER, OPENED_CLUSTER, CLOSED_NUMBER = 0, 1, 90


@dataclass(frozen=True, slots=True)
class EarlierWave:
    """The earlier wave: its people, its survey files, its true prevalences, and which schools are in one wave only."""

    people: People
    surveys: tuple[SurveyFile, ...]
    prevalence: tuple[dict[str, object], ...]
    closed_since: str
    opened_since: str
    changes: dict[str, float]

    def truth(self) -> dict[str, object]:
        """What is true of the wave, as `demo_truth.json` gives it."""
        return {
            "wave": WAVE,
            "pupils": len(self.people.pupils),
            "schools": len(self.people.schools),
            "closed_since": self.closed_since,
            "opened_since": self.opened_since,
            "changes": self.changes,
            "prevalence": self.prevalence,
            "response": {s.survey: s.response for s in self.surveys},
        }

    def files(self) -> dict[str, dict[str, int]]:
        """Rows and faults of each of its files."""
        plain = {"schools.csv": {"rows": len(self.people.schools)}, "pupil_census.csv": {"rows": len(self.people.pupils)}}
        return {
            f"{FOLDER}/{name}": said for name, said in (plain | {f"survey_{s.survey}.csv": s.traps for s in self.surveys}).items()
        }


def make_earlier_wave(
    numbers: Parameters,
    now: People,
    area_code: str,
    streams: list[np.random.Generator],
    more: Sequence[np.random.Generator | None] = (None, None),
) -> EarlierWave:
    """Make the earlier wave from today's schools; one random stream for the people and one for each survey.

    more: a stream for the further questions of each survey, where they were asked.
    """
    people, closed, opened = _people(numbers, now, streams[0])
    lift = numbers["fieldwork"].number("response_earlier_wave")
    then = Parameters({**numbers.books, "wellbeing": _before(numbers["wellbeing"]), BOOK: before(numbers[BOOK])})
    files, shares = [], []
    for survey, rng, own in zip(ASKED, streams[1:], more, strict=True):
        truth, file = ask(then, people, survey, rng, own, lift)
        files.append(file)
        shares += prevalences(people, truth, area_code, WAVE)
    stated = dict(numbers["wellbeing"][CHANGES]) | (numbers[BOOK][CHANGES] if any(more) else {})
    changes = {item: float(points) for item, points in stated.items()}
    return EarlierWave(people, tuple(files), tuple(shares), closed, opened, changes)


def _before(book: Book) -> Book:
    """What pupils would have answered then: today's shares of yes less the stated change, stage by stage."""
    then = dict(book.parameters)
    for item, points in book[CHANGES].items():
        stages = {stage: round(float(pct) - float(points), 3) for stage, pct in book[item]["stages"].items()}
        then[item] = replace(then[item], value={**book[item], "stages": stages})
    return replace(book, parameters=then)


def _people(numbers: Parameters, now: People, rng: np.random.Generator) -> tuple[People, str, str]:
    book = numbers["schools"]
    opened = _opened_since(now.schools)
    stayed = now.schools[now.schools["school_code"] != opened]
    then = pd.concat([stayed, _closed_since(book, now.schools, rng)], ignore_index=True)
    then["roll"] = _rolls(book, then, rng)
    pupils = make_pupils(book, then, rng)
    codes = then["school_code"].to_numpy()[pupils["school"]]
    today = pd.Series(now.pupils["school_lean"].to_numpy(), now.schools["school_code"].to_numpy()[now.pupils["school"]])
    kept = pd.Series(codes).map(today.groupby(level=0).first()).to_numpy(dtype=float)
    same = numbers["wellbeing"].number("school_effect_kept")
    fresh = pupils["school_lean"].to_numpy()
    pupils["school_lean"] = np.where(np.isnan(kept), fresh, same * kept + np.sqrt(1 - same**2) * fresh)
    return People(then, pupils), str(then["school_code"].iloc[-1]), opened


def _opened_since(schools: pd.DataFrame) -> str:
    """The last primary of the second cluster: open today, not yet then."""
    primaries = schools[(schools["cluster"] == OPENED_CLUSTER) & (schools["sector"] == "primary")]
    return str(primaries["school_code"].iloc[-1])


def _closed_since(book: Book, schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A small primary of the first cluster that has closed since."""
    neighbour = schools[(schools["cluster"] == CLOSED_CLUSTER) & (schools["sector"] == "primary")].iloc[[-1]]
    used = set(schools["cluster_name"]) | {name.rsplit(" ", 2)[0] for name in schools["school_name"]}
    name = next(place for place in place_names(len(schools) + len(used) + 1, rng) if place not in used)
    return neighbour.assign(
        number=CLOSED_NUMBER,
        school_code=f"99{CLOSED_CLUSTER + 1:03d}{CLOSED_NUMBER}",
        school_name=f"{name} Primary School",
        roll=int(book["closed_since_roll"]),
        urban_rural6="accessible_rural",
    )


def _rolls(book: Book, schools: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Each school's roll then: today's, give or take a little; the closed school's as stated."""
    change = 1 + book.share("earlier_roll_spread") * rng.standard_normal(len(schools))
    mainstream = (schools["sector"] != "special").to_numpy() & (schools["number"] != CLOSED_NUMBER).to_numpy()
    roll = schools["roll"].to_numpy()
    return np.where(mainstream, np.round(roll * change), roll).astype(int)
