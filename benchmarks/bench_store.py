"""The store: durable writes a second, and what one look of a screen costs beside the bare SQL select, in both kinds of store.

Every write is on the disk before the next (PostgreSQL with fsync on, over its socket). *Bare* is the same SELECT by the driver
alone on an open connection: no check of the connection, no event made. A look finds nothing new, or ten new events, in a
session of 2,000 among five. Writers at once: threads of one program, as a room that votes. In turns, in one run.
Usage: python benchmarks/bench_store.py [ROUNDS]
"""

import json
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from common import ROOT, table

from rcs_core.workshop.store import Event, EventKind, Store

SESSIONS, EVENTS, NEW = 5, 2_000, 10
WRITERS, EACH = 30, 10
VOTE: dict[str, Any] = {"ballot": "b1", "choices": {f"option {n}": n for n in range(6)}, "by": "p12"}
COLUMNS = "id, at, kind, author, agency, release_id, scenario_id, session_id, partnership, body"

type Rows = Sequence[tuple[Any, ...]]


def vote(session: str) -> Event:
    return Event(EventKind.VOTE_CAST, "A. Example", VOTE, "nhs_board", session_id=session)


def fill(store: Store) -> None:
    """Many events at once, as an earlier year left them."""
    values = [{"at": f"2026-11-22T10:{k // 60 % 60:02}:{k % 60:02}+00:00", "k": k} for k in range(SESSIONS * EVENTS)]
    rows = [
        (k + 1, v["at"], "vote_cast", "A. Example", "nhs_board", "", "", f"s{k % SESSIONS}", "", json.dumps(VOTE))
        for k, v in enumerate(values)
    ]
    marks = ", ".join(["?" if store.database.dialect == "sqlite" else "%s"] * 10)

    def add(connection: Any) -> None:
        connection.connection.cursor().executemany(f"INSERT INTO event ({COLUMNS}) VALUES ({marks})", rows)

    store.database.write(add)


def bare(store: Store, url: str) -> Callable[[int], Rows]:
    """The same select with nothing around it."""
    where = "WHERE id > {0} AND session_id = {0} ORDER BY id"
    if store.database.dialect == "sqlite":
        there = sqlite3.connect(url)
        sql = f"SELECT {COLUMNS} FROM event {where.format('?')}"
        return lambda after: there.execute(sql, (after, "s1")).fetchall()
    connection = psycopg.connect(url, autocommit=True)
    asked = f"SELECT {COLUMNS} FROM event {where.format('%s')}"
    return lambda after: connection.execute(asked, (after, "s1")).fetchall()


def took(work: Callable[[], object], times: int) -> float:
    """Milliseconds of wall time each."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return 1000 * (time.perf_counter() - began) / times


def at_once(store: Store) -> tuple[float, float]:
    """Events a second of writers at once, and the 95th percentile of one write in milliseconds."""
    waits: list[float] = []
    ready = threading.Barrier(WRITERS + 1)

    def work() -> None:
        ready.wait()
        for _ in range(EACH):
            waits.append(took(lambda: store.append(vote("s9")), 1))

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return WRITERS * EACH / (time.perf_counter() - began), statistics.quantiles(waits, n=20)[-1]


def measured(kind: str, place: str, rounds: int) -> list[list[object]]:
    with Store.open(place) as store:
        fill(store)
        plain = bare(store, place)
        last = store.events(session_id="s1")[-1].id
        some = last - NEW * SESSIONS
        looks: dict[int, list[tuple[float, float]]] = {last: [], some: []}
        for _ in range(rounds):
            for after, found in looks.items():
                ours = took(lambda after=after: store.events(session_id="s1", after=after), 200)
                found.append((ours, took(lambda after=after: plain(after), 200)))
        alone = statistics.median(took(lambda: store.append(vote("s9")), 100) for _ in range(rounds))
        many, slow = at_once(store)
    rows: list[list[object]] = [[f"{kind}: one writer, durable", alone, "", f"{1000 / alone:,.0f} a second"]]
    rows.append([f"{kind}: {WRITERS} writers at once, 95th of a write", slow, "", f"{many:,.0f} a second"])
    for after, words in ((last, "nothing new"), (some, f"{NEW} new events")):
        mine, theirs = (statistics.median(side) for side in zip(*looks[after], strict=True))
        rows.append([f"{kind}: one look, {words}", mine, theirs, f"{mine / theirs:.1f} times bare"])
    return rows


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as scratch:
        rows = measured("SQLite", str(Path(scratch) / "store.sqlite"), rounds)
        # The tests' throw-away server, which is beside the installed packages and not among them.
        sys.path.insert(0, str(ROOT))
        postgres = import_module("tests.postgres")
        if postgres.programs():
            cluster = postgres.made(slack=False)
            try:
                rows += measured("PostgreSQL", cluster.url("postgres"), rounds)
            finally:
                cluster.end()
    table(f"A store of {SESSIONS * EVENTS:,} events", ["what", "ms", "bare ms", ""], rows)


if __name__ == "__main__":
    main()
