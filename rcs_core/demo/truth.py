"""What is true in Strathmere, which no reader of a real folder would know: `demo_truth.json`.

The traps in known numbers, the population's prevalences, need by named contact, and the money, against which the
whole pipeline can be checked.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.demo.people import SIMD_CODES, STAGES, People
from rcs_core.demo.wellbeing import MULTIPLE, SDQ, Truth

NEEDS = {"trusted_adult": False, "bullied_last_year": True, SDQ: True, MULTIPLE: True}
"""The answer that means need: no trusted adult; bullied; SDQ raised; many needs."""


@dataclass(frozen=True, slots=True)
class DemoTruth:
    """What is true of one demonstration folder.

    files: by file, its rows and its faults (counts). prevalence: rows of survey, wave, indicator, by, code, n, yes, pct over
    everybody on the roll of the stages. need_contact: survey, indicator, contact, n, need. response: per cent by stage.
    ledgers: pounds as text by ledger and fate. earlier: of each earlier wave its label, pupils, schools, the schools that
    closed or opened since, the stated changes (points of yes from then to now), prevalence and response.
    """

    pupils: int
    asked_for: int
    seed: int
    clusters: int
    schools: int
    files: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    prevalence: tuple[Mapping[str, Any], ...] = ()
    need_contact: tuple[Mapping[str, Any], ...] = ()
    response: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ledgers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    earlier: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> str:
        """The same text for the same truth."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def prevalences(people: People, truth: Truth, area_code: str, wave: str) -> list[dict[str, Any]]:
    """A wave's answers: every question's true share of yes by council, cluster, stage, sex and SIMD quintile."""
    here = people.pupils.iloc[truth.rows]
    splits = {
        "area": np.full(len(here), area_code),
        "cluster": people.schools["cluster_code"].to_numpy()[here["school"]],
        "stage": np.array(STAGES)[here["stage"]],
        "sex": np.where(here["female"], "female", "male"),
        "simd_quintile": SIMD_CODES[here["simd"]],
    }
    rows = []
    for item in truth.answers.columns:
        for by, codes in splits.items():
            counts = truth.answers[item].groupby(codes).agg(["size", "sum"])
            rows += [
                {
                    "survey": truth.survey,
                    "wave": wave,
                    "indicator": item,
                    "by": by,
                    "code": str(code),
                    "n": int(n),
                    "yes": int(yes),
                    "pct": round(100 * yes / n, 3),
                }
                for code, (n, yes) in zip(counts.index, counts.to_numpy(), strict=True)
            ]
    return rows


def need_by_contact(truth: Truth, contact: np.ndarray) -> list[dict[str, Any]]:
    """How many pupils of each named contact have each need, over everybody on the roll."""
    codes = pd.Series(contact[truth.rows])
    rows = []
    for item, means_need in NEEDS.items():
        if item in truth.answers:
            need = truth.answers[item].reset_index(drop=True) == means_need
            counts = need.groupby(codes).agg(["size", "sum"])
            rows += [
                {"survey": truth.survey, "indicator": item, "contact": str(code), "n": int(n), "need": int(k)}
                for code, (n, k) in zip(counts.index, counts.to_numpy(), strict=True)
            ]
    return rows
