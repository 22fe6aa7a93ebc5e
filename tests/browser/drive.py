"""How the journeys wait, look and choose, in one place."""

from playwright.sync_api import Page, expect

READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TROUBLE = '[data-testid="stException"], [data-testid="stAlertContentError"]'


def settled(page: Page) -> None:
    """Wait until the page has drawn its question and its script has ended."""
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    page.wait_for_selector(READY, state="attached", timeout=60_000)


def go(page: Page, address: str) -> None:
    """Open an address and wait until it stands; nothing on it may be an exception or an error."""
    page.goto(address)
    settled(page)
    assert page.locator(TROUBLE).count() == 0, page.locator(TROUBLE).first.inner_text()


def choose(page: Page, label: str, option: str) -> None:
    """Choose one option of the select box with this label, by the text it begins with."""
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=option).first.click()
    page.wait_for_timeout(150)
    settled(page)


def sideways_overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    script = "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
    return int(page.evaluate(script))
