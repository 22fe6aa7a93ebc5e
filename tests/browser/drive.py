"""How the journeys wait, look and choose, in one place."""

from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLong

READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TROUBLE = '[data-testid="stException"], [data-testid="stAlertContentError"]'

AXE = files("axe_playwright_python") / "axe.min.js"
"""The checker of accessibility as its package brings it: nothing is fetched."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
  let drawn = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none';
  for (let up = e, k = 0; up && k < 6; up = up.parentElement, k++) // a field is framed in the theme's first colour
    drawn ||= e.tagName === 'INPUT' && getComputedStyle(up).borderTopColor === 'rgb(0, 95, 115)';
  const name = e.dataset.testid === 'stMain' ? 'the page itself' : e.getAttribute('aria-label') || e.innerText || '';
  return [name.trim(), drawn && box.width * box.height > 0 || e.dataset.testid === 'data-grid-canvas'
    || (e.dataset.testid || '').startsWith('glide-cell')] }"""
"""What has the focus, and whether that is seen; the cell of a table has its ring drawn on the table's canvas."""
MOST_STEPS = 25
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
    """Choose one option of the select box with this label, by the text it begins with; a list that shuts is opened again."""
    offered = page.get_by_role("option", name=option).first
    for last in (False, False, True):
        page.get_by_role("combobox", name=label).first.click()
        with suppress(*(() if last else (TooLong,))):
            offered.click(timeout=None if last else 3_000)
            break
    page.wait_for_timeout(150)
    settled(page)


def sideways_overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    script = "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
    return int(page.evaluate(script))


REPAINTS = 5
"""How often a page is looked at while its colours go over from light to dark; as it stays is what counts."""


def barriers(page: Page, only: str = "") -> list[str]:
    """What axe finds that is serious or critical on the page as it stands, or a heading that skips a level; one rule, or all."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    rules = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": WCAG}
    found = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules, rules: {'heading-order': {enabled: true}}})",
        rules,
    )
    grave = [v for v in found["violations"] if v["impact"] in ("serious", "critical") or v["id"] == "heading-order"]
    return [f"{v['id']}: {n['target']} {n['html'][:120]}" for v in grave for n in v["nodes"]]


def lasting(page: Page, only: str = "") -> list[str]:
    """The barriers that are still there when colours have had time to go over."""
    for _ in range(REPAINTS):
        if not (found := barriers(page, only)):
            break
        page.wait_for_timeout(SETTLING)
    return found


def without_barriers(page: Page) -> None:
    """Nothing serious in the colours that the page has, and no colour too faint in the other ones, light or dark."""
    settled(page)
    assert lasting(page) == []
    shade = "() => matchMedia('(prefers-color-scheme: dark)').matches ? 'light' : 'dark'"
    other: Literal["light", "dark"] = "dark" if page.evaluate(shade) == "dark" else "light"
    before = page.evaluate(GROUND)
    page.emulate_media(color_scheme=other)
    page.wait_for_function(f"before => ({GROUND})() !== before", arg=before)
    settled(page)
    page.wait_for_timeout(SETTLING)
    assert lasting(page, "color-contrast") == []


def focused(page: Page) -> tuple[str, bool]:
    """What has the focus, and whether that is seen once its frame has faded in."""
    page.wait_for_timeout(30)
    for _ in range(REPAINTS):
        said, seen = page.evaluate(FOCUSED)
        if seen:
            break
        page.wait_for_timeout(SETTLING)
    return said, seen


def by_tab(page: Page, name: str, most: int = MOST_STEPS) -> list[str]:
    """Press Tab until what is named so has the focus; every stop on the way must be seen to have it. The stops, in order."""
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        said, seen = focused(page)
        assert seen, f"the focus on {said!r} is not seen"
        stops.append(said)
        if name in said:
            return stops
    raise AssertionError(f"{name!r} was not reached: {stops}")


def unpacked(pack: Path) -> tuple[str, str]:
    """The table of a csv download and its notes, which come in one zip."""
    with ZipFile(pack) as whole:
        found = {name.endswith(".csv"): whole.read(name).decode("utf-8-sig") for name in whole.namelist()}
    return found[True], found[False]
