"""The desk in a real Chromium: check a folder, build it, see the verdict."""

from playwright.sync_api import Page, expect

from tests.browser.drive import go


def test_a_folder_is_checked_built_and_its_verdict_seen(desk: str, page: Page) -> None:
    go(page, desk)
    page.get_by_role("button", name="Check these files").click()
    expect(page.get_by_text("What is there")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Check and release").first.click()
    page.get_by_role("button", name="Build the release").click()
    expect(page.get_by_text("The audit could work out none of them").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Signed off by").first).to_be_visible(timeout=60_000)
