"""A newcomer takes the tour in a real Chromium: the answer of each stop stands on its page, and a number opens its door."""

import re

from playwright.sync_api import Page, expect

from tests.browser.drive import barriers, go, settled

STOPS = 7
"""Stops that the demonstration has at the least: five pages and two views."""


def test_a_newcomer_takes_the_tour_reads_the_answers_and_sees_what_is_behind_a_number(workbench: str, page: Page) -> None:
    go(page, workbench)
    page.get_by_role("link", name="First time here?").click()
    bar = page.locator(".st-key-tour")
    for stop in range(1, STOPS + 1):
        expect(bar).to_contain_text(f"stop {stop} of")
        settled(page)
        assert f"tour={stop}" in page.url
        bar.get_by_role("button", name="The answer").press("Enter")
        answer = page.get_by_test_id("stPopoverBody").inner_text()
        page.keyboard.press("Escape")
        for figure in re.findall(r"£[\d.,]+\d|\d+%", answer)[:1]:
            expect(page.get_by_test_id("stMain")).to_contain_text(figure)
        if stop == 3:
            page.reload()
            expect(bar).to_contain_text("stop 3 of")
            settled(page)
        if stop == 4:
            behind_the_number(page)
        if stop < STOPS:
            bar.get_by_role("link", name="Next").press("Enter")
    bar.get_by_role("button", name="the tour").click()
    expect(bar).to_have_count(0)
    assert "tour" not in page.url


def behind_the_number(page: Page) -> None:
    """The method of a number in one click, its rows in two; nothing in the way of a reader who cannot see or use a mouse."""
    page.get_by_role("button", name="How this was worked out").first.press("Enter")
    opened = page.get_by_role("dialog")
    expect(opened).to_contain_text("In words.")
    opened.get_by_text("The rows behind it").click()
    expect(opened.get_by_role("button", name="Download as csv").first).to_be_visible()
    expect(opened).to_contain_text("of release")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
