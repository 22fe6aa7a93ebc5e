"""Photographs of every page in light, dark, narrow and room mode, for docs/screens.md and for whoever looks at a change.

The servers run on a demonstration of their own, with what a room left in it (`tools/fill.py`); the day is fixed, animations
are off, and what a commit alone would change (the version of the code, the day of the build) is written over: a picture
changes when its screen does.
"""

import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Annotated, Literal

import typer
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from app.desk_view import PAGES as DESK_PAGES
from app.navigation import present
from rcs_core.settings import ROOT
from tools.fill import fill, meet

KEPT = ROOT / "docs" / "images" / "screens"
DAY = "2026-11-22"
"""The day on every picture."""
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
UNDER_WAY = '[data-testid="stSkeleton"], [data-testid="stSpinner"], [data-stale="true"]'
VIEWS = ("What to look at", "Step")
"""The controls that turn a page to another view of the same question."""
TALLEST = 15_000
BESIDE = {"needs-profile": "needs?needs_view=Profile", "needs-map": "needs?needs_view=On+a+map"}
"""Views that are kept beside the first view of every page."""
STEADY = """day => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walk.nextNode();) node.data = node.data
    .replace(/(built |built on |checked |signed off .*on )20\\d\\d-\\d\\d-\\d\\d/gi, `$1${day}`)
    .replace(/\\d\\d:\\d\\d(:\\d\\d)?(?=\\s+UTC|$)/g, '12:00')
    .replace(/\\/\\S+\\/releases/g, '.rcs/releases').replace(/code \\S+ ·/, 'code of this picture ·') }"""
HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to look: its name, the window, the colours, whether in room mode, and how many pixels of height are kept."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    room: bool = False
    tallest: int = 2000


MODES = (
    Mode("light", 1280, 900),
    Mode("dark", 1280, 900, "dark"),
    Mode("narrow", 390, 844),
    Mode("room", 1920, 1080, room=True, tallest=1080),
)


@contextmanager
def served(home: Path, *words: str) -> Iterator[str]:
    """One `rcs` server on a workspace, for as long as pictures are taken; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "RCS_HOME": str(home), "RCS_TODAY": DAY, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "rcs_core.cli", *words, "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, 15)
        server.wait(10)


def _wait(address: str, seconds: float = 900) -> None:
    """Wait for a server; the first one builds the demonstration before it answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(address)


def settled(page: Page) -> None:
    """Wait until the script has ended, nothing is stale or still loading, every chart is drawn, and the height stands."""
    expect(page.locator("h1").first).to_be_visible(timeout=180_000)
    before = -1
    for _ in range(60):
        page.wait_for_selector(READY, state="attached", timeout=180_000)
        page.wait_for_timeout(350)
        charts = page.locator('[data-testid="stVegaLiteChart"]:visible')
        drawn = page.locator('[data-testid="stVegaLiteChart"]:visible :is(svg, canvas)').count() >= charts.count()
        height = page.evaluate(HEIGHT)
        if height == before and drawn and page.locator(UNDER_WAY).count() == 0:
            return
        before = height


def views(page: Page) -> list[tuple[str, Locator]]:
    """The views that a page offers, by name, in their order; one without a name where it offers none."""
    for label in VIEWS:
        group = page.get_by_role("radiogroup", name=label)
        if group.count():
            buttons = group.first.get_by_role("radio").all()
            return [(b.inner_text().strip(), b) for b in buttons]
    return [("", page.locator("h1").first)]


def picture(page: Page, mode: Mode, tallest: int) -> Image.Image:
    """The page as tall as it is, up to a limit, with the fixed day on it."""
    page.set_viewport_size({"width": mode.width, "height": max(mode.height, min(tallest, page.evaluate(HEIGHT)))})
    settled(page)
    page.evaluate(STEADY, DAY)
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    page.set_viewport_size({"width": mode.width, "height": mode.height})
    return shot.convert("RGB")


def photograph(page: Page, address: str, name: str, mode: Mode, every: Path | None) -> int:
    """Keep the picture of a page's first view; with a folder for every view, the whole length of each there too."""
    page.goto(address + ("&" if "?" in address else "?") * mode.room + "room=true" * mode.room)
    settled(page)
    KEPT.mkdir(parents=True, exist_ok=True)
    picture(page, mode, mode.tallest).save(KEPT / f"{name}-{mode.name}.webp", quality=80, method=6)
    if every is None:
        return 1
    found = views(page)
    for k, (view, button) in enumerate(found):
        if k:
            button.click()
            settled(page)
        words = "-".join(filter(None, [name, re.sub(r"[^a-z0-9]+", "-", view.lower()).strip("-"), mode.name]))
        picture(page, mode, TALLEST).save(every / f"{words}.png")
    return len(found)


def prepare(browser: Browser, desk: str) -> None:
    """Check the demonstration's files once, so that the desk's pages have something to tell."""
    page = browser.new_page()
    page.goto(desk)
    settled(page)
    if (button := page.get_by_role("button", name="Check these files")).count():
        button.click()
    expect(page.get_by_text("What is there, what is missing").first).to_be_visible(timeout=300_000)
    page.close()


def main(
    every: Annotated[Path | None, typer.Option(help="also take every view, in its whole length, into this folder")] = None,
    only: Annotated[str, typer.Option(help="the addresses of the pages to take, with commas; all of them without it")] = "",
    home: Annotated[Path | None, typer.Option(help="a workspace to take (default: a new demonstration)")] = None,
    modes: Annotated[str, typer.Option(help="light, dark, narrow, room")] = "light,dark,narrow,room",
) -> None:
    """Take the pictures of the workbench and of the desk."""
    wanted = [w for w in only.split(",") if w]
    screens = [s.address for s in present() if not wanted or s.address in wanted]
    desks = [path for _, _, path in DESK_PAGES if not wanted or path in wanted]
    with ExitStack() as stack:
        place = home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workbench = stack.enter_context(served(place, "serve", "--demo"))
        seats: dict[str, str] = {}
        if home is None:
            fill(place)
            seats = meet(place)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=which("chromium") or which("google-chrome"), args=["--no-sandbox", "--disable-gpu"]
        )
        pages = [(f"{workbench}/{a}", a) for a in screens]
        pages += [(f"{workbench}/{a}", name) for name, a in (BESIDE | seats).items() if not wanted or name in wanted]
        if desks:
            first = DESK_PAGES[0][2]
            desk = stack.enter_context(served(place, "desk", str(place)))
            prepare(browser, desk)
            pages += [(f"{desk}/{a if a != first else ''}", f"desk-{a}") for a in desks]
        for mode in (m for m in MODES if m.name in modes.split(",")):
            context = browser.new_context(
                viewport={"width": mode.width, "height": mode.height}, color_scheme=mode.scheme, reduced_motion="reduce"
            )
            for address, name in pages:
                if mode.room and (name.startswith("desk-") or name == "join"):
                    continue
                with closing(context.new_page()) as tab:  # a seat in a session is one tab's
                    tab.set_default_timeout(120_000)
                    typer.echo(f"{name}, {mode.name}: {photograph(tab, address, name, mode, every)}")
            context.close()
        browser.close()


if __name__ == "__main__":
    typer.run(main)
