"""Sixty phones vote at once while each looks for news every two seconds, beside a bare Streamlit fragment with a button.

Usage: python benchmarks/bench_votes.py [--phones 60] [--rounds 5] [--within 1] [--store URL] [--home WORKSPACE]

Every phone is a websocket that speaks Streamlit's own messages: it has joined a session, opens the page to join, and asks for its
polled parts as often as the page says. In each round a vote is opened, every phone chooses a step, and then all press within so
many seconds. Measured from the press until the phone is told that it is kept, which the page says only once the store has it.
After each round the votes are read back from the store: every one must count, once, with the step that was chosen. The bare page
has the same radio and button in a fragment and one polled fragment, and keeps what was pressed in memory. `--store` takes the
URL of a PostgreSQL database with nothing in it.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_load import workspace
from common import rcs, table
from phones import Phone
from sessions import Served, server

from rcs_core import release
from rcs_core.vocab import Agency
from rcs_core.workshop.meeting import By, Meeting, ballot_results, ballots, life, people
from rcs_core.workshop.meeting.agenda import About, agendas
from rcs_core.workshop.meeting.ballot_parts import Draft, Kind, options
from rcs_core.workshop.store import Store

BARE = """import streamlit as st

@st.cache_resource
def kept():
    return []

st.title("Bare")

@st.fragment(run_every=2)
def news():
    st.markdown(f"{len(kept())} votes are in")

@st.fragment
def form():
    round = st.query_params.get("round", "1")
    steps = [f"{k} step" for k in range(1, 9)]
    chosen = st.radio(f"A: round {round}", steps, index=None, key=f"vote_{round}")
    if st.button("Cast my vote", key=f"cast_{round}") and chosen:
        kept().append((round, chosen))
        st.success(f"Kept. Your vote: step {chosen.split()[0]}.")

news()
form()
"""
CHAIR = By("Morag Ross")


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from press to *kept* of every vote, looks a second meanwhile, processor seconds of the server, what went wrong."""

    name: str
    seconds: Sequence[float]
    looks: float
    cpu: float
    wrong: Sequence[str] = ()

    def row(self) -> list[object]:
        """One line of the table, in milliseconds."""
        cuts = statistics.quantiles(self.seconds, n=100)
        return [self.name, len(self.seconds), *(round(1000 * x) for x in (cuts[49], cuts[94], max(self.seconds))),
                round(self.looks, 1), round(1000 * self.cpu / len(self.seconds))]  # fmt: skip


async def pressed(phones: Sequence[Phone], chosen: Sequence[int], within: float) -> list[float]:
    """All choose, then all press within so many seconds."""
    await asyncio.gather(*(phone.choose(step) for phone, step in zip(phones, chosen, strict=True)))
    await asyncio.sleep(2)

    async def one(phone: Phone) -> float:
        await asyncio.sleep(random.uniform(0, within))
        return await phone.cast()

    return await asyncio.gather(*(one(phone) for phone in phones))


async def bare(served: Served, many: int, rounds: int, within: float) -> Measured:
    """The same presses on the bare page."""
    taken: list[float] = []
    cpu = looks = began = 0.0
    for turn in range(1, rounds + 1):
        phones = [Phone(served.host, "", f"round={turn}", k) for k in range(many)]
        await asyncio.gather(*(phone.open() for phone in phones))
        if turn == 1:
            cpu, began = served.cpu, time.perf_counter()
        taken += await pressed(phones, [1 + k % 8 for k in range(many)], within)
        looks += sum(phone.looks for phone in phones)
        await asyncio.gather(*(phone.close() for phone in phones))
    return Measured("bare fragment, in memory", taken, looks / (time.perf_counter() - began), served.cpu - cpu)


async def voted(served: Served, meeting: Meeting, words: Sequence[str], rounds: int, within: float, name: str) -> Measured:
    """Rounds of a vote in a session, each read back from the store."""
    phones = [Phone(served.host, "join", f"session={meeting.id}&seat=participant&me={word}", k) for k, word in enumerate(words)]
    for phone in phones:
        await phone.open()
    taken, wrong = list[float](), list[str]()
    cpu, began = served.cpu, time.perf_counter()
    for turn in range(1, rounds + 1):
        for phone in phones:
            phone.forget()
        draft = Draft(Kind.GRADIENT, f"Round {turn}?", options(["Move money to family support"]), named=bool(turn % 2))
        opened = await asyncio.to_thread(ballots.open_ballot, meeting, draft, CHAIR)
        chosen = [1 + (k * turn) % 8 for k in range(len(phones))]
        taken += await pressed(phones, chosen, within)
        wrong += await asyncio.to_thread(_read_back, meeting, opened.id, chosen)
    looks = sum(phone.looks for phone in phones) / (time.perf_counter() - began)
    used = served.cpu - cpu
    await asyncio.gather(*(phone.close() for phone in phones))
    return Measured(name, taken, looks, used, wrong)


def _read_back(meeting: Meeting, id: str, chosen: Sequence[int]) -> list[str]:
    """What is wrong with a vote as the store has it: too many, too few, or others than were cast."""
    ballots.close(meeting, id, CHAIR)
    found = ballot_results.results(Meeting.of(meeting.store, meeting.id), id)
    told = Counter(found.of(found.ballot.options[0]).values)
    ballots.show(meeting, id, False, CHAIR)
    return [] if told == Counter(chosen) else [f"{id}: {found.votes} votes, {dict(told)} where {dict(Counter(chosen))} were cast"]


def session_of(store: Store, many: int, place: Path) -> tuple[Meeting, list[str]]:
    """A running session at a step with votes, and the private words of those who joined."""
    found = release.load(place)
    step = next(s for s in next(iter(agendas().values())).steps if "ballot" in s.methods)
    about = About("Votes under load", "2026-11-24", "", CHAIR.name, "three_hours", (step,), found.id,
                  found.manifest.content_hash, notice="A benchmark.")  # fmt: skip
    meeting = life.prepare(store, about, CHAIR)
    life.start(meeting, CHAIR, found)
    agencies = [a.value for a in Agency]
    return meeting, [people.join(meeting, f"Person {k}", agencies[k % len(agencies)]).word for k in range(many)]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--phones", type=int, default=60)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--within", type=float, default=1.0, help="seconds within which all press")
    asked.add_argument("--store", default="", help="URL of an empty PostgreSQL database (default: the file of the workspace)")
    asked.add_argument("--home", type=Path, help="a workspace with a signed release (default: makes a demonstration)")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = workspace(chosen.home, Path(scratch))
        script = Path(scratch) / "bare.py"
        script.write_text(BARE, encoding="utf-8")
        words = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
        with server(words, home) as served:
            rows = [asyncio.run(bare(served, chosen.phones, chosen.rounds, chosen.within))]
        extra = {"RCS_STORE": chosen.store} if chosen.store else {}
        os.environ |= {"RCS_HOME": str(home), **extra}
        with Store.open(chosen.store or home / "store.sqlite") as store:
            if chosen.store:
                store.sign_off(release.load(home / "releases").manifest.content_hash, "rcs build", "build", "fictional", True)
            meeting, private = session_of(store, chosen.phones, home / "releases")
            name = "vote in a session, PostgreSQL" if chosen.store else "vote in a session, SQLite"
            with server([*rcs("serve", "--release", home / "releases")], home, extra) as served:
                rows.append(asyncio.run(voted(served, meeting, private, chosen.rounds, chosen.within, name)))
    head = ("", "votes", "p50 ms", "p95 ms", "longest ms", "looks a second", "CPU ms a vote, looks among it")
    table(f"{chosen.phones} phones press within {chosen.within:g} s", head, [one.row() for one in rows])
    wrong = [text for one in rows for text in one.wrong]
    print("\n  every vote counted once" if not wrong else "\n  " + "\n  ".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
