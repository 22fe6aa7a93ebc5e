"""A real server is killed in the middle of a vote: no phone that was told *Kept* loses its vote, in either kind of store."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from benchmarks.phones import Phone
from rcs_core import release
from rcs_core.release import Release
from rcs_core.settings import read_json
from rcs_core.vocab import Agency
from rcs_core.workshop.meeting import By, Meeting, ballot_results, ballots, life, people
from rcs_core.workshop.meeting.agenda import About, agendas
from rcs_core.workshop.meeting.ballot_parts import Draft, Kind, options
from rcs_core.workshop.store import EventKind, Store
from tests.browser.conftest import free_port, wait_until_up
from tests.conftest import ROOT
from tests.tiny_release import tiny_release
from tests.workshop.store_places import KINDS, new_place

CHAIR = By("Morag Ross")
PHONES, ENOUGH = 12, 4
"""How many vote at once, and how many have been told *Kept* when the server is killed."""


@contextlib.contextmanager
def served(file: Path, home: Path, place: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A workbench as its command starts it, in a group of processes of its own."""
    command = [sys.executable, "-m", "rcs_core.cli", "serve", "--release", str(file), "--port", str(port)]
    env = {**os.environ, "RCS_HOME": str(home), "RCS_STORE": place}
    server = subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_until_up(f"http://127.0.0.1:{port}")
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait(30)


def in_session(store: Store, found: Release) -> tuple[Meeting, str, list[str]]:
    """A session at a step with votes, its open vote, and the private words of those who are in it."""
    step = next(s for s in next(iter(agendas().values())).steps if "ballot" in s.methods)
    about = About("Killed", "2026-11-24", "", CHAIR.name, "three_hours", (step,), found.id, found.manifest.content_hash,
                  notice="A test.")  # fmt: skip
    meeting = life.prepare(store, about, CHAIR)
    life.start(meeting, CHAIR, found)
    agencies = [a.value for a in Agency]
    words = [people.join(meeting, f"Person {k}", agencies[k % len(agencies)]).word for k in range(PHONES)]
    draft = Draft(Kind.GRADIENT, "Do we go along?", options(["Move money to family support"]), named=True)
    return meeting, ballots.open_ballot(meeting, draft, CHAIR).id, words


async def phones_in(port: int, session: str, words: list[str], steps: list[int]) -> list[Phone]:
    """All phones on their page, each with its step chosen."""
    host = f"127.0.0.1:{port}"
    made = [Phone(host, "join", f"session={session}&seat=participant&me={word}", k) for k, word in enumerate(words)]
    await asyncio.gather(*(phone.open() for phone in made))
    await asyncio.gather(*(phone.choose(step) for phone, step in zip(made, steps, strict=True)))
    return made


async def vote_and_kill(port: int, session: str, words: list[str], steps: list[int], server: subprocess.Popen[bytes]) -> set[int]:
    """All press at once; the server is killed as soon as some were told *Kept*. Who was told so by then."""
    phones, kept, enough = await phones_in(port, session, words, steps), set[int](), asyncio.Event()

    async def press(k: int) -> None:
        with contextlib.suppress(ConnectionClosed):
            await phones[k].cast()
            kept.add(k)
            if len(kept) >= ENOUGH:
                enough.set()

    pressed = [asyncio.create_task(press(k)) for k in range(len(phones))]
    await asyncio.wait_for(enough.wait(), 60)
    os.killpg(server.pid, signal.SIGKILL)
    told = set(kept)
    await asyncio.wait(pressed, timeout=2)
    for task in pressed:
        task.cancel()
    for phone in phones:
        with contextlib.suppress(ConnectionClosed):
            await phone.close()
    return told


async def vote_again(port: int, session: str, words: list[str], steps: list[int], done: Callable[[], bool]) -> None:
    """The server is there again: every phone opens its address and votes, until all of that is in the store."""
    phones = await phones_in(port, session, words, steps)
    pressed = [asyncio.create_task(phone.cast()) for phone in phones]
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.1)
    for task in pressed:
        task.cancel()
    for phone in phones:
        await phone.close()


def beside[T](work: Coroutine[object, object, T]) -> T:
    """Run it in a thread of its own: the browser of other tests holds a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def steps_kept(meeting: Meeting) -> dict[str, int]:
    """The step of each person as the store has it."""
    return {e.body["by"]: e.body["given"]["a"] for e in meeting.events(EventKind.VOTE_CAST)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_phone_was_told_is_kept_outlives_kill_9_and_who_votes_again_counts_once(tmp_path: Path, kind: str) -> None:
    file, place, port = tiny_release(tmp_path / "releases"), new_place(kind, tmp_path), free_port()
    found, draw = release.load(file), random.Random(12)
    with Store.open(place) as store:
        store.sign_off(read_json(file.parent / release.POINTER)["content_hash"], "rcs build", "build", "fictional", True)
        meeting, vote, words = in_session(store, found)
        here = [p.key for p in meeting.made(people.people)]
        first, again = ([draw.randint(1, 8) for _ in words] for _ in range(2))
        with served(file, tmp_path, place, port) as server:
            told = beside(vote_and_kill(port, meeting.id, words, first, server))
        kept = steps_kept(Meeting.of(store, meeting.id))
        assert len(told) >= ENOUGH
        assert {here[k]: first[k] for k in told}.items() <= kept.items() <= dict(zip(here, first, strict=True)).items()
        with served(file, tmp_path, place, port):
            wanted = dict(zip(here, again, strict=True))
            beside(vote_again(port, meeting.id, words, again, lambda: steps_kept(Meeting.of(store, meeting.id)) == wanted))
        meeting = Meeting.of(store, meeting.id)
        ballots.close(meeting, vote, CHAIR)
        counted = ballot_results.results(meeting, vote)
        assert sorted(counted.of(counted.ballot.options[0]).values) == sorted(again)
        assert counted.votes == PHONES
