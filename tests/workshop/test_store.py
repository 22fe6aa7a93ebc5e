"""The store keeps everything it acknowledged, overwrites nothing, and is shared safely."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.store import Event, EventKind, Store, StoreError

HASH = "ab" * 32

APPENDER = """
import sys
from rcs_core.workshop.store import Event, EventKind, Store
store = Store.open(sys.argv[1])
for i in range(int(sys.argv[3])):
    print(store.append(Event(EventKind.EDIT_MADE, sys.argv[2], {"i": i})), flush=True)
"""

SAVER = """
import sys
from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.store import Store
shelf = Shelf(Store.open(sys.argv[1]))
for i in range(int(sys.argv[3])):
    shelf.keep("Shift two per cent", sys.argv[2], Draft({"by": sys.argv[2], "i": i}))
"""


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store.sqlite")


def test_an_event_comes_back_as_it_was_written_with_its_time_in_utc(store: Store) -> None:
    body = {"service": "S001", "amount": 12.34, "note": "= naïve “quotes” £"}
    identity = store.append(Event(EventKind.EDIT_MADE, "Ada", body, "nhs_board", "rel", "scn"))
    (event,) = store.events()
    assert (event.id, event.author, event.agency, event.release_id, event.scenario_id) == (
        identity,
        "Ada",
        "nhs_board",
        "rel",
        "scn",
    )
    assert event.body == body
    assert event.at.endswith("+00:00")


def test_events_are_narrowed_by_kind_release_scenario_and_what_is_already_known(store: Store) -> None:
    ids = [store.append(Event(EventKind.EDIT_MADE, "a", {}, release_id=r, scenario_id=s)) for r in "xy" for s in "pq"]
    store.sign_off(HASH, "Ada", "Data controller", "checked", False)
    assert [e.id for e in store.events(EventKind.EDIT_MADE)] == ids
    assert [e.id for e in store.events(release_id="x")] == ids[:2]
    assert [e.id for e in store.events(scenario_id="q")] == ids[1::2]
    assert [e.kind for e in store.events(after=ids[-1])] == [EventKind.RELEASE_SIGNED_OFF]


def test_the_latest_sign_off_of_a_release_stands_and_no_other_release_borrows_it(store: Store) -> None:
    assert store.signed_off(HASH) is None
    store.sign_off(HASH, "Ada", "Data controller", "first", True)
    store.sign_off(HASH, "Ben", "Information manager", "second", True)
    found = store.signed_off(HASH)
    assert found is not None
    assert (found.by, found.role, found.note, found.fictional) == ("Ben", "Information manager", "second", True)
    assert store.signed_off(HASH[:12]) == found
    assert store.signed_off(HASH[:12] + "0" * 52) is None
    assert store.signed_off("") is None


@pytest.mark.parametrize(("by", "role"), [("", "Role"), ("  ", "Role"), ("Ada", " ")])
def test_nobody_signs_off_without_a_name_and_a_role(store: Store, by: str, role: str) -> None:
    with pytest.raises(StoreError, match="a sign-off needs"):
        store.sign_off(HASH, by, role, "", False)
    assert store.signed_off(HASH) is None


def test_what_json_cannot_hold_is_refused_and_nothing_is_kept(store: Store) -> None:
    for bad in (float("nan"), object()):
        with pytest.raises(StoreError, match="cannot be kept"):
            store.append(Event(EventKind.EDIT_MADE, "Ada", {"x": bad}))
    assert store.events() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET author = 'Mallory'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT id, at, kind, 'Mallory', agency, release_id, scenario_id, body FROM event",
        "INSERT OR REPLACE INTO event SELECT id + 5, at, kind, 'Mallory', agency, release_id, scenario_id, body FROM event",
    ],
)
def test_nothing_written_can_be_changed_removed_or_replaced_by_any_program(tmp_path: Path, statement: str) -> None:
    store = Store.open(tmp_path / "s.sqlite")
    Shelf(store).keep("One", "Ada", Draft({}))
    with sqlite3.connect(tmp_path / "s.sqlite") as outside, pytest.raises(sqlite3.DatabaseError, match="append-only"):
        outside.execute(statement)
    assert [e.author for e in store.events()] == ["Ada"]


def test_a_store_closed_and_opened_again_holds_what_it_held(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "store.sqlite"
    with Store.open(path) as store:
        store.append(Event(EventKind.EDIT_MADE, "Ada"))
    assert len(Store.open(f"sqlite:///{path}").events()) == 1


def test_processes_that_make_one_store_and_save_at_once_all_survive(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    jobs = [run(SAVER, path, who, 10) for who in ("Ada", "Ben", "Cam")]
    assert [job.wait(timeout=60) for job in jobs] == [0, 0, 0]
    versions = [e.body["version"] for e in Store.open(path).events(EventKind.SCENARIO_SAVED)]
    assert versions == list(range(1, 31))


def test_threads_that_share_a_store_lose_nothing(store: Store) -> None:
    def work(who: str) -> None:
        for i in range(10):
            Shelf(store).keep("Shared", who, Draft({"i": i}))

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = store.events(EventKind.SCENARIO_SAVED)
    assert sorted((e.author, e.body["scenario"]["i"]) for e in events) == [(f"t{n}", i) for n in range(4) for i in range(10)]
    assert [e.body["version"] for e in events] == list(range(1, 41))


def test_everything_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    job = run(APPENDER, path, "Ada", 100_000)
    assert job.stdout is not None
    acknowledged = [int(job.stdout.readline()) for _ in range(25)]
    os.kill(job.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in job.stdout.read().splitlines() if line]
    job.wait(timeout=30)
    kept = [e.id for e in Store.open(path).events()]
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) <= 1


def test_a_file_that_is_not_a_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes\n" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(path)
    assert path.read_text().startswith("these are my notes")


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store.open(path).close()
    with sqlite3.connect(path) as outside:
        outside.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        Store.open(path)


def test_another_kind_of_database_or_place_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="postgresql"):
        Store.open("postgresql://somewhere/store")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder of the store"):
        Store.open(tmp_path / "file" / "below" / "store.sqlite")


def test_a_write_that_the_disk_refuses_is_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = Store.open(path)
    with sqlite3.connect(path) as outside:
        outside.execute("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(StoreError, match="disk is full"):
        store.append(Event(EventKind.EDIT_MADE, "Ada"))
