"""The scenario workbook adds up by itself, agrees with the answer to the penny, and invents nothing when there is no plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rcs_core.workshop.couple import compare
from rcs_core.workshop.export.scenario_book import write_scenario_book
from rcs_core.workshop.scenario import parse_scenario, solve
from tests.office import Sheets, error_values, have_office, recalculated
from tests.workshop.book_cases import (
    AWKWARD,
    PENNY,
    SOLVED,
    WRONG,
    Given,
    a_penny_out,
    about,
    impossible,
    pools,
    rich,
    tiny,
)

NASTY = {
    AWKWARD["service"]: "=1/0",
    AWKWARD["other"]: "+A1",
    "council": "@\"&'x",
    "residential": "-" + "long " * 60,
    "wardens": "\t=2",
}


def table(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows of a sheet under its headings, without its totals."""
    head = [str(v) for v in rows[3]]
    found = [dict(zip(head, row, strict=True)) for row in rows[4:]]
    return [r for r in found if not str(r[head[0]]).startswith(("All", "Total"))]


def cover(sheets: Mapping[str, list[list[Any]]]) -> dict[str, Any]:
    return {str(row[0]): row[1] for row in sheets["Cover"][4:]}


def failed(sheets: Mapping[str, list[list[Any]]]) -> list[Any]:
    return [r for r in table(sheets["Checks"]) if r["Holds"] is not True]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheets]:
    """Every case as a workbook that LibreOffice has recalculated; empty where there is no LibreOffice."""
    if not have_office():
        return {}
    folder = tmp_path_factory.mktemp("books")
    cases = {"tiny": tiny(), "rich": rich(), "impossible": impossible()}
    cases |= {part: a_penny_out(part, field) for part, field in WRONG.items()}
    for name, (scenario, result) in cases.items():
        write_scenario_book(Given(scenario), Given(result), about(), folder / f"{name}.xlsx")
    scenario, result = rich()
    write_scenario_book(Given(scenario), Given(result), about(names=NASTY, discussion=True), folder / "nasty.xlsx")
    nothing = impossible()[1] | {"status": "unbounded", "conflict": None, "repairs": []}
    write_scenario_book(Given(impossible()[0]), Given(nothing), about(), folder / "unbounded.xlsx")
    for name, content in SOLVED.items():
        asked = parse_scenario(content())
        write_scenario_book(asked, solve(asked), about(), folder / f"{name}.xlsx")
    _changed(folder)
    return recalculated(sorted(folder.glob("*.xlsx")), folder)


def _changed(folder: Path) -> None:
    """The hand-made book with another discount rate, and with a figure of unmet need typed over."""
    book = openpyxl.load_workbook(folder / "rich.xlsx")
    rate = next(row for row in book["Inputs"].iter_rows(min_row=5) if "/discount_rate" in [c.value for c in row])
    rate[4].value = 0.07
    book.save(folder / "stale.xlsx")
    book = openpyxl.load_workbook(folder / "rich.xlsx")
    book["Demand and unmet need"]["H5"].value = 4.0
    book.save(folder / "typed over.xlsx")


@pytest.mark.office
def test_an_input_that_was_changed_since_is_counted_and_said_on_the_cover(books: dict[str, Sheets]) -> None:
    for sheets in [books["stale"]] if books else []:
        assert "Inputs that differ from those of this plan" in [r["Check"] for r in failed(sheets)]
        assert cover(sheets)["Inputs"].startswith("1 changed since")
        assert cover(books["rich"])["Inputs"].startswith("As they were")


@pytest.mark.office
def test_unmet_need_that_was_typed_over_is_found(books: dict[str, Sheets]) -> None:
    for sheets in [books["typed over"]] if books else []:
        assert "Rows where unmet is not what is neither prevented nor met" in [r["Check"] for r in failed(sheets)]


@pytest.mark.office
def test_libreoffice_recalculates_every_book_without_an_error(books: dict[str, Sheets]) -> None:
    assert {name: error_values(sheets) for name, sheets in books.items() if error_values(sheets)} == {}


@pytest.mark.office
@pytest.mark.parametrize("case", ["tiny", "rich", "nasty", "solved_tiny", "solved_pools"])
def test_every_check_of_a_plan_holds(books: dict[str, Sheets], case: str) -> None:
    for sheets in [books[case]] if books else []:
        assert failed(sheets) == []
        assert cover(sheets)["Every check holds"] is True
        assert cover(sheets)["Checks"] == f"All {len(table(sheets['Checks']))} checks hold"
        assert len(table(sheets["Checks"])) > 15


@pytest.mark.office
@pytest.mark.parametrize("part", WRONG)
def test_a_figure_that_is_a_penny_and_a_half_out_is_found_by_a_check(books: dict[str, Sheets], part: str) -> None:
    for sheets in [books[part]] if books else []:
        assert failed(sheets)
        assert cover(sheets)["Every check holds"] is False


@pytest.mark.office
def test_its_totals_agree_with_the_answer_to_the_penny(books: dict[str, Sheets]) -> None:
    _, result = rich()
    spent = sum(r["amount"] for r in result["spend"])
    cost = sum(r["cost"] for r in result["responsive"])
    held = 10.01 + 10.02 + 10.03 + 3 * 7.77
    before = 3 * (100.37 + 50.11 + 20.0 + 31.337 * (60 + 42) + 10.01 + 7.77)  # the places that it starts from
    last = [sum(r[key] for r in result[part] if r["year"] == 3) for part, key in (("spend", "amount"), ("responsive", "cost"))]
    for said in [cover(books["rich"])] if books else []:
        assert said["Spend after, all years"] == pytest.approx(spent + cost + held, abs=PENNY)
        assert said["Spend before, all years"] == pytest.approx(before, abs=PENNY)
        assert said["Change, all years"] == pytest.approx(spent + cost + held - before, abs=PENNY)
        assert said["Unmet need, all years"] == pytest.approx(3.0)
        assert said["Preventative share, 2028-29"] == pytest.approx(0.8 * last[0] / sum(last))


@pytest.mark.office
def test_each_purse_level_and_year_agrees_with_the_answer_to_the_penny(books: dict[str, Sheets]) -> None:
    _, result = rich()
    for sheets in [books["rich"]] if books else []:
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
def test_the_solver_and_the_book_agree_on_every_purse_with_pools_reserves_and_leakage(books: dict[str, Sheets]) -> None:
    answer = solve(parse_scenario(pools()))
    assert sum(p.drawn for p in answer.purses) > 0
    for sheets in [books["solved_pools"]] if books else []:
        found = {(r["Agency"], r["Year"]): r for r in table(sheets["By agency"])}
        for purse in answer.purses:
            row = found["NHS board" if purse.agency == "nhs_board" else purse.agency, purse.year]
            said = [row[c] for c in ("After", "Set-up and exit cost", "Drawn from pools", "Lost to the centre", "Underspend")]
            spent = purse.prevention + purse.responsive + purse.held
            assert said == pytest.approx([spent, purse.change_costs, purse.drawn, purse.leaked, purse.underspend], abs=PENNY)


@pytest.mark.office
@pytest.mark.parametrize("case", ["solved_tiny", "solved_pools"])
def test_the_screen_and_the_book_say_the_same_before_and_after_by_agency_and_level(books: dict[str, Sheets], case: str) -> None:
    asked = parse_scenario(SOLVED[case]())
    screen = compare(asked, solve(asked))
    levels = {"prevention": "Preventative", "responsive": "Responsive", "held": "Held"}
    by_level = {(levels[r.part], r.year): (r.before, r.after) for r in screen.by_level.itertuples()}
    by_agency = screen.by_agency.groupby(["label", "year"])[["before", "after"]].sum()
    for sheets in [books[case]] if books else []:
        for row in table(sheets["By level"]):
            expected = by_level.get((row["Level"], row["Financial year"]), (0.0, 0.0))
            assert (row["Before"], row["After"]) == pytest.approx(expected, abs=PENNY)
        for row in table(sheets["By agency"]):
            expected = tuple(by_agency.loc[(row["Agency"], row["Financial year"])])
            assert (row["Before"], row["After"]) == pytest.approx(expected, abs=PENNY)


@pytest.mark.office
def test_the_clash_of_an_impossible_scenario_shows_in_its_own_arithmetic(books: dict[str, Sheets]) -> None:
    for sheets in [books["impossible"]] if books else []:
        (clash,) = failed(sheets)
        assert (clash["Check"], clash["This"], clash["That"]) == ("Floors and held services fit in the budget", 140, 120)


@pytest.mark.office
def test_the_tables_under_the_charts_agree_with_the_answer_to_the_penny(books: dict[str, Sheets]) -> None:
    _, result = rich()
    for name in ("rich", "nasty") if books else ():
        sheets = books[name]
        levels = {row["Level"]: row for row in table(sheets["Before and after"])}
        assert levels["Preventative"]["After"] == pytest.approx(sum(r["amount"] for r in result["spend"]), abs=PENNY)
        assert levels["Responsive"]["After"] == pytest.approx(sum(r["cost"] for r in result["responsive"]), abs=PENNY)
        for row in table(sheets["Need by year"]):
            mine = [r for r in result["responsive"] if r["year"] == row["Year"]]
            for title, key in (("Prevented", "reduction"), ("Met", "met"), ("Unmet", "unmet")):
                assert row[title] == pytest.approx(sum(r[key] for r in mine), abs=1e-9)
        purses = {row["Agency"]: row for row in table(sheets["Purses"])}
        for agency, shown in (
            ("council", NASTY["council"] if name == "nasty" else "council"),
            (AWKWARD["agency"], AWKWARD["agency"]),
        ):
            left = sum(r["amount"] for r in result["underspend"] if r["agency"] == agency)
            assert purses[shown]["Underspend"] == pytest.approx(left, abs=PENNY)
        assert purses["Police Scotland"]["Budget"] == "[x]"


@pytest.mark.office
def test_everything_that_a_chart_draws_is_a_number(books: dict[str, Sheets]) -> None:
    for name in ("rich", "nasty", "solved_pools") if books else ():
        for sheet, columns in (
            ("Before and after", "BC"),
            ("Need by year", "DEF"),
            ("Purses", "EF"),
            ("Preventative share", "GH"),
        ):
            for row in books[name][sheet][4:]:
                assert all(isinstance(row[ord(letter) - ord("A")], int | float) for letter in columns)


def test_an_impossible_scenario_names_the_promises_that_clash_and_shows_no_plan(tmp_path: Path) -> None:
    scenario, result = impossible()
    names = {"health_visiting": "Health visiting", "asl": "Additional support"}
    write_scenario_book(Given(scenario), Given(result), about(names=names), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == [
        "Cover", "Contents", "How to read this", "Notes", "Inputs", "Promises that clash", "Assumptions", "Checks", "Sign-off",
        "Data dictionary", "Scenario file",
    ]  # fmt: skip
    rows = [[c.value for c in row] for row in book["Promises that clash"].iter_rows(min_row=5)]
    assert [r[0] for r in rows] == ["The floor of Health visiting, year 1", "The floor of Additional support, year 1",
                                    "The budget of council, year 1"]  # fmt: skip
    assert rows[2][1:3] == [20.0, "GBP thousand"]
    assert not [n for n in book.defined_names if n.startswith("total")]


def test_the_smallest_change_is_shown_to_the_penny(tmp_path: Path) -> None:
    scenario, result = impossible()
    result["repairs"][0]["change"] = 20.000000000931323
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "book.xlsx")["Promises that clash"].iter_rows(min_row=5, values_only=True)
    assert [row[1] for row in rows if isinstance(row[1], int | float)] == [20.0]


@pytest.mark.parametrize("name", ["five points early", "Strathmere: five points early"])
def test_the_cover_says_the_partnership_once(tmp_path: Path, name: str) -> None:
    scenario, result = impossible()
    write_scenario_book(Given({**scenario, "name": name}), Given(result), about(), tmp_path / "book.xlsx")
    assert openpyxl.load_workbook(tmp_path / "book.xlsx")["Cover"]["A1"].value == "Strathmere: five points early"


@pytest.mark.parametrize(
    ("status", "conflict", "why"),
    [
        ("infeasible", ["budget[council,1]"], "its promises cannot all hold"),
        ("infeasible", [], "its limits leave no room, whatever is promised"),
        ("unbounded", None, "nothing limits what is being optimised"),
    ],
)
def test_a_workbook_without_a_plan_says_why_in_plain_words(
    tmp_path: Path, status: str, conflict: list[str] | None, why: str
) -> None:
    scenario, result = impossible()
    result |= {"status": status, "conflict": conflict, "repairs": []}
    write_scenario_book(Given(scenario), Given(result), about(), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    cover = [tuple(c.value for c in row[:2]) for row in book["Cover"].iter_rows(min_row=5)]
    assert ("Status", f"No plan: {why}") in cover
    assert any(label == "Read this first" and why in str(said) for label, said in cover)
    assert ("These promises cannot all hold" in book["Promises that clash"]["A2"].value) == bool(conflict)
    said = " ".join(
        str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value and sheet.title != "Notes"
    )
    assert not any(word in said.lower() for word in ("infeasible", "unbounded"))


def written(tmp_path: Path, **changes: Any) -> openpyxl.Workbook:
    scenario, result = rich()
    write_scenario_book(Given(scenario), Given(result), about(**changes), tmp_path / "book.xlsx")
    return openpyxl.load_workbook(tmp_path / "book.xlsx")


def test_every_sheet_is_there_one_table_each_with_frozen_headings_and_a_print_area(tmp_path: Path) -> None:
    book = written(tmp_path)
    assert book.sheetnames == [
        "Cover", "Contents", "How to read this", "Notes", "Inputs", "Allocation", "By agency", "By level", "Preventative share",
        "Demand and unmet need", "Spend by locality", "Before and after", "Need by year", "Purses", "Assumptions", "Checks",
        "Sign-off", "Data dictionary", "Scenario file",
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
    found = {r[head.index("Place in the scenario file")]: dict(zip(head, r, strict=True)) for r in rows}
    assert all(row["As worked out"] == row["Value"] for row in found.values())
    cost = found["/acute/0/unit_cost"]
    assert (cost["Value"], cost["Unit"], cost["State"]) == (31.337, "GBP thousand for each child a year", "Measured here")
    assert found["/acute/0/demand/North/G1/1"]["Unit"] == "children a year"
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
