"""What `rcs estimate` will not do is said in one clear error, and what it does with a doubt is said beside the answer."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rcs_core.errors import RcsError
from rcs_core.records.estimate.request import answer_request
from tests.conftest import rcs_here as rcs

ROWS = [
    f"{h},{h}{u},{h}{u}{k},{2 + k},{w},{'yes' if (u + k) % 3 else 'no'},{10 * u + k},{'f' if k % 2 else 'm'}"
    for h in "ab"
    for u in range(4)
    for k, w in enumerate((2.0, 3.5, 4.0))
]
DATA = "h,school,pupil,size,w,ok,y,sex\n" + "\n".join(ROWS) + "\n"
SCHOOLS = {f"{h}{u}": 12 for h in "ab" for u in range(4)}
SEX = {"f": 30, "m": 60}
DESIGN: dict[str, Any] = {"weights": "w", "strata": "h", "psu": "school"}
SHARE = {"id": "share", "design": "d", "stat": "proportion", "args": {"var": "ok", "level": "yes", "domain": None}}


def request(design: dict[str, Any] | None = None, asked: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"designs": {"d": {**DESIGN, **(design or {})}}, "estimates": [{**SHARE, **(asked or {})}]}


def raking(**about: Any) -> dict[str, Any]:
    return {"calibration": {"method": "raking", **about}}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text(DATA, encoding="utf-8")
    return path


def args(**change: Any) -> dict[str, Any]:
    return {"args": {"var": "ok", "level": "yes", "domain": None, **change}}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("a column that is a number", request({"weights": 5}), "design d, weights: a word is wanted"),
    ("a column that is a list", request({"strata": ["h"]}), "design d, strata: a word is wanted"),
    ("a flag in quotes", request({"nest": "no"}), "design d, nest: true or false is wanted"),
    ("a rule that is a list", request({"lonely_psu": []}), "unknown lonely_psu"),
    ("an unknown column", request({"psu": "class"}), "no such column"),
    ("a psu in two strata", request({"strata": "sex"}), "a psu lies in two strata"),
    ("a calibration that is a word", request({"calibration": "raking"}), "a mapping is wanted"),
    ("margins that are a list", request(raking(margins=["sex"])), "a mapping is wanted"),
    ("a total that is not finite", request(raking(margins={"sex": {"f": float("nan"), "m": 3}})), "a number is wanted"),
    ("a level without a total", request(raking(margins={"sex": {"f": 30}})), "levels and totals differ"),
    ("margins of different sums", request(raking(margins={"sex": SEX, "h": {"a": 1, "b": 2}})), "no weights meet"),
    ("bounds that exclude 1", request(raking(margins={"sex": SEX}, bounds=[1.1, 2])), "bounds do not enclose 1"),
    ("bounds that are too tight", request(raking(margins={"sex": {"f": 5, "m": 500}}, bounds=[0.9, 1.1])), "no weights meet"),
    ("logit without bounds", request({"calibration": {"method": "logit", "margins": {"sex": SEX}}}), "cannot be done so"),
    ("a method that is a number", request({"calibration": {"method": 1, "margins": {"sex": SEX}}}), "unknown method"),
    ("a design that is a list", request(asked={"design": ["d"]}), "unknown design"),
    ("a statistic that is a mapping", request(asked={"stat": {}}), "unknown statistic"),
    ("an id that is a number", request(asked={"id": 3}), "an estimate, id: a word is wanted"),
    ("a variable that is a number", request(asked=args(var=3)), "estimate share, var: a word is wanted"),
    ("a level that is true", request(asked=args(level=True)), "a value of the file is wanted"),
    ("a domain of nothing", request(asked=args(domain={"sex": None})), "a value of the file is wanted"),
    ("a domain of an unknown column", request(asked=args(domain={"gender": "f"})), "no such column"),
    ("a rest without a domain", request(asked={"stat": "domain_minus_rest", **args()}), "a domain is wanted"),
    ("a mean of words", request(asked={"stat": "mean", "args": {"var": "ok"}}), "row 2, column ok: a number is wanted"),
    ("waves that are not two", request(asked={"stat": "wave2_minus_wave1", "args": {"var": "y", "wave": "school"}}), "two waves"),
    ("arguments that are a list", request(asked={"args": ["ok"]}), "a mapping is wanted"),
    ("an argument too many", request(asked=args(colour="red")), "unknown key"),
    ("an estimate that is a word", {**request(), "estimates": ["share"]}, "a mapping is wanted"),
]


@pytest.mark.parametrize(("wrong", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_request_is_one_error_that_names_the_place(data: Path, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(RcsError, match=says):
        answer_request(data, wrong)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the data hold no row"),
        ("h,school,w,ok\n", "the data hold no row"),
        ("h,school,w,ok\na,s1,2\n", "row 2: a row has cells too many or too few: got 3 cells"),
        ("h,school,w,ok\na,s1,2,yes,more\n", "cells too many or too few"),
        ("h,school,w,w\na,s1,2,3\n", "a column stands twice: got w"),
        ("h,school,w,ok\na,s1,-2,yes\n", "row 2, column w: a weight is negative"),
        ("h,school,w,ok\na,s1,0,yes\n", "no row carries a weight"),
        ("h,school,w,ok\na,s1,two,yes\n", "a number is wanted: got 'two'"),
        ("h,school,w,ok\na,,2,yes\n", "row 2, column school: a code is missing"),
        ('h,school,w,ok\na,"s1,2,yes\n', "the data cannot be read"),
    ],
)
def test_bad_data_are_one_error_that_names_the_place(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RcsError, match=says):
        answer_request(path, request())


def test_data_in_another_encoding_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes(DATA.encode("utf-16"))
    with pytest.raises(RcsError, match="cannot be read"):
        answer_request(tmp_path / "data.csv", request())


def test_a_domain_of_the_empty_cell_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(DATA.replace(",f\n", ",\n"), encoding="utf-8")
    found = answer_request(path, request(asked=args(domain={"sex": ""}))).estimates["share"]
    assert (found["n"], found["est"]) == (0, None)


JUNK: list[Any] = [None, True, -1, 1e308, float("nan"), "", "x", [], [1, 2], {}, {"a": {}}, {"sex": 1}, [[]], "h", "1"]


def spoilt(rng: np.random.Generator, whole: Any) -> Any:
    """The request with one value somewhere replaced by junk, or one key taken out or added."""
    made = copy.deepcopy(whole)
    at, key = {"": made}, ""
    while isinstance(at[key], dict | list) and at[key] and (key == "" or rng.random() < 0.85):
        at = at[key]
        key = rng.choice(list(at)) if isinstance(at, dict) else int(rng.integers(len(at)))
        key = str(key) if isinstance(at, dict) else key
    change = rng.random()
    if change < 0.2 and isinstance(at, dict):
        del at[key]
    elif change < 0.3 and isinstance(at, dict):
        at["surprise"] = 1
    else:
        at[key] = JUNK[int(rng.integers(len(JUNK)))]
    return made


def test_any_spoilt_request_is_answered_or_refused_in_the_house_form(data: Path) -> None:
    rng, told = np.random.default_rng(20), 0
    kinds = [
        request(raking(margins={"sex": SEX}, totals={"y": 1400}, bounds=[0.2, 5])),
        request({"ssu": "pupil", "lonely_psu": "adjust", "nest": True}, args(domain={"sex": "f"})),
        request(asked={"stat": "ratio", "args": {"num": "y", "den": "size", "domain": {"h": "a"}}}),
        request(asked={"stat": "wave2_minus_wave1", "args": {"var": "y", "wave": "sex", "domain": None}}),
    ]
    for i in range(400):
        try:
            answer_request(data, spoilt(rng, kinds[i % len(kinds)]))
        except RcsError:
            told += 1
    assert told > 150


def ask(data: Path, content: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The command's outcome and what it wrote."""
    asked, out = data.parent / "request.json", data.parent / "out.json"
    asked.write_text(json.dumps(content), encoding="utf-8")
    ran = rcs("estimate", data, "--request", asked, "--out", out)
    return ran, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def test_a_bad_request_ends_with_two_and_no_traceback(data: Path) -> None:
    ran, written = ask(data, request({"weights": "nowhere"}))
    assert (ran.returncode, written) == (2, {})
    assert ran.stderr.startswith("SettingsError: the data: there is no such column: got 'nowhere'.")
    assert "Traceback" not in ran.stderr


def test_a_margin_that_is_the_sampling_unit_is_told_and_still_answered(data: Path) -> None:
    trap = request(raking(margins={"school": SCHOOLS, "sex": {"f": 32, "m": 64}}))
    ran, written = ask(data, trap)
    assert ran.returncode == 0
    assert ran.stderr.splitlines() == [
        "Note: design d: the margin school lies within the sampling unit school and fixes the sums of 8 of 8 units, so "
        "their spread vanishes and the standard errors are far too small: calibrate on margins that cut across units."
    ]
    honest, plain = ask(data, request(raking(margins={"sex": {"f": 32, "m": 64}})))
    assert honest.stderr == ""
    assert written["share"]["se"] < 0.3 * plain["share"]["se"]


def test_a_margin_nested_in_the_sampling_unit_is_told_and_a_broader_one_is_not(data: Path) -> None:
    pupils = {row.split(",")[2]: 4 for row in ROWS}
    linear = {"method": "linear", "margins": {"pupil": pupils}}
    assert "margin pupil lies within the sampling unit school" in answer_request(data, request({"calibration": linear})).notes[0]
    assert answer_request(data, request(raking(margins={"h": {"a": 40, "b": 41}}))).notes == ()
    rows = answer_request(data, request({"psu": None, **raking(margins={"school": SCHOOLS})}))
    assert rows.notes == ()


def test_a_lonely_unit_under_fail_leaves_null_where_it_stands_and_answers_the_rest(data: Path) -> None:
    data.write_text(DATA + "c,c0,c00,2,2.0,yes,4,f\n", encoding="utf-8")
    both = request()
    both["estimates"].append({**SHARE, "id": "a only", **args(domain={"h": "a"})})
    ran, written = ask(data, both)
    assert ran.returncode == 1
    assert "estimate share, stratum c: a stratum holds one sampled unit only" in ran.stderr
    assert written["share"] == {"est": None}
    assert written["a only"]["se"] > 0
