"""The comparison workbook: the answers of the screen, differences live, and nothing unlike set against each other."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import openpyxl
import pytest

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen, versus
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Preset
from rcs_core.workshop.export.comparison_book import write_comparison_book
from rcs_core.workshop.export.comparison_sheets import NO_PLAN, NOT_A_NUMBER
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.versus import Side
from tests.workshop.book_cases import pools, tiny
from tests.workshop.test_couple import a_release

type Grids = dict[str, list[list[Any]]]
DAY = dt.date(2026, 11, 22)
STAMP = Stamp("Strathmere", "2025-26", "0123456789ab", "2026-05-01", DAY, fictional=True)


@cache
def release() -> Release:
    return a_release()


@cache
def side(preset: Preset, horizon: int = 5) -> Side:
    shift = try_shift(release(), Levers.of(preset, horizon=horizon))
    return versus.of_shift(preset.label, shift, "0123456789ab")


def written(folder: Path, *sides: Side, veil: frozenset[str] = frozenset()) -> Grids:
    """Every sheet as it was written: formulas as text that starts with an equals sign."""
    path = folder / "beside.xlsx"
    write_comparison_book(sides, STAMP, path, veil)
    return {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in openpyxl.load_workbook(path)}


def rows(grids: Grids, name: str) -> list[dict[str, Any]]:
    head, *found = grids[name][3:]
    return [dict(zip(head, row, strict=True)) for row in found]


def texts(grids: Grids) -> list[str]:
    return [str(v) for grid in grids.values() for row in grid for v in row if v is not None]


def test_its_answers_are_those_of_the_screen_in_the_boards_order(tmp_path: Path) -> None:
    sides = versus.told_apart([side(Preset.AS_IS), side(Preset.SHIFT_2), side(Preset.FALLING_BUDGET)])
    grids = written(tmp_path, *sides)
    found = rows(grids, "Answers")
    table, long = versus.results(sides)
    assert [list(row.values()) for row in found] == table.values.tolist()
    numbers = rows(grids, "Answers as numbers")
    known = {(q, s): v for q, s, v in zip(long["question"], long["scenario"], long["value"], strict=True) if v == v}
    rough, possible = {one.title: one.rough for one in sides}, {one.title: one.possible for one in sides}
    for row in numbers:
        for title in rough:
            value = known.get((row["Question"], title))
            told = value is not None and rough[title] and row["Unit"] in ("GBP", "Children or cases a year")
            none = NOT_A_NUMBER if possible[title] else NO_PLAN
            assert row[title] == (two_figures(value) if told and value is not None else none if value is None else value)


def test_what_each_spends_is_what_the_plan_says_by_service_and_payer(tmp_path: Path) -> None:
    sides = [side(Preset.AS_IS), side(Preset.SHIFT_2)]
    grids = written(tmp_path, *sides)
    for one in sides:
        last = one.found.by_service[one.found.by_service["year"] == one.last]
        named = {r["Service"]: 0.0 for r in rows(grids, "Allocation")[:-1]}
        for row in rows(grids, "Allocation")[:-1]:
            named[row["Service"]] += row[f"{one.title}: {one.last}"]
        assert named == pytest.approx(dict(zip(last["name"], last["after"], strict=True)))
        paid = one.found.by_agency[one.found.by_agency["year"] == one.last].groupby("label")["after"].sum()
        agencies = {r["Who pays"]: r[f"{one.title}: {one.last}"] for r in rows(grids, "By agency")[:-1]}
        assert agencies == pytest.approx(paid.to_dict())


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (lambda one: replace(one, release_id="another"), "another release"),
        (lambda one: replace(one, scenario=replace(one.scenario, price_year="2019-20")), "other prices"),
        (lambda one: replace(one, scenario=replace(one.scenario, money_unit="GBP million")), "another unit of money"),
        (lambda one: replace(one, scenario=replace(one.scenario, depth="discuss")), "another depth"),
        (lambda _: side(Preset.SHIFT_2, horizon=3), "other years"),
    ],
)
def test_what_is_not_alike_is_a_word_in_every_difference_and_on_the_cover(
    other: Callable[[Side], Side], why: str, tmp_path: Path
) -> None:
    grids = written(tmp_path, side(Preset.SHIFT_2), other(side(Preset.SHIFT_2)))
    for name in ("Answers as numbers", "By part", "By agency", "Allocation"):
        cells = {str(row[-1]) for row in grids[name][4:]}
        assert cells == {f"Not compared: {why}"}, name
    cover = " ".join(str(row[1]) for row in grids["Cover"])
    assert "NOT ALL OF IT CAN BE COMPARED" in cover
    assert len(grids["Not compared"]) > 4


def test_years_stand_together_by_name_and_never_by_place(tmp_path: Path) -> None:
    longer, shorter = side(Preset.SHIFT_2), side(Preset.SHIFT_2, horizon=3)
    found = rows(written(tmp_path, longer, shorter), "Preventative share")
    assert [row["Year"] for row in found] == list(longer.found.years)
    second = f"{shorter.title}, again: preventative"
    assert [row[second] == "Not in it" for row in found] == [year not in shorter.found.years for year in longer.found.years]


def test_a_service_that_is_in_one_only_is_not_nought_in_the_other(tmp_path: Path) -> None:
    first, second = (versus.of_scenario(s["name"], parse(s), {}) for s in (pools(), tiny()[0]))
    found = rows(written(tmp_path, first, second), "Allocation")
    alone = next(row for row in found if row["Service"] == "family_support")
    assert alone["pools: today"] == "Not in it"
    assert alone["tiny_by_hand: today"] == 0


def parse(content: dict[str, Any]) -> Any:
    from rcs_core.workshop.scenario import parse_scenario

    return parse_scenario(content)


def test_every_number_that_differs_is_there_with_its_place_and_values(tmp_path: Path) -> None:
    content = pools()
    content["agencies"][1]["budget"] = [1150.07, 1160.0, 1170.0]
    content["provenance"] = [{"path": "/agencies/1/budget", "state": "measured", "source": "accounts"}]
    one, two = (versus.of_scenario(name, parse(c), {}) for name, c in (("one", pools()), ("two", content)))
    grids = written(tmp_path, one, two)
    found = [row for row in rows(grids, "Numbers that differ") if row["What"] == "Budget of NHS board"]
    assert [(r["Year"], r["one"], r["two"]) for r in found] == [
        ("2026-27", 1150.07, 1150.07), ("2027-28", 1150.07, 1160.0), ("2028-29", 1150.07, 1170.0),
    ]  # fmt: skip
    words = next(row for row in rows(grids, "Inputs that differ") if row["What"] == "Budget of NHS board")
    assert words["Place in the scenario files, by ids"] == "/agencies/nhs_board/budget"
    assert words["two: how it is known"]


def test_from_a_shared_screen_no_price_of_a_bought_service_is_in_it(tmp_path: Path) -> None:
    veil = big_screen.withheld(release(), True)
    sides = [side(Preset.AS_IS), side(Preset.SHIFT_2)]
    said = set(texts(written(tmp_path, *sides, veil=veil)))
    prices = {
        f"{v:g}"
        for one in sides
        for row in one.found.by_service.to_dict("records")
        for v in (row["before"], row["after"])
        if row["service"] in veil and v
    }
    assert veil
    assert not prices & {f"{float(t):g}" for t in said if t.replace(".", "", 1).isdigit()}
    assert any("told together" in text for text in said)


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "beside.xlsx"
    awkward = replace(side(Preset.SHIFT_2), title="=cmd|'x'")
    write_comparison_book([side(Preset.AS_IS), awkward], STAMP, path)
    cells = [c for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row if str(c.value).startswith("=cmd")]
    assert cells
    assert all(c.data_type == "s" for c in cells)


def test_one_alone_and_five_are_refused(tmp_path: Path) -> None:
    for many in (1, 5):
        with pytest.raises(ScenarioError, match="side by side"):
            write_comparison_book([side(Preset.AS_IS)] * many, STAMP, tmp_path / "beside.xlsx")


def test_rcs_compare_names_the_book_in_a_folder(
    rcs: Callable[..., CompletedProcess[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    for name, content in (("a", pools()), ("b", tiny()[0])):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    done = rcs("compare", tmp_path / "a.json", tmp_path / "b.json", tmp_path)
    assert done.returncode == 0, done.stderr
    assert [p.name.split("_")[1] for p in tmp_path.glob("*.xlsx")] == ["scenarios-side-by-side"]
    alone = rcs("compare", tmp_path / "a.json", tmp_path / "x.xlsx")
    assert alone.returncode != 0
    assert "two to 4" in alone.stderr
    assert "Traceback" not in alone.stderr
