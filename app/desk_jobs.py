"""The desk's errands: `rcs check` and `rcs build` run as processes of their own, so that a screen never holds a record.

A check is waited for. A build goes on while the page is looked at, can be stopped, and is stopped with the desk; until
its last step the release that is served stays as it was.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rcs_core.errors import UnreadableError
from rcs_core.settings import ROOT, workspace

RCS: Sequence[str] = (sys.executable, "-m", "rcs_core.cli")
LONGEST_CHECK = 1800
"""Seconds after which a check is given up."""
INPUTS = "partnership.yaml"
"""The file that tells an input folder from any other."""
_DEEPEST, _MOST = 2, 200


@dataclass(slots=True)
class Build:
    """A build under way or done: how far it is, what it said last, and its result."""

    folder: Path
    process: subprocess.Popen[str]
    done: float = 0.0
    text: str = "Starting"
    result: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    stopped: bool = False
    readers: list[threading.Thread] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Whether the process is still at work, or something that it said is not read yet."""
        return self.process.poll() is None or any(reader.is_alive() for reader in self.readers)

    @property
    def failed(self) -> bool:
        """Whether it ended by itself without a release."""
        return not self.running and not self.stopped and not self.result

    def stop(self) -> None:
        """Stop it at once; nothing that is served has changed."""
        if self.process.poll() is None:
            self.stopped = True
            _kill(self.process)
            self.process.wait(timeout=30)


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process and, where the system has process groups, whatever it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def root() -> Path:
    """The folder that the desk was opened on: `rcs desk DIR`, or else the workspace."""
    return Path(os.environ.get("RCS_DESK_DIR") or workspace()).resolve()


def input_folders(top: Path) -> list[Path]:
    """Folders at or below `top` that hold a partnership's files, the nearest first."""
    found: list[Path] = []
    level = [top]
    for _ in range(_DEEPEST + 1):
        found += [folder for folder in level if (folder / INPUTS).is_file()]
        level = [child for folder in level for child in _children(folder)][:_MOST]
    return found


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    except OSError:
        return []


def release_folder() -> Path:
    """Where a build puts its release: where the workbench looks for it."""
    served = Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")
    return served.parent if served.is_file() else served


def check(folder: Path) -> dict[str, Any]:
    """Run `rcs check` on a folder and return its report; raises UnreadableError with what it said when there is none."""
    command = [*RCS, "check", str(folder), "--json"]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_CHECK, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("the check took too long and was given up", str(folder), f"{LONGEST_CHECK} seconds") from error
    report = _json(ran.stdout.strip())
    if "findings" not in report:
        raise UnreadableError(
            "the check did not finish",
            str(folder),
            _said(ran.stderr.splitlines()),
            "a report",
            "mend what it says and check again",
        )
    return report


_BUILDS: list[Build] = []


def last_build() -> Build | None:
    """The build under way, or the last one done, since the desk was opened (in whichever tab)."""
    return _BUILDS[-1] if _BUILDS else None


def start_build(folder: Path, release: Path) -> Build:
    """Start `rcs build` and follow what it says; while one is under way, that one."""
    under_way = last_build()
    if under_way is not None and under_way.running:
        return under_way
    command = [*RCS, "build", str(folder), str(release), "--json"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1, start_new_session=True
    )
    build = Build(folder, process)
    build.readers = [threading.Thread(target=follow, args=(build,), daemon=True) for follow in (_follow, _listen)]
    for reader in build.readers:
        reader.start()
    atexit.register(build.stop)
    _BUILDS[:] = [build]
    return build


def _follow(build: Build) -> None:
    assert build.process.stdout is not None
    for line in build.process.stdout:
        said = _json(line)
        if "release" in said:
            build.result = said
        elif "done" in said:
            build.done, build.text = float(said["done"]), str(said.get("text") or said.get("stage") or "")


def _listen(build: Build) -> None:
    assert build.process.stderr is not None
    build.errors += [line.rstrip() for line in build.process.stderr if line.strip()]


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(lines: Sequence[str]) -> str:
    return " ".join(lines[-6:]) or "nothing"


def what_went_wrong(build: Build) -> str:
    """What a failed build said, in its own words."""
    return "\n\n".join(build.errors) or f"The build ended with code {build.process.poll()} and said nothing."
