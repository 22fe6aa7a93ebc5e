"""The workbench in a real Chromium, on the release that the commands built."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.drive import SETTLING, by_tab, choose, go, settled, sideways_overflow, unpacked, without_barriers

QUESTIONS = {
    "": "Where are we",
    "needs": "How are our children doing",
    "reach": "Do the children who need help get it",
    "money": "What do we spend",
    "shift": "What would happen if we moved money upstream",
    "decide": "What do we agree to do",
    "plan": "What did we agree",
}
AT_FOUR_TIMES = 320
"""Pixels that a window of 1280 has left when its letters are four times as large."""


@pytest.mark.parametrize("address", QUESTIONS)
def test_each_page_answers_its_question_on_fictional_data_and_tab_reaches_its_foot_seen_at_every_stop(
    workbench: str, page: Page, address: str
) -> None:
    go(page, f"{workbench}/{address}")
    expect(page.locator("h1").first).to_contain_text(QUESTIONS[address])
    expect(page.get_by_text("Fictional data").first).to_be_visible()
    by_tab(page, "how to report a barrier", 90)


@pytest.mark.parametrize("address", QUESTIONS)
def test_no_page_runs_off_the_side_of_a_phone_or_has_a_barrier_dark_or_light(
    workbench: str, browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    go(page, f"{workbench}/{address}")
    assert sideways_overflow(page) <= 0
    without_barriers(page)
    assert sideways_overflow(page) <= 0
    page.set_viewport_size({"width": AT_FOUR_TIMES, "height": 256})
    page.wait_for_timeout(SETTLING)
    assert sideways_overflow(page) <= 0
    context.close()


def test_a_newcomer_walks_from_the_front_page_to_the_needs(workbench: str, page: Page) -> None:
    go(page, workbench)
    page.get_by_role("link", name="Children's needs").first.click()
    expect(page.locator("h1").first).to_contain_text("How are our children doing")
    settled(page)


def test_another_survey_changes_headline_link_and_citation_and_paper_has_no_buttons(workbench: str, page: Page) -> None:
    go(page, f"{workbench}/needs")
    choose(page, "Which children", "Pupils in S1 to S4")
    expect(page.locator("h2").first).to_contain_text("S1 to S4")
    page.get_by_role("button", name="Link to this view").click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_contain_text("needs?needs_survey=Pupils+in+S1+to+S4")
    expect(body).to_contain_text("Children's needs. RCS workbench")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Link to this view")).to_be_hidden()
    expect(page.locator("header").first).to_be_hidden()
    expect(page.locator("h2").first).to_be_visible()


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("Since 2023", "since 2023"),
        ("Where it differs", "comparisons"),
        ("On a map", "rest of the area"),
        ("Fair shares", "fifth"),
        ("Schools in a funnel", "outer limits"),
    ],
)
def test_a_view_of_the_needs_opens_from_its_link_and_fits_a_phone(workbench: str, browser: Browser, view: str, said: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    go(page, f"{workbench}/needs?needs_view={view.replace(' ', '+')}")
    expect(page.locator("h2").first).to_contain_text(said)
    assert sideways_overflow(page) <= 0
    context.close()


def test_the_view_that_was_chosen_is_still_there_after_another_page(workbench: str, page: Page) -> None:
    go(page, f"{workbench}/needs")
    page.get_by_role("radio", name="Fair shares").click()
    expect(page.locator("h2").first).to_contain_text("fifth")
    page.get_by_role("link", name="Who gets help").first.click()
    expect(page.locator("h1").first).to_contain_text("Do the children who need help")
    page.get_by_role("link", name="Children's needs").first.click()
    expect(page.locator("h1").first).to_contain_text("How are our children doing")
    expect(page.get_by_role("radio", name="Fair shares")).to_be_checked()


@pytest.mark.parametrize("address", ["needs", "reach"])
def test_a_parent_finds_why_numbers_are_hidden_and_reads_it_on_a_phone(workbench: str, browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    go(page, f"{workbench}/{address}")
    page.get_by_text("Why are some numbers hidden?").first.click()
    expect(page.get_by_text("We never publish a number about fewer than ten children").first).to_be_visible()
    expect(page.get_by_text("For children", exact=True).first).to_be_visible()
    assert sideways_overflow(page) <= 0
    context.close()


def test_the_numbers_behind_a_chart_can_be_taken_away(workbench: str, page: Page, tmp_path: Path) -> None:
    go(page, f"{workbench}/reach")
    page.get_by_text("The same numbers as a table").first.click()
    button = page.get_by_role("button", name="Download as csv").first
    expect(button).to_be_visible()
    with page.expect_download() as waiting:
        button.click()
    waiting.value.save_as(tmp_path / "numbers.zip")
    table, notes = unpacked(tmp_path / "numbers.zip")
    assert len(table.splitlines()) > 1
    assert "Who is not in it" in notes
