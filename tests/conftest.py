"""Shared parts: a small demonstration folder and its release, built once a run by the commands a user would use."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import settings

from rcs_core.cli import main

# No deadlines on shared machines, and the same examples in every run: what fails once fails again.
settings.register_profile("rcs", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("rcs")

# A developer's own store is not the tests'.
os.environ.pop("RCS_STORE", None)

ROOT = Path(__file__).resolve().parents[1]
SMALL = 5_000
"""Pupils of the test partnership: two clusters, the fewest there are."""


@dataclass(frozen=True)
class Home:
    """A workspace of its own with the demonstration folder and its release in it."""

    path: Path
    folder: Path
    release: Path
    said: str

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command that works in this workspace."""
        return {**os.environ, "RCS_HOME": str(self.path)}


def rcs(*words: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `rcs` as a user would and return what it said."""
    command = [sys.executable, "-m", "rcs_core.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=600, check=False)


def rcs_here(*words: object, env: dict[str, str] | None = None, where: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `rcs` from its `main` in this process, which has imported everything: three seconds sooner, the same answer."""
    said, told, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, chdir(where), redirect_stdout(said), redirect_stderr(told):
        patch.setattr(sys, "argv", ["rcs", *map(str, words)])
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(words, code, said.getvalue(), told.getvalue())


LONG = (
    "tests/fuzz/test_worst.py",
    "tests/browser/test_desk_journey.py",
    "tests/test_docs.py",
    "tests/browser/test_session_journey.py",
    "tests/browser/test_workbench.py",
    "tests/browser/test_scenario_journey.py",
    "tests/journeys/",
    "tests/browser/",
    "tests/test_template.py",
    "tests/workshop/test_scenario_book.py",
)
"""What takes longest comes first, so that no core waits at the end for one long journey; the first needs no release."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, in the order above; the others as they are."""
    items.sort(key=lambda item: next((k for k, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG)))


def pytest_collection_finish() -> None:
    """A page that is opened in a test looks through every installed package for Streamlit components; once is enough."""
    if "streamlit.testing.v1" in sys.modules:
        scanner = import_module("streamlit.components.v2.manifest_scanner")
        scanner.scan_component_manifests = cache(scanner.scan_component_manifests)


@pytest.fixture(name="rcs")
def rcs_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The `rcs` command as a function."""
    return rcs_here


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A workspace with Strathmere in it, written, built and signed off by the commands themselves.

    Where tests run in several processes the first to ask makes it, and each has a copy of its own.
    """
    path, base = tmp_path_factory.mktemp("home"), tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        said = _make(path)
    else:
        said = _made_once(base.parent / "home")
        shutil.copytree(base.parent / "home", path, dirs_exist_ok=True)
    return Home(path, path / "demo", path / "releases", said)


def _make(path: Path) -> str:
    env = {**os.environ, "RCS_HOME": str(path)}
    wrote = rcs("demo", path / "demo", "--pupils", SMALL, env=env)
    assert wrote.returncode == 0, wrote.stderr
    built = rcs("build", path / "demo", path / "releases", env=env)
    assert built.returncode == 0, built.stderr
    return built.stdout


def _made_once(path: Path) -> str:
    said, failed = path.with_suffix(".said"), path.with_suffix(".failed")
    try:
        path.mkdir()
    except FileExistsError:
        while not said.exists():
            assert not failed.exists(), "the process that made the test partnership failed"
            time.sleep(0.2)
        return said.read_text(encoding="utf-8")
    try:
        told = _make(path)
    except BaseException:
        failed.touch()
        raise
    said.with_suffix(".writing").write_text(told, encoding="utf-8")
    said.with_suffix(".writing").rename(said)
    return told
