"""The scenario workbook adds up by itself, agrees with the answer to the penny, and invents nothing when there is no plan."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rcs_core.workshop.export.scenario_book import About, write_scenario_book
from tests.office import error_values, have_office, recalculated

PENNY = 1e-5  # in GBP thousand


class Given:
    """A scenario or a result that is already in its interchange form."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def to_dict(self) -> dict[str, Any]:
        return self.content


def about(**changes: Any) -> About:
    known: dict[str, Any] = {
        "partnership": "Strathmere",
        "release_id": "0123456789ab",
        "date": dt.date(2026, 11, 21),
        "author": "Ada",
        "fictional": True,
        "notes": ("=not a formula",),
    }
    return About(**{**known, **changes})


def tiny() -> tuple[dict[str, Any], dict[str, Any]]:
    """One agency, one preventative and one responsive service, two years: worked out by hand (objective 25 + 30 / 1.035)."""
    scenario: dict[str, Any] = {
        "name": "tiny_by_hand",
        "horizon": 2,
        "discount_rate": 0.035,
        "localities": ["L1"],
        "groups": [{"id": "G1", "weight": 1.0}],
        "agencies": [{"id": "council", "budget": [120.0, 120.0]}],
        "prevention": [
            {
                "id": "family_support",
                "agencies": {"council": {"L1": 0.0}},
                "segments": {"G1": {"L1": [[10, 2.0], [20, 0.5]]}},
                "lag": 1,
                "retention": 0.0,
                "acts_on": {"residential": 1.0},
            }
        ],
        "acute": [
            {
                "id": "residential",
                "unit_cost": 1.0,
                "payer": {"council": 1.0},
                "demand": {"L1": {"G1": [100.0, 100.0]}},
                "cashable": 1.0,
                "decommission_max": 1.0,
                "preventable": 1.0,
                "penalty": 1000.0,
            }
        ],
        "objective": {"kind": "outcome", "unmet": "priced"},
    }
    met = {1: 100.0, 2: 75.0}
    result = {
        "status": "optimal",
        "objective": 25 + 30 / 1.035,
        "spend": [
            {"service": "family_support", "agency": "council", "locality": "L1", "year": y, "amount": a}
            for y, a in ((1, 20.0), (2, 30.0))
        ],
        "responsive": [
            {
                "service": "residential", "locality": "L1", "year": y, "met": m, "unmet": 0.0, "reduction": 100.0 - m,
                "capacity": m, "cost": m,
            }
            for y, m in met.items()
        ],
        "underspend": [{"agency": "council", "year": 1, "amount": 0.0}, {"agency": "council", "year": 2, "amount": 15.0}],
        "pools": [],
        "certificate": {"primal_residual": 0.0, "dual_residual": 0.0, "gap": 0.0},
        "conflict": None,
        "repairs": [],
        "messages": ["Solved."],
    }  # fmt: skip
    return scenario, result


AWKWARD = {"service": "=cmd|*", "other": "c*", "agency": "nhs>5"}


def rich() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two agencies, two places, awkward names, a held service, set-up cost, leakage, places that close, and odd pennies.

    The plan is not optimal, only consistent: its costs and underspend are worked out here, apart from the workbook.
    """
    years, places = range(1, 4), ("North", "South")
    base = {"council": {"North": 100.37, "South": 50.11}, AWKWARD["agency"]: {"North": 20.0, "South": 0.0}}
    scenario, result = tiny()
    scenario |= {
        "name": "rich", "horizon": 3, "localities": list(places), "first_year": "2026-27", "price_year": "2025-26",
        "share_target": [None, None, 0.05], "money_unit": "GBP thousand", "depth": "evidence",
        "agencies": [
            {"id": "council", "budget": [4000.0, 3990.0, 3980.05], "leak": 0.1},
            {"id": AWKWARD["agency"], "budget": 1000.0},
            {"id": "police_scotland", "budget": None},
        ],
        "held": [{"id": AWKWARD["other"], "agency": "council", "amount": [10.01, 10.02, 10.03]},
                 {"id": "wardens", "agency": "police_scotland", "amount": 7.77}],
        "ringfences": [{"id": "grant", "agency": "council", "services": [AWKWARD["service"]], "amount": 10.0}],
        "provenance": [
            {"path": "/acute/0/unit_cost", "state": "measured", "low": 20.0, "high": 40.0, "source": "ledger", "owner": "Ben",
             "date": "2026-01-01"},
            {"path": "/acute/0/demand", "state": "group_estimate", "source": "workshop"},
        ],
    }  # fmt: skip
    service = scenario["prevention"][0]
    service |= {"id": AWKWARD["service"], "agencies": base, "q": 0.8, "setup_cost": 0.05, "exit_cost": 0.02, "floor": 100.0}
    service["segments"] = {"G1": {place: [[None, 0.01]] for place in places}}
    acute = scenario["acute"][0]
    acute |= {"unit_cost": 31.337, "payer": {"council": 0.7, AWKWARD["agency"]: 0.3}, "cashable": 0.4, "new_cost": 2.0,
              "decommission_cost": 1.5, "cap0": {"North": 60.0, "South": 42.0},
              "demand": {"North": {"G1": [60.0, 61.0, 62.0]}, "South": {"G1": 40.0}}}  # fmt: skip
    return scenario, result | _rich_answer(scenario, years)


def _rich_answer(scenario: dict[str, Any], years: range) -> dict[str, Any]:
    service, acute = scenario["prevention"][0], scenario["acute"][0]
    need = {("North", y): acute["demand"]["North"]["G1"][y - 1] for y in years} | {("South", y): 40.0 for y in years}
    spend = [
        {
            "service": service["id"],
            "agency": a,
            "locality": p,
            "year": y,
            "amount": was + (7.123456789 * y if p == "North" else -0.011 * y),
        }
        for a, where in service["agencies"].items()
        for p, was in where.items()
        for y in years
        if not (a != "council" and p == "South")
    ]
    responsive = []
    for place in ("North", "South"):
        capacity = acute["cap0"][place]
        for year in years:
            met = need[place, year] - 1.5 * year
            now = max(met, capacity - 1.0)
            moving = 1.5 * (capacity - now) if now < capacity else 2.0 * (now - capacity)
            cost = 31.337 * (0.4 * met + 0.6 * now) + moving
            responsive.append({"service": acute["id"], "locality": place, "year": year, "met": met, "unmet": 0.5,
                               "reduction": 1.5 * year - 0.5, "capacity": now, "cost": cost})  # fmt: skip
            capacity = now
    return {
        "objective": 1.0,
        "spend": spend,
        "responsive": responsive,
        "underspend": _rich_rest(scenario, spend, responsive, years),
    }


def _rich_rest(scenario: dict[str, Any], spend: list[Any], responsive: list[Any], years: range) -> list[dict[str, Any]]:
    rest = []
    for agency, share, budgets in (("council", 0.7, [4000.0, 3990.0, 3980.05]), (AWKWARD["agency"], 0.3, [1000.0] * 3)):
        before = {
            (r["locality"]): scenario["prevention"][0]["agencies"][agency][r["locality"]] for r in spend if r["agency"] == agency
        }
        for year in years:
            now = {r["locality"]: r["amount"] for r in spend if r["agency"] == agency and r["year"] == year}
            moving = sum(0.05 * max(0, now[p] - before[p]) + 0.02 * max(0, before[p] - now[p]) for p in now)
            cost = share * sum(r["cost"] for r in responsive if r["year"] == year)
            do_nothing = share * 31.337 * (scenario["acute"][0]["demand"]["North"]["G1"][year - 1] + 40.0)
            leak = 0.1 * max(0.0, do_nothing - cost) if agency == "council" else 0.0
            held = 10.0 + year / 100 if agency == "council" else 0.0
            left = budgets[year - 1] - sum(now.values()) - moving - cost - leak - held
            rest.append({"agency": agency, "year": year, "amount": left})
            before = now
    return rest


def table(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows of a sheet under its headings, without its totals."""
    head = [str(v) for v in rows[3]]
    found = [dict(zip(head, row, strict=True)) for row in rows[4:]]
    return [r for r in found if not str(r[head[0]]).startswith(("All", "Total"))]


def cover(sheets: Mapping[str, list[list[Any]]]) -> dict[str, Any]:
    return {str(row[0]): row[1] for row in sheets["Cover"][4:]}


def failed(sheets: Mapping[str, list[list[Any]]]) -> list[Any]:
    return [r for r in table(sheets["Checks"]) if r["Holds"] is not True]


@pytest.mark.office
@pytest.mark.parametrize("case", [tiny, rich])
def test_libreoffice_recalculates_it_without_an_error_and_every_check_holds(case: Any, tmp_path: Path) -> None:
    if not have_office():
        return
    scenario, result = case()
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    sheets = recalculated(tmp_path / "book.xlsx", tmp_path)
    assert error_values(sheets) == []
    assert failed(sheets) == []
    assert cover(sheets)["Every check holds"] is True
    assert len(table(sheets["Checks"])) > 15


@pytest.mark.office
def test_its_totals_agree_with_the_answer_to_the_penny(tmp_path: Path) -> None:
    if not have_office():
        return
    scenario, result = rich()
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    sheets = recalculated(tmp_path / "book.xlsx", tmp_path)
    spent = sum(r["amount"] for r in result["spend"])
    cost = sum(r["cost"] for r in result["responsive"])
    held = 10.01 + 10.02 + 10.03 + 3 * 7.77
    before = 3 * (100.37 + 50.11 + 20.0) + 31.337 * (60 + 61 + 62 + 3 * 40) + held
    said = cover(sheets)
    assert said["Spend after, all years"] == pytest.approx(spent + cost + held, abs=PENNY)
    assert said["Spend before, all years"] == pytest.approx(before, abs=PENNY)
    assert said["Change, all years"] == pytest.approx(spent + cost + held - before, abs=PENNY)
    assert said["Unmet need, all years"] == pytest.approx(3.0)
    last = [r["amount"] for r in result["spend"] if r["year"] == 3], [r["cost"] for r in result["responsive"] if r["year"] == 3]
    assert said["Preventative share, 2028-29"] == pytest.approx(0.8 * sum(last[0]) / (sum(last[0]) + sum(last[1])))


@pytest.mark.office
def test_each_purse_and_year_agrees_with_the_answer_to_the_penny(tmp_path: Path) -> None:
    if not have_office():
        return
    scenario, result = rich()
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    sheets = recalculated(tmp_path / "book.xlsx", tmp_path)
    purses = {(r["Agency"], r["Year"]): r for r in table(sheets["By agency"])}
    for row in result["underspend"]:
        purse = purses[row["agency"], row["year"]]
        assert purse["Underspend"] == pytest.approx(row["amount"], abs=PENNY)
        assert purse["Budget not accounted for"] == pytest.approx(0.0, abs=PENNY)
    assert purses["Police Scotland", 1]["Budget"] == "not modelled"
    assert purses["Police Scotland", 2]["After"] == pytest.approx(7.77)
    levels = {(r["Level"], r["Year"]): r for r in table(sheets["By level"])}
    for year in (1, 2, 3):
        cost = sum(r["cost"] for r in result["responsive"] if r["year"] == year)
        assert levels["Responsive", year]["After"] == pytest.approx(cost, abs=PENNY)
        assert levels["Responsive", year]["Discounted after"] == pytest.approx(cost / 1.035 ** (year - 1), abs=PENNY)


@pytest.mark.office
@pytest.mark.parametrize(("part", "field"), [("underspend", "amount"), ("responsive", "cost"), ("spend", "amount")])
def test_a_figure_that_is_a_penny_and_a_half_out_is_found_by_a_check(part: str, field: str, tmp_path: Path) -> None:
    if not have_office():
        return
    scenario, result = rich()
    result[part][2][field] += 1.5 * PENNY
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    sheets = recalculated(tmp_path / "book.xlsx", tmp_path)
    assert failed(sheets)
    assert cover(sheets)["Every check holds"] is False


def impossible() -> tuple[dict[str, Any], dict[str, Any]]:
    scenario, result = tiny()
    scenario |= {"horizon": 1, "agencies": [{"id": "council", "budget": [120.0]}]}
    scenario["acute"][0]["demand"] = {"L1": {"G1": [0.0]}}
    one = scenario["prevention"][0]
    scenario["prevention"] = [one | {"id": "health_visiting", "floor": 80.0}, one | {"id": "asl", "floor": 60.0}]
    for service in scenario["prevention"]:
        service["acts_on"] = {}
    result = {
        "status": "infeasible", "objective": None, "spend": [], "responsive": [], "underspend": [], "pools": [],
        "certificate": None, "conflict": ["floor[health_visiting,1]", "floor[asl,1]", "budget[council,1]"],
        "repairs": [{"promise": "budget[council,1]", "change": 20.0, "unit": "GBP thousand"}],
        "messages": ["These promises cannot all hold."],
    }  # fmt: skip
    return scenario, result


def test_an_impossible_scenario_names_the_promises_that_clash_and_shows_no_plan(tmp_path: Path) -> None:
    scenario, result = impossible()
    names = {"health_visiting": "Health visiting", "asl": "Additional support"}
    write_scenario_book(Given(scenario), Given(result), about(names=names), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == [
        "Cover", "How to read this", "Inputs", "Promises that clash", "Assumptions", "Notes", "Checks",
    ]  # fmt: skip
    rows = [[c.value for c in row] for row in book["Promises that clash"].iter_rows(min_row=5)]
    assert [r[0] for r in rows] == ["The floor of Health visiting, Year 1", "The floor of Additional support, Year 1",
                                    "The budget of council, Year 1"]  # fmt: skip
    assert rows[2][1:3] == [20.0, "GBP thousand"]
    assert not [n for n in book.defined_names if n.startswith("total")]


@pytest.mark.office
def test_the_clash_of_an_impossible_scenario_shows_in_its_own_arithmetic(tmp_path: Path) -> None:
    if not have_office():
        return
    scenario, result = impossible()
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    sheets = recalculated(tmp_path / "book.xlsx", tmp_path)
    assert error_values(sheets) == []
    (clash,) = failed(sheets)
    assert (clash["Check"], clash["This"], clash["That"]) == ("Floors and held services fit in the budget", 140, 120)


def written(tmp_path: Path, **changes: Any) -> openpyxl.Workbook:
    scenario, result = rich()
    write_scenario_book(Given(scenario), Given(result), about(**changes), tmp_path / "book.xlsx")
    return openpyxl.load_workbook(tmp_path / "book.xlsx")


def test_every_sheet_is_there_one_table_each_with_frozen_headings_and_a_print_area(tmp_path: Path) -> None:
    book = written(tmp_path)
    assert book.sheetnames == [
        "Cover", "How to read this", "Inputs", "Allocation", "By agency", "By level", "Preventative share",
        "Demand and unmet need", "Spend by locality", "Assumptions", "Notes", "Checks",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "A5"
        assert sheet.print_area
        explained = [row[0] for row in book["How to read this"].iter_rows(min_row=5, values_only=True)]
        assert sheet.title in [*explained, "How to read this"]


def test_fiction_and_guesses_are_said_on_the_cover_and_only_there_where_they_are(tmp_path: Path) -> None:
    def first(book: openpyxl.Workbook) -> str:
        return " ".join(
            str(row[1]) for row in book["Cover"].iter_rows(min_row=5, values_only=True) if row[0] == "Read this first"
        )

    assert "FICTIONAL" in first(written(tmp_path, depth="evidence"))
    assert "DISCUSSION ONLY" not in first(written(tmp_path, depth="evidence"))
    assert "DISCUSSION ONLY" in first(written(tmp_path, depth="discuss", fictional=False))
    assert "FICTIONAL" not in first(written(tmp_path, depth="discuss", fictional=False))


def test_every_number_of_the_scenario_is_an_input_with_its_unit_state_range_and_source(tmp_path: Path) -> None:
    book = written(tmp_path)
    head, *rows = [list(r) for r in book["Inputs"].iter_rows(min_row=4, values_only=True)]
    found = {r[-1]: dict(zip(head, r, strict=True)) for r in rows}
    cost = found["/acute/0/unit_cost"]
    assert (cost["Value"], cost["Unit"], cost["State"]) == (31.337, "GBP thousand for each children a year", "Measured here")
    assert (cost["Low"], cost["High"], cost["Source"], cost["Owner"], cost["Date"]) == (20, 40, "ledger", "Ben", "2026-01-01")
    need = found["/acute/0/demand/North/G1/1"]
    assert (need["Value"], need["State"], need["Where and when"]) == (61, "Estimate of the group", "North, G1, 2027-28")
    assert found["/agencies/2/budget"]["Value"] == "not modelled"
    assert found["/agencies/1/leak"]["State"] == "not given: usual value"
    numbers = {p for p, row in found.items() if isinstance(row["Value"], int | float)}
    assert not [p for p in numbers if not found[p]["Unit"]]


def test_totals_shares_and_changes_are_live_and_what_people_typed_is_not(tmp_path: Path) -> None:
    book = written(tmp_path)
    kinds = {
        name: {c.data_type for row in book[name].iter_rows(min_row=5) for c in row[5:9] if c.value is not None}
        for name in ("Allocation", "By level")
    }
    assert kinds == {"Allocation": {"f"}, "By level": {"f"}}
    typed = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value in ("=not a formula", AWKWARD["service"])]
    assert len(typed) > 2
    assert {c.data_type for c in typed} == {"s"}


def test_the_forbidden_word_is_nowhere_in_it(tmp_path: Path) -> None:
    said = [str(c.value) for sheet in written(tmp_path) for row in sheet.iter_rows() for c in row if c.data_type == "s"]
    assert not [text for text in said if "saving" in text.lower()]


def test_what_is_guessed_or_left_to_the_usual_value_is_listed_as_an_assumption(tmp_path: Path) -> None:
    extra = {"id": "A1", "text": "Need stays flat", "value": 0.0, "unit": "%", "state": "product_default", "source": "us"}
    book = written(tmp_path, assumptions=(extra,))
    said = [str(row[0]) for row in book["Assumptions"].iter_rows(min_row=5, values_only=True)]
    assert "Need stays flat" in said
    assert any(text.startswith("residential: need if nothing changes") for text in said)
    assert not any("unit cost" in text for text in said)
