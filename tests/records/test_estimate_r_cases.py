"""Requests that R's `survey` package answered, answered again: `r_cases/make.R` says how the expected numbers were made."""

import json
from pathlib import Path

import pytest

from rcs_core.records.estimate.request import answer_request

CASES = sorted((Path(__file__).parent / "r_cases").glob("*.json"))
EXPECTED_NUMBERS = 4782


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_number_of_r_is_met_to_a_millionth(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    found = answer_request(path.parent / case["csv"], case).estimates
    for asked in case["estimates"]:
        for key, expected in asked["expect"].items():
            got, where = found[asked["id"]][key], f"{asked['id']} {key}"
            if expected is None:
                assert got is None, where
            else:
                assert got == pytest.approx(expected, rel=1e-6, abs=1e-9), where


def test_the_cases_hold_what_they_are_there_for() -> None:
    cases = [json.loads(path.read_text(encoding="utf-8")) for path in CASES]
    designs = [design for case in cases for design in case["designs"].values()]
    assert sum(len(asked["expect"]) for case in cases for asked in case["estimates"]) == EXPECTED_NUMBERS
    assert {design["lonely_psu"] for design in designs} == {"fail", "adjust", "remove", "certainty"}
    assert {(design["calibration"] or {}).get("method") for design in designs} == {
        None, "poststratify", "raking", "linear", "logit",
    }  # fmt: skip
    assert {asked["stat"] for case in cases for asked in case["estimates"]} == {
        "mean", "proportion", "ratio", "domain_minus_rest", "wave2_minus_wave1", "weights_summary",
    }  # fmt: skip
    assert all("R 4.2.2, survey 4.1-1" in case["case"] for case in cases)
