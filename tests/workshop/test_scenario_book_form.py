"""The scenario workbook can be found one's way in, changed only where it may be, read aloud, and holds no formula by accident."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.draw import shown_in_footer
from rcs_core.workshop.export.scenario_book import write_scenario_book
from rcs_core.workshop.scenario import parse_scenario, solve
from tests.workshop.book_cases import Given, about, impossible, pools, rich

HEAD, FIRST = 4, 5
FILE = "Scenario file"


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A solved scenario with everything that stands beside its plan."""
    path = tmp_path_factory.mktemp("form") / "solved.xlsx"
    scenario = parse_scenario(pools())
    write_scenario_book(scenario, solve(scenario), about(), path)
    return path


@pytest.fixture(scope="module")
def book(solved: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(solved)


def heads(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[HEAD] if cell.value is not None]


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    names = heads(sheet)
    found = [dict(zip(names, row, strict=False)) for row in sheet.iter_rows(min_row=FIRST, values_only=True)]
    return [row for row in found if any(value is not None for value in row.values())]


def place(book: openpyxl.Workbook, address: str) -> tuple[Worksheet, tuple[int, int, int, int]]:
    name, _, cells = address.rpartition("!")
    sheet = book[name.strip("'").replace("''", "'")]
    low, top, high, end = range_boundaries(cells.replace("$", ""))
    return sheet, (int(low or 0), int(top or 0), int(high or 0), int(end or 0))


def test_the_contents_name_every_sheet_with_its_size_and_a_link_that_leads_there(book: openpyxl.Workbook) -> None:
    sheet = book["Contents"]
    listed = rows(sheet)
    assert [row["Sheet"] for row in listed] == book.sheetnames
    for number, row in enumerate(listed, start=FIRST):
        link = sheet.cell(number, 1).hyperlink
        assert link is not None
        assert link.location is not None
        assert place(book, link.location)[0].title == row["Sheet"]
        there = book[row["Sheet"]]
        assert row["Columns"] == len(heads(there))
        assert row["Rows"] == there.max_row - HEAD
        assert row["What it holds"]


def test_every_sheet_but_the_contents_leads_back_to_them(book: openpyxl.Workbook) -> None:
    back = {sheet.title: sheet["A3"].hyperlink.location for sheet in book if sheet["A3"].hyperlink}
    assert back == dict.fromkeys((name for name in book.sheetnames if name != "Contents"), "'Contents'!A1")


def test_every_defined_name_leads_to_cells_that_are_there(book: openpyxl.Workbook) -> None:
    tables = {name for name in book.defined_names if name.startswith("table_")}
    assert len(tables) == len(book.sheetnames)
    for name, defined in book.defined_names.items():
        sheet, (low, top, high, end) = place(book, defined.attr_text or "")
        assert 1 <= low <= high <= sheet.max_column
        assert 1 <= top <= end <= sheet.max_row, name
        if name in tables:
            assert (low, top, high, end) == (1, HEAD, len(heads(sheet)), sheet.max_row)
        elif not name.startswith("signoff_"):
            assert sheet.cell(top, low).value is not None, name


def drawn(book: openpyxl.Workbook) -> Iterator[tuple[Worksheet, Any]]:
    for sheet in book:
        for chart in getattr(sheet, "_charts", []):
            yield sheet, chart


def test_every_chart_draws_the_live_cells_of_the_table_above_it(book: openpyxl.Workbook) -> None:
    found = list(drawn(book))
    assert {sheet.title for sheet, _ in found} == {"Preventative share", "Before and after", "Need by year", "Purses"}
    for sheet, chart in found:
        assert chart.anchor._from.row >= sheet.max_row
        for series in chart.series:
            there, (low, top, high, end) = place(book, series.val.numRef.f)
            assert (there.title, low, top) == (sheet.title, high, FIRST)
            assert {there.cell(row, low).data_type for row in range(top, end + 1)} == {"f"}
            assert place(book, series.tx.strRef.f)[1] == (low, HEAD, low, HEAD)
            assert place(book, series.cat.strRef.f)[1][1::2] == (top, end)
        said = [axis.title.tx.rich.p[0].r[0].t for axis in (chart, chart.x_axis, chart.y_axis)]
        assert all(said)


def test_every_chart_has_a_text_for_those_who_cannot_see_it(solved: Path) -> None:
    with zipfile.ZipFile(solved) as packed:
        drawings = [packed.read(name).decode() for name in packed.namelist() if re.match(r"xl/drawings/drawing\d+\.xml", name)]
    said = [found[1] for text in drawings if (found := re.search(r'descr="([^"]+)"', text))]
    assert len(said) == len(drawings) == 4
    assert len(set(said)) == 4
    assert all("The numbers are in the table above it." in text for text in said)


def test_all_but_the_cells_to_fill_is_locked_without_a_password(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert not sheet.protection.autoFilter
        assert not sheet.protection.formatColumns
        free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        rules = sheet.data_validations.dataValidation
        ruled = {cell.coordinate for row in sheet.iter_rows() for cell in row if any(cell.coordinate in r.sqref for r in rules)}
        assert free == ruled
        assert bool(free) == (sheet.title in ("Inputs", "Sign-off"))
        assert not [at for at in free if sheet[at].data_type == "f"]
        assert all(rule.prompt and rule.error for rule in rules)


def test_a_share_may_be_from_nought_to_one_and_money_nothing_or_more(book: openpyxl.Workbook) -> None:
    sheet = book["Inputs"]
    names = heads(sheet)
    value, places = names.index("Value") + 1, names.index("Place in the scenario file") + 1
    at = {str(sheet.cell(row, places).value): f"{sheet.cell(row, value).coordinate}" for row in range(FIRST, sheet.max_row + 1)}

    def rule(pointer: str) -> Any:
        found = [r for r in sheet.data_validations.dataValidation if at[pointer] in r.sqref]
        return (found[0].type, found[0].formula1, found[0].formula2) if found else None

    assert rule("/prevention/0/q") == ("decimal", "0", "1")
    assert rule("/discount_rate") == ("decimal", "0", "1")
    assert rule("/prevention/0/lag") == ("whole", "0", "50")
    for money in ("/agencies/0/budget/0", "/agencies/2/budget"):
        kind, told, _ = rule(money)
        assert kind == "custom"
        assert re.fullmatch(r'OR\(AND\(ISNUMBER\((\w+)\),\1>=0\),\1="none",.*', told)
    assert rule("/horizon") is None


def test_every_column_of_every_sheet_is_in_the_data_dictionary_with_its_meaning(book: openpyxl.Workbook) -> None:
    told = rows(book["Data dictionary"])
    assert [(row["Sheet"], row["Column"]) for row in told] == [(sheet.title, head) for sheet in book for head in heads(sheet)]
    assert [(row["Sheet"], row["Column"]) for row in told if not all(row.values())] == []


def test_a_text_fits_in_its_column_or_wraps(book: openpyxl.Workbook) -> None:
    too_long = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in book
        if sheet.title != FILE
        for row in sheet.iter_rows(min_row=HEAD)
        for cell in row
        if cell.data_type == "s" and not cell.alignment.wrap_text
        and len(str(cell.value)) > sheet.column_dimensions[cell.column_letter].width
    ]  # fmt: skip
    assert too_long == []


def test_no_cells_of_a_table_are_merged_and_no_row_of_it_is_blank(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert all(area.max_row < HEAD for area in sheet.merged_cells.ranges)
        assert all(any(cell.value is not None for cell in row) for row in sheet.iter_rows(min_row=HEAD))


def test_every_page_is_landscape_with_its_headings_and_a_stamp_at_its_foot(tmp_path: Path) -> None:
    scenario, result = impossible()
    write_scenario_book(Given(scenario), Given(result), about(partnership="A&B &Council", discussion=True), tmp_path / "b.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "b.xlsx"):
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$4:$4")
        assert sheet.sheet_properties.tabColor is not None
    said = "&LA&&B &&Council, release 0123456789ab, 2026-11-21, DISCUSSION ONLY, FICTIONAL&R&A, page &P of &N"
    with zipfile.ZipFile(tmp_path / "b.xlsx") as packed:
        feet = [fromstring(packed.read(name)).findtext(".//{*}oddFooter") for name in packed.namelist() if "worksheets/" in name]
    assert set(feet) == {said}


def test_what_is_for_discussion_only_says_so_on_every_sheet_of_results_and_cannot_be_signed_as_a_decision(
    tmp_path: Path,
) -> None:
    scenario, result = rich()
    write_scenario_book(Given(scenario), Given(result), about(discussion=True), tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    marked = {sheet.title for sheet in book if str(sheet["A2"].value).startswith("DISCUSSION ONLY")}
    assert {"Allocation", "By agency", "By level", "Preventative share", "Before and after", "Need by year", "Purses"} <= marked
    asked = " ".join(str(row["What is to be agreed"]) for row in rows(book["Sign-off"]))
    assert "cannot be agreed as the basis for a decision" in asked


SIGNS = st.sampled_from(["=", "+", "-", "@", "\t", "\r"])
TYPED = st.builds(str.__add__, SIGNS, st.text(st.characters(blacklist_categories=["Cs"]), max_size=40))
ODD = ["A&B", "O'Neil's \"team\"", "]]>", "<b>", '=HYPERLINK("http://x","y")', "*", "x" * 300, "_x0041_", "{row}"]
NASTY = TYPED | st.sampled_from(ODD)


@given(names=st.lists(NASTY, min_size=3, max_size=3), name=NASTY)
@settings(
    max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_no_name_becomes_a_formula_anywhere(tmp_path: Path, names: list[str], name: str) -> None:
    scenario, result = rich()
    plain, nasty = tmp_path / "plain.xlsx", tmp_path / "nasty.xlsx"
    ids = [scenario["prevention"][0]["id"], scenario["acute"][0]["id"], "council"]
    known = about(names=dict(zip(ids, names, strict=True)), partnership=name, author=name, notes=(name,))
    write_scenario_book(Given({**scenario, "name": name}), Given(result), known, nasty)
    if not plain.exists():
        write_scenario_book(Given(scenario), Given(result), about(), plain)
    assert formulas(nasty) == formulas(plain)


def formulas(path: Path) -> dict[str, list[bytes]]:
    """The cells with a formula, by part of the file; every part of it must be well-formed."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist() if name.endswith(".xml")}
    for part in parts.values():
        assert fromstring(part) is not None
    return {name: re.findall(rb'<c r="([A-Z]+[0-9]+)"[^>]*><f>', part) for name, part in parts.items() if "worksheets" in name}


@pytest.mark.parametrize("text", ["A&B", "&P &Z", "&" * 400, "x" * 400, "a\nb\tc", "&[Tab]"])
def test_a_footer_shows_its_text_and_no_codes(text: str) -> None:
    shown = shown_in_footer(text)
    assert len(shown) <= 255
    assert "&" not in shown.replace("&&", "")
    assert "\n" not in shown
