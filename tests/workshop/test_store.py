"""The store keeps everything it acknowledged, overwrites nothing, and is shared safely."""

import sqlite3
from pathlib import Path

import pytest

from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.store import Event, EventKind, Store, StoreError

HASH = "ab" * 32


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
        "INSERT OR REPLACE INTO event SELECT id, at, kind, 'Mallory', agency, release_id, scenario_id, body, '', '' FROM event",
        "INSERT OR REPLACE INTO event SELECT id + 5, at, kind, 'M', agency, release_id, scenario_id, body, '', '' FROM event",
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


def test_a_file_that_is_not_a_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes\n" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(path)
    assert path.read_text().startswith("these are my notes")


def test_another_kind_of_database_or_place_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="mysql"):
        Store.open("mysql://somewhere/store")
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
