"""The desk in a real Chromium: a folder of mess is checked, mended, built, signed, looked at by the controller, and deleted."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import serve
from tests.browser.drive import go, settled, sideways_overflow, without_barriers
from tests.conftest import Home
from tests.messy_folder import CHI, make_messy, mend

SHOTS = os.environ.get("RCS_SHOTS", "")
"""A folder for pictures of each step, for the eye; none are taken without it."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLD = 120_000
"""Milliseconds that a server just started may take to its first page on a busy machine."""


def shot(page: Page, name: str) -> None:
    """Take a picture of the page, wide and narrow, light and dark, when pictures are asked for."""
    if not SHOTS:
        return
    for scheme in SCHEMES:
        for width in (1280, 390):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 2400})
            page.wait_for_timeout(700)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def messy(home: Home, tmp_path: Path) -> Path:
    """A messy folder in a workspace of its own."""
    return make_messy(home.folder, tmp_path / "home" / "inputs")


@pytest.fixture
def messy_desk(messy: Path) -> Iterator[str]:
    """A desk on that workspace."""
    yield from serve({**os.environ, "RCS_HOME": str(messy.parent)}, "desk", messy.parent)


def test_a_folder_of_mess_becomes_a_signed_release_in_one_sitting(home: Home, messy: Path, messy_desk: str, page: Page) -> None:
    go(page, messy_desk)
    page.get_by_role("button", name="Check these files").click(timeout=COLD)
    expect(page.get_by_text("What is there, what is missing")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("to mend before a build").first).to_be_visible()
    body = page.locator("[data-testid=stMain]")
    expect(body).to_contain_text("mend what stops a build")
    expect(body).to_contain_text("Survey parent 0 to 8 is not there: nothing is said of children under nine")
    expect(body).to_contain_text("the file was last changed in 2023, before the year of the survey, 2025")
    expect(body).to_contain_text("it is of 2024-25, and partnership.yaml says 2025-26")
    assert CHI not in page.content()
    assert sideways_overflow(page) <= 0
    shot(page, "1-prepare")

    # A reloaded tab finds what was found; the folder is not checked again.
    go(page, messy_desk)
    expect(page.get_by_text("to mend before a build").first).to_be_visible()
    mend(home.folder, messy)
    page.reload()
    settled(page)
    expect(page.get_by_text("check again before you rely on this").first).to_be_visible()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("Nothing stops a build").first).to_be_visible(timeout=60_000)
    shot(page, "2-mended")
    without_barriers(page)
    for name in ("Service register", "Ledgers"):
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_text("Folder with the partnership's files").first).to_be_visible()
        without_barriers(page)
    page.get_by_role("link", name="Prepare data").first.click()

    page.get_by_role("link", name="Next: check and release").click()
    expect(page.get_by_text("unchanged since").first).to_be_visible()
    page.get_by_role("button", name="Build the release").click()
    page.get_by_role("button", name="Stop the build").click()
    expect(page.get_by_text("The build was stopped").first).to_be_visible(timeout=60_000)
    shot(page, "3-stopped")
    page.get_by_role("button", name="Build the release").click()
    page.reload()
    expect(page.get_by_text("The audit could work out none of them").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Signed off by").first).to_be_visible(timeout=60_000)
    settled(page)
    shot(page, "4-release")
    without_barriers(page)

    page.get_by_role("link", name="Data protection").first.click()
    expect(page.get_by_text("answers on data protection are filled in").first).to_be_visible(timeout=60_000)
    settled(page)
    assert sideways_overflow(page) <= 0
    shot(page, "5-protection")
    without_barriers(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as workbook").click()
    assert waiting.value.suggested_filename == "data-flow-of-inputs.xlsx"
    page.get_by_text("Only records and ledgers", exact=True).click()
    page.get_by_role("button", name="See what would go").click()
    expect(page.get_by_text("This cannot be undone").first).to_be_visible(timeout=60_000)
    page.get_by_label("Who decides, by name").fill("A. Controller")
    page.get_by_label("In which role").fill("Data controller")
    page.get_by_label("to confirm").fill("inputs")
    shot(page, "6-plan")
    page.get_by_test_id("stBaseButton-primaryFormSubmit").click()
    expect(page.get_by_text("Certificates of deletion").first).to_be_visible(timeout=60_000)
    shot(page, "7-deleted")
    assert not (messy / "pupil_census.csv").exists()
    assert (messy / "services.xlsx").exists()


def test_a_folder_that_goes_away_is_said_and_not_an_exception(messy: Path, messy_desk: str, page: Page) -> None:
    go(page, messy_desk)
    shutil.rmtree(messy)
    page.get_by_role("button", name="Check these files").click(timeout=COLD)
    expect(page.get_by_text("cannot be read").or_(page.get_by_text("No folder is chosen")).first).to_be_visible(timeout=60_000)
    assert page.locator('[data-testid="stException"]').count() == 0
