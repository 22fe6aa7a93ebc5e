"""The room and the keyboard in a real Chromium: room mode holds from page to page, and nothing needs a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.browser.drive import by_tab, go, settled, without_barriers

LETTERS = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"


def test_from_the_front_page_to_a_chosen_view_by_keyboard_alone(workbench: str, page: Page) -> None:
    go(page, workbench)
    assert "Skip to main content" in by_tab(page, "Children's needs")[0]
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_contain_text("How are our children doing")
    settled(page)
    page.keyboard.press("Tab")
    by_tab(page, "Now")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_role("radio", name="Since 2023")).to_be_checked()
    expect(page.locator("h2").first).to_contain_text("since 2023")


def test_room_mode_is_turned_on_by_keyboard_holds_on_the_next_page_and_has_no_barrier(workbench: str, page: Page) -> None:
    go(page, f"{workbench}/reach")
    small = page.evaluate(LETTERS)
    by_tab(page, "For the room")
    page.keyboard.press("Enter")
    page.get_by_text("Room mode").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("More choices")).to_be_visible()
    settled(page)
    assert page.evaluate(LETTERS) >= 1.35 * small
    assert "room=true" in page.url
    without_barriers(page)
    page.get_by_role("link", name="Services and money").first.click()
    expect(page.locator("h1").first).to_contain_text("What do we spend")
    settled(page)
    expect(page.get_by_text("More choices")).to_be_visible()
    assert page.evaluate(LETTERS) >= 1.35 * small
    assert "money?room=true" in page.url
    page.get_by_role("link", name="Today").first.click()
    expect(page.locator("h1").first).to_contain_text("Where are we")
    settled(page)
    expect(page.get_by_test_id("stPageLink").get_by_role("link").first).to_have_attribute("href", re.compile("room=true"))
