"""`run_request` against published answers, textbook formulas and a second, plainly written implementation."""

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rcs_core.errors import ContractError, RcsError, SettingsError, UnreadableError
from rcs_core.records.estimate import run_request
from tests.shared import shared_file

EXAMPLES = ("api_strat", "fpc_toy", "synth_two_waves")
TWO_STAGE = {
    "weights": "w", "strata": "h", "psu": "psu", "ssu": "ssu", "fpc_stage1": "N", "fpc_stage2": "M",
    "nest": True, "lonely_psu": "adjust",
}  # fmt: skip


def answer(path: Path, design: dict[str, Any], stat: str, **args: Any) -> dict[str, Any]:
    asked = {"id": "a", "design": "d", "stat": stat, "args": args}
    return run_request(path, {"designs": {"d": design}, "estimates": [asked]})["a"]


def write(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "data.csv"
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", EXAMPLES)
def test_published_examples_agree_to_a_millionth(name: str) -> None:
    path = shared_file(f"methods/examples/estimate/{name}.json")
    if path is None:
        return
    case = json.loads(path.read_text(encoding="utf-8"))
    found = run_request(path.with_suffix(".csv"), case)
    for asked in case["estimates"]:
        for key, expected in asked["expect"].items():
            got = found[asked["id"]][key]
            where = f"{asked['id']} {key}"
            assert (got is None) == (expected is None), where
            assert expected is None or got == pytest.approx(expected, rel=1e-6, abs=1e-10), where


@pytest.fixture
def two_stage(tmp_path: Path) -> tuple[Path, pd.DataFrame]:
    """Strata a (12 units, 3 taken) and b (9 units, 2 taken); in each unit some of its members are taken."""
    rng = np.random.default_rng(11)
    rows = []
    for h, whole, taken in (("a", 12, 3), ("b", 9, 2)):
        for unit in range(taken):
            inside, members = int(rng.integers(2, 5)), int(rng.integers(8, 15))
            for i in range(inside):
                weight = whole / taken * members / inside
                rows.append((h, f"u{unit}", i, whole, members, weight, rng.normal(20 + 4 * unit, 3), rng.choice(["yes", "no"])))
    frame = pd.DataFrame(rows, columns=["h", "psu", "ssu", "N", "M", "w", "y", "ok"])
    return write(tmp_path, frame), frame


def test_a_two_stage_total_has_the_textbook_variance(two_stage: tuple[Path, pd.DataFrame]) -> None:
    """Cochran, *Sampling Techniques*, 3rd ed., 11.24: between units, plus within units times the share of units taken."""
    path, frame = two_stage
    total, variance = 0.0, 0.0
    for _, stratum in frame.groupby("h"):
        whole, units = stratum["N"].iloc[0], list(stratum.groupby("psu"))
        n = len(units)
        unit_totals = [u["M"].iloc[0] * u["y"].mean() for _, u in units]
        variance += whole**2 * (1 - n / whole) * np.var(unit_totals, ddof=1) / n
        for _, u in units:
            size, m = u["M"].iloc[0], len(u)
            variance += whole / n * size**2 * (1 - m / size) * u["y"].var() / m
        total += whole / n * sum(unit_totals)
    found = answer(path, TWO_STAGE, "mean", var="y")
    assert found["total"] == pytest.approx(total)
    assert found["total_se"] == pytest.approx(math.sqrt(variance))
    assert found["df"] == 3


def test_without_a_second_population_the_later_stage_is_taken_as_complete(two_stage: tuple[Path, pd.DataFrame]) -> None:
    path, _ = two_stage
    one = answer(path, {**TWO_STAGE, "fpc_stage2": None}, "mean", var="y")
    ultimate = answer(path, {**TWO_STAGE, "ssu": None, "fpc_stage2": None}, "mean", var="y")
    assert one == ultimate


def naive_se(frame: pd.DataFrame, scores: pd.Series, inside: pd.Series, rule: str, adjust: bool) -> float:
    """The same variance, stage by stage, in plain loops over labels."""

    def stage(rows: pd.DataFrame, whole_design: pd.DataFrame, unit: str, size: str) -> float:
        sampled = whole_design[unit].nunique()
        unsampled = 1 - sampled / rows[size].iloc[0]
        sums = rows.groupby(unit)["z"].sum().tolist()
        sums += [0.0] * (sampled - len(sums))
        present = rows[unit].nunique()
        lonely = rule == "adjust" and present == 1 and (sampled == 1 or adjust)
        centre = 0.0 if lonely else sum(sums) / sampled
        return unsampled * (sampled / (sampled - 1) if sampled > 1 else 1) * sum((s - centre) ** 2 for s in sums)

    frame = frame.assign(z=frame["w"] * scores)
    variance = 0.0
    for h, rows in frame[inside].groupby("h"):
        design = frame[frame["h"] == h]
        variance += stage(rows, design, "psu", "N")
        for psu, mine in rows.groupby("psu"):
            taken = design["psu"].nunique() / rows["N"].iloc[0]
            variance += taken * stage(mine, design[design["psu"] == psu], "ssu", "M")
    return math.sqrt(variance)


@pytest.mark.parametrize(("rule", "adjust"), list(product(["adjust", "remove", "certainty"], [False, True])))
@pytest.mark.parametrize("seed", range(4))
def test_two_stage_domains_and_lonely_units_agree_with_a_second_implementation(
    tmp_path: Path, seed: int, rule: str, adjust: bool
) -> None:
    rng = np.random.default_rng(seed)
    rows = [
        (h, f"{h}{u}", f"{h}{u}{i}", 20, 9, rng.uniform(1, 4), round(rng.normal(5, 2), 6), rng.choice(["in", "out"]))
        for h, units in (("a", 1), ("b", 2), ("c", 3), ("d", 4))
        for u in range(units)
        for i in range(int(rng.integers(1, 4)))
    ]
    frame = pd.DataFrame(rows, columns=["h", "psu", "ssu", "N", "M", "w", "y", "g"])
    path = write(tmp_path, frame)
    design = {**TWO_STAGE, "lonely_psu": rule, "adjust_domain_lonely": adjust}
    found = answer(path, design, "mean", var="y", domain={"g": "in"})
    inside = frame["g"] == "in"
    whole = frame["w"][inside].sum()
    centre = (frame["w"] * frame["y"])[inside].sum() / whole
    assert found["est"] == pytest.approx(centre)
    assert found["se"] == pytest.approx(naive_se(frame, (frame["y"] - centre) / whole, inside, rule, adjust))
    assert found["total_se"] == pytest.approx(naive_se(frame, frame["y"], inside, rule, adjust))


@pytest.fixture
def lonely(tmp_path: Path) -> Path:
    frame = pd.DataFrame({"h": [1, 1, 2, 2, 3], "w": [2.0, 2, 3, 3, 5], "y": [4.0, 8, 1, 7, 6], "g": list("xyxyz")})
    return write(tmp_path, frame)


def test_a_lonely_unit_counts_for_nothing_or_from_the_grand_mean(lonely: Path) -> None:
    """By hand: mean 78/15 = 5.2; strata 1 and 2 give 2[(2.4+1.4)^2... ] as below; stratum 3 alone gives (5 * 0.8)^2."""
    z1, z2 = (2 * (4 - 5.2), 2 * (8 - 5.2)), (3 * (1 - 5.2), 3 * (7 - 5.2))
    known = (z1[0] - z1[1]) ** 2 + (z2[0] - z2[1]) ** 2
    design = {"weights": "w", "strata": "h", "lonely_psu": "remove"}
    assert answer(lonely, design, "mean", var="y")["se"] == pytest.approx(math.sqrt(known) / 15)
    assert answer(lonely, {**design, "lonely_psu": "certainty"}, "mean", var="y")["se"] == pytest.approx(math.sqrt(known) / 15)
    adjusted = answer(lonely, {**design, "lonely_psu": "adjust"}, "mean", var="y")["se"]
    assert adjusted == pytest.approx(math.sqrt(known + (5 * 0.8) ** 2) / 15)


def test_a_lonely_unit_fails_only_where_its_stratum_is_asked_about(lonely: Path) -> None:
    design = {"weights": "w", "strata": "h", "lonely_psu": "fail"}
    with pytest.raises(ContractError, match="one sampled unit only"):
        answer(lonely, design, "mean", var="y")
    assert answer(lonely, design, "mean", var="y", domain={"g": "x"})["n"] == 2


def test_a_whole_population_stratum_of_one_never_fails(tmp_path: Path) -> None:
    frame = pd.DataFrame({"h": [1, 1, 2], "N": [9, 9, 1], "w": [4.5, 4.5, 1], "y": [1.0, 3, 5]})
    design = {"weights": "w", "strata": "h", "fpc_stage1": "N", "lonely_psu": "fail"}
    found = answer(write(tmp_path, frame), design, "mean", var="y")
    assert found["total_se"] == pytest.approx(math.sqrt(9**2 * (1 - 2 / 9) * 2 / 2))


def test_sampling_fractions_and_sizes_say_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame({"h": [1, 1, 2, 2, 2], "N": [9, 9, 6, 6, 6], "w": [4.5, 4.5, 2, 2, 2], "y": [1.0, 3, 5, 2, 2]})
    frame["f"] = [2 / 9, 2 / 9, 0.5, 0.5, 0.5]
    path, design = write(tmp_path, frame), {"weights": "w", "strata": "h"}
    sizes = answer(path, {**design, "fpc_stage1": "N"}, "mean", var="y")
    assert answer(path, {**design, "fpc_stage1": "f"}, "mean", var="y") == pytest.approx(sizes)
    assert answer(path, {**design, "weights": None, "fpc_stage1": "N"}, "mean", var="y") == pytest.approx(sizes)


def test_levels_are_the_strings_of_the_file_and_an_empty_cell_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("w,y,z\n1,1,4\n1,0,5\n1,,6\n1,1.0,\n", encoding="utf-8")
    found = answer(path, {"weights": "w"}, "proportion", var="y", level="1")
    assert (found["n"], found["n_events"]) == (3, 1)
    assert answer(path, {"weights": "w"}, "mean", var="z", domain={"y": 1})["n"] == 1


def test_without_degrees_of_freedom_intervals_are_none_and_never_of_width_zero(tmp_path: Path) -> None:
    frame = pd.DataFrame({"h": [1, 2], "w": [1.0, 1], "y": ["a", "b"]})
    found = answer(
        write(tmp_path, frame), {"weights": "w", "strata": "h", "lonely_psu": "remove"}, "proportion", var="y", level="a"
    )
    assert found["df"] == 0
    assert all(value is None for key, value in found.items() if key.startswith("ci_"))


def test_an_empty_domain_is_none_throughout(lonely: Path) -> None:
    found = answer(lonely, {"weights": "w"}, "proportion", var="g", level="x", domain={"h": "9"})
    assert found["n"] == 0
    assert found["est"] is found["se"] is found["total"] is found["ci_beta_lo"] is found["nchs_suppress"] is None


def random_frame(seed: int, size: int = 240) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"h": rng.choice(list("abc"), size), "sex": rng.choice(["f", "m"], size), "w": rng.uniform(1, 3, size)})
    frame["psu"] = frame["h"] + pd.Series(rng.integers(0, 8, size)).astype(str)
    frame["age"], frame["y"] = rng.uniform(5, 12, size), rng.choice(["yes", "no"], size)
    return frame


DESIGN = {"weights": "w", "strata": "h", "psu": "psu"}
MARGINS = {"sex": {"f": 260, "m": 220}, "h": {"a": 160, "b": 170, "c": 150}}


@pytest.mark.parametrize(
    "calibration",
    [
        {"method": "raking", "margins": MARGINS},
        {"method": "linear", "margins": MARGINS, "totals": {"age": 4100}},
        {"method": "linear", "margins": MARGINS, "bounds": [0.5, 2]},
        {"method": "logit", "margins": MARGINS, "bounds": [0.5, 2]},
        {"method": "poststratify", "margins": {"sex": MARGINS["sex"]}},
        {"method": "linear", "totals": {"(Intercept)": 480, "age": 4100}},
    ],
)
def test_every_method_meets_its_totals_without_error_of_their_own(tmp_path: Path, calibration: dict[str, Any]) -> None:
    path = write(tmp_path, random_frame(1))
    design = {**DESIGN, "calibration": calibration}
    for column, levels in calibration.get("margins", {}).items():
        for level, total in levels.items():
            found = answer(path, design, "proportion", var=column, level=level)
            assert found["total"] == pytest.approx(total)
            assert found["total_se"] == pytest.approx(0, abs=1e-6)
    for column, total in calibration.get("totals", {}).items():
        if column == "age":
            found = answer(path, design, "mean", var=column)
            assert (found["total"], found["total_se"]) == pytest.approx((total, 0), abs=1e-5)


def test_a_margin_that_is_the_sum_of_another_changes_nothing(tmp_path: Path) -> None:
    frame = random_frame(2).assign(region=lambda f: np.where(f["h"] == "c", "s", "n"))
    path = write(tmp_path, frame)
    plain = {**DESIGN, "calibration": {"method": "raking", "margins": MARGINS}}
    nested = {**DESIGN, "calibration": {"method": "raking", "margins": {**MARGINS, "region": {"n": 330, "s": 150}}}}
    first, second = (answer(path, d, "proportion", var="y", level="yes", domain={"sex": "f"}) for d in (plain, nested))
    assert first == pytest.approx(second, rel=1e-7)


def test_the_rest_is_what_is_known_to_lie_outside(tmp_path: Path) -> None:
    frame = random_frame(3)
    frame.loc[frame.index % 10 == 0, "sex"] = ""
    path = write(tmp_path, frame)
    found = answer(path, DESIGN, "domain_minus_rest", var="y", level="yes", domain={"sex": "f"})
    share = {s: answer(path, DESIGN, "proportion", var="y", level="yes", domain={"sex": s})["est"] for s in ("f", "m")}
    assert found["diff_rest"] == pytest.approx(share["f"] - share["m"])


def test_waves_are_taken_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    frame = random_frame(4).assign(wave=lambda f: np.where(f["sex"] == "f", "9", "10"))
    path = write(tmp_path, frame)
    found = answer(path, DESIGN, "wave2_minus_wave1", var="age", wave="wave")
    later, earlier = (answer(path, DESIGN, "mean", var="age", domain={"wave": w})["est"] for w in ("10", "9"))
    assert found["diff"] == pytest.approx(later - earlier)
    assert found["ci_lo"] < found["diff"] < found["ci_hi"]


GOOD = {"designs": {"d": {"weights": "w"}}, "estimates": [{"id": "a", "design": "d", "stat": "mean", "args": {"var": "y"}}]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"designs": {"d": {"weights": "w", "wieghts": "w"}}}, "unknown key"),
        ({"colour": 1}, "unknown key"),
        ({"designs": {"d": {"weights": "w", "lonely_psu": "average"}}}, "unknown lonely_psu"),
        ({"designs": {"d": {"weights": "w", "ssu": "h"}}}, "second stage without a first"),
        ({"designs": {"d": {"weights": "w", "fpc_stage2": "h"}}}, "stands alone"),
        ({"designs": {"d": {"weights": "g"}}}, "number is wanted"),
        ({"designs": {"d": {"weights": "nowhere"}}}, "no such column"),
        ({"designs": {"d": {"weights": "w", "strata": "g", "psu": "h"}}}, "psu lies in two strata"),
        ({"designs": {"d": {"weights": "w", "fpc_stage1": "h"}}}, "smaller than its sample"),
        ({"designs": {"d": {"weights": "w", "calibration": {"method": "raking"}}}}, "nothing says how many"),
        ({"designs": {"d": {"weights": "w", "calibration": {"method": "logit", "margins": {"h": {}}}}}}, "cannot be done so"),
        ({"designs": {"d": {"weights": "w", "calibration": {"method": "rake", "margins": {"h": {}}}}}}, "unknown method"),
        ({"designs": {"d": {"weights": "w", "calibration": {"method": "linear", "bounds": [2, 3]}}}}, "do not enclose 1"),
        ({"estimates": [{**GOOD["estimates"][0], "stat": "median"}]}, "unknown statistic"),
        ({"estimates": [{**GOOD["estimates"][0], "design": "e"}]}, "unknown design"),
        ({"estimates": [{**GOOD["estimates"][0], "args": {"var": "y", "level": "1"}}]}, "unknown key"),
        ({"estimates": [{**GOOD["estimates"][0], "args": {}}]}, "a key is missing"),
        ({"estimates": GOOD["estimates"] * 2}, "stands twice"),
        ({"estimates": {}}, "a list is wanted"),
        ({"designs": []}, "a mapping is wanted"),
        ({"estimates": [{**GOOD["estimates"][0], "args": {"var": "y", "domain": "g"}}]}, "a mapping is wanted"),
        (
            {"designs": {"d": {"weights": "w", "calibration": {"method": "linear", "margins": {"h": {"1": "9"}}}}}},
            "number is wanted",
        ),
        ({"designs": {"d": {"weights": "w", "calibration": {"method": "linear", "bounds": 2}}}}, "do not enclose 1"),
    ],
)
def test_what_is_not_honoured_is_refused_by_name(lonely: Path, change: dict[str, Any], says: str) -> None:
    with pytest.raises(RcsError, match=says):
        run_request(lonely, {**GOOD, **change})


def test_a_missing_code_or_an_unreadable_file_says_where(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("w,h,y\n1,a,2\n1,,3\n", encoding="utf-8")
    with pytest.raises(ContractError, match="row 3, column h"):
        answer(path, {"weights": "w", "strata": "h"}, "mean", var="y")
    with pytest.raises(UnreadableError, match="cannot be read"):
        run_request(tmp_path / "nothing.csv", GOOD)
    no_mapping: Any = []
    with pytest.raises(SettingsError, match="a mapping is wanted"):
        run_request(path, no_mapping)
