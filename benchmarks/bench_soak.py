"""Whether the server's memory stays level while people come, make edits and leave, with the collector not run after every edit.

Usage: python benchmarks/bench_soak.py [--edits 400] [--rest SECONDS] [--collect] [--home WORKSPACE]
       the long one: python benchmarks/bench_soak.py --edits 5000 --rest 150

Eight readers at a time: each opens one of the pages under load in turn, makes ten edits and leaves, and another comes. Half of
the edits of a shift are to levers that nobody has tried. Memory is the resident size of the server, read every twentieth part of
the way. The slope is taken over the second half, when what is kept for everybody is full. *Collect* runs Python's collector
after every edit, as Streamlit does by itself, to compare.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_load import PAGES, Kind, workspace
from common import rcs, table
from sessions import Failed, Served, Session, server

AT_ONCE, EDITS, PARTS = 8, 10, 20
LEVEL = 0.02
"""Share of the memory that the second half may gain and still count as level: readings differ by one per cent."""


@dataclass(frozen=True, slots=True)
class Look:
    """One reading: edits and readers so far, minutes, resident MB, processor milliseconds an edit since the last reading."""

    edits: int
    readers: int
    minutes: float
    mb: float
    cpu: float


class Soak:
    """Readers who come and go on one server until so many edits are made."""

    def __init__(self, served: Served, edits: int) -> None:
        self.served, self.wanted = served, edits
        self.made = self.came = 0
        self.looks: list[Look] = []
        self.failed: list[str] = []
        self._began, self._cpu = time.monotonic(), served.cpu
        self._random = random.Random(7)

    def look(self) -> None:
        """Take a reading."""
        cpu, since = self.served.cpu, self.made - (self.looks[-1].edits if self.looks else 0)
        minutes = (time.monotonic() - self._began) / 60
        now = Look(self.made, self.came, minutes, self.served.rss_mb, 1000 * (cpu - self._cpu) / max(1, since))
        self.looks.append(now)
        print(
            f"  {now.edits:6,} edits, {now.readers:4} readers, {now.minutes:5.1f} min: {now.mb:5.0f} MB",
            file=sys.stderr,
            flush=True,
        )
        self._cpu = cpu

    async def run(self) -> None:
        """All readers, so many at a time."""
        self.look()
        await asyncio.gather(*(self._readers(k) for k in range(AT_ONCE)))

    async def _readers(self, place: int) -> None:
        for kind in self._kinds(place):
            if self.made >= self.wanted:
                return
            self.came += 1
            try:
                await self._reader(kind, Session(self.served.host, kind.address, kind.title, self.came))
            except (Failed, OSError, TimeoutError) as error:
                self.failed.append(f"{kind.name}: {type(error).__name__} {error}")
                self.made += 1

    def _kinds(self, place: int) -> Iterator[Kind]:
        while True:
            yield PAGES[place % len(PAGES)]
            place += 1

    async def _reader(self, kind: Kind, session: Session) -> None:
        await session.open()
        for _ in range(EDITS):
            await kind.edit(session, self._random.randrange(30) if self._random.random() < 0.5 else 1000 + self.made)
            self.made += 1
            if self.made % max(1, self.wanted // PARTS) == 0:
                self.look()
        await session.close()


def slope(looks: Sequence[Look]) -> float:
    """MB gained in a thousand edits, by least squares over the second half."""
    late = [one for one in looks if one.edits >= looks[-1].edits / 2]
    x, y = [one.edits for one in late], [one.mb for one in late]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    return 1000 * sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread if spread else float("nan")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--edits", type=int, default=400)
    asked.add_argument("--rest", type=float, default=0, help="seconds to wait once all have left, before the last reading")
    asked.add_argument("--collect", action="store_true", help="run Python's collector after every edit")
    asked.add_argument("--home", type=Path, help="a workspace with a signed release (default: makes a demonstration)")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = workspace(chosen.home, Path(scratch))
        extra = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"} if chosen.collect else {}
        with server([*rcs("serve", "--release", home / "releases")], home, extra) as served:
            soak = Soak(served, chosen.edits)
            asyncio.run(soak.run())
            time.sleep(chosen.rest)
            soak.look()
    rows = [[f"{one.edits:,}", one.readers, one.minutes, round(one.mb), round(one.cpu)] for one in soak.looks]
    table("Memory of the server", ("edits", "readers so far", "minutes", "MB", "CPU ms an edit"), rows)
    gained = slope(soak.looks[:-1])
    share = gained / 1000 * chosen.edits / 2 / soak.looks[-1].mb
    verdict = "level" if share <= LEVEL else "NOT LEVEL"
    print(f"  second half: {gained:+.1f} MB for a thousand edits, {share:+.1%} of what it stands at: {verdict}")
    if soak.failed:
        sys.exit("\n".join([f"{len(soak.failed)} failed, the first of them:", *soak.failed[:5]]))


if __name__ == "__main__":
    main()
