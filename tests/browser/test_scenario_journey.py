"""A commissioner builds, breaks, repairs and keeps a scenario; a finance officer opens it by its link and takes it away."""

import csv
import re
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from app import shift_keep
from rcs_core.release import current_file, load
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.browser.drive import barriers, choose, go, settled, unpacked
from tests.conftest import Home
from tests.workshop.returned_cases import edited, typing

BOARD = ".st-key-headline-board"
MOVES = re.compile(r"By ([\d-]+), about £([\d,]+) more a year goes to prevention: 5.0 points more")


@pytest.fixture(scope="module")
def kept(home: Home) -> Kept:
    """A shift of five points as a colleague kept it."""
    release = load(current_file(home.release))
    shift = try_shift(release, Levers.of(Preset.SHIFT_5, depth=Depth.DISCUSS))
    with Store.open(home.path / "store.sqlite") as store:
        return Shelf(store).keep("For the finance officer", "A. Commissioner", shift_keep.draft(release, shift))


def test_a_commissioner_builds_breaks_repairs_and_keeps_a_scenario_that_opens_by_its_link(
    workbench: str, page: Page, browser: Browser
) -> None:
    go(page, f"{workbench}/shift")
    page.get_by_role("radio", name="Shift 5%").click()
    expect(page.locator(BOARD)).to_contain_text("5.0 points more")
    settled(page)
    page.get_by_text("The levers, by promise").click()
    expect(page.get_by_role("button", name="Put it in")).to_be_visible()
    page.get_by_label("Pounds a year").fill("9000000")
    choose(page, "For which service or purse", "Child protection social work")
    page.get_by_label("Whose promise").fill("Council, chief social work officer")
    page.get_by_label("Because").fill("Caseloads must not grow")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator(BOARD)).to_contain_text("cannot all hold")
    expect(page.get_by_text("Changed in this room: one change")).to_be_visible()
    expect(page.get_by_text("Caseloads must not grow (Council, chief social work officer)")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Raise the budget of Council: social work by £[\d,]+")).first).to_be_visible()
    settled(page)
    page.locator(".st-key-clash_apply_extra button").first.click()
    expect(page.locator(BOARD)).to_contain_text("Yes: all the need that is counted is met")
    settled(page)
    answers = page.locator(BOARD).inner_text()
    page.get_by_label("Keep this scenario as").fill("Five points with steady caseloads")
    page.get_by_label("Your name").fill("A. Commissioner")
    page.get_by_role("button", name="Keep", exact=True).click()
    said = page.get_by_text("Kept as Five points with steady caseloads, version 1")
    expect(said).to_be_visible()
    (link,) = re.findall(r"kept=(\S+\.\d+)", said.inner_text())
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    go(other, f"{workbench}/shift?kept={link}")
    expect(other.get_by_text("Open: Five points with steady caseloads")).to_be_visible()
    assert other.locator(BOARD).inner_text() == answers
    expect(other.get_by_text("Caseloads must not grow (Council, chief social work officer)")).to_be_visible()
    context.close()


def test_a_finance_officer_opens_a_kept_scenario_and_the_workbook_says_what_the_page_says(
    workbench: str, page: Page, home: Home, kept: Kept, tmp_path: Path
) -> None:
    go(page, f"{workbench}/shift?kept={kept.link}&big_screen=false")
    expect(page.get_by_text("Open: For the finance officer")).to_be_visible()
    found = MOVES.search(page.locator(BOARD).inner_text())
    assert found
    last, moved = found[1], float(found[2].replace(",", ""))
    release = load(current_file(home.release)).id
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the workbook").click()
    waiting.value.save_as(tmp_path / "shift.xlsx")
    name = waiting.value.suggested_filename
    assert re.fullmatch(rf"strathmere-fictional_shift-5_\d{{4}}-\d\d-\d\d_{release}_discussion-only\.xlsx", name)
    assert two_figures(1000 * more_by(tmp_path / "shift.xlsx", last)) == moved
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as csv").filter(visible=True).first.click()
    waiting.value.save_as(tmp_path / "agencies.zip")
    pattern = rf"strathmere-fictional_spend-by-agency-in-{last}_\d{{4}}-\d\d-\d\d_{release}\.zip"
    assert re.fullmatch(pattern, waiting.value.suggested_filename)
    rows = list(csv.DictReader(StringIO(unpacked(tmp_path / "agencies.zip")[0])))
    assert all(float(r["Before (£)"]) + float(r["Change (£)"]) == float(r["After (£)"]) for r in rows)
    assert sum(float(r["Change (£)"]) for r in rows) == pytest.approx(moved, rel=0.05)


def test_a_finance_officer_changes_the_workbook_and_brings_it_back(
    workbench: str, page: Page, kept: Kept, tmp_path: Path
) -> None:
    go(page, f"{workbench}/shift?kept={kept.link}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the workbook").click()
    waiting.value.save_as(tmp_path / "shift.xlsx")
    edited(tmp_path, typing({"/discount_rate": 0.05}), tmp_path / "shift.xlsx")
    page.get_by_text("Bring a workbook back").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "edited.xlsx")
    expect(page.get_by_text("1 input was changed.")).to_be_visible()
    page.get_by_label("Whose changes they are").fill("B. Finance")
    page.get_by_label("Why they were made").fill("The rate of the Treasury")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("From a file:")).to_be_visible()
    settled(page)
    assert barriers(page) == []
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept as Shift 5%, changed, version 1")).to_be_visible()
    page.get_by_role("button", name="Back to the levers").click()
    expect(page.locator(BOARD)).to_contain_text("5.0 points more")


def more_by(path: Path, year: str) -> float:
    """What prevention has more of in a year (GBP thousand), added up from the solver's figures and the inputs of a workbook."""
    book = openpyxl.load_workbook(path)
    inputs = book["Inputs"]
    more = 0.0
    for row in book["Spend by locality"].iter_rows(min_row=5, values_only=True):
        if row[4] == year:
            before = str(row[5]).removeprefix("='Inputs'!").replace("$", "")
            more += float(str(row[6])) - float(str(inputs[before].value))
    return more
