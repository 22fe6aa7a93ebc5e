"""First page and a rerun in a real browser, beside a bare Streamlit page (one title, one select box) in the same run.

Usage: python benchmarks/bench_pages.py [RELEASE]   (default: builds a small demonstration release)
"""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from common import ROOT, rcs, run, table
from playwright.sync_api import Page, sync_playwright

BARE = "import streamlit as st\nst.title('Bare')\nst.write(st.selectbox('Pick', ['a', 'b', 'c'], key='pick'))\n"
PAGES = {"today": "", "needs": "needs", "reach": "reach", "money": "money", "shift": "shift"}
ROUNDS = 5


@contextlib.contextmanager
def server(words: list[object], home: Path) -> Iterator[str]:
    """One Streamlit server on a free port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*map(str, words), "--server.port" if "streamlit" in map(str, words) else "--port", str(port)]
    child = subprocess.Popen(
        command, env={**os.environ, "RCS_HOME": str(home)}, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            break
        time.sleep(0.1)
    yield url
    child.terminate()
    child.wait(10)


LAST = re.compile("no figure for fewer than|^Pick$")
"""What each page draws last: the workbench's footer, the bare page's select box."""


def ready(page: Page) -> None:
    """Wait until a page has drawn what it draws last and its script has ended."""
    page.get_by_text(LAST).last.wait_for()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def load_seconds(page: Page, url: str) -> float:
    """Median seconds from asking for a page until its script has ended."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        page.goto(url)
        ready(page)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def rerun_seconds(page: Page) -> float:
    """Median seconds from changing the first select box until the script has ended."""
    took = []
    for _ in range(ROUNDS):
        page.locator('[data-testid="stSelectbox"] input').first.click()
        option = page.get_by_role("option").nth((len(took) + 1) % 2)
        option.wait_for()
        began = time.perf_counter()
        option.click()
        page.wait_for_timeout(20)
        ready(page)
        took.append(time.perf_counter() - began - 0.02)
    return statistics.median(took)


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium on the path")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        home = Path(scratch)
        release = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "releases"
        if len(sys.argv) < 2:
            run(rcs("demo", home / "demo"), home)
            run(rcs("build", home / "demo", release), home)
        run(rcs("signoff", release, "--by", "bench", "--role", "benchmark"), home)
        (home / "bare.py").write_text(BARE)
        page = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_page()
        with server([sys.executable, "-m", "streamlit", "run", home / "bare.py"], home) as url:
            bare_load, bare_rerun = load_seconds(page, url), rerun_seconds(page)
        rows: list[list[object]] = [["baseline: a bare Streamlit page", bare_load, 1.0, bare_rerun, 1.0]]
        with server([*rcs("serve", "--release", release)], home) as url:
            began = time.perf_counter()
            page.goto(url)
            ready(page)
            first = time.perf_counter() - began
            for name, path in PAGES.items():
                loaded = load_seconds(page, f"{url}/{path}")
                again = rerun_seconds(page) if page.locator('[data-testid="stSelectbox"]').count() else None
                rows.append([name, loaded, loaded / bare_load, again or "", again / bare_rerun if again else ""])
        table("In Chromium, median of five, seconds", ["page", "load", "x bare", "rerun", "x bare"], rows)
        print(f"  very first page of a cold server: {first:.2f} s")


if __name__ == "__main__":
    main()
