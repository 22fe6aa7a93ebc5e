"""How the journeys wait, look and choose, in one place."""

from importlib.resources import files
from typing import Literal

from playwright.sync_api import Page, expect

READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TROUBLE = '[data-testid="stException"], [data-testid="stAlertContentError"]'

AXE = files("axe_playwright_python") / "axe.min.js"
"""The checker of accessibility as its package brings it: nothing is fetched."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
SETTLING = 400
"""Milliseconds in which colours fade from one theme to the other."""


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


def barriers(page: Page, only: str = "") -> list[str]:
    """What axe finds that is serious or critical on the page as it stands, and is not the framework's own; one rule, or all."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    rules = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": WCAG}
    found = page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules})", rules)
    grave = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {n['target']} {n['html'][:120]}" for v in grave for n in v["nodes"]]


def without_barriers(page: Page) -> None:
    """Nothing serious in the colours that the page has, and no colour too faint in the other ones, light or dark."""
    settled(page)
    assert barriers(page) == []
    shade = "() => matchMedia('(prefers-color-scheme: dark)').matches ? 'light' : 'dark'"
    other: Literal["light", "dark"] = "dark" if page.evaluate(shade) == "dark" else "light"
    before = page.evaluate(GROUND)
    page.emulate_media(color_scheme=other)
    page.wait_for_function(f"before => ({GROUND})() !== before", arg=before)
    settled(page)
    page.wait_for_timeout(SETTLING)
    assert barriers(page, "color-contrast") == []
