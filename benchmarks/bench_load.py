"""A room of people on the workbench, each a websocket session that speaks Streamlit's own messages, beside a bare Streamlit page.

Usage: python benchmarks/bench_load.py [--sessions 1 10] [--pages needs money shift] [--home WORKSPACE]
       the room of a hundred: python benchmarks/bench_load.py --sessions 1 30 100   (about six minutes)

Every session loads its page and then works for a while as in a room: an edit every ten seconds, at its own moment (every second
where there is one reader only). Then all press within five seconds. Measured from the press until the script has ended;
processor time and memory are the server's own. *Needs* changes the question, *money* the view, *shift* a lever to a value that
nobody has tried, so that every edit is solved. The bare page is one title, one table of 200 rows and one select box that
changes the table, on the same settings in the same run. The bare page *as full* has, besides, as many things on it as a page of
the workbench (four charts, eight tables, downloads, sentences; about 110), all made by plain Streamlit calls: what a page of
this size costs before any work of ours.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from common import rcs, run, table
from sessions import Failed, Ran, Served, Session, server

BARE = """import pandas as pd
import streamlit as st

st.title("Bare")
pick = st.selectbox("Pick", ["a", "b", "c"], key="pick")
rows = {"name": [f"{pick} {k}" for k in range(200)], "number": range(200), "share": [k / 7 for k in range(200)]}
st.dataframe(pd.DataFrame(rows), hide_index=True)
"""
AS_FULL = """import pandas as pd
import streamlit as st

st.title("Bare")
pick = st.selectbox("Pick", ["a", "b", "c"], key="pick")
marks = {"mark": "bar", "encoding": {"x": {"field": "number", "type": "quantitative"}, "y": {"field": "name", "type": "nominal"}}}
for block in range(8):
    rows = pd.DataFrame({"name": [f"{pick} {k}" for k in range(20)], "number": range(20), "share": [k / 7 for k in range(20)]})
    st.subheader(f"Part {block} of {pick}")
    for k in range(4):
        st.markdown(f"Sentence {k} of part {block}, about {pick}.")
    if block % 2:
        st.vega_lite_chart(rows, marks)
    with st.expander(f"Table {block}"):
        st.dataframe(rows, hide_index=True, key=f"table {block}")
        st.caption(f"Of {pick}")
        with st.container(horizontal=True):
            for kind in ("csv", "png", "svg"):
                st.download_button(f"As {kind}", f"{pick} {block}", key=f"{kind} {block}", on_click="ignore")
"""
THINK, LASTS, RUSH, COMES = 10.0, 16.0, 5.0, 0.15
"""Seconds between two edits of one reader, of working so, within which all press at once, and between two who come."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A page under load: its address, words of its title, and what one edit of it changes to (the n-th of all)."""

    name: str
    address: str
    title: str
    edit: Callable[[Session, int], Awaitable[Ran]]


def _other(label: str) -> Callable[[Session, int], Awaitable[Ran]]:
    """Choose another of what a control offers than the reader chose last."""

    def edit(session: Session, _: int) -> Awaitable[Ran]:
        last = session.choices.get(label)
        offered = [o for o in session.options(label) if o != last]
        # what stands first is what a page opens with: chosen first, it would change nothing
        return session.edit(label, session.random.choice(offered[1:] if last is None else offered))

    return edit


def _lever(session: Session, n: int) -> Awaitable[Ran]:
    """Move more, or less: a value for every edit of the run, none twice."""
    return session.edit("Points moved to prevention", round(0.5 + (n * 0.37) % 11.3, 4))


BASE = Kind("bare", "", "Bare", _other("Pick"))
FULL = Kind("as full", "", "Bare", _other("Pick"))
PAGES = (
    Kind("needs", "needs", "How are our children doing", _other("Which question")),
    Kind("money", "money", "What do we spend", _other("What to look at")),
    Kind("shift", "shift", "What would happen if we moved", _lever),
)


@dataclass
class Load:
    """What a page did under a number of readers: seconds of loads and edits, failures, processor seconds, memory."""

    loads: list[float] = field(default_factory=list)
    calm: list[float] = field(default_factory=list)
    rush: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    cpu: float = 0.0
    sent: int = 0
    mb: float = 0.0

    @property
    def edits(self) -> int:
        """Edits that ended well."""
        return len(self.calm) + len(self.rush)


async def under(served: Served, kind: Kind, readers: int, counter: list[int]) -> Load:
    """A page under so many readers at once: they come one after the other, work, and press together."""
    think = THINK * min(1.0, readers / 10)
    load, before = Load(), served.rss_mb
    sessions = [Session(served.host, kind.address, kind.title, seed) for seed in range(readers)]

    async def one(into: list[float], wait: float, do: Callable[[], Awaitable[Ran]]) -> None:
        await asyncio.sleep(wait)
        try:
            ran = await do()
        except (Failed, OSError, TimeoutError) as error:
            load.failed.append(f"{kind.name}: {type(error).__name__} {error}")
            return
        into.append(ran.seconds)
        load.sent += ran.sent

    def press(session: Session) -> Callable[[], Awaitable[Ran]]:
        counter[0] += 1
        n = counter[0]
        return lambda: kind.edit(session, n)

    async def work(session: Session, first: float) -> None:
        began = time.monotonic()
        wait = first
        while wait <= LASTS:
            await one(load.calm, max(0.0, wait - (time.monotonic() - began)), press(session))
            wait += think

    await asyncio.gather(*(one(load.loads, COMES * k, s.open) for k, s in enumerate(sessions)))
    load.sent, load.mb = 0, (served.rss_mb - before) / readers
    cpu = served.cpu
    await asyncio.gather(*(work(s, think * (k + 0.5) / readers) for k, s in enumerate(sessions)))
    if readers > 1:
        await asyncio.gather(*(one(load.rush, RUSH * s.random.random(), press(s)) for s in sessions))
    load.cpu = served.cpu - cpu
    load.mb = max(load.mb, (served.rss_mb - before) / readers)
    await asyncio.gather(*(s.close() for s in sessions))
    return load


async def warm(served: Served, kind: Kind) -> None:
    """The first reader of a cold server, who waits for what is then there for everybody; part of no figure."""
    session = Session(served.host, kind.address, kind.title)
    await session.open()
    for n in range(12):
        await kind.edit(session, -n)
    await session.close()


def measured(served: Served, kinds: Sequence[Kind], readers: Sequence[int]) -> dict[tuple[str, int], Load]:
    """Every page under every number of readers."""
    found: dict[tuple[str, int], Load] = {}
    counter = [0]
    for kind in kinds:
        asyncio.run(warm(served, kind))
        for many in readers:
            found[kind.name, many] = asyncio.run(under(served, kind, many, counter))
    return found


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th of a hundred, in milliseconds."""
    if len(seconds) < 2:
        return (1000 * seconds[0],) * 2 if seconds else (float("nan"),) * 2
    return 1000 * statistics.median(seconds), 1000 * statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def told(found: dict[tuple[str, int], Load]) -> list[list[object]]:
    """The rows of the table: each figure beside the bare page's under the same number of readers."""
    rows: list[list[object]] = []
    for (name, many), load in sorted(found.items(), key=lambda item: item[0][1]):
        base, full = found[BASE.name, many], found[FULL.name, many]
        (calm, calm95), (rush, rush95) = spread(load.calm), spread(load.rush)
        times = [f"{calm95 / spread(b.calm)[1]:.1f}" for b in (base, full)]
        times += [f"{rush95 / spread(b.rush)[1]:.1f}" for b in (base, full)]
        cpu, kb = 1000 * load.cpu / max(1, load.edits), load.sent / 1024 / max(1, load.edits)
        timed = [f"{v:.0f}" for v in (*spread(load.loads), calm, calm95, rush, rush95)]
        costs = [f"{cpu:.0f}", f"{kb:.0f}", f"{load.mb:.1f}", len(load.failed)]
        rows.append([f"{many} x {name}", *timed[:4], *times[:2], *timed[4:], *times[2:], *costs])
    return rows


def workspace(given: Path | None, scratch: Path) -> Path:
    """The workspace that is served: the one that was given, or a new one with the demonstration."""
    if given is None:
        run(rcs("demo", scratch / "demo"), scratch)
        run(rcs("build", scratch / "demo", scratch / "releases"), scratch)
        run(rcs("signoff", scratch / "releases", "--by", "bench", "--role", "benchmark"), scratch)
    return given or scratch


HEAD = (
    "readers x page",
    "load p50",
    "p95",
    "edit p50",
    "p95",
    "x bare",
    "x as full",
    "rush p50",
    "p95",
    "x bare",
    "x as full",
    "CPU",
    "KB",
    "MB",
    "failed",
)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--sessions", type=int, nargs="+", default=[1, 10])
    asked.add_argument("--pages", nargs="+", default=[k.name for k in PAGES], choices=[k.name for k in PAGES])
    asked.add_argument("--home", type=Path, help="a workspace with a signed release (default: makes a demonstration)")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = workspace(chosen.home, Path(scratch))
        found: dict[tuple[str, int], Load] = {}
        for kind, page in ((BASE, BARE), (FULL, AS_FULL)):
            bare = Path(scratch) / "bare.py"
            bare.write_text(page)
            with server([sys.executable, "-m", "streamlit", "run", bare], home) as served:
                found |= measured(served, [kind], chosen.sessions)
        with server([*rcs("serve", "--release", home / "releases")], home) as served:
            found |= measured(served, [k for k in PAGES if k.name in chosen.pages], chosen.sessions)
            end = served.rss_mb
    table("Milliseconds; CPU: the server's milliseconds an edit; KB an edit; MB a session", HEAD, told(found))
    print(f"  the server of the workbench in the end: {end:.0f} MB")
    failures = [why for load in found.values() for why in load.failed]
    if failures:
        sys.exit("\n".join([f"{len(failures)} failed, the first of them:", *failures[:5]]))


if __name__ == "__main__":
    main()
