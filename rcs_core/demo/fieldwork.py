"""From what pupils would answer to the survey files as they arrive: who takes part, what is left blank, what goes wrong.

Response depends on stage, SIMD and school only (a known model), so weighting to the pupil census can mend it. Every
kind of fault is put in on purpose, in different rows, and counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rcs_core.demo.parameters import Book
from rcs_core.demo.people import STAGES, People, pupil_ids
from rcs_core.demo.wellbeing import ASKED, SCORED, SDQ_ITEMS, SENSITIVE, WEMWBS_ITEMS, Truth

STRANGE_STAGES = {"pupil_p5_p7": ["P4", "S1"], "pupil_s1_s4": ["P7", "S5"]}
ODD_HEADERS = {
    "pupil_p5_p7": {"trusted_adult": " Trusted_Adult "},
    "pupil_s1_s4": {"stage": "Stage ", "bullied_last_year": "BULLIED_last_year"},
}


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """One survey as it arrives: the rows as text, and in known numbers what is wrong with them."""

    survey: str
    frame: pd.DataFrame
    traps: dict[str, int]
    response: dict[str, float]


type More = Callable[[np.ndarray], tuple[pd.DataFrame, dict[str, int]]]
"""Further columns of the forms of those who took part, and what is wrong with them, in known numbers."""


def run_survey(
    book: Book, people: People, truth: Truth, rng: np.random.Generator, lift: float = 0.0, more: More | None = None
) -> SurveyFile:
    """Ask every mainstream pupil of the survey's stages; return the file that comes back. lift: points of response more."""
    pupils = people.pupils
    asked = (people.schools["sector"] != "special").to_numpy()[pupils["school"].to_numpy()[truth.rows]]
    chance = response_chance(book, people, rng, lift)[truth.rows]
    took_part = np.flatnonzero(asked & (rng.random(len(truth.rows)) < chance))
    clean = _forms(book, people, truth, took_part, rng)
    columns, wrong = more(took_part) if more else (pd.DataFrame(index=clean.index), {})
    clean = pd.concat([clean, columns], axis=1)
    forms, traps = _add_faults(book, people, truth, clean, rng)
    forms, strays = _add_strays(book, forms, len(clean), rng)
    traps |= {f"stray_{name}": count for name, count in strays.items()} | wrong
    headers = ODD_HEADERS[truth.survey]
    traps["odd_headers"] = len(headers)
    forms = forms.drop(columns="order").rename(columns=headers)
    traps |= {"rows": len(forms), "kept": len(clean)}
    stage = np.array(STAGES)[pupils["stage"].to_numpy()[truth.rows]]
    took = np.bincount(took_part, minlength=len(truth.rows)) > 0
    response = {s: round(100 * float(took[stage == s].mean()), 2) for s in ASKED[truth.survey]}
    return SurveyFile(truth.survey, forms, traps, response | {"ALL": round(100 * float(took.mean()), 2)})


def response_chance(book: Book, people: People, rng: np.random.Generator, lift: float = 0.0) -> np.ndarray:
    """The chance that each pupil takes part: stage, SIMD and school, and what a wave as a whole has more or less (`lift`)."""
    by_stage = np.array([float(book["response"].get(stage, 0)) for stage in STAGES])
    leans = book["response_simd"]
    by_simd = np.array([float(leans[code]) for code in ("1", "2", "3", "4", "5", "not_known")])
    by_school = rng.normal(0, book.number("response_school_spread"), len(people.schools))
    pupils = people.pupils
    total = by_stage[pupils["stage"]] + by_simd[pupils["simd"]] + by_school[pupils["school"]]
    return np.asarray(((total + lift) / 100).clip(0, 0.98))


def _forms(book: Book, people: People, truth: Truth, took_part: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """The forms of those who took part, in the order in which they were sent (`order`)."""
    pupils = people.pupils.iloc[truth.rows[took_part]]
    forms = pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"].to_numpy(),
            "school_code": people.schools["school_code"].to_numpy()[pupils["school"]],
            "stage": np.array(STAGES)[pupils["stage"]],
        }
    )
    for item in truth.answers.columns.drop(list(SCORED), errors="ignore"):
        forms[item] = in_words(book, item, truth.answers[item].to_numpy()[took_part], rng)
    if truth.sdq_items is not None:
        given = truth.sdq_items[took_part]
        text = np.array(["0", "1", "2", ""])
        blank = rng.random(given.shape) < book.share("sdq_item_missing")
        forms = pd.concat([forms, pd.DataFrame(text[np.where(blank, 3, given)], columns=SDQ_ITEMS)], axis=1)
    if truth.wemwbs_items is not None:
        given, own = truth.wemwbs_items[took_part], rng.spawn(1)[0]
        blank = own.random(given.shape) < book.share("wemwbs_item_missing")
        text = np.array(["", "1", "2", "3", "4", "5"])
        forms = pd.concat([forms, pd.DataFrame(text[np.where(blank, 0, given)], columns=WEMWBS_ITEMS)], axis=1)
    forms["order"] = rng.random(len(forms))
    return forms


def in_words(book: Book, item: str, yes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Answers as they are written: some are left blank, and some would rather not say."""
    words = np.array(["no", "yes", "", "prefer_not_to_say"])
    draw = rng.random(len(yes))
    missing = book.share("item_missing")
    refused = missing + book.share("sensitive_refused" if item in SENSITIVE else "refused")
    return np.asarray(words[np.select([draw < missing, draw < refused], [2, 3], yes.astype(int))])


def _count(book: Book, kind: str, rows: int) -> int:
    return max(int(book["least_traps"]), round(rows * book.share(kind)))


def _add_faults(
    book: Book, people: People, truth: Truth, clean: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Second forms (later than the first), forms of the wrong stage, forms of no known pupil; each in rows of its own."""
    counts = {kind: _count(book, kind, len(clean)) for kind in ("answered_twice", "wrong_stage", "not_in_census")}
    twice = _shuffled_answers(clean, counts["answered_twice"], rng)
    twice["order"] = clean["order"].to_numpy()[twice.index] + rng.random(len(twice))
    strangers = _shuffled_answers(clean, counts["not_in_census"], rng)
    strangers["pupil_id"] = pupil_ids(len(strangers), rng)
    wrong = _shuffled_answers(clean, counts["wrong_stage"], rng)
    whose = people.pupils[np.isin(np.array(STAGES)[people.pupils["stage"]], STRANGE_STAGES[truth.survey])]
    whose = whose.iloc[rng.choice(len(whose), len(wrong), replace=False)]
    wrong["pupil_id"] = whose["pupil_id"].to_numpy()
    wrong["school_code"] = people.schools["school_code"].to_numpy()[whose["school"]]
    wrong["stage"] = np.array(STAGES)[whose["stage"]]
    forms = pd.concat([clean, twice, strangers, wrong], ignore_index=True)
    forms["clean"] = np.arange(len(forms)) < len(clean)
    forms = forms.sort_values("order", kind="stable").reset_index(drop=True)
    return forms, counts


def _shuffled_answers(clean: pd.DataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Copies of `count` forms that carry another pupil's answers; the index says whose form each copies."""
    whose, answers = rng.choice(len(clean), (2, count), replace=True)
    whose = rng.permutation(len(clean))[:count] if count <= len(clean) else whose
    copies = clean.iloc[whose].copy()
    items = [c for c in clean.columns if c not in ("pupil_id", "school_code", "stage", "order")]
    copies[items] = clean[items].iloc[answers].to_numpy()
    copies["order"] = rng.random(count)
    return copies


def _add_strays(book: Book, forms: pd.DataFrame, clean: int, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, int]]:
    """Put a stray space or odd case into one code of each of some otherwise faultless rows."""
    count = _count(book, "stray_cells", clean)
    rows = rng.choice(np.flatnonzero(forms["clean"]), 3 * count, replace=False).reshape(3, count)
    forms = forms.drop(columns="clean")
    for column, where in zip(("school_code", "stage", "enjoys_learning"), rows, strict=True):
        values = forms[column].to_numpy(dtype=object)
        values[where] = [_stray(column, str(value), k) for k, value in enumerate(values[where])]
        forms[column] = values
    changed = int(np.sum(forms["enjoys_learning"].to_numpy()[rows[2]] != ""))
    return forms, {"school_code": count, "stage": count, "enjoys_learning": changed}


def _stray(column: str, value: str, k: int) -> str:
    if value == "":
        return value
    if column == "school_code" or k % 2:
        return f"{value} " if k % 3 else f" {value}"
    return value.lower() if column == "stage" else value.capitalize()
