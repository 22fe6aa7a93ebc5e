"""A real server on the test release and a real Chromium; where there is none, one loud line and no test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT, Home

pytest.register_assert_rewrite("tests.browser.drive", "tests.browser.meeting_drive")
expect.set_options(timeout=30_000)
"""As long as any other step of a tab may take: two cores may be busy with other tests."""
BROKEN = pytest.StashKey[bool]()
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (p := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium: fail when one is required (RCS_REQUIRE_BROWSER=1), else say so and leave the journeys out."""
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    if CHROMIUM or not mine:
        return
    if os.environ.get("RCS_REQUIRE_BROWSER") == "1":
        pytest.exit("RCS_REQUIRE_BROWSER=1 and no Chromium was found on the path", 1)
    warnings.warn(f"NO CHROMIUM FOUND: {len(mine)} browser journeys were NOT run; install chromium to run them", stacklevel=1)
    items[:] = [item for item in items if item not in mine]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember that a journey broke off, so that its browsers can tell what they showed."""
    report = yield
    if report.failed:
        item.stash[BROKEN] = True
    return report


def tell(request: pytest.FixtureRequest, contexts: Sequence[BrowserContext]) -> None:
    """Where a journey broke off, put what its browsers show into the report."""
    if request.node.stash.get(BROKEN, False):
        for page in (page for context in contexts for page in context.pages):
            request.node.add_report_section("teardown", page.url, page.locator("body").inner_text())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, seconds: float = 60) -> None:
    """Wait until a server answers its health check."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


def serve(env: dict[str, str], *words: object) -> Iterator[str]:
    """Run one `rcs` server until the tests are done with it; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "rcs_core.cli", *map(str, words), "--port", str(port)]
    server = subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_until_up(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, 15)
        server.wait(10)


@pytest.fixture(scope="session")
def workbench(home: Home) -> Iterator[str]:
    """The workbench's address."""
    yield from serve(home.env, "serve", "--release", home.release)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh tab of 1280 by 900 that fails the test on a page error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    tab = context.new_page()
    tab.set_default_timeout(30_000)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    tell(request, [context])
    context.close()
    assert not errors, errors
