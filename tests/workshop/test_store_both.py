"""The store keeps its promises in a file and in a real PostgreSQL alike."""

import json
import os
import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.store import Event, EventKind, Place, Store, StoreError
from tests.workshop.store_places import KINDS, append, forked, new_place

WRITERS, TIMES = 8, 12

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
LEAF = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
KEY = st.text("ab£'\"\\:%", max_size=3)
JSON = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3), max_leaves=6)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return new_place(request.param, tmp_path)


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.open(new_place(request.param, tmp_path_factory.mktemp("store")))


@settings(max_examples=20)
@given(body=st.dictionaries(st.sampled_from(["scenario", "names", "z", "a", "m", "£"]), JSON))
def test_a_body_comes_back_as_it_was_and_without_its_large_parts_keeps_the_rest_in_order(
    shared: Store, body: dict[str, Any]
) -> None:
    identity = shared.append(Event(EventKind.EDIT_MADE, "Ada", body))
    [whole] = shared.events(after=identity - 1)
    [less] = shared.events(after=identity - 1, without=("scenario", "names"))
    assert json.dumps(whole.body) == json.dumps(body)
    assert json.dumps(less.body) == json.dumps({k: v for k, v in body.items() if k not in ("scenario", "names")})


def test_writers_at_once_all_survive_and_a_reader_sees_each_once_in_the_order_of_their_numbers(place: str) -> None:
    writers = [forked(append, place, f"w{n}", TIMES) for n in range(WRITERS)]
    seen: list[Event] = []
    with Store.open(place) as store:
        while any(w.is_alive() for w in writers) or len(seen) < WRITERS * TIMES:
            alive = any(w.is_alive() for w in writers)
            new = store.events(after=seen[-1].id if seen else 0)
            seen += new
            if not alive and not new:
                break
            time.sleep(0.02)
        assert [w.exitcode for w in writers] == [0] * WRITERS
        assert [e.id for e in seen] == list(range(1, WRITERS * TIMES + 1))
        assert seen == store.events()
    for n in range(WRITERS):
        assert [e.body["k"] for e in seen if e.author == f"w{n}"] == list(range(TIMES))


def test_what_was_acknowledged_to_many_writers_is_there_after_all_were_killed_and_nothing_is_half(
    place: str, tmp_path: Path
) -> None:
    said = tmp_path / "acknowledged"
    said.touch()
    Store.open(place).close()
    writers = [forked(append, place, f"w{n}", 10_000, said) for n in range(3)]
    while said.read_bytes().count(b"\n") < 40:
        time.sleep(0.01)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
    for writer in writers:
        writer.join(timeout=300)
    acknowledged = [line.split() for line in said.read_text().splitlines()]
    with Store.open(place) as store:
        kept = store.events()
        assert {(e.id, e.author, e.body["k"]) for e in kept} >= {(int(i), who, int(k)) for i, who, k in acknowledged}
        assert len(kept) <= len(acknowledged) + len(writers)
        assert all(e.body["text"] == "x" * 200 for e in kept)
        assert store.append(Event(EventKind.EDIT_MADE, "after")) == len(kept) + 1


def test_a_write_waits_for_the_disk_even_where_the_server_is_told_not_to(shared: Store) -> None:
    ask = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}[shared.database.dialect]
    with shared.database.engine.connect() as connection:
        assert connection.exec_driver_sql(ask).scalar_one() in (2, "on")


def test_people_who_save_one_name_at_once_all_survive_as_versions(place: str) -> None:
    store, ready = Store.open(place), threading.Barrier(4)

    def save(who: str) -> None:
        ready.wait()
        for k in range(4):
            Shelf(store).keep("Shift two per cent", who, Draft({"by": who, "k": k}))

    threads = [threading.Thread(target=save, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = store.events(EventKind.SCENARIO_SAVED)
    assert [e.body["version"] for e in events] == list(range(1, 17))
    assert {(e.author, e.body["scenario"]["k"]) for e in events} == {(f"t{n}", k) for n in range(4) for k in range(4)}
    store.close()


def test_what_is_made_of_the_events_before_sees_them_all_and_those_of_its_session_alone(place: str) -> None:
    with Store.open(place) as store:

        def number(before: list[Event]) -> Event:
            return Event(EventKind.VOTE_CAST, "", {"n": len(before)}, session_id="one")

        def work() -> None:
            for _ in range(5):
                store.append_after([EventKind.VOTE_CAST], number, session_id="one")

        store.append(Event(EventKind.VOTE_CAST, "", {"n": -1}, session_id="two"))
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [e.body["n"] for e in store.events(session_id="one")] == list(range(20))
        made = store.append_after([EventKind.VOTE_CAST], number, session_id="two")
        assert made == store.events(after=made.id - 1)[0]


def test_a_partnership_reads_and_writes_its_own_alone(place: str) -> None:
    with Store.open(place) as store:
        one, other = store.of("one"), store.of("other")
        one.append(Event(EventKind.REMARK_MADE, "Ada", partnership="other", session_id="s"))
        seen: list[Event] = []
        other.append_after([], lambda before: seen.extend(before) or Event(EventKind.REMARK_MADE, "Ben", session_id="s"))
        assert seen == []
        assert [e.author for e in one.events(session_id="s")] == ["Ada"]
        assert [e.author for e in other.events(session_id="s")] == ["Ben"]
        assert [e.partnership for e in store.events()] == ["one", "other"]


def test_a_store_of_a_newer_version_is_refused_and_stays_as_it_is(place: str) -> None:
    with Store.open(place) as store, store.database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        Store.open(place)


def test_processes_that_make_one_store_at_once_all_find_it_made(place: str) -> None:
    makers = [forked(append, place, f"w{n}", 1) for n in range(3)]
    for maker in makers:
        maker.join(timeout=300)
    assert [maker.exitcode for maker in makers] == [0] * 3
    with Store.open(place) as store:
        assert [e.id for e in store.events()] == [1, 2, 3]


NO_TEXT = [{"author": "A\x00"}, {"body": {"x": ["\x00"]}}, {"body": {"x": "\ud800"}}, {"agency": "\udfff"}]


@pytest.mark.parametrize("given", NO_TEXT)
def test_signs_that_are_no_text_are_refused_so_that_each_store_can_hold_the_other(shared: Store, given: dict[str, Any]) -> None:
    event = Event(EventKind.EDIT_MADE, **{"author": "Ada", **given})
    before = len(shared.events())
    with pytest.raises(StoreError, match="cannot be kept"):
        shared.append(event)
    assert len(shared.events()) == before


def test_a_full_disk_a_read_only_one_and_a_lost_file_are_said_and_the_next_write_works(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.sqlite")
    store.append(Event(EventKind.EDIT_MADE, "Ada"))
    for limit, freed, said in [
        ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1073741823", "full"),
        ("PRAGMA query_only=1", "PRAGMA query_only=0", "readonly"),
    ]:
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql(limit)
        with pytest.raises(StoreError, match=rf"(?s){said}.*nothing was saved"):
            store.append(Event(EventKind.EDIT_MADE, "Ben", {"text": "x" * 100_000}))
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql(freed)
    store.append(Event(EventKind.EDIT_MADE, "Cam"))
    assert [e.author for e in store.events()] == ["Ada", "Cam"]


def test_a_file_put_in_the_stores_place_is_the_store_at_once(tmp_path: Path) -> None:
    path, other = tmp_path / "store.sqlite", tmp_path / "other.sqlite"
    store = Store.open(path)
    store.append(Event(EventKind.EDIT_MADE, "Ada"))
    with Store.open(other) as made:
        made.append(Event(EventKind.EDIT_MADE, "Ben"))
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink()
    other.replace(path)
    store.append(Event(EventKind.EDIT_MADE, "Cam"))
    with sqlite3.connect(path) as outside:
        assert [row[0] for row in outside.execute("SELECT author FROM event ORDER BY id")] == ["Ben", "Cam"]


@given(secret=st.text("abcXYZ019@:/?#%&=+ é", min_size=3, max_size=12), user=st.sampled_from(["", "ada"]))
def test_no_message_holds_the_password_of_an_address_however_it_is_written(secret: str, user: str) -> None:
    marked = f"{secret}S3cr3t"
    for named in (f"postgresql://{user}:{marked}@nowhere.invalid:5432/db", f"postgresql://{user}@h.invalid/db?password={marked}"):
        try:
            found = Place.of(named)
        except StoreError as error:
            said = str(error)
        else:
            said = found.said + found.plain(f"refused {found.url.password} and {found.url.query.get('password')}")
        assert "S3cr3t" not in said


@pytest.mark.parametrize(
    "named",
    [
        "mysql://u:S3cr3t@h/db",
        "postgresql://u:S3cr3t@h:port/db",
        "postgresql://u:S3cr3t@h",
        "sqlite://x",
        "postgresql://u@h/db?password=0&S3cr=3t",
    ],
)
def test_another_kind_of_address_is_refused_without_its_password(named: str) -> None:
    with pytest.raises(StoreError) as refused:
        Store.open(named)
    assert "S3cr" not in str(refused.value)


def test_a_url_that_gives_its_database_as_a_parameter_is_told_by_it() -> None:
    assert (
        Place.of("postgresql://?host=db.council&port=5433&user=rcs&dbname=session").said
        == "postgresql://rcs@db.council:5433/session"
    )
    assert Place.of("postgres://rcs:pw@db/x?sslmode=require").said == "postgresql://rcs@db/x"
