"""One errand of the desk: an `rcs` command as a process of its own, whose words lie in files of the workspace.

So a reloaded tab, a second tab, or a desk that was started again finds it: running, stopped, done or cut short. A lock that the
process inherits tells whether it lives; no screen ever holds a record.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from rcs_core.controller.sheet import write_whole
from rcs_core.desk_files import busy, take_lock
from rcs_core.errors import UnreadableError
from rcs_core.settings import ROOT, read_json

RCS: Sequence[str] = (sys.executable, "-m", "rcs_core.cli")
_TAIL = 65_536
"""Bytes from the end of what a running process said that are looked at for its last word."""
_OURS: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Job:
    """A check or a build, under way or over, as its files tell it; place: where they lie, verb: what it is."""

    verb: str
    place: Path
    folder: Path
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether the process is at work, in this desk or an earlier one."""
        ours = _OURS.get(self._path("json"))
        return ours.poll() is None if ours is not None else busy(self.place)

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it."""
        return bool(self.told.get("stopped")) and not self.result

    @property
    def failed(self) -> bool:
        """Whether it ended by itself without a result."""
        return not self.running and not self.stopped and not self.result

    @property
    def result(self) -> dict[str, Any]:
        """What it found or made: the last whole line that is no progress; nothing while there is none."""
        with suppress(OSError):
            path = self._path("out")
            about = path.stat()
            return _result((path, about.st_size, about.st_mtime_ns))
        return {}

    @property
    def done(self) -> float:
        """The share of the work that is done, 0 to 1."""
        return float(self._last().get("done", 0.0))

    @property
    def text(self) -> str:
        """What it is at."""
        last = self._last()
        return str(last.get("text") or last.get("stage") or "Starting")

    @property
    def errors(self) -> list[str]:
        """What it said went wrong."""
        with suppress(OSError):
            return [line.rstrip() for line in self._path("err").read_text("utf-8", "replace").splitlines() if line.strip()]
        return []

    @property
    def started(self) -> str:
        """When it began, UTC."""
        return str(self.told.get("started", ""))

    def stop(self) -> None:
        """End it at once, and whatever it started; nothing that is served has changed."""
        if not self.running:
            return
        self.told["stopped"] = True
        self._write()
        ours = _OURS.get(self._path("json"))
        with suppress(ProcessLookupError, PermissionError):
            _kill(int(self.told.get("pid") or 0), ours)
        if ours is not None:
            ours.wait(timeout=30)

    def _last(self) -> dict[str, Any]:
        """The last progress that it told."""
        with suppress(OSError), self._path("out").open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            for line in reversed(file.read().splitlines()):
                if "done" in (said := _json(line)):
                    return said
        return {}

    def _path(self, form: str) -> Path:
        return self.place / f"{self.verb}.{form}"

    def _write(self) -> None:
        write_whole(self._path("json"), json.dumps({**self.told, "verb": self.verb, "folder": str(self.folder)}))


@lru_cache(maxsize=4)
def _result(stamp: tuple[Path, int, int]) -> dict[str, Any]:
    """The result at the end of what a process said; read again only when the file's size or time (ns) differs."""
    *_, last = [b"", *stamp[0].read_bytes().splitlines()]
    found = _json(last)
    return {} if "done" in found else found


def find(verb: str, place: Path) -> Job | None:
    """The last errand of that kind whose files lie there, or None."""
    try:
        told = read_json(place / f"{verb}.json")
    except UnreadableError:
        return None
    return Job(verb, place, Path(str(told.get("folder", ""))), told)


def start(verb: str, place: Path, folder: Path, words: Sequence[str], about: dict[str, Any]) -> Job | None:
    """Start an errand; None while another holds the place (a second click, a second tab, a second desk)."""
    before = find(verb, place)
    if before is not None and before.running:
        return None
    lock = take_lock(place)
    if lock is None:
        return None
    job = Job(verb, place, folder, {**about, "started": datetime.now(UTC).isoformat(timespec="seconds"), "pid": 0})
    try:
        for form in ("out", "err"):
            job._path(form).write_bytes(b"")
        job._write()
        process = _launch(job, [*RCS, verb, *words], lock)
    finally:
        os.close(lock)
    _OURS[job._path("json")] = process
    job.told["pid"] = process.pid
    job._write()
    atexit.register(job.stop)
    return job


def _launch(job: Job, command: Sequence[str], lock: int) -> subprocess.Popen[bytes]:
    inherited = () if os.name == "nt" else (lock,)
    with job._path("out").open("wb") as out, job._path("err").open("wb") as err:
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True, pass_fds=inherited
        )


def _kill(pid: int, ours: subprocess.Popen[bytes] | None) -> None:
    """End a process and, where the system has process groups, whatever it started."""
    if pid > 1 and hasattr(os, "killpg"):
        os.killpg(pid, signal.SIGKILL)
    elif ours is not None:
        ours.kill()


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
