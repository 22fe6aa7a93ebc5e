"""A back-up holds all that was there and is read back, a restore loses nothing, and the audit trail runs no formula."""

import csv
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from rcs_core.workshop.store import Event, EventKind, Store, StoreError
from rcs_core.workshop.store.check import check
from rcs_core.workshop.store.copies import backup, opened_copy, restore
from rcs_core.workshop.store.trail import trail
from tests.workshop.store_places import append, forked

type Rcs = Callable[..., CompletedProcess[str]]


def note(who: str, text: str = "") -> Event:
    return Event(EventKind.REMARK_MADE, who, {"text": text}, session_id="s1")


def authors(path: Path) -> list[str]:
    with opened_copy(path) as store:
        return [e.author for e in store.events()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "store.sqlite") as store:
        store.append(note("Ada"))
        store.append(note("Ben"))
    return tmp_path / "store.sqlite"


def test_a_back_up_made_while_people_write_is_one_moment_of_the_store(path: Path, tmp_path: Path) -> None:
    writers = [forked(append, str(path), f"w{n}", 60) for n in range(2)]
    with Store.open(path) as store:
        while len(store.events()) < 20:
            time.sleep(0.01)
        found = backup(store, tmp_path / "b.sqlite")
        for writer in writers:
            writer.join(timeout=300)
        whole = store.events()
    with opened_copy(tmp_path / "b.sqlite") as copy:
        assert copy.events() == whole[: found.events]
    assert 20 <= found.events < len(whole) == 122
    assert sorted(f.name for f in tmp_path.glob("b.sqlite*")) == ["b.sqlite"]
    assert (tmp_path / "b.sqlite").stat().st_mode & 0o077 == 0


def test_a_back_up_is_not_written_over_anything_without_saying(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.sqlite"
    file.write_text("my notes")
    with Store.open(path) as store:
        with pytest.raises(StoreError, match="a file of this name already"):
            backup(store, file)
        assert file.read_text() == "my notes"
        assert backup(store, file, replace=True).events == 2
        with pytest.raises(StoreError, match="not written over the store itself"):
            backup(store, path, replace=True)
    assert authors(file) == authors(path) == ["Ada", "Ben"]


def test_a_restore_keeps_the_store_that_was_there_and_its_right_to_be_read(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        found = backup(store, tmp_path / "b.sqlite")
        store.append(note("Cam"))
    path.chmod(0o640)
    back, kept = restore(tmp_path / "b.sqlite", str(path))
    assert back == found
    assert kept is not None
    assert authors(path) == ["Ada", "Ben"]
    assert authors(kept) == ["Ada", "Ben", "Cam"]
    assert path.stat().st_mode & 0o777 == 0o640
    with Store.open(path) as store:
        assert store.append(note("Dot")) == 3


def test_nothing_is_put_in_the_place_of_a_store_in_use(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        backup(store, tmp_path / "b.sqlite")
        store.append(note("Cam"))
        with pytest.raises(StoreError, match="the store is in use"):
            restore(tmp_path / "b.sqlite", str(path))
        assert store.append(note("Dot")) == 4
    assert authors(path) == ["Ada", "Ben", "Cam", "Dot"]
    assert not list(tmp_path.glob("*before*"))
    assert not list(tmp_path.glob("*.part*"))


def test_a_damaged_store_is_set_aside_as_it_is_and_an_empty_one_is_not_kept(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        backup(store, tmp_path / "b.sqlite")
    whole = path.read_bytes()
    path.write_bytes(b"ruined" + whole[6:])
    _, kept = restore(tmp_path / "b.sqlite", str(path))
    assert kept is not None
    assert kept.read_bytes()[:6] == b"ruined"
    Store.open(tmp_path / "empty.sqlite").close()
    assert restore(tmp_path / "b.sqlite", str(tmp_path / "empty.sqlite"))[1] is None
    assert restore(tmp_path / "b.sqlite", str(tmp_path / "new" / "store.sqlite"))[1] is None
    assert authors(path) == authors(tmp_path / "empty.sqlite") == authors(tmp_path / "new" / "store.sqlite") == ["Ada", "Ben"]


def test_somebody_elses_database_is_set_aside_and_never_taken_for_an_empty_store(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as made:
        made.execute("CREATE TABLE wages (a)")
    with pytest.raises(StoreError, match="no sound store"):
        restore(other, str(path))
    _, kept = restore(path, str(other))
    assert kept is not None
    with sqlite3.connect(kept) as found:
        assert found.execute("SELECT name FROM sqlite_master").fetchall() == [("wages",)]


@pytest.mark.parametrize("content", [b"", b"these are my notes" * 100])
def test_what_is_no_store_is_refused_and_the_store_stays(path: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.sqlite").write_bytes(content)
    with pytest.raises(StoreError, match="no sound store"):
        restore(tmp_path / "b.sqlite", str(path))
    with pytest.raises(StoreError, match="no such file"):
        restore(tmp_path / "none.sqlite", str(path))
    with pytest.raises(StoreError, match="put back from itself"):
        restore(path, str(path))
    assert authors(path) == ["Ada", "Ben"]


def test_a_store_of_the_first_version_is_backed_up_and_stays_as_it_is(path: Path, tmp_path: Path) -> None:
    with sqlite3.connect(path) as old:
        old.executescript(
            "DROP INDEX event_session; ALTER TABLE event DROP COLUMN session_id; ALTER TABLE event DROP COLUMN partnership;"
            "UPDATE alembic_version SET version_num = '0001'"
        )
    before = path.read_bytes()
    _, kept = restore(path, str(tmp_path / "new.sqlite"))
    assert (kept, authors(tmp_path / "new.sqlite"), path.read_bytes()) == (None, ["Ada", "Ben"], before)


def test_a_check_tells_what_no_longer_refuses_change_and_changes_nothing(path: Path) -> None:
    with Store.open(path) as store:
        assert check(store).wrong == ()
        with sqlite3.connect(path) as outside:
            for (name,) in outside.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                outside.execute(f"DROP TRIGGER {name}")
        assert check(store).wrong == ("an event can be changed", "an event can be removed", "an event can be replaced")
        assert [e.author for e in store.events()] == ["Ada", "Ben"]
        assert store.append(note("Cam")) == 3


def test_a_check_does_not_stand_in_the_way_of_those_who_write(path: Path) -> None:
    with Store.open(path) as store:
        writers = [threading.Thread(target=lambda: [store.append(note("w")) for _ in range(20)]) for _ in range(2)]
        for writer in writers:
            writer.start()
        seen = [check(store).wrong for _ in range(5)]
        for writer in writers:
            writer.join()
        assert seen == [()] * 5
        assert [e.id for e in store.events()] == list(range(1, 43))


def test_the_commands_do_the_same_and_say_what_they_did(tmp_path: Path, rcs: Rcs) -> None:
    env = {"RCS_STORE": str(tmp_path / "s.sqlite"), "RCS_HOME": str(tmp_path / "home")}
    assert "no store yet" in rcs("store", "check", env=env).stderr
    assert not (tmp_path / "s.sqlite").exists()
    with Store.open(tmp_path / "s.sqlite") as store:
        store.append(note("=HYPERLINK(1)", "+1+1"))
        store.append(Event(EventKind.SCENARIO_SAVED, "Ben", {"scenario": {"x": 1}, "name": "Two"}))
    assert rcs("store", "where", env=env).stdout.strip() == str(tmp_path / "s.sqlite")
    assert "2 events" in rcs("store", "backup", tmp_path / "b.sqlite", env=env).stdout
    assert "same" in rcs("store", "backup", tmp_path, env=env).stdout
    assert rcs("store", "check", tmp_path / "b.sqlite", env=env).returncode == 0
    told = json.loads(rcs("store", "check", "--json", env=env).stdout)
    assert (told["events"], told["ok"], told["wrong"]) == (2, True, [])
    assert "kept as" in rcs("store", "restore", tmp_path / "b.sqlite", env=env).stdout
    with sqlite3.connect(tmp_path / "s.sqlite") as outside:
        outside.execute("DROP TRIGGER event_never_goes")
    assert rcs("store", "check", env=env).returncode == 1


def test_the_audit_trail_has_every_event_with_its_names_and_nothing_that_a_spreadsheet_runs(tmp_path: Path, rcs: Rcs) -> None:
    env = {"RCS_STORE": str(tmp_path / "s.sqlite")}
    with Store.open(tmp_path / "s.sqlite") as store:
        store.append(note("=HYPERLINK(1)", "+1+1"))
        store.append(Event(EventKind.SCENARIO_SAVED, "Ben", {"scenario": {"x": 1}, "name": "Two"}))
        store.append(Event(EventKind.REMARK_MADE, "Cam", {"text": "Ask about EH1 2NG first", "n": 1}))
    told = rcs("store", "events", "--csv", tmp_path / "all.csv", env=env)
    assert told.returncode == 0, told.stderr
    assert "Left out in 1 place" in told.stdout
    assert rcs("store", "events", "--session", "s1", "--no-words", "--csv", tmp_path / "one.csv", env=env).returncode == 0
    assert "nothing of such a session" in rcs("store", "events", "--session", "s2", "--csv", tmp_path / "x.csv", env=env).stderr
    every, one = (list(csv.DictReader((tmp_path / f).open(encoding="utf-8-sig"))) for f in ("all.csv", "one.csv"))
    assert [(row["Number"], row["By"], row["What"]) for row in every] == [
        ("1", "'=HYPERLINK(1)", "Remark made"),
        ("2", "Ben", "Scenario saved"),
        ("3", "Cam", "Remark made"),
    ]
    assert json.loads(every[2]["Said"])["n"] == 1
    assert "EH1" not in every[2]["Said"]
    assert json.loads(every[1]["Said"]) == {"name": "Two"}
    assert [row["Number"] for row in one] == ["1"]
    assert "Said" not in one[0]


def test_the_audit_trail_tells_no_key_of_a_person_and_of_what_had_no_name_only_that_it_was_given(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        joined = {"person": "p1", "word": "w0rd", "number": ["salt", "hash"], "subject": "sub", "how": "joined"}
        store.append(Event(EventKind.PERSON_JOINED, "Ada", joined, "nhs_board", session_id="s1"))
        store.append(
            Event(EventKind.VOTE_CAST, "", {"ballot": "b1", "given": {"x": 1}, "token": "t0ken"}, "police", session_id="s1")
        )
        store.append(
            Event(EventKind.VOTE_CAST, "Ada", {"ballot": "b2", "given": {"x": 1}, "by": "p1"}, "nhs_board", session_id="s1")
        )
        rows = trail(store, "s1").to_dict("records")
    assert [json.loads(row["Said"] or "{}") for row in rows] == [
        {"person": "p1", "how": "joined"},
        {},
        {"ballot": "b2", "given": {"x": 1}, "by": "p1"},
    ]
    assert [row["Agency"] for row in rows] == ["nhs_board", "", "nhs_board"]
    assert [len(row["At (UTC)"]) > 10 for row in rows] == [True, False, True]
