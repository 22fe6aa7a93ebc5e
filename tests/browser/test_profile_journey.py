"""An analyst goes to a school: the profile of its cluster, its own, the csv, two pages of paper, and the link."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from rcs_core.release import load
from rcs_core.workshop.profile import places, profile
from tests.browser.drive import choose, go, settled, sideways_overflow, unpacked
from tests.conftest import Home

SURVEY = "pupil_p5_p7"


def test_an_analyst_goes_to_a_school_prints_two_pages_and_sends_the_link(
    workbench: str, page: Page, browser: Browser, home: Home, tmp_path: Path
) -> None:
    found = load(home.release)
    told = {a.name: profile(found, SURVEY, a) for a in places(found, SURVEY)}
    cluster, school = (next(p for p in told.values() if p.level == level) for level in ("cluster", "school"))
    go(page, workbench)
    page.get_by_role("link", name="Children's needs").first.click()
    expect(page.locator("h1").first).to_contain_text("How are our children doing")
    page.get_by_role("radio", name="Profile").click()
    for one in (cluster, school):
        choose(page, "Where", one.asked)
        expect(page.get_by_text(one.title)).to_be_visible()
        expect(page.get_by_role("heading", name=f"What stands out in {one.place}?")).to_be_visible()
    with page.expect_download() as waiting:
        page.locator(".st-key-profile-files").get_by_role("button", name="Download as csv").click()
    waiting.value.save_as(tmp_path / "profile.zip")
    assert len(unpacked(tmp_path / "profile.zip")[0].splitlines()) == len(school.frame()) + 1
    expect(page.locator(".st-key-profile svg.marks")).to_have_count(1 + sum(len(s.pictures) for s in school.page(2)))
    pages = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 2
    other = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    go(other, page.url)
    settled(other)
    expect(other.get_by_text(school.title)).to_be_visible()
    assert sideways_overflow(other) <= 0
    other.context.close()
