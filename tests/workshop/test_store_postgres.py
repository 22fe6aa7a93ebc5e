"""A store in PostgreSQL outlives its connections and its server, refuses change by any program, and moves to a file and back."""

import warnings
from pathlib import Path

import psycopg
import pytest

from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.meeting import By, Meeting, standing
from rcs_core.workshop.store import Event, EventKind, Store, StoreAwayError, StoreError
from rcs_core.workshop.store.check import check
from rcs_core.workshop.store.copies import backup, held, restore
from tests import postgres

HERE = postgres.programs() is not None
"""Without PostgreSQL this file has nothing to test: `programs` has said so, or failed where it is required."""

if HERE:
    EDIT = Event(EventKind.EDIT_MADE, "Ada", {"x": 1})
    COLUMNS = "id, at, kind, author, agency, release_id, scenario_id, body, session_id, partnership"

    @pytest.fixture
    def cluster() -> postgres.Cluster:
        found = postgres.cluster()
        assert found is not None
        return found

    @pytest.fixture
    def url(cluster: postgres.Cluster) -> str:
        return cluster.url()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE event SET author = 'M'",
            "UPDATE event SET author = 'M' WHERE false",
            "DELETE FROM event",
            "TRUNCATE event",
            f"INSERT INTO event SELECT {COLUMNS} FROM event",
            f"INSERT INTO event SELECT {COLUMNS} FROM event ON CONFLICT (id) DO UPDATE SET author = 'M'",
            f"INSERT INTO event SELECT id + 5, {COLUMNS[4:]} FROM event",
            f"INSERT INTO event SELECT id - 1, {COLUMNS[4:]} FROM event",
            "SET session_replication_role = replica; DELETE FROM event",
            "MERGE INTO event USING (SELECT 1 AS one) s ON id = one WHEN MATCHED THEN DELETE",
        ],
    )
    def test_nothing_written_can_be_changed_removed_or_replaced_by_any_program(url: str, statement: str) -> None:
        with Store.open(url) as store:
            Shelf(store).keep("One", "Ada", Draft({}))
            with psycopg.connect(url) as outside, pytest.raises(psycopg.Error, match="append-only"):
                outside.execute(statement)
            assert [e.author for e in store.events()] == ["Ada"]

    def test_a_role_that_may_only_read_and_add_is_enough_for_a_store_that_is_made(cluster: postgres.Cluster) -> None:
        schema = "narrow"
        with Store.open(cluster.url(schema=schema)) as owner:
            owner.append(EDIT)
        for statement in (
            "CREATE ROLE workbench LOGIN",
            f"GRANT USAGE ON SCHEMA {schema} TO workbench",
            f"GRANT SELECT, INSERT ON {schema}.event TO workbench",
            f"GRANT SELECT ON {schema}.alembic_version TO workbench",
        ):
            cluster.do(statement)
        with Store.open(cluster.url(user="workbench", schema=schema)) as store:
            assert store.append(EDIT) == 2
            refused = [line for line in check(store).wrong if not line.startswith("the server does not wait")]
            assert refused == []
            with (
                psycopg.connect(cluster.url(user="workbench", schema=schema)) as outside,
                pytest.raises(psycopg.Error, match="must be owner"),
            ):
                outside.execute("ALTER TABLE event DISABLE TRIGGER ALL")

    def test_a_connection_that_was_ended_is_replaced_before_it_is_used(cluster: postgres.Cluster, url: str) -> None:
        with Store.open(url) as store:
            store.append(EDIT)
            cluster.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rcs'")
            assert store.append(EDIT) == 2
            cluster.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rcs'")
            assert len(store.events()) == 2

    def test_a_connection_lost_in_a_write_loses_that_write_alone_and_says_so(cluster: postgres.Cluster, url: str) -> None:
        with Store.open(url) as store:
            store.append(EDIT)

            def lost(_before: list[Event]) -> Event:
                cluster.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rcs'")
                return EDIT

            with pytest.raises(StoreError, match=r"(?s)did not take the event.*nothing was saved"):
                store.append_after([], lost)
            assert store.append(EDIT) == 2

    def test_a_server_that_dies_at_the_commit_has_kept_nothing_and_that_is_said(url: str) -> None:
        with Store.open(url) as store:
            with psycopg.connect(url) as outside:
                outside.execute(
                    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
                )
                outside.execute(
                    "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED "
                    "FOR EACH ROW WHEN (NEW.author = 'Eve') EXECUTE FUNCTION die()"
                )
            with pytest.raises(StoreError, match="nothing was saved"):
                store.append(Event(EventKind.EDIT_MADE, "Eve"))
            assert store.append(EDIT) == 1

    def test_a_commit_that_was_done_but_never_answered_counts_as_kept_and_is_there_once(
        cluster: postgres.Cluster, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Store.open(url) as store:
            done = store.database.engine.dialect.do_commit

            def unanswered(connection: psycopg.Connection) -> None:
                done(connection)
                monkeypatch.undo()
                cluster.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rcs'")
                connection.execute("SELECT 1")

            monkeypatch.setattr(store.database.engine.dialect, "do_commit", unanswered)
            assert store.append(EDIT) == 1
            assert [e.author for e in store.events()] == ["Ada"]

    def test_a_server_that_stops_at_once_keeps_what_it_acknowledged_and_is_found_again(
        cluster: postgres.Cluster, url: str
    ) -> None:
        with Store.open(url) as store:
            acknowledged = [store.append(EDIT) for _ in range(20)]
            cluster.stop()
            with pytest.raises(StoreError, match=r"(?s)did not take.*nothing was saved"):
                store.append(EDIT)
            with pytest.raises(StoreAwayError, match="cannot be read"):
                store.events()
            with pytest.raises(StoreAwayError, match="cannot be opened"):
                Store.open(url)
            cluster.start_again()
            assert [e.id for e in store.events()] == acknowledged
            assert store.append(EDIT) == 21

    def test_a_writer_that_waits_too_long_is_told_that_another_writes(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("rcs_core.workshop.store.postgresql.SET", ("SET lock_timeout = '50ms'",))
        with Store.open(url) as store, Store.open(url) as other:

            def slow(_before: list[Event]) -> Event:
                with pytest.raises(StoreError, match="lock timeout"):
                    other.append(EDIT)
                return EDIT

            store.append_after([], slow)
            assert other.append(EDIT) == 2

    def test_a_laptops_store_moves_to_a_server_and_back_and_is_the_same_to_the_last_sign(url: str, tmp_path: Path) -> None:
        with Store.open(tmp_path / "laptop.sqlite") as laptop:
            meeting = Meeting.of(laptop, "s1")
            first = meeting.add(EventKind.REMARK_MADE, {"z": "£ “quoted”", "a": [1, 2.5]}, By("Ada", "nhs_board", "p1"))
            meeting.take_back(first, By("Ada"))
            Shelf(laptop).keep("Two per cent", "Ben", Draft({"b": 1, "a": 2}))
            there = backup(laptop, tmp_path / "one.sqlite")
        assert restore(tmp_path / "one.sqlite", url) == (there, None)
        with Store.open(url) as server:
            assert standing(Meeting.of(server, "s1").events()) == []
            with server.database.looking() as connection:
                assert held(connection) == there
            assert backup(server, tmp_path / "two.sqlite") == there
            assert server.append(EDIT) == there.last + 1
        restore(tmp_path / "two.sqlite", str(tmp_path / "again.sqlite"))
        with Store.open(tmp_path / "again.sqlite") as again, Store.open(tmp_path / "laptop.sqlite") as laptop:
            assert again.events() == laptop.events()

    def test_a_database_that_holds_events_is_not_restored_into(url: str, tmp_path: Path) -> None:
        with Store.open(tmp_path / "a.sqlite") as small:
            small.append(EDIT)
            backup(small, tmp_path / "b.sqlite")
        with Store.open(url) as store:
            store.append(Event(EventKind.EDIT_MADE, "Ben"))
            with pytest.raises(StoreError, match="there are events in this store already"):
                restore(tmp_path / "b.sqlite", url)
            assert [e.author for e in store.events()] == ["Ben"]

    def test_what_a_check_finds_is_told(cluster: postgres.Cluster) -> None:
        with Store.open(cluster.url(schema="bare")) as store:
            store.append(EDIT)
            cluster.do("ALTER TABLE bare.event DISABLE TRIGGER ALL")
            wrong = check(store).wrong
            assert {"an event can be changed", "an event can be removed"} < set(wrong)
            assert "the server does not wait for its disk: fsync is off" in wrong
            assert [e.author for e in store.events()] == ["Ada"]

else:

    def test_a_store_in_postgresql_is_tested_where_postgresql_is() -> None:
        warnings.warn("PostgreSQL is not here: its store was not tested", stacklevel=1)
