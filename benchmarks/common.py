"""Shared parts of the benchmarks: run a command, read its seconds and peak memory, print a table of figures."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Ran:
    """One finished command: what it printed, wall seconds, and the peak memory (MB) of its largest process."""

    out: str
    seconds: float
    peak_mb: float


def run(words: Sequence[object], home: Path) -> Ran:
    """Run one command to its end in a workspace of its own; stops the benchmark when it fails."""
    env = {**os.environ, "RCS_HOME": str(home)}
    began = time.perf_counter()
    child = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT)
    assert child.stdout is not None
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {child.returncode}")
    return Ran(out, time.perf_counter() - began, usage.ru_maxrss / 1024)


def rcs(*words: object) -> list[object]:
    """The `rcs` command of this project as a list of words."""
    return [sys.executable, "-m", "rcs_core.cli", *words]


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table of figures, columns aligned."""
    text = [[f"{c:,.2f}" if isinstance(c, float) else str(c) for c in row] for row in rows]
    widths = [max(len(r[i]) for r in [list(head), *text]) for i in range(len(head))]
    print(f"\n{title}")
    for line in [list(head), *text]:
        print("  " + "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))))
